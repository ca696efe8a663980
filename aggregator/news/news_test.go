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
func TestParseShelf(t *testing.T) {
	for _, shelf := range []news.Shelf{{Kind: news.ChannelShelf, Slug: "all"}, {Kind: news.AuthorShelf, Slug: "ann-lee"}} {
		if got, err := news.ParseShelf(shelf.String()); got != shelf || err != nil {
			t.Errorf("%s: got %v, %v", shelf, got, err)
		}
	}
	for _, s := range []string{"", "all", "channels", "channels/", "shops/all", "channels/all/feed.rss"} {
		if got, err := news.ParseShelf(s); err == nil {
			t.Errorf("%q is read as %v, want an error", s, got)
		}
	}
}

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

// What nobody reads is shown anew, and is no update.
func TestSubstance(t *testing.T) {
	base := func() news.Article {
		return news.Article{
			Title: "A title?", URL: "https://example.org/1", Language: "en", Rights: "All", Categories: []string{"a", "b"},
			ContentHTML: `<p>One? Two <a href="http://example.org/?a=1">three</a> <img src="https://example.org/i.png?w=1" alt="Who?Jane"> <a href="https://film.example/watch?v=AbC&amp;t=3">film</a></p>`,
			Byline:      news.Byline{People: []news.Person{{Name: "Lin Yuchen", Role: news.Author}}},
			Image:       &news.Image{URL: "https://example.org/i.png?w=1"},
			Attachments: []news.Attachment{{URL: "https://example.org/a.mp3?sig=1"}},
		}
	}
	a := base()
	for name, c := range map[string]struct {
		change func(*news.Article)
		same   bool
	}{
		"its address, labels and rights": {func(a *news.Article) {
			a.URL, a.Language, a.Rights, a.Categories = "https://example.org/2", "fr", "None", []string{"b", "a"}
		}, true},
		"signatures and widths": {func(a *news.Article) {
			a.ContentHTML = strings.NewReplacer("?a=1", "?utm_source=x&amp;a=1", "?w=1", "?w=2&amp;t=3", "&amp;t=3", "").Replace(a.ContentHTML)
			a.Image.URL, a.Attachments[0].URL = "http://example.org/i.png", "https://example.org/a.mp3?sig=2"
		}, true},
		"http of a link": {func(a *news.Article) { a.ContentHTML = strings.ReplaceAll(a.ContentHTML, "http:", "https:") }, true},
		"a film":         {func(a *news.Article) { a.ContentHTML = strings.Replace(a.ContentHTML, "v=AbC", "v=XyZ", 1) }, false},
		"an alternative": {func(a *news.Article) { a.ContentHTML = strings.Replace(a.ContentHTML, "Jane", "Mary", 1) }, false},
		"a file's id":    {func(a *news.Article) { a.Attachments[0].URL = "https://example.org/a.mp3?file=b" }, false},
		"a picture's id": {func(a *news.Article) { a.Image.URL = "https://example.org/i.png?id=2" }, false},
		"a question":     {func(a *news.Article) { a.ContentHTML = strings.Replace(a.ContentHTML, "One?", "One", 1) }, false},
		"behind one":     {func(a *news.Article) { a.ContentHTML = strings.Replace(a.ContentHTML, "Two", "2", 1) }, false},
		"a link's page":  {func(a *news.Article) { a.ContentHTML = strings.Replace(a.ContentHTML, "org/?a", "org/b?a", 1) }, false},
		"a name":         {func(a *news.Article) { a.Byline.People[0].Name = "Lin Yu" }, false},
		"another image":  {func(a *news.Article) { a.Image.URL = "https://example.org/j.png?w=1" }, false},
	} {
		b := base()
		c.change(&b)
		if got := a.Substance() == b.Substance(); got != c.same {
			t.Errorf("%s: same substance = %v, want %v", name, got, c.same)
		}
	}
}

// What lets a reader in is told to no other; what says which feed is meant stays
// as it was written.
func TestPublicAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example/feed":                                   "https://a.example/feed",
		"https://a.example/feed?cat=a%20b&format=rss&x":            "https://a.example/feed?cat=a%20b&format=rss&x",
		"https://me:pw@a.example/feed?page=1":                      "https://a.example/feed?page=1",
		"https://a.example/feed?cat=a%20b&token=abc":               "https://a.example/feed?cat=a%20b",
		"https://a.example/feed?api_key=abc":                       "https://a.example/feed",
		"https://a.example/feed?APIKey=a&accessToken=b&id=7":       "https://a.example/feed?id=7",
		"https://a.example/feed?%74oken=abc":                       "https://a.example/feed",
		"https://a.example/feed?auth=abc&show=1":                   "https://a.example/feed?show=1",
		"https://a.example/feed?author=lee&keyword=b&authors[]=":   "https://a.example/feed?author=lee&keyword=b&authors[]=",
		"https://a.example/feed?passage=2&design=x&topic=tokens":   "https://a.example/feed?passage=2&design=x&topic=tokens",
		"https://www.youtube.example/feed?channel_id=UCBR8-60-B":   "https://www.youtube.example/feed?channel_id=UCBR8-60-B",
		"https://a.example/feed?user-password=x&X-Amz-Signature=y": "https://a.example/feed",
		":": ":",
	} {
		if got := news.Public(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}
