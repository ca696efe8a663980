package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"copydesk/aggregator/news"
)

// A Job is work that a change makes necessary.
type Job struct {
	Kind    string
	Subject string
}

// The kinds of job that the store asks for. Whoever works them may ask for
// others.
const (
	JobRank    = "rank"    // subject: a channel; stores the order of a ranked one
	JobRefile  = "refile"  // subject: a channel; places what is stored by its new rule
	JobSign    = "sign"    // subject: a source; credits what is stored as the operator teaches by now
	JobRenew   = "renew"   // subject: a source; asks its hub for what its subscription wants
	JobAlert   = "alert"   // subject: AlertSubject; tells the operator of an alert
	JobIndex   = "index"   // makes findable what was stored before it could be
	JobFollow  = "follow"  // subject: an article; reads its page
	JobVerify  = "verify"  // asks callbacks whether they mean what our hub was asked for
	JobDeliver = "deliver" // subject: a feed's address; brings its subscribers what is new to them
)

// jobsOf is a job of one kind for each subject.
func jobsOf(kind string, subjects []string) []Job {
	out := make([]Job, len(subjects))
	for i, subject := range subjects {
		out[i] = Job{Kind: kind, Subject: subject}
	}
	return out
}

// job asks for one when the transaction ends.
func (w *writer) job(kind string, subject news.Slug) {
	if j := (Job{Kind: kind, Subject: string(subject)}); !slices.Contains(w.jobs, j) {
		w.jobs = append(w.jobs, j)
	}
}

func (s *Store) queue(ctx context.Context, tx *sql.Tx, list ...Job) error {
	if s.enqueue == nil || len(list) == 0 {
		return nil
	}
	return s.enqueue(ctx, tx, list)
}

// Queue queues jobs in a transaction of their own.
func (s *Store) Queue(ctx context.Context, list ...Job) error {
	if len(list) == 0 {
		return nil
	}
	err := s.inTx(ctx, func(tx *sql.Tx) error { return s.queue(ctx, tx, list...) })
	if err != nil {
		return fmt.Errorf("queue %d jobs: %w", len(list), err)
	}
	return nil
}
