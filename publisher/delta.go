package publisher

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// Deltas (RFC 3229, "feed") are told from the tag alone, without a log of
// editions, so that they outlive restarts, work between nodes and reach back as
// far as any client does. A feed's tag is
//
//	"SUM.MARK.SHAPE"
//
// where SUM is of its bytes and makes it a strong validator; MARK is the
// greatest revision of anything in the edition, which the same articles have
// on every node; and SHAPE is a hash of what the config says of the channel
// and its sources. A client that presents a tag has everything in the edition
// up to its mark, and so wants what has a greater one. That would be wrong
// where something left the shelf since, or its order changed, for then older
// articles may have moved up: the store keeps the revision of the newest such
// cut, and who is behind it gets all. So does who saw the channel in another
// shape.

// deltas are those of one printed feed.
type deltas struct {
	doc   *feed.Document
	cut   news.Revision
	shape string

	mu   sync.Mutex // guards made
	made map[news.Revision]*document
}

// edition is what a feed's tag says besides its bytes.
func (ds *deltas) edition() string {
	return "." + strconv.FormatInt(int64(ds.doc.Newest), 36) + "." + ds.shape
}

// markOf reads the mark out of a tag; ok is false for one that says nothing of
// this feed as it is shaped now.
func (ds *deltas) markOf(tag string) (mark news.Revision, ok bool) {
	tag = strings.TrimPrefix(tag, "W/")
	if len(tag) < 2 || tag[0] != '"' {
		return 0, false
	}
	base := strings.Trim(tag, `"`)
	if i := strings.IndexAny(base, "+-"); i >= 0 { // a coding, or a browser's view
		base = base[:i]
	}
	sum, rest, _ := strings.Cut(base, ".")
	number, shape, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseInt(number, 36, 64)
	mark = news.Revision(n)
	return mark, err == nil && len(sum) == sumLength && shape == ds.shape && mark >= ds.cut && mark < ds.doc.Newest
}

// since is what has come after what a client has; nil where that is nothing,
// or where it must have all.
func (ds *deltas) since(tags []string) *document {
	best := news.Revision(-1)
	for tag := range tagsOf(tags) {
		if mark, ok := ds.markOf(tag); ok {
			best = max(best, mark)
		}
	}
	if best < 0 {
		return nil
	}
	return ds.after(best)
}

// after makes each delta once. There are no more of them than entries, whatever
// marks are asked for.
func (ds *deltas) after(mark news.Revision) *document {
	step := ds.doc.Step(mark)
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if d, ok := ds.made[step]; ok {
		return d
	}
	var d *document
	if body, ok := ds.doc.Since(mark); ok {
		d = newDocument("", body, time.Time{})
	}
	if ds.made == nil {
		ds.made = map[news.Revision]*document{}
	}
	ds.made[step] = d
	return d
}

// asksForDelta reports that a client takes a part of a feed for the whole.
func asksForDelta(r *http.Request) bool {
	return r.Method == http.MethodGet && len(r.Header["A-Im"]) > 0 && len(r.Header["If-None-Match"]) > 0 && quality(r.Header["A-Im"], "feed") > 0
}

// lacking reports that a client is to be sent a document, or what it lacks of it.
func (d *document) lacking(r *http.Request) bool {
	choice := d.choose(r.Header["Accept-Encoding"])
	return !d.failed(r, choice) && !d.held(r, choice)
}

var varyDelta = []string{"Accept-Encoding, A-IM, If-None-Match"}

// sendFeed answers with a feed: 304, what is new to the client where it asks
// for that, or all.
func (s *Server) sendFeed(w http.ResponseWriter, r *http.Request, d *document, p *print) error {
	if d.deltas != nil && asksForDelta(r) && d.lacking(r) {
		if delta := d.deltas.since(r.Header["If-None-Match"]); delta != nil {
			s.sendDelta(w, r, d, delta, p.fresh)
			return nil
		}
	}
	return s.send(w, r, d, p.cache)
}

// sendDelta answers with a part. Its tag is that of the whole as it is now (RFC
// 3229 §10.4.1), so that the client asks for what comes after it; caches that
// do not know of parts must not keep it (§10.8.1).
func (s *Server) sendDelta(w http.ResponseWriter, r *http.Request, whole, delta *document, fresh time.Duration) {
	choice := delta.choose(r.Header["Accept-Encoding"])
	c := delta.in(choice)
	h := w.Header()
	h["Vary"] = varyDelta
	h["Im"] = []string{"feed"}
	h["Etag"] = whole.forms[choice].tag
	h["Cache-Control"] = []string{"no-store, im, max-age=" + strconv.Itoa(int(fresh/time.Second))}
	h["Content-Type"] = whole.contentType
	h["Content-Length"] = c.length
	if c.encoding != nil {
		h["Content-Encoding"] = c.encoding
	}
	if whole.lastModified != nil {
		h["Last-Modified"] = whole.dated(s.press.lookedAt)
	}
	if whole.link != nil {
		h["Link"] = whole.link
	}
	w.WriteHeader(http.StatusIMUsed)
	_, _ = w.Write(c.body) // a client that has gone is no fault of ours
}

// shapeOf is a hash of all that the config says of how a shelf looks.
func shapeOf(h edition.House, sources []news.Source, ch news.Channel) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q %q %q %q\n", h.Title, h.URL, h.Authority, h.Language, h.Hub)
	fmt.Fprintf(sum, "%q %q %q %q %q %d %d\n", ch.Slug, ch.Title, ch.Description, ch.Language, ch.Order, ch.Limit, ch.PerSource)
	for _, s := range sources {
		if ch.Sources != nil && !slices.Contains(ch.Sources, s.Slug) {
			continue // nothing of it is in there
		}
		fmt.Fprintf(sum, "%q %q %q %q %q %q\n", s.Slug, s.Name, s.URL, s.HomePage, s.Republish, s.Rights)
	}
	return hex.EncodeToString(sum.Sum(nil)[:4])
}
