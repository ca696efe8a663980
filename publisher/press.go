package publisher

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
	"copydesk/publisher/page"
)

// A Shelf is where articles stand. The store is one. An error of Article with
// a NotFound() method that is true means that there is none.
type Shelf interface {
	Touched(ctx context.Context, since news.Revision) ([]news.Touched, error)
	Placements(ctx context.Context, shelf news.Shelf, n int) ([]news.Placement, error)
	Articles(ctx context.Context, keys []news.Key) ([]news.Article, error)
	Article(ctx context.Context, key news.Key) (news.Article, error)
	SourceFeeds(ctx context.Context) (map[news.Slug]news.Feed, error)
}

// Options are what is published, and how often the Press looks.
type Options struct {
	House     edition.House
	Channels  []news.Channel
	Sources   []news.Source
	Archive   Archive       // nil: feeds have no archive and no tombstones
	History   History       // nil: articles have no history to show
	Finder    Finder        // nil: authors and sections have no shelves, and nothing is searched
	Catalogue Catalogue     // nil: Addresses lists no articles
	Ledger    Ledger        // nil: what stood in editions is forgotten with the press
	NoSearch  bool          // nothing is searched, though there is a Finder
	Poll      time.Duration // between looks at the Revision; 0 means 250 ms
	Log       *slog.Logger
	Now       func() time.Time // the clock of answers

	// Callback answers the hubs of whatever feeds the shelf, at /websub/{token};
	// nil where nobody does.
	Callback http.Handler

	// Readers counts who reads our feeds; nil where nobody wants to know.
	Readers *Readers

	// Hub answers subscribers at POST /hub; nil where there is none.
	Hub http.Handler

	// Announce is told of shelves that have changed, and makes sure that whoever
	// is subscribed to them hears of it; nil where nobody is. Where it fails it is
	// told again.
	Announce func(ctx context.Context, list []news.Touched) error

	// Late keeps that something has changed at a time which no article tells, so
	// that those who start anew do not go behind it; nil where nobody does.
	Late func(ctx context.Context, at time.Time) error

	// Stuck is told once of each shelf that keeps its last edition because the
	// next one failed its checks; nil where nobody wants to know.
	Stuck func(ctx context.Context, shelf news.Shelf) error
}

// shelfPrints is how many sources' feeds are kept printed, and as many of
// authors and of sections. Channels always are.
const shelfPrints = 64

// A Press prints what changed.
type Press struct {
	shelf    Shelf
	pages    *page.Pages
	opt      Options
	sources  map[news.Slug]news.Source
	channels map[news.Slug]*channel
	wake     chan struct{}
	printed  atomic.Bool   // everything once
	first    chan struct{} // closed then
	ended    chan struct{} // closed when Run ends

	onDemand  map[news.ShelfKind]*recent[news.Shelf, *print] // by kind of shelf; not channels
	standings *recent[news.Shelf, standing]                  // of authors and sections
	contents  *recent[editionKey, feed.Contents]             // of editions of before
	touched   sync.Map                                       // news.Shelf → news.Touched, of channels and sources; read without a lock
	seen      atomic.Int64                                   // the newest news.Revision in touched
	index     atomic.Pointer[document]
	formerly  *document    // the index of the press before, as a stamp; set before Run
	since     time.Time    // of all that is printed, whatever changed; set before Run
	looked    atomic.Int64 // when the last look began of which all is printed, in microseconds; 0 before
	late      atomic.Int64 // what Options.Late has to keep, likewise

	mu     sync.Mutex // held by whoever prints one shelf; guards the rest
	feeds  feed.Printer
	stamps *recent[news.Shelf, *print] // of prints that have left memory: what the next one must not go behind
	faults map[news.Shelf]fault
	stale  bool // the index shows what is no longer so
}

// A channel is printed as long as we serve.
type channel struct {
	news.Channel
	print atomic.Pointer[print] // nil before the first
}

// A fault is why a shelf could not be printed.
type fault struct {
	text     string
	since    time.Time // it has been so
	revision news.Revision
	final    bool // the same articles will fail again
	told     bool // Options.Stuck knows
}

// unprintable is a fault of the articles, not of their store.
type unprintable struct{ error }

func (u unprintable) Unwrap() error { return u.error }

// NewPress makes a press. Nothing is printed before Run or the first request.
func NewPress(shelf Shelf, pages *page.Pages, opt Options) *Press {
	if opt.Poll == 0 {
		opt.Poll = 250 * time.Millisecond
	}
	p := &Press{
		shelf: shelf, pages: pages.With(opt.Channels), opt: opt,
		sources:   map[news.Slug]news.Source{},
		channels:  map[news.Slug]*channel{},
		wake:      make(chan struct{}, 1),
		first:     make(chan struct{}),
		ended:     make(chan struct{}),
		onDemand:  map[news.ShelfKind]*recent[news.Shelf, *print]{},
		standings: newRecent[news.Shelf, standing](mostStandings),
		contents:  newRecent[editionKey, feed.Contents](contentsKept),
		stamps:    newRecent[news.Shelf, *print](len(opt.Channels) + len(opt.Sources) + mostStandings),
		faults:    map[news.Shelf]fault{},
	}
	for _, kind := range []news.ShelfKind{news.SourceShelf, news.AuthorShelf, news.SectionShelf} {
		p.onDemand[kind] = newRecent[news.Shelf, *print](shelfPrints)
	}
	for _, s := range opt.Sources {
		s.URL = news.Public(s.URL) // it is published beside each article
		p.sources[s.Slug] = s
	}
	for _, c := range opt.Channels {
		p.channels[c.Slug] = &channel{Channel: c}
	}
	return p
}

// Appears says since when documents look as this press prints them: one that
// was printed before may differ, though none of its articles has changed. It is
// called before Run.
func (p *Press) Appears(since time.Time) { p.since = since }

// Follow has this press go on where another one ends, so that no Last-Modified
// goes backwards and no fault is told twice. It is called before Run.
func (p *Press) Follow(before *Press) {
	for shelf, stamp := range before.stamps.all() {
		p.stamps.put(shelf, stamp)
	}
	for slug, ch := range before.channels {
		if pr := ch.print.Load(); pr != nil && p.channels[slug] != nil {
			p.stamps.put(news.Shelf{Kind: news.ChannelShelf, Slug: slug}, pr.stamp())
		}
	}
	if d := before.index.Load(); d != nil {
		p.formerly = d.stamp()
	}
	p.late.Store(before.late.Load())
	before.mu.Lock()
	defer before.mu.Unlock()
	for shelf, f := range before.faults {
		if f.told && p.exists(shelf) { // it is tried anew, but the operator knows
			p.faults[shelf] = fault{since: f.since, told: true}
		}
	}
}

// settling is how long after a change a document that shows it is with readers,
// on whatever node: the pull has to be read, stored and printed.
const settling = 3 * time.Second

// modified is the Last-Modified of a document whose articles changed at t: the
// first second in which nobody can have read the document before it. Last-Modified
// counts seconds, so an earlier one could be that of the document before too, and
// who asks by it would miss the change. Being counted from the change alone, it is
// the same on any node and after any restart; that it is told by nobody who might
// not know of the next change yet is up to [document.dated].
func (p *Press) modified(t time.Time) time.Time {
	if t = later(t, p.since); t.IsZero() {
		return t
	}
	return t.Add(settling).Truncate(time.Second).Add(time.Second)
}

// lookedAt is when the last look began of which all is printed.
func (p *Press) lookedAt() time.Time {
	if at := p.looked.Load(); at != 0 {
		return time.UnixMicro(at)
	}
	return time.Time{}
}

// renew keeps the old document where its bytes still hold. The time of another one
// is that of the change, or now where the old one may have been told to be as new:
// the change took longer than it settles, or is none of an article. old may be nil,
// or a stamp.
func (p *Press) renew(old *document, contentType string, body []byte, changed time.Time) *document {
	modified := p.modified(changed)
	if old == nil {
		return newDocument(contentType, body, modified)
	}
	switch same := old.sum == sumOf(body); {
	case same && old.body != nil:
		return old
	case same:
		modified = old.modified
	case !modified.After(old.told(p.lookedAt())):
		now := p.opt.Now()
		p.late.Store(now.UnixMicro())
		modified = p.modified(now)
	}
	d := newDocument(contentType, body, modified)
	d.prepare(old)
	return d
}

// keepLate has kept what the store does not know by itself.
func (p *Press) keepLate(ctx context.Context) error {
	at := p.late.Load()
	if at == 0 || p.opt.Late == nil {
		return nil
	}
	if err := p.opt.Late(ctx, time.UnixMicro(at).UTC()); err != nil {
		return err
	}
	p.late.CompareAndSwap(at, 0)
	return nil
}

// Wake makes the press look at once.
func (p *Press) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// calm is the least time between two rounds of printing, so that a burst of
// pulls is printed together.
const calm = 50 * time.Millisecond

// Run prints every channel, and again whatever changes, until ctx ends. It is
// called once.
func (p *Press) Run(ctx context.Context) error {
	defer close(p.ended)
	tick := time.NewTicker(p.opt.Poll)
	defer tick.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	told := ""
	for {
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil
		}
		told = p.round(ctx, told)
		pause.Reset(calm)
		select {
		case <-tick.C:
		case <-p.wake:
		case <-ctx.Done():
			return nil
		}
	}
}

// round prints what changed; a fault that stays is told once.
func (p *Press) round(ctx context.Context, told string) string {
	err := p.Print(ctx)
	switch {
	case err == nil:
		return ""
	case ctx.Err() == nil && err.Error() != told:
		p.opt.Log.Error("cannot look for changes to print", "err", err)
	}
	return err.Error()
}

// Print prints the shelves that changed since the last call; at the first, all
// channels. A shelf that fails keeps its last edition.
func (p *Press) Print(ctx context.Context) error {
	began := p.opt.Now()
	if err := p.look(ctx); err != nil {
		return err
	}
	if due := p.due(); len(due) > 0 {
		feeds, err := p.shelf.SourceFeeds(ctx)
		if err != nil {
			return err
		}
		for _, shelf := range due {
			p.refresh(ctx, shelf, feeds)
		}
	}
	if err := p.printIndex(); err != nil {
		return err
	}
	if err := p.keepLate(ctx); err != nil {
		return err
	}
	p.looked.Store(began.UnixMicro())
	if !p.printed.Load() && p.complete() && p.printed.CompareAndSwap(false, true) {
		close(p.first)
	}
	return nil
}

// complete reports that every channel is printed, or never will be.
func (p *Press) complete() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for slug, ch := range p.channels {
		if ch.print.Load() == nil && !p.faults[news.Shelf{Kind: news.ChannelShelf, Slug: slug}].final {
			return false
		}
	}
	return true
}

// look notes which shelves have changed.
func (p *Press) look(ctx context.Context) error {
	seen := p.seen.Load()
	list, err := p.shelf.Touched(ctx, news.Revision(seen))
	if err != nil {
		return err
	}
	if p.opt.Announce != nil && len(list) > 0 { // before they count as seen, so that none goes untold
		if err := p.opt.Announce(ctx, list); err != nil {
			return err
		}
	}
	if len(list) > 0 {
		if err := p.lookAtNamed(ctx); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, t := range list {
		if p.newest(t.Shelf).Revision < t.Revision {
			p.touched.Store(t.Shelf, t)
		}
		seen = max(seen, int64(t.Revision))
	}
	p.seen.Store(max(seen, p.seen.Load()))
	return nil
}

// due are the shelves whose print is older than their newest change. One that is
// printed on demand, and that nobody has read since, is let go instead: it is
// printed again for its next reader.
func (p *Press) due() []news.Shelf {
	var out []news.Shelf
	for _, ch := range p.opt.Channels { // as the operator ordered them
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}
		if pr := p.lookup(shelf); pr == nil || pr.revision < p.newest(shelf).Revision {
			out = append(out, shelf)
		}
	}
	for _, prints := range p.onDemand {
		for shelf, pr := range prints.all() {
			switch {
			case pr.revision >= p.newest(shelf).Revision:
			case pr.asked.Load():
				out = append(out, shelf)
			default:
				prints.drop(shelf)
			}
		}
	}
	return out
}

// refresh prints a shelf; a fault is told by whoever notes it.
func (p *Press) refresh(ctx context.Context, shelf news.Shelf, feeds map[news.Slug]news.Feed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pr := p.lookup(shelf); pr != nil && pr.revision >= p.newest(shelf).Revision {
		return // somebody else has printed it meanwhile
	}
	_ = p.reprint(ctx, shelf, feeds)
}

func (p *Press) lookup(shelf news.Shelf) *print {
	if prints, ok := p.onDemand[shelf.Kind]; ok {
		pr, _ := prints.get(shelf)
		return pr
	}
	if ch := p.channels[shelf.Slug]; ch != nil {
		return ch.print.Load()
	}
	return nil
}

// newest is the newest change on a shelf; the zero value when there was none.
func (p *Press) newest(shelf news.Shelf) news.Touched {
	if named(shelf) {
		st, _ := p.standings.get(shelf)
		return st.Touched
	}
	if v, ok := p.touched.Load(shelf); ok {
		return v.(news.Touched)
	}
	return news.Touched{}
}

// latest is the newest change of all: what no longer stands where it was found
// leaves no other date.
func (p *Press) latest() time.Time {
	var at time.Time
	p.touched.Range(func(_, t any) bool {
		at = later(at, t.(news.Touched).At)
		return true
	})
	return at
}

// Unprintable is how many shelves keep their last edition because the next one
// could not be printed.
func (p *Press) Unprintable() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.faults)
}

// Ready reports that every channel has been printed, but for those that cannot
// be: one bad channel does not keep the others from readers.
func (p *Press) Ready() bool { return p.printed.Load() }

// Await returns when the press is ready, or has ended, or ctx ends.
func (p *Press) Await(ctx context.Context) {
	select {
	case <-p.first:
	case <-p.ended:
	case <-ctx.Done():
	}
}

// get is a shelf's print. Whoever asks for one that is printed never waits and
// never makes work for the database, even if the press is behind. Sources are
// printed when they are first asked for.
func (p *Press) get(ctx context.Context, shelf news.Shelf) (*print, error) {
	if pr := p.lookup(shelf); pr != nil {
		pr.ask()
		return pr, nil
	}
	if named(shelf) {
		if err := p.stand(ctx, shelf); err != nil {
			return nil, err
		}
	} else if !p.exists(shelf) {
		return nil, errNotFound
	}
	began := p.opt.Now()
	if err := p.look(ctx); err != nil { // else its first print would know no date
		return nil, err
	}
	feeds, err := p.shelf.SourceFeeds(ctx)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if pr := p.lookup(shelf); pr != nil { // somebody else has printed it meanwhile
		return pr, nil
	}
	if err := p.reprint(ctx, shelf, feeds); err != nil {
		return nil, err
	}
	p.looked.CompareAndSwap(0, began.UnixMicro()) // the first there is
	pr := p.lookup(shelf)
	pr.ask()
	return pr, nil
}

func (p *Press) exists(shelf news.Shelf) bool {
	if shelf.Kind == news.SourceShelf {
		_, ok := p.sources[shelf.Slug]
		return ok
	}
	return p.channels[shelf.Slug] != nil
}

// note keeps why a shelf could not be printed, and tells of it once. The caller
// holds mu.
func (p *Press) note(ctx context.Context, shelf news.Shelf, f fault) {
	before := p.faults[shelf]
	if f.told = before.told; f.told {
		f.since = before.since
	}
	if before.text != f.text && ctx.Err() == nil {
		p.opt.Log.Error("a shelf could not be printed; its last edition stays", "kind", shelf.Kind, "shelf", shelf.Slug, "err", f.text)
	}
	p.faults[shelf] = f
	if !f.final || f.told || p.opt.Stuck == nil {
		return
	}
	if err := p.opt.Stuck(ctx, shelf); err != nil {
		p.opt.Log.Error("an alert could not be queued", "kind", shelf.Kind, "shelf", shelf.Slug, "err", err)
		return
	}
	f.told = true
	p.faults[shelf] = f
}

// Fault is why a shelf keeps its last edition and since when; empty where it does
// not.
func (p *Press) Fault(shelf news.Shelf) (text string, since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f := p.faults[shelf]
	if !f.final {
		return "", time.Time{}
	}
	return f.text, f.since
}

// reprint takes the place of a shelf's print. The caller holds mu.
func (p *Press) reprint(ctx context.Context, shelf news.Shelf, feeds map[news.Slug]news.Feed) error {
	revision := p.newest(shelf).Revision
	if f, ok := p.faults[shelf]; ok && f.final && f.revision == revision {
		return unprintable{errors.New(f.text)}
	}
	next, err := p.render(ctx, shelf, feeds)
	if err != nil {
		p.note(ctx, shelf, fault{text: err.Error(), since: p.opt.Now(), revision: revision, final: errors.As(err, new(unprintable))})
		return err
	}
	delete(p.faults, shelf)
	if prints, ok := p.onDemand[shelf.Kind]; ok {
		p.stamps.put(shelf, next.stamp())
		prints.put(shelf, next)
		return nil
	}
	old := p.channels[shelf.Slug].print.Swap(next)
	if old != nil {
		close(old.replaced)
	}
	p.stale = p.stale || old == nil || !bytes.Equal(old.section, next.section)
	return nil
}

// printIndex prints the page of all channels, if what it shows has changed.
func (p *Press) printIndex() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.stale && p.index.Load() != nil {
		return nil
	}
	var sections [][]byte
	var newest, modified time.Time
	for _, ch := range p.opt.Channels {
		if pr := p.channels[ch.Slug].print.Load(); pr != nil {
			sections = append(sections, pr.section)
			newest, modified = later(newest, pr.newest), later(modified, pr.changed)
		}
	}
	body, err := p.pages.Index(sections, newest)
	if err != nil {
		return err
	}
	p.index.Store(p.renew(cmp.Or(p.index.Load(), p.formerly), htmlType, body, modified))
	p.stale = false
	return nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
