package parse_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

// Elements that nest too deeply cost their item no more than themselves, and the
// others nothing.
func TestDeepItems(t *testing.T) {
	const before, behind = `<item><guid>before</guid><title>Before</title></item>`, `<item><guid>behind</guid><title>Behind</title><link>http://tide.example/behind</link><description>All &lt;i&gt;of&lt;/i&gt; it</description></item>`
	low := func(s string) string { return `<item><guid>low</guid>` + s + `</item>` }
	many := func(s string) string { return strings.Repeat(s, 700) }
	facts := `<title>Low</title><link>http://tide.example/low</link>`
	for name, tc := range map[string]struct{ item, summary string }{
		"left open in a text":           {low(facts + "<description>x " + many("<b>") + "y</description>"), "y"},
		"left open before the facts":    {low(many("<b>") + facts + "<description>x</description>"), "x"},
		"and CDATA behind":              {low(many("<b>") + facts + "<description><![CDATA[<p>x</p>]]></description>"), "x"},
		"left open behind the facts":    {low(facts + "<description>x</description>" + many("<b>")), "x"},
		"ended":                         {low(facts + "<description>x " + many("<i><b>") + "y" + many("</b></i>") + " z</description>"), "z"},
		"ended by half":                 {low(facts + "<description>x " + many("<i><b>") + "y" + many("</i>") + " z</description>"), "z"},
		"before the facts, ended":       {low(many("<x>") + many("</x>") + facts + "<description>x</description>"), "x"},
		"of unlike names":               {low(unlike(700) + facts + "<description>x</description>"), "x"},
		"in an author":                  {low("<author>" + many("<name>") + "</author>" + facts + "<description>x</description>"), "x"},
		"crossing":                      {low(facts + "<description>x " + many("<i><b></i>") + "y</description>"), "y"},
		"of an item without an end tag": {strings.TrimSuffix(low(facts+"<description>x</description>"+many("<b>")), "</item>"), "x"},
		"with a torn end":               {low(facts + "<description>x " + many("<b>") + many("</b ") + "y</description>"), "y"},
	} {
		got := read(t, `<rss version="2.0"><channel><title>Tide</title>`+before+tc.item+behind+`</channel></rss>`)
		if len(got.Items) != 3 {
			t.Errorf("%s: %d items, want 3", name, len(got.Items))
			continue
		}
		if it := got.Items[1]; it.ID != "low" || it.Title.Body != "Low" || it.Link != "http://tide.example/low" || !strings.Contains(it.Summary.Body, tc.summary) {
			t.Errorf("%s: got id %q, title %q, link %q, summary %.40q", name, it.ID, it.Title.Body, it.Link, it.Summary.Body)
		}
		if it := got.Items[0]; it.ID != "before" || it.Title.Body != "Before" {
			t.Errorf("%s: the first item became %+v", name, it)
		}
		if it := got.Items[2]; it.ID != "behind" || it.Title.Body != "Behind" || it.Link == "" || it.Summary.Body != "All <i>of</i> it" {
			t.Errorf("%s: the last item became %+v", name, it)
		}
		if depth := depthOf(got.Items[1].Summary.Body); depth > 600 {
			t.Errorf("%s: %d levels are left", name, depth)
		}
		if name != "crossing" && !strings.Contains(strings.Join(got.Warnings, "\n"), "too deeply") {
			t.Errorf("%s: nothing is said of it: %q", name, got.Warnings)
		}
	}
}

func unlike(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<a%d>", i)
	}
	return b.String()
}

// depthOf counts levels, an end tag ending all that was left open within its element.
func depthOf(s string) int {
	var open []string
	deepest := 0
	for _, m := range regexp.MustCompile(`<(/?)(\w+)[^>]*>`).FindAllStringSubmatch(s, -1) {
		if m[1] == "" {
			open = append(open, m[2])
			deepest = max(deepest, len(open))
			continue
		}
		for i := len(open) - 1; i >= 0; i-- {
			if open[i] == m[2] {
				open = open[:i]
				break
			}
		}
	}
	return deepest
}

// Where a feed nests too deeply around its items they are found all the same, and
// what has none is refused with the reason.
func TestDeepFeeds(t *testing.T) {
	item := `<item><guid>%d</guid><title>Low %[1]d</title></item>`
	for name, tc := range map[string]struct {
		doc   string
		items int // 0: it is refused
	}{
		"levels in the head":              {`<rss><channel><title>Tide</title>` + strings.Repeat("<x>", 1000) + thrice(item) + "</channel></rss>", 3},
		"levels that do not end here":     {`<rss><channel>` + strings.Repeat("<p>", 1000) + thrice(item) + "</channel></rss>", 3},
		"levels between items":            {`<rss><channel>` + thrice(item) + strings.Repeat("<x>", 1000) + thrice(item) + "</channel></rss>", 6},
		"levels behind":                   {`<rss><channel>` + thrice(item) + strings.Repeat("<x>", 1000), 3},
		"a break in deep levels":          {`<rss><channel>` + thrice(item) + "<item><guid>4</guid><title>Torn</title>" + strings.Repeat("<x>", 1000), 4},
		"entries without an end":          {`<feed xmlns="http://www.w3.org/2005/Atom">` + strings.Repeat("<entry><id>1</id><title>t</title>", 1000) + "</feed>", 1000},
		"items of another format":         {`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>t</title><content type="application/xml">` + strings.Repeat("<entry>", 1000) + strings.Repeat("</entry>", 1000) + "</content></entry><entry><id>2</id><title>t</title></entry></feed>", 2},
		"prefixes behind many levels":     {`<a:feed xmlns:a="http://www.w3.org/2005/Atom">` + strings.Repeat("<a:x>", 1000) + "<a:entry><a:id>1</a:id><a:title>t</a:title></a:entry></a:feed>", 1},
		"nothing but levels":              {"<rss>" + strings.Repeat("<a>", 1000), 0},
		"an item of nothing but levels":   {"<rss><channel><title>Tide</title><item>" + strings.Repeat("<a>", 1000), 0},
		"levels that a declaration hides": {"<rss><channel><!x " + strings.Repeat("<a>", 1000), 0},
	} {
		d, err := parse.Open([]byte(tc.doc), parse.Options{})
		var f *parse.Feed
		if err == nil {
			f, err = d.Feed(nil)
		}
		switch {
		case tc.items == 0 && (err == nil || !strings.Contains(err.Error(), "too deeply")):
			t.Errorf("%s: error %v, want that it nests too deeply", name, err)
		case tc.items > 0 && err != nil:
			t.Errorf("%s: %v", name, err)
		case tc.items > 0 && len(f.Items) != tc.items:
			t.Errorf("%s: %d items, want %d", name, len(f.Items), tc.items)
		}
	}
}

// What is nested hundreds of thousands of levels deep takes no more memory than its
// size explains.
func TestDeepIsCheap(t *testing.T) {
	const levels = 200_000
	in := func(s string) string {
		return `<rss version="2.0"><channel><title>T</title><item><guid>1</guid><title>t</title>` + s + `</item></channel></rss>`
	}
	for name, doc := range map[string]string{
		"left open":                  in(strings.Repeat("<a>", levels)),
		"left open for ever":         "<rss><channel><item><guid>1</guid>" + strings.Repeat("<a>", levels),
		"ended":                      in(strings.Repeat("<a>", levels/2) + strings.Repeat("</a>", levels/2)),
		"in a text":                  in("<description>" + strings.Repeat("<a>", levels) + "</description>"),
		"paragraphs":                 in(strings.Repeat("<p>", levels)),
		"of unlike names":            in(unlike(levels / 4)),
		"of unlike names, ended":     in(unlike(levels/8) + strings.ReplaceAll(unlike(levels/8), "<", "</")),
		"and ends of nothing":        in(strings.Repeat("<a></b>", levels/2)),
		"behind a declaration":       "<rss><channel><!x " + strings.Repeat("<a>", levels),
		"in the head":                "<rss><channel>" + strings.Repeat("<a>", levels) + "<item><guid>1</guid></item></channel></rss>",
		"in the head, with a prefix": `<a:feed xmlns:a="http://www.w3.org/2005/Atom">` + strings.Repeat("<a:x>", levels/2) + "<a:entry><a:id>1</a:id></a:entry></a:feed>",
		"items":                      "<rss><channel>" + strings.Repeat("<item>", levels/2),
		"entries":                    `<feed xmlns="http://www.w3.org/2005/Atom">` + strings.Repeat("<entry>", levels/2),
		"channels":                   `<rss>` + strings.Repeat("<channel>", levels/4),
		"of CDF":                     strings.Repeat("<channel href='x'>", levels/8),
		"torn":                       in(strings.Repeat("<a ", levels)),
		"of entities":                `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("<a>", 5000) + `">]>` + in(strings.Repeat("&a;", 40)+"</"),
		"of leaves":                  in(strings.Repeat("<a><b></b>", levels/4)),
	} {
		took := allocated(func() { readShape(doc) })
		if t.Logf("%s: %d kB for %d kB", name, took>>10, len(doc)>>10); took > uint64(40*len(doc)+24<<20) {
			t.Errorf("%s: %d kB take %d MB", name, len(doc)>>10, took>>20)
		}
	}
}
