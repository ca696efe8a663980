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
