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

	mu      sync.Mutex // guards the rest, except that prints are read without it
	since   news.Revision
	prints  sync.Map // news.Shelf → *print
	touched map[news.Shelf]news.Touched
	index   atomic.Pointer[document]
}

// A print is one shelf's edition in every format.
type print struct {
	edition               *edition.Edition
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
		touched:  map[news.Shelf]news.Touched{},
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

// Run prints every channel, and again whatever changes, until ctx ends.
func (p *Press) Run(ctx context.Context) error {
	tick := time.NewTicker(p.opt.Poll)
	defer tick.Stop()
	for {
		if err := p.Print(ctx); err != nil && ctx.Err() == nil {
			p.opt.Log.Error("cannot look for changes to print", "err", err)
		}
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
		p.touched[t.Shelf] = t
		p.since = max(p.since, t.Revision)
	}
	changed := false
	for _, ch := range p.opt.Channels {
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}
		if pr := p.lookup(shelf); pr != nil && pr.revision >= p.touched[shelf].Revision {
			continue
		}
		if err := p.reprint(ctx, shelf); err != nil {
			p.opt.Log.Error("a channel could not be printed; its last edition stays", "channel", ch.Slug, "err", err)
			continue
		}
		changed = true
	}
	if changed || p.index.Load() == nil {
		if err := p.printIndex(); err != nil {
			return err
		}
	}
	p.printed.Store(true)
	return nil
}

func (p *Press) lookup(shelf news.Shelf) *print {
	if v, ok := p.prints.Load(shelf); ok {
		return v.(*print)
	}
	return nil
}

// Ready reports that everything has been printed once.
func (p *Press) Ready() bool { return p.printed.Load() }

// get is a shelf's print. Sources are printed when they are first asked for,
// and again when they are asked for after a change.
func (p *Press) get(ctx context.Context, shelf news.Shelf) (*print, error) {
	pr := p.lookup(shelf)
	if shelf.Kind == news.ChannelShelf && pr != nil {
		return pr, nil
	}
	if !p.exists(shelf) {
		return nil, errNotFound
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if pr = p.lookup(shelf); pr != nil && pr.revision >= p.touched[shelf].Revision {
		return pr, nil
	}
	if err := p.reprint(ctx, shelf); err != nil {
		if pr != nil {
			p.opt.Log.Error("a shelf could not be printed; its last edition stays", "shelf", shelf.Slug, "err", err)
			return pr, nil
		}
		return nil, err
	}
	return p.lookup(shelf), nil
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
func (p *Press) reprint(ctx context.Context, shelf news.Shelf) error {
	e, err := p.edition(ctx, shelf)
	if err != nil {
		return err
	}
	next := &print{edition: e, revision: e.Revision}
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

const htmlType = "text/html; charset=utf-8"

// renew keeps the old document where its bytes still hold, and never lets
// Last-Modified go backwards.
func renew(old *document, contentType string, body []byte, modified time.Time) *document {
	if old != nil {
		if bytes.Equal(old.plain.body, body) {
			return old
		}
		if modified.Before(old.modified) {
			modified = old.modified
		}
	}
	return newDocument(contentType, body, modified)
}

// edition gathers a shelf's articles as they stand now.
func (p *Press) edition(ctx context.Context, shelf news.Shelf) (*edition.Edition, error) {
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
	feeds, err := p.shelf.SourceFeeds(ctx)
	if err != nil {
		return nil, err
	}
	t := p.touched[shelf]
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

// pick reads candidates until they fill the edition or end.
func (p *Press) pick(ctx context.Context, shelf news.Shelf, ch news.Channel) ([]news.Key, error) {
	for n := ch.Limit; ; n *= 4 {
		candidates, err := p.shelf.Placements(ctx, shelf, n)
		if err != nil {
			return nil, err
		}
		keys, enough := edition.Select(ch, candidates)
		if enough || len(candidates) < n {
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
			list = append(list, pr.edition)
			if pr.edition.Changed.After(modified) {
				modified = pr.edition.Changed
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
