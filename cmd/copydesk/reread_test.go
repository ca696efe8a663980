package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// An agingSite has articles of several ages, whose pages have validators and may
// be corrected.
type agingSite struct {
	ages  map[string]time.Duration // by path
	start time.Time

	mu        sync.Mutex // guards all below
	corrected string     // the path of a page that was changed
	asked     map[string]string
}

func (n *agingSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/feed" {
		fmt.Fprint(w, `<rss version="2.0"><channel><title>N</title>`)
		for path, age := range n.ages {
			fmt.Fprintf(w, `<item><guid isPermaLink="false">%s</guid><link>http://%s%[1]s</link><title>Story %[1]s</title><pubDate>%[3]s</pubDate><description>In short.</description></item>`,
				path, r.Host, n.start.Add(-age).UTC().Format(time.RFC1123Z))
		}
		fmt.Fprint(w, `</channel></rss>`)
		return
	}
	if n.ages[r.URL.Path] == 0 {
		http.NotFound(w, r)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	version := "first"
	if r.URL.Path == n.corrected {
		version = "corrected"
	}
	tag := fmt.Sprintf("%q", version)
	answer := http.StatusOK
	if r.Header.Get("If-None-Match") == tag {
		answer = http.StatusNotModified
	}
	n.asked[r.URL.Path] += fmt.Sprintf("[%s %d]", r.Header.Get("If-None-Match"), answer)
	w.Header().Set("ETag", tag)
	w.WriteHeader(answer)
	if answer == http.StatusOK {
		fmt.Fprintf(w, `<html lang="en"><head><title>Story %s</title></head><body><article><h1>Story %[1]s</h1><p>By Ann Lee</p><p>The mill on the hill of %[1]s burned down in the night, and nobody was hurt in it, the fire brigade said.</p><p>This is its %[2]s version, which tells what is known so far and will be changed when more is.</p></article></body></html>`, r.URL.Path, version)
	}
}

// The running program reads a page again when its article is an hour, six hours,
// a day and three days old, asks with the page's own validators, and brings what
// was corrected.
func TestRereadByTheProgram(t *testing.T) {
	t.Parallel()
	n := &agingSite{start: time.Now().Truncate(time.Second), asked: map[string]string{}, ages: map[string]time.Duration{
		"/new": time.Minute, "/hours": 2 * time.Hour, "/today": 10 * time.Hour, "/yesterday": 30 * time.Hour, "/old": 80 * time.Hour,
	}}
	site := httptest.NewServer(n)
	defer site.Close()
	dir := t.TempDir()
	writeConfig(t, dir, anyPort, fmt.Sprintf("fetch: {allow_private: true, per_host_gap: 0s}\n"+
		"sources: [{slug: wire, name: W, url: '%s/feed', schedule: '@every 1h', follow: true}]\nchannels: [{slug: all, title: All}]\n", site.URL))
	program := startProgram(t, dir)
	n.await(t, program, func() bool { return len(n.asked) == len(n.ages) })
	program.awaitText(t, "/channels/all/feed.atom", "first version", len(n.ages))
	program.terminate(t)

	due := map[string]time.Duration{"/new": time.Hour, "/hours": 6 * time.Hour, "/today": 24 * time.Hour, "/yesterday": 72 * time.Hour}
	for path, age := range n.ages {
		got, want := n.next(t, dir, path), time.Time{}
		if due[path] > 0 {
			want = n.start.Add(due[path] - age)
		}
		if !got.Equal(want) {
			t.Errorf("%s, %v old, is read again at %v, want %v", path, age, got, want)
		}
	}
	n.pass(t, dir, "/hours", "/today")
	n.mu.Lock()
	n.corrected = "/today"
	n.mu.Unlock()
	program = startProgram(t, dir)
	n.await(t, program, func() bool { return strings.Count(n.asked["/hours"]+n.asked["/today"], "[") == 4 })
	program.awaitText(t, "/channels/all/feed.atom", "corrected version", 1)
	program.terminate(t)
	for path, want := range map[string]string{"/hours": `[ 200]["first" 304]`, "/today": `[ 200]["first" 200]`, "/old": `[ 200]`, "/new": `[ 200]`} {
		if n.asked[path] != want {
			t.Errorf("%s was asked for with %s, want %s", path, n.asked[path], want)
		}
	}
	if got, want := n.next(t, dir, "/hours"), n.start.Add(4*time.Hour); !got.Equal(want) {
		t.Errorf("unchanged, it is read again at %v, want %v", got, want)
	}
}

func (n *agingSite) await(t *testing.T, p *program, ok func() bool) {
	t.Helper()
	if !eventually(func() bool {
		n.mu.Lock()
		defer n.mu.Unlock()
		return ok()
	}) {
		t.Fatalf("the pages were asked for %v\n%s", n.asked, p.log)
	}
}

// next is when a page is read again, by the program's own database.
func (n *agingSite) next(t *testing.T, dir, path string) time.Time {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(dir, "copydesk.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f, err := s.Follow(t.Context(), news.NewKey("wire", path))
	if err != nil {
		t.Fatal(err)
	}
	return f.NextAt
}

// pass lets the time come at which some pages are to be read again.
func (n *agingSite) pass(t *testing.T, dir string, paths ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "copydesk.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, path := range paths {
		if _, err := db.ExecContext(t.Context(), `UPDATE follow SET next_at = $1 WHERE article = $2`, time.Now().UnixMicro(), string(news.NewKey("wire", path))); err != nil {
			t.Fatal(err)
		}
	}
}

// awaitText waits until a document holds a text so many times.
func (p *program) awaitText(t *testing.T, path, text string, times int) {
	t.Helper()
	if !eventually(func() bool { _, doc, err := p.text(path); return err == nil && strings.Count(doc, text) == times }) {
		t.Fatalf("%s has not %d times %q\n%s", path, times, text, p.log)
	}
}
