package publisher

import (
	"bytes"
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
	// Origins are all sources that articles have come from, those among them that
	// the config names no more.
	Origins(ctx context.Context) (map[news.Slug]news.Origin, error)
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
	Snapshot  bool          // documents are read later: what has changed this moment is dated, too
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
	sources  atomic.Pointer[map[news.Slug]news.Source] // of the config
	known    atomic.Pointer[map[news.Slug]news.Origin] // as the shelf had them last
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
	since     time.Time    // of all that is printed, whatever changed; set before Run
	looked    atomic.Int64 // when the last look began of which all is printed, in microseconds; 0 before
	late      atomic.Int64 // what Options.Late has to keep, likewise

	mu     sync.Mutex // held by whoever prints one shelf; guards the rest
	feeds  feed.Printer
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
		channels:  map[news.Slug]*channel{},
		wake:      make(chan struct{}, 1),
		first:     make(chan struct{}),
		ended:     make(chan struct{}),
		onDemand:  map[news.ShelfKind]*recent[news.Shelf, *print]{},
		standings: newRecent[news.Shelf, standing](mostStandings),
		contents:  newRecent[editionKey, feed.Contents](contentsKept),
		faults:    map[news.Shelf]fault{},
	}
	for _, kind := range []news.ShelfKind{news.SourceShelf, news.AuthorShelf, news.SectionShelf} {
		p.onDemand[kind] = newRecent[news.Shelf, *print](shelfPrints)
	}
	p.Heed(opt.Sources)
	p.known.Store(&map[news.Slug]news.Origin{})
	for _, c := range opt.Channels {
		p.channels[c.Slug] = &channel{Channel: c}
	}
	return p
}

// Heed has the press go by what another config says of sources. It is told so
// before anything is pulled by that config, so that what comes is not printed by
// the rights, nor under the names, of the one before.
func (p *Press) Heed(sources []news.Source) {
	named := make(map[news.Slug]news.Source, len(sources))
	for _, s := range sources {
		s.URL = news.Public(s.URL) // it is published beside each article
		named[s.Slug] = s
	}
	p.sources.Store(&named)
}

// Appears says since when documents look as this press prints them: one that was
// printed before, and that the ledger does not know, may differ though none of its
// articles has changed. It is called before Run.
func (p *Press) Appears(since time.Time) { p.since = since }

// Follow has this press go on where another one ends, so that no fault is told
// twice. It is called before Run.
func (p *Press) Follow(before *Press) {
	p.late.Store(before.late.Load())
	before.mu.Lock()
	defer before.mu.Unlock()
	for shelf, f := range before.faults {
		if f.told && p.exists(shelf) { // it is tried anew, but the operator knows
			p.faults[shelf] = fault{since: f.since, told: true}
		}
	}
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
		if err := p.learn(ctx); err != nil {
			return err
		}
		for _, shelf := range due {
			p.refresh(ctx, shelf)
		}
	}
	if err := p.printIndex(ctx); err != nil {
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
func (p *Press) refresh(ctx context.Context, shelf news.Shelf) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if pr := p.lookup(shelf); pr != nil && pr.revision >= p.newest(shelf).Revision {
		return // somebody else has printed it meanwhile
	}
	_ = p.reprint(ctx, shelf)
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
	if err := p.learn(ctx); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if pr := p.lookup(shelf); pr != nil { // somebody else has printed it meanwhile
		return pr, nil
	}
	if err := p.reprint(ctx, shelf); err != nil {
		return nil, err
	}
	p.looked.CompareAndSwap(0, began.UnixMicro()) // the first there is
	if named(shelf) {                             // a look meanwhile did not know that it is kept
		if err := p.stand(ctx, shelf); err != nil {
			return nil, err
		}
	}
	pr := p.lookup(shelf)
	pr.ask()
	return pr, nil
}

func (p *Press) exists(shelf news.Shelf) bool {
	if shelf.Kind == news.SourceShelf {
		_, ok := (*p.sources.Load())[shelf.Slug]
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
func (p *Press) reprint(ctx context.Context, shelf news.Shelf) error {
	revision := p.newest(shelf).Revision
	if f, ok := p.faults[shelf]; ok && f.final && f.revision == revision {
		return unprintable{errors.New(f.text)}
	}
	next, err := p.render(ctx, shelf)
	if err != nil {
		p.note(ctx, shelf, fault{text: err.Error(), since: p.opt.Now(), revision: revision, final: errors.As(err, new(unprintable))})
		return err
	}
	delete(p.faults, shelf)
	if prints, ok := p.onDemand[shelf.Kind]; ok {
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
func (p *Press) printIndex(ctx context.Context) error {
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
	old := p.index.Load()
	next := take(old, htmlType, body)
	p.index.Store(p.date(ctx, news.Shelf{}, news.Revision(p.seen.Load()), modified, documents{"html": next}, documents{"html": old})["html"])
	p.stale = false
	return nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
