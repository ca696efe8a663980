package parse

import (
	"cmp"
	"strings"

	"github.com/mmcdole/gofeed/atom"
)

func fromAtom(f *atom.Feed, base string) *Feed {
	out := &Feed{
		Format:      "atom",
		Version:     f.Version,
		ID:          f.ID,
		Title:       Text{Body: f.Title},
		Description: Text{Body: f.Subtitle},
		Language:    f.Language,
		Rights:      f.Rights,
		Image:       cmp.Or(f.Logo, f.Icon),
		Base:        base,
		Authors:     people("author", f.Authors),
		Updated:     dated(nil, "updated", f.Updated),
		Pace: Pace{
			UpdatePeriod:    first(f.Extensions, "sy", "updatePeriod"),
			UpdateFrequency: first(f.Extensions, "sy", "updateFrequency"),
		},
	}
	for _, l := range f.Links {
		out.link(l.Rel, l.Href)
	}
	for _, e := range f.Entries {
		out.Items = append(out.Items, atomItem(e))
	}
	return out
}

func people(field string, list []*atom.Person) []Person {
	var out []Person
	for _, p := range list {
		if p.Name != "" || p.Email != "" {
			out = append(out, Person{Name: p.Name, Email: p.Email, URL: p.URI, Field: field})
		}
	}
	return out
}

func atomItem(e *atom.Entry) Item {
	x := e.Extensions
	out := Item{
		ID:         e.ID,
		Title:      Text{Body: e.Title},
		Summary:    Text{Body: e.Summary},
		Rights:     e.Rights,
		Language:   first(x, "dc", "language"),
		People:     append(people("author", e.Authors), people("contributor", e.Contributors)...),
		Categories: atomCategories(e.Categories),
	}
	for _, name := range values(x, "dc", "creator") {
		out.People = append(out.People, Person{Name: name, Field: "dc:creator"})
	}
	if e.Content != nil {
		out.Content = Text{Body: e.Content.Value, Type: contentType(e.Content.Type)}
	}
	atomLinks(&out, e.Links)
	out.Dates = dated(nil, "published", e.Published)
	out.Dates = dated(out.Dates, "issued", values(x, "atom", "issued")...)
	out.Dates = dated(out.Dates, "dc:date", values(x, "dc", "date")...)
	out.Dates = dated(out.Dates, "updated", e.Updated)
	atomSource(&out, e.Source)
	media(&out, x)
	out.Categories = append(out.Categories, values(x, "dc", "subject")...)
	return out
}

func contentType(t string) TextType {
	switch {
	case t == "text", t == "text/plain":
		return Plain
	case t == "":
		return Unstated
	}
	return HTML
}

func atomCategories(list []*atom.Category) []string {
	var out []string
	for _, c := range list {
		out = append(out, cmp.Or(c.Label, c.Term))
	}
	return out
}

func atomLinks(out *Item, links []*atom.Link) {
	for _, l := range links {
		switch l.Rel {
		case "alternate", "":
			if out.Link == "" || l.Type == "text/html" && l.Rel == "alternate" {
				out.Link = cmp.Or(l.Href, out.Link)
			}
		case "enclosure":
			out.Enclosures = append(out.Enclosures, Enclosure{URL: l.Href, Type: l.Type, Length: l.Length, Title: l.Title})
		case "http://opds-spec.org/image", "image", "preview":
			out.Image = cmp.Or(out.Image, l.Href)
		}
	}
	if out.Link == "" && strings.HasPrefix(out.ID, "http") {
		out.Link = out.ID
	}
}

// atomSource keeps where a planet's entry comes from; its authors stand in
// where the entry has none (RFC 4287 §4.2.11).
func atomSource(out *Item, s *atom.Source) {
	if s == nil {
		return
	}
	out.Origin = Origin{Name: s.Title, ID: s.ID}
	for _, l := range s.Links {
		if l.Rel == "self" || out.Origin.URL == "" {
			out.Origin.URL = l.Href
		}
	}
	if len(out.People) == 0 {
		out.People = people("author", s.Authors)
	}
	out.Rights = cmp.Or(out.Rights, s.Rights)
}
