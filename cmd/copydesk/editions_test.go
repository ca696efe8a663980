package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// nasty is what feeds are found to hold, and worse.
var nasty = []string{
	"]]>", "</title></item>", "<script>alert(1)</script>", "&nosuch; &amp;amp; &#0; &", "a < b > c", "\x00\x0b\x1b[31m\x7f", "\u0085\ufeff\ufffe\ufdd0\ufffd\U0001ffff", "\xff\xfe\xed\xa0\x80", "-->", "<!-- x",
	"<b><i>crossed</b></i>", "<p>one<p>two<li>three", "<table><td>x<tr>", "<a href=/rel><a href='javascript:alert(1)' onclick=x>y", "<img src=x onerror=alert(1)><svg><script>x</script></svg>", "<textarea>", "<plaintext>",
	"渡輪啟航，載客三千", "العبّارة تبحر \u202eاليوم", "🛳️👩‍👩‍👧", "\u3000\u00a0\t\r\n ", "Ünïcödé ñandú", "caf\xc3\x83\xc2\xa9", "", strings.Repeat("long ", 300), "<ruby>字<rt>zi</ruby>", "<br/><hr/>x<br></br>", "<div style=\"x\" id=a id=b>",
}

// nastyText is one of them, or several.
func nastyText(i int) string {
	return nasty[i%len(nasty)] + " " + nasty[(i*5+1)%len(nasty)] + " " + nasty[(i/3)%len(nasty)]
}

var nastyDates = []string{"Tue, 24 Nov 2026 12:00:00 GMT", "Tue, 24 Nov 2026 12:00:00 GMT", "Thu, 26 Nov 2026 11:00:00 GMT", "Sun, 24 Nov 2999 12:00:00 GMT", "0000-00-00", "yesterday", "", "1969-12-31T23:59:59Z"}

var nastyAddresses = []string{"https://пример.example/é?a=[1]", "http://h.example:80/x y", "/relative", "javascript:alert(1)", "https://", "//h.example/p", "urn:isbn:1", "", "http://localhost/a.mp3", "https://h.example/a.mp3?a=1&b=2"}

func pick(list []string, i int) string { return list[i%len(list)] }

// nastyRSS writes items as a careless program does: some escaped, some not.
func nastyRSS(n int) []byte {
	var b strings.Builder
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", "]]>", "]]&gt;")
	b.WriteString(`<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>` + escape.Replace(nasty[0]) + `</title><link>https://h.example/</link>`)
	for i := range n {
		text := strings.ReplaceAll(nastyText(i), "]]>", "]]]]><![CDATA[>")
		fmt.Fprintf(&b, "<item><guid>%s %d</guid><link>%s</link><title>%s</title><dc:creator><![CDATA[%s]]></dc:creator><pubDate>%s</pubDate><description><![CDATA[%s]]></description><content:encoded>%s</content:encoded><category><![CDATA[%s]]></category><enclosure url=\"%s\" type=\"%s\" length=\"%d\"/></item>",
			escape.Replace(pick(nastyAddresses, i)), i, escape.Replace(pick(nastyAddresses, i+1)), escape.Replace(nastyText(i)), text, pick(nastyDates, i), text, escape.Replace(nastyText(i+7)), text, escape.Replace(pick(nastyAddresses, i+2)), pick([]string{"audio/mpeg", "", "x"}, i), i%3)
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

func nastyJSON(t *testing.T, n int) []byte {
	t.Helper()
	var items []map[string]any
	for i := range n {
		items = append(items, map[string]any{
			"id": fmt.Sprint(nastyText(i), i), "url": pick(nastyAddresses, i), "title": nastyText(i + 3), "content_html": nastyText(i + 5), "summary": nastyText(i + 7), "image": pick(nastyAddresses, i+3),
			"date_published": pick(nastyDates, i), "authors": []map[string]string{{"name": nastyText(i + 9), "url": pick(nastyAddresses, i)}}, "tags": []string{nastyText(i), "x"}, "language": pick([]string{"en", "xx", "zh-Hant", "\x00"}, i),
		})
	}
	doc, err := json.Marshal(map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": nasty[5], "items": items})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// Five hundred of the worst items that feeds can carry become one channel
// without a warning in three formats.
func TestTheWorstChannel(t *testing.T) {
	at := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	e := &edition.Edition{
		House: edition.House{Title: "House", URL: shopURL, Authority: "news.example.org,2026", Language: "en", Hub: shopURL + "/hub"},
		Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "worst"}, Title: nasty[3], Description: nasty[2], Sources: map[news.Slug]edition.Source{}, Changed: at,
	}
	for slug, doc := range map[news.Slug][]byte{"rss": nastyRSS(250), "json": nastyJSON(t, 250)} {
		opened, err := parse.Open(doc, parse.Options{})
		if err != nil {
			t.Fatalf("%s: %v", slug, err)
		}
		read, err := opened.Feed(nil)
		if err != nil {
			t.Fatalf("%s: %v", slug, err)
		}
		src := news.Source{Slug: slug, Name: nasty[1], URL: "https://h.example/" + string(slug)}
		list := normalize.Articles(src, read, normalize.Options{At: at, URL: src.URL})
		if len(list) < 240 {
			t.Errorf("%s: only %d of 250 items became articles", slug, len(list))
		}
		e.Sources[slug] = edition.Source{Source: src, Feed: normalize.Head(read, normalize.Options{At: at, URL: src.URL})}
		for _, a := range list {
			a.FirstSeen, a.Updated = at, a.Published.At // as the store has it
			e.Articles = append(e.Articles, a)
		}
	}
	for _, format := range []string{"rss", "atom", "json"} {
		doc, err := feed.Print(format, e, nil)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if err := feed.Check(format, doc.Body); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		for _, future := range []string{">2999-", `"date_published":"2999`, " 2999 12:00:00 +0000<"} {
			if strings.Contains(string(doc.Body), future) {
				t.Errorf("%s: a date of the far future: %s", format, future)
			}
		}
	}
}

// Stored and published, they stand in every document of the house without a fault:
// feeds, archives, searches, sitemaps, and pages on which nothing of theirs runs.
// So does a channel in which nothing ever was.
func TestTheWorstChannelIsServed(t *testing.T) {
	t.Parallel()
	const articles = 200 // each text of nastyText stands twice in each field: it begins anew after three times len(nasty)
	shop, empty := newPrintshop(t, articles), newPrintshop(t, articles)
	opened, err := parse.Open(nastyRSS(articles), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	read, err := opened.Feed(nil)
	if err != nil {
		t.Fatal(err)
	}
	src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull}
	shop.pull(t, normalize.Articles(src, read, normalize.Options{At: shop.at, URL: src.URL})...)
	empty.pull(t)

	for name, tt := range map[string]struct {
		*printshop
		articles int
	}{"worst": {shop, articles}, "empty": {empty, 0}} {
		if list := tt.read(t, "/channels/all/feed.json"); len(list.titles) < tt.articles-tt.articles/25 {
			t.Errorf("%s: only %d of %d articles are published", name, len(list.titles), tt.articles)
		}
		for _, base := range []string{"/channels/all/feed.", "/sources/wire/feed."} {
			for _, format := range []string{"rss", "atom", "json"} {
				tt.read(t, base+format)
			}
		}
		for _, q := range []string{"crossed", "渡輪", "العبارة", "alert", "nothing-of-it", "title:long"} {
			for _, format := range []string{"rss", "atom", "json"} {
				tt.read(t, "/search/feed."+format+"?q="+url.QueryEscape(q))
			}
			tt.readPage(t, "/search?q="+url.QueryEscape(q))
		}
		documents := 0
		for path, err := range tt.server.Addresses(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			documents++
			switch dot := strings.LastIndexByte(path, '.'); {
			case strings.HasPrefix(path, "/static/"), strings.HasSuffix(path, ".txt"), strings.HasSuffix(path, ".ico"):
			case strings.HasSuffix(path, ".xml"), path == "/opml":
				_, text := tt.get(t, path)
				for dec := xml.NewDecoder(strings.NewReader(text)); ; {
					if _, err := dec.Token(); err == io.EOF {
						break
					} else if err != nil {
						t.Errorf("%s: %s: %v", name, path, err)
						break
					}
				}
			case dot < 0, strings.HasSuffix(path, ".html"):
				tt.readPage(t, path)
			default:
				tt.read(t, path)
			}
		}
		if documents < tt.articles {
			t.Errorf("%s: only %d documents", name, documents)
		}
	}
}

// readPage looks for what must not stand in a page.
func (shop *printshop) readPage(t *testing.T, path string) {
	t.Helper()
	res, text := shop.get(t, path)
	if res.StatusCode != http.StatusOK || !utf8.ValidString(text) {
		t.Errorf("%s: %d, UTF-8: %v", path, res.StatusCode, utf8.ValidString(text))
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xfffd }); i >= 0 {
		t.Errorf("%s has a character that no page has: %q", path, text[max(i-40, 0):i+4])
	}
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
			}
		}
		if n.Type == html.ElementNode && slices.Contains([]string{"svg", "iframe", "textarea", "plaintext"}, n.Data) {
			t.Errorf("%s: <%s>", path, n.Data)
		}
	}
}
