package fetch

import (
	"context"
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
	req, err := c.bare(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.opt.UserAgent)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "text/plain, */*;q=0.5")
	if err := c.Await(ctx, address); err != nil {
		return nil, err
	}
	res, err := c.do(req, trip{})
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, mostReply))
	if err != nil {
		return nil, explain(req.URL, err)
	}
	return &Reply{URL: res.Request.URL.String(), Status: res.StatusCode, Text: string(text)}, nil
}
