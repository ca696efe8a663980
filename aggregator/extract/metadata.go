package extract

import (
	"encoding/json"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"copydesk/aggregator/parse"
)

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
			if name := strings.ToLower(strings.TrimSpace(m.AttrOr(key, ""))); name != "" {
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

// linked is a page's JSON-LD: the article, and everything for what stands
// beside it.
type linked struct {
	article map[string]any
	nodes   []map[string]any
}

func readJSONLD(doc *goquery.Document) linked {
	var ld linked
	for _, s := range doc.Find(`script[type="application/ld+json"]`).EachIter() {
		var v any
		text := strings.TrimSpace(s.Text())
		text = strings.TrimSuffix(strings.TrimPrefix(text, "<!--"), "-->")
		if json.Unmarshal([]byte(cleanJSON(text)), &v) == nil {
			ld.collect(v)
		}
	}
	for _, n := range ld.nodes {
		if isArticle(n) && (ld.article == nil || richer(n, ld.article)) {
			ld.article = n
		}
	}
	return ld
}

// cleanJSON drops raw control characters, which JSON forbids and pages hold.
func cleanJSON(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}

func (ld *linked) collect(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			ld.collect(e)
		}
	case map[string]any:
		ld.nodes = append(ld.nodes, v)
		ld.collect(v["@graph"])
		ld.collect(v["mainEntity"])
	}
}

func isArticle(n map[string]any) bool {
	for _, t := range strs(n["@type"]) {
		if strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "BlogPosting") || t == "Report" || t == "Review" {
			return true
		}
	}
	return false
}

// richer prefers the article that is dated or has a headline; ties stay with
// the first.
func richer(a, b map[string]any) bool { return weight(a) > weight(b) }

func weight(n map[string]any) (w int) {
	for _, key := range []string{"headline", "datePublished", "author"} {
		if n[key] != nil {
			w++
		}
	}
	return w
}

func (ld linked) text(key string) string { return firstOf(ld.texts(key)...) }

func (ld linked) texts(key string) []string { return strs(ld.article[key]) }

// address is a URL given as text or as an object with one.
func (ld linked) address(key string) string {
	for _, e := range list(ld.article[key]) {
		if m, ok := e.(map[string]any); ok {
			e = m["url"]
		}
		if s := firstOf(strs(e)...); s != "" {
			return s
		}
	}
	return ""
}

func (ld linked) publisher() string {
	if m, ok := ld.article["publisher"].(map[string]any); ok {
		return firstOf(strs(m["name"])...)
	}
	return ""
}

func (ld linked) breadcrumb() []string {
	for _, n := range ld.nodes {
		if firstOf(strs(n["@type"])...) != "BreadcrumbList" {
			continue
		}
		var out []string
		for _, e := range list(n["itemListElement"]) {
			m, _ := e.(map[string]any)
			name := firstOf(strs(m["name"])...)
			if inner, ok := m["item"].(map[string]any); ok && name == "" {
				name = firstOf(strs(inner["name"])...)
			}
			if name != "" && !isLeaf(name) {
				out = append(out, name)
			}
		}
		return out
	}
	return nil
}

// people are the names that metadata gives, most telling first.
func people(doc *goquery.Document, ld linked, meta metaTags) []parse.Person {
	var out []parse.Person
	for _, role := range []struct{ key, role string }{{"author", "author"}, {"creator", "author"}, {"editor", "editor"}, {"translator", "translator"}} {
		for _, e := range list(ld.article[role.key]) {
			p := parse.Person{Field: "json-ld:" + role.key, Role: role.role}
			if m, ok := e.(map[string]any); ok {
				p.Name, p.URL = firstOf(strs(m["name"])...), firstOf(strs(m["url"])...)
			} else {
				p.Name = firstOf(strs(e)...)
			}
			out = appendPerson(out, p)
		}
	}
	for _, name := range meta.all("author", "byl", "dc.creator", "dcterms.creator", "article:author", "parsely-author", "sailthru.author", "authors", "cxenseparse:author") {
		out = appendPerson(out, parse.Person{Name: name, Field: "meta"})
	}
	for _, s := range doc.Find(`[itemprop~="author"], [rel~="author"], a[class*="author-name" i]`).EachIter() {
		if name := s.Find(`[itemprop~="name"]`).First(); name.Length() > 0 {
			s = name
		}
		out = appendPerson(out, parse.Person{Name: tidy(firstOf(s.AttrOr("content", ""), s.Text())), URL: s.AttrOr("href", ""), Field: "microdata"})
	}
	return out
}

// appendPerson leaves out blanks, addresses in place of names, and what has
// been said already.
func appendPerson(list []parse.Person, p parse.Person) []parse.Person {
	p.Name = tidy(p.Name)
	if p.Name == "" || len(p.Name) > 300 || strings.HasPrefix(p.Name, "http://") || strings.HasPrefix(p.Name, "https://") {
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
			if raw = tidy(raw); raw != "" && len(raw) < 100 {
				out = append(out, parse.Date{Raw: raw, Field: field})
			}
		}
	}
	add("datePublished", ld.texts("datePublished")...)
	add("datePublished", ld.texts("dateCreated")...)
	add("meta", meta.all("article:published_time", "og:published_time", "article:published", "article:post_date", "rnews:datepublished",
		"datepublished", "pubdate", "publishdate", "publish-date", "publish_date", "pubtime", "dc.date.issued", "dcterms.date", "dcterms.created",
		"dc.date", "date", "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "weibo: article:create_at")...)
	for _, s := range doc.Find(`[itemprop~="datePublished"]`).EachIter() {
		add("microdata", firstOf(s.AttrOr("datetime", ""), s.AttrOr("content", ""), s.Text()))
	}
	for _, line := range lines {
		add("visible", visibleDates(line)...)
	}
	for _, s := range doc.Find("article time, main time, time[pubdate], time").EachIter() {
		add("time", firstOf(s.AttrOr("datetime", ""), s.Text()))
	}
	add("dateModified", ld.texts("dateModified")...)
	add("article:modified_time", meta.all("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod")...)
	return out
}

// strs is every text in a JSON value that is a text or a list of texts.
func strs(v any) []string {
	var out []string
	for _, e := range list(v) {
		if s, ok := e.(string); ok {
			if s = tidy(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}
