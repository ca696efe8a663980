package feed_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// traps are what breaks documents.
var traps = []string{
	"]]>", "</title>", "</item>", "</entry>", "<script>alert(1)</script>", "&amp;", "&nosuch;", "&#0;", "&", "<", ">", "\x00", "\x0b", "\x1b[31m", "\x7f", "\u0085",
	"\ufeff", "\ufffe", "\ufdd0", "\U0001ffff", "\ufffd", "\xff\xfe", "\xed\xa0\x80", "\u202e", "-->", "<!--", "<![CDATA[", "\r\n", "\r", "\t", "'\"", "{{.}}", " ",
	"🛳️", "渡輪啟航", "\u3000", "العبّارة", "<b><i>crossed</b></i>", "<p>one<p>two", "<table><tr><td>x", "<a href=/rel><a href='javascript:alert(1)' onclick=x>", "<img src=x onerror=alert(1)>",
	"<svg><script>x</script></svg>", "<textarea>", "<br/>", "<p", "</p>", "<a href=\"https://e.example/?a=1&b=2\">x</a>", "<plaintext>", "<li>", "<ruby>字<rt>zi</rt></ruby>", "<pre>\n\nx</pre>",
}

var trap = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(traps), rapid.StringN(0, 8, -1)), 0, 5).Draw(t, "parts"), "")
})

var trapAddress = rapid.OneOf(trap, rapid.SampledFrom([]string{
	"", "https://wire.example/a", "http://wire.example", "HTTP://WIRE.example/ä?ü=[1]#é", "https://пример.example/x y", "//wire.example/a", "/a", "javascript:alert(1)", "data:text/html,x",
	"https://", "http://localhost/a.mp3", "https://wire.example/%zz", "https://[::1]/a", "https://wire.example:99999/", "urn:isbn:1", "mailto:a@b.example", "https://wire.example/<>\"{}|\\^`",
}))

func trapTime(t *rapid.T, name string) time.Time {
	return rapid.SampledFrom([]time.Time{
		{}, noon, noon, noon.Add(-time.Hour), noon.Add(900 * time.Microsecond), noon.Add(100 * 24 * time.Hour), time.Date(33658, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Unix(0, 0), noon.In(time.FixedZone("", 5*3600)),
	}).Draw(t, name)
}

var trapArticle = rapid.Custom(func(t *rapid.T) news.Article {
	a := news.Article{
		Source: rapid.SampledFrom([]news.Slug{"wire", "lost"}).Draw(t, "source"), ID: trapAddress.Draw(t, "public id"), OriginalID: trap.Draw(t, "id"), URL: trapAddress.Draw(t, "url"), OriginalURL: trapAddress.Draw(t, "original url"),
		Title: trap.Draw(t, "title"), Summary: trap.Draw(t, "summary"), ContentHTML: trap.Draw(t, "content"), Section: trap.Draw(t, "section"), Rights: trap.Draw(t, "rights"),
		Language: rapid.SampledFrom([]string{"", "en", "zh-Hant", "xx-nowhere", "english", "qqq", "e\x00n"}).Draw(t, "language"), Categories: rapid.SliceOfN(trap, 0, 3).Draw(t, "categories"),
		Credit: news.Credit{Name: trap.Draw(t, "credit")}, Dateline: news.Dateline{Place: trap.Draw(t, "place")}, Breadcrumb: rapid.SliceOfN(trap, 0, 2).Draw(t, "breadcrumb"),
		Published: news.Moment{At: trapTime(t, "published"), Raw: trap.Draw(t, "raw")}, Updated: trapTime(t, "updated"), FirstSeen: rapid.SampledFrom([]time.Time{{}, noon}).Draw(t, "seen"),
		Withdrawal: news.Withdrawal{At: noon, Reason: trap.Draw(t, "reason")},
	}
	for range rapid.IntRange(0, 3).Draw(t, "people") {
		a.Byline.People = append(a.Byline.People, news.Person{
			Name: trap.Draw(t, "person"), URL: trapAddress.Draw(t, "person's url"), Email: rapid.SampledFrom([]string{"", "a@b.example", "nobody", "a b@c", "<a@b>"}).Draw(t, "mail"),
			Role: rapid.SampledFrom([]news.Role{news.Author, news.Editor, news.Photographer, news.Contributor}).Draw(t, "role"),
		})
	}
	if rapid.Bool().Draw(t, "image") {
		a.Image = &news.Image{URL: trapAddress.Draw(t, "image url"), Caption: trap.Draw(t, "caption"), Credit: trap.Draw(t, "photo")}
	}
	for range rapid.IntRange(0, 2).Draw(t, "files") {
		a.Attachments = append(a.Attachments, news.Attachment{
			URL: trapAddress.Draw(t, "file"), MIMEType: rapid.SampledFrom([]string{"", "audio/mpeg", "x", "text/html; charset=x", "a/b\x00"}).Draw(t, "type"), Size: rapid.Int64Range(-1, 5).Draw(t, "size"), Title: trap.Draw(t, "file's title"),
		})
	}
	return a
})

func trapEdition(t *rapid.T, most int) *edition.Edition {
	e := &edition.Edition{
		House: house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "hostile"}, Title: trap.Draw(t, "channel"), Description: trap.Draw(t, "description"), Language: rapid.SampledFrom([]string{"", "en", "x"}).Draw(t, "language"),
		Sources: map[news.Slug]edition.Source{"wire": {
			Source: news.Source{Slug: "wire", Name: trap.Draw(t, "name"), URL: trapAddress.Draw(t, "feed"), HomePage: trapAddress.Draw(t, "home"), Rights: trap.Draw(t, "source rights")},
			Feed:   news.Feed{ID: trapAddress.Draw(t, "feed id"), Title: trap.Draw(t, "feed title"), HomePage: trapAddress.Draw(t, "feed home")},
		}},
		Page: rapid.SampledFrom([]string{"", "", "3"}).Draw(t, "page"), Older: rapid.SampledFrom([]string{"", "2"}).Draw(t, "older"),
	}
	e.House.Hub = rapid.SampledFrom([]string{"", house.URL + "/hub"}).Draw(t, "hub")
	e.Articles = rapid.SliceOfN(trapArticle, 0, most).Draw(t, "articles")
	for i := range e.Articles {
		e.Articles[i].Key = news.Key(fmt.Sprintf("k%d", i))
	}
	if n := len(e.Articles); n > 1 { // the last one has been withdrawn
		gone := e.Articles[n-1]
		gone.ID = ""
		e.Articles, e.Gone = e.Articles[:n-1], []news.Article{gone}
	}
	return e
}

// Whatever an article says, its documents stay whole and keep every rule.
func TestHostileEditions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := trapEdition(t, 6)
		for _, format := range []string{"rss", "atom", "json"} {
			doc, err := feed.Print(format, e, nil)
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if err := feed.Check(format, doc.Body); err != nil {
				t.Fatalf("%s: %v in %q", format, err, doc.Body)
			}
			if again, _ := feed.Print(format, e, doc); !bytes.Equal(doc.Body, again.Body) {
				t.Fatalf("%s: the same edition gave other bytes", format)
			}
		}
	})
}

// Five hundred of the worst articles make one channel without a warning.
func TestHostileChannel(t *testing.T) {
	e := &edition.Edition{House: house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "hostile"}, Title: "]]>\x00", Changed: noon, Sources: map[news.Slug]edition.Source{}}
	for i := range 500 {
		a := trapArticle.Example(i)
		a.Key = news.Key(fmt.Sprintf("k%03d", i))
		a.Title += traps[i%len(traps)]
		a.ContentHTML += traps[(i/2)%len(traps)] + traps[i%len(traps)] + traps[(i*7)%len(traps)]
		a.Published.At, a.Updated = noon, noon
		e.Articles = append(e.Articles, a)
	}
	for format, render := range formats {
		doc, err := render(e)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if err := feed.Check(format, doc); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}
