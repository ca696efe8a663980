package store

import (
	"context"
	"fmt"

	"copydesk/aggregator/news"
)

// Keys are at most n articles' keys that come after one, in order, those of
// withdrawn articles among them.
func (s *Store) Keys(ctx context.Context, after news.Key, n int) ([]news.Key, error) {
	return listText[news.Key](ctx, s, `
		SELECT key
		FROM article
		WHERE key > $1
		ORDER BY key
		LIMIT $2`, string(after), n)
}

// Slugs are at most n of the authors or the sections that come after one, in
// order.
func (s *Store) Slugs(ctx context.Context, kind news.ShelfKind, after news.Slug, n int) ([]news.Slug, error) {
	table, known := map[news.ShelfKind]string{news.AuthorShelf: "person", news.SectionShelf: "section"}[kind]
	if !known {
		return nil, fmt.Errorf("%s are listed in the config", kind)
	}
	return listText[news.Slug](ctx, s, `
		SELECT slug
		FROM `+table+`
		WHERE slug > $1
		ORDER BY slug
		LIMIT $2`, string(after), n)
}

// listText reads one column.
func listText[T ~string](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list what is stored: %w", err)
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var one T
		if err := rows.Scan(&one); err != nil {
			return nil, fmt.Errorf("list what is stored: %w", err)
		}
		out = append(out, one)
	}
	return out, rows.Err()
}
