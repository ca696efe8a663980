package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// ErrNoSource is a pull of a source that the store does not have, or has with
// other settings by now.
var ErrNoSource error = noSource{}

type noSource struct{}

func (noSource) Error() string    { return "no such source, or its settings have changed meanwhile" }
func (noSource) Superseded() bool { return true }

// A writer is one transaction over several pulls. It takes revisions as they
// are needed and writes the counter once.
type writer struct {
	ctx      context.Context
	tx       *sql.Tx
	store    *Store
	revision news.Revision // the newest taken; 0 before the counter is read
	jobs     []Job
	touched  map[news.Slug]*touch // channels that changed, each written once
	entries  []entry              // to be indexed at the end
	shown    map[news.Slug]news.Republish

	standings map[standing]*telling // authors and sections that changed
}

// A touch is the newest change on a channel.
type touch struct {
	revision news.Revision
	at       time.Time
	entered  []entered // came into it or changed in it, in order
}

// An entered is a version of an article that takes its place in an archive.
type entered struct {
	article news.Key
	version news.Revision
}

func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	return w.store.statement(w.tx, query).ExecContext(w.ctx, args...)
}

func (w *writer) query(query string, args ...any) (*sql.Rows, error) {
	return w.store.statement(w.tx, query).QueryContext(w.ctx, args...)
}

func (w *writer) queryRow(query string, args ...any) *sql.Row {
	return w.store.statement(w.tx, query).QueryRowContext(w.ctx, args...)
}

const takeRevision = `
	UPDATE revision
	SET value = value + 1
	RETURNING value`

const keepRevision = `
	UPDATE revision
	SET value = $1`

// next takes a revision. The counter's row stays locked until the commit, so
// revisions become visible in order.
func (w *writer) next() (news.Revision, error) {
	if w.revision == 0 {
		err := w.queryRow(takeRevision).Scan(&w.revision)
		return w.revision, err
	}
	w.revision++
	return w.revision, nil
}

// finish writes what is written once for the whole transaction: channels that
// changed, authors and sections, the counter, follow-up jobs.
func (w *writer) finish() error {
	if err := w.touchChannels(); err != nil {
		return err
	}
	if err := w.settleStandings(); err != nil {
		return err
	}
	if err := w.writeIndex(); err != nil {
		return err
	}
	if w.revision > 0 {
		if _, err := w.exec(keepRevision, int64(w.revision)); err != nil {
			return err
		}
	}
	return w.store.queue(w.ctx, w.tx, w.jobs...)
}

// endPull ends a lease. A pull that is spared did not reach the source, so its
// last one stays the one before.
const endPull = `
	UPDATE source
	SET lease_until = 0, next_due = $2, last_pull = CASE WHEN $13 = 1 THEN last_pull ELSE $3 END, pulls = pulls + 1,
		etag = $4, last_modified = $5, body_hash = $6,
		last_success = CASE WHEN $7 = 1 THEN $3 ELSE last_success END,
		failures = CASE WHEN $7 = 1 THEN 0 WHEN $13 = 1 THEN failures ELSE failures + 1 END,
		fault = $8, manners = $9,
		state = CASE WHEN $10 = 1 THEN 'gone' WHEN state = 'gone' AND $7 = 1 THEN 'active' ELSE state END,
		host = CASE WHEN $11 <> '' THEN $11 ELSE host END
	WHERE slug = $1 AND ($12 = '' OR settings = $12)`

// readPull is what a document that was parsed changes besides.
const readPull = `
	UPDATE source
	SET item_hashes = $2, warnings = $3, feed = $4, recent = $5, articles = articles + $6,
		revision = CASE WHEN $7 > 0 THEN $7 ELSE revision END,
		changed_at = CASE WHEN $7 > 0 AND $8 > changed_at THEN $8 ELSE changed_at END
	WHERE slug = $1`

func (w *writer) pull(p news.Pull) (news.Saved, error) {
	if p.Pushed {
		return w.pushed(p)
	}
	saved, err := w.pulled(p)
	if err != nil {
		return saved, err
	}
	if p.Gone {
		return saved, forgetPush(w.ctx, w.tx, p.Source)
	}
	if err := w.offer(p); err != nil {
		return saved, err
	}
	return saved, w.checked(p, saved)
}

func (w *writer) pulled(p news.Pull) (news.Saved, error) {
	manners := ""
	if !reflect.ValueOf(p.Manners).IsZero() {
		manners = asJSON(p.Manners)
	}
	next := p.NextDue
	if p.Rest.After(next) {
		next = p.Rest
	}
	res, err := w.exec(endPull, string(p.Source), micros(next), micros(p.At),
		p.Validators.ETag, p.Validators.LastModified, int64(p.Validators.BodyHash),
		flag(p.Outcome != news.OutcomeFailed), p.Fault, manners, flag(p.Gone), news.Host(p.Manners.Address), p.Reading, flag(p.Spared))
	if err != nil {
		return news.Saved{}, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return news.Saved{}, errors.Join(err, ErrNoSource)
	}
	if p.Outcome != news.OutcomeChanged {
		return news.Saved{}, w.examine(p, nil, 0)
	}
	saved, fresh, renamed, err := w.articles(p)
	if err == nil {
		err = w.examine(p, fresh, renamed)
	}
	if err != nil {
		return saved, err
	}
	feed, warnings := asJSON(p.Feed), ""
	if len(p.Warnings) > 0 {
		warnings = asJSON(p.Warnings)
	}
	recent, err := w.recent(p, saved)
	if err != nil {
		return saved, err
	}
	_, err = w.exec(readPull, string(p.Source), packHashes(p.ItemHashes), warnings, feed, recent,
		saved.New, int64(saved.Revision), micros(p.At))
	return saved, err
}

// flag is a truth as both databases keep it.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// asJSON writes values of our own types, which cannot fail.
func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: " + err.Error())
	}
	return string(b)
}

// recentTimes is how many publication times tell a source's rhythm.
const recentTimes = 10

const recentOf = `
	SELECT recent
	FROM source
	WHERE slug = $1`

// recent are the source's newest publication times after this pull.
func (w *writer) recent(p news.Pull, saved news.Saved) (string, error) {
	var old string
	if err := w.queryRow(recentOf, string(p.Source)).Scan(&old); err != nil || saved.New == 0 {
		return old, err
	}
	times := unpackTimes(old)
	for _, a := range p.Articles {
		if a.Published.Basis != news.FirstSeen && !slices.ContainsFunc(times, a.Published.At.Equal) {
			times = append(times, a.Published.At)
		}
	}
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	return packTimes(times[:min(len(times), recentTimes)]), nil
}
