package aggregator

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/push"
)

// Pushed takes content that a hub has delivered the way of a pulled document:
// parse, normalize, save. It is a part, as a feed of only what is new is (it
// does not say what has left the feed), and the answer of no server: what is
// known of how to pull the source stays as it is. The source was marked to be
// due soon; once the content is stored, it is due again as it was, or when it
// is to be checked.
func (p *Puller) Pushed(ctx context.Context, src Scheduled, due news.Due, marked time.Time, d push.Delivery) (Result, error) {
	pull := news.Pull{
		Source:     src.Slug,
		Reading:    due.Reading,
		At:         d.At,
		Outcome:    news.OutcomeChanged,
		ItemHashes: due.ItemHashes,
		Manners:    due.Manners,
		Pushed:     true,
		Marked:     marked,
		NextDue:    src.checkedAt(due, d.At),
		Place:      p.place,
	}
	err := p.openPushed(ctx, src.Source, due, d, &pull)
	if err != nil {
		return Result{Pull: pull}, fmt.Errorf("read what was pushed to %s: %w", src.Slug, err)
	}
	pull.Took = p.now().Sub(d.At)
	pull.Examine = examiner(src.Source, due, pull)
	saved, err := p.shelf.SavePull(ctx, pull)
	if err != nil {
		return Result{Pull: pull}, fmt.Errorf("store what was pushed to %s: %w", src.Slug, err)
	}
	return Result{Pull: pull, Saved: saved}, nil
}

func (p *Puller) openPushed(ctx context.Context, src news.Source, due news.Due, d push.Delivery, pull *news.Pull) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &breakdown{cause, debug.Stack()}
		}
	}()
	_, err = p.open(ctx, src, &fetch.Response{
		URL: d.Subscription.Topic, At: d.At, Body: d.Body, ContentType: d.ContentType, Partial: true,
	}, due, pull)
	return err
}

// checkedAt is when a source is to be pulled after content was pushed to it:
// when it would have been, or when it is time to see whether all has come,
// counted from its last pull so that no stream of pushes puts that off.
func (s Scheduled) checkedAt(due news.Due, at time.Time) time.Time {
	known := due.Push
	known.LastPush = at
	if !known.Reliable(at, due.LastPull) {
		return due.DueAt
	}
	if check := s.check(due.LastPull, due.Manners, known); check.After(due.DueAt) {
		return check
	}
	return due.DueAt
}

// offered is what a document that was read offers of being pushed.
func offered(res *fetch.Response, feed *parse.Feed, asked ...string) news.Offer {
	return push.Discover(res.Header, push.Links{Self: feed.Self, Hubs: feed.Hubs}, res.URL, asked...)
}
