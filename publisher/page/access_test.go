package page_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"copydesk/aggregator/news"
	"copydesk/publisher/page"
)

// linked is a house with all that pages may lead to.
func linked(t *testing.T, images page.Images) *page.Pages {
	t.Helper()
	slug := func(name string) news.Slug { return news.Slug(strings.ToLower(strings.ReplaceAll(name, " ", "-"))) }
	p, err := page.New(house, page.Options{Author: slug, Section: slug, Search: true, Images: images})
	if err != nil {
		t.Fatal(err)
	}
	return p.With([]news.Channel{{Slug: "all", Title: "All of it"}, {Slug: "few", Title: "A few"}})
}

// everyPage is one of each kind, of an article in each of some languages.
func everyPage(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	p := linked(t, page.ImagesShow)
	add := func(name string, b []byte, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = string(b)
	}
	src := source
	src.URL = "https://wire.example/feed"
	for _, lang := range []string{"en", "ar", "he", "zh", "hi"} {
		a := article()
		a.Language = lang
		a.ContentHTML = `<h4>Deep</h4><p>x <img src="https://wire.example/1.jpg"></p><h2>Two</h2><h6>Six</h6><video src="https://wire.example/v.mp4"></video>` + a.ContentHTML
		e := channelOf(src, a, a, a)
		e.Sources[a.Source] = src
		e.Older = "7"
		b, err := p.Article(a, src)
		add("article "+lang, b, err)
		b, err = p.Channel(e)
		add("channel "+lang, b, err)
		for _, kind := range []news.ShelfKind{news.SourceShelf, news.AuthorShelf, news.SectionShelf} {
			shelf := *e
			shelf.Shelf.Kind, shelf.Older = kind, ""
			b, err = p.Channel(&shelf)
			add(string(kind)+" "+lang, b, err)
		}
		old := *e
		old.Page, old.Older = "6", "5"
		b, err = p.Channel(&old)
		add("archive "+lang, b, err)
		search := *e
		search.Query = `ferry "new york"`
		b, err = p.Search(&search, page.Around{First: "/search?q=ferry", Next: "/search?q=ferry&before=7"})
		add("search "+lang, b, err)
		before := a
		before.Title = "Ferry line"
		b, err = p.History([]news.Version{{Article: a}, {Article: before, Replaced: noon}}, src)
		add("history "+lang, b, err)
		section, err := p.Section(e, true)
		if err != nil {
			t.Fatal(err)
		}
		b, err = p.Index([][]byte{section, section}, noon)
		add("index "+lang, b, err)
	}
	b, err := p.SearchForm("", "")
	add("search form", b, err)
	b, err = p.SearchForm(`"><b>`, "there is no word to search for")
	add("search refused", b, err)
	b, err = p.Error(404)
	add("error", b, err)
	b, err = p.Withdrawn(news.Withdrawal{At: noon, Reason: "It was not so."}, "")
	add("withdrawn", b, err)
	return out
}

// What can be told of a page without seeing it: whoever hears it, or walks
// through it by keys, finds all of it in order (WCAG 2.2).
func TestAccess(t *testing.T) {
	for name, doc := range everyPage(t) {
		root := parse(t, doc)
		for tag, want := range map[string]int{"h1": 1, "main": 1, "title": 1} {
			if got := len(elements(root, tag)); got != want {
				t.Errorf("%s: %d <%s>, want %d", name, got, tag, want)
			}
		}
		seen := map[string]bool{}
		level := 0
		for _, n := range elements(root, "") {
			if id := attribute(n, "id"); id != "" {
				if seen[id] {
					t.Errorf("%s: two elements are called %s", name, id)
				}
				seen[id] = true
			}
			switch n.Data {
			case "h1", "h2", "h3", "h4", "h5", "h6":
				now := int(n.Data[1] - '0')
				if now > level+1 {
					t.Errorf("%s: <%s> %q after level %d", name, n.Data, text(n), level)
				}
				level = now
				if text(n) == "" {
					t.Errorf("%s: <%s> says nothing", name, n.Data)
				}
			case "img":
				if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) {
					t.Errorf("%s: a picture without alt", name)
				}
				if attribute(n, "loading") != "lazy" || attribute(n, "decoding") != "async" || attribute(n, "referrerpolicy") != "no-referrer" {
					t.Errorf("%s: a picture is loaded before it is seen, or tells from where", name)
				}
			case "a":
				if attribute(n, "href") == "" || text(n) == "" && attribute(n, "aria-label") == "" {
					t.Errorf("%s: a link to %q says %q", name, attribute(n, "href"), text(n))
				}
			case "nav":
				if attribute(n, "aria-label") == "" && attribute(n, "aria-labelledby") == "" {
					t.Errorf("%s: one of several ways around has no name", name)
				}
			case "input":
				if id := attribute(n, "id"); !slices.ContainsFunc(elements(root, "label"), func(l *html.Node) bool { return id != "" && attribute(l, "for") == id }) {
					t.Errorf("%s: an input without a label", name)
				}
			case "video", "audio":
				if attribute(n, "preload") != "none" {
					t.Errorf("%s: <%s> is loaded before it is asked for", name, n.Data)
				}
			case "article":
				if _, lang, found := strings.Cut(name, " "); found && len(lang) == 2 && attribute(n, "lang") != lang {
					t.Errorf("%s: an article's lang is %q", name, attribute(n, "lang"))
				}
			}
			for _, key := range []string{"aria-describedby", "aria-labelledby"} {
				if id := attribute(n, key); id != "" && !strings.Contains(doc, `id="`+id+`"`) {
					t.Errorf("%s: %s names %q, which is not there", name, key, id)
				}
			}
			if attribute(n, "tabindex") > "0" || attribute(n, "autofocus") != "" {
				t.Errorf("%s: <%s> takes the keys out of order", name, n.Data)
			}
		}
		first := elements(elements(root, "body")[0], "a")[0]
		if target := strings.TrimPrefix(attribute(first, "href"), "#"); !seen[target] {
			t.Errorf("%s: the first link leads to %q, not past the head", name, target)
		}
		if attribute(elements(root, "html")[0], "lang") == "" {
			t.Errorf("%s: in no language", name)
		}
		for _, landmark := range []string{"header", "nav", "main", "footer"} {
			if !slices.ContainsFunc(elements(root, landmark), func(n *html.Node) bool { return n.Parent.Data == "body" || landmark == "nav" }) {
				t.Errorf("%s: no <%s>", name, landmark)
			}
		}
		if !strings.Contains(doc, `rel="alternate"`) {
			t.Errorf("%s leads to no feed", name)
		}
	}
}

// mostBytes is how large a page may be, without pictures.
const mostBytes = 50 << 10

// However much is published, pages stay small.
func TestPagesAreSmall(t *testing.T) {
	p := linked(t, page.ImagesShow)
	src := source
	src.URL = "https://wire.example/feed"
	full := article()
	full.Title, full.Summary = strings.Repeat("云门科学家绘制近海海底地图", 4), strings.Repeat("云门海洋研究所的科考船完成了。", 40)
	full.Language, full.Section = "zh", "国际新闻"
	var list []news.Article
	for range 500 {
		list = append(list, full)
	}
	e := channelOf(src, list...)
	e.Sources["wire"], e.Older = src, "9"
	b, err := p.Channel(e)
	if err != nil || len(b) > mostBytes {
		t.Errorf("a channel of 500 has %d bytes (%v)", len(b), err)
	}
	section, err := p.Section(e, false)
	if err != nil {
		t.Fatal(err)
	}
	var channels []news.Channel
	var sections [][]byte
	for i := range 60 {
		channels = append(channels, news.Channel{Slug: news.Slug(fmt.Sprintf("channel-%d", i)), Title: fmt.Sprintf("Channel %d", i)})
		sections = append(sections, section)
	}
	b, err = p.With(channels).Index(sections, noon)
	if err != nil || len(b) > mostBytes {
		t.Errorf("an index of 60 channels has %d bytes (%v)", len(b), err)
	}
	if got := text(parse(t, string(b))); !strings.Contains(got, "Channel 59") {
		t.Error("it does not lead to the last of them")
	}
	files, err := page.Static()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(files["house.css"].Body); n > 24<<10 {
		t.Errorf("the style sheet has %d bytes", n)
	}
}

// Nor do headlines as long as a text, or the people of a large collaboration, make
// a page of a list large, or leave an article out of it.
func TestLongListsHaveRoomForAll(t *testing.T) {
	p := linked(t, page.ImagesShow)
	var list []news.Article
	for i := range 50 {
		a := article()
		a.Key, a.Language = news.Key(fmt.Sprintf("key-%d", i)), "zh"
		a.Title, a.Summary = strings.Repeat("云门科学家绘制近海海底地图", 16), strings.Repeat("云门海洋研究所的科考船完成了。", 40)
		a.Byline.People = nil
		for j := range 12 {
			a.Byline.People = append(a.Byline.People, news.Person{Name: fmt.Sprintf("Johannes Maximilian Longname %d", j), Role: news.Author})
		}
		list = append(list, a)
	}
	e := channelOf(source, list...)
	found := *e
	found.Shelf, found.Query = news.Shelf{Kind: "search"}, "海底"
	for name, print := range map[string]func() ([]byte, error){
		"channel": func() ([]byte, error) { return p.Channel(e) },
		"search":  func() ([]byte, error) { return p.Search(&found, page.Around{Next: "/search?before=1"}) },
	} {
		b, err := print()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(b) > mostBytes {
			t.Errorf("%s: %d bytes, want at most %d", name, len(b), mostBytes)
		}
		for _, a := range list {
			if !strings.Contains(string(b), fmt.Sprintf("/articles/%s\"", a.Key)) {
				t.Errorf("%s: %s is missing", name, a.Key)
			}
		}
		if !strings.Contains(string(b), "Longname 0") || !strings.Contains(string(b), "</bdi> …") {
			t.Errorf("%s does not say that there are more authors than the first", name)
		}
	}
	b, err := p.Channel(channelOf(source, list[:3]...))
	if err != nil || strings.Count(string(b), "Longname 11") != 3 || strings.Count(string(b), list[0].Title) != 3 {
		t.Errorf("where there is room, not all is told (%v)", err)
	}
}

// A house that wants no pictures loaded has links to them, or nothing.
func TestImages(t *testing.T) {
	a := article()
	a.ContentHTML = `<p>One <img src="https://wire.example/1.jpg" alt="A &amp; B"></p><p><a href="https://wire.example/x"><img src="https://wire.example/2.jpg"></a></p>`
	e := channelOf(source, a)
	for images, want := range map[page.Images]struct{ pictures, links int }{page.ImagesShow: {3, 0}, page.ImagesLink: {0, 2}, page.ImagesNone: {0, 0}} {
		p := linked(t, images)
		b, err := p.Article(a, source)
		if err != nil {
			t.Fatal(err)
		}
		root := parse(t, string(b))
		links := 0
		for _, n := range elements(root, "a") {
			if strings.HasPrefix(text(n), "Picture") && strings.HasSuffix(attribute(n, "href"), ".jpg") {
				links++
			}
		}
		if got := len(elements(root, "img")); got != want.pictures || links != want.links {
			t.Errorf("%s: %d pictures and %d links to some, want %+v", images, got, links, want)
		}
		section, err := p.Section(e, true)
		if err != nil {
			t.Fatal(err)
		}
		if shown := strings.Contains(string(section), "<img"); shown != (images == page.ImagesShow) {
			t.Errorf("%s: the front page shows a picture: %v", images, shown)
		}
	}
}

// Names lead to all that there is of them.
func TestNamesAreLinks(t *testing.T) {
	p := linked(t, page.ImagesShow)
	a, src := article(), source
	src.URL = "https://wire.example/feed"
	article, err := p.Article(a, src)
	if err != nil {
		t.Fatal(err)
	}
	e := channelOf(src, a)
	e.Sources[a.Source], e.Older = src, "7-3"
	channel, err := p.Channel(e)
	if err != nil {
		t.Fatal(err)
	}
	old := *e
	old.Page, old.Older = "7-3", "6"
	archive, err := p.Channel(&old)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(parse(t, string(archive))); !strings.Contains(got, "Page 7 of the archive") || !strings.Contains(got, "All of it, page 7 ·") {
		t.Errorf("a page of the archive does not say which: %q", got)
	}
	for name, tt := range map[string]struct {
		doc  []byte
		want map[string]string
	}{
		"article": {article, map[string]string{"Ann Lee": "/authors/ann-lee", "The Wire": "/sources/wire", "World": "/sections/world", "Eve Hui": "https://wire.example/eve", "Xinhua": "https://www.news.example/"}},
		"channel": {channel, map[string]string{"Ann Lee": "/authors/ann-lee", "The Wire": "/sources/wire", "World": "/sections/world", "Search": "/search", "Older articles": "/channels/all/archive/7-3.html"}},
		"archive": {archive, map[string]string{"Older articles": "/channels/all/archive/6.html", "Newest articles": "/channels/all"}},
	} {
		links := map[string]string{}
		for _, n := range elements(parse(t, string(tt.doc)), "a") {
			links[text(n)] = attribute(n, "href")
		}
		for words, want := range tt.want {
			if links[words] != want {
				t.Errorf("%s: %s leads to %q, want %q", name, words, links[words], want)
			}
		}
	}
}

// A poster is a picture, too: it is loaded as it is scrolled to, or not at all.
func TestPosters(t *testing.T) {
	for images, want := range map[page.Images]string{
		page.ImagesShow: `poster="https://wire.example/p.jpg" preload="none" controls="" loading="lazy"`,
		page.ImagesLink: `<video src="https://wire.example/v.mp4" preload="none" controls="">`,
	} {
		a := article()
		a.ContentHTML = `<video src="https://wire.example/v.mp4" poster="https://wire.example/p.jpg"></video>`
		b, err := linked(t, images).Article(a, source)
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("images: %s (%v): no %s in\n%s", images, err, want, b)
		}
	}
}
