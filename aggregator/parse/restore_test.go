package parse_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"

	"copydesk/aggregator/parse"
)

func inRSS(head, item string) string {
	return `<rss version="2.0"` + head + `><channel><title>T</title><item><guid>1</guid>` + item + `</item></channel></rss>`
}

func inAtom(head, entry string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"` + head + `><title>T</title><id>urn:f</id><entry><id>urn:1</id>` + entry + `</entry></feed>`
}

// What the library drops or changes is there all the same.
func TestNothingIsLost(t *testing.T) {
	people := func(it parse.Item) string {
		var names []string
		for _, p := range it.People {
			names = append(names, p.Name)
		}
		return strings.Join(names, " | ")
	}
	personURL := func(it parse.Item) string { return it.People[0].URL }
	const dc = ` xmlns:dc="http://purl.org/dc/elements/1.1/"`
	for _, tt := range []struct {
		name, doc string
		of        func(parse.Item) string
		want      string
	}{
		{"several RSS authors", inRSS("", "<author>a@x.example (Ann Lee)</author><author><![CDATA[Bob Roy]]></author>"), people, "a@x.example (Ann Lee) | Bob Roy"},
		{"several creators", inRSS(` xmlns:dc="http://purl.org/dc/elements/1.1/"`, "<dc:creator>Ann Lee</dc:creator><dc:creator>Bob Roy</dc:creator>"), people, "Ann Lee | Bob Roy"},
		{"a creator in an anchor", inRSS(dc, `<dc:creator><![CDATA[By <a class="u" href="https://a.example/ann?a=1&amp;b=2">Ann Lee</a>]]></dc:creator>`), personURL, "https://a.example/ann?a=1&b=2"},
		{"creators in anchors", inRSS(dc, `<dc:creator><![CDATA[<a href="https://a.example/ann">Ann Lee</a>, <a href="https://a.example/bob">Bob Roy</a>]]></dc:creator>`), personURL, ""},
		{"a creator in an anchor to an address", inRSS(dc, `<dc:creator><![CDATA[<a href="mailto:ann@a.example">Ann Lee</a>]]></dc:creator>`), personURL, ""},
		{"an RSS item's language", inRSS(` xml:lang="de"`, `<description xml:lang="fr">Bonjour</description>`), func(it parse.Item) string { return it.Summary.Lang }, "fr"},
		{"an RSS item's base", strings.Replace(inRSS("", ""), "<item>", `<item xml:base="https://b.example/">`, 1), func(it parse.Item) string { return it.Base }, "https://b.example/"},
		{"issued is before created", inRSS(` xmlns:dcterms="http://purl.org/dc/terms/"`, "<dcterms:created>2026-01-01</dcterms:created><dcterms:issued>2026-01-02</dcterms:issued>"), func(it parse.Item) string { return it.Dates[0].Raw }, "2026-01-02"},
		{"an entity of the document", `<!DOCTYPE rss [<!ENTITY firm "Acme &#38; Sons">]>` + inRSS("", "<title>By &firm;</title>"), func(it parse.Item) string { return it.Title.Body }, "By Acme & Sons"},
		{"an end within a tag", `<rss version="2.0"><channel><item><guid>1</guid><title>One</tit`, func(it parse.Item) string { return it.Title.Body }, "One"},
		{"an Atom id", inAtom("", ""), func(it parse.Item) string { return it.ID }, "urn:1"},
		{"an Atom title that is text", inAtom("", `<title type="text">A &lt;b&gt; c</title>`), func(it parse.Item) string { return string(it.Title.Type) + " " + it.Title.Body }, "text A <b> c"},
		{"an Atom title that is HTML", inAtom("", `<title type="html">A &lt;b&gt;c&lt;/b&gt;</title>`), func(it parse.Item) string { return string(it.Title.Type) + it.Title.Body }, "htmlA <b>c</b>"},
		{"an Atom title that does not say so", inAtom("", `<title>Fish &amp;amp; ships</title>`), func(it parse.Item) string { return string(it.Title.Type) + it.Title.Body }, "Fish &amp; ships"},
		{"a list entry without an end", inRSS("", "<description><![CDATA[<dd>Low tide]]></description>"), func(it parse.Item) string { return string(it.Summary.Type) + it.Summary.Body }, "<dd>Low tide"},
		{"a list cut off before an end", inRSS("", `<description><![CDATA[<ul><li>Low tide<li>High tide]]></description>`), func(it parse.Item) string { return string(it.Summary.Type) + it.Summary.Body }, `<ul><li>Low tide<li>High tide`},
		{"a box cut off before its end", inRSS("", `<description><![CDATA[<div class="lead">Low tide]]></description>`), func(it parse.Item) string { return string(it.Summary.Type) + it.Summary.Body }, `<div class="lead">Low tide`},
		{"an anchor cut off before its end", inRSS("", `<description><![CDATA[<A HREF="/x">Low tide]]></description>`), func(it parse.Item) string { return string(it.Summary.Type) + it.Summary.Body }, `<A HREF="/x">Low tide`},
		{"a text that writes of a box", inRSS("", `<description><![CDATA[<div> is a box]]></description>`), func(it parse.Item) string { return string(it.Summary.Type) + it.Summary.Body }, `text<div> is a box`},
		{"a text that begins with a name of its own", inRSS("", `<description><![CDATA[<harbour>Low tide]]></description>`), func(it parse.Item) string { return string(it.Summary.Type) + it.Summary.Body }, `text<harbour>Low tide`},
		{"a text that begins with what it is about", inRSS("", "<description><![CDATA[<td> is a cell]]></description>"), func(it parse.Item) string { return string(it.Summary.Type) + it.Summary.Body }, "text<td> is a cell"},
		{"an Atom link in words", inAtom("", `<link>https://a.example/one</link>`), func(it parse.Item) string { return it.Link }, "https://a.example/one"},
		{"content in base64", inAtom("", `<content type="text/html" mode="base64">PHA+SGk8L3A+</content>`), func(it parse.Item) string { return it.Content.Body }, "<p>Hi</p>"},
		{"content in a language of its own", inAtom(` xml:lang="en"`, `<content type="html" xml:lang="fr">x</content>`), func(it parse.Item) string { return it.Content.Lang }, "fr"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := parse.Open([]byte(tt.doc), parse.Options{})
			if err != nil {
				t.Fatal(err)
			}
			feed, err := doc.Feed(nil)
			if err != nil || len(feed.Items) != 1 {
				t.Fatalf("got %+v (%v), want one item", feed, err)
			}
			if got := tt.of(feed.Items[0]); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Texts are read in the charset that they were written in, declared or not.
func TestCharsets(t *testing.T) {
	for label, text := range map[string]string{
		"big5": "繁體中文新聞報導測試內容台灣", "gb18030": "简体中文新闻报道测试内容", "shift_jis": "日本語のニュース記事です。テスト", "euc-jp": "日本語のニュース記事です。テスト",
		"euc-kr": "한국어 뉴스 기사입니다 테스트", "koi8-r": "Новости на русском языке, проверка", "windows-1251": "Новости на русском языке, проверка",
		"windows-1255": "חדשות בעברית בדיקה", "windows-1256": "أخبار باللغة العربية اختبار", "windows-874": "ข่าวภาษาไทยทดสอบระบบ",
		"windows-1250": "Zażółć gęślą jaźń łąka", "windows-1253": "Ελληνικά νέα δοκιμή", "windows-1254": "Türkçe haber İstanbul şehir", "windows-1257": "Žinios lietuvių kalba ąčęėįšųū",
		"iso-8859-1": "Größe und Straße, façade",
	} {
		language := map[string]string{"windows-874": "th", "windows-1250": "pl", "windows-1253": "el", "windows-1254": "tr", "windows-1257": "lt"}[label]
		text = strings.Repeat(text+" ", 5)
		for _, declared := range []bool{true, false} {
			head := ""
			if declared {
				head = fmt.Sprintf(`<?xml version="1.0" encoding=%q?>`, label)
			}
			encoding, _ := charset.Lookup(label)
			raw, err := encoding.NewEncoder().Bytes([]byte(head + `<rss version="2.0"><channel><title>T</title><language>` + language + `</language><item><guid>1</guid><title>` + text + `</title></item></channel></rss>`))
			if err != nil {
				t.Fatal(err)
			}
			doc, err := parse.Open(raw, parse.Options{})
			if err != nil {
				t.Fatalf("%s: %v", label, err)
			}
			feed, err := doc.Feed(nil)
			if err != nil || len(feed.Items) != 1 || strings.TrimSpace(feed.Items[0].Title.Body) != strings.TrimSpace(text) {
				t.Errorf("%s, declared %v: got %+v (%v), want %s", label, declared, feed, err, text)
			}
		}
	}
}
