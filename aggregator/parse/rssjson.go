package parse

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// rssInJSON rewrites RSS 2.0 that is told in JSON (the convention of
// scripting.com: an object "rss" with its channel, items in a list) as the XML
// that it stands for; nil when data is no such thing.
func rssInJSON(data []byte) []byte {
	var doc struct {
		RSS struct {
			Version any
			Channel map[string]any
		}
	}
	if json.Unmarshal(data, &doc) != nil || doc.RSS.Channel == nil {
		return nil
	}
	var b strings.Builder
	b.WriteString(`<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>`)
	elements(&b, doc.RSS.Channel, 0)
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

// elements writes the members of an object, in the order of their names: a list
// is an element for each of its members. Names of modules that we do not know
// are left out, since nothing declares their prefix.
func elements(b *strings.Builder, members map[string]any, depth int) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		prefix, _, prefixed := strings.Cut(name, ":")
		if depth > 4 || !isName(name) || prefixed && prefix != "dc" && prefix != "content" {
			continue
		}
		list, many := members[name].([]any)
		if !many {
			list = []any{members[name]}
		}
		for _, value := range list {
			writeElement(b, name, value, depth)
		}
	}
}

// writeElement writes one: an object is attributes and, as #value, text; an item's
// is its elements.
func writeElement(b *strings.Builder, name string, value any, depth int) {
	members, object := value.(map[string]any)
	switch {
	case value == nil:
	case object && (name == "item" || name == "image"):
		b.WriteString("<" + name + ">")
		elements(b, members, depth+1)
		b.WriteString("</" + name + ">")
	case object:
		b.WriteString("<" + name)
		for _, key := range slices.Sorted(maps.Keys(members)) {
			if isName(key) && !strings.Contains(key, ":") {
				b.WriteString(" " + key + `="` + escaped(members[key]) + `"`)
			}
		}
		b.WriteString(">" + escaped(members["#value"]) + "</" + name + ">")
	default:
		b.WriteString("<" + name + ">" + escaped(value) + "</" + name + ">")
	}
}

// escaped is a JSON scalar as XML text; anything else is nothing.
func escaped(value any) string {
	switch value.(type) {
	case string, float64, bool:
	default:
		return ""
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(fmt.Sprint(value))) // a builder takes everything
	return b.String()
}

// isName reports a name that an element or attribute may have.
func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r != ':' && r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}
