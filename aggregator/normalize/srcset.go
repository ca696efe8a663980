package normalize

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A variant is one picture of a srcset, with what tells a browser when to
// take it: its width in pixels, or how many of them make one of the page's.
type variant struct {
	address string
	width   int     // 0 where it is not told
	density float64 // 0 where it is not told, which means 1
}

// most is how many candidates of a set are read; none has more in earnest.
const most = 32

// variants parses a srcset (HTML §4.8.4.2.2). A comma within an address is
// part of it; one at its end, or behind what describes it, ends the candidate.
func variants(set string) []variant {
	var out []variant
	for len(out) < most {
		set = strings.TrimLeft(set, htmlSpace+",")
		if set == "" {
			break
		}
		n := strings.IndexAny(set, htmlSpace)
		if n < 0 {
			n = len(set)
		}
		address := set[:n]
		set = set[n:]
		var described []string
		if bare := strings.TrimRight(address, ","); bare != address {
			address = bare
		} else {
			described, set = descriptors(set)
		}
		if c, ok := describe(address, described); ok {
			out = append(out, c)
		}
	}
	return out
}

// htmlSpace is ASCII whitespace as the HTML standard has it.
const htmlSpace = " \t\n\f\r"

// descriptors are the words up to the comma that ends a candidate, and what is
// left behind it. Within parentheses neither blanks nor commas count.
func descriptors(s string) (words []string, rest string) {
	start, i, within := 0, 0, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(':
			within = true
		case c == ')':
			within = false
		case !within && (c == ',' || strings.IndexByte(htmlSpace, c) >= 0):
			if start < i {
				words = append(words, s[start:i])
			}
			if start = i + 1; c == ',' {
				return words, s[start:]
			}
		}
	}
	if start < i {
		words = append(words, s[start:])
	}
	return words, ""
}

// describe is false of a candidate that is described as none can be.
func describe(address string, words []string) (variant, bool) {
	c := variant{address: address}
	height := 0
	for _, w := range words {
		number, unit := w[:len(w)-1], w[len(w)-1]
		switch n, err := strconv.Atoi(number); {
		case unit == 'w' && err == nil && n > 0 && c.width == 0 && c.density == 0:
			c.width = n
		case unit == 'h' && err == nil && n > 0 && height == 0 && c.density == 0:
			height = n
		case unit == 'x' && c.density == 0 && c.width == 0 && height == 0:
			d, err := strconv.ParseFloat(number, 64)
			if err != nil || !(d > 0 && d < 1e3) {
				return c, false
			}
			c.density = d
		default:
			return c, false
		}
	}
	return c, height == 0 || c.width > 0
}

// same reports candidates of which a browser never takes the second.
func (c variant) same(other variant) bool {
	return c.width == other.width && cmp.Or(c.density, 1) == cmp.Or(other.density, 1)
}

func (c variant) size() float64 {
	if c.width > 0 {
		return float64(c.width)
	}
	return cmp.Or(c.density, 1)
}

// widest is the width, in pixels, beyond which a picture is no better.
const widest = 2048

// best is the address of the largest picture of a set that is not larger than
// anyone needs.
func best(set []variant) string {
	address, largest := "", -1.0
	for _, c := range set {
		if size := c.size(); size > largest && size <= widest || address == "" {
			address, largest = c.address, size
		}
	}
	return address
}

// A pictureSet is what a srcset offers, with the sizes that tell which of its
// widths to take.
type pictureSet struct {
	list  []variant
	sizes string
	lazy  bool // it takes the place of what is shown first
}

// setOf is the first set of an element that holds pictures; those with an
// address that may not be published are not among them.
func (c *cleaner) setOf(attr map[string]string) pictureSet {
	for _, key := range pictureWords("lazy-set") {
		set := pictureSet{lazy: key != "srcset", sizes: sizes(cmp.Or(sizes(attr["sizes"]), attr["data-sizes"]))}
		for _, one := range variants(attr[key]) {
			one.address = c.source(one.address)
			if one.address != "" && !counts(one.address) && !placeholder(one.address) && !slices.ContainsFunc(set.list, one.same) {
				set.list = append(set.list, one)
			}
		}
		if len(set.list) > 0 {
			return set
		}
	}
	return pictureSet{}
}

// sizes is a list of sizes that may stand in a document; empty where it is none,
// or one that a script fills in.
func sizes(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 1000 || strings.HasPrefix(strings.ToLower(s), "auto") || strings.ContainsFunc(s, notInSizes) {
		return ""
	}
	return s
}

func notInSizes(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" ().,:%+-*/<>=", r))
}

// around is what the <picture> around an image offers: of its sources the first
// of a type that readers can show and that is not for small screens only, else
// the first of all. Whether every reader may have it in place of what the image
// shows itself is told, too.
func (c *cleaner) around(n *xhtml.Node) (set pictureSet, forAll bool) {
	if n.Parent == nil || n.Parent.DataAtom != atom.Picture {
		return pictureSet{}, false
	}
	lowest := 4
	for source := range n.Parent.ChildNodes() {
		if source.DataAtom != atom.Source {
			continue
		}
		attr, rank := attributesOf(source), 0
		if slices.Contains(pictureWords("rare"), strings.ToLower(strings.TrimSpace(attr["type"]))) {
			rank = 2
		}
		if strings.Contains(attr["media"], "max-width") {
			rank++
		}
		if found := c.setOf(attr); len(found.list) > 0 && rank < lowest {
			set, forAll, lowest = found, rank == 0 && strings.TrimSpace(attr["media"]) == "", rank
		}
	}
	return set, forAll
}

// write is a set as an attribute; a comma that would end an address is escaped.
func (s pictureSet) write(b *strings.Builder, escape func(string) string) {
	var out []string
	widths := false
	for _, c := range s.list {
		text := c.address
		if bare := strings.TrimRight(text, ","); bare != text {
			text = bare + strings.Repeat("%2C", len(text)-len(bare))
		}
		switch {
		case c.width > 0:
			text += " " + strconv.Itoa(c.width) + "w"
			widths = true
		case c.density > 0:
			text += " " + strconv.FormatFloat(c.density, 'f', -1, 64) + "x"
		}
		out = append(out, text)
	}
	b.WriteString(` srcset="` + escape(strings.Join(out, ", ")) + `"`)
	if widths && s.sizes != "" {
		b.WriteString(` sizes="` + escape(s.sizes) + `"`)
	}
}
