package parse

import (
	"bytes"
	"html"
	"strings"
	"unicode/utf8"
)

// prepare makes one raw item fit for the parser: addresses stay as written
// (the parser's own resolving of xml:base is switched off), and texts, which
// are most of an item and are taken from the original, are not handed over.
func prepare(format string, o original) []byte {
	out := make([]byte, 0, min(len(o.raw), 2048)+64)
	at := 0
	for _, e := range o.kids {
		from := offset(o.raw, e.whole)
		out = append(out, withoutComments(withoutBase(o.raw[at:from]))...)
		at = from + len(e.whole)
		out = appendDressed(out, format, e)
	}
	rest := o.raw[at:]
	if len(o.kids) == maxKids { // nobody looks at more
		rest = rest[max(0, bytes.LastIndex(rest, []byte("</"))):]
	}
	out = append(out, withoutComments(withoutBase(rest))...)
	return withoutWindows(out)
}

// appendDressed adds one element as the parser should see it.
func appendDressed(out []byte, format string, e element) []byte {
	if holdsText(e.name) {
		return out
	}
	out = append(out, plainNames(format, withoutBase(e.tag))...)
	return append(out, withoutBase(e.whole[len(e.tag):])...)
}

// withoutComments leaves out comments: many hold two hyphens, which XML 1.0
// §2.5 does not allow, and no parser reads them.
func withoutComments(data []byte) []byte {
	if !bytes.Contains(data, commentStart) {
		return data
	}
	out := make([]byte, 0, len(data))
	for {
		i := bytes.Index(data, commentStart)
		if i < 0 {
			return append(out, data...)
		}
		n, _ := literal(data[i:])
		out, data = append(out, data[:i]...), data[i+n:]
	}
}

var commentStart = []byte("<!--")

// withoutBase gives xml:base a name that means nothing to the parser.
func withoutBase(data []byte) []byte { return rewriteTags(data, "xml:base", "our-base") }

// holdsText reports the elements that are read from the original: those in
// which HTML may stand.
func holdsText(name string) bool {
	switch name {
	case "title", "description", "summary", "content", "content:encoded", "encoded", "xhtml:body", "xhtml:div", "body", "fullitem", "prodlink",
		"atom:summary", "atom:content", "atom:title", "dc:title", "dc:description", "itunes:summary", "itunes:subtitle", "itunes:title",
		"googleplay:description", "yandex:full-text", "full-text", "subtitle", "tagline", "info", "abstract", "rights", "copyright", "atom:rights", "atom:subtitle":
		return true
	}
	return false
}

// smallCDATA reports a start of CDATA that is not in capitals.
func smallCDATA(data []byte) bool {
	return !bytes.HasPrefix(data, cdataStart) && bytes.EqualFold(data[:min(len(data), len(cdataStart))], cdataStart)
}

// capitalCDATA writes the starts of CDATA as XML 1.0 §2.7 has them: some
// programs write them in small letters.
func capitalCDATA(data []byte) []byte {
	out := bytes.Clone(data) // the body is the caller's
	for i := 0; ; i++ {
		j := bytes.Index(out[i:], []byte("<!["))
		if j < 0 {
			return out
		}
		if i += j; smallCDATA(out[i:]) {
			copy(out[i:], cdataStart)
		}
	}
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
		case c == '<' && bytes.HasPrefix(data, commentStart):
			n, _ := literal(data)
			data = data[n:]
		case c == '&':
			text, n := reference(data)
			out = append(out, text...)
			data = data[n:]
		case c == '<' && bareLess(data):
			out = append(out, "&lt;"...)
			data = data[1:]
		case c == '<' && bytes.HasPrefix(data, []byte("<![")): // conditions, as mail programs write them
			n, _ := tagAt(data)
			data = data[n:]
		case c == '<' && (nameStart(data[1]) || twicePrefixed(data)):
			n, t := tagAt(data)
			out = append(out, mendTag(t, data[:n])...)
			data = data[n:]
		case c == ']' && bytes.HasPrefix(data, cdataEnd):
			out = append(out, "]]&gt;"...)
			data = data[len(cdataEnd):]
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

// twicePrefixed reports a tag whose name has two colons.
func twicePrefixed(data []byte) bool {
	name, _ := tagName(data[:min(len(data), longestName)])
	return bytes.Count(name, []byte(":")) > 1
}

// mendTag writes a tag with its attributes quoted and escaped, and with one
// prefix at most.
func mendTag(t tag, raw []byte) []byte {
	if prefix, local, ok := strings.Cut(t.name, ":"); ok && strings.Contains(local, ":") {
		name := prefix + ":" + strings.ReplaceAll(local, ":", "-")
		raw = bytes.Replace(raw, []byte(t.name), []byte(name), 1)
		t.name = name
	}
	if t.name == "" || t.closing || len(raw) == len(t.name)+len("<>") {
		return raw
	}
	out := []byte("<" + t.name)
	for key, value := range attributes(raw) {
		if tagWord, _ := tagName([]byte("<" + key)); string(tagWord) != key {
			continue
		}
		out = append(out, " "+key+`="`+html.EscapeString(decoded(value))+`"`...)
	}
	if t.empty {
		out = append(out, '/')
	}
	return append(out, '>')
}

func onlyXML(r rune) rune {
	if notXML(r) {
		return -1
	}
	return r
}

// longestName bounds the search for the end of a tag's name, in bytes.
const longestName = 256

// bareLess reports a '<' that begins no tag.
func bareLess(data []byte) bool {
	if len(data) < 2 {
		return true
	}
	switch c := data[1]; {
	case c == '/', c == '!', c == '?':
		return false
	case !nameStart(c):
		return true
	}
	name, _ := tagName(data[:min(len(data), longestName)])
	return len(name) == 0
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
