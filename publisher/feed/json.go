package feed

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

const jsonVersion = "https://jsonfeed.org/version/1.1"

// jsonFeed corrects the library's feed: an empty one has its items, too. What
// was withdrawn stands in _copydesk.
type jsonFeed struct {
	feeds.JSONFeed
	Copydesk *feedFacts `json:"_copydesk,omitempty"`
	Items    []JSONItem `json:"items"`
}

type feedFacts struct {
	Deleted []deletedFacts `json:"deleted"`
}

// deletedFacts say that an item was taken back; ref is its id.
type deletedFacts struct {
	Ref    string `json:"ref"`
	When   string `json:"when"`
	Reason string `json:"reason,omitempty"`
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
	Credit        *creditFacts   `json:"credit,omitempty"`
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
	DatePrecision news.Precision `json:"date_precision,omitempty"` // second, minute, day, month or year
	Explain       []Claim        `json:"explain,omitempty"`        // only where inspect is asked
}

// A Claim is what one witness says of a field, as inspect --explain shows it.
type Claim struct {
	Field   string `json:"field"`
	Witness string `json:"witness"`
	Value   string `json:"value,omitempty"`
	Won     bool   `json:"won"`
	Rule    string `json:"rule,omitempty"`
}

type sourceFacts struct {
	Slug news.Slug `json:"slug,omitempty"`
	Name string    `json:"name"`
	URL  string    `json:"url,omitempty"`
}

type creditFacts struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type named struct {
	Name string `json:"name"`
}

type datelineFacts struct {
	Place string `json:"place"`
	Date  string `json:"date,omitempty"`
}

// jsonFrame prints a feed without its items.
func jsonFrame(h *head) (opening, closing []byte, err error) {
	e := &h.Edition
	f := jsonFeed{Items: []JSONItem{}}
	f.Version = jsonVersion
	f.Title = unpaired(feedTitle(e))
	f.Language = languageTag(e.Language)
	f.HomePageUrl = e.Home()
	f.FeedUrl = e.Address("json")
	f.Description = unpaired(line(e.Description))
	if h.signed { // else an item without authors would have ours (JSON Feed 1.1, authors)
		f.Authors = []*feeds.JSONAuthor{{Name: cmp.Or(line(e.House.Title), "copydesk"), Url: e.House.URL + "/"}}
	}
	if e.Older != "" {
		f.NextUrl = e.House.ArchiveURL(e.Shelf, e.Older, "json")
	}
	if e.House.Hub != "" && e.Page == "" {
		f.Hubs = []*feeds.JSONHub{{Type: "WebSub", Url: e.House.Hub}}
	}
	if len(h.gone) > 0 {
		f.Copydesk = &feedFacts{}
	}
	for _, t := range h.gone {
		f.Copydesk.Deleted = append(f.Copydesk.Deleted, deletedFacts{Ref: t.ref, When: t.when, Reason: t.reason})
	}
	doc, err := EncodeJSON(f)
	if err != nil {
		return nil, nil, err
	}
	const end = "]}\n"
	if !bytes.HasSuffix(doc, []byte(`"items":[`+end)) {
		return nil, nil, errors.New("the items are not the last of the feed")
	}
	return doc[:len(doc)-len(end)], []byte(end), nil
}

// unsigned reports an article that names no author.
func unsigned(a news.Article) bool { return len(a.Byline.With(news.Author)) == 0 }

// jsonEntry prints one item.
func jsonEntry(e *edition.Edition, a *news.Article, id string, updated time.Time) ([]byte, error) {
	it := NewJSONItem(e.House, *a, source(e, a))
	it.Id = id
	it.Title, it.Summary = unpaired(it.Title), unpaired(it.Summary)
	it.DateModified = ""
	if updated.Sub(a.Published.At) >= time.Second {
		it.DateModified = rfc3339(updated)
	}
	for i := range it.Attachments { // the format wants a type
		it.Attachments[i].MIMEType = cmp.Or(it.Attachments[i].MIMEType, "application/octet-stream")
	}
	doc, err := EncodeJSON(it)
	return bytes.TrimSuffix(doc, []byte("\n")), err
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
		Source:        sourceFacts{Slug: src.Slug, Name: plain(cmp.Or(src.Name, src.Feed.Title)), URL: cmp.Or(address(src.HomePage), address(src.Feed.HomePage), address(src.URL))},
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
		f.Credit = &creditFacts{Name: plain(a.Credit.Name), URL: a.Credit.URL}
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
	Icon        string              `json:"icon,omitempty"`
	Language    string              `json:"language,omitempty"`
	Authors     []*feeds.JSONAuthor `json:"authors,omitempty"`
	Items       []JSONItem          `json:"items"`
	Copydesk    InspectionFacts     `json:"_copydesk"`
}

// InspectionFacts tell an inspection's input and how reading it went.
type InspectionFacts struct {
	Input    string   `json:"input"`
	Kind     string   `json:"kind,omitempty"` // rss, atom, json, page, listing or sitemap
	ID       string   `json:"original_id,omitempty"`
	Rights   string   `json:"rights,omitempty"`
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings"`
}

// NewInspection is the document of an input of which nothing is known yet.
func NewInspection(input string) *Inspection {
	return &Inspection{Version: jsonVersion, Items: []JSONItem{}, Copydesk: InspectionFacts{Input: input, Warnings: []string{}}}
}

// Fill takes what a feed says of itself.
func (in *Inspection) Fill(kind string, head news.Feed, description, feedURL string, authors []news.Person) {
	in.Copydesk.Kind, in.Copydesk.ID, in.Copydesk.Rights = kind, plain(head.ID), plain(head.Rights)
	in.Title, in.HomePageURL, in.Description, in.Language, in.Icon = plain(head.Title), head.HomePage, plain(description), head.Language, head.Image
	for _, p := range authors {
		in.Authors = append(in.Authors, &feeds.JSONAuthor{Name: plain(p.Name), Url: authorURL(p)})
	}
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
