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
	tail, err = keyed(rows, err, func(scan scanFunc) (key news.Key, version news.Revision, err error) {
		err = scan(&key, &version)
		return key, version, err
	})
	if err != nil {
		return 0, nil, fmt.Errorf("end of the archive of %s: %w", ch, err)
	}
	return entries, tail, nil
}

// Archived are the entries after one place in a channel's archive up to
// another, newest first, each as it was when it came. One that has changed
// since in the same stretch stands there once, at its newest; one that was
// withdrawn stands there as withdrawn. A version that history no longer keeps
// is left out: the one that took its place stands later in the archive. (Where
// it was printed before that, it stays printed.)
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
	seen := map[news.Key]bool{}
	out := []news.Article{}
	err = each(rows, err, func(scan scanFunc) error {
		a, kept, err := scanArchived(scan)
		if kept && !seen[a.Key] {
			seen[a.Key] = true
			out = append(out, a)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("archive of %s: %w", ch, err)
	}
	return out, nil
}

func scanArchived(scan scanFunc) (a news.Article, kept bool, err error) {
	var (
		key               news.Key
		id                string
		version, revision news.Revision
		withdrawn         int
		data, content     sql.NullString
	)
	if err := scan(&key, &id, &version, &revision, &withdrawn, &data, &content); err != nil {
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

const archiveDocument = `
	SELECT modified, shown, body
	FROM archive_document
	WHERE channel = $1 AND page = $2 AND format = $3 AND base = $4`

// ArchiveDocument is what is kept for an address; without a body where that is
// to be printed.
func (s *Store) ArchiveDocument(ctx context.Context, at news.ArchiveAddress) (news.ArchiveDocument, error) {
	doc := news.ArchiveDocument{ArchiveAddress: at}
	var modified int64
	var shown string
	err := s.read.QueryRowContext(ctx, archiveDocument, string(at.Channel), at.Page, at.Format, at.Base).Scan(&modified, &shown, &doc.Body)
	if errors.Is(err, sql.ErrNoRows) {
		return doc, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(shown), &doc.Shown)
	}
	if err != nil {
		return doc, fmt.Errorf("page %d of the archive of %s: %w", at.Page, at.Channel, err)
	}
	doc.Modified = moment(modified)
	return doc, nil
}

// keepDocument puts a document where there is none, where one is to be printed
// anew, and in the place of the one that it was printed to replace. It is of a
// later second than that: Last-Modified counts seconds.
const keepDocument = `
	INSERT INTO archive_document (channel, page, format, base, modified, shown, body)
	VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (channel, page, format, base) DO UPDATE
	SET shown = excluded.shown, body = excluded.body, modified = CASE
		WHEN excluded.modified > archive_document.modified THEN excluded.modified
		ELSE archive_document.modified + 1000000 END
	WHERE archive_document.body IS NULL OR archive_document.modified = $8`

// KeepArchiveDocument keeps a document that was printed of some articles, unless
// another one has been kept since replaced was found, or one of the articles was
// withdrawn or deleted since it was read: so all nodes serve the same bytes, and
// nothing comes back. What is kept then is up to [Store.ArchiveDocument].
func (s *Store) KeepArchiveDocument(ctx context.Context, doc news.ArchiveDocument, of []news.Article, replaced news.ArchiveDocument) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		w := writer{ctx: ctx, tx: tx, store: s}
		if _, err := w.next(); err != nil { // from here on nobody else writes
			return err
		}
		if so, err := w.onPage(doc.ArchiveAddress, of); err != nil || !so {
			return err
		}
		_, err := tx.ExecContext(ctx, keepDocument, string(doc.Channel), doc.Page, doc.Format, doc.Base,
			micros(doc.Modified), asJSON(doc.Shown), doc.Body, micros(replaced.Modified))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep page %d of the archive of %s: %w", doc.Page, doc.Channel, err)
	}
	return nil
}

// onPage reports that articles still stand on a page of an archive, or are still
// withdrawn there.
func (w *writer) onPage(at news.ArchiveAddress, of []news.Article) (bool, error) {
	rows, err := w.tx.QueryContext(w.ctx, `
		SELECT DISTINCT a.key, a.withdrawn
		FROM archive AS r
		JOIN article AS a ON a.key = r.article
		WHERE r.channel = $1 AND r.place > $2 AND r.place <= $3`, string(at.Channel), (at.Page-1)*news.ArchivePage, at.Page*news.ArchivePage)
	now, err := keyed(rows, err, func(scan scanFunc) (key news.Key, withdrawn int, err error) {
		err = scan(&key, &withdrawn)
		return key, withdrawn, err
	})
	if err != nil {
		return false, err
	}
	for i := range of {
		if withdrawn, there := now[of[i].Key]; !there || (withdrawn != 0) != of[i].Withdrawn {
			return false, nil
		}
	}
	return true, nil
}

// leaveArchive has the documents that show an article printed anew: it was
// withdrawn, or is about to be deleted.
const leaveArchive = `
	UPDATE archive_document
	SET body = NULL
	WHERE (channel, page) IN (
		SELECT channel, (place + 49) / 50
		FROM archive
		WHERE article = $1)`

// withhold has the documents printed anew that show more of a source than may
// leave the house by now.
func (w *writer) withhold(slug news.Slug, shown news.Republish) error {
	for _, more := range []news.Republish{news.RepublishFull, news.RepublishExcerpt} {
		if more.Within(shown) {
			continue
		}
		if _, err := w.tx.ExecContext(w.ctx, `
			UPDATE archive_document
			SET body = NULL
			WHERE shown LIKE $1`, fmt.Sprintf("%%%q:%q%%", slug, more)); err != nil {
			return err
		}
	}
	return nil
}
