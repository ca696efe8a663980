package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"copydesk/aggregator/news"
)

// A trip is one request with its redirects: what it may do, and how much of its
// time is left. The clock stands still while the trip waits for a host's slot.
type trip struct {
	page      bool // robots.txt is heeded at each step
	direct    bool // no redirect is followed
	redirects int  // at most; 0 means usualRedirects
	clock     *stopwatch
}

type tripKey struct{}

// do sends a request and follows it, within the client's timeout up to the last
// byte of the body. Its errors are sentences for an operator.
func (c *Client) do(req *http.Request, t trip) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	t.clock = newStopwatch(c.opt.Now, c.opt.Timeout, func() { cancel(&TimeoutError{c.opt.Timeout}) })
	end := func() { t.clock.stop(); cancel(context.Canceled) }
	res, err := c.http.Do(req.WithContext(context.WithValue(ctx, tripKey{}, t)))
	if err != nil {
		err = explain(req.URL, caused(ctx, err))
		end()
		return nil, err
	}
	res.Body = &timedBody{res.Body, ctx, end}
	return res, nil
}

// caused puts the reason for which ctx ended in place of what was made of it.
func caused(ctx context.Context, err error) error {
	if late := (*TimeoutError)(nil); errors.As(context.Cause(ctx), &late) {
		return late
	}
	return err
}

// A timedBody is read within the time of its trip.
type timedBody struct {
	io.ReadCloser
	ctx context.Context
	end func()
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = caused(b.ctx, err)
	}
	return n, err
}

func (b *timedBody) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}

// usualRedirects are followed at most, unless a trip bounds its own.
const usualRedirects = 10

// redirect decides whether a redirect is followed, and what of the request goes
// with it.
func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	t, _ := req.Context().Value(tripKey{}).(trip)
	if t.direct || req.Method != via[0].Method { // 301 to 303 would make a GET of a POST
		return http.ErrUseLastResponse
	}
	if most := cmp.Or(t.redirects, usualRedirects); len(via) > most {
		return fmt.Errorf("%w: more than %d", errRedirects, most)
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return &GuardError{Address: req.URL.Redacted(), Reason: "a redirect leads there, and it is no http or https address"}
	}
	req.URL.User = nil        // a server does not choose what we are known by
	req.Header.Del("Referer") // a feed's address may hold its reader's secret
	if !trusts(via[0].URL, req.URL) {
		req.Header.Del("Authorization")
	}
	for _, r := range via {
		if r.URL.String() == req.URL.String() && r.Method == req.Method {
			return fmt.Errorf("%w: they go in a circle, by %s", errRedirects, req.URL)
		}
	}
	t.clock.pause()
	defer t.clock.resume()
	gap := time.Duration(0)
	if t.page {
		var err error
		if gap, err = c.permit(req.Context(), req.URL); err != nil {
			return err
		}
	}
	return c.await(req.Context(), req.URL, gap, c.opt.Patience)
}

var errRedirects = errors.New("the server's redirects lead nowhere")

// trusts reports whether credentials for one address may go to another: the
// same server, or the same host by https where it was http.
func trusts(from, to *url.URL) bool {
	if !strings.EqualFold(from.Hostname(), to.Hostname()) {
		return false
	}
	if from.Scheme == to.Scheme {
		return portOf(from) == portOf(to)
	}
	return portOf(from) == "80" && portOf(to) == "443" && to.Scheme == "https"
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// Await waits for the next free slot of an address's host: for those whom the
// shelf did not give one with their claim.
func (c *Client) Await(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return nil // what is wrong with the address is told when it is asked
	}
	return c.await(ctx, u, 0, c.opt.Patience)
}

// await waits for a host's next free slot, patience at most.
func (c *Client) await(ctx context.Context, u *url.URL, gap, patience time.Duration) error {
	if c.opt.Reserve == nil {
		return nil
	}
	host := news.Host(u.String())
	at, err := c.opt.Reserve(ctx, host, gap)
	if err != nil {
		return err
	}
	if at.Sub(c.opt.Now()) > patience {
		return &BusyError{Host: host, Until: at}
	}
	return c.sleep(ctx, at)
}

// sleep waits until a moment.
func (c *Client) sleep(ctx context.Context, until time.Time) error {
	select {
	case <-time.After(until.Sub(c.opt.Now())):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A stopwatch calls late when it has run for so long, not counting its pauses.
// A nil one never does.
type stopwatch struct {
	now func() time.Time

	mu    sync.Mutex // guards all below
	timer *time.Timer
	left  time.Duration
	since time.Time // it runs
}

func newStopwatch(now func() time.Time, limit time.Duration, late func()) *stopwatch {
	return &stopwatch{now: now, timer: time.AfterFunc(limit, late), left: limit, since: now()}
}

func (s *stopwatch) pause() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timer.Stop()
	s.left -= s.now().Sub(s.since)
}

func (s *stopwatch) resume() {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = s.now()
	s.timer.Reset(max(s.left, 0))
}

func (s *stopwatch) stop() { s.timer.Stop() }
