package fetch

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// mostFresh and mostPatience bound what a server may ask for.
const (
	mostFresh    = 24 * time.Hour
	mostPatience = 7 * 24 * time.Hour
)

// fresh is how long an answer says that it stays true: Cache-Control max-age
// less Age, else Expires (RFC 9111 §4.2.1); 0 when it does not say or wants to
// be asked each time.
func fresh(h http.Header, now time.Time) time.Duration {
	maxAge := time.Duration(-1) // not said
	for directive := range strings.SplitSeq(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), ",") {
		directive = strings.TrimSpace(directive)
		if directive == "no-cache" || directive == "no-store" {
			return 0
		}
		if value, ok := strings.CutPrefix(directive, "max-age="); ok {
			maxAge = seconds(strings.Trim(value, `"`))
		}
	}
	if maxAge >= 0 {
		return min(max(maxAge-seconds(h.Get("Age")), 0), mostFresh)
	}
	if t, err := http.ParseTime(h.Get("Expires")); err == nil {
		return min(max(t.Sub(dated(h, now)), 0), mostFresh)
	}
	return 0
}

// retryAfter is when a server that refused us may be asked again (RFC 9110
// §10.2.3, seconds or a date); the zero time when it does not say.
func retryAfter(h http.Header, now time.Time) time.Time {
	value := strings.TrimSpace(h.Get("Retry-After"))
	wait := seconds(value)
	if t, err := http.ParseTime(value); err == nil {
		wait = t.Sub(dated(h, now)) // by the server's own clock
	}
	if wait <= 0 {
		return time.Time{}
	}
	return now.Add(min(wait, mostPatience))
}

// dated is the server's clock, ours where it does not tell.
func dated(h http.Header, now time.Time) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t
	}
	return now
}

// seconds reads delta-seconds (RFC 9111 §1.2.2); a number too large to hold
// counts as very long, anything else as none.
func seconds(text string) time.Duration {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil && strings.Trim(text, "0123456789") == "" && text != "" {
		return mostPatience
	}
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// movedTo is where the permanent redirects (301 and 308) at the beginning of a
// request's way led; empty when it began with none. What a temporary one hides
// is not ours to remember, and neither is a step from https to http.
func movedTo(req *http.Request) string {
	var way []*http.Request // the last first
	for r := req; r.Response != nil; r = r.Response.Request {
		way = append(way, r)
	}
	target := ""
	for i := len(way) - 1; i >= 0; i-- {
		code := way[i].Response.StatusCode
		from := way[i].Response.Request.URL
		if code != http.StatusMovedPermanently && code != http.StatusPermanentRedirect || from.Scheme == "https" && way[i].URL.Scheme != "https" {
			break
		}
		to := *way[i].URL
		to.Fragment, to.RawFragment = "", ""
		target = to.String()
	}
	return target
}

// downgraded reports whether a redirect on a request's way led from https to
// http.
func downgraded(req *http.Request) bool {
	for r := req; r.Response != nil; r = r.Response.Request {
		if r.URL.Scheme == "http" && r.Response.Request.URL.Scheme == "https" {
			return true
		}
	}
	return false
}

// understood refuses a 226 that was made in a way we did not ask for: its body
// could be a difference of bytes (RFC 3229 §10.4.1 wants the header IM to say).
// One that does not say is taken for the part of a feed that we asked for.
func understood(h http.Header) error {
	for name := range strings.SplitSeq(strings.Join(h.Values("IM"), ","), ",") {
		name, _, _ = strings.Cut(name, ";")
		if name = strings.TrimSpace(name); name != "" && !strings.EqualFold(name, "feed") {
			return fmt.Errorf("the server answered 226 with a part made by %q, which nobody asked for (RFC 3229)", name)
		}
	}
	return nil
}
