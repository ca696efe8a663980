package export_test

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"copydesk/publisher/export"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// A page is one answer of a site that we can change.
type page struct {
	status   int
	text     string
	location string
	modified time.Time
}

type site map[string]page

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p, ok := s[r.URL.Path]
	if !ok {
		p = page{status: http.StatusNotFound, text: "nothing here"}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if strings.HasSuffix(r.URL.Path, ".rss") {
		w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
	}
	if p.location != "" {
		w.Header().Set("Location", p.location)
	}
	if !p.modified.IsZero() {
		w.Header().Set("Last-Modified", p.modified.Format(http.TimeFormat))
	}
	w.WriteHeader(max(p.status, http.StatusOK))
	fmt.Fprint(w, p.text)
}

func (s site) addresses() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, path := range slices.Sorted(maps.Keys(s)) {
			if !yield(path, nil) {
				return
			}
		}
	}
}

func run(t *testing.T, dir string, s site, opt export.Options) (export.Report, error) {
	t.Helper()
	return export.Export(t.Context(), dir, export.Site{Handler: s, Addresses: s.addresses()}, opt)
}

func mustRun(t *testing.T, dir string, s site) export.Report {
	t.Helper()
	report, err := run(t, dir, s, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// files are the documents' files with what is in them.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), "_") {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNames(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, dir, site{
		"/": {text: "front"}, "/channels/x": {text: "x"}, "/channels/x/feed.rss": {text: "<rss/>"},
		"/articles/gone": {status: http.StatusGone, text: "withdrawn"},
	})
	want := map[string]string{
		"index.html": "front", "channels/x.html": "x", "channels/x/feed.rss": "<rss/>", "articles/gone.410.html": "withdrawn", "404.html": "nothing here",
	}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, path := range []string{"/_headers", "/../x", "/a//b", "/a/../b", "x", "/a\nb", "/a/"} {
		if _, err := run(t, t.TempDir(), site{path: {text: "x"}}, export.Options{}); err == nil {
			t.Errorf("%q was written", path)
		}
	}
}

// What a source says of its address becomes no configuration of a host.
func TestRedirects(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, dir, site{"/articles/a": {status: http.StatusFound, location: "https://wire.example/\"; }\n$uri `{x}` 字 <b>?a=1&b=2#c"}})
	for name, want := range map[string]string{
		"_redirects":       "/articles/a https://wire.example/%22;%20%7D%0A%24uri%20%60%7Bx%7D%60%20%E5%AD%97%20%3Cb%3E?a=1&b=2#c 302\n",
		"_redirects.map":   `"/articles/a" "302 https://wire.example/%22;%20%7D%0A%24uri%20%60%7Bx%7D%60%20%E5%AD%97%20%3Cb%3E?a=1&b=2#c";` + "\n",
		"_redirects.caddy": `"/articles/a" "https://wire.example/%22;%20%7D%0A%24uri%20%60%7Bx%7D%60%20%E5%AD%97%20%3Cb%3E?a=1&b=2#c" 302` + "\n",
	} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
	if text := files(t, dir)["articles/a.html"]; !strings.Contains(text, `http-equiv="refresh"`) || strings.Contains(text, "<b>") {
		t.Errorf("the page that leads on is %q", text)
	}
}

// A file whose bytes hold keeps its time; one with other bytes gets a later one,
// though the document's has not moved.
func TestTimes(t *testing.T) {
	dir := t.TempDir()
	s := site{"/a": {text: "one", modified: noon}, "/b": {text: "same", modified: noon}}
	mustRun(t, dir, s)
	s["/a"] = page{text: "two", modified: noon}
	s["/b"] = page{text: "same", modified: noon.Add(time.Hour)}
	if report := mustRun(t, dir, s); report.Written != 1 {
		t.Errorf("%d files written, want 1", report.Written)
	}
	for name, want := range map[string]time.Time{"a.html": noon.Add(time.Second), "b.html": noon} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.ModTime().Equal(want) {
			t.Errorf("%s is of %v (%v), want %v", name, info.ModTime(), err, want)
		}
	}
}

// What the site fails to answer keeps its last file; all else is written, and
// the export fails.
func TestFailure(t *testing.T) {
	dir := t.TempDir()
	s := site{"/a": {text: "good"}, "/b": {text: "one"}, "/c.rss": {text: "good"}}
	mustRun(t, dir, s)
	broken := page{status: http.StatusInternalServerError, text: "broken"}
	s["/a"], s["/b"], s["/c.rss"] = broken, page{text: "two"}, broken
	report, err := run(t, dir, s, export.Options{})
	if err == nil || !strings.Contains(err.Error(), "/a: answered 500") || report.Documents != 3 {
		t.Errorf("reports %+v, %v", report, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "_headers")); err != nil || !strings.Contains(string(text), "/c.rss\n  Content-Type: application/rss+xml; charset=utf-8\n") {
		t.Errorf("_headers is %q (%v)", text, err)
	}
	want := map[string]string{"a.html": "good", "b.html": "two", "c.rss": "good", "404.html": "nothing here"}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// An address that is listed no more stays while the site answers it.
func TestStillAnswered(t *testing.T) {
	dir := t.TempDir()
	s := site{"/archive/2-4.rss": {text: "part"}, "/old": {text: "old"}, "/a": {text: "a"}}
	mustRun(t, dir, s)
	delete(s, "/old")
	only := func(yield func(string, error) bool) { yield("/a", nil) }
	report, err := export.Export(t.Context(), dir, export.Site{Handler: s, Addresses: only}, export.Options{})
	if err != nil || report.Removed != 1 || report.Documents != 2 {
		t.Errorf("reports %+v, %v", report, err)
	}
	want := map[string]string{"a.html": "a", "archive/2-4.rss": "part", "404.html": "nothing here"}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// An export that was cut short, even the first, is taken up by the next one:
// nothing of it stays behind, nothing of it is taken for another's.
func TestCutShort(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	s := site{"/a": {text: "a"}, "/b": {text: "b"}, "/c": {text: "c"}}
	cut := func(yield func(string, error) bool) {
		if yield("/a", nil) && yield("/b", nil) {
			cancel()
			yield("/c", nil)
		}
	}
	if _, err := export.Export(ctx, dir, export.Site{Handler: s, Addresses: cut}, export.Options{}); err == nil {
		t.Fatal("an export that was cut short reports nothing")
	}
	if err := os.WriteFile(filepath.Join(dir, "_tmp-HALF"), []byte("hal"), 0o600); err != nil {
		t.Fatal(err)
	}
	delete(s, "/b")
	s["/a"] = page{text: "a later"}
	mustRun(t, dir, s)
	want := map[string]string{"a.html": "a later", "c.html": "c", "404.html": "nothing here"}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, name := range []string{"_tmp-HALF", "_journal"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	if report := mustRun(t, dir, s); report.Written+report.Removed != 0 {
		t.Errorf("nothing has changed, but the export reports %+v", report)
	}
}

// Links are replaced where a file must be, and lead nowhere.
func TestLinks(t *testing.T) {
	dir, away := t.TempDir(), t.TempDir()
	target := filepath.Join(away, "secret")
	if err := os.WriteFile(target, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := site{"/a": {text: "a"}, "/d/b": {text: "b"}}
	mustRun(t, dir, s)
	for link, to := range map[string]string{"a.html": target, "d": away} {
		if err := os.RemoveAll(filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := run(t, dir, s, export.Options{Force: true}); err == nil || !strings.Contains(err.Error(), "d/b.html") {
		t.Errorf("a folder that leads away: %v", err)
	}
	if text, err := os.ReadFile(target); err != nil || string(text) != "secret" {
		t.Errorf("what the link led to is %q (%v)", text, err)
	}
	if info, err := os.Lstat(filepath.Join(dir, "a.html")); err != nil || !info.Mode().IsRegular() {
		t.Errorf("a.html is %v (%v), want a file", info.Mode(), err)
	}
	if list, err := os.ReadDir(away); err != nil || len(list) != 1 {
		t.Errorf("the other folder has %v (%v)", list, err)
	}
}

// Pages name authors by spellings that are listed nowhere, and lead on.
func TestLinksToAuthors(t *testing.T) {
	s := site{
		"/":                 {text: `<a href="/authors/roe-jane">Roe Jane</a> <a href="/news/authors/lee-ann">Lee Ann</a> <a href="/authors/nobody">Nobody</a> <a href="https://x.example/authors/not-ours">Elsewhere</a>`},
		"/authors/jane-roe": {text: "Jane Roe"},
		"/authors/roe-jane": {status: http.StatusMovedPermanently, location: "/authors/jane-roe"},
		"/authors/lee-ann":  {status: http.StatusMovedPermanently, location: "/news/authors/ann-lee"},
		"/authors/not-ours": {text: "Not ours"},
	}
	dir := t.TempDir()
	listed := slices.Values([]string{"/", "/authors/jane-roe"})
	addresses := func(yield func(string, error) bool) {
		listed(func(path string) bool { return yield(path, nil) })
	}
	for range 2 { // an export of what is there already
		report, err := export.Export(t.Context(), dir, export.Site{Handler: s, Addresses: addresses}, export.Options{})
		if err != nil || report.Documents != 4 || report.Removed != 0 {
			t.Fatalf("%+v, %v; want four documents", report, err)
		}
	}
	redirects, err := os.ReadFile(filepath.Join(dir, "_redirects"))
	if want := "/authors/lee-ann /news/authors/ann-lee 301\n/authors/roe-jane /authors/jane-roe 301\n"; err != nil || string(redirects) != want {
		t.Errorf("got %q (%v), want %q", redirects, err, want)
	}

	delete(s, "/authors/roe-jane")
	delete(s, "/authors/lee-ann")
	if report, err := export.Export(t.Context(), dir, export.Site{Handler: s, Addresses: addresses}, export.Options{}); err != nil || report.Documents != 2 {
		t.Fatalf("%+v, %v; want two documents", report, err)
	}
	if caddy, err := os.ReadFile(filepath.Join(dir, "_redirects.caddy")); err != nil || string(caddy) != "# none\n" {
		t.Errorf("got %q (%v): Caddy imports no empty file", caddy, err)
	}
}
