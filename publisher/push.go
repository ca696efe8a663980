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
	d := pr.documents()[format]
	return &websub.Content{Mark: pr.revision, Edition: d.deltas.name, Changed: pr.changed, ContentType: d.contentType[0], Lacking: p.lacking(d)}, nil
}

// Edition is the name of what the readers of one of our feeds see, and the revision
// that it is of, though something may have changed since.
func (p *Press) Edition(ctx context.Context, topic string) (string, news.Revision, error) {
	shelf, format, ok := p.topicOf(topic)
	if !ok {
		return "", 0, fmt.Errorf("%s: %w", topic, errNotFound)
	}
	pr, err := p.get(ctx, shelf)
	if err != nil {
		return "", 0, err
	}
	return pr.documents()[format].deltas.name, pr.revision, nil
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
	if err := p.learn(ctx); err != nil {
		return nil, err
	}
	p.refresh(ctx, shelf)
	return p.get(ctx, shelf)
}

// lacking makes what is news to subscribers, once for all to whom the same edition
// was delivered last.
func (p *Press) lacking(d *document) func(context.Context, news.Subscriber) ([]byte, error) {
	type last struct {
		edition string
		log     int // how much of the log
		mark    news.Revision
	}
	made := map[last][]byte{}
	var log []logged
	return func(ctx context.Context, sub news.Subscriber) (body []byte, err error) {
		ds := d.deltas
		if log == nil {
			if log, err = p.log(ctx, ds.shelf); err != nil {
				return nil, err
			}
		}
		heard := upTo(log, sub.Delivered)
		key := last{edition: sub.Edition, log: len(heard)}
		if sub.Edition == "" {
			key.mark = sub.Delivered
		}
		if body, ok := made[key]; ok {
			return body, nil
		}
		had, err := p.had(ctx, ds, sub)
		if err != nil {
			return nil, err
		}
		had = feed.Union(append(heard, had)...)
		if part := ds.doc.News(had); !part.Empty() {
			if part, err = p.bury(ctx, ds.shelf, part, had, sub.Delivered); err != nil {
				return nil, err
			}
			body = d.part(part.Name(), part).body
		}
		made[key] = body
		return body, nil
	}
}

// upTo is what stood in those editions of a log that were printed by a revision.
func upTo(log []logged, revision news.Revision) []feed.Contents {
	var out []feed.Contents
	for _, e := range log {
		if e.revision <= revision {
			out = append(out, e.contents)
		}
	}
	return out
}

// had is what stood in the edition that a subscriber has. Of one that is in the log no
// more, or whose name nobody noted, that is all that is no newer than its mark.
func (p *Press) had(ctx context.Context, ds *deltas, sub news.Subscriber) (feed.Contents, error) {
	if sub.Edition == "" {
		return ds.doc.Until(sub.Delivered), nil
	}
	c, err := p.recall(ctx, ds.shelf, sub.Edition)
	if missing(err) {
		return ds.doc.Until(sub.Delivered), nil
	}
	return c, err
}
