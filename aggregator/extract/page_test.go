package extract_test

import (
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"copydesk/aggregator/extract"
	"copydesk/aggregator/parse"
	"copydesk/aggregator/txtartest"
)

// Each fixture holds a page, its address where that matters, and what must be
// read from it.
func TestPages(t *testing.T) {
	txtartest.Each(t, "testdata/*.txtar", 60, func(t *testing.T, a *txtartest.Archive) {
		part := a.Parts()
		feed, err := extract.Page([]byte(part["page.html"]), extract.Options{URL: strings.TrimSpace(part["address"])})
		if err != nil {
			t.Fatal(err)
		}
		a.Want(t, told(t, feed))
	})
}

// told writes what was read from a page, a fact a line.
func told(t *testing.T, feed *parse.Feed) string {
	t.Helper()
	if len(feed.Items) != 1 {
		t.Fatalf("got %d items, want the page", len(feed.Items))
	}
	it := feed.Items[0]
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", key, value)
		}
	}
	line("site", feed.Title.Body)
	line("home", feed.HomePage)
	line("title", it.Title.Body)
	line("canonical", it.Canonical)
	line("language", it.Language)
	line("breadcrumb", strings.Join(it.Breadcrumb, " > "))
	line("section", it.Section)
	line("tags", strings.Join(it.Categories, ", "))
	line("summary", it.Summary.Body)
	line("image", it.Image)
	line("caption", it.ImageCaption)
	line("picture by", it.ImageCredit)
	line("next", it.Next)
	line("rights", it.Rights)
	line("origin", it.Origin.Name)
	if it.Barrier != "" {
		line("barrier", fmt.Sprintf("%s [%s]", it.Barrier, it.BarrierSign))
	}
	for _, p := range it.People {
		line("person", strings.TrimSpace(fmt.Sprintf("%s [%s] %s", p.Name, p.Field, p.URL)))
	}
	for _, d := range it.Dates {
		line("date", fmt.Sprintf("%s [%s]", d.Raw, d.Field))
	}
	for _, l := range it.CreditLines {
		line("credit", l)
	}
	for _, text := range textLines(t, it.Content.Body) {
		line("body", text)
	}
	for _, w := range feed.Warnings {
		line("warning", w)
	}
	return b.String()
}

// textLines are the lines of a body as readers see them.
func textLines(t *testing.T, body string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	inLine := map[string]bool{"a": true, "b": true, "em": true, "i": true, "span": true, "strong": true, "time": true, "q": true, "small": true}
	var b strings.Builder
	var write func(n *html.Node)
	write = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
			return
		}
		apart := n.Type == html.ElementNode && !inLine[n.Data]
		if apart {
			b.WriteByte('\n')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			write(c)
		}
		if apart {
			b.WriteByte('\n')
		}
	}
	write(root)
	var out []string
	for text := range strings.Lines(b.String()) {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// A page is read in the encoding that it is in, declared rightly, wrongly or
// not at all.
func TestEncodings(t *testing.T) {
	const page = `<html><head>%s<title>%s</title></head><body><p>%[2]s</p></body></html>`
	for _, tt := range []struct {
		name, title string
		encoding    encoding.Encoding
		meta        string
		contentType string
	}{
		{"UTF-8, undeclared", "科技合作", encoding.Nop, "", ""},
		{"UTF-8 with a mark", "科技合作", unicode.UTF8BOM, "", ""},
		{"UTF-8, declared as another", "科技合作", encoding.Nop, `<meta charset="iso-8859-1">`, "text/html; charset=iso-8859-1"},
		{"GBK by the old meta tag", "科技合作", simplifiedchinese.GBK, `<meta http-equiv="Content-Type" content="text/html; charset=gb2312">`, ""},
		{"Shift JIS by its header", "科学と技術", japanese.ShiftJIS, "", "text/html; charset=Shift_JIS"},
		{"Windows-1251 by its meta tag", "Наука и техника", charmap.Windows1251, `<meta charset="windows-1251">`, "text/html"},
		{"Latin-1, undeclared", "Café à Genève", charmap.Windows1252, "", ""},
		{"Windows-1251, undeclared", "Учителя бастуют в четверг", charmap.Windows1251, "", "text/html"},
		{"Windows-1251 under a header of UTF-8", "Учителя бастуют в четверг", charmap.Windows1251, `<meta charset="windows-1251">`, "text/html; charset=utf-8"},
		{"KOI8-R under a meta tag of UTF-8", "Учителя бастуют в четверг", charmap.KOI8R, `<meta charset="utf-8">`, ""},
		{"Czech in a template's charset", "Vláda schválila rozpočet", charmap.Windows1250, `<meta http-equiv=content-type content='text/html; charset=iso-8859-1'>`, ""},
		{"XHTML by its declaration", "科技合作", simplifiedchinese.GBK, `<?xml version="1.0" encoding="gbk"?>`, ""},
		{"Russian in GBK", "Учителя бастуют в четверг", simplifiedchinese.GBK, `<meta charset="gbk">`, ""},
		{"Latin-1 pasted into UTF-8", "Café à Genève", encoding.Nop, "<meta charset=utf-8><meta name=author content='Zo\xeb'>", ""},
		{"Lithuanian by its language", "Persų menas (iranas)", charmap.Windows1257, "<html lang=lt>", ""},
		{"UTF-16 with a mark", "科技合作", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body, err := tt.encoding.NewEncoder().String(fmt.Sprintf(page, tt.meta, tt.title))
			if err != nil {
				t.Fatal(err)
			}
			feed, err := extract.Page([]byte(body), extract.Options{ContentType: tt.contentType})
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.Items[0].Title.Body; got != tt.title {
				t.Errorf("title %q, want %q", got, tt.title)
			}
		})
	}
}

// A hostilePage would cost a careless reader far more than an honest page of its
// size.
type hostilePage struct {
	name, page string
	refusal    string // a word of it; empty when the page is read
}

func hostilePages() []hostilePage {
	repeated := func(n int, text func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(text(i))
		}
		return b.String()
	}
	constant := func(s string) func(int) string { return func(int) string { return s } }
	ld := func(json string) string {
		return `<title>T</title><script type="application/ld+json">` + json + `</script><p>Text.</p>`
	}
	return []hostilePage{
		{"nothing", "", ""},
		{"blank", " \n\t ", ""},
		{"not HTML", "\x00\xff\xfe\x01binary", ""},
		{"half a tag", "<html><body><p class=", ""},
		{"larger than the cap", strings.Repeat("x", 10<<20+1), "larger than 10 MB"},
		{"as large as the cap", "<title>T</title>" + strings.Repeat("<p>"+strings.Repeat("words and more words, ", 30)+"</p>", 15_000), ""},
		{"a million elements deep", strings.Repeat("<div>", 1_000_000) + "text", "too many elements"},
		{"ten thousand elements deep", strings.Repeat("<div>", 10_000) + "text", "nodes"},
		{"four hundred deep and wide", strings.Repeat("<div>", 400) + strings.Repeat("<p>some words here</p>", 20_000), ""},
		{"a long text, four hundred deep", strings.Repeat("<span class=author>", 400) + strings.Repeat("some words here ", 500_000), ""},
		{"formatting that is never closed", "<p>" + repeated(400, func(i int) string { return fmt.Sprintf("<b id=%d>", i) }) + strings.Repeat("<p>x", 100_000), "too many elements"},
		{"twenty thousand headings of lists", strings.Repeat("<h3>Related</h3>", 20_000), ""},
		{"ten thousand lists", strings.Repeat("<h3>Related</h3><ul><li><a>x</a><a>y</a></ul>", 10_000), ""},
		{"twenty thousand bylines", repeated(20_000, func(i int) string { return fmt.Sprintf("<a rel=author>Name %d</a>", i) }), ""},
		{"twenty thousand lines of credits", repeated(20_000, func(i int) string { return fmt.Sprintf("<div>Source: %d</div>", i) }), ""},
		{"tables in tables", strings.Repeat("<table>x", 20_000), ""},
		{"attributes without end", "<p " + repeated(100_000, func(i int) string { return fmt.Sprintf("a%d ", i) }) + ">", ""},
		{"nine megabytes of attributes", "<p " + strings.Repeat("a ", 9<<19) + ">", "too many elements"},
		{"nine megabytes of attributes with values", "<p " + strings.Repeat("b='c>' ", 9<<20/7) + ">", "too many elements"},
		{"a script of nine megabytes that compares", "<title>T</title><script>" + strings.Repeat("if (a <b && c) { d 'e f } ", 9<<20/26) + "</script><p>Text.</p>", ""},
		{"a picture of nine megabytes in its tag", "<title>T</title><p>Text.</p><img src=\"data:image/png;base64," + strings.Repeat("a b ", 9<<18) + "\">", ""},
		{"meta tags without end", strings.Repeat("<meta name=author content=x>", 20_000), ""},
		{"a name of a megabyte", "<meta name=author content=" + strings.Repeat("x", 1<<20) + ">", ""},
		{"JSON-LD, a million arrays deep", ld(strings.Repeat("[", 1_000_000)), ""},
		{"JSON-LD, nine thousand objects deep", ld(strings.Repeat(`{"mainEntity":`, 9000) + "1" + strings.Repeat("}", 9000)), ""},
		{"JSON-LD of a million objects", ld("[" + strings.Repeat("{},", 1_000_000) + "1]"), ""},
		{"JSON-LD of two hundred thousand authors", ld(`{"@type":"NewsArticle","author":[` + repeated(200_000, func(i int) string { return fmt.Sprintf(`"a%d",`, i) }) + `"z"]}`), ""},
		{"JSON-LD that refers to itself", ld(`{"@graph":[{"@type":"NewsArticle","@id":"#a","author":{"@id":"#a"},"publisher":{"@id":"#b"},"headline":"T"},{"@id":"#b","publisher":{"@id":"#b"}}]}`), ""},
		{"JSON-LD eighty thousand times", repeated(80_000, constant(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"x"}</script>`)), ""},
		{"JSON-LD of the wrong types", ld(`{"@type":["NewsArticle",1,null],"headline":{"a":[1]},"author":[1,true,[["x"]],{"name":{"name":1}}],"datePublished":7,"image":{"url":{}},"isAccessibleForFree":[]}`), ""},
		{"a title of marks, and forty thousand lines", "<title>" + strings.Repeat("a - ", 120) + "</title>" + repeated(40_000, func(i int) string { return fmt.Sprintf("<p>Source: a - a %d</p>", i) }), ""},
		{"a stated text of a megabyte, and sixty thousand paragraphs", `<title>T</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"T","articleBody":"` + repeated(100_000, func(i int) string { return fmt.Sprintf("word%d ", i) }) + `"}</script>` + repeated(60_000, func(i int) string { return fmt.Sprintf("<p>A paragraph of some words, number %d of many.</p>", i) }), ""},
		{"sixty thousand empty pictures", strings.Repeat("<p><img src=x></p>", 60_000), ""},
		{"teasers in teasers", strings.Repeat("<ul><li><div><a href=x>a title of some length</a></div></li>", 100) + strings.Repeat("<li><div><a href=x>a title of some length</a></div></li>", 20_000), ""},
		{"JSON-LD that is none", ld(`{"@type": "NewsArticle", headline: 'x'`), ""},
	}
}

// No page takes more memory than an honest one of its size: what is built to do so
// is read in part, or refused in words. What they take of time is told by
// BenchmarkHostilePages.
func TestHostilePages(t *testing.T) {
	for _, tt := range hostilePages() {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			feed, err := extract.Page([]byte(tt.page), extract.Options{URL: "https://example.org/a"})
			runtime.ReadMemStats(&after)
			most := uint64(1024)
			if strings.HasPrefix(tt.name, "nine megabytes") { // refused before they cost more
				most = 16
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > most {
				t.Errorf("reading %d KB took %d MB of memory", len(tt.page)>>10, used)
			}
			if tt.refusal != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refusal) {
					t.Errorf("got %v, want a refusal with %q", err, tt.refusal)
				}
				return
			}
			if err != nil || len(feed.Items) != 1 {
				t.Fatalf("got %v, want the page read", err)
			}
			if it := feed.Items[0]; len(it.People) > 200 || len(it.CreditLines) > 200 || len(it.Dates) > 200 || len(it.Title.Body) > 4<<10 {
				t.Errorf("%d people, %d credit lines, %d dates, a title of %d bytes; want them bounded", len(it.People), len(it.CreditLines), len(it.Dates), len(it.Title.Body))
			}
		})
	}
}

// BenchmarkHostilePages is to be slower by the byte than BenchmarkPage by no order
// of magnitude.
//
//	go test -run '^$' -bench HostilePages -benchtime 1x ./aggregator/extract
func BenchmarkHostilePages(b *testing.B) {
	for _, bb := range hostilePages() {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.page)))
			for b.Loop() {
				_, _ = extract.Page([]byte(bb.page), extract.Options{URL: "https://example.org/a"}) // some are refused
			}
		})
	}
}

// The same bytes give the same result, claims and all.
func TestPageIsPure(t *testing.T) {
	for name, page := range pages(t, "testdata/*.txtar") {
		opt := extract.Options{URL: "https://example.org/a"}
		first, err := extract.Page([]byte(page), opt)
		if err != nil {
			t.Fatal(err)
		}
		for range 8 {
			again, err := extract.Page([]byte(page), opt)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first, again, cmpopts.IgnoreUnexported(parse.Item{})); diff != "" {
				t.Fatalf("%s (-first +again):\n%s", name, diff)
			}
		}
	}
}

// pages are the pages of the fixtures that a pattern names, by name.
func pages(t testing.TB, pattern string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, a := range txtartest.Open(t, pattern, 60) {
		out[a.Name] = a.Parts()["page.html"]
	}
	return out
}

// Each field that is told has a witness that won, with the rule by which it did,
// and the others stand behind it.
func TestClaims(t *testing.T) {
	list := pages(t, "testdata/*.txtar")
	maps.Copy(list, pages(t, "testdata/systems/*.txtar"))
	for name, page := range list {
		feed, err := extract.Page([]byte(page), extract.Options{URL: "https://example.org/a"})
		if err != nil {
			t.Fatal(err)
		}
		won := map[string]string{}
		for _, c := range feed.Items[0].Claims {
			if c.Field == "" || c.Witness == "" || c.Won != (c.Rule != "") {
				t.Errorf("%s: the claim %+v is not whole", name, c)
			}
			if c.Won {
				won[c.Field] += c.Value
			}
		}
		for field, told := range fieldsOf(feed.Items[0]) {
			if _, ok := won[field]; ok != told {
				t.Errorf("%s: %s is told: %t, and explained: %t", name, field, told, ok)
			}
		}
		if got, want := won["title"], feed.Items[0].Title.Body; got != want {
			t.Errorf("%s: the title %q won, and the article has %q", name, got, want)
		}
	}
}

// fieldsOf are the fields of an item, with whether it has them.
func fieldsOf(it parse.Item) map[string]bool {
	authors, published, modified := false, false, false
	for _, p := range it.People {
		authors = authors || p.Field != "picture" && p.Field != "json-ld:editor" && p.Field != "json-ld:translator"
	}
	for _, d := range it.Dates {
		published, modified = published || !d.Modified(), modified || d.Modified()
	}
	return map[string]bool{
		"title": it.Title.Body != "", "url": true, "language": it.Language != "", "section": it.Section != "", "breadcrumb": it.Breadcrumb != nil,
		"tags": it.Categories != nil, "summary": it.Summary.Body != "", "image_caption": it.ImageCaption != "",
		"image_credit": it.ImageCredit != "", "rights": it.Rights != "", "source": it.Origin.Name != "", "author": authors, "line": it.CreditLines != nil,
		"published": published, "modified": modified, "content": it.Barrier != parse.Listing, "barrier": it.Barrier != "",
	}
}

// An article of several pages is its first with the text of them all.
func TestJoin(t *testing.T) {
	part := func(n, next int, text, credit string) *parse.Feed {
		item := parse.Item{Title: parse.Text{Body: fmt.Sprintf("Part %d", n)}, Content: parse.Text{Body: text, Type: parse.HTML}, CreditLines: []string{credit}}
		if next > 0 {
			item.Next = fmt.Sprintf("/story?page=%d", next)
		}
		return &parse.Feed{Format: "page", Items: []parse.Item{item}}
	}
	first := part(1, 2, "<p>One.</p>", "By Ann Lee")
	whole := extract.Join(first, part(2, 3, "<p>Two.</p>", "By Ann Lee"), part(3, 0, "<p>Three.</p>", "Editor: Bob Roy"))
	it := whole.Items[0]
	if it.Title.Body != "Part 1" || it.Next != "" || it.Content.Body != "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>" {
		t.Errorf("got %q, next %q:\n%s", it.Title.Body, it.Next, it.Content.Body)
	}
	if diff := cmp.Diff([]string{"By Ann Lee", "Editor: Bob Roy"}, it.CreditLines); diff != "" {
		t.Errorf("credits (-want +got):\n%s", diff)
	}
	if first.Items[0].Content.Body != "<p>One.</p>" || len(first.Items[0].CreditLines) != 1 {
		t.Error("joining changed the first page")
	}
	if extract.Join() == nil || len(extract.Join(&parse.Feed{}, first).Items) != 0 {
		t.Error("nothing to join is not nothing")
	}
}

// The next page of an article is one whose address is the page's own with the
// next number; the next article is not.
func TestNext(t *testing.T) {
	for _, tt := range []struct{ own, next, want string }{
		{"https://a.example/story", "/story?page=2", "/story?page=2"},
		{"https://a.example/story?page=2", "/story?page=3", "/story?page=3"},
		{"https://a.example/story/", "https://a.example/story/2/", "https://a.example/story/2/"},
		{"https://a.example/c_1.htm", "c_2.htm", "c_2.htm"},
		{"https://a.example/s/c1.html", "c1_2.html", "c1_2.html"},
		{"https://a.example/story?page=2", "/story?page=1", ""},
		{"https://a.example/story", "/story-of-another", ""},
		{"https://a.example/2024/05/one", "/2024/05/two", ""},
		{"https://a.example/story", "https://b.example/story?page=2", ""},
		{"https://a.example/story", "javascript:next()", ""},
		{"", "/story?page=2", ""},
	} {
		page := `<html><head><title>T</title></head><body><h1>A title that is long enough</h1><p>Some text.</p><a rel="next" href="` + tt.next + `">Next</a></body></html>`
		feed, err := extract.Page([]byte(page), extract.Options{URL: tt.own})
		if err != nil {
			t.Fatal(err)
		}
		if got := feed.Items[0].Next; got != tt.want {
			t.Errorf("%s on %q: next page %q, want %q", tt.next, tt.own, got, tt.want)
		}
	}
}

// JSON-LD is read as sites write it, not only as it should be.
func TestMendedJSONLD(t *testing.T) {
	for name, ld := range map[string]string{
		"as it should be":        `{"@type":"NewsArticle","author":"Ann Lee"}`,
		"in an HTML comment":     `<!-- {"@type":"NewsArticle","author":"Ann Lee"} -->`,
		"in a CDATA section":     "//<![CDATA[\n" + `{"@type":"NewsArticle","author":"Ann Lee"}` + "\n//]]>",
		"a comma too many":       `{"@type":"NewsArticle","author":[{"name":"Ann Lee"},],}`,
		"an escape of script":    `{"@type":"NewsArticle","headline":"It\'s here","author":"Ann Lee"}`,
		"a line end in a text":   "{\"@type\":\"NewsArticle\",\"description\":\"one\ntwo\",\"author\":\"Ann Lee\"}",
		"a semicolon behind it":  `{"@type":"NewsArticle","author":"Ann Lee"};`,
		"two in a row":           `{"@type":"WebPage"} {"@type":"NewsArticle","author":"Ann Lee"}`,
		"names in one object":    `{"@type":"NewsArticle","author":{"name":["Ann Lee"]}}`,
		"given and family names": `{"@type":"NewsArticle","author":{"givenName":"Ann","familyName":"Lee"}}`,
	} {
		feed, err := extract.Page([]byte(`<title>T</title><script type="application/ld+json">`+ld+`</script><p>Text.</p>`), extract.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p := feed.Items[0].People; len(p) != 1 || p[0].Name != "Ann Lee" {
			t.Errorf("%s: people %+v, want Ann Lee", name, p)
		}
	}
}

func TestCheckSelector(t *testing.T) {
	for _, ok := range []string{"article .text", "#story > p", "[itemprop~=articleBody]", "h1, h2", "p:nth-child(2)"} {
		if err := extract.CheckSelector(ok); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
	for _, bad := range []string{"", "div[", "p:nope", "> p", "a{"} {
		if err := extract.CheckSelector(bad); err == nil {
			t.Errorf("%q is taken for a selector", bad)
		}
	}
}

func FuzzPage(f *testing.F) {
	for _, page := range pages(f, "testdata/*.txtar") {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		feed, err := extract.Page(page, extract.Options{URL: "https://example.org/a"})
		if err == nil && (len(feed.Items) != 1 || feed.Format != "page") {
			t.Errorf("got %d items of a %q", len(feed.Items), feed.Format)
		}
	})
}
