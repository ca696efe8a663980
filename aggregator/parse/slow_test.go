package parse_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"copydesk/aggregator/parse"
)

// spent is the processor time that this process has taken: unlike that of the
// clock, it does not depend on what else the machine does.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Documents that would cost a careless reader its length squared are read, or
// refused, in a time that their length explains.
func TestHostileShapesAreCheap(t *testing.T) {
	const size = 1 << 17
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	in := func(s string) string {
		return `<rss version="2.0"><channel><title>T</title><item><guid>1</guid>` + s + `</item></channel></rss>`
	}
	for name, body := range map[string]string{
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
		"channels in channels":       strings.Repeat("<channel href='x'>", 2000) + strings.Repeat("</channel>", 2000),
		"a million levels":           "<rss>" + strings.Repeat("<a>", 1_000_000),
		"elements without an end":    in(fill("<x>")),
		"names without an end":       in(fill("<description>")),
		"unlike names without ends":  in(strings.Repeat("<a1><b2><c3><d4>", 100) + fill("<br>")),
		"ends without a start":       in(fill("</x>")),
		"quotes without an end":      in(fill(`<a b="`)),
		"signs of less":              in(fill("<")),
		"signs of less and a letter": in(fill("<a ")),
		"ampersands":                 in(fill("&")),
		"references":                 in("<title>" + fill("&amp;&#65;") + "</title>"),
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
	} {
		began := spent(t)
		if d, err := parse.Open([]byte(body), parse.Options{}); err == nil {
			_, _ = d.Feed(nil)
		}
		if took := spent(t) - began; took > 15*time.Second {
			t.Errorf("%s: %v for %d bytes", name, took, len(body))
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}

// What is open and never ends is not looked through for each end tag that ends
// none of it: a megabyte took minutes that way.
func TestEndsWithoutStartsAreCheap(t *testing.T) {
	const pairs = 150_000
	same := strings.Repeat("<a></b>", pairs)
	var unlike strings.Builder
	for i := range pairs {
		fmt.Fprintf(&unlike, "<a%d></b%d>", i, i)
	}
	item := "<item><guid>1</guid><title>t</title>"
	for name, between := range map[string]string{
		"between items":      item + "</item>" + same + item + "</item>",
		"in an item":         item + same + "</item>",
		"of unlike names":    item + "</item>" + unlike.String() + item + "</item>",
		"in the head":        same + item + "</item>",
		"in other letters":   item + strings.Repeat("<\u0130></i>", pairs) + "</item>",
		"in a text":          item + "<description>" + same + "</description></item>",
		"that end the first": item + "</item><b>" + strings.Repeat("<a></c>", pairs) + "</b>" + item + "</item>",
	} {
		began := spent(t)
		d, err := parse.Open([]byte(`<rss version="2.0"><channel><title>T</title>`+between+"</channel></rss>"), parse.Options{})
		if err == nil {
			_, _ = d.Feed(nil)
		}
		if took := spent(t) - began; took > 15*time.Second {
			t.Errorf("%s: %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}
