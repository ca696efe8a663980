package normalize_test

import (
	"slices"
	"strings"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// The role word that decided is named with the line that it stands in.
func TestExplainRoleWords(t *testing.T) {
	it := parse.Item{ID: "1", People: []parse.Person{{Name: "Text und Fotos: Ute Klose", Field: "dc:creator"}},
		Content: parse.Text{Body: "<p>The crews moved the boats.</p><p>Redaktion: Karl Ritter</p>", Type: parse.HTML}}
	a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
	var got []string
	for _, c := range normalize.Explain(it, a) {
		if c.Witness == "normalized" && c.Field != "language" {
			got = append(got, c.Field+" "+c.Rule)
		}
	}
	want := []string{
		"author from dc:creator “Text und Fotos: Ute Klose”, by its word “Text und Fotos”",
		"editor from the text, by its word “Redaktion”",
		"photographer from dc:creator “Text und Fotos: Ute Klose”, by its word “Text und Fotos”",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Each person is told with the line that names them in that role, not with the
// field that names another, or the same as author.
func TestExplainEachLine(t *testing.T) {
	const line = "Reporting by Jane Doe; Editing by J Doe; Photo by Mia Lund"
	it := parse.Item{ID: "1", People: []parse.Person{{Name: "J Doe", Field: "dc:creator"}}, CreditLines: []string{line},
		Content: parse.Text{Body: "<p>The crews moved the boats.</p><p>" + line + "</p>", Type: parse.HTML}}
	a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
	claims := normalize.Explain(it, a)
	if i := slices.IndexFunc(claims, func(c parse.Claim) bool { return c.Field == "editor" }); i < 0 || !strings.Contains(claims[i].Rule, line) {
		t.Errorf("the editor is not told with the line: %+v", claims)
	}
	if len(a.Byline.People) < 3 || a.Byline.Printed != "J Doe" {
		t.Fatalf("byline %+v", a.Byline)
	}
	for _, p := range a.Byline.People {
		if got := normalize.LineOf(&a, p); got != line {
			t.Errorf("%s %s is told from %q", p.Role, p.Name, got)
		}
	}
}

// What extraction believed and the article does not have did not win.
func TestExplainWhatWasNotTaken(t *testing.T) {
	claim := func(field, value string) parse.Claim {
		return parse.Claim{Field: field, Witness: "head", Value: value, Won: true, Rule: "the first"}
	}
	it := parse.Item{
		ID: "1", Language: "en", Title: parse.Text{Body: "日本调查：三千余家日企剥削外国实习生"},
		Dates:  []parse.Date{{Raw: "soon", Field: "published"}},
		Claims: []parse.Claim{claim("language", "en"), claim("published", "soon"), claim("modified", "later")},
	}
	a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "page", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
	var won []string
	for _, c := range normalize.Explain(it, a) {
		if c.Won {
			won = append(won, c.Field+" "+c.Value)
		}
	}
	if got := strings.Join(won, ", "); got != "language zh" {
		t.Errorf("got %q, want only the language, as its letters tell it", got)
	}
}

// An article knows which item it is of, also behind one that stands twice.
func TestItemOfAnArticle(t *testing.T) {
	feed := &parse.Feed{Format: "rss"}
	for _, id := range []string{"a", "", "a", "b"} {
		feed.Items = append(feed.Items, parse.Item{ID: id, Title: parse.Text{Body: id}})
	}
	list := normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})
	if len(list) != 2 || list[0].Item != 0 || list[1].Item != 3 {
		t.Errorf("got %+v, want those of the items 0 and 3", list)
	}
}
