package websub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

const (
	mostForm    = 16 << 10
	mostAddress = 2048
	mostSecret  = 199 // bytes (§5.1: less than 200)

	usualLease    = 10 * 24 * time.Hour
	shortestLease = 5 * time.Minute
	longestLease  = 30 * 24 * time.Hour
)

// A refusal is a request that we do not take, in words for who made it.
type refusal struct {
	status int
	words  string
}

func (r *refusal) Error() string { return r.words }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// ServeHTTP takes requests to subscribe and to end a subscription (§5.1).
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	terms, ok := h.opt.Terms()
	if !ok {
		http.Error(w, errNoTerms.Error(), http.StatusNotFound)
		return
	}
	in, err := intentOf(w, r, terms)
	if err == nil {
		in.Asked = h.opt.Now()
		in.Revision = h.stands(r.Context(), terms, in.Topic)
		err = h.opt.Book.AskHub(r.Context(), in)
	}
	var refused *refusal
	var busy interface{ Temporary() bool }
	switch {
	case err == nil:
		w.WriteHeader(http.StatusAccepted)
	case errors.As(err, &refused):
		http.Error(w, refused.words, refused.status)
	case errors.As(err, &busy) && busy.Temporary():
		w.Header().Set("Retry-After", "300")
		http.Error(w, "the hub has too much to do; come back later", http.StatusServiceUnavailable)
	default:
		h.opt.Log.Error("a request to the hub could not be noted", "err", err)
		http.Error(w, "the hub is ill; come back later", http.StatusInternalServerError)
	}
}

// stands is the revision of what readers of a topic see; 0 where there is nothing: who
// asks now is told of what is newer than its request.
func (h *Hub) stands(ctx context.Context, terms Terms, topic string) news.Revision {
	revision, err := terms.Topics.Stands(ctx, topic)
	if err != nil {
		h.opt.Log.Debug("a topic that is subscribed to has no edition", "topic", topic, "err", err)
		return 0
	}
	return revision
}

// intentOf reads and checks a request.
func intentOf(w http.ResponseWriter, r *http.Request, terms Terms) (news.Intent, error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	if err := r.ParseForm(); err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return news.Intent{}, refuse(http.StatusRequestEntityTooLarge, "the request is longer than %d bytes", mostForm)
		}
		return news.Intent{}, refuse(http.StatusBadRequest, "the request is no form (application/x-www-form-urlencoded)")
	}
	form := r.PostForm
	in := news.Intent{Topic: form.Get("hub.topic"), Callback: form.Get("hub.callback"), Secret: form.Get("hub.secret")}
	switch mode := form.Get("hub.mode"); mode {
	case "subscribe":
	case "unsubscribe":
		in.Leaving = true
	case "publish":
		return in, refuse(http.StatusForbidden, "this hub publishes feeds of its own house only, and knows when they change")
	default:
		return in, refuse(http.StatusBadRequest, "hub.mode is %q, and neither subscribe nor unsubscribe", brief(mode))
	}
	if !terms.Topics.Offers(in.Topic) {
		return in, refuse(http.StatusNotFound, "hub.topic %q is no feed of ours; take the address that the feed itself gives as rel=self", brief(in.Topic))
	}
	if err := checkCallback(in.Callback, terms.Courier); err != nil {
		return in, err
	}
	if len(in.Secret) > mostSecret {
		return in, refuse(http.StatusBadRequest, "hub.secret has %d bytes, and must have less than 200", len(in.Secret))
	}
	var err error
	in.Lease, err = leaseOf(form.Get("hub.lease_seconds"))
	return in, err
}

func checkCallback(address string, courier Courier) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return refuse(http.StatusBadRequest, "hub.callback is missing")
	case len(address) > mostAddress:
		return refuse(http.StatusBadRequest, "hub.callback is longer than %d bytes", mostAddress)
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https", strings.ContainsFunc(address, control):
		return refuse(http.StatusBadRequest, "hub.callback %q is no http or https address", brief(address))
	case u.User != nil:
		return refuse(http.StatusBadRequest, "hub.callback carries a name and password; put something that cannot be guessed into its path")
	case u.Fragment != "":
		return refuse(http.StatusBadRequest, "hub.callback has a fragment, which no request carries")
	}
	if err := courier.Permit(address); err != nil {
		return refuse(http.StatusForbidden, "hub.callback is not asked: %s", brief(err.Error()))
	}
	return nil
}

func control(r rune) bool { return r <= ' ' || r == 0x7f }

// leaseOf is the lease that is granted: what was asked for, within bounds.
func leaseOf(text string) (time.Duration, error) {
	if text == "" {
		return usualLease, nil
	}
	seconds, err := strconv.ParseUint(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || err == nil && seconds == 0 {
		return 0, refuse(http.StatusBadRequest, "hub.lease_seconds is %q, and no number of seconds", brief(text))
	}
	lease := time.Duration(min(seconds, uint64(longestLease/time.Second))) * time.Second
	return max(lease, shortestLease), nil
}

// brief is a stranger's text as we repeat it.
func brief(text string) string {
	text = strings.ToValidUTF8(text, "")
	return strings.ToValidUTF8(text[:min(len(text), 200)], "")
}
