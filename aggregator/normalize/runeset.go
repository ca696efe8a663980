package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A runeSet is characters to look for. Most of a text is ASCII, for which it
// costs one bit to see that it is none of them, and of the rest another.
type runeSet struct {
	low    [2]uint64 // ASCII, a bit each
	high   [4]uint64 // the others, a bit for each that ends in the same eight
	others []rune    // sorted
	few    []rune    // all of them, where it is quicker to look for one after the other
}

// fewSigns is how many signs are quicker looked for one after the other, as package
// strings compares many bytes at once, in a text of more than fewBytes for each.
const fewSigns, fewBytes = 16, 4

func setOf(chars string) *runeSet {
	set := &runeSet{}
	for _, r := range chars {
		if r < utf8.RuneSelf {
			set.low[r>>6] |= 1 << (r & 63)
			continue
		}
		set.others = append(set.others, r)
		set.high[r>>6&3] |= 1 << (r & 63)
	}
	slices.Sort(set.others)
	set.others = slices.Compact(set.others)
	if all := []rune(chars); len(all) <= fewSigns {
		set.few = all
	}
	return set
}

func (set *runeSet) has(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && set.low[r>>6]&(1<<(r&63)) != 0
	}
	return set.high[r>>6&3]&(1<<(r&63)) != 0 && set.hasOther(r)
}

// hasOther is has where the last bits of a sign are those of one of them.
func (set *runeSet) hasOther(r rune) bool {
	_, found := slices.BinarySearch(set.others, r)
	return found
}

// in reports that a text holds one of them.
func (set *runeSet) in(text string) bool {
	if set.few != nil && len(text) > fewBytes*len(set.few) {
		return slices.ContainsFunc(set.few, func(r rune) bool { return strings.ContainsRune(text, r) })
	}
	return set.index(text) >= 0
}

// index is where the first of them stands in a text, -1 where none does.
func (set *runeSet) index(text string) int {
	for i, r := range text {
		if r < utf8.RuneSelf {
			if set.low[r>>6&1]&(1<<(r&63)) != 0 {
				return i
			}
		} else if set.high[r>>6&3]&(1<<(r&63)) != 0 && set.hasOther(r) {
			return i
		}
	}
	return -1
}

// lastIndex is where the last of them stands.
func (set *runeSet) lastIndex(text string) int {
	for i := len(text); i > 0; {
		r, n := utf8.DecodeLastRuneInString(text[:i])
		if i -= n; set.has(r) {
			return i
		}
	}
	return -1
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
