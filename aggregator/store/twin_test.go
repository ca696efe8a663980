package store_test

import (
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// titled are the titles that stand of a source, by key.
func titled(t *testing.T, s *store.Store, slug news.Slug) map[news.Key]string {
	t.Helper()
	list, err := s.Placements(t.Context(), news.Shelf{Kind: news.SourceShelf, Slug: slug}, 100)
	if err != nil {
		t.Fatal(err)
	}
	out := map[news.Key]string{}
	for _, p := range list {
		a, err := s.Article(t.Context(), p.Article)
		if err != nil {
			t.Fatal(err)
		}
		out[a.Key] = a.Title
	}
	return out
}

// Stories that share an id have keys of their own, by which each is known when it
// comes alone, corrected or after the other was withdrawn. The one that was published
// first has the key of the id, as it would if it had come first.
func TestStoriesOfOneID(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		first, second, third := article("s0", "1", "Ferry runs aground at the mole"), article("s0", "1", "Herring costs a third more"), article("s0", "1", "No boat before noon in this fog")
		second.Published = news.Moment{At: noon.Add(-30 * time.Minute), Basis: news.Explicit, Raw: "later"}
		third.Published = news.Moment{At: noon.Add(-20 * time.Minute), Basis: news.Explicit, Raw: "last"}
		if got := save(t, s, pull("s0", noon, second, first)); got.New != 2 {
			t.Fatalf("saved %+v, want both new", got)
		}
		before := titled(t, s, "s0")
		if len(before) != 2 || before[first.Key] != first.Title {
			t.Fatalf("%v stand, want the first under the key of the id", before)
		}

		corrected := second
		corrected.Title += ", says the hall"
		for i, step := range []struct {
			list         []news.Article
			new, changed int
		}{
			{[]news.Article{second}, 0, 0},
			{[]news.Article{first, second}, 0, 0},
			{[]news.Article{corrected}, 0, 1},
			{[]news.Article{first}, 0, 0},
			{[]news.Article{third}, 1, 0},
			{[]news.Article{third, corrected, first}, 0, 0},
		} {
			if got := save(t, s, pull("s0", noon.Add(time.Duration(i+1)*time.Minute), step.list...)); got.New != step.new || got.Changed != step.changed {
				t.Errorf("step %d: saved %+v, want %d new and %d changed", i+1, got, step.new, step.changed)
			}
		}
		after := titled(t, s, "s0")
		for key, title := range before {
			if title == second.Title {
				title = corrected.Title
			}
			if after[key] != title || len(after) != 3 {
				t.Errorf("%v stand, want %q under %s", after, title, key)
			}
		}

		if _, err := s.Withdraw(t.Context(), first.Key, news.Withdrawal{At: noon, Reason: "wrong"}); err != nil {
			t.Fatal(err)
		}
		if got := save(t, s, pull("s0", noon.Add(time.Hour), third, first)); got != (news.Saved{}) || len(titled(t, s, "s0")) != 2 {
			t.Errorf("saved %+v after one was withdrawn, %v stand", got, titled(t, s, "s0"))
		}
	})
}
