package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// A Reply is an answer to a Post, whatever its status.
type Reply struct {
	URL    string // after redirects
	Status int
	Text   string // the beginning of what the server said, for operators
}

// mostReply bounds what is read of a reply: it is a sentence, if anything.
const mostReply = 4 << 10

// Post sends a form through the same guard as Get, in a slot of its host. Only
// 307 and 308 are followed, which ask for the same request at another address
// (WebSub §5.1.2); any other status is the reply.
func (c *Client) Post(ctx context.Context, address string, form url.Values) (*Reply, error) {
	if err := webAddress(address); err != nil {
		return nil, err
	}
	if err := c.Await(ctx, address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("%q is no address: %w", address, err)
	}
	req.Header = http.Header{
		"User-Agent":   {c.opt.UserAgent},
		"Content-Type": {"application/x-www-form-urlencoded"},
		"Accept":       {"text/plain, */*;q=0.5"},
	}
	res, err := c.poster.Do(req)
	if err != nil {
		return nil, explain(address, c.opt.Timeout, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, mostReply))
	if err != nil {
		return nil, explain(address, c.opt.Timeout, err)
	}
	return &Reply{URL: res.Request.URL.String(), Status: res.StatusCode, Text: string(text)}, nil
}

// resend follows only redirects that keep the request as it is.
func (c *Client) resend(req *http.Request, via []*http.Request) error {
	if req.Method != http.MethodPost {
		return http.ErrUseLastResponse
	}
	return c.redirect(req, via)
}
