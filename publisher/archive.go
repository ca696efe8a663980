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
	// ArchiveDocument is what is kept for an address, and KeepArchiveDocument keeps
	// what was printed of some articles, unless another one is kept in the place of
	// the one that it replaces, or an article has to leave it.
	ArchiveDocument(ctx context.Context, at news.ArchiveAddress) (news.ArchiveDocument, error)
	KeepArchiveDocument(ctx context.Context, doc news.ArchiveDocument, of []news.Article, replaced news.ArchiveDocument) error
}

// The archive of a channel is a log: every version of an article that came into
// the channel has a place in it, and keeps it. Documents are cut out of it
// (RFC 5005 §4): page n has the n-th fifty places and is there once they are
// filled. A channel that leaves the config is served no more, but its log waits
// for it.
//
// Such a document is stored when it is first printed, and from then on served
// byte for byte, with one ETag and one Last-Modified, by every node, after every
// restart and by every later version, whatever the config says of titles, names
// and sources by then: it is sent to be kept for ever. It is printed anew only
// where it must be, and then as everything is printed at that time:
//
//   - an article in it was withdrawn, or is older than the config keeps;
//   - it shows more of a source than that source's republish lets now. What lets
//     more, other names and other rights do not count, nor that the source has
//     left the config: of whom nothing may be told any more, the operator says so
//     before;
//   - publisher.url is another one. Then its address is, too, and so it is another
//     document; the one under the old address is as it was.
//
// Caches that were told to keep a document for ever keep a withdrawn text as long
// as they like: that is out of our hands. Who follows the feed of now is told.
//
// What has come since the last full page is in the edition of now, nearly
// always. Where it is not (an old article came late, or was corrected), the
// edition leads to page n-m: the first m places of the page that is being
// filled. These are the same entries for ever, but printed as all else is: it is
// fresh for a while, as the page to read is that people have of each document. So
// a partner that follows prev-archive until it meets a document that it knows has
// missed nothing.
const archivePage = news.ArchivePage

// tombstones is how many withdrawn articles an edition tells of.
const tombstones = 50

// archivePages is how many archive documents are kept in memory.
const archivePages = 128

// archiveTrust is how long they are taken for what is stored, where nothing
// changes in their channel: it tells of a withdrawal, but not of what has become
// too old to be kept.
const archiveTrust = time.Minute

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
	number      int
	after, upTo int
	older       string
}

// full reports a whole page.
func (s stretch) full() bool { return s.upTo == s.number*archivePage }

// parseStretch reads the name of an archive document: "7", or "7-12".
func parseStretch(name string) (s stretch, ok bool) {
	number, part, partial := strings.Cut(name, "-")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > 1e9 || number != strconv.Itoa(n) {
		return s, false
	}
	s = stretch{page: name, number: n, after: (n - 1) * archivePage, upTo: n * archivePage}
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

// archiveEdition is a stretch of a channel's archive, and the articles that it
// was made of.
func (p *Press) archiveEdition(ctx context.Context, ch news.Channel, s stretch) (*edition.Edition, []news.Article, error) {
	entries, _, err := p.opt.Archive.ArchiveEnd(ctx, ch.Slug, archivePage)
	if err != nil {
		return nil, nil, err
	}
	if entries < s.upTo {
		return nil, nil, errNotFound
	}
	list, err := p.opt.Archive.Archived(ctx, ch.Slug, s.after, s.upTo)
	if err != nil {
		return nil, nil, err
	}
	if err := p.learn(ctx); err != nil {
		return nil, nil, err
	}
	e := p.blank(news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}, ch)
	e.Page, e.Older = s.page, s.older
	for _, a := range list {
		if a.Withdrawn {
			e.Gone = append(e.Gone, a)
			e.Updated = later(e.Updated, a.Withdrawal.At)
			continue
		}
		if err := p.add(ctx, e, a); err != nil {
			return nil, nil, err
		}
	}
	return e, list, nil
}

// archive is one document of a channel's archive. old is the one in memory; nil
// where there is none.
func (p *Press) archive(ctx context.Context, ch news.Channel, s stretch, format string, old *document) (*document, error) {
	if s.full() && format != "html" {
		return p.storedArchive(ctx, ch, s, format, old)
	}
	e, _, err := p.archiveEdition(ctx, ch, s)
	if err != nil {
		return nil, err
	}
	contentType, body := htmlType, []byte(nil)
	if format == "html" {
		body, err = p.pages.Channel(e)
	} else {
		contentType = contentTypes[format]
		body, err = printFeed(format, e)
	}
	if err != nil {
		return nil, fmt.Errorf("print page %s of the archive of %s as %s: %w", s.page, ch.Slug, format, err)
	}
	d := p.renew(old, contentType, body, e.Updated)
	if d != old && format != "html" {
		d.link = linkHeader(e, format)
	}
	return d, nil
}

func printFeed(format string, e *edition.Edition) ([]byte, error) {
	doc, err := feed.Print(format, e, nil)
	if err != nil {
		return nil, err
	}
	return doc.Body, nil
}

// archiveTries is how often a document is printed whose articles are withdrawn
// meanwhile.
const archiveTries = 5

// storedArchive is a document as it is stored, and stores it first where it is
// not.
func (p *Press) storedArchive(ctx context.Context, ch news.Channel, s stretch, format string, old *document) (*document, error) {
	at := news.ArchiveAddress{Channel: ch.Slug, Page: s.number, Format: format, Base: p.opt.House.URL}
	for range archiveTries {
		stored, err := p.opt.Archive.ArchiveDocument(ctx, at)
		if err != nil {
			return nil, err
		}
		may, err := p.mayShow(ctx, stored.Shown)
		if err != nil {
			return nil, err
		}
		if stored.Body != nil && may {
			return p.unpack(ch, s, stored, old)
		}
		if err := p.printArchive(ctx, ch, s, stored); err != nil {
			return nil, err
		}
	}
	return nil, errBusy
}

// mayShow reports that each source's republish lets what a document shows of it.
func (p *Press) mayShow(ctx context.Context, shown map[news.Slug]news.Republish) (bool, error) {
	for slug, most := range shown {
		src, err := p.source(ctx, slug)
		if err != nil || !most.Within(src.Republish) {
			return false, err
		}
	}
	return true, nil
}

// printArchive prints a document and offers it to the store, in the place of
// what is stored.
func (p *Press) printArchive(ctx context.Context, ch news.Channel, s stretch, stored news.ArchiveDocument) error {
	e, of, err := p.archiveEdition(ctx, ch, s)
	if err != nil {
		return err
	}
	body, err := printFeed(stored.Format, e)
	if err != nil {
		return fmt.Errorf("print page %s of the archive of %s as %s: %w", s.page, ch.Slug, stored.Format, err)
	}
	doc := news.ArchiveDocument{
		ArchiveAddress: stored.ArchiveAddress, Body: zstded(body), Modified: p.opt.Now().Truncate(time.Second),
		Shown: map[news.Slug]news.Republish{},
	}
	for slug, src := range e.Sources {
		doc.Shown[slug] = src.Republish
	}
	return p.opt.Archive.KeepArchiveDocument(ctx, doc, of, stored)
}

// unpack is a stored document as it is served; the old one where that is it.
func (p *Press) unpack(ch news.Channel, s stretch, stored news.ArchiveDocument, old *document) (*document, error) {
	body, err := unzstd(stored.Body)
	if err != nil {
		return nil, fmt.Errorf("read page %s of the archive of %s as %s: %w", s.page, ch.Slug, stored.Format, err)
	}
	if old != nil && old.sum == sumOf(body) && old.modified.Equal(stored.Modified) {
		return old, nil
	}
	d := newDocument(contentTypes[stored.Format], body, stored.Modified)
	d.come.Store(!stored.Modified.After(p.opt.Now())) // nobody has another one of that time
	e := p.blank(news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}, ch)
	e.Page = s.page
	d.link = linkHeader(e, stored.Format)
	return d, nil
}

// An archived document is one in memory. It holds until something changes in its
// channel, and then mostly further on.
type archived struct {
	*document
	asOf news.Revision
	at   time.Time // when that was
}

// How long documents of archives stay fresh.
var partCache = freshFor(5 * time.Minute)

func archiveCache(s stretch, format string) []string {
	switch {
	case format == "html":
		return feedCache
	case !s.full():
		return partCache
	}
	return immutableCache
}

// serveArchive sends a document of a channel's archive.
func (s *Server) serveArchive(w http.ResponseWriter, r *http.Request) error {
	ch := s.press.channels[news.Slug(r.PathValue("slug"))]
	name, format, ok := strings.Cut(r.PathValue("page"), ".")
	part, sound := parseStretch(name)
	if _, known := contentTypes[format]; ch == nil || !ok || !sound || !known && format != "html" || s.press.opt.Archive == nil {
		return errNotFound
	}
	path := r.URL.Path
	kept, _ := s.archives.get(path)
	if kept.document == nil || s.outdated(kept, ch.Slug) {
		kept.asOf, kept.at = news.Revision(s.press.seen.Load()), s.now() // before it is read: what it misses comes later
		var err error
		if kept.document, err = s.press.archive(r.Context(), ch.Channel, part, format, kept.document); err != nil {
			return err
		}
		s.archives.put(path, kept)
	}
	return s.send(w, r, kept.document, archiveCache(part, format))
}

// outdated reports that a document in memory is to be looked after.
func (s *Server) outdated(kept archived, ch news.Slug) bool {
	changed := s.press.newest(news.Shelf{Kind: news.ChannelShelf, Slug: ch}).Revision
	return changed > kept.asOf || s.now().Sub(kept.at) >= archiveTrust
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
