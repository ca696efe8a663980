package fetch

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"
)

// A Message is what we send rather than ask for.
type Message struct {
	URL    string
	Header http.Header // besides our own: Content-Type, Link, X-Hub-Signature; nil for none
	Body   []byte
	Direct bool // follow no redirect; else 307 and 308, which ask for the same message at another address
}

// Form is a message that a form makes.
func Form(address string, form url.Values) Message {
	return Message{
		URL:    address,
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
		Body:   []byte(form.Encode()),
	}
}

// A Reply is an answer to a message, whatever its status.
type Reply struct {
	URL     string // after redirects
	Status  int
	Text    string    // the beginning of what the server said, for operators
	RetryAt time.Time // when the server wants to be asked again; zero when it did not say
}

// mostReply bounds what is read of a reply: it is a sentence, if anything.
const mostReply = 4 << 10

// Post sends a message through the same guard as Get, in a slot of its host.
func (c *Client) Post(ctx context.Context, m Message) (*Reply, error) {
	req, err := c.bare(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return nil, err
	}
	for name, values := range m.Header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", c.opt.UserAgent)
	req.Header.Set("Accept", "text/plain, */*;q=0.5")
	if err := c.await(ctx, req.URL, 0, c.opt.Patience); err != nil {
		return nil, err
	}
	res, err := c.do(req, trip{direct: m.Direct})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, mostReply))
	if err != nil {
		return nil, explain(req.URL, err)
	}
	return &Reply{URL: res.Request.URL.String(), Status: res.StatusCode, Text: string(text), RetryAt: retryAfter(res.Header, c.opt.Now())}, nil
}
