package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

const dueColumns = `slug, etag, last_modified, body_hash, item_hashes, recent, failures, last_pull, last_success, next_due, manners, health, settings,
		(SELECT topic FROM push WHERE push.source = slug)`

// proven is 1 of a source whose last pull was good.
const proven = `CASE WHEN source.failures = 0 AND source.last_success > 0 THEN 1 ELSE 0 END`

// claimAny leases due sources, oldest first.
const claimAny = `
	UPDATE source
	SET lease_until = $1
	WHERE slug IN (
		SELECT slug
		FROM source
		WHERE state = 'active' AND next_due <= $2 AND lease_until <= $2 AND ` + proven + ` = $4
		ORDER BY next_due, slug
		LIMIT $3
		%s)
	RETURNING ` + dueColumns

// claimSpaced leases at most one source of each host that is free: the one that
// has waited longest, where it is of the kind that is asked for. Those of the
// other kind have their turns in between ($5 is 1), or none.
const claimSpaced = `
	UPDATE source
	SET lease_until = $1
	WHERE slug IN (
		SELECT slug
		FROM source
		WHERE slug IN (
			SELECT slug
			FROM (
				SELECT source.slug, source.next_due, ` + proven + ` AS proven,
					row_number() OVER (PARTITION BY source.host ORDER BY source.next_due, source.slug) AS nth
				FROM source
				LEFT JOIN host ON host.name = source.host
				WHERE source.state = 'active' AND source.next_due <= $2 AND source.lease_until <= $2
					AND (host.free_at IS NULL OR host.free_at <= $2) AND (` + proven + ` = $4 OR $5 = 1)
			) AS waiting
			WHERE nth = 1 AND proven = $4
			ORDER BY next_due, slug
			LIMIT $3)
		%s)
	RETURNING ` + dueColumns

// skipLocked lets several nodes claim at once; SQLite has one writer and no
// such words.
func (s *Store) skipLocked(query string) string {
	if s.postgres {
		return fmt.Sprintf(query, "FOR UPDATE SKIP LOCKED")
	}
	return fmt.Sprintf(query, "")
}

// nextDue is when another source may be claimed, one that is proven where no
// other may.
const nextDue = `
	SELECT min(CASE WHEN next_due > lease_until THEN next_due ELSE lease_until END)
	FROM source
	WHERE state = 'active' AND ` + proven + ` >= $1`

const nextFree = `
	SELECT min(CASE WHEN coalesce(host.free_at, 0) > source.next_due THEN host.free_at ELSE source.next_due END)
	FROM source
	LEFT JOIN host ON host.name = source.host
	WHERE source.state = 'active' AND source.lease_until <= $1 AND ` + proven + ` >= $2`

// Claim leases due sources, those that are proven first; with a gap, at most
// one of each host, whose sources take turns, proven or not, so that none of
// them starves while the others keep the host busy. It tells when to ask again.
func (s *Store) Claim(ctx context.Context, call news.Call) (due []news.Due, next time.Time, err error) {
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if err := s.lockHosts(ctx, tx, call.Gap); err != nil {
			return err
		}
		var err error
		if due, err = s.claim(ctx, tx, call, call.Most, 1, flag(call.Doubtful > 0)); err != nil {
			return err
		}
		doubtful, err := s.claim(ctx, tx, call, min(call.Most-len(due), call.Doubtful), 0, 1)
		if err != nil {
			return err
		}
		due = append(due, doubtful...)
		if call.Gap > 0 && call.Doubtful > 0 && len(doubtful) == call.Doubtful { // hosts whose turn was a doubtful source's without room
			others, err := s.claim(ctx, tx, call, call.Most-len(due), 1, 0)
			if err != nil {
				return err
			}
			due = append(due, others...)
		}
		if len(due) == call.Most {
			next = call.Now
			return nil
		}
		next, err = s.next(ctx, tx, call, flag(len(doubtful) == call.Doubtful))
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("claim due sources: %w", err)
	}
	slices.SortFunc(due, func(a, b news.Due) int { return a.DueAt.Compare(b.DueAt) })
	return due, next, nil
}

// claim leases at most n sources of one kind, proven or not. With turns, a host
// whose oldest due source is of the other kind waits for that one.
func (s *Store) claim(ctx context.Context, tx *sql.Tx, call news.Call, n, proven, turns int) ([]news.Due, error) {
	if n == 0 {
		return nil, nil
	}
	query, args := s.skipLocked(claimAny), []any{micros(call.Now.Add(call.Lease)), micros(call.Now), n, proven}
	if call.Gap > 0 {
		query, args = s.skipLocked(claimSpaced), append(args, turns)
	}
	due, err := scanDue(s.statement(tx, query).QueryContext(ctx, args...))
	if err != nil || len(due) == 0 {
		return due, err
	}
	if err := withPushes(ctx, tx, due); err != nil || call.Gap == 0 {
		return due, err
	}
	return s.space(ctx, tx, due, call.Now, call.Gap)
}

// next is when a source may be claimed again, that is at least so proven.
func (s *Store) next(ctx context.Context, tx *sql.Tx, call news.Call, proven int) (time.Time, error) {
	var us sql.NullInt64
	if err := s.statement(tx, nextDue).QueryRowContext(ctx, proven).Scan(&us); err != nil {
		return time.Time{}, err
	}
	if call.Gap > 0 {
		var free sql.NullInt64
		if err := s.statement(tx, nextFree).QueryRowContext(ctx, micros(call.Now), proven).Scan(&free); err != nil {
			return time.Time{}, err
		}
		if free.Valid && us.Valid && us.Int64 <= micros(call.Now) {
			us = free
		}
	}
	return moment(us.Int64), nil
}

const (
	// aheadAtMost is how far ahead of our clock a pull may have been made, by a node
	// whose clock differs, and for how long a host is left alone at most.
	aheadAtMost = time.Hour + time.Minute

	// claimedAtMost is longer than any claim: of all sources of a host, in one go.
	claimedAtMost = 24 * time.Hour
)

// ForgetFuture frees what was put off by a clock that has been set back since: sources
// that were pulled in what is the future now are due, and hosts may be asked.
func (s *Store) ForgetFuture(ctx context.Context, now time.Time) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			UPDATE source
			SET next_due = $1, lease_until = 0
			WHERE last_pull > $2 OR lease_until > $3`, micros(now), micros(now.Add(aheadAtMost)), micros(now.Add(claimedAtMost))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			DELETE FROM host
			WHERE free_at > $1`, micros(now.Add(aheadAtMost)))
		return err
	})
	if err != nil {
		return fmt.Errorf("forget what lies in the future: %w", err)
	}
	return nil
}

// catchUp is how far apart sources begin that all came due while nobody pulled.
const catchUp = 20 * time.Millisecond

// SpreadOverdue gives sources that are overdue by more than a minute moments of
// their own from now on, the longest overdue first, so that they do not all
// begin at once after a pause.
func (s *Store) SpreadOverdue(ctx context.Context, now time.Time) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		slugs, err := overdue(ctx, tx, now.Add(-time.Minute))
		if err != nil {
			return err
		}
		for i, slug := range slugs {
			if _, err := tx.ExecContext(ctx, `
				UPDATE source
				SET next_due = $2
				WHERE slug = $1`, slug, micros(now.Add(time.Duration(i)*catchUp))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("spread overdue sources: %w", err)
	}
	return nil
}

func overdue(ctx context.Context, tx *sql.Tx, before time.Time) ([]string, error) {
	return texts[string](tx.QueryContext(ctx, `
		SELECT slug
		FROM source
		WHERE state = 'active' AND next_due < $1
		ORDER BY next_due, slug`, micros(before)))
}

const claimOne = `
	UPDATE source
	SET lease_until = $1
	WHERE slug = $2 AND state IN ('active', 'gone') AND lease_until <= $3
	RETURNING ` + dueColumns

// ClaimNamed leases the named sources whether they are due or not, and those
// that are gone too: they may have come back. Those that are paused or claimed
// already are left out.
func (s *Store) ClaimNamed(ctx context.Context, now time.Time, lease time.Duration, slugs []news.Slug) ([]news.Due, error) {
	var out []news.Due
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for _, slug := range slugs {
			due, err := scanDue(s.statement(tx, claimOne).QueryContext(ctx, micros(now.Add(lease)), string(slug), micros(now)))
			if err != nil {
				return err
			}
			out = append(out, due...)
		}
		return withPushes(ctx, tx, out)
	})
	if err != nil {
		return nil, fmt.Errorf("claim sources: %w", err)
	}
	return out, nil
}

func scanDue(rows *sql.Rows, err error) ([]news.Due, error) {
	return collect(rows, err, func(scan scanFunc) (d news.Due, err error) {
		var (
			bodyHash                int64
			hashes                  []byte
			recent                  string
			lastPull, success, next int64
			manners, health         string
			topic                   sql.NullString
		)
		err = scan(&d.Slug, &d.Validators.ETag, &d.Validators.LastModified, &bodyHash, &hashes, &recent, &d.Failures, &lastPull, &success, &next, &manners, &health, &d.Reading, &topic)
		if err != nil {
			return d, err
		}
		if manners != "" {
			if err := json.Unmarshal([]byte(manners), &d.Manners); err != nil {
				return d, fmt.Errorf("manners of %s: %w", d.Slug, err)
			}
		}
		if d.Health, err = readHealth(health); err != nil {
			return d, fmt.Errorf("health of %s: %w", d.Slug, err)
		}
		d.Validators.BodyHash = uint64(bodyHash)
		d.Push.Offer.Topic = topic.String // withPushes reads the rest
		d.ItemHashes = unpackHashes(hashes)
		d.Recent = unpackTimes(recent)
		d.LastPull, d.DueAt = moment(lastPull), moment(next)
		d.Proven = d.Failures == 0 && success > 0
		return d, nil
	})
}

func packHashes(list []uint64) []byte {
	out := make([]byte, 0, 8*len(list))
	for _, h := range list {
		for k := range 8 {
			out = append(out, byte(h>>(8*k)))
		}
	}
	return out
}

func unpackHashes(b []byte) []uint64 {
	if len(b) < 8 {
		return nil
	}
	out := make([]uint64, len(b)/8)
	for i := range out {
		for k := range 8 {
			out[i] |= uint64(b[8*i+k]) << (8 * k)
		}
	}
	return out
}

func packTimes(list []time.Time) string {
	us := make([]int64, len(list))
	for i, t := range list {
		us[i] = micros(t)
	}
	b, err := json.Marshal(us)
	if err != nil {
		return ""
	}
	return string(b)
}

func unpackTimes(s string) []time.Time {
	var us []int64
	if s == "" || json.Unmarshal([]byte(s), &us) != nil {
		return nil
	}
	out := make([]time.Time, len(us))
	for i, u := range us {
		out[i] = moment(u)
	}
	return out
}
