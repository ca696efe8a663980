package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/push"
	"copydesk/aggregator/store"
)

type statusCommand struct {
	configFlag
	JSON    bool     `help:"Print one JSON object a line."`
	Sources []string `arg:"" optional:"" name:"source" help:"Slugs of sources to tell all about; default: a line for each."`
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
	list, err := c.statuses(ctx, shelf, cfg.NewsSources(), clock(t.env)())
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
	return errors.Join(c.print(t.out, list, clock(t.env)()), faulty)
}

// A status is a source's, with what it means in words.
type status struct {
	store.SourceStatus
	Outlook string      `json:"outlook"` // how it stands, what happens next and when
	Notes   []string    `json:"notes,omitempty"`
	Address string      `json:"address,omitempty"` // to which it has moved for good
	Moves   []news.Move `json:"moves,omitempty"`

	dates normalize.Verdict // what is wrong with them

	Pages news.Followed `json:"pages,omitempty"` // of a source that was named: its articles by how reading their pages has gone
}

// statuses are those that were asked for.
func (c statusCommand) statuses(ctx context.Context, shelf *store.Store, sources []news.Source, now time.Time) ([]status, error) {
	all, err := shelf.Statuses(ctx)
	if err != nil {
		return nil, err
	}
	known := map[news.Slug]news.Source{}
	for _, src := range sources {
		known[src.Slug] = src
	}
	var out []status
	for _, word := range c.Sources {
		if !slices.ContainsFunc(all, func(s store.SourceStatus) bool { return string(s.Slug) == word }) {
			return nil, usageError{fmt.Errorf("no source %q has been pulled yet, or is in the config (copydesk status lists them)", word)}
		}
	}
	for _, s := range all {
		if len(c.Sources) == 0 || slices.Contains(c.Sources, string(s.Slug)) {
			st := inWords(s, now)
			if src, ok := known[s.Slug]; ok {
				st.dates = zoneHealth(src, s, now)
				if st.dates.Reason != "" {
					st.Notes = append(st.Notes, st.dates.Reason)
				}
			}
			out = append(out, st)
		}
	}
	if len(c.Sources) == 0 {
		return out, nil
	}
	return out, addPages(ctx, shelf, out)
}

// addPages tells how reading the pages of the sources' articles has gone.
func addPages(ctx context.Context, shelf *store.Store, list []status) error {
	for i := range list {
		pages, err := shelf.Followed(ctx, list[i].Slug)
		if err != nil {
			return err
		}
		if words := pages.String(); words != "" {
			list[i].Pages, list[i].Notes = pages, append(list[i].Notes, words)
		}
	}
	return nil
}

func inWords(s store.SourceStatus, now time.Time) status {
	st := status{SourceStatus: s, Address: s.Manners.Address, Moves: s.Manners.Moves}
	st.Outlook = news.Outlook{
		Now: now, State: s.State, URL: s.URL, LastSuccess: s.LastSuccess, NextDue: s.NextDue,
		Failures: s.Failures, Fault: s.Fault, Pushed: s.Push.Reliable(now, s.LastPull), Manners: s.Manners,
	}.String()
	st.URL, st.Address = news.Bare(s.URL), news.Bare(st.Address) // told without passwords
	if words := push.Words(s.Push, s.LastPull, now); words != "" {
		st.Notes = append(st.Notes, words)
	}
	st.Notes = append(st.Notes, s.Health.Notes(now)...)
	st.Notes = append(st.Notes, s.Warnings...)
	return st
}

// zoneHealth says that a source's dates disagree with when its articles came. What
// was seen under another zone than the config has now says nothing of this one.
func zoneHealth(src news.Source, s store.SourceStatus, now time.Time) normalize.Verdict {
	if s.Manners.SightedIn != src.Zone().String() {
		return normalize.Verdict{}
	}
	src.Language = cmp.Or(src.Language, s.Health.Language())
	verdict, wrong := normalize.ZoneHealth(src, s.Manners.Sightings, now)
	if !wrong {
		return normalize.Verdict{}
	}
	return verdict
}

func (c statusCommand) print(w io.Writer, list []status, now time.Time) error {
	switch {
	case c.JSON:
		return printStatusJSON(w, list)
	case len(c.Sources) > 0:
		return printWhole(w, list)
	case len(list) == 0:
		_, err := fmt.Fprintln(w, "no sources yet: start the daemon with copydesk run, or pull once with copydesk pull")
		return err
	}
	return printLines(w, list, now)
}

func printStatusJSON(w io.Writer, list []status) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, s := range list {
		if err := enc.Encode(s); err != nil {
			return err
		}
	}
	return nil
}

// printLines prints one line for each source.
func printLines(w io.Writer, list []status, now time.Time) error {
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tab, "SOURCE\tSTATE\tLAST PULL\tNEXT PULL\tARTICLES\tPER DAY\tPUSH\tFAULT")
	for _, s := range list {
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\n", s.Slug, s.State,
			ago(s.LastPull, now), ago(s.NextDue, now), s.Articles, rate(s.Health), pushed(s.Push, now), s.trouble())
	}
	return tab.Flush()
}

// trouble is what an operator should look at first.
func (s status) trouble() string {
	for _, kind := range []news.AlertKind{news.AlertHijacked, news.AlertSilent} {
		if a, ok := s.Health.Alert(kind); ok {
			return strings.TrimPrefix(s.Fault+"; "+a.Text, "; ")
		}
	}
	wrong := ""
	switch {
	case s.dates.Zone != "":
		wrong = "its dates and its time zone disagree"
	case s.dates.Reason != "":
		wrong = "its dates and when its articles come disagree"
	default:
		return cmp.Or(s.Fault, "-")
	}
	return strings.TrimPrefix(s.Fault+"; "+wrong+" (copydesk status "+string(s.Slug)+")", "; ")
}

func rate(h news.Health) string {
	if len(h.Daily) < 2 {
		return "-"
	}
	return fmt.Sprintf("%.1f", h.PerDay())
}

func pushed(p news.Push, now time.Time) string {
	switch {
	case p.InForce(now):
		return "yes"
	case p.Fault != "":
		return "no"
	}
	return "-"
}

// printWhole prints all that is known of each source.
func printWhole(w io.Writer, list []status) error {
	for i, s := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s (%s)\n  %s\n", s.Slug, s.URL, s.Outlook)
		for _, a := range s.Health.Alerts {
			fmt.Fprintf(w, "  alert since %s: %s\n", a.Since.Format(time.RFC3339), a.Text)
		}
		for _, m := range s.Moves {
			fmt.Fprintf(w, "  moved for good on %s to %s\n", m.Done.Format(time.DateOnly), m.To)
		}
		fmt.Fprintf(w, "  %d pulls, %d articles\n", s.Pulls, s.Articles)
		for _, note := range s.Notes {
			if _, err := fmt.Fprintf(w, "  %s\n", note); err != nil {
				return err
			}
		}
	}
	return nil
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
