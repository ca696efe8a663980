package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// filing is a fingerprint of what decides membership in a channel.
func filing(ch news.Channel) string { return fingerprint(ch.Sources, ch.Where) }

const addChannel = `
	INSERT INTO channel (slug, filing, settings, ranked, sources, revision, changed_at, settling)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

const changeChannel = `
	UPDATE channel
	SET settling = CASE WHEN ranked = 0 THEN $8 ELSE settling END,
		shown = CASE WHEN ranked = 0 THEN '' ELSE shown END,
		filing = $2, settings = $3, ranked = $4, sources = $5, revision = $6, changed_at = $7, retired = 0
	WHERE slug = $1`

const retireChannel = `
	UPDATE channel
	SET retired = 1
	WHERE slug = $1`

type knownChannel struct {
	filing, settings string
	retired          int
}

// SyncChannels brings the stored channels in line with the config. A channel
// whose membership is decided anew is refiled by a job; one that only looks
// different is printed again; one that is gone is retired: nothing enters it any
// more, but its archive was sent to be kept for ever, and goes on where it ended
// when the channel comes back. What stood in it and has not changed meanwhile
// stands in it then as before, and is not told as new.
func (s *Store) SyncChannels(ctx context.Context, at time.Time, list []news.Channel) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		w := writer{ctx: ctx, tx: tx, store: s}
		known, err := channelsIn(ctx, tx)
		if err != nil {
			return err
		}
		for _, ch := range list {
			if err := w.syncChannel(at, ch, known); err != nil {
				return fmt.Errorf("channel %s: %w", ch.Slug, err)
			}
			delete(known, ch.Slug)
		}
		for slug, k := range known {
			if k.retired != 0 {
				continue
			}
			if _, err := w.next(); err != nil { // nobody is amid placing something in it
				return err
			}
			if _, err := tx.ExecContext(ctx, retireChannel, string(slug)); err != nil {
				return err
			}
		}
		return w.finish()
	})
	if err != nil {
		return fmt.Errorf("bring channels in line with the config: %w", err)
	}
	return nil
}

func channelsIn(ctx context.Context, tx *sql.Tx) (map[news.Slug]knownChannel, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT slug, filing, settings, retired
		FROM channel`)
	return keyed(rows, err, func(scan scanFunc) (slug news.Slug, k knownChannel, err error) {
		err = scan(&slug, &k.filing, &k.settings, &k.retired)
		return slug, k, err
	})
}

func (w *writer) syncChannel(at time.Time, ch news.Channel, known map[news.Slug]knownChannel) error {
	now := knownChannel{filing: filing(ch), settings: fingerprint(ch.Title, ch.Description, ch.Language, ch.Order, ch.Limit, ch.PerSource)}
	old, exists := known[ch.Slug]
	if exists && old == now {
		return nil
	}
	revision, err := w.next()
	if err != nil {
		return err
	}
	query := addChannel
	if exists {
		query = changeChannel
	}
	ranked, settling := 0, news.Revision(0)
	if ch.Order == news.Top {
		ranked, settling = 1, revision
		w.job(JobRank, ch.Slug)
	}
	if old.filing != now.filing || old.retired != 0 {
		w.job(JobRefile, ch.Slug)
	}
	_, err = w.tx.ExecContext(w.ctx, query, string(ch.Slug), now.filing, now.settings, ranked, asJSON(ch.Sources), int64(revision), micros(at), int64(settling))
	return err
}

const touchChannel = `
	UPDATE channel
	SET revision = $2, changed_at = CASE WHEN $3 > changed_at THEN $3 ELSE changed_at END,
		entries = entries + $4
	WHERE slug = $1 AND retired = 0
	RETURNING ranked, entries`

// touch notes a change on a channel.
func (w *writer) touch(ch news.Slug, revision news.Revision, at time.Time) *touch {
	if w.touched == nil {
		w.touched = map[news.Slug]*touch{}
	}
	t := w.touched[ch]
	if t == nil {
		t = &touch{}
		w.touched[ch] = t
	}
	t.revision, t.at = revision, at
	return t
}

// enter notes that an article came into a channel, or changed in it.
func (w *writer) enter(ch news.Slug, a *news.Article, revision news.Revision, at time.Time) {
	t := w.touch(ch, revision, at)
	t.entered = append(t.entered, entered{a.Key, a.Revision})
}

// touchChannels gives each channel that changed the revision of its newest
// change, adds to its archive, and asks for a new order where one is kept.
// Channels go in order, so that two nodes never wait for each other.
func (w *writer) touchChannels() error {
	for _, ch := range slices.Sorted(maps.Keys(w.touched)) {
		t := w.touched[ch]
		var ranked, entries int
		err := w.queryRow(touchChannel, string(ch), int64(t.revision), micros(t.at), len(t.entered)).Scan(&ranked, &entries)
		if errors.Is(err, sql.ErrNoRows) { // the config lost it meanwhile
			continue
		}
		if err != nil {
			return err
		}
		for i, en := range t.entered {
			if _, err := w.exec(addEntry, string(ch), entries-len(t.entered)+i+1, string(en.article), int64(en.version)); err != nil {
				return err
			}
		}
		if ranked != 0 {
			w.job(JobRank, ch)
		}
	}
	return nil
}

const touchedSince = `
	SELECT 'channels', slug, revision, changed_at
	FROM channel
	WHERE revision > $1 AND retired = 0
	UNION ALL
	SELECT 'sources', slug, revision, changed_at
	FROM source
	WHERE revision > $1`

// Touched lists the shelves that have changed since a revision.
func (s *Store) Touched(ctx context.Context, since news.Revision) ([]news.Touched, error) {
	rows, err := s.touched.QueryContext(ctx, int64(since))
	return collect(rows, err, func(scan scanFunc) (t news.Touched, err error) {
		var changed int64
		err = scan(&t.Shelf.Kind, &t.Shelf.Slug, &t.Revision, &changed)
		t.At = moment(changed)
		return t, err
	})
}

// refileChunk is how many articles one transaction of a refile looks at, so
// that pulls are not kept waiting.
const refileChunk = 500

const someArticles = `
	SELECT ` + articleColumns + `
	FROM article
	WHERE key > $1 AND withdrawn = 0
	ORDER BY key
	LIMIT $2`

// Refile decides anew who stands in a channel: place is asked about every
// stored article of its sources. It reports whether the channel changed. Done
// again, it changes nothing.
func (s *Store) Refile(ctx context.Context, ch news.Slug, at time.Time, place func(*news.Article) []news.Placement) (bool, error) {
	sources, ok, err := s.channelSources(ctx, ch)
	if err != nil || !ok {
		return false, err
	}
	changed := false
	for after := news.Key(""); ; {
		r := refiling{channel: ch, sources: sources, at: at, place: place, after: after}
		part, err := s.refileSome(ctx, r)
		if err != nil {
			return changed, fmt.Errorf("refile channel %s: %w", ch, err)
		}
		changed = changed || part.changed
		if part.last == "" {
			return changed, nil
		}
		after = part.last
	}
}

func (s *Store) channelSources(ctx context.Context, ch news.Slug) (sources []news.Slug, ok bool, err error) {
	var text string
	err = s.read.QueryRowContext(ctx, `
		SELECT sources
		FROM channel
		WHERE slug = $1 AND retired = 0`, string(ch)).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) { // gone from the config since the job was made
		return nil, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &sources)
	}
	return sources, err == nil, err
}

// A refiling is one chunk of a channel's new filing.
type refiling struct {
	channel news.Slug
	sources []news.Slug // nil means all
	at      time.Time
	place   func(*news.Article) []news.Placement
	after   news.Key // the last one that was looked at
}

type refiled struct {
	changed bool
	last    news.Key // empty when there were no more
}

// refileSome reads and decides in one transaction, so that a pull in between
// cannot be overruled by what the article said before.
func (s *Store) refileSome(ctx context.Context, r refiling) (out refiled, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		list, err := articlesAfter(ctx, tx, r.after)
		if err != nil || len(list) == 0 {
			return err
		}
		out.last = list[len(list)-1].Key
		w := writer{ctx: ctx, tx: tx, store: s}
		for i := range list {
			moved, err := w.refile(r, &list[i])
			if err != nil {
				return err
			}
			out.changed = out.changed || moved
		}
		if !out.changed {
			return nil
		}
		return w.finish()
	})
	return out, err
}

func (r refiling) wanted(a *news.Article) []news.Placement {
	if r.sources != nil && !slices.Contains(r.sources, a.Source) {
		return nil
	}
	return slices.DeleteFunc(r.place(a), func(p news.Placement) bool { return p.Channel != r.channel })
}

func articlesAfter(ctx context.Context, tx *sql.Tx, after news.Key) ([]news.Article, error) {
	return scanArticles(tx.QueryContext(ctx, someArticles, string(after), refileChunk))
}
