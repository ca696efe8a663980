package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"copydesk/aggregator/news"
	"copydesk/config"
	"copydesk/publisher/edition"
)

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
	f.press.Await(t.Context())
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
