package main

import (
	"context"
	"fmt"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/push"
	"copydesk/aggregator/schedule"
	"copydesk/aggregator/store"
	"copydesk/config"
	"copydesk/publisher/edition"
)

// A plan is what one config makes of the house. It is never changed, only
// replaced: whoever works by it holds it to the end of a piece of work.
type plan struct {
	cfg    *config.Config
	placer *edition.Placer
	ranked []news.Slug // channels whose order is kept
	client *fetch.Client
	alerts *fetch.Client // for the operator's own webhook, wherever that is
	hub    *fetch.Client // for those who subscribe to us, who set the pace themselves
	desk   *aggregator.Desk

	subscriber *aggregator.Subscriber
	follower   *aggregator.Follower
}

// draw makes a plan of cfg and touches nothing.
func (h *house) draw(cfg *config.Config) (*plan, error) {
	p := &plan{cfg: cfg}
	for _, ch := range cfg.NewsChannels() {
		if ch.Order == news.Top {
			p.ranked = append(p.ranked, ch.Slug)
		}
	}
	var err error
	if p.placer, err = edition.NewPlacer(cfg.NewsChannels(), h.log); err != nil {
		return nil, err
	}
	sources, err := scheduled(cfg)
	if err != nil {
		return nil, err
	}
	p.client = h.newClient(cfg)
	p.alerts = fetch.New(fetch.Options{UserAgent: cfg.Fetch.UserAgent, AllowPrivate: true, AnyPort: true, Now: h.now})
	p.hub = fetch.New(fetch.Options{
		Timeout: courierTimeout, UserAgent: cfg.Fetch.UserAgent, AllowPrivate: cfg.Fetch.AllowPrivate, Ports: cfg.Fetch.Ports, Now: h.now,
	})
	p.desk = &aggregator.Desk{
		Sources: sources,
		Gap:     time.Duration(cfg.Fetch.PerHostGap),
		Lease:   time.Duration(cfg.Fetch.Timeout) + patience(cfg) + 10*time.Second,
	}
	p.subscriber = &aggregator.Subscriber{
		Fetch: p.client, Sources: sources, Callback: callback(cfg), Log: h.log, Now: h.now,
	}
	p.follower = &aggregator.Follower{
		Fetch: p.client, Sources: sources, Outlets: normalize.OutletsOf(cfg.NewsSources()), Place: h.place, Queue: aggregator.NewQueue(p.desk.Gap),
		Desk: make(chan struct{}, parsers), Log: h.log, Now: h.now,
	}
	return p, nil
}

// Close drops the connections kept for reuse.
func (p *plan) Close() {
	p.client.Close()
	p.alerts.Close()
	p.hub.Close()
}

// callback is what the addresses at which hubs reach us begin with; empty when
// none could.
func callback(cfg *config.Config) string {
	if push.Reachable(cfg.Publisher.URL, cfg.Fetch.AllowPrivate) != "" {
		return ""
	}
	return cfg.Publisher.URL
}

// patience is how long one question may wait for slots of busy hosts: a redirect
// or two within one host, however large the gap.
func patience(cfg *config.Config) time.Duration {
	return max(time.Duration(cfg.Fetch.Timeout), 2*time.Duration(cfg.Fetch.PerHostGap))
}

// newClient makes the one client that fetches everything. The store is opened
// after it.
func (h *house) newClient(cfg *config.Config) *fetch.Client {
	opt := fetchOptions(cfg, h.now)
	opt.MaxIdle = cfg.Fetch.Workers
	opt.Reserve = func(ctx context.Context, host string, gap time.Duration) (time.Time, error) {
		return h.store.Reserve(ctx, host, h.now(), max(gap, time.Duration(cfg.Fetch.PerHostGap)))
	}
	opt.LeaveAlone = func(ctx context.Context, host string, until time.Time) error {
		return h.store.LeaveAlone(ctx, host, until)
	}
	opt.Spare = func(ctx context.Context, host string, gap time.Duration) (time.Time, bool, error) {
		return h.store.Spare(ctx, host, h.now(), max(gap, time.Duration(cfg.Fetch.PerHostGap)))
	}
	return fetch.New(opt)
}

// fetchOptions are the limits within which sources are fetched.
func fetchOptions(cfg *config.Config, now func() time.Time) fetch.Options {
	return fetch.Options{
		Timeout:      time.Duration(cfg.Fetch.Timeout),
		Patience:     patience(cfg),
		MaxBody:      int64(cfg.Fetch.MaxBody),
		UserAgent:    cfg.Fetch.UserAgent,
		AllowPrivate: cfg.Fetch.AllowPrivate,
		Ports:        cfg.Fetch.Ports,
		Hash:         parse.Hash,
		Now:          now,
	}
}

// scheduled reads every source's schedule.
func scheduled(cfg *config.Config) (map[news.Slug]aggregator.Scheduled, error) {
	out := make(map[news.Slug]aggregator.Scheduled)
	reachable := callback(cfg) != ""
	for _, src := range cfg.NewsSources() {
		src.Push = src.Push && reachable
		s, err := schedule.Parse(src.Schedule)
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", src.Slug, err)
		}
		out[src.Slug] = aggregator.Scheduled{Source: src, Schedule: s, Reading: store.Reading(src)}
	}
	return out, nil
}

func (p *plan) weight(slug news.Slug) float64 {
	if src, ok := p.desk.Sources[slug]; ok {
		return src.Weight
	}
	return 1
}
