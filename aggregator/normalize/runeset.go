package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A runeSet is characters to look for. Most of a text is ASCII, for which it
// costs one bit to see that it is none of them, or lies between no two of them.
type runeSet struct {
	low    [2]uint64 // ASCII, a bit each
	others []rune    // sorted
}

func setOf(chars string) *runeSet {
	set := &runeSet{}
	for _, r := range chars {
		if r < utf8.RuneSelf {
			set.low[r>>6] |= 1 << (r & 63)
			continue
		}
		set.others = append(set.others, r)
	}
	slices.Sort(set.others)
	set.others = slices.Compact(set.others)
	return set
}

func (set *runeSet) has(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && set.low[r>>6]&(1<<(r&63)) != 0
	}
	n := len(set.others)
	if n == 0 || r < set.others[0] || r > set.others[n-1] {
		return false
	}
	_, found := slices.BinarySearch(set.others, r)
	return found
}

// in reports that a text holds one of them.
func (set *runeSet) in(text string) bool {
	switch {
	case set.low == [2]uint64{} && len(set.others) == 1:
		return strings.ContainsRune(text, set.others[0])
	case set.low == [2]uint64{}: // none is of ASCII
		text = text[leadingASCII(text):]
	case len(set.others) == 0: // all are
		for i := range len(text) {
			if c := text[i]; c < utf8.RuneSelf && set.low[c>>6]&(1<<(c&63)) != 0 {
				return true
			}
		}
		return false
	}
	return strings.ContainsFunc(text, set.has)
}

// leadingASCII is how many bytes of ASCII open a text.
func leadingASCII(text string) int {
	n := 0
	for n < len(text) && text[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// A rewriter is a strings.Replacer of signs that most texts do not hold.
type rewriter struct {
	*strings.Replacer
	needs *runeSet // one of each old text, in its order
}

func rewriting(pairs ...string) *rewriter {
	var signs []rune
	for i := 0; i < len(pairs); i += 2 {
		signs = append(signs, lastRune(strings.TrimSpace(pairs[i])))
	}
	return &rewriter{strings.NewReplacer(pairs...), setOf(string(signs))}
}

// Replace is strings.Replacer's.
func (w *rewriter) Replace(s string) string {
	if !w.needs.in(s) {
		return s
	}
	return w.Replacer.Replace(s)
}
