package find

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"copydesk/aggregator/parse"
)

// A Page is an answer to a request.
type Page struct {
	URL         string // after redirects
	MovedTo     string // where permanent redirects led; empty when none did
	ContentType string
	Body        []byte
}

// Options join finding to its surroundings.
type Options struct {
	Get      func(ctx context.Context, address string) (Page, error)
	At       time.Time // of the fetch; relative dates are counted from it
	Requests int       // that a site is asked at most for feeds; 0 means 25. Where there are none, four more look for sitemaps
}

// A NoFeedError is a page that leads to no feed.
type NoFeedError struct {
	URL   string
	Tried int // addresses that were asked
}

func (e *NoFeedError) Error() string {
	return fmt.Sprintf("no feed at %s, none declared or linked there, none in the usual places (%d addresses were asked; "+
		"nor does the page list articles, nor the site name a sitemap; look on the site for RSS or Atom, or for a page that lists its articles, and give that address)", e.URL, e.Tried)
}

// Find gives the feeds that an address leads to, the one that is most probably
// meant first. Its error is a *NoFeedError when there are none.
func Find(ctx context.Context, address string, opt Options) ([]Feed, error) {
	s := &search{opt: opt, left: cmp.Or(opt.Requests, 25), asked: map[string]bool{}}
	page, err := s.open(ctx, address)
	if err != nil {
		return nil, err
	}
	if f, err := read(page, opt.At); err == nil {
		if f.unlinked() { // it may be other JSON that calls its list items
			if list, err := s.json(page); err == nil {
				return []Feed{list}, nil
			}
		}
		f.URL, f.Way = s.address(page), Given
		return []Feed{f}, nil
	} else if kind := parse.Sniff(page.Body, page.ContentType); kind == "sitemap" {
		f, err := s.sitemap(ctx, page)
		if err != nil {
			return nil, err
		}
		if f.Way = Given; f.URL == page.URL {
			f.URL = s.address(page)
		}
		return []Feed{f}, nil
	} else if kind != "html" {
		if f, bad := s.json(page); bad == nil {
			return []Feed{f}, nil
		}
		return nil, err
	}
	for _, look := range []func(context.Context, Page){s.declared, s.linked, s.usual} {
		if look(ctx, page); ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if slices.ContainsFunc(s.found, func(f Feed) bool { return !f.Comments }) {
			break
		}
	}
	if len(s.found) == 0 {
		s.unfed(ctx, page)
	}
	if len(s.found) == 0 {
		return nil, &NoFeedError{URL: page.URL, Tried: len(s.asked)}
	}
	return ranked(s.found), nil
}

// A search is one call of Find.
type search struct {
	opt    Options
	left   int             // requests
	asked  map[string]bool // by Key
	given  string          // what was asked first
	found  []Feed
	tables []Page // pages that stood where a feed was expected: lists of feeds, perhaps
}

// open fetches what a person wrote: with its scheme, or with https and then
// http.
func (s *search) open(ctx context.Context, address string) (Page, error) {
	address = withoutFeedScheme(strings.TrimSpace(address))
	list := []string{address}
	if !strings.Contains(address, "://") {
		list = []string{"https://" + address, "http://" + address}
	}
	var first error
	for _, a := range list {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return Page{}, fmt.Errorf("%q is no address of a site or a feed (write it as https://news.example.org)", address)
		}
		s.left--
		s.asked[Key(a)] = true
		page, err := s.opt.Get(ctx, a)
		if err == nil {
			s.given = a
			return page, nil
		}
		first = cmp.Or(first, err)
	}
	return Page{}, first
}

// withoutFeedScheme undoes feed:https://… and feed://…, which is http.
func withoutFeedScheme(address string) string {
	rest, ok := strings.CutPrefix(address, "feed:")
	if ok && strings.HasPrefix(rest, "//") {
		return "http:" + rest
	}
	return rest
}

// address is how the given page is to be asked for from now on: only what moved
// for good has another address.
func (s *search) address(p Page) string { return cmp.Or(p.MovedTo, s.given) }

// declared tries what the page says are its feeds.
func (s *search) declared(ctx context.Context, page Page) {
	for _, l := range linksOf(page) {
		if l.declared {
			s.try(ctx, l, Declared)
		}
	}
}

// linked tries what the page links to under the name of a feed, and then the
// first page of those that list feeds.
func (s *search) linked(ctx context.Context, page Page) {
	for _, l := range linksOf(page) {
		if !l.declared && s.left > reserve {
			s.try(ctx, l, Linked)
		}
	}
	if len(s.found) > 0 || len(s.tables) == 0 {
		return
	}
	for _, l := range linksOf(s.tables[0]) {
		s.try(ctx, l, Linked)
	}
}

// reserve are the requests that links leave to the usual places.
const reserve = 12

// usual tries where feeds usually are: in the folder of the page, then at the
// root of the site.
func (s *search) usual(ctx context.Context, page Page) {
	base, err := url.Parse(page.URL)
	if err != nil {
		return
	}
	before := len(s.found)
	for _, folder := range folders(base.Path) {
		for _, name := range usualPlaces {
			u := url.URL{Scheme: base.Scheme, Host: base.Host, Path: folder + name}
			s.try(ctx, link{url: u.String()}, Guessed)
			if len(s.found) > before {
				return // the others are most probably the same
			}
		}
	}
}

// usualPlaces are where blogs, papers and generators of sites put feeds, most
// usual first.
var usualPlaces = []string{"feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "feeds/posts/default", "feed.rss", "index.rdf", "feeds", "rss/index.xml"}

// folders are the folder of a path and the root.
func folders(path string) []string {
	folder := path[:strings.LastIndexByte(path, '/')+1]
	if last := path[len(folder):]; last != "" && !strings.Contains(last, ".") {
		folder = path + "/"
	}
	if folder == "" || folder == "/" {
		return []string{"/"}
	}
	return []string{folder, "/"}
}

// try asks a candidate once and keeps it where it is a feed that is not there
// yet.
func (s *search) try(ctx context.Context, l link, way Way) {
	key := Key(l.url)
	if s.left <= 0 || key == "" || s.asked[key] || ctx.Err() != nil {
		return
	}
	s.asked[key] = true
	s.left--
	page, err := s.opt.Get(ctx, l.url)
	if err != nil {
		return
	}
	f, err := read(page, s.opt.At)
	if err != nil {
		if parse.Sniff(page.Body, page.ContentType) == "html" {
			s.tables = append(s.tables, page)
		}
		return
	}
	f.URL, f.Way = cmp.Or(page.MovedTo, l.url), way
	f.Title = cmp.Or(f.Title, l.title)
	f.Comments = f.Comments || isComments(l.url, l.title)
	if !slices.ContainsFunc(s.found, func(have Feed) bool { return same(have, f) }) {
		s.found = append(s.found, f)
	}
}

// same reports two addresses of one feed.
func same(a, b Feed) bool {
	switch {
	case Key(a.URL) == Key(b.URL):
		return true
	case a.Format != b.Format || a.Title != b.Title:
		return false
	case a.self != "" && a.self == b.self:
		return true
	}
	return len(a.ids) > 0 && slices.Equal(a.ids, b.ids)
}

// ranked puts comments and empty feeds last, and else keeps the order of the
// site: its first feed is its main one. Of several that carry the same
// articles, the one with whole texts stands first.
func ranked(list []Feed) []Feed {
	group := make(map[string]int, len(list))
	for i, f := range list {
		group[f.URL] = i
		for j := range i {
			if sharing(list[j], f) {
				group[f.URL] = group[list[j].URL]
				break
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Feed) int {
		return cmp.Or(
			last(a.Comments, b.Comments),
			last(a.Items == 0, b.Items == 0),
			cmp.Compare(group[a.URL], group[b.URL]),
			last(a.Text != Full, b.Text != Full),
		)
	})
	return list
}

// last sorts what is true behind what is not.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// sharing reports feeds of which one holds at least half of the other.
func sharing(a, b Feed) bool {
	n := 0
	for _, l := range b.links {
		if slices.Contains(a.links, l) {
			n++
		}
	}
	return n > 0 && 2*n >= min(len(a.links), len(b.links))
}

// errSpent is an address that was asked already, or after the last request.
var errSpent = errors.New("the site has been asked enough")

// errEmpty is a document that is a feed in form alone.
var errEmpty = errors.New("no feed, but a document with neither a title nor items")
