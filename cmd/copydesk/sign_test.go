package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// What an operator teaches of a name holds for all that is stored, also where the feed
// has gone on since, and for what stands on pages: an author's page lists everything by
// them.
func TestAliasTaughtLater(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	var story atomic.Int64
	story.Store(1)
	feed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		n := story.Load()
		switch q.URL.Path {
		case "/paged":
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><item><guid isPermaLink="false">p</guid><link>http://%s/page</link><title>Paged %d</title></item></channel></rss>`, q.Host, n)
			return
		case "/page":
			fmt.Fprint(w, `<html><head><meta name="author" content="王晓夏"></head><body><article><h1>Paged</h1>`+strings.Repeat("<p>The crews moved the boats behind the second wall before noon, and the keeper counted them twice.</p>", 5)+`</article></body></html>`)
			return
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><item><guid isPermaLink="false">%d</guid><title>Story %d</title><author>王晓夏</author></item></channel></rss>`, n, n)
	}))
	t.Cleanup(feed.Close)
	config := func(rules string) {
		r.put(fmt.Sprintf("publisher: {title: T, url: 'http://127.0.0.1', authority: 'sign.example,2026'}\nlisten: '127.0.0.1:0'\nadmin_listen: ''\nfetch: {allow_private: true, per_host_gap: 0s}\nsources:\n  - {slug: wire, name: Wire, url: '%[1]s', schedule: '@every 1h'%[2]s}\n  - {slug: paged, name: Paged, url: '%[1]s/paged', follow: true, schedule: '@every 1h'%[2]s}\nchannels:\n  - {slug: all, title: All}\n", feed.URL, rules))
	}
	config("")
	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/sources/wire/feed.json", "王晓夏")
	r.await("/sources/paged/feed.json", "王晓夏")
	story.Store(2) // the first is in the feed no longer
	config(", byline: {alias: {王晓夏: Wang Xiaoxia}}")
	r.await("/authors/wang-xiaoxia/feed.json", "Story 2")
	r.await("/authors/wang-xiaoxia/feed.json", "Story 1")
	r.await("/authors/wang-xiaoxia/feed.json", "Paged 2")
	r.await("/authors/wang-xiaoxia", "Story 1")
}
