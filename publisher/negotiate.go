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
	c := d.choose(r.Header["Accept-Encoding"])
	h := w.Header()
	h["Etag"] = []string{c.etag}
	h["Cache-Control"] = []string{cacheControl}
	h["Vary"] = varyHeader
	if !d.modified.IsZero() && d.modified.Unix() > 0 {
		h["Last-Modified"] = []string{d.modified.Format(http.TimeFormat)}
	}
	if d.held(r) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
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

var varyHeader = []string{"Accept-Encoding"}

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
	own := strings.Trim(d.plain.etag, `"`)
	rest, ok := strings.CutPrefix(tag, own)
	if !ok {
		return false
	}
	switch strings.TrimSuffix(rest, "-gzip") { // what proxies add
	case "", "-br", "-zstd":
		return true
	}
	return false
}

// choose is the coding that the client accepts and likes best; among equals,
// ours.
func (d *document) choose(accept []string) coded {
	best, bestQ := -1, 0.0
	if len(d.plain.body) < 512 { // compressing so little gains nothing
		return d.plain
	}
	for i, c := range codings {
		if q := quality(accept, c.name); q > bestQ {
			best, bestQ = i, q
		}
	}
	if best < 0 {
		return d.plain
	}
	return d.coded[best]()
}

// quality is how much a client wants a coding: 0 when it refuses or does not
// name it (RFC 9110 §12.5.3).
func quality(accept []string, coding string) float64 {
	star, named, found := 0.0, 0.0, false
	for _, value := range accept {
		for part := range strings.SplitSeq(value, ",") {
			name, params, _ := strings.Cut(part, ";")
			name = strings.TrimSpace(name)
			q := 1.0
			if _, v, ok := strings.Cut(params, "q="); ok {
				parsed, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
				if err == nil {
					q = parsed
				}
			}
			switch {
			case strings.EqualFold(name, coding), coding == "gzip" && strings.EqualFold(name, "x-gzip"):
				named, found = q, true
			case name == "*":
				star = q
			}
		}
	}
	if found {
		return named
	}
	return star
}
