package page

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// functions are the words of the templates.
func (p *Pages) functions() template.FuncMap {
	return template.FuncMap{
		"standfirst":  standfirst,
		"brief":       func(a news.Article) string { return edition.Clip(abstract(a), briefly) },
		"shown":       func(list []news.Article) []news.Article { return list[:min(len(list), onPage)] },
		"told":        p.told,
		"glimpse":     p.glimpse,
		"content":     p.content,
		"show":        func() bool { return p.opt.Images == ImagesShow },
		"linked":      func() bool { return p.opt.Images == ImagesLink },
		"of":          func(w *speech, list []news.Person) crowd { return crowd{List: list, Comma: w.comma()} },
		"foreign":     foreign,
		"path":        p.Path,
		"personlink":  p.personLink,
		"sectionlink": p.sectionLink,
		"last":        func(i int, list []string) bool { return i == len(list)-1 },
		"deref":       func(a *news.Article) news.Article { return *a },
		"dir":         direction,
		"machine":     func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"zone":        func() string { return p.house.TimeZone.String() },
		"home":        func() string { return p.base + "/" },
		"page":        func(s news.Shelf) string { return p.base + "/" + s.String() },
		"article":     func(k news.Key) string { return p.base + "/articles/" + string(k) },
		"static":      func(name string) string { return p.base + "/static/" + name + "?v=" + p.files[name].Version },
		"feed":        p.house.FeedURL,
		"channel":     func(slug news.Slug) news.Shelf { return news.Shelf{Kind: news.ChannelShelf, Slug: slug} },
		"authors":     func(a news.Article) []news.Person { return a.Byline.With(news.Author) },
		"others":      others,
		"origin":      p.originLine,
		"headline":    func(w *speech, a news.Article) string { return w.Headline(a) },
		"short":       func(w *speech, t time.Time) string { return w.Short(t) },
		"web":         Web,
		"files":       files,
		"duration":    duration,
		"source":      func(e *edition.Edition, a news.Article) edition.Source { return e.Sources[a.Source] },
		"rest":        func(list []news.Article) []news.Article { return list[1:min(len(list), onIndex)] },
		"some":        func(n int, list []news.Channel) []news.Channel { return list[:min(n, len(list))] },
		"picture":     picture,
		"updated":     func(a news.Article) bool { return a.Updated.Sub(a.Published.At) >= time.Minute },
	}
}

// onIndex is how many articles of a channel the index shows.
const onIndex = 6

// onPage is how many articles a page shows, and withSummary how many of them with
// more than a headline: a page stays small, and the archive has the rest.
const (
	onPage      = 50
	withSummary = 15
)

// personLink leads to all articles of a person; nil where there is nothing to
// lead to.
func (p *Pages) personLink(who news.Person) *link {
	if p.opt.Author != nil && who.Role == news.Author && !who.Organization {
		if slug := p.opt.Author(who.Name); slug != "" {
			return &link{Name: who.Name, Href: p.base + "/" + string(news.AuthorShelf) + "/" + string(slug)}
		}
	}
	if address := Web(who.URL); address != "" {
		return &link{Name: who.Name, Href: address}
	}
	return nil
}

// sectionLink leads to all articles of a section; nil where there is no such
// shelf.
func (p *Pages) sectionLink(name string) *link {
	if p.opt.Section == nil {
		return nil
	}
	slug := p.opt.Section(name)
	if slug == "" {
		return nil
	}
	return &link{Name: name, Href: p.base + "/" + string(news.SectionShelf) + "/" + string(slug)}
}

// headlineSize is how many characters of a text stand in for a headline.
const headlineSize = 80

// abstract is a summary beside a headline; empty where the headline was taken
// from it.
func abstract(a news.Article) string {
	if a.Title == "" {
		return ""
	}
	return a.Summary
}

// standfirst is a summary that says more than the headline and how the text
// begins; else empty.
func standfirst(a news.Article) string {
	if a.ContentHTML == "" { // then it is the text
		return ""
	}
	if a.Title == "" && edition.Clip(a.Summary, headlineSize) == a.Summary {
		return ""
	}
	start := []rune(squeeze(strings.TrimRight(a.Summary, " .…[]")))
	if strings.Contains(squeeze(plain(a.ContentHTML)), string(start[:min(60, len(start))])) {
		return ""
	}
	return a.Summary
}

// plain is the text of clean HTML.
func plain(clean string) string {
	var b strings.Builder
	for clean != "" {
		text, rest, _ := strings.Cut(clean, "<")
		b.WriteString(text + " ")
		_, clean, _ = strings.Cut(rest, ">")
	}
	return html.UnescapeString(b.String())
}

// squeeze leaves of text what comparing it needs.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// picture is the main picture of an article, unless its text shows it or its
// address does not lead to the web.
func picture(a news.Article) *news.Image {
	if a.Image == nil || Web(a.Image.URL) == "" || strings.Contains(a.ContentHTML, html.EscapeString(a.Image.URL)) {
		return nil
	}
	return a.Image
}

// files are the attachments that can be fetched.
func files(a news.Article) []news.Attachment {
	return slices.DeleteFunc(slices.Clone(a.Attachments), func(at news.Attachment) bool { return Web(at.URL) == "" })
}

// duration is a length as players show it: 1:02:03 or 2:03; empty when unknown.
func duration(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	return fmt.Sprintf("%d:%02d", m, s)
}

// Web is an address that leads to the web, and no other: the templates guard
// links, but not what stands in a meta element or a header.
func Web(address string) string {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return address
	}
	return ""
}

// direction is how a text in a language runs. A headline in Arabic may open
// with a name in Latin letters, so where the language runs to the left, it
// decides; else the first letter does.
func direction(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return "auto"
	}
	switch script, _ := tag.Script(); script.String() {
	case "Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa":
		return "rtl"
	}
	return "auto"
}

// foreign is the language in which a page speaks, where what surrounds its words
// is in another; else empty.
func foreign(w *speech, lang string) string {
	if lang == "" || strings.EqualFold(lang, w.Lang) {
		return ""
	}
	return w.Lang
}

// A crowd is people to be named in a language.
type crowd struct {
	List  []news.Person
	Comma string // between them
	More  bool   // there are others
}

// A roleLine names those who did one thing for an article.
type roleLine struct {
	Phrase string
	People []news.Person
}

// others are the people behind an article besides its authors.
func others(a news.Article) []roleLine {
	var out []roleLine
	for _, r := range []struct {
		role   news.Role
		phrase string
	}{{news.Translator, "translated"}, {news.Editor, "edited"}, {news.Photographer, "photos"}, {news.Illustrator, "illustrated"}, {news.Contributor, "helped"}} {
		if list := a.Byline.With(r.role); list != nil {
			out = append(out, roleLine{r.phrase, list})
		}
	}
	return out
}

// An origin is where copy comes from: "Xinhua, via Science Daily".
type origin struct {
	Name, URL string
	Via       string // the source that carried it; empty when it is its own
	ViaURL    string
}

// A mention is a name in a line about where copy comes from, or words beside it.
type mention struct{ Name, URL, Text string }

// originLine is an origin in the words of a page.
func (p *Pages) originLine(w *speech, a news.Article, src edition.Source) []mention {
	o := p.originOf(a, src)
	if o.Via == "" {
		return []mention{{Name: o.Name, URL: o.URL}}
	}
	pieces := w.Pieces("via")
	out := make([]mention, len(pieces))
	for i, piece := range pieces {
		switch piece.Hole {
		case "name":
			out[i] = mention{Name: o.Name, URL: o.URL}
		case "carrier":
			out[i] = mention{Name: o.Via, URL: o.ViaURL}
		default:
			out[i] = mention{Text: piece.Text}
		}
	}
	return out
}

// originOf leads to what we have of a source, or to its home page where that is
// nothing: the config has lost it.
func (p *Pages) originOf(a news.Article, src edition.Source) origin {
	name, home := cmp.Or(src.Name, string(a.Source)), Web(cmp.Or(src.HomePage, src.Feed.HomePage))
	if src.URL != "" {
		home = p.base + "/" + string(news.SourceShelf) + "/" + string(src.Slug)
	}
	if a.Credit.Name != "" && !strings.EqualFold(a.Credit.Name, name) {
		return origin{Name: a.Credit.Name, URL: Web(a.Credit.URL), Via: name, ViaURL: home}
	}
	return origin{Name: name, URL: cmp.Or(home, Web(a.Credit.URL))}
}
