package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestPacerKeepsTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		p := pacer{gap: time.Second, now: time.Now, free: map[string]time.Time{}}
		for i, step := range []struct {
			host string
			want time.Duration
		}{{"a", 0}, {"b", 0}, {"a", time.Second}, {"a", 2 * time.Second}, {"b", time.Second}} {
			at, err := p.reserve(t.Context(), step.host, 0)
			if got := at.Sub(start); err != nil || got != step.want {
				t.Errorf("request %d, to %s: got %v (%v), want %v", i, step.host, got, err, step.want)
			}
		}
		time.Sleep(time.Minute)
		if at, _ := p.reserve(t.Context(), "a", 0); !at.Equal(time.Now()) {
			t.Errorf("a host that was left alone is asked at %v, want now", at)
		}
	})
}

// A site redirects us to itself: each step keeps the gap, by whatever command
// the site is asked, and however large the gap is against the timeout.
func TestRedirectsKeepTheGap(t *testing.T) {
	t.Parallel()
	const gap = 1100 * time.Millisecond // above the timeout
	var (
		mu    sync.Mutex // guards asked
		asked []time.Time
	)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, time.Now())
		mu.Unlock()
		if !strings.HasSuffix(r.URL.Path, "/here") {
			http.Redirect(w, r, r.URL.Path+"/here", http.StatusMovedPermanently)
			return
		}
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title></channel></rss>`)
	}))
	t.Cleanup(server.Close)
	file := writeConfig(t, t.TempDir(), anyPort, fmt.Sprintf("fetch: {allow_private: true, per_host_gap: %v, timeout: 1s}\nsources:\n  - {slug: a, name: A, url: '%s/a'}\n  - {slug: b, name: B, url: '%s/b'}\n", gap, server.URL, server.URL))
	for _, args := range [][]string{{"pull", "-c", file}, {"source", "add", "--dry-run", "-c", file, server.URL + "/c"}} {
		asked = nil
		began := time.Now() // no slot is earlier; a slow machine may be late to use one
		var said strings.Builder
		if err := run(t.Context(), args, func(string) (string, bool) { return "", false }, nil, &said, &said); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, &said)
		}
		for i, at := range asked {
			if got, want := at.Sub(began), time.Duration(i)*gap; got < want {
				t.Errorf("%v: request %d came after %v, want %v at the least", args, i, got, want)
			}
		}
		if len(asked) < 2 {
			t.Errorf("%v: %d requests, want the redirects too", args, len(asked))
		}
	}
}
