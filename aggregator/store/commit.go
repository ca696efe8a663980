package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"copydesk/aggregator/news"
)

// groupSize is how many saves may share a transaction.
const groupSize = 32

// A save is a pull on its way into the database.
type save struct {
	ctx   context.Context
	pull  news.Pull
	saved news.Saved
	done  chan error
}

// SavePull stores the result of one pull in one transaction: articles that are
// new or changed, the old versions as history, placements, the source's state.
// Saves that arrive together share a commit; each is stored whole or not at
// all.
func (s *Store) SavePull(ctx context.Context, pull news.Pull) (news.Saved, error) {
	sv := &save{ctx: ctx, pull: pull, done: make(chan error, 1)}
	select {
	case s.saves <- sv:
	case <-ctx.Done():
		return news.Saved{}, ctx.Err()
	case <-s.closed:
		return news.Saved{}, fmt.Errorf("save pull of %s: the store is closed", pull.Source)
	}
	select {
	case err := <-sv.done:
		if err != nil {
			return news.Saved{}, fmt.Errorf("save pull of %s: %w", pull.Source, err)
		}
		return sv.saved, nil
	case <-s.closed: // what was taken is still answered
		select {
		case err := <-sv.done:
			return sv.saved, err
		default:
			return news.Saved{}, fmt.Errorf("save pull of %s: the store is closing", pull.Source)
		}
	}
}

// commitLoop is the one committer: it takes what waits and commits it
// together.
func (s *Store) commitLoop() {
	for {
		select {
		case first := <-s.saves:
			s.commit(s.group(first))
		case <-s.closed:
			return
		}
	}
}

// company is how long a save waits for others to share its commit. Each commit
// writes the same pages of the indexes again, so two together cost less than
// two alone.
const company = 25 * time.Millisecond

func (s *Store) group(first *save) []*save {
	group := []*save{first}
	patience := time.NewTimer(company)
	defer patience.Stop()
	for len(group) < groupSize {
		select {
		case next := <-s.saves:
			group = append(group, next)
		case <-patience.C:
			return group
		case <-s.closed:
			return group
		}
	}
	return group
}

// commit stores a group together; where that fails, each alone, so that one
// bad pull costs no other.
func (s *Store) commit(group []*save) {
	err := s.saveAll(group)
	if err == nil || len(group) == 1 {
		for _, sv := range group {
			sv.done <- err
		}
		return
	}
	for _, sv := range group {
		sv.done <- s.saveAll([]*save{sv})
	}
}

// saveAll ignores that a caller has gone: what was handed over is stored.
func (s *Store) saveAll(group []*save) error {
	ctx := context.WithoutCancel(group[0].ctx)
	return s.inTx(ctx, func(tx *sql.Tx) error {
		w := writer{ctx: ctx, tx: tx, store: s}
		if err := w.lockFollowed(group); err != nil {
			return err
		}
		for _, sv := range group {
			saved, err := w.pull(sv.pull)
			if err != nil {
				return err
			}
			sv.saved = saved
		}
		return w.finish()
	})
}

// lockFollowed locks the sources of a group whose pages are read, before any
// revision is taken: a page that is being saved holds its source and then wants
// a revision, and must not wait for a group that holds that and wants the
// source. They are locked in order, for the same reason.
func (w *writer) lockFollowed(group []*save) error {
	var slugs []news.Slug
	for _, sv := range group {
		if sv.pull.Merge != nil {
			slugs = append(slugs, sv.pull.Source)
		}
	}
	slices.Sort(slugs)
	for _, slug := range slices.Compact(slugs) {
		if _, err := w.exec(lockSource, string(slug)); err != nil {
			return err
		}
	}
	return nil
}
