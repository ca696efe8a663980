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

// hostLock is an arbitrary number that all nodes agree on.
const hostLock = 7_063_318

// lockHosts lets one node at a time claim by hosts: two that did it at once
// would see the same hosts free, and wait for each other's rows. SQLite has one
// writer anyway.
func (s *Store) lockHosts(ctx context.Context, tx *sql.Tx, gap time.Duration) error {
	if !s.postgres || gap == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(hostLock))
	return err
}

// space keeps the hosts of what was claimed, one source of each, busy for a gap.
// What a page or a redirect has been quicker to take is given up.
func (s *Store) space(ctx context.Context, tx *sql.Tx, due []news.Due, now time.Time, gap time.Duration) ([]news.Due, error) {
	slugs := make([]string, len(due))
	for i, d := range due {
		slugs[i] = string(d.Slug)
	}
	hosts, err := texts[string](tx.QueryContext(ctx, `
		INSERT INTO host (name, free_at)
		SELECT host, CAST($2 AS BIGINT)
		FROM source
		WHERE slug IN (`+marks(3, len(slugs))+`)
		ON CONFLICT (name) DO UPDATE SET free_at = excluded.free_at
		WHERE host.free_at <= $1
		RETURNING name`, anys(micros(now), micros(now.Add(gap)), slugs)...))
	if err != nil || len(hosts) == len(due) {
		return due, err
	}
	lost, err := texts[string](tx.QueryContext(ctx, `
		UPDATE source
		SET lease_until = 0
		WHERE slug IN (`+marks(1, len(slugs))+`) AND host NOT IN (`+marks(1+len(slugs), len(hosts)+1)+`)
		RETURNING slug`, anys(slugs, hosts, "")...))
	return slices.DeleteFunc(due, func(d news.Due) bool { return slices.Contains(lost, string(d.Slug)) }), err
}

// anys are arguments, with lists of texts laid out.
func anys(args ...any) (out []any) {
	for _, arg := range args {
		list, ok := arg.([]string)
		if !ok {
			out = append(out, arg)
		}
		for _, text := range list {
			out = append(out, text)
		}
	}
	return out
}

// Reserve takes the next free slot of a host and says when it begins: now, or
// gap after the slot before it.
func (s *Store) Reserve(ctx context.Context, host string, now time.Time, gap time.Duration) (time.Time, error) {
	var free int64
	err := s.write.QueryRowContext(ctx, `
		INSERT INTO host (name, free_at)
		VALUES ($1, CAST($2 AS BIGINT) + CAST($3 AS BIGINT))
		ON CONFLICT (name) DO UPDATE
		SET free_at = CASE WHEN host.free_at > $2 THEN host.free_at ELSE $2 END + $3
		RETURNING free_at`, host, micros(now), gap.Microseconds()).Scan(&free)
	if err != nil {
		return time.Time{}, fmt.Errorf("reserve a slot of %s: %w", host, err)
	}
	return moment(free).Add(-gap), nil
}

// LeaveAlone keeps a host busy until a moment, as it asked for. One that is busy
// for longer stays so.
func (s *Store) LeaveAlone(ctx context.Context, host string, until time.Time) error {
	_, err := s.write.ExecContext(ctx, `
		INSERT INTO host (name, free_at)
		VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET free_at = excluded.free_at
		WHERE host.free_at < excluded.free_at`, host, micros(until))
	if err != nil {
		return fmt.Errorf("leave %s alone: %w", host, err)
	}
	return nil
}

// waiting is for how long after its due time a source is given way to: one that
// has been due for longer is not about to be pulled.
const waiting = time.Minute

const spareSlot = `
	INSERT INTO host (name, free_at)
	SELECT CAST($1 AS TEXT), CAST($3 AS BIGINT)
	WHERE NOT EXISTS (
		SELECT 1
		FROM source
		WHERE host = $1 AND state = 'active' AND next_due <= $2 AND next_due > $4 AND lease_until <= $2)
	ON CONFLICT (name) DO UPDATE SET free_at = excluded.free_at
	WHERE host.free_at <= $2
	RETURNING free_at`

const freeAt = `
	SELECT free_at
	FROM host
	WHERE name = $1`

// Spare takes a slot of a host that begins now, if it is free and none of its
// sources waits for it; else it says when to ask again. Whoever has many
// questions takes spare slots, so that they do not keep out the few.
func (s *Store) Spare(ctx context.Context, host string, now time.Time, gap time.Duration) (again time.Time, ok bool, err error) {
	if gap <= 0 { // hosts are not counted
		return now, true, nil
	}
	var free int64
	err = s.write.QueryRowContext(ctx, spareSlot, host, micros(now), micros(now.Add(gap)), micros(now.Add(-waiting))).Scan(&free)
	if err == nil {
		return now, true, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = s.read.QueryRowContext(ctx, freeAt, host).Scan(&free)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, fmt.Errorf("find a spare slot of %s: %w", host, err)
	}
	if again = moment(free); !again.After(now) {
		again = now.Add(gap)
	}
	return again, false, nil
}
