package main

import (
	"context"
	"time"

	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/schedule"
	"copydesk/publisher/edition"
)

// The kinds of job. The store asks for rank and refile by these names when it
// saves what makes them necessary.
const (
	jobRank   = "rank"   // subject: a channel; stores the order of a ranked channel
	jobRefile = "refile" // subject: a channel; places what is stored by its new rule
	jobPrune  = "prune"  // drops what is older than the config keeps
)

func (h *house) jobOptions() jobs.Options {
	return jobs.Options{
		DB:       h.store.Writer(),
		Postgres: h.store.Postgres(),
		Logger:   h.log,
		Handlers: map[string]jobs.Kind{
			jobRank:   {Handler: h.rank, Timeout: time.Minute},
			jobRefile: {Handler: h.refile, Timeout: 30 * time.Minute},
			jobPrune:  {Handler: h.prune, Timeout: 30 * time.Minute},
		},
		Periodic: h.periodic(),
	}
}

// The clock of the house: both specs are ours and known to be sound.
var (
	nightly, _ = schedule.Parse("17 3 * * *")
	ranking, _ = schedule.Parse("@every 5m")
)

// periodic ranks again as articles age, and prunes by night.
func (h *house) periodic() []jobs.Periodic {
	list := []jobs.Periodic{{Kind: jobPrune, Schedule: nightly}}
	for slug, ch := range h.channels {
		if ch.Order == news.Top {
			list = append(list, jobs.Periodic{Kind: jobRank, Subject: string(slug), Schedule: ranking, RunOnStart: true})
		}
	}
	return list
}

func (h *house) rank(ctx context.Context, job jobs.Job) error {
	at := h.now()
	changed, err := h.store.Rank(ctx, news.Slug(job.Subject), at, func(list []news.Placement) []news.Key {
		return edition.Rank(list, h.weight, at)
	})
	h.tell(changed)
	return err
}

func (h *house) weight(slug news.Slug) float64 {
	if src, ok := h.loop.Sources[slug]; ok {
		return src.Weight
	}
	return 1
}

func (h *house) refile(ctx context.Context, job jobs.Job) error {
	changed, err := h.store.Refile(ctx, news.Slug(job.Subject), h.now(), h.placer.Place)
	h.tell(changed)
	return err
}

func (h *house) prune(ctx context.Context, _ jobs.Job) error {
	at := h.now()
	_, err := h.store.Prune(ctx, at.Add(-time.Duration(h.cfg.Keep.Articles)), at.Add(-time.Duration(h.cfg.Keep.History)))
	return err
}
