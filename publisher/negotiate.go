package publisher

import (
	"errors"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// How long an answer stays fresh. What may change is asked for again after a
// minute; a file whose address names its content never is.
var (
	feedCache      = []string{"public, max-age=60, stale-while-revalidate=600"}
	staticCache    = []string{"public, max-age=300, stale-while-revalidate=86400"}
	immutableCache = []string{"public, max-age=31536000, immutable"}
)

// What an answer depends on: the coding, and where a browser is shown another
// content type, whether one asks.
var (
	varyCoding = []string{"Accept-Encoding"}
	varyShown  = []string{"Accept-Encoding, Sec-Fetch-Dest"}
)

func (d *document) vary() []string {
	if d.shown != nil {
		return varyShown
	}
	return varyCoding
}

// send answers a request with a document: 304 where the client has it, else
// the coding that it likes best. A 304 has no more headers than guide caches
// (RFC 9110 §15.4.5).
func (s *Server) send(w http.ResponseWriter, r *http.Request, d *document, cacheControl []string) error {
	h := w.Header()
	h["Vary"] = d.vary()
	if d.shown != nil && r.Header.Get("Sec-Fetch-Dest") == "document" {
		d = d.shown
	}
	choice := d.choose(r.Header["Accept-Encoding"])
	var dated []string
	if d.lastModified != nil {
		dated = d.dated(s.press.lookedAt)
	}
	if d.failed(r, choice) {
		return errPrecondition
	}
	h["Etag"] = d.forms[choice].tag
	h["Cache-Control"] = cacheControl
	if dated != nil {
		h["Last-Modified"] = dated
	}
	if d.held(r, choice) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if d.link != nil {
		h["Link"] = d.link
	}
	c := d.in(choice)
	h["Content-Type"] = d.contentType
	if c.encoding != nil {
		h["Content-Encoding"] = c.encoding
	}
	h["Content-Length"] = c.length
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write(c.body) // a client that has gone is no fault of ours
	return nil
}

var errPrecondition = errors.New("the document is not the one that was asked for")

// failed reports that a client wants this document only as it was, and that it is
// so no more. If-Match is compared strongly and wins over If-Unmodified-Since
// (RFC 9110 §13.1.1, §13.1.4); both go before what [document.held] looks at
// (§13.2.2).
func (d *document) failed(r *http.Request, choice int) bool {
	if list := r.Header["If-Match"]; len(list) > 0 {
		return !names(list, func(tag string) bool {
			return !strings.HasPrefix(tag, "W/") && d.forms[choice].tagged(tag)
		})
	}
	unchanged, ok := d.unchanged(r.Header["If-Unmodified-Since"])
	return ok && !unchanged
}

// held reports that the client has this document in the coding that we would
// send. If-None-Match is compared weakly, may be a list or *, and wins over
// If-Modified-Since (RFC 9110 §13.2.2). The tag of another coding does not
// count: a cache that offers it may ask for a reader who cannot decode it.
func (d *document) held(r *http.Request, choice int) bool {
	if list := r.Header["If-None-Match"]; len(list) > 0 {
		return names(list, d.forms[choice].tagged)
	}
	unchanged, ok := d.unchanged(r.Header["If-Modified-Since"])
	return ok && unchanged
}

// unchanged reports that the document has not changed since a date. A header that
// is no date, or has several, is as good as none (RFC 9110 §13.1.3, §13.1.4), and
// so is any for a document without a date.
func (d *document) unchanged(since []string) (unchanged, ok bool) {
	if len(since) != 1 || d.lastModified == nil {
		return false, false
	}
	t, err := http.ParseTime(since[0])
	return err == nil && !d.modified.After(t), err == nil
}

// names reports that a list of tags is *, which stands for whatever there is, or
// has one that is wanted. A * beside others is none (RFC 9110 §13.1.1).
func names(list []string, wanted func(tag string) bool) bool {
	if len(list) == 1 && strings.TrimSpace(list[0]) == "*" {
		return true
	}
	for tag := range tagsOf(list) {
		if wanted(tag) {
			return true
		}
	}
	return false
}

// tagsOf are the members of lists of tags. Between its quotes a tag may hold a
// comma, and a backslash that escapes nothing (RFC 9110 §8.8.3).
func tagsOf(list []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, rest := range list {
			for more := true; more; {
				var tag string
				if tag, rest, more = cutTag(rest); tag != "" && !yield(tag) {
					return
				}
			}
		}
	}
}

// cutTag takes the first member off a list.
func cutTag(list string) (tag, rest string, more bool) {
	quoted := false
	for i := range len(list) {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			return strings.TrimSpace(list[:i]), list[i+1:], true
		}
	}
	return strings.TrimSpace(list), "", false
}

// tagged compares a tag that a client sent with that of a form, weakly, and
// understands the ending that a compressing proxy put to it. Who has the form under
// its former tag has it.
func (f *form) tagged(theirs string) bool {
	theirs = strings.TrimPrefix(theirs, "W/")
	return theirs == f.tag[0] || theirs == f.former || unmarked(theirs) == f.tag[0]
}

// unmarked is a tag without the ending that a compressing proxy put to it.
func unmarked(tag string) string {
	if bare, ok := strings.CutSuffix(tag, `-gzip"`); ok {
		return bare + `"`
	}
	return tag
}

// choose is the coding that the client accepts and likes best; among equals,
// ours. Who refuses everything gets the document as it is.
func (d *document) choose(accept []string) int {
	if len(accept) == 0 || len(d.body) < 512 { // compressing so little gains nothing
		return identity
	}
	best, bestQ := identity, quality(accept, "identity")
	for i, c := range codings {
		if q := quality(accept, c.name); q > bestQ || q == bestQ && best == identity && q > 0 {
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

// weightOf is the q of a list member's parameters: 1 when it has none, 0 when
// it is no number from 0 to 1.
func weightOf(params string) float64 {
	for param := range strings.SplitSeq(params, ";") {
		name, value, ok := strings.Cut(param, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) { // NaN is neither
			return 0
		}
		return q
	}
	return 1
}
