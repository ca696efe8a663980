package normalize_test

import (
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// claimOf is what an account tells of a field.
func claimOf(t *testing.T, c normalize.Account, field string) parse.Claim {
	t.Helper()
	for _, claim := range c.Claims() {
		if claim.Field == field {
			return claim
		}
	}
	t.Fatalf("nothing is told of %s", field)
	return parse.Claim{}
}

// An account says nothing that the config of today does not bear out: a date that
// was read in another zone is not told to be of the present one.
func TestAccountOfAnotherZone(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	src := news.Source{Slug: "wire", TimeZone: shanghai}
	it := parse.Item{ID: "1", Dates: []parse.Date{{Raw: "2022-11-10 10:46:16", Field: "pubDate"}}}
	a := normalize.Articles(src, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
	for _, c := range []struct {
		zone *time.Location
		want string
	}{
		{shanghai, "in the time_zone of its source, Asia/Shanghai"},
		{time.UTC, "in the time_zone that its source had then"},
	} {
		src.TimeZone = c.zone
		if got := claimOf(t, normalize.Account{Article: a, Source: src}, "published").Rule; !strings.Contains(got, c.want+", by the rules for the year first") {
			t.Errorf("with the zone %s: %q, want %q in it", c.zone, got, c.want)
		}
	}
}

// An address is told with what was taken off it.
func TestAccountOfAddresses(t *testing.T) {
	for link, want := range map[string]string{
		"https://wire.example/1":                            "the item's link",
		"https://wire.example/1?utm_source=rss":             "the item's link, made canonical from \"https://wire.example/1?utm_source=rss\" without what watches the reader",
		"https://wire.example/news/1/amp?utm_source=rss":    "the item's link, made canonical from \"https://wire.example/news/1/amp?utm_source=rss\" without a copy for mobile readers and what watches the reader",
		"https://www.google.com/url?q=https://wire.example": "the item's link, made canonical from \"https://www.google.com/url?q=https://wire.example\" without a redirector",
	} {
		it := parse.Item{ID: "1", Link: link}
		a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
		if got := claimOf(t, normalize.Account{Article: a}, "url").Rule; got != want {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
	}
}

// What is told does not change the article: no part of its substance, and not
// whether it counts as changed.
func TestWitnessesAreNoSubstance(t *testing.T) {
	a := news.Article{Title: "One"}
	before := a.Fingerprint()
	a.Witnesses = a.Witnesses.With("title", "title").With("author", "dc:creator")
	if a.Fingerprint() != before {
		t.Error("an article with witnesses counts as another")
	}
	for field, want := range map[string]string{"title": "title", "author": "dc:creator", "auth": "", "image": ""} {
		if got := a.Witnesses.Of(field); got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
}

// byline.alias is told where it changed a name, and house style where that did.
func TestAccountOfAliases(t *testing.T) {
	src := news.Source{Slug: "wire", Byline: news.BylineRules{Alias: map[string]string{"王晓夏": "Wang Xiaoxia"}}}
	for _, c := range []struct{ field, holds, lacks string }{
		{"By WANG XIAOXIA", "in house style", "byline.alias"},
		{"Xiaoxia, Wang", "", "byline.alias"},
		{"记者 王晓夏", "byline.alias", "house style"},
	} {
		it := parse.Item{ID: "1", People: []parse.Person{{Name: c.field, Field: "dc:creator"}}}
		a := normalize.Articles(src, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
		got := claimOf(t, normalize.Account{Article: a, Source: src}, "author").Rule
		if !strings.Contains(got, c.holds) || strings.Contains(got, c.lacks) {
			t.Errorf("%s: %q, want %q and not %q", c.field, got, c.holds, c.lacks)
		}
	}
}
