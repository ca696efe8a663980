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
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/schedule"
	"copydesk/aggregator/store"
	"copydesk/config"
	"copydesk/publisher/edition"
)

// A house is the aggregator half, built from a config and joined to its store
// and its jobs. Nothing in it runs until it is told to.
type house struct {
	cfg      *config.Config
	log      *slog.Logger
	now      func() time.Time
	store    *store.Store
	engine   *jobs.Engine
	placer   *edition.Placer
	puller   *aggregator.Puller
	loop     *aggregator.Loop
	client   *fetch.Client
	channels map[news.Slug]news.Channel
	changed  func() // called when something visible changed; never nil
}

// buildHouse opens the database, brings it in line with cfg and joins the
// parts that pull.
func buildHouse(ctx context.Context, cfg *config.Config, log *slog.Logger, now func() time.Time) (*house, error) {
	h := &house{cfg: cfg, log: log, now: now, changed: func() {}, channels: map[news.Slug]news.Channel{}}
	for _, ch := range cfg.NewsChannels() {
		h.channels[ch.Slug] = ch
	}
	var err error
	if h.placer, err = edition.NewPlacer(cfg.NewsChannels(), log); err != nil {
		return nil, err
	}
	if h.store, err = store.Open(ctx, cfg.DatabasePath(), store.Options{Enqueue: h.enqueue}); err != nil {
		return nil, err
	}
	if err := h.join(ctx); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	return h, nil
}

func (h *house) join(ctx context.Context) error {
	var err error
	if h.engine, err = jobs.New(ctx, h.jobOptions()); err != nil {
		return err
	}
	sources, err := h.scheduled()
	if err != nil {
		return err
	}
	if err := h.sync(ctx, sources); err != nil {
		return err
	}
	h.client = fetch.New(fetch.Options{
		Timeout:      time.Duration(h.cfg.Fetch.Timeout),
		MaxBody:      int64(h.cfg.Fetch.MaxBody),
		UserAgent:    h.cfg.Fetch.UserAgent,
		AllowPrivate: h.cfg.Fetch.AllowPrivate,
		Ports:        h.cfg.Fetch.Ports,
		MaxIdle:      h.cfg.Fetch.Workers,
		Hash:         parse.Hash,
		Now:          h.now,
		Reserve: func(ctx context.Context, host string, gap time.Duration) (time.Time, error) {
			return h.store.Reserve(ctx, host, h.now(), max(gap, time.Duration(h.cfg.Fetch.PerHostGap)))
		},
	})
	h.puller = aggregator.NewPuller(h.client, h.store, h.placer.Place, h.now, runtime.GOMAXPROCS(0))
	h.loop = &aggregator.Loop{
		Puller:  h.puller,
		Shelf:   h.store,
		Sources: sources,
		Workers: h.cfg.Fetch.Workers,
		Gap:     time.Duration(h.cfg.Fetch.PerHostGap),
		Lease:   2*time.Duration(h.cfg.Fetch.Timeout) + 10*time.Second,
		Grace:   8 * time.Second,
		Log:     h.log,
		Now:     h.now,
		Done:    func(res aggregator.Result, _ error) { h.tell(res.Saved.Revision > 0) },
	}
	return nil
}

// Close ends what the house owns.
func (h *house) Close() error {
	h.client.Close()
	return h.store.Close()
}

func (h *house) tell(changed bool) {
	if changed {
		h.changed()
	}
}

// scheduled reads every source's schedule.
func (h *house) scheduled() (map[news.Slug]aggregator.Scheduled, error) {
	out := make(map[news.Slug]aggregator.Scheduled)
	for _, src := range h.cfg.NewsSources() {
		s, err := schedule.Parse(src.Schedule)
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", src.Slug, err)
		}
		out[src.Slug] = aggregator.Scheduled{Source: src, Schedule: s}
	}
	return out, nil
}

// sync brings the stored sources and channels in line with the config.
func (h *house) sync(ctx context.Context, sources map[news.Slug]aggregator.Scheduled) error {
	var list []store.SourceConfig
	for _, src := range h.cfg.NewsSources() {
		list = append(list, store.SourceConfig{Source: src, FirstDue: sources[src.Slug].FirstDue(h.now())})
	}
	if err := h.store.SyncSources(ctx, list); err != nil {
		return err
	}
	if err := h.store.SpreadOverdue(ctx, h.now()); err != nil {
		return err
	}
	return h.store.SyncChannels(ctx, h.now(), h.cfg.NewsChannels())
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
	for _, src := range h.cfg.NewsSources() {
		if !src.Paused {
			all = append(all, src.Slug)
		}
	}
	if len(words) == 0 {
		return all, nil
	}
	for _, word := range words {
		if _, ok := h.loop.Sources[news.Slug(word)]; !ok {
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
