package fetch_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
)

// The clock that client() gives.
var clock = time.Unix(1_800_000_000, 0).UTC()

func TestFresh(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		header http.Header
		want   time.Duration
	}{
		{"nothing said", 200, nil, 0},
		{"max-age", 200, http.Header{"Cache-Control": {"public, max-age=1800"}}, 30 * time.Minute},
		{"max-age on a 304", 304, http.Header{"Cache-Control": {"max-age=1800"}}, 30 * time.Minute},
		{"max-age less the age of the copy", 200, http.Header{"Cache-Control": {"max-age=1800"}, "Age": {"600"}}, 20 * time.Minute},
		{"max-age in capitals and quotes", 200, http.Header{"Cache-Control": {`Max-Age="60"`}}, time.Minute},
		{"max-age wins over Expires", 200, http.Header{"Cache-Control": {"max-age=60"}, "Expires": {clock.Add(time.Hour).Format(http.TimeFormat)}}, time.Minute},
		{"no-cache", 200, http.Header{"Cache-Control": {"max-age=60, no-cache"}}, 0},
		{"Expires by the server's own clock", 200, http.Header{"Expires": {"Tue, 24 Nov 2026 10:00:00 GMT"}, "Date": {"Tue, 24 Nov 2026 09:00:00 GMT"}}, time.Hour},
		{"Expires in the past", 200, http.Header{"Expires": {"0"}}, 0},
		{"a year is granted as a day", 200, http.Header{"Cache-Control": {"max-age=31536000"}}, 24 * time.Hour},
		{"a number too large to hold", 200, http.Header{"Cache-Control": {"max-age=99999999999999999999"}}, 24 * time.Hour},
		{"a negative number", 200, http.Header{"Cache-Control": {"max-age=-5"}}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Date"] = nil
				for k, v := range tt.header {
					w.Header()[k] = v
				}
				w.WriteHeader(tt.status)
				if tt.status == 200 {
					_, _ = io.WriteString(w, "body")
				}
			})
			if got := get(t, client(t, fetch.Options{AllowPrivate: true}), url, news.Validators{ETag: `"1"`}).Fresh; got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		name, value, date string
		want              time.Time
	}{
		{"seconds", "120", "", clock.Add(2 * time.Minute)},
		{"a date by the server's own clock", "Tue, 24 Nov 2026 10:00:00 GMT", "Tue, 24 Nov 2026 09:00:00 GMT", clock.Add(time.Hour)},
		{"a date that is over", "Tue, 24 Nov 2020 10:00:00 GMT", "", time.Time{}},
		{"a month is granted as a week", "2592000", "", clock.Add(7 * 24 * time.Hour)},
		{"nonsense", "soon", "", time.Time{}},
		{"none", "", "", time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Date"] = nil
				if tt.date != "" {
					w.Header().Set("Date", tt.date)
				}
				w.Header().Set("Retry-After", tt.value)
				w.WriteHeader(http.StatusServiceUnavailable)
			})
			_, err := client(t, fetch.Options{AllowPrivate: true}).Get(t.Context(), fetch.Request{URL: url})
			var refused *fetch.StatusError
			if !errors.As(err, &refused) || !refused.RetryAt.Equal(tt.want) {
				t.Errorf("got %v (%v), want %v", refused, err, tt.want)
			}
		})
	}
}

// Only the permanent redirects at the beginning of the way are a move.
func TestMovedTo(t *testing.T) {
	mux := http.NewServeMux()
	step := func(path string, code int, to string) {
		mux.Handle(path, http.RedirectHandler(to, code))
	}
	mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "body") })
	step("/moved", 301, "/feed")
	step("/moved308", 308, "/feed")
	step("/twice", 301, "/moved308")
	step("/found", 302, "/feed")
	step("/temporary", 307, "/feed")
	step("/hidden", 302, "/moved")
	step("/then-found", 301, "/found")
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	c := client(t, fetch.Options{AllowPrivate: true})
	for path, want := range map[string]string{
		"/feed": "", "/moved": "/feed", "/moved308": "/feed", "/twice": "/feed",
		"/found": "", "/temporary": "", "/hidden": "", "/then-found": "/found",
	} {
		if want != "" {
			want = s.URL + want
		}
		if got := get(t, c, s.URL+path, news.Validators{}); got.MovedTo != want || got.URL != s.URL+"/feed" {
			t.Errorf("%s: moved to %q and read at %q, want %q", path, got.MovedTo, got.URL, want)
		}
	}
}

// A server may answer with only what is new (RFC 3229); that is no statement
// about the whole document.
func TestPartialAnswer(t *testing.T) {
	var wanted string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		wanted = r.Header.Get("A-IM")
		w.Header().Set("ETag", `"2"`)
		if wanted == "feed" {
			w.Header().Set("IM", "feed")
			w.WriteHeader(http.StatusIMUsed)
		}
		_, _ = io.WriteString(w, "part")
	})
	c := client(t, fetch.Options{AllowPrivate: true})
	if res := get(t, c, url, news.Validators{}); wanted != "" || res.Partial {
		t.Errorf("a part was asked for (%q) though nothing was known", wanted)
	}
	res := get(t, c, url, news.Validators{ETag: `"1"`, BodyHash: 7})
	if want := (news.Validators{ETag: `"2"`}); !res.Partial || res.Validators != want || string(res.Body) != "part" {
		t.Errorf("got %+v, want a part with validators %+v", res, want)
	}
}

// A host that says that it is asked too much is left alone by all our sources,
// for an hour at most.
func TestARefusalIsTheHosts(t *testing.T) {
	for _, tt := range []struct {
		status int
		after  string
		want   []time.Duration
	}{
		{429, "120", []time.Duration{2 * time.Minute}},
		{429, "86400", []time.Duration{time.Hour}},
		{429, "", nil},
		{503, "120", nil}, // a feed may be ill where its host is not
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = nil
			w.Header().Set("Retry-After", tt.after)
			w.WriteHeader(tt.status)
		})
		var waits []time.Duration
		c := client(t, fetch.Options{AllowPrivate: true, LeaveAlone: func(_ context.Context, host string, until time.Time) error {
			if host != "127.0.0.1" {
				t.Errorf("left %s alone", host)
			}
			waits = append(waits, until.Sub(clock))
			return nil
		}})
		if _, err := c.Get(t.Context(), fetch.Request{URL: url}); err == nil || !slices.Equal(waits, tt.want) {
			t.Errorf("%d, Retry-After %q: left alone for %v (%v), want %v", tt.status, tt.after, waits, err, tt.want)
		}
	}
}

// A server that says that nothing has changed when nobody has asked for changes
// has not answered: all that it has would never be read.
func TestNotModifiedUnasked(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	c := client(t, fetch.Options{AllowPrivate: true})
	for _, tt := range []struct {
		v    news.Validators
		good bool
	}{{news.Validators{}, false}, {news.Validators{BodyHash: 1}, false}, {news.Validators{ETag: `"1"`}, true}, {news.Validators{LastModified: "x"}, true}} {
		if _, err := c.Get(t.Context(), fetch.Request{URL: url, Validators: tt.v}); (err == nil) != tt.good {
			t.Errorf("asked with %+v: got %v, want it taken: %v", tt.v, err, tt.good)
		}
	}
}

// A validator that is too long to be sent back is none.
func TestValidatorsWithoutEnd(t *testing.T) {
	for size, kept := range map[int]bool{200: true, 100_000: false} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"`+strings.Repeat("x", size)+`"`)
			_, _ = io.WriteString(w, "feed")
		})
		res, err := client(t, fetch.Options{AllowPrivate: true}).Get(t.Context(), fetch.Request{URL: url})
		if err != nil || (res.Validators.ETag != "") != kept {
			t.Errorf("an ETag of %d bytes: %v, want it kept: %v", size, err, kept)
		}
	}
}

// A part that was made in another way than by leaving out known items is not
// ours to read.
func TestPartialAnswersNameTheirWay(t *testing.T) {
	for im, refused := range map[string]bool{"feed": false, "Feed": false, "": false, "feed;q=1": false, "diffe": true, "feed, gzip": true, "vcdiff, feed": true} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if im != "" {
				w.Header().Set("IM", im)
			}
			w.WriteHeader(http.StatusIMUsed)
			_, _ = io.WriteString(w, "part")
		})
		_, err := client(t, fetch.Options{AllowPrivate: true}).Get(t.Context(), fetch.Request{URL: url, Validators: news.Validators{ETag: `"1"`}})
		if (err != nil) != refused {
			t.Errorf("IM %q: got %v, want it refused: %v", im, err, refused)
		}
	}
}

// Both validators go out, each where there is one, and either is enough to ask
// for a part.
func TestWhatIsAskedFor(t *testing.T) {
	var asked http.Header
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Clone()
		_, _ = io.WriteString(w, "feed")
	})
	c := client(t, fetch.Options{AllowPrivate: true})
	for _, v := range []news.Validators{{}, {ETag: `W/"1"`}, {LastModified: "Tue, 24 Nov 2026 08:00:00 GMT"}, {ETag: "unquoted", LastModified: "24/11/2026"}} {
		get(t, c, url, v)
		part := ""
		if v.ETag != "" || v.LastModified != "" {
			part = "feed"
		}
		got := []string{asked.Get("If-None-Match"), asked.Get("If-Modified-Since"), asked.Get("A-IM")}
		if want := []string{v.ETag, v.LastModified, part}; !slices.Equal(got, want) {
			t.Errorf("with %+v we asked %q, want %q", v, got, want)
		}
	}
}

// A 304 may name one validator alone; the other holds. What names none changes
// none. A whole answer leaves out what is no more.
func TestValidatorsAreRefreshed(t *testing.T) {
	old := news.Validators{ETag: `"old"`, LastModified: "old", BodyHash: 7}
	for _, tt := range []struct {
		name   string
		status int
		header http.Header
		want   news.Validators
	}{
		{"304 with both", 304, http.Header{"Etag": {`"new"`}, "Last-Modified": {"new"}}, news.Validators{ETag: `"new"`, LastModified: "new", BodyHash: 7}},
		{"304 with the tag", 304, http.Header{"Etag": {`"new"`}}, news.Validators{ETag: `"new"`, LastModified: "old", BodyHash: 7}},
		{"304 with the date", 304, http.Header{"Last-Modified": {"new"}}, news.Validators{ETag: `"old"`, LastModified: "new", BodyHash: 7}},
		{"304 with neither", 304, nil, old},
		{"200 with the tag", 200, http.Header{"Etag": {`W/"new"`}}, news.Validators{ETag: `W/"new"`, BodyHash: hash([]byte("body"))}},
		{"200 with the date", 200, http.Header{"Last-Modified": {"new"}}, news.Validators{LastModified: "new", BodyHash: hash([]byte("body"))}},
		{"200 with neither", 200, nil, news.Validators{BodyHash: hash([]byte("body"))}},
	} {
		url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			for k, v := range tt.header {
				w.Header()[k] = v
			}
			w.WriteHeader(tt.status)
			if tt.status == 200 {
				_, _ = io.WriteString(w, "body")
			}
		})
		if got := get(t, client(t, fetch.Options{AllowPrivate: true}), url, old).Validators; got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestUserAgent(t *testing.T) {
	var said string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		said = r.UserAgent()
		_, _ = io.WriteString(w, "body")
	})
	for _, tt := range []struct {
		ours string
		ask  fetch.Request
		want string
	}{
		{"copydesk/1.0 (+https://a.example)", fetch.Request{For: "feed-id=wire", Subscribers: 12}, "copydesk/1.0 (+https://a.example; feed-id=wire; 12 subscribers)"},
		{"copydesk/1.0 (+https://a.example)", fetch.Request{For: "feed-id=wire", Subscribers: 1}, "copydesk/1.0 (+https://a.example; feed-id=wire; 1 subscriber)"},
		{"copydesk/1.0 (+https://a.example)", fetch.Request{For: "feed-id=wire"}, "copydesk/1.0 (+https://a.example; feed-id=wire)"},
		{"copydesk/1.0 (+https://a.example)", fetch.Request{Subscribers: 3}, "copydesk/1.0 (+https://a.example; 3 subscribers)"},
		{"copydesk/1.0 (+https://a.example)", fetch.Request{}, "copydesk/1.0 (+https://a.example)"},
		{"reader", fetch.Request{For: "feed-id=wire"}, "reader (feed-id=wire)"},
	} {
		c := fetch.New(fetch.Options{AllowPrivate: true, Hash: hash, UserAgent: tt.ours, Now: time.Now})
		t.Cleanup(c.Close)
		tt.ask.URL = url
		if _, err := c.Get(t.Context(), tt.ask); err != nil || said != tt.want {
			t.Errorf("we said %q (%v), want %q", said, err, tt.want)
		}
	}
}
