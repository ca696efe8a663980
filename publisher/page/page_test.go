package page_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/page"
)

var (
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	house = edition.House{Title: "Example Newsroom", URL: "https://news.example.org", Authority: "news.example.org,2026", Language: "en", TimeZone: time.UTC}
)

// article is one with all that an article may have.
func article() news.Article {
	return news.Article{
		Key: "k1", ID: "tag:k1", Source: "wire", URL: "https://wire.example/ferry", Title: "Ferry line opens", Summary: "After ten years, a ferry sails again.",
		ContentHTML: "<p>The <em>ferry</em> left at nine.</p>", Words: 5, Language: "en",
		Byline: news.Byline{People: []news.Person{
			{Name: "Ann Lee", Role: news.Author, URL: "https://wire.example/ann", Affiliation: "Harbour Desk"}, {Name: "The Desk", Role: news.Author, Organization: true},
			{Name: "Cid Foe", Role: news.Editor}, {Name: "Dan Gue", Role: news.Photographer}, {Name: "Eve Hui", Role: news.Translator, URL: "https://wire.example/eve"}, {Name: "Fay Ion", Role: news.Contributor}, {Name: "Gil Jay", Role: news.Illustrator},
		}},
		Credit: news.Credit{Name: "Xinhua", URL: "https://www.news.example/"}, Dateline: news.Dateline{Place: "Lisbon"}, Section: "World", Breadcrumb: []string{"Home", "World"},
		Categories: []string{"Ferries", "Cities"}, Rights: "© 2026 The Wire",
		Image:       &news.Image{URL: "https://wire.example/f.jpg", Alt: "A ferry", Caption: "The ferry at nine", Credit: "Dan Gue", Width: 800, Height: 600},
		Attachments: []news.Attachment{{URL: "https://wire.example/a.mp3", MIMEType: "audio/mpeg", Title: "Listen", Duration: 3723 * time.Second}},
		Published:   news.Moment{At: noon}, Updated: noon.Add(time.Hour),
	}
}

var source = edition.Source{Source: news.Source{Slug: "wire", Name: "The Wire", HomePage: "https://wire.example/"}}

func channelOf(src edition.Source, list ...news.Article) *edition.Edition {
	return &edition.Edition{
		House: house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, Title: "All of it", Description: "Everything", Language: "en", Articles: list,
		Sources: map[news.Slug]edition.Source{}, Updated: noon, Changed: noon,
	}
}

// pages are all that a house prints of one article.
func pages(t *testing.T, h edition.House, a news.Article, src edition.Source, channels ...news.Channel) map[string]string {
	t.Helper()
	p, err := page.New(h, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p = p.With(channels)
	e := channelOf(src, a, a)
	e.Sources[a.Source] = src
	section, err := p.Section(e, true)
	if err != nil {
		t.Fatal(err)
	}
	small, err := p.Section(channelOf(src), false)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, render := range map[string]func() ([]byte, error){
		"index":         func() ([]byte, error) { return p.Index([][]byte{section, small}, noon) },
		"empty index":   func() ([]byte, error) { return p.Index(nil, time.Time{}) },
		"channel":       func() ([]byte, error) { return p.Channel(e) },
		"empty channel": func() ([]byte, error) { return p.Channel(channelOf(src)) },
		"article":       func() ([]byte, error) { return p.Article(a, src) },
		"bare article": func() ([]byte, error) {
			return p.Article(news.Article{Key: "k2", Published: news.Moment{At: noon}, Updated: noon}, edition.Source{})
		},
		"error": func() ([]byte, error) { return p.Error(404) },
	} {
		b, err := render()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = string(b)
	}
	return out
}

func rich(t *testing.T) map[string]string {
	t.Helper()
	return pages(t, house, article(), source, news.Channel{Slug: "all", Title: "All of it"}, news.Channel{Slug: "few", Title: "A few"})
}

func parse(t *testing.T, text string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// elements are those with a tag, or all of them for an empty tag.
func elements(doc *html.Node, tag string) []*html.Node {
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) {
			out = append(out, n)
		}
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// fill writes s into every text of v, however deep, and keeps what keep names.
func fill(v reflect.Value, s string, keep ...string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Pointer:
		fill(v.Elem(), s, keep...)
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), s, keep...)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if !slices.Contains(keep, v.Type().Field(i).Name) {
				fill(v.Field(i), s, keep...)
			}
		}
	}
}

// skeleton is a page without its words: elements, and names of attributes.
func skeleton(doc *html.Node) []string {
	var out []string
	for _, n := range elements(doc, "") {
		var names []string
		for _, a := range n.Attr {
			names = append(names, a.Key)
		}
		out = append(out, n.Data+" "+strings.Join(names, " "))
	}
	return out
}

// Whatever stands in any text of an article, its source and its channel stays
// words: the page has the same bones as with harmless words, and no address
// that runs. Only the content, which normalize has cleaned, is left alone.
func TestWordsStayWords(t *testing.T) {
	printed := func(word, address string) map[string]string {
		a, src, h := article(), source, house
		keep := []string{"ContentHTML", "Role", "Language", "Republish", "Kind", "TimeZone", "URL", "HomePage"}
		fill(reflect.ValueOf(&a).Elem(), word, keep...)
		fill(reflect.ValueOf(&src).Elem(), word, keep...)
		h.Title = word
		if address != "" {
			a.URL, a.Image.URL, a.Credit.URL, a.Attachments[0].URL, src.HomePage = address, address, address, address, address
			for i := range a.Byline.People {
				a.Byline.People[i].URL = address
			}
		}
		return pages(t, h, a, src, news.Channel{Slug: news.Slug(word), Title: word})
	}
	harmless := printed("word", "")
	for _, evil := range []string{
		`</title></script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `" autofocus onfocus="alert(1)`,
		`{{.House}} {{template "main" .}}`, `--><svg onload=alert(1)>`, `]]></style><iframe>`, `javascript:alert(1)`, `&lt;script&gt;`, "\u202e\u2028</p></article></main>",
	} {
		for name, doc := range printed(evil, "") {
			root := parse(t, doc)
			if diff := cmp.Diff(skeleton(parse(t, harmless[name])), skeleton(root)); diff != "" {
				t.Errorf("%s with %q has other elements (-harmless +hostile):\n%s", name, evil, diff)
			}
			if h1 := elements(root, "h1"); name == "article" && !strings.Contains(text(h1[0]), strings.Join(strings.Fields(evil), " ")) {
				t.Errorf("%s: the words %q are shown as %q", name, evil, text(h1[0]))
			}
		}
	}
	for _, address := range []string{"javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "", "ftp://wire.example/"} {
		for name, doc := range printed("word", cmpOr(address, "x")) {
			for _, n := range elements(parse(t, doc), "") {
				for _, key := range []string{"href", "src", "content"} {
					if got := strings.ToLower(attribute(n, key)); strings.Contains(got, "alert") || strings.Contains(got, "script:") || strings.Contains(got, "zgotmplz") || strings.HasPrefix(got, "file:") || strings.HasPrefix(got, "ftp:") {
						t.Errorf("%s with the address %q: <%s %s=%q>", name, address, n.Data, key, got)
					}
				}
			}
		}
	}
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// The parser builds the tree that the page spells out: nothing is left open,
// moved or made up, and the strictest policy has nothing to refuse.
func TestStructure(t *testing.T) {
	for name, doc := range rich(t) {
		if !strings.HasPrefix(doc, "<!doctype html>\n") {
			t.Errorf("%s: does not begin with the doctype", name)
		}
		var spelled, open []string
		for z := html.NewTokenizer(strings.NewReader(doc)); z.Next() != html.ErrorToken; {
			switch tok := z.Token(); tok.Type {
			case html.StartTagToken:
				spelled = append(spelled, tok.Data)
				if !slices.Contains([]string{"meta", "link", "img", "br", "hr"}, tok.Data) {
					open = append(open, tok.Data)
				}
			case html.EndTagToken:
				if len(open) == 0 || open[len(open)-1] != tok.Data {
					t.Fatalf("%s: </%s> while %v are open", name, tok.Data, open)
				}
				open = open[:len(open)-1]
			}
		}
		var built []string
		root := parse(t, doc)
		for _, n := range elements(root, "") {
			built = append(built, n.Data)
		}
		if diff := cmp.Diff(spelled, built); diff != "" || len(open) > 0 {
			t.Errorf("%s: the parser had to mend it (open at the end: %v; -spelled +built):\n%s", name, open, diff)
		}
		for _, n := range elements(root, "") {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: <%s %s>", name, n.Data, a.Key)
				}
			}
			ours := strings.HasPrefix(attribute(n, "src"), "/static/") && n.FirstChild == nil
			if n.Data == "script" && attribute(n, "type") != "application/ld+json" && !ours || n.Data == "style" || n.Data == "noscript" {
				t.Errorf("%s: <%s>", name, n.Data)
			}
			if n.Data == "img" && !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) {
				t.Errorf("%s: a picture without alt", name)
			}
		}
		for tag, want := range map[string]int{"h1": 1, "main": 1, "title": 1} {
			if got := len(elements(root, tag)); got != want {
				t.Errorf("%s: got %d <%s>, want %d", name, got, tag, want)
			}
		}
		if lang := attribute(elements(root, "html")[0], "lang"); lang != "en" {
			t.Errorf("%s: got lang %q, want en", name, lang)
		}
	}
}

// heads are what other programs read of a page.
func TestHeads(t *testing.T) {
	printed := rich(t)
	// What has no feeds of its own leads to those of the channels.
	all, few := "application/atom+xml https://news.example.org/channels/all/feed.atom", "application/atom+xml https://news.example.org/channels/few/feed.atom"
	for name, want := range map[string][]string{
		"index": {
			"title Example Newsroom · ", "canonical https://news.example.org/",
			all, few,
			"og:type website", "og:title Example Newsroom", "og:site_name Example Newsroom", "og:url https://news.example.org/",
		},
		"channel": {
			"title All of it · Example Newsroom", "canonical https://news.example.org/channels/all",
			"application/rss+xml https://news.example.org/channels/all/feed.rss", "application/atom+xml https://news.example.org/channels/all/feed.atom", "application/feed+json https://news.example.org/channels/all/feed.json",
			"description Everything", "og:type website", "og:title All of it", "og:site_name Example Newsroom", "og:url https://news.example.org/channels/all", "og:description Everything",
		},
		"article": {
			all, few, "title Ferry line opens · Example Newsroom", "canonical https://wire.example/ferry",
			"description After ten years, a ferry sails again.", "og:type article", "og:title Ferry line opens", "og:site_name Example Newsroom", "og:url https://wire.example/ferry",
			"og:description After ten years, a ferry sails again.", "og:image https://wire.example/f.jpg", "article:published_time 2026-11-24T12:00:00Z", "article:modified_time 2026-11-24T13:00:00Z",
		},
		"bare article": {
			all, few, "title Untitled · Example Newsroom", "canonical https://news.example.org/articles/k2", "og:type article", "og:title Untitled", "og:site_name Example Newsroom", "og:url https://news.example.org/articles/k2",
			"article:published_time 2026-11-24T12:00:00Z", "article:modified_time 2026-11-24T12:00:00Z",
		},
		"error": {all, few, "title Not Found · Example Newsroom"},
	} {
		var got []string
		for _, n := range elements(elements(parse(t, printed[name]), "head")[0], "") {
			key := attribute(n, "property") + attribute(n, "name")
			switch {
			case n.Data == "title" && name == "index":
				got = append(got, "title "+text(n)+" · ")
			case n.Data == "title":
				got = append(got, "title "+text(n))
			case n.Data == "link" && attribute(n, "rel") == "alternate":
				got = append(got, attribute(n, "type")+" "+attribute(n, "href"))
			case n.Data == "link" && attribute(n, "rel") == "canonical":
				got = append(got, "canonical "+attribute(n, "href"))
			case n.Data == "meta" && key != "" && key != "viewport" && key != "color-scheme":
				got = append(got, key+" "+attribute(n, "content"))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func linkedData(t *testing.T, doc string) map[string]any {
	t.Helper()
	scripts := elements(parse(t, doc), "script")
	if len(scripts) != 1 {
		t.Fatalf("got %d scripts, want the linked data", len(scripts))
	}
	var ld map[string]any
	if err := json.Unmarshal([]byte(scripts[0].FirstChild.Data), &ld); err != nil {
		t.Fatal(err)
	}
	return ld
}

func TestLinkedData(t *testing.T) {
	want := map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Ferry line opens", "description": "After ten years, a ferry sails again.",
		"url": "https://wire.example/ferry", "mainEntityOfPage": "https://news.example.org/articles/k1", "inLanguage": "en", "articleSection": "World", "dateline": "Lisbon",
		"datePublished": "2026-11-24T12:00:00Z", "dateModified": "2026-11-24T13:00:00Z", "copyrightNotice": "© 2026 The Wire", "keywords": []any{"Ferries", "Cities"},
		"author": []any{
			map[string]any{"@type": "Person", "name": "Ann Lee", "url": "https://wire.example/ann", "affiliation": map[string]any{"@type": "Organization", "name": "Harbour Desk"}},
			map[string]any{"@type": "Organization", "name": "The Desk"},
		},
		"editor":             []any{map[string]any{"@type": "Person", "name": "Cid Foe"}},
		"translator":         []any{map[string]any{"@type": "Person", "name": "Eve Hui", "url": "https://wire.example/eve"}},
		"contributor":        []any{map[string]any{"@type": "Person", "name": "Fay Ion"}},
		"publisher":          map[string]any{"@type": "Organization", "name": "The Wire", "url": "https://wire.example/"},
		"sourceOrganization": map[string]any{"@type": "Organization", "name": "Xinhua", "url": "https://www.news.example/"},
		"image":              map[string]any{"@type": "ImageObject", "url": "https://wire.example/f.jpg", "caption": "The ferry at nine", "creditText": "Dan Gue"},
	}
	printed := rich(t)
	if diff := cmp.Diff(want, linkedData(t, printed["article"])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	bare := map[string]any{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Untitled", "mainEntityOfPage": "https://news.example.org/articles/k2", "datePublished": "2026-11-24T12:00:00Z", "dateModified": "2026-11-24T12:00:00Z"}
	if diff := cmp.Diff(bare, linkedData(t, printed["bare article"])); diff != "" {
		t.Errorf("of an article without anything (-want +got):\n%s", diff)
	}
	evil := article()
	evil.Title = "</script><script>alert(1)</script> <!-- \u2028"
	if got := linkedData(t, pages(t, house, evil, source)["article"])["headline"]; got != evil.Title {
		t.Errorf("got headline %q, want %q", got, evil.Title)
	}
}

// What a reader is told of an article: who, from where, when, and the way to
// the original.
func TestArticleNamesItsMakers(t *testing.T) {
	doc := parse(t, rich(t)["article"])
	got := text(elements(doc, "article")[0])
	for _, want := range []string{
		"Home World Ferry line opens After ten years, a ferry sails again.", // the way, the title, the standfirst
		"By Ann Lee, Harbour Desk, The Desk", "Xinhua, via The Wire · 24 November 2026, 12:00 UTC · updated 24 November 2026, 13:00 UTC",
		"The ferry at nine · Dan Gue", "The ferry left at nine.", "Listen · 1:02:03", "Read the original at The Wire",
		"Translated by Eve Hui", "Edited by Cid Foe", "Photos by Dan Gue", "Illustrated by Gil Jay", "With help from Fay Ion", "© 2026 The Wire",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	links := map[string]string{}
	for _, n := range elements(elements(doc, "article")[0], "a") {
		links[text(n)] = attribute(n, "href")
	}
	if diff := cmp.Diff(map[string]string{
		"Ann Lee": "https://wire.example/ann", "Eve Hui": "https://wire.example/eve", "Xinhua": "https://www.news.example/", "The Wire": "https://wire.example/",
		"Listen": "https://wire.example/a.mp3", "Read the original at The Wire": "https://wire.example/ferry",
		"updated 24 November 2026, 13:00 UTC": "/articles/k1/history",
	}, links); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

// A text runs as its language does, whatever surrounds it.
func TestLanguages(t *testing.T) {
	for _, tt := range []struct{ lang, dir string }{{"en", "auto"}, {"zh", "auto"}, {"ar", "rtl"}, {"he", "rtl"}, {"fa", "rtl"}, {"ur", "rtl"}, {"ckb", "rtl"}, {"uz-Arab", "rtl"}, {"az", "auto"}, {"", "auto"}} {
		a := article()
		a.Language = tt.lang
		for name, doc := range pages(t, house, a, source) {
			if name != "index" && name != "channel" && name != "article" {
				continue
			}
			n := elements(parse(t, doc), "article")[0]
			dir := attribute(n, "dir")
			if name == "channel" { // there, the column of makers keeps its side
				dir = attribute(elements(n, "h2")[0], "dir")
			}
			if got := attribute(n, "lang"); got != tt.lang || dir != tt.dir {
				t.Errorf("%s in %q: got lang %q and dir %q, want dir %q", name, tt.lang, got, dir, tt.dir)
			}
		}
	}
	arabic := house
	arabic.Language = "ar"
	root := elements(parse(t, pages(t, arabic, article(), source)["index"]), "html")[0]
	if attribute(root, "lang") != "ar" || attribute(root, "dir") != "rtl" {
		t.Errorf("a house in Arabic: got lang %q and dir %q", attribute(root, "lang"), attribute(root, "dir"))
	}
}

// The index leads with the picture of its first channel, dates itself by its
// newest article, and offers every channel's feeds.
func TestIndex(t *testing.T) {
	doc := parse(t, rich(t)["index"])
	sections := elements(doc, "section")
	if len(sections) != 2 || !strings.Contains(attribute(sections[0], "class"), "leads") || strings.Contains(attribute(sections[1], "class"), "leads") {
		t.Fatalf("got %d sections, want two of which the first leads", len(sections))
	}
	if got := elements(sections[0], "img"); len(got) != 1 || attribute(got[0], "src") != "https://wire.example/f.jpg" {
		t.Errorf("got %d pictures, want the leading article's", len(got))
	}
	var feeds []string
	for _, n := range elements(sections[0], "a") {
		if href := attribute(n, "href"); strings.Contains(href, "/feed.") {
			feeds = append(feeds, href)
		}
	}
	if want := []string{"https://news.example.org/channels/all/feed.rss", "https://news.example.org/channels/all/feed.atom", "https://news.example.org/channels/all/feed.json"}; !slices.Equal(feeds, want) {
		t.Errorf("got feeds %v, want %v", feeds, want)
	}
	whole := text(doc)
	for _, want := range []string{"Tuesday, 24 November 2026", "Xinhua, via The Wire · 24 Nov 2026, 12:00", "Times are in UTC", "Nothing here yet."} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in %q", want, whole)
		}
	}
	many := make([]news.Article, 20)
	for i := range many {
		many[i] = article()
	}
	p, err := page.New(house, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	section, err := p.Section(channelOf(source, many...), false)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(elements(parse(t, string(section)), "h3")); got != 6 {
		t.Errorf("got %d headlines of twenty, want 6", got)
	}
}

// The way around names the channels, a few of many, and where the reader is.
func TestNavigation(t *testing.T) {
	p, err := page.New(house, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var channels []news.Channel
	for i := range 30 {
		channels = append(channels, news.Channel{Slug: news.Slug(fmt.Sprintf("c%d", i)), Title: fmt.Sprintf("Channel %d", i)})
	}
	e := channelOf(source)
	e.Shelf.Slug = "c3"
	b, err := p.With(channels).Channel(e)
	if err != nil {
		t.Fatal(err)
	}
	nav := elements(parse(t, string(b)), "nav")[0]
	links := elements(nav, "a")
	if len(links) != 10 || text(links[9]) != "All channels" || attribute(links[9], "href") != "/" {
		t.Errorf("got %d links, the last %q, want nine channels and all of them", len(links), text(links[len(links)-1]))
	}
	for _, n := range links {
		if here := attribute(n, "aria-current") == "page"; here != (text(n) == "Channel 3") {
			t.Errorf("%s: current is %v", text(n), here)
		}
	}
}

// A house that lives below another path keeps its own links there.
func TestHouseBelowAPath(t *testing.T) {
	below := house
	below.URL = "https://example.org/news"
	for name, doc := range pages(t, below, article(), source, news.Channel{Slug: "all", Title: "All"}) {
		for _, n := range elements(parse(t, doc), "") {
			for _, key := range []string{"href", "src"} {
				if got := attribute(n, key); strings.HasPrefix(got, "/") && !strings.HasPrefix(got, "/news/") {
					t.Errorf("%s: <%s %s=%q>, want it below /news/", name, n.Data, key, got)
				}
			}
		}
	}
}

func TestErrors(t *testing.T) {
	p, err := page.New(house, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for status, want := range map[int]string{404: "nothing at this address", 405: "only be read", 410: "withdrawn", 500: "went wrong", 503: "being printed"} {
		b, err := p.Error(status)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(elements(parse(t, string(b)), "main")[0]); !strings.Contains(got, want) || !strings.Contains(got, fmt.Sprint(status)) {
			t.Errorf("%d: got %q, want %q", status, got, want)
		}
	}
}

// The same edition gives the same page: nothing in it reads a clock or follows
// the order of a map.
func TestSamePages(t *testing.T) {
	first := rich(t)
	for range 5 {
		if again := rich(t); !maps.Equal(first, again) {
			t.Fatal(cmp.Diff(first, again))
		}
	}
}
