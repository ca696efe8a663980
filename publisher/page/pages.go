package page

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

//go:embed templates
var templates embed.FS

// Options are what pages are to do besides.
type Options struct {
	// Author and Section name a person's and a section's shelf by its slug, so
	// that names lead there; nil, or an empty slug: they do not.
	Author, Section func(name string) news.Slug
	// Search reports that there is a page to search on.
	Search bool
	// Still says that the pages are files: they lead to no search and hear of
	// nothing new, for nobody is there to answer.
	Still bool
	// Found is where a text of a field has what a query wants, in order and apart;
	// nil: what was found is not marked.
	Found func(q news.Query, in news.Field, text string) []news.Span
	// Images says where pictures are shown; empty means show.
	Images Images
}

// Pages are the templates, ready to render for one house.
type Pages struct {
	house    edition.House
	opt      Options
	base     string // path of the house's address: where its pages live on their host
	channels []news.Channel
	files    map[string]File
	words    *wordbook
	sets     map[string]*template.Template
}

// New parses the templates.
func New(house edition.House, opt Options) (*Pages, error) {
	opt.Images = cmp.Or(opt.Images, ImagesShow)
	if house.TimeZone == nil {
		house.TimeZone = time.UTC
	}
	u, err := url.Parse(house.URL)
	if err != nil {
		return nil, fmt.Errorf("the house's address: %w", err)
	}
	p := &Pages{house: house, opt: opt, base: strings.TrimRight(u.EscapedPath(), "/"), sets: map[string]*template.Template{}}
	if p.files, err = Static(); err != nil {
		return nil, err
	}
	if p.words, err = readWordbook(wordings); err != nil {
		return nil, err
	}
	for _, name := range []string{"index", "channel", "article", "history", "search", "error"} {
		t, err := template.New("layout.html").Funcs(p.functions()).ParseFS(templates, "templates/layout.html", "templates/parts.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
		p.sets[name] = t
	}
	return p, nil
}

// With is the same pages with channels to lead to.
func (p *Pages) With(channels []news.Channel) *Pages {
	other := *p
	other.channels = channels
	return &other
}

// A view is what every template sees.
type view struct {
	House    edition.House
	Channels []news.Channel // for the way around
	Here     news.Shelf     // the shelf whose page this is

	Words      *speech // in which the page speaks
	Title      string  // of the window
	Meta       meta
	Edition    *edition.Edition
	Room       room // for each of its articles
	Sections   []template.HTML
	Day        time.Time // of the newest article on the index; zero when there is none
	Article    *news.Article
	Source     edition.Source
	Status     int
	Problem    string
	Reason     string // why an article was withdrawn
	Revisions  []revision
	Feeds      []link // of the page; none where it has none of its own
	Number     string // of a page of the archive
	About      string // what a channel is about
	Kind       string // the phrase for what the shelf is; empty of a channel
	Typed      string // by who searches
	Search     bool   // this is the page to search on
	Searchable bool   // there is such a page
	More       bool   // the index leads to more channels than it shows
	Around     Around // what a search has found besides
	Live       string // where the page hears what is new; empty when it does not
}

// meta is what other programs read of a page.
type meta struct {
	Description string
	Canonical   string
	Image       string
	Type        string
	Published   time.Time
	Updated     time.Time
	LD          template.JS // JSON-LD of an article
	Hidden      bool        // from search engines
}

func (p *Pages) render(name string, v view) ([]byte, error) {
	v.House, v.Channels = p.house, p.channels
	v.Searchable = p.opt.Search && !p.opt.Still
	var b bytes.Buffer
	if err := p.sets[name].Execute(&b, v); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// Section is what the index shows of a channel. It is rendered with the
// channel, so that a change costs the index no more than joining sections.
// A section that leads is larger, and has its first article's picture.
func (p *Pages) Section(e *edition.Edition, leads bool) ([]byte, error) {
	var b bytes.Buffer
	err := p.sets["index"].ExecuteTemplate(&b, "section", struct {
		*edition.Edition
		Words *speech
		Leads bool
	}{e, p.in(e.Language), leads})
	if err != nil {
		return nil, fmt.Errorf("section of %s: %w", e.Shelf.Slug, err)
	}
	return b.Bytes(), nil
}

// Index is the page of all channels, from their sections. newest is when the
// newest article on it was published.
func (p *Pages) Index(sections [][]byte, newest time.Time) ([]byte, error) {
	v := view{Words: p.in(""), Title: p.house.Title, Day: newest, Meta: meta{Type: "website", Canonical: p.house.URL + "/"}}
	size := 0
	for i, s := range sections {
		if size += len(s); size > indexSize && i > 0 {
			v.More = true
			break
		}
		v.Sections = append(v.Sections, template.HTML(s)) // a template's own output
	}
	return p.render("index", v)
}

// Channel is the page of one shelf.
func (p *Pages) Channel(e *edition.Edition) ([]byte, error) {
	v := view{Words: p.in(e.Language), Title: e.Title, About: e.Description, Here: e.Shelf, Edition: e, Feeds: feedsOf(e), Kind: kinds[e.Shelf.Kind],
		Meta: meta{Type: "website", Canonical: e.Home(), Description: e.Description}}
	switch e.Shelf.Kind { // their descriptions are words of ours, which feeds say in English
	case news.SourceShelf:
		v.About, v.Meta.Description = "", ""
	case news.AuthorShelf, news.SectionShelf:
		v.About = v.Words.Say("everywhere")
		v.Meta.Description = e.Title + ": " + v.About
	}
	if e.Page != "" {
		v.Number, _, _ = strings.Cut(e.Page, "-") // of what may not be full yet
		v.Title, v.Feeds = v.Words.Say("titled page", "title", e.Title, "page", v.Number), nil
		v.Meta.Canonical = p.house.ArchiveURL(e.Shelf, e.Page, "html")
	}
	if e.Page == "" && e.Shelf.Kind == news.ChannelShelf && !p.opt.Still {
		v.Live = p.base + "/" + e.Shelf.String() + "/events"
	}
	return p.renderList("channel", v)
}

// kinds are the phrases for what a shelf is.
var kinds = map[news.ShelfKind]string{news.SourceShelf: "source", news.AuthorShelf: "author", news.SectionShelf: "section"}

// Around is where a search has what it found besides what a page shows: the
// newest of it, and what is older. Empty is nowhere.
type Around struct{ First, Next string }

// Search is the page of what a search has found.
func (p *Pages) Search(e *edition.Edition, around Around) ([]byte, error) {
	words := p.in(e.Language)
	return p.renderList("search", view{Words: words, Title: words.Say("searched", "query", e.Query), Edition: e, Typed: e.Query, Search: true, Feeds: feedsOf(e), Around: around, Meta: meta{Hidden: true}})
}

// SearchForm is the page to search on, before anything was looked for, or with
// what is wrong with what was typed.
func (p *Pages) SearchForm(typed, problem string) ([]byte, error) {
	words := p.in("")
	return p.render("search", view{Words: words, Title: words.Say("search"), Typed: typed, Problem: problem, Search: true, Meta: meta{Hidden: problem != "", Canonical: p.house.URL + "/search"}})
}

// Path is where a path of the house stands on its host.
func (p *Pages) Path(path string) string { return p.base + path }

// A link leads to a document of a kind.
type link struct{ Name, Type, Href string }

// feedsOf are an edition's feeds.
func feedsOf(e *edition.Edition) []link {
	return []link{
		{"RSS", "application/rss+xml", e.Address("rss")}, {"Atom", "application/atom+xml", e.Address("atom")}, {"JSON Feed", "application/feed+json", e.Address("json")},
	}
}

// Subscribe is how a page leads to its feeds.
func (v view) Subscribe() []link { return v.Feeds }

// indexSize is how large the sections on the index may be together; channels
// beyond are led to by name.
const indexSize = 36 << 10

// Article is the page of one article, as far as its rights allow.
func (p *Pages) Article(a news.Article, src edition.Source) ([]byte, error) {
	words := p.in(a.Language)
	ld, err := p.linkedData(words, &a, src)
	if err != nil {
		return nil, err
	}
	m := meta{Type: "article", Canonical: Web(a.URL), Description: edition.Clip(a.Summary, 300), LD: ld, Published: a.Published.At, Updated: a.Updated}
	if m.Canonical == "" {
		m.Canonical = p.house.ArticleURL(a.Key)
	}
	if a.Image != nil && p.opt.Images != ImagesNone {
		m.Image = Web(a.Image.URL)
	}
	return p.render("article", view{Words: words, Title: words.Headline(a), Article: &a, Source: src, Meta: m})
}

// Error is the page of a request that could not be answered.
func (p *Pages) Error(status int) ([]byte, error) { return p.render("error", p.problem("", status)) }

func (p *Pages) problem(lang string, status int) view {
	v := view{Words: p.in(lang), Status: status, Title: http.StatusText(status)}
	if phrases, ok := problems[status]; ok {
		v.Title, v.Problem = v.Words.Say(phrases.title), v.Words.Say(phrases.says)
	}
	return v
}

// problems are the phrases for what went wrong.
var problems = map[int]struct{ title, says string }{
	http.StatusNotFound:            {"not found", "nothing there"},
	http.StatusGone:                {"withdrawn", "was withdrawn"},
	http.StatusMethodNotAllowed:    {"not allowed", "only read"},
	http.StatusInternalServerError: {"failed", "noted"},
	http.StatusServiceUnavailable:  {"not ready", "wait"},
}
