package publisher

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
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

// events are what listeners are told of a print: all that stands in it and is news to
// who knew the edition that they knew, and those before. The id of each is
// "MARK.NAME", with the greatest mark heard of so far and the edition that is known
// from then on: until the last event that is the one before, then the print's own. So
// whoever comes back says what he knows, and who was cut off in between hears some of
// it again. A listener has no queue: who was slow is told at once what is new to him
// then.
type events struct {
	mu   sync.Mutex // guards made
	made map[heard][]byte
}

// heard is what a listener knows.
type heard struct {
	mark    news.Revision
	edition string // empty where only the mark is known
	live    bool   // he has heard the print before this one
}

// A past is what a listener knows, and what that holds.
type past struct {
	heard
	contents feed.Contents // of the edition; nil where there is none
}

// past is that of who has heard all of a print.
func (pr *print) past() past {
	ds := pr.json.deltas
	return past{heard{mark: ds.doc.Newest, edition: ds.name}, ds.doc.Contents}
}

// told is what is new in pr to whoever has a past; before is the print that he was
// told of last, nil at first. It is made once for all who know the same.
func (p *Press) told(ctx context.Context, pr, before *print, known past) ([]byte, error) {
	key := known.heard
	key.live = before != nil
	pr.events.mu.Lock()
	defer pr.events.mu.Unlock()
	if text, ok := pr.events.made[key]; ok {
		return text, nil
	}
	text, err := p.tell(ctx, pr, before, known)
	if err != nil {
		return nil, err
	}
	if pr.events.made == nil {
		pr.events.made = map[heard][]byte{}
	}
	if len(pr.events.made) < mostMade {
		pr.events.made[key] = text
	}
	return text, nil
}

func (p *Press) tell(ctx context.Context, pr, before *print, known past) ([]byte, error) {
	ds := pr.json.deltas
	if known.edition == "" {
		known.contents = ds.doc.Until(known.mark)
	}
	part := ds.doc.News(known.contents)
	if !part.Empty() {
		log, err := p.log(ctx, ds.shelf)
		if err != nil {
			return nil, err
		}
		had := feed.Union(append(known.of(log), known.contents)...)
		if part, err = p.bury(ctx, ds.shelf, ds.doc.News(had), had, known.mark); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	list := part.Changes()
	for i, c := range list {
		id := heard{mark: max(c.Mark, known.mark), edition: known.edition}
		if i == len(list)-1 {
			id.edition = ds.name
		}
		if err := writeEvent(&b, id, c, changed(before, known)); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// of is what stood in the editions of a log that a listener knows: all that were
// printed by the mark that he has heard of, or before his own was for the first time.
func (h heard) of(log []logged) []feed.Contents {
	until := h.mark
	if own := slices.IndexFunc(log, func(e logged) bool { return e.name == h.edition }); own >= 0 {
		until = max(until, log[own].revision)
	}
	return upTo(log, until)
}

// changed tells what has changed from what is new. Who was told of the print before
// knows by its articles; to who comes back after a while an article has changed that
// says so, or that is no newer than what he has heard.
func changed(before *print, p past) func(c feed.Change, item eventItem) bool {
	return func(c feed.Change, item eventItem) bool {
		if before != nil {
			return before.json.deltas.doc.Has(c.ID)
		}
		return item.Modified != "" || c.Mark <= p.mark
	}
}

// String is an event's id.
func (h heard) String() string {
	mark := strconv.FormatInt(int64(h.mark), 10)
	if h.edition == "" {
		return mark
	}
	return mark + "." + h.edition
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
func writeEvent(b *bytes.Buffer, id heard, c feed.Change, changed func(feed.Change, eventItem) bool) error {
	item, kind := eventItem{ID: c.ID}, "withdrawn"
	if c.Entry != nil {
		if err := json.Unmarshal(c.Entry, &item); err != nil {
			return fmt.Errorf("event of %s: %w", c.ID, err)
		}
		if kind = "new"; changed(c, item) {
			kind = "changed"
		}
	}
	data, err := feed.EncodeJSON(item) // on one line
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "event: %s\nid: %s\ndata: %s\n", kind, id, data)
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
	l.known = s.pastOf(r, pr)
	l.listen(r, s.press, ch)
	return nil
}

// comeBack tells a listener when to come back once the stream has ended.
const comeBack = "retry: 2000\n"

// pastOf is what a client says it knows: what it heard last, or what the page shows
// that it stands on. One that says nothing, or names a mark that is still to come, as
// where the database is an older one by now, knows all of a print. Of an edition that
// is in the log no more its mark is left.
func (s *Server) pastOf(r *http.Request, pr *print) past {
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")} {
		number, name, _ := strings.Cut(text, ".")
		mark, err := strconv.ParseInt(number, 10, 64)
		if err != nil || mark < 0 || mark > s.press.seen.Load() {
			continue
		}
		p := past{heard: heard{mark: news.Revision(mark)}}
		if ds := pr.json.deltas; slices.Contains(ds.names(), name) {
			if c, err := s.press.recall(r.Context(), ds.shelf, name); err == nil {
				p.edition, p.contents = name, c
			}
		}
		return p
	}
	return pr.past()
}

// A listener is one open stream of events.
type listener struct {
	w     http.ResponseWriter
	flow  *http.ResponseController
	known past
	heard *print // told of last
}

// listen tells of each print, until the client goes, is too slow, or the press
// ends: then the client comes back, and finds its successor.
func (l *listener) listen(r *http.Request, p *Press, ch *channel) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	text := fmt.Appendf(nil, "%sid: %s\n\n", comeBack, l.known.heard) // who is told nothing until it ends comes back with that
	for {
		pr := ch.print.Load()
		if pr != l.heard {
			told, err := p.told(r.Context(), pr, l.heard, l.known)
			if err != nil {
				p.opt.Log.Error("listeners could not be told of a channel", "channel", ch.Slug, "err", err)
				return
			}
			text = append(text, told...)
			mark := l.known.mark
			l.heard, l.known = pr, pr.past()
			l.known.mark = max(l.known.mark, mark) // what had the greatest may be gone
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
