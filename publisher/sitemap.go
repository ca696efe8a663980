package publisher

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// Sitemaps (sitemaps.org) lead crawlers to every page that stands: one of the
// shelves, those of each source's articles in parts, and one of news. A source's
// parts begin with what was published first, so that what is new changes the
// last alone.

const (
	sitemapsKept   = 64
	sitemapsAtOnce = 2                // others wait
	sitemapTime    = 20 * time.Second // for one, with waiting
	sitemapMost    = 50_000           // addresses in one (sitemaps.org)
	// sitemapPart is how many articles one tells of: less than may be, so that
	// those that are kept take little memory.
	sitemapPart = 5000
	newsMost    = 1000           // in one of news, as Google asks
	newsSpan    = 48 * time.Hour // how old they are at most, likewise
)

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

// A sitemapKind is one of the sitemaps, and since when it is as it is.
type sitemapKind struct {
	sitemapState
	make     func(context.Context) (any, error)
	modified time.Time
}

// A sitemapState is what a sitemap depends on.
type sitemapState struct {
	asOf  news.Revision // of what it shows
	since time.Time     // what is older is not in it; of news
}

// A sitemapKept is one that was made, and how things stood then.
type sitemapKept struct {
	*document
	sitemapState
}

// sitemap is the one at a path.
func (s *Server) sitemap(ctx context.Context, path string) (kind sitemapKind, ok bool, err error) {
	kind.asOf, kind.modified = news.Revision(s.press.seen.Load()), s.press.latest()
	switch path {
	case "/sitemap.xml":
		kind.make = s.mapOfMaps
	case "/sitemaps/shelves.xml":
		kind.make = s.mapOfShelves
	case "/news-sitemap.xml":
		hour := s.now().Truncate(time.Hour)
		kind.since, kind.modified = hour.Add(-newsSpan), later(kind.modified, hour)
		kind.make = func(ctx context.Context) (any, error) { return s.mapOfNews(ctx, hour.Add(-newsSpan)) }
	default:
		slug, part, ok := parsePart(path)
		t := s.press.newest(news.Shelf{Kind: news.SourceShelf, Slug: slug})
		if !ok || t.Revision == 0 { // nothing ever came of it
			return kind, false, nil
		}
		if ok, err = s.mapped(ctx, slug); err != nil || !ok {
			return kind, false, err
		}
		kind.asOf, kind.modified = t.Revision, t.At
		kind.make = func(ctx context.Context) (any, error) { return s.mapOfSource(ctx, slug, part) }
	}
	return kind, true, nil
}

// serveSitemap sends any of the sitemaps.
func (s *Server) serveSitemap(w http.ResponseWriter, r *http.Request) error {
	path := r.URL.Path
	kind, ok, err := s.sitemap(r.Context(), path)
	kept, known := s.sitemaps.get(path)
	switch {
	case err != nil:
		return err
	case !s.press.Ready():
		return errNotReady
	case !ok:
		return errNotFound
	case known && kept.sitemapState == kind.sitemapState:
		return s.send(w, r, kept.document, feedCache)
	}
	ctx, cancel := context.WithTimeout(r.Context(), sitemapTime)
	defer cancel()
	select {
	case s.mapping <- struct{}{}:
		defer func() { <-s.mapping }()
	case <-ctx.Done():
		return errBusy
	}
	doc, err := kind.make(ctx)
	if err != nil {
		return err
	}
	body, err := xml.Marshal(doc)
	if err != nil {
		return fmt.Errorf("print %s: %w", path, err)
	}
	d := s.press.renew(kept.document, "application/xml; charset=utf-8", bytes.Join([][]byte{[]byte(xml.Header), body}, nil), kind.modified)
	s.sitemaps.put(path, sitemapKept{d, kind.sitemapState})
	return s.send(w, r, d, feedCache)
}

// partPath is where a part of a source's articles is listed.
func partPath(slug news.Slug, part int) string {
	return fmt.Sprintf("/sitemaps/source-%s.%d.xml", slug, part)
}

// parsePart reads what partPath writes.
func parsePart(path string) (slug news.Slug, part int, ok bool) {
	name, number, _ := strings.Cut(strings.TrimPrefix(path, "/sitemaps/source-"), ".")
	part, err := strconv.Atoi(strings.TrimSuffix(number, ".xml"))
	slug = news.Slug(name)
	return slug, part, err == nil && part >= 1 && part <= sitemapMost && partPath(slug, part) == path
}

// mapped reports that the articles of a source have pages of ours to lead to.
func (s *Server) mapped(ctx context.Context, slug news.Slug) (bool, error) {
	if s.press.opt.Catalogue == nil {
		return false, nil
	}
	src, err := s.press.source(ctx, slug)
	return err == nil && src.Republish != news.RepublishHeadline, err
}

// A stock is how many articles of a source stood at a revision of it.
type stock struct {
	articles int
	asOf     news.Revision
}

// stockOf counts anew only where a source has changed.
func (s *Server) stockOf(ctx context.Context, slug news.Slug) (int, error) {
	asOf := s.press.newest(news.Shelf{Kind: news.SourceShelf, Slug: slug}).Revision
	if known, ok := s.stocks.Load(slug); ok && known.(stock).asOf == asOf {
		return known.(stock).articles, nil
	}
	n, err := s.press.opt.Catalogue.Stock(ctx, slug)
	if err == nil {
		s.stocks.Store(slug, stock{n, asOf})
	}
	return n, err
}

// parts are the paths of the maps of articles, each with its source: of all that
// have any, those that the config has forgotten among them.
func (s *Server) parts(ctx context.Context, each func(path string, slug news.Slug)) error {
	for _, shelf := range s.press.stocked() {
		mapped, err := s.mapped(ctx, shelf.Slug)
		if err != nil {
			return err
		}
		if !mapped {
			continue
		}
		n, err := s.stockOf(ctx, shelf.Slug)
		if err != nil {
			return err
		}
		for part := range (n + sitemapPart - 1) / sitemapPart {
			each(partPath(shelf.Slug, part+1), shelf.Slug)
		}
	}
	return nil
}

// stocked are the sources of which anything ever came, in order.
func (p *Press) stocked() []news.Shelf {
	var out []news.Shelf
	p.touched.Range(func(shelf, _ any) bool {
		if shelf := shelf.(news.Shelf); shelf.Kind == news.SourceShelf {
			out = append(out, shelf)
		}
		return true
	})
	slices.SortFunc(out, func(a, b news.Shelf) int { return cmp.Compare(a.Slug, b.Slug) })
	return out
}

// sitemapPaths are those of all sitemaps.
func (s *Server) sitemapPaths(ctx context.Context) ([]string, error) {
	if !s.press.Ready() { // they list what is known by then
		return nil, nil
	}
	out := []string{"/sitemap.xml", "/news-sitemap.xml", "/sitemaps/shelves.xml"}
	err := s.parts(ctx, func(path string, _ news.Slug) { out = append(out, path) })
	return out, err
}

func (s *Server) mapOfMaps(ctx context.Context) (any, error) {
	doc := sitemapIndex{NS: sitemapNS, Sitemaps: []sitemapURL{{Loc: s.house.URL + "/sitemaps/shelves.xml", LastMod: lastMod(s.press.latest())}}}
	err := s.parts(ctx, func(path string, slug news.Slug) {
		changed := s.press.newest(news.Shelf{Kind: news.SourceShelf, Slug: slug}).At
		doc.Sitemaps = append(doc.Sitemaps, sitemapURL{Loc: s.house.URL + path, LastMod: lastMod(changed)})
	})
	doc.Sitemaps = doc.Sitemaps[:min(len(doc.Sitemaps), sitemapMost)]
	return doc, err
}

func (s *Server) mapOfShelves(context.Context) (any, error) {
	doc := urlSet{NS: sitemapNS, URLs: []sitemapURL{{Loc: s.house.URL + "/", LastMod: lastMod(s.press.latest())}}}
	add := func(shelf news.Shelf) {
		doc.URLs = append(doc.URLs, sitemapURL{Loc: s.house.PageURL(shelf), LastMod: lastMod(s.press.newest(shelf).At)})
	}
	for _, ch := range s.press.opt.Channels {
		add(news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug})
	}
	for _, src := range s.press.opt.Sources {
		add(news.Shelf{Kind: news.SourceShelf, Slug: src.Slug})
	}
	doc.URLs = doc.URLs[:min(len(doc.URLs), sitemapMost)]
	return doc, nil
}

// mapOfSource is a part of the articles of a source.
func (s *Server) mapOfSource(ctx context.Context, slug news.Slug, part int) (any, error) {
	list, err := s.press.opt.Catalogue.Stocked(ctx, slug, (part-1)*sitemapPart, sitemapPart)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errNotFound
	}
	doc := urlSet{NS: sitemapNS}
	for _, a := range list {
		doc.URLs = append(doc.URLs, sitemapURL{Loc: s.house.ArticleURL(a.Article), LastMod: lastMod(a.Updated)})
	}
	return doc, nil
}

// mapOfNews is what was published since a time, newest first
// (https://www.google.com/schemas/sitemap-news/0.9).
func (s *Server) mapOfNews(ctx context.Context, since time.Time) (any, error) {
	doc := urlSet{NS: sitemapNS, NewsNS: "http://www.google.com/schemas/sitemap-news/0.9", URLs: []sitemapURL{}}
	if s.press.opt.Catalogue == nil {
		return doc, nil
	}
	keys, err := s.press.opt.Catalogue.Lately(ctx, since, newsMost)
	if err != nil {
		return nil, err
	}
	list, err := s.shelf.Articles(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		src, err := s.press.source(ctx, a.Source)
		if err != nil {
			return nil, err
		}
		if a.Withdrawn || a.Title == "" || src.Republish == news.RepublishHeadline {
			continue
		}
		language := newsLanguage(cmp.Or(a.Language, src.Language, s.house.Language))
		doc.URLs = append(doc.URLs, sitemapURL{Loc: s.house.ArticleURL(a.Key), News: &sitemapNews{s.house.Title, language, lastMod(a.Published.At), a.Title}})
	}
	return doc, nil
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
