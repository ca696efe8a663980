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
	INSERT INTO edition (kind, slug, name, printed_at, contents)
	VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (kind, slug, name) DO UPDATE
	SET printed_at = excluded.printed_at, contents = excluded.contents`

// noteTold leaves what was told before as it was noted. What has changed since is news
// when it is told, however long it has been so.
const noteTold = `
	INSERT INTO told (kind, slug, article, updated, revision, first)
	SELECT $1, $2, key, CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS BIGINT)
	FROM article
	WHERE key = $3
	ON CONFLICT (kind, slug, article) DO UPDATE
	SET updated = excluded.updated, revision = CASE WHEN excluded.revision > $7 THEN excluded.revision ELSE $7 END
	WHERE told.updated < excluded.updated`

// toldLately are those that stand on their shelf.
const toldLately = `
	SELECT t.article, t.updated, t.revision, t.first
	FROM told AS t
	JOIN article AS a ON a.key = t.article AND a.withdrawn = 0
	WHERE t.kind = $1 AND t.slug = $2 AND (
		t.kind = 'sources' AND a.source = t.slug OR
		t.kind = 'channels' AND EXISTS (SELECT 1 FROM placement AS p WHERE p.article = t.article AND p.channel = t.slug))
	ORDER BY t.revision DESC, t.article
	LIMIT $3`

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

// pruneTold forgets what was told by shelves that the config has no longer.
const pruneTold = `
	DELETE FROM told
	WHERE kind = 'channels' AND slug NOT IN (SELECT slug FROM channel)
		OR kind = 'sources' AND slug NOT IN (SELECT slug FROM source)`

// pruneDocuments forgets what those held that the config has no longer.
const pruneDocuments = `
	DELETE FROM document
	WHERE kind = 'channels' AND slug NOT IN (SELECT slug FROM channel WHERE retired = 0)
		OR kind = 'sources' AND slug NOT IN (SELECT slug FROM source)`

// KeepEdition remembers a shelf's newest edition and what it tells, and lists the names
// of all that it remembers of that shelf, the newest first. One that is the newest
// already costs no write. What was told before, as it was then, stays as it was noted.
func (s *Store) KeepEdition(ctx context.Context, shelf news.Shelf, e news.Edition, at time.Time) (names []string, err error) {
	names, last, err := s.editions(ctx, shelf)
	var edited bool
	if err == nil {
		edited, err = s.edited(ctx, shelf, e.Shows)
	}
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", shelf, err)
	}
	if len(names) > 0 && names[0] == e.Name && !edited {
		return names, nil
	}
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		kind, slug := string(shelf.Kind), string(shelf.Slug)
		if _, err := tx.ExecContext(ctx, keepEdition, kind, slug, e.Name, max(micros(at), last+1), e.Contents); err != nil {
			return err
		}
		for _, t := range e.Told {
			if edited { // nothing is news that has not come since
				t.Revision, t.First = t.Stood, t.Stood
			}
			if _, err := s.statement(tx, noteTold).ExecContext(ctx, kind, slug, string(t.Article), micros(t.Updated), int64(t.Revision), int64(t.First), int64(e.Revision)); err != nil {
				return err
			}
		}
		if edited {
			if _, err := tx.ExecContext(ctx, noteShown, slug, e.Shows, int64(e.Revision)); err != nil {
				return err
			}
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

// edited reports a channel with an order of its own that was printed last by another
// config: what the edit brings up is told to nobody.
func (s *Store) edited(ctx context.Context, shelf news.Shelf, shows string) (edited bool, err error) {
	if shelf.Kind != news.ChannelShelf {
		return false, nil
	}
	err = s.read.QueryRowContext(ctx, `
		SELECT ranked = 1 AND shown <> $2
		FROM channel
		WHERE slug = $1`, string(shelf.Slug), shows).Scan(&edited)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return edited, err
}

// noteShown waits for an edition of all that the edit changed.
const noteShown = `
	UPDATE channel
	SET shown = $2
	WHERE slug = $1 AND revision <= $3`

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

// Told is what a shelf has told of the articles that stand on it, at most n, the newest
// first.
func (s *Store) Told(ctx context.Context, shelf news.Shelf, n int) ([]news.Told, error) {
	rows, err := s.read.QueryContext(ctx, toldLately, string(shelf.Kind), string(shelf.Slug), n)
	out, err := collect(rows, err, func(scan scanFunc) (t news.Told, err error) {
		var updated int64
		err = scan(&t.Article, &updated, &t.Revision, &t.First)
		t.Updated = moment(updated)
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("what %s has told: %w", shelf, err)
	}
	return out, nil
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
