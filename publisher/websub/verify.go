package websub

import (
	"context"
	"crypto/rand"
	"net/url"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

const (
	mostVerifications = 4
	firstVerification = time.Minute // after the first that failed; then four times as long each time
)

// Verify asks callbacks whether they mean what was asked for them (§5.3), until
// none waits.
func (h *Hub) Verify(ctx context.Context) error {
	terms, ok := h.opt.Terms()
	if !ok {
		return nil
	}
	return work(ctx, h, h.opt.Book.SettleIntents, func(l *ledger[news.Verdict]) ([]task, error) {
		now := h.opt.Now()
		list, err := h.opt.Book.Intents(ctx, now, now.Add(claim), batch)
		var tasks []task
		for _, in := range list {
			tasks = append(tasks, task{
				host: news.Host(in.Callback),
				run: func(ctx context.Context) error {
					v, err := h.verify(ctx, terms, in)
					l.note(v)
					return err
				},
				putOff: func(hostIsIll bool) { l.note(h.unverified(in, hostIsIll)) },
			})
		}
		return tasks, err
	})
}

// verify asks one callback. Its error is that there was no answer.
func (h *Hub) verify(ctx context.Context, terms Terms, in news.Intent) (news.Verdict, error) {
	if !in.Leaving && !terms.Topics.Offers(in.Topic) { // it has gone meanwhile
		_, err := terms.Courier.Get(ctx, denial(in.Callback, in.Topic))
		h.opt.Asked("denied")
		return news.Verdict{Intent: in}, err
	}
	challenge := rand.Text()
	reply, err := terms.Courier.Get(ctx, question(in, challenge))
	switch {
	case ctx.Err() != nil:
		return h.unverified(in, false), ctx.Err()
	case err != nil, reply.Status/100 == 5:
		h.opt.Asked("failed")
		return h.unverified(in, true), err
	case !reply.ok() || reply.Text != challenge:
		h.opt.Asked("refused")
		return news.Verdict{Intent: in}, nil
	}
	h.opt.Asked("verified")
	return news.Verdict{Intent: in, Meant: true, At: h.opt.Now()}, nil
}

// unverified is the verdict on a callback that did not answer, or was not asked.
func (h *Hub) unverified(in news.Intent, failed bool) news.Verdict {
	now := h.opt.Now()
	if !failed {
		return news.Verdict{Intent: in, AgainAt: now}
	}
	in.Tries++
	if in.Tries >= mostVerifications {
		return news.Verdict{Intent: in}
	}
	return news.Verdict{Intent: in, AgainAt: now.Add(firstVerification << (2 * (in.Tries - 1)))}
}

// question is the address that asks a callback what it wants.
func question(in news.Intent, challenge string) string {
	q := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {in.Topic}, "hub.challenge": {challenge}}
	if in.Leaving {
		q.Set("hub.mode", "unsubscribe")
	} else {
		q.Set("hub.lease_seconds", strconv.Itoa(int(in.Lease/time.Second)))
	}
	return with(in.Callback, q)
}

// denial is the address that tells a callback that a subscription is refused,
// or has ended (§5.2).
func denial(callback, topic string) string {
	return with(callback, url.Values{"hub.mode": {"denied"}, "hub.topic": {topic}, "hub.reason": {"There is no such feed any more."}})
}

// with adds to the query of an address, which stays as it is (§5.1).
func with(address string, q url.Values) string {
	if strings.Contains(address, "?") {
		return strings.TrimSuffix(address, "&") + "&" + q.Encode()
	}
	return address + "?" + q.Encode()
}
