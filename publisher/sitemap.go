package publisher

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// Sitemaps (sitemaps.org) lead crawlers to what stands in the channels now: one
// of the shelves, one of each channel's articles, and one of news. They are
// made of what is printed, so that they cost the database nothing.

const (
	sitemapsKept = 64
	sitemapMost  = 50_000 // addresses in one (sitemaps.org)
	newsMost     = 1000   // in one of news, as Google asks
	// newsSpan is how old news is at most, counted from the newest of it: so the
	// same articles give the same bytes.
	newsSpan = 48 * time.Hour
)

// A listed article is what a sitemap tells of one.
type listed struct {
	key       news.Key
	title     string
	language  string
	published time.Time
	updated   time.Time
}

// listedOf notes the articles of an edition that have a page in our house.
func listedOf(e *edition.Edition) []listed {
	var out []listed
	for _, a := range e.Articles {
		if e.Sources[a.Source].Republish != news.RepublishHeadline {
			out = append(out, listed{a.Key, a.Title, cmp.Or(a.Language, e.Language, e.House.Language), a.Published.At, a.Updated})
		}
	}
	return out
}

type sitemapURL struct {
	Loc     string       `xml:"loc"`
	LastMod string       `xml:"lastmod,omitempty"`
	News    *sitemapNews `xml:"news:news"`
}

type sitemapNews struct {
	Name     string `xml:"news:publication>news:name"`
	Language string `xml:"news:publication>news:language"`
	Date     string `xml:"news:publication_date"`
	Title    string `xml:"news:title"`
}

type urlSet struct {
	XMLName xml.Name     `xml:"urlset"`
	NS      string       `xml:"xmlns,attr"`
	NewsNS  string       `xml:"xmlns:news,attr,omitempty"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapIndex struct {
	XMLName  xml.Name     `xml:"sitemapindex"`
	NS       string       `xml:"xmlns,attr"`
	Sitemaps []sitemapURL `xml:"sitemap"`
}

const sitemapNS = "http://www.sitemaps.org/schemas/sitemap/0.9"

// serveSitemap sends any of the sitemaps.
func (s *Server) serveSitemap(w http.ResponseWriter, r *http.Request) error {
	asOf := news.Revision(s.press.seen.Load())
	kept, ok := s.sitemaps.get(r.URL.Path)
	if ok && kept.asOf >= asOf && s.press.Ready() {
		return s.send(w, r, kept.document, feedCache)
	}
	if !s.press.Ready() {
		return errNotReady
	}
	doc, modified, err := s.sitemap(r.URL.Path)
	if err != nil {
		return err
	}
	body, err := xml.Marshal(doc)
	if err != nil {
		return fmt.Errorf("print %s: %w", r.URL.Path, err)
	}
	d := renew(kept.document, "application/xml; charset=utf-8", bytes.Join([][]byte{[]byte(xml.Header), body}, nil), s.press.modified(modified))
	s.sitemaps.put(r.URL.Path, found{d, asOf})
	return s.send(w, r, d, feedCache)
}

// sitemap is the one at a path, and when something in it last changed.
func (s *Server) sitemap(path string) (doc any, modified time.Time, err error) {
	switch path {
	case "/sitemap.xml":
		doc, modified = s.mapOfMaps()
	case "/news-sitemap.xml":
		doc, modified = s.mapOfNews()
	case "/sitemaps/shelves.xml":
		doc, modified = s.mapOfShelves()
	default:
		slug, ok := strings.CutSuffix(strings.TrimPrefix(path, "/sitemaps/channel-"), ".xml")
		ch := s.press.channels[news.Slug(slug)]
		if !ok || ch == nil || ch.print.Load() == nil {
			return nil, modified, errNotFound
		}
		doc, modified = s.mapOfChannel(ch.print.Load())
	}
	return doc, modified, nil
}

// prints calls each with every channel that is printed, in the operator's order.
func (s *Server) prints(each func(news.Shelf, *print)) {
	for _, ch := range s.press.opt.Channels {
		if pr := s.press.channels[ch.Slug].print.Load(); pr != nil {
			each(news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}, pr)
		}
	}
}

func (s *Server) mapOfMaps() (sitemapIndex, time.Time) {
	doc := sitemapIndex{NS: sitemapNS, Sitemaps: []sitemapURL{{Loc: s.house.URL + "/sitemaps/shelves.xml"}}}
	var modified time.Time
	s.prints(func(shelf news.Shelf, pr *print) {
		doc.Sitemaps = append(doc.Sitemaps, sitemapURL{Loc: s.house.URL + "/sitemaps/channel-" + string(shelf.Slug) + ".xml", LastMod: lastMod(pr.changed)})
		modified = later(modified, pr.changed)
	})
	doc.Sitemaps[0].LastMod = lastMod(modified)
	doc.Sitemaps = doc.Sitemaps[:min(len(doc.Sitemaps), sitemapMost)]
	return doc, modified
}

func (s *Server) mapOfShelves() (urlSet, time.Time) {
	doc := urlSet{NS: sitemapNS, URLs: []sitemapURL{{Loc: s.house.URL + "/"}}}
	var modified time.Time
	s.prints(func(shelf news.Shelf, pr *print) {
		doc.URLs = append(doc.URLs, sitemapURL{Loc: s.house.PageURL(shelf), LastMod: lastMod(pr.changed)})
		modified = later(modified, pr.changed)
	})
	doc.URLs[0].LastMod = lastMod(modified)
	for _, src := range s.press.opt.Sources {
		shelf := news.Shelf{Kind: news.SourceShelf, Slug: src.Slug}
		doc.URLs = append(doc.URLs, sitemapURL{Loc: s.house.PageURL(shelf), LastMod: lastMod(s.press.newest(shelf).At)})
	}
	doc.URLs = doc.URLs[:min(len(doc.URLs), sitemapMost)]
	return doc, modified
}

func (s *Server) mapOfChannel(pr *print) (urlSet, time.Time) {
	doc := urlSet{NS: sitemapNS, URLs: []sitemapURL{}}
	for _, a := range pr.listed {
		doc.URLs = append(doc.URLs, sitemapURL{Loc: s.house.ArticleURL(a.key), LastMod: lastMod(a.updated)})
	}
	return doc, pr.changed
}

// mapOfNews is what appeared lately, in whatever channels, newest first
// (https://www.google.com/schemas/sitemap-news/0.9).
func (s *Server) mapOfNews() (urlSet, time.Time) {
	doc := urlSet{NS: sitemapNS, NewsNS: "http://www.google.com/schemas/sitemap-news/0.9", URLs: []sitemapURL{}}
	var newest, modified time.Time
	seen := map[news.Key]bool{}
	var all []listed
	s.prints(func(_ news.Shelf, pr *print) {
		modified = later(modified, pr.changed)
		for _, a := range pr.listed {
			if !seen[a.key] && a.title != "" {
				seen[a.key] = true
				all = append(all, a)
				newest = later(newest, a.published)
			}
		}
	})
	slices.SortFunc(all, func(a, b listed) int {
		return cmp.Or(b.published.Compare(a.published), cmp.Compare(a.key, b.key))
	})
	for _, a := range all[:min(len(all), newsMost)] {
		if newest.Sub(a.published) <= newsSpan {
			doc.URLs = append(doc.URLs, sitemapURL{Loc: s.house.ArticleURL(a.key), News: &sitemapNews{s.house.Title, newsLanguage(a.language), a.published.UTC().Format(time.RFC3339), a.title}})
		}
	}
	return doc, modified
}

// newsLanguage is a language as news sitemaps write it: ISO 639, but for the two
// ways of writing Chinese.
func newsLanguage(tag string) string {
	primary, rest, _ := strings.Cut(strings.ToLower(tag), "-")
	if primary != "zh" {
		return cmp.Or(primary, "en")
	}
	if strings.Contains(rest, "hant") || strings.Contains(rest, "tw") || strings.Contains(rest, "hk") {
		return "zh-tw"
	}
	return "zh-cn"
}

func lastMod(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// robots lets everybody read everything but searches, whose number has no end.
func (s *Server) robots() string {
	searches := ""
	if s.searchable() {
		searches = "Disallow: " + s.pages.Path("/search") + "\n"
	}
	return "User-agent: *\nAllow: /\n" + searches + "\nSitemap: " + s.house.URL + "/sitemap.xml\nSitemap: " + s.house.URL + "/news-sitemap.xml\n"
}
