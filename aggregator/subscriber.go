package aggregator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/push"
)

// A Subscriber keeps sources subscribed at the hubs that their documents name.
// What it has asked for stands in the shelf before a hub is asked, so it may die
// at any moment.
type Subscriber struct {
	Fetch    *fetch.Client
	Shelf    Agreements
	Sources  map[news.Slug]Scheduled
	Callback string // what the addresses at which hubs reach us begin with; empty when none could
	Log      *slog.Logger
	Now      func() time.Time
}

// Agreements are what stands between us and hubs. The store keeps them.
type Agreements interface {
	// Push is what is remembered of a source, and every agreement there is.
	Push(ctx context.Context, slug news.Slug) (news.Push, []news.Subscription, error)

	// Ask notes that a hub is about to be asked for a subscription, and when to
	// look whether it has verified it.
	Ask(ctx context.Context, sub news.Subscription, lookAt time.Time) error

	// FailPush notes why hubs were asked in vain, and when to ask again.
	FailPush(ctx context.Context, slug news.Slug, againAt time.Time, fault string) error

	// EndPush leaves all hubs of a source, which is pulled at its own pace then,
	// until it offers something else; with ForgetPush, until it offers anything.
	EndPush(ctx context.Context, slug news.Slug, at time.Time, fault string) error
	ForgetPush(ctx context.Context, slug news.Slug, at time.Time) error

	// Leave notes that a hub is about to be asked to end a subscription, and Part
	// that it has ended.
	Leave(ctx context.Context, sub news.Subscription, at time.Time) error
	Part(ctx context.Context, sub news.Subscription) error
}

// mistrust is an offer that is not to be taken, and why.
type mistrust struct{ reason string }

func (m *mistrust) Error() string { return m.reason }

// errNoHub is a topic that names no hub any more, or never did.
var errNoHub = &mistrust{"the address that its document gives as its own names no hub"}

// Attend does what a source's subscription wants by now: ends what is to end,
// and asks for it or renews it. A hub that will not have us is asked again later,
// which is no error; an error is a fault of ours.
func (s *Subscriber) Attend(ctx context.Context, slug news.Slug) error {
	p, subs, err := s.Shelf.Push(ctx, slug)
	if err != nil {
		return err
	}
	if err := s.leave(ctx, subs); err != nil {
		return err
	}
	at := s.Now()
	src, known := s.Sources[slug]
	switch {
	case p.AttendAt.IsZero() || p.AttendAt.After(at):
		return nil
	case !known || src.Paused || !src.Push || s.Callback == "":
		return s.Shelf.ForgetPush(ctx, slug, at)
	case unverified(subs, at):
		return s.fail(ctx, p, fmt.Errorf("the hub took our request and has not verified it (it may be that %s cannot be reached from outside)", s.Callback))
	}
	offer, err := s.believed(ctx, src, p)
	var refused *mistrust
	switch {
	case errors.Is(err, errNoHub) && p.Offer.Vouched:
		return s.Shelf.ForgetPush(ctx, slug, at)
	case errors.As(err, &refused):
		return s.Shelf.EndPush(ctx, slug, at, refused.reason)
	case err == nil:
		err = s.subscribe(ctx, slug, offer, p.Tries)
	}
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	return s.fail(ctx, p, err)
}

// fail notes a failure, unless it is one of the shelf's.
func (s *Subscriber) fail(ctx context.Context, p news.Push, fault error) error {
	if broken := (*shelfError)(nil); errors.As(fault, &broken) {
		return broken.error
	}
	s.Log.Warn("a hub was asked in vain", "source", p.Source, "tries", p.Tries+1, "err", fault)
	return s.Shelf.FailPush(ctx, p.Source, push.RetryAt(s.Now(), p.Tries+1), fault.Error())
}

type shelfError struct{ error }

// unverified reports a request that a hub has taken and kept silent on.
func unverified(subs []news.Subscription, at time.Time) bool {
	for _, sub := range subs {
		if sub.State == news.SubscriptionAsked && !sub.Asked.Add(push.Verification).After(at) {
			return true
		}
	}
	return false
}

// leave asks hubs to end what is to end, each once: what a hub sends after that
// is answered with 410, and its lease ends anyway.
func (s *Subscriber) leave(ctx context.Context, subs []news.Subscription) error {
	for _, sub := range subs {
		var err error
		switch at := s.Now(); {
		case sub.State == news.SubscriptionAsked:
		case !sub.Until.After(at):
			err = s.Shelf.Part(ctx, sub)
		case sub.State == news.SubscriptionLeaving && sub.Asked.IsZero():
			if err = s.Shelf.Leave(ctx, sub, at); err == nil {
				if err := s.post(ctx, sub); err != nil {
					s.Log.Debug("a hub was not told that we leave", "source", sub.Source, "err", err)
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// freshOffer is how long what a pull has read is not asked for again.
const freshOffer = time.Hour

// believed is what the topic itself offers (WebSub §6.1: a renewal begins with
// reading it, so a topic or hub that has moved is found). A topic that the source
// only names must be on its own site, and name itself in turn.
func (s *Subscriber) believed(ctx context.Context, src Scheduled, p news.Push) (news.Offer, error) {
	offer := p.Offer
	if offer.Vouched && s.Now().Sub(p.Seen) < freshOffer {
		return offer, nil
	}
	for range 3 {
		if !offer.Vouched && !push.SameSite(offer.Topic, src.URL) {
			return offer, &mistrust{fmt.Sprintf("its document says that its own address is %s, on another site (where that is true, put that address into the config)", offer.Topic)}
		}
		next, err := s.discover(ctx, src, offer.Topic)
		switch {
		case err != nil:
			return offer, err
		case len(next.Hubs) == 0:
			return offer, errNoHub
		case next.Vouched:
			return next, nil
		}
		offer = next
	}
	return offer, &mistrust{"its documents do not agree on what their own address is"}
}

func (s *Subscriber) discover(ctx context.Context, src Scheduled, topic string) (news.Offer, error) {
	if err := s.Fetch.Await(ctx, topic); err != nil {
		return news.Offer{}, err
	}
	res, err := s.Fetch.Get(ctx, fetch.Request{URL: topic, For: "feed-id=" + string(src.Slug)})
	if err != nil {
		return news.Offer{}, err
	}
	doc, err := parse.Open(res.Body, parse.Options{ContentType: res.ContentType, Language: src.Language})
	if err != nil {
		return news.Offer{}, err
	}
	feed, err := doc.Feed(func(uint64) bool { return true }) // its head is enough
	if err != nil {
		return news.Offer{}, err
	}
	return offered(res, feed, topic), nil
}

// subscribe asks the hubs in their order, until one takes the request.
func (s *Subscriber) subscribe(ctx context.Context, slug news.Slug, offer news.Offer, tries int) error {
	var faults []string
	for _, hub := range push.Ways(offer.Hubs, tries) {
		sub := news.Subscription{
			Token: push.NewToken(), Source: slug, Topic: offer.Topic, Hub: hub, Callback: s.Callback, Secret: push.NewSecret(),
			State: news.SubscriptionAsked, Asked: s.Now(),
		}
		if err := s.Shelf.Ask(ctx, sub, sub.Asked.Add(push.Verification)); err != nil {
			return &shelfError{err}
		}
		err := s.post(ctx, sub)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		faults = append(faults, err.Error())
	}
	return errors.New(strings.Join(faults, "; "))
}

func (s *Subscriber) post(ctx context.Context, sub news.Subscription) error {
	reply, err := s.Fetch.Post(ctx, fetch.Form(sub.Hub, push.Request(sub)))
	switch {
	case err != nil:
		return err
	case !push.Accepted(reply.Status):
		return fmt.Errorf("hub %s answered %d: %s", sub.Hub, reply.Status, push.Brief(reply.Text))
	}
	return nil
}
