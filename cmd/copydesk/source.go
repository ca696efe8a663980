package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/find"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/schedule"
	"copydesk/config"
)

type sourceCommand struct {
	Add    sourceAddCommand    `cmd:"" help:"Find the feeds of a site, or what may stand for one, and write one into the config."`
	Remove sourceRemoveCommand `cmd:"" help:"Take sources out of the config, with the comments that belong to them."`
	Pause  sourcePauseCommand  `cmd:"" help:"Stop pulling sources, and keep them and their articles."`
	List   sourceListCommand   `cmd:"" help:"Print the sources of the config."`
}

type sourceAddCommand struct {
	configFlag
	URL        string   `arg:"" name:"url" help:"Address of a site, of a page of it, or of a feed."`
	Feed       string   `placeholder:"N|URL" help:"Take this one of the feeds found, by its number or address; default: the first."`
	Slug       string   `placeholder:"SLUG" help:"Name in URLs and rules; default: made of the name."`
	Name       string   `placeholder:"NAME" help:"Name as readers see it; default: the feed's title."`
	TZ         string   `name:"tz" placeholder:"ZONE" help:"Zone of dates that carry none; default: the site's, where it can be told."`
	Schedule   string   `placeholder:"SPEC" help:"When to pull: a cron spec or \"@every 10m\"; default: the source's own rhythm."`
	Categories []string `name:"category" sep:"none" placeholder:"NAME" help:"Category that is added to every article; may be given more than once."`
	DryRun     bool     `help:"Show what is found and what would be written, and write nothing."`
	Yes        bool     `short:"y" help:"Do not ask which feed to take."`
}

// Run finds feeds, prints them and writes the chosen one. What is printed on
// stdout is the table; everything said of the edit goes to stderr.
func (c sourceAddCommand) Run(ctx context.Context, t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	if _, err := c.addition(find.Feed{}); err != nil { // what is wrong without any feed
		return err
	}
	if err := c.known(t, cfg, c.URL); err != nil { // no need to ask the site
		return err
	}
	feeds, err := c.find(ctx, t, cfg)
	if err != nil {
		return err
	}
	if err := printFeeds(t.out, feeds, clock(t.env)()); err != nil {
		return err
	}
	feed, err := c.choose(t, feeds)
	if err != nil {
		return err
	}
	if err := printSample(t, feed); err != nil {
		return err
	}
	if err := c.known(t, cfg, feed.URL); err != nil {
		return err
	}
	addition, err := c.addition(feed)
	if err != nil {
		return err
	}
	return c.write(t, addition)
}

// known refuses a feed that is pulled already, and tells where it stands.
func (f configFlag) known(t *terminal, cfg *config.Config, address string) error {
	for _, s := range cfg.Sources {
		if find.Key(s.URL) != find.Key(address) || find.Key(address) == "" {
			continue
		}
		line := 0
		err := f.edit(t, func(d *config.Draft) error { line, _ = d.Entry(s.Slug); return nil })
		return errors.Join(err, fmt.Errorf("%s:%d: %s is pulled already, as source %q", f.Config, line, withoutPassword(s.URL), s.Slug))
	}
	return nil
}

// newFinder makes the client that looks for feeds, within the same limits as
// the one that will pull them.
func newFinder(cfg *config.Config, now func() time.Time, reserve func(context.Context, string, time.Duration) (time.Time, error)) *fetch.Client {
	opt := fetchOptions(cfg, now)
	opt.MaxIdle, opt.Reserve = 1, reserve
	return fetch.New(opt)
}

// find asks the site with the operator's own limits and name.
func (c sourceAddCommand) find(ctx context.Context, t *terminal, cfg *config.Config) ([]find.Feed, error) {
	now := clock(t.env)
	pace := pacer{gap: time.Duration(cfg.Fetch.PerHostGap), now: now, free: map[string]time.Time{}}
	client := newFinder(cfg, now, pace.reserve)
	defer client.Close()
	bar := progress(t.err, -1, "looking for feeds")
	defer func() { _ = bar.Finish() }() // a bar that cannot be drawn is no fault of the search
	return find.Find(ctx, c.URL, find.Options{At: now(), Get: func(ctx context.Context, address string) (find.Page, error) {
		_ = bar.Add(1)
		if err := client.Await(ctx, address); err != nil {
			return find.Page{}, err
		}
		res, err := client.Get(ctx, fetch.Request{URL: address})
		if err != nil {
			return find.Page{}, err
		}
		return find.Page{URL: res.URL, MovedTo: res.MovedTo, ContentType: res.ContentType, Body: res.Body}, nil
	}})
}

// A pacer keeps the configured gap between two requests to one host, redirects
// among them. One search uses it, which asks one thing at a time.
type pacer struct {
	gap  time.Duration
	now  func() time.Time
	free map[string]time.Time // when a host may be asked again
}

// reserve takes the next slot of a host, as the store's does.
func (p pacer) reserve(_ context.Context, host string, gap time.Duration) (time.Time, error) {
	at := p.now()
	if free := p.free[host]; free.After(at) {
		at = free
	}
	p.free[host] = at.Add(max(gap, p.gap))
	return at, nil
}

func printFeeds(w io.Writer, feeds []find.Feed, now time.Time) error {
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tab, "NO.\tTITLE\tFORMAT\tITEMS\tNEWEST\tTEXT\tLANGUAGE\tADDRESS")
	for i, f := range feeds {
		title := cmp.Or(f.Title, "-")
		if f.Comments {
			title += " (comments)"
		}
		newest := "-"
		if !f.Newest.IsZero() {
			newest = ago(f.Newest, now)
		}
		fmt.Fprintf(tab, "%d\t%s\t%s\t%d\t%s\t%s\t%s\t%s\n", i+1, title, f.Format, f.Items, newest, f.Text, cmp.Or(f.Language, "-"), f.URL)
	}
	return tab.Flush()
}

// mostSample are the articles of a list that are shown before it is written.
const mostSample = 12

// printSample shows what would be read where there is no feed, so that an
// operator can judge it.
func printSample(t *terminal, f find.Feed) error {
	if f.Kind == "" {
		return nil
	}
	fmt.Fprintf(t.err, "No feed was found; this is what the %s holds:\n", f.Format)
	tab := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tab, "\nPUBLISHED\tTITLE\tLINK")
	for _, a := range f.Sample[:min(len(f.Sample), mostSample)] {
		published := "-"
		switch a.Published.Basis {
		case news.FirstSeen:
		case news.DateOnly, news.Inferred:
			published = a.Published.At.Format(time.DateOnly)
		default:
			published = a.Published.At.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\n", published, cmp.Or(excerpt(a.Title), "-"), a.URL)
	}
	if more := len(f.Sample) - mostSample; more > 0 {
		fmt.Fprintf(tab, "\tand %d more\t\n", more)
	}
	return tab.Flush()
}

// excerpt is a title as a table has room for.
func excerpt(title string) string {
	if runes := []rune(title); len(runes) > 60 {
		return string(runes[:59]) + "…"
	}
	return title
}

// choose takes what --feed names; a person at a terminal is asked where there
// is a choice, and everyone else gets the first.
func (c sourceAddCommand) choose(t *terminal, feeds []find.Feed) (find.Feed, error) {
	answer := c.Feed
	if answer == "" && len(feeds) > 1 && !c.Yes && !c.DryRun && isTerminal(t.err) && isTyped(t.in) {
		fmt.Fprintf(t.err, "Which one, 1 to %d? [1] ", len(feeds))
		if _, err := fmt.Fscanln(t.in, &answer); errors.Is(err, io.EOF) {
			return find.Feed{}, errors.New("no feed was chosen; nothing was written")
		}
	}
	if answer == "" {
		return feeds[0], nil
	}
	for i, f := range feeds {
		if answer == strconv.Itoa(i+1) || find.Key(answer) == find.Key(f.URL) && find.Key(answer) != "" {
			return f, nil
		}
	}
	return find.Feed{}, usageError{fmt.Errorf("--feed: no feed %q among the %d found (write its number or its address)", answer, len(feeds))}
}

// isTyped reports input that a person types.
func isTyped(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && isTerminal(f)
}

// addition is the source to write: what the flags say, else what the feed says.
func (c sourceAddCommand) addition(f find.Feed) (config.Addition, error) {
	a := config.Addition{Source: config.NewSource()}
	a.Slug, a.Name, a.URL = c.Slug, cmp.Or(c.Name, f.Title, normalize.Site(f.URL), hostOf(f.URL)), f.URL
	a.Schedule, a.Categories = c.Schedule, c.Categories
	if f.Kind != "" {
		a.Kind, a.List.Items, a.JSON = string(f.Kind), f.Selector, config.JSONPaths(f.Paths)
		a.Follow = f.Kind == news.KindSitemap && len(f.Sample) > 0 && f.Sample[0].Title == "" // only the pages know their titles
	}
	if _, err := schedule.Parse(c.Schedule); err != nil {
		return a, usageError{fmt.Errorf("--schedule: %w", err)}
	}
	if zone := cmp.Or(c.TZ, f.Zone()); zone != "" {
		z, err := config.ParseZone(zone)
		if err != nil {
			return a, usageError{fmt.Errorf("--tz: %w (write a name such as Asia/Shanghai)", err)}
		}
		a.TimeZone = z
	}
	if c.Schedule == "" {
		a.Note = "no schedule: pulled by its own rhythm" + f.Rhythm()
	}
	return a, nil
}

func (c sourceAddCommand) write(t *terminal, a config.Addition) error {
	return c.edit(t, func(d *config.Draft) error {
		if err := d.Add(a); err != nil {
			return err
		}
		added := d.Config().Sources[len(d.Config().Sources)-1]
		line, text := d.Entry(added.Slug)
		if c.DryRun {
			fmt.Fprintf(t.err, "%s:%d: source %q would be added\n%s\n", c.Config, line, added.Slug, text)
			return errDryRun
		}
		fmt.Fprintf(t.err, "%s:%d: added source %q\n%s\n", c.Config, line, added.Slug, text)
		return nil
	})
}

// errDryRun stops an edit before it is written.
var errDryRun = errors.New("dry run")

// edit changes the config file; faults of the file are printed as they are.
func (f configFlag) edit(t *terminal, change func(*config.Draft) error) error {
	err := config.EditFile(f.Config, config.Options{Env: t.env, CheckRule: checkRule, CheckSelector: extract.CheckSelector, CheckPath: parse.CheckPath}, change)
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

type sourceRemoveCommand struct {
	configFlag
	Sources      []string `arg:"" name:"source" help:"Slugs of the sources."`
	FromChannels bool     `help:"Remove them from the channels that name them too."`
}

// Run edits the config alone: what was published stays until it is pruned.
func (c sourceRemoveCommand) Run(t *terminal) error {
	if err := c.named(t, c.Sources); err != nil {
		return err
	}
	err := c.edit(t, func(d *config.Draft) error { return d.Remove(c.FromChannels, c.Sources...) })
	if err != nil {
		return err
	}
	fmt.Fprintf(t.err, "%s: removed %s\n", c.Config, strings.Join(c.Sources, ", "))
	return nil
}

// named refuses slugs that the config does not have.
func (f configFlag) named(t *terminal, slugs []string) error {
	cfg, err := f.load(t)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, s := range cfg.Sources {
		known[s.Slug] = true
	}
	for _, slug := range slugs {
		if !known[slug] {
			return usageError{fmt.Errorf("no source %q in %s (copydesk source list prints them)", slug, f.Config)}
		}
	}
	return nil
}

type sourcePauseCommand struct {
	configFlag
	Sources []string `arg:"" name:"source" help:"Slugs of the sources."`
	Resume  bool     `help:"Pull them again."`
}

func (c sourcePauseCommand) Run(t *terminal) error {
	if err := c.named(t, c.Sources); err != nil {
		return err
	}
	if err := c.edit(t, func(d *config.Draft) error { return d.Pause(!c.Resume, c.Sources...) }); err != nil {
		return err
	}
	state := "paused"
	if c.Resume {
		state = "pulled again"
	}
	fmt.Fprintf(t.err, "%s: %s: %s\n", c.Config, state, strings.Join(c.Sources, ", "))
	return nil
}

type sourceListCommand struct {
	configFlag
	JSON bool `help:"Print one JSON object a line."`
}

// A listedSource is a source as source list prints it.
type listedSource struct {
	Slug       string   `json:"source"`
	Name       string   `json:"name"`
	URL        string   `json:"url"`
	Schedule   string   `json:"schedule,omitempty"` // absent: its own rhythm
	TimeZone   string   `json:"time_zone"`
	Categories []string `json:"categories,omitempty"`
	Paused     bool     `json:"paused"`
}

func (c sourceListCommand) Run(t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	tab := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
	if !c.JSON {
		fmt.Fprintln(tab, "SOURCE\tNAME\tSCHEDULE\tSTATE\tADDRESS")
	}
	enc := json.NewEncoder(t.out)
	enc.SetEscapeHTML(false)
	for _, s := range cfg.Sources {
		if c.JSON {
			if err := enc.Encode(listedSource{s.Slug, s.Name, withoutPassword(s.URL), s.Schedule, s.TimeZone.Location().String(), s.Categories, s.Paused}); err != nil {
				return err
			}
			continue
		}
		state := "active"
		if s.Paused {
			state = "paused"
		}
		fmt.Fprintf(tab, "%s\t%s\t%s\t%s\t%s\n", s.Slug, s.Name, cmp.Or(s.Schedule, "its own rhythm"), state, withoutPassword(s.URL))
	}
	return tab.Flush()
}

// withoutPassword hides what must not stand in a terminal's history.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	return u.Redacted()
}
