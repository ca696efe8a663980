package websub

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"copydesk/aggregator/news"
)

// A Book keeps requests and subscribers. What is claimed is nobody else's until
// the claim ends. The store is one.
type Book interface {
	// AskHub notes a request and queues its verification. An error with a
	// Temporary() method that is true means: not now.
	AskHub(ctx context.Context, in news.Intent) error

	// Intents claims requests, and SettleIntents ends claims.
	Intents(ctx context.Context, now, until time.Time, n int) ([]news.Intent, error)
	SettleIntents(ctx context.Context, list []news.Verdict) error

	// Behind claims subscribers of a topic who have not acknowledged a mark, and
	// Acknowledge ends claims.
	Behind(ctx context.Context, topic string, mark news.Revision, now, until time.Time, n int) ([]news.Subscriber, error)
	Acknowledge(ctx context.Context, list []news.Receipt) error

	// HubTopics are those that have subscribers.
	HubTopics(ctx context.Context) ([]string, error)
}

// Topics are what may be subscribed to.
type Topics interface {
	// Offers reports whether an address is that of a feed of ours.
	Offers(topic string) bool
	// Stands is the revision of what readers of a topic see.
	Stands(ctx context.Context, topic string) (news.Revision, error)
	// Content is a topic as it stands now.
	Content(ctx context.Context, topic string) (*Content, error)
}

// A Content is what a topic has to say.
type Content struct {
	Mark        news.Revision // of this edition; those after it have greater ones
	Changed     time.Time     // when it came
	ContentType string
	// Lacking is what came after the mark of a subscriber; nil where that is nothing.
	// It is made once for all who lack the same.
	Lacking func(ctx context.Context, sub news.Subscriber) ([]byte, error)
}

// A Courier asks callbacks. An error means that there was no answer.
type Courier interface {
	// Permit says why an address would not be asked.
	Permit(address string) error
	Get(ctx context.Context, address string) (Reply, error)
	Post(ctx context.Context, address string, header http.Header, body []byte) (Reply, error)
}

// A Reply is what a callback answered.
type Reply struct {
	Status int
	Text   string    // its beginning
	Again  time.Time // when the callback wants to be asked next; zero when it did not say
}

// ok reports a status by which a callback agrees.
func (r Reply) ok() bool { return r.Status/100 == 2 }

// Terms are what a hub works by. They may change at any time; a piece of work
// ends on those on which it began.
type Terms struct {
	Address   string // of the hub
	Topics    Topics
	Courier   Courier
	Signature string // method: sha1, sha256, sha384 or sha512
}

// Options join a Hub to its surroundings.
type Options struct {
	Book Book
	// Terms are those in force; false while there are none, as when feeds name
	// another hub.
	Terms func() (Terms, bool)
	Log   *slog.Logger
	Now   func() time.Time

	// Done is told of each delivery: delivered, failed, gone or expired, and of what
	// was delivered how long after the change that was. Asked is told of each
	// verification: verified, refused, failed or denied. Nil is nobody.
	Done  func(outcome string, lag time.Duration)
	Asked func(outcome string)
}

// A Hub serves subscribers of our own feeds.
type Hub struct {
	opt   Options
	slots chan struct{} // one for each request that may be under way

	mu    sync.Mutex // guards hosts
	hosts map[string]*host
}

// New makes a hub.
func New(opt Options) *Hub {
	if opt.Done == nil {
		opt.Done = func(string, time.Duration) {}
	}
	if opt.Asked == nil {
		opt.Asked = func(string) {}
	}
	return &Hub{opt: opt, slots: make(chan struct{}, atOnce), hosts: map[string]*host{}}
}

var errNoTerms = errors.New("our hub is closed (feeds name another one, or publisher.url cannot be reached from outside)")

// Sweep tells subscribers of topics that are no longer ours that they will hear
// no more of them (§5.2), and ends what they had.
func (h *Hub) Sweep(ctx context.Context) error {
	terms, ok := h.opt.Terms()
	if !ok {
		return nil
	}
	list, err := h.opt.Book.HubTopics(ctx)
	if err != nil {
		return err
	}
	for _, topic := range list {
		if terms.Topics.Offers(topic) {
			continue
		}
		if err := h.deny(ctx, terms, topic); err != nil {
			return err
		}
	}
	return nil
}

const everything = news.Revision(1<<63 - 1)

func (h *Hub) deny(ctx context.Context, terms Terms, topic string) error {
	return work(ctx, h, h.opt.Book.Acknowledge, func(l *ledger[news.Receipt]) ([]task, error) {
		now := h.opt.Now()
		list, err := h.opt.Book.Behind(ctx, topic, everything, now, now.Add(claim), batch)
		var tasks []task
		for _, sub := range list {
			end := func() { l.note(news.Receipt{Subscriber: sub, Ended: true}) } // told once, whatever he says
			tasks = append(tasks, task{
				host: news.Host(sub.Callback),
				run: func(ctx context.Context) error {
					_, err := terms.Courier.Get(ctx, denial(sub.Callback, topic))
					h.opt.Asked("denied")
					end()
					return err
				},
				putOff: func(bool) { end() },
			})
		}
		return tasks, err
	})
}
