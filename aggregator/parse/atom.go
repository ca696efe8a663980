package parse

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"
)

func fromAtom(f *atom.Feed) *Feed {
	out := &Feed{
		Format:      "atom",
		Version:     f.Version,
		ID:          f.ID,
		Title:       Text{Body: f.Title},
		Description: Text{Body: f.Subtitle},
		Language:    f.Language,
		Rights:      f.Rights,
		Image:       cmp.Or(f.Logo, f.Icon),
		Pace: Pace{
			UpdatePeriod:    first(f.Extensions, "sy", "updatePeriod"),
			UpdateFrequency: first(f.Extensions, "sy", "updateFrequency"),
		},
	}
	for _, e := range f.Entries {
		out.Items = append(out.Items, atomItem(e))
	}
	return out
}

func atomItem(e *atom.Entry) Item {
	out := Item{ID: e.ID, Title: Text{Body: e.Title}, Summary: Text{Body: e.Summary}, Rights: e.Rights}
	if e.Content != nil {
		out.Content = Text{Body: e.Content.Value, Type: contentType(e.Content.Type)}
	}
	for _, c := range e.Categories {
		if name := cmp.Or(c.Label, c.Term); name != "" {
			out.Categories = append(out.Categories, name)
		}
	}
	media(&out, e.Extensions)
	return out
}

// The elements of an Atom entry that say the same thing; some stand only in
// Atom 0.3, or come from other formats.
var (
	atomDates   = []string{"published", "issued", "pubdate", "dc:date", "dcterms:issued", "dcterms:available", "created", "dcterms:created", "dcterms:datecopyrighted", "dcterms:dateaccepted", "dcterms:datesubmitted", "dcterms:valid"}
	atomChanges = []string{"updated", "modified", "dcterms:modified"}
	atomRights  = []string{"rights", "copyright", "dc:rights", "media:copyright"}
	atomContent = []string{"content", "content:encoded", "xhtml:body", "body", "fullitem"}
)

// restoreAtom puts back what the library does not hand on of an entry: its id,
// which it rewrites as an address, the types of its texts, and people and links
// in the forms of other formats.
func (it *Item) restoreAtom(o *original, ns spaces) {
	it.ID = cmp.Or(o.text("id", "guid"), attribute(o.tag, "about"), it.ID)
	if e, ok := o.first("title", "dc:title", "media:title"); ok {
		it.Title = title(e)
	}
	if e, ok := o.first("summary", "dc:description", "description", "itunes:summary", "media:description", "dcterms:abstract", "itunes:subtitle"); ok {
		it.Summary = construct(e)
	}
	it.atomContent(o, ns)
	o.take(&it.Language, &it.Fields.Language, "dc:language")
	if e, ok := o.first(atomRights...); ok {
		it.Rights, it.Fields.Rights = construct(e).Body, e.name
	}
	it.People = append(o.atomPeople(ns), it.People...)
	it.Dates = o.dates(atomDates, atomChanges)
	it.Categories = append(it.Categories, o.categories(ns)...)
	it.atomLinks(o)
	it.Link = cmp.Or(o.origin(), it.Link)
	o.take(&it.Section, &it.Fields.Section, sections...)
	for _, e := range o.kids {
		switch e.name {
		case "source":
			it.atomSource(o, e, ns)
		case "itunes:image":
			it.picture(o.address(e, pictureOf(e, ns)), e.name)
		}
	}
	it.originIn(o, "dc:source", "dc:publisher")
}

// atomContent takes the fullest content: Atom 0.3 allows several, and several
// within one (multipart/alternative).
func (it *Item) atomContent(o *original, ns spaces) {
	var best Text
	for _, e := range o.kids {
		if e.name != "content" {
			continue
		}
		for _, t := range alternatives(e, ns) {
			if best.Body == "" || t.Type == HTML && best.Type != HTML {
				best = t
			}
		}
		if src := e.attr("src"); src != "" && len(e.inner) == 0 {
			it.atomOutOfLine(o.address(e, src), e.attr("type"))
		}
	}
	if best.Body == "" {
		if e, ok := o.first(atomContent...); ok {
			best = construct(e)
		}
	}
	it.Content = best
}

// atomOutOfLine notes content that stands elsewhere (RFC 4287 §4.1.3.2): a page
// is where the entry is read, anything else is a file.
func (it *Item) atomOutOfLine(address, kind string) {
	if kind == "" || strings.Contains(kind, "html") {
		it.Link = cmp.Or(it.Link, address)
		return
	}
	it.enclose(Enclosure{URL: address, Type: kind})
}

func alternatives(e element, ns spaces) []Text {
	if !strings.HasPrefix(strings.ToLower(e.attr("type")), "multipart/") {
		return []Text{construct(e)}
	}
	var out []Text
	for part := range children(e.inner, ns) {
		if part.name == "content" {
			out = append(out, construct(part))
		}
	}
	return out
}

// atomPersons give the fields in which Atom names people.
var atomPersons = map[string]string{"author": "author", "contributor": "contributor", "dc:creator": "dc:creator", "dc:contributor": "contributor", "dc:author": "author", "itunes:author": "itunes:author"}

func (o *original) atomPeople(ns spaces) []Person {
	var out []Person
	for _, e := range o.kids {
		field, ok := atomPersons[e.name]
		if !ok {
			continue
		}
		for _, e := range each(e, ns) {
			if p, ok := o.person(e, ns, field); ok {
				out = append(out, p)
			}
		}
	}
	return out
}

// relation is a link's relation: a registered one may be written as an address
// (RFC 4287 §4.2.7.2), and none means alternate.
func relation(e element) string {
	rel := strings.ToLower(strings.TrimSpace(e.attr("rel")))
	rel = strings.TrimPrefix(rel, "http://www.iana.org/assignments/relation/")
	return cmp.Or(rel, "alternate")
}

func (it *Item) atomLinks(o *original) {
	page := false
	for _, e := range o.kids {
		if e.name != "link" {
			continue
		}
		address, kind := o.address(e, cmp.Or(e.attr("href"), e.text())), e.attr("type")
		switch relation(e) {
		case "alternate":
			if it.Link == "" || !page && kind == "text/html" {
				it.Link = cmp.Or(address, it.Link)
			}
			page = page || kind == "text/html"
		case "enclosure":
			it.enclose(Enclosure{URL: address, Type: kind, Length: e.attr("length"), Title: e.attr("title"), Duration: o.text("itunes:duration")})
		case "http://opds-spec.org/image", "image", "preview":
			it.picture(address, "link")
		}
	}
	if it.Link == "" && strings.HasPrefix(it.ID, "http") {
		it.Link = it.ID
	}
}

// atomSource keeps where a planet's entry comes from; its authors stand in
// where the entry has none (RFC 4287 §4.2.11).
func (it *Item) atomSource(o *original, e element, ns spaces) {
	s := original{tag: e.tag, base: append(o.base[:len(o.base):len(o.base)], attribute(o.tag, "xml:base"))}
	s.read(e.inner, atomic(ns))
	origin := Origin{Name: s.text("title", "name"), URL: s.text("url"), ID: s.text("id")}
	if t, ok := s.first("title"); ok {
		origin.Name = construct(t).Body
	}
	for _, l := range s.kids {
		if l.name != "link" {
			continue
		}
		address := s.address(l, cmp.Or(l.attr("href"), l.text()))
		if e.attr("xml:base") != "" { // which is known to nobody outside
			address = resolved(address, s.bases(l)...)
		}
		if origin.URL == "" || relation(l) == "self" {
			origin.URL = cmp.Or(address, origin.URL)
		}
	}
	it.Origin = Origin{Name: cmp.Or(origin.Name, it.Origin.Name), URL: cmp.Or(origin.URL, it.Origin.URL), ID: cmp.Or(origin.ID, it.Origin.ID), Field: "source"}
	if !slices.ContainsFunc(it.People, author) {
		for _, p := range s.atomPeople(ns) {
			if author(p) {
				it.People = append(it.People, p)
			}
		}
	}
	it.Rights = cmp.Or(it.Rights, s.text(atomRights...))
	it.Language = cmp.Or(it.Language, attribute(e.tag, "xml:lang"))
}

// author reports a field that names authors.
func author(p Person) bool { return p.Field != "contributor" && p.Field != "media:credit" }

// atomic are the spaces in which Atom's elements are the format's own.
func atomic(ns spaces) spaces {
	if ns["format"] == "atom" {
		return ns
	}
	out := spaces{}
	for prefix, space := range ns {
		if space != "atom" {
			out[prefix] = space
		} else {
			out[prefix] = ""
		}
	}
	out["format"] = "atom"
	return out
}

// restoreAtom puts back what the library does not hand on of a feed's head.
func (f *Feed) restoreAtom(o *original, ns spaces) {
	f.ID = cmp.Or(o.text("id"), f.ID)
	if e, ok := o.first("title", "dc:title"); ok {
		f.Title = title(e)
	}
	if e, ok := o.first("subtitle", "tagline", "description", "dc:description", "info", "itunes:summary"); ok {
		f.Description = construct(e)
	}
	if e, ok := o.first(atomRights...); ok {
		f.Rights = construct(e).Body
	}
	f.Language = cmp.Or(attribute(o.tag, "xml:lang"), o.text("dc:language", "language"), f.Language)
	f.Authors = o.atomPeople(ns)
	f.Updated = o.dates([]string{"updated", "modified", "dc:date"})
	f.Image = ""
	for _, name := range []string{"logo", "icon", "itunes:image"} {
		if e, ok := o.first(name); ok {
			f.Image = cmp.Or(f.Image, o.address(e, e.text()))
		}
	}
	f.HomePage = ""
	page := false
	for _, e := range o.kids {
		if e.name != "link" {
			continue
		}
		rel, address := relation(e), o.address(e, cmp.Or(e.attr("href"), e.text()))
		if rel == "alternate" && e.attr("type") == "text/html" && !page {
			f.HomePage, page = address, true
		}
		f.link(rel, address)
	}
}
