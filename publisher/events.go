package publisher

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/feed"
)

const (
	mostListeners = 5000             // at the same time; each holds a connection
	heartbeat     = 25 * time.Second // proxies cut what is silent for longer
	slowest       = 10 * time.Second // a listener who does not take what is sent by then is let go
)

// errFull tells who would listen that there is no room.
var errFull = errors.New("too many listen already")

// events are what listeners are told of a print: all in it that is news to who has
// heard up to a revision (told.go). The id of each is a revision up to which he has
// heard everything by then, so that whoever comes back says what he knows. A listener
// has no queue: who was slow is told at once what is new to him then.
type events struct {
	mu   sync.Mutex // guards made
	made map[news.Revision][]byte
}

// told is what is new in a print to whoever has heard up to a revision. It is made once
// for all who have heard as much.
func (p *Press) told(ctx context.Context, pr *print, after news.Revision) ([]byte, error) {
	pr.events.mu.Lock()
	defer pr.events.mu.Unlock()
	if text, ok := pr.events.made[after]; ok {
		return text, nil
	}
	text, err := p.tell(ctx, pr, after)
	if err != nil {
		return nil, err
	}
	if pr.events.made == nil {
		pr.events.made = map[news.Revision][]byte{}
	}
	if len(pr.events.made) < mostMade {
		pr.events.made[after] = text
	}
	return text, nil
}

func (p *Press) tell(ctx context.Context, pr *print, after news.Revision) ([]byte, error) {
	part, err := p.news(ctx, pr, "json", after)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	list, heard := part.Changes(), after
	for i, c := range list {
		switch {
		case i == len(list)-1:
			heard = max(after, pr.revision)
		case c.Mark < list[i+1].Mark: // else another one is of the same revision
			heard = c.Mark
		}
		if err := writeEvent(&b, heard, c, after); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// mostMade bounds what strangers can have us keep.
const mostMade = 100

// An eventItem is what an event says of an article, in the words of JSON Feed.
type eventItem struct {
	ID        string `json:"id"`
	URL       string `json:"url,omitempty"`
	Title     string `json:"title,omitempty"`
	Published string `json:"date_published,omitempty"`
	Modified  string `json:"date_modified,omitempty"`
}

// writeEvent writes an event (HTML Standard §9.2.5) for who has heard up to a revision:
// new, changed or withdrawn.
func writeEvent(b *bytes.Buffer, id news.Revision, c feed.Change, after news.Revision) error {
	item, kind := eventItem{ID: c.ID}, "withdrawn"
	if c.Entry != nil {
		if err := json.Unmarshal(c.Entry, &item); err != nil {
			return fmt.Errorf("event of %s: %w", c.ID, err)
		}
		if kind = "new"; c.First <= after {
			kind = "changed"
		}
	}
	data, err := feed.EncodeJSON(item) // on one line
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "event: %s\nid: %d\ndata: %s\n", kind, id, data)
	return nil
}

// serveEvents tells whoever listens what is new in a channel, as it is printed.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) error {
	ch := s.press.channels[news.Slug(r.PathValue("slug"))]
	if ch == nil {
		return errNotFound
	}
	defer s.listening.Add(-1)
	if s.listening.Add(1) > mostListeners {
		return errFull
	}
	if ch.print.Load() == nil { // a browser that is refused does not come back
		s.press.Await(r.Context())
	}
	pr := ch.print.Load()
	if pr == nil && s.press.Ready() { // it cannot be printed
		return errNotReady
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would keep it to itself
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	l := &listener{w: w, flow: http.NewResponseController(w)}
	if pr == nil { // the press has ended before it printed the channel
		l.send([]byte(comeBack + "\n"))
		return nil
	}
	l.heard = s.heardBy(r, pr)
	l.listen(r, s.press, ch)
	return nil
}

// comeBack tells a listener when to come back once the stream has ended.
const comeBack = "retry: 2000\n"

// heardBy is how much a client says that it has heard: what it heard last, or what the
// page shows that it stands on. One that says nothing, or names a revision that is
// still to come, as where the database is an older one by now, has heard of a print.
func (s *Server) heardBy(r *http.Request, pr *print) news.Revision {
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		number, _, _ := strings.Cut(text, ".") // an id had a name behind it once
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 0 {
			continue
		}
		if n > s.press.seen.Load() { // another node may have told more than this one knows of
			if err := s.press.look(r.Context()); err != nil || n > s.press.seen.Load() {
				continue
			}
		}
		return news.Revision(n)
	}
	return pr.revision
}

// A listener is one open stream of events.
type listener struct {
	w     http.ResponseWriter
	flow  *http.ResponseController
	heard news.Revision // up to which it has been told
	print *print        // told of last
}

// listen tells of each print, until the client goes, is too slow, or the press
// ends: then the client comes back, and finds its successor.
func (l *listener) listen(r *http.Request, p *Press, ch *channel) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	text := fmt.Appendf(nil, "%sid: %d\n\n", comeBack, l.heard) // who is told nothing until it ends comes back with that
	for {
		pr := ch.print.Load()
		if pr != l.print {
			told, err := p.told(r.Context(), pr, l.heard)
			if err != nil {
				p.opt.Log.Error("listeners could not be told of a channel", "channel", ch.Slug, "err", err)
				return
			}
			text = append(text, told...)
			l.print, l.heard = pr, max(l.heard, pr.revision)
		}
		if !l.send(text) {
			return
		}
		text = nil
		select {
		case <-pr.replaced:
		case <-beat.C:
			text = []byte(":\n\n")
		case <-r.Context().Done():
			return
		case <-p.ended:
			return
		}
	}
}

// send reports whether the client took it in time.
func (l *listener) send(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	_ = l.flow.SetWriteDeadline(time.Time{})                                                 // the server's own ends a request, and a stream is a long one
	late := time.AfterFunc(slowest, func() { _ = l.flow.SetWriteDeadline(time.Unix(1, 0)) }) // long past
	defer late.Stop()
	if _, err := l.w.Write(text); err != nil {
		return false
	}
	return l.flow.Flush() == nil
}
