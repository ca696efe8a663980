package feed

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

const (
	atomNS      = "http://www.w3.org/2005/Atom"
	historyNS   = "http://purl.org/syndication/history/1.0"
	tombstoneNS = "http://purl.org/atompub/tombstones/1.0"
)

// atomFeed corrects the library's feed: a field with the same XML name, one
// level up, takes the place of the embedded one. Entries are printed one by
// one and stand after all this.
type atomFeed struct {
	feeds.AtomFeed
	XMLName     xml.Name       `xml:"feed"`
	Lang        string         `xml:"xml:lang,attr,omitempty"`
	MediaNS     string         `xml:"xmlns:media,attr"`
	DCNS        string         `xml:"xmlns:dc,attr"`
	HistoryNS   string         `xml:"xmlns:fh,attr,omitempty"`
	TombstoneNS string         `xml:"xmlns:at,attr,omitempty"`
	Link        []atomLink     `xml:"link"`
	Author      *atomPerson    `xml:"author"`
	Generator   *generator     `xml:"generator"`
	Archive     *struct{}      `xml:"fh:archive"`
	Deleted     []deletedEntry `xml:"at:deleted-entry"`
}

// A deletedEntry says that an entry was taken back (RFC 6721 §3).
type deletedEntry struct {
	Ref     string `xml:"ref,attr"`
	When    string `xml:"when,attr"`
	Comment string `xml:"at:comment,omitempty"`
}

// FeedXml makes the root this struct: the promoted method would quietly print
// the embedded one alone.
func (f *atomFeed) FeedXml() any { return f }

type generator struct {
	URI  string `xml:"uri,attr,omitempty"`
	Name string `xml:",chardata"`
}

type atomLink struct {
	Rel    string `xml:"rel,attr,omitempty"`
	Href   string `xml:"href,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Length string `xml:"length,attr,omitempty"`
	Title  string `xml:"title,attr,omitempty"`
}

type atomPerson struct {
	Name  string `xml:"name"`
	URI   string `xml:"uri,omitempty"`
	Email string `xml:"email,omitempty"`
}

type atomText struct {
	Type string `xml:"type,attr,omitempty"`
	Body string `xml:",chardata"`
}

type atomEntry struct {
	feeds.AtomEntry
	XMLName      xml.Name       `xml:"entry"`
	Lang         string         `xml:"xml:lang,attr,omitempty"`
	Title        atomText       `xml:"title"`
	Links        []atomLink     `xml:"link"`
	Authors      []*atomPerson  `xml:"author"`
	Contributors []*atomPerson  `xml:"contributor"`
	Category     []atomCategory `xml:"category"`
	Rights       string         `xml:"rights,omitempty"`
	Source       *atomSource    `xml:"source"`
	Summary      *atomText      `xml:"summary"`
	Content      *atomText      `xml:"content"`
	Publisher    string         `xml:"dc:publisher,omitempty"`
	Media        []mediaContent `xml:"media:content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomSource struct {
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  *atomPerson `xml:"author"`
	Rights  string      `xml:"rights,omitempty"`
}

// atomFrame prints a feed without its entries (RFC 4287 §4.1.1).
func atomFrame(h *head) (opening, closing []byte, err error) {
	e := &h.Edition
	f := &atomFeed{Lang: languageTag(e.Language), MediaNS: mediaNS, DCNS: dcNS, Generator: &generator{Name: "copydesk"}}
	f.Xmlns = atomNS
	f.Title = feedTitle(e)
	f.Id = e.ID()
	f.Updated = rfc3339(h.changed)
	f.Subtitle = line(e.Description)
	f.Link = []atomLink{
		{Rel: "self", Href: e.Address("atom"), Type: "application/atom+xml"},
		{Rel: "alternate", Href: e.Home(), Type: "text/html"},
	}
	for _, l := range relatedLinks(e, "atom") {
		f.Link = append(f.Link, atomLink{Rel: l.rel, Href: l.address, Type: l.mimeType})
	}
	if e.Page != "" {
		f.Archive, f.HistoryNS = &struct{}{}, historyNS
	}
	f.Author = &atomPerson{Name: unpaired(cmp.Or(line(e.House.Title), "copydesk")), URI: address(e.House.URL + "/")}
	for _, t := range h.gone {
		f.TombstoneNS = tombstoneNS
		f.Deleted = append(f.Deleted, deletedEntry{Ref: t.ref, When: t.when, Comment: t.reason})
	}
	return frame(e.House, f, "\n</feed>")
}

// A related document has an address in the feed's head.
type related struct{ rel, address, mimeType string }

// relatedLinks are the hub and the archive of a feed (WebSub §4, RFC 5005 §4).
func relatedLinks(e *edition.Edition, format string) []related {
	var out []related
	mimeType := "application/" + format + "+xml"
	if e.House.Hub != "" && e.Page == "" {
		out = append(out, related{rel: "hub", address: e.House.Hub})
	}
	if e.Page != "" {
		out = append(out, related{"current", e.House.FeedURL(e.Shelf, format), mimeType})
	}
	if e.Older != "" {
		out = append(out, related{"prev-archive", e.House.ArchiveURL(e.Shelf, e.Older, format), mimeType})
	}
	return out
}

// feedTitle is never blank: a feed must have a title.
func feedTitle(e *edition.Edition) string { return cmp.Or(line(e.Title), string(e.Shelf.Slug)) }

// atomEntryOf prints one entry (RFC 4287 §4.1.2).
func atomEntryOf(e *edition.Edition, a *news.Article, id string, updated time.Time) ([]byte, error) {
	en := &atomEntry{Lang: a.Language, Title: title(heading(a)), Rights: a.Rights, Source: sourceOf(e, a)}
	en.Id = id
	en.Published = rfc3339(a.Published.At)
	en.Updated = rfc3339(updated)
	en.Links = []atomLink{{Rel: "alternate", Href: articleLink(e.House, a), Type: "text/html"}}
	for _, at := range a.Attachments {
		en.Links = append(en.Links, atomLink{Rel: "enclosure", Href: at.URL, Type: at.MIMEType, Length: size(at.Size), Title: at.Title})
	}
	for _, p := range a.Byline.People {
		person := &atomPerson{Name: p.Name, URI: p.URL, Email: p.Email}
		if p.Role == news.Author {
			en.Authors = append(en.Authors, person)
		} else {
			en.Contributors = append(en.Contributors, person)
		}
	}
	if len(en.Authors) == 0 { // else it would inherit ours (RFC 4287 §4.2.1)
		en.Source.Author = &atomPerson{Name: cmp.Or(a.Credit.Name, en.Source.Title)}
	}
	for _, c := range a.Categories {
		en.Category = append(en.Category, atomCategory{Term: c})
	}
	if a.Summary != "" {
		en.Summary = &atomText{Type: "text", Body: a.Summary}
	}
	if a.ContentHTML != "" {
		en.Content = &atomText{Type: "html", Body: a.ContentHTML}
	}
	en.Publisher = line(a.Credit.Name)
	en.Media = pictures(a)
	return piecemeal(en, "  ")
}

// title is plain text unless readers would take it for markup all the same.
func title(s string) atomText {
	if strings.Contains(s, "</") || looksLikeEntity(s) {
		return atomText{Type: "html", Body: xmlEscaper.Replace(s)}
	}
	return atomText{Type: "text", Body: s}
}

func looksLikeEntity(s string) bool {
	_, rest, ok := strings.Cut(s, "&")
	return ok && rest != "" && (rest[0] == '#' || rest[0] >= 'a' && rest[0] <= 'z' || rest[0] >= 'A' && rest[0] <= 'Z')
}

// sourceOf credits the feed that an entry comes from (RFC 4287 §4.2.11).
func sourceOf(e *edition.Edition, a *news.Article) *atomSource {
	src := source(e, a)
	feedURL := address(src.URL)
	id := cmp.Or(feedURL, e.House.ID("sources/"+string(a.Source)))
	if uri(src.Feed.ID) {
		id = src.Feed.ID
	}
	out := &atomSource{
		ID:      id,
		Title:   unpaired(cmp.Or(line(src.Name), line(src.Feed.Title), string(a.Source), "Unnamed")),
		Updated: rfc3339(a.Updated),
		Rights:  cmp.Or(line(src.Rights), line(src.Feed.Rights)),
	}
	if feedURL != "" {
		out.Links = append(out.Links, atomLink{Rel: "self", Href: feedURL})
	}
	if home := cmp.Or(address(src.HomePage), address(src.Feed.HomePage)); home != "" {
		out.Links = append(out.Links, atomLink{Rel: "alternate", Href: home, Type: "text/html"})
	}
	return out
}

func size(n int64) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// stylesheet shows a person who opens the feed in a browser a readable page. A
// house may stand in a folder of its host.
func stylesheet(h edition.House) string {
	folder := ""
	if u, err := url.Parse(h.URL); err == nil {
		folder = xmlEscaper.Replace(u.EscapedPath())
	}
	return `<?xml-stylesheet type="text/css" href="` + folder + `/static/feed.css"?>` + "\n"
}

// frame prints a feed without entries, parted where they belong: before end.
func frame(h edition.House, f feeds.XmlFeed, end string) (opening, closing []byte, err error) {
	var b bytes.Buffer
	if err := feeds.WriteXML(f, &b); err != nil {
		return nil, nil, err
	}
	head, body, _ := bytes.Cut(b.Bytes(), []byte("?>"))
	i := bytes.LastIndex(body, []byte(end))
	if i < 0 {
		return nil, nil, fmt.Errorf("the library wrote no %q", end)
	}
	return slices.Concat(head, []byte("?>\n"+stylesheet(h)), bytes.TrimLeft(body[:i], "\n")), bytes.Clone(body[i:]), nil
}

// piecemeal prints one entry, on lines of its own that are indented by prefix.
func piecemeal(entry any, prefix string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('\n')
	enc := xml.NewEncoder(&b)
	enc.Indent(prefix, "  ")
	if err := enc.Encode(entry); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
