package parse

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
)

var errDeep = errors.New("the document nests its elements too deeply to be a feed")

// longestTag bounds the search for a tag's end, in bytes: a quote that was
// never closed must not make the scan read the document again and again.
const longestTag = 64 << 10

// cut finds the items by a scan from '<' to '<'. Where the document has a
// shape that the scan cannot be sure of, it leaves pieces nil and the whole
// document is parsed.
func (d *Document) cut() error {
	s := scanner{data: d.data, format: d.format, open: -1}
	s.run()
	if s.small {
		d.data = capitalCDATA(d.data)
		return d.cut()
	}
	if s.ill && !d.repaired {
		return d.repair()
	}
	d.loose = s.pieces
	if s.torn {
		d.torn = xxhash.Sum64(bytes.TrimSpace(d.data[s.ended():])) | 1 // never 0, which means whole
	}
	switch none := len(s.pieces) == 0 && s.last == nil; {
	case none && d.deep:
		return errDeep
	case none, s.unsure, s.nested && !d.repaired:
		return nil
	}
	return d.takeApart(&s)
}

// takeApart makes the head, the pieces and the tail of what the scan found. The
// scan reads no names of end tags: where one of the head is mistyped, an element
// frames the items that holds none.
func (d *Document) takeApart(s *scanner) error {
	first := s.open
	if len(s.pieces) > 0 {
		first = s.pieces[0][0]
	}
	open := unclosed(s.data[:first])
	switch {
	case len(open) == 0: // items without a root
		return nil
	case !d.repaired && slices.ContainsFunc(open, func(t tag) bool { return !frames(t.name) }):
		return d.repair()
	}
	frame := startTags(open)
	d.head, d.lead = s.head(first), first
	if !s.torn {
		d.tail = d.data[s.pieces[len(s.pieces)-1][1]:]
	} else {
		d.warn("the document breaks off before its end")
	}
	d.keep(s.pieces, xxhash.Sum64(frame))
	d.unnameCommon()
	d.noteShared()
	named := hasID
	if d.nameless() {
		ns := spacesOf(d.format, frame)
		named = func(raw []byte) bool { return linked(raw, ns) }
	}
	if raw := salvaged(s.last, named); raw != nil {
		d.pieces = append(d.pieces, piece{raw: raw, torn: true})
	}
	if d.deep && d.pieces == nil {
		return errDeep
	}
	return nil
}

// repair mends a document that the scan found damaged, and cuts it again.
func (d *Document) repair() error {
	r := repaired(d.data, d.format)
	d.data, d.repaired, d.deep = r.out, true, r.deep
	if r.changed {
		d.warn("the document was damaged and mended")
	}
	if r.deep {
		d.warn("the document nests its elements too deeply; the deepest were left out, and their words kept")
	}
	return d.cut()
}

// keep notes the items, each with a hash of its bytes and of what they mean
// them in: the tags around them, with namespaces, base and language.
func (d *Document) keep(pieces [][2]int, frame uint64) {
	if len(pieces) > maxItems {
		pieces = pieces[:maxItems]
		d.warn(tooMany)
	}
	for _, p := range pieces {
		raw := d.data[p[0]:p[1]]
		next := piece{raw: raw}
		if hasID(raw) {
			next.hash = xxhash.Sum64(raw) ^ frame | 1 // never 0, which means unknown
		}
		d.pieces = append(d.pieces, next)
	}
}

// salvaged is what can be had of an item that breaks off: what it says in
// words, as far as it goes, but no half an id or address. An item that breaks
// off before it is named as the others are is nobody's.
func salvaged(raw []byte, named func([]byte) bool) []byte {
	raw = bytes.TrimSuffix(bytes.TrimRight(raw, blanks), []byte("<")) // of the next tag
	n := tagEnd(raw)
	if n < 0 || !named(raw) {
		return nil
	}
	for e := range children(raw[n:], nil) {
		if len(e.whole) > len(e.tag)+len(e.inner) || e.tag[len(e.tag)-2] == '/' {
			continue
		}
		if torn := offset(raw, e.whole); !holdsText(e.name) {
			raw = raw[:torn]
			break
		} else if bareMarkup(raw[torn+len(e.tag):]) { // what follows stands in it
			break
		}
	}
	if !named(raw) {
		return nil
	}
	return balance(mend(raw))
}

// nameless reports a document none of whose items has an id: they are known by
// their links.
func (d *Document) nameless() bool {
	return !slices.ContainsFunc(d.pieces, func(p piece) bool { return p.hash != 0 })
}

// linked reports whether a raw item has its whole link.
func linked(raw []byte, ns spaces) bool {
	link, ok := child(raw[max(0, tagEnd(raw)):], ns, "link")
	return ok && (link.attr("href") != "" || len(link.whole) > len(link.tag)+len(link.inner) && link.text() != "")
}

// idMarks open the elements and attributes by which an item names itself.
var idMarks = [][]byte{[]byte("<guid"), []byte("<id>"), []byte("<id "), []byte("rdf:about=")}

// hasID reports whether a raw item names itself.
func hasID(raw []byte) bool {
	for _, mark := range idMarks {
		i := bytes.Index(raw, mark)
		if i < 0 {
			continue
		}
		if mark[0] != '<' {
			return true
		}
		rest := raw[i:]
		if j := bytes.IndexByte(rest, '>'); j > 0 && rest[j-1] != '/' {
			value := bytes.TrimSpace(rest[j+1:])
			value = bytes.TrimSpace(bytes.TrimPrefix(value, []byte("<![CDATA[")))
			return !bytes.HasPrefix(value, []byte("</")) && !bytes.HasPrefix(value, []byte("]]>"))
		}
	}
	return false
}

// A scanner walks the tags of an XML document once.
type scanner struct {
	data   []byte
	format string
	names  spaces   // in force around items; nil until asked for
	pieces [][2]int // where items begin and end
	open   int      // where the item in progress began; -1 outside
	name   string   // of the item in progress
	inner  int      // elements of that name open within it
	outer  int      // the depth around it
	depth  int
	small  bool // CDATA begins in small letters
	unsure bool
	ill    bool // a token is none, or swallowed more than it should have, or it is nested too deeply
	nested bool // an item begins within another
	torn   bool
	last   []byte // an item that the document breaks off in
}

func (s *scanner) run() {
	for i := 0; ; {
		j := bytes.IndexByte(s.data[i:], '<')
		if j < 0 {
			break
		}
		i += j
		i += s.construct(i)
	}
	s.torn = s.torn || s.open >= 0 || s.depth > 0
	s.ill = s.ill || s.torn
	if s.open >= 0 && !s.unsure {
		s.last = s.data[s.open:]
	}
}

// ended is where the last item ends that does, and the document began if none did.
func (s *scanner) ended() int {
	if len(s.pieces) == 0 {
		return max(s.open, 0)
	}
	return s.pieces[len(s.pieces)-1][1]
}

// construct passes over what begins at i and gives its length.
func (s *scanner) construct(i int) int {
	rest := s.data[i:]
	if len(rest) < 2 {
		s.torn = true
		return len(rest)
	}
	switch c := rest[1]; {
	case c == '!' && smallCDATA(rest):
		s.small = true
		return len(cdataStart)
	case c == '!':
		start := cdataStart
		if !bytes.HasPrefix(rest, start) {
			start = commentStart
		}
		if !bytes.HasPrefix(rest, start) {
			return s.directive(rest)
		}
		n, whole := literal(rest)
		s.torn = s.torn || !whole
		s.ill = s.ill || !whole || holdsStart(rest[:n], start)
		return n
	case c == '?':
		n, whole := literal(rest)
		s.torn = s.torn || !whole
		s.ill = s.ill || s.depth > 0 || n < 3 || !nameStart(rest[2])
		return n
	case c == '/' || nameStart(c):
		return s.tag(i, rest)
	}
	return 1 // a bare '<' in damaged text
}

// literal gives the length of a CDATA section, a comment or an instruction, and
// whether it ends.
func literal(rest []byte) (int, bool) {
	end := "?>"
	switch {
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		end = "]]>"
	case bytes.HasPrefix(rest, []byte("<!--")):
		end = "-->"
	}
	if i := bytes.Index(rest, []byte(end)); i >= 0 {
		return i + len(end), true
	}
	return len(rest), false
}

// directive passes over a declaration as the parser will: by brackets and
// quotes.
func (s *scanner) directive(rest []byte) int {
	n := directiveLength(rest)
	if n < 0 {
		s.torn = true
		n = len(rest)
	}
	s.ill = s.ill || s.depth > 0
	s.unsure = s.unsure || s.depth == 0 && bytes.IndexByte(rest[:n], '[') >= 0
	return n
}

// directiveLength is the length of a declaration, -1 when it has no end. What
// stands in a comment or an instruction within a document type ends nothing.
func directiveLength(rest []byte) int {
	depth := 0
	var quote byte
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<' && i > 0 && (bytes.HasPrefix(rest[i:], commentStart) || bytes.HasPrefix(rest[i:], []byte("<?"))):
			n, _ := literal(rest[i:])
			i += n - 1
		case c == '<':
			depth++
		case c == '>':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// unclosable elements are written in feeds as HTML writes them, often without
// an end; they say nothing about depth.
func unclosable(name []byte) bool {
	switch string(name) {
	case "br", "hr", "img", "p", "li", "input", "meta", "td", "tr", "dt", "dd", "option":
		return true
	}
	return false
}

// tag passes over one tag at i and keeps count of items and depth.
func (s *scanner) tag(i int, rest []byte) int {
	end := tagEnd(rest)
	if end < 0 {
		s.torn = s.torn || len(rest) < longestTag
		s.ill = s.ill || bytes.IndexByte(rest[1:], '<') >= 0
		return min(len(rest), longestTag)
	}
	name, closing := tagName(rest[:end])
	next := 1 + bytes.IndexByte(rest[1:], '<') // text is passed over with the tag before it
	if next < end {
		s.ill = s.ill || next > 0
		next = end
	}
	s.ill = s.ill || closing && (len(name) == 0 || end != len(name)+len("</>"))
	switch {
	case len(name) == 0:
	case closing:
		if !unclosable(name) && s.depth > 0 {
			s.depth--
		}
		s.end(name, i, i+end)
	case rest[end-2] == '/':
		if s.open < 0 && s.isItem(name, i) {
			s.pieces = append(s.pieces, [2]int{i, i + end})
		}
	default:
		if !unclosable(name) {
			s.depth++
			s.ill = s.ill || s.depth > maxDepth
		}
		s.begin(name, i)
	}
	return next
}

// end passes over the end tag of an item. Where none is open, its start was
// lost or it is written twice.
func (s *scanner) end(name []byte, from, to int) {
	switch {
	case s.open < 0:
		s.ill = s.ill || s.isItem(name, from)
	case string(name) == s.name:
		if s.inner--; s.inner == 0 {
			s.pieces = append(s.pieces, [2]int{s.open, to})
			s.open, s.name, s.depth = -1, "", s.outer
		}
	}
}

func (s *scanner) begin(name []byte, at int) {
	switch {
	case s.open < 0 && s.isItem(name, at):
		s.open, s.name, s.inner, s.outer = at, string(name), 1, s.depth-1
	case s.open >= 0 && string(name) == s.name && !strings.HasSuffix(strings.ToLower(s.name), "item"):
		s.inner++
		s.ill, s.nested = true, true
	case s.open >= 0 && string(name) == s.name: // no item holds another: the end of the first is missing
		s.pieces = append(s.pieces, [2]int{s.open, at})
		s.open = at
		s.depth--
		s.ill = true
	}
}

// isItem reports an item's name. One with a prefix is an item's where the
// prefix stands for the format's own namespace.
func (s *scanner) isItem(name []byte, at int) bool {
	local := name
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		local = name[i+1:]
	}
	if len(local) < 4 || len(local) > 5 || !bytes.EqualFold(local, []byte("item")) && !bytes.EqualFold(local, []byte("entry")) {
		return false
	}
	if len(local) == len(name) {
		return true
	}
	if s.names == nil {
		s.names = spacesOf(s.format, openTags(s.data[:at]))
	}
	return !strings.Contains(s.names.name(tag{name: string(name)}), ":")
}

// head is the document up to its first item, and what stands between items
// where that is more than white space: some feeds keep facts about the channel
// there.
func (s *scanner) head(first int) []byte {
	out := s.data[:first:first]
	for i := 1; i < len(s.pieces); i++ {
		if gap := bytes.TrimSpace(s.data[s.pieces[i-1][1]:s.pieces[i][0]]); len(gap) > 0 {
			out = append(out, gap...)
		}
	}
	return out
}

// tagEnd is the length of the tag at the start of rest, -1 when it does not
// end within reason. A '>' within quotes does not end it.
func tagEnd(rest []byte) int {
	rest = rest[:min(len(rest), longestTag)]
	gt := bytes.IndexByte(rest, '>')
	if gt < 0 {
		return -1
	}
	if bytes.IndexByte(rest[:gt], '"') < 0 && bytes.IndexByte(rest[:gt], '\'') < 0 {
		return gt + 1
	}
	var quote byte
	for i, c := range rest {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && c == '>':
			return i + 1
		case c == '<' && i > 0: // an unclosed quote must not swallow the document
			return gt + 1
		}
	}
	return gt + 1
}

// tagName is the name in a tag; empty when it is none. An address in angle
// brackets is none, of mail or of the web.
func tagName(tag []byte) (name []byte, closing bool) {
	if len(tag) == 0 {
		return nil, false
	}
	tag = tag[1:]
	if len(tag) > 0 && tag[0] == '/' {
		tag, closing = tag[1:], true
	}
	n := 0
	for n < len(tag) && nameByte(tag[n]) {
		n++
	}
	if n < len(tag) && tag[n] == '@' || n > 0 && tag[n-1] == ':' && bytes.HasPrefix(tag[n:], []byte("//")) {
		return nil, closing
	}
	return tag[:n], closing
}

// nameStart reports what a name may begin with; a figure after '<' is text.
func nameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == ':' || c == '_' || c >= 0x80
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ':' || c == '-' || c == '_' || c == '.' || c >= 0x80
}
