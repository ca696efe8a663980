package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"copydesk/publisher/feed"
)

// samples is the folder of real feeds and pages, which is not part of the
// project; the gate names it where it exists.
func samples(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("COPYDESK_TEST_SAMPLES")
	if dir == "" {
		t.Skip("COPYDESK_TEST_SAMPLES names no folder of real feeds and pages")
	}
	return dir
}

// refusals are the samples that are no feed and no page: error pages that were
// saved under a feed's name, a channel without items, the bare text of a page.
var refusals = regexp.MustCompile(`-403\.|empty-channel|\.txt$`)

// TestSamplesPublished serves every sample feed, the captures of one feed as
// successive answers, runs the program on them and reads what it publishes.
func TestSamplesPublished(t *testing.T) {
	t.Parallel()
	archive := openArchive(t, filepath.Join(samples(t), "feeds"))
	server := httptest.NewServer(archive)
	defer server.Close()
	dir := t.TempDir()
	archive.writeConfig(t, dir, server.URL)
	for range archive.rounds() { // some feeds ask for an hour of peace between pulls; an operator need not wait
		_ = run(t.Context(), []string{"pull", "-c", filepath.Join(dir, "copydesk.yaml")}, os.LookupEnv, nil, io.Discard, io.Discard)
	}
	states := statesOf(t, dir)
	p := launch(t, commandOf(t.Context(), shipped(), dir, "run", "-c", "copydesk.yaml")).awaitUp(t)
	p.awaitReady(t)
	var silent []string
	for name, files := range archive.captures {
		if states[name].Articles == 0 && !refusals.MatchString(files[0]) {
			silent = append(silent, fmt.Sprintf("%s: %s", name, states[name].Fault))
		}
	}
	slices.Sort(silent)
	if len(silent) > 0 {
		t.Errorf("these feeds gave no article:\n%s", strings.Join(silent, "\n"))
	}
	for _, channel := range []string{"all", "top", "signed"} {
		checkPublished(t, p, "/channels/"+channel)
	}
	for name := range archive.captures {
		checkPublished(t, p, "/sources/"+name)
	}
	t.Logf("%d feeds, peak memory %d MB", len(archive.captures), peakOf(p.cmd.Process.Pid)>>20)
	p.terminate(t)
}

// checkPublished reads a feed in its three formats: each is well-formed, and
// all list the same items, none of them twice.
func checkPublished(t *testing.T, p *program, path string) {
	t.Helper()
	items, ok := p.items(path + "/feed.json")
	if !ok {
		t.Errorf("%s/feed.json cannot be had", path)
		return
	}
	ids := map[string]bool{}
	for _, it := range items {
		if it.ID == "" || ids[it.ID] {
			t.Errorf("%s: id %q is empty or stands twice", path, it.ID)
		}
		ids[it.ID] = true
		if _, err := time.Parse(time.RFC3339, it.Published); err != nil {
			t.Errorf("%s: %s: %v", path, it.ID, err)
		}
	}
	for _, format := range []string{"rss", "atom"} {
		if n := p.count(t, path+"/feed."+format); n != len(items) {
			t.Errorf("%s/feed.%s has %d items, and the JSON Feed has %d", path, format, n, len(items))
		}
	}
}

// count reads a whole XML feed and counts its items.
func (p *program) count(t *testing.T, path string) int {
	t.Helper()
	res, err := p.get(path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := feed.Check(path[strings.LastIndex(path, ".")+1:], doc); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	n := 0
	for dec := xml.NewDecoder(bytes.NewReader(doc)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return n
		}
		if el, ok := token.(xml.StartElement); ok && (el.Name.Local == "item" || el.Name.Local == "entry") {
			n++
		}
	}
}

// An archive answers with the captures of a feed one after another; the last
// one stays.
type archive struct {
	dir      string
	captures map[string][]string

	mu    sync.Mutex // guards asked
	asked map[string]int
}

// nameOfCapture parts the feed from when it was captured.
var nameOfCapture = regexp.MustCompile(`^[a-z0-9-]+`)

func openArchive(t *testing.T, dir string) *archive {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	a := &archive{dir: dir, captures: map[string][]string{}, asked: map[string]int{}}
	for _, e := range entries {
		name := nameOfCapture.FindString(e.Name())
		a.captures[name] = append(a.captures[name], e.Name())
	}
	return a
}

func (a *archive) writeConfig(t *testing.T, dir, url string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("fetch: {workers: 16, per_host_gap: 0s, allow_private: true}\nkeep: {articles: 36500d}\nchannels:\n" +
		"  - {slug: all, title: All, limit: 500}\n  - {slug: top, title: Top, order: top, per_source: 3}\n  - {slug: signed, title: Signed, where: 'len(authors) > 0', limit: 300}\nsources:\n")
	for name := range a.captures {
		fmt.Fprintf(&b, "  - {slug: %s, name: %s, url: '%s/%s', schedule: '@every 24h'}\n", name, name, url, name)
	}
	writeConfig(t, dir, anyPort, b.String())
}

// rounds is how many answers the feed with the most captures has.
func (a *archive) rounds() int {
	n := 0
	for _, files := range a.captures {
		n = max(n, len(files))
	}
	return n
}

func (a *archive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	a.mu.Lock()
	files := a.captures[name]
	n := min(a.asked[name], len(files)-1)
	a.asked[name]++
	a.mu.Unlock()
	if n < 0 {
		http.NotFound(w, r)
		return
	}
	file := files[n]
	if strings.HasSuffix(file, ".gz") {
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Type", "application/xml")
	body, err := os.ReadFile(filepath.Join(a.dir, file))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if strings.Contains(file, "-403.") {
		w.WriteHeader(http.StatusForbidden)
	}
	_, _ = w.Write(body)
}

// TestSamplesInspected: inspect gives one document for each sample, in order,
// and an error only for what holds no feed.
func TestSamplesInspected(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"feeds", "pages"} {
		files, err := filepath.Glob(filepath.Join(samples(t), kind, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no %s (%v)", kind, err)
		}
		cmd := commandOf(t.Context(), shipped(), "", append([]string{"inspect", "--json", "--now", "2026-11-24T00:00:00Z"}, files...)...)
		out, _ := cmd.Output() // some are refused, which is told where they stand
		dec := json.NewDecoder(bytes.NewReader(out))
		for _, file := range files {
			var doc struct {
				Items []publishedItem
				Own   struct{ Input, Error string } `json:"_copydesk"`
			}
			if err := dec.Decode(&doc); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if doc.Own.Input != file {
				t.Fatalf("got the document of %s, want that of %s", doc.Own.Input, file)
			}
			if base := filepath.Base(file); len(doc.Items) == 0 && !refusals.MatchString(base) {
				t.Errorf("%s: no item (%s)", base, doc.Own.Error)
			}
		}
	}
}
