package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/store"
	"copydesk/config"
	"copydesk/publisher/edition"
)

type explainCommand struct {
	configFlag
	Article string `arg:"" help:"The article: its key, its id or its address."`
}

const timeFormat = "2006-01-02 15:04:05 MST"

// Run tells what is known of an article: where each field came from, why it is
// in each channel or not, and what it said before.
func (c explainCommand) Run(ctx context.Context, t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	shelf, err := store.Open(ctx, cfg.DatabasePath(), store.Options{})
	if err != nil {
		return err
	}
	defer shelf.Close()
	a, err := findArticle(ctx, shelf, cfg, c.Article)
	if err != nil {
		return err
	}
	versions, err := shelf.Versions(ctx, a.Key)
	if err != nil {
		return err
	}
	printFields(t.out, cfg, &a)
	if err := explainPage(ctx, t.out, shelf, a.Key); err != nil {
		return err
	}
	if err := explainChannels(ctx, t.out, shelf, cfg, &a); err != nil {
		return err
	}
	printVersions(t.out, versions)
	return nil
}

// printFields tells each field with where it came from.
func printFields(w io.Writer, cfg *config.Config, a *news.Article) {
	fmt.Fprintln(w, cmp.Or(a.Title, "(without a title)"))
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, f := range fieldsOf(houseOf(cfg), a) {
		if f[1] != "" {
			fmt.Fprintf(tab, "  %s\t%s\t%s\n", f[0], f[1], f[2])
		}
	}
	_ = tab.Flush() // what was written before has told already
}

// fieldsOf are an article's fields: name, value, and where the value came from.
func fieldsOf(h edition.House, a *news.Article) [][3]string {
	id, from := a.ID, "the source's own"
	if id == "" {
		id, from = h.ID(string(a.Key)), "ours: the source's is no address, or another article has it"
	}
	out := [][3]string{
		{"key", string(a.Key), "from the source and its id " + a.OriginalID},
		{"id", id, from},
		{"source", string(a.Source), ""},
		{"address", a.URL, differs("made canonical from ", a.OriginalURL, a.URL)},
		{"our page", h.ArticleURL(a.Key), ""},
		{"published", when(a.Published.At), basis(a.Published)},
		{"modified", when(a.Modified.At), basis(a.Modified)},
		{"first seen", when(a.FirstSeen), "when it was pulled"},
		{"updated", when(a.Updated), "its last change of substance"},
	}
	for _, p := range a.Byline.People {
		out = append(out, [3]string{string(p.Role), p.Name, strings.TrimPrefix(differs("from the line ", normalize.LineOf(a, p), p.Name)+aside(", ", p.Affiliation), ", ")})
	}
	out = append(out, [][3]string{
		{"credit", a.Credit.Name, "the origin that the copy names"},
		{"dateline", strings.TrimSpace(a.Dateline.Place + " " + a.Dateline.Date), "from the start of the text"},
		{"section", a.Section, ""},
		{"categories", strings.Join(a.Categories, ", "), ""},
		{"language", a.Language, ""},
		{"rights", a.Rights, ""},
		{"words", fmt.Sprint(a.Words), ""},
	}...)
	if a.Withdrawn {
		out = append(out, [3]string{"withdrawn", when(a.Withdrawal.At), "by " + cmp.Or(a.Withdrawal.By, "nobody known") + ": " + a.Withdrawal.Reason})
	}
	return out
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeFormat)
}

// basis says how a time was read, and from what.
func basis(m news.Moment) string {
	if m.Raw == "" {
		return string(m.Basis)
	}
	return fmt.Sprintf("%s: read from %q", m.Basis, m.Raw)
}

func differs(words, origin, value string) string {
	if origin == "" || origin == value {
		return ""
	}
	return words + fmt.Sprintf("%q", origin)
}

func aside(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}

// explainPage tells how the article's page was read, and of each field on which
// it and the feed differ, who was believed and what the other said.
func explainPage(ctx context.Context, w io.Writer, shelf *store.Store, key news.Key) error {
	f, err := shelf.Follow(ctx, key)
	if gone := (interface{ NotFound() bool })(nil); errors.As(err, &gone) && gone.NotFound() {
		return nil // its source is not followed
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\npage")
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(tab, "  %s\t%s\n", f.State, strings.TrimPrefix(aside("", f.Reason)+aside("; again at ", when(f.NextAt)), "; "))
	if f.Page == nil {
		return tab.Flush()
	}
	_, choices := normalize.Merge(f.Feed, *f.Page)
	for _, c := range choices {
		from, other := "from the feed", "the page"
		if c.Page {
			from, other = "from the page"+inBrackets(f.Page.Witnesses[c.Field]), "the feed"
		}
		fmt.Fprintf(tab, "  %s\t%s: %s%s\n", c.Field, from, c.Why, differs("; "+other+" said ", c.Other, ""))
	}
	return tab.Flush()
}

func inBrackets(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// explainChannels says of each channel why the article is in it or not.
func explainChannels(ctx context.Context, w io.Writer, shelf *store.Store, cfg *config.Config, a *news.Article) error {
	list, err := shelf.Filed(ctx, a.Key)
	if err != nil {
		return err
	}
	filed := map[news.Slug]*news.Placement{}
	for i := range list {
		filed[list[i].Channel] = &list[i]
	}
	fmt.Fprintln(w, "\nchannels")
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, ch := range cfg.NewsChannels() {
		var candidates []news.Placement
		if filed[ch.Slug] != nil {
			if candidates, err = shelf.Placements(ctx, news.Shelf{Kind: news.ChannelShelf, Slug: ch.Slug}, edition.Deepest); err != nil {
				return err
			}
		}
		verdict, err := edition.Explain(ch, a, filed[ch.Slug], candidates)
		if err != nil {
			return err
		}
		in := "out"
		if verdict.In {
			in = "in"
		}
		fmt.Fprintf(tab, "  %s\t%s\t%s\n", ch.Slug, in, verdict.Why)
	}
	return tab.Flush()
}

// printVersions lists what the article said, the newest first.
func printVersions(w io.Writer, versions []news.Version) {
	fmt.Fprintln(w, "\nversions")
	for _, v := range versions {
		state := "stands"
		if v.Withdrawn {
			state = "withdrawn"
		} else if !v.Replaced.IsZero() {
			state = "until " + when(v.Replaced)
		}
		fmt.Fprintf(w, "  revision %d, %s, %s: %s\n", v.Revision, when(v.Updated), state, cmp.Or(v.Title, "(without a title)"))
	}
}
