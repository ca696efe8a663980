package extract

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"copydesk/aggregator/parse"
)

// maxValues is how many values of one kind of metadata are read.
const maxValues = 200

// metaTags are a page's meta elements by lower-case name or property.
type metaTags map[string][]string

func readMeta(doc *goquery.Document) metaTags {
	tags := metaTags{}
	for _, m := range doc.Find("meta").EachIter() {
		content := tidy(m.AttrOr("content", ""))
		if content == "" {
			continue
		}
		for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
			name := strings.ToLower(strings.TrimSpace(m.AttrOr(key, "")))
			if name != "" && len(tags[name]) < maxValues {
				tags[name] = append(tags[name], content)
			}
		}
	}
	return tags
}

// first is the first value of the first of names that has one.
func (t metaTags) first(names ...string) string {
	for _, n := range names {
		if v := t[n]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

func (t metaTags) all(names ...string) []string {
	var out []string
	for _, n := range names {
		out = append(out, t[n]...)
	}
	return out
}

// people are the names that metadata gives, most telling first. Names in the
// page itself count only where its head gives no author: they may be those of
// other articles.
func people(doc *goquery.Document, ld linked, meta metaTags) []parse.Person {
	var out []parse.Person
	for _, role := range []struct{ key, role string }{{"author", "author"}, {"creator", "author"}, {"editor", "editor"}, {"translator", "translator"}} {
		for _, e := range list(ld.article[role.key]) {
			p := parse.Person{Field: "json-ld:" + role.key, Role: role.role, Name: ld.named(e)}
			if m := ld.object(e); m != nil {
				p.URL = firstOf(strs(m["url"])...)
			}
			out = appendPerson(out, p)
		}
	}
	for _, name := range meta.all("author", "byl", "dc.creator", "dcterms.creator", "article:author", "parsely-author", "sailthru.author", "authors", "cxenseparse:author") {
		out = appendPerson(out, parse.Person{Name: name, Field: "meta"})
	}
	if slices.ContainsFunc(out, func(p parse.Person) bool { return p.Role == "" || p.Role == "author" }) {
		return out
	}
	for _, s := range doc.Find(`[itemprop~="author"], [rel~="author"], a[class*="author-name" i]`).EachIter() {
		if len(out) == maxValues {
			break
		}
		if beside(s) {
			continue
		}
		p := parse.Person{URL: s.AttrOr("href", ""), Field: "microdata"}
		if name := s.Find(`[itemprop~="name"]`).First(); name.Length() > 0 {
			s = name
		}
		p.Name = firstOf(s.AttrOr("content", ""), briefOf(s, maxCreditLine))
		out = appendPerson(out, p)
	}
	return out
}

// appendPerson leaves out blanks, addresses in place of names, and what has
// been said already.
func appendPerson(list []parse.Person, p parse.Person) []parse.Person {
	p.Name = tidy(p.Name)
	if p.Name == "" || len(p.Name) > maxCreditLine || len(list) == maxValues || hasPrefixFold(p.Name, "http://", "https://", "//") {
		return list
	}
	for _, have := range list {
		if have.Name == p.Name {
			return list
		}
	}
	return append(list, p)
}

// dates are the moments that the page states, most telling first: JSON-LD,
// meta tags, microdata, then what is visible.
func dates(doc *goquery.Document, ld linked, meta metaTags, lines []string) []parse.Date {
	var out []parse.Date
	add := func(field string, raws ...string) {
		for _, raw := range raws {
			if raw = tidy(raw); raw != "" && len(raw) < 100 && len(out) < maxValues {
				out = append(out, parse.Date{Raw: raw, Field: field})
			}
		}
	}
	add("datePublished", ld.texts("datePublished")...)
	add("datePublished", ld.texts("dateCreated")...)
	add("meta", meta.all("article:published_time", "og:published_time", "article:published", "article:post_date", "rnews:datepublished",
		"datepublished", "pubdate", "publishdate", "publish-date", "publish_date", "pubtime", "dc.date.issued", "dcterms.date", "dcterms.created",
		"dc.date", "date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "weibo: article:create_at")...)
	elements(doc, `[itemprop~="datePublished"]`, func(raw string) { add("microdata", raw) })
	for _, line := range lines {
		add("visible", visibleDates(line)...)
	}
	elements(doc, "article time, main time, time[pubdate], time", func(raw string) { add("time", raw) })
	add("dateModified", ld.texts("dateModified")...)
	add("article:modified_time", meta.all("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod")...)
	return out
}

// elements tells the moments of some elements of the article, in page order.
func elements(doc *goquery.Document, selector string, tell func(raw string)) {
	for i, s := range doc.Find(selector).EachIter() {
		if i == maxValues {
			return
		}
		if !beside(s) {
			tell(firstOf(s.AttrOr("datetime", ""), s.AttrOr("content", ""), briefOf(s, maxCreditLine)))
		}
	}
}
