package parse

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf8"
)

// prepare makes one raw item fit for the parser: addresses stay as written
// (the parser's own resolving of xml:base is switched off), HTML is handed over
// unread, and markup that stands bare where text belongs is wrapped.
func prepare(format string, item []byte) []byte {
	if format == "atom" {
		item = rewriteTags(item, "xml:base", "our-base")
		item = rewriteTags(item, `type="html"`, `type="text/html"`)
		return rewriteTags(item, `type='html'`, `type='text/html'`)
	}
	for _, name := range []string{"content:encoded", "description", "xhtml:body"} {
		item = wrap(item, name)
	}
	return item
}

// wrap puts bare markup inside <name> into CDATA, as it was meant.
func wrap(item []byte, name string) []byte {
	end := []byte("</" + name + ">")
	i := bytes.Index(item, []byte("<"+name))
	if i < 0 {
		return item
	}
	n := tagEnd(item[i:])
	if n < 0 || item[i+len(name)+1] != '>' && item[i+len(name)+1] != ' ' || item[i+n-2] == '/' {
		return item
	}
	i += n
	j := bytes.Index(item, end)
	if j < i { // it does not end, or ends before it begins
		return item
	}
	inner := item[i:j]
	if !bareMarkup(inner) {
		return item
	}
	out := make([]byte, 0, len(item)+12)
	out = append(out, item[:i]...)
	out = append(out, "<![CDATA["...)
	out = append(out, inner...)
	out = append(out, "]]>"...)
	return append(out, item[j:]...)
}

// bareMarkup reports elements in a text; comments and CDATA are none.
func bareMarkup(inner []byte) bool {
	if bytes.Contains(inner, []byte("<![CDATA[")) || bytes.Contains(inner, []byte("]]>")) {
		return false
	}
	for range tags(inner) {
		return true
	}
	return false
}

// xmlEntities need no mending.
var xmlEntities = map[string]bool{"amp": true, "lt": true, "gt": true, "quot": true, "apos": true}

// mend repairs what keeps a fragment from being XML: raw ampersands, HTML's
// entities, and characters that XML does not have.
func mend(data []byte) []byte {
	out := make([]byte, 0, len(data)+64)
	for len(data) > 0 {
		switch c := data[0]; {
		case c == '<' && bytes.HasPrefix(data, []byte("<![CDATA[")):
			n, whole := literal(data)
			out = append(out, bytes.Map(onlyXML, data[:n])...)
			if !whole {
				out = append(out, "]]>"...)
			}
			data = data[n:]
		case c == '&':
			text, n := reference(data)
			out = append(out, text...)
			data = data[n:]
		case c == '<' && bareLess(data):
			out = append(out, "&lt;"...)
			data = data[1:]
		case c < utf8.RuneSelf:
			if !notXML(rune(c)) {
				out = append(out, c)
			}
			data = data[1:]
		default:
			r, n := utf8.DecodeRune(data)
			if !notXML(r) {
				out = append(out, data[:n]...)
			}
			data = data[n:]
		}
	}
	return out
}

func onlyXML(r rune) rune {
	if notXML(r) {
		return -1
	}
	return r
}

// bareLess reports a '<' that begins no tag.
func bareLess(data []byte) bool {
	if len(data) < 2 {
		return true
	}
	c := data[1]
	return !(c == '/' || c == '!' || c == '?' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_')
}

// reference reads what follows an ampersand: it gives what to write and how
// many bytes it stands for.
func reference(data []byte) (string, int) {
	end := bytes.IndexByte(data[:min(len(data), 34)], ';')
	if end < 2 {
		return "&amp;", 1
	}
	name := string(data[1:end])
	whole := string(data[:end+1])
	switch {
	case xmlEntities[name]:
		return whole, end + 1
	case name[0] == '#':
		if r := html.UnescapeString(whole); r != whole && !strings.ContainsFunc(r, notXML) {
			return whole, end + 1
		}
		return "", end + 1
	}
	if text := html.UnescapeString(whole); text != whole {
		return html.EscapeString(text), end + 1
	}
	return "&amp;", 1
}

// notXML reports characters that XML 1.0 §2.2 does not have.
func notXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffd || r == 0xfffe || r == 0xffff
}
