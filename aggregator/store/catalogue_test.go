package store_test

import (
	"slices"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// What stands is counted and listed in the order of its publication; what was
// withdrawn does not stand.
func TestStock(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 2)
		other := article("s1", "other", "Other")
		save(t, s, pull("s0", noon, said(30, "new", "New", ""), said(60, "gone", "Gone", ""), said(90, "old", "Old", "")))
		save(t, s, pull("s1", noon, other))
		gone := news.NewKey("s0", "gone")
		if _, err := s.Withdraw(t.Context(), gone, news.Withdrawal{At: noon, Reason: "wrong"}); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Stock(t.Context(), "s0"); err != nil || n != 2 {
			t.Errorf("%d stand, %v; want 2", n, err)
		}
		keys := func(list []news.Placement, err error) (out []news.Key) {
			if err != nil {
				t.Error(err)
			}
			for _, p := range list {
				out = append(out, p.Article)
			}
			return out
		}
		first, last := news.NewKey("s0", "old"), news.NewKey("s0", "new")
		if got := keys(s.Stocked(t.Context(), "s0", 0, 10)); !slices.Equal(got, []news.Key{first, last}) {
			t.Errorf("stocked %v, want the older first", got)
		}
		if got := keys(s.Stocked(t.Context(), "s0", 1, 10)); !slices.Equal(got, []news.Key{last}) {
			t.Errorf("stocked %v after one, want the newer", got)
		}
		lately, err := s.Lately(t.Context(), noon.Add(-70*time.Minute), 10)
		if want := []news.Key{last, other.Key}; err != nil || !slices.Equal(lately, want) {
			t.Errorf("lately %v, %v; want %v", lately, err, want)
		}
	})
}
