package news

import (
	"slices"
	"time"
)

// An Offer is what a document says of being pushed (WebSub §4).
type Offer struct {
	Topic   string   // what to subscribe to: the address that it gives as its own
	Hubs    []string // where, in its order; none when it is not pushed
	Vouched bool     // the document was read at that address, so it speaks for itself
}

// A Push is what is remembered of a source that offers to be pushed. The zero
// value is one that does not.
type Push struct {
	Source Slug      `json:"-"`
	Offer  Offer     `json:"-"`
	Seen   time.Time `json:"-"` // when the offer was read

	Hub      string    `json:"hub,omitempty"`      // that has confirmed a subscription
	Since    time.Time `json:"since,omitzero"`     // it has been in force
	Until    time.Time `json:"until,omitzero"`     // end of the hub's lease; zero when none is in force
	LastPush time.Time `json:"last_push,omitzero"` // when content came that was signed and could be read
	Pushes   int       `json:"pushes,omitempty"`   // that came
	Ignored  int       `json:"ignored,omitempty"`  // contents that were not signed by the hub, or not of the topic
	MissedAt time.Time `json:"missed_at,omitzero"` // when a pull found news that had not been pushed, though pushes were relied on
	Misses   int       `json:"misses,omitempty"`   // such pulls, less those since that found nothing
	AttendAt time.Time `json:"attend_at,omitzero"` // when the subscription wants work next; zero for never
	Tries    int       `json:"tries,omitempty"`    // in vain, since it last worked
	Fault    string    `json:"fault,omitempty"`    // of the last of them, in words for an operator
}

// Knows reports whether an offer is no news: the same topic, and the same hubs in
// whatever order.
func (p Push) Knows(o Offer) bool {
	if p.Offer.Topic != o.Topic || len(p.Offer.Hubs) != len(o.Hubs) {
		return false
	}
	for _, hub := range o.Hubs {
		if !slices.Contains(p.Offer.Hubs, hub) {
			return false
		}
	}
	return true
}

// InForce reports whether a hub has confirmed a subscription whose lease lasts.
func (p Push) InForce(at time.Time) bool { return p.Until.After(at) }

// Reliable reports whether news may be expected to come by itself: the lease
// lasts, something has been pushed since a pull last found what had not been,
// and a pull has brought what was published before the subscription began.
func (p Push) Reliable(at, lastPull time.Time) bool {
	return p.InForce(at) && p.LastPush.After(p.MissedAt) && lastPull.After(p.Since)
}

// A Subscription is one agreement with a hub, known to it by its token. Each
// renewal is a new one (WebSub §5.1.1).
type Subscription struct {
	Token    string // in the callback's address; whoever knows it is the hub
	Source   Slug
	Topic    string
	Hub      string
	Callback string // what the callback's address begins with, as the hub knows it
	Secret   string // with which the hub signs
	State    SubscriptionState
	Asked    time.Time // when the hub was asked for it, or to end it; zero before
	Until    time.Time // end of the lease; zero before the first
}

// A SubscriptionState says what we want of a subscription.
type SubscriptionState string

const (
	SubscriptionAsked   SubscriptionState = "asked"   // the hub has yet to verify that we want it
	SubscriptionActive  SubscriptionState = "active"  // the hub has
	SubscriptionLeaving SubscriptionState = "leaving" // it is to end
)
