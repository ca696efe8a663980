package normalize

import (
	"iter"
	"sync"
	"unicode"
	"unicode/utf8"
)

// outletSigns are the folded names of outlets by what a text holds that has one: in
// scripts with capitals its longest word, in others, whose words are written on to one
// another, its first two signs.
type outletSigns struct {
	words map[string][]string
	pairs map[[2]rune]bool
	opens map[[2]rune]bool // the first two signs of any name
}

var signsOfOutlets = sync.OnceValue(func() outletSigns {
	out := outletSigns{map[string][]string{}, map[[2]rune]bool{}, map[[2]rune]bool{}}
	names, short := outlets()
	for name := range names {
		out.add(name)
	}
	for name := range short {
		out.add(fold(name))
	}
	return out
})

func (s outletSigns) add(name string) {
	s.opens[pairAt(name)] = true
	longest, pair, signs := "", [2]rune{}, 0
	for run, cased := range runsOf(name) {
		if n := utf8.RuneCountInString(run); cased && len(run) > len(longest) {
			longest = run
		} else if !cased && n > signs {
			pair, signs = pairAt(run), n
		}
	}
	if longest != "" {
		s.words[longest] = append(s.words[longest], name)
	} else {
		s.pairs[pair] = true
	}
}

// mayOpenOutlet reports a text that the name of an outlet may open, by its first two
// signs where both are Han.
func mayOpenOutlet(text string) bool {
	pair := pairAt(text)
	return !isHan(pair[0]) || !isHan(pair[1]) || signsOfOutlets().opens[pair]
}

// mayNameOutlet reports a text in which the name of an outlet may stand, in whatever
// case.
func mayNameOutlet(text string) bool {
	signs, folded := signsOfOutlets(), fold(text)
	if signs.in(folded, folded) {
		return true
	}
	return foldedAway.in(text) && signs.in(lowered(text), folded) || !ascii(text) && signs.inflected(lowered(text))
}

// foldedAway are marks that fold leaves out, which may part two words: "Reuters.Lisbon".
var foldedAway = setOf(".'\"")

// in reports a name in a text, of which the runs are those of lower.
func (s outletSigns) in(lower, folded string) bool {
	for run, cased := range runsOf(lower) {
		if cased && holdsAny(folded, s.words[run]) || !cased && s.paired(run) {
			return true
		}
	}
	return false
}

// paired reports a run that holds two signs which open a name.
func (s outletSigns) paired(run string) bool {
	for i := range run {
		if s.pairs[pairAt(run[i:])] {
			return true
		}
	}
	return false
}

// shortestInflected is how long a word is, in bytes, beside which another may stand in
// another case: "Новой газеты".
const shortestInflected = 4

// inflected reports the longest word of a name, in another case than the name's.
func (s outletSigns) inflected(lower string) bool {
	for run, cased := range runsOf(lower) {
		if !cased {
			continue
		}
		for _, form := range forms(run) {
			if len(form) >= shortestInflected && len(in(s.words, form)) > 0 {
				return true
			}
		}
	}
	return false
}

// pairAt are the first two signs of a run, or its only one.
func pairAt(run string) (pair [2]rune) {
	r, n := utf8.DecodeRuneInString(run)
	pair[0] = r
	if n < len(run) {
		pair[1] = firstRune(run[n:])
	}
	return pair
}

// runsOf are the runs of letters and figures of a text, each of a script with capitals
// or of one without.
func runsOf(text string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		start, cased := -1, false
		for i, r := range text {
			is, has := inRun(r)
			if start >= 0 && (!is || has != cased) {
				if !yield(text[start:i], cased) {
					return
				}
				start = -1
			}
			if is && start < 0 {
				start, cased = i, has
			}
		}
		if start >= 0 {
			yield(text[start:], cased)
		}
	}
}

// inRun reports a letter, a mark on one or a figure, and whether its script has
// capitals.
func inRun(r rune) (is, cased bool) {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9', true
	case isCaseless(r):
		return true, false
	case r < knownLetters:
		l := letterOf(r)
		return l.letter || l.figure || l.mark, !l.mark
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r), !unicode.IsMark(r)
}
