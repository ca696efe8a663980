package parse

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
)

// parseXML reads a whole document with the library's own parsers, which keep
// more than its universal feed does.
func parseXML(format string, data []byte) (*Feed, error) {
	if format == "atom" {
		f, err := (&atom.Parser{}).Parse(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		return fromAtom(f), nil
	}
	f, err := (&rss.Parser{}).Parse(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return fromRSS(f), nil
}

func fromRSS(f *rss.Feed) *Feed {
	out := &Feed{
		Format:      "rss",
		Version:     f.Version,
		Title:       Text{Body: f.Title},
		Description: Text{Body: f.Description},
		HomePage:    f.Link,
		Language:    f.Language,
		Rights:      f.Copyright,
		Pace: Pace{
			TTL:             f.TTL,
			SkipHours:       f.SkipHours,
			SkipDays:        f.SkipDays,
			UpdatePeriod:    first(f.Extensions, "sy", "updatePeriod"),
			UpdateFrequency: first(f.Extensions, "sy", "updateFrequency"),
		},
	}
	for _, it := range f.Items {
		out.Items = append(out.Items, rssItem(it))
	}
	return out
}

// restoreRSS puts back what the library does not hand on of a channel.
func (f *Feed) restoreRSS(o *original, ns spaces) {
	if e, ok := o.first("title", "atom:title", "dc:title", "itunes:title"); ok {
		f.Title = rssText(e)
	}
	if e, ok := o.first("description", "tagline", "subtitle", "atom:subtitle", "dc:description", "itunes:summary", "googleplay:description", "itunes:subtitle", "abstract"); ok {
		f.Description = rssText(e)
	}
	f.HomePage = cmp.Or(o.rssLink(), f.HomePage)
	f.ID = cmp.Or(f.ID, o.text("atom:id", "id"), attribute(o.tag, "about"))
	f.Language = cmp.Or(o.text("language", "dc:language"), f.Language, attribute(o.tag, "xml:lang"))
	f.Rights = cmp.Or(o.text(rssRights...), f.Rights)
	f.Authors = nil
	for _, field := range []string{"author", "dc:creator", "managingEditor", "itunes:author"} {
		f.Authors = append(f.Authors, o.channelPeople(ns, field)...)
	}
	if len(f.Authors) == 0 {
		f.Authors = o.channelPeople(ns, "webMaster")
	}
	f.Updated = o.dates([]string{"lastbuilddate", "pubdate", "dc:date", "atom:updated", "updated", "modified", "dcterms:modified"})
	for _, e := range o.kids {
		switch e.name {
		case "image":
			if inner, ok := child(e.inner, ns, "url"); ok {
				f.Image = cmp.Or(f.Image, o.address(e, inner.text()))
			}
			f.Image = cmp.Or(f.Image, o.address(e, e.attr("href")))
		case "itunes:image", "googleplay:image", "media:thumbnail", "media:content":
			if e.name == "media:content" && !strings.HasPrefix(e.attr("type"), "image") && !looksImage(e.attr("url")) {
				continue
			}
			f.Image = cmp.Or(f.Image, o.address(e, cmp.Or(e.attr("href"), e.attr("url"), e.text())))
		case "atom:link", "link":
			if href := e.attr("href"); href != "" {
				f.link(e.attr("rel"), o.address(e, href))
			}
		}
	}
	f.Image = cmp.Or(f.Image, o.text("logo", "atom:logo", "icon", "atom:icon"))
}

// channelPeople are those whom a channel names in one field.
func (o *original) channelPeople(ns spaces, field string) []Person {
	var out []Person
	for _, e := range o.kids {
		if named := rssPersons[e.name]; named != field && e.name != strings.ToLower(field) {
			continue
		}
		if e.name == "podcast:person" && !onAir(e) {
			continue
		}
		if p, ok := o.person(e, ns, field); ok {
			out = append(out, p)
		}
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
	out := Item{
		Link:    it.Link,
		Title:   Text{Body: it.Title},
		Summary: Text{Body: it.Description},
		Content: Text{Body: it.Content, Type: HTML},
	}
	if it.Source != nil {
		out.Origin = Origin{Name: it.Source.Title, URL: it.Source.URL}
	}
	for _, enc := range it.Enclosures {
		out.enclose(Enclosure{URL: enc.URL, Type: enc.Type, Length: enc.Length, Duration: first(it.Extensions, "itunes", "duration")})
	}
	media(&out, it.Extensions)
	return out
}

// The elements of an item that say the same thing, best first. Those of Atom
// and of older formats stand in RSS without a prefix, too.
var (
	rssTitles    = []string{"title", "atom:title", "dc:title", "media:title", "itunes:title"}
	rssSummaries = []string{"description", "summary", "atom:summary", "dc:description", "itunes:summary", "googleplay:description", "media:description", "dcterms:abstract", "abstract", "itunes:subtitle"}
	rssContents  = []string{"content:encoded", "encoded", "atom:content", "content", "xhtml:body", "xhtml:div", "body", "fullitem", "prodlink", "yandex:full-text", "full-text"}
	rssDates     = []string{"pubdate", "dc:date", "dcterms:issued", "atom:published", "published", "issued", "date", "prism:publicationdate", "dcterms:available", "dcterms:created", "created", "atom:issued", "atom:created", "dcterms:datecopyrighted", "dcterms:dateaccepted", "dcterms:datesubmitted", "dcterms:valid"}
	rssChanges   = []string{"atom:updated", "updated", "modified", "dcterms:modified", "atom:modified", "lastbuilddate"}
	sections     = []string{"slash:section", "prism:section"}
	rssLanguages = []string{"dc:language", "language"}
	rssRights    = []string{"copyright", "dc:rights", "rights", "atom:rights", "media:copyright"}
	rssOrigins   = []string{"dc:source", "dc:publisher", "ag:source"}
)

// restoreRSS puts back what the library does not hand on of an RSS item: ids
// and links as they were written, markup that stands bare, every author, and
// the elements of other formats.
func (it *Item) restoreRSS(o *original, ns spaces) {
	if e, ok := o.first(rssTitles...); ok {
		it.Title = rssText(e)
	}
	if e, ok := o.first(rssSummaries...); ok {
		it.Summary = rssText(e)
	}
	if e, ok := o.first(rssContents...); ok {
		it.Content = rssText(e)
		if it.Content.Type == Unstated {
			it.Content.Type = HTML
		}
	} else if e, ok := o.first("content:items"); ok {
		it.Content = inItems(e, ns)
	}
	o.take(&it.Language, &it.Fields.Language, rssLanguages...)
	o.take(&it.Rights, &it.Fields.Rights, rssRights...)
	it.rssIdentity(o)
	it.People = append(o.rssPeople(ns), it.People...)
	it.Dates = o.dates(rssDates, rssChanges)
	o.take(&it.Section, &it.Fields.Section, sections...)
	it.Categories = append(o.categories(ns), it.Categories...)
	it.rssCategories(o)
	it.rssOrigin(o, ns)
	it.rssFiles(o, ns)
}

// inItems is the first content of a bag of them, as the content module of RSS
// 1.0 had it before content:encoded.
func inItems(e element, ns spaces) Text {
	for _, name := range []string{"rdf:bag", "rdf:li", "content:item", "rdf:value"} {
		inner, ok := child(e.inner, ns, name)
		if !ok {
			return Text{}
		}
		e = inner
	}
	return unstated(e)
}

// rssText reads a text of RSS, or one that Atom lent it, which may say its type.
func rssText(e element) Text {
	if bytes.Contains(e.tag, []byte("type=")) || bytes.Contains(e.tag, []byte("mode=")) {
		return construct(e)
	}
	return unstated(e)
}

// rssIdentity takes the id as written. A guid that is a permalink is the link
// where no other is given.
func (it *Item) rssIdentity(o *original) {
	if e, ok := o.first("guid"); ok {
		it.ID = e.text()
		it.IDIsLink = !strings.EqualFold(strings.TrimSpace(e.attr("isPermaLink")), "false") && strings.HasPrefix(it.ID, "http")
	}
	it.Link = cmp.Or(o.rssLink(), it.Link)
	if origin := o.origin(); origin != "" {
		it.Link, it.Reader = origin, it.Link
	}
	if it.IDIsLink {
		it.Link = cmp.Or(it.Link, it.ID)
	}
	if it.ID == "" {
		it.ID = cmp.Or(o.text("atom:id", "id"), attribute(o.tag, "about"), o.text("dc:identifier"))
		if strings.HasPrefix(it.ID, "http") {
			it.Link = cmp.Or(it.Link, it.ID)
		}
	}
}

// origin is the address that an item had before a service that counts readers
// put its own there.
func (o *original) origin() string {
	if address := o.text("feedburner:origlink", "pheedo:origlink"); strings.HasPrefix(address, "http") {
		return address
	}
	return ""
}

// rssLink is the first link, in words, as Atom writes it or as the modules of
// RDF do.
func (o *original) rssLink() string {
	other := ""
	for _, e := range o.kids {
		switch e.name {
		case "link", "atom:link":
		case "l:link", "l:permalink":
			if rel := e.attr("rel"); rel == "" || rel == "permalink" || rel == "alternate" {
				other = cmp.Or(other, o.address(e, e.attr("resource")))
			}
			continue
		default:
			continue
		}
		if text := e.text(); text != "" {
			return o.address(e, text)
		}
		if rel := e.attr("rel"); rel == "" || rel == "alternate" {
			other = cmp.Or(other, o.address(e, e.attr("href")), o.address(e, e.attr("resource")), o.address(e, e.behind()))
		}
	}
	return other
}

// rssPersons give the fields in which RSS names people.
var rssPersons = map[string]string{
	"author": "author", "atom:author": "author", "dc:author": "author", "foaf:maker": "author",
	"dc:creator": "dc:creator", "creator": "dc:creator",
	"contributor": "contributor", "atom:contributor": "contributor", "dc:contributor": "contributor",
	"itunes:author": "itunes:author", "googleplay:author": "itunes:author", "podcast:person": "itunes:author",
}

// onAir reports a person of a podcast who makes it; guests only speak in it.
func onAir(e element) bool {
	switch strings.ToLower(e.attr("role")) {
	case "", "host", "co-host", "author", "writer", "reporter", "narrator":
		return true
	}
	return false
}

// rssPeople are all that are named, in document order; who published a podcast
// counts only where nobody else is named.
func (o *original) rssPeople(ns spaces) []Person {
	var out, podcast []Person
	for _, e := range o.kids {
		field, ok := rssPersons[e.name]
		if !ok || e.name == "podcast:person" && !onAir(e) {
			continue
		}
		for _, e := range each(e, ns) {
			p, ok := o.person(e, ns, field)
			switch {
			case !ok:
			case field == "itunes:author":
				podcast = append(podcast, p)
			default:
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		return podcast
	}
	return out
}

// dates are those of an item: first those of its appearance, then those of its
// changes.
func (o *original) dates(lists ...[]string) []Date {
	var out []Date
	for _, list := range lists {
		for _, name := range list {
			for _, e := range o.kids {
				if e.name == name {
					out = dated(out, dateField(name), e.text())
				}
			}
		}
	}
	return out
}

func dateField(name string) string {
	switch name {
	case "pubdate":
		return "pubDate"
	case "lastbuilddate":
		return "lastBuildDate"
	}
	return strings.TrimPrefix(name, "atom:")
}

// rssCategories adds the words that stand in attributes.
func (it *Item) rssCategories(o *original) {
	for _, e := range o.kids {
		switch e.name {
		case "atom:category", "itunes:category", "category":
			if name := cmp.Or(e.attr("label"), e.attr("term"), e.attr("text")); name != "" {
				it.Categories = append(it.Categories, name)
			}
		}
	}
}

// categories are what an item says in words that it is about, in document order; an
// element may hold several in a container of RDF, or in a list.
func (o *original) categories(ns spaces) []string {
	var out []string
	for _, e := range o.kids {
		switch e.name {
		case "category", "dc:subject", "itunes:keywords", "keywords":
		default:
			continue
		}
		for _, e := range each(e, ns) {
			if e.name != "category" {
				out = append(out, keywords(e.text())...)
			} else if name := e.text(); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}

// keywords are those of a list with commas of any script.
func keywords(list string) []string {
	var out []string
	for word := range strings.FieldsFuncSeq(list, comma) {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

func comma(r rune) bool { return strings.ContainsRune(",،、，", r) }

// rssOrigin is where the item says that it comes from.
func (it *Item) rssOrigin(o *original, ns spaces) {
	for _, e := range o.kids {
		switch {
		case e.name == "source" && !bareMarkup(e.inner):
			it.Origin.Name, it.Origin.Field = cmp.Or(e.text(), it.Origin.Name), e.name
			it.Origin.URL = cmp.Or(o.address(e, e.attr("url")), it.Origin.URL)
		case e.name == "source", e.name == "atom:source":
			it.atomSource(o, e, ns)
		}
	}
	it.originIn(o, rssOrigins...)
	it.Origin.URL = cmp.Or(it.Origin.URL, o.text("ag:sourceurl"))
}

// originIn takes the name of an item's origin from the first of these elements
// that has one, where nothing has named it yet.
func (it *Item) originIn(o *original, names ...string) {
	for _, name := range names {
		if it.Origin.Name == "" {
			it.Origin.Name, it.Origin.Field = o.text(name), name
		}
	}
}

// rssFiles adds pictures, and files that are not written as enclosures.
func (it *Item) rssFiles(o *original, ns spaces) {
	for _, e := range o.kids {
		switch e.name {
		case "itunes:image", "googleplay:image", "media:thumbnail", "image":
			it.picture(o.address(e, pictureOf(e, ns)), e.name)
		case "atom:link", "link":
			if e.attr("rel") == "enclosure" {
				it.enclose(Enclosure{URL: o.address(e, e.attr("href")), Type: e.attr("type"), Length: e.attr("length"), Title: e.attr("title")})
			}
		case "enclosure": // whose attributes are in other letters
			it.enclose(Enclosure{URL: o.address(e, cmp.Or(e.attr("url"), e.attr("href"))), Type: e.attr("type"), Length: e.attr("length")})
		case "enc:enclosure":
			it.enclose(Enclosure{URL: e.attr("resource"), Type: e.attr("type"), Length: e.attr("length")})
		}
	}
}

// picture takes an item's picture, unless it has one.
func (it *Item) picture(address, field string) {
	if it.Image == "" && address != "" {
		it.Image, it.Fields.Image = address, field
	}
}

// pictureOf is the address of a picture: an attribute, an element or the text.
func pictureOf(e element, ns spaces) string {
	if address := cmp.Or(e.attr("href"), e.attr("url"), e.attr("resource")); address != "" {
		return address
	}
	if inner, ok := child(e.inner, ns, "url"); ok {
		return inner.text()
	}
	if bareMarkup(e.inner) {
		return ""
	}
	return e.text()
}

// enclose adds a file that the item does not have yet.
func (it *Item) enclose(file Enclosure) {
	if file.URL == "" || len(it.Enclosures) > maxList || slices.ContainsFunc(it.Enclosures, func(e Enclosure) bool { return e.URL == file.URL }) {
		return
	}
	it.Enclosures = append(it.Enclosures, file)
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
