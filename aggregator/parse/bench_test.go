package parse_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"copydesk/aggregator/parse"
)

// wordpress is a feed of n items as WordPress writes it.
func wordpress(n int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Tide</title><atom:link href="https://tide.example/feed/" rel="self" type="application/rss+xml"/><link>https://tide.example/</link><description>All of it</description><language>en-GB</language>`)
	body := strings.Repeat(`<p>The tide went out at <a href="https://tide.example/noon">noon</a> &amp; came back <em>late</em>.</p>`, 18)
	for i := range n {
		fmt.Fprintf(&b, `<item><title>Tide &amp;#8217; %d</title><link>https://tide.example/%d/</link><dc:creator><![CDATA[Ann Lee]]></dc:creator><pubDate>Tue, 24 Nov 2026 10:00:%02d GMT</pubDate><category><![CDATA[Sea]]></category><category><![CDATA[Land]]></category><guid isPermaLink="false">https://tide.example/?p=%d</guid><description><![CDATA[<p>The tide went out.</p>]]></description><content:encoded><![CDATA[%s]]></content:encoded></item>`, i, i, i%60, i, body)
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

// jekyll is a feed of n entries as Jekyll writes it.
func jekyll(n int) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://tide.example/"><title type="html">Tide</title><id>https://tide.example/feed.xml</id>`)
	body := strings.Repeat(`&lt;p&gt;The tide went out at &lt;a href="/noon"&gt;noon&lt;/a&gt; &amp;amp; came back &lt;em&gt;late&lt;/em&gt;.&lt;/p&gt;`, 14)
	for i := range n {
		fmt.Fprintf(&b, `<entry><title type="html">Tide %d</title><link href="https://tide.example/%d/" rel="alternate" type="text/html"/><published>2026-11-24T10:00:%02d+00:00</published><updated>2026-11-24T10:00:%02d+00:00</updated><id>https://tide.example/%d</id><content type="html" xml:base="https://tide.example/%d/">%s</content><author><name>Ann Lee</name></author><category term="sea"/><summary type="html">The tide went out.</summary></entry>`, i, i, i%60, i%60, i, i, body)
	}
	b.WriteString("</feed>")
	return []byte(b.String())
}

// The first sight of a feed, and one with one new item of thirty, beside the
// library's own universal parser on the same bytes.
func BenchmarkFeed(b *testing.B) {
	for name, body := range map[string][]byte{"rss": wordpress(30), "atom": jekyll(30)} {
		b.Run(name+"/gofeed", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := gofeed.NewParser().Parse(bytes.NewReader(body)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/first", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				readFeed(b, body, nil)
			}
		})
		b.Run(name+"/one-new", func(b *testing.B) {
			d, err := parse.Open(body, parse.Options{})
			if err != nil {
				b.Fatal(err)
			}
			known := map[uint64]bool{}
			for _, h := range d.Hashes()[1:] {
				known[h] = true
			}
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				readFeed(b, body, func(h uint64) bool { return known[h] })
			}
		})
	}
}

func readFeed(b *testing.B, body []byte, known func(uint64) bool) {
	b.Helper()
	d, err := parse.Open(body, parse.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := d.Feed(known); err != nil {
		b.Fatal(err)
	}
}
