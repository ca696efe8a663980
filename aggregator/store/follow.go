package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// lostAfter is when the page of an article is queued again whose job was lost.
// One that waits meanwhile is not queued twice.
const lostAfter = 15 * time.Minute

const startFollow = `
	INSERT INTO follow (article, source, state, next_at)
	VALUES ($1, $2, 'waiting', $3)
	ON CONFLICT (article) DO NOTHING`

// follow has the page of a new article read, where its source wants that.
func (w *writer) follow(a *news.Article, p news.Pull) error {
	if p.Merge == nil || a.URL == "" {
		return nil
	}
	if _, err := w.exec(startFollow, string(a.Key), string(a.Source), micros(p.At.Add(lostAfter))); err != nil {
		return err
	}
	w.jobs = append(w.jobs, Job{Kind: JobFollow, Subject: string(a.Key)})
	return nil
}

var pagesRead = `
	SELECT article, feed, page, read_at
	FROM follow
	WHERE page <> '' AND article IN (` + marks(1, knownMany) + `)`

// A pageRead is what an article's page said, and its feed at that time.
type pageRead struct {
	feed news.Article
	page news.Page
	at   time.Time
}

const keepFeed = `
	UPDATE follow
	SET feed = $2
	WHERE article = $1`

const followAgain = `
	UPDATE follow
	SET next_at = $2
	WHERE article = $1 AND (next_at = 0 OR next_at > $2)`

// merged puts what their pages say into articles whose feed says something new,
// which is kept for the next reading of the page. One that its feed corrects has its
// page read again. The source is locked by then.
func (w *writer) merged(p news.Pull, known map[news.Key]storedArticle) ([]news.Article, error) {
	if p.Merge == nil {
		return p.Articles, nil
	}
	pages, err := w.pages(p.Articles)
	if err != nil || len(pages) == 0 {
		return p.Articles, err
	}
	out := slices.Clone(p.Articles)
	for i, a := range out {
		read, ok := pages[a.Key]
		if !ok {
			continue
		}
		if _, err := w.exec(keepFeed, string(a.Key), asJSON(a)); err != nil {
			return nil, err
		}
		if p.Again != nil && !p.Reread && corrects(&a, &read.feed) {
			next := p.Again(moment(known[a.Key].published), read.at)
			if _, err := w.exec(followAgain, string(a.Key), micros(next)); err != nil {
				return nil, err
			}
		}
		out[i] = p.Merge(a, read.page)
	}
	return out, nil
}

// corrects reports an item that says something else than before, or that it does.
func corrects(a, before *news.Article) bool {
	return a.Title != before.Title || told(a) != told(before) || a.Modified.At.After(before.Modified.At)
}

func (w *writer) pages(list []news.Article) (map[news.Key]pageRead, error) {
	return lookUp(w, pagesRead, list, func(scan scanFunc) (key news.Key, read pageRead, err error) {
		var feed, page string
		var at int64
		if err := scan(&key, &feed, &page, &at); err != nil {
			return key, read, err
		}
		read.at = moment(at)
		if err := errors.Join(json.Unmarshal([]byte(feed), &read.feed), json.Unmarshal([]byte(page), &read.page)); err != nil {
			return key, read, fmt.Errorf("page of article %s: %w", key, err)
		}
		return key, read, nil
	})
}

const followed = `
	SELECT state, next_at, tries, reason, etag, last_modified, body_hash, feed, page
	FROM follow
	WHERE article = $1`

// Follow is what is remembered of reading an article's page. The error has
// NotFound() true when there is no such article, or its page is not followed.
func (s *Store) Follow(ctx context.Context, key news.Key) (news.Follow, error) {
	a, err := s.Article(ctx, key)
	if err != nil {
		return news.Follow{}, err
	}
	f, err := scanFollow(s.read.QueryRowContext(ctx, followed, string(key)), a)
	if errors.Is(err, sql.ErrNoRows) {
		return f, notFound{key}
	}
	return f, err
}

func scanFollow(row *sql.Row, a news.Article) (news.Follow, error) {
	f := news.Follow{Article: a, Feed: a}
	var next, hash int64
	var feed, page string
	err := row.Scan(&f.State, &next, &f.Tries, &f.Reason, &f.Validators.ETag, &f.Validators.LastModified, &hash, &feed, &page)
	if err != nil {
		return f, err
	}
	f.NextAt, f.Validators.BodyHash = moment(next), uint64(hash)
	if feed != "" {
		f.Feed = news.Article{}
		err = json.Unmarshal([]byte(feed), &f.Feed)
	}
	if page != "" && err == nil {
		err = json.Unmarshal([]byte(page), &f.Page)
	}
	if err != nil {
		return f, fmt.Errorf("follow article %s: %w", a.Key, err)
	}
	return f, nil
}

// lockSource keeps pulls of a source waiting until the transaction ends: they
// change the same articles.
const lockSource = `
	UPDATE source
	SET slug = slug
	WHERE slug = $1`

const endFollow = `
	UPDATE follow
	SET state = $2, next_at = $3, tries = $4, reason = $5, etag = $6, last_modified = $7, body_hash = $8, read_at = $9
	WHERE article = $1`

const keepPage = `
	UPDATE follow
	SET feed = $2, page = $3
	WHERE article = $1`

const touchSource = `
	UPDATE source
	SET revision = $2, changed_at = CASE WHEN $3 > changed_at THEN $3 ELSE changed_at END
	WHERE slug = $1`

// SaveFollow stores the result of reading an article's page in one transaction:
// the article where that changes it, the version before as history, and when
// the page is to be read again.
func (s *Store) SaveFollow(ctx context.Context, r news.FollowResult) (news.Saved, error) {
	var saved news.Saved
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		w := writer{ctx: ctx, tx: tx, store: s}
		a, f, err := w.following(r.Article)
		if err != nil {
			return err
		}
		if a.Withdrawn {
			r.NextAt, r.Page, r.Disowned = time.Time{}, nil, false
		}
		if r.Page != nil || r.Disowned {
			if saved, err = w.take(r, f); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, endFollow, string(r.Article), string(r.State), micros(r.NextAt), r.Tries, r.Reason,
			r.Validators.ETag, r.Validators.LastModified, int64(r.Validators.BodyHash), micros(r.At))
		if err != nil {
			return err
		}
		return w.finish()
	})
	if err != nil {
		return news.Saved{}, fmt.Errorf("save the page of article %s: %w", r.Article, err)
	}
	return saved, nil
}

// lockSourceOf locks the source of an article. It comes before a revision is
// taken, as in a pull, so that the two never wait for each other.
func (w *writer) lockSourceOf(key news.Key) error {
	var source news.Slug
	err := w.tx.QueryRowContext(w.ctx, `
		SELECT source
		FROM article
		WHERE key = $1`, string(key)).Scan(&source)
	if errors.Is(err, sql.ErrNoRows) {
		return notFound{key}
	}
	if err == nil {
		_, err = w.tx.ExecContext(w.ctx, lockSource, string(source))
	}
	return err
}

// following reads an article and what is remembered of its page, with its
// source locked.
func (w *writer) following(key news.Key) (news.Article, news.Follow, error) {
	if err := w.lockSourceOf(key); err != nil {
		return news.Article{}, news.Follow{}, err
	}
	a, err := scanArticle(w.tx.QueryRowContext(w.ctx, `
		SELECT `+articleColumns+`
		FROM article
		WHERE key = $1`, string(key)).Scan)
	if err != nil {
		return a, news.Follow{}, err
	}
	f, err := scanFollow(w.tx.QueryRowContext(w.ctx, followed, string(key)), a)
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound{key}
	}
	return a, f, err
}

// take merges what a page says into its article, or takes that back.
func (w *writer) take(r news.FollowResult, f news.Follow) (saved news.Saved, err error) {
	feed, page, a := "", "", f.Feed
	if !r.Disowned {
		feed, page, a = asJSON(f.Feed), asJSON(r.Page), r.Merge(f.Feed, *r.Page)
	}
	if _, err := w.tx.ExecContext(w.ctx, keepPage, string(r.Article), feed, page); err != nil {
		return saved, err
	}
	known, err := w.known([]news.Article{a})
	if err != nil {
		return saved, err
	}
	old, print := known[a.Key], a.Fingerprint()
	if old.fingerprint == print {
		return saved, nil
	}
	as := news.Pull{Source: a.Source, At: r.At, Place: r.Place}
	if err := w.change(&a, print, old, as); err != nil {
		return saved, err
	}
	if err := w.place(&a, as, false); err != nil {
		return saved, err
	}
	_, err = w.tx.ExecContext(w.ctx, touchSource, string(a.Source), int64(a.Revision), micros(r.At))
	return news.Saved{Changed: 1, Revision: a.Revision}, err
}

// dueMany bounds how many pages are queued at once.
const dueMany = 500

const dueFollows = `
	UPDATE follow
	SET next_at = $2
	WHERE article IN (
		SELECT article
		FROM follow
		WHERE next_at > 0 AND next_at <= $1
		ORDER BY next_at
		LIMIT $3)
	RETURNING article`

// QueueFollows queues a job for each article whose page is to be read by now.
func (s *Store) QueueFollows(ctx context.Context, now time.Time) error {
	if s.enqueue == nil {
		return nil
	}
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		keys, err := texts[string](tx.QueryContext(ctx, dueFollows, micros(now), micros(now.Add(lostAfter)), dueMany))
		if err != nil {
			return err
		}
		return s.queue(ctx, tx, jobsOf(JobFollow, keys)...)
	})
	if err != nil {
		return fmt.Errorf("queue pages to be read: %w", err)
	}
	return nil
}

// SameBody are articles of a's source, at other addresses, whose page had the
// very bytes that a's has, so that it is nobody's own: those for which it was
// believed first, and few of the others.
func (s *Store) SameBody(ctx context.Context, a news.Article, hash uint64) ([]news.Key, error) {
	out, err := texts[news.Key](s.read.QueryContext(ctx, `
		SELECT f.article
		FROM follow AS f
		JOIN article AS a ON a.key = f.article
		WHERE f.body_hash = $1 AND f.body_hash <> 0 AND f.source = $2 AND f.article <> $3 AND a.url <> $4
		ORDER BY CASE f.page WHEN '' THEN 1 ELSE 0 END, f.article
		LIMIT 5`,
		int64(hash), string(a.Source), string(a.Key), a.URL))
	if err != nil {
		return nil, fmt.Errorf("look for the page of article %s elsewhere: %w", a.Key, err)
	}
	return out, nil
}

// Followed counts a source's articles by how reading their pages has gone.
func (s *Store) Followed(ctx context.Context, slug news.Slug) (news.Followed, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT state, count(*)
		FROM follow
		WHERE source = $1
		GROUP BY state`, string(slug))
	out, err := keyed(rows, err, func(scan scanFunc) (state news.FollowState, n int, err error) {
		err = scan(&state, &n)
		return state, n, err
	})
	if err != nil {
		return nil, fmt.Errorf("pages of source %s: %w", slug, err)
	}
	return out, nil
}
