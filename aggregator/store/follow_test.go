package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// over puts a page's text over the feed's title.
func over(feed news.Article, page news.Page) news.Article {
	feed.ContentHTML = page.Article.ContentHTML
	return feed
}

func followedPull(at time.Time, list ...news.Article) news.Pull {
	p := pull("s0", at, list...)
	p.Merge = over
	return p
}

func readPage(key news.Key, at time.Time, text string) news.FollowResult {
	return news.FollowResult{
		Article: key, At: at, State: news.FollowRead, NextAt: at.Add(time.Hour), Validators: news.Validators{ETag: `"1"`, BodyHash: 1 << 63},
		Page: &news.Page{Article: news.Article{ContentHTML: text}}, Merge: over, Place: everything,
	}
}

func follow(t *testing.T, s *store.Store, key news.Key) news.Follow {
	t.Helper()
	f, err := s.Follow(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A new article and the job that reads its page are stored together or not at
// all, so that whenever the daemon dies, either both are there or the source is
// pulled again.
func TestFollowIsQueuedWithTheArticle(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var queued []store.Job
		var broken error
		s := open(store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error {
			queued = append(queued, list...)
			return broken
		}})
		prepared(t, s, 1)
		a := article("s0", "1", "One")
		broken = errors.New("killed")
		if _, err := s.SavePull(t.Context(), followedPull(noon, a)); !errors.Is(err, broken) {
			t.Fatalf("got %v, want the fault of the queue", err)
		}
		var missing interface{ NotFound() bool }
		if _, err := s.Article(t.Context(), a.Key); !errors.As(err, &missing) {
			t.Errorf("the article stands without its job (%v)", err)
		}
		broken, queued = nil, nil
		save(t, s, followedPull(noon, a))
		if want := []store.Job{{Kind: "follow", Subject: string(a.Key)}}; !slices.Equal(queued, want) {
			t.Errorf("queued %v, want %v", queued, want)
		}
		a.Title = "One, corrected"
		queued = nil
		save(t, s, followedPull(noon.Add(time.Minute), a))
		save(t, s, pull("s0", noon.Add(2*time.Minute), article("s0", "2", "Of a pull that follows nothing")))
		if len(queued) > 0 {
			t.Errorf("queued %v for what is known or not followed", queued)
		}
	})
}

// Pages that are due are queued once each, and again only where they are not
// read for a while.
func TestDueFollows(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		var queued []string
		s := open(store.Options{Enqueue: func(_ context.Context, _ *sql.Tx, list []store.Job) error {
			for _, j := range list {
				queued = append(queued, j.Subject)
			}
			return nil
		}})
		prepared(t, s, 1)
		a, b := article("s0", "1", "One"), article("s0", "2", "Two")
		save(t, s, followedPull(noon, a, b))
		if _, err := s.SaveFollow(t.Context(), readPage(a.Key, noon, "<p>Whole</p>")); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			after time.Duration
			want  []string
		}{
			{time.Minute, nil},
			{16 * time.Minute, []string{string(b.Key)}}, // whose job was lost
			{17 * time.Minute, nil},
			{61 * time.Minute, []string{string(a.Key), string(b.Key)}},
		} {
			queued = nil
			if err := s.QueueFollows(t.Context(), noon.Add(tt.after)); err != nil {
				t.Fatal(err)
			}
			slices.Sort(queued)
			slices.Sort(tt.want)
			if !slices.Equal(queued, tt.want) {
				t.Errorf("after %v: queued %v, want %v", tt.after, queued, tt.want)
			}
		}
	})
}

// What a page says outlives what the feed says later, and the other way round.
func TestPageAndFeedTogether(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "One")
		first := save(t, s, followedPull(noon, a))
		saved, err := s.SaveFollow(t.Context(), readPage(a.Key, noon.Add(time.Minute), "<p>Whole</p>"))
		if err != nil || saved.Changed != 1 || saved.Revision <= first.Revision {
			t.Fatalf("saved %+v (%v), want a change", saved, err)
		}
		if same, err := s.SaveFollow(t.Context(), readPage(a.Key, noon.Add(2*time.Minute), "<p>Whole</p>")); err != nil || same != (news.Saved{}) {
			t.Errorf("the same page again: %+v (%v), want nothing visible", same, err)
		}
		if again := save(t, s, followedPull(noon.Add(3*time.Minute), a)); again != (news.Saved{}) {
			t.Errorf("the same feed again: %+v, want nothing visible", again)
		}
		a.Title = "One, corrected"
		save(t, s, followedPull(noon.Add(4*time.Minute), a))
		f := follow(t, s, a.Key)
		if f.Article.Title != "One, corrected" || f.Article.ContentHTML != "<p>Whole</p>" || f.Feed.ContentHTML != "<p>One</p>" || f.Validators.BodyHash != 1<<63 {
			t.Errorf("stands as %q %q, with the feed's %q", f.Article.Title, f.Article.ContentHTML, f.Feed.ContentHTML)
		}
		if versions, err := s.Versions(t.Context(), a.Key); err != nil || len(versions) != 3 {
			t.Errorf("%d versions (%v), want three", len(versions), err)
		}
		shelf := news.Shelf{Kind: news.SourceShelf, Slug: "s0"}
		touched, err := s.Touched(t.Context(), saved.Revision-1)
		if err != nil || !slices.ContainsFunc(touched, func(tt news.Touched) bool { return tt.Shelf == shelf }) {
			t.Errorf("touched %v (%v), want the source", touched, err)
		}
		other := article("s0", "2", "Two")
		save(t, s, followedPull(noon.Add(5*time.Minute), other))
		for hash, want := range map[uint64]bool{1 << 63: true, 1: false, 0: false} {
			if same, err := s.SameBody(t.Context(), other, hash); err != nil || (len(same) > 0) != want {
				t.Errorf("body %x of another: %v (%v), want %v", hash, same, err, want)
			}
		}
		counts, err := s.Followed(t.Context(), "s0")
		if want := "article pages: 1 read, 1 to be read"; err != nil || counts.String() != want {
			t.Errorf("counted %q (%v), want %q", counts, err, want)
		}
	})
}

// A withdrawn article takes nothing from its page any more, and nobody reads it
// again.
func TestFollowOfAWithdrawnArticle(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 1)
		a := article("s0", "1", "One")
		save(t, s, followedPull(noon, a))
		if _, err := s.Withdraw(t.Context(), a.Key, news.Withdrawal{At: noon, Reason: "It was not so."}); err != nil {
			t.Fatal(err)
		}
		saved, err := s.SaveFollow(t.Context(), readPage(a.Key, noon.Add(time.Minute), "<p>Whole</p>"))
		if f := follow(t, s, a.Key); err != nil || saved != (news.Saved{}) || !f.NextAt.IsZero() || f.Article.ContentHTML != "<p>One</p>" {
			t.Errorf("saved %+v (%v), again at %v, %q", saved, err, f.NextAt, f.Article.ContentHTML)
		}
	})
}

// Pulls that share a transaction and the pages of their articles change the same
// rows at the same time, and never wait for each other in a circle.
func TestFollowsAndPullsTogether(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		prepared(t, s, 4)
		var keys []news.Key
		pullAll := func(round int) *sync.WaitGroup {
			var all sync.WaitGroup
			for i := range 4 {
				slug := news.Slug(fmt.Sprintf("s%d", i))
				p := pull(slug, noon.Add(time.Duration(round)*time.Minute), article(slug, string(slug), fmt.Sprintf("Round %d", round)))
				p.Merge = over
				all.Go(func() {
					if _, err := s.SavePull(t.Context(), p); err != nil {
						t.Error(err)
					}
				})
			}
			return &all
		}
		pullAll(0).Wait()
		for i := range 4 {
			slug := fmt.Sprintf("s%d", i)
			keys = append(keys, news.NewKey(news.Slug(slug), slug))
		}
		for round := 1; round <= 8; round++ {
			all := pullAll(round)
			for _, key := range keys {
				for again := range 5 {
					all.Go(func() {
						text := fmt.Sprintf("<p>Page %d.%d</p>", round, again)
						if _, err := s.SaveFollow(t.Context(), readPage(key, noon, text)); err != nil {
							t.Error(err)
						}
					})
				}
			}
			all.Wait()
			for _, key := range keys {
				f := follow(t, s, key)
				if want := over(f.Feed, *f.Page); f.Article.Title != fmt.Sprintf("Round %d", round) || f.Article.ContentHTML != want.ContentHTML {
					t.Fatalf("round %d: stands as %q %q, want what both said last, %q", round, f.Article.Title, f.Article.ContentHTML, want.ContentHTML)
				}
			}
		}
	})
}
