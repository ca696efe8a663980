package publisher

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// A print is one shelf's edition in every format.
type print struct {
	rss, atom, json, html *document
	fresh                 time.Duration // how long the feeds may be taken for fresh
	cache                 []string      // the header that says so
	section               []byte        // of the index; nil of a source
	newest                time.Time
	changed               time.Time
	revision              news.Revision
	older                 string      // the archive document that the feeds lead to; empty: none
	asked                 atomic.Bool // somebody has read it
	untold                []news.Told // what was told by now and the ledger could not note
	memory                memory
	events                events
	replaced              chan struct{} // closed when another print has taken its place
}

// ask notes a reader; written once, so that readers do not fight for its cache
// line.
func (pr *print) ask() {
	if !pr.asked.Load() {
		pr.asked.Store(true)
	}
}

// documents are all that is printed of it.
func (pr *print) documents() documents {
	return documents{"rss": pr.rss, "atom": pr.atom, "json": pr.json, "html": pr.html}
}

// render prints a shelf in every format, as it stands now. An article that one of the
// printers breaks on keeps the last edition of its shelf, and takes nothing else down.
func (p *Press) render(ctx context.Context, shelf news.Shelf) (next *print, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			p.opt.Log.Error("a shelf broke its printer", "kind", shelf.Kind, "shelf", shelf.Slug, "fault", fault, "stack", string(debug.Stack()))
			err = unprintable{fmt.Errorf("print %s: %v", shelf.Slug, fault)}
		}
	}()
	e, err := p.edition(ctx, shelf)
	if err != nil {
		return nil, err
	}
	old := p.lookup(shelf)
	if old == nil {
		old = &print{}
	}
	next = &print{replaced: make(chan struct{}), changed: e.Changed, revision: e.Revision, older: e.Older, fresh: edition.Fresh(e.Articles)}
	next.cache = freshFor(next.fresh)
	for _, f := range []struct {
		format string
		old    *document
		to     **document
	}{{"rss", old.rss, &next.rss}, {"atom", old.atom, &next.atom}, {"json", old.json, &next.json}} {
		if *f.to, err = p.renderFeed(e, f.format, f.old); err != nil {
			return nil, unprintable{fmt.Errorf("print %s as %s: %w", shelf.Slug, f.format, err)}
		}
	}
	body, err := p.pages.Channel(e)
	if err != nil {
		return nil, unprintable{fmt.Errorf("print %s as page: %w", shelf.Slug, err)}
	}
	next.html = take(old.html, htmlType, body)
	if shelf.Kind == news.ChannelShelf {
		if next.section, next.newest, err = p.section(e); err != nil {
			return nil, err
		}
	}
	p.keep(ctx, shelf, next, old)
	dated := p.date(ctx, shelf, e.Revision, e.Changed, next.documents(), old.documents())
	next.rss, next.atom, next.json, next.html = dated["rss"], dated["atom"], dated["json"], dated["html"]
	return next, nil
}

// renderFeed prints an edition in one format. What did not change is taken over
// from the old document, and all of it where nothing did.
func (p *Press) renderFeed(e *edition.Edition, format string, old *document) (*document, error) {
	var known *feed.Document
	if old != nil && old.deltas != nil {
		known = old.deltas.doc
	}
	doc, err := p.feeds.Print(format, e, known)
	if err != nil {
		return nil, err
	}
	ds := newDeltas(e.Shelf, doc)
	d := take(old, contentTypes[format], doc.Body)
	if d == old && d.edition == ds.edition() {
		return d, nil
	}
	if d == old { // the same bytes, but they hold what this format does not tell
		d = newDocument(contentTypes[format], doc.Body, time.Time{})
		d.prepare(old)
	}
	d.with(ds)
	d.link = linkHeader(e, format)
	if format != "json" {
		d.shown = d.as("text/xml; charset=utf-8", "-shown") // a person: browsers style no other XML
	}
	return d, nil
}

// section is what the index shows of a channel, and when the newest of it was
// published. The first channel leads.
func (p *Press) section(e *edition.Edition) (section []byte, newest time.Time, err error) {
	section, err = p.pages.Section(e, p.opt.Channels[0].Slug == e.Shelf.Slug)
	if err != nil {
		return nil, newest, unprintable{fmt.Errorf("print %s for the index: %w", e.Shelf.Slug, err)}
	}
	for _, a := range e.Articles {
		newest = later(newest, a.Published.At)
	}
	return section, newest, nil
}

const htmlType = "text/html; charset=utf-8"

// shelfLimit is how many articles the feed of one source, author or section
// holds.
const shelfLimit = 50

// edition gathers a shelf's articles as they stand now.
func (p *Press) edition(ctx context.Context, shelf news.Shelf) (*edition.Edition, error) {
	t := p.newest(shelf)
	ch := p.describe(shelf)
	keys, candidates, err := p.pick(ctx, shelf, ch)
	if err != nil {
		return nil, err
	}
	list, err := p.shelf.Articles(ctx, keys)
	if err != nil {
		return nil, err
	}
	e := p.blank(shelf, ch)
	if named(shelf) {
		e.House.Hub = "" // it pushes channels and sources
	}
	e.Changed, e.Revision, e.Marks = t.At, t.Revision, make(map[news.Key]news.Revision, len(candidates))
	for _, c := range candidates {
		e.Marks[c.Article], e.Ordered = c.Revision, c.Ordered
	}
	for _, a := range list {
		if a.Withdrawn { // since its place was read
			continue
		}
		if err := p.add(ctx, e, a); err != nil {
			return nil, err
		}
	}
	return e, p.remember(ctx, e)
}

// blank is a shelf's edition without articles.
func (p *Press) blank(shelf news.Shelf, ch news.Channel) *edition.Edition {
	house := p.opt.House
	if !pushed(shelf) {
		house.Hub = ""
	}
	return &edition.Edition{
		House: house, Shelf: shelf, Title: ch.Title, Description: ch.Description, Language: ch.Language,
		Sources: map[news.Slug]edition.Source{},
	}
}

// add puts an article into an edition, as far as its source's rights allow.
func (p *Press) add(ctx context.Context, e *edition.Edition, a news.Article) error {
	src, err := p.source(ctx, a.Source)
	if err != nil {
		return err
	}
	e.Sources[a.Source] = src
	e.Articles = append(e.Articles, edition.Cut(a, src.Republish))
	e.Updated = later(e.Updated, a.Updated)
	return nil
}

// describe is a shelf as a channel: the others are ones that take everything of
// their own.
func (p *Press) describe(shelf news.Shelf) news.Channel {
	switch shelf.Kind {
	case news.ChannelShelf:
		return p.channels[shelf.Slug].Channel
	case news.AuthorShelf, news.SectionShelf:
		return p.describeNamed(shelf)
	}
	src := (*p.sources.Load())[shelf.Slug]
	return news.Channel{Slug: src.Slug, Title: src.Name, Description: "Articles of " + src.Name + ", in house style", Language: src.Language, Limit: shelfLimit}
}

// learn asks the shelf for what it knows of sources.
func (p *Press) learn(ctx context.Context) error {
	known, err := p.shelf.Origins(ctx)
	if err != nil {
		return fmt.Errorf("what is known of sources: %w", err)
	}
	p.known.Store(&known)
	return nil
}

// source is what the config says of a source, or said when it last named it. Of
// one of which nobody kept what it said, no more leaves the house than may of any.
func (p *Press) source(ctx context.Context, slug news.Slug) (edition.Source, error) {
	src, named := (*p.sources.Load())[slug]
	origin, known := (*p.known.Load())[slug]
	if !named && !known { // another node's, and new
		if err := p.learn(ctx); err != nil {
			return edition.Source{}, err
		}
		origin = (*p.known.Load())[slug]
	}
	if !named {
		src = origin.Source
		src.Slug, src.Name, src.Republish = slug, cmp.Or(src.Name, string(slug)), cmp.Or(src.Republish, news.RepublishHeadline)
	}
	return edition.Source{Source: src, Feed: origin.Feed, Former: !named}, nil
}

// pick reads candidates until they fill the edition, or can fill it no more.
func (p *Press) pick(ctx context.Context, shelf news.Shelf, ch news.Channel) (keys []news.Key, candidates []news.Placement, err error) {
	if most := len(ch.Sources) * ch.PerSource; most > 0 {
		ch.Limit = min(ch.Limit, most)
	}
	for n := ch.Limit; ; n *= 4 {
		if candidates, err = p.shelf.Placements(ctx, shelf, n); err != nil {
			return nil, nil, err
		}
		var enough bool
		if keys, enough = edition.Select(ch, candidates); enough || len(candidates) < n || n >= edition.Deepest {
			return keys, candidates, nil
		}
	}
}
