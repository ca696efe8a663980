// Package pushtest has a WebSub hub for tests: it takes requests, verifies what
// subscribers intend, signs what it delivers, and can be as bad as hubs are. It
// is written from the Recommendation and shares no code with what it tests.
package pushtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// A Hub is a hub that a test plays. Set it up before it is first asked.
type Hub struct {
	URL    string        // of itself, for its Link headers
	Method string        // sha1, sha256, sha384 or sha512; empty means sha256
	Lease  time.Duration // 0 means what was asked for
	Eager  bool          // verify at once, without being told to

	mu       sync.Mutex // guards all below
	status   int        // of every answer; 0 means 202
	redirect string     // where requests are sent on to, with 307
	requests []url.Values
	waiting  []url.Values
	granted  map[string]url.Values // by callback
	eager    sync.WaitGroup
}

// Refuse makes the hub answer every request with a status; 0 ends that.
func (h *Hub) Refuse(status int) { h.locked(func() { h.status = status }) }

// Redirect makes the hub send every request on to another one (§5.1.2).
func (h *Hub) Redirect(to string) { h.locked(func() { h.redirect = to }) }

func (h *Hub) locked(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
}

// Requests are all that was asked, in order.
func (h *Hub) Requests() (out []url.Values) {
	h.locked(func() { out = append(out, h.requests...) })
	return out
}

// Callbacks are where a topic is delivered to.
func (h *Hub) Callbacks(topic string) (out []string) {
	h.locked(func() {
		for callback, form := range h.granted {
			if form.Get("hub.topic") == topic {
				out = append(out, callback)
			}
		}
	})
	return out
}

// Close waits for what the hub does by itself.
func (h *Hub) Close() { h.eager.Wait() }

func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		http.Error(w, "a form is wanted", http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = append(h.requests, r.PostForm)
	switch {
	case h.redirect != "":
		w.Header().Set("Location", h.redirect)
		w.WriteHeader(http.StatusTemporaryRedirect)
		return
	case h.status != 0:
		http.Error(w, "the hub is not in the mood", h.status)
		return
	}
	h.waiting = append(h.waiting, r.PostForm)
	w.WriteHeader(http.StatusAccepted)
	if h.Eager {
		h.eager.Go(func() { _ = h.Verify(context.WithoutCancel(r.Context())) })
	}
}

// Verify asks for each request that waits whether it is meant, and grants those
// that are. Its error tells of those that are not.
func (h *Hub) Verify(ctx context.Context) error {
	var list []url.Values
	h.locked(func() { list, h.waiting = h.waiting, nil })
	var faults []error
	for _, form := range list {
		if err := h.verify(ctx, form); err != nil {
			faults = append(faults, err)
			continue
		}
		h.locked(func() {
			if h.granted == nil {
				h.granted = map[string]url.Values{}
			}
			if form.Get("hub.mode") == "unsubscribe" {
				delete(h.granted, form.Get("hub.callback"))
				return
			}
			h.granted[form.Get("hub.callback")] = form
		})
	}
	return errors.Join(faults...)
}

func (h *Hub) verify(ctx context.Context, form url.Values) error {
	challenge := rand.Text()
	query := url.Values{"hub.mode": {form.Get("hub.mode")}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {challenge}}
	if form.Get("hub.mode") == "subscribe" {
		lease := form.Get("hub.lease_seconds")
		if h.Lease > 0 {
			lease = strconv.Itoa(int(h.Lease / time.Second))
		}
		query.Set("hub.lease_seconds", lease)
	}
	status, body, err := Ask(ctx, form.Get("hub.callback"), query)
	if err == nil && (status/100 != 2 || body != challenge) {
		err = fmt.Errorf("the subscriber does not agree: %d %q", status, body)
	}
	return err
}

// Deny tells all subscribers of a topic that it is over (§5.2).
func (h *Hub) Deny(ctx context.Context, topic, reason string) error {
	for _, callback := range h.Callbacks(topic) {
		if _, _, err := Ask(ctx, callback, url.Values{"hub.mode": {"denied"}, "hub.topic": {topic}, "hub.reason": {reason}}); err != nil {
			return err
		}
		h.locked(func() { delete(h.granted, callback) })
	}
	return nil
}

// client gives up who does not answer.
var client = &http.Client{Timeout: time.Minute}

// Ask sends a GET to a callback with a query.
func Ask(ctx context.Context, callback string, query url.Values) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, callback+"?"+query.Encode(), nil)
	if err != nil {
		return 0, "", err
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

// Deliver sends content to all subscribers of a topic, signed for each, and
// ends the subscription of those that answer 410 (§7). Alter changes a request
// before it goes; nil changes nothing.
func (h *Hub) Deliver(ctx context.Context, topic, contentType string, body []byte, alter func(*http.Request)) (statuses []int, err error) {
	for _, callback := range h.Callbacks(topic) {
		var secret string
		h.locked(func() { secret = h.granted[callback].Get("hub.secret") })
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, callback, bytes.NewReader(body))
		if err != nil {
			return statuses, err
		}
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Link", fmt.Sprintf(`<%s>; rel="hub", <%s>; rel="self"`, h.URL, topic))
		req.Header.Set("X-Hub-Signature", Sign(h.Method, secret, body))
		if alter != nil {
			alter(req)
		}
		res, err := client.Do(req)
		if err != nil {
			return statuses, err
		}
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		statuses = append(statuses, res.StatusCode)
		if res.StatusCode == http.StatusGone {
			h.locked(func() { delete(h.granted, callback) })
		}
	}
	return statuses, nil
}

// Sign is the X-Hub-Signature of body.
func Sign(method, secret string, body []byte) string {
	kinds := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	if method == "" {
		method = "sha256"
	}
	mac := hmac.New(kinds[method], []byte(secret))
	_, _ = mac.Write(body) // a hash takes everything
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}
