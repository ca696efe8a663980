package fetch

import (
	"container/list"
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

// A RobotsError is a page that its site does not want us to read.
type RobotsError struct {
	URL  string
	Rule string // that forbids it; empty when the file could not be had
}

func (e *RobotsError) Error() string {
	if e.Rule == "" {
		return fmt.Sprintf("%s is not read: the site's robots.txt could not be had, which means no for now (RFC 9309)", e.URL)
	}
	return fmt.Sprintf("%s is not read: the site's robots.txt forbids it (%s)", e.URL, e.Rule)
}

// Page asks for an article page. Unlike Get it heeds the site's robots.txt, at
// each redirect too, and takes the host's slots itself, waiting for its turn as
// long as ctx lasts. A *RobotsError is a page that is not ours to read.
func (c *Client) Page(ctx context.Context, ask Request) (*Response, error) {
	u, err := webAddress(ask.URL)
	if err != nil {
		return nil, err
	}
	gap, err := c.permit(ctx, u)
	if err != nil {
		return nil, explain(u, err)
	}
	if err := c.spare(ctx, u, gap); err != nil {
		return nil, explain(u, err)
	}
	return c.get(ctx, ask, acceptPages, trip{page: true})
}

// spare waits for a spare slot of u's host, as long as ctx lasts. Of those who
// wait for one site, one asks.
func (c *Client) spare(ctx context.Context, u *url.URL, gap time.Duration) error {
	if c.opt.Spare == nil {
		return nil
	}
	s := c.robots.site(originOf(u))
	if err := s.queue.enter(ctx); err != nil {
		return err
	}
	defer s.queue.leave()
	for {
		again, ok, err := c.opt.Spare(ctx, news.Host(u.String()), gap)
		if err != nil || ok {
			return err
		}
		if err := c.sleep(ctx, again); err != nil {
			return err
		}
	}
}

// permit tells what robots.txt asks of those who read u: nil lets them, with a
// gap between two requests.
func (c *Client) permit(ctx context.Context, u *url.URL) (gap time.Duration, err error) {
	r, err := c.robots.of(ctx, c, u)
	if err != nil {
		return 0, err
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if allowed, rule := r.allows(path); !allowed {
		return 0, &RobotsError{URL: u.Redacted(), Rule: rule}
	}
	return r.delay, nil
}

const (
	robotsFor       = 24 * time.Hour // RFC 9309 §2.4
	robotsAwayFor   = time.Hour
	robotsSize      = 500 << 10 // §2.5
	robotsRedirects = 5         // §2.3.1.2
	robotsSites     = 4096      // remembered
)

// A robotsCache remembers the rules of the sites that were asked last.
type robotsCache struct {
	mu    sync.Mutex // guards the fields below
	sites map[string]*list.Element
	used  *list.List // of *site, the last used first
}

// A site is one origin, its rules, and those who wait for it.
type site struct {
	origin string
	queue  door // to its slots

	desk  door      // guards all below
	rules *rules    // nil when they were never asked for
	until time.Time // they are believed
}

// A door lets one in at a time. Unlike a mutex, nobody waits at it for longer
// than a context lasts.
type door chan struct{}

func newDoor() door { return make(door, 1) }

func (d door) enter(ctx context.Context) error {
	select {
	case d <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d door) leave() { <-d }

// originOf is a site's name: robots.txt holds for a scheme, host and port.
func originOf(u *url.URL) string { return u.Scheme + "://" + strings.ToLower(u.Host) }

func newRobotsCache() *robotsCache {
	return &robotsCache{sites: map[string]*list.Element{}, used: list.New()}
}

// site is the entry of an origin, new where it was not there.
func (r *robotsCache) site(origin string) *site {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.sites[origin]; ok {
		r.used.MoveToFront(e)
		return e.Value.(*site)
	}
	s := &site{origin: origin, queue: newDoor(), desk: newDoor()}
	r.sites[origin] = r.used.PushFront(s)
	if r.used.Len() > robotsSites {
		last := r.used.Back()
		delete(r.sites, r.used.Remove(last).(*site).origin)
	}
	return s
}

// of gives the rules of u's site, asked for by one of those who want them at
// the same time.
func (r *robotsCache) of(ctx context.Context, c *Client, u *url.URL) (*rules, error) {
	s := r.site(originOf(u))
	if err := s.desk.enter(ctx); err != nil {
		return nil, err
	}
	defer s.desk.leave()
	now := c.opt.Now()
	if s.rules != nil && now.Before(s.until) {
		return s.rules, nil
	}
	fetched, err := c.robotsOf(ctx, s.origin)
	var guarded *GuardError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &guarded): // the page would be refused as well
		return nil, guarded
	case err != nil && s.rules == nil:
		s.rules, s.until = &rules{away: true}, now.Add(robotsAwayFor)
	case err != nil: // what was known holds on
		s.until = now.Add(robotsAwayFor)
	default:
		s.rules, s.until = fetched, now.Add(robotsFor)
	}
	return s.rules, nil
}

// robotsOf asks a site for its rules. An error is a site that could not be
// reached, which is not one without rules (RFC 9309 §2.3.1).
func (c *Client) robotsOf(ctx context.Context, origin string) (*rules, error) {
	req, err := c.request(ctx, Request{URL: origin + "/robots.txt"}, "text/plain, */*;q=0.5")
	if err != nil {
		return nil, err
	}
	if err := c.spare(ctx, req.URL, 0); err != nil {
		return nil, err
	}
	res, err := c.do(req, trip{redirects: robotsRedirects})
	if errors.Is(err, errRedirects) {
		return &rules{}, nil // §2.3.1.2: as if there were none
	}
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	switch code := res.StatusCode; {
	case code == http.StatusTooManyRequests, code >= 500:
		return nil, &StatusError{URL: redacted(req.URL.String()), Code: code}
	case code != http.StatusOK: // §2.3.1.3
		_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can be used again
		return &rules{}, nil
	}
	return c.readRobots(res)
}

// readRobots reads as much of the file as counts.
func (c *Client) readRobots(res *http.Response) (*rules, error) {
	plain, release, err := decoder(res.Header.Get("Content-Encoding"), res.Body)
	if err != nil {
		return nil, err
	}
	defer release()
	buf := c.borrow()
	defer c.giveBack(buf)
	var large *TooLargeError
	if err := readAll(plain, buf, robotsSize); err != nil && !errors.As(err, &large) {
		return nil, err
	}
	return parseRobots((*buf)[:min(len(*buf), robotsSize)]), nil
}
