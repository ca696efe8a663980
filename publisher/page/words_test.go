package page

import (
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

func TestHeadline(t *testing.T) {
	words := english(t)
	for _, tt := range []struct{ title, summary, want, beside string }{
		{"A title", "A summary", "A title", "A summary"},
		{"", "A summary", "A summary", ""},
		{"", "", "Untitled", ""},
	} {
		a := news.Article{Title: tt.title, Summary: tt.summary}
		if got, beside := words.Headline(a), abstract(a); got != tt.want || beside != tt.beside {
			t.Errorf("%q, %q: got %q and beside it %q, want %q and %q", tt.title, tt.summary, got, beside, tt.want, tt.beside)
		}
	}
}

// A standfirst that only says what the text says is left out.
func TestStandfirst(t *testing.T) {
	const long = "The ferry that once carried apples, brides and two bishops across the sound will sail again"
	if got := standfirst(news.Article{Summary: "The ferry left.", ContentHTML: "<p>It is back.</p>"}); got != "" {
		t.Errorf("a summary that is the headline: got %q", got)
	}
	for _, tt := range []struct{ name, summary, content, want string }{
		{"says more", "After ten years.", "<p>The ferry left.</p>", "After ten years."},
		{"is the text", "The ferry left.", "", ""},
		{"opens the text", long + ".", "<p>" + long + ", ten years later.</p>", ""},
		{"was cut from the text", long[:60] + "…", "<p>" + long + ".</p>", ""},
		{"opens it behind markup and entities", "Salt & pepper", "<p><b>Salt</b> &amp; <i>pep</i>per, at last</p>", ""},
		{"is empty", "", "<p>The ferry left.</p>", ""},
	} {
		if got := standfirst(news.Article{Title: "Ferry", Summary: tt.summary, ContentHTML: tt.content}); got != tt.want {
			t.Errorf("a summary that %s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestOrigin(t *testing.T) {
	daily := edition.Source{Source: news.Source{Slug: "daily", Name: "The Daily", HomePage: "https://daily.example/"}}
	for _, tt := range []struct {
		name   string
		credit news.Credit
		source edition.Source
		want   origin
	}{
		{"its own", news.Credit{}, daily, origin{Name: "The Daily", URL: "https://daily.example/"}},
		{"its own, in other case", news.Credit{Name: "THE DAILY"}, daily, origin{Name: "The Daily", URL: "https://daily.example/"}},
		{"an agency's", news.Credit{Name: "Xinhua", URL: "https://xinhua.example/"}, daily, origin{Name: "Xinhua", URL: "https://xinhua.example/", Via: "The Daily", ViaURL: "https://daily.example/"}},
		{"of a source without a name", news.Credit{}, edition.Source{}, origin{Name: "daily"}},
		{"of a source that has a shelf", news.Credit{Name: "Xinhua"}, edition.Source{Source: news.Source{Slug: "daily", Name: "D", URL: "https://d.example/feed", HomePage: "https://d.example/"}}, origin{Name: "Xinhua", Via: "D", ViaURL: "/news/sources/daily"}},
		{"home page only in the feed", news.Credit{}, edition.Source{Source: news.Source{Name: "D"}, Feed: news.Feed{HomePage: "https://d.example/"}}, origin{Name: "D", URL: "https://d.example/"}},
	} {
		if got := (&Pages{base: "/news"}).originOf(news.Article{Source: "daily", Credit: tt.credit}, tt.source); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// A picture that the text shows is not shown twice.
func TestPicture(t *testing.T) {
	for _, tt := range []struct {
		name, url, content string
		shown              bool
	}{
		{"apart from the text", "https://a.example/p.jpg", "<p>x</p>", true},
		{"in the text", "https://a.example/p.jpg", `<img src="https://a.example/p.jpg">`, false},
		{"in the text, escaped", "https://a.example/p?a=1&b=2", `<img src="https://a.example/p?a=1&amp;b=2">`, false},
		{"that is no web address", "javascript:1", "", false},
	} {
		if got := picture(news.Article{Image: &news.Image{URL: tt.url}, ContentHTML: tt.content}); (got != nil) != tt.shown {
			t.Errorf("a picture %s: shown is %v, want %v", tt.name, got != nil, tt.shown)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "", -time.Second: "", 5 * time.Second: "0:05", 90 * time.Second: "1:30", time.Hour + 2*time.Second: "1:00:02"} {
		if got := duration(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
