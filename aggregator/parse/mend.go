package parse

import (
	"bytes"
	"html"
	"strings"
)

// prepare makes one raw item fit for the parser: addresses stay as written
// (the parser's own resolving of xml:base is switched off), HTML is handed over
// unread, and markup that stands bare where text belongs is wrapped.
func prepare(format string, item []byte) []byte {
	if format == "atom" {
		if bytes.Contains(item, []byte("xml:base")) {
			item = bytes.ReplaceAll(item, []byte("xml:base"), []byte("our-base"))
		}
		if bytes.Contains(item, []byte(`type="html"`)) {
			item = bytes.ReplaceAll(item, []byte(`type="html"`), []byte(`type="text/html"`))
		}
		if bytes.Contains(item, []byte(`type='html'`)) {
			item = bytes.ReplaceAll(item, []byte(`type='html'`), []byte(`type='text/html'`))
		}
		return item
	}
	for _, name := range []string{"content:encoded", "description"} {
		item = wrap(item, name)
	}
	return item
}

// wrap puts bare markup inside <name> into CDATA, as it was meant.
func wrap(item []byte, name string) []byte {
	open, end := []byte("<"+name+">"), []byte("</"+name+">")
	i := bytes.Index(item, open)
	if i < 0 {
		return item
	}
	i += len(open)
	j := bytes.Index(item, end)
	if j < i { // it does not end, or ends before it begins
		return item
	}
	inner := item[i:j]
	lt := bytes.IndexByte(inner, '<')
	if lt < 0 || bytes.HasPrefix(inner[lt:], []byte("<![CDATA[")) || bytes.Contains(inner, []byte("]]>")) {
		return item
	}
	out := make([]byte, 0, len(item)+12)
	out = append(out, item[:i]...)
	out = append(out, "<![CDATA["...)
	out = append(out, inner...)
	out = append(out, "]]>"...)
	return append(out, item[j:]...)
}

// xmlEntities need no mending.
var xmlEntities = map[string]bool{"amp": true, "lt": true, "gt": true, "quot": true, "apos": true}

// mend repairs what keeps a fragment from being XML: raw ampersands, HTML's
// entities, references to characters that XML does not have, and tags left
// open at the end.
func mend(data []byte) []byte {
	out := mendHead(data)
	return append(out, unclosed(out)...)
}

// mendHead is mend for what is open by nature: it closes nothing.
func mendHead(data []byte) []byte {
	out := make([]byte, 0, len(data)+64)
	for len(data) > 0 {
		if bytes.HasPrefix(data, []byte("<![CDATA[")) {
			n := bytes.Index(data, []byte("]]>"))
			if n < 0 {
				out = append(out, data...)
				out = append(out, "]]>"...)
				break
			}
			out = append(out, data[:n+3]...)
			data = data[n+3:]
			continue
		}
		switch c := data[0]; {
		case c == '&':
			text, n := reference(data)
			out = append(out, text...)
			data = data[n:]
		case c == '<' && bareLess(data):
			out = append(out, "&lt;"...)
			data = data[1:]
		default:
			out = append(out, c)
			data = data[1:]
		}
	}
	return out
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

// unclosed are end tags for what a fragment leaves open at its end.
func unclosed(data []byte) string {
	var open []string
	for name, end := range tags(data) {
		if !end {
			open = append(open, name)
			continue
		}
		for i := len(open) - 1; i >= 0; i-- {
			if open[i] == name {
				open = open[:i]
				break
			}
		}
	}
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</" + open[i] + ">")
	}
	return b.String()
}
