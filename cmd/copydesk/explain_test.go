package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/txtartest"
	"copydesk/config"
)

// Each file of testdata/explain holds a config of one source, its feed, perhaps
// the page of the feed's first article, and what explain must tell of the
// fields of the articles: of all, or of those that the file names.
func TestExplain(t *testing.T) {
	txtartest.Each(t, "testdata/explain/*.txtar", 1, func(t *testing.T, a *txtartest.Archive) { a.Want(t, explained(t, a.Parts())) })
}

// explained is what explain tells of the fields of all articles of a fixture. No
// field is without the rule that gave it.
func explained(t *testing.T, part map[string]string) string {
	t.Helper()
	cfg, err := config.Parse("copydesk.yaml", []byte(part["copydesk.yaml"]), config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	src := cfg.NewsSources()[0]
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	opt := normalize.Options{At: at, URL: src.URL, Outlets: normalize.OutletsOf(cfg.NewsSources())}
	doc, err := parse.Open([]byte(part["feed"]), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := doc.Feed(nil)
	if err != nil {
		t.Fatal(err)
	}
	list := normalize.Articles(src, feed, opt)
	normalize.Hold(list, at)
	var out strings.Builder
	for i, a := range list {
		a.Updated = a.Published.At
		account := accountOf(cfg, a)
		if i == 0 && part["page.html"] != "" {
			account = withPage(t, account, part["page.html"], opt)
		}
		fields := ruled(t, cfg, account)
		ruled(t, cfg, unnoted(account))
		if names := strings.Fields(part["fields"]); len(names) > 0 {
			fields = slices.DeleteFunc(fields, func(f field) bool { return !slices.Contains(names, f.name) })
		}
		out.WriteString("\n")
		printFields(&out, fields)
	}
	return out.String()
}

// ruled are the fields of an article, each of which has a rule.
func ruled(t *testing.T, cfg *config.Config, c normalize.Account) []field {
	t.Helper()
	fields := fieldsOf(houseOf(cfg), c)
	for _, f := range fields {
		if f.rule == "" {
			t.Errorf("%s %q: no rule", f.name, f.value)
		}
	}
	return fields
}

// unnoted is an account of an article that was stored before its witnesses were
// noted.
func unnoted(c normalize.Account) normalize.Account {
	c.Article.Witnesses = ""
	if c.Follow != nil {
		follow, page := *c.Follow, *c.Follow.Page
		follow.Feed.Witnesses, page.Article.Witnesses, page.Witnesses = "", "", nil
		follow.Page, c.Follow = &page, &follow
	}
	return c
}

// withPage is the account of an article whose page was read.
func withPage(t *testing.T, c normalize.Account, page string, opt normalize.Options) normalize.Account {
	t.Helper()
	opt.URL = c.Article.URL
	read, err := extract.Page([]byte(page), extract.Options{URL: opt.URL})
	if err != nil {
		t.Fatal(err)
	}
	said, ok := normalize.Page(c.Source, read, opt)
	if !ok {
		t.Fatal("the page says nothing")
	}
	c.Follow = &news.Follow{Feed: c.Article, Page: &said, State: news.FollowRead}
	c.Article, _ = normalize.Merge(c.Article, said)
	return c
}
