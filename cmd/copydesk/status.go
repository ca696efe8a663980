package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"copydesk/aggregator/push"
	"copydesk/aggregator/store"
)

type statusCommand struct {
	configFlag
	JSON bool `help:"Print one JSON object a line."`
}

// Run prints the state of each source. It reads the same database as a running
// daemon, and may do so at any time; a config with faults is told, and the
// daemon that goes on without it shown all the same.
func (c statusCommand) Run(ctx context.Context, t *terminal) error {
	cfg, faulty := c.load(t)
	if cfg == nil {
		return faulty
	}
	shelf, err := store.Open(ctx, cfg.DatabasePath(), store.Options{})
	if err != nil {
		return err
	}
	defer shelf.Close()
	list, err := shelf.Statuses(ctx)
	if err != nil {
		return err
	}
	notices, err := shelf.Notices(ctx)
	if err != nil {
		return err
	}
	for _, n := range notices {
		fmt.Fprintf(t.err, "%s, since %s: %s\n", n.Subject, n.Raised.Format(time.RFC3339), n.Text)
	}
	if c.JSON {
		return errors.Join(printStatusJSON(t.out, list), faulty)
	}
	return errors.Join(printStatus(t.out, list, clock(t.env)()), faulty)
}

func printStatusJSON(w io.Writer, list []store.SourceStatus) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, s := range list {
		if err := enc.Encode(s); err != nil {
			return err
		}
	}
	return nil
}

func printStatus(w io.Writer, list []store.SourceStatus, now time.Time) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no sources yet: start the daemon with copydesk run, or pull once with copydesk pull")
		return err
	}
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tab, "SOURCE\tSTATE\tLAST PULL\tNEXT PULL\tARTICLES\tFAULT\tPUSH")
	for _, s := range list {
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%d\t%s\t%s\n", s.Slug, s.State,
			ago(s.LastPull, now), ago(s.NextDue, now), s.Articles, cmp.Or(s.Fault, "-"), cmp.Or(push.Words(s.Push, s.LastPull, now), "-"))
	}
	return tab.Flush()
}

// ago says when t is, seen from now: "3m ago", "in 12m", "never" for zero.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return "never"
	}
	d := now.Sub(t).Round(time.Second)
	switch {
	case d < 0:
		return "in " + brief(-d)
	case d == 0:
		return "now"
	}
	return brief(d) + " ago"
}

// brief gives d in its largest fitting unit.
func brief(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}
