package push

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

const (
	// wantedLease is what is asked for; hubs may grant another (WebSub §8.2: ten
	// days are a good default).
	wantedLease = 10 * 24 * time.Hour

	// longestLease bounds what is believed of a hub's lease, so that a
	// subscription is renewed now and then whatever the hub says.
	longestLease = 30 * 24 * time.Hour

	// Verification is how long a hub that has accepted a request may take to
	// verify it.
	Verification = time.Hour
)

// NewToken makes the part of a callback's address that cannot be guessed, and
// NewSecret what a hub signs with: both of at least 128 random bits, and well
// under the 200 bytes that a secret may have (WebSub §5.1).
func NewToken() string { return strings.ToLower(rand.Text()) }

// NewSecret is described with NewToken.
func NewSecret() string { return rand.Text() + rand.Text() }

// Request is the form that asks a hub for a subscription, or to end one that is
// being left. A secret is always given, though the Recommendation has doubts
// where the hub is asked without TLS: who listens in there learns the callback
// too, and would need no secret to forge if there were none.
func Request(sub news.Subscription) url.Values {
	form := url.Values{
		"hub.mode":     {"subscribe"},
		"hub.topic":    {sub.Topic},
		"hub.callback": {strings.TrimSuffix(sub.Callback, "/") + "/websub/" + sub.Token},
	}
	if sub.State == news.SubscriptionLeaving {
		form.Set("hub.mode", "unsubscribe")
		return form
	}
	form.Set("hub.secret", sub.Secret)
	form.Set("hub.lease_seconds", strconv.Itoa(int(wantedLease/time.Second)))
	return form
}

// Accepted reports whether a hub has taken a request: 202 by the
// Recommendation, 204 by PubSubHubbub before it. What answers 200 is some page.
func Accepted(status int) bool {
	return status == http.StatusAccepted || status == http.StatusNoContent
}

// Ways are the addresses at which to try hubs, in their order: each over TLS
// first, even where it is advertised without (WebSub §8.2), unless its port says
// otherwise. Each try in vain begins with another one, as a hub may take a
// request and forget it.
func Ways(hubs []string, tries int) []string {
	var out []string
	for _, hub := range hubs {
		if rest, plain := strings.CutPrefix(hub, "http://"); plain {
			if u, err := url.Parse(hub); err == nil && u.Port() == "" {
				out = append(out, "https://"+rest)
			}
		}
		out = append(out, hub)
	}
	if len(out) == 0 {
		return nil
	}
	first := tries % len(out)
	return append(out[first:len(out):len(out)], out[:first]...)
}

const (
	firstRetry = 5 * time.Minute
	lastRetry  = 7 * 24 * time.Hour
	soonest    = time.Hour // between a confirmation and the renewal
)

// RetryAt is when a hub that refused, or kept silent, is asked again.
func RetryAt(at time.Time, tries int) time.Time {
	wait := firstRetry
	for range min(tries, 20) - 1 {
		wait *= 2
	}
	return at.Add(min(wait, lastRetry))
}

// renewAt is when a lease that was just granted wants renewal: with a fifth of
// it left, so that a hub which is away for a while ends nothing, and no more
// than once an hour.
func renewAt(at, until time.Time) time.Time {
	return at.Add(max(until.Sub(at)*4/5, soonest))
}
