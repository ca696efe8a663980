package srcset

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Candidate is one picture of a set, with what tells a browser when to take
// it: its width in pixels, or how many of them make one of the page's.
type Candidate struct {
	Address string
	Width   int     // 0 where it is not told
	Density float64 // 0 where it is not told, which means 1
}

// What no picture exceeds in earnest. A set has fewer candidates, too.
const (
	most       = 32
	broadest   = 100_000
	sparsest   = 0.01
	densest    = 1000
	fineness   = 1000 // densities are told to a thousandth
	whiteSpace = " \t\n\f\r"
)

// Parse reads a srcset (HTML §4.8.4.2.2). A comma within an address is part of
// it; one at its end, or behind what describes it, ends the candidate.
func Parse(set string) []Candidate {
	var out []Candidate
	for len(out) < most {
		set = strings.TrimLeft(set, whiteSpace+",")
		if set == "" {
			break
		}
		n := strings.IndexAny(set, whiteSpace)
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
		case !within && (c == ',' || strings.IndexByte(whiteSpace, c) >= 0):
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
func describe(address string, words []string) (Candidate, bool) {
	c := Candidate{Address: address}
	height := 0
	for _, w := range words {
		number, unit := w[:len(w)-1], w[len(w)-1]
		switch n, err := strconv.Atoi(number); {
		case unit == 'w' && err == nil && n > 0 && n <= broadest && c.Width == 0 && c.Density == 0:
			c.Width = n
		case unit == 'h' && err == nil && n > 0 && height == 0 && c.Density == 0:
			height = n
		case unit == 'x' && c.Density == 0 && c.Width == 0 && height == 0:
			d, ok := density(number)
			if !ok {
				return c, false
			}
			c.Density = d
		default:
			return c, false
		}
	}
	return c, height == 0 || c.Width > 0
}

func density(s string) (float64, bool) {
	d, err := strconv.ParseFloat(s, 64)
	if err != nil || !(d >= sparsest && d < densest) || strings.ContainsAny(s, "xX_") { // Go knows more numbers
		return 0, false
	}
	return math.Round(d*fineness) / fineness, true
}

// OneKind are the candidates of the kind that most of a set are of, by width or
// by density, for a set may not mix them; in a draw those by width, since the
// others may be so for want of a word. Of two alike a browser never takes the
// second.
func OneKind(set []Candidate) []Candidate {
	wide := 0
	for _, c := range set {
		if c.Width > 0 {
			wide++
		}
	}
	byWidth := wide > 0 && 2*wide >= len(set)
	var out []Candidate
	for _, c := range set {
		if (c.Width > 0) == byWidth && !slices.ContainsFunc(out, c.same) {
			out = append(out, c)
		}
	}
	return out
}

func (c Candidate) same(other Candidate) bool {
	return c.Width == other.Width && c.density() == other.density()
}

func (c Candidate) density() float64 { return cmp.Or(c.Density, 1) }

// Size is what the candidates of one kind are compared by.
func (c Candidate) Size() float64 {
	if c.Width > 0 {
		return float64(c.Width)
	}
	return c.density()
}

// ByWidth reports a set that may not stand without sizes.
func ByWidth(set []Candidate) bool {
	return slices.ContainsFunc(set, func(c Candidate) bool { return c.Width > 0 })
}

// Format writes a set; a comma that would end an address is escaped.
func Format(set []Candidate) string {
	var b strings.Builder
	for i, c := range set {
		if i > 0 {
			b.WriteString(", ")
		}
		bare := strings.TrimRight(c.Address, ",")
		b.WriteString(bare + strings.Repeat("%2C", len(c.Address)-len(bare)))
		switch {
		case c.Width > 0:
			b.WriteString(" " + strconv.Itoa(c.Width) + "w")
		case c.Density > 0:
			b.WriteString(" " + strconv.FormatFloat(c.Density, 'f', -1, 64) + "x")
		}
	}
	return b.String()
}
