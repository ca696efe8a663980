package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// notFound is an article that is not stored.
type notFound struct{ key news.Key }

func (e notFound) Error() string  { return fmt.Sprintf("no article %s", e.key) }
func (e notFound) NotFound() bool { return true }

// A storedArticle is what deciding about a change needs of an article.
type storedArticle struct {
	fingerprint [16]byte
	publicID    string
	published   int64
	updated     int64
	firstSeen   int64
	revision    int64
	withdrawn   bool
	data        string
}

// articles stores those of a pull that are new or changed. fresh are the new
// ones, renamed how many stand already under another id.
func (w *writer) articles(p news.Pull) (saved news.Saved, fresh []*news.Article, renamed int, err error) {
	if len(p.Articles) == 0 {
		return saved, nil, 0, nil
	}
	list, renamed, r, err := w.recognized(p)
	if err != nil {
		return saved, nil, 0, err
	}
	p.Articles = r.withoutStumps(list)
	if list, err = w.merged(p, r.known); err != nil {
		return saved, nil, 0, err
	}
	for _, a := range list {
		print := a.Fingerprint()
		old, exists := r.known[a.Key]
		switch {
		case exists && (old.fingerprint == print || old.withdrawn || old.outdates(&a, p)):
			continue
		case exists:
			err = w.change(&a, print, old, p)
			saved.Changed++
		default:
			if err = w.add(&a, print, p); err == nil {
				err = w.follow(&a, p)
			}
			saved.New++
			fresh = append(fresh, &a)
		}
		if err == nil {
			err = w.place(&a, p, !exists)
		}
		if err != nil {
			return saved, fresh, renamed, fmt.Errorf("article %s: %w", a.Key, err)
		}
		saved.Revision = a.Revision
	}
	return saved, fresh, renamed, r.noteTwins(p.Articles)
}

// knownMany is how many keys one statement looks up.
const knownMany = 32

var knownArticles = `
	SELECT key, fingerprint, coalesce(public_id, ''), published, updated, first_seen, revision, withdrawn, data
	FROM article
	WHERE key IN (` + marks(1, knownMany) + `)`

func (w *writer) known(list []news.Article) (map[news.Key]storedArticle, error) {
	return lookUp(w, knownArticles, list, func(scan scanFunc) (key news.Key, st storedArticle, err error) {
		var print []byte
		var withdrawn int
		err = scan(&key, &print, &st.publicID, &st.published, &st.updated, &st.firstSeen, &st.revision, &withdrawn, &st.data)
		copy(st.fingerprint[:], print)
		st.withdrawn = withdrawn != 0
		return key, st, err
	})
}

// lookUp is what query, which asks for knownMany keys, finds for articles.
func lookUp[T any](w *writer, query string, list []news.Article, read func(scan scanFunc) (news.Key, T, error)) (map[news.Key]T, error) {
	out := make(map[news.Key]T, len(list))
	for part := range slices.Chunk(list, knownMany) {
		args := make([]any, knownMany) // those left over stay NULL and find nothing
		for i, a := range part {
			args[i] = string(a.Key)
		}
		rows, err := w.query(query, args...)
		found, err := keyed(rows, err, read)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, found)
	}
	return out, nil
}

// marks writes $from, $from+1, … for n arguments.
func marks(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}

const insertArticle = `
	INSERT INTO article (key, public_id, source, original_id, url, fingerprint, published, updated, first_seen, revision, data, content, section)
	SELECT $1, CASE WHEN EXISTS (SELECT 1 FROM article WHERE public_id = $2) THEN NULL ELSE $2 END,
		$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13`

// add stores a new article. Its own id is published only when nobody has it
// already; else the publisher mints one.
func (w *writer) add(a *news.Article, print [16]byte, p news.Pull) error {
	a.FirstSeen, a.Changed = p.At, p.At
	a.Updated = a.Published.At
	if a.Modified.At.After(a.Updated) && !a.Modified.At.After(p.At) {
		a.Updated = a.Modified.At
	}
	var err error
	if a.Revision, err = w.next(); err != nil {
		return err
	}
	data, content := row(a)
	_, err = w.exec(insertArticle, string(a.Key), nullable(a.ID), string(a.Source), a.OriginalID, a.URL, print[:],
		micros(a.Published.At), micros(a.Updated), micros(a.FirstSeen), int64(a.Revision), data, content, sectionOf(a))
	if err != nil {
		return err
	}
	w.index(a)
	return w.shelve(a, change{revision: a.Revision, at: p.At})
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// row splits an article into its JSON and its text.
func row(a *news.Article) (data, content string) {
	rest := *a
	rest.ContentHTML = ""
	return asJSON(rest), a.ContentHTML
}

const keepHistory = `
	INSERT INTO history (article, revision, replaced, data, content)
	SELECT key, revision, $2, data, content
	FROM article
	WHERE key = $1`

const updateArticle = `
	UPDATE article
	SET url = $2, fingerprint = $3, since = CASE WHEN updated <> $4 THEN $5 WHEN since = 0 THEN revision ELSE since END,
		updated = $4, revision = $5, data = $6, content = $7, section = $8
	WHERE key = $1`

// change stores a new version. Key, id and publication stay; the old version
// goes into history.
func (w *writer) change(a *news.Article, print [16]byte, old storedArticle, p news.Pull) error {
	var before news.Article
	if err := json.Unmarshal([]byte(old.data), &before); err != nil {
		return err
	}
	a.ID, a.OriginalID = old.publicID, before.OriginalID
	a.Published, a.FirstSeen = before.Published, moment(old.firstSeen)
	a.Published.At = moment(old.published)
	var err error
	if before.ContentHTML, err = w.content(a.Key); err != nil {
		return err
	}
	a.Updated, a.Changed = updated(a, &before, moment(old.updated), p), p.At
	if a.Revision, err = w.next(); err != nil {
		return err
	}
	if _, err := w.exec(keepHistory, string(a.Key), micros(p.At)); err != nil {
		return err
	}
	data, content := row(a)
	if _, err = w.exec(updateArticle, string(a.Key), a.URL, print[:], micros(a.Updated), int64(a.Revision), data, content, sectionOf(a)); err != nil {
		return err
	}
	if micros(a.Updated) != old.updated { // the article never left this shelf
		if err := w.tellAgain(news.Shelf{Kind: news.SourceShelf, Slug: a.Source}, a, a.Revision); err != nil {
			return err
		}
	}
	w.index(a)
	return w.reshelve(&before, a, change{revision: a.Revision, at: p.At})
}

// content is the text of an article as it stands.
func (w *writer) content(key news.Key) (content string, err error) {
	err = w.tx.QueryRowContext(w.ctx, `
		SELECT content
		FROM article
		WHERE key = $1`, string(key)).Scan(&content)
	return content, err
}

// updated is when the new version of an article became so: its own word where
// that can be, else now, or a second later than before where the clock was ahead then.
// What changes nothing to read is shown anew, but is no update; nor is what differs
// because we read it otherwise, while its words stay.
func updated(a, before *news.Article, was time.Time, p news.Pull) time.Time {
	switch {
	case a.Substance() == before.Substance():
		return was
	case p.Reread && a.Title == before.Title && told(a) == told(before):
		return was
	case a.Modified.At.After(was) && !a.Modified.At.After(p.At):
		return a.Modified.At
	case p.At.After(was):
		return p.At
	}
	return was.Add(time.Second)
}

// clockSkew is how far a source's clock may be ahead of ours without a doubt of it.
const clockSkew = time.Hour

// outdates reports that what stands is newer than what was read, by their own word:
// a cache has given us an old copy. An article that its page was read into has its
// times from there. Where what stands came from a clock that was far ahead, a date since
// then is believed to be of the same clock put right.
func (st *storedArticle) outdates(a *news.Article, p news.Pull) bool {
	if p.Reread || p.Merge != nil || a.Modified.Basis != news.Explicit {
		return false
	}
	var stands news.Article
	err := json.Unmarshal([]byte(st.data), &stands)
	if err != nil || stands.Modified.Basis != news.Explicit {
		return false
	}
	ahead := !stands.Changed.IsZero() && stands.Modified.At.Sub(stands.Changed) > clockSkew
	since := !a.Modified.At.Before(stands.Changed) && !a.Modified.At.After(p.At)
	return a.Modified.At.Before(stands.Modified.At) && !(ahead && since)
}

const articleColumns = `key, coalesce(public_id, ''), updated, revision, withdrawn, data, content`

func scanArticle(scan scanFunc) (news.Article, error) {
	var (
		a                 news.Article
		key               news.Key
		id, data, content string
		updated, revision int64
		withdrawn         int
	)
	if err := scan(&key, &id, &updated, &revision, &withdrawn, &data, &content); err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(data), &a); err != nil {
		return a, fmt.Errorf("article %s: %w", key, err)
	}
	a.Key, a.ID, a.Updated, a.Revision = key, id, moment(updated), news.Revision(revision)
	a.Withdrawn, a.ContentHTML = withdrawn != 0, content
	return a, nil
}

func scanArticles(rows *sql.Rows, err error) ([]news.Article, error) {
	return collect(rows, err, scanArticle)
}

// Article is one article. The error has NotFound() true when there is none.
func (s *Store) Article(ctx context.Context, key news.Key) (news.Article, error) {
	a, err := scanArticle(s.read.QueryRowContext(ctx, `
		SELECT `+articleColumns+`
		FROM article
		WHERE key = $1`, string(key)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return a, notFound{key}
	}
	return a, err
}

// Articles are those of keys that exist, in the order of keys.
func (s *Store) Articles(ctx context.Context, keys []news.Key) ([]news.Article, error) {
	if len(keys) == 0 {
		return []news.Article{}, nil
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = string(k)
	}
	rows, err := s.read.QueryContext(ctx, `
		SELECT `+articleColumns+`
		FROM article
		WHERE key IN (`+marks(1, len(keys))+`)`, args...)
	found, err := keyed(rows, err, func(scan scanFunc) (news.Key, news.Article, error) {
		a, err := scanArticle(scan)
		return a.Key, a, err
	})
	if err != nil {
		return nil, err
	}
	out := make([]news.Article, 0, len(keys))
	for _, k := range keys {
		if a, ok := found[k]; ok {
			out = append(out, a)
		}
	}
	return out, nil
}
