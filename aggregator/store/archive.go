package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"copydesk/aggregator/news"
)

const addEntry = `
	INSERT INTO archive (channel, place, article, version)
	VALUES ($1, $2, $3, $4)`

// ArchiveEnd is how long a channel's archive is, and what has come since its
// last full page of size: articles, each with the newest version that came.
func (s *Store) ArchiveEnd(ctx context.Context, ch news.Slug, size int) (entries int, tail map[news.Key]news.Revision, err error) {
	err = s.read.QueryRowContext(ctx, `
		SELECT entries
		FROM channel
		WHERE slug = $1`, string(ch)).Scan(&entries)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, map[news.Key]news.Revision{}, nil
	}
	if err != nil {
		return 0, nil, fmt.Errorf("length of the archive of %s: %w", ch, err)
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT article, max(version)
		FROM archive
		WHERE channel = $1 AND place > $2 AND place <= $3
		GROUP BY article`, string(ch), entries/size*size, entries)
	if err != nil {
		return 0, nil, fmt.Errorf("end of the archive of %s: %w", ch, err)
	}
	defer rows.Close()
	tail = map[news.Key]news.Revision{}
	for rows.Next() {
		var key news.Key
		var version news.Revision
		if err := rows.Scan(&key, &version); err != nil {
			return 0, nil, err
		}
		tail[key] = version
	}
	return entries, tail, rows.Err()
}

// Archived are the entries after one place in a channel's archive up to
// another, newest first, each as it was when it came. One that has changed
// since in the same stretch stands there once, at its newest; one that was
// withdrawn stands there as withdrawn. A version that history no longer keeps
// is left out: the one that took its place stands later in the archive.
func (s *Store) Archived(ctx context.Context, ch news.Slug, after, upTo int) ([]news.Article, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT a.key, coalesce(a.public_id, ''), r.version, a.revision, a.withdrawn,
			CASE WHEN a.revision = r.version OR a.withdrawn = 1 THEN a.data ELSE h.data END,
			CASE WHEN a.revision = r.version THEN a.content ELSE h.content END
		FROM archive AS r
		JOIN article AS a ON a.key = r.article
		LEFT JOIN history AS h ON h.article = r.article AND h.revision = r.version
		WHERE r.channel = $1 AND r.place > $2 AND r.place <= $3
		ORDER BY r.place DESC`, string(ch), after, upTo)
	if err != nil {
		return nil, fmt.Errorf("archive of %s: %w", ch, err)
	}
	defer rows.Close()
	seen := map[news.Key]bool{}
	out := []news.Article{}
	for rows.Next() {
		a, kept, err := scanArchived(rows)
		if err != nil {
			return nil, fmt.Errorf("archive of %s: %w", ch, err)
		}
		if kept && !seen[a.Key] {
			seen[a.Key] = true
			out = append(out, a)
		}
	}
	return out, rows.Err()
}

func scanArchived(rows *sql.Rows) (a news.Article, kept bool, err error) {
	var (
		key               news.Key
		id                string
		version, revision news.Revision
		withdrawn         int
		data, content     sql.NullString
	)
	if err := rows.Scan(&key, &id, &version, &revision, &withdrawn, &data, &content); err != nil {
		return a, false, err
	}
	if !data.Valid {
		return a, false, nil
	}
	if err := json.Unmarshal([]byte(data.String), &a); err != nil {
		return a, false, fmt.Errorf("article %s: %w", key, err)
	}
	a.Key, a.ID, a.Revision, a.Withdrawn, a.ContentHTML = key, id, version, withdrawn != 0, content.String
	if a.Withdrawn { // nothing of it leaves the house
		a.Revision, a.ContentHTML = revision, ""
	}
	return a, true, nil
}
