package parse

import (
	"bytes"
	"cmp"
	"html"
	"strings"
)

// restore puts back what the library does not hand on as it was written: the
// id, which it rewrites as an address, and the base and language in force.
func restore(it *Item, raw []byte) {
	for t := range tags(raw) {
		it.Base = cmp.Or(it.Base, attribute(t.raw, "xml:base"))
		it.Language = cmp.Or(it.Language, attribute(t.raw, "xml:lang"))
		break
	}
	if id := childText(raw, "id", 1); id != "" {
		it.ID = id
		if strings.EqualFold(it.Link, id) {
			it.Link = id
		}
	}
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
