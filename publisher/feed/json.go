package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

const jsonVersion = "https://jsonfeed.org/version/1.1"

// jsonFeed corrects the library's feed: an empty one has its items, too.
type jsonFeed struct {
	feeds.JSONFeed
	Items []JSONItem `json:"items"`
}

// A JSONItem is one article as JSON Feed 1.1, with what the format has no
// words for in _copydesk.
type JSONItem struct {
	feeds.JSONItem
	Attachments   []jsonAttachment `json:"attachments,omitempty"`
	DatePublished string           `json:"date_published,omitempty"`
	DateModified  string           `json:"date_modified,omitempty"`
	Language      string           `json:"language,omitempty"`
	Copydesk      itemFacts        `json:"_copydesk"`
}

type jsonAttachment struct {
	URL      string  `json:"url"`
	MIMEType string  `json:"mime_type"`
	Title    string  `json:"title,omitempty"`
	Size     int64   `json:"size_in_bytes,omitempty"`
	Duration float64 `json:"duration_in_seconds,omitempty"`
}

type itemFacts struct {
	Source        sourceFacts    `json:"source"`
	Credit        *named         `json:"credit,omitempty"`
	Editors       []named        `json:"editors"`
	Photographers []named        `json:"photographers"`
	Translators   []named        `json:"translators"`
	Contributors  []named        `json:"contributors,omitempty"`
	Byline        string         `json:"byline,omitempty"`
	Dateline      *datelineFacts `json:"dateline,omitempty"`
	Section       string         `json:"section,omitempty"`
	Breadcrumb    []string       `json:"breadcrumb"`
	DateBasis     news.Basis     `json:"date_basis,omitempty"`
	DateRaw       string         `json:"date_raw,omitempty"`
	OriginalID    string         `json:"original_id,omitempty"`
	Rights        string         `json:"rights,omitempty"`
	DatePrecision news.Precision `json:"date_precision,omitempty"` // second, minute, day or month
}

type sourceFacts struct {
	Slug news.Slug `json:"slug,omitempty"`
	Name string    `json:"name"`
	URL  string    `json:"url,omitempty"`
}

type named struct {
	Name string `json:"name"`
}

type datelineFacts struct {
	Place string `json:"place"`
	Date  string `json:"date,omitempty"`
}

// JSON prints an edition as JSON Feed 1.1.
func JSON(e *edition.Edition) ([]byte, error) {
	updated := spread(e.Articles)
	f := jsonFeed{Items: []JSONItem{}}
	f.Version = jsonVersion
	f.Title = plain(e.Title)
	f.Language = e.Language
	f.HomePageUrl = e.House.PageURL(e.Shelf)
	f.FeedUrl = e.House.FeedURL(e.Shelf, "json")
	f.Description = plain(e.Description)
	f.Authors = []*feeds.JSONAuthor{{Name: plain(e.House.Title), Url: e.House.URL + "/"}}
	for i := range e.Articles {
		a := e.Articles[i]
		it := NewJSONItem(e.House, a, source(e, &a))
		if updated[i].Sub(a.Published.At) >= time.Second {
			it.DateModified = rfc3339(updated[i])
		}
		f.Items = append(f.Items, it)
	}
	doc, err := EncodeJSON(f)
	if err == nil && len(doc) > maxDocument {
		err = fmt.Errorf("the document has %d bytes, more than the %d that readers take (lower the channel's limit)", len(doc), maxDocument)
	}
	return doc, err
}

// EncodeJSON writes v on one line, with < and & as they are.
func EncodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// NewJSONItem prints one article.
func NewJSONItem(h edition.House, a news.Article, src edition.Source) JSONItem {
	it := JSONItem{Language: a.Language}
	it.Id = plain(articleID(h, &a))
	it.Url = a.URL
	if h.URL != "" {
		it.Url = articleLink(h, &a)
	}
	if a.OriginalURL != "" && a.OriginalURL != it.Url {
		it.ExternalUrl = a.OriginalURL
	}
	it.Title = plain(a.Title)
	it.Summary = plain(a.Summary)
	it.ContentHTML = plain(a.ContentHTML)
	it.ContentText = contentText(&a)
	if it.ContentHTML == "" && it.ContentText == "" { // one of them is required
		it.ContentText = cmp.Or(it.Summary, it.Title, "Untitled")
	}
	for _, p := range a.Byline.With(news.Author) {
		it.Authors = append(it.Authors, &feeds.JSONAuthor{Name: plain(p.Name), Url: authorURL(p)})
	}
	if a.Published.Basis != news.FirstSeen || h.URL != "" {
		it.DatePublished = rfc3339(a.Published.At)
	}
	if !a.Modified.At.IsZero() {
		it.DateModified = rfc3339(a.Modified.At)
	}
	for _, c := range a.Categories {
		it.Tags = append(it.Tags, plain(c))
	}
	if a.Image != nil {
		it.Image = a.Image.URL
	}
	for _, at := range a.Attachments {
		it.Attachments = append(it.Attachments, jsonAttachment{URL: at.URL, MIMEType: at.MIMEType, Title: plain(at.Title), Size: at.Size, Duration: at.Duration.Seconds()})
	}
	it.Copydesk = factsOf(&a, src)
	return it
}

func authorURL(p news.Person) string {
	if p.URL == "" && p.Email != "" {
		return "mailto:" + p.Email
	}
	return p.URL
}

func factsOf(a *news.Article, src edition.Source) itemFacts {
	f := itemFacts{
		Source:        sourceFacts{Slug: src.Slug, Name: plain(cmp.Or(src.Name, src.Feed.Title)), URL: cmp.Or(src.HomePage, src.Feed.HomePage, src.URL)},
		Editors:       namesOf(a, news.Editor),
		Photographers: namesOf(a, news.Photographer),
		Translators:   namesOf(a, news.Translator),
		Byline:        plain(a.Byline.Printed),
		Section:       plain(a.Section),
		Breadcrumb:    []string{},
		DateBasis:     a.Published.Basis,
		DatePrecision: a.Published.Precision,
		DateRaw:       plain(a.Published.Raw),
		OriginalID:    plain(a.OriginalID),
		Rights:        plain(a.Rights),
	}
	if list := append(namesOf(a, news.Contributor), namesOf(a, news.Illustrator)...); len(list) > 0 {
		f.Contributors = list
	}
	for _, step := range a.Breadcrumb {
		f.Breadcrumb = append(f.Breadcrumb, plain(step))
	}
	if a.Credit.Name != "" {
		f.Credit = &named{plain(a.Credit.Name)}
	}
	if a.Dateline.Place != "" {
		f.Dateline = &datelineFacts{Place: plain(a.Dateline.Place), Date: plain(a.Dateline.Date)}
	}
	return f
}

func namesOf(a *news.Article, role news.Role) []named {
	out := []named{}
	for _, p := range a.Byline.With(role) {
		out = append(out, named{plain(p.Name)})
	}
	return out
}

var (
	blockEnd = regexp.MustCompile(`</(?:p|h[2-6]|li|blockquote|div|tr|figure|pre|dd|dt)>|<br>`)
	anyTag   = regexp.MustCompile(`<[^>]*>`)
)

// contentText is the article's text without markup, a line for each block.
func contentText(a *news.Article) string {
	if a.ContentHTML == "" {
		return ""
	}
	s := anyTag.ReplaceAllString(blockEnd.ReplaceAllString(a.ContentHTML, "\n"), "")
	var lines []string
	for line := range strings.Lines(html.UnescapeString(s)) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return plain(strings.Join(lines, "\n"))
}

// An Inspection is what `inspect --json` prints of one input: JSON Feed 1.1
// with what was noticed.
type Inspection struct {
	Version     string              `json:"version"`
	Title       string              `json:"title"`
	HomePageURL string              `json:"home_page_url,omitempty"`
	FeedURL     string              `json:"feed_url,omitempty"`
	Description string              `json:"description,omitempty"`
	Language    string              `json:"language,omitempty"`
	Authors     []*feeds.JSONAuthor `json:"authors,omitempty"`
	Items       []JSONItem          `json:"items"`
	Copydesk    InspectionFacts     `json:"_copydesk"`
}

// InspectionFacts tell an inspection's input and how reading it went.
type InspectionFacts struct {
	Input    string   `json:"input"`
	Kind     string   `json:"kind,omitempty"` // rss, atom, json or page
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings"`
}

// NewInspection is the document of an input of which nothing is known yet.
func NewInspection(input string) *Inspection {
	return &Inspection{Version: jsonVersion, Items: []JSONItem{}, Copydesk: InspectionFacts{Input: input, Warnings: []string{}}}
}

// Fill takes what a feed says of itself.
func (in *Inspection) Fill(kind string, head news.Feed, description, feedURL string) {
	in.Copydesk.Kind = kind
	in.Title, in.HomePageURL, in.Description, in.Language = plain(head.Title), head.HomePage, plain(description), head.Language
	if kind != "page" {
		in.FeedURL = feedURL
	}
}

// Lines are an item's facts for reading, each with its name; blank ones are
// left out.
func (it JSONItem) Lines() [][2]string {
	var authors []string
	for _, a := range it.Authors {
		authors = append(authors, a.Name)
	}
	date := it.DatePublished
	if it.Copydesk.DateBasis != "" {
		date += " (" + string(it.Copydesk.DateBasis) + strings.TrimSuffix(": "+it.Copydesk.DateRaw, ": ") + ")"
	}
	credit := ""
	if it.Copydesk.Credit != nil {
		credit = it.Copydesk.Credit.Name
	}
	var out [][2]string
	for _, line := range [][2]string{
		{"by", strings.Join(authors, ", ")}, {"editors", joined(it.Copydesk.Editors)}, {"photos", joined(it.Copydesk.Photographers)},
		{"translated", joined(it.Copydesk.Translators)}, {"credit", credit}, {"source", it.Copydesk.Source.Name}, {"date", date},
		{"modified", it.DateModified}, {"section", it.Copydesk.Section}, {"tags", strings.Join(it.Tags, ", ")}, {"url", it.Url}, {"id", it.Id},
	} {
		if line[1] != "" {
			out = append(out, line)
		}
	}
	return out
}

func joined(list []named) string {
	var names []string
	for _, n := range list {
		names = append(names, n.Name)
	}
	return strings.Join(names, ", ")
}
