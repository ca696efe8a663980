package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
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
	account := accountOf(cfg, a)
	follow, has, err := followed(ctx, shelf, a.Key)
	if err != nil {
		return err
	}
	if has {
		account.Follow = &follow
	}
	fmt.Fprintln(t.out, cmp.Or(a.Title, "(without a title)"))
	printFields(t.out, fieldsOf(houseOf(cfg), account))
	if err := explainPage(t.out, account.Follow); err != nil {
		return err
	}
	if err := explainChannels(ctx, t.out, shelf, cfg, &a); err != nil {
		return err
	}
	printVersions(t.out, versions)
	return nil
}

// followed is what is remembered of an article's page; has is false where its
// source is not followed.
func followed(ctx context.Context, shelf *store.Store, key news.Key) (f news.Follow, has bool, err error) {
	f, err = shelf.Follow(ctx, key)
	if gone := (interface{ NotFound() bool })(nil); errors.As(err, &gone) && gone.NotFound() {
		return f, false, nil
	}
	return f, err == nil, err
}

func accountOf(cfg *config.Config, a news.Article) normalize.Account {
	sources := cfg.NewsSources()
	out := normalize.Account{Article: a, Outlets: normalize.OutletsOf(sources)}
	for _, src := range sources {
		if src.Slug == a.Source {
			out.Source = src
		}
	}
	return out
}

// A field is one of an article, with the rule that gave it.
type field struct{ name, value, rule string }

// fieldNames are those of claims by which people know them better.
var fieldNames = map[string]string{"url": "address", "content": "text", "tags": "categories", "attachment": "enclosure", "breadcrumb": "path"}

// fieldsOf are an article's fields: ours first, then those that came with it.
func fieldsOf(h edition.House, c normalize.Account) []field {
	a := &c.Article
	out := []field{
		{"key", string(a.Key), c.Key()},
		{"id", cmp.Or(a.ID, h.ID(string(a.Key))), c.ID()},
		{"our page", h.ArticleURL(a.Key), "below url of the publisher, by its key"},
		{"source", string(a.Source), sourceOf(c.Source)},
	}
	claims := c.Claims()
	dated := slices.IndexFunc(claims, func(claim parse.Claim) bool {
		return !slices.Contains([]string{"title", "url", "published", "modified"}, claim.Field)
	})
	for i, claim := range claims {
		if i == dated {
			out = append(out, field{"first seen", when(a.FirstSeen), "when a pull of its source first brought it"}, field{"updated", when(a.Updated), c.Updated()})
		}
		out = append(out, field{cmp.Or(fieldNames[claim.Field], claim.Field), opening(claim), claim.Rule})
	}
	if a.Withdrawn {
		out = append(out, field{"withdrawn", when(a.Withdrawal.At), "by " + cmp.Or(a.Withdrawal.By, "nobody known") + ": " + a.Withdrawal.Reason})
	}
	return out
}

// sourceOf tells which source of the config brought an article.
func sourceOf(src news.Source) string {
	if src.Slug == "" {
		return "the source that brought it, which the config names no more"
	}
	return fmt.Sprintf("the source of the config that brought it: %s, %s", src.Name, news.Public(src.URL))
}

// opening is what is printed of a value: all of an address, the beginning of a
// text.
func opening(claim parse.Claim) string {
	const longest = 60
	if text := []rune(claim.Value); len(text) > longest && !strings.Contains(claim.Value, "://") {
		return string(text[:longest-1]) + "…"
	}
	return claim.Value
}

// narrow is the width up to which a value has its rule beside it. Wider ones
// have it below, so that one long address does not push all rules away.
const narrow = 40

func printFields(w io.Writer, list []field) {
	names, values := 0, 0
	for _, f := range list {
		names = max(names, columns(f.name))
		if n := columns(f.value); n <= narrow {
			values = max(values, n)
		}
	}
	for _, f := range list {
		name := "  " + f.name + strings.Repeat(" ", names-columns(f.name)+2)
		if gap := values - columns(f.value); gap >= 0 {
			fmt.Fprintf(w, "%s%s%s  %s\n", name, f.value, strings.Repeat(" ", gap), f.rule)
		} else {
			fmt.Fprintf(w, "%s%s\n%s  %s\n", name, f.value, strings.Repeat(" ", columns(name)), f.rule)
		}
	}
}

// columns is how wide a terminal shows a text: twice for East Asian letters.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch kind := width.LookupRune(r).Kind(); {
		case kind == width.EastAsianWide || kind == width.EastAsianFullwidth:
			n += 2
		case !unicode.Is(unicode.Mn, r):
			n++
		}
	}
	return n
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeFormat)
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
func explainPage(w io.Writer, f *news.Follow) error {
	if f == nil {
		return nil
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
