package feed

import (
	"cmp"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// maxDocument is the size that feed readers and validators still take.
const maxDocument = 5_000_000

// plain is text that any document may hold: valid UTF-8 without controls and
// noncharacters (output-rules §4).
func plain(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, forbidden) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

func forbidden(r rune) bool {
	switch {
	case r < 0x20 && r != '\t' && r != '\n', r >= 0x7f && r <= 0x9f, r == utf8.RuneError, r == 0xfeff, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return true
	}
	return false
}

// rssEscaper writes the characters of markup so that no reader takes text for
// HTML, whatever it decodes (RSS says nothing about the titles' type).
var rssEscaper = strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;")

// rssText is XML text for a plain-text element of RSS.
func rssText(s string) string { return rssEscaper.Replace(unpaired(plain(s))) }

var endTag = regexp.MustCompile(`</(\w+)>`)

// unpaired is text that speaks of tags so that nobody takes it for HTML where a text
// is plain without saying so: validators warn of an end tag, however it is escaped.
func unpaired(s string) string {
	if !strings.Contains(s, "</") {
		return s
	}
	return endTag.ReplaceAllString(s, "</$1 >")
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// markupText is XML text that holds HTML.
func markupText(s string) string { return xmlEscaper.Replace(plain(s)) }

// rfc822 is the date form of RSS: four-digit year, numeric offset.
func rfc822(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700") }

// rfc3339 is the date form of Atom and JSON Feed, to the microsecond where
// there is one.
func rfc3339(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999999Z07:00") }

// articleID is what readers know an article by, for ever: the source's id where
// it is a URI, else one of ours (RFC 4287 §4.2.6).
func articleID(h edition.House, a *news.Article) string {
	switch {
	case uri(a.ID):
		return a.ID
	case h.Authority != "":
		return h.ID(string(a.Key))
	}
	return cmp.Or(plain(a.ID), plain(a.OriginalID), string(a.Key)) // nobody publishes: the item is only looked at
}

// articleLink is where an article is read: at its publisher's, else with us.
func articleLink(h edition.House, a *news.Article) string {
	return cmp.Or(address(a.URL), h.ArticleURL(a.Key))
}

// spread gives each article of an edition an update time of its own: readers
// may take equal ones for the same entry, and validators warn. A time that is
// told to the second is moved within it by microseconds made of the article's
// key, whatever stands beside it: so it does not move when a neighbour comes or
// goes, which readers would take for a change. One told more closely, as our own
// clock does for all that one pull has brought, is moved so little that it is not
// told before it has come. What is equal even then moves on in order of key.
func spread(list []news.Article) []time.Time {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	updated := make([]time.Time, len(list))
	for i := range list {
		_, at := moments(&list[i])
		if updated[i] = at.Truncate(time.Microsecond); updated[i].Nanosecond() == 0 {
			updated[i] = updated[i].Add(within(time.Second-time.Microsecond, list[i].Key))
		} else {
			updated[i] = updated[i].Add(within(time.Second/10, list[i].Key))
		}
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(updated[i].Compare(updated[j]), cmp.Compare(list[i].Key, list[j].Key))
	})
	for k := 1; k < len(order); k++ {
		if before := updated[order[k-1]]; !updated[order[k]].After(before) {
			updated[order[k]] = before.Add(time.Microsecond)
		}
	}
	return updated
}

// within is a place of a key's own in a span of time.
func within(span time.Duration, key news.Key) time.Duration {
	h := fnv.New32a()
	h.Write([]byte(key))
	return time.Duration(h.Sum32()%uint32(span/time.Microsecond)) * time.Microsecond
}

// headTime is when an edition last changed: never the time of printing.
func headTime(e *edition.Edition, updated []time.Time) time.Time {
	newest := e.Updated
	for _, t := range updated {
		if t.After(newest) {
			newest = t
		}
	}
	if newest.IsZero() {
		newest = e.Changed
	}
	if newest.IsZero() {
		newest = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) // an empty channel that never changed
	}
	return newest
}

// source is what the edition knows of an article's source.
func source(e *edition.Edition, a *news.Article) edition.Source {
	if s, ok := e.Sources[a.Source]; ok {
		return s
	}
	return edition.Source{Source: news.Source{Slug: a.Source, Name: string(a.Source)}}
}

// untitled is the title of what says nothing at all.
const untitled = "Untitled"

// heading is a title for formats that must have one: the article's, else the
// start of its text.
func heading(a *news.Article) string {
	if t := line(a.Title); t != "" {
		return t
	}
	if text := line(cmp.Or(a.Summary, textOf(a.ContentHTML))); text != "" {
		return edition.Clip(text, 80)
	}
	return untitled
}
