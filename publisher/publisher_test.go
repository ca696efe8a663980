package publisher_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"copydesk/aggregator/news"
	"copydesk/publisher"
	"copydesk/publisher/edition"
	"copydesk/publisher/page"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	house    = edition.House{Title: "Example Newsroom", URL: "https://news.example.org", Authority: "news.example.org,2026", Language: "en", TimeZone: time.UTC}
	channels = []news.Channel{{Slug: "all", Title: "All", Limit: 50}, {Slug: "few", Title: "Few", Limit: 50, Sources: []news.Slug{"wire"}}}
	sources  = []news.Source{
		{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull},
		{Slug: "shy", Name: "The Shy", URL: "https://shy.example/feed", Republish: news.RepublishHeadline},
	}
	noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
)

// A shelf keeps articles in memory. It is asked by the press, never by a GET.
type shelf struct {
	mu       sync.Mutex // guards all below
	articles map[news.Key]news.Article
	touched  map[news.Shelf]news.Touched
	revision news.Revision
	broken   error // of every question
	asked    int
}

func newShelf() *shelf {
	return &shelf{articles: map[news.Key]news.Article{}, touched: map[news.Shelf]news.Touched{}}
}

// put stores an article and touches the channels of its source.
func (s *shelf) put(key news.Key, source news.Slug, title string, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++
	s.articles[key] = news.Article{
		Key: key, Source: source, OriginalID: string(key), Title: title, URL: "https://" + string(source) + ".example/" + string(key),
		ContentHTML: "<p>" + strings.Repeat("The harbour. ", 100) + "</p>", Published: news.Moment{At: noon}, Updated: at, FirstSeen: noon, Revision: s.revision,
	}
	s.touch(source, at)
}

func (s *shelf) withdraw(key news.Key, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++
	a := s.articles[key]
	a.Withdrawn = true
	s.articles[key] = a
	s.touch(a.Source, at)
}

func (s *shelf) touch(source news.Slug, at time.Time) {
	list := []news.Shelf{{Kind: news.ChannelShelf, Slug: "all"}, {Kind: news.SourceShelf, Slug: source}}
	if source == "wire" {
		list = append(list, news.Shelf{Kind: news.ChannelShelf, Slug: "few"})
	}
	for _, sh := range list {
		s.touched[sh] = news.Touched{Shelf: sh, Revision: s.revision, At: at}
	}
}

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = err
}

func (s *shelf) questions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func (s *shelf) ask() error {
	s.mu.Lock()
	s.asked++
	return s.broken
}

func (s *shelf) Touched(_ context.Context, since news.Revision) ([]news.Touched, error) {
	defer s.mu.Unlock()
	var out []news.Touched
	if err := s.ask(); err != nil && since > 0 {
		return nil, err
	}
	for _, t := range s.touched {
		if t.Revision > since {
			out = append(out, t)
		}
	}
	return out, nil
}

func (s *shelf) Placements(_ context.Context, sh news.Shelf, n int) ([]news.Placement, error) {
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return nil, err
	}
	var out []news.Placement
	for key, a := range s.articles {
		in := sh.Slug == "all" || sh.Slug == a.Source || sh.Slug == "few" && a.Source == "wire"
		if in && !a.Withdrawn {
			out = append(out, news.Placement{Channel: sh.Slug, Article: key, Source: a.Source, Published: a.Published.At})
		}
	}
	slices.SortFunc(out, func(a, b news.Placement) int { return strings.Compare(string(a.Article), string(b.Article)) })
	return out[:min(n, len(out))], nil
}

func (s *shelf) Articles(_ context.Context, keys []news.Key) ([]news.Article, error) {
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return nil, err
	}
	var out []news.Article
	for _, k := range keys {
		out = append(out, s.articles[k])
	}
	return out, nil
}

type missing struct{}

func (missing) Error() string  { return "no such article" }
func (missing) NotFound() bool { return true }

func (s *shelf) Article(_ context.Context, key news.Key) (news.Article, error) {
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return news.Article{}, err
	}
	a, ok := s.articles[key]
	if !ok {
		return a, missing{}
	}
	return a, nil
}

func (s *shelf) SourceFeeds(context.Context) (map[news.Slug]news.Feed, error) {
	defer s.mu.Unlock()
	if err := s.ask(); err != nil {
		return nil, err
	}
	return map[news.Slug]news.Feed{"wire": {Title: "Wire", HomePage: "https://wire.example/"}}, nil
}

// open joins a press and a server to a shelf, with nothing running.
func open(t *testing.T, s *shelf) (*publisher.Press, *publisher.Server) {
	t.Helper()
	pages, err := page.New(house)
	if err != nil {
		t.Fatal(err)
	}
	press := publisher.NewPress(s, pages, publisher.Options{House: house, Channels: channels, Sources: sources, Log: slog.New(slog.DiscardHandler)})
	server, err := publisher.NewServer(press, pages, s, prometheus.NewRegistry())
	if err != nil {
		t.Fatal(err)
	}
	return press, server
}

// printed is a server whose press has printed two articles.
func printed(t *testing.T) (*shelf, *publisher.Press, *publisher.Server) {
	t.Helper()
	s := newShelf()
	s.put("a1", "wire", "Ferry line opens", noon)
	s.put("a2", "shy", "Second story", noon)
	press, server := open(t, s)
	if err := press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, press, server
}

// ask sends one request; header lines are "Name: value".
func ask(t *testing.T, h http.Handler, method, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

var feedPaths = []string{"/channels/all/feed.rss", "/channels/all/feed.atom", "/channels/all/feed.json"}

func TestCodings(t *testing.T) {
	_, _, server := printed(t)
	decode := map[string]func(io.Reader) (io.Reader, error){
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	}
	for _, path := range feedPaths {
		plain := body(t, ask(t, server, "GET", path))
		tags := map[string]string{}
		for accept, want := range map[string]string{
			"": "", "gzip": "gzip", "x-gzip": "gzip", "gzip, deflate, br": "br", "gzip;q=1.0, br;q=0.5": "gzip", "zstd": "zstd",
			"br;q=0, gzip;q=0": "", "*": "br", "identity": "", "compress": "", "gzip;q=0.5, identity": "", "br; q=nonsense": "", "*;q=0, gzip": "gzip",
		} {
			res := ask(t, server, "GET", path, "Accept-Encoding: "+accept)
			got := res.Header.Get("Content-Encoding")
			if got != want {
				t.Errorf("%s: accepting %q gave %q, want %q", path, accept, got, want)
				continue
			}
			r, err := decode[got](res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := io.ReadAll(r); err != nil || string(text) != plain {
				t.Errorf("%s as %q is another text (%v)", path, got, err)
			}
			tags[got] = res.Header.Get("ETag")
			if !strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s: Vary is %q", path, res.Header.Get("Vary"))
			}
		}
		seen := map[string]bool{}
		for coding, tag := range tags {
			if seen[tag] || !strings.HasPrefix(tag, `"`) {
				t.Errorf("%s as %q has the ETag %s, want a strong one of its own", path, coding, tag)
			}
			seen[tag] = true
		}
	}
}

func TestNotModified(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range append([]string{"/", "/channels/all", "/articles/a1", "/opml"}, feedPaths...) {
		first := ask(t, server, "GET", path)
		tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		for _, tt := range []struct {
			name   string
			header []string
			want   int
		}{
			{"the tag", []string{"If-None-Match: " + tag}, 304},
			{"the tag, weak", []string{"If-None-Match: W/" + tag}, 304},
			{"a list", []string{`If-None-Match: "x", ` + tag}, 304},
			{"two lines", []string{`If-None-Match: "x"`, "If-None-Match: " + tag}, 304},
			{"any", []string{"If-None-Match: *"}, 304},
			{"a proxy's -gzip", []string{"If-None-Match: " + strings.TrimSuffix(tag, `"`) + `-gzip"`}, 304},
			{"another tag", []string{`If-None-Match: "x"`}, 200},
			{"a tag that merely begins so", []string{"If-None-Match: " + strings.TrimSuffix(tag, `"`) + `0"`}, 200},
			{"another tag wins over the date", []string{`If-None-Match: "x"`, "If-Modified-Since: " + modified}, 200},
			{"the date", []string{"If-Modified-Since: " + modified}, 304},
			{"an older date", []string{"If-Modified-Since: Tue, 24 Nov 2020 12:00:00 GMT"}, 200},
			{"a date that is none", []string{"If-Modified-Since: yesterday"}, 200},
		} {
			if modified == "" && strings.Contains(tt.name, "date") {
				continue // a document without a date, such as the list of channels
			}
			for _, method := range []string{"GET", "HEAD"} {
				res := ask(t, server, method, path, tt.header...)
				text := body(t, res)
				if res.StatusCode != tt.want {
					t.Errorf("%s %s with %s: %d, want %d", method, path, tt.name, res.StatusCode, tt.want)
				}
				if (res.StatusCode == 304 || method == "HEAD") && text != "" {
					t.Errorf("%s %s with %s: a body of %d bytes", method, path, tt.name, len(text))
				}
				for _, name := range []string{"Cache-Control", "ETag", "Vary"} {
					if res.Header.Get(name) == "" {
						t.Errorf("%s %s with %s: no %s", method, path, tt.name, name)
					}
				}
			}
		}
	}
}

// The same articles give the same bytes, whoever prints them.
func TestSameBytesAfterARestart(t *testing.T) {
	s, _, server := printed(t)
	again, other := open(t, s)
	if err := again.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range append([]string{"/", "/channels/few", "/sources/wire/feed.rss"}, feedPaths...) {
		a, b := ask(t, server, "GET", path), ask(t, other, "GET", path)
		if body(t, a) != body(t, b) || a.Header.Get("ETag") != b.Header.Get("ETag") || a.Header.Get("Last-Modified") != b.Header.Get("Last-Modified") {
			t.Errorf("%s differs after a restart", path)
		}
	}
}

// A printed shelf is served from memory.
func TestServingAsksNobody(t *testing.T) {
	s, _, server := printed(t)
	before := s.questions()
	for range 10 {
		for _, path := range append([]string{"/", "/channels/all", "/opml", "/static/icon.svg", "/healthz"}, feedPaths...) {
			if res := ask(t, server, "GET", path); res.StatusCode != 200 {
				t.Errorf("%s: %d", path, res.StatusCode)
			}
		}
	}
	if n := s.questions() - before; n != 0 {
		t.Errorf("serving asked the shelf %d times", n)
	}
}

// What did not change is not printed again; what did is, at once.
func TestPrintsWhatChanged(t *testing.T) {
	s, press, server := printed(t)
	few := ask(t, server, "GET", "/channels/few/feed.atom").Header.Get("ETag")
	all := ask(t, server, "GET", "/channels/all/feed.atom").Header.Get("ETag")
	s.put("a3", "shy", "Third story", noon.Add(time.Hour))
	before := s.questions()
	if err := press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.questions() - before; n > 4 { // what changed, the feeds, one list, one set of articles
		t.Errorf("one change of one channel asked the shelf %d times", n)
	}
	if got := ask(t, server, "GET", "/channels/few/feed.atom").Header.Get("ETag"); got != few {
		t.Error("a channel that did not change has another ETag")
	}
	if got := ask(t, server, "GET", "/channels/all/feed.atom").Header.Get("ETag"); got == all {
		t.Error("a channel that changed has the same ETag")
	}
	before = s.questions()
	if err := press.Print(t.Context()); err != nil || s.questions()-before > 1 {
		t.Errorf("nothing changed, and the shelf was asked %d times (%v)", s.questions()-before, err)
	}
}

// Last-Modified never goes backwards, so a client that asks by date learns of a
// withdrawal.
func TestLastModifiedOnlyGrows(t *testing.T) {
	s, press, server := printed(t)
	stamp := func() time.Time {
		at, err := http.ParseTime(ask(t, server, "GET", feedPaths[0]).Header.Get("Last-Modified"))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	last := stamp()
	for i, change := range []func(){
		func() { s.put("a4", "wire", "Fourth", noon.Add(time.Hour)) },
		func() { s.withdraw("a4", noon.Add(time.Hour)) },    // in the same second
		func() { s.put("a5", "wire", "Fifth", noon) },       // stamped by a clock that was put back
		func() { s.withdraw("a5", noon.Add(-time.Minute)) }, // likewise
	} {
		change()
		if err := press.Print(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now := stamp(); !now.After(last) {
			t.Errorf("change %d: Last-Modified went from %v to %v", i, last, now)
		} else {
			last = now
		}
	}
}

// A database that fails costs readers nothing.
func TestLastEditionStays(t *testing.T) {
	s, press, server := printed(t)
	want := body(t, ask(t, server, "GET", feedPaths[1]))
	source := body(t, ask(t, server, "GET", "/sources/wire/feed.json"))
	s.put("a6", "wire", "Sixth", noon.Add(time.Hour))
	s.fail(errors.New("disk full"))
	_ = press.Print(t.Context()) // reported by whoever runs the press
	if res := ask(t, server, "GET", feedPaths[1]); res.StatusCode != 200 || body(t, res) != want {
		t.Errorf("the last edition is not served (%d)", res.StatusCode)
	}
	if res := ask(t, server, "GET", "/sources/wire/feed.json"); res.StatusCode != 200 || body(t, res) != source {
		t.Errorf("the last edition of a source is not served (%d)", res.StatusCode)
	}
	if res := ask(t, server, "GET", "/articles/a1"); res.StatusCode != 500 || strings.Contains(body(t, res), "disk full") {
		t.Errorf("an article that cannot be read: %d", res.StatusCode)
	}
	s.fail(nil)
	if err := press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	if res := ask(t, server, "GET", feedPaths[1]); !strings.Contains(body(t, res), "Sixth") {
		t.Error("once the database is back, the change is not printed")
	}
}

func TestReadiness(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "First", noon)
	press, server := open(t, s)
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
		t.Errorf("before the first edition: %d", res.StatusCode)
	}
	if res := ask(t, server, "GET", "/"); res.StatusCode != 503 {
		t.Errorf("the index before the first edition: %d", res.StatusCode)
	}
	if res := ask(t, server, "GET", "/healthz"); res.StatusCode != 200 {
		t.Errorf("alive before the first edition: %d", res.StatusCode)
	}
	if res := ask(t, server, "GET", feedPaths[0]); res.StatusCode != 200 { // printed when asked for
		t.Errorf("a feed before the first edition: %d", res.StatusCode)
	}
	if err := press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 200 {
		t.Errorf("after the first edition: %d", res.StatusCode)
	}
	s.fail(errors.New("away"))
	if res := ask(t, server, "GET", "/readyz"); res.StatusCode != 503 {
		t.Errorf("without its database: %d", res.StatusCode)
	}
}

func TestRoutes(t *testing.T) {
	s, press, server := printed(t)
	s.put("gone", "wire", "Gone", noon)
	s.withdraw("gone", noon)
	if err := press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, path string
		status       int
		contentType  string
	}{
		{"GET", "/", 200, "text/html"},
		{"GET", "/channels/all", 200, "text/html"},
		{"GET", "/channels/all/feed.rss", 200, "application/rss+xml"},
		{"GET", "/channels/all/feed.atom", 200, "application/atom+xml"},
		{"GET", "/channels/all/feed.json", 200, "application/feed+json"},
		{"GET", "/channels/all/feed.xml", 404, "text/html"},
		{"GET", "/channels/none/feed.rss", 404, "text/html"},
		{"GET", "/channels/all/", 301, ""},
		{"GET", "//evil.example/", 307, ""}, // to /evil.example/, by the standard library
		{"GET", "/sources/wire", 200, "text/html"},
		{"GET", "/sources/wire/feed.atom", 200, "application/atom+xml"},
		{"GET", "/sources/none/feed.atom", 404, "text/html"},
		{"GET", "/articles/a1", 200, "text/html"},
		{"GET", "/articles/a2", 302, ""}, // its rights allow a headline only
		{"GET", "/articles/none", 404, "text/html"},
		{"GET", "/articles/gone", 410, "text/html"},
		{"GET", "/opml", 200, "text/x-opml"},
		{"GET", "/nothing", 404, "text/html"},
		{"GET", "/metrics", 404, "text/html"},
		{"POST", "/", 405, "text/html"},
		{"DELETE", "/channels/all/feed.rss", 405, "text/html"},
	} {
		res := ask(t, server, tt.method, tt.path)
		if res.StatusCode != tt.status || !strings.HasPrefix(res.Header.Get("Content-Type"), tt.contentType) {
			t.Errorf("%s %s: %d %s, want %d %s", tt.method, tt.path, res.StatusCode, res.Header.Get("Content-Type"), tt.status, tt.contentType)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: without security headers", tt.method, tt.path)
		}
	}
	if to := ask(t, server, "GET", "/articles/a2").Header.Get("Location"); to != "https://shy.example/a2" {
		t.Errorf("a headline leads to %q", to)
	}
	if res := ask(t, server.Admin(), "GET", "/metrics"); res.StatusCode != 200 || !strings.Contains(body(t, res), `copydesk_http_requests_total{route="GET /{$}",status="200"} 1`) {
		t.Error("the metrics do not count requests")
	}
}

// A browser that opens a feed sees a page; everything else sees the feed.
func TestBrowsersSeeAStyledFeed(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range feedPaths[:2] {
		person := ask(t, server, "GET", path, "Sec-Fetch-Dest: document")
		if !strings.HasPrefix(person.Header.Get("Content-Type"), "text/xml") || !strings.Contains(body(t, person), "<?xml-stylesheet") {
			t.Errorf("%s for a browser is %s", path, person.Header.Get("Content-Type"))
		}
		if got := person.Header.Get("Vary"); !strings.Contains(got, "Sec-Fetch-Dest") {
			t.Errorf("%s: Vary is %q", path, got)
		}
	}
}

// A feed names its own address, and the same in the header.
func TestSelf(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range feedPaths {
		self := house.URL + path
		res := ask(t, server, "GET", path)
		if got := res.Header.Get("Link"); got != "<"+self+`>; rel="self"` {
			t.Errorf("%s: Link is %q", path, got)
		}
		if n := strings.Count(body(t, res), self+`"`); n != 1 {
			t.Errorf("%s names itself %d times", path, n)
		}
	}
}

func TestOPML(t *testing.T) {
	_, _, server := printed(t)
	text := body(t, ask(t, server, "GET", "/opml"))
	for _, ch := range channels {
		if want := fmt.Sprintf(`xmlUrl="%s/channels/%s/feed.rss"`, house.URL, ch.Slug); !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

// A running press prints soon after it is woken, and ends with its context.
func TestRunPrintsWhenWoken(t *testing.T) {
	s, press, server := printed(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- press.Run(ctx) }()
	s.put("a7", "wire", "Seventh", noon.Add(time.Hour))
	press.Wake()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(body(t, ask(t, server, "GET", feedPaths[2])), "Seventh"); {
		if time.Now().After(end) {
			t.Fatal("the press did not print in ten seconds")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// Readers and the press do not disturb each other.
func TestReadersDuringPrinting(t *testing.T) {
	s, press, server := printed(t)
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r := httptest.NewRequest("GET", feedPaths[2], nil)
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				if !json.Valid(w.Body.Bytes()) {
					t.Error("a reader got half a document")
					return
				}
			}
		})
	}
	for i := range 50 {
		s.put(news.Key(fmt.Sprintf("n%d", i)), "wire", "News", noon.Add(time.Duration(i)*time.Second))
		if err := press.Print(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	readers.Wait()
}

func BenchmarkServe(b *testing.B) {
	s := newShelf()
	for i := range 50 {
		s.put(news.Key(fmt.Sprintf("n%02d", i)), "wire", "News of the harbour", noon)
	}
	pages, err := page.New(house)
	if err != nil {
		b.Fatal(err)
	}
	press := publisher.NewPress(s, pages, publisher.Options{House: house, Channels: channels, Sources: sources, Log: slog.New(slog.DiscardHandler)})
	server, err := publisher.NewServer(press, pages, s, prometheus.NewRegistry())
	if err != nil {
		b.Fatal(err)
	}
	if err := press.Print(b.Context()); err != nil {
		b.Fatal(err)
	}
	first := httptest.NewRecorder()
	server.ServeHTTP(first, httptest.NewRequest("GET", feedPaths[0], nil))
	for name, header := range map[string]http.Header{
		"identity": {},
		"gzip":     {"Accept-Encoding": {"gzip"}},
		"304":      {"If-None-Match": {first.Header().Get("ETag")}},
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", feedPaths[0], nil)
			r.Header = header
			w := &discard{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				server.ServeHTTP(w, r)
			}
		})
	}
}

// discard is a connection that takes everything.
type discard struct {
	header http.Header
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}
