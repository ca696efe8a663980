package normalize_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
)

func people(names ...string) news.Byline {
	var b news.Byline
	for _, name := range names {
		p := news.Person{Name: name, Role: news.Author}
		p.Name, p.Organization = strings.CutSuffix(name, " (body)")
		b.People = append(b.People, p)
	}
	return b
}

// Who made it is the page's to say, unless it says less than the feed.
func TestMergeBylines(t *testing.T) {
	for _, tt := range []struct {
		name             string
		feed, page, want news.Byline
	}{
		{"the page alone", people(), people("Ann Lee"), people("Ann Lee")},
		{"the feed alone", people("Ann Lee"), people(), people("Ann Lee")},
		{"they differ", people("Staff"), people("Ann Lee"), people("Ann Lee")},
		{"the page knows one more", people("Ann Lee"), people("Ann Lee", "Bob Roy"), people("Ann Lee", "Bob Roy")},
		{"the feed knows one more", people("Ann Lee", "Bob Roy"), people("Bob Roy"), people("Ann Lee", "Bob Roy")},
		{"the page names only a body", people("Ann Lee"), people("The Wire (body)"), people("Ann Lee")},
		{"both name only bodies", people("Wire Desk (body)"), people("The Wire (body)"), people("The Wire (body)")},
	} {
		got, _ := normalize.Merge(news.Article{Byline: tt.feed}, news.Page{Article: news.Article{Byline: tt.page}})
		if g, w := namesIn(got.Byline), namesIn(tt.want); g != w {
			t.Errorf("%s: got %s, want %s", tt.name, g, w)
		}
	}
}

func namesIn(b news.Byline) string {
	var names []string
	for _, p := range b.People {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// The page's text is taken where it is the feed's and more, and never where that
// would lose any of it.
func TestMergeTexts(t *testing.T) {
	sentence := func(n int) string {
		return "<p>" + strings.Repeat("Sentence with a number of words, told once more and then again. ", n) + "</p>"
	}
	with := func(text string, words int) news.Article { return news.Article{ContentHTML: text, Words: words} }
	long, other := sentence(20), "<p>"+strings.Repeat("Quite another story was told there on that day by them all. ", 30)+"</p>"
	for _, tt := range []struct {
		name       string
		feed, page news.Article
		paid, want bool
	}{
		{"a summary alone", with("", 20), with(long, 220), false, true},
		{"a teaser", with(sentence(2), 22), with(long, 220), false, true},
		{"the beginning", with(sentence(15), 165), with(long, 220), false, true},
		{"the same", with(long, 220), with(long, 220), false, false},
		{"less", with(long, 220), with(sentence(2), 22), false, false},
		{"a summary longer than the page's text", with("", 60), with(sentence(2), 22), false, false},
		{"another text", with(sentence(15), 165), with(other, 360), false, false},
		{"behind a paywall", with(sentence(2), 22), with(long, 220), true, false},
		{"none on the page", with(sentence(2), 22), with("", 0), false, false},
	} {
		got, _ := normalize.Merge(tt.feed, news.Page{Article: tt.page, Paid: tt.paid})
		if taken := got.ContentHTML == tt.page.ContentHTML && got.Words == tt.page.Words; taken != tt.want && tt.feed.ContentHTML != tt.page.ContentHTML {
			t.Errorf("%s: the page's text taken: %v, want %v", tt.name, taken, tt.want)
		}
	}
}

// When it was published stays what it was taken in with, and what the page says
// of that is told.
func TestMergeDates(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)
	seen := news.Moment{At: at.Add(time.Hour), Basis: news.FirstSeen}
	stated := news.Moment{At: at, Basis: news.Explicit, Raw: "2026-03-04T05:06Z"}
	for _, tt := range []struct {
		name       string
		feed, page news.Moment
		told       bool
	}{
		{"a feed without dates", seen, stated, true},
		{"another moment", news.Moment{At: at.Add(-time.Minute), Basis: news.Explicit, Raw: "05:05"}, stated, true},
		{"the same", stated, stated, false},
		{"a page without dates", stated, seen, false},
	} {
		got, choices := normalize.Merge(news.Article{Published: tt.feed}, news.Page{Article: news.Article{Published: tt.page}})
		i := slices.IndexFunc(choices, func(c normalize.Choice) bool { return c.Field == "published" })
		if got.Published != tt.feed || (i >= 0) != tt.told || i >= 0 && (choices[i].Page || choices[i].Other != stated.Raw) {
			t.Errorf("%s: got %+v with %+v", tt.name, got.Published, choices)
		}
	}
}

// What the article is stays the feed's; what the feed does not know is filled.
func TestMergeTheRest(t *testing.T) {
	feed := news.Article{
		Key: "k", ID: "urn:x", OriginalID: "x", URL: "https://a.example/1", Title: "As the feed has it", Summary: "Short.",
		Categories: []string{"World"}, Image: &news.Image{URL: "https://a.example/small.jpg"},
	}
	page := news.Page{Article: news.Article{
		Key: "other", ID: "https://a.example/canonical", OriginalID: "y", URL: "https://a.example/canonical", Title: "As the page has it",
		Summary: "Longer, and for machines.", Section: "Economy", Breadcrumb: []string{"Home", "Economy"}, Credit: news.Credit{Name: "Reuters"},
		Categories: []string{"World", "Rates"}, Image: &news.Image{URL: "https://a.example/large.jpg", Credit: "Ann Lee"}, Rights: "© A",
	}}
	got, choices := normalize.Merge(feed, page)
	if got.Key != feed.Key || got.ID != feed.ID || got.OriginalID != feed.OriginalID || got.URL != feed.URL || got.Title != feed.Title || got.Summary != feed.Summary {
		t.Errorf("got %+v, want what it is from the feed", got)
	}
	if got.Section != "Economy" || got.Credit.Name != "Reuters" || len(got.Categories) != 2 || got.Image.Credit != "Ann Lee" || got.Rights != "© A" {
		t.Errorf("got %+v, want what the page adds", got)
	}
	told := map[string]normalize.Choice{}
	for _, c := range choices {
		told[c.Field] = c
	}
	if c := told["title"]; c.Page || c.Other != "As the page has it" {
		t.Errorf("title is told as %+v", c)
	}
	if c := told["credit"]; !c.Page || c.Other != "" {
		t.Errorf("credit is told as %+v", c)
	}
	if same, choices := normalize.Merge(feed, news.Page{Article: feed}); len(choices) > 0 || same.Fingerprint() != feed.Fingerprint() {
		t.Errorf("a page that says the same made %+v of it: %+v", same, choices)
	}
}
