package find

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// sitemapRequests are what a site without feeds is asked for its sitemaps.
const sitemapRequests = 4

// unfed looks for what may stand for a feed where a site has none: a sitemap
// for news, the page as a listing, and at last any sitemap.
func (s *search) unfed(ctx context.Context, page Page) {
	s.left += sitemapRequests
	if f, err := s.listing(page); err == nil {
		s.found = append(s.found, f)
	}
	for _, address := range s.sitemaps(ctx, page) {
		got, err := s.ask(ctx, address)
		if err != nil {
			continue
		}
		f, err := s.sitemap(ctx, got)
		if err != nil || f.Items == 0 {
			continue
		}
		f.Way = Declared
		s.found = append(s.found, f)
		break
	}
	if n := len(s.found); n == 2 && s.found[1].titled() {
		slices.Reverse(s.found) // what is made for machines says more
	}
}

// titled reports a list whose articles have titles.
func (f Feed) titled() bool { return len(f.Sample) > 0 && f.Sample[0].Title != "" }

// listing reads the page as one that lists articles.
func (s *search) listing(page Page) (Feed, error) {
	list, err := extract.List(page.Body, extract.Options{ContentType: page.ContentType, URL: page.URL}, extract.ListHints{})
	if err != nil {
		return Feed{}, err
	}
	f, err := told(list.Feed, page, s.opt.At)
	f.URL, f.Way, f.Kind, f.Selector = s.address(page), Given, news.KindPage, list.Items
	return f, err
}

// json reads the page as a JSON listing, whose paths are told by its structure.
func (s *search) json(page Page) (Feed, error) {
	opt := parse.Options{ContentType: page.ContentType}
	paths, err := parse.FindPaths(page.Body, opt)
	if err != nil {
		return Feed{}, err
	}
	list, err := parse.OpenJSON(page.Body, opt, paths)
	if err != nil {
		return Feed{}, err
	}
	parsed, err := list.Feed(nil)
	if err != nil {
		return Feed{}, err
	}
	f, err := told(parsed, page, s.opt.At)
	f.URL, f.Way, f.Kind, f.Paths = s.address(page), Given, news.KindJSON, paths
	f.Format = "JSON listing"
	f.Sample = normalize.Articles(news.Source{Language: f.Language}, parsed, normalize.Options{At: s.opt.At, URL: page.URL})
	return f, err
}

// sitemaps are those that the site's robots.txt names, for news first; else the
// one in the usual place.
func (s *search) sitemaps(ctx context.Context, page Page) []string {
	base, err := url.Parse(page.URL)
	if err != nil {
		return nil
	}
	root := url.URL{Scheme: base.Scheme, Host: base.Host, Path: "/robots.txt"}
	var out []string
	if robots, err := s.ask(ctx, root.String()); err == nil {
		for line := range strings.Lines(string(robots.Body[:min(len(robots.Body), 500<<10)])) {
			key, value, _ := strings.Cut(line, ":")
			if address := resolve(strings.TrimSpace(value), root.String()); strings.EqualFold(strings.TrimSpace(key), "sitemap") && address != "" {
				out = append(out, address)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b string) int { return last(!forNews(a), !forNews(b)) })
	root.Path = "/sitemap.xml"
	return append(out, root.String())
}

// forNews reports an address that is named for news.
func forNews(address string) bool { return strings.Contains(strings.ToLower(pathOf(address)), "news") }

// sitemap reads one; of an index, its sitemap for news takes its place, or its
// newest is the sample.
func (s *search) sitemap(ctx context.Context, page Page) (Feed, error) {
	opened, err := parse.OpenSitemap(page.Body, parse.Options{ContentType: page.ContentType})
	if err != nil {
		return Feed{}, err
	}
	address := cmp.Or(page.MovedTo, page.URL)
	if len(opened.Sitemaps) > 0 {
		child := resolve(opened.Sitemaps[0], page.URL)
		if i := slices.IndexFunc(opened.Sitemaps, forNews); i >= 0 {
			child = resolve(opened.Sitemaps[i], page.URL)
			address = child
		}
		if page, err = s.ask(ctx, child); err != nil {
			return Feed{}, err
		}
		if opened, err = parse.OpenSitemap(page.Body, parse.Options{ContentType: page.ContentType}); err != nil {
			return Feed{}, err
		}
	}
	parsed, err := opened.List.Feed(nil)
	if err != nil {
		return Feed{}, err
	}
	f, err := told(parsed, page, s.opt.At)
	f.URL, f.Kind = address, news.KindSitemap
	if f.titled() {
		f.Format = "news sitemap"
	}
	return f, err
}

// ask fetches an address once, while requests are left.
func (s *search) ask(ctx context.Context, address string) (Page, error) {
	key := Key(address)
	if s.left <= 0 || key == "" || s.asked[key] {
		return Page{}, errSpent
	}
	s.asked[key] = true
	s.left--
	return s.opt.Get(ctx, address)
}
