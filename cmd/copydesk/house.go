package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/config"
	"copydesk/publisher"
	"copydesk/publisher/websub"
)

// parsers is how many documents are parsed at the same time.
var parsers = runtime.GOMAXPROCS(0)

// A house is the aggregator half, joined to its store and its jobs. It works by
// a plan, which a new config replaces while it runs. Nothing in it runs until it
// is told to.
type house struct {
	log       *slog.Logger
	now       func() time.Time
	store     *store.Store
	engine    *jobs.Engine
	loop      *aggregator.Loop
	plan      atomic.Pointer[plan]                    // in force; never nil
	changed   func()                                  // called when something visible changed; never nil
	pushed    func(aggregator.Result, error)          // told of each delivery of a hub; never nil
	uplink    *aggregator.Uplink                      // knows whether our own network works, whatever the plan
	readers   *publisher.Readers                      // of what we publish, told to those whose articles it holds
	delivered func(outcome string, lag time.Duration) // told of each delivery to a subscriber; never nil
	verified  func(outcome string)                    // told of each verification; never nil
	hub       *websub.Hub                             // of those who subscribe to us
	topics    func() websub.Topics                    // that they may subscribe to; nil while nothing is published
	fault     func(news.Shelf) (string, time.Time)    // why a shelf cannot be printed, and since when; never nil
	appears   time.Time                               // since when all looks as it does; written by sync alone
}

// buildHouse opens the database, brings it in line with cfg and joins the
// parts that pull.
func buildHouse(ctx context.Context, cfg *config.Config, log *slog.Logger, now func() time.Time) (*house, error) {
	h := &house{log: log, now: now, changed: func() {}, uplink: &aggregator.Uplink{}, readers: publisher.NewReaders(now)}
	h.pushed = func(res aggregator.Result, _ error) { h.tell(res.Saved.Revision > 0) }
	h.topics = func() websub.Topics { return nil }
	h.fault = func(news.Shelf) (string, time.Time) { return "", time.Time{} }
	h.delivered, h.verified = func(string, time.Duration) {}, func(string) {}
	p, err := h.draw(cfg)
	if err != nil {
		return nil, err
	}
	h.plan.Store(p)
	if h.store, err = store.Open(ctx, cfg.DatabasePath(), store.Options{Enqueue: h.enqueue}); err != nil {
		return nil, err
	}
	if err := h.join(ctx, p); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	return h, nil
}

func (h *house) join(ctx context.Context, p *plan) error {
	var err error
	if h.engine, err = jobs.New(ctx, h.jobOptions()); err != nil {
		return err
	}
	h.hub = h.newHub()
	h.staff(p)
	if err := h.sync(ctx, p); err != nil {
		return err
	}
	if err := h.store.ForgetFuture(ctx, h.now()); err != nil {
		return err
	}
	if err := h.store.SpreadOverdue(ctx, h.now()); err != nil {
		return err
	}
	h.loop = &aggregator.Loop{
		Shelf:   h.store,
		Desk:    func() *aggregator.Desk { return h.plan.Load().desk },
		Workers: p.cfg.Fetch.Workers,
		Grace:   8 * time.Second,
		Log:     h.log,
		Now:     h.now,
		Done:    func(res aggregator.Result, _ error) { h.tell(res.Saved.Revision > 0) },
	}
	return nil
}

// staff joins those who work by a plan to the store.
func (h *house) staff(p *plan) {
	p.desk.Puller = aggregator.NewPuller(p.client, h.store, h.place, h.now, parsers)
	channels := p.cfg.NewsChannels()
	p.desk.Puller.Subscribers = func(slug news.Slug) int { return h.readers.OfSource(slug, channels) }
	p.desk.Puller.Uplink = h.uplink
	p.desk.Puller.Outlets = p.follower.Outlets
	p.subscriber.Shelf = h.store
	p.follower.Shelf = h.store
}

// place asks the plan in force inside the transaction that stores an article,
// so that a pull which began under an earlier one is filed by the latest rules.
func (h *house) place(a *news.Article) []news.Placement { return h.plan.Load().placer.Place(a) }

// Close ends what the house owns.
func (h *house) Close() error {
	h.plan.Load().Close()
	return h.store.Close()
}

func (h *house) tell(changed bool) {
	if changed {
		h.changed()
	}
}

// sync brings the stored sources and channels in line with a plan.
func (h *house) sync(ctx context.Context, p *plan) error {
	var list []store.SourceConfig
	for _, src := range p.cfg.NewsSources() {
		s := p.desk.Sources[src.Slug]
		list = append(list, store.SourceConfig{Source: s.Source, FirstDue: s.FirstDue(h.now())})
	}
	if err := h.store.SyncSources(ctx, list); err != nil {
		return err
	}
	if base := callback(p.cfg); base != "" {
		if err := h.store.MoveCallbacks(ctx, base, h.now()); err != nil {
			return err
		}
	}
	if err := h.store.SyncChannels(ctx, h.now(), p.cfg.NewsChannels()); err != nil {
		return err
	}
	var err error
	h.appears, err = h.store.Appearance(ctx, h.now(), appearance(p.cfg)...)
	return err
}

// appearance is what decides how documents look, besides their articles.
func appearance(cfg *config.Config) []any {
	out := []any{version, cfg.Publisher, cfg.Publisher.Location().String(), hubOf(cfg), cfg.NewsChannels()}
	for _, s := range cfg.NewsSources() {
		out = append(out, s.Slug, s.Name, news.Public(s.URL), s.HomePage, s.Republish, s.Rights)
	}
	return out
}

// enqueue hands the store's follow-up jobs to the engine, in the store's
// transaction.
func (h *house) enqueue(ctx context.Context, tx *sql.Tx, list []store.Job) error {
	out := make([]jobs.Job, len(list))
	for i, j := range list {
		out[i] = jobs.Job{Kind: j.Kind, Subject: j.Subject}
	}
	return h.engine.Insert(ctx, tx, out...)
}

// named turns the words of a command line into slugs; none means all.
func (h *house) named(words []string) ([]news.Slug, error) {
	var all, out []news.Slug
	p := h.plan.Load()
	for _, src := range p.cfg.NewsSources() {
		if !src.Paused {
			all = append(all, src.Slug)
		}
	}
	if len(words) == 0 {
		return all, nil
	}
	for _, word := range words {
		if _, ok := p.desk.Sources[news.Slug(word)]; !ok {
			return nil, usageError{fmt.Errorf("no source %q in the config (there are: %s)", word, join(all))}
		}
		out = append(out, news.Slug(word))
	}
	return out, nil
}

// unclaimed are the slugs that due does not hold.
func (h *house) unclaimed(slugs []news.Slug, due []news.Due) []news.Slug {
	return slices.DeleteFunc(slices.Clone(slugs), func(s news.Slug) bool {
		return slices.ContainsFunc(due, func(d news.Due) bool { return d.Slug == s })
	})
}

func join(slugs []news.Slug) string {
	words := make([]string, len(slugs))
	for i, s := range slugs {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

func logger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}
