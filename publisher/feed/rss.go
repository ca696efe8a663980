package feed

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

const (
	mediaNS = "http://search.yahoo.com/mrss/"
	dcNS    = "http://purl.org/dc/elements/1.1/"
)

// rssRoot corrects the library's root: our namespaces, our channel.
type rssRoot struct {
	feeds.RssFeedXml
	XMLName xml.Name `xml:"rss"`
	AtomNS  string   `xml:"xmlns:atom,attr"`
	DCNS    string   `xml:"xmlns:dc,attr"`
	MediaNS string   `xml:"xmlns:media,attr"`
	HistNS  string   `xml:"xmlns:fh,attr,omitempty"`
	Channel *rssFeed `xml:"channel"`
}

// FeedXml makes the root this struct: the promoted method would quietly print
// the embedded one alone.
func (r *rssRoot) FeedXml() any { return r }

type rssFeed struct {
	feeds.RssFeed
	XMLName     xml.Name  `xml:"channel"`
	Title       rawXML    `xml:"title"`
	Description rawXML    `xml:"description"`
	Links       []rssLink `xml:"atom:link"`
	Archive     *struct{} `xml:"fh:archive"`
}

// rawXML is text that is escaped already.
type rawXML struct {
	Body string `xml:",innerxml"`
}

type rssLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type rssItem struct {
	feeds.RssItem
	XMLName     xml.Name       `xml:"item"`
	Title       *rawXML        `xml:"title"`
	Description *rawXML        `xml:"description"`
	Content     *rawXML        `xml:"content:encoded"`
	Creators    []rawXML       `xml:"dc:creator"`
	Contributor []rawXML       `xml:"dc:contributor"`
	Category    []rawXML       `xml:"category"`
	Publisher   *rawXML        `xml:"dc:publisher"` // who made the copy: its credit
	Rights      *rawXML        `xml:"dc:rights"`
	Language    string         `xml:"dc:language,omitempty"`
	Source      *rssSource     `xml:"source"`
	Updated     string         `xml:"atom:updated,omitempty"`
	Media       []mediaContent `xml:"media:content"`
}

type rssSource struct {
	URL  string `xml:"url,attr"`
	Name string `xml:",innerxml"`
}

type mediaContent struct {
	URL    string        `xml:"url,attr"`
	Medium string        `xml:"medium,attr,omitempty"`
	Width  int           `xml:"width,attr,omitempty"`
	Height int           `xml:"height,attr,omitempty"`
	Type   string        `xml:"type,attr,omitempty"`
	Size   string        `xml:"fileSize,attr,omitempty"`
	Title  string        `xml:"media:title,omitempty"`
	Text   string        `xml:"media:description,omitempty"`
	Credit []mediaCredit `xml:"media:credit"`
}

type mediaCredit struct {
	Role string `xml:"role,attr"`
	Name string `xml:",chardata"`
}

// rssFrame prints a channel without its items.
func rssFrame(h *head) (opening, closing []byte, err error) {
	e := &h.Edition
	ch := &rssFeed{
		Title:       rawXML{rssText(feedTitle(e))},
		Description: rawXML{rssText(cmp.Or(line(e.Description), feedTitle(e)))},
		Links:       []rssLink{{Href: e.Address("rss"), Rel: "self", Type: "application/rss+xml"}},
	}
	for _, l := range relatedLinks(e, "rss") {
		ch.Links = append(ch.Links, rssLink{Href: l.address, Rel: l.rel, Type: l.mimeType})
	}
	ch.Link = e.Home()
	ch.Language = languageTag(e.Language)
	ch.Generator = "copydesk"
	ch.LastBuildDate = rfc822(h.changed)
	root := &rssRoot{AtomNS: atomNS, DCNS: dcNS, MediaNS: mediaNS, Channel: ch}
	if e.Page != "" {
		ch.Archive, root.HistNS = &struct{}{}, historyNS
	}
	root.Version = "2.0"
	root.ContentNamespace = "http://purl.org/rss/1.0/modules/content/"
	return frame(e.House, root, "\n  </channel>")
}

// rssEntry prints one item.
func rssEntry(e *edition.Edition, a *news.Article, id string, updated time.Time) ([]byte, error) {
	it := &rssItem{Language: a.Language}
	it.Link = articleLink(e.House, a)
	it.PubDate = rfc822(a.Published.At)
	it.Guid = &feeds.RssGuid{Id: id, IsPermaLink: "false"}
	if updated.Sub(a.Published.At) >= time.Second {
		it.Updated = rfc3339(updated)
	}
	it.Title = text(a.Title)
	it.Description = described(a)
	if it.Title == nil && it.Description == nil {
		it.Title = text(heading(a)) // RSS wants one of the two
	}
	if a.ContentHTML != "" {
		it.Content = &rawXML{markupText(a.ContentHTML)}
	}
	for _, p := range a.Byline.People {
		switch p.Role {
		case news.Author:
			it.Creators = append(it.Creators, rawXML{rssText(p.Name)})
		case news.Photographer:
			if a.Image == nil { // else the name stands with the picture
				it.Contributor = append(it.Contributor, rawXML{rssText(p.Name)})
			}
		default:
			it.Contributor = append(it.Contributor, rawXML{rssText(p.Name)})
		}
	}
	for _, c := range a.Categories {
		it.Category = append(it.Category, rawXML{rssText(c)})
	}
	it.Publisher = text(a.Credit.Name)
	it.Rights = text(a.Rights)
	if src := source(e, a); address(src.URL) != "" {
		it.Source = &rssSource{URL: address(src.URL), Name: rssText(cmp.Or(line(src.Name), string(a.Source), "Unnamed"))}
	}
	enclose(it, a)
	return piecemeal(it, "    ")
}

// described is an item's description. It is HTML, so text is escaped twice; an
// item with a text alone is described by how it begins, since readers may know
// no other element.
func described(a *news.Article) *rawXML {
	short := a.Summary
	if short == "" && a.Title == "" {
		short = heading(a)
	}
	if short == "" || short == untitled {
		return nil
	}
	return &rawXML{markupText(xmlEscaper.Replace(short))}
}

func text(s string) *rawXML {
	if s = rssText(strings.TrimSpace(s)); s == "" {
		return nil
	}
	return &rawXML{s}
}

// enclose puts the first file that is fully known into the one enclosure that
// RSS has, and the picture and the other files into Media RSS.
func enclose(it *rssItem, a *news.Article) {
	for _, at := range a.Attachments {
		if it.Enclosure == nil && at.Size > 0 && at.MIMEType != "" {
			it.Enclosure = &feeds.RssEnclosure{Url: at.URL, Length: fmt.Sprint(at.Size), Type: at.MIMEType}
			continue
		}
		it.Media = append(it.Media, mediaContent{URL: at.URL, Type: at.MIMEType, Size: size(at.Size), Title: at.Title})
	}
	it.Media = append(pictures(a), it.Media...)
}

// pictures is the article's picture with who made it.
func pictures(a *news.Article) []mediaContent {
	if a.Image == nil {
		return nil
	}
	m := mediaContent{URL: a.Image.URL, Medium: "image", Width: a.Image.Width, Height: a.Image.Height, Text: cmp.Or(a.Image.Caption, line(a.Image.Alt))}
	for _, p := range a.Byline.With(news.Photographer) {
		m.Credit = append(m.Credit, mediaCredit{Role: "photographer", Name: p.Name})
	}
	if len(m.Credit) == 0 && a.Image.Credit != "" {
		m.Credit = []mediaCredit{{Role: "photographer", Name: a.Image.Credit}}
	}
	return []mediaContent{m}
}
