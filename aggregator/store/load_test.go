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

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// A newsroom is a store under load with its job engine on the same file.
type newsroom struct {
	*store.Store
	engine *jobs.Engine
	noted  atomic.Int64 // jobs inserted with a save
	worked atomic.Int64 // of them
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	n := &newsroom{}
	var err error
	if n.Store, err = store.Open(t.Context(), filepath.Join(t.TempDir(), "load.db"), store.Options{Enqueue: n.enqueue}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Close() })
	n.engine, err = jobs.New(t.Context(), jobs.Options{DB: n.Writer(), Logger: slog.New(slog.DiscardHandler), Handlers: map[string]jobs.Kind{
		"note": {Handler: func(ctx context.Context, _ jobs.Job) error {
			n.worked.Add(1)
			_, err := n.Touched(ctx, 0)
			return err
		}},
		"rank": {Handler: func(ctx context.Context, j jobs.Job) error {
			_, err := n.Rank(ctx, news.Slug(j.Subject), noon, func(list []news.Placement) []news.Key {
				keys := make([]news.Key, len(list))
				for i, p := range list {
					keys[i] = p.Article
				}
				return keys
			})
			return err
		}},
		"refile": {Handler: func(ctx context.Context, j jobs.Job) error {
			_, err := n.Refile(ctx, news.Slug(j.Subject), noon, everything)
			return err
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// enqueue adds to the store's own jobs one for each save, so that none can be
// lost unseen.
func (n *newsroom) enqueue(ctx context.Context, tx *sql.Tx, list []store.Job) error {
	out := []jobs.Job{{Kind: "note", Subject: fmt.Sprint(n.noted.Add(1))}}
	for _, j := range list {
		out = append(out, jobs.Job{Kind: j.Kind, Subject: j.Subject})
	}
	return n.engine.Insert(ctx, tx, out...)
}

// count answers a question of one number.
func (n *newsroom) count(t *testing.T, query string) (out int) {
	t.Helper()
	if err := n.Writer().QueryRow(query).Scan(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Pulls, claims, reads for serving and jobs share one SQLite file. Over some
// thousands of operations none meets "database is locked": all writers
// queue on one connection, and readers see the last commit. All that was saved
// is there in the end, each job was worked, and the file is sound.
func TestLoad(t *testing.T) {
	const (
		writers = 32
		pulls   = 20 // of each writer, with a claim before each
		readers = 4
		reads   = 100 // of each reader
	)
	n := newNewsroom(t)
	if err := n.SyncSources(t.Context(), sources(writers)); err != nil {
		t.Fatal(err)
	}
	if err := n.SyncChannels(t.Context(), noon, []news.Channel{{Slug: "all", Title: "All", Order: news.Top, Limit: 50}}); err != nil {
		t.Fatal(err)
	}
	if err := n.engine.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}

	var load sync.WaitGroup
	for w := range writers {
		load.Go(func() {
			slug := news.Slug(fmt.Sprintf("s%d", w))
			var last news.Revision
			for i := range pulls {
				at := noon.Add(time.Duration(i) * time.Second)
				if _, _, err := n.Claim(t.Context(), news.Call{Now: at, Lease: time.Second, Most: 3, Doubtful: 3}); err != nil {
					t.Errorf("claim: %v", err)
				}
				// One new article and one that changes each time.
				saved, err := n.SavePull(t.Context(), pull(slug, at, article(slug, fmt.Sprint(i), fmt.Sprintf("New %d", i)), article(slug, "live", fmt.Sprintf("Live %d", i))))
				if err != nil || saved.Revision <= last {
					t.Errorf("saved %+v after revision %d: %v", saved, last, err)
				}
				last = saved.Revision
			}
		})
	}
	for range readers {
		load.Go(func() {
			for range reads {
				if err := readAsThePressDoes(t.Context(), n.Store); err != nil {
					t.Errorf("read: %v", err)
				}
			}
		})
	}
	load.Wait()
	for done := time.Now().Add(2 * time.Minute); n.worked.Load() < n.noted.Load() && time.Now().Before(done); {
		if err := readAsThePressDoes(t.Context(), n.Store); err != nil { // until the queue is empty
			t.Errorf("read: %v", err)
		}
	}
	if err := n.engine.Stop(t.Context()); err != nil {
		t.Errorf("stop: %v", err)
	}

	if err := n.Check(t.Context()); err != nil {
		t.Error(err)
	}
	got := map[string]int{
		"articles":       n.count(t, "SELECT count(*) FROM article"),
		"placements":     n.count(t, "SELECT count(*) FROM placement"),
		"old versions":   n.count(t, "SELECT count(*) FROM history"),
		"pulls":          n.count(t, "SELECT sum(pulls) FROM source"),
		"jobs that fail": n.count(t, "SELECT count(*) FROM river_job WHERE errors IS NOT NULL"),
		"notes worked":   n.count(t, "SELECT count(*) FROM river_job WHERE kind = 'note' AND state = 'completed'"),
	}
	want := map[string]int{
		"articles":       writers * (pulls + 1),
		"placements":     writers * (pulls + 1),
		"old versions":   writers * (pulls - 1),
		"pulls":          writers * pulls,
		"jobs that fail": 0,
		"notes worked":   int(n.noted.Load()),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in the end (-want +got):\n%s", diff)
	}
	if taken := n.count(t, "SELECT value FROM revision"); taken < 2*writers*pulls { // ranking takes some, too
		t.Errorf("revision %d after %d changes", taken, 2*writers*pulls)
	}
	live, err := n.Article(t.Context(), news.NewKey("s0", "live"))
	if want := fmt.Sprintf("Live %d", pulls-1); err != nil || live.Title != want {
		t.Errorf("the live article is %q (%v), want %q", live.Title, err, want)
	}
	if n.noted.Load() == 0 || n.count(t, "SELECT count(*) FROM river_job WHERE kind = 'rank' AND state = 'completed'") == 0 {
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
