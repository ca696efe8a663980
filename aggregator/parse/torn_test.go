package parse_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

// healthy are feeds of three items, one in each format, with what damage likes
// to hit: attributes, CDATA, XHTML, comments, an instruction.
var healthy = map[string]string{
	"rss":      `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Tide</title><link>http://tide.example/</link><language>en</language>` + thrice(`<item><guid isPermaLink="false">g%[1]d</guid><link>http://tide.example/%[1]d</link><pubDate>Fri, 20 Nov 2026 10:00:0%[1]d GMT</pubDate><title>Low tide %[1]d &amp; wind</title><dc:creator><![CDATA[Ann Lee]]></dc:creator><category>Sea</category><description>Words &lt;b&gt;of&lt;/b&gt; %[1]d.</description><content:encoded><![CDATA[<p>All words <i>of</i> %[1]d.</p>]]></content:encoded></item><!-- %[1]d -->`) + `</channel></rss>`,
	"atom":     `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Tide</title><id>urn:f</id><link href="http://tide.example/"/>` + thrice(`<entry><id>urn:%[1]d</id><link rel="alternate" href="http://tide.example/%[1]d"/><updated>2026-11-20T10:00:0%[1]dZ</updated><title type="html">Low tide %[1]d &amp;amp; wind</title><author><name>Ann Lee</name></author><category term="Sea"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>All words <i>of</i> %[1]d.</p></div></content></entry><?note %[1]d?>`) + `</feed>`,
	"rdf":      `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://tide.example/"><title>Tide</title><link>http://tide.example/</link></channel>` + thrice(`<item rdf:about="http://tide.example/%[1]d"><link>http://tide.example/%[1]d</link><dc:date>2026-11-20T10:00:0%[1]dZ</dc:date><title>Low tide %[1]d</title><dc:creator>Ann Lee</dc:creator><dc:subject>Sea</dc:subject><description>Words of %[1]d.</description></item>`) + `</rdf:RDF>`,
	"prefixed": `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Tide</a:title><a:id>urn:f</a:id>` + thrice(`<a:entry><a:id>urn:%[1]d</a:id><a:link href="http://tide.example/%[1]d"/><a:updated>2026-11-20T10:00:0%[1]dZ</a:updated><a:title>Low tide %[1]d</a:title><a:content type="html">&lt;p&gt;All words of %[1]d.&lt;/p&gt;</a:content></a:entry>`) + `</a:feed>`,
	"cdf":      `<CHANNEL HREF="http://tide.example/"><TITLE>Tide</TITLE>` + thrice(`<ITEM HREF="http://tide.example/%[1]d" LASTMOD="2026-11-20T10:00:0%[1]dZ"><TITLE>Low tide %[1]d</TITLE><ABSTRACT>Words of %[1]d.</ABSTRACT></ITEM>`) + `</CHANNEL>`,
}

func thrice(item string) string {
	return fmt.Sprintf(item, 1) + fmt.Sprintf(item, 2) + fmt.Sprintf(item, 3)
}

// itemEnds are where the items of a document end.
func itemEnds(doc string) []int {
	var out []int
	for _, at := range regexp.MustCompile(`(?i)</(a:)?(item|entry)>|"end":1}`).FindAllStringIndex(doc, -1) {
		out = append(out, at[1])
	}
	return out
}

// wholeBefore checks that a damaged document gives the items that end before the
// damage as the sound one does.
func wholeBefore(t *testing.T, what string, want *parse.Feed, ends []int, damaged string, at int) *parse.Feed {
	t.Helper()
	d, err := parse.Open([]byte(damaged), parse.Options{})
	if err != nil {
		t.Fatalf("%s: %v\n%s", what, err, damaged)
	}
	got, err := d.Feed(nil)
	if err != nil {
		t.Fatalf("%s: %v\n%s", what, err, damaged)
	}
	for i, end := range ends {
		if end > at {
			break
		}
		if i >= len(got.Items) || !reflect.DeepEqual(got.Items[i], want.Items[i]) {
			t.Fatalf("%s: item %d is not as it was\n%s\n got %+v\nwant %+v", what, i+1, damaged, got.Items, want.Items[i])
		}
	}
	return got
}

// A feed that breaks off, at whatever byte, has all that it had until there: the
// items that ended, and of the last what it had said once it had been named.
func TestCutAnywhere(t *testing.T) {
	for format, doc := range healthy {
		ends := itemEnds(doc)
		sound := read(t, doc)
		for at := strings.Index(doc, "Tide") + 15; at < len(doc); at++ {
			got := wholeBefore(t, fmt.Sprintf("%s cut at %d", format, at), sound, ends, doc[:at], at)
			for i, end := range ends {
				if at < named(doc[:end]) || at >= end {
					continue
				}
				if len(got.Items) != i+1 {
					t.Fatalf("%s cut at %d: %d items, want %d: %s", format, at, len(got.Items), i+1, doc[:at])
				}
				if it, want := got.Items[i], sound.Items[i]; it.ID != want.ID || it.Link != want.Link || !reflect.DeepEqual(it.Dates, want.Dates) {
					t.Fatalf("%s cut at %d: the last item is %+v, want id, link and date of %+v", format, at, it, want)
				}
			}
		}
	}
}

// JSON has no such thing as half an object: what breaks off is left out.
func TestCutJSON(t *testing.T) {
	doc := `{"version":"https://jsonfeed.org/version/1.1","title":"Tide",` + "\"items\":[" + strings.Replace(thrice(`,{"id":"%[1]d","url":"http://tide.example/%[1]d","date_published":"2026-11-20T10:00:0%[1]dZ","authors":[{"name":"Ann Lee"}],"title":"Low tide %[1]d","content_html":"<p>All words \"of\" %[1]d.</p>","end":1}`), ",", "", 1) + `]}`
	sound, ends := read(t, doc), itemEnds(doc)
	for at := ends[0]; at < len(doc); at++ {
		wholeBefore(t, fmt.Sprintf("cut at %d", at), sound, ends, doc[:at], at)
	}
}

// named is where the last item of a document has said its id, link and date:
// these stand before its title.
func named(doc string) int {
	return max(strings.LastIndex(doc, "title>Low"), strings.LastIndex(doc, "<title type"), strings.LastIndex(doc, "<TITLE"))
}

// Where one tag or one sign is missing, the items before it are whole, and so are
// those behind the next.
func TestLossesOfOneToken(t *testing.T) {
	tokens := regexp.MustCompile(`</[\w:]+>|<(?:item|entry)[^>]*>|>|<|[/?\]-]>|"|<!--|<!\[CDATA\[`)
	for format, doc := range healthy {
		sound, ends := read(t, doc), itemEnds(doc)
		for _, at := range tokens.FindAllStringIndex(doc, -1) {
			if at[0] < strings.Index(doc, "Tide") {
				continue // a document without its root is none
			}
			token := doc[at[0]:at[1]]
			for _, put := range []string{"", "<", "<!", "<?", "</", "</>", "<?>", token[:len(token)-1], token[:(len(token)+1)/2], "</ " + token, token + token} {
				damaged := doc[:at[0]] + put + doc[at[1]:]
				what := fmt.Sprintf("%s with %q for %q at %d", format, put, token, at[0])
				got := wholeBefore(t, what, sound, ends, damaged, at[0])
				if last := len(got.Items) - 1; at[1] < ends[1] && (last < 0 || !reflect.DeepEqual(got.Items[last], sound.Items[2])) {
					t.Errorf("%s: the last item is lost: %+v", what, got.Items)
				}
			}
		}
	}
}
