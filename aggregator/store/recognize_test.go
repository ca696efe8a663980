package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// respelled is an article as its source knows it now: by another id, at the same
// address.
func respelled(a news.Article, id string) news.Article {
	a.Key, a.ID, a.OriginalID = news.NewKey(a.Source, id), "https://example.org/"+id, id
	return a
}

// standing wants an article to stand, alone of its source, as it was stored.
func standing(t *testing.T, s *store.Store, want news.Article, title string) news.Article {
	t.Helper()
	list, err := s.Placements(t.Context(), news.Shelf{Kind: news.SourceShelf, Slug: want.Source}, 100)
	if err != nil || len(list) != 1 || list[0].Article != want.Key {
		t.Fatalf("%+v stand (%v), want %s alone", list, err, want.Key)
	}
	got, err := s.Article(t.Context(), want.Key)
	if err != nil || got.ID != want.ID || got.OriginalID != want.OriginalID || !got.Published.At.Equal(want.Published.At) || got.Title != title {
		t.Errorf("it stands as %+v (%v), want %q of %+v", got, err, title, want)
	}
	return got
}

// An article that comes under another id keeps its own, and what is new of it is a
// correction; so is what comes later, by whatever way and however little it is like
// the first by then.
func TestAnArticleIsKnownUnderAnotherID(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "First")
		save(t, s, pull("s0", noon, a))

		if got := save(t, s, pull("s0", noon.Add(time.Minute), respelled(a, "x"))); got != (news.Saved{}) {
			t.Errorf("saved %+v of what was there", got)
		}
		before := standing(t, s, a, "First")

		moved := respelled(a, "y")
		moved.URL = "http://www.example.org/1/"
		if got := save(t, s, pull("s0", noon.Add(2*time.Minute), moved)); got.New != 0 || got.Changed != 1 {
			t.Errorf("saved %+v, want the address changed", got)
		}
		if now := standing(t, s, a, "First"); now.URL != moved.URL || !now.Updated.Equal(before.Updated) {
			t.Errorf("at %s, updated %v", now.URL, now.Updated)
		}

		moved.URL, moved.Title = "https://elsewhere.example/", "Second"
		moved.Published.At = noon
		pushed := pull("s0", noon.Add(3*time.Minute), moved)
		pushed.Pushed = true
		save(t, s, pushed)
		standing(t, s, a, "Second")

		again := respelled(a, "x")
		again.Title = "Third"
		save(t, s, pull("s0", noon.Add(4*time.Minute), again))
		standing(t, s, a, "Third")
	})
}

// What was withdrawn does not come again under another id.
func TestWithdrawnUnderAnotherID(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "First")
		save(t, s, pull("s0", noon, a))
		if _, err := s.Withdraw(t.Context(), a.Key, news.Withdrawal{At: noon, Reason: "wrong"}); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			x := respelled(a, "x")
			x.Title = strings.Repeat("First", i+1)
			if got := save(t, s, pull("s0", noon.Add(time.Hour), x)); got != (news.Saved{}) {
				t.Errorf("saved %+v of what was withdrawn", got)
			}
		}
	})
}

// Items are joined neither across sources nor to what stands in their own document,
// read or not; one that was joined gives way to it.
func TestWhatIsNotJoined(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 3)
		a := article("s0", "1", "First")
		save(t, s, pull("s0", noon, a))
		other := a
		other.Source, other.Key = "s1", news.NewKey("s1", "1")
		save(t, s, pull("s1", noon, article("s1", "2", "Another")))
		if got := save(t, s, pull("s1", noon, other)); got.New != 1 {
			t.Errorf("of another source %+v, want it new", got)
		}

		beside := pull("s0", noon.Add(time.Minute), respelled(a, "2"))
		beside.Standing = func() []news.Key { return []news.Key{a.Key} }
		if got := save(t, s, beside); got.New != 1 {
			t.Errorf("beside the one that stands %+v, want it new", got)
		}
		if got := save(t, s, pull("s0", noon.Add(time.Hour), a, respelled(a, "2"), respelled(a, "3"))); got.New != 1 {
			t.Errorf("beside those that are read again %+v, want it new", got)
		}

		b := article("s2", "1", "First")
		b.ID = "https://s2.example/1"
		save(t, s, pull("s2", noon, b))
		save(t, s, pull("s2", noon.Add(time.Minute), respelled(b, "x")))
		own, late := b, respelled(b, "x")
		own.Title, late.Title = "Second", "Third"
		save(t, s, pull("s2", noon.Add(time.Hour), late, own))
		standing(t, s, b, "Second")
		late.Title = "Fourth"
		unread := pull("s2", noon.Add(2*time.Hour), late)
		unread.Standing = func() []news.Key { return []news.Key{b.Key} }
		save(t, s, unread)
		standing(t, s, b, "Second")
	})
}

// A source that writes new ids at each build, and whose articles have been stored
// many times for it, brings none of them again; no more than a few of its ids are
// kept.
func TestNewIDsAtEachBuild(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "0", "First")
		save(t, s, pull("s0", noon, a, respelled(a, "1"), respelled(a, "2")))
		for i := range 30 {
			p := pull("s0", noon.Add(time.Duration(i)*time.Minute), respelled(a, fmt.Sprintf("build-%d", i)))
			var renamed int
			p.Examine = func(_ []*news.Article, n int) news.Health { renamed = n; return news.Health{} }
			if got := save(t, s, p); got != (news.Saved{}) || renamed != 1 {
				t.Fatalf("build %d: saved %+v, %d renamed", i, got, renamed)
			}
		}
		var n int
		if err := s.Writer().QueryRow(`SELECT count(*) FROM alias`).Scan(&n); err != nil || n > 20 {
			t.Errorf("%d aliases are kept (%v)", n, err)
		}
	})
}

// What a document breaks off in may be new, but changes nothing that stands, also where
// that is known by another id.
func TestTornItem(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "Ferry runs aground at the mole")
		a.Torn = true
		if got := save(t, s, pull("s0", noon, a)); got.New != 1 {
			t.Fatalf("saved %+v, want it new", got)
		}
		save(t, s, pull("s0", noon.Add(time.Minute), respelled(a, "x")))
		for i, stump := range []news.Article{a, respelled(a, "x")} {
			stump.Title = "Ferry runs"
			if got := save(t, s, pull("s0", noon.Add(time.Duration(i)*time.Hour), stump)); got != (news.Saved{}) {
				t.Errorf("saved %+v of a stump", got)
			}
		}
		standing(t, s, a, "Ferry runs aground at the mole")
		a.Torn, a.Title = false, "Ferry afloat"
		if got := save(t, s, pull("s0", noon.Add(3*time.Hour), a)); got.Changed != 1 {
			t.Errorf("saved %+v of the whole, want it changed", got)
		}
	})
}

// Undated articles that move together are those that stand, and stay withdrawn.
func TestMovedTogether(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		at := func(format string) []news.Article {
			var out []news.Article
			for i := range 5 {
				a := article("s0", fmt.Sprintf(format, i), fmt.Sprintf("Council decides about harbour plan number %d", i))
				a.URL, a.Published = fmt.Sprintf("https://ex.example/"+format, i), news.Moment{At: noon, Basis: news.FirstSeen}
				out = append(out, a)
			}
			return out
		}
		old := at("a/%d")
		save(t, s, pull("s0", noon, old...))
		if _, err := s.Withdraw(t.Context(), old[2].Key, news.Withdrawal{At: noon, Reason: "wrong"}); err != nil {
			t.Fatal(err)
		}
		moved := pull("s0", noon.Add(time.Hour), at("news/%d")...)
		if got := save(t, s, moved); got.New != 0 || got.Changed != 4 || len(titled(t, s, "s0")) != 4 {
			t.Errorf("saved %+v, %v stand; want four at another address", got, titled(t, s, "s0"))
		}
		beside := pull("s0", noon.Add(2*time.Hour), at("again/%d")...)
		beside.Standing = func() []news.Key { return []news.Key{old[0].Key, old[1].Key, old[2].Key, old[3].Key, old[4].Key} }
		if got := save(t, s, beside); got.New != 5 {
			t.Errorf("saved %+v beside those that stand, want five new", got)
		}
	})
}
