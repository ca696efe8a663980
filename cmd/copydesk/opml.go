package main

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"copydesk/aggregator/find"
	"copydesk/aggregator/news"
	"copydesk/aggregator/opml"
	"copydesk/config"
)

type opmlCommand struct {
	Import opmlImportCommand `cmd:"" help:"Add the feeds of an OPML list to the config."`
	Export opmlExportCommand `cmd:"" help:"Print the sources as an OPML list."`
}

// maxOPML is the largest list that is read, in bytes.
const maxOPML = 32 << 20

type opmlImportCommand struct {
	configFlag
	File   string `arg:"" help:"The list, or - for standard input."`
	DryRun bool   `help:"Tell what would be added, and write nothing."`
}

// Run adds what the config does not have yet, in one edit. Each fault of the
// list is told with its line; what can be made sense of is added all the same.
func (c opmlImportCommand) Run(t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	list, err := c.read(t)
	if err != nil {
		return err
	}
	list.Once(find.Key)
	for _, f := range list.Faults {
		c.tell(t, f.Line, f.Problem)
	}
	fresh := c.fresh(t, cfg, list.Feeds)
	if len(fresh) == 0 {
		if len(list.Feeds) == 0 {
			return fmt.Errorf("%s lists no feed", c.File)
		}
		fmt.Fprintf(t.err, "%s: nothing to add; all %d feeds are there already\n", c.Config, len(list.Feeds))
		return nil
	}
	return c.edit(t, func(d *config.Draft) error { return c.add(t, d, fresh) })
}

func (c opmlImportCommand) read(t *terminal) (*opml.List, error) {
	in := t.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return nil, fmt.Errorf("read list: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxOPML+1))
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	if len(data) > maxOPML {
		return nil, fmt.Errorf("%s is larger than %d MB (it is probably no list of feeds)", c.File, maxOPML>>20)
	}
	list, err := opml.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return list, nil
}

func (c opmlImportCommand) tell(t *terminal, line int, problem string) {
	fmt.Fprintf(t.err, "%s:%d: %s\n", c.File, line, problem)
}

// fresh are the feeds that the config does not have.
func (c opmlImportCommand) fresh(t *terminal, cfg *config.Config, feeds []opml.Feed) []config.Addition {
	known := map[string]string{}
	for _, s := range cfg.Sources {
		known[find.Key(s.URL)] = s.Slug
	}
	var out []config.Addition
	for _, f := range feeds {
		if slug, have := known[find.Key(f.URL)]; have && find.Key(f.URL) != "" {
			c.tell(t, f.Line, fmt.Sprintf("%s is there already, as source %q", f.URL, slug))
			continue
		}
		a := config.Addition{Source: config.NewSource()}
		a.Name, a.URL, a.Language, a.Categories = f.Name, f.URL, f.Language, f.Categories
		out = append(out, a)
	}
	return out
}

// add prints what was added as data, a line for each.
func (c opmlImportCommand) add(t *terminal, d *config.Draft, fresh []config.Addition) error {
	before := len(d.Config().Sources)
	if err := d.Add(fresh...); err != nil {
		return err
	}
	tab := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tab, "SOURCE\tNAME\tADDRESS")
	for _, s := range d.Config().Sources[before:] {
		fmt.Fprintf(tab, "%s\t%s\t%s\n", s.Slug, s.Name, withoutPassword(s.URL))
	}
	if err := tab.Flush(); err != nil {
		return err
	}
	if c.DryRun {
		fmt.Fprintf(t.err, "%s: %d sources would be added\n", c.Config, len(fresh))
		return errDryRun
	}
	fmt.Fprintf(t.err, "%s: %d sources added\n", c.Config, len(fresh))
	return nil
}

type opmlExportCommand struct{ configFlag }

// Run writes OPML 2.0, the categories of a source as the folders around it. A
// list is made to be handed on, so no password or key is in it.
func (c opmlExportCommand) Run(t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	var feeds []opml.Feed
	for _, s := range cfg.Sources {
		address := news.Public(s.URL)
		if address != s.URL {
			fmt.Fprintf(t.err, "%s: the password or key in its address is left out\n", s.Slug)
		}
		feeds = append(feeds, opml.Feed{Name: s.Name, URL: address, Language: s.Language, Categories: s.Categories})
	}
	return opml.Write(t.out, cfg.Publisher.Title, clock(t.env)(), feeds)
}
