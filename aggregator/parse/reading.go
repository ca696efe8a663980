package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What else costs in every language, in bits: a byte without a character, a control
// or private character, a sign seldom printed, one that texts are full of, a sign
// within a word, a capital behind a small letter and behind a capital.
const (
	noCharacter  = 25
	noText       = 20
	oddSign      = 11
	usualSign    = 6
	gluedSign    = 12
	capitalLater = 7
	capitalAgain = 1
)

// A word is a run of letters.
type word struct {
	letters []letter
	ascii   int // how many are
	foreign int // what it costs at most, where all are
}

// A reading is a text in one charset: its words, and what the rest of it costs.
type reading struct {
	words []word
	bits  int
	cut   bool // before its end, since the rest costs that much
}

// newReading cuts a text into its words. It stops where the rest costs over limit.
func newReading(text string, limit int) reading {
	var out reading
	var w word
	x := theLexicon()
	before := ' '
	for i, r := range text + " " {
		if lettered(r) {
			out.bits += capitalCost(r, before)
			w.add(x.letter(unicode.ToLower(r)))
		} else {
			out.words = w.end(out.words, x.english)
			if r >= utf8.RuneSelf {
				_, n := utf8.DecodeRuneInString(text[i:]) // one where r stands for a byte that is none
				after, _ := utf8.DecodeRuneInString(text[i+n:])
				out.bits += signCost(r) + gluedCost(r, before, after)
			}
		}
		if out.bits > limit {
			out.cut = true
			break
		}
		before = r
	}
	return out
}

func (w *word) add(n letter) {
	w.letters = append(w.letters, n)
	if n < asciiLetters {
		w.ascii++
	}
}

// end puts the word behind others, if there is any, and begins a new one.
func (w *word) end(words []word, english *tongue) []word {
	if len(w.letters) == 0 {
		return words
	}
	if w.ascii == len(w.letters) {
		w.foreign = foreignLetter * w.ascii
		w.foreign = english.cost(*w) + foreignWord
	}
	words = append(words, *w)
	*w = word{}
	return words
}

// lettered reports what words are made of.
func lettered(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	case r == 'ª', r == 'º', r == 'µ', r == '・', isWide(r):
		return false
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.M, r)
}

// capitalCost is what it costs that a letter is a capital, behind another.
func capitalCost(r, before rune) int {
	switch {
	case !unicode.IsUpper(r) || !lettered(before):
		return 0
	case unicode.IsLower(before):
		return capitalLater
	}
	return capitalAgain
}

func signCost(r rune) int {
	switch {
	case r == unicode.ReplacementChar:
		return noCharacter
	case unicode.In(r, unicode.Cc, unicode.Co):
		return noText
	case strings.ContainsRune(usualSigns, r), eastern(r):
		return usualSign
	}
	return oddSign
}

// eastern reports the marks of East Asia and the wide forms of ASCII.
func eastern(r rune) bool { return r >= 0x3000 && r <= 0x303f || r == '・' || isWide(r) }

func isWide(r rune) bool { return r >= 0xff00 && r <= 0xff5e }

// usualSigns are those that texts are full of, beside the marks of East Asia.
const usualSigns = "“”‘’„‚‹›–—…•·§©°€£№™ªº\u00a0\u00ad"

// gluedCost is what it costs that a sign stands in a word, where only those do that
// quote or part, or in front of one, where those do that count, too.
func gluedCost(r, before, after rune) int {
	switch {
	case !lettered(after), eastern(r), strings.ContainsRune("“”‘’„‚«»‹›–—…•·\u00a0\u00ad", r):
		return 0
	case lettered(before), unicode.IsLower(after) && !strings.ContainsRune("§°€£№", r):
		return gluedSign
	}
	return 0
}
