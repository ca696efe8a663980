package publisher

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	"copydesk/aggregator/news"
)

// A Catalogue lists what is stored. The store is one.
type Catalogue interface {
	// Keys are at most n articles' keys that come after one, in order, those of
	// withdrawn articles among them.
	Keys(ctx context.Context, after news.Key, n int) ([]news.Key, error)
	// Slugs are at most n of the authors or the sections that come after one, in
	// order.
	Slugs(ctx context.Context, kind news.ShelfKind, after news.Slug, n int) ([]news.Slug, error)
	// Stock is how many articles of a source stand, and Stocked are at most n of
	// them in the order of their publication, after skipping some.
	Stock(ctx context.Context, source news.Slug) (int, error)
	Stocked(ctx context.Context, source news.Slug, skip, n int) ([]news.Placement, error)
	// Lately are at most n of all articles that stand and were published since a
	// time, the newest first.
	Lately(ctx context.Context, since time.Time, n int) ([]news.Key, error)
}

// catalogued is how many keys are asked for at a time.
const catalogued = 1000

// Addresses are the paths of all that is published, whether it has been printed
// or not. An error is the last of them. What publishes something of its own adds
// its list here.
func (s *Server) Addresses(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, list := range []func(context.Context) iter.Seq2[string, error]{
			s.houseAddresses, s.shelfAddresses, s.namedAddresses, s.archiveAddresses, s.articleAddresses,
		} {
			for path, err := range list(ctx) {
				if !yield(path, err) || err != nil {
					return
				}
			}
		}
	}
}

func (s *Server) houseAddresses(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		var paths []string
		for _, name := range slices.Sorted(maps.Keys(s.static)) { // before the pages that have readers keep them for ever
			paths = append(paths, "/static/"+name)
		}
		paths = append(paths, "/", "/opml", "/robots.txt", "/favicon.ico")
		sitemaps, err := s.sitemapPaths(ctx)
		for _, path := range append(paths, sitemaps...) {
			if !yield(path, nil) {
				return
			}
		}
		if err != nil {
			yield("", err)
		}
	}
}

// shelfAddresses are pages and feeds of channels and sources.
func (s *Server) shelfAddresses(context.Context) iter.Seq2[string, error] {
	var paths []string
	for _, ch := range s.press.opt.Channels {
		paths = append(paths, addressesOf(news.ChannelShelf, ch.Slug)...)
	}
	for _, src := range s.press.opt.Sources {
		paths = append(paths, addressesOf(news.SourceShelf, src.Slug)...)
	}
	return each(paths)
}

func addressesOf(kind news.ShelfKind, slug news.Slug) []string {
	page := "/" + string(kind) + "/" + string(slug)
	return []string{page, page + "/feed.rss", page + "/feed.atom", page + "/feed.json"}
}

// namedAddresses are pages and feeds of authors and sections.
func (s *Server) namedAddresses(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if s.press.opt.Catalogue == nil || s.press.opt.Finder == nil {
			return
		}
		for _, kind := range []news.ShelfKind{news.AuthorShelf, news.SectionShelf} {
			list := func(after news.Slug) ([]news.Slug, error) {
				return s.press.opt.Catalogue.Slugs(ctx, kind, after, catalogued)
			}
			for slug, err := range listing(list) {
				if err != nil {
					yield("", err)
					return
				}
				for _, path := range addressesOf(kind, slug) {
					if !yield(path, nil) {
						return
					}
				}
			}
		}
	}
}

// archiveAddresses are, as feeds and as pages to read, the full pages of each
// channel's archive, and the part of a page that its edition leads to.
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
		if s.press.opt.Catalogue == nil {
			return
		}
		list := func(after news.Key) ([]news.Key, error) { return s.press.opt.Catalogue.Keys(ctx, after, catalogued) }
		for key, err := range listing(list) {
			if err != nil {
				yield("", err)
				return
			}
			page := "/articles/" + string(key)
			if !yield(page, nil) || s.press.opt.History != nil && !yield(page+"/history", nil) {
				return
			}
		}
	}
}

// listing asks for what comes after the last that came, until there is no more.
func listing[T ~string](list func(after T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := T(""); ; {
			part, err := list(after)
			if err != nil {
				yield("", err)
				return
			}
			for _, one := range part {
				if !yield(one, nil) {
					return
				}
			}
			if len(part) < catalogued {
				return
			}
			after = part[len(part)-1]
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
