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

// pruneArticles are those to be deleted. It looks up where the kept of each source end, once: to count the
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
	SELECT a.key
	FROM kept
	JOIN article AS a ON a.source = kept.slug AND a.withdrawn = 0 AND a.published < kept.oldest
	WHERE a.first_seen < $1 AND a.published < $1
		AND NOT EXISTS (SELECT 1 FROM placement AS p WHERE p.article = a.key AND p.pinned = 1)
	LIMIT $3`

const pruneArticle = `
	DELETE FROM article
	WHERE key = $1`

const pruneHistory = `
	DELETE FROM history
	WHERE replaced < $1`

// pruneHosts forgets those that were left in peace long ago.
const pruneHosts = `
	DELETE FROM host
	WHERE free_at < $1`

// Prune deletes articles older than articlesBefore and history replaced before
// historyBefore, and says how many articles went. Documents of archives that
// show one of these are printed anew; what an article said before stays printed
// where it is. Tombstones, pinned articles and each source's newest stay.
func (s *Store) Prune(ctx context.Context, articlesBefore, historyBefore time.Time) (int, error) {
	total := 0
	for {
		n, err := s.pruneSome(ctx, articlesBefore)
		if err != nil {
			return total, fmt.Errorf("prune articles: %w", err)
		}
		total += n
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
	if _, err := s.write.ExecContext(ctx, pruneEditions, micros(historyBefore)); err != nil {
		return total, fmt.Errorf("prune editions: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, pruneTold); err != nil {
		return total, fmt.Errorf("prune what was told: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, pruneDocuments); err != nil {
		return total, fmt.Errorf("prune documents: %w", err)
	}
	return total, nil
}

// pruneSome deletes at most a chunk of the articles that are too old.
func (s *Store) pruneSome(ctx context.Context, before time.Time) (n int, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		w := writer{ctx: ctx, tx: tx, store: s}
		if _, err := w.next(); err != nil { // nobody keeps a document meanwhile that shows them
			return err
		}
		keys, err := texts[news.Key](tx.QueryContext(ctx, pruneArticles, micros(before), keptPerSource-1, pruneChunk))
		if err != nil {
			return err
		}
		for _, key := range keys {
			for _, query := range []string{leaveArchive, pruneArticle} {
				if _, err := tx.ExecContext(ctx, query, string(key)); err != nil {
					return err
				}
			}
		}
		n = len(keys)
		return nil
	})
	return n, err
}
