package page

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Change is a piece of text that stayed, went or came.
type Change struct {
	Kind ChangeKind
	Text string
}

// A ChangeKind says what became of a piece of text.
type ChangeKind string

const (
	Stayed ChangeKind = "stayed"
	Went   ChangeKind = "went"
	Came   ChangeKind = "came"
)

// Diff is how one text became another, in words. Scripts that are written
// without blanks are told apart by character.
func Diff(before, after string) []Change {
	a, b := tokens(before), tokens(after)
	head := common(a, b, false)
	a, b, start := a[head:], b[head:], a[:head]
	tail := common(a, b, true)
	end := a[len(a)-tail:]
	a, b = a[:len(a)-tail], b[:len(b)-tail]

	var out changes
	out.add(Stayed, start...)
	out.middle(a, b)
	out.add(Stayed, end...)
	return out.tidy()
}

// common is how many tokens two texts begin with alike, or end.
func common(a, b []string, fromEnd bool) int {
	n := 0
	for n < len(a) && n < len(b) {
		i, j := n, n
		if fromEnd {
			i, j = len(a)-1-n, len(b)-1-n
		}
		if a[i] != b[j] {
			break
		}
		n++
	}
	return n
}

// tokens are words, runs of blanks, and other characters one by one.
func tokens(s string) []string {
	var out []string
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if kind := kindOf(r); kind != alone {
			for n < len(s) {
				next, size := utf8.DecodeRuneInString(s[n:])
				if kindOf(next) != kind {
					break
				}
				n += size
			}
		}
		out = append(out, s[:n])
		s = s[n:]
	}
	return out
}

const (
	alone = iota
	word
	blank
)

// kindOf says with which characters a character makes a token. Those of scripts
// without blanks stand alone.
func kindOf(r rune) int {
	switch {
	case r == '\n':
		return alone
	case unicode.IsSpace(r):
		return blank
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return alone
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '\'', r == '’':
		return word
	}
	return alone
}

// changes are what is being put together, token by token.
type changes []run

// A run is tokens of which the same became.
type run struct {
	kind  ChangeKind
	texts []string
}

func (r run) text() string { return strings.Join(r.texts, "") }

func (c *changes) add(kind ChangeKind, texts ...string) {
	if len(texts) == 0 {
		return
	}
	if n := len(*c); n == 0 || (*c)[n-1].kind != kind {
		*c = append(*c, run{kind: kind})
	}
	last := &(*c)[len(*c)-1]
	last.texts = append(last.texts, texts...)
}

// mostEdits bounds the work: texts that differ by more are another text.
const mostEdits = 1000

// middle finds the shortest way from a to b (Myers 1986, "An O(ND) difference
// algorithm and its variations").
func (c *changes) middle(a, b []string) {
	var trace [][]int32 // the furthest reach on each diagonal, after d edits
	offset := min(len(a)+len(b), mostEdits) + 1
	reach := make([]int32, 2*offset+1)
	for d := range offset {
		trace = append(trace, slices.Clone(reach[offset-d:offset+d+1]))
		for k := -d; k <= d; k += 2 {
			x := reach[offset+k-1] + 1
			if k == -d || k != d && reach[offset+k-1] < reach[offset+k+1] {
				x = reach[offset+k+1]
			}
			y := int(x) - k
			for int(x) < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			reach[offset+k] = x
			if int(x) >= len(a) && y >= len(b) {
				c.follow(a, b, trace)
				return
			}
		}
	}
	c.add(Went, a...)
	c.add(Came, b...)
}

// follow walks the way back from the end of both texts.
func (c *changes) follow(a, b []string, trace [][]int32) {
	var back []Change
	x, y := len(a), len(b)
	for d := len(trace) - 1; d > 0; d-- {
		at := func(k int) int { // before the d-th edit
			if k < -d || k > d {
				return -1
			}
			return int(trace[d][k+d])
		}
		k := x - y
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		px := at(from)
		py := px - from
		for x > px && y > py && x > 0 && y > 0 && a[x-1] == b[y-1] {
			x, y = x-1, y-1
			back = append(back, Change{Stayed, a[x]})
		}
		if from == k+1 {
			y--
			back = append(back, Change{Came, b[y]})
		} else {
			x--
			back = append(back, Change{Went, a[x]})
		}
	}
	for x > 0 {
		x--
		back = append(back, Change{Stayed, a[x]})
	}
	for _, change := range slices.Backward(back) {
		c.add(change.Kind, change.Text)
	}
}

// tidy joins changes that only a blank keeps apart, and puts what went before
// what came, as an editor would.
func (c changes) tidy() []Change {
	var out []Change
	for i := 0; i < len(c); {
		if c[i].kind == Stayed {
			out = append(out, Change{Stayed, c[i].text()})
			i++
			continue
		}
		var went, came strings.Builder
		for ; i < len(c) && (c[i].kind != Stayed || i+1 < len(c) && strings.Trim(c[i].text(), " ") == ""); i++ {
			if c[i].kind != Came {
				went.WriteString(c[i].text())
			}
			if c[i].kind != Went {
				came.WriteString(c[i].text())
			}
		}
		if went.Len() > 0 {
			out = append(out, Change{Went, went.String()})
		}
		if came.Len() > 0 {
			out = append(out, Change{Came, came.String()})
		}
	}
	return out
}
