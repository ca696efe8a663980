package parse

import (
	"bytes"
	"html"
	"iter"
	"strings"
	"unicode/utf8"
)

// An element is a child of an item or of a head, as written.
type element struct {
	name  string // as it is usually written: "title", "dc:creator"; lower case
	tag   []byte // the start tag
	inner []byte // between the start and the end tag
	whole []byte // with its tags
}

// attr is the value of an attribute, whatever its prefix; only xml:base and
// xml:lang are asked for by their whole names.
func (e element) attr(name string) string { return attribute(e.tag, name) }

// text is what an element says in words.
func (e element) text() string { return strings.TrimSpace(characters(e.inner)) }

// body is a text that has more to it than words: a blank that XML does not know may be
// half of a character that was read wrongly. CDATA that was escaped as it is, and again
// put around it, is none of it.
func (e element) body() string {
	s := characters(e.inner)
	if inner, ok := strings.CutPrefix(s, string(cdataStart)); ok {
		s = strings.TrimSuffix(inner, string(cdataEnd))
	}
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return s
}

// behind is the address that stands behind an empty element: HTML's link has no
// content, and what writes HTML ends it before.
func (e element) behind() string {
	text := characters(upTo(e.whole[len(e.whole):cap(e.whole)], '<'))
	if len(e.inner) > 0 || !strings.HasPrefix(text, "http") {
		return ""
	}
	return text
}

// children are the elements directly within data, past what stands around
// them. An element ends at its own end tag, whatever was left open inside; one
// that has no end tag holds the text behind its start. After the first of those
// it is noted where the end tags of each name end, and after some no end is looked
// for any more: each search may read all that follows.
func children(data []byte, ns spaces) iter.Seq[element] {
	return func(yield func(element) bool) {
		endless := 0
		var ends map[string]int // nil until there was one
		for i := 0; i < len(data); {
			j := bytes.IndexByte(data[i:], '<')
			if j < 0 || i+j+1 >= len(data) {
				return
			}
			i += j
			n, t := tagAt(data[i:])
			i += n
			if t.name == "" || t.closing {
				continue
			}
			e := element{name: ns.name(t), tag: t.raw, whole: t.raw}
			if !t.empty {
				if endless == 1 && ends == nil {
					ends = lastEnds(data, i)
				}
				var size, end int
				if endless < maxEndless && (ends == nil || ends[folded(t.name)] > i) {
					size, end = extent(data[i:], t.name)
				} else {
					size, end = textExtent(data[i:])
				}
				if size == end {
					endless++
				}
				e.inner = data[i : i+size]
				e.whole = data[i-n : i+end]
				i += end
			}
			if !yield(e) {
				return
			}
		}
	}
}

// lastEnds is where the last end tag of each folded name ends in data, looked for
// from a place between two tokens on.
func lastEnds(data []byte, from int) map[string]int {
	out := map[string]int{}
	for t := range tags(data[from:]) {
		if t.closing {
			out[folded(t.name)] = offset(data, t.raw) + len(t.raw)
		}
	}
	return out
}

// extent is how much stands before an element's end tag, and where that ends.
func extent(data []byte, name string) (size, end int) {
	open := 1
	for i := 0; i < len(data); {
		j := bytes.IndexByte(data[i:], '<')
		if j < 0 || i+j+1 >= len(data) {
			break
		}
		i += j
		n, t := tagAt(data[i:])
		if strings.EqualFold(t.name, name) {
			switch {
			case t.closing:
				open--
			case !t.empty:
				open++
			}
			if open == 0 {
				return i, i + n
			}
		}
		i += n
	}
	return textExtent(data)
}

// maxEndless is how many elements without an end tag are put up with.
const maxEndless = 20

// textExtent is the extent of an element that has no end tag.
func textExtent(data []byte) (size, end int) {
	if i := bytes.IndexByte(data, '<'); i >= 0 && !bytes.HasPrefix(data[i:], cdataStart) {
		return i, i
	}
	return len(data), len(data)
}

// child is the first element of a name directly within data.
func child(data []byte, ns spaces, name string) (element, bool) {
	for e := range children(data, ns) {
		if e.name == name {
			return e, true
		}
	}
	return element{}, false
}

// offset is where part, a slice of data, begins in it.
func offset(data, part []byte) int { return cap(data) - cap(part) }

// attribute is the value of an attribute in a start tag. Attributes of a
// prefix are found by their local name.
func attribute(tag []byte, name string) string {
	if !containsFold(tag, name) {
		return ""
	}
	for key, value := range attributes(tag) {
		local := key
		if !strings.HasPrefix(name, "xml:") {
			local = key[strings.LastIndexByte(key, ':')+1:]
		}
		if strings.EqualFold(local, name) {
			return decoded(value)
		}
	}
	return ""
}

func containsFold(data []byte, word string) bool {
	if bytes.Contains(data, []byte(word)) {
		return true
	}
	return len(data) < 4<<10 && bytes.Contains(bytes.ToLower(data), []byte(strings.ToLower(word)))
}

// attributes are those of a start tag, as written.
func attributes(tag []byte) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		s := string(tag)
		i := strings.IndexAny(s, " \t\r\n")
		for i >= 0 && i < len(s) {
			s = strings.TrimLeft(s[i:], " \t\r\n/")
			eq := strings.IndexByte(s, '=')
			if eq <= 0 {
				return
			}
			key := strings.TrimSpace(s[:eq])
			if k := strings.LastIndexAny(key, " \t\r\n"); k >= 0 { // attributes without a value
				key = key[k+1:]
			}
			s = strings.TrimLeft(s[eq+1:], " \t\r\n")
			if s == "" {
				return
			}
			value := ""
			if s[0] == '"' || s[0] == '\'' {
				end := strings.IndexByte(s[1:], s[0])
				if end < 0 {
					return
				}
				value, i = s[1:end+1], end+2
			} else if i = strings.IndexAny(s, " \t\r\n>"); i >= 0 {
				value = s[:i]
			}
			if !yield(key, value) {
				return
			}
		}
	}
}

// characters is the character data in a piece of XML: CDATA as it stands,
// references decoded, tags and comments left out, and white space of XML around it.
func characters(data []byte) string {
	if text, ok := careless(data); ok {
		return text
	}
	if bytes.IndexByte(data, '<') < 0 {
		return strings.Trim(decoded(string(data)), blanks)
	}
	var b strings.Builder
	for len(data) > 0 {
		i := bytes.IndexByte(data, '<')
		if i < 0 {
			break
		}
		b.WriteString(decoded(string(data[:i])))
		data = data[i:]
		n := 1
		if len(data) > 1 {
			var t tag
			n, t = tagAt(data)
			if t.name == "" && n == 1 {
				b.WriteByte('<')
			}
		}
		if bytes.HasPrefix(data, cdataStart) {
			b.Write(bytes.TrimSuffix(data[len(cdataStart):n], cdataEnd))
		}
		data = data[n:]
	}
	b.WriteString(decoded(string(data)))
	return strings.Trim(b.String(), blanks)
}

// blanks are the white space of XML 1.0 §2.3.
const blanks = " \t\r\n"

// careless is what was meant by a text that was put into CDATA as it was, and
// holds what ends CDATA: all up to the last end.
func careless(data []byte) (text string, ok bool) {
	data = bytes.TrimSpace(data)
	if !bytes.HasPrefix(data, cdataStart) || !bytes.HasSuffix(data, cdataEnd) || bytes.Count(data, cdataEnd) == 1 || bytes.Count(data, cdataStart) > 1 {
		return "", false
	}
	return string(bytes.Trim(data[len(cdataStart):len(data)-len(cdataEnd)], blanks)), true
}

var (
	cdataStart = []byte("<![CDATA[")
	cdataEnd   = []byte("]]>")
)

// decoded reads the references of a text once, and only those that end in a
// semicolon: "&copy=2" in an address is no copyright sign.
func decoded(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		end := strings.IndexByte(s[:min(len(s), 40)], ';')
		if end < 2 {
			b.WriteByte('&')
			s = s[1:]
			continue
		}
		text := html.UnescapeString(s[:end+1])
		if text == html.UnescapeString(s[:end])+";" { // it was no reference, or one that did not need the end
			b.WriteByte('&')
			s = s[1:]
			continue
		}
		b.WriteString(text)
		s = s[end+1:]
	}
	b.WriteString(s)
	return b.String()
}

// markup is a piece of XML as HTML: CDATA as text, prefixes gone, and empty
// elements with an end, which HTML would else miss.
func markup(data []byte) string {
	data = rebased(data)
	var b strings.Builder
	b.Grow(len(data))
	for len(data) > 0 {
		i := bytes.IndexByte(data, '<')
		if i < 0 || i+1 >= len(data) {
			break
		}
		b.Write(data[:i])
		data = data[i:]
		n, t := tagAt(data)
		raw := data[:n]
		data = data[n:]
		switch {
		case bytes.HasPrefix(raw, cdataStart):
			b.WriteString(html.EscapeString(string(bytes.TrimSuffix(raw[len(cdataStart):], cdataEnd))))
		case t.name == "" && n == 1:
			b.WriteString("&lt;")
		case t.name == "" || t.closing && void(t.name):
		default:
			writeTag(&b, t)
		}
	}
	b.Write(data)
	return strings.TrimSpace(b.String())
}

func writeTag(b *strings.Builder, t tag) {
	local := t.name[strings.LastIndexByte(t.name, ':')+1:]
	rest := t.raw[bytes.Index(t.raw, []byte(t.name))+len(t.name):]
	if t.closing {
		b.WriteString("</" + local + ">")
		return
	}
	b.WriteString("<" + local)
	if t.empty && !void(local) {
		b.Write(bytes.TrimRight(bytes.TrimSuffix(rest, []byte("/>")), " "))
		b.WriteString("></" + local + ">")
		return
	}
	b.Write(rest)
}

// void elements of HTML have no content and no end.
func void(name string) bool {
	switch strings.ToLower(name) {
	case "br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "param", "source", "track", "wbr":
		return true
	}
	return false
}

// looksMarkedUp reports a text of which nobody said what it is, and which has what
// only HTML has: tags or a reference.
func looksMarkedUp(s string) bool {
	return looksTagged(s) || strings.IndexByte(s, '&') >= 0 && decoded(s) != s
}

// looksTagged reports an end tag or an element that needs none, a comment, or an
// instruction as word processors write it into HTML. A name in angle
// brackets alone is not enough ("the <blink> tag").
func looksTagged(s string) bool {
	if opensTagged(s) {
		return true
	}
	for i := strings.IndexByte(s, '<'); i >= 0; {
		rest := s[i+1:]
		name := strings.ToLower(rest[:wordEnd(rest)])
		if strings.HasPrefix(rest, "!--") || strings.HasPrefix(rest, "?xml") || strings.HasPrefix(rest, "/") && wordEnd(rest[1:]) > 0 || void(name) || name == "p" {
			return true
		}
		next := strings.IndexByte(rest, '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return false
}

// openers are elements that open a text: those that may do without an end tag (HTML
// §13.1.2.4), and those whose end a teaser cut to length has lost.
var openers = map[string]bool{
	"li": true, "dt": true, "dd": true, "rt": true, "rp": true, "optgroup": true, "option": true, "colgroup": true, "caption": true,
	"thead": true, "tbody": true, "tfoot": true, "tr": true, "td": true, "th": true,
	"div": true, "section": true, "article": true, "figure": true, "blockquote": true, "center": true, "ul": true, "ol": true, "dl": true, "table": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "a": true, "span": true, "font": true, "strong": true, "em": true, "b": true, "i": true,
}

// opensTagged reports a text that such an element opens. Who writes of one puts a
// blank behind it.
func opensTagged(s string) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(s), "<")
	if !ok || !openers[strings.ToLower(rest[:wordEnd(rest)])] {
		return false
	}
	end := strings.IndexByte(rest, '>')
	return end > 0 && end+1 < len(rest) && rest[end+1] != ' '
}

func wordEnd(s string) int {
	for i, r := range s {
		if r >= utf8.RuneSelf || !nameByte(byte(r)) {
			return i
		}
	}
	return len(s)
}
