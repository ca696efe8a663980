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

// NamedShelves are the authors and sections under whose names an article stands.
func (s *Store) NamedShelves(ctx context.Context) ([]news.Shelf, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT 'authors', slug
		FROM person
		WHERE EXISTS (
			SELECT 1
			FROM authorship
			JOIN article ON article.key = authorship.article
			WHERE authorship.person = person.normal AND article.withdrawn = 0)
		UNION ALL
		SELECT 'sections', slug
		FROM section
		WHERE EXISTS (
			SELECT 1
			FROM article
			WHERE article.section = section.slug AND article.withdrawn = 0)
		ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("list authors and sections: %w", err)
	}
	defer rows.Close()
	var out []news.Shelf
	for rows.Next() {
		var shelf news.Shelf
		if err := rows.Scan(&shelf.Kind, &shelf.Slug); err != nil {
			return nil, fmt.Errorf("list authors and sections: %w", err)
		}
		out = append(out, shelf)
	}
	return out, rows.Err()
}
