package publisher

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// send answers a request with a document: 304 where the client has it, else
// the coding that it likes best.
func send(w http.ResponseWriter, r *http.Request, d *document, cacheControl string) error {
	choice := d.choose(r.Header["Accept-Encoding"])
	h := w.Header()
	h["Etag"] = []string{d.tag(choice)}
	h["Cache-Control"] = []string{cacheControl}
	h["Vary"] = varyHeader
	if !d.modified.IsZero() && d.modified.Unix() > 0 {
		h["Last-Modified"] = []string{d.modified.Format(http.TimeFormat)}
	}
	if d.held(r) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	c := d.in(choice)
	h["Content-Type"] = []string{d.contentType}
	if c.encoding != "" {
		h["Content-Encoding"] = []string{c.encoding}
	}
	h["Content-Length"] = []string{strconv.Itoa(len(c.body))}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write(c.body) // a client that has gone is no fault of ours
	return nil
}

// varyHeader names what an answer depends on: the coding, and for feeds whether
// a browser asks for a page to show.
var varyHeader = []string{"Accept-Encoding, Sec-Fetch-Dest"}

// held reports that the client has this document. If-None-Match is compared
// weakly, may be a list or *, and wins over If-Modified-Since (RFC 9110
// §13.2.2); the tag of any coding counts, and one that a proxy changed.
func (d *document) held(r *http.Request) bool {
	if list := r.Header["If-None-Match"]; len(list) > 0 {
		for _, value := range list {
			for tag := range strings.SplitSeq(value, ",") {
				if tag = strings.TrimSpace(tag); tag == "*" || d.ours(tag) {
					return true
				}
			}
		}
		return false
	}
	since := r.Header.Get("If-Modified-Since")
	if since == "" || d.modified.Unix() <= 0 {
		return false
	}
	t, err := http.ParseTime(since)
	return err == nil && !d.modified.After(t.Truncate(time.Second))
}

// ours reports a tag of this document in any coding.
func (d *document) ours(tag string) bool {
	tag = strings.Trim(strings.TrimPrefix(tag, "W/"), `"`)
	rest, ok := strings.CutPrefix(tag, d.sum)
	if !ok {
		return false
	}
	switch strings.TrimSuffix(rest, "-gzip") { // what proxies add
	case "", "-br", "-zstd":
		return true
	}
	return false
}

// identity is the choice of no coding.
const identity = -1

// choose is the coding that the client accepts and likes best; among equals,
// ours.
func (d *document) choose(accept []string) int {
	if len(d.body) < 512 { // compressing so little gains nothing
		return identity
	}
	best, bestQ := identity, max(quality(accept, "identity"), 0.001)
	for i, c := range codings {
		if q := quality(accept, c.name); q > bestQ || q == bestQ && best == identity && q > 0.001 {
			best, bestQ = i, q
		}
	}
	return best
}

// quality is how much a client wants a coding: 0 when it refuses or does not
// name it (RFC 9110 §12.5.3).
func quality(accept []string, coding string) float64 {
	star := 0.0
	for _, value := range accept {
		for part := range strings.SplitSeq(value, ",") {
			name, params, _ := strings.Cut(part, ";")
			name = strings.TrimSpace(name)
			switch {
			case strings.EqualFold(name, coding), coding == "gzip" && strings.EqualFold(name, "x-gzip"):
				return weightOf(params)
			case name == "*" && coding != "identity":
				star = weightOf(params)
			}
		}
	}
	return star
}

// weightOf is the q of a list member's parameters; 1 when it has none.
func weightOf(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(param, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil {
			return 0
		}
		return q
	}
	return 1
}
