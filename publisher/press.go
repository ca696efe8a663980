package publisher

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
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
	House    edition.House
	Channels []news.Channel
	Sources  []news.Source
	Poll     time.Duration // between looks at the Revision; 0 means 250 ms
	Log      *slog.Logger
}

// sourceLimit is how many articles the feed of one source holds.
const sourceLimit = 50

// A Press prints what changed.
type Press struct {
	shelf    Shelf
	pages    *page.Pages
	opt      Options
	sources  map[news.Slug]news.Source
	channels map[news.Slug]news.Channel
	wake     chan struct{}
	printed  atomic.Bool // everything once

	prints  sync.Map // news.Shelf → *print; read without a lock
	touched sync.Map // news.Shelf → news.Touched; read without a lock
	index   atomic.Pointer[document]

	mu     sync.Mutex // held by whoever prints; guards the rest
	since  news.Revision
	faulty map[news.Shelf]string // what each shelf failed with, so that it is told once
}

// A print is one shelf's edition in every format.
type print struct {
	headlines             *edition.Edition // the first few, for the index
	rss, atom, json, html *document
	revision              news.Revision
}

// NewPress makes a press. Nothing is printed before Run or the first request.
func NewPress(shelf Shelf, pages *page.Pages, opt Options) *Press {
	if opt.Poll == 0 {
		opt.Poll = 250 * time.Millisecond
	}
	p := &Press{
		shelf: shelf, pages: pages, opt: opt,
		sources:  map[news.Slug]news.Source{},
		channels: map[news.Slug]news.Channel{},
		wake:     make(chan struct{}, 1),
		faulty:   map[news.Shelf]string{},
	}
	for _, s := range opt.Sources {
		p.sources[s.Slug] = s
	}
	for _, c := range opt.Channels {
		p.channels[c.Slug] = c
	}
	return p
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

// Run prints every channel, and again whatever changes, until ctx ends.
func (p *Press) Run(ctx context.Context) error {
	tick := time.NewTicker(p.opt.Poll)
	defer tick.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil
		}
		if err := p.Print(ctx); err != nil && ctx.Err() == nil {
			p.opt.Log.Error("cannot look for changes to print", "err", err)
		}
		pause.Reset(calm)
		select {
		case <-tick.C:
		case <-p.wake:
		case <-ctx.Done():
			return nil
		}
	}
}

// Print prints the channels that changed since the last call; at the first,
// all of them.
func (p *Press) Print(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	list, err := p.shelf.Touched(ctx, p.since)
	if err != nil {
		return err
	}
	for _, t := range list {
		p.touched.Store(t.Shelf, t)
		p.since = max(p.since, t.Revision)
	}
	var stale []news.Shelf
	for _, ch := range p.opt.Channels {
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}
		if pr := p.lookup(shelf); pr == nil || pr.revision < p.newest(shelf).Revision {
			stale = append(stale, shelf)
		}
	}
	if len(stale) > 0 {
		if err := p.printAll(ctx, stale); err != nil {
			return err
		}
	}
	if len(stale) > 0 || p.index.Load() == nil {
		return p.printIndex()
	}
	return nil
}

// printAll prints shelves; one that fails keeps its last edition.
func (p *Press) printAll(ctx context.Context, shelves []news.Shelf) error {
	feeds, err := p.shelf.SourceFeeds(ctx)
	if err != nil {
		return err
	}
	complete := true
	for _, shelf := range shelves {
		if err := p.reprint(ctx, shelf, feeds); err != nil {
			p.complain(ctx, shelf, err)
			complete = complete && p.lookup(shelf) != nil
			continue
		}
		delete(p.faulty, shelf)
	}
	if complete {
		p.printed.Store(true)
	}
	return nil
}

// complain tells of a shelf that could not be printed, once for each fault.
func (p *Press) complain(ctx context.Context, shelf news.Shelf, err error) {
	if ctx.Err() != nil || p.faulty[shelf] == err.Error() {
		return
	}
	p.faulty[shelf] = err.Error()
	p.opt.Log.Error("a shelf could not be printed; its last edition stays", "kind", shelf.Kind, "shelf", shelf.Slug, "err", err)
}

func (p *Press) lookup(shelf news.Shelf) *print {
	if v, ok := p.prints.Load(shelf); ok {
		return v.(*print)
	}
	return nil
}

// newest is the newest change on a shelf; the zero value when there was none.
func (p *Press) newest(shelf news.Shelf) news.Touched {
	if v, ok := p.touched.Load(shelf); ok {
		return v.(news.Touched)
	}
	return news.Touched{}
}

// Ready reports that every channel has been printed.
func (p *Press) Ready() bool { return p.printed.Load() || len(p.opt.Channels) == 0 }

// get is a shelf's print. Sources are printed when they are first asked for,
// and again when they are asked for after a change.
func (p *Press) get(ctx context.Context, shelf news.Shelf) (*print, error) {
	pr := p.lookup(shelf)
	if pr != nil && (shelf.Kind == news.ChannelShelf || pr.revision >= p.newest(shelf).Revision) {
		return pr, nil
	}
	if !p.exists(shelf) {
		return nil, errNotFound
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if pr = p.lookup(shelf); pr != nil && pr.revision >= p.newest(shelf).Revision {
		return pr, nil
	}
	feeds, err := p.shelf.SourceFeeds(ctx)
	if err == nil {
		err = p.reprint(ctx, shelf, feeds)
	}
	if err == nil {
		return p.lookup(shelf), nil
	}
	if pr == nil {
		return nil, err
	}
	p.complain(ctx, shelf, err)
	return pr, nil
}

func (p *Press) exists(shelf news.Shelf) bool {
	if shelf.Kind == news.SourceShelf {
		_, ok := p.sources[shelf.Slug]
		return ok
	}
	_, ok := p.channels[shelf.Slug]
	return ok
}

// reprint takes the place of a shelf's print. The caller holds mu.
func (p *Press) reprint(ctx context.Context, shelf news.Shelf, feeds map[news.Slug]news.Feed) error {
	e, err := p.edition(ctx, shelf, feeds)
	if err != nil {
		return err
	}
	next := &print{headlines: headlines(e), revision: e.Revision}
	old := p.lookup(shelf)
	if old == nil {
		old = &print{}
	}
	for _, f := range []struct {
		name, contentType string
		render            func(*edition.Edition) ([]byte, error)
		old               *document
		to                **document
	}{
		{"rss", "application/rss+xml; charset=utf-8", feed.RSS, old.rss, &next.rss},
		{"atom", "application/atom+xml; charset=utf-8", feed.Atom, old.atom, &next.atom},
		{"json", "application/feed+json; charset=utf-8", feed.JSON, old.json, &next.json},
		{"html", htmlType, p.pages.Channel, old.html, &next.html},
	} {
		body, err := f.render(e)
		if err != nil {
			return fmt.Errorf("print %s as %s: %w", shelf.Slug, f.name, err)
		}
		*f.to = renew(f.old, f.contentType, body, e.Changed)
	}
	p.prints.Store(shelf, next)
	return nil
}

// onIndex is how many headlines of a channel the index shows.
const onIndex = 6

// headlines is an edition as far as the index shows it, so that the texts need
// not be kept.
func headlines(e *edition.Edition) *edition.Edition {
	short := *e
	short.Articles = nil
	for _, a := range e.Articles[:min(len(e.Articles), onIndex)] {
		a.ContentHTML = ""
		short.Articles = append(short.Articles, a)
	}
	return &short
}

const htmlType = "text/html; charset=utf-8"

// renew keeps the old document where its bytes still hold, and never lets
// Last-Modified go backwards.
func renew(old *document, contentType string, body []byte, modified time.Time) *document {
	if old != nil {
		if bytes.Equal(old.body, body) {
			return old
		}
		// Last-Modified counts seconds: other bytes need another second, or a
		// client that asks by date would never see them.
		if next := old.modified.Add(time.Second); modified.Before(next) {
			modified = next
		}
	}
	return newDocument(contentType, body, modified)
}

// edition gathers a shelf's articles as they stand now.
func (p *Press) edition(ctx context.Context, shelf news.Shelf, feeds map[news.Slug]news.Feed) (*edition.Edition, error) {
	ch := p.channels[shelf.Slug]
	if shelf.Kind == news.SourceShelf {
		src := p.sources[shelf.Slug]
		ch = news.Channel{Slug: src.Slug, Title: src.Name, Description: "Articles of " + src.Name + ", in house style", Language: src.Language, Limit: sourceLimit}
	}
	keys, err := p.pick(ctx, shelf, ch)
	if err != nil {
		return nil, err
	}
	list, err := p.shelf.Articles(ctx, keys)
	if err != nil {
		return nil, err
	}
	t := p.newest(shelf)
	e := &edition.Edition{
		House: p.opt.House, Shelf: shelf, Title: ch.Title, Description: ch.Description, Language: ch.Language,
		Sources: map[news.Slug]edition.Source{}, Changed: t.At, Revision: t.Revision,
	}
	for _, a := range list {
		src := p.source(a.Source)
		e.Sources[a.Source] = edition.Source{Source: src, Feed: feeds[a.Source]}
		e.Articles = append(e.Articles, edition.Cut(a, src.Republish))
		if a.Updated.After(e.Updated) {
			e.Updated = a.Updated
		}
	}
	return e, nil
}

// source is what the config says of a source; of one that has left it, only
// its name remains.
func (p *Press) source(slug news.Slug) news.Source {
	if s, ok := p.sources[slug]; ok {
		return s
	}
	return news.Source{Slug: slug, Name: string(slug), Republish: news.RepublishExcerpt}
}

// deepest is how many candidates an edition is picked from at most: where a
// few sources fill a channel and each is capped, more would not help.
const deepest = 10_000

// pick reads candidates until they fill the edition, or can fill it no more.
func (p *Press) pick(ctx context.Context, shelf news.Shelf, ch news.Channel) ([]news.Key, error) {
	if most := len(ch.Sources) * ch.PerSource; most > 0 {
		ch.Limit = min(ch.Limit, most)
	}
	for n := ch.Limit; ; n *= 4 {
		candidates, err := p.shelf.Placements(ctx, shelf, n)
		if err != nil {
			return nil, err
		}
		keys, enough := edition.Select(ch, candidates)
		if enough || len(candidates) < n || n >= deepest {
			return keys, nil
		}
	}
}

// printIndex prints the page of all channels.
func (p *Press) printIndex() error {
	var list []*edition.Edition
	modified := time.Time{}
	for _, ch := range p.opt.Channels {
		if pr := p.lookup(news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}); pr != nil {
			list = append(list, pr.headlines)
			if pr.headlines.Changed.After(modified) {
				modified = pr.headlines.Changed
			}
		}
	}
	body, err := p.pages.Index(list)
	if err != nil {
		return err
	}
	p.index.Store(renew(p.index.Load(), htmlType, body, modified))
	return nil
}
