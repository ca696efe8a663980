package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// What an operator teaches of a name holds for all that is stored, also where the feed
// has gone on since: an author's page lists everything by them.
func TestAliasTaughtLater(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	var story atomic.Int64
	story.Store(1)
	feed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := story.Load()
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><item><guid isPermaLink="false">%d</guid><title>Story %d</title><author>王晓夏</author></item></channel></rss>`, n, n)
	}))
	t.Cleanup(feed.Close)
	config := func(rules, title string) {
		r.put(fmt.Sprintf("publisher: {title: T, url: 'http://127.0.0.1', authority: 'sign.example,2026'}\nlisten: '127.0.0.1:0'\nadmin_listen: ''\nfetch: {allow_private: true, per_host_gap: 0s}\nsources:\n  - {slug: wire, name: Wire, url: '%s', schedule: '@every 1h'%s}\nchannels:\n  - {slug: all, title: %s}\n", feed.URL, rules, title))
	}
	config("", "All")
	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/channels/all/feed.json", "王晓夏")
	story.Store(2) // the first is in the feed no longer
	config(", byline: {alias: {王晓夏: Wang Xiaoxia}}", "All")
	r.await("/authors/wang-xiaoxia/feed.json", "Story 2")
	r.await("/authors/wang-xiaoxia/feed.json", "Story 1")
	r.await("/authors/wang-xiaoxia", "Story 1")
}
