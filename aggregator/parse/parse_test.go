package parse_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"

	"copydesk/aggregator/parse"
)

// rss is a document of n items with ids.
func rss(n int) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Tide News</title><link>https://tide.example/</link>`)
	for i := range n {
		fmt.Fprintf(&b, "\n<item><title>Tide %d</title><link>https://tide.example/%d</link><guid isPermaLink=\"false\">tide-%d</guid><description>Water &amp;amp; wind</description></item>", i, i, i)
	}
	return b.String() + "\n</channel></rss>"
}

func read(t *testing.T, body string) *parse.Feed {
	t.Helper()
	d, err := parse.Open([]byte(body), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := d.Feed(nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// What damaged documents still give: how many items, and whether the operator
// is told.
func TestDamagedDocuments(t *testing.T) {
	body := rss(3)
	gb, err := simplifiedchinese.GBK.NewEncoder().String(`<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>灯塔</title><item><title>潮汐</title></item></channel></rss>`)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(body))
	_ = z.Close()
	var wide []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + body)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, c := range map[string]struct {
		body  string
		items int
		told  bool
	}{
		"sound":                       {body, 3, false},
		"a torn end":                  {strings.TrimSuffix(body, "\n</channel></rss>"), 3, true},
		"an item torn in the middle":  {body[:strings.Index(body, "Tide 2")], 2, true},
		"a stray end tag in an item":  {strings.Replace(body, "Tide 0<", "Tide</b> 0<", 1), 3, false},
		"a stray end tag in the head": {strings.Replace(body, "Tide News<", "Tide</i> News<", 1), 3, false},
		"a blank before the prologue": {" \n\n" + body, 3, false},
		"a program's warning before":  {"Warning: mysql_connect()\n" + body, 3, true},
		"a lost first character":      {strings.TrimPrefix(body, `<?xml version="1.0" encoding="UTF-8"?><`), 3, true},
		"a control character":         {strings.Replace(body, "Tide 1", "Tide \x01", 1), 3, false},
		"a character XML lacks":       {strings.Replace(body, "Tide 1", "Tide \ufffe", 1), 3, false},
		"an undeclared entity":        {strings.Replace(body, "Tide 1", "Mar&eacute;e&nbsp;1", 1), 3, false},
		"a raw ampersand":             {strings.Replace(body, "Tide 1", "R&D at AT&T", 1), 3, false},
		"bare HTML in a description":  {strings.Replace(body, "Water &amp;amp; wind", "<p>Water<br>wind</p>", 1), 3, false},
		"three hundred open breaks":   {strings.Replace(body, "Water", strings.Repeat("<br>", 300), 1), 3, false},
		"gzip without a header":       {zipped.String(), 3, false},
		"UTF-16":                      {string(wide), 3, false},
		"GB2312":                      {gb, 1, false},
		"latin-1, undeclared":         {strings.Replace(strings.TrimPrefix(body, `<?xml version="1.0" encoding="UTF-8"?>`), "Tide 1", "Mar\xe9e", 1), 3, true},
		"blanks within an end tag":    {strings.Replace(body, "Tide 0</title>", "Tide 0</title\n>", 1), 3, false},
		"an instruction in an item":   {strings.Replace(body, "Tide 0</title>", "Tide 0</title><?php 1 ?>", 1), 3, false},
		"an end without its sign":     {strings.Replace(body, "Tide 0</title>", "Tide 0</title", 1), 3, true},
		"an empty channel":            {`<rss version="2.0"><channel><title>T</title></channel></rss>`, 0, false},
	} {
		f := read(t, c.body)
		if len(f.Items) != c.items {
			t.Errorf("%s: %d items, want %d", name, len(f.Items), c.items)
		}
		if told := len(f.Warnings) > 0; told != c.told {
			t.Errorf("%s: warnings %q, want some: %v", name, f.Warnings, c.told)
		}
	}
	if got := read(t, gb).Items[0].Title.Body; got != "潮汐" {
		t.Errorf("GB2312 title = %q", got)
	}
}

func TestNoFeed(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"an HTML page":                  {"<!doctype html><html><head><title>Not here</title></head></html>", `an HTML page titled "Not here"`},
		"a blank body":                  {" \n", "nothing"},
		"an error text":                 {"Internal error: database is away", "text that begins"},
		"other XML":                     {"<settings><one/></settings>", "other XML"},
		"a sitemap":                     {"<sitemapindex><sitemap/></sitemapindex>", "kind: sitemap reads it"},
		"a bomb of gzip":                {"\x1f\x8bnonsense", "gzip"},
		"a million levels":              {"<rss>" + strings.Repeat("<a>", 1_000_000), "too deeply"},
		"levels hidden behind end tags": {"<rss><!A <b></a></a>>" + strings.Repeat("</a>", 1000) + strings.Repeat("<a>", 100_000), "too deeply"},
		"an entity bomb":                {`<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("ha", 1000) + `"><!ENTITY b "` + strings.Repeat("&a;", 20) + `">]><rss version="2.0"><channel><title>` + strings.Repeat("&b;", 30) + `</title></channel></rss>`, "entities"},
	} {
		d, err := parse.Open([]byte(c.body), parse.Options{})
		if err == nil {
			_, err = d.Feed(nil)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
	d, err := parse.Open([]byte(`{"error": "nope"}`), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var not *parse.NotFeedError
	if _, err := d.Feed(nil); !errors.As(err, &not) {
		t.Errorf("JSON of another kind: %v, want a NotFeedError", err)
	}
}

// Items that are known cost no parse, and parsing the others alone gives what
// parsing the whole gives.
func TestOnlyNewItemsAreParsed(t *testing.T) {
	documents := map[string]string{"rss": rss(20)}
	files, err := filepath.Glob(filepath.Join(os.Getenv("COPYDESK_TEST_SAMPLES"), "feeds", "*"))
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("COPYDESK_TEST_SAMPLES") == "" {
		files = nil
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		documents[filepath.Base(f)] = string(b)
	}
	for name, body := range documents {
		d, err := parse.Open([]byte(body), parse.Options{})
		if err != nil {
			continue // no feed
		}
		hashes := d.Hashes()
		if len(hashes) < 2 {
			continue // cannot be cut: always parsed whole
		}
		whole, err := d.Feed(nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		shared := func(it parse.Item) bool { // those are always read
			return slices.IndexFunc(whole.Items, func(o parse.Item) bool { return o.ID == it.ID && !reflect.DeepEqual(o, it) }) >= 0
		}
		at := len(hashes) / 2
		for shared(whole.Items[at]) {
			at--
		}
		part, err := d.Feed(func(h uint64) bool { return h != hashes[at] })
		part.Items = slices.DeleteFunc(part.Items, shared)
		if err != nil || len(part.Items) != 1 || !reflect.DeepEqual(part.Items[0], whole.Items[at]) {
			t.Errorf("%s: the item parsed alone differs from the item parsed among all (%v)", name, err)
		}
		none, err := d.Feed(func(uint64) bool { return true })
		none.Items = slices.DeleteFunc(none.Items, shared)
		if err != nil || len(none.Items) != 0 || none.Title != whole.Title {
			t.Errorf("%s: with all items known: %d items, title %q, %v", name, len(none.Items), none.Title, err)
		}
	}
}

func TestHashesNeedIDs(t *testing.T) {
	d, err := parse.Open([]byte(strings.Replace(rss(3), `<guid isPermaLink="false">tide-1</guid>`, "", 1)), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Hashes(); got != nil {
		t.Errorf("hashes = %v, want none: an item without an id is known by its neighbours", got)
	}
}

// An item's bytes mean something else under another base or namespace.
func TestHashesDependOnTheFrame(t *testing.T) {
	hash := func(body string) uint64 {
		d, err := parse.Open([]byte(body), parse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return d.Hashes()[0]
	}
	plain := rss(1)
	if hash(plain) != hash(strings.Replace(plain, "Tide News", "Tide Times", 1)) {
		t.Error("a new channel title makes the items new")
	}
	if hash(plain) == hash(strings.Replace(plain, `<channel>`, `<channel xml:base="https://other.example/">`, 1)) {
		t.Error("a new base leaves the items known")
	}
}

// An id that all items of an RSS feed have is none, and they are all read, for they
// are known by their neighbours; so are those that share one otherwise, unless they
// are the same.
func TestSharedIDs(t *testing.T) {
	for name, tt := range map[string]struct {
		ids  []string
		read int // of items that are known
		none bool
	}{
		"of all":            {[]string{"", "", ""}, 3, true},
		"of two":            {[]string{"", ""}, 2, false},
		"of some":           {[]string{"", "", "", "other"}, 3, false},
		"of none":           {[]string{"a", "b", "c"}, 0, false},
		"of RDF":            {[]string{"rdf a", "rdf a", "rdf b"}, 2, false},
		"of one, twice":     {[]string{"a", "same", "same"}, 0, false},
		"of one and a copy": {[]string{"same", "same", "same2", "b"}, 2, false},
	} {
		doc := `<rss version="2.0" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>T</title>`
		for i, id := range tt.ids {
			switch about, rdf := strings.CutPrefix(id, "rdf "); {
			case rdf:
				doc += fmt.Sprintf(`<item rdf:about="%s"><link>https://a.example/%d</link></item>`, about, i)
			case strings.HasPrefix(id, "same"):
				doc += fmt.Sprintf(`<item><guid>same</guid><link>https://a.example/%s</link></item>`, id)
			default:
				doc += fmt.Sprintf(`<item><guid>https://a.example/%s</guid><link>https://a.example/%d</link></item>`, id, i)
			}
		}
		d, err := parse.Open([]byte(doc+"</channel></rss>"), parse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f, err := d.Feed(func(uint64) bool { return true })
		if err != nil || len(f.Items) != tt.read || (d.Hashes() == nil) != tt.none {
			t.Fatalf("%s: hashes %v, read %+v (%v), want %d items", name, d.Hashes(), f, err, tt.read)
		}
		if tt.read > 0 && (f.Items[0].ID == "") != tt.none {
			t.Errorf("%s: the first item's id is %q", name, f.Items[0].ID)
		}
	}
}

// The ids of items that are not read are told all the same.
func TestIDsOfWhatIsKnown(t *testing.T) {
	d, err := parse.Open([]byte(rss(3)), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := d.Feed(nil)
	if err != nil {
		t.Fatal(err)
	}
	second := d.Hashes()[1]
	got := d.IDs(func(h uint64) bool { return h != second })
	if want := []string{whole.Items[0].ID, whole.Items[2].ID}; !slices.Equal(got, want) {
		t.Errorf("ids %q, want %q", got, want)
	}
}

func TestItemsAreCapped(t *testing.T) {
	f := read(t, rss(10_050))
	if len(f.Items) != 10_000 || len(f.Warnings) == 0 {
		t.Errorf("%d items, warnings %q", len(f.Items), f.Warnings)
	}
}

func TestAtomIsKeptAsWritten(t *testing.T) {
	f := read(t, `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/b/">
<title>A</title><id>HTTP://A.example/%7Efeed</id>
<entry><title>Say type="html" and xml:base</title><id>HTTP://A.example/%7Eone</id><link href="one"/><updated>2026-01-02T03:04:05Z</updated>
<author><name>Ann</name><uri>https://ann.example/</uri></author><content type="html">&lt;p&gt;&lt;a href="x"&gt;x&lt;/a&gt;&lt;/p&gt;</content>
<source><id>tag:s.example,2020:s</id><title>Source</title></source></entry></feed>`)
	it := f.Items[0]
	for _, c := range []struct{ what, got, want string }{
		{"id", it.ID, "HTTP://A.example/%7Eone"},
		{"feed id", f.ID, "HTTP://A.example/%7Efeed"},
		{"link", it.Link, "one"},
		{"base", f.Base, "https://a.example/b/"},
		{"title", it.Title.Body, `Say type="html" and xml:base`},
		{"content", it.Content.Body, `<p><a href="x">x</a></p>`},
		{"source", it.Origin.Name, "Source"},
		{"author", it.People[0].URL, "https://ann.example/"},
	} {
		if c.got != c.want {
			t.Errorf("%s = %q, want %q", c.what, c.got, c.want)
		}
	}
}

// Whatever comes in, reading it ends, reading it again gives the same, and an
// item parsed alone is the item parsed among all.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(rss(2)))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id></entry></feed>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1"},{"id":2,"tags":"x",}]}`))
	f.Add([]byte("<item>x</item>"))
	f.Add([]byte(`<rss xmlns:d="http://purl.org/dc/elements/1.1/"><channel><item><guid>1</guid><d:creator>A &lt;a@b.c></d:creator><description><p>x<br/></description><item><id>2</id><title>y`))
	f.Add([]byte(`<a:feed xmlns:a="http://purl.org/atom/ns#" xml:base="/x"><a:entry xml:lang=de><a:id>1</a:id><a:content mode="base64" type="text/html">PGI+</a:content><a:source><a:title>S</a:title></a:source></a:entry></a:feed>`))
	f.Add([]byte(`<!DOCTYPE rss [<!ENTITY a "b">]><rdf:RDF xmlns:rdf="r"><channel/><item rdf:about="1"><xhtml:body><h:p>&a;&#147;</h:p></xhtml:body></item></rdf:RDF>`))
	f.Add([]byte(`<CHANNEL HREF="x"><ITEM HREF="y"><TITLE>z</TITLE></ITEM></CHANNEL>`))
	f.Add([]byte(`<feed><entry><entry><id>1</id><content type="x+xml"><entry></con</entry><en<title<b>x</b></title><?x</ id><!y><![CDATA[</id></entry><![CDATA[]]></feed>`))
	for _, doc := range healthy {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := parse.Open(body, parse.Options{})
		if err != nil {
			return
		}
		feed, err := d.Feed(nil)
		if err != nil {
			return
		}
		if len(feed.Items) > 10_000 {
			t.Errorf("%d items", len(feed.Items))
		}
		sameAlone(t, d, feed)
	})
}

// sameAlone parses each item without the others, but for those whose id others have,
// which are always read.
func sameAlone(t *testing.T, d *parse.Document, whole *parse.Feed) {
	t.Helper()
	hashes := d.Hashes()
	items := slices.DeleteFunc(slices.Clone(whole.Items), func(it parse.Item) bool { return it.Torn })
	if len(hashes) != len(items) { // some could not be read
		return
	}
	for i, fresh := range hashes[:min(len(hashes), 20)] {
		part, err := d.Feed(func(h uint64) bool { return h != fresh })
		want := items[slices.Index(hashes, fresh)]
		if err != nil || !slices.ContainsFunc(part.Items, func(it parse.Item) bool { return reflect.DeepEqual(it, want) }) {
			t.Fatalf("item %d parsed alone differs from the item parsed among all (%v)\n%+v\n%+v", i, err, part, items[i])
		}
	}
}
