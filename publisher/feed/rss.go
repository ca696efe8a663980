package feed

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

const mediaNS = "http://search.yahoo.com/mrss/"

// rssRoot corrects the library's root: our namespaces, our channel.
type rssRoot struct {
	feeds.RssFeedXml
	XMLName xml.Name `xml:"rss"`
	AtomNS  string   `xml:"xmlns:atom,attr"`
	DCNS    string   `xml:"xmlns:dc,attr"`
	MediaNS string   `xml:"xmlns:media,attr"`
	Channel *rssFeed `xml:"channel"`
}

// FeedXml makes the root this struct: the promoted method would quietly print
// the embedded one alone.
func (r *rssRoot) FeedXml() any { return r }

type rssFeed struct {
	feeds.RssFeed
	XMLName     xml.Name   `xml:"channel"`
	Title       rawXML     `xml:"title"`
	Description rawXML     `xml:"description"`
	Self        []rssLink  `xml:"atom:link"`
	Items       []*rssItem `xml:"item"`
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

// RSS prints an edition as RSS 2.0.
func RSS(e *edition.Edition) ([]byte, error) {
	updated := spread(e.Articles)
	ch := &rssFeed{
		Title:       rawXML{rssText(e.Title)},
		Description: rawXML{rssText(orTitle(e.Description, e.Title))},
		Self:        []rssLink{{Href: e.House.FeedURL(e.Shelf, "rss"), Rel: "self", Type: "application/rss+xml"}},
	}
	ch.Link = e.House.PageURL(e.Shelf)
	ch.Language = e.Language
	ch.Generator = "copydesk"
	ch.LastBuildDate = rfc822(headTime(e, updated))
	for i := range e.Articles {
		ch.Items = append(ch.Items, item(e, &e.Articles[i], updated[i]))
	}
	root := &rssRoot{
		AtomNS: "http://www.w3.org/2005/Atom", DCNS: "http://purl.org/dc/elements/1.1/", MediaNS: mediaNS, Channel: ch,
	}
	root.Version = "2.0"
	root.ContentNamespace = "http://purl.org/rss/1.0/modules/content/"
	return writeXML(e.House, root)
}

func orTitle(description, title string) string {
	if strings.TrimSpace(description) == "" {
		return title
	}
	return description
}

func item(e *edition.Edition, a *news.Article, updated time.Time) *rssItem {
	it := &rssItem{Language: a.Language}
	it.Link = articleLink(e.House, a)
	it.PubDate = rfc822(a.Published.At)
	it.Guid = &feeds.RssGuid{Id: plain(articleID(e.House, a)), IsPermaLink: "false"}
	if updated.Sub(a.Published.At) >= time.Second {
		it.Updated = rfc3339(updated)
	}
	it.Title = text(a.Title)
	if it.Title == nil && a.Summary == "" && a.ContentHTML == "" {
		it.Title = text(heading(a)) // RSS wants a title or a description
	}
	if a.Summary != "" {
		// RSS descriptions are HTML, so text is escaped twice.
		it.Description = &rawXML{markupText(xmlEscaper.Replace(a.Summary))}
	}
	if a.ContentHTML != "" {
		it.Content = &rawXML{markupText(a.ContentHTML)}
	}
	for _, p := range a.Byline.People {
		switch p.Role {
		case news.Author:
			it.Creators = append(it.Creators, rawXML{rssText(p.Name)})
		case news.Photographer: // stands with the picture
		default:
			it.Contributor = append(it.Contributor, rawXML{rssText(p.Name)})
		}
	}
	for _, c := range a.Categories {
		if c = rssText(c); c != "" {
			it.Category = append(it.Category, rawXML{c})
		}
	}
	it.Rights = text(a.Rights)
	if src := source(e, a); src.URL != "" {
		it.Source = &rssSource{URL: src.URL, Name: rssText(src.Name)}
	}
	enclose(it, a)
	return it
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
		it.Media = append(it.Media, mediaContent{URL: at.URL, Type: at.MIMEType, Size: size(at.Size), Title: plain(at.Title)})
	}
	it.Media = append(pictures(a), it.Media...)
}

// pictures is the article's picture with who made it.
func pictures(a *news.Article) []mediaContent {
	if a.Image == nil {
		return nil
	}
	m := mediaContent{URL: a.Image.URL, Medium: "image", Text: plain(a.Image.Caption)}
	for _, p := range a.Byline.With(news.Photographer) {
		m.Credit = append(m.Credit, mediaCredit{Role: "photographer", Name: plain(p.Name)})
	}
	if len(m.Credit) == 0 && a.Image.Credit != "" {
		m.Credit = []mediaCredit{{Role: "photographer", Name: plain(a.Image.Credit)}}
	}
	return []mediaContent{m}
}
