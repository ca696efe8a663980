package publisher

import (
	"context"
	"fmt"
	"strings"

	"copydesk/aggregator/news"
	"copydesk/publisher/feed"
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
	name, format, _ := strings.Cut(strings.TrimPrefix(address, p.opt.House.URL+"/"), "/feed.")
	shelf, err := news.ParseShelf(name)
	_, known := contentTypes[format]
	return shelf, format, err == nil && known && pushed(shelf) && p.exists(shelf) && p.opt.House.FeedURL(shelf, format) == address
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
	d := pr.feed(format)
	return &websub.Content{Mark: pr.revision, Edition: d.deltas.name, Changed: pr.changed, ContentType: d.contentType[0], Lacking: p.lacking(d)}, nil
}

// Edition is the name of what the readers of one of our feeds see, though something
// may have changed since.
func (p *Press) Edition(ctx context.Context, topic string) (string, error) {
	shelf, format, ok := p.topicOf(topic)
	if !ok {
		return "", fmt.Errorf("%s: %w", topic, errNotFound)
	}
	pr, err := p.get(ctx, shelf)
	if err != nil {
		return "", err
	}
	return pr.feed(format).deltas.name, nil
}

// feed is a print in one of the formats of feeds.
func (pr *print) feed(format string) *document {
	return map[string]*document{"rss": pr.rss, "atom": pr.atom, "json": pr.json}[format]
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

// lacking makes what subscribers lack, once for all to whom the same edition was
// delivered last.
func (p *Press) lacking(d *document) func(context.Context, news.Subscriber) ([]byte, error) {
	type last struct {
		edition string
		mark    news.Revision
	}
	made := map[last][]byte{}
	return func(ctx context.Context, sub news.Subscriber) ([]byte, error) {
		key := last{sub.Edition, sub.Delivered}
		if key.edition != "" {
			key.mark = 0 // it tells less
		}
		if body, ok := made[key]; ok {
			return body, nil
		}
		had, err := p.had(ctx, d.deltas, sub)
		if err != nil {
			return nil, err
		}
		if d.deltas.doc.News(had) {
			made[key] = d.deltas.beyond(d, had).body
		} else {
			made[key] = nil
		}
		return made[key], nil
	}
}

// had is what a subscriber has. Of an edition that is in the log no more that is
// nothing; of one whose name nobody noted, all that is no newer than its mark.
func (p *Press) had(ctx context.Context, ds *deltas, sub news.Subscriber) (feed.Contents, error) {
	if sub.Edition == "" {
		return ds.doc.Until(sub.Delivered), nil
	}
	c, err := p.recall(ctx, ds.shelf, sub.Edition)
	if missing(err) {
		return feed.Contents{}, nil
	}
	return c, err
}
