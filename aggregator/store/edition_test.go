package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// The last editions of a shelf are remembered by name, in the order in which they
// were printed last, whatever the clock says, and by the next store too.
func TestEditions(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		all, author := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, news.Shelf{Kind: news.AuthorShelf, Slug: "all"}
		keep := func(s *store.Store, shelf news.Shelf, name string, at time.Time) []string {
			t.Helper()
			names, err := s.KeepEdition(t.Context(), shelf, news.Edition{Name: name, Contents: []byte(name + "\x00\xff")}, at)
			if err != nil {
				t.Fatal(err)
			}
			return names
		}
		for i := range 200 {
			names := keep(s, all, fmt.Sprint("n", i), noon.Add(-time.Duration(i)*time.Hour)) // a clock that goes backwards
			if len(names) != min(i+1, 128) || names[0] != fmt.Sprint("n", i) || i > 0 && names[1] != fmt.Sprint("n", i-1) {
				t.Fatalf("edition %d: %d names, %v", i, len(names), names[:min(2, len(names))])
			}
		}
		lost := news.Shelf{Kind: news.ChannelShelf, Slug: "lost"} // of which the config knows nothing
		keep(s, author, "n3", noon)
		keep(s, lost, "n3", noon)
		if names := keep(s, all, "n150", noon); len(names) != 128 || names[0] != "n150" || names[1] != "n199" || slices.Contains(names[1:], "n150") {
			t.Errorf("one that comes back: %v", names)
		}
		s = open(store.Options{})
		if names := keep(s, all, "n150", noon.Add(time.Hour)); len(names) != 128 || names[0] != "n150" || names[127] != "n72" {
			t.Errorf("after a restart: %d names, %s to %s", len(names), names[0], names[len(names)-1])
		}
		if b, err := s.Edition(t.Context(), all, "n72"); err != nil || !bytes.Equal(b, []byte("n72\x00\xff")) {
			t.Errorf("the oldest holds %q (%v)", b, err)
		}
		if b, err := s.Edition(t.Context(), all, "n71"); err == nil {
			t.Errorf("one before it still holds %q", b)
		}
		if _, err := s.Prune(t.Context(), noon.Add(-9999*time.Hour), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		for shelf, name := range map[news.Shelf]string{all: "n72", author: "n3", lost: "n3"} {
			if _, err := s.Edition(t.Context(), shelf, name); (err == nil) != (shelf == all) {
				t.Errorf("%v after a time: %v", shelf, err)
			}
		}
	})
}

// What a shelf has told is noted once, and again when it has changed; it is told of as
// long as it stands there, and forgotten with the article or the shelf.
func TestTold(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		list := []news.Article{article("s0", "1", "First"), article("s0", "2", "Second"), article("s0", "3", "Third")}
		save(t, s, pull("s0", noon, list...))
		channel, source := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, news.Shelf{Kind: news.SourceShelf, Slug: "s0"}
		n := 0
		tell := func(shelf news.Shelf, printed news.Revision, told ...news.Told) {
			t.Helper()
			n++
			for i := range told {
				told[i].Stood = told[i].Revision
			}
			if _, err := s.KeepEdition(t.Context(), shelf, news.Edition{Name: fmt.Sprint("n", n), Revision: printed, Contents: []byte("x"), Told: told}, noon); err != nil {
				t.Fatal(err)
			}
		}
		has := func(what string, shelf news.Shelf, want ...news.Told) {
			t.Helper()
			got, err := s.Told(t.Context(), shelf, 10)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: got %v (%v), want %v", what, got, err, want)
			}
		}
		told := func(i int, updated time.Time, revision, first news.Revision) news.Told {
			return news.Told{Article: list[i].Key, Updated: updated, Revision: revision, First: first}
		}
		for _, shelf := range []news.Shelf{channel, source} {
			tell(shelf, 9, told(0, noon, 7, 7), told(1, noon, 8, 8), news.Told{Article: "deleted", Updated: noon})
			has("two", shelf, told(1, noon, 8, 8), told(0, noon, 7, 7))
			tell(shelf, 12, told(0, noon, 11, 11), told(1, noon.Add(-time.Hour), 12, 12))
			has("nothing new", shelf, told(1, noon, 8, 8), told(0, noon, 7, 7))
			later := noon.Add(time.Hour)
			tell(shelf, 20, told(0, later, 13, 13), told(1, later, 21, 21), told(2, noon, 14, 14))
			has("two corrections", shelf, told(1, later, 21, 8), told(0, later, 20, 7), told(2, noon, 14, 14))
			if got, err := s.Told(t.Context(), shelf, 1); err != nil || len(got) != 1 || got[0] != told(1, later, 21, 8) {
				t.Errorf("the newest is %v (%v)", got, err)
			}
		}
		corrected := list[2]
		corrected.Title = "Third, corrected"
		save(t, s, pull("s0", noon.Add(2*time.Hour), corrected)) // printed or not
		stands, err := s.Article(t.Context(), corrected.Key)
		if err != nil {
			t.Fatal(err)
		}
		third := told(2, stands.Updated, stands.Revision, 14)
		for _, shelf := range []news.Shelf{channel, source} {
			got, err := s.Told(t.Context(), shelf, 10)
			if err != nil || !slices.Contains(got, third) || !stands.Updated.Equal(noon.Add(2*time.Hour)) {
				t.Errorf("a correction: got %v (%v), want %v", got, err, third)
			}
		}
		if _, err := s.Withdraw(t.Context(), list[1].Key, news.Withdrawal{At: noon}); err != nil {
			t.Fatal(err)
		}
		later := noon.Add(time.Hour)
		for _, shelf := range []news.Shelf{channel, source} {
			has("one withdrawn", shelf, told(0, later, 20, 7), third)
		}
		if _, err := s.Writer().ExecContext(t.Context(), `DELETE FROM placement WHERE article = $1`, string(list[0].Key)); err != nil {
			t.Fatal(err)
		}
		has("one left the channel", channel, third)
		outside := list[0]
		outside.Title = "First, corrected"
		away := pull("s0", noon.Add(3*time.Hour), outside)
		away.Place = nil
		save(t, s, away)
		has("a correction outside of the channel", channel, third)
		from, err := s.Article(t.Context(), outside.Key)
		if err != nil {
			t.Fatal(err)
		}
		outside.Categories = []string{"Science"}
		save(t, s, pull("s0", noon.Add(4*time.Hour), outside))
		back, err := s.Article(t.Context(), outside.Key)
		if err != nil {
			t.Fatal(err)
		}
		has("it comes back, corrected", channel, told(0, back.Updated, back.Revision, 7), third)
		has("it is one for the source, once", source, told(0, back.Updated, from.Revision, 7), third)
		for _, query := range []string{`DELETE FROM article`, `DELETE FROM source`} {
			if _, err := s.Writer().ExecContext(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
		var left int
		if err := s.Writer().QueryRowContext(t.Context(), `SELECT count(*) FROM told`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d are noted of articles that were deleted (%v)", left, err)
		}
	})
}

// What an edit brings up is told to nobody, though an edition of before it is kept when
// the edit is in force.
func TestToldOfAnEditAmidAPrint(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "One")
		save(t, s, pull("s0", noon, a))
		before := newestRevision(t, s)
		if err := s.SyncChannels(t.Context(), noon, []news.Channel{{Slug: "all", Title: "All", Limit: 1, Order: news.Top}}); err != nil {
			t.Fatal(err)
		}
		after := newestRevision(t, s)
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
		for _, e := range []news.Edition{
			{Name: "before", Revision: before, Contents: []byte("x"), Shows: "top 1"},
			{Name: "after", Revision: after, Contents: []byte("y"), Shows: "top 1", Told: []news.Told{{Article: a.Key, Updated: noon, Revision: after, Stood: before, First: after}}},
		} {
			if _, err := s.KeepEdition(t.Context(), shelf, e, noon); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Told(t.Context(), shelf, 10)
		if want := []news.Told{{Article: a.Key, Updated: noon, Revision: before, First: before}}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v (%v), want %v", got, err, want)
		}
	})
}

func newestRevision(t *testing.T, s *store.Store) news.Revision {
	t.Helper()
	var newest news.Revision
	if err := s.Writer().QueryRowContext(t.Context(), `SELECT value FROM revision`).Scan(&newest); err != nil {
		t.Fatal(err)
	}
	return newest
}

// A document is of when it was first printed as it is: what comes in its place is of a
// later second, but for what takes the place of one that is still to come. A node that
// is behind changes nothing.
func TestDate(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		all, lost := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, news.Shelf{Kind: news.ChannelShelf, Slug: "lost"}
		ms := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Millisecond) }
		for _, step := range []struct {
			name     string
			revision news.Revision
			sum      string
			now      int
			want     time.Time
		}{
			{"the first", 5, "one", 9000, ms(-60_000)},
			{"the same, later", 6, "one", 20_800, ms(-60_000)},
			{"another", 7, "two", 32_800, ms(32_000)},
			{"a third in the second", 8, "three", 32_900, ms(33_000)},
			{"a fourth, before that of the third has come", 9, "four", 32_999, ms(33_000)},
			{"a fifth, when it has", 10, "five", 33_000, ms(34_000)},
			{"of a node that is behind", 9, "six", 50_000, time.Time{}},
			{"the fifth, of another node", 9, "five", 50_000, ms(34_000)},
			{"of the same revision, under another config", 10, "six", 50_000, ms(50_000)},
			{"when the clock was put back", 11, "seven", 10_000, ms(50_000)},
		} {
			sums := map[string]string{"rss": step.sum, "html": "stays"}
			for _, s := range []*store.Store{s, open(store.Options{})} {
				got, err := s.Date(t.Context(), all, step.revision, sums, ms(-59_500), ms(step.now))
				if err != nil || !got["rss"].Equal(step.want) || !got["html"].Equal(ms(-60_000)) {
					t.Errorf("%s: got %v (%v), want %v", step.name, got, err, step.want)
				}
			}
		}
		if _, err := s.Date(t.Context(), lost, 1, map[string]string{"rss": "one"}, noon, noon); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Prune(t.Context(), noon.Add(-9999*time.Hour), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		later := noon.Add(time.Hour)
		for shelf, want := range map[news.Shelf]time.Time{all: ms(-60_000), lost: later} {
			got, err := s.Date(t.Context(), shelf, 20, map[string]string{"rss": "one", "html": "stays"}, later, later)
			if err != nil || !got["html"].Equal(want) {
				t.Errorf("%v after a time: %v (%v), want %v", shelf, got, err, want)
			}
		}
	})
}

// Who waits for the log waits no longer than they want, whoever else writes.
func TestEditionsOfABusyDatabase(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s, other := open(store.Options{}), open(store.Options{})
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
		tx, err := other.Writer().BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		if _, err := tx.Exec(`INSERT INTO edition (kind, slug, name, printed_at, contents) VALUES ('channels', 'all', 'n', 1, $1)`, []byte("x")); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if _, err := s.KeepEdition(ctx, shelf, news.Edition{Name: "n", Contents: []byte("x")}, noon); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want that the time was up", err)
		}
	})
}

// Several nodes that print the same editions at once are in nobody's way.
func TestEditionsOfManyNodes(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		a, b := open(store.Options{}), open(store.Options{})
		shelf := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
		var wg sync.WaitGroup
		faults := make([]error, 2)
		for i, s := range []*store.Store{a, b} {
			wg.Go(func() {
				for n := range 50 {
					_, err := s.KeepEdition(t.Context(), shelf, news.Edition{Name: fmt.Sprint("n", n), Contents: []byte("x")}, noon)
					faults[i] = errors.Join(faults[i], err)
				}
			})
		}
		wg.Wait()
		names, err := a.KeepEdition(t.Context(), shelf, news.Edition{Name: "last", Contents: []byte("x")}, noon)
		if err = errors.Join(append(faults, err)...); err != nil || len(names) != 51 {
			t.Errorf("%d names, %v", len(names), err)
		}
	})
}
