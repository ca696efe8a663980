package news_test

import (
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
)

func TestParseSlug(t *testing.T) {
	for _, ok := range []string{"a", "top-news", "x2", strings.Repeat("a", 64)} {
		if got, err := news.ParseSlug(ok); err != nil || string(got) != ok {
			t.Errorf("ParseSlug(%q) = %q, %v", ok, got, err)
		}
	}
	for _, bad := range []string{"", "Top", "a--b", "-a", "a-", "a b", "é", strings.Repeat("a", 65)} {
		if _, err := news.ParseSlug(bad); err == nil {
			t.Errorf("ParseSlug(%q) accepted", bad)
		}
	}
}

// Keys are published for ever: a change of the derivation would re-flood every
// subscriber, so its value is held here.
func TestNewKeyIsForEver(t *testing.T) {
	if got, want := news.NewKey("stdaily", "https://example.org/1"), news.Key("ltwvsldfpmjdf5zo"); got != want {
		t.Errorf("NewKey = %q, want %q", got, want)
	}
	if news.NewKey("a", "b") == news.NewKey("ab", "") {
		t.Error("the source is not kept apart from the id")
	}
}

func TestFingerprint(t *testing.T) {
	base := func() news.Article {
		return news.Article{
			Title: "A title", Summary: "Sum", ContentHTML: "<p>One two</p>",
			Byline:     news.Byline{People: []news.Person{{Name: "Lin Yuchen", Role: news.Author}}},
			Categories: []string{"a", "b"},
			Published:  news.Moment{At: time.Unix(1, 0)},
		}
	}
	a := base()
	for name, c := range map[string]struct {
		change func(*news.Article)
		same   bool
	}{
		"a moved date":       {func(a *news.Article) { a.Published.At = time.Unix(9, 0); a.Modified.At = time.Unix(9, 0) }, true},
		"white space":        {func(a *news.Article) { a.ContentHTML = "<p>One\n  two</p>\n" }, true},
		"the printed byline": {func(a *news.Article) { a.Byline.Printed = "By Lin" }, true},
		"a word":             {func(a *news.Article) { a.ContentHTML = "<p>One three</p>" }, false},
		"a role":             {func(a *news.Article) { a.Byline.People[0].Role = news.Editor }, false},
		"a category's edge":  {func(a *news.Article) { a.Categories = []string{"ab"} }, false},
		"an image":           {func(a *news.Article) { a.Image = &news.Image{URL: "https://example.org/i.png"} }, false},
	} {
		b := base()
		c.change(&b)
		if got := a.Fingerprint() == b.Fingerprint(); got != c.same {
			t.Errorf("%s: same fingerprint = %v, want %v", name, got, c.same)
		}
	}
}
