package parse

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// parseXML reads a whole document with the library's own parsers, which keep
// more than its universal feed does.
func parseXML(format string, data []byte) (*Feed, error) {
	base := rootBase(data)
	if format == "atom" {
		f, err := (&atom.Parser{}).Parse(bytes.NewReader(prepare("atom", data)))
		if err != nil {
			return nil, err
		}
		return fromAtom(f, base), nil
	}
	f, err := (&rss.Parser{}).Parse(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return fromRSS(f, base, data), nil
}

// rootBase is the xml:base of the root element, as written.
func rootBase(data []byte) string {
	for t := range tags(data) {
		return attribute(t.raw, "xml:base")
	}
	return ""
}

// rootLanguage is the xml:lang of the root element.
func rootLanguage(data []byte) string {
	for t := range tags(data) {
		return attribute(t.raw, "xml:lang")
	}
	return ""
}

// attribute is the value of an attribute in a tag, as written.
func attribute(tag []byte, name string) string {
	i := bytes.Index(tag, []byte(name+"="))
	if i < 0 || i+len(name)+1 >= len(tag) {
		return ""
	}
	rest := tag[i+len(name)+1:]
	if rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	end := bytes.IndexByte(rest[1:], rest[0])
	if end < 0 {
		return ""
	}
	return string(rest[1 : end+1])
}

func fromRSS(f *rss.Feed, base string, data []byte) *Feed {
	out := &Feed{
		Format:      "rss",
		Version:     f.Version,
		Title:       Text{Body: f.Title},
		Description: Text{Body: f.Description},
		HomePage:    f.Link,
		Language:    cmp.Or(f.Language, first(f.Extensions, "dc", "language"), rootLanguage(data)),
		Rights:      cmp.Or(f.Copyright, first(f.Extensions, "dc", "rights")),
		Base:        base,
		Pace: Pace{
			TTL:             f.TTL,
			SkipHours:       f.SkipHours,
			SkipDays:        f.SkipDays,
			UpdatePeriod:    first(f.Extensions, "sy", "updatePeriod"),
			UpdateFrequency: first(f.Extensions, "sy", "updateFrequency"),
		},
	}
	if f.Image != nil {
		out.Image = f.Image.URL
	}
	out.Image = cmp.Or(out.Image, href(f.Extensions, "itunes", "image"))
	for _, l := range f.Extensions["atom"]["link"] {
		out.link(l.Attrs["rel"], l.Attrs["href"])
	}
	for _, name := range values(f.Extensions, "dc", "creator") {
		out.Authors = append(out.Authors, Person{Name: name, Field: "dc:creator"})
	}
	if f.ManagingEditor != "" {
		out.Authors = append(out.Authors, Person{Name: f.ManagingEditor, Field: "managingEditor"})
	}
	out.Authors = append(out.Authors, atomPeople(f.Extensions, "author")...)
	for _, name := range values(f.Extensions, "itunes", "author") {
		out.Authors = append(out.Authors, Person{Name: name, Field: "itunes:author"})
	}
	out.Updated = dated(nil, "lastBuildDate", f.LastBuildDate)
	out.Updated = dated(out.Updated, "pubDate", f.PubDate)
	out.Updated = dated(out.Updated, "dc:date", values(f.Extensions, "dc", "date")...)
	for _, it := range f.Items {
		out.Items = append(out.Items, rssItem(it))
	}
	return out
}

// link files an Atom link of the head.
func (f *Feed) link(rel, address string) {
	switch rel {
	case "self":
		f.Self = cmp.Or(f.Self, address)
	case "hub":
		f.Hubs = append(f.Hubs, address)
	case "alternate", "":
		f.HomePage = cmp.Or(f.HomePage, address)
	}
}

func rssItem(it *rss.Item) Item {
	e := it.Extensions
	out := Item{
		Link:     cmp.Or(it.Link, first(e, "feedburner", "origLink")),
		Title:    Text{Body: cmp.Or(it.Title, first(e, "media", "title"), first(e, "dc", "title"), first(e, "itunes", "title"))},
		Summary:  Text{Body: cmp.Or(it.Description, first(e, "itunes", "summary"), first(e, "media", "description"), first(e, "dcterms", "abstract"))},
		Content:  Text{Body: cmp.Or(it.Content, first(e, "content", "encoded"), first(e, "xhtml", "body"), it.Custom["fullitem"], first(e, "yandex", "full-text")), Type: HTML},
		Language: first(e, "dc", "language"),
		Rights:   first(e, "dc", "rights"),
	}
	for _, l := range e["atom"]["link"] {
		if rel := l.Attrs["rel"]; rel == "" || rel == "alternate" {
			out.Link = cmp.Or(out.Link, l.Attrs["href"])
		}
	}
	rssIdentity(&out, it)
	out.People = rssPeople(it)
	out.Dates = dated(nil, "pubDate", it.PubDate)
	out.Dates = dated(out.Dates, "dc:date", values(e, "dc", "date")...)
	out.Dates = dated(out.Dates, "dcterms:issued", append(values(e, "dcterms", "issued"), values(e, "dcterms", "created")...)...)
	out.Dates = dated(out.Dates, "published", values(e, "atom", "published")...)
	out.Dates = dated(out.Dates, "updated", values(e, "atom", "updated")...)
	out.Dates = dated(out.Dates, "dcterms:modified", values(e, "dcterms", "modified")...)
	for _, c := range it.Categories {
		out.Categories = append(out.Categories, c.Value)
	}
	out.Categories = append(out.Categories, values(e, "dc", "subject")...)
	out.Categories = append(out.Categories, values(e, "media", "category")...)
	if it.Source != nil {
		out.Origin = Origin{Name: it.Source.Title, URL: it.Source.URL}
	}
	out.Origin.Name = cmp.Or(out.Origin.Name, first(e, "dc", "source"), first(e, "dc", "publisher"))
	for _, enc := range it.Enclosures {
		out.Enclosures = append(out.Enclosures, Enclosure{URL: enc.URL, Type: enc.Type, Length: enc.Length, Duration: first(e, "itunes", "duration")})
	}
	media(&out, e)
	out.Image = cmp.Or(out.Image, href(e, "itunes", "image"))
	return out
}

// rssIdentity takes the id as written. A guid that is a permalink is the link
// where no other is given.
func rssIdentity(out *Item, it *rss.Item) {
	if it.GUID != nil && strings.TrimSpace(it.GUID.Value) != "" {
		out.ID = strings.TrimSpace(it.GUID.Value)
		out.IDIsLink = !strings.EqualFold(it.GUID.IsPermalink, "false") && strings.HasPrefix(out.ID, "http")
	}
	if out.Link == "" && out.IDIsLink {
		out.Link = out.ID
	}
	out.ID = cmp.Or(out.ID, first(it.Extensions, "atom", "id"))
}

func rssPeople(it *rss.Item) []Person {
	var out []Person
	add := func(field string, names ...string) {
		for _, n := range names {
			if strings.TrimSpace(n) != "" {
				out = append(out, Person{Name: n, Field: field})
			}
		}
	}
	add("author", it.Author)
	add("dc:creator", values(it.Extensions, "dc", "creator")...)
	out = append(out, atomPeople(it.Extensions, "author")...)
	out = append(out, atomPeople(it.Extensions, "contributor")...)
	add("contributor", values(it.Extensions, "dc", "contributor")...)
	if len(out) == 0 {
		add("itunes:author", values(it.Extensions, "itunes", "author")...)
	}
	return out
}

// atomPeople are Atom persons inside another format.
func atomPeople(e ext.Extensions, field string) []Person {
	var out []Person
	for _, a := range e["atom"][field] {
		p := Person{Name: childValue(a, "name"), Email: childValue(a, "email"), URL: childValue(a, "uri"), Field: field}
		if p.Name = cmp.Or(p.Name, a.Value); p.Name != "" || p.Email != "" {
			out = append(out, p)
		}
	}
	return out
}

// dated adds what is not blank.
func dated(list []Date, field string, raws ...string) []Date {
	for _, raw := range raws {
		if raw = strings.TrimSpace(raw); raw != "" {
			list = append(list, Date{Raw: raw, Field: field})
		}
	}
	return list
}
