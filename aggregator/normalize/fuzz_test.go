package normalize_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// Whatever a source writes, what we publish keeps its promises, and cleaning
// what is clean changes nothing. What cleaning has decoded may show itself to be
// misread ("Ã&middot;"), which is told by all of a text and not before.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<p>One", "<a href='x'><a href=y>", "<svg><p><style><img src=x onerror=alert(1)>", "&lt;script>", "<table><a><p>", "<math><mtext><table><mglyph><style><!--</style><img title=\"--><img src=1 onerror=alert(1)>\">"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, images := normalize.HTML(s, parse.Unstated, "https://a.example/")
		if again, _ := normalize.HTML(clean, parse.HTML, "https://a.example/"); strings.Contains(clean, "<") && again != clean && normalize.Unmangle(clean) == clean {
			t.Errorf("cleaning twice changes\n%q to\n%q", clean, again)
		}
		if !utf8.ValidString(clean) || strings.Contains(clean, "<script") || strings.Contains(clean, "<style") || strings.Contains(clean, "<iframe") {
			t.Errorf("%q is not clean", clean)
		}
		for _, address := range images {
			if normalize.Link(address) == "" {
				t.Errorf("picture at %q", address)
			}
		}
	})
}

func FuzzByline(f *testing.F) {
	for _, s := range []string{"By Ann Lee and Bob Roy", "记者 张三／台北報導", "[서울=뉴시스] 김철수 기자", "(Reporting by A; Editing by B)", "Kaur, M., Shukla, A."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := normalize.Byline(s, news.Author)
		for _, p := range line.People {
			if strings.TrimSpace(p.Name) == "" || p.Role == "" || strings.ContainsFunc(p.Name, unicode.IsControl) || !utf8.ValidString(p.Name) {
				t.Errorf("%q credits %q as %q", s, p.Name, p.Role)
			}
		}
	})
}

// Whatever a text begins and ends with, what it credits is text.
func FuzzCredits(f *testing.F) {
	for _, s := range []string{"BEIJING, Nov. 10 (Xinhua) -- The boats", "新华社北京11月10日电（记者张三）船", "(서울=연합뉴스) 김철수 기자 = 배", "［ロンドン　１０日　ロイター］ - 船", "The end. (Reporting by A; Editing by B)", "МОСКВА, 10 ноя — РИА Новости. Лодки"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, first, last string) {
		body := "<p>" + first + "</p><p>The keeper counted.</p><p>" + last + "</p>"
		feed := &parse.Feed{Format: "rss", Items: []parse.Item{{ID: "1", Content: parse.Text{Body: body, Type: parse.HTML}}}}
		a := normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})[0]
		for _, s := range []string{a.Credit.Name, a.Dateline.Place, a.Dateline.Date, a.Byline.Printed} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("%q credits %q", body, s)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Tue, 10 Nov 2026 10:46:16 +0800", "2 hours ago", "令和8年11月10日", "۱۹ آبان ۱۴۰۵", "24 Dec", "99999999999999999"} {
		f.Add(s, "en-GB")
	}
	f.Fuzz(func(t *testing.T, s, language string) {
		m, ok := normalize.Date(s, normalize.Reading{Zone: time.UTC, Language: language, At: fetched})
		if ok && (m.At.After(fetched.Add(48*time.Hour)) || m.At.Year() < 1900 || m.Basis == "" || m.At.Location() != time.UTC) {
			t.Errorf("%q is read as %v (%s)", s, m.At, m.Basis)
		}
	})
}

func FuzzLink(f *testing.F) {
	for _, s := range []string{"https://a.example/b?c", "//x", "http://[::1]/", "javascript:x", "https://a.example/%zz\x00", "/.;utm_source=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		address := normalize.Link(s, "https://a.example/x/")
		if address == "" {
			return
		}
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("%q gives %q (%v)", s, address, err)
		}
		if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }) {
			t.Errorf("%q gives %q", s, address)
		}
		if again := normalize.Link(address); again != address {
			t.Errorf("%q gives %q, then %q", s, address, again)
		}
	})
}
