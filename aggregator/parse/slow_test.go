package parse_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

// hostileShapes are documents of about a size, by name, that would cost a careless
// reader its square.
func hostileShapes(size int) map[string]string {
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	in := func(s string) string {
		return `<rss version="2.0"><channel><title>T</title><item><guid>1</guid>` + s + `</item></channel></rss>`
	}
	out := map[string]string{
		"sections that hold ends":    in(fill("<a><![CDATA[</a>")),
		"sections that swallow ends": in(fill("<a><![CDATA[</a>") + "</item>]]>"),
		"ends cut short":             in(fill("</it")),
		"starts cut short":           `<rss version="2.0"><channel>` + fill("<it "),
		"ends of items alone":        `<rss version="2.0"><channel>` + fill("x</item>"),
		"tags that run into texts":   in(fill("<title x</title>")),
		"values with signs":          in(fill("<a b='<c>'d ")),
		"unlike starts without ends": in(fill("<a></b>")),
		"comments in comments":       in(fill("<!-- <!-- -->")),
		"halves of pairs":            in(fill("\xed\xa0\xbd")),
		"channels in channels":       strings.Repeat("<channel href='x'>", size/64) + strings.Repeat("</channel>", size/64),
		"a great many levels":        "<rss>" + strings.Repeat("<a>", 8*size),
		"elements without an end":    in(fill("<x>")),
		"names without an end":       in(fill("<description>")),
		"unlike names without ends":  in(strings.Repeat("<a1><b2><c3><d4>", 100) + fill("<br>")),
		"ends without a start":       in(fill("</x>")),
		"quotes without an end":      in(fill(`<a b="`)),
		"signs of less":              in(fill("<")),
		"signs of less and a letter": in(fill("<a ")),
		"ampersands":                 in(fill("&")),
		"references":                 in("<title>" + fill("&amp;&#65;") + "</title>"),
		"references escaped twice":   in("<title>" + fill("&amp;amp;amp;") + "</title>"),
		"tags escaped twice":         in("<description>" + fill("&amp;lt;/b&amp;gt;") + "</description>"),
		"comments without an end":    in(fill("<!--")),
		"CDATA without an end":       in(fill("<![CDATA[")),
		"instructions":               in(fill("<?a ")),
		"declarations":               in(fill("<!a ")),
		"items without an end":       `<rss version="2.0"><channel>` + fill("<item><guid>1</guid>"),
		"entries in entries":         `<feed xmlns="http://www.w3.org/2005/Atom">` + strings.Repeat("<entry><id>1</id>", 400),
		"attributes":                 in("<a " + fill(`b="c" `) + "/>"),
		"attributes without values":  in("<a " + fill("b ") + "/>"),
		"namespaces":                 "<rss " + fill(`xmlns:a="http://b.example/" `) + "><channel><item><guid>1</guid><a:x/></item></channel></rss>",
		"bare markup":                in("<description>" + fill("<b>x</b>") + "</description>"),
		"bare empty elements":        in("<description>" + fill("<b/>") + "</description>"),
		"authors":                    in(fill("<author>Ann Lee</author>")),
		"XHTML":                      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content type="xhtml"><div>` + fill("<p>x</p>") + `</div></content></entry></feed>`,
		"addresses as tags":          in(fill("<a@")),
		"addresses of the web":       in(fill("<a://")),
		"CDATA in small letters":     in(fill("<![cdata[")),
		"names with two colons":      in(fill("<a:b:c>")),
		"ends with two colons":       in(fill("</a:b:c")),
		"conditions":                 in(fill("<![if a")),
		"bases in bases":             in("<description>" + strings.Repeat(`<p xml:base="a/">`, 400) + fill(`<a href="b"/>`) + "</description>"),
		"a long base":                in(`<description><p xml:base="` + strings.Repeat("a", 1000) + `/">` + fill(`<a href="b"/>`) + "</p></description>"),
		"commas of JSON":             `{"version":"https://jsonfeed.org/version/1","items":[` + fill(",") + `]}`,
		"lists of JSON":              `{"version":"https://jsonfeed.org/version/1","items":[` + fill("[") + `]}`,
		"channels":                   fill("<channel href='x'>"),
		"zero bytes":                 fill("<\x00"),
		"base64 of UTF-7":            `<?xml version="1.0" encoding="utf-7"?><rss><channel><title>` + fill("+AOk-") + `</title></channel></rss>`,
	}
	for name, between := range endsWithoutStarts(size / 7) {
		out["ends without starts "+name] = `<rss version="2.0"><channel><title>T</title>` + between + "</channel></rss>"
	}
	return out
}

// endsWithoutStarts are elements that never end, and end tags of none of them.
func endsWithoutStarts(pairs int) map[string]string {
	same := strings.Repeat("<a></b>", pairs)
	var unlike strings.Builder
	for i := range pairs {
		fmt.Fprintf(&unlike, "<a%d></b%d>", i, i)
	}
	item := "<item><guid>1</guid><title>t</title>"
	return map[string]string{
		"between items":      item + "</item>" + same + item + "</item>",
		"in an item":         item + same + "</item>",
		"of unlike names":    item + "</item>" + unlike.String() + item + "</item>",
		"in the head":        same + item + "</item>",
		"in other letters":   item + strings.Repeat("<\u0130></i>", pairs) + "</item>",
		"in a text":          item + "<description>" + same + "</description></item>",
		"that end the first": item + "</item><b>" + strings.Repeat("<a></c>", pairs) + "</b>" + item + "</item>",
	}
}

func readShape(body string) {
	if d, err := parse.Open([]byte(body), parse.Options{}); err == nil {
		_, _ = d.Feed(nil) // some are refused
	}
}

// What is twice as long takes no more than twice the memory. How the time grows is
// told by BenchmarkHostileShapes.
func TestHostileShapesAllocateInProportion(t *testing.T) {
	const size = 1 << 15
	small := hostileShapes(size)
	for name, body := range hostileShapes(2 * size) {
		once, twice := allocated(func() { readShape(small[name]) }), allocated(func() { readShape(body) })
		if t.Logf("%s: %d and %d KB", name, once>>10, twice>>10); twice > 2*once+once/2+size {
			t.Errorf("%s: %d bytes take %d KB of memory, and %d take %d KB", name, len(small[name]), once>>10, len(body), twice>>10)
		}
	}
}

// allocated is how many bytes a function takes, after it has been called once.
func allocated(f func()) uint64 {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// BenchmarkHostileShapes reads each shape, and one of eight times the size, which
// is to be read at much the same number of bytes a second.
//
//	go test -run '^$' -bench HostileShapes -benchtime 1x ./aggregator/parse
func BenchmarkHostileShapes(b *testing.B) {
	for _, size := range []int{1 << 17, 1 << 20} {
		for name, body := range hostileShapes(size) {
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					readShape(body)
				}
			})
		}
	}
}
