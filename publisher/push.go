package publisher

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"copydesk/aggregator/news"
	"copydesk/publisher/websub"
)

// pushed reports whether a shelf's feeds may be subscribed to: of channels and
// sources, each change is known as it comes.
func pushed(shelf news.Shelf) bool {
	return shelf.Kind == news.ChannelShelf || shelf.Kind == news.SourceShelf
}

// topicOf is the shelf and format whose feed an address is; false where it is
// none of ours. Each feed has one address, so another spelling of it is none.
func (p *Press) topicOf(address string) (shelf news.Shelf, format string, ok bool) {
	path, _ := strings.CutPrefix(address, p.opt.House.URL+"/")
	kind, rest, _ := strings.Cut(path, "/")
	slug, file, _ := strings.Cut(rest, "/")
	shelf = news.Shelf{Kind: news.ShelfKind(kind), Slug: news.Slug(slug)}
	format = strings.TrimPrefix(file, "feed.")
	_, known := contentTypes[format]
	return shelf, format, known && pushed(shelf) && p.exists(shelf) && p.opt.House.FeedURL(shelf, format) == address
}

// Offers reports whether an address is that of one of our feeds.
func (p *Press) Offers(topic string) bool {
	_, _, ok := p.topicOf(topic)
	return ok
}

// Content is what the subscribers of one of our feeds are to be told, as its
// shelf stands now.
func (p *Press) Content(ctx context.Context, topic string) (*websub.Content, error) {
	shelf, format, ok := p.topicOf(topic)
	if !ok {
		return nil, fmt.Errorf("%s: %w", topic, errNotFound)
	}
	pr, err := p.current(ctx, shelf)
	if err != nil {
		return nil, err
	}
	d := map[string]*document{"rss": pr.rss, "atom": pr.atom, "json": pr.json}[format]
	return &websub.Content{Mark: d.deltas.doc.Newest, Changed: pr.changed, ContentType: d.contentType[0], Since: d.deltas.news()}, nil
}

// current is a shelf's print, made anew where the shelf has changed since. One
// that cannot be printed is as it was.
func (p *Press) current(ctx context.Context, shelf news.Shelf) (*print, error) {
	if err := p.look(ctx); err != nil {
		return nil, err
	}
	pr, err := p.get(ctx, shelf)
	if err != nil || pr.revision >= p.newest(shelf).Revision {
		return pr, err
	}
	feeds, err := p.shelf.SourceFeeds(ctx)
	if err != nil {
		return nil, err
	}
	p.refresh(ctx, shelf, feeds)
	return p.get(ctx, shelf)
}

// news makes what is new after a mark, once for all marks after which it is the
// same.
func (ds *deltas) news() func(news.Revision) []byte {
	var mu sync.Mutex // guards made
	made := map[news.Revision][]byte{}
	return func(mark news.Revision) []byte {
		if mark >= ds.doc.Newest {
			return nil
		}
		step := ds.doc.Step(mark)
		mu.Lock()
		defer mu.Unlock()
		body, ok := made[step]
		if !ok {
			body = ds.doc.News(mark)
			made[step] = body
		}
		return body
	}
}
