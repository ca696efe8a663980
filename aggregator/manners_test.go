package aggregator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// feed is a document of n items, with more in its head.
func feed(head string, n int) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>T</title>` + head)
	for i := range n {
		fmt.Fprintf(&b, "<item><guid>%d</guid><title>Story %d</title></item>", i, i)
	}
	return b.String() + "</channel></rss>"
}

// within checks a wait, of which jitter may add up to a minute.
func within(t *testing.T, got, want time.Duration) {
	t.Helper()
	if got < want || got > want+time.Minute {
		t.Errorf("due again after %v, want %v and at most a minute of jitter", got, want)
	}
}

// What a feed and its server ask for lengthens the operator's schedule and
// never shortens it.
func TestWishesLengthen(t *testing.T) {
	const quarter, daily = "@every 15m", "@every 12h"
	for _, tt := range []struct {
		name, spec, head string
		header           http.Header
		want             time.Duration
	}{
		{"Expires in an hour", quarter, "", http.Header{"Date": {"Tue, 24 Nov 2026 09:00:00 GMT"}, "Expires": {"Tue, 24 Nov 2026 10:00:00 GMT"}}, time.Hour},
		{"the longest of several wishes", quarter, "<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", http.Header{"Cache-Control": {"max-age=7200"}}, 2 * time.Hour},
		{"a source's own rhythm, lengthened", "", "<ttl>120</ttl>", nil, 2 * time.Hour},
		{"nothing asked", quarter, "", nil, 15 * time.Minute},
		{"max-age of an hour", quarter, "", http.Header{"Cache-Control": {"max-age=3600"}}, time.Hour},
		{"max-age of a minute", quarter, "", http.Header{"Cache-Control": {"max-age=60"}}, 15 * time.Minute},
		{"max-age of a year", quarter, "", http.Header{"Cache-Control": {"max-age=31536000"}}, 24 * time.Hour},
		{"ttl of an hour", quarter, "<ttl>60</ttl>", nil, time.Hour},
		{"ttl of a minute", daily, "<ttl>1</ttl>", nil, 12 * time.Hour},
		{"ttl of a year", quarter, "<ttl>525600</ttl>", nil, 24 * time.Hour},
		{"ttl that is none", quarter, "<ttl>often</ttl>", nil, 15 * time.Minute},
		{"hourly, twice", quarter, "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", nil, 30 * time.Minute},
		{"daily", quarter, "<sy:updatePeriod>daily</sy:updatePeriod>", nil, 24 * time.Hour},
		{"a cron spec keeps to its own moments", "*/15 * * * *", "<ttl>20</ttl>", nil, 30 * time.Minute},
		{"skipHours until noon", quarter, "<skipHours><hour>9</hour><hour>10</hour><hour>11</hour></skipHours>", nil, 3*time.Hour + 15*time.Minute},
		{"skipDays today", quarter, "<skipDays><day>Tuesday</day></skipDays>", nil, 15*time.Hour + 15*time.Minute},
		{"skipDays every day is not believed", quarter, "<skipDays><day>Monday</day><day>Tuesday</day><day>Wednesday</day><day>Thursday</day><day>Friday</day><day>Saturday</day><day>Sunday</day></skipDays>", nil, 15 * time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, tt.spec, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range tt.header {
					w.Header()[k] = v
				}
				_, _ = w.Write([]byte(feed(tt.head, 1)))
			}))
			for _, answer := range []string{"first", "unchanged"} { // what the feed asked is remembered
				wait, err := r.pull()
				if err != nil {
					t.Fatalf("%s: %v", answer, err)
				}
				within(t, wait, tt.want)
			}
		})
	}
}

// A 304 renews what the server asks for, and what the feed asked for holds.
func TestWishesHoldOnUnchanged(t *testing.T) {
	age := ""
	s := playing(func(w http.ResponseWriter, q *http.Request) {
		if age != "" {
			w.Header().Set("Cache-Control", age)
		}
		w.Header().Set("ETag", `"1"`)
		if q.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(feed("<ttl>30</ttl>", 1)))
	})
	r := newRig(t, "@every 15m", s)
	for _, step := range []struct {
		age     string
		want    time.Duration
		because news.Cause
	}{
		{"max-age=60", 30 * time.Minute, news.CauseFeed},
		{"max-age=3600", time.Hour, news.CauseServer},
		{"", 30 * time.Minute, news.CauseFeed},
		{"max-age=31536000", 24 * time.Hour, news.CauseServer},
	} {
		age = step.age
		wait, err := r.pull()
		if err != nil {
			t.Fatal(err)
		}
		within(t, wait, step.want)
		if got := r.status().Manners.Because; got != step.because {
			t.Errorf("with %q the wait is because of %q, want %q", age, got, step.because)
		}
	}
	if s.asked[len(s.asked)-1].Get("If-None-Match") == "" {
		t.Error("the last pulls were not answered by 304")
	}
}

// The operator may overrule what the feed and its server wish, but not a
// refusal.
func TestPaceOfTheSchedule(t *testing.T) {
	refuse := false
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if refuse {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		w.Header().Set("Cache-Control", "max-age=7200")
		_, _ = w.Write([]byte(feed("<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod><skipHours><hour>9</hour></skipHours><skipDays><day>Tuesday</day></skipDays>", 1)))
	}))
	r.source.Pace = news.PaceSchedule
	wait, err := r.pull()
	if err != nil {
		t.Fatal(err)
	}
	within(t, wait, 15*time.Minute)
	refuse = true
	if wait, err = r.pull(); err == nil {
		t.Error("a refusal is no success")
	}
	within(t, wait, 2*time.Hour)
}

// A server that is away is asked less and less, but always again, and is
// trusted at once when it is back.
func TestErrorsBackOffAndNeverStop(t *testing.T) {
	away := true
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if away {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write([]byte(feed("", 1)))
	}))
	want := 15 * time.Minute
	for range 20 {
		wait, err := r.pull()
		if err == nil {
			t.Fatal("a server that hangs up is no success")
		}
		within(t, wait, want)
		want = min(2*want, 24*time.Hour)
		r.now = r.now.Add(wait)
		if due, _, err := r.store.Claim(t.Context(), news.Call{Now: r.now, Most: 10, Doubtful: 10}); err != nil || len(due) != 1 {
			t.Fatalf("the source is not due after %v (%v)", wait, err)
		}
	}
	if st := r.status(); st.Failures != 20 || st.Manners.Because != news.CauseFailure || !strings.Contains(st.Fault, "hung up") {
		t.Errorf("status %+v, want 20 failures with the last fault", st)
	}
	away = false
	wait, err := r.pull()
	if err != nil {
		t.Fatal(err)
	}
	within(t, wait, 15*time.Minute)
	if st := r.status(); st.Failures != 0 || st.Fault != "" || st.Manners.Because != "" {
		t.Errorf("status %+v, want all forgotten", st)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		header http.Header
		want   []time.Duration // after each refusal in a row
	}{
		{"429 that says how long", 429, http.Header{"Retry-After": {"7200"}}, []time.Duration{2 * time.Hour, 2 * time.Hour}},
		{"503 that says how long", 503, http.Header{"Retry-After": {"172800"}}, []time.Duration{48 * time.Hour}},
		{"429 that says when", 429, http.Header{"Date": {"Tue, 24 Nov 2026 09:00:00 GMT"}, "Retry-After": {"Tue, 24 Nov 2026 12:00:00 GMT"}}, []time.Duration{3 * time.Hour}},
		{"503 that says when", 503, http.Header{"Date": {"Tue, 24 Nov 2026 09:00:00 GMT"}, "Retry-After": {"Thu, 26 Nov 2026 09:00:00 GMT"}}, []time.Duration{48 * time.Hour}},
		{"429 that says next month", 429, http.Header{"Retry-After": {"2592000"}}, []time.Duration{7 * 24 * time.Hour}},
		{"503 that says next month", 503, http.Header{"Date": {"Tue, 24 Nov 2026 09:00:00 GMT"}, "Retry-After": {"Thu, 24 Dec 2026 09:00:00 GMT"}}, []time.Duration{7 * 24 * time.Hour}},
		{"429 that says too soon", 429, http.Header{"Retry-After": {"1"}}, []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour}},
		{"429 that does not say", 429, nil, []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour}},
		{"503 that does not say", 503, nil, []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour}},
		{"404", 404, nil, []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 16 * time.Hour, 24 * time.Hour, 24 * time.Hour}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			refuse := true
			r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if !refuse {
					_, _ = w.Write([]byte(feed("", 1)))
					return
				}
				for k, v := range tt.header {
					w.Header()[k] = v
				}
				w.WriteHeader(tt.status)
			}))
			for _, want := range tt.want {
				wait, err := r.pull()
				if err == nil {
					t.Fatal("a refusal is no success")
				}
				within(t, wait, want)
			}
			refuse = false
			wait, err := r.pull()
			if err != nil {
				t.Fatal(err)
			}
			within(t, wait, 15*time.Minute)
			if st := r.status(); st.State != "active" || st.Fault != "" {
				t.Errorf("after a success the source is %s with fault %q", st.State, st.Fault)
			}
		})
	}
}

// 410 stops a source until its address changes, or someone asks for it by name
// and it answers.
func TestGone(t *testing.T) {
	gone := true
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if gone {
			w.WriteHeader(http.StatusGone)
			return
		}
		_, _ = w.Write([]byte(feed("", 1)))
	}))
	if _, err := r.pull(); err == nil || !strings.Contains(err.Error(), "gone for good") {
		t.Errorf("got %v, want word that the feed is gone", err)
	}
	claim := func() int {
		due, _, err := r.store.Claim(t.Context(), news.Call{Now: r.now.Add(30 * 24 * time.Hour), Lease: time.Minute, Most: 10, Doubtful: 10})
		if err != nil {
			t.Fatal(err)
		}
		return len(due)
	}
	if st := r.status(); st.State != "gone" || claim() != 0 {
		t.Errorf("the source is %s and may be claimed, want it gone", st.State)
	}
	again := []store.SourceConfig{{Source: r.source.Source, FirstDue: r.now}}
	if err := r.store.SyncSources(t.Context(), again); err != nil || claim() != 0 {
		t.Errorf("a restart wakes a source that is gone (%v)", err)
	}
	gone = false
	if _, err := r.pull(); err != nil || r.status().State != "active" {
		t.Errorf("asked by name it answered (%v), but is %s", err, r.status().State)
	}
}

// A permanent redirect is believed when three pulls have met it over a day.
func TestMoves(t *testing.T) {
	code, asked := http.StatusMovedPermanently, 0
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/new", code)
	})
	mux.HandleFunc("/new", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(feed("", 1))) })
	r := newRig(t, "@every 15m", mux)
	pullAt := func(later time.Duration) {
		t.Helper()
		r.now = r.now.Add(later)
		if _, err := r.pull(); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		pullAt(time.Hour)
	}
	if asked != 5 || r.status().Manners.Address != "" {
		t.Errorf("five pulls in five hours moved the source")
	}
	code = http.StatusFound
	pullAt(24 * time.Hour)
	code = http.StatusPermanentRedirect
	pullAt(time.Hour)
	pullAt(time.Hour)
	if got := r.status().Manners.Address; got != "" {
		t.Errorf("a temporary redirect in between was forgotten: moved to %q", got)
	}
	pullAt(24 * time.Hour)
	if got := r.status().Manners.Address; got != r.url+"/new" {
		t.Errorf("after three pulls over a day: address %q, want %q", got, r.url+"/new")
	}
	before := asked
	pullAt(time.Hour)
	if asked != before {
		t.Error("the old address is still asked")
	}
	if moves := r.status().Manners.Moves; len(moves) != 1 || moves[0].To != r.url+"/new" || moves[0].Pulls != 3 {
		t.Errorf("history %v, want one move of three pulls", moves)
	}
	moved := r.source.Source
	moved.URL = r.url + "/new?2"
	if err := r.store.SyncSources(t.Context(), []store.SourceConfig{{Source: moved, FirstDue: r.now}}); err != nil || r.status().Manners.Address != "" {
		t.Errorf("the operator's new address does not win (%v)", err)
	}
}

// What is found at the address that a source has moved to may move on, move
// back or be gone, and then the config's address counts again.
func TestMovesBack(t *testing.T) {
	var asked []string
	answers := map[string]http.HandlerFunc{}
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		user, _, _ := q.BasicAuth()
		asked = append(asked, user+"@"+q.URL.Path)
		answers[q.URL.Path](w, q)
	}))
	good := says(feed("", 1))
	moved := func(to string) http.HandlerFunc {
		return http.RedirectHandler(to, http.StatusMovedPermanently).ServeHTTP
	}
	r.source.URL = strings.Replace(r.url, "://", "://ann:s3cret@", 1) + "/feed"
	r.sync()
	threeTimes := func() {
		t.Helper()
		for range 3 {
			r.later(13 * time.Hour)
		}
	}
	address := func() string { return r.status().Manners.Address }

	answers["/feed"], answers["/new"] = moved("/new"), good
	threeTimes()
	if address() != r.url+"/new" {
		t.Fatalf("moved to %q, want /new", address())
	}
	asked = nil
	r.later(time.Hour)
	if got := strings.Join(asked, " "); got != "ann@/new" {
		t.Errorf("asked %s, want the new address alone, with the password of the host", got)
	}
	answers["/feed"], answers["/new"] = good, moved("/feed")
	threeTimes()
	if address() != r.source.URL {
		t.Errorf("moved to %q, want back to the config's address", address())
	}
	outlook := news.Outlook{Now: r.now, State: "active", URL: r.source.URL, LastSuccess: r.now, NextDue: r.now, Manners: r.status().Manners}
	if words := outlook.String(); strings.Contains(words, "moved") || strings.Contains(words, "s3cret") {
		t.Errorf("told of a move that is undone: %s", words)
	}
	answers["/feed"], answers["/new"] = moved("/new"), good
	threeTimes()
	if moves := r.status().Manners.Moves; address() != r.url+"/new" || len(moves) != 3 || !moves[2].Done.Equal(r.now) {
		t.Errorf("at %q after moves %v, want three", address(), moves)
	}
	answers["/feed"] = good
	for _, code := range []int{http.StatusNotFound, http.StatusGone} {
		answers["/new"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
		if _, err := r.pull(); err == nil || r.status().State == "gone" {
			t.Errorf("%d at the new address: error %v, state %s; want the config's address to be tried first", code, err, r.status().State)
		}
		asked = nil
		r.later(time.Hour)
		if got := strings.Join(asked, " "); got != "ann@/feed" {
			t.Errorf("after %d at the new address we asked %s, want the config's", code, got)
		}
		answers["/feed"], answers["/new"] = moved("/new"), good
		threeTimes()
		answers["/feed"] = good
	}
	answers["/feed"] = moved("/new")
	answers["/new"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	_, _ = r.pull()
	if _, err := r.pull(); err == nil || r.status().State != "gone" {
		t.Errorf("gone at both addresses: error %v, state %s", err, r.status().State)
	}
}

// What a permanent redirect leads to must be a feed before it is believed.
func TestMovesToAPageAreNotBelieved(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/feed", http.RedirectHandler("/domain-for-sale", http.StatusMovedPermanently))
	mux.HandleFunc("/domain-for-sale", says("<!DOCTYPE html><html><body>This domain is for sale</body></html>"))
	r := newRig(t, "@every 15m", mux)
	for range 5 {
		r.now = r.now.Add(13 * time.Hour)
		if _, err := r.pull(); err == nil {
			t.Fatal("a page is no feed")
		}
	}
	if m := r.status().Manners; m.Address != "" || m.Moving.Pulls != 0 {
		t.Errorf("manners %+v, want no move", m)
	}
}

// How many people read us for a source is told to its publisher.
func TestSubscribersAreTold(t *testing.T) {
	s := playing(says(feed("", 1)))
	r := newRig(t, "@every 15m", s)
	r.later(0)
	r.puller.Subscribers = func(slug news.Slug) int { return len(slug) + 8 }
	r.later(time.Hour)
	for i, want := range []string{"copydesk/1.0 (+https://news.example; feed-id=wire)", "copydesk/1.0 (+https://news.example; feed-id=wire; 12 subscribers)"} {
		if got := s.asked[i].Get("User-Agent"); got != want {
			t.Errorf("we said %q, want %q", got, want)
		}
	}
}

// A server that does not honour its own validators is noticed.
func TestValidatorsThatDoNotWork(t *testing.T) {
	n, honest, steady := 0, false, false
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if !steady {
			n++
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, n))
		if honest {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(feed("", 1)))
	}))
	pull := func(misses, drifts int) {
		t.Helper()
		if _, err := r.pull(); err != nil {
			t.Fatal(err)
		}
		if m := r.status().Manners; m.Misses != misses || m.Drifts != drifts {
			t.Errorf("%d misses and %d drifts, want %d and %d", m.Misses, m.Drifts, misses, drifts)
		}
	}
	for _, want := range []int{0, 1, 2, 3, 3} {
		pull(want, want)
	}
	steady = true // the tag stays, but is not honoured
	pull(3, 0)
	pull(3, 0)
	honest = true
	pull(0, 0)
}

// A partial answer adds its items, and what it leaves out is still known.
func TestPartialFeeds(t *testing.T) {
	whole := true
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if whole {
			w.Header().Set("ETag", `"1"`)
			_, _ = w.Write([]byte(feed("", 3)))
			return
		}
		if q.Header.Get("A-IM") != "feed" || q.Header.Get("If-None-Match") != `"1"` {
			t.Errorf("asked with %v", q.Header)
		}
		w.Header().Set("IM", "feed")
		w.Header().Set("ETag", `"2"`)
		w.WriteHeader(http.StatusIMUsed)
		_, _ = w.Write([]byte(`<rss version="2.0"><channel><title>T</title><item><guid>new</guid><title>New</title></item></channel></rss>`))
	}))
	if _, err := r.pull(); err != nil {
		t.Fatal(err)
	}
	whole = false
	if _, err := r.pull(); err != nil {
		t.Fatal(err)
	}
	if st := r.status(); st.Articles != 4 {
		t.Errorf("%d articles, want the three of the whole feed and the new one", st.Articles)
	}
	due, err := r.store.ClaimNamed(t.Context(), r.now, time.Minute, []news.Slug{"wire"})
	if err != nil || len(due) != 1 || len(due[0].ItemHashes) != 4 {
		t.Errorf("%d items are known (%v), want 4", len(due[0].ItemHashes), err)
	}
}

// A server that chokes on what it gave us is asked without it the next time.
func TestValidatorsThatAServerChokesOn(t *testing.T) {
	for status, dropped := range map[int]bool{400: true, 412: true, 431: true, 500: false, 404: false} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			page := playing(func(w http.ResponseWriter, q *http.Request) {
				if q.Header.Get("If-None-Match") != "" {
					w.WriteHeader(status)
					return
				}
				w.Header().Set("ETag", `"poison"`)
				_, _ = w.Write([]byte(rss(river)))
			})
			r := newRig(t, "@every 15m", page)
			r.later(0)
			if _, err := r.pull(); err == nil {
				t.Fatal("the server chokes, and nothing is wrong")
			}
			if _, err := r.pull(); (err == nil) != dropped {
				t.Errorf("asked again: %v, want it to answer: %v", err, dropped)
			}
		})
	}
}

// What a server that refused us has asked for outlives any edit of the config
// but one of the address.
func TestAnEditDoesNotBringARefusalForward(t *testing.T) {
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	if _, err := r.pull(); err == nil {
		t.Fatal("a refusal is no fault")
	}
	for _, tt := range []struct {
		what string
		edit func(*news.Source)
		want time.Duration
	}{
		{"another name", func(s *news.Source) { s.Name = "Wire 2" }, 24 * time.Hour},
		{"another schedule", func(s *news.Source) { s.Schedule = "@every 1h" }, 24 * time.Hour},
		{"paused", func(s *news.Source) { s.Paused = true }, 24 * time.Hour},
		{"resumed", func(s *news.Source) { s.Paused = false }, 24 * time.Hour},
		{"another address", func(s *news.Source) { s.URL += "/2" }, 0},
	} {
		r.now = r.now.Add(time.Second)
		tt.edit(&r.source.Source)
		r.sync()
		wait := r.status().NextDue.Sub(r.now)
		if wait < tt.want-time.Minute || wait > tt.want+time.Minute {
			t.Errorf("%s: asked again in %v, want %v", tt.what, wait, tt.want)
		}
	}
}
