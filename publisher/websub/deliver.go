package websub

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"copydesk/aggregator/news"
)

const (
	patience   = 48 * time.Hour // with a subscriber to whom nothing can be delivered
	firstRetry = time.Minute
	lastRetry  = 4 * time.Hour
	mostAgain  = 12 * time.Hour // that a subscriber may ask us to wait
)

// Deliver brings the subscribers of a topic what is new to them, until there is
// none to whom it can be brought now.
func (h *Hub) Deliver(ctx context.Context, topic string) error {
	terms, ok := h.opt.Terms()
	if !ok || !terms.Topics.Offers(topic) {
		return nil // Sweep tells its subscribers
	}
	return work(ctx, h, h.opt.Book.Acknowledge, func(l *ledger[news.Receipt]) ([]task, error) {
		content, err := terms.Topics.Content(ctx, topic)
		if err != nil {
			return nil, fmt.Errorf("what to deliver of %s: %w", topic, err)
		}
		p, now := &parcel{content, terms, topic}, h.opt.Now()
		list, err := h.opt.Book.Behind(ctx, topic, content.Mark, now, now.Add(claim), batch)
		var tasks []task
		for _, sub := range list {
			body, err := p.Lacking(ctx, sub)
			if err != nil { // who is claimed comes up again when the claim ends
				return nil, fmt.Errorf("what %s lacks of %s: %w", sub.Callback, topic, err)
			}
			tasks = append(tasks, task{
				host: news.Host(sub.Callback),
				run: func(ctx context.Context) error {
					receipt, err := h.deliver(ctx, p, sub, body)
					l.note(receipt)
					return err
				},
				putOff: func(hostIsIll bool) { l.note(h.undelivered(sub, hostIsIll, time.Time{})) },
			})
		}
		return tasks, err
	})
}

// A parcel is what a topic's subscribers get.
type parcel struct {
	*Content
	terms Terms
	topic string
}

// header is that of a delivery (§7).
func (p *parcel) header(sub news.Subscriber, body []byte) http.Header {
	h := http.Header{
		"Content-Type": {p.ContentType},
		"Link":         {"<" + p.terms.Address + `>; rel="hub", <` + p.topic + `>; rel="self"`},
	}
	if sub.Secret != "" {
		h["X-Hub-Signature"] = []string{Sign(p.terms.Signature, sub.Secret, body)}
	}
	return h
}

// delivered is the receipt of who has all of it.
func (p *parcel) delivered(sub news.Subscriber) news.Receipt {
	sub.Delivered, sub.Tries, sub.Failing = p.Mark, 0, time.Time{}
	return news.Receipt{Subscriber: sub}
}

// deliver brings one subscriber what is new to it; nil is nothing. Its error is
// that there was no answer.
func (h *Hub) deliver(ctx context.Context, p *parcel, sub news.Subscriber, body []byte) (news.Receipt, error) {
	if body == nil {
		return p.delivered(sub), nil
	}
	reply, err := p.terms.Courier.Post(ctx, sub.Callback, p.header(sub, body), body)
	switch {
	case err == nil && reply.ok():
		h.opt.Done("delivered", h.opt.Now().Sub(p.Changed))
		return p.delivered(sub), nil
	case err == nil && reply.Status == http.StatusGone:
		h.opt.Done("gone", 0)
		return news.Receipt{Subscriber: sub, Ended: true}, nil
	case ctx.Err() != nil: // we end, not he
		return h.undelivered(sub, false, time.Time{}), ctx.Err()
	}
	h.opt.Log.Debug("a delivery failed", "topic", p.topic, "host", news.Host(sub.Callback), "status", reply.Status, "err", err)
	h.opt.Done("failed", 0)
	return h.undelivered(sub, true, reply.Again), err
}

// undelivered is the receipt of what did not arrive, or was not tried. Who has
// not been reached for two days is given up.
func (h *Hub) undelivered(sub news.Subscriber, failed bool, again time.Time) news.Receipt {
	now := h.opt.Now()
	if !failed {
		return news.Receipt{Subscriber: sub, AgainAt: now}
	}
	if sub.Failing.IsZero() {
		sub.Failing = now
	}
	sub.Tries++
	if now.Sub(sub.Failing) >= patience {
		h.opt.Done("expired", 0)
		h.opt.Log.Info("a subscriber is given up: nothing could be delivered for two days", "topic", sub.Topic, "host", news.Host(sub.Callback))
		return news.Receipt{Subscriber: sub, Ended: true}
	}
	wait := min(firstRetry<<min(sub.Tries-1, 20), lastRetry)
	return news.Receipt{Subscriber: sub, AgainAt: now.Add(max(wait, min(again.Sub(now), mostAgain)))}
}
