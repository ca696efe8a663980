package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"copydesk/aggregator"
	"copydesk/aggregator/news"
)

type pullCommand struct {
	configFlag
	Sources []string `arg:"" optional:"" name:"source" help:"Slugs of the sources to pull; default: all."`
}

// Run pulls each named source once, due or not. A daemon may be running on the
// same database.
func (c pullCommand) Run(ctx context.Context, t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	h, err := buildHouse(ctx, cfg, logger(t.err, "error"), clock(t.env))
	if err != nil {
		return err
	}
	defer h.Close()
	slugs, err := h.named(c.Sources)
	if err != nil {
		return err
	}
	desk := h.plan.Load().desk
	queue := desk.Gap * time.Duration(len(slugs)) // at most, where all are of one host
	due, err := h.store.ClaimNamed(ctx, h.now(), desk.Lease+queue, slugs)
	if err != nil {
		return err
	}
	for _, slug := range h.unclaimed(slugs, due) {
		fmt.Fprintf(t.err, "%s: paused, or being pulled by the daemon; left alone\n", slug)
	}
	return c.pullAll(ctx, t, h, due)
}

// pullAll pulls what was claimed, as many at once as the config has workers. The
// sources of one host come one after another: their slots are taken as they
// are used, so that a redirect, or a daemon on the same database, gets one in
// between.
func (c pullCommand) pullAll(ctx context.Context, t *terminal, h *house, due []news.Due) error {
	bar := progress(t.err, len(due), "pulling")
	var (
		hosts    sync.WaitGroup
		mu       sync.Mutex // guards report and failures
		report   []string
		failures int
	)
	slots := make(chan struct{}, h.loop.Workers)
	for _, list := range h.byHost(due) {
		hosts.Go(func() {
			for _, d := range list {
				res, err := h.pullNow(ctx, d, slots)
				mu.Lock()
				report = append(report, pullLine(d.Slug, res, err))
				if err != nil {
					failures++
				}
				_ = bar.Add(1) // a bar that cannot be drawn is no fault of the pull
				mu.Unlock()
			}
		})
	}
	hosts.Wait()
	_ = bar.Finish()
	for _, line := range report {
		fmt.Fprintln(t.out, line)
	}
	if failures > 0 {
		return fmt.Errorf("%d of %d sources failed", failures, len(due))
	}
	return nil
}

// byHost are sources by the host that is asked for them.
func (h *house) byHost(due []news.Due) map[string][]news.Due {
	out := map[string][]news.Due{}
	for _, d := range due {
		host := news.Host(h.address(d))
		out[host] = append(out[host], d)
	}
	return out
}

func (h *house) address(d news.Due) string {
	return aggregator.Address(h.plan.Load().desk.Sources[d.Slug].Source, d.Manners)
}

// pullNow pulls a source once its host and a worker are free.
func (h *house) pullNow(ctx context.Context, d news.Due, slots chan struct{}) (aggregator.Result, error) {
	desk := h.plan.Load().desk
	if err := h.turn(ctx, h.address(d), desk.Gap); err != nil {
		return aggregator.Result{}, err
	}
	slots <- struct{}{}
	defer func() { <-slots }()
	return desk.Puller.Pull(ctx, desk.Sources[d.Slug], d)
}

// turn waits for a slot of an address's host, which a daemon on the same
// database shares.
func (h *house) turn(ctx context.Context, address string, gap time.Duration) error {
	if gap == 0 {
		return nil
	}
	at, err := h.store.Reserve(ctx, news.Host(address), h.now(), gap)
	if err != nil {
		return err
	}
	select {
	case <-time.After(at.Sub(h.now())):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func pullLine(slug news.Slug, res aggregator.Result, err error) string {
	if err != nil {
		return fmt.Sprintf("%s: failed: %s", slug, cmp.Or(res.Pull.Fault, err.Error()))
	}
	return fmt.Sprintf("%s: %s, %d new, %d changed", slug, res.Pull.Outcome, res.Saved.New, res.Saved.Changed)
}

// progress is a bar on a terminal and nothing elsewhere.
func progress(w io.Writer, n int, what string) *progressbar.ProgressBar {
	if !isTerminal(w) {
		return progressbar.DefaultSilent(int64(n))
	}
	return progressbar.NewOptions(n,
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
	)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
