package publisher

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// A print is one shelf's edition in every format.
type print struct {
	rss, atom, json, html *document
	section               []byte // of the index; nil of a source
	newest                time.Time
	changed               time.Time
	revision              news.Revision
	asked                 atomic.Bool // somebody has read it
}

// ask notes a reader; written once, so that readers do not fight for its cache
// line.
func (pr *print) ask() {
	if !pr.asked.Load() {
		pr.asked.Store(true)
	}
}

// stamp is what must outlive a print that leaves memory.
func (pr *print) stamp() *print {
	return &print{rss: pr.rss.stamp(), atom: pr.atom.stamp(), json: pr.json.stamp(), html: pr.html.stamp()}
}

// render prints a shelf in every format, as it stands now.
func (p *Press) render(ctx context.Context, shelf news.Shelf, feeds map[news.Slug]news.Feed) (*print, error) {
	e, err := p.edition(ctx, shelf, feeds)
	if err != nil {
		return nil, err
	}
	old := p.lookup(shelf)
	if old == nil {
		old = p.stamps[shelf]
	}
	if old == nil {
		old = &print{}
	}
	next := &print{changed: e.Changed, revision: e.Revision}
	for _, f := range []struct {
		format, contentType string
		render              func(*edition.Edition) ([]byte, error)
		old                 *document
		to                  **document
	}{
		{"rss", "application/rss+xml; charset=utf-8", feed.RSS, old.rss, &next.rss},
		{"atom", "application/atom+xml; charset=utf-8", feed.Atom, old.atom, &next.atom},
		{"json", "application/feed+json; charset=utf-8", feed.JSON, old.json, &next.json},
		{"", htmlType, p.pages.Channel, old.html, &next.html},
	} {
		body, err := f.render(e)
		if err != nil {
			return nil, unprintable{fmt.Errorf("print %s as %s: %w", shelf.Slug, cmp.Or(f.format, "page"), err)}
		}
		d := renew(f.old, f.contentType, body, e.Changed)
		if d != f.old && f.format != "" {
			d.link = []string{"<" + p.opt.House.FeedURL(shelf, f.format) + `>; rel="self"`}
			if f.format != "json" {
				d.shown = d.as("text/xml; charset=utf-8", "-shown") // a person: browsers style no other XML
			}
		}
		*f.to = d
	}
	if shelf.Kind == news.ChannelShelf {
		next.section, next.newest, err = p.section(e)
	}
	return next, err
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

// sourceLimit is how many articles the feed of one source holds.
const sourceLimit = 50

// edition gathers a shelf's articles as they stand now.
func (p *Press) edition(ctx context.Context, shelf news.Shelf, feeds map[news.Slug]news.Feed) (*edition.Edition, error) {
	t := p.newest(shelf)
	ch := p.describe(shelf)
	keys, err := p.pick(ctx, shelf, ch)
	if err != nil {
		return nil, err
	}
	list, err := p.shelf.Articles(ctx, keys)
	if err != nil {
		return nil, err
	}
	e := &edition.Edition{
		House: p.opt.House, Shelf: shelf, Title: ch.Title, Description: ch.Description, Language: ch.Language,
		Sources: map[news.Slug]edition.Source{}, Changed: t.At, Revision: t.Revision,
	}
	for _, a := range list {
		if a.Withdrawn { // since its place was read
			continue
		}
		src := p.source(a.Source)
		e.Sources[a.Source] = edition.Source{Source: src, Feed: feeds[a.Source]}
		e.Articles = append(e.Articles, edition.Cut(a, src.Republish))
		e.Updated = later(e.Updated, a.Updated)
	}
	return e, nil
}

// describe is a shelf as a channel: a source is one that takes everything of
// its own.
func (p *Press) describe(shelf news.Shelf) news.Channel {
	if shelf.Kind == news.ChannelShelf {
		return p.channels[shelf.Slug].Channel
	}
	src := p.sources[shelf.Slug]
	return news.Channel{Slug: src.Slug, Title: src.Name, Description: "Articles of " + src.Name + ", in house style", Language: src.Language, Limit: sourceLimit}
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
