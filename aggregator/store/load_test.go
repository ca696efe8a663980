package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// Pulls, claims, serving reads and jobs share one SQLite file, and none of them
// ever meets "database is locked": all writers queue on one connection, and
// readers see the last commit.
func TestLoad(t *testing.T) {
	const (
		writers, readers = 8, 4
		pulls            = 15 // of each writer
	)
	var (
		engine *jobs.Engine
		ranked atomic.Int64
		s      *store.Store
	)
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "load.db"), store.Options{
		Enqueue: func(ctx context.Context, tx *sql.Tx, list []store.Job) error {
			for _, j := range list {
				if err := engine.Insert(ctx, tx, jobs.Job{Kind: j.Kind, Subject: j.Subject}); err != nil {
					return err
				}
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	engine, err = jobs.New(t.Context(), jobs.Options{DB: s.Writer(), Logger: slog.New(slog.DiscardHandler), Handlers: map[string]jobs.Kind{
		"rank": {Handler: func(ctx context.Context, j jobs.Job) error {
			ranked.Add(1)
			_, err := s.Rank(ctx, news.Slug(j.Subject), noon, func(list []news.Placement) []news.Key {
				keys := make([]news.Key, len(list))
				for i, p := range list {
					keys[i] = p.Article
				}
				return keys
			})
			if err != nil {
				t.Errorf("rank: %v", err)
			}
			return err
		}},
		"refile": {Handler: func(ctx context.Context, j jobs.Job) error {
			if _, err := s.Refile(ctx, news.Slug(j.Subject), noon, everything); err != nil {
				t.Errorf("refile: %v", err)
				return err
			}
			return nil
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SyncSources(t.Context(), sources(writers)); err != nil {
		t.Fatal(err)
	}
	if err := s.SyncChannels(t.Context(), noon, []news.Channel{{Slug: "all", Title: "All", Order: news.Top, Limit: 50}}); err != nil {
		t.Fatal(err)
	}
	if err := engine.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}

	var writing, reading sync.WaitGroup
	written := make(chan struct{})
	for w := range writers {
		writing.Go(func() {
			slug := news.Slug(fmt.Sprintf("s%d", w))
			for i := range pulls {
				at := noon.Add(time.Duration(i) * time.Second)
				if _, _, err := s.Claim(t.Context(), at, time.Second, 0, 3); err != nil {
					t.Errorf("claim: %v", err)
				}
				// One new article and one that changes each time.
				if _, err := s.SavePull(t.Context(), pull(slug, at, article(slug, fmt.Sprint(i), "New"), article(slug, "live", fmt.Sprintf("Live %d", i)))); err != nil {
					t.Errorf("save: %v", err)
				}
			}
		})
	}
	for range readers {
		reading.Go(func() {
			for {
				select {
				case <-written:
					return
				default:
				}
				if err := readAsThePressDoes(t.Context(), s); err != nil {
					t.Errorf("read: %v", err)
					return
				}
			}
		})
	}
	writing.Wait()
	close(written)
	reading.Wait()
	if err := engine.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	list, err := s.Placements(t.Context(), news.Shelf{Kind: news.SourceShelf, Slug: "s0"}, 1000)
	if err != nil || len(list) != pulls+1 {
		t.Errorf("%d articles of one source (%v), want %d", len(list), err, pulls+1)
	}
	if ranked.Load() == 0 {
		t.Error("no job was worked under load")
	}
}

func readAsThePressDoes(ctx context.Context, s *store.Store) error {
	if _, err := s.Touched(ctx, 0); err != nil {
		return err
	}
	list, err := s.Placements(ctx, news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, 50)
	if err != nil {
		return err
	}
	keys := make([]news.Key, len(list))
	for i, p := range list {
		keys[i] = p.Article
	}
	_, err = s.Articles(ctx, keys)
	return err
}
