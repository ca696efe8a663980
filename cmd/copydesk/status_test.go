package main

import (
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
