package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
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
	INSERT INTO edition (kind, slug, name, printed_at, contents, revision)
	VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (kind, slug, name) DO UPDATE
	SET printed_at = excluded.printed_at, contents = excluded.contents`

// dateDocument dates a document by when it was printed. One that nobody can have been
// given yet gives its date to the one in its place; else that is a second later,
// since Last-Modified counts seconds. What a node prints that has not seen all that
// another one has is no change.
const dateDocument = `
	INSERT INTO document (kind, slug, format, sum, revision, modified)
	VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (kind, slug, format) DO UPDATE
	SET sum = excluded.sum, revision = excluded.revision, modified = CASE
		WHEN document.modified < $7 THEN $7
		WHEN document.modified <= $8 THEN document.modified + 1000000
		ELSE document.modified END
	WHERE document.sum <> excluded.sum AND document.revision <= excluded.revision`

const documentsOf = `
	SELECT format, sum, modified
	FROM document
	WHERE kind = $1 AND slug = $2`

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

// pruneDocuments forgets what those held that the config has no longer.
const pruneDocuments = `
	DELETE FROM document
	WHERE kind = 'channels' AND slug NOT IN (SELECT slug FROM channel WHERE retired = 0)
		OR kind = 'sources' AND slug NOT IN (SELECT slug FROM source)`

// KeepEdition remembers a shelf's newest edition, and lists the names of all that it
// remembers of that shelf, the newest first. One that is the newest already costs no
// write; one that was before keeps the revision that it had first.
func (s *Store) KeepEdition(ctx context.Context, shelf news.Shelf, e news.Edition, at time.Time) (names []string, err error) {
	names, last, err := s.editions(ctx, shelf)
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", shelf, err)
	}
	if len(names) > 0 && names[0] == e.Name {
		return names, nil
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		kind, slug := string(shelf.Kind), string(shelf.Slug)
		if _, err := tx.ExecContext(ctx, keepEdition, kind, slug, e.Name, max(micros(at), last+1), e.Contents, int64(e.Revision)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, dropEditions, kind, slug, keptEditions)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep edition %s of %s: %w", e.Name, shelf, err)
	}
	before := slices.DeleteFunc(names, func(n string) bool { return n == e.Name })
	return append([]string{e.Name}, before[:min(len(before), keptEditions-1)]...), nil
}

// Date notes what the documents of a shelf hold that were printed at a revision, by
// format, and says since when each has been so: first where none was known. It tells
// nothing of one that is no longer the newest. What is known already costs no write.
func (s *Store) Date(ctx context.Context, shelf news.Shelf, revision news.Revision, sums map[string]string, first, now time.Time) (map[string]time.Time, error) {
	known, err := s.dated(ctx, shelf, sums)
	if err == nil && len(known) < len(sums) {
		err = s.inTx(ctx, func(tx *sql.Tx) error {
			for _, format := range slices.Sorted(maps.Keys(sums)) {
				if _, err := tx.ExecContext(ctx, dateDocument, string(shelf.Kind), string(shelf.Slug), format, sums[format], int64(revision),
					micros(first.Truncate(time.Second)), micros(now.Truncate(time.Second)), micros(now)); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			known, err = s.dated(ctx, shelf, sums)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("date the documents of %s/%s: %w", shelf.Kind, shelf.Slug, err)
	}
	return known, nil
}

// dated is since when a shelf's documents hold what they are said to, of those that
// do.
func (s *Store) dated(ctx context.Context, shelf news.Shelf, sums map[string]string) (map[string]time.Time, error) {
	rows, err := s.read.QueryContext(ctx, documentsOf, string(shelf.Kind), string(shelf.Slug))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]time.Time{}
	for rows.Next() {
		var format, sum string
		var modified int64
		if err := rows.Scan(&format, &sum, &modified); err != nil {
			return nil, err
		}
		if sums[format] == sum {
			out[format] = moment(modified)
		}
	}
	return out, rows.Err()
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

// Editions are all that is remembered of a shelf's editions, the newest first.
func (s *Store) Editions(ctx context.Context, shelf news.Shelf) ([]news.Edition, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT name, revision, contents
		FROM edition
		WHERE kind = $1 AND slug = $2
		ORDER BY printed_at DESC`, string(shelf.Kind), string(shelf.Slug))
	if err != nil {
		return nil, fmt.Errorf("editions of %s/%s: %w", shelf.Kind, shelf.Slug, err)
	}
	defer rows.Close()
	var out []news.Edition
	for rows.Next() {
		var e news.Edition
		if err := rows.Scan(&e.Name, &e.Revision, &e.Contents); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
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
