package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
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
	MaxBody      int64         // bytes of a body, decompressed; 0 means 15 MB
	MaxRedirects int           // 0 means 10
	MaxIdle      int           // connections kept for reuse; 0 means 64
	UserAgent    string
	AllowPrivate bool                // let addresses of private networks be dialled
	Hash         func([]byte) uint64 // of a body; equal hashes mean an unchanged one
	Now          func() time.Time
	Resolver     *net.Resolver // nil means the system's

	// Reserve takes the next free slot of a host that a redirect leads to, and
	// says when it begins. Nil means at once. The host that was asked first has
	// had its slot from whoever asked.
	Reserve func(ctx context.Context, host string) (time.Time, error)
}

// A Client fetches. Use one for everything, so that its connections, its
// guard and its manners are shared.
type Client struct {
	http    *http.Client
	poster  *http.Client // the same, but for what it does with redirects
	opt     Options
	scratch sync.Pool // of *[]byte: bodies are read into these, and copied only when they are news
}

// A Request is what to ask for, and who asks.
type Request struct {
	URL        string
	Validators news.Validators // of the last answer; zero asks for everything
	For        string          // what our User-Agent says of the purpose: "feed-id=wire; 12 subscribers"
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
}

// New makes a client. Close it when done.
func New(opt Options) *Client {
	opt.Timeout = orDefault(opt.Timeout, 30*time.Second)
	opt.MaxBody = orDefault(opt.MaxBody, 15<<20)
	opt.MaxRedirects = orDefault(opt.MaxRedirects, 10)
	opt.MaxIdle = orDefault(opt.MaxIdle, 64)
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Resolver: opt.Resolver}
	if !opt.AllowPrivate {
		dialer.Control = guard
	}
	transport := &http.Transport{
		DialContext:            dialer.DialContext,
		MaxIdleConns:           2 * opt.MaxIdle,
		MaxIdleConnsPerHost:    opt.MaxIdle,
		IdleConnTimeout:        60 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		MaxResponseHeaderBytes: 256 << 10,
		DisableCompression:     true, // decoded here, under the cap
		ForceAttemptHTTP2:      true,
	}
	c := &Client{opt: opt}
	c.http = &http.Client{Transport: transport, Timeout: opt.Timeout, CheckRedirect: c.redirect}
	c.poster = &http.Client{Transport: transport, Timeout: opt.Timeout, CheckRedirect: c.resend}
	return c
}

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Close drops the connections kept for reuse.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Get asks for what is newer than the validators. Its errors are sentences for an
// operator; a *StatusError tells a refusal by the server, a *GuardError one by
// us.
func (c *Client) Get(ctx context.Context, ask Request) (*Response, error) {
	address, v := ask.URL, ask.Validators
	req, err := c.request(ctx, ask)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, explain(address, c.opt.Timeout, err)
	}
	defer res.Body.Close()
	out := &Response{
		URL:         res.Request.URL.String(),
		At:          c.opt.Now(),
		Status:      res.StatusCode,
		ContentType: res.Header.Get("Content-Type"),
		Header:      res.Header,
		Validators:  refreshed(v, res),
		Partial:     res.StatusCode == http.StatusIMUsed,
		MovedTo:     movedTo(res.Request),
	}
	out.Fresh = fresh(res.Header, out.At)
	if res.StatusCode == http.StatusNotModified {
		out.Unchanged = true
		return out, nil
	}
	if res.StatusCode != http.StatusOK && !out.Partial {
		_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can be used again
		return nil, &StatusError{URL: address, Code: res.StatusCode, RetryAt: retryAfter(res.Header, out.At)}
	}
	buf := c.borrow()
	defer c.giveBack(buf)
	if err := c.body(res, buf); err != nil {
		return nil, explain(address, c.opt.Timeout, err)
	}
	if out.Partial { // its hash would say nothing of the next whole answer
		out.Body = bytes.Clone(*buf)
		return out, nil
	}
	out.Validators.BodyHash = c.opt.Hash(*buf)
	if out.Unchanged = v.BodyHash != 0 && v.BodyHash == out.Validators.BodyHash; !out.Unchanged {
		out.Body = bytes.Clone(*buf)
	}
	return out, nil
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

func (c *Client) request(ctx context.Context, ask Request) (*http.Request, error) {
	address, v := ask.URL, ask.Validators
	if err := webAddress(address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("%q is no address: %w", address, err)
	}
	req.Header = http.Header{
		"User-Agent":      {c.userAgent(ask.For)},
		"Accept":          {accept},
		"Accept-Encoding": {"gzip, br, zstd, deflate"},
	}
	if v.ETag != "" {
		req.Header["If-None-Match"] = []string{v.ETag}
		req.Header["A-IM"] = []string{"feed"} // RFC 3229: what is new is enough
	}
	if v.LastModified != "" {
		req.Header["If-Modified-Since"] = []string{v.LastModified}
	}
	return req, nil
}

func webAddress(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%q is no http or https address", address)
	}
	return nil
}

// userAgent says who asks and why: the purpose goes into the comment that our
// name carries, or into one of its own.
func (c *Client) userAgent(purpose string) string {
	name := c.opt.UserAgent
	switch head, ok := strings.CutSuffix(name, ")"); {
	case purpose == "":
		return name
	case ok:
		return head + "; " + purpose + ")"
	}
	return name + " (" + purpose + ")"
}

const accept = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.6, */*;q=0.5"

func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > c.opt.MaxRedirects {
		return fmt.Errorf("more than %d redirects (they may go in a circle)", c.opt.MaxRedirects)
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return &GuardError{Address: req.URL.Redacted(), Reason: "it is no http or https address"}
	}
	if last := via[len(via)-1]; c.opt.Reserve != nil && req.URL.Host != last.URL.Host {
		return c.await(req.Context(), req.URL.Host)
	}
	return nil
}

// Await waits for the next free slot of an address's host: for those whom the
// shelf did not give one with their claim.
func (c *Client) Await(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil || c.opt.Reserve == nil {
		return nil // what is wrong with the address is told when it is asked
	}
	return c.await(ctx, u.Host)
}

// await waits for a host's next free slot.
func (c *Client) await(ctx context.Context, host string) error {
	at, err := c.opt.Reserve(ctx, host)
	if err != nil {
		return err
	}
	timer := time.NewTimer(at.Sub(c.opt.Now()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refreshed are the validators of an answer. A 304 may leave out what has not
// changed (RFC 9110 §15.4.5); a 200 without one has none.
func refreshed(v news.Validators, res *http.Response) news.Validators {
	etag, modified := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	if res.StatusCode == http.StatusNotModified {
		return news.Validators{ETag: orDefault(etag, v.ETag), LastModified: orDefault(modified, v.LastModified), BodyHash: v.BodyHash}
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
