package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"copydesk/aggregator/store"
	"copydesk/config"
)

// again is how long a config that is good waits for the next try when it could
// not be put in force, as while the database is away.
const again = 10 * time.Second

// hangUps are those that come from now on: one that comes while the daemon is
// starting must not end it.
func hangUps() (asked chan os.Signal, stop func()) {
	asked = make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGHUP)
	return asked, func() { signal.Stop(asked) }
}

// reloads puts each new config in force until ctx ends: when the file changes,
// and when it is asked to.
func (d *daemon) reloads(ctx context.Context, asked <-chan os.Signal) error {
	changed := make(chan struct{}, 1)
	d.parts.Go(func() {
		err := config.Watch(ctx, d.file, d.plan.Load().cfg, func() {
			select {
			case changed <- struct{}{}:
			default: // it is read anew all the same
			}
		})
		if err != nil {
			d.log.Warn("the config is not watched; a change is read at SIGHUP", "err", err)
		}
	})
	retry := time.NewTimer(0)
	retry.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-asked:
			d.refused = ""
		case <-changed:
			d.refused = ""
		case <-retry.C:
		}
		retry.Stop()
		if err := d.reload(ctx); err != nil && ctx.Err() == nil {
			d.refuse(ctx, err)
			if !errors.As(err, new(config.Faults)) {
				retry.Reset(again)
			}
		}
	}
}

// reload puts the config that the file now holds in force. Pulls that are under
// way end on the plan on which they began, requests on the front that took
// them; where anything fails, all stays as it was.
func (d *daemon) reload(ctx context.Context) error {
	cfg, err := d.load()
	if err != nil {
		return err
	}
	next, err := d.draw(cfg)
	if err != nil {
		return err
	}
	d.staff(next)
	f, err := d.build(next)
	if err != nil {
		return err
	}
	d.heed(cfg)              // before anything is pulled by it
	old := d.plan.Swap(next) // before the store follows: then nobody pulls by what it no longer has
	if err := d.sync(ctx, next); err != nil {
		d.plan.Store(old)
		d.heed(old.cfg)
		return err
	}
	d.open(ctx, f)
	d.loop.Wake()
	old.Close()
	if err := d.store.Queue(ctx, store.Job{Kind: jobHub}); err != nil {
		d.log.Warn("subscribers of feeds that are gone hear of it later", "err", err)
	}
	d.accept(ctx, cfg)
	return nil
}

// heed has the open front print by what a config says of sources: it stays open
// until the next one has printed everything, and meanwhile there are pulls.
func (d *daemon) heed(cfg *config.Config) { d.front.Load().press.Heed(cfg.NewsSources()) }

// accept tells that a config is in force, and what of it is not yet.
func (d *daemon) accept(ctx context.Context, cfg *config.Config) {
	d.good.Set(1)
	d.since.Set(float64(d.now().Unix()))
	if err := d.store.Settle(ctx, configNotice()); err != nil {
		d.log.Warn("the notice about the config could not be taken down", "err", err)
	}
	d.log.Info("a new config is in force", "file", d.file, "sources", len(cfg.Sources), "channels", len(cfg.Channels))
	if late := fixed(d.began, cfg); len(late) > 0 {
		d.log.Warn("these keys take effect at the next start", "keys", strings.Join(late, ", "))
	}
}

// fixed are the keys that differ from those the daemon began with, and cannot
// change while it runs.
func fixed(old, cfg *config.Config) []string {
	var keys []string
	for _, k := range []struct {
		name   string
		differ bool
	}{
		{"listen", old.Listen != cfg.Listen},
		{"admin_listen", old.AdminListen != cfg.AdminListen},
		{"database", old.Database != cfg.Database},
		{"fetch.workers", old.Fetch.Workers != cfg.Fetch.Workers},
	} {
		if k.differ {
			keys = append(keys, k.name)
		}
	}
	return keys
}

// refuse tells of a config that is not put in force: in the log, in a metric
// and, for copydesk status, in the store. What is tried
// again of itself is told once.
func (d *daemon) refuse(ctx context.Context, err error) {
	d.good.Set(0)
	lines := []string{err.Error()}
	var faults config.Faults
	if errors.As(err, &faults) {
		lines = nil
		for _, f := range faults {
			f.Snippet = "" // of several lines
			lines = append(lines, f.String())
		}
	}
	reason := strings.Join(lines, "; ")
	if reason == d.refused {
		return
	}
	d.log.Error("the new config is not put in force; the one before it stays", "file", d.file, "faults", reason)
	err = d.store.Raise(ctx, store.Notice{
		Subject: configNotice(), Raised: d.now(),
		Text: fmt.Sprintf("%s is not in force, the config before it stays: %s", d.file, reason),
	})
	if err != nil {
		d.log.Warn("the notice about the config could not be put up", "err", err)
		return
	}
	d.refused = reason
}

// configNotice names this node's config: each node has a file of its own.
func configNotice() string { return "config of " + node() }

func node() string {
	host, err := os.Hostname()
	if err != nil {
		return "this machine"
	}
	return host
}
