package publisher

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// An Archive keeps what is no longer in the edition of now. The store is one.
type Archive interface {
	Withdrawn(ctx context.Context, shelf news.Shelf, n int) ([]news.Article, error)
	ArchiveEnd(ctx context.Context, ch news.Slug, size int) (entries int, tail map[news.Key]news.Revision, err error)
	Archived(ctx context.Context, ch news.Slug, after, upTo int) ([]news.Article, error)
}

// The archive of a channel is a log: every version of an article that came into
// the channel has a place in it, and keeps it. Documents are cut out of it
// (RFC 5005 §4): page n has the n-th fifty places and is there once they are
// filled. It never changes after that, but for what must leave it: an article
// that was withdrawn, or that is older than the config keeps.
//
// What has come since the last full page is in the edition of now, nearly
// always. Where it is not (an old article came late, or was corrected), the
// edition leads to page n-m: the first m places of the page that is being
// filled, which is as immutable as any. So a partner that follows prev-archive
// until it meets a document that it knows has missed nothing.
const archivePage = 50

// tombstones is how many withdrawn articles an edition tells of.
const tombstones = 50

// archivePages is how many archive documents are kept printed.
const archivePages = 128

// remember adds to an edition what has left it.
func (p *Press) remember(ctx context.Context, e *edition.Edition) error {
	if p.opt.Archive == nil {
		return nil
	}
	var err error
	if e.Gone, err = p.opt.Archive.Withdrawn(ctx, e.Shelf, tombstones); err != nil {
		return err
	}
	for _, a := range e.Gone {
		e.Updated = later(e.Updated, a.Withdrawal.At)
	}
	if e.Shelf.Kind != news.ChannelShelf {
		return nil
	}
	entries, tail, err := p.opt.Archive.ArchiveEnd(ctx, e.Shelf.Slug, archivePage)
	if err != nil {
		return err
	}
	full := entries / archivePage
	switch {
	case !shown(e, tail):
		e.Older = fmt.Sprintf("%d-%d", full+1, entries%archivePage)
	case full > 0:
		e.Older = strconv.Itoa(full)
	}
	return nil
}

// shown reports that an edition tells all that the tail of its archive does.
func shown(e *edition.Edition, tail map[news.Key]news.Revision) bool {
	missing := len(tail)
	for i := range e.Articles {
		if version, ok := tail[e.Articles[i].Key]; ok && version <= e.Articles[i].Revision {
			missing--
		}
	}
	for i := range e.Gone {
		if _, ok := tail[e.Gone[i].Key]; ok {
			missing--
		}
	}
	return missing <= 0
}

// A stretch is the part of an archive that a document shows.
type stretch struct {
	page        string
	after, upTo int
	older       string
}

// parseStretch reads the name of an archive document: "7", or "7-12".
func parseStretch(name string) (s stretch, ok bool) {
	number, part, partial := strings.Cut(name, "-")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 1e9 || number != strconv.Itoa(n) {
		return s, false
	}
	s = stretch{page: name, after: (n - 1) * archivePage, upTo: n * archivePage}
	if n > 1 {
		s.older = strconv.Itoa(n - 1)
	}
	if partial {
		m, err := strconv.Atoi(part)
		if err != nil || m < 1 || m >= archivePage || part != strconv.Itoa(m) {
			return s, false
		}
		s.upTo = s.after + m
	}
	return s, true
}

// archive prints one document of a channel's archive.
func (p *Press) archive(ctx context.Context, ch news.Channel, s stretch, format string) (*document, error) {
	shelf := news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}
	entries, _, err := p.opt.Archive.ArchiveEnd(ctx, ch.Slug, archivePage)
	if err != nil {
		return nil, err
	}
	if entries < s.upTo {
		return nil, errNotFound
	}
	list, err := p.opt.Archive.Archived(ctx, ch.Slug, s.after, s.upTo)
	if err != nil {
		return nil, err
	}
	feeds, err := p.shelf.SourceFeeds(ctx)
	if err != nil {
		return nil, err
	}
	e := p.blank(shelf, ch)
	e.Page, e.Older = s.page, s.older
	for _, a := range list {
		if a.Withdrawn {
			e.Gone = append(e.Gone, a)
			e.Updated = later(e.Updated, a.Withdrawal.At)
			continue
		}
		p.add(e, a, feeds)
	}
	if format == "html" {
		body, err := p.pages.Channel(e)
		if err != nil {
			return nil, fmt.Errorf("print page %s of the archive of %s as page: %w", s.page, ch.Slug, err)
		}
		return newDocument(htmlType, body, p.modified(e.Updated)), nil
	}
	doc, err := feed.Print(format, e, nil)
	if err != nil {
		return nil, fmt.Errorf("print page %s of the archive of %s as %s: %w", s.page, ch.Slug, format, err)
	}
	d := newDocument(contentTypes[format], doc.Body, p.modified(e.Updated))
	d.link = linkHeader(e, format)
	return d, nil
}

// An archived document holds until something leaves its channel.
type archived struct {
	*document
	asOf news.Revision
}

// serveArchive sends a document of a channel's archive, for ever.
func (s *Server) serveArchive(w http.ResponseWriter, r *http.Request) error {
	ch := s.press.channels[news.Slug(r.PathValue("slug"))]
	name, format, ok := strings.Cut(r.PathValue("page"), ".")
	part, sound := parseStretch(name)
	if _, known := contentTypes[format]; ch == nil || !ok || !sound || !known && format != "html" || s.press.opt.Archive == nil {
		return errNotFound
	}
	path := r.URL.Path
	shelf := news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}
	if kept, ok := s.archives.get(path); ok && s.press.newest(shelf).Cut <= kept.asOf {
		return s.send(w, r, kept.document, immutableCache)
	}
	asOf := news.Revision(s.press.seen.Load()) // before it is read: what it misses comes later
	d, err := s.press.archive(r.Context(), ch.Channel, part, format)
	if err != nil {
		return err
	}
	s.archives.put(path, archived{d, asOf})
	return s.send(w, r, d, immutableCache)
}

// contentTypes are those of the formats.
var contentTypes = map[string]string{
	"rss":  "application/rss+xml; charset=utf-8",
	"atom": "application/atom+xml; charset=utf-8",
	"json": "application/feed+json; charset=utf-8",
}

// linkHeader names a document's own address, and its hub, outside of it (WebSub
// §4).
func linkHeader(e *edition.Edition, format string) []string {
	link := "<" + e.Address(format) + `>; rel="self"`
	if e.House.Hub != "" && e.Page == "" {
		link += ", <" + e.House.Hub + `>; rel="hub"`
	}
	return []string{link}
}

// freshFor is the Cache-Control of what stays fresh so long. A cache may hand
// out the old one for ten times as long while it asks for the new one.
func freshFor(d time.Duration) []string {
	seconds := int(d / time.Second)
	return []string{fmt.Sprintf("public, max-age=%d, stale-while-revalidate=%d", seconds, 10*seconds)}
}
