package publisher_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// remembering is a shelf that knows one version before each.
type remembering struct{ *shelf }

func (r remembering) Versions(ctx context.Context, key news.Key) ([]news.Version, error) {
	a, err := r.Article(ctx, key)
	if err != nil {
		return nil, err
	}
	before := a
	before.Title, before.ContentHTML = "Before", "<p>secret</p>"
	return []news.Version{{Article: a}, {Article: before, Replaced: a.Updated}}, nil
}

// How an article changed is shown as far as its rights allow, and kept until
// its source changes again.
func TestHistory(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "First", noon)
	s.put("a2", "shy", "Headline alone", noon)
	press, server := openWith(t, s, publisher.Options{Sources: sources, History: remembering{s}})
	mustPrint(t, press)
	first := get(t, server, "/articles/a1/history")
	if !strings.Contains(first, "<del>Before</del><ins>First</ins>") || !strings.Contains(first, "secret") {
		t.Errorf("got %s", first)
	}
	if got := get(t, server, "/articles/a2/history"); strings.Contains(got, "secret") || !strings.Contains(got, "Before") {
		t.Errorf("a source that lets out headlines alone: %s", got)
	}
	before := s.questions()
	if get(t, server, "/articles/a1/history"); s.questions() != before {
		t.Error("the second reader made the shelf answer")
	}
	s.edit("a1", func(a *news.Article) { a.Title = "Second" }, noon.Add(time.Hour))
	mustPrint(t, press)
	if got := get(t, server, "/articles/a1/history"); !strings.Contains(got, "Second") {
		t.Error("a new version is not shown")
	}
	s.withdraw("a1", noon.Add(2*time.Hour))
	mustPrint(t, press)
	if got := get410(t, server, "/articles/a1/history"); strings.Contains(got, "secret") {
		t.Error("a withdrawn article shows what it said")
	}
	if res := ask(t, server, "GET", "/articles/none/history"); res.StatusCode != 404 {
		t.Errorf("no article: got %d, want 404", res.StatusCode)
	}
	_, without := open(t, s)
	if res := ask(t, without, "GET", "/articles/a2/history"); res.StatusCode != 404 {
		t.Errorf("without a history: got %d, want 404", res.StatusCode)
	}
}
