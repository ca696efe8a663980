package parse

import (
	"bytes"
	"errors"
	"iter"

	"github.com/cespare/xxhash/v2"
)

var (
	errDeep  = errors.New("the document nests its elements too deeply to be a feed")
	errBombs = errors.New("the document defines entities that hold other entities (no feed needs that)")
)

// cut finds the items by a scan from '<' to '<'. Where the document has a
// shape that the scan cannot be sure of, it leaves pieces nil and the whole
// document is parsed.
func (d *Document) cut() error {
	s := scanner{data: d.data}
	if err := s.run(); err != nil {
		return err
	}
	if len(s.pieces) == 0 || s.unsure {
		return nil
	}
	d.head = s.head()
	if !s.torn {
		d.tail = d.data[s.pieces[len(s.pieces)-1][1]:]
	}
	context := xxhash.Sum64(d.context(s.pieces[0][0]))
	for _, p := range s.pieces {
		raw := d.data[p[0]:p[1]]
		next := piece{raw: raw}
		if hasID(raw) {
			next.hash = xxhash.Sum64(raw) ^ context | 1 // never 0, which means unknown
		}
		d.pieces = append(d.pieces, next)
	}
	if s.torn {
		d.warn("the document breaks off before its end")
	}
	return nil
}

// context is what an item's meaning depends on besides its own bytes: the
// opening tag of the root, with namespaces, base and language.
func (d *Document) context(first int) []byte {
	start := bytes.IndexByte(d.data[:first], '<')
	end := bytes.IndexByte(d.data[start:first], '>')
	return d.data[start : start+end+1]
}

// hasID reports whether a raw item names itself.
func hasID(raw []byte) bool {
	for _, mark := range [][]byte{[]byte("<guid"), []byte("<id>"), []byte("<id "), []byte("rdf:about=")} {
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
			return !bytes.HasPrefix(value, []byte("</"))
		}
	}
	return false
}

// A scanner walks the tags of an XML document once.
type scanner struct {
	data   []byte
	pieces [][2]int // where items begin and end
	open   int      // where the item in progress began; -1 outside
	name   string   // of the item in progress
	inner  int      // elements of that name open within it
	depth  int
	unsure bool
	torn   bool
}

func (s *scanner) run() error {
	s.open = -1
	for i := 0; ; {
		j := bytes.IndexByte(s.data[i:], '<')
		if j < 0 {
			break
		}
		i += j
		rest := s.data[i:]
		switch {
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			i += s.skip(rest, "]]>")
		case bytes.HasPrefix(rest, []byte("<!--")):
			i += s.skip(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<!")):
			n, err := s.doctype(rest)
			if err != nil {
				return err
			}
			i += n
		case bytes.HasPrefix(rest, []byte("<?")):
			i += s.skip(rest, "?>")
		default:
			n, err := s.tag(i, rest)
			if err != nil {
				return err
			}
			i += n
		}
	}
	s.torn = s.torn || s.open >= 0 || s.depth > 0
	return nil
}

// skip gives the length of a construct that ends with end.
func (s *scanner) skip(rest []byte, end string) int {
	if i := bytes.Index(rest, []byte(end)); i >= 0 {
		return i + len(end)
	}
	s.torn = true
	return len(rest)
}

// doctype passes over a declaration. Entities made of entities are refused:
// a few lines of them grow to gigabytes.
func (s *scanner) doctype(rest []byte) (int, error) {
	if !bytes.HasPrefix(rest, []byte("<!DOCTYPE")) {
		return s.skip(rest, ">"), nil
	}
	end := bytes.IndexByte(rest, '>')
	subset := bytes.IndexByte(rest, '[')
	if subset < 0 || subset > end {
		return s.skip(rest, ">"), nil
	}
	s.unsure = true
	n := s.skip(rest, "]>")
	for _, def := range bytes.Split(rest[:n], []byte("<!ENTITY"))[1:] {
		if i := bytes.IndexAny(def, `"'`); i >= 0 {
			value := def[i:]
			if j := bytes.IndexByte(value[1:], value[0]); j >= 0 && bytes.IndexByte(value[:j+1], '&') >= 0 && !bytes.Contains(value[:j+1], []byte("&#")) {
				return 0, errBombs
			}
		}
	}
	return n, nil
}

// tag passes over one tag at i and keeps count of items and depth.
func (s *scanner) tag(i int, rest []byte) (int, error) {
	end := tagEnd(rest)
	if end < 0 {
		s.torn = true
		return len(rest), nil
	}
	name, closing := tagName(rest[:end])
	if name == "" {
		return 1, nil // a bare '<' in damaged text
	}
	switch {
	case closing:
		s.depth--
		if name == s.name && s.open >= 0 {
			if s.inner--; s.inner == 0 {
				s.pieces = append(s.pieces, [2]int{s.open, i + end})
				s.open, s.name = -1, ""
			}
		}
	case rest[end-2] == '/':
		if s.open < 0 && isItem(name) {
			s.unsure = true
		}
	default:
		if s.depth++; s.depth > maxDepth {
			return 0, errDeep
		}
		s.begin(name, i)
	}
	return end, nil
}

func (s *scanner) begin(name string, at int) {
	switch {
	case s.open < 0 && isItem(name):
		s.open, s.name, s.inner = at, name, 1
	case s.open >= 0 && name == s.name:
		s.inner++
		s.unsure = true
	case s.open < 0 && len(name) > 5 && (hasSuffix(name, ":item") || hasSuffix(name, ":entry")):
		s.unsure = true
	}
}

func isItem(name string) bool { return name == "item" || name == "entry" }

func hasSuffix(s, suffix string) bool {
	return len(s) >= len(suffix) && s[len(s)-len(suffix):] == suffix
}

// head is the document up to its first item, and what stands between items
// where that is more than white space: some feeds keep facts about the channel
// there.
func (s *scanner) head() []byte {
	out := s.data[:s.pieces[0][0]:s.pieces[0][0]]
	for i := 1; i < len(s.pieces); i++ {
		if gap := bytes.TrimSpace(s.data[s.pieces[i-1][1]:s.pieces[i][0]]); len(gap) > 0 {
			out = append(out, gap...)
		}
	}
	return out
}

// tagEnd is the length of the tag at the start of rest, -1 when it does not
// end. A '>' within quotes does not end it.
func tagEnd(rest []byte) int {
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

// tagName is the name in a tag; empty when it is none.
func tagName(tag []byte) (name string, closing bool) {
	tag = tag[1:]
	if len(tag) > 0 && tag[0] == '/' {
		tag, closing = tag[1:], true
	}
	n := 0
	for n < len(tag) && nameByte(tag[n]) {
		n++
	}
	return string(tag[:n]), closing
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ':' || c == '-' || c == '_' || c == '.' || c >= 0x80
}

// tags are the names of the start and end tags in data, in order.
func tags(data []byte) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		s := scanner{data: data}
		for i := 0; i < len(data); {
			j := bytes.IndexByte(data[i:], '<')
			if j < 0 {
				return
			}
			i += j
			rest := data[i:]
			switch {
			case bytes.HasPrefix(rest, []byte("<![CDATA[")):
				i += s.skip(rest, "]]>")
				continue
			case bytes.HasPrefix(rest, []byte("<!--")):
				i += s.skip(rest, "-->")
				continue
			case len(rest) > 1 && (rest[1] == '!' || rest[1] == '?'):
				i += s.skip(rest, ">")
				continue
			}
			end := tagEnd(rest)
			if end < 0 {
				return
			}
			name, closing := tagName(rest[:end])
			if name != "" && rest[end-2] != '/' && !yield(name, closing) {
				return
			}
			i += max(end, 1)
		}
	}
}
