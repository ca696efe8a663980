package store

import (
	"context"
	"fmt"

	"copydesk/aggregator/news"
)

// Keys are at most n articles' keys that come after one, in order, those of
// withdrawn articles among them.
func (s *Store) Keys(ctx context.Context, after news.Key, n int) ([]news.Key, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT key
		FROM article
		WHERE key > $1
		ORDER BY key
		LIMIT $2`, string(after), n)
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	defer rows.Close()
	out := []news.Key{}
	for rows.Next() {
		var key news.Key
		if err := rows.Scan(&key); err != nil {
			return nil, fmt.Errorf("list articles: %w", err)
		}
		out = append(out, key)
	}
	return out, rows.Err()
}

const authorNames = `
	SELECT p.slug
	FROM person AS p
	WHERE p.slug > $1 AND EXISTS (
		SELECT 1
		FROM authorship AS w
		JOIN article AS a ON a.key = w.article AND a.withdrawn = 0
		WHERE w.person = p.normal)
	ORDER BY p.slug
	LIMIT $2`

const sectionNames = `
	SELECT s.slug
	FROM section AS s
	WHERE s.slug > $1 AND EXISTS (
		SELECT 1
		FROM article AS a
		WHERE a.section = s.slug AND a.withdrawn = 0)
	ORDER BY s.slug
	LIMIT $2`

// Names are at most n slugs of authors or sections that come after one, in
// order, of those with articles that are shown.
func (s *Store) Names(ctx context.Context, kind news.ShelfKind, after news.Slug, n int) ([]news.Slug, error) {
	query, known := map[news.ShelfKind]string{news.AuthorShelf: authorNames, news.SectionShelf: sectionNames}[kind]
	if !known {
		return nil, fmt.Errorf("list %s: only authors and sections have names", kind)
	}
	rows, err := s.read.QueryContext(ctx, query, string(after), n)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", kind, err)
	}
	defer rows.Close()
	out := []news.Slug{}
	for rows.Next() {
		var slug news.Slug
		if err := rows.Scan(&slug); err != nil {
			return nil, fmt.Errorf("list %s: %w", kind, err)
		}
		out = append(out, slug)
	}
	return out, rows.Err()
}
