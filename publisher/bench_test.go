package publisher_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// BenchmarkServe is what one request of a printed channel of fifty articles
// costs the handler, without the network.
func BenchmarkServe(b *testing.B) {
	s := newShelf()
	for i := range 50 {
		s.put(news.Key(fmt.Sprintf("n%02d", i)), "wire", "News of the harbour", noon)
	}
	press, server := openWith(b, s, publisher.Options{Sources: sources, Now: time.Now, Readers: publisher.NewReaders(time.Now)})
	mustPrint(b, press)
	tag := ask(b, server, "GET", feedPaths[0]).Header.Get("ETag")
	for _, bb := range []struct {
		name, path string
		header     http.Header
	}{
		{"Identity", feedPaths[0], http.Header{}},
		{"Gzip", feedPaths[0], http.Header{"Accept-Encoding": {"gzip"}}},
		{"Browser", "/channels/all", http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}}},
		{"NotModified", feedPaths[0], http.Header{"If-None-Match": {tag}}},
		{"Source", "/sources/wire/feed.rss", http.Header{}},
		{"Article", "/articles/n00", http.Header{}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			r := httptest.NewRequest("GET", bb.path, nil)
			r.Header = bb.header
			r.Header.Set("User-Agent", "Mozilla/5.0 (compatible; Clipper/2.1; +https://clipper.example/bot)")
			w := &discard{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				server.ServeHTTP(w, r)
			}
		})
	}
}

// A poll costs the handler one allocation, of what notes the answer: whatever is
// sent is made when it is printed.
func TestPollsAllocateLittle(t *testing.T) {
	s := newShelf()
	s.put("n1", "wire", strings.Repeat("News of the harbour ", 40), noon)
	press, server := openWith(t, s, publisher.Options{Sources: sources, Now: time.Now, Readers: publisher.NewReaders(time.Now)})
	mustPrint(t, press)
	for _, path := range feedPaths {
		tag := ask(t, server, "GET", path).Header.Get("ETag")
		for _, header := range []http.Header{{}, {"Accept-Encoding": {"gzip"}}, {"If-None-Match": {tag}}} {
			r := httptest.NewRequest("GET", path, nil)
			r.Header = header
			w := &discard{header: http.Header{}}
			if n := testing.AllocsPerRun(100, func() { clear(w.header); server.ServeHTTP(w, r) }); n > 1 {
				t.Errorf("%s with %v: %v allocations", path, header, n)
			}
		}
	}
}

// BenchmarkPrint is what one changed article costs: a channel in four forms.
func BenchmarkPrint(b *testing.B) {
	s := newShelf()
	for i := range 50 {
		s.put(news.Key(fmt.Sprintf("n%02d", i)), "shy", "News of the harbour", noon)
	}
	press, _ := open(b, s)
	mustPrint(b, press)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.edit("n25", func(a *news.Article) { a.Title = fmt.Sprint("Changed ", i) }, noon)
		mustPrint(b, press)
	}
}

// discard is a connection that takes everything.
type discard struct {
	header http.Header
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}
