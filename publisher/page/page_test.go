package page_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/page"
)

const evil = `</title></script><script>alert(1)</script>"'><img src=x onerror=alert(1)>{{.House}}`

var (
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	house = edition.House{Title: "Example " + evil, URL: "https://news.example.org", Authority: "news.example.org,2026", Language: "en", TimeZone: time.UTC}
)

// hostile is an article whose every text wants out of its place. Its content
// is clean, as normalize leaves it.
func hostile() news.Article {
	return news.Article{
		Key: "k1", Source: "wire", Title: "Headline " + evil, Summary: "Summary " + evil, ContentHTML: "<p>The <em>text</em> itself.</p>", URL: "javascript:alert(1)", Language: "ar",
		Byline: news.Byline{People: []news.Person{{Name: "Author " + evil, Role: news.Author, URL: "javascript:alert(1)"}, {Name: "Editor " + evil, Role: news.Editor}, {Name: "Photo " + evil, Role: news.Photographer}}},
		Credit: news.Credit{Name: "Agency " + evil}, Section: "Section " + evil, Categories: []string{"Category " + evil}, Rights: "Rights " + evil,
		Image:     &news.Image{URL: "javascript:alert(1)", Alt: evil, Caption: "Caption " + evil},
		Published: news.Moment{At: noon}, Updated: noon.Add(time.Hour),
	}
}

func shelf() *edition.Edition {
	return &edition.Edition{
		House: house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, Title: "Channel " + evil, Description: "About " + evil, Articles: []news.Article{hostile()},
		Sources: map[news.Slug]edition.Source{"wire": {Source: news.Source{Slug: "wire", Name: "Wire " + evil}}}, Updated: noon, Changed: noon,
	}
}

func pages(t *testing.T) map[string]string {
	t.Helper()
	p, err := page.New(house)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, render := range map[string]func() ([]byte, error){
		"index":       func() ([]byte, error) { return p.Index([]*edition.Edition{shelf()}) },
		"empty index": func() ([]byte, error) { return p.Index(nil) },
		"channel":     func() ([]byte, error) { return p.Channel(shelf()) },
		"empty channel": func() ([]byte, error) {
			return p.Channel(&edition.Edition{House: house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "none"}, Title: "None"})
		},
		"article": func() ([]byte, error) {
			return p.Article(hostile(), edition.Source{Source: news.Source{Slug: "wire", Name: "Wire " + evil}})
		},
		"bare article": func() ([]byte, error) {
			return p.Article(news.Article{Key: "k2", Published: news.Moment{At: noon}, Updated: noon}, edition.Source{})
		},
		"error": func() ([]byte, error) { return p.Error(404, []news.Channel{{Slug: "all", Title: "Channel " + evil}}) },
	} {
		b, err := render()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = string(b)
	}
	return out
}

// Whatever an article says, its words stay words: no page gains an element, a
// handler or an address that runs.
func TestPagesKeepWordsWords(t *testing.T) {
	for name, text := range pages(t) {
		doc, err := html.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.Contains(text, "{{") && !strings.Contains(text, "{{.House}}") {
			t.Errorf("%s: a template action is left", name)
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" && attribute(n, "type") != "application/ld+json" {
				t.Errorf("%s: a script", name)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

// A page has what other programs look for.
func TestPagesForMachines(t *testing.T) {
	for name, text := range pages(t) {
		doc, err := html.Parse(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var title, viewport, lang bool
		feeds := map[string]string{}
		properties := map[string]bool{}
		for n := range doc.Descendants() {
			switch {
			case n.Type != html.ElementNode:
			case n.Data == "html":
				lang = attribute(n, "lang") != ""
			case n.Data == "title":
				title = n.FirstChild != nil && strings.TrimSpace(n.FirstChild.Data) != ""
			case n.Data == "link" && attribute(n, "rel") == "alternate":
				feeds[attribute(n, "type")] = attribute(n, "href")
			case n.Data == "meta" && attribute(n, "name") == "viewport":
				viewport = true
			case n.Data == "meta":
				properties[attribute(n, "property")] = true
			case n.Data == "script":
				if !json.Valid([]byte(n.FirstChild.Data)) {
					t.Errorf("%s: the linked data is no JSON: %s", name, n.FirstChild.Data)
				}
			}
		}
		if !title || !viewport || !lang {
			t.Errorf("%s: title %v, viewport %v, language %v", name, title, viewport, lang)
		}
		if strings.Contains(name, "channel") && len(feeds) != 3 {
			t.Errorf("%s: feeds %v, want three", name, feeds)
		}
		if name != "error" && (!properties["og:title"] || !properties["og:type"]) {
			t.Errorf("%s: Open Graph has only %v", name, properties)
		}
	}
	if text := pages(t)["article"]; !strings.Contains(text, `application/ld+json`) || !strings.Contains(text, `lang="ar"`) {
		t.Error("an article in Arabic has no linked data, or does not say its language")
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Pages are made for light and dark, and need nothing from elsewhere.
func TestStatic(t *testing.T) {
	files, err := page.Static()
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range files {
		if f.ContentType == "" || len(f.Body) == 0 {
			t.Errorf("%s: type %q, %d bytes", name, f.ContentType, len(f.Body))
		}
		if text := string(f.Body); strings.Contains(text, "http://") && !strings.Contains(text, "http://www.w3.org/") || strings.Contains(text, "@import") {
			t.Errorf("%s reaches elsewhere", name)
		}
	}
	if !strings.Contains(string(files["house.css"].Body), "prefers-color-scheme: dark") {
		t.Error("there is no dark dress")
	}
}
