package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// putPlacement leaves out a channel that the store does not have, or has retired:
// a config has just changed, and its channels will be filed anew.
const putPlacement = `
	INSERT INTO placement (channel, article, source, rule, published, updated, revision)
	SELECT slug, $2, $3, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($7 AS BIGINT)
	FROM channel
	WHERE slug = $1 AND retired = 0
	ON CONFLICT (article, channel) DO UPDATE
	SET rule = excluded.rule, updated = excluded.updated,
		revision = CASE WHEN excluded.updated <> placement.updated AND excluded.revision > placement.revision
			THEN excluded.revision ELSE placement.revision END`

const placedIn = `
	SELECT channel
	FROM placement
	WHERE article = $1 AND pinned = 0`

const takeOut = `
	DELETE FROM placement
	WHERE channel = $1 AND article = $2 AND pinned = 0`

// tellAgain has a correction told on a shelf which has told the article and on which it
// stands, or stands again, also where an edition has no room for it.
const tellAgain = `
	UPDATE told
	SET updated = $4, revision = $5
	WHERE kind = $1 AND slug = $2 AND article = $3 AND updated <> $4`

func (w *writer) tellAgain(shelf news.Shelf, a *news.Article, revision news.Revision) error {
	_, err := w.exec(tellAgain, string(shelf.Kind), string(shelf.Slug), string(a.Key), micros(a.Updated), int64(revision))
	return err
}

// place puts an article that is new or changed where it belongs now, and gives
// each channel that it enters, changes in or leaves its revision.
func (w *writer) place(a *news.Article, p news.Pull, isNew bool) error {
	var wanted []news.Placement
	if p.Place != nil {
		wanted = p.Place(a)
	}
	var had []news.Slug
	if !isNew {
		var err error
		if had, err = w.channelsOf(a.Key); err != nil {
			return err
		}
	}
	for _, pl := range wanted {
		there, err := w.put(a, pl, a.Revision)
		if err != nil {
			return err
		}
		if !there { // nor does it stay there as it was
			continue
		}
		had = slices.DeleteFunc(had, func(ch news.Slug) bool { return ch == pl.Channel })
		w.enter(pl.Channel, a, a.Revision, p.At)
		if isNew {
			continue
		}
		if err := w.tellAgain(news.Shelf{Kind: news.ChannelShelf, Slug: pl.Channel}, a, a.Revision); err != nil {
			return err
		}
	}
	for _, ch := range had {
		if _, err := w.exec(takeOut, string(ch), string(a.Key)); err != nil {
			return err
		}
		w.touch(ch, a.Revision, p.At)
	}
	return nil
}

// put reports that there is such a channel.
func (w *writer) put(a *news.Article, pl news.Placement, revision news.Revision) (there bool, err error) {
	res, err := w.exec(putPlacement, string(pl.Channel), string(a.Key), string(a.Source), pl.Rule,
		micros(a.Published.At), micros(a.Updated), int64(revision))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func (w *writer) channelsOf(key news.Key) ([]news.Slug, error) {
	return texts[news.Slug](w.query(placedIn, string(key)))
}

// refile brings one article's membership in a channel in line with what is
// wanted now.
func (w *writer) refile(r refiling, a *news.Article) (changed bool, err error) {
	had, err := w.channelsOf(a.Key)
	if err != nil {
		return false, err
	}
	wanted, placed := r.wanted(a), slices.Contains(had, r.channel)
	switch {
	case len(wanted) > 0 && placed:
		_, err := w.put(a, wanted[0], 0)
		return false, err
	case len(wanted) == 0 && !placed:
		return false, nil
	}
	revision, err := w.next()
	if err != nil {
		return false, err
	}
	if len(wanted) > 0 {
		w.enter(r.channel, a, revision, r.at)
		if _, err := w.put(a, wanted[0], revision); err != nil {
			return true, err
		}
		return true, w.tellAgain(news.Shelf{Kind: news.ChannelShelf, Slug: r.channel}, a, revision)
	}
	w.touch(r.channel, revision, r.at)
	_, err = w.exec(takeOut, string(r.channel), string(a.Key))
	return true, err
}

const newest = `
	SELECT article, source, rule, published, updated, rank, pinned, revision, 0
	FROM placement
	WHERE channel = $1
	ORDER BY pinned DESC, published DESC, article
	LIMIT $2`

const ranked = `
	SELECT article, source, rule, published, updated, rank, pinned, revision, (SELECT revision FROM channel WHERE slug = $1)
	FROM placement
	WHERE channel = $1 AND rank > 0
	ORDER BY pinned DESC, rank, article
	LIMIT $2`

const ofSource = `
	SELECT key, source, '', published, updated, 0, 0, CASE since WHEN 0 THEN revision ELSE since END, 0
	FROM article
	WHERE source = $1 AND withdrawn = 0
	ORDER BY published DESC, key DESC
	LIMIT $2`

// Placements lists at most n of a shelf in its order, without text.
func (s *Store) Placements(ctx context.Context, shelf news.Shelf, n int) ([]news.Placement, error) {
	query := newest
	switch shelf.Kind {
	case news.SourceShelf:
		query = ofSource
	case news.AuthorShelf:
		query = ofAuthor
	case news.SectionShelf:
		query = ofSection
	default:
		var isRanked int
		err := s.read.QueryRowContext(ctx, `
			SELECT ranked
			FROM channel
			WHERE slug = $1`, string(shelf.Slug)).Scan(&isRanked)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		if isRanked != 0 {
			query = ranked
		}
	}
	rows, err := s.read.QueryContext(ctx, query, string(shelf.Slug), n)
	out, err := scanPlacements(rows, err, shelf.Slug)
	if err != nil {
		return nil, fmt.Errorf("list %s %s: %w", shelf.Kind, shelf.Slug, err)
	}
	return out, nil
}

func scanPlacements(rows *sql.Rows, err error, ch news.Slug) ([]news.Placement, error) {
	return collect(rows, err, func(scan scanFunc) (news.Placement, error) {
		p := news.Placement{Channel: ch}
		var published, updated int64
		var pinned int
		err := scan(&p.Article, &p.Source, &p.Rule, &published, &updated, &p.Rank, &pinned, &p.Revision, &p.Ordered)
		p.Published, p.Updated, p.Pinned = moment(published), moment(updated), pinned != 0
		return p, err
	})
}

// settle ends the edit by which a channel got an order of its own: what the first one
// brings up is of the edit.
const settle = `
	UPDATE channel
	SET settling = 0, shown = CASE WHEN $2 THEN '' ELSE shown END
	WHERE slug = $1 AND settling > 0`

const (
	rankWindow     = 14 * 24 * time.Hour // older articles are not ranked
	rankCandidates = 1000
)

// Rank stores the order that order gives to a ranked channel's newest
// articles. It reports whether the order changed; only then does it take a
// revision.
func (s *Store) Rank(ctx context.Context, ch news.Slug, at time.Time, order func([]news.Placement) []news.Key) (changed bool, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT article, source, rule, published, updated, rank, pinned, revision, 0
			FROM placement
			WHERE channel = $1 AND published > $2
			ORDER BY published DESC, article
			LIMIT $3`, string(ch), micros(at.Add(-rankWindow)), rankCandidates)
		list, err := scanPlacements(rows, err, ch)
		if err != nil {
			return err
		}
		w := writer{ctx: ctx, tx: tx, store: s}
		changed, err = w.rank(ch, list, order(list))
		if err != nil {
			return err
		}
		oldest := news.Placement{Published: at.Add(-rankWindow)}
		if len(list) == rankCandidates {
			oldest = list[len(list)-1]
		}
		outranked, err := w.outrank(ch, oldest)
		if err != nil {
			return err
		}
		changed = changed || outranked
		if _, err := tx.ExecContext(ctx, settle, string(ch), changed); err != nil || !changed {
			return err
		}
		w.touch(ch, w.revision, at)
		if err := w.touchChannels(); err != nil {
			return err
		}
		w.touched, w.jobs = nil, nil // a new order does not ask for another
		return w.finish()
	})
	if err != nil {
		return false, fmt.Errorf("rank channel %s: %w", ch, err)
	}
	return changed, nil
}

// outranked is what was ranked once and stands behind the oldest that is.
const outranked = `
	channel = $1 AND pinned = 0 AND rank > 0 AND rank <= $2 AND (published < $3 OR published = $3 AND article > $4)`

// outrank puts that behind all places that are given, the newest first.
func (w *writer) outrank(ch news.Slug, oldest news.Placement) (changed bool, err error) {
	args := []any{string(ch), rankCandidates, micros(oldest.Published), string(oldest.Article)}
	var n int
	err = w.tx.QueryRowContext(w.ctx, `SELECT count(*) FROM placement WHERE`+outranked, args...).Scan(&n)
	if err != nil || n == 0 {
		return false, err
	}
	if w.revision == 0 { // before anything is written
		if _, err := w.next(); err != nil {
			return true, err
		}
	}
	_, err = w.tx.ExecContext(w.ctx, `UPDATE placement SET rank = $5 - published WHERE`+outranked, append(args, int64(1)<<62)...)
	return true, err
}

// rankOne stands an article in an order of its own since it has a place there: until
// then no print had it. What was there before a channel got that order stands as it did.
const rankOne = `
	UPDATE placement
	SET rank = $3, revision = CASE
		WHEN rank = 0 AND revision > (SELECT settling FROM channel WHERE slug = $1) THEN $4
		ELSE revision END
	WHERE channel = $1 AND article = $2`

// rank writes the places that differ, at one revision.
func (w *writer) rank(ch news.Slug, list []news.Placement, keys []news.Key) (changed bool, err error) {
	place := make(map[news.Key]int, len(keys))
	for i, k := range keys {
		place[k] = i + 1
	}
	for _, p := range list {
		if place[p.Article] == p.Rank {
			continue
		}
		if !changed {
			if _, err := w.next(); err != nil {
				return false, err
			}
		}
		changed = true
		if _, err := w.tx.ExecContext(w.ctx, rankOne, string(ch), string(p.Article), place[p.Article], int64(w.revision)); err != nil {
			return changed, err
		}
	}
	return changed, nil
}
