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

// atomFeed corrects the library's feed: a field with the same XML name, one
// level up, takes the place of the embedded one. Items come last.
type atomFeed struct {
	feeds.AtomFeed
	XMLName   xml.Name     `xml:"feed"`
	Lang      string       `xml:"xml:lang,attr,omitempty"`
	MediaNS   string       `xml:"xmlns:media,attr"`
	Link      []atomLink   `xml:"link"`
	Author    *atomPerson  `xml:"author"`
	Generator *generator   `xml:"generator"`
	Entries   []*atomEntry `xml:"entry"`
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

// Atom prints an edition as Atom 1.0 (RFC 4287).
func Atom(e *edition.Edition) ([]byte, error) {
	updated := spread(e.Articles)
	f := &atomFeed{Lang: e.Language, MediaNS: mediaNS, Generator: &generator{Name: "copydesk"}}
	f.Xmlns = "http://www.w3.org/2005/Atom"
	f.Title = plain(e.Title)
	f.Id = e.House.ID(string(e.Shelf.Kind) + "/" + string(e.Shelf.Slug))
	f.Updated = rfc3339(headTime(e, updated))
	f.Subtitle = plain(e.Description)
	f.Link = []atomLink{
		{Rel: "self", Href: e.House.FeedURL(e.Shelf, "atom"), Type: "application/atom+xml"},
		{Rel: "alternate", Href: e.House.PageURL(e.Shelf), Type: "text/html"},
	}
	f.Author = &atomPerson{Name: plain(e.House.Title), URI: e.House.URL + "/"}
	for i := range e.Articles {
		f.Entries = append(f.Entries, entry(e, &e.Articles[i], updated[i]))
	}
	return writeXML(e.House, f)
}

func entry(e *edition.Edition, a *news.Article, updated time.Time) *atomEntry {
	en := &atomEntry{Lang: a.Language, Title: title(heading(a)), Rights: plain(a.Rights), Source: sourceOf(e, a)}
	en.Id = plain(articleID(e.House, a))
	en.Published = rfc3339(a.Published.At)
	en.Updated = rfc3339(updated)
	en.Links = []atomLink{{Rel: "alternate", Href: articleLink(e.House, a), Type: "text/html"}}
	for _, at := range a.Attachments {
		en.Links = append(en.Links, atomLink{Rel: "enclosure", Href: at.URL, Type: at.MIMEType, Length: size(at.Size)})
	}
	for _, p := range a.Byline.People {
		person := &atomPerson{Name: plain(p.Name), URI: p.URL, Email: p.Email}
		if p.Role == news.Author {
			en.Authors = append(en.Authors, person)
		} else {
			en.Contributors = append(en.Contributors, person)
		}
	}
	if len(en.Authors) == 0 { // else it would inherit ours (RFC 4287 §4.2.1)
		en.Source.Author = &atomPerson{Name: plain(cmp.Or(a.Credit.Name, source(e, a).Name))}
	}
	for _, c := range a.Categories {
		if c = plain(c); c != "" {
			en.Category = append(en.Category, atomCategory{Term: c})
		}
	}
	switch {
	case a.ContentHTML != "":
		en.Content = &atomText{Type: "html", Body: plain(a.ContentHTML)}
		if a.Summary != "" {
			en.Summary = &atomText{Type: "text", Body: plain(a.Summary)}
		}
	case a.Summary != "":
		en.Summary = &atomText{Type: "text", Body: plain(a.Summary)}
	}
	en.Media = pictures(a)
	return en
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
	id := src.URL
	if u, err := url.Parse(src.Feed.ID); err == nil && u.IsAbs() && src.Feed.ID == strings.TrimSpace(src.Feed.ID) && !strings.ContainsAny(src.Feed.ID, " <>\"") {
		id = src.Feed.ID
	}
	if id == "" {
		id = e.House.ID("sources/" + string(a.Source))
	}
	out := &atomSource{
		ID:      id,
		Title:   plain(cmp.Or(src.Name, src.Feed.Title, string(a.Source))),
		Updated: rfc3339(a.Updated),
		Rights:  plain(cmp.Or(src.Rights, src.Feed.Rights)),
	}
	if src.URL != "" {
		out.Links = append(out.Links, atomLink{Rel: "self", Href: src.URL})
	}
	if home := cmp.Or(src.HomePage, src.Feed.HomePage); home != "" {
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

// writeXML prints a document and reads it again: what does not parse, or is
// too large, is never published.
func writeXML(h edition.House, f feeds.XmlFeed) ([]byte, error) {
	var b bytes.Buffer
	if err := feeds.WriteXML(f, &b); err != nil {
		return nil, err
	}
	head, body, _ := bytes.Cut(b.Bytes(), []byte("?>"))
	out := slices.Concat(head, []byte("?>\n"+stylesheet(h)), bytes.TrimLeft(body, "\n"))
	if len(out) > maxDocument {
		return nil, fmt.Errorf("the document has %d bytes, more than the %d that readers take (lower the channel's limit)", len(out), maxDocument)
	}
	return out, wellFormed(out)
}

func wellFormed(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.RawToken(); err != nil {
			if err.Error() == "EOF" {
				return nil
			}
			return fmt.Errorf("the document is not well-formed: %w", err)
		}
	}
}
