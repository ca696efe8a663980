package store

import (
	"context"
	"fmt"
	"time"

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
	out, err := texts[T](s.read.QueryContext(ctx, query, args...))
	if err != nil {
		return nil, fmt.Errorf("list what is stored: %w", err)
	}
	return out, nil
}

// Stock is how many articles of a source stand, withdrawn ones not counted.
func (s *Store) Stock(ctx context.Context, source news.Slug) (n int, err error) {
	err = s.read.QueryRowContext(ctx, `
		SELECT count(*)
		FROM article
		WHERE source = $1 AND withdrawn = 0`, string(source)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the articles of %s: %w", source, err)
	}
	return n, nil
}

const stockOf = `
	SELECT key, source, '', published, updated, 0, 0, revision, 0
	FROM article
	WHERE source = $1 AND withdrawn = 0
	ORDER BY published, key
	LIMIT $2 OFFSET $3`

// Stocked are at most n of the articles of a source that stand, in the order of
// their publication, after skipping some.
func (s *Store) Stocked(ctx context.Context, source news.Slug, skip, n int) ([]news.Placement, error) {
	rows, err := s.read.QueryContext(ctx, stockOf, string(source), n, skip)
	out, err := scanPlacements(rows, err, "")
	if err != nil {
		return nil, fmt.Errorf("list the articles of %s: %w", source, err)
	}
	return out, nil
}

// Lately are at most n of the articles that stand and were published since a
// time, the newest first.
func (s *Store) Lately(ctx context.Context, since time.Time, n int) ([]news.Key, error) {
	return listText[news.Key](ctx, s, `
		SELECT article
		FROM search_entry
		WHERE id >= $1
		ORDER BY id DESC
		LIMIT $2`, since.Unix()<<entryBits, n)
}
