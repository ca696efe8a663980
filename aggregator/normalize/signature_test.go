package normalize_test

import (
	"strings"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// A name signs a text in a paragraph of its own, and nowhere else.
func TestNamesThatSignNothing(t *testing.T) {
	const text = "<p>The crews moved the boats before noon.</p><p>Nobody had asked them to.</p><p>The harbour was empty when the keeper came.</p>"
	byline := func(title, end string) []news.Person {
		feed := &parse.Feed{Format: "rss", Items: []parse.Item{{
			ID: "1", Title: parse.Text{Body: title}, Content: parse.Text{Body: text + end, Type: parse.HTML},
		}}}
		return normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})[0].Byline.People
	}
	if got := byline("Boats", "<p>Robert Jones</p>"); len(got) != 1 || got[0].Name != "Robert Jones" {
		t.Errorf("a paragraph of its own gives %v", got)
	}
	for _, end := range []string{
		`<ul><li><a href="/b">Robert Jones</a></li></ul>`, "<h3><strong>Robert Jones</strong></h3>", "<h3>Robert  Jones</h3>",
		"<blockquote><p>More of it.</p><p>Robert Jones</p></blockquote>", `<p><img src="https://wire.example/a.jpg"><br>Robert Jones</p>`,
		"<table><tr><td>Robert Jones</td></tr></table>", "<figure><figcaption><em>Robert Jones</em></figcaption></figure>",
		"<ul><li>By Train</li><li>By Car</li></ul>",
	} {
		if got := byline("Boats", end); len(got) > 0 {
			t.Errorf("%s gives %v", end, got)
		}
	}
	if got := byline("Robert Jones retires", "<p>Robert Jones</p>"); len(got) > 0 {
		t.Errorf("of whom the title tells: %v", got)
	}
}

// What names nobody may be somebody to the operator.
func TestAliasOfNoise(t *testing.T) {
	src := news.Source{Slug: "wire", Byline: news.BylineRules{Alias: map[string]string{"admin": "Ann Lee"}}}
	feed := &parse.Feed{Format: "rss", Items: []parse.Item{{ID: "1", People: []parse.Person{{Name: "Admin", Field: "dc:creator"}}}}}
	a := normalize.Articles(src, feed, normalize.Options{At: fetched})[0]
	got := a.Byline.People
	if len(got) != 1 || got[0].Name != "Ann Lee" || got[0].Role != news.Author {
		t.Fatalf("got %v", got)
	}
	if line := normalize.LineOf(&a, got[0]); line != "Admin" {
		t.Errorf("it is told from %q", line)
	}
}

// A field of four kilobytes costs no more than its share of one of two: a line
// of prepositions, quotes or names is looked through once.
func TestLongBylines(t *testing.T) {
	for _, unit := range []string{"“a” ", "van ", "di ", "Nguyễn Văn ", "for a "} {
		cost := func(n int) float64 {
			line := strings.Repeat(unit, n/len(unit))
			return testing.AllocsPerRun(1, func() { normalize.Byline(line, news.Author) })
		}
		if short, long := cost(1000), cost(4000); long > 10*short {
			t.Errorf("%q: 1 KB takes %.0f allocations, 4 KB %.0f", unit, short, long)
		}
	}
}
