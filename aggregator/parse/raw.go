package parse

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"html"
	"regexp"
	"slices"
	"strings"
)

// restore puts back what the library does not hand on as it was written: of
// Atom the id, which it rewrites as an address, and the types of its texts; of
// either format the base and language in force, and every author.
func restore(format string, it *Item, raw []byte) {
	if format == "rss" && bytes.Count(raw, []byte("<author")) < 2 && !bytes.Contains(raw, []byte("xml:")) {
		return // nothing was lost, as in most items
	}
	depth, authors := 0, []string(nil)
	for t := range tags(raw) {
		switch {
		case t.closing:
			depth--
			continue
		case depth == 0:
			it.Base = cmp.Or(it.Base, attribute(t.raw, "xml:base"))
			it.Language = cmp.Or(it.Language, attribute(t.raw, "xml:lang"))
		case depth == 1 && format == "atom":
			it.restoreAtom(t, raw)
		case depth == 1 && t.name == "author":
			if name := textAfter(raw, t.raw); name != "" {
				authors = append(authors, name)
			}
		}
		if depth == 1 {
			it.restoreLanguage(t)
		}
		if !t.empty {
			depth++
		}
	}
	if len(authors) > 1 {
		it.restoreAuthors(authors)
	}
}

// restoreAtom looks at one child of an entry.
func (it *Item) restoreAtom(t tag, raw []byte) {
	kind := contentType(attribute(t.raw, "type"))
	switch t.name {
	case "id":
		id := textAfter(raw, t.raw)
		if id == "" {
			return
		}
		it.ID = id
		if strings.EqualFold(it.Link, id) {
			it.Link = id
		}
	case "title":
		text := cmp.Or(textAfter(raw, t.raw), it.Title.Body)
		if kind == Plain || kind == Unstated && !escapedMarkup.MatchString(text) {
			it.Title = Text{Body: text, Type: Plain, Lang: it.Title.Lang}
		}
	case "link":
		if attribute(t.raw, "href") == "" && !t.empty {
			it.Link = cmp.Or(it.Link, textAfter(raw, t.raw))
		}
	case "content":
		if attribute(t.raw, "mode") != "base64" {
			return
		}
		if text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(textAfter(raw, t.raw)), "")); err == nil {
			it.Content.Body = string(text)
		}
	}
}

// escapedMarkup is what many write into a title without saying that it is HTML.
// By RFC 4287 §3.1.1 it would be text; readers have learnt better.
var escapedMarkup = regexp.MustCompile(`</|&(?:[a-zA-Z]+|#\w+);`)

// restoreLanguage notes the language that one child names for itself.
func (it *Item) restoreLanguage(t tag) {
	lang := attribute(t.raw, "xml:lang")
	if lang == "" {
		return
	}
	switch t.name {
	case "title":
		it.Title.Lang = lang
	case "content", "content:encoded":
		it.Content.Lang = lang
	case "summary", "description":
		it.Summary.Lang = lang
	}
}

// restoreAuthors puts all authors where the library left the last.
func (it *Item) restoreAuthors(names []string) {
	list := slices.DeleteFunc(it.People, func(p Person) bool { return p.Field == "author" })
	all := make([]Person, 0, len(names)+len(list))
	for _, name := range names {
		all = append(all, Person{Name: name, Field: "author"})
	}
	it.People = append(all, list...)
}

// childText is the text of the first element of a name at a depth, as written.
func childText(raw []byte, name string, at int) string {
	depth := 0
	for t := range tags(raw) {
		switch {
		case t.closing:
			depth--
		case !t.empty:
			if t.name == name && depth == at {
				return textAfter(raw, t.raw)
			}
			depth++
		}
	}
	return ""
}

// textAfter is the text between a start tag within data and the next tag.
func textAfter(data, start []byte) string {
	offset := cap(data) - cap(start) + len(start) // start is a slice of data
	rest := data[offset:]
	if trimmed := bytes.TrimSpace(rest); bytes.HasPrefix(trimmed, []byte("<![CDATA[")) {
		n, whole := literal(trimmed)
		if whole {
			return strings.TrimSpace(string(trimmed[len("<![CDATA[") : n-len("]]>")]))
		}
	}
	end := bytes.IndexByte(rest, '<')
	if end < 0 {
		return ""
	}
	return strings.TrimSpace(html.UnescapeString(string(rest[:end])))
}
