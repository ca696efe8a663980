package push

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"copydesk/aggregator/news"
)

// A Book keeps subscriptions. The store is one.
type Book interface {
	// Subscription is the one that token names. An error with a NotFound() method
	// that is true means that there is none.
	Subscription(ctx context.Context, token string) (news.Subscription, error)

	// Confirm notes that the hub of a subscription that was asked for has
	// verified it, until when it lasts and when it wants renewal; the source's
	// earlier ones are left. It reports false when none waits any more.
	Confirm(ctx context.Context, sub news.Subscription, at, until, renewAt time.Time) (bool, error)

	// Part forgets a subscription that has ended as we wanted.
	Part(ctx context.Context, sub news.Subscription) error

	// Deny notes that a hub will not serve a subscription, or no longer, and why.
	Deny(ctx context.Context, sub news.Subscription, at time.Time, reason string) error

	// Ignore counts content that was not what was subscribed to.
	Ignore(ctx context.Context, sub news.Subscription) error
}

// A Delivery is content that a hub has signed.
type Delivery struct {
	Subscription news.Subscription
	At           time.Time
	Body         []byte
	ContentType  string
	OffTopic     bool // it says that it is of another topic: no content for this source
}

// Options join a Callback to its surroundings.
type Options struct {
	Book     Book
	Log      *slog.Logger
	Now      func() time.Time
	MostBody func() int64 // bytes of content that are taken

	// Take makes sure that a delivery leads to something even if this process
	// dies, and returns what is left to do. It is called before the hub is
	// answered; the rest is done after.
	Take func(ctx context.Context, d Delivery) (rest func(context.Context), err error)
}

// A Callback is where hubs reach us, at /websub/{token}.
type Callback struct {
	opt  Options
	slot chan struct{} // one for each delivery that may be in memory at once

	mu    sync.Mutex // guards lanes
	lanes map[string]*lane
}

// A lane holds the deliveries to one token.
type lane struct {
	slot  chan struct{} // one for each that may have a slot of the callback
	users int           // guarded by the callback's mutex
}

const (
	// mostAtOnce bounds the memory that deliveries take; the others wait.
	mostAtOnce = 16

	// mostOfOne is how many of them one subscription may have: a hub that sends
	// drop by drop keeps no other waiting.
	mostOfOne = 4

	// working bounds what is done with one once its hub has been answered.
	working = time.Minute
)

// NewCallback makes a Callback.
func NewCallback(opt Options) *Callback {
	return &Callback{opt: opt, slot: make(chan struct{}, mostAtOnce), lanes: map[string]*lane{}}
}

// enter is the lane of a token, which stays until leave.
func (c *Callback) enter(token string) *lane {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lanes[token] == nil {
		c.lanes[token] = &lane{slot: make(chan struct{}, mostOfOne)}
	}
	c.lanes[token].users++
	return c.lanes[token]
}

func (c *Callback) leave(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lanes[token].users--; c.lanes[token].users == 0 {
		delete(c.lanes, token)
	}
}

func (c *Callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sub, err := c.opt.Book.Subscription(r.Context(), r.PathValue("token"))
	var missing interface{ NotFound() bool }
	switch {
	case errors.As(err, &missing) && missing.NotFound():
		refuse(w, http.StatusNotFound)
		return
	case err == nil && r.Method == http.MethodPost:
		err = c.content(w, r, sub)
	case err == nil:
		err = c.intent(w, r, sub)
	}
	if err != nil && r.Context().Err() == nil {
		c.opt.Log.Error("a hub could not be answered", "source", sub.Source, "err", err)
		refuse(w, http.StatusServiceUnavailable)
	}
}

func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}

// intent answers a hub that asks whether we want what we asked it for, or tells
// that it will not have it (WebSub §5.2, §5.3).
func (c *Callback) intent(w http.ResponseWriter, r *http.Request, sub news.Subscription) error {
	q := r.URL.Query()
	if q.Get("hub.topic") != sub.Topic {
		refuse(w, http.StatusNotFound)
		return nil
	}
	agreed, err := false, error(nil)
	switch mode := q.Get("hub.mode"); {
	case mode == "denied" && sub.State != news.SubscriptionLeaving:
		c.opt.Log.Warn("a hub refuses to push", "source", sub.Source, "hub", sub.Hub, "reason", Brief(q.Get("hub.reason")))
		err = c.opt.Book.Deny(r.Context(), sub, c.opt.Now(), Brief(q.Get("hub.reason")))
		q.Del("hub.challenge")
		agreed = true
	case !sound(q.Get("hub.challenge")):
	case mode == "subscribe" && sub.State == news.SubscriptionAsked:
		agreed, err = c.confirm(r.Context(), sub, q)
	case mode == "unsubscribe" && sub.State == news.SubscriptionLeaving:
		agreed, err = true, c.opt.Book.Part(r.Context(), sub)
	}
	if err != nil {
		return err
	}
	if !agreed {
		refuse(w, http.StatusNotFound)
		return nil
	}
	// A safe type, and never sniffed: what is echoed came from outside (§8.2).
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.WriteString(w, q.Get("hub.challenge"))
	return err
}

func (c *Callback) confirm(ctx context.Context, sub news.Subscription, q url.Values) (bool, error) {
	seconds, err := strconv.ParseInt(q.Get("hub.lease_seconds"), 10, 64)
	if err != nil || seconds <= 0 { // required (§5.3); the few hubs that forget it mean what they were asked for
		seconds = int64(wantedLease / time.Second)
	}
	lease := time.Duration(min(seconds, int64(longestLease/time.Second))) * time.Second
	at := c.opt.Now()
	until := at.Add(lease)
	confirmed, err := c.opt.Book.Confirm(ctx, sub, at, until, renewAt(at, until))
	if err == nil && confirmed {
		c.opt.Log.Info("a hub will push", "source", sub.Source, "hub", sub.Hub, "until", until)
	}
	return confirmed, err
}

// longestChallenge is far more than any hub sends.
const longestChallenge = 1024

// sound reports a challenge that may be echoed: no binary data, no blanks, and
// short (§8.2).
func sound(challenge string) bool {
	if challenge == "" || len(challenge) > longestChallenge {
		return false
	}
	return !strings.ContainsFunc(challenge, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Brief is a hub's reason as an operator should see it.
func Brief(reason string) string {
	reason = strings.Join(strings.Fields(strings.ToValidUTF8(reason, "")), " ")
	if runes := []rune(reason); len(runes) > 200 {
		return string(runes[:200]) + "…"
	}
	return reason
}

// content takes what a hub delivers (§7). It is answered as soon as it is safe,
// and worked on then: the connection is held so that whoever stops the server
// waits for the work too.
func (c *Callback) content(w http.ResponseWriter, r *http.Request, sub news.Subscription) error {
	if sub.State == news.SubscriptionLeaving {
		refuse(w, http.StatusGone) // the hub may end it
		return nil
	}
	own := c.enter(r.PathValue("token"))
	defer c.leave(r.PathValue("token"))
	for _, slot := range []chan struct{}{own.slot, c.slot} {
		select {
		case slot <- struct{}{}:
			defer func() { <-slot }()
		case <-r.Context().Done():
			return nil
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, c.opt.MostBody()))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge)
		return nil
	} else if err != nil {
		return nil // the hub has gone
	}
	if !Signed(r.Header.Get("X-Hub-Signature"), sub.Secret, body) {
		c.opt.Log.Warn("content is ignored that its hub did not sign", "source", sub.Source, "hub", sub.Hub)
		if err := c.opt.Book.Ignore(r.Context(), sub); err != nil {
			return err
		}
		acknowledge(w)
		return nil
	}
	d := Delivery{Subscription: sub, At: c.opt.Now(), Body: body, ContentType: r.Header.Get("Content-Type"), OffTopic: !onTopic(r.Header, sub.Topic)}
	if d.OffTopic {
		c.opt.Log.Warn("content of another topic is ignored", "source", sub.Source, "hub", sub.Hub)
		if err := c.opt.Book.Ignore(r.Context(), sub); err != nil {
			return err
		}
	}
	rest, err := c.opt.Take(r.Context(), d)
	if err != nil {
		return err
	}
	acknowledge(w)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), working)
	defer cancel()
	rest(ctx)
	return nil
}

// acknowledge completes the answer at once: it only says that the message came.
func acknowledge(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "0")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusAccepted)
	_ = http.NewResponseController(w).Flush() // a writer that cannot is completed when we return
}

// onTopic reports whether content says that it is of topic, or does not say
// (§7: it must).
func onTopic(header http.Header, topic string) bool {
	said := false
	for _, value := range header.Values("Link") {
		for target, rels := range links(value) {
			if !slices.ContainsFunc(rels, func(rel string) bool { return strings.EqualFold(rel, "self") }) {
				continue
			}
			said = true
			if u, err := url.Parse(target); target == topic || err == nil && u.String() == topic {
				return true
			}
		}
	}
	return !said
}
