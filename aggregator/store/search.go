package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// mostWords is how many words of an article are searched: PostgreSQL counts
// positions no further than 16383.
const mostWords = 16000

// An entry is an article whose words are to be found, and under which id.
type entry struct {
	article *news.Article
	id      int64
}

// index notes an article whose words are to be found. They are written when the
// transaction ends.
func (w *writer) index(a *news.Article) { w.entries = append(w.entries, entry{article: a}) }

// writeIndex brings the index in line with the articles of the transaction, in
// the order of its ids: FTS5 gathers words in memory for as long as ids grow,
// and writes out what it has when one does not.
func (w *writer) writeIndex() error {
	slices.SortStableFunc(w.entries, func(a, b entry) int { return a.article.Published.At.Compare(b.article.Published.At) })
	for i, e := range w.entries {
		var err error
		if w.entries[i].id, err = w.entryID(e.article); err != nil {
			return fmt.Errorf("index article %s: %w", e.article.Key, err)
		}
	}
	slices.SortStableFunc(w.entries, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	for _, e := range w.entries {
		if err := w.addWords(e); err != nil {
			return fmt.Errorf("index article %s: %w", e.article.Key, err)
		}
	}
	w.entries = nil
	return nil
}

func (w *writer) addWords(e entry) error {
	shown, err := w.shownOf(e.article.Source)
	if err != nil {
		return err
	}
	title, people, text := parts(e.article, shown)
	if w.store.postgres {
		_, err = w.exec(putWordsPostgres, e.id, asVector(title, people, text))
		return err
	}
	_, err = w.exec(putWordsSQLite, e.id, strings.Join(title, " "), strings.Join(people, " "), strings.Join(text, " "))
	return err
}

// putWords differs because each database has its own full-text index. In both
// the words have been cut by us.
const (
	putWordsSQLite = `
	REPLACE INTO search (rowid, title, people, text)
	VALUES ($1, $2, $3, $4)`
	putWordsPostgres = `
	UPDATE search_entry
	SET words = CAST(CAST($2 AS TEXT) AS tsvector)
	WHERE id = $1`
)

func (s *Store) putWords() string {
	if s.postgres {
		return putWordsPostgres
	}
	return putWordsSQLite
}

const addSearchEntry = `
	INSERT INTO search_entry (id, article)
	VALUES ($1, $2)
	ON CONFLICT DO NOTHING`

const searchEntry = `
	SELECT id
	FROM search_entry
	WHERE article = $1`

// entryBits are those of an entry's id below its second of publication.
const entryBits = 10

// entryID is under which id the words of an article are filed: for a new one,
// its second of publication and something of its key. Where many appeared in
// the same second, a few land in the next.
func (w *writer) entryID(a *news.Article) (int64, error) {
	hash := fnv.New64a()
	for window := int64(1 << entryBits); ; window *= 2 {
		fmt.Fprint(hash, a.Key)
		id := a.Published.At.Unix()<<entryBits + int64(hash.Sum64()>>1)%window
		res, err := w.exec(addSearchEntry, id, string(a.Key))
		if err != nil {
			return 0, err
		}
		if n, err := res.RowsAffected(); err != nil || n == 1 {
			return id, err
		}
		err = w.queryRow(searchEntry, string(a.Key)).Scan(&id)
		if !errors.Is(err, sql.ErrNoRows) { // it has one
			return id, err
		}
	}
}

// parts are the words of an article that may leave the house.
func parts(a *news.Article, shown news.Republish) (title, people, text []string) {
	var names []string
	for _, p := range a.Byline.People {
		names = append(names, p.Name)
	}
	title, _ = cut(a.Title, mostWords/8)
	people, _ = cut(strings.Join(names, " ; "), mostWords/8)
	rest := []string{a.Credit.Name, a.Section, strings.Join(a.Categories, " ; ")}
	switch shown {
	case news.RepublishHeadline:
	case news.RepublishExcerpt:
		summary := []rune(a.Summary)
		rest = append(rest, string(summary[:min(max(a.Excerpt(shownSummary+1)-1, 0), len(summary))]))
	default:
		rest = append(rest, a.Summary, textOf(a.ContentHTML))
	}
	text, _ = cut(strings.Join(rest, " ; "), mostWords-len(title)-len(people)-2)
	return title, people, text
}

// shownSummary is how many characters of a summary leave the house at most
// where only an excerpt may.
const shownSummary = 299

const shownOf = `
	SELECT republish
	FROM source
	WHERE slug = $1`

// shownOf is how much of a source's articles may be found.
func (w *writer) shownOf(slug news.Slug) (news.Republish, error) {
	if shown, ok := w.shown[slug]; ok {
		return shown, nil
	}
	var shown news.Republish
	if err := w.queryRow(shownOf, string(slug)).Scan(&shown); err != nil {
		return "", err
	}
	if w.shown == nil {
		w.shown = map[news.Slug]news.Republish{}
	}
	w.shown[slug] = shown
	return shown, nil
}

// asVector spells out a tsvector. Parts are kept apart, so that no row of words
// goes from one into the next.
func asVector(title, people, text []string) string {
	var b strings.Builder
	at := 0
	for _, part := range []struct {
		words []string
		label string
	}{{title, "A"}, {people, "B"}, {text, ""}} {
		for _, word := range part.words {
			at++
			b.WriteString("'" + word + "':" + strconv.Itoa(at) + part.label + " ")
		}
		at++
	}
	return b.String()
}

// What differs between the dialects is what a search is written in; ids, and so
// the order, are the same.
const (
	searchSQLite = `
	SELECT e.article, search.rowid
	FROM search
	JOIN search_entry AS e ON e.id = search.rowid
	WHERE search MATCH $1 AND search.rowid < $2
	ORDER BY search.rowid DESC
	LIMIT $3`
	searchPostgres = `
	SELECT article, id
	FROM search_entry
	WHERE words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND id < $2
	ORDER BY id DESC
	LIMIT $3`
	searchNearPostgres = `
	SELECT article, id
	FROM (
		SELECT article, id, words
		FROM search_entry
		WHERE id < $2
		ORDER BY id DESC
		LIMIT $4) AS near
	WHERE words @@ CAST(CAST($1 AS TEXT) AS tsquery)
	ORDER BY id DESC
	LIMIT $3`
)

// Search lists the articles that a query finds, newest first, at most n: all of
// them, or those that come after a place. Only what may leave the house is
// searched.
func (s *Store) Search(ctx context.Context, q news.Query, after news.Place, n int) (hits []news.Hit, err error) {
	if after == 0 {
		after = math.MaxInt64
	}
	if s.postgres {
		hits, err = s.searchPostgres(ctx, matchPostgres(q), after, n)
	} else if match := matchSQLite(q); match != "" {
		hits, err = scanHits(s.read.QueryContext(ctx, searchSQLite, match, int64(after), n))
	}
	if err != nil {
		return nil, fmt.Errorf("search for %s: %w", q, err)
	}
	return hits, nil
}

// PostgreSQL has two ways to the newest of what a query finds: from entry to
// entry, which is short where many match, and by the index of words, which is
// short where few do. It takes the first for both, for it does not count what it
// costs to fetch the words of an entry, and reads all of them for a word that is
// nowhere. So the newest entries are looked through first; from what they have,
// the way to the rest is known.
const (
	nearEntries  = 500 // looked through first
	nearFrequent = 3   // matches in them by which it is short to go on from entry to entry
)

// usePostgres leaves a transaction one way to go, for this query and not for
// those before it.
const usePostgres = `
	SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true), set_config($1, 'off', true)`

func (s *Store) searchPostgres(ctx context.Context, match string, after news.Place, n int) ([]news.Hit, error) {
	if match == "" {
		return []news.Hit{}, nil
	}
	hits, err := scanHits(s.read.QueryContext(ctx, searchNearPostgres, match, int64(after), n, nearEntries))
	if err != nil || len(hits) == n {
		return hits, err
	}
	unused := "enable_indexscan"
	if len(hits) >= nearFrequent {
		unused = "enable_bitmapscan"
	}
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // it has changed nothing
	if _, err := tx.ExecContext(ctx, usePostgres, unused); err != nil {
		return nil, err
	}
	return scanHits(tx.QueryContext(ctx, searchPostgres, match, int64(after), n))
}

func scanHits(rows *sql.Rows, err error) ([]news.Hit, error) {
	return collect(rows, err, func(scan scanFunc) (h news.Hit, err error) {
		err = scan(&h.Article, &h.Place)
		return h, err
	})
}

// wanted are the words that a term means, and whether the last is but the
// beginning of one. A run of a dense script stands in the index as pairs and a
// last letter, which another letter may follow in the article.
func wanted(t news.Term) (words []string, begins bool) {
	words, tail := cut(t.Text, mostWords)
	switch {
	case tail == 1:
		begins = true
	case tail > 1:
		words = words[:len(words)-1]
	}
	return words, begins
}

// joinTerms puts together what is wanted and what is not; empty when no word is
// wanted. No text of a reader gets into it but as words that cut has made,
// which hold letters, digits and marks alone.
func joinTerms(q news.Query, term func(words []string, begins bool, in news.Field) string, and, not string) string {
	var with, without string
	for _, t := range q.Terms {
		words, begins := wanted(t)
		switch {
		case len(words) == 0:
		case t.Not:
			without += not + term(words, begins, t.In)
		case with == "":
			with = term(words, begins, t.In)
		default:
			with += and + term(words, begins, t.In)
		}
	}
	if with == "" {
		return ""
	}
	return "(" + with + ")" + without
}

// matchSQLite is a query in the language of FTS5.
func matchSQLite(q news.Query) string {
	columns := map[news.Field]string{news.InTitle: "title : ", news.InPeople: "people : "}
	return joinTerms(q, func(words []string, begins bool, in news.Field) string {
		term := columns[in] + `"` + strings.Join(words, " ") + `"`
		if begins {
			term += " *"
		}
		return term
	}, " AND ", " NOT ")
}

// matchPostgres is a query as a tsquery.
func matchPostgres(q news.Query) string {
	labels := map[news.Field]string{news.InTitle: "A", news.InPeople: "B"}
	return joinTerms(q, func(words []string, begins bool, in news.Field) string {
		var term []string
		for i, word := range words {
			flags := labels[in]
			if begins && i == len(words)-1 {
				flags += "*"
			}
			if flags != "" {
				flags = ":" + flags
			}
			term = append(term, "'"+word+"'"+flags)
		}
		return "(" + strings.Join(term, " <-> ") + ")"
	}, " & ", " & !")
}

// show notes how much of a source's articles may be found, and has those that
// are stored indexed anew where that has changed. A source of which nothing was
// noted has none, or they all wait to be indexed after an upgrade.
func (w *writer) show(slug news.Slug, shown news.Republish) error {
	var before news.Republish
	if err := w.tx.QueryRowContext(w.ctx, shownOf, string(slug)).Scan(&before); err != nil || before == shown {
		return err
	}
	if _, err := w.tx.ExecContext(w.ctx, `
		UPDATE source
		SET republish = $2
		WHERE slug = $1`, string(slug), string(shown)); err != nil || before == "" {
		return err
	}
	if _, err := w.tx.ExecContext(w.ctx, `
		INSERT INTO indexing (source, done_up_to)
		VALUES ($1, '')
		ON CONFLICT (source) DO UPDATE
		SET done_up_to = ''`, string(slug)); err != nil {
		return err
	}
	w.job(JobIndex, "")
	return nil
}

// indexChunk is how many articles one transaction indexes, so that pulls are
// not kept waiting.
const indexChunk = 50

// Index does what is left of indexing articles that were stored before, or are
// to be found by other words now: after an upgrade, and where the config has
// changed how much of a source leaves the house. It files them under their
// authors and sections too. Ended at any moment, it goes on from there.
func (s *Store) Index(ctx context.Context, at time.Time) error {
	for {
		more := false
		err := s.inTx(ctx, func(tx *sql.Tx) (err error) {
			w := writer{ctx: ctx, tx: tx, store: s}
			more, err = w.indexSome(at)
			return err
		})
		if err != nil {
			return fmt.Errorf("index articles: %w", err)
		}
		if !more {
			return nil
		}
	}
}

func (w *writer) indexSome(at time.Time) (more bool, err error) {
	var source, after string
	err = w.tx.QueryRowContext(w.ctx, `
		SELECT source, done_up_to
		FROM indexing
		ORDER BY source
		LIMIT 1`).Scan(&source, &after)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	revision, err := w.next() // from here on nobody else writes
	if err != nil {
		return false, err
	}
	list, err := w.unindexed(source, after)
	if err != nil {
		return false, err
	}
	for i := range list {
		if err := w.reindex(&list[i], change{revision: revision, at: at}); err != nil {
			return false, err
		}
	}
	if len(list) == 0 {
		_, err = w.tx.ExecContext(w.ctx, `
			DELETE FROM indexing
			WHERE source = $1`, source)
	} else {
		_, err = w.tx.ExecContext(w.ctx, `
			UPDATE indexing
			SET done_up_to = $2
			WHERE source = $1`, source, string(list[len(list)-1].Key))
	}
	if err != nil {
		return false, err
	}
	return true, w.finish()
}

func (w *writer) unindexed(source, after string) ([]news.Article, error) {
	return scanArticles(w.tx.QueryContext(w.ctx, `
		SELECT `+articleColumns+`
		FROM article
		WHERE key > $1 AND withdrawn = 0 AND (CAST($2 AS TEXT) = '' OR source = $2)
		ORDER BY key
		LIMIT $3`, after, source, indexChunk))
}

func (w *writer) reindex(a *news.Article, c change) error {
	w.index(a)
	if _, err := w.tx.ExecContext(w.ctx, `
		UPDATE article
		SET section = $2
		WHERE key = $1 AND section IS NULL AND CAST($2 AS TEXT) IS NOT NULL`, string(a.Key), sectionOf(a)); err != nil {
		return err
	}
	return w.shelve(a, c)
}
