package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"copydesk/aggregator/waittest"
)

// A source that breaks is told once: in the log, to the webhook, which may
// refuse at first, and in status, for as long as it is broken.
func TestAlert(t *testing.T) {
	t.Parallel()
	got := make(chan map[string]string, 10)
	refusals := 1
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refusals > 0 {
			refusals--
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		note := map[string]string{}
		if err := json.NewDecoder(r.Body).Decode(&note); err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("the webhook got %v as %q", err, r.Header.Get("Content-Type"))
		}
		got <- note
	}))
	t.Cleanup(hook.Close)
	feed := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(feed.Close)
	dir := t.TempDir()
	file := writeConfig(t, dir, anyPort, fmt.Sprintf("fetch: {allow_private: true, per_host_gap: 0s}\nalerts: {webhook: '%s'}\nsources: [{slug: lost, name: Lost, url: '%s', schedule: '@every 1s'}]\nchannels: [{slug: all, title: All}]\n",
		hook.URL, feed.URL))
	p := startProgram(t, dir)
	note := waittest.Receive(t, got, p.log)
	if note["source"] != "lost" || note["name"] != "Lost" || note["kind"] != "broken" || note["since"] == "" || !strings.Contains(note["text"], "404") {
		t.Errorf("the webhook got %v", note)
	}
	p.terminate(t)
	if n := strings.Count(p.log.String(), "a source needs a look"); n != 1 {
		t.Errorf("the log tells of it %d times, want once:\n%s", n, p.log)
	}
	if len(got) > 0 {
		t.Errorf("the webhook got it once more: %v", <-got)
	}
	r := &reloadable{t: t, file: file}
	if out := r.status("lost"); !strings.Contains(out, "alert since") || !strings.Contains(out, "asked again") {
		t.Errorf("status says\n%s", out)
	}
}

// A source that breaks, recovers and breaks again is told twice, though the
// webhook takes neither.
func TestAlertsWhileTheWebhookIsAway(t *testing.T) {
	t.Parallel()
	hook := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(hook.Close)
	asked := 0
	feed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked != 4 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>Lost</title></channel></rss>`)
	}))
	t.Cleanup(feed.Close)
	dir := t.TempDir()
	writeConfig(t, dir, anyPort, fmt.Sprintf("fetch: {allow_private: true, per_host_gap: 0s}\nalerts: {webhook: '%s'}\nsources: [{slug: lost, name: Lost, url: '%s', schedule: '@every 1s'}]\n",
		hook.URL, feed.URL))
	p := startProgram(t, dir)
	if !p.log.says("a source needs a look", 2) {
		t.Fatalf("the second alert is not told:\n%s", p.log)
	}
	p.terminate(t)
}

// A channel that cannot be printed is told to the webhook.
func TestAlertOfAChannel(t *testing.T) {
	t.Parallel()
	got := make(chan map[string]string, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		note := map[string]string{}
		if err := json.NewDecoder(r.Body).Decode(&note); err != nil {
			t.Error(err)
		}
		got <- note
	}))
	t.Cleanup(hook.Close)
	feed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title><link>http://f.example/</link>`)
		for i := range 500 {
			fmt.Fprintf(w, "<item><guid>%d</guid><title>%s</title><link>http://f.example/%d/%s</link></item>", i, strings.Repeat("word ", 780), i, strings.Repeat("x", 7500))
		}
		fmt.Fprint(w, "</channel></rss>")
	}))
	t.Cleanup(feed.Close)
	dir := t.TempDir()
	writeConfig(t, dir, anyPort, fmt.Sprintf("fetch: {allow_private: true, per_host_gap: 0s}\nalerts: {webhook: '%s'}\nsources: [{slug: long, name: Long, url: '%s', republish: full}]\nchannels: [{slug: all, title: All of it, limit: 500}]\n",
		hook.URL, feed.URL))
	p := startProgram(t, dir)
	note := waittest.Receive(t, got, p.log)
	if note["channel"] != "all" || note["name"] != "All of it" || note["kind"] != "unprintable" || note["since"] == "" || !strings.Contains(note["text"], "5000000") {
		t.Errorf("the webhook got %v", note)
	}
	p.terminate(t)
}
