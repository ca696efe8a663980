package publisher_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

func TestRoutes(t *testing.T) {
	s, press, server := printed(t)
	s.put("gone", "wire", "Gone", noon)
	s.withdraw("gone", noon)
	mustPrint(t, press)
	for _, tt := range []struct {
		method, path string
		status       int
		contentType  string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"GET", "/channels/all", 200, "text/html; charset=utf-8"},
		{"GET", "/channels/all/feed.rss", 200, "application/rss+xml; charset=utf-8"},
		{"GET", "/channels/all/feed.atom", 200, "application/atom+xml; charset=utf-8"},
		{"GET", "/channels/all/feed.json", 200, "application/feed+json; charset=utf-8"},
		{"GET", "/channels/all/feed.xml", 404, "text/html; charset=utf-8"},
		{"GET", "/channels/none", 404, "text/html; charset=utf-8"},
		{"GET", "/channels/none/feed.rss", 404, "text/html; charset=utf-8"},
		{"GET", "/channels/wire/feed.rss", 404, "text/html; charset=utf-8"}, // a source is no channel
		{"GET", "/channels/all/", 301, ""},
		{"GET", "//evil.example/", 307, ""}, // to /evil.example/, by the standard library
		{"GET", "/sources/wire", 200, "text/html; charset=utf-8"},
		{"GET", "/sources/wire/feed.atom", 200, "application/atom+xml; charset=utf-8"},
		{"GET", "/sources/none/feed.atom", 404, "text/html; charset=utf-8"},
		{"GET", "/sources/all/feed.atom", 404, "text/html; charset=utf-8"},
		{"GET", "/articles/a1", 200, "text/html; charset=utf-8"},
		{"GET", "/articles/a2", 302, ""}, // its rights allow a headline only
		{"GET", "/articles/none", 404, "text/html; charset=utf-8"},
		{"GET", "/articles/gone", 410, "text/html; charset=utf-8"},
		{"GET", "/opml", 200, "text/x-opml; charset=utf-8"},
		{"GET", "/favicon.ico", 200, "image/svg+xml"},
		{"GET", "/static/none.css", 404, "text/html; charset=utf-8"},
		{"GET", "/robots.txt", 200, "text/plain; charset=utf-8"},
		{"GET", "/healthz", 200, "text/plain; charset=utf-8"},
		{"GET", "/readyz", 200, "text/plain; charset=utf-8"},
		{"GET", "/nothing", 404, "text/html; charset=utf-8"},
		{"GET", "/metrics", 404, "text/html; charset=utf-8"}, // operators only
		{"GET", "/debug/pprof", 404, "text/html; charset=utf-8"},
		{"POST", "/", 405, "text/html; charset=utf-8"},
		{"DELETE", "/channels/all/feed.rss", 405, "text/html; charset=utf-8"},
		{"PUT", "/articles/a1", 405, "text/html; charset=utf-8"},
	} {
		res := ask(t, server, tt.method, tt.path)
		if got := res.Header.Get("Content-Type"); res.StatusCode != tt.status || tt.contentType != "" && got != tt.contentType {
			t.Errorf("%s %s: got %d %s, want %d %s", tt.method, tt.path, res.StatusCode, got, tt.status, tt.contentType)
		}
		if res.StatusCode == 405 && res.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s: got Allow %q", tt.method, tt.path, res.Header.Get("Allow"))
		}
		if res.StatusCode >= 400 && (res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("ETag")+res.Header.Get("Last-Modified") != "") {
			t.Errorf("%s %s: a failure that may be kept: %v", tt.method, tt.path, res.Header)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q, want %q", tt.method, tt.path, name, got, want)
			}
		}
		if policy := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; connect-src 'self';") || strings.Contains(policy, "unsafe") || strings.Count(policy, "script-src") != 1 {
			t.Errorf("%s %s: the policy lets something run: %q", tt.method, tt.path, policy)
		}
	}
	if got := get410(t, server, "/articles/gone"); !strings.Contains(got, "It was not so.") {
		t.Errorf("a withdrawn article does not say why: %s", got)
	}
	if to := ask(t, server, "GET", "/articles/a2").Header.Get("Location"); to != "https://shy.example/a2" {
		t.Errorf("a headline leads to %q", to)
	}
	if to := ask(t, server, "GET", "/channels/all/?x=1").Header.Get("Location"); to != "/channels/all?x=1" {
		t.Errorf("a slash too many leads to %q", to)
	}
}

func get410(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	res := ask(t, h, "GET", path)
	if res.StatusCode != http.StatusGone {
		t.Errorf("%s: got %d, want 410", path, res.StatusCode)
	}
	return body(t, res)
}

// A headline whose address does not lead to the web leads nowhere.
func TestHeadlineWithoutAddress(t *testing.T) {
	s, _, server := printed(t)
	s.edit("a2", func(a *news.Article) { a.URL = "javascript:alert(1)" }, noon)
	if res := ask(t, server, "GET", "/articles/a2"); res.StatusCode != 200 || strings.Contains(body(t, res), "alert") {
		t.Errorf("got %d to %q, want the headline alone", res.StatusCode, res.Header.Get("Location"))
	}
}

func TestReadiness(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "First", noon)
	press, server := open(t, s)
	for _, path := range []string{"/readyz", "/"} {
		if res := ask(t, server, "GET", path); res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
			t.Errorf("%s before the first edition: got %d, want 503", path, res.StatusCode)
		}
	}
	for _, path := range []string{"/healthz", feedPaths[0]} { // a feed is printed when asked for
		get(t, server, path)
	}
	s.failOne(few, errors.New("not yet"))
	mustPrint(t, press)
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 503 {
		t.Errorf("with a channel that could not be read: got %d, want 503", res.StatusCode)
	}
	s.failOne(few, nil)
	mustPrint(t, press)
	get(t, server, "/readyz")
	s.fail(errors.New("away"))
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 503 {
		t.Errorf("without its database: got %d, want 503", res.StatusCode)
	}
	get(t, server, "/healthz") // alive all the same
}

// A feed names its own address once, and the same in the header.
func TestSelf(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range append([]string{"/sources/wire/feed.rss", "/sources/wire/feed.atom", "/sources/wire/feed.json"}, feedPaths...) {
		self := house.URL + path
		res := ask(t, server, "GET", path)
		if got := res.Header.Values("Link"); len(got) != 1 || got[0] != "<"+self+`>; rel="self"` {
			t.Errorf("%s: got Link %q", path, got)
		}
		text := body(t, res)
		head, _, _ := strings.Cut(strings.Replace(text, "<item>", "<entry", 1), "<entry") // a source in an entry has a self of its own
		if n := strings.Count(head, `rel="self"`); strings.HasPrefix(text, "<") && n != 1 {
			t.Errorf("%s: got %d self links, want 1", path, n)
		}
		if n := strings.Count(text, self+`"`); n != 1 {
			t.Errorf("%s names itself %d times, want once", path, n)
		}
	}
	if got := ask(t, server, "GET", "/channels/all").Header.Get("Link"); got != "" {
		t.Errorf("a page has Link %q", got)
	}
}

func TestOPML(t *testing.T) {
	_, _, server := printed(t)
	var doc struct {
		Version  string `xml:"version,attr"`
		Title    string `xml:"head>title"`
		Outlines []struct {
			Type    string `xml:"type,attr"`
			Text    string `xml:"text,attr"`
			XMLURL  string `xml:"xmlUrl,attr"`
			HTMLURL string `xml:"htmlUrl,attr"`
		} `xml:"body>outline"`
	}
	if err := xml.Unmarshal([]byte(get(t, server, "/opml")), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Version != "2.0" || doc.Title != house.Title || len(doc.Outlines) != len(channels) {
		t.Fatalf("got %+v", doc)
	}
	for i, ch := range channels {
		got, base := doc.Outlines[i], house.URL+"/channels/"+string(ch.Slug)
		if got.Type != "rss" || got.Text != ch.Title || got.XMLURL != base+"/feed.rss" || got.HTMLURL != base {
			t.Errorf("%s: got %+v", ch.Slug, got)
		}
	}
}

// Pages ask for files by their content, which may be kept for ever; under any
// other address a file is asked for again soon.
func TestStatic(t *testing.T) {
	_, _, server := printed(t)
	addresses := regexp.MustCompile(`/static/[^"]+`).FindAllString(get(t, server, "/"), -1)
	if len(addresses) == 0 {
		t.Fatal("the index names no file")
	}
	for _, address := range addresses {
		name, version, _ := strings.Cut(address, "?")
		for path, want := range map[string]string{address: "immutable", name: "max-age=300", name + "?v=0123": "max-age=300", name + "?" + version + "0": "max-age=300"} {
			res := ask(t, server, "GET", path)
			if got := res.Header.Get("Cache-Control"); res.StatusCode != 200 || !strings.Contains(got, want) {
				t.Errorf("%s: got %d with %q, want %q", path, res.StatusCode, got, want)
			}
		}
	}
}

// An article's page is printed once and kept, until its source changes.
func TestArticlePagesAreKept(t *testing.T) {
	s, press, server := printed(t)
	first := get(t, server, "/articles/a1")
	before := s.questions()
	if again := get(t, server, "/articles/a1"); again != first || s.questions() != before {
		t.Errorf("the second reader made the shelf answer %d times, want never", s.questions()-before)
	}
	s.put("a3", "shy", "Of another source", noon)
	mustPrint(t, press)
	before = s.questions()
	get(t, server, "/articles/a1")
	if s.questions() != before {
		t.Error("another source's change cost an article its page")
	}
	s.edit("a1", func(a *news.Article) { a.Title = "Corrected" }, noon.Add(time.Hour))
	mustPrint(t, press)
	if got := get(t, server, "/articles/a1"); !strings.Contains(got, "Corrected") {
		t.Error("a corrected article shows its old page")
	}
	s.withdraw("a1", noon.Add(2*time.Hour))
	mustPrint(t, press)
	if res := ask(t, server, "GET", "/articles/a1"); res.StatusCode != 410 {
		t.Errorf("a withdrawn article: got %d, want 410", res.StatusCode)
	}
}

// Nobody tells of changes of a source that has left the config, so its pages
// are not kept.
func TestArticlesOfForgottenSources(t *testing.T) {
	s, _, server := printed(t)
	s.put("old", "former", "Old", noon)
	get(t, server, "/articles/old")
	s.withdraw("old", noon)
	if res := ask(t, server, "GET", "/articles/old"); res.StatusCode != 410 {
		t.Errorf("got %d, want 410", res.StatusCode)
	}
}

// Of a source of which nothing is known nothing is shown: the reader is sent on.
func TestArticlesOfUnknownSources(t *testing.T) {
	s, press, server := printed(t)
	s.put("lost", "unknown", "Of whom?", noon)
	s.edit("lost", func(a *news.Article) { a.URL, a.Summary = "https://unknown.example/1", "Withheld summary" }, noon)
	mustPrint(t, press)
	if res := ask(t, server, "GET", "/articles/lost"); res.StatusCode != 302 {
		t.Errorf("got %d, want 302", res.StatusCode)
	}
	for _, format := range []string{"rss", "atom", "json"} {
		if got := get(t, server, "/channels/all/feed."+format); strings.Contains(got, "Withheld") || !strings.Contains(got, "Of whom?") {
			t.Errorf("as %s: %s", format, got)
		}
	}
}

// What comes while a new config is put in force is printed by what that says of
// its source, also where the source is new or had looser rights.
func TestHeed(t *testing.T) {
	s, press, server := printed(t)
	press.Heed([]news.Source{
		{Slug: "wire", Name: "The Tight Wire", URL: "https://u:secret@wire.example/feed", Republish: news.RepublishHeadline},
		{Slug: "new", Name: "The New", URL: "https://new.example/feed", Republish: news.RepublishHeadline},
	})
	for _, slug := range []news.Slug{"wire", "new", "shy"} { // the last has left
		key := news.Key("of-" + slug)
		s.put(key, slug, "By "+string(slug), noon)
		s.edit(key, func(a *news.Article) { a.Summary, a.ContentHTML = "Withheld summary", "<p>Withheld text</p>" }, noon)
	}
	mustPrint(t, press)
	for _, format := range []string{"rss", "atom", "json"} {
		got := get(t, server, "/channels/all/feed."+format)
		for _, want := range []string{"By wire", "By new", "By shy", "The Tight Wire", "The New"} {
			if !strings.Contains(got, want) {
				t.Errorf("as %s it does not say %q", format, want)
			}
		}
		if strings.Contains(got, "Withheld") || strings.Contains(got, "secret") {
			t.Errorf("as %s: %s", format, got)
		}
	}
}

func TestArticlePagesAreBounded(t *testing.T) {
	s, _, server := printed(t)
	for i := range 300 {
		key := news.Key(fmt.Sprintf("n%03d", i))
		s.put(key, "wire", "News", noon)
		get(t, server, "/articles/"+string(key))
	}
	before := s.questions()
	get(t, server, "/articles/n299")
	if got := s.questions() - before; got != 0 {
		t.Errorf("the page read last asked the shelf %d times, want never", got)
	}
	get(t, server, "/articles/n000")
	if got := s.questions() - before; got != 1 {
		t.Errorf("the page read first asked the shelf %d times, want once: it should have been let go", got)
	}
}

// fragile is a shelf that panics over one article.
type fragile struct{ *shelf }

func (f fragile) Article(ctx context.Context, key news.Key) (news.Article, error) {
	if key == "panic" {
		panic("index out of range")
	}
	return f.shelf.Article(ctx, key)
}

func TestPanicsAreSurvived(t *testing.T) {
	var log bytes.Buffer
	_, server := openWith(t, fragile{newShelf()}, publisher.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	res := ask(t, server, "GET", "/articles/panic")
	if res.StatusCode != 500 || strings.Contains(body(t, res), "index out of range") {
		t.Errorf("got %d, want 500 without the cause", res.StatusCode)
	}
	if !strings.Contains(log.String(), "index out of range") || !strings.Contains(log.String(), "path=/articles/panic") {
		t.Errorf("the operator is not told: %s", log.String())
	}
	get(t, server, "/healthz")
}

// Who goes away while an article is read is no fault of the server.
func TestClientsThatGoAway(t *testing.T) {
	s := newShelf()
	s.fail(context.Canceled)
	var log bytes.Buffer
	_, server := openWith(t, s, publisher.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/articles/a1", nil))
	if log.Len() > 0 {
		t.Errorf("got %s", log.String())
	}
}

// Requests are logged for who wants them, and for nobody else.
func TestRequestLog(t *testing.T) {
	for level, want := range map[slog.Level]int{slog.LevelDebug: 1, slog.LevelInfo: 0} {
		var log bytes.Buffer
		_, server := openWith(t, newShelf(), publisher.Options{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))})
		ask(t, server, "GET", "/nothing?token=secret", "User-Agent: reader/1")
		if got := strings.Count(log.String(), "path=/nothing status=404"); got != want || strings.Contains(log.String(), "secret") {
			t.Errorf("at %v: got %d lines, want %d:\n%s", level, got, want, log.String())
		}
	}
}

func TestAdmin(t *testing.T) {
	_, _, server := printed(t)
	get(t, server, "/")
	ask(t, server, "GET", "/", "If-None-Match: *")
	ask(t, server, "GET", "/nothing")
	get(t, server, "/channels/all/feed.rss")
	ask(t, server, "GET", "/channels/none/feed.rss")
	metrics := get(t, server.Admin(), "/metrics")
	for _, want := range []string{
		`copydesk_http_requests_total{route="GET /{$}",status="200"} 1`,
		`copydesk_http_requests_total{route="GET /{$}",status="304"} 1`,
		`copydesk_http_requests_total{route="/",status="404"} 1`,
		`copydesk_http_requests_total{route="GET /channels/{slug}/{feed}",status="200"} 1`,
		`copydesk_http_requests_total{route="GET /channels/{slug}/{feed}",status="404"} 1`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics have no %s", want)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/debug/pprof/"} {
		get(t, server.Admin(), path)
	}
}

// Hubs that push to us are answered by whom the house names, behind the same
// headers as everything; where it names nobody, there is nothing.
func TestCallbackRoute(t *testing.T) {
	s := newShelf()
	_, without := open(t, s)
	if res := ask(t, without, "GET", "/websub/abc"); res.StatusCode != http.StatusNotFound {
		t.Errorf("without a callback: %d, want 404", res.StatusCode)
	}
	_, server := openWith(t, s, publisher.Options{Callback: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, r.Method+" "+r.PathValue("token"))
	})})
	for _, method := range []string{"GET", "POST"} {
		res := ask(t, server, method, "/websub/abc")
		if got := body(t, res); res.StatusCode != http.StatusAccepted || got != method+" abc" || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %q with %v", method, res.StatusCode, got, res.Header)
		}
	}
	if res := ask(t, server, "PUT", "/websub/abc"); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD, POST" {
		t.Errorf("PUT: %d, Allow %q, want 405 and all that it takes", res.StatusCode, res.Header.Get("Allow"))
	}
}

// A hub takes subscriptions alone, and says so to whoever only looks.
func TestHubRoute(t *testing.T) {
	s := newShelf()
	_, without := open(t, s)
	if res := ask(t, without, "GET", "/hub"); res.StatusCode != http.StatusNotFound {
		t.Errorf("without a hub: %d, want 404", res.StatusCode)
	}
	_, server := openWith(t, s, publisher.Options{Hub: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })})
	for method, want := range map[string]int{"POST": 202, "GET": 405, "HEAD": 405, "DELETE": 405} {
		res := ask(t, server, method, "/hub")
		if allow := res.Header.Get("Allow"); res.StatusCode != want || (want == 405) != (allow == "POST") {
			t.Errorf("%s: %d, Allow %q; want %d", method, res.StatusCode, allow, want)
		}
	}
}

// A house below a path, behind a proxy that takes the path away or leaves it, sends
// nobody out of it.
func TestBelowAPath(t *testing.T) {
	below := house
	below.URL = "https://example.org/news"
	f, _, _ := readable(t)
	press, server := openWith(t, f, publisher.Options{House: below, Sources: sources, Finder: f})
	mustPrint(t, press)
	for path, want := range map[string]string{
		"/channels/all/": "/news/channels/all", "/channels/all/?a=%20b": "/news/channels/all?a=%20b", "/channels//all": "/news/channels/all", "/channels/./all": "/news/channels/all", "/channels/few/../all?a=b": "/news/channels/all?a=b", "/channels//all?a=b": "/news/channels/all?a=b", "/authors/lee-ann": "/news/authors/ann-lee", "/search?q=%20ferry": "/news/search?q=ferry",
	} {
		for _, path := range []string{path, "/news" + path} {
			if res := ask(t, server, "GET", path); res.StatusCode != 301 || res.Header.Get("Location") != want {
				t.Errorf("%s: got %d to %q, want 301 to %q", path, res.StatusCode, res.Header.Get("Location"), want)
			}
		}
	}
	for path, want := range map[string]int{
		"/": 200, "/news": 200, "/news/": 200, "/news/channels/all/feed.atom": 200, "/news/static/house.css": 200, "/newsletter": 404, "/news/news/": 301, "/news/news": 404,
	} {
		if res := ask(t, server, "GET", path); res.StatusCode != want {
			t.Errorf("%s: got %d, want %d", path, res.StatusCode, want)
		}
	}
}
