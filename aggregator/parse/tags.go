package parse

import (
	"bytes"
	"iter"
	"strings"
	"unicode"
)

// A tag is one tag as written.
type tag struct {
	raw     []byte
	name    string
	closing bool
	empty   bool // <name/>
}

// tags are the tags in data, past CDATA, comments and declarations.
func tags(data []byte) iter.Seq[tag] {
	return func(yield func(tag) bool) {
		for i := 0; i < len(data); {
			j := bytes.IndexByte(data[i:], '<')
			if j < 0 || i+j+1 >= len(data) {
				return
			}
			i += j
			n, t := tagAt(data[i:])
			if t.name != "" && !yield(t) {
				return
			}
			i += n
		}
	}
}

// tagAt reads what begins with '<' and gives its length; the tag has no name
// when it is none.
func tagAt(rest []byte) (int, tag) {
	switch c := rest[1]; {
	case c == '?', bytes.HasPrefix(rest, []byte("<![CDATA[")), bytes.HasPrefix(rest, []byte("<!--")):
		n, _ := literal(rest)
		return n, tag{}
	case c == '!':
		if n := directiveLength(rest); n > 0 {
			return n, tag{}
		}
		return len(rest), tag{}
	case c != '/' && !nameStart(c):
		return 1, tag{}
	}
	name, closing := tagName(rest[:min(len(rest), longestTag)])
	if len(name) == 0 && !closing {
		return 1, tag{}
	}
	end := tagEnd(rest)
	if end < 0 {
		return min(len(rest), longestTag), tag{}
	}
	return end, tag{raw: rest[:end], name: string(name), closing: closing, empty: !closing && rest[end-2] == '/'}
}

// A nest is what is open at some place of a document, the innermost last. An
// end tag that ends nothing must not cost more the more is open: where it is none
// of the innermost, names are counted from then on.
type nest struct {
	open  []tag
	names map[string]int // how many are open of each; nil until asked for
}

// innermost is how many open elements are looked at before names are counted.
const innermost = 16

func (n *nest) begin(t tag) {
	n.open = append(n.open, t)
	if n.names != nil {
		n.names[folded(t.name)]++
	}
}

// end closes the innermost element of a name and all within it, and gives them;
// an end tag without a start changes nothing.
func (n *nest) end(name string) []tag {
	for at := len(n.open) - 1; at >= 0; at-- {
		if at == len(n.open)-innermost && !n.has(name) {
			return nil
		}
		if strings.EqualFold(n.open[at].name, name) {
			return n.closeFrom(at)
		}
	}
	return nil
}

func (n *nest) has(name string) bool {
	if n.names == nil {
		n.names = map[string]int{}
		for _, t := range n.open {
			n.names[folded(t.name)]++
		}
	}
	return n.names[folded(name)] > 0
}

func (n *nest) closeFrom(at int) []tag {
	closed := n.open[at:]
	n.open = n.open[:at]
	if n.names != nil {
		for _, t := range closed {
			n.names[folded(t.name)]--
		}
	}
	return closed
}

// folded is a name under which it is counted: the same for names that are one to
// EqualFold, and for no others. Those of ToLower are not.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII {
			return unicode.ToUpper(r)
		}
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, name)
}

// unclosed are the start tags that data leaves open.
func unclosed(data []byte) []tag {
	var n nest
	for t := range tags(data) {
		switch {
		case t.closing:
			n.end(t.name)
		case !t.empty:
			n.begin(t)
		}
	}
	return n.open
}

// openTags are the start tags that a head leaves open, one behind the other: a
// frame in which an item can be parsed alone.
func openTags(head []byte) []byte { return startTags(unclosed(head)) }

func startTags(open []tag) []byte {
	var out []byte
	for _, t := range open {
		out = append(out, t.raw...)
	}
	return out
}

// closers are the end tags of what data leaves open.
func closers(data []byte) []byte { return endTags(unclosed(data)) }

func endTags(open []tag) []byte {
	var out []byte
	for i := len(open) - 1; i >= 0; i-- {
		out = append(out, "</"+open[i].name+">"...)
	}
	return out
}

// balance leaves out end tags without a start and closes what is left open.
func balance(data []byte) []byte {
	out := make([]byte, 0, len(data)+64)
	var within nest
	for i := 0; i < len(data); {
		j := bytes.IndexByte(data[i:], '<')
		if j < 0 || i+j+1 >= len(data) {
			out = append(out, data[i:]...)
			break
		}
		out = append(out, data[i:i+j]...)
		i += j
		n, t := tagAt(data[i:])
		raw := data[i : i+n]
		i += n
		switch {
		case t.name == "" && i == len(data) && bytes.IndexByte(raw, '>') < 0: // the document breaks off within a tag
			raw = nil
		case t.name == "" || t.empty:
		case !t.closing:
			within.begin(t)
		default:
			raw = endTags(within.end(t.name)) // in the letters of their starts
		}
		out = append(out, raw...)
	}
	return append(out, endTags(within.open)...)
}

// rewriteTags replaces within start tags only, so that text which happens to
// look the same stays as written.
func rewriteTags(data []byte, from, to string) []byte {
	if !bytes.Contains(data, []byte(from)) {
		return data
	}
	out := make([]byte, 0, len(data)+32)
	for i := 0; i < len(data); {
		j := bytes.IndexByte(data[i:], '<')
		if j < 0 || i+j+1 >= len(data) {
			return append(out, data[i:]...)
		}
		out = append(out, data[i:i+j]...)
		i += j
		n, t := tagAt(data[i:])
		if raw := data[i : i+n]; t.name != "" && !t.closing {
			out = append(out, bytes.ReplaceAll(raw, []byte(from), []byte(to))...)
		} else {
			out = append(out, raw...)
		}
		i += n
	}
	return out
}
