package main

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// A source whose hub is relied on is pulled for another reason than its
// schedule, and status says so.
func TestStatusTellsOfPush(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	s := store.SourceStatus{
		Slug: "wire", State: "active", LastPull: now.Add(-time.Hour), LastSuccess: now.Add(-time.Hour), NextDue: now.Add(23 * time.Hour),
		Push: news.Push{Hub: "https://hub.example/", Since: now.Add(-48 * time.Hour), Until: now.Add(72 * time.Hour), LastPush: now.Add(-time.Minute)},
	}
	const words = "asked again in 23 h, to see that its hub has pushed all"
	if got := inWords(s, now).Outlook; !strings.Contains(got, words) {
		t.Errorf("got %q, want %q", got, words)
	}
	s.Push.Until = now.Add(-time.Minute)
	if got := inWords(s, now).Outlook; strings.Contains(got, "hub") {
		t.Errorf("the lease is over, and status says %q", got)
	}
}

// A redirect that leads out of https is followed, and its operator told: anyone
// on the way can change what is read.
func TestStatusTellsOfADowngrade(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title></channel></rss>`)
	}))
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	t.Cleanup(secure.Close)
	dir := t.TempDir()
	writeConfig(t, dir, anyPort, fmt.Sprintf("fetch: {allow_private: true, per_host_gap: 0s}\nsources: [{slug: led-out, name: A, url: '%s'}, {slug: plain, name: B, url: '%s'}]\n",
		secure.URL, plain.URL))
	authority := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", authority)
	play(t, dir, "pull")
	const words = "a redirect leads from https to http"
	if got := play(t, dir, "status", "led-out"); !strings.Contains(got, words) {
		t.Errorf("status does not say %q:\n%s", words, got)
	}
	if got := play(t, dir, "status", "plain"); strings.Contains(got, words) {
		t.Errorf("status says of a source that was never at https:\n%s", got)
	}
}

// The list of sources marks one whose dates and time zone disagree.
func TestStatusListTellsOfTheZone(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	var out strings.Builder
	list := []status{{SourceStatus: store.SourceStatus{Slug: "tide", State: "active"}, zone: "its dates run 8h ahead"}, {SourceStatus: store.SourceStatus{Slug: "wire", State: "active"}}}
	if err := printLines(&out, list, now); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if !strings.HasSuffix(lines[1], "its dates and its time zone disagree (copydesk status tide)") || !strings.HasSuffix(lines[2], "  -") {
		t.Errorf("got\n%s", out.String())
	}
}
