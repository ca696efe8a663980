package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// keptEditions is how many editions of a shelf are remembered.
const keptEditions = 128

const newestEditions = `
	SELECT name, printed_at
	FROM edition
	WHERE kind = $1 AND slug = $2
	ORDER BY printed_at DESC
	LIMIT $3`

const keepEdition = `
	INSERT INTO edition (kind, slug, name, printed_at, contents)
	VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (kind, slug, name) DO UPDATE
	SET printed_at = excluded.printed_at, contents = excluded.contents`

const dropEditions = `
	DELETE FROM edition
	WHERE kind = $1 AND slug = $2 AND printed_at <= (
		SELECT printed_at
		FROM edition
		WHERE kind = $1 AND slug = $2
		ORDER BY printed_at DESC
		LIMIT 1 OFFSET $3)`

// pruneEditions forgets those of channels and sources that the config has no longer,
// and old ones of shelves that come of names in articles: there is no end of those,
// and whoever asks for one has it printed.
const pruneEditions = `
	DELETE FROM edition
	WHERE kind IN ('authors', 'sections') AND printed_at < $1
		OR kind = 'channels' AND slug NOT IN (SELECT slug FROM channel WHERE retired = 0)
		OR kind = 'sources' AND slug NOT IN (SELECT slug FROM source)`

// KeepEdition remembers what stood in a shelf's newest edition, under a name, and
// lists the names of all that it remembers of that shelf, the newest first. One
// that is the newest already costs no write.
func (s *Store) KeepEdition(ctx context.Context, shelf news.Shelf, name string, contents []byte, at time.Time) (names []string, err error) {
	names, last, err := s.editions(ctx, shelf)
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", shelf, err)
	}
	if len(names) > 0 && names[0] == name {
		return names, nil
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		kind, slug := string(shelf.Kind), string(shelf.Slug)
		if _, err := tx.ExecContext(ctx, keepEdition, kind, slug, name, max(micros(at), last+1), contents); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, dropEditions, kind, slug, keptEditions)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep edition %s of %s: %w", name, shelf, err)
	}
	before := slices.DeleteFunc(names, func(n string) bool { return n == name })
	return append([]string{name}, before[:min(len(before), keptEditions-1)]...), nil
}

// editions are the names of a shelf's editions, the newest first, and when that
// was printed.
func (s *Store) editions(ctx context.Context, shelf news.Shelf) (names []string, last int64, err error) {
	rows, err := s.read.QueryContext(ctx, newestEditions, string(shelf.Kind), string(shelf.Slug), keptEditions)
	err = each(rows, err, func(scan scanFunc) error {
		var name string
		var at int64
		err := scan(&name, &at)
		names, last = append(names, name), max(last, at)
		return err
	})
	return names, last, err
}

// notAnEdition is one that is not remembered.
type notAnEdition struct{}

func (notAnEdition) Error() string  { return "it is not remembered" }
func (notAnEdition) NotFound() bool { return true }

// Edition is what stood in an edition of a shelf. The error has NotFound() true when
// it is not remembered.
func (s *Store) Edition(ctx context.Context, shelf news.Shelf, name string) (contents []byte, err error) {
	err = s.read.QueryRowContext(ctx, `
		SELECT contents
		FROM edition
		WHERE kind = $1 AND slug = $2 AND name = $3`, string(shelf.Kind), string(shelf.Slug), name).Scan(&contents)
	if errors.Is(err, sql.ErrNoRows) {
		err = notAnEdition{}
	}
	if err != nil {
		return nil, fmt.Errorf("edition %s of %s: %w", name, shelf, err)
	}
	return contents, nil
}
