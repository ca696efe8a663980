package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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
	file := filepath.Join(t.TempDir(), "copydesk.yaml")
	text := fmt.Sprintf("publisher: {title: T, url: https://news.example.org, authority: 'news.example.org,2026'}\n"+
		"fetch: {allow_private: true, per_host_gap: %v, timeout: 1s}\nsources:\n  - {slug: a, name: A, url: '%s/a'}\n  - {slug: b, name: B, url: '%s/b'}\n", gap, server.URL, server.URL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"pull", "-c", file}, {"source", "add", "--dry-run", "-c", file, server.URL + "/c"}} {
		asked = nil
		var said strings.Builder
		if err := run(t.Context(), args, func(string) (string, bool) { return "", false }, nil, &said, &said); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, &said)
		}
		for i := 1; i < len(asked); i++ {
			if got := asked[i].Sub(asked[i-1]); got < gap-50*time.Millisecond {
				t.Errorf("%v: request %d came %v after the one before, want %v", args, i, got, gap)
			}
		}
		if len(asked) < 2 {
			t.Errorf("%v: %d requests, want the redirects too", args, len(asked))
		}
	}
}
