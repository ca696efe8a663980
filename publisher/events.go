package publisher

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
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

// events are what listeners are told of a print: that of a print has the mark
// of each article as its id, so that whoever comes back says what he knows. A
// listener has no queue: who was slow is told at once what is new to him then.
type events struct {
	mu   sync.Mutex // guards made
	made map[heard][]byte
}

// heard is what a listener knows.
type heard struct {
	mark news.Revision
	live bool // he has heard the print before this one
}

// told is what is new in pr to whoever knows everything up to a mark; before is
// the print that he was told of last, nil at first. It is made once for all who
// know the same.
func (pr *print) told(before *print, mark news.Revision) ([]byte, error) {
	key := heard{mark, before != nil}
	pr.events.mu.Lock()
	defer pr.events.mu.Unlock()
	if text, ok := pr.events.made[key]; ok {
		return text, nil
	}
	var b bytes.Buffer
	for _, c := range pr.json.deltas.doc.Changes(mark) {
		if err := writeEvent(&b, c, before); err != nil {
			return nil, err
		}
	}
	if pr.events.made == nil {
		pr.events.made = map[heard][]byte{}
	}
	if len(pr.events.made) < mostMade {
		pr.events.made[key] = b.Bytes()
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

// writeEvent writes an event (HTML Standard §9.2.5): new, changed or withdrawn.
// Who was told of the print before knows by its articles what is new; who comes
// back after a while takes an article for changed that says so.
func writeEvent(b *bytes.Buffer, c feed.Change, before *print) error {
	item, kind := eventItem{ID: c.ID}, "withdrawn"
	if c.Entry != nil {
		if err := json.Unmarshal(c.Entry, &item); err != nil {
			return fmt.Errorf("event of %s: %w", c.ID, err)
		}
		changed := item.Modified != ""
		if before != nil {
			changed = before.json.deltas.doc.Has(c.ID)
		}
		if kind = "new"; changed {
			kind = "changed"
		}
	}
	data, err := feed.EncodeJSON(item) // on one line
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "event: %s\nid: %d\ndata: %s\n", kind, c.Mark, data)
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
	if pr == nil {
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
	l := &listener{w: w, flow: http.NewResponseController(w), known: pr.json.deltas.doc.Newest}
	if mark, ok := markAsked(r); ok {
		l.known = mark
	}
	l.listen(r, s.press, ch)
	return nil
}

// markAsked is what a client says it knows: what it heard last, or what the page
// shows that it stands on.
func markAsked(r *http.Request) (news.Revision, bool) {
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		if mark, err := strconv.ParseInt(text, 10, 64); err == nil && mark >= 0 {
			return news.Revision(mark), true
		}
	}
	return 0, false
}

// A listener is one open stream of events.
type listener struct {
	w     http.ResponseWriter
	flow  *http.ResponseController
	known news.Revision
	heard *print // told of last
}

// listen tells of each print, until the client goes, is too slow, or the press
// ends: then the client comes back, and finds its successor.
func (l *listener) listen(r *http.Request, p *Press, ch *channel) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	text := []byte("retry: 2000\n\n")
	for {
		pr := ch.print.Load()
		if pr != l.heard {
			told, err := pr.told(l.heard, l.known)
			if err != nil {
				p.opt.Log.Error("listeners could not be told of a channel", "channel", ch.Slug, "err", err)
				return
			}
			text = append(text, told...)
			l.heard, l.known = pr, max(l.known, pr.json.deltas.doc.Newest)
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
