package normalize

import (
	"strings"
	"unicode/utf8"
)

// A runeSet is characters to look for. Most of a text is ASCII, for which it
// costs one bit to see that it is none of them.
type runeSet struct {
	low    [2]uint64 // ASCII, a bit each
	others string
}

func setOf(chars string) *runeSet {
	set := &runeSet{}
	for _, r := range chars {
		if r < 128 {
			set.low[r>>6] |= 1 << (r & 63)
			continue
		}
		set.others += string(r)
	}
	return set
}

func (set *runeSet) has(r rune) bool {
	if r < 128 {
		return set.low[r>>6]&(1<<(r&63)) != 0
	}
	return strings.ContainsRune(set.others, r)
}

// in reports that a text holds one of them.
func (set *runeSet) in(text string) bool {
	if set.low == [2]uint64{} { // none is of ASCII
		text = text[leadingASCII(text):]
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
