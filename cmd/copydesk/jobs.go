package main

import (
	"context"
	"errors"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/schedule"
	"copydesk/aggregator/store"
	"copydesk/publisher/edition"
)

// The kinds of job that are asked for here, beside those of the store. Some of
// these come without a subject too: JobRank for all channels whose order is kept,
// JobRenew and JobFollow for all that is due. JobAlert may be of a shelf.
const (
	jobPrune    = "prune"    // drops what is older than the config keeps
	jobHub      = "hub"      // ends what is over at our hub, and sees what is to be tried again
	jobAnnounce = "announce" // subject: a shelf; tells the hub that our feeds name instead of ours
)

func (h *house) jobOptions() jobs.Options {
	return jobs.Options{
		DB:       h.store.Writer(),
		Postgres: h.store.Postgres(),
		Logger:   h.log,
		Handlers: map[string]jobs.Kind{
			store.JobRank:    {Handler: h.rank, Timeout: time.Minute},
			store.JobRefile:  {Handler: h.refile, Timeout: 30 * time.Minute},
			store.JobSign:    {Handler: h.sign, Timeout: 30 * time.Minute},
			store.JobRenew:   {Handler: h.renew, Timeout: 5 * time.Minute, Patient: true},
			store.JobAlert:   {Handler: h.alert, Timeout: time.Minute, MaxAttempts: 12},
			store.JobIndex:   {Handler: h.index, Timeout: 30 * time.Minute, Patient: true},
			store.JobFollow:  {Handler: h.follow, Timeout: 8 * time.Minute, Workers: followers},
			jobPrune:         {Handler: h.prune, Timeout: 30 * time.Minute},
			store.JobVerify:  {Handler: h.verify, Timeout: 10 * time.Minute, Workers: 1},
			store.JobDeliver: {Handler: h.deliver, Timeout: 10 * time.Minute, Workers: 4},
			jobHub:           {Handler: h.sweepHub, Timeout: 10 * time.Minute, Workers: 1},
			jobAnnounce:      {Handler: h.tellHub, Timeout: 5 * time.Minute, MaxAttempts: 8, Patient: true},
		},
		Periodic: h.periodic(),
	}
}

// The clock of the house: its specs are ours and known to be sound.
var (
	nightly, _  = schedule.Parse("17 3 * * *")
	ranking, _  = schedule.Parse("@every 5m")
	renewing, _ = schedule.Parse("@every 1m")
	sweeping, _ = schedule.Parse("@every 30s")
	following   = renewing
)

// periodic ranks again as articles age, and prunes by night.
func (h *house) periodic() []jobs.Periodic {
	return []jobs.Periodic{
		{Kind: jobPrune, Schedule: nightly},
		{Kind: store.JobIndex, Schedule: nightly, RunOnStart: true},
		{Kind: store.JobRank, Schedule: ranking, RunOnStart: true},
		{Kind: store.JobRenew, Schedule: renewing, RunOnStart: true},
		{Kind: jobHub, Schedule: sweeping, RunOnStart: true},
		{Kind: store.JobFollow, Schedule: following, RunOnStart: true},
	}
}

// renew asks one source's hub, or sees whose hubs are to be asked.
func (h *house) renew(ctx context.Context, job jobs.Job) error {
	if job.Subject != "" {
		return h.plan.Load().subscriber.Attend(ctx, news.Slug(job.Subject))
	}
	return h.store.QueueRenewals(ctx, h.now())
}

// followers are how many pages may be waited for at once. They mostly wait for
// the turn of a host, which costs next to nothing.
const followers = 32

// follow reads one article's page, or sees whose pages are to be read.
func (h *house) follow(ctx context.Context, job jobs.Job) error {
	if job.Subject == "" {
		return h.store.QueueFollows(ctx, h.now())
	}
	changed, err := h.plan.Load().follower.Follow(ctx, news.Key(job.Subject))
	h.tell(changed)
	if later := (*aggregator.NotYet)(nil); errors.As(err, &later) {
		return &jobs.Later{After: later.After}
	}
	return err
}

// rank orders one channel, or all whose order is kept.
func (h *house) rank(ctx context.Context, job jobs.Job) error {
	p := h.plan.Load()
	if job.Subject != "" {
		return h.rankChannel(ctx, p, news.Slug(job.Subject))
	}
	var failed []error
	for _, slug := range p.ranked {
		failed = append(failed, h.rankChannel(ctx, p, slug))
	}
	return errors.Join(failed...)
}

func (h *house) rankChannel(ctx context.Context, p *plan, slug news.Slug) error {
	at := h.now()
	changed, err := h.store.Rank(ctx, slug, at, func(list []news.Placement) []news.Key {
		return edition.Rank(list, p.weight, at)
	})
	h.tell(changed)
	return err
}

func (h *house) refile(ctx context.Context, job jobs.Job) error {
	changed, err := h.store.Refile(ctx, news.Slug(job.Subject), h.now(), h.place)
	h.tell(changed)
	return err
}

// sign goes by what the config teaches by now, whatever it said when the job was made.
func (h *house) sign(ctx context.Context, job jobs.Job) error {
	src, ok := h.plan.Load().desk.Sources[news.Slug(job.Subject)]
	if !ok { // gone from the config since
		return nil
	}
	changed, err := h.store.Sign(ctx, src.Slug, h.now(), func(b news.Byline) news.Byline { return normalize.Taught(src.Byline, b) }, h.place)
	h.tell(changed)
	return err
}

// index goes on where it was ended, so a large shelf may take several attempts.
func (h *house) index(ctx context.Context, _ jobs.Job) error { return h.store.Index(ctx, h.now()) }

func (h *house) prune(ctx context.Context, _ jobs.Job) error {
	at, keep := h.now(), h.plan.Load().cfg.Keep
	_, err := h.store.Prune(ctx, at.Add(-time.Duration(keep.Articles)), at.Add(-time.Duration(keep.History)))
	return err
}
