package page

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

//go:embed templates
var templates embed.FS

//go:embed static
var static embed.FS

// Pages are the templates, ready to render for one house.
type Pages struct {
	house edition.House
	sets  map[string]*template.Template
}

// New parses the templates.
func New(house edition.House) (*Pages, error) {
	if house.TimeZone == nil {
		house.TimeZone = time.UTC
	}
	p := &Pages{house: house, sets: map[string]*template.Template{}}
	for _, name := range []string{"index", "channel", "article", "error"} {
		t, err := template.New("layout.html").Funcs(p.functions()).ParseFS(templates, "templates/layout.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		p.sets[name] = t
	}
	return p, nil
}

// A view is what every template sees.
type view struct {
	House   edition.House
	Title   string // of the window
	Lang    string
	Meta    meta
	Edition *edition.Edition
	List    []*edition.Edition
	Article *news.Article
	Source  edition.Source
	Status  int
	Problem string
	Others  []news.Channel
	Feeds   string // base of the page's feeds; empty when it has none
}

// meta is what other programs read of a page.
type meta struct {
	Description string
	Canonical   string
	Image       string
	Type        string
	LD          template.JS // JSON-LD of an article
}

func (p *Pages) render(name string, v view) ([]byte, error) {
	v.House = p.house
	if v.Lang == "" {
		v.Lang = p.house.Language
	}
	var b bytes.Buffer
	if err := p.sets[name].Execute(&b, v); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// Index is the page of all channels.
func (p *Pages) Index(list []*edition.Edition) ([]byte, error) {
	return p.render("index", view{Title: p.house.Title, List: list, Meta: meta{Type: "website", Canonical: p.house.URL + "/"}})
}

// Channel is the page of one shelf.
func (p *Pages) Channel(e *edition.Edition) ([]byte, error) {
	url := p.house.PageURL(e.Shelf)
	return p.render("channel", view{Title: e.Title, Edition: e, Feeds: url,
		Meta: meta{Type: "website", Canonical: url, Description: e.Description}})
}

// Article is the page of one article, as far as its rights allow.
func (p *Pages) Article(a news.Article, src edition.Source) ([]byte, error) {
	ld, err := p.linkedData(&a, src)
	if err != nil {
		return nil, err
	}
	m := meta{Type: "article", Canonical: web(a.URL), Description: a.Summary, LD: ld}
	if m.Canonical == "" {
		m.Canonical = p.house.ArticleURL(a.Key)
	}
	if a.Image != nil {
		m.Image = web(a.Image.URL)
	}
	return p.render("article", view{Title: headline(a), Article: &a, Source: src, Meta: m})
}

// web is an address that leads to the web, and no other: the templates guard
// links, but not what stands in a meta element.
func web(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}

// Error is the page of a request that could not be answered.
func (p *Pages) Error(status int, channels []news.Channel) ([]byte, error) {
	return p.render("error", view{Title: http.StatusText(status), Status: status, Problem: problems[status], Others: channels})
}

var problems = map[int]string{
	http.StatusNotFound:            "There is nothing at this address.",
	http.StatusGone:                "This article has been withdrawn.",
	http.StatusMethodNotAllowed:    "This address can only be read.",
	http.StatusInternalServerError: "Something went wrong on our side; it has been noted.",
	http.StatusServiceUnavailable:  "The first edition is being printed. Try again in a moment.",
}

// linkedData is an article for machines (schema.org NewsArticle).
func (p *Pages) linkedData(a *news.Article, src edition.Source) (template.JS, error) {
	type thing map[string]any
	ld := thing{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": headline(*a),
		"datePublished": a.Published.At.Format(time.RFC3339), "dateModified": a.Updated.Format(time.RFC3339),
		"publisher": thing{"@type": "Organization", "name": src.Name},
	}
	var authors []thing
	for _, person := range a.Byline.With(news.Author) {
		kind := "Person"
		if person.Organization {
			kind = "Organization"
		}
		authors = append(authors, thing{"@type": kind, "name": person.Name})
	}
	if authors != nil {
		ld["author"] = authors
	}
	for key, value := range map[string]string{"url": web(a.URL), "inLanguage": a.Language, "description": a.Summary, "articleSection": a.Section, "copyrightNotice": a.Rights} {
		if value != "" {
			ld[key] = value
		}
	}
	if a.Image != nil && web(a.Image.URL) != "" {
		ld["image"] = a.Image.URL
	}
	b, err := json.Marshal(ld) // escapes <, > and &, so it cannot end its element
	return template.JS(b), err
}

func (p *Pages) functions() template.FuncMap {
	return template.FuncMap{
		"headline": headline,
		"deref":    func(a *news.Article) news.Article { return *a },
		"trusted":  func(clean string) template.HTML { return template.HTML(clean) },
		"machine":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"human":    func(t time.Time) string { return t.In(p.house.TimeZone).Format("2 January 2006, 15:04 MST") },
		"page":     p.house.PageURL,
		"feed":     p.house.FeedURL,
		"article":  func(k news.Key) string { return p.house.ArticleURL(k) },
		"authors":  func(a news.Article) []news.Person { return a.Byline.With(news.Author) },
		"others":   others,
		"credit":   credit,
		"first":    func(n int, list []news.Article) []news.Article { return list[:min(n, len(list))] },
		"source":   func(e *edition.Edition, a news.Article) string { return e.Sources[a.Source].Name },
		"showLead": func(a *news.Article) bool {
			return a.Image != nil && !strings.Contains(a.ContentHTML, html.EscapeString(a.Image.URL))
		},
		"updated": func(a news.Article) bool { return a.Updated.Sub(a.Published.At) >= time.Minute },
	}
}

// headline is a title, else the start of the text.
func headline(a news.Article) string {
	if a.Title != "" {
		return a.Title
	}
	if text := []rune(a.Summary); len(text) > 80 {
		return string(text[:79]) + "…"
	} else if len(text) > 0 {
		return string(text)
	}
	return "Untitled"
}

// A roleLine names those who did one thing for an article.
type roleLine struct {
	Label  string
	People []news.Person
}

// others are the people behind an article besides its authors.
func others(a news.Article) []roleLine {
	var out []roleLine
	for _, r := range []struct {
		role  news.Role
		label string
	}{{news.Translator, "Translated by"}, {news.Editor, "Edited by"}, {news.Photographer, "Photos by"}, {news.Illustrator, "Illustrated by"}, {news.Contributor, "With help from"}} {
		if list := a.Byline.With(r.role); list != nil {
			out = append(out, roleLine{r.label, list})
		}
	}
	return out
}

// credit is where the copy comes from: "Xinhua, via Science Daily".
func credit(a news.Article, source string) string {
	if a.Credit.Name != "" && !strings.EqualFold(a.Credit.Name, source) {
		return a.Credit.Name + ", via " + source
	}
	return source
}

// A File is one static file.
type File struct {
	ContentType string
	Body        []byte
}

// Static are the files under /static/, by name.
func Static() (map[string]File, error) {
	out := map[string]File{}
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := static.ReadFile(name)
		out[path.Base(name)] = File{contentTypes[path.Ext(name)], body}
		return err
	})
	return out, err
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml",
	".xsl": "text/xsl; charset=utf-8",
}
