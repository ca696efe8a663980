package aggregator_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// elsewhere serves a feed on another host of this machine.
func elsewhere(t *testing.T, host string) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Skipf("this machine has no host %s: %v", host, err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: says(rss(`<item><guid>1</guid><title>Story</title></item>`))}}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// statusOf is that of any source.
func (r *rig) statusOf(slug news.Slug) store.SourceStatus {
	r.t.Helper()
	st, err := r.store.Status(r.t.Context(), slug)
	if err != nil {
		r.t.Fatal(err)
	}
	return st
}

// When our own network is lost, every source fails. That is counted against
// none, raises no alert, is told once, and ends with the first answer.
func TestOurNetworkIsLost(t *testing.T) {
	r := newRig(t, "@every 1h", says(rss()))
	var told []bool
	r.puller.Uplink = &aggregator.Uplink{Tell: func(_ context.Context, lost bool) { told = append(told, lost) }}
	var others []aggregator.Scheduled
	for i := range 5 {
		s := elsewhere(t, fmt.Sprintf("127.0.0.%d", i+2))
		src := r.add(news.Slug(fmt.Sprintf("s%d", i)), "")
		src.URL = s.URL
		r.others[i].URL = s.URL
		others = append(others, src)
		r.sync()
		if _, err := r.pullOf(src); err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	good := r.now
	for range 6 {
		r.now = r.now.Add(30 * time.Minute)
		for _, src := range others {
			if res, err := r.pullOf(src); err == nil {
				t.Fatal("a host that is away answers")
			} else if want := r.now.Add(5 * time.Minute); res.Pull.Spared && r.statusOf(src.Slug).Failures == 0 && !res.Pull.NextDue.Equal(want) {
				t.Errorf("%s is asked again at %v, want %v", src.Slug, res.Pull.NextDue, want)
			}
		}
	}
	for i, src := range others {
		counted := 0
		if i < 2 { // it takes three to know better
			counted = 1
		}
		st := r.statusOf(src.Slug)
		if st.Failures != counted || st.Fault == "" || len(st.Health.Alerts) > 0 {
			t.Errorf("%s: %d failures, fault %q, alerts %v; want %d failures, a fault and no alert", src.Slug, st.Failures, st.Fault, st.Health.Alerts, counted)
		}
		if i >= 2 && !st.LastPull.Equal(good) {
			t.Errorf("%s: pulled at %v, want %v: it was not reached since", src.Slug, st.LastPull, good)
		}
	}
	if !slices.Equal(told, []bool{true}) {
		t.Errorf("told %v, want once that nothing can be reached", told)
	}

	r.later(time.Minute) // wire answers: it is the others, then
	if _, err := r.pullOf(others[4]); err == nil {
		t.Fatal("a host that is away answers")
	}
	if got := r.statusOf("s4").Failures; got != 1 {
		t.Errorf("%d failures of a source that is away alone, want 1", got)
	}
	if !slices.Equal(told, []bool{true, false}) {
		t.Errorf("told %v, want that it is over too", told)
	}
}

// Sources that failed before say nothing of our network, however many they are;
// neither do several of one host.
func TestSourcesThatAreAwayAlone(t *testing.T) {
	r := newRig(t, "@every 1h", says(rss()))
	r.puller.Uplink = &aggregator.Uplink{Tell: func(_ context.Context, lost bool) { t.Errorf("told %v", lost) }}
	r.later(0)
	for i := range 4 {
		dead := elsewhere(t, fmt.Sprintf("127.0.0.%d", i+2))
		src := r.add(news.Slug(fmt.Sprintf("dead%d", i)), "")
		r.others[i].URL, src.URL = dead.URL, dead.URL
		r.sync()
		dead.Close()
		for range 3 {
			r.now = r.now.Add(time.Hour)
			_, _ = r.pullOf(src)
		}
		if got := r.statusOf(src.Slug).Failures; got != 3 {
			t.Errorf("%s: %d failures, want 3", src.Slug, got)
		}
	}
}
