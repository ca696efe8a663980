package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"copydesk/aggregator/store"
)

// A hostile source sends one good feed and then, for ever, its poison.
type hostileSource struct {
	name   string
	fault  string // what status must say of it
	poison func(w http.ResponseWriter)
}

func say(contentType string, parts ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", contentType)
		for _, p := range parts {
			_, _ = io.WriteString(w, p)
		}
	}
}

const (
	rssOpen  = `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item><title>Bad</title><guid>bad</guid><description>`
	rssClose = `</description></item></channel></rss>`
)

// hostileSources are made when they are asked for: the program is started from
// this binary, again and again.
var hostileSources = sync.OnceValue(func() []hostileSource {
	return []hostileSource{
		{"html", "HTML page", say("text/html", "<!DOCTYPE html><html><head><title>We have moved</title></head><body><p>Welcome to our new site.</body></html>")},
		{"empty", "empty", say("application/rss+xml")},
		{"errortext", "no feed", say("application/rss+xml", "Error establishing a database connection")},
		{"endless", "larger than", func(w http.ResponseWriter) { repeat(w, rssOpen, strings.Repeat("lorem ipsum ", 5000), 5<<30) }},
		{"gzip-bomb", "larger than", func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			repeat(z, rssOpen, strings.Repeat("0", 1<<20), 10<<30)
		}},
		{"deep", "nests", say("application/rss+xml", `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><item>`, strings.Repeat("<a>", 1_000_000))},
		{"deep-text", "", say("application/rss+xml", rssOpen, strings.Repeat("&lt;div>", 400_000), rssClose)},
		{"deep-json", "cannot be read", say("application/feed+json", `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":`, strings.Repeat("[", 2_000_000))},
		{"entities", "entities", say("application/rss+xml", entityBomb())},
		{"attributes", "", say("application/rss+xml", rssOpen, "&lt;p ", attributes(200_000), "&gt;", rssClose)},
		{"names", "", say("application/rss+xml", rssOpen, rssClose[:len("</description>")], "<author>", strings.Repeat("By Ann Lee and ", 100_000), "</author></item></channel></rss>")},
		{"status", "503", func(w http.ResponseWriter) { w.WriteHeader(http.StatusServiceUnavailable) }},
	}
})

func entityBomb() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "lol">`)
	for i := 1; i < 20; i++ {
		fmt.Fprintf(&b, "<!ENTITY e%d %q>", i, strings.Repeat(fmt.Sprintf("&e%d;", i-1), 10))
	}
	b.WriteString(`]><rss version="2.0"><channel><title>&e19;</title></channel></rss>`)
	return b.String()
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d=1 ", i)
	}
	return b.String()
}

// repeat sends as much as it can of size bytes.
func repeat(w io.Writer, first, part string, size int) {
	if _, err := io.WriteString(w, first); err != nil {
		return
	}
	for sent := 0; sent < size; sent += len(part) {
		if _, err := io.WriteString(w, part); err != nil {
			return // the other side has had enough
		}
	}
}

// TestHostileSources: whatever a source sends, its last good articles are still
// served, status says what is wrong in words, and memory stays bounded.
func TestHostileSources(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex // guards asked
	asked := map[string]int{}
	mux := http.NewServeMux()
	for _, src := range hostileSources() {
		mux.HandleFunc("/"+src.name, func(w http.ResponseWriter, _ *http.Request) {
			mu.Lock()
			asked[src.name]++
			n := asked[src.name]
			mu.Unlock()
			if n == 1 {
				_, _ = io.WriteString(w, rssOpen[:strings.Index(rssOpen, "<item>")]+"<item><title>Good news from "+src.name+"</title><guid>good</guid></item></channel></rss>")
				return
			}
			src.poison(w)
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	dir := t.TempDir()
	var cfg strings.Builder
	cfg.WriteString("fetch: {workers: 4, per_host_gap: 0s, allow_private: true, max_body: 4MB}\nchannels:\n  - {slug: all, title: All}\nsources:\n")
	for _, src := range hostileSources() {
		fmt.Fprintf(&cfg, "  - {slug: %s, name: %s, url: '%s/%s', schedule: '@every 1s'}\n", src.name, src.name, server.URL, src.name)
	}
	writeConfig(t, dir, anyPort, cfg.String())

	p := startProgram(t, dir)
	twice := func() bool { // else the program would have no time for them
		mu.Lock()
		defer mu.Unlock()
		return !slices.ContainsFunc(hostileSources(), func(src hostileSource) bool { return asked[src.name] < 2 })
	}
	shelf, err := store.Open(t.Context(), filepath.Join(dir, "copydesk.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer shelf.Close()
	if !eventually(twice) || !eventually(func() bool { return poisoned(t, shelf) }) {
		t.Fatalf("not every source was pulled twice: %v\n%s", statesOf(t, dir), p.log)
	}
	states := statesOf(t, dir)
	for _, src := range hostileSources() {
		items, ok := p.items("/sources/" + src.name + "/feed.json")
		if good := "Good news from " + src.name; !ok || !contains(items, good) {
			t.Errorf("%s: %q is no longer served (%v)", src.name, good, items)
		}
		if st := states[src.name]; !strings.Contains(st.Fault, src.fault) || len(st.Fault) > 400 || strings.Contains(st.Fault, "\n") {
			t.Errorf("%s: status says %q, want one clear line with %q", src.name, st.Fault, src.fault)
		}
		t.Logf("%-12s %s", src.name, states[src.name].Fault)
	}
	t.Logf("peak memory %d MB", peakOf(p.cmd.Process.Pid)>>20)
	if peak := peakOf(p.cmd.Process.Pid); peak > 500<<20 {
		t.Errorf("peak memory was %d MB, want it bounded by 4 workers and bodies of 4 MB", peak>>20)
	}
	p.terminate(t)
}

type hostileState struct {
	Slug     string `json:"source"`
	Pulls    int    `json:"pulls"`
	Articles int    `json:"articles"`
	Fault    string `json:"fault"`
}

// statesOf asks the status command, as an operator would.
func statesOf(t *testing.T, dir string) map[string]hostileState {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"status", "--json", "-c", filepath.Join(dir, "copydesk.yaml")}, os.LookupEnv, nil, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	states := map[string]hostileState{}
	for dec := json.NewDecoder(&out); dec.More(); {
		var st hostileState
		if err := dec.Decode(&st); err != nil {
			t.Fatal(err)
		}
		states[st.Slug] = st
	}
	return states
}

// poisoned reports that every source has been pulled twice.
func poisoned(t *testing.T, shelf *store.Store) bool {
	t.Helper()
	list, err := shelf.Statuses(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(list) == len(hostileSources()) && !slices.ContainsFunc(list, func(s store.SourceStatus) bool { return s.Pulls < 2 })
}

func contains(items []publishedItem, title string) bool {
	for _, it := range items {
		if it.Title == title {
			return true
		}
	}
	return false
}

// peakOf is the most memory a process ever held; 0 where the system does not
// tell.
func peakOf(pid int) int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10
		}
	}
	return 0
}
