package publisher

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/feed"
)

// Deltas (RFC 3229, "feed") are told from a log of editions: what stands in the
// one of now and did not stand in the one that the client has. A feed's tag is
//
//	"SUM.NAME"
//
// where SUM is of its bytes and makes it a strong validator, and NAME is of what
// stands in the edition, in whatever order: each entry and each tombstone as it
// is there (see [feed.Contents]), which is the same on every node, in every format
// and after any restart. Before an edition is served, its contents are put into the
// log under that name. So a client that presents a tag is told just what it lacks,
// whatever happened since: an order that changes, articles that leave and make room
// for older ones, withdrawals, another config. Where only the head or the order has
// changed, that is a head without entries.
//
// The log keeps the last editions of each shelf, more than a hundred; who comes
// with none of them gets all. An edition costs one row when it is printed, none when
// it is printed again, and a poll costs none; so whoever walks through the shelves of
// all authors makes one row for each of them, which goes after a time (see the
// store). Which editions are known is kept in memory, so that a flood of made-up
// tags makes no work for the database; of a known one that is not in memory one
// row is read, and remembered.
//
// Deltas are for those who hold a copy. Subscribers and listeners are told news
// (told.go).

// A Ledger keeps what stood in editions, and what was told of it. The store is one.
type Ledger interface {
	// KeepEdition keeps the contents of a shelf's newest edition under a name, with
	// what it tells, and lists the names of all that are kept of that shelf, the
	// newest first. What was told before, as it was then, stays as it was noted.
	KeepEdition(ctx context.Context, shelf news.Shelf, e news.Edition, at time.Time) (names []string, err error)
	// Edition is the contents of one of them. An error with a NotFound() method that
	// is true means that it is kept no more.
	Edition(ctx context.Context, shelf news.Shelf, name string) (contents []byte, err error)
	// Told is what a shelf has told of the articles that stand on it, at most n, the
	// newest first.
	Told(ctx context.Context, shelf news.Shelf, n int) ([]news.Told, error)
	// Date notes what the documents of a shelf hold that were printed at a revision,
	// by format, and says since when each has been so: first where none was known. It
	// tells nothing of one that is no longer the newest. The zero shelf is the index.
	Date(ctx context.Context, shelf news.Shelf, revision news.Revision, sums map[string]string, first, now time.Time) (map[string]time.Time, error)
}

// An editionKey says which edition of all.
type editionKey struct {
	shelf news.Shelf
	name  string
}

// contentsKept is how many editions' contents are kept in memory: those that
// readers who come often have seen last.
const contentsKept = 4096

// mostKnown is how many editions of a shelf are known.
const mostKnown = 128

// deltasKept is how many deltas of one feed are kept: there are hardly more of
// them than entries.
const deltasKept = 64

// keepWithin is how long a print waits for the log: readers wait with it.
const keepWithin = time.Second

// keep puts the contents of a print into the log, before anybody can see it, and
// has its feeds know what is in there. Where that fails they know what the ones
// before did, as long as it is remembered.
func (p *Press) keep(ctx context.Context, shelf news.Shelf, next, old *print) {
	c := next.rss.deltas.doc.Contents
	name := c.Name()
	p.contents.put(editionKey{shelf, name}, c)
	known := []string{name}
	if old.rss != nil && old.rss.deltas != nil {
		known = slices.Concat(known, slices.DeleteFunc(slices.Clone(old.rss.deltas.names()), func(n string) bool { return n == name }))
	}
	next.untold = tells(shelf, next, old)
	if p.opt.Ledger != nil {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin) // what was printed is served, even by a press that gives way to another
		names, err := p.opt.Ledger.KeepEdition(within, shelf, news.Edition{Name: name, Revision: next.revision, Contents: c.Bytes(), Shows: p.shows(shelf), Told: next.untold}, p.opt.Now())
		cancel()
		if err != nil {
			p.opt.Log.Error("an edition could not be kept; whoever has it may be sent all of the next", "kind", shelf.Kind, "shelf", shelf.Slug, "err", err)
		} else {
			known, next.untold = names, nil
		}
	}
	known = known[:min(len(known), mostKnown)]
	for _, d := range []*document{next.rss, next.atom, next.json} {
		d.deltas.learn(known)
	}
}

// shows is how much of a shelf an edition has, and in which order.
func (p *Press) shows(shelf news.Shelf) string {
	ch := p.describe(shelf)
	return fmt.Sprint(ch.Order, " ", ch.Limit, " ", ch.PerSource)
}

// tells is what a print tells that the one before it did not, behind what those before
// it told and the ledger could not note.
func tells(shelf news.Shelf, next, old *print) []news.Told {
	if !pushed(shelf) {
		return nil
	}
	was := map[news.Key]time.Time{}
	if old.rss != nil {
		for _, t := range old.rss.deltas.doc.Told() {
			was[t.Article] = t.Updated
		}
	}
	for _, t := range old.untold {
		was[t.Article] = t.Updated
	}
	list := slices.DeleteFunc(next.rss.deltas.doc.Told(), func(t news.Told) bool { at, ok := was[t.Article]; return ok && at.Equal(t.Updated) })
	list = slices.Concat(old.untold, list)
	return list[max(0, len(list)-mostTold):]
}

// recall is what stood in an edition.
func (p *Press) recall(ctx context.Context, shelf news.Shelf, name string) (feed.Contents, error) {
	key := editionKey{shelf, name}
	if c, ok := p.contents.get(key); ok {
		return c, nil
	}
	if p.opt.Ledger == nil {
		return nil, errNotFound
	}
	b, err := p.opt.Ledger.Edition(ctx, shelf, name)
	if err != nil {
		return nil, err
	}
	c, err := feed.ReadContents(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotFound, err)
	}
	p.contents.put(key, c)
	return c, nil
}

// deltas are those of one printed feed.
type deltas struct {
	shelf news.Shelf
	doc   *feed.Document
	name  string
	made  *recent[string, *document] // by the name of what they hold, or of whom they are for

	mu    sync.Mutex // guards known
	known []string   // the names of editions in the log, the newest first; never changed in place
}

func newDeltas(shelf news.Shelf, doc *feed.Document) *deltas {
	return &deltas{shelf: shelf, doc: doc, name: doc.Contents.Name(), made: newRecent[string, *document](deltasKept)}
}

// edition is what a feed's tag says besides its bytes.
func (ds *deltas) edition() string { return "." + ds.name }

func (ds *deltas) learn(names []string) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.known = names
}

func (ds *deltas) names() []string {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return ds.known
}

// nameIn is the name of an edition in a tag; empty of a tag that is none of ours.
func nameIn(tag string) string {
	base := strings.Trim(strings.TrimPrefix(tag, "W/"), `"`)
	if i := strings.IndexAny(base, "+-"); i >= 0 { // a coding, or a browser's view
		base = base[:i]
	}
	sum, name, _ := strings.Cut(base, ".")
	if len(sum) != sumLength {
		return ""
	}
	return name
}

// base is the newest edition that a client has, and its tag as we sent it: a proxy
// that compresses marks it. Both are empty where we know none of them.
func (ds *deltas) base(tags []string) (name, tag string) {
	newer := ds.names()
	for t := range tagsOf(tags) {
		if i := slices.Index(newer, nameIn(t)); i >= 0 {
			name, tag, newer = newer[i], unmarked(strings.TrimPrefix(t, "W/")), newer[:i]
		}
	}
	return name, tag
}

// mostBuried bounds how many withdrawals a delta tells of.
const mostBuried = 10_000

// bury has a part tell also of the withdrawals that its document shows no more, but
// that are new to who has contents and has heard all up to a mark.
func (p *Press) bury(ctx context.Context, shelf news.Shelf, part feed.Part, c feed.Contents, mark news.Revision) (feed.Part, error) {
	if p.opt.Archive == nil || part.Gone() < tombstones { // it holds the last of those
		return part, nil
	}
	for n := 4 * tombstones; ; n = min(4*n, mostBuried) {
		list, err := p.opt.Archive.Withdrawn(ctx, shelf, n)
		if err != nil {
			return part, err
		}
		if full, all := part.Bury(list, c, mark); all || len(list) < n || n == mostBuried {
			return full, nil
		}
	}
}

// beyond is what a client lacks that has an edition. Each delta is made once for
// all who lack the same; who lacks everything gets the whole document as it is.
func (p *Press) beyond(ctx context.Context, whole *document, c feed.Contents) (*document, error) {
	ds := whole.deltas
	part := ds.doc.Beyond(c)
	if part.Gone() < tombstones {
		return whole.part(part.Name(), part), nil
	}
	name := "since " + c.Name() // there may be more than the document tells of
	if d, ok := ds.made.get(name); ok {
		return d, nil
	}
	part, err := p.bury(ctx, ds.shelf, part, c, 0)
	if err != nil {
		return nil, err
	}
	return whole.part(name, part), nil
}

// part is a part of a feed's document, under a name.
func (d *document) part(name string, part feed.Part) *document {
	if part.Whole() {
		return d
	}
	if made, ok := d.deltas.made.get(name); ok {
		return made
	}
	body := part.Body()
	if body == nil {
		return d
	}
	made := newDocument("", body, time.Time{})
	d.deltas.made.put(name, made)
	return made
}

// asksForDelta reports that a client takes a part of a feed for the whole.
func asksForDelta(r *http.Request) bool {
	return r.Method == http.MethodGet && len(r.Header["A-Im"]) > 0 && len(r.Header["If-None-Match"]) > 0 && quality(r.Header["A-Im"], "feed") > 0
}

// lacking reports that a client is to be sent a document, or what it lacks of it.
func (d *document) lacking(r *http.Request) bool {
	choice := d.choose(r.Header["Accept-Encoding"])
	return !d.failed(r, choice) && !d.held(r, choice)
}

// sendFeed answers with a feed: 304, what is new to the client where it asks
// for that, or all.
func (s *Server) sendFeed(w http.ResponseWriter, r *http.Request, d *document, p *print) error {
	if d.deltas == nil || !asksForDelta(r) || !d.lacking(r) {
		return s.send(w, r, d, p.cache)
	}
	name, tag := d.deltas.base(r.Header["If-None-Match"])
	if name == "" {
		return s.send(w, r, d, p.cache)
	}
	c, err := s.press.recall(r.Context(), d.deltas.shelf, name)
	var delta *document
	if err == nil {
		delta, err = s.press.beyond(r.Context(), d, c)
	}
	if err != nil {
		s.log.Debug("what a client lacks could not be looked up; all is sent", "path", r.URL.Path, "err", err)
		return s.send(w, r, d, p.cache)
	}
	s.sendDelta(w, r, d, delta, tag, p.fresh)
	return nil
}

// sendDelta answers with a part. Its tag is the one that a 200 would have now, in
// the coding of that, whatever that of the part is (RFC 3229 §3, §10.4.1), so that
// the client asks for what comes after it; the base is the tag of what it has, of
// which it may have named several (§10.5.1); caches that do not know of parts must
// not keep it (§10.8.1). It is a part also where all is new to the client: a 200
// would tell that its tag was unknown.
func (s *Server) sendDelta(w http.ResponseWriter, r *http.Request, whole, delta *document, base string, fresh time.Duration) {
	accept := r.Header["Accept-Encoding"]
	c := delta.in(delta.choose(accept))
	h := w.Header()
	h["Vary"] = whole.vary()
	h["Im"] = []string{"feed"}
	h["Delta-Base"] = []string{base}
	h["Etag"] = whole.forms[whole.choose(accept)].tag
	h["Cache-Control"] = []string{"no-store, im, max-age=" + strconv.Itoa(int(fresh/time.Second))}
	h["Content-Type"] = whole.contentType
	h["Content-Length"] = c.length
	if c.encoding != nil {
		h["Content-Encoding"] = c.encoding
	}
	if whole.lastModified != nil {
		h["Last-Modified"] = whole.dated(s.press.lookedAt)
	}
	if whole.link != nil {
		h["Link"] = whole.link
	}
	w.WriteHeader(http.StatusIMUsed)
	_, _ = w.Write(c.body) // a client that has gone is no fault of ours
}
