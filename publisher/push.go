package publisher

import (
	"context"
	"fmt"
	"strings"

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
	return &websub.Content{Mark: pr.revision, Changed: pr.changed, ContentType: d.contentType[0], Lacking: p.lacking(pr, format)}, nil
}

// Stands is the revision of what the readers of one of our feeds see, though something
// may have changed since.
func (p *Press) Stands(ctx context.Context, topic string) (news.Revision, error) {
	shelf, _, ok := p.topicOf(topic)
	if !ok {
		return 0, fmt.Errorf("%s: %w", topic, errNotFound)
	}
	pr, err := p.get(ctx, shelf)
	if err != nil {
		return 0, err
	}
	return pr.revision, nil
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

// lacking makes what is news to subscribers, once for all who have heard as much.
func (p *Press) lacking(pr *print, format string) func(context.Context, news.Subscriber) ([]byte, error) {
	made := map[news.Revision][]byte{}
	return func(ctx context.Context, sub news.Subscriber) (body []byte, err error) {
		if body, ok := made[sub.Delivered]; ok {
			return body, nil
		}
		part, err := p.news(ctx, pr, format, sub.Delivered)
		if err != nil {
			return nil, err
		}
		if !part.Empty() {
			if body = part.Body(); body == nil { // its head could not be printed
				body = pr.documents()[format].body
			}
		}
		made[sub.Delivered] = body
		return body, nil
	}
}
