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

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		header http.Header
		want   []time.Duration // after each refusal in a row
	}{
		{"429 that says when", 429, http.Header{"Retry-After": {"7200"}}, []time.Duration{2 * time.Hour, 2 * time.Hour}},
		{"503 that says when", 503, http.Header{"Retry-After": {"172800"}}, []time.Duration{48 * time.Hour}},
		{"429 that does not say", 429, nil, []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour}},
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

// A server that does not honour its own validators is noticed.
func TestValidatorsThatDoNotWork(t *testing.T) {
	n, honest := 0, false
	r := newRig(t, "@every 15m", http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		n++
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, n))
		if honest {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(feed("", 1)))
	}))
	for i, want := range []int{0, 1, 2, 3, 3} {
		if _, err := r.pull(); err != nil || r.status().Manners.Misses != want {
			t.Errorf("pull %d: %d misses (%v), want %d", i+1, r.status().Manners.Misses, err, want)
		}
	}
	honest = true
	if _, err := r.pull(); err != nil || r.status().Manners.Misses != 0 {
		t.Errorf("a 304 did not clear the misses (%v)", err)
	}
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
