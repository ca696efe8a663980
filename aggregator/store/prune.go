package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"copydesk/aggregator/news"
)

const (
	pruneChunk = 200 // articles that one transaction deletes

	// keptPerSource are each source's newest articles, kept whatever their age:
	// a feed that still carries one would else bring it back as new.
	keptPerSource = 1000
)

// pruneArticles looks up where the kept of each source end, once: to count the
// newer of each article would cost a source's length squared.
const pruneArticles = `
	WITH kept AS MATERIALIZED (
		SELECT s.slug, (
			SELECT n.published
			FROM article AS n
			WHERE n.source = s.slug
			ORDER BY n.published DESC
			LIMIT 1 OFFSET $2
		) AS oldest
		FROM source AS s
	)
	DELETE FROM article
	WHERE key IN (
		SELECT a.key
		FROM kept
		JOIN article AS a ON a.source = kept.slug AND a.withdrawn = 0 AND a.published < kept.oldest
		WHERE a.first_seen < $1 AND a.published < $1
			AND NOT EXISTS (SELECT 1 FROM placement AS p WHERE p.article = a.key AND p.pinned = 1)
		LIMIT $3)`

const pruneHistory = `
	DELETE FROM history
	WHERE replaced < $1`

// pruneHosts forgets those that were left in peace long ago.
const pruneHosts = `
	DELETE FROM host
	WHERE free_at < $1`

// Prune deletes articles older than articlesBefore and history replaced before
// historyBefore, and says how many articles went. Tombstones, pinned articles
// and each source's newest stay.
func (s *Store) Prune(ctx context.Context, articlesBefore, historyBefore time.Time) (int, error) {
	total := 0
	for {
		var n int64
		err := s.inTx(ctx, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, pruneArticles, micros(articlesBefore), keptPerSource-1, pruneChunk)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil {
			return total, fmt.Errorf("prune articles: %w", err)
		}
		total += int(n)
		if n < pruneChunk {
			break
		}
	}
	if _, err := s.write.ExecContext(ctx, pruneHistory, micros(historyBefore)); err != nil {
		return total, fmt.Errorf("prune history: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, pruneHosts, micros(historyBefore)); err != nil {
		return total, fmt.Errorf("prune hosts: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, pruneEditions, string(news.AuthorShelf), string(news.SectionShelf), micros(historyBefore)); err != nil {
		return total, fmt.Errorf("prune editions: %w", err)
	}
	return total, nil
}
