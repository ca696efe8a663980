package feed_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

// edition of n articles, the newest last.
func many(n int) *edition.Edition {
	e := rich()
	one := e.Articles[1]
	e.Articles = nil
	for i := range n {
		one.Key, one.Revision, one.Title = news.Key(fmt.Sprintf("n%02d", i)), news.Revision(i+1), fmt.Sprintf("News %02d", i)
		e.Articles = append(e.Articles, one)
	}
	return e
}

// What did not change is not rendered again, and the bytes are those of a
// print from nothing.
func TestPrintTakesOverWhatIsKnown(t *testing.T) {
	for format := range formats {
		e := many(20)
		old, err := feed.Print(format, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		e.Articles[7].Title, e.Articles[7].Revision = "Corrected", 99
		e.Articles = append(e.Articles[:3], e.Articles[4:]...)
		got, err := feed.Print(format, e, old)
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := feed.Print(format, e, nil)
		if err != nil || !bytes.Equal(got.Body, fresh.Body) {
			t.Errorf("%s: a print over an old one differs from a fresh one (%v)", format, err)
		}
		if !strings.Contains(string(got.Body), "Corrected") || strings.Contains(string(got.Body), "News 03") {
			t.Errorf("%s: the change is not printed", format)
		}
	}
}

// A printer gives the same bytes as one that knows nothing, whatever it printed
// before.
func TestPrinterRemembers(t *testing.T) {
	var p feed.Printer
	for round := range 3 {
		for _, slug := range []news.Slug{"one", "two"} {
			e := many(20)
			e.Shelf.Slug = slug
			e.Articles[round].Title, e.Articles[round].Revision = "Corrected", 99
			if slug == "two" {
				e.Sources = nil
			}
			for format := range formats {
				got, err := p.Print(format, e, nil)
				if err != nil {
					t.Fatal(err)
				}
				if want, _ := feed.Print(format, e, nil); !bytes.Equal(got.Body, want.Body) {
					t.Errorf("%s of %s in round %d differs from a fresh print", format, slug, round)
				}
			}
		}
	}
}

// A delta is a whole document with the head of the edition, and what stands in
// it that did not stand in another one: as it is now, and with no more tombstones
// than are new.
func TestBeyond(t *testing.T) {
	for format := range formats {
		e := many(20)
		e.Gone = []news.Article{{Key: "old", ID: "urn:old", Revision: 3, Withdrawal: news.Withdrawal{At: noon, Reason: "It was old."}}}
		before, err := feed.Print(format, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(e.Articles) // another order is no news
		e.Title = "Another title"
		e.Articles[2].Title, e.Articles[2].Revision = "Corrected", 30
		e.Articles = e.Articles[:19]
		e.Gone = append([]news.Article{{Key: "new", ID: "urn:new", Revision: 31, Withdrawal: news.Withdrawal{At: noon, Reason: "It was new."}}}, e.Gone...)
		now, err := feed.Print(format, e, before)
		if err != nil {
			t.Fatal(err)
		}
		body := now.Beyond(before.Contents).Body()
		if err := feed.Check(format, body); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		for text, want := range map[string]int{"Corrected": 1, "News ": 0, "Another title": 1, "urn:old": 0, "urn:new": 1, "It was new.": 1} {
			if format == "rss" && strings.HasSuffix(text, "new") || format == "rss" && strings.HasSuffix(text, "new.") {
				want = 0 // it has no words for what is gone
			}
			if got := min(strings.Count(string(body), text), 1); got != want {
				t.Errorf("%s: %q is in the delta: %d, want %d\n%s", format, text, got, want, body)
			}
		}
		if body := now.Beyond(now.Contents).Body(); feed.Check(format, body) != nil || strings.Contains(string(body), "Corrected") {
			t.Errorf("%s: nothing new is %v\n%s", format, feed.Check(format, body), body)
		}
		if body := now.Beyond(nil).Body(); !bytes.Equal(body, now.Body) {
			t.Errorf("%s: all of it is\n%s", format, body)
		}
	}
}

// What a document holds has one name, whatever the format and the order; each
// thing that its entries show gives another one.
func TestContents(t *testing.T) {
	print := func(format string, change func(*edition.Edition)) feed.Contents {
		e := many(20)
		e.Sources = map[news.Slug]edition.Source{e.Articles[0].Source: {Source: news.Source{Name: "The Wire"}}}
		change(e)
		doc, err := feed.Print(format, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc.Contents
	}
	same := func(*edition.Edition) {}
	was := print("rss", same)
	for format := range formats {
		if got := print(format, func(e *edition.Edition) { slices.Reverse(e.Articles); e.Title = "Other" }); got.Name() != was.Name() || len(got) != 20 {
			t.Errorf("%s: %d stamps named %s, want 20 named %s", format, len(got), got.Name(), was.Name())
		}
	}
	if got := was.Name(); got != "14cg1st61i57p" {
		t.Errorf("the name is %s on this node", got)
	}
	if got, err := feed.ReadContents(was.Bytes()); err != nil || !slices.Equal(got, was) {
		t.Errorf("read back: %v, %v", got, err)
	}
	for _, b := range [][]byte{was.Bytes()[1:], slices.Concat(was.Bytes(), was.Bytes())} {
		if _, err := feed.ReadContents(b); err == nil {
			t.Errorf("%d bytes are taken for contents", len(b))
		}
	}
	for name, change := range map[string]func(*edition.Edition){
		"a revision": func(e *edition.Edition) { e.Articles[3].Revision = 99 },
		"a withdrawal": func(e *edition.Edition) {
			e.Gone = []news.Article{{Key: "gone", ID: "urn:gone", Withdrawal: news.Withdrawal{At: noon}}}
		},
		"one less":   func(e *edition.Edition) { e.Articles = e.Articles[1:] },
		"an excerpt": func(e *edition.Edition) { e.Articles[3].ContentHTML = "<p>It is short.</p>" },
		"a source's name": func(e *edition.Edition) {
			s := e.Articles[0].Source
			e.Sources[s] = edition.Source{Source: news.Source{Name: "Wires"}}
		},
		"a source's feed": func(e *edition.Edition) {
			s := e.Articles[0].Source
			e.Sources[s] = edition.Source{Feed: news.Feed{Title: "Wires"}}
		},
		"a moved house":    func(e *edition.Edition) { e.House.URL = "https://other.example" },
		"an id, as a twin": func(e *edition.Edition) { e.Articles[2].ID, e.Articles[3].ID = "urn:twin", "urn:twin" },
	} {
		if got := print("atom", change); got.Name() == was.Name() {
			t.Errorf("%s changes nothing", name)
		}
	}
}

// The hub, the archive and what was withdrawn stand in the head, once.
func TestHeads(t *testing.T) {
	e := many(2)
	e.House.Hub, e.Older = house.URL+"/hub", "4-12"
	e.Gone = []news.Article{{Key: "gone", ID: "urn:gone", Withdrawn: true, Withdrawal: news.Withdrawal{At: noon, Reason: "It was not so & never <was>."}}}
	archive := *e
	archive.Page, archive.Older = "4", "3"
	self := "https://news.example.org/channels/cooperation/"
	for _, tt := range []struct {
		format      string
		now, before []string
		never       []string
	}{
		{"atom",
			[]string{`rel="hub" href="https://news.example.org/hub"`, `rel="prev-archive" href="` + self + `archive/4-12.atom"`, `<at:deleted-entry ref="urn:gone" when="2026-11-24T12:00:00Z">`, `<at:comment>It was not so &amp; never &lt;was&gt;.</at:comment>`},
			[]string{`<fh:archive>`, `rel="self" href="` + self + `archive/4.atom"`, `rel="current" href="` + self + `feed.atom"`, `rel="prev-archive" href="` + self + `archive/3.atom"`},
			[]string{`rel="hub"`}},
		{"rss",
			[]string{`href="https://news.example.org/hub" rel="hub"`, `href="` + self + `archive/4-12.rss" rel="prev-archive"`},
			[]string{`<fh:archive>`, `href="` + self + `archive/4.rss" rel="self"`, `href="` + self + `feed.rss" rel="current"`, `href="` + self + `archive/3.rss" rel="prev-archive"`},
			[]string{`rel="hub"`, "deleted", "urn:gone"}},
		{"json",
			[]string{`"hubs":[{"type":"WebSub","url":"https://news.example.org/hub"}]`, `"next_url":"` + self + `archive/4-12.json"`, `"_copydesk":{"deleted":[{"ref":"urn:gone","when":"2026-11-24T12:00:00Z","reason":"It was not so & never <was>."}]}`},
			[]string{`"feed_url":"` + self + `archive/4.json"`, `"next_url":"` + self + `archive/3.json"`},
			[]string{`"hubs"`}},
	} {
		for page, want := range map[*edition.Edition][]string{e: tt.now, &archive: tt.before} {
			doc, err := feed.Print(tt.format, page, nil)
			if err != nil {
				t.Fatalf("%s: %v", tt.format, err)
			}
			if err := feed.Check(tt.format, doc.Body); err != nil {
				t.Errorf("%s: %v", tt.format, err)
			}
			for _, part := range want {
				if strings.Count(string(doc.Body), part) != 1 {
					t.Errorf("%s page %q: not once %s in\n%s", tt.format, page.Page, part, doc.Body)
				}
			}
			for _, part := range tt.never {
				if page == &archive && strings.Contains(string(doc.Body), part) {
					t.Errorf("%s: the archive has %s", tt.format, part)
				}
			}
		}
	}
}

// Equal documents have equal times whatever the clock says, and a time in the
// future is not told.
func TestTimes(t *testing.T) {
	e := many(1)
	a := &e.Articles[0]
	a.Published.At, a.Updated, a.FirstSeen = noon.Add(40*time.Hour), noon.Add(40*time.Hour), noon
	doc, err := formats["rss"](e)
	if err != nil || !strings.Contains(string(doc), "<pubDate>Tue, 24 Nov 2026 12:00:00 +0000</pubDate>") || strings.Contains(string(doc), "atom:updated") {
		t.Errorf("a time after we first saw it is told (%v):\n%s", err, doc)
	}
}

// The checks find what they are for. Each case breaks one rule of a good
// document.
func TestCheck(t *testing.T) {
	for _, tt := range []struct{ format, old, new, want string }{
		{"atom", "</entry>", "", "well-formed"},
		{"atom", "<id>http://wire.example/?p=1</id>", "<id>nothing</id>", "no URI"},
		{"atom", "<id>http://wire.example/?p=1</id>", "<id>tag:news.example.org,2026:k2</id>", "two entries have the id"},
		{"atom", "<id>http://wire.example/?p=1</id>", "", "no <id>"},
		{"atom", "<updated>2026-11-24T11:00:00.170043Z</updated>", "<updated>24 Nov 2026</updated>", "RFC 3339"},
		{"atom", "<updated>2026-11-24T11:00:00.837135Z</updated>", "<updated>2026-11-24T11:00:00.614771Z</updated>", "were updated at"},
		{"atom", "<published>2026-11-24T10:00:00Z</published>", "<published>2026-11-24T23:00:00Z</published>", "before it was published"},
		{"atom", `rel="alternate"`, `rel="canonical"`, "relation"},
		{"atom", `rel="alternate"`, `rel="self"`, "2 links to itself"},
		{"atom", `href="https://wire.example/ferry"`, `href="/ferry"`, "not absolute ASCII"},
		{"atom", `xml:lang="en"`, `xml:lang="english"`, "language"},
		{"atom", "&lt;p&gt;A line", "&lt;p&gt;&lt;b&gt;A line", "repair"},
		{"atom", "&lt;em&gt;opens", "&lt;em onclick=&quot;x&quot;&gt;opens", "onclick"},
		{"atom", "&lt;em&gt;opens", "&lt;img srcset=&quot;/a.jpg 2x&quot;&gt;&lt;em&gt;opens", "set of addresses"},
		{"atom", "<source>", "<source><id>urn:x</id>", "2 <id>"},
		{"atom", "<name>Ann Lee</name>", "<name> </name>", "blank <name>"},
		{"atom", "<media:content", "<our:content xmlns:our='x'></our:content><media:content", "namespace"},
		{"rss", "<guid isPermaLink=\"false\">", "<guid>", "claims to be an address"},
		{"rss", "+0000</pubDate>", "GMT</pubDate>", "RFC 822"},
		{"rss", "<title>Cooperation", "<title></title><title>Cooperation", "2 <title>"},
		{"rss", ` length="1234"`, "", "lacks its length"},
		{"rss", "<item>", "<item><author>Ann</author>", "<author>"},
		{"json", `"id":"http://wire.example/?p=1"`, `"id":""`, "no id"},
		{"json", `"title":"Cooperation`, `"tittle":"Cooperation`, "key tittle"},
		{"json", `"tags":["Cooperation"`, `"tags":["R&D"`, "tag twice"},
		{"json", `"date_published":"2026-11-24T10:00:00Z"`, `"date_published":"yesterday"`, "RFC 3339"},
		{"json", `<em>opens</em>`, `<em>opens`, "repair"},
	} {
		doc, err := formats[tt.format](rich())
		if err != nil {
			t.Fatal(err)
		}
		bad := strings.Replace(string(doc), tt.old, tt.new, 1)
		if bad == string(doc) {
			t.Errorf("%s: there is no %s", tt.format, tt.old)
			continue
		}
		if err := feed.Check(tt.format, []byte(bad)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s with %s: got %v, want word of %q", tt.format, tt.new, err, tt.want)
		}
	}
}

// An independent checker agrees, where there is one.
func TestJSONFeedValidator(t *testing.T) {
	tool := os.Getenv("COPYDESK_TEST_JSONFEED")
	if tool == "" {
		t.Skip("COPYDESK_TEST_JSONFEED names no checker of JSON Feeds")
	}
	e := many(20)
	e.Articles = append(e.Articles, rich().Articles...)
	e.House.Hub, e.Older = house.URL+"/hub", "3"
	for i := range 200 {
		a := trapArticle.Example(i)
		a.Key = news.Key(fmt.Sprintf("k%03d", i))
		a.FirstSeen, a.Updated, a.Published.Raw = noon, noon, "" // as the store has it
		e.Articles = append(e.Articles, a)
	}
	doc, err := formats["json"](e)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "feed.json")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("python3", tool, file).CombinedOutput()
	if len(out) == 0 {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		told := strings.Contains(line, "ERROR") || strings.Contains(line, "WARNING")
		if told && !strings.Contains(line, "summary looks like HTML") { // it is a text about HTML
			t.Error(line)
		}
	}
}

// BenchmarkReprint is what one change costs a channel of fifty articles in
// three formats.
func BenchmarkReprint(b *testing.B) {
	e := many(50)
	for i := range e.Articles {
		e.Articles[i].ContentHTML = "<p>" + strings.Repeat("The harbour expects rain &amp; wind. ", 60) + "</p>"
	}
	old := map[string]*feed.Document{}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.Articles[25].Title, e.Articles[25].Revision = fmt.Sprint("Changed ", i), news.Revision(100+i)
		for format := range formats {
			doc, err := feed.Print(format, e, old[format])
			if err != nil {
				b.Fatal(err)
			}
			old[format] = doc
		}
	}
}

// A part tells what is on a list and what was taken back, the oldest first; one of a
// withdrawal alone is empty where the format has no words for it.
func TestNews(t *testing.T) {
	e := many(3)
	e.Gone = []news.Article{{Key: "gone", ID: "tag:wire.example:gone", Revision: 6, Withdrawal: news.Withdrawal{At: e.Articles[0].Updated, Reason: "It was not so."}}}
	told := func(i int, revision, first news.Revision) news.Told {
		return news.Told{Article: e.Articles[i].Key, Revision: revision, First: first}
	}
	listed := func(list ...news.Told) map[news.Key]news.Told {
		out := map[news.Key]news.Told{}
		for _, t := range list {
			out[t.Article] = t
		}
		return out
	}
	for _, format := range []string{"rss", "atom", "json"} {
		doc, err := feed.Print(format, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		part := doc.News(listed(told(0, 9, 2), told(1, 4, 4), news.Told{Article: "elsewhere", Revision: 5}), 3, 9)
		var got []string
		for _, c := range part.Changes() {
			got = append(got, fmt.Sprint(c.Mark, c.First, c.Entry != nil, c.ID != ""))
		}
		if want := []string{"4 4 true true", "6 0 false true", "9 2 true true"}; !slices.Equal(got, want) {
			t.Errorf("%s: changes %q, want %q", format, got, want)
		}
		if body := part.Body(); feed.Check(format, body) != nil || !bytes.Contains(body, []byte("News 01")) || bytes.Contains(body, []byte("News 02")) {
			t.Errorf("%s: %v\n%s", format, feed.Check(format, body), body)
		}
		if whole := doc.News(listed(told(0, 9, 2), told(1, 4, 4), told(2, 5, 5)), 3, 9); !bytes.Equal(whole.Body(), doc.Body) || part.Whole() {
			t.Errorf("%s: all of it is something else", format)
		}
		for what, empty := range map[string]feed.Part{
			"nothing":               doc.News(nil, 6, 9),
			"of a later document":   doc.News(nil, 3, 5),
			"what stands elsewhere": doc.News(listed(news.Told{Article: "elsewhere", Revision: 7}), 6, 9),
		} {
			if !empty.Empty() {
				t.Errorf("%s: %s is news", format, what)
			}
		}
		withdrawal := doc.News(nil, 5, 9)
		if withdrawal.Empty() != (format == "rss") {
			t.Errorf("%s: a withdrawal alone is news: %v", format, format != "rss")
		}
		if body := withdrawal.Body(); format != "rss" && (feed.Check(format, body) != nil || !bytes.Contains(body, []byte("It was not so.")) || bytes.Contains(body, []byte("News 00"))) {
			t.Errorf("%s: a withdrawal alone: %v\n%s", format, feed.Check(format, body), body)
		}
	}
}

// A neighbour that comes or goes changes nothing in the articles that stand,
// even where all have the same time.
func TestNeighboursDoNotMatter(t *testing.T) {
	for n := range 2 * len(formats) {
		format := slices.Sorted(maps.Keys(formats))[n/2]
		e := many(20)
		for i := range e.Articles {
			at := e.Articles[i].Published.At.Add(time.Duration(n%2) * 123456 * time.Microsecond) // by our clock: to the microsecond
			e.Articles[i].Published.At, e.Articles[i].Updated, e.Articles[i].FirstSeen = at, at, at
		}
		before, err := feed.Print(format, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		e.Articles = append(e.Articles[:3], e.Articles[4:]...)
		e.Articles[5].Title, e.Articles[5].Revision = "Corrected", 99
		after, err := feed.Print(format, e, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			if i == 3 || i == 6 {
				continue
			}
			title := fmt.Sprintf("News %02d", i)
			if was, is := around(string(before.Body), title), around(string(after.Body), title); was != is {
				t.Errorf("%s: %s was\n%s\nand is\n%s", format, title, was, is)
			}
		}
	}
}

// around is the whole entry that has a title in a document.
func around(doc, title string) string {
	at := strings.Index(doc, title)
	if at < 0 {
		return ""
	}
	begin := 0
	for _, mark := range []string{"<entry>", "<item>", `{"id":`} {
		begin = max(begin, strings.LastIndex(doc[:at], mark))
	}
	rest := doc[begin+1:]
	end := len(rest)
	for _, mark := range []string{"<entry>", "<item>", `{"id":`} {
		if i := strings.Index(rest, mark); i >= 0 {
			end = min(end, i)
		}
	}
	return rest[:end]
}
