package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// A source is signed anew when its config teaches other names, whatever its feed has by
// then: it is no update, and nothing that stays as it was is touched.
func TestSign(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var queued []store.Job
		s := open(store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error {
			queued = append(queued, list...)
			return nil
		}})
		prepared(t, s, 2)
		var list []news.Article
		for i := range 3 {
			a := article("s0", fmt.Sprint(i), fmt.Sprint("Story ", i))
			a.Byline.People = []news.Person{{Name: []string{"A. Lee", "Bob Roy", "A. Lee"}[i], Role: news.Author}}
			list = append(list, a)
		}
		save(t, s, pull("s0", noon, list...))
		if _, err := s.Withdraw(t.Context(), list[2].Key, news.Withdrawal{At: noon}); err != nil {
			t.Fatal(err)
		}
		for _, teaches := range []bool{false, true, true} {
			queued = nil
			config := sources(2)
			config[1].Name = "Another name"
			if teaches {
				config[0].Byline.Alias = map[string]string{"A. Lee": "Ann Lee"}
			}
			if err := s.SyncSources(t.Context(), config); err != nil {
				t.Fatal(err)
			}
			if asked := slices.Contains(queued, store.Job{Kind: store.JobSign, Subject: "s0"}); asked != (teaches && len(queued) > 0) || slices.Contains(queued, store.Job{Kind: store.JobSign, Subject: "s1"}) {
				t.Errorf("teaches %v: queued %v", teaches, queued)
			}
		}
		ann := func(by news.Byline) news.Byline {
			by.People = slices.Clone(by.People)
			for i := range by.People {
				by.People[i].Name = strings.Replace(by.People[i].Name, "A. Lee", "Ann Lee", 1)
			}
			return by
		}
		untouched, err := s.Article(t.Context(), list[1].Key)
		if err != nil {
			t.Fatal(err)
		}
		marks := func() (out []news.Revision) {
			for _, shelf := range []news.Shelf{{Kind: news.ChannelShelf, Slug: "all"}, {Kind: news.SourceShelf, Slug: "s0"}} {
				list, err := s.Placements(t.Context(), shelf, 9)
				if err != nil || len(list) != 2 {
					t.Fatalf("%s has %d (%v)", shelf, len(list), err)
				}
				for _, p := range list {
					out = append(out, p.Revision)
				}
			}
			return out
		}
		stood := marks()
		for _, want := range []bool{true, false} {
			if changed, err := s.Sign(t.Context(), "s0", noon.Add(time.Hour), ann, everything); err != nil || changed != want {
				t.Fatalf("changed %v (%v), want %v", changed, err, want)
			}
		}
		if now := marks(); !slices.Equal(now, stood) { // else it would be told as new
			t.Errorf("they stand since revisions %v, and stood since %v", now, stood)
		}
		got, err := s.Article(t.Context(), list[0].Key)
		if err != nil || got.Byline.People[0].Name != "Ann Lee" || !got.Updated.Equal(list[0].Published.At) || got.ContentHTML != list[0].ContentHTML {
			t.Errorf("got %+v (%v)", got, err)
		}
		if again, err := s.Article(t.Context(), list[1].Key); err != nil || again.Revision != untouched.Revision {
			t.Errorf("another's is of revision %d (%v), and was of %d", again.Revision, err, untouched.Revision)
		}
		if gone, err := s.Article(t.Context(), list[2].Key); err != nil || !gone.Withdrawn || gone.Byline.People[0].Name != "A. Lee" {
			t.Errorf("what was withdrawn is %+v (%v)", gone, err)
		}
		for slug, want := range map[news.Slug]int{"ann-lee": 1, "a-lee": 0, "bob-roy": 1} {
			if list, err := s.Placements(t.Context(), news.Shelf{Kind: news.AuthorShelf, Slug: slug}, 9); err != nil || len(list) != want {
				t.Errorf("%s has %d articles (%v), want %d", slug, len(list), err, want)
			}
		}
		touched, err := s.Touched(t.Context(), untouched.Revision)
		if err != nil || len(touched) != 2 {
			t.Errorf("touched %v (%v), want the channel and the source", touched, err)
		}
	})
}
