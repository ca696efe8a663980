package newsroom

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// A reader is whoever has asked the hub for an outlet's feed.
type reader struct {
	topic, callback, secret string
	lease                   string // seconds, as asked for
	outlet                  *outlet
	verified                bool
	leaving                 bool
	version                 int // of the feed that was delivered last
}

// pushed reports whether an outlet names the newsroom's hub in its feed.
func (o *outlet) pushed() bool { return o.format == "atom" }

// serveHub notes who asks for what (WebSub §5.1); Push does the rest.
func (n *Newsroom) serveHub(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	f := r.PostForm
	ask := &reader{topic: f.Get("hub.topic"), callback: f.Get("hub.callback"), secret: f.Get("hub.secret"), lease: f.Get("hub.lease_seconds"), leaving: f.Get("hub.mode") == "unsubscribe"}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, o := range n.outlets {
		if o.pushed() && strings.HasSuffix(ask.topic, "/"+o.slug+"/feed") {
			ask.outlet, ask.version = o, o.version
		}
	}
	if !onThisMachine(ask.callback) {
		http.Error(w, "the hub of this newsroom serves readers on its own machine only", http.StatusForbidden)
		return
	}
	if ask.outlet == nil {
		http.Error(w, "no outlet of this newsroom is pushed at that address", http.StatusNotFound)
		return
	}
	n.readers = append(n.readers, ask)
	w.WriteHeader(http.StatusAccepted)
}

// onThisMachine reports a callback that leads nowhere else, so that nobody can
// send the demo to places that he cannot reach himself.
func onThisMachine(callback string) bool {
	u, err := url.Parse(callback)
	if err != nil || u.Scheme != "http" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.IsLoopback()
}

// Push asks those who are new whether they mean it, and delivers what has
// changed to those who do. Who does not mean it, or has gone, is forgotten; who
// is ill is tried again the next time. The error tells of them.
func (n *Newsroom) Push(ctx context.Context) error {
	n.mu.Lock()
	list := n.readers
	n.readers = nil
	n.mu.Unlock()
	var stay []*reader
	var faults []error
	for _, r := range list {
		err := n.attend(ctx, r)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", r.callback, err))
			if r.verified && !errors.Is(err, errGone) {
				stay = append(stay, r)
			}
			continue
		}
		if !r.leaving {
			stay = append(stay, r)
			continue
		}
		for i, other := range stay {
			if other.callback == r.callback {
				stay = append(stay[:i], stay[i+1:]...)
				break
			}
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.readers = append(stay, n.readers...)
	return errors.Join(faults...)
}

func (n *Newsroom) attend(ctx context.Context, r *reader) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if !r.verified {
		return r.verify(ctx)
	}
	n.mu.Lock()
	version := r.outlet.version
	body, contentType := r.outlet.feed(strings.TrimSuffix(r.topic, "/feed"))
	n.mu.Unlock()
	if version == r.version {
		return nil
	}
	if err := r.deliver(ctx, body, contentType); err != nil {
		return err
	}
	r.version = version
	return nil
}

// errGone is a reader that has ended its subscription.
var errGone = errors.New("the reader has gone")

// verify asks a reader to repeat a word (WebSub §5.3).
func (r *reader) verify(ctx context.Context) error {
	challenge, mode := rand.Text(), "subscribe"
	if r.leaving {
		mode = "unsubscribe"
	}
	query := url.Values{"hub.mode": {mode}, "hub.topic": {r.topic}, "hub.challenge": {challenge}, "hub.lease_seconds": {r.lease}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.callback+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	status, answer, err := send(req)
	if err == nil && (status/100 != 2 || answer != challenge) {
		err = fmt.Errorf("the reader does not agree: %d", status)
	}
	r.verified = err == nil
	return err
}

// deliver sends a feed, signed (WebSub §7).
func (r *reader) deliver(ctx context.Context, body []byte, contentType string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.callback, bytes.NewReader(body))
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte(r.secret))
	_, _ = mac.Write(body) // a hash takes everything
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Link", fmt.Sprintf(`<%s>; rel="self", <%s>; rel="hub"`, r.topic, hubOf(strings.TrimSuffix(r.topic, "/feed"))))
	req.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	status, _, err := send(req)
	switch {
	case err != nil:
		return err
	case status == http.StatusGone:
		return errGone
	case status/100 != 2:
		return fmt.Errorf("the reader answered %d", status)
	}
	return nil
}

func send(req *http.Request) (status int, answer string, err error) {
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	return res.StatusCode, string(text), err
}

// hubOf is the hub's address beside an outlet's.
func hubOf(base string) string { return base[:strings.LastIndexByte(base, '/')] + "/hub" }
