package feed_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
)

var formats = map[string]func(*edition.Edition) ([]byte, error){"rss": whole("rss"), "atom": whole("atom"), "json": whole("json")}

func whole(format string) func(*edition.Edition) ([]byte, error) {
	return func(e *edition.Edition) ([]byte, error) {
		doc, err := feed.Print(format, e, nil)
		if err != nil {
			return nil, err
		}
		return doc.Body, nil
	}
}

var (
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	house = edition.House{Title: "Example Newsroom", URL: "https://news.example.org", Authority: "news.example.org,2026", Language: "en"}
)

// rich is an edition with all that an article may have.
func rich() *edition.Edition {
	wire := edition.Source{
		Source: news.Source{Slug: "wire", Name: "The Wire & Sons", URL: "https://wire.example/feed", HomePage: "https://wire.example/", Rights: "© The Wire"},
		Feed:   news.Feed{ID: "urn:wire:feed", Title: "Wire"},
	}
	return &edition.Edition{
		House: house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "cooperation"}, Title: "Cooperation <&> Exchange",
		Description: "International cooperation", Language: "en", Changed: noon, Updated: noon, Revision: 7,
		Sources: map[news.Slug]edition.Source{"wire": wire, "blog": {Source: news.Source{Slug: "blog", Name: "A Blog", URL: "https://blog.example/rss"}}},
		Articles: []news.Article{
			{
				Key: "k1", ID: "http://wire.example/?p=1", Source: "wire", OriginalID: "http://wire.example/?p=1", URL: "https://wire.example/ferry", Title: `Ferry "Aurora" & the <b>tag</b> &amp; more`,
				Summary: "A line opens < soon", ContentHTML: `<p>A line <em>opens</em> &amp; runs.</p><p><img src="https://wire.example/f.jpg" alt="x"></p>`, Words: 5, Language: "en",
				Byline: news.Byline{Printed: "By ANN LEE and BOB ROY", People: []news.Person{
					{Name: "Ann Lee", Role: news.Author, Email: "ann@wire.example"}, {Name: "Bob Roy", Role: news.Author, URL: "https://wire.example/bob"},
					{Name: "Cid Foe", Role: news.Editor}, {Name: "Dan Gue", Role: news.Photographer}, {Name: "Eve Hui", Role: news.Translator}, {Name: "Fay Ion", Role: news.Contributor},
				}},
				Credit: news.Credit{Name: "Xinhua"}, Dateline: news.Dateline{Place: "BEIJING", Date: "Nov. 24"}, Section: "World", Breadcrumb: []string{"Home", "World"},
				Categories: []string{"Cooperation", "R&D", ""}, Rights: "© 2026 Wire <all>",
				Image: &news.Image{URL: "https://wire.example/f.jpg", Caption: "The ferry", Credit: "Dan Gue"},
				Attachments: []news.Attachment{
					{URL: "https://wire.example/a.mp3", MIMEType: "audio/mpeg", Size: 1234, Duration: 90 * time.Second},
					{URL: "https://wire.example/b.mp4", MIMEType: "video/mp4"},
				},
				Published: news.Moment{At: noon.Add(-2 * time.Hour), Basis: news.AssumedZone, Raw: "2026-11-24 18:00"}, Updated: noon.Add(-time.Hour), FirstSeen: noon, Revision: 6,
			},
			{Key: "k2", Source: "blog", OriginalID: "2", Summary: "No title, only a summary that runs on", Published: news.Moment{At: noon.Add(-time.Hour), Basis: news.FirstSeen}, Updated: noon.Add(-time.Hour), FirstSeen: noon, Revision: 5},
			{Key: "k3", Source: "lost", OriginalID: "3", URL: "https://lost.example/3", Published: news.Moment{At: noon.Add(-time.Hour)}, Updated: noon.Add(-time.Hour), Revision: 4},
		},
	}
}

// The documents themselves are in testdata, to be read in review;
// COPYDESK_TEST_UPDATE=1 writes them anew.
func TestDocuments(t *testing.T) {
	empty := &edition.Edition{House: house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "empty"}, Title: "Empty", Language: "en"}
	for name, e := range map[string]*edition.Edition{"rich": rich(), "empty": empty} {
		for format, render := range formats {
			t.Run(name+"."+format, func(t *testing.T) {
				got, err := render(e)
				if err != nil {
					t.Fatal(err)
				}
				if err := feed.Check(format, got); err != nil {
					t.Error(err)
				}
				if format == "json" {
					var b bytes.Buffer
					if err := json.Indent(&b, got, "", "  "); err != nil {
						t.Fatal(err)
					}
					got = b.Bytes()
				}
				file := filepath.Join("testdata", name+"."+format)
				if os.Getenv("COPYDESK_TEST_UPDATE") != "" {
					if err := os.WriteFile(file, got, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", file, diff)
				}
			})
		}
	}
}

// print renders a rich edition after a change to its first article.
func print(t *testing.T, format string, change func(*news.Article)) string {
	t.Helper()
	e := rich()
	change(&e.Articles[0])
	doc, err := formats[format](e)
	if err != nil {
		t.Fatal(err)
	}
	return between.ReplaceAllString(string(doc), "><")
}

// between is the indentation of a document.
var between = regexp.MustCompile(`>\s+<`)

// What a feed must satisfy, rule by rule (output-rules).
func TestRules(t *testing.T) {
	none := func(*news.Article) {}
	title := func(s string) func(*news.Article) { return func(a *news.Article) { a.Title = s } }
	picture := func(srcset string) func(*news.Article) {
		return func(a *news.Article) {
			a.ContentHTML = `<img src="https://wire.example/a.jpg" srcset="` + srcset + `" alt="">`
		}
	}
	for _, tt := range []struct {
		name, format string
		change       func(*news.Article)
		want, never  []string
	}{
		{"RSS: one dc:creator for each author, no author", "rss", none, []string{"<dc:creator>Ann Lee</dc:creator>", "<dc:creator>Bob Roy</dc:creator>"}, []string{"<author>", "<dc:creator>Cid", "<dc:creator>Dan"}},
		{"RSS: the source with its feed", "rss", none, []string{`<source url="https://wire.example/feed">The Wire &#x26; Sons</source>`}, []string{"atom:source"}},
		{"RSS: no reader takes text for markup", "rss", none, []string{`<title>Ferry "Aurora" &#x26; the &#x3C;b&#x3E;tag&#x3C;/b &#x3E; &#x26;amp; more</title>`}, []string{"/b&#x3E;"}},
		{"RSS: who made the copy", "rss", none, []string{"<dc:publisher>Xinhua</dc:publisher>"}, nil},
		{"Atom: who made the copy", "atom", none, []string{"<dc:publisher>Xinhua</dc:publisher>"}, nil},
		{"RSS: descriptions are HTML, so text is escaped twice", "rss", none, []string{"<description>A line opens &amp;lt; soon</description>"}, nil},
		{"RSS: guid is no permalink", "rss", none, []string{`<guid isPermaLink="false">http://wire.example/?p=1</guid>`}, nil},
		{"RSS: the first whole file is the enclosure", "rss", none, []string{`<enclosure url="https://wire.example/a.mp3" length="1234" type="audio/mpeg">`, `url="https://wire.example/b.mp4"`}, nil},
		{"RSS: no blank title", "rss", title("  "), nil, []string{"<title></title>", "<title> "}},
		{"RSS: dates with four-digit years and offsets", "rss", none, []string{"<pubDate>Tue, 24 Nov 2026 10:00:00 +0000</pubDate>", "<lastBuildDate>Tue, 24 Nov 2026 12:00:00 +0000</lastBuildDate>"}, []string{"GMT"}},
		{"RSS: a photographer stands with the picture", "rss", none, []string{`<media:credit role="photographer">Dan Gue</media:credit>`}, nil},
		{"RSS: rights travel", "rss", none, []string{"<dc:rights>© 2026 Wire &#x3C;all&#x3E;</dc:rights>"}, nil},
		{"Atom: ids stay character for character", "atom", none, []string{"<id>http://wire.example/?p=1</id>"}, nil},
		{"Atom: else they are minted from the key", "atom", func(a *news.Article) { a.ID = "" }, []string{"<id>tag:news.example.org,2026:k1</id>"}, nil},
		{"Atom: an id with a broken escape is no URI", "atom", func(a *news.Article) { a.ID = "urn:x:%" }, []string{"<id>tag:news.example.org,2026:k1</id>"}, []string{"urn:x:%"}},
		{"Atom: an escape at the end is one", "atom", func(a *news.Article) { a.ID = "urn:x:%2f%C3" }, []string{"<id>urn:x:%2f%C3</id>"}, nil},
		{"Atom: a title that only looks like text is text", "atom", title("Profit < loss & more"), []string{`<title type="text">Profit &lt; loss &amp; more</title>`}, nil},
		{"Atom: a title that readers take for markup is escaped for them", "atom", title("A </b> &amp; B"), []string{`<title type="html">A &amp;lt;/b&amp;gt; &amp;amp;amp; B</title>`}, nil},
		{"Atom: no blank title", "atom", title(""), []string{`<title type="text">A line opens &lt; soon</title>`}, nil},
		{"Atom: the source with its own id, updated and rights", "atom", none, []string{"<source><id>urn:wire:feed</id><title>The Wire &amp; Sons</title><updated>2026-11-24T11:00:00", "<rights>© The Wire</rights>"}, nil},
		{"Atom: a source whose id is no URI is known by its address", "atom", func(a *news.Article) { a.Source = "blog" }, []string{"<source><id>https://blog.example/rss</id>"}, nil},
		{"Atom: an entry without author does not inherit ours", "atom", func(a *news.Article) { a.Byline.People = nil }, []string{"<author><name>Xinhua</name></author>"}, nil},
		{"Atom: only authors are authors", "atom", none, []string{"<author><name>Ann Lee</name><email>ann@wire.example</email></author>", "<contributor><name>Cid Foe</name></contributor>"}, nil},
		{"Atom: one self", "atom", none, []string{`<link rel="self" href="https://news.example.org/channels/cooperation/feed.atom"`}, []string{`rel="canonical"`, `rel="author"`, `rel="prev"`}},
		{"JSON: pictures keep their sizes", "json", picture("https://wire.example/a,b.jpg, https://wire.example/c.jpg 1.5x"), []string{`srcset=\"https://wire.example/a,b.jpg, https://wire.example/c.jpg 1.5x\"`}, nil},
		{"JSON: but for sets with an address that is none of the web", "json", picture("https://wire.example/a.jpg, /c.jpg 2x"), []string{`<img src=\"https://wire.example/a.jpg\"`}, []string{"srcset", "c.jpg"}},
		{"JSON: and for sets described as none can be", "json", picture("https://wire.example/a.jpg, https://wire.example/c.jpg huge"), []string{`<img src=\"https://wire.example/a.jpg\"`}, []string{"srcset", "huge"}},
		{"JSON: widths want sizes", "json", picture("https://wire.example/a.jpg 300w, https://wire.example/c.jpg 900w"), []string{`c.jpg 900w\" sizes=\"100vw\">`}, nil},
		{"JSON: which are a list", "json", picture(`https://wire.example/a.jpg 300w, https://wire.example/c.jpg 900w" sizes="(min-width:1px`), []string{`sizes=\"100vw\"`}, []string{"min-width"}},
		{"JSON: and stay when they are one", "json", picture(`https://wire.example/a.jpg 300w, https://wire.example/c.jpg 900w" sizes="(min-width: 40em) 50vw, 90vw`), []string{`sizes=\"(min-width: 40em) 50vw, 90vw\"`}, nil},
		{"JSON: densities want none", "json", picture(`https://wire.example/a.jpg, https://wire.example/c.jpg 2x" sizes="50vw`), []string{`c.jpg 2x\"`}, []string{"sizes"}},
		{"JSON: sets are of one kind, none twice", "json", picture("https://wire.example/a.jpg 1x, https://wire.example/b.jpg 640w, https://wire.example/c.jpg 2x, https://wire.example/d.jpg 2.0x"), []string{`srcset=\"https://wire.example/a.jpg 1x, https://wire.example/c.jpg 2x\"`}, nil},
		{"JSON: and told by plain numbers", "json", picture("https://wire.example/b.jpg .5x, https://wire.example/c.jpg +2x, https://wire.example/d.jpg 0x"), []string{`srcset=\"https://wire.example/b.jpg 0.5x, https://wire.example/c.jpg 2x\"`}, nil},
		{"JSON: attachments with size and duration", "json", none, []string{`"size_in_bytes":1234,"duration_in_seconds":90`}, []string{`"size":`}},
		{"JSON: no blank title", "json", title(""), nil, []string{`"title":""`}},
		{"JSON: one of the two contents is there", "json", func(a *news.Article) { a.ContentHTML = "" }, []string{`"content_text":"A line opens < soon"`}, nil},
		{"JSON: < and & as they are", "json", none, []string{`<em>opens</em> &amp; runs`}, []string{`\u003c`}},
		{"JSON: what the format has no words for", "json", none, []string{`"credit":{"name":"Xinhua"}`, `"dateline":{"place":"BEIJING","date":"Nov. 24"}`, `"date_basis":"assumed_zone"`, `"byline":"By ANN LEE and BOB ROY"`, `"editors":[{"name":"Cid Foe"}]`, `"photographers":[{"name":"Dan Gue"}]`, `"translators":[{"name":"Eve Hui"}]`}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := print(t, tt.format, tt.change)
			for _, want := range tt.want {
				if !strings.Contains(doc, want) {
					t.Errorf("no %s in\n%s", want, doc)
				}
			}
			for _, never := range tt.never {
				if strings.Contains(doc, never) {
					t.Errorf("there is %s in\n%s", never, doc)
				}
			}
		})
	}
}

// The library renders the embedded struct alone when the root's method is its
// own: nothing of ours would be in it.
func TestRootIsOurs(t *testing.T) {
	if doc := print(t, "rss", func(*news.Article) {}); !strings.Contains(doc, "xmlns:dc=") || !strings.Contains(doc, "<dc:creator>") {
		t.Error("RSS is rendered by the embedded struct")
	}
	if doc := print(t, "atom", func(*news.Article) {}); !strings.Contains(doc, "xmlns:media=") || !strings.Contains(doc, "<source>") {
		t.Error("Atom is rendered by the embedded struct")
	}
}

// A house in a folder of its host has its stylesheet there too.
func TestStylesheetOfAFolder(t *testing.T) {
	e := rich()
	e.House.URL = "https://example.org/news"
	for _, format := range []string{"rss", "atom"} {
		if doc, err := formats[format](e); err != nil || !strings.Contains(string(doc), `href="/news/static/feed.css"`) {
			t.Errorf("%s: no stylesheet in the folder (%v)", format, err)
		}
	}
}

// A document that readers would refuse is not published at all.
func TestTooLarge(t *testing.T) {
	e := rich()
	e.Articles[0].Title = strings.Repeat("word ", 1_200_000)
	for format, render := range formats {
		if _, err := render(e); err == nil || !regexp.MustCompile(`limit`).MatchString(err.Error()) {
			t.Errorf("%s: got %v, want word of the limit", format, err)
		}
	}
}

// Bodies that are too long for a document give way to excerpts, those of the last
// first, so that each article is in it with its link; and one that would fill it alone
// does so wherever it stands.
func TestLongBodies(t *testing.T) {
	e := rich()
	e.Articles = e.Articles[:0:0]
	for i := range 50 {
		a := rich().Articles[0]
		a.Title = fmt.Sprintf("Report %d of the ferry", i)
		a.Key, a.ID, a.URL = news.Key(fmt.Sprint("k", i)), "", fmt.Sprintf("https://wire.example/long/%d", i)
		a.ContentHTML = "<p>" + strings.Repeat(fmt.Sprintf("The <em>ferry</em> %d left & came back. ", i), 4000) + "</p>"
		e.Articles = append(e.Articles, a)
	}
	e.Articles[1].ContentHTML = strings.Repeat(e.Articles[1].ContentHTML, 3)
	for format, render := range formats {
		doc, err := render(e)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		text := string(doc)
		for i := range 50 {
			if !strings.Contains(text, fmt.Sprintf("Report %d of the ferry", i)) {
				t.Errorf("%s: article %d is not in it", format, i)
			}
		}
		for i, whole := range map[int]bool{0: true, 1: false, 2: true, 8: true, 12: false, 48: false} {
			if n := strings.Count(text, fmt.Sprintf(" %d left", i)); whole != (n >= 4000) {
				t.Errorf("%s: article %d stands in it with %d sentences", format, i, n)
			}
		}
	}
}

func BenchmarkRender(b *testing.B) {
	e := rich()
	one := e.Articles[0]
	one.ContentHTML = "<p>" + strings.Repeat("The harbour expects rain &amp; wind. ", 60) + "</p>"
	e.Articles = nil
	for i := range 50 {
		one.Key = news.Key(fmt.Sprintf("k%d", i))
		e.Articles = append(e.Articles, one)
	}
	for format, render := range formats {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := render(e); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
