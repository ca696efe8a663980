package parse

import (
	"strings"
	"unicode"
)

// A nest is what is open at some place of a document, the innermost last. It holds
// maxDepth levels; what is nested more deeply is left out, with its ends, which are
// told by their names.
//
// An end tag that ends nothing must not cost more the more is open: where it is
// none of the innermost, names are counted from then on.
type nest[E interface{ called() string }] struct {
	open  []E
	base  int            // levels below this place in open do not count
	names map[string]int // how many are open of each; nil until asked for
	over  map[string]int // how many of each were left out; nil when none
}

// innermost is how many open elements are looked at before names are counted.
const innermost = 16

func (n *nest[E]) full() bool { return len(n.open)-n.base >= maxDepth }

// begin opens an element, unless it is one level too many: then it is false.
func (n *nest[E]) begin(e E) bool {
	if n.full() {
		n.leaveOut(e.called())
		return false
	}
	n.push(e)
	return true
}

func (n *nest[E]) push(e E) {
	n.open = append(n.open, e)
	if n.names != nil {
		n.names[folded(e.called())]++
	}
}

// leaveOut notes an element whose end is to be left out, too.
func (n *nest[E]) leaveOut(name string) {
	if n.over == nil {
		n.over = map[string]int{}
	}
	if name = folded(name); n.over[name] > 0 || len(n.over) < maxDepth {
		n.over[name]++
	}
}

// leftOut reports the end of an element that was left out.
func (n *nest[E]) leftOut(name string) bool {
	if n.over == nil || len(n.open)-n.base > maxDepth || n.over[folded(name)] == 0 {
		return false
	}
	n.over[folded(name)]--
	return true
}

// end closes the innermost element of a name and all within it, and gives them;
// ok is false for an end tag without a start.
func (n *nest[E]) end(name string) (closed []E, ok bool) {
	if n.leftOut(name) {
		return nil, true
	}
	at := n.find(name)
	if at < 0 {
		return nil, false
	}
	return n.closeFrom(at), true
}

// find is where in open the innermost element of a name is, -1 when there is none.
func (n *nest[E]) find(name string) int {
	for at := len(n.open) - 1; at >= 0; at-- {
		if at == len(n.open)-innermost && !n.has(name) {
			return -1
		}
		if strings.EqualFold(n.open[at].called(), name) {
			return at
		}
	}
	return -1
}

func (n *nest[E]) has(name string) bool {
	if n.names == nil {
		n.names = map[string]int{}
		for _, e := range n.open {
			n.names[folded(e.called())]++
		}
	}
	return n.names[folded(name)] > 0
}

func (n *nest[E]) closeFrom(at int) []E {
	closed := n.open[at:]
	n.open = n.open[:at]
	if at-n.base < maxDepth {
		n.over = nil
	}
	if n.names != nil {
		for _, e := range closed {
			n.names[folded(e.called())]--
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
