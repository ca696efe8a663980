package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

const (
	listed         = 1_000_000 // articles
	listedChannels = 20        // each takes every twentieth of them; "all" takes all
)

// BenchmarkListing is what the press asks when a channel has changed: the newest
// fifty of a channel among a million stored articles, and then these articles.
func BenchmarkListing(b *testing.B) {
	path := filepath.Join(b.TempDir(), "million.db")
	s, err := store.Open(b.Context(), path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	fillMillion(b, s.Writer())
	defer s.Close()
	b.Run("Stock", func(b *testing.B) { // for sitemaps
		for b.Loop() {
			if n, err := s.Stock(b.Context(), "wire"); err != nil || n != listed {
				b.Fatalf("%d articles: %v", n, err)
			}
		}
	})
	for name, skip := range map[string]int{"Stocked/first": 0, "Stocked/last": listed - 5000} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if list, err := s.Stocked(b.Context(), "wire", skip, 5000); err != nil || len(list) != 5000 {
					b.Fatalf("%d articles: %v", len(list), err)
				}
			}
		})
	}
	for _, ch := range []news.Slug{"all", "c7"} {
		b.Run("Placements/"+string(ch), func(b *testing.B) {
			before := usedCPU(b)
			for b.Loop() {
				listNewest(b, s, ch)
			}
			b.ReportMetric(float64((usedCPU(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
		b.Run("Articles/"+string(ch), func(b *testing.B) {
			keys := listNewest(b, s, ch)
			before := usedCPU(b)
			for b.Loop() {
				if list, err := s.Articles(b.Context(), keys); err != nil || len(list) != len(keys) {
					b.Fatalf("%d articles of %d: %v", len(list), len(keys), err)
				}
			}
			b.ReportMetric(float64((usedCPU(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// usedCPU is what this process has had of the processor: a busy machine makes a
// clock tell something else.
func usedCPU(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func listNewest(b *testing.B, s *store.Store, ch news.Slug) []news.Key {
	b.Helper()
	list, err := s.Placements(context.Background(), news.Shelf{Kind: news.ChannelShelf, Slug: ch}, 50)
	if err != nil || len(list) != 50 {
		b.Fatalf("%d placements in %s: %v", len(list), ch, err)
	}
	keys := make([]news.Key, len(list))
	for i := range list {
		keys[i] = list[i].Article
	}
	return keys
}

// fillMillion writes the articles in a few statements, in no order of time.
func fillMillion(b *testing.B, db *sql.DB) {
	b.Helper()
	const numbers = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d - 1)`
	for _, q := range []string{
		`PRAGMA synchronous = OFF`,
		`INSERT INTO source (slug, settings, host, url, schedule, state, next_due) VALUES ('wire', '', 'wire.example', 'https://wire.example/feed', '', 'active', 0)`,
		`INSERT INTO channel (slug, filing, settings, ranked, sources) VALUES ('all', '', '', 0, 'null')`,
		fmt.Sprintf(numbers, listedChannels) + `
			INSERT INTO channel (slug, filing, settings, ranked, sources)
			SELECT 'c' || i, '', '', 0, 'null'
			FROM n`,
		fmt.Sprintf(numbers, listed) + `
			INSERT INTO article (key, source, original_id, url, fingerprint, published, updated, first_seen, revision, data, content)
			SELECT printf('%016x', i), 'wire', i, 'https://wire.example/' || i, x'00', t, t, t, i + 1,
				json_object('Source', 'wire', 'OriginalID', CAST(i AS TEXT), 'Title', 'News of the harbour, number ' || i, 'URL', 'https://wire.example/' || i), '<p>The ferry left at dawn.</p>'
			FROM (SELECT i, 1790000000000000 + (i * 7919 % 1000003) * 1000000 AS t FROM n)`,
		`INSERT INTO placement (channel, article, source, rule, published, updated, revision)
			SELECT 'all', key, source, 'every article', published, updated, revision
			FROM article`,
		fmt.Sprintf(`INSERT INTO placement (channel, article, source, rule, published, updated, revision)
			SELECT 'c' || (revision %% %d), key, source, 'every article', published, updated, revision
			FROM article`, listedChannels),
	} {
		if _, err := db.Exec(q); err != nil {
			b.Fatalf("%v: %s", err, q)
		}
	}
}
