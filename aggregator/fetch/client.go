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
}

// A Client fetches. Use one for everything, so that its connections, its
// guard and its manners are shared.
type Client struct {
	http    *http.Client
	opt     Options
	scratch sync.Pool // of *[]byte: bodies are read into these, and copied only when they are news
}

// A Response is an answer that could be used: a body, or word that the last
// one still holds.
type Response struct {
	URL         string // after redirects
	At          time.Time
	Status      int
	Unchanged   bool // 304, or the bytes that the validators' hash names
	Body        []byte
	ContentType string
	Header      http.Header
	Validators  news.Validators // to ask with next time
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

// Get asks address for what is newer than v. Its errors are sentences for an
// operator; a *StatusError tells a refusal by the server, a *GuardError one by
// us.
func (c *Client) Get(ctx context.Context, address string, v news.Validators) (*Response, error) {
	req, err := c.request(ctx, address, v)
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
	}
	if res.StatusCode == http.StatusNotModified {
		out.Unchanged = true
		return out, nil
	}
	if res.StatusCode != http.StatusOK {
		_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // so that the connection can be used again
		return nil, &StatusError{URL: address, Code: res.StatusCode, Header: res.Header}
	}
	buf := c.borrow()
	defer c.giveBack(buf)
	if err := c.body(res, buf); err != nil {
		return nil, explain(address, c.opt.Timeout, err)
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

func (c *Client) request(ctx context.Context, address string, v news.Validators) (*http.Request, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("%q is no http or https address", address)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("%q is no address: %w", address, err)
	}
	req.Header = http.Header{
		"User-Agent":      {c.opt.UserAgent},
		"Accept":          {accept},
		"Accept-Encoding": {"gzip, br, zstd, deflate"},
	}
	if v.ETag != "" {
		req.Header["If-None-Match"] = []string{v.ETag}
	}
	if v.LastModified != "" {
		req.Header["If-Modified-Since"] = []string{v.LastModified}
	}
	return req, nil
}

const accept = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.6, */*;q=0.5"

func (c *Client) redirect(req *http.Request, via []*http.Request) error {
	if len(via) > c.opt.MaxRedirects {
		return fmt.Errorf("more than %d redirects (they may go in a circle)", c.opt.MaxRedirects)
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" {
		return &GuardError{Address: req.URL.Redacted(), Reason: "it is no http or https address"}
	}
	return nil
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
