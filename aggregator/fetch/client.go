package fetch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"copydesk/aggregator/news"
)

// Options are what the operator decides about fetching.
type Options struct {
	Timeout      time.Duration // for a whole request, its redirects and body; 0 means 30 s
	Patience     time.Duration // with hosts that are busy, on top of Timeout; 0 means as long again
	MaxBody      int64         // bytes of a body, decompressed; 0 means 15 MB
	MaxIdle      int           // connections kept for reuse; 0 means 64
	UserAgent    string
	AllowPrivate bool                // let addresses of private networks be dialled, at any port
	Ports        []int               // of public addresses that may be dialled; nil means 80, 443, 8080 and 8443
	AnyPort      bool                // all of them, whatever Ports says
	Hash         func([]byte) uint64 // of a body; equal hashes mean an unchanged one
	Now          func() time.Time
	Resolver     *net.Resolver // nil means the system's

	// Reserve takes the next free slot of a host (as news.Host names it), says
	// when it begins, and keeps the host free of others for the usual gap after
	// it, or for gap where that is longer. Nil means at once. The host that Get
	// asks first has had its slot from whoever asked; redirects take theirs here.
	Reserve func(ctx context.Context, host string, gap time.Duration) (time.Time, error)

	// LeaveAlone keeps a host free of questions until a moment. Nil means that this
	// is not kept.
	LeaveAlone func(ctx context.Context, host string, until time.Time) error

	// Spare takes a slot that begins now, if the host is free and nobody with few
	// questions waits for it; else it says when to ask again. Pages take these.
	// Nil means at once.
	Spare func(ctx context.Context, host string, gap time.Duration) (again time.Time, ok bool, err error)
}

// A Client fetches. Use one for everything, so that its connections, its
// guard and its manners are shared.
type Client struct {
	http    *http.Client // its transport is guarded; send through do, which bounds the time
	guard   *guard
	opt     Options
	robots  *robotsCache
	scratch sync.Pool // of *[]byte: bodies are read into these, and copied only when they are news
}

// A Request is what to ask for, and who asks.
type Request struct {
	URL        string
	Validators news.Validators // of the last answer; zero asks for everything
	For        string          // what our User-Agent says of the purpose: "feed-id=wire"

	// Subscribers is how many people read us for this, told to the publisher, who
	// cannot count them otherwise; 0 when unknown.
	Subscribers int
}

// A Response is an answer that could be used: a body, or word that the last
// one still holds.
type Response struct {
	URL         string // after redirects
	At          time.Time
	Status      int
	Unchanged   bool // 304, or the bytes that the validators' hash names
	Partial     bool // 226: a feed of only what is new (RFC 3229)
	Body        []byte
	ContentType string
	Header      http.Header
	Validators  news.Validators // to ask with next time
	Fresh       time.Duration   // how long the server asks for peace; at most a day
	MovedTo     string          // where permanent redirects led; empty when none did
	Downgraded  bool            // a redirect led from https to http, where anyone on the way can read and change it
}

// New makes a client. Close it when done.
func New(opt Options) *Client {
	opt.Timeout = cmp.Or(opt.Timeout, 30*time.Second)
	opt.Patience = cmp.Or(opt.Patience, opt.Timeout)
	opt.MaxBody = cmp.Or(opt.MaxBody, 15<<20)
	opt.MaxIdle = cmp.Or(opt.MaxIdle, 64)
	g := &guard{private: opt.AllowPrivate, ports: opt.Ports, refused: refused}
	switch {
	case opt.AnyPort:
		g.ports = nil
	case opt.Ports == nil:
		g.ports = usualPorts
	}
	c := &Client{guard: g, opt: opt, robots: newRobotsCache()}
	c.http = &http.Client{
		Transport:     newTransport(opt, g),
		CheckRedirect: c.redirect,
		Timeout:       opt.Timeout + opt.Patience, // do's clock is the stricter one; this one also counts the waiting for slots
	}
	return c
}

// Close drops the connections kept for reuse.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Get asks for what is newer than the validators. Its errors are sentences for an
// operator; a *StatusError tells a refusal by the server, a *GuardError one by
// us.
func (c *Client) Get(ctx context.Context, ask Request) (*Response, error) {
	return c.get(ctx, ask, acceptFeeds, trip{})
}

func (c *Client) get(ctx context.Context, ask Request, accept string, t trip) (*Response, error) {
	req, err := c.request(ctx, ask, accept)
	if err != nil {
		return nil, err
	}
	res, err := c.do(req, t)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	out := c.answer(ask, res)
	switch {
	case res.StatusCode == http.StatusNotModified && conditional(ask.Validators):
		out.Unchanged = true
		return out, nil
	case res.StatusCode != http.StatusOK && !out.Partial:
		_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can be used again
		c.leave(ctx, res, out.At)
		return nil, &StatusError{URL: redacted(ask.URL), Code: res.StatusCode, RetryAt: retryAfter(res.Header, out.At)}
	}
	if out.Partial {
		if err := understood(res.Header); err != nil {
			return nil, err
		}
	}
	return out, c.read(res, ask.Validators, out)
}

// mostLeave bounds for how long one source's refusal keeps the others of its
// host from asking.
const mostLeave = time.Hour

// leave has a host left alone that says that it is asked too much and for how
// long it does not want to be: all our sources there are meant.
func (c *Client) leave(ctx context.Context, res *http.Response, now time.Time) {
	until := retryAfter(res.Header, now)
	if res.StatusCode != http.StatusTooManyRequests || until.IsZero() || c.opt.LeaveAlone == nil {
		return
	}
	if most := now.Add(mostLeave); until.After(most) {
		until = most
	}
	_ = c.opt.LeaveAlone(ctx, news.Host(res.Request.URL.String()), until) // that the refused source itself waits matters more
}

// answer is what the head of a response says.
func (c *Client) answer(ask Request, res *http.Response) *Response {
	now := c.opt.Now()
	return &Response{
		URL:         res.Request.URL.String(),
		At:          now,
		Status:      res.StatusCode,
		ContentType: res.Header.Get("Content-Type"),
		Header:      res.Header,
		Validators:  refreshed(ask.Validators, res),
		Partial:     res.StatusCode == http.StatusIMUsed,
		MovedTo:     movedTo(res.Request),
		Downgraded:  downgraded(res.Request),
		Fresh:       fresh(res.Header, now),
	}
}

// read takes the body into out, unless it is the one that was known.
func (c *Client) read(res *http.Response, known news.Validators, out *Response) error {
	buf := c.borrow()
	defer c.giveBack(buf)
	if err := c.body(res, buf); err != nil {
		return explain(res.Request.URL, err)
	}
	if !out.Partial { // a part's hash would say nothing of the next whole answer
		out.Validators.BodyHash = c.opt.Hash(*buf)
		out.Unchanged = known.BodyHash != 0 && known.BodyHash == out.Validators.BodyHash
	}
	if !out.Unchanged {
		out.Body = bytes.Clone(*buf)
	}
	return nil
}

// largestKept is the size of a scratch buffer above which it is not kept, so
// that a few huge bodies do not stay in memory.
const largestKept = 1 << 20

func (c *Client) borrow() *[]byte {
	if buf, ok := c.scratch.Get().(*[]byte); ok {
		return buf
	}
	buf := make([]byte, 0, 64<<10)
	return &buf
}

func (c *Client) giveBack(buf *[]byte) {
	if cap(*buf) <= largestKept {
		*buf = (*buf)[:0]
		c.scratch.Put(buf)
	}
}

func (c *Client) request(ctx context.Context, ask Request, accept string) (*http.Request, error) {
	req, err := c.bare(ctx, http.MethodGet, ask.URL, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.userAgent(ask))
	req.Header.Set("Accept", accept)
	req.Header.Set("Accept-Encoding", "gzip, br, zstd, deflate")
	v := ask.Validators
	if v.ETag != "" {
		req.Header["If-None-Match"] = []string{v.ETag}
	}
	if v.LastModified != "" {
		req.Header["If-Modified-Since"] = []string{v.LastModified}
	}
	if conditional(v) {
		req.Header["A-IM"] = []string{"feed"} // RFC 3229: what is new is enough
	}
	return req, nil
}

// bare is a request without headers but the credentials of its address, which
// what is sent and told from here on has no more.
func (c *Client) bare(ctx context.Context, method, address string, body io.Reader) (*http.Request, error) {
	u, err := webAddress(address)
	if err != nil {
		return nil, err
	}
	credentials := u.User
	u.User = nil
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("%q is no address: %w", redacted(address), err)
	}
	if credentials != nil {
		password, _ := credentials.Password()
		req.SetBasicAuth(credentials.Username(), password)
	}
	return req, nil
}

func webAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("%q is no http or https address", redacted(address))
	}
	return u, nil
}

// userAgent says who asks and why: the purpose goes into the comment that our
// name carries, or into one of its own.
func (c *Client) userAgent(ask Request) string {
	purpose := ask.For
	switch {
	case ask.Subscribers == 1:
		purpose += "; 1 subscriber"
	case ask.Subscribers > 1:
		purpose += fmt.Sprintf("; %d subscribers", ask.Subscribers)
	}
	purpose = strings.TrimPrefix(purpose, "; ")
	name := c.opt.UserAgent
	switch head, ok := strings.CutSuffix(name, ")"); {
	case purpose == "":
		return name
	case ok:
		return head + "; " + purpose + ")"
	}
	return name + " (" + purpose + ")"
}

const (
	acceptFeeds = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.6, */*;q=0.5"
	acceptPages = "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.5"
)

// conditional reports validators that a server can compare.
func conditional(v news.Validators) bool { return v.ETag != "" || v.LastModified != "" }

// longestValidator is more than any server needs: one that hands out more may
// refuse to take it back.
const longestValidator = 4 << 10

// refreshed are the validators of an answer. A 304 may leave out what has not
// changed (RFC 9110 §15.4.5); a 200 without one has none.
func refreshed(v news.Validators, res *http.Response) news.Validators {
	etag, modified := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	if len(etag)+len(modified) > longestValidator {
		etag, modified = "", ""
	}
	if res.StatusCode == http.StatusNotModified {
		return news.Validators{ETag: cmp.Or(etag, v.ETag), LastModified: cmp.Or(modified, v.LastModified), BodyHash: v.BodyHash}
	}
	return news.Validators{ETag: etag, LastModified: modified}
}

// body reads and decodes what was sent into buf, up to the cap.
func (c *Client) body(res *http.Response, buf *[]byte) error {
	plain, release, err := decoder(res.Header.Get("Content-Encoding"), res.Body)
	if err != nil {
		return err
	}
	defer release()
	if err := readAll(plain, buf, c.opt.MaxBody); err != nil {
		return err
	}
	if len(*buf) == 0 {
		return errors.New("the answer is empty (the server may be ill; nothing stored was changed)")
	}
	return nil
}

// readAll reads at most limit bytes to the end of buf.
func readAll(r io.Reader, buf *[]byte, limit int64) error {
	for {
		n, err := r.Read((*buf)[len(*buf):cap(*buf)])
		*buf = (*buf)[:len(*buf)+n]
		switch {
		case int64(len(*buf)) > limit:
			return &TooLargeError{Limit: limit}
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case len(*buf) == cap(*buf):
			*buf = slices.Grow(*buf, len(*buf))
		}
	}
}
