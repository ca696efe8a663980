package publisher

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"

	"copydesk/aggregator/news"
)

// A Catalogue lists what is stored. The store is one.
type Catalogue interface {
	// Keys are at most n articles' keys that come after one, in order, those of
	// withdrawn articles among them.
	Keys(ctx context.Context, after news.Key, n int) ([]news.Key, error)

	// NamedShelves are the authors and sections under whose names an article
	// stands.
	NamedShelves(ctx context.Context) ([]news.Shelf, error)
}

// catalogued is how many keys are asked for at a time.
const catalogued = 1000

// Addresses are the paths of all that is published, whether it has been printed
// or not. An error is the last of them. What publishes something of its own adds
// its list here.
func (s *Server) Addresses(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, list := range []func(context.Context) iter.Seq2[string, error]{
			s.houseAddresses, s.shelfAddresses, s.archiveAddresses, s.articleAddresses,
		} {
			for path, err := range list(ctx) {
				if !yield(path, err) || err != nil {
					return
				}
			}
		}
	}
}

func (s *Server) houseAddresses(context.Context) iter.Seq2[string, error] {
	paths := []string{"/", "/opml", "/robots.txt", "/favicon.ico", "/sitemap.xml", "/news-sitemap.xml", "/sitemaps/shelves.xml"}
	for _, ch := range s.press.opt.Channels {
		paths = append(paths, "/sitemaps/channel-"+string(ch.Slug)+".xml")
	}
	for _, name := range slices.Sorted(maps.Keys(s.static)) {
		paths = append(paths, "/static/"+name)
	}
	return each(paths)
}

// shelfAddresses are pages and feeds of channels, sources, authors and sections.
func (s *Server) shelfAddresses(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var shelves []news.Shelf
		for _, ch := range s.press.opt.Channels {
			shelves = append(shelves, news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug})
		}
		for _, src := range s.press.opt.Sources {
			shelves = append(shelves, news.Shelf{Kind: news.SourceShelf, Slug: src.Slug})
		}
		if s.press.opt.Catalogue != nil && s.press.opt.Finder != nil {
			named, err := s.press.opt.Catalogue.NamedShelves(ctx)
			if err != nil {
				yield("", err)
				return
			}
			shelves = append(shelves, named...)
		}
		for _, shelf := range shelves {
			page := "/" + string(shelf.Kind) + "/" + string(shelf.Slug)
			for _, path := range []string{page, page + "/feed.rss", page + "/feed.atom", page + "/feed.json"} {
				if !yield(path, nil) {
					return
				}
			}
		}
	}
}

// archiveAddresses are the full pages of each channel's archive, and the part
// of a page that its edition leads to.
func (s *Server) archiveAddresses(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if s.press.opt.Archive == nil {
			return
		}
		for _, ch := range s.press.opt.Channels {
			pages, err := s.archivePages(ctx, ch.Slug)
			if err != nil {
				yield("", err)
				return
			}
			for _, page := range pages {
				for _, format := range append(slices.Sorted(maps.Keys(contentTypes)), "html") {
					if !yield("/channels/"+string(ch.Slug)+"/archive/"+page+"."+format, nil) {
						return
					}
				}
			}
		}
	}
}

func (s *Server) archivePages(ctx context.Context, ch news.Slug) ([]string, error) {
	entries, _, err := s.press.opt.Archive.ArchiveEnd(ctx, ch, archivePage)
	if err != nil {
		return nil, err
	}
	var pages []string
	for n := range entries / archivePage {
		pages = append(pages, strconv.Itoa(n+1))
	}
	if pr := s.press.lookup(news.Shelf{Kind: news.ChannelShelf, Slug: ch}); pr != nil && pr.older != "" && !slices.Contains(pages, pr.older) {
		pages = append(pages, pr.older)
	}
	return pages, nil
}

// articleAddresses are every stored article's page and history.
func (s *Server) articleAddresses(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		catalogue := s.press.opt.Catalogue
		for after := news.Key(""); catalogue != nil; {
			keys, err := catalogue.Keys(ctx, after, catalogued)
			if err != nil {
				yield("", err)
				return
			}
			for _, key := range keys {
				page := "/articles/" + string(key)
				if !yield(page, nil) || s.press.opt.History != nil && !yield(page+"/history", nil) {
					return
				}
			}
			if len(keys) < catalogued {
				return
			}
			after = keys[len(keys)-1]
		}
	}
}

func each(paths []string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, path := range paths {
			if !yield(path, nil) {
				return
			}
		}
	}
}
