package parse

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// maxEntries is how many addresses a sitemap may hold (sitemaps.org).
	maxEntries = 50_000

	// newestEntries is how many of them are taken, the newest first: a sitemap
	// holds a site's whole past, of which the rest is no news.
	newestEntries = 200
)

// A Sitemap is one that has been opened: addresses of pages, or, of an index,
// those of further sitemaps, the newest first.
type Sitemap struct {
	List     *List
	Sitemaps []string // as written
}

// An entry is one address of a sitemap, not yet read.
type entry struct {
	element
	at time.Time // what it says of time; zero when nothing
}

// OpenSitemap reads a sitemap or an index of sitemaps (sitemaps.org), with what
// Google's news and image extensions say.
func OpenSitemap(body []byte, opt Options) (*Sitemap, error) {
	data, err := inflate(body)
	if err != nil {
		return nil, err
	}
	data, _ = toUTF8(data, opt)
	data, _ = trimFront(data)
	switch sniff(data) {
	case "sitemap":
	case "rss", "atom":
		return nil, errors.New("no sitemap, but a feed (leave kind: sitemap out)")
	default:
		return nil, fmt.Errorf("no sitemap: %w", notFeed(data))
	}
	for t := range tags(data) {
		return readSitemap(local(t.name) == "sitemapindex", data[offset(data, t.raw)+len(t.raw):]), nil
	}
	return nil, notFeed(data)
}

// readSitemap reads what stands in the root; one that breaks off is read as far
// as it goes.
func readSitemap(index bool, inner []byte) *Sitemap {
	f := &Feed{Format: "sitemap"}
	list, more := entriesOf(inner)
	if more {
		f.Warnings = append(f.Warnings, "the sitemap holds more than 50,000 addresses; the rest were left out")
	}
	newestFirst(list)
	if index {
		s := &Sitemap{List: NewList(f)}
		for _, e := range list {
			if loc := textIn(e.inner, "loc"); loc != "" {
				s.Sitemaps = append(s.Sitemaps, loc)
			}
		}
		return s
	}
	untitled := 0
	for _, e := range list[:min(len(list), newestEntries)] {
		it := e.item()
		if it.Link == "" {
			continue
		}
		if it.Title.Body == "" {
			untitled++
		}
		f.Items = append(f.Items, it)
	}
	if untitled > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d entries have no title, since this is no news sitemap (follow: true reads each page's own)", untitled, len(f.Items)))
	}
	return &Sitemap{List: NewList(f)}
}

// entriesOf are the url and sitemap elements of a sitemap.
func entriesOf(inner []byte) (list []entry, more bool) {
	for e := range children(inner, nil) {
		if name := local(e.name); name != "url" && name != "sitemap" {
			continue
		}
		if len(list) == maxEntries {
			return list, true
		}
		list = append(list, entry{element: e, at: e.newest()})
	}
	return list, false
}

// newestFirst puts entries with a date before those without, and else keeps
// their order. The first of those that are of one time is as good as the next.
func newestFirst(list []entry) {
	slices.SortStableFunc(list, func(a, b entry) int { return b.at.Compare(a.at) })
}

// newest is the latest that an entry says of time.
func (e element) newest() (at time.Time) {
	for part := range children(e.inner, nil) {
		switch local(part.name) {
		case "lastmod":
			if t := w3cTime(part.text()); t.After(at) {
				at = t
			}
		case "news":
			if t := w3cTime(textIn(part.inner, "publication_date")); t.After(at) {
				at = t
			}
		}
	}
	return at
}

// w3cTime reads a date as sitemaps have it (W3C Datetime), enough of it to put
// entries in order; normalize is who decides what it means.
func w3cTime(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02", "2006-01"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// item reads an entry.
func (e entry) item() Item {
	it := Item{IDIsLink: true}
	for part := range children(e.inner, nil) {
		switch local(part.name) {
		case "loc":
			it.Link = cmp.Or(it.Link, part.text())
		case "lastmod":
			it.Dates = dated(it.Dates, "modified", part.text())
		case "news":
			it.readNews(part.inner)
		case "image":
			if it.Image == "" {
				it.Image = textIn(part.inner, "loc")
				it.ImageCaption = textIn(part.inner, "caption")
			}
		}
	}
	it.ID = it.Link
	return it
}

// readNews reads the news extension of an entry.
func (it *Item) readNews(inner []byte) {
	it.Title = Text{Body: textIn(inner, "title"), Type: Plain}
	it.Dates = append(dated(nil, "published", textIn(inner, "publication_date")), it.Dates...)
	for word := range strings.SplitSeq(textIn(inner, "keywords"), ",") {
		if word = strings.TrimSpace(word); word != "" {
			it.Categories = append(it.Categories, word)
		}
	}
	for part := range children(inner, nil) {
		if local(part.name) == "publication" {
			it.Language = textIn(part.inner, "language")
		}
	}
}

// textIn is the text of the first child of a name, whatever its prefix.
func textIn(inner []byte, name string) string {
	for e := range children(inner, nil) {
		if local(e.name) == name {
			return strings.TrimSpace(e.text())
		}
	}
	return ""
}

// local is a name without its prefix: which one stands for an extension is up
// to the document, and what it stands in tells them apart.
func local(name string) string { return strings.ToLower(name[strings.LastIndexByte(name, ':')+1:]) }
