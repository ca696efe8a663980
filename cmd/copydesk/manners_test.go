package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"copydesk/aggregator/news"
	"copydesk/config"
	"copydesk/publisher/edition"
)

// Pulling by hand keeps the gap between the sources of a host too.
func TestPullingByHandKeepsTheGap(t *testing.T) {
	const gap = 60 * time.Millisecond
	var (
		mu    sync.Mutex // guards asked
		asked []time.Time
	)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, time.Now())
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title></channel></rss>`)
	}))
	t.Cleanup(server.Close)
	var text strings.Builder
	fmt.Fprintf(&text, "fetch: {allow_private: true, per_host_gap: %v}\nsources:\n", gap)
	for i := range 4 {
		fmt.Fprintf(&text, "  - {slug: s%d, name: S, url: '%s/%d'}\n", i, server.URL, i)
	}
	file := writeConfig(t, t.TempDir(), anyPort, text.String())
	var said strings.Builder
	term := &terminal{out: &said, err: &said, env: func(string) (string, bool) { return "", false }}
	began := time.Now() // the first slot is no earlier; a slow machine may be late to use it
	if err := (pullCommand{configFlag: configFlag{Config: file}}).Run(t.Context(), term); err != nil || len(asked) != 4 {
		t.Fatalf("asked %d times (%v), want 4:\n%s", len(asked), err, &said)
	}
	if took := asked[3].Sub(began); took < 3*gap {
		t.Errorf("four sources of a host within %v, want three gaps of %v", took, gap)
	}
}

// Who reads our feed is told to the publisher of the source that is in it.
func TestPublishersAreToldOfReaders(t *testing.T) {
	var said []string
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said = append(said, r.UserAgent())
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title></channel></rss>`)
	}))
	t.Cleanup(source.Close)
	text := fmt.Sprintf("publisher: {title: T, url: https://news.example.org, authority: 'news.example.org,2026'}\nadmin_listen: ''\ndatabase: %s\n"+
		"fetch: {allow_private: true, per_host_gap: 0s}\nsources: [{slug: wire, name: Wire, url: '%s'}]\nchannels: [{slug: all, title: All}]\n",
		filepath.Join(t.TempDir(), "copydesk.db"), source.URL)
	cfg, err := config.Parse("copydesk.yaml", []byte(text), config.Options{CheckRule: func(rule string) error { _, err := edition.CompileRule(rule); return err }})
	if err != nil {
		t.Fatal(err)
	}
	h, err := buildHouse(t.Context(), cfg, logger(t.Output(), "error"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	d := &daemon{house: h, registry: prometheus.NewRegistry()}
	f, err := d.build(h.plan.Load())
	if err != nil {
		t.Fatal(err)
	}
	d.start(t.Context(), f)
	t.Cleanup(func() { f.close(); d.parts.Wait() })
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	f.press.Await(ctx)
	pull := func() {
		t.Helper()
		due, err := h.store.ClaimNamed(t.Context(), time.Now(), time.Minute, []news.Slug{"wire"})
		if err != nil || len(due) != 1 {
			t.Fatalf("claimed %v (%v)", due, err)
		}
		desk := h.plan.Load().desk
		if _, err := desk.Puller.Pull(t.Context(), desk.Sources["wire"], due[0]); err != nil {
			t.Fatal(err)
		}
	}
	pull()
	for _, agent := range []string{"Feedly/1.0 (11 subscribers)", "NetNewsWire"} {
		req := httptest.NewRequest(http.MethodGet, "/channels/all/feed.atom", nil)
		req.Header.Set("User-Agent", agent)
		answer := httptest.NewRecorder()
		if f.server.ServeHTTP(answer, req); answer.Code != http.StatusOK {
			t.Fatalf("our feed: %d", answer.Code)
		}
	}
	pull()
	for i, want := range []string{"copydesk/1.0 (+https://news.example.org; feed-id=wire)", "copydesk/1.0 (+https://news.example.org; feed-id=wire; 12 subscribers)"} {
		if said[i] != want {
			t.Errorf("pull %d said %q, want %q", i+1, said[i], want)
		}
	}
}
