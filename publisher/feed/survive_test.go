package feed_test

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"pgregory.net/rapid"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// words draws text as the newsroom stores it: on one line, in any script, with
// characters that mean something in markup.
var words = rapid.Custom(func(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
		"Ferry", "渡輪", "العبّارة", "🛳️", "R&D", "a<b", "]]>", "“quoted”", "it's", "&amp;", "</b>", "50%", "{x}",
	}), 1, 5).Draw(t, "words"), " ")
})

var perhaps = rapid.OneOf(rapid.Just(""), words)

// whole draws an article with everything an article may have.
var wholeArticle = rapid.Custom(func(t *rapid.T) news.Article {
	at := noon.Add(-time.Duration(rapid.IntRange(0, 100_000).Draw(t, "age")) * time.Second)
	a := news.Article{
		Source: "wire", Title: words.Draw(t, "title"), Summary: perhaps.Draw(t, "summary"), ContentHTML: "<p>" + rapid.SampledFrom([]string{"One <em>two</em> &amp; three", "字<br>字", "a &lt;b&gt; c"}).Draw(t, "text") + "</p>",
		Rights: perhaps.Draw(t, "rights"), Categories: rapid.SliceOfNDistinct(words, 0, 3, rapid.ID).Draw(t, "categories"), Language: rapid.SampledFrom([]string{"", "en", "zh-Hant"}).Draw(t, "language"),
		Credit:    news.Credit{Name: rapid.SampledFrom([]string{"", "Reuters", "R&D <b>Desk", "新华社"}).Draw(t, "credit")},
		Published: news.Moment{At: at}, Updated: at.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "changed")) * time.Second), FirstSeen: noon.Add(time.Hour),
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "people") {
		a.Byline.People = append(a.Byline.People, news.Person{
			Name: fmt.Sprintf("%s %d", rapid.SampledFrom([]string{"Ann Lee", "林语晨", "Zoë O'Hara", "The R&D Desk"}).Draw(t, "name"), i),
			Role: rapid.SampledFrom([]news.Role{news.Author, news.Author, news.Editor, news.Photographer, news.Translator}).Draw(t, "role"),
		})
	}
	if rapid.Bool().Draw(t, "picture") {
		a.Image = &news.Image{URL: "https://wire.example/i.jpg?a=1&b=2", Caption: perhaps.Draw(t, "caption"), Credit: perhaps.Draw(t, "photo"), Width: 640, Height: 480}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "files") {
		a.Attachments = append(a.Attachments, news.Attachment{URL: fmt.Sprintf("https://wire.example/%d.mp3?a=1&b=2", i), MIMEType: "audio/mpeg", Size: rapid.Int64Range(0, 9).Draw(t, "size")})
	}
	return a
})

// Every field of every article is there again when a reader has parsed the
// document.
func TestEveryFieldSurvives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rich()
		e.Articles = rapid.SliceOfN(wholeArticle, 1, 4).Draw(t, "articles")
		for i := range e.Articles {
			a := &e.Articles[i]
			a.Key = news.Key(fmt.Sprintf("k%d", i))
			a.URL = fmt.Sprintf("https://wire.example/%d?a=1&b=2", i)
			if a.ID = ""; i%2 == 0 {
				a.ID = "http://wire.example/?p=" + fmt.Sprint(i)
			}
		}
		for _, format := range []string{"rss", "atom", "json"} {
			doc, err := formats[format](e)
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			got, err := gofeed.NewParser().Parse(bytes.NewReader(doc))
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			if len(got.Items) != len(e.Articles) {
				t.Fatalf("%s: %d items, want %d", format, len(got.Items), len(e.Articles))
			}
			entries := atomEntries(t, format, doc)
			for i, it := range got.Items {
				if diff := cmp.Diff(toldOf(e, &e.Articles[i], format), readBack(it, format, entries[i]), cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("%s (-want +got):\n%s\n%s", format, diff, doc)
				}
			}
		}
	})
}

// atomEntries are what the parser knows of Atom's own elements; none for other
// formats.
func atomEntries(t *rapid.T, format string, doc []byte) []*atom.Entry {
	if format != "atom" {
		return make([]*atom.Entry, 100)
	}
	parsed, err := (&atom.Parser{}).Parse(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Entries
}

// A told is what a format can tell of an article.
type told struct {
	ID, Link, Title, Summary, Content, Rights, Image, Caption string
	Credit                                                    string
	Authors, Others, Photographers, Categories, Files         []string
	Published, Updated                                        time.Time
}

func toldOf(e *edition.Edition, a *news.Article, format string) told {
	x := told{
		ID: a.ID, Link: a.URL, Title: a.Title, Summary: a.Summary, Content: a.ContentHTML, Rights: a.Rights, Credit: a.Credit.Name, Categories: slices.Clone(a.Categories), Published: a.Published.At,
	}
	if x.ID == "" {
		x.ID = e.House.ID(string(a.Key))
	}
	if a.Updated.Sub(a.Published.At) >= time.Second {
		x.Updated = a.Updated
	}
	for _, p := range a.Byline.People {
		switch {
		case p.Role == news.Author:
			x.Authors = append(x.Authors, p.Name)
		case p.Role != news.Photographer:
			x.Others = append(x.Others, p.Name)
		default:
			x.Photographers = append(x.Photographers, p.Name)
		}
	}
	for _, at := range a.Attachments {
		x.Files = append(x.Files, at.URL)
	}
	if a.Image != nil {
		x.Image = a.Image.URL
		if format != "json" {
			x.Caption = a.Image.Caption
			if len(x.Photographers) == 0 && a.Image.Credit != "" {
				x.Photographers = []string{a.Image.Credit}
			}
		}
	}
	for _, list := range []*[]string{&x.Authors, &x.Others, &x.Photographers, &x.Categories, &x.Files} {
		slices.Sort(*list)
	}
	switch {
	case format == "atom": // it knows contributors only, and beside them the picture's
		for _, p := range a.Byline.With(news.Photographer) {
			x.Others = append(x.Others, p.Name)
		}
		slices.Sort(x.Others)
		if a.Image == nil {
			x.Photographers = nil
		}
	case format == "rss" && a.Image == nil:
		x.Others, x.Photographers = append(x.Others, x.Photographers...), nil
		slices.Sort(x.Others)
	case format == "json": // its facts are for TestRules: gofeed does not read _copydesk
		x.Rights, x.Credit, x.Others, x.Photographers = "", "", nil, nil
	}
	return x
}

// readBack is what the parser took from a document.
func readBack(it *gofeed.Item, format string, en *atom.Entry) told {
	x := told{ID: it.GUID, Link: it.Link, Title: it.Title, Summary: it.Description, Content: it.Content, Categories: it.Categories}
	for _, p := range it.Authors {
		x.Authors = append(x.Authors, p.Name)
	}
	if it.PublishedParsed != nil {
		x.Published = *it.PublishedParsed
	}
	if it.UpdatedParsed != nil {
		x.Updated = *it.UpdatedParsed
	}
	for _, en := range it.Enclosures {
		x.Files = append(x.Files, en.URL)
	}
	switch format {
	case "json":
		if it.Image != nil {
			x.Image = it.Image.URL
		}
	case "rss":
		x.Summary = html.UnescapeString(x.Summary) // it is HTML
		if dc := it.DublinCoreExt; dc != nil {
			x.Authors = dc.Creator // the parser takes the first alone for an author
			x.Others, x.Rights = dc.Contributor, strings.Join(dc.Rights, "")
		}
		for _, at := range it.Extensions["atom"]["updated"] {
			x.Updated, _ = time.Parse(time.RFC3339, at.Value)
		}
	case "atom":
		x.Title = html.UnescapeString(x.Title) // it is HTML where it looks so
		x.Rights = en.Rights
		for _, p := range en.Contributors {
			x.Others = append(x.Others, p.Name)
		}
	}
	for _, publisher := range it.Extensions["dc"]["publisher"] {
		x.Credit = publisher.Value
	}
	readMedia(&x, it.Extensions["media"]["content"])
	for _, text := range []*string{&x.Title, &x.Summary, &x.Rights} {
		*text = endTag.ReplaceAllString(*text, "</$1>")
	}
	for i, text := range x.Categories {
		x.Categories[i] = endTag.ReplaceAllString(text, "</$1>")
	}
	if x.Updated = x.Updated.Truncate(time.Second); !x.Updated.After(x.Published) {
		x.Updated = time.Time{}
	}
	for _, list := range []*[]string{&x.Authors, &x.Others, &x.Photographers, &x.Categories, &x.Files} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return x
}

// endTag is how text stands in a document that speaks of tags and may not be taken
// for HTML.
var endTag = regexp.MustCompile(`</(\w+) >`)

func readMedia(x *told, list []ext.Extension) {
	for _, m := range list {
		if m.Attrs["medium"] != "image" {
			x.Files = append(x.Files, m.Attrs["url"])
			continue
		}
		x.Image = m.Attrs["url"]
		for _, text := range m.Children["description"] {
			x.Caption = text.Value
		}
		for _, credit := range m.Children["credit"] {
			x.Photographers = append(x.Photographers, credit.Value)
		}
	}
}
