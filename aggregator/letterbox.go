package aggregator

import (
	"context"
	"log/slog"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/push"
)

// A Letterbox takes what hubs deliver, and brings it to the desk.
type Letterbox struct {
	Desk  func() *Desk // that is in force
	Shelf interface {
		// TakePush makes a source due soon, and returns what is remembered of it
		// and the due time that stands now.
		TakePush(ctx context.Context, slug news.Slug, at time.Time) (news.Due, time.Time, error)
	}
	Log  *slog.Logger
	Done func(Result, error) // told of each delivery that was worked on; may be nil
}

// Take marks the source as due soon and returns the work on what was delivered.
// Storing it takes the mark away; where that does not happen, for whatever
// reason, the source is pulled. What was delivered may be nothing that we can
// use, but it is word from the hub that there is news.
func (l *Letterbox) Take(ctx context.Context, d push.Delivery) (func(context.Context), error) {
	desk, slug := l.Desk(), d.Subscription.Source
	src, known := desk.Sources[slug]
	if !known || !src.Push || src.Paused { // by a config that has just changed
		return func(context.Context) {}, nil
	}
	due, marked, err := l.Shelf.TakePush(ctx, slug, d.At)
	if err != nil {
		return nil, err
	}
	if d.OffTopic || src.Reading != due.Reading {
		return func(context.Context) {}, nil
	}
	return func(ctx context.Context) {
		res, err := desk.Puller.Pushed(ctx, src, due, marked, d)
		switch {
		case superseded(err):
			l.Log.Debug("the config changed while what was pushed was read; the source will be pulled", "source", slug)
			return
		case err != nil:
			l.Log.Warn("what was pushed is of no use; the source will be pulled", "source", slug, "err", err)
			tellBreakdown(l.Log, slug, err)
		default:
			l.Log.Info("pushed", "source", slug, "new", res.Saved.New, "changed", res.Saved.Changed)
		}
		if l.Done != nil {
			l.Done(res, err)
		}
	}, nil
}
