package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"copydesk/aggregator/news"
)

// errWithdrawn ends a transaction that has nothing to do.
var errWithdrawn = errors.New("withdrawn already")

// Withdraw takes an article back: it leaves every channel, with a tombstone in
// its place, and never comes again. It reports the revision at which it was
// withdrawn; that of the first time, when it was withdrawn before. The error
// has NotFound() true when there is no such article.
func (s *Store) Withdraw(ctx context.Context, key news.Key, why news.Withdrawal) (news.Revision, error) {
	var revision news.Revision
	err := s.inTx(ctx, func(tx *sql.Tx) (err error) {
		w := writer{ctx: ctx, tx: tx, store: s}
		if err := w.lockSourceOf(key); err != nil {
			return err
		}
		if revision, err = w.next(); err != nil { // from here on nobody else writes
			return err
		}
		a, err := scanArticle(tx.QueryRowContext(ctx, `
			SELECT `+articleColumns+`
			FROM article
			WHERE key = $1`, string(key)).Scan)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return notFound{key}
		case err == nil && a.Withdrawn:
			revision = a.Revision
			return errWithdrawn
		case err != nil:
			return err
		}
		if err := w.withdraw(&a, revision, why); err != nil {
			return err
		}
		return w.finish()
	})
	if err != nil && !errors.Is(err, errWithdrawn) {
		return 0, fmt.Errorf("withdraw article %s: %w", key, err)
	}
	return revision, nil
}

func (w *writer) withdraw(a *news.Article, revision news.Revision, why news.Withdrawal) error {
	a.Withdrawn, a.Withdrawal, a.Revision = true, why, revision
	data, _ := row(a)
	channels, err := w.everIn(a.Key)
	if err != nil {
		return err
	}
	for _, ch := range channels {
		w.enter(ch, a, revision, why.At) // it has a place in the archive too, so that who reads on from there learns of it
		if _, err := w.tx.ExecContext(w.ctx, `
			INSERT INTO tombstone (channel, article, revision)
			VALUES ($1, $2, $3)`, string(ch), string(a.Key), int64(revision)); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE article SET withdrawn = 1, revision = $2, data = $3 WHERE key = $1`, []any{string(a.Key), int64(revision), data}},
		{`DELETE FROM placement WHERE article = $1`, []any{string(a.Key)}},
		{leaveArchive, []any{string(a.Key)}},
		{`DELETE FROM search_entry WHERE article = $1`, []any{string(a.Key)}},
		{`UPDATE source
			SET revision = $2, changed_at = CASE WHEN $3 > changed_at THEN $3 ELSE changed_at END
			WHERE slug = $1`, []any{string(a.Source), int64(revision), micros(why.At)}},
		{`INSERT INTO edit (kind, article, editor, reason, made)
			VALUES ('withdraw', $1, $2, $3, $4)`, []any{string(a.Key), why.By, why.Reason, micros(why.At)}},
	} {
		if _, err := w.tx.ExecContext(w.ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	return w.unshelve(a, change{revision: revision, at: why.At})
}

// everIn are the channels that show an article, or once did.
func (w *writer) everIn(key news.Key) ([]news.Slug, error) {
	return texts[news.Slug](w.tx.QueryContext(w.ctx, `
		SELECT channel
		FROM placement
		WHERE article = $1
		UNION
		SELECT channel
		FROM archive
		WHERE article = $1
		ORDER BY channel`, string(key)))
}

const goneFromChannel = `
	SELECT a.key, coalesce(a.public_id, ''), a.updated, a.revision, a.withdrawn, a.data, ''
	FROM tombstone AS t
	JOIN article AS a ON a.key = t.article
	WHERE t.channel = $1
	ORDER BY t.revision DESC
	LIMIT $2`

const goneFromSource = `
	SELECT key, coalesce(public_id, ''), updated, revision, withdrawn, data, ''
	FROM article
	WHERE source = $1 AND withdrawn = 1
	ORDER BY revision DESC
	LIMIT $2`

// Withdrawn are the articles that were withdrawn from a shelf, newest first, at
// most n, without their text.
func (s *Store) Withdrawn(ctx context.Context, shelf news.Shelf, n int) ([]news.Article, error) {
	query := goneFromChannel
	switch shelf.Kind {
	case news.SourceShelf:
		query = goneFromSource
	case news.AuthorShelf:
		query = goneFromAuthor
	case news.SectionShelf:
		query = goneFromSection
	}
	out, err := scanArticles(s.read.QueryContext(ctx, query, string(shelf.Slug), n))
	if err != nil {
		return nil, fmt.Errorf("withdrawn from %s %s: %w", shelf.Kind, shelf.Slug, err)
	}
	return out, nil
}
