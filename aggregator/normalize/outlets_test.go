package normalize_test

import (
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// The sources of a config are outlets that the articles of all are credited to,
// by any of their names, as printed.
func TestOutlets(t *testing.T) {
	outlets := normalize.OutletsOf([]news.Source{
		{Slug: "tide", Name: "Tide Wire", URL: "https://tide.example/rss", Aliases: []string{"TW", "潮汐社"}},
		{Slug: "ole", Name: "Ole Dalen", URL: "https://ole.example/feed"},
	})
	for _, c := range []struct{ source, creator, body, people, credit, place string }{
		{creator: "Jane Doe, TW", people: "Jane Doe", credit: "TW"},
		{creator: "Jane Doe / TW", people: "Jane Doe", credit: "TW"},
		{creator: "Jane Doe, 潮汐社", people: "Jane Doe", credit: "潮汐社"},
		{creator: "Jane Doe (TW)", people: "Jane Doe", credit: "TW"},
		{creator: "Jane Doe（潮汐社）", people: "Jane Doe", credit: "潮汐社"},
		{creator: "TW", people: "TW", credit: "TW"},
		{creator: "Tide Wire", people: "Tide Wire", credit: "Tide Wire"},
		{body: "OSLO (Tide Wire) — The ferries stayed in port.", credit: "Tide Wire", place: "OSLO"},
		{body: "潮汐社奥斯陆11月10日电 渡轮昨天停航，居民安全。", credit: "潮汐社", place: "奥斯陆"},
		{body: "The ferries stayed in port.</p><p>Source: TW", credit: "TW"},
		{body: "The ferries stayed in port.</p><p>(Tide Wire)", credit: "Tide Wire"},
		{creator: "Ole Dalen", people: "Ole Dalen"}, // called after its author
		{source: "Tide Wire", creator: "Jane Doe, Tide Wire", people: "Jane Doe"},
		{source: "Tide Wire", creator: "Jane Doe (Tide Wire)", people: "Jane Doe"},
		{source: "Tide Wire", body: "OSLO (Tide Wire) — The ferries stayed in port.", place: "OSLO"},
	} {
		it := parse.Item{ID: "1", Content: parse.Text{Body: "<p>" + c.body + "</p>", Type: parse.HTML}}
		if c.creator != "" {
			it.People = []parse.Person{{Name: c.creator, Field: "dc:creator"}}
		}
		src := news.Source{Slug: "s", Name: c.source}
		a := normalize.Articles(src, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched, Outlets: outlets})[0]
		people, home := "", ""
		for _, p := range a.Byline.People {
			people += p.Name
		}
		if c.credit != "" {
			home = "https://tide.example/"
		}
		if people != c.people || a.Credit.Name != c.credit || a.Credit.URL != home || a.Dateline.Place != c.place {
			t.Errorf("%q %q: people %q, credit %q at %q, place %q", c.creator, c.body, people, a.Credit.Name, a.Credit.URL, a.Dateline.Place)
		}
	}
}
