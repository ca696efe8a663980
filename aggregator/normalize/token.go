package normalize

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a figure, a word or a mark in a date.
type token struct {
	text     string // in small letters; a phrase of several words is one token
	mark     byte   // a sign of ASCII; 0 for figures and words
	digits   int    // of a figure; 0 for words and marks
	number   int    // of a figure
	capitals bool
	gap      bool // white space before it
	clock    bool // belongs to a time of day
	used     bool // read already
	meanings []meaning
}

// tokens takes folded text apart.
func tokens(s string) []token {
	out := make([]token, 0, 16)
	gap := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsSpace(r):
			gap = true
			i += n
			continue
		case r >= '0' && r <= '9':
			n = digitsAt(s[i:])
			out = append(out, figure(s[i:i+n], gap))
		case glues(r):
			n = gluedWord(s[i:])
			out = append(out, word(s[i:i+n], gap))
		case unicode.IsLetter(r):
			n = wordAt(s[i:])
			out = append(out, word(s[i:i+n], gap))
			if t := &out[len(out)-1]; len(t.meanings) == 0 { // un'ora, d'octobre
				if head, _, elided := strings.Cut(s[i:i+n], "'"); elided {
					*t, n = word(head, gap), len(head)+1
				}
			}
		case r < utf8.RuneSelf:
			out = append(out, token{text: s[i : i+1], mark: byte(r), gap: gap})
		default:
			out = append(out, token{text: s[i : i+n], gap: gap})
		}
		gap = false
		i += n
	}
	return monthFigures(phrases(out))
}

func figure(s string, gap bool) token {
	n, err := strconv.Atoi(s)
	if err != nil { // of no use as a part of a date
		n = -1
	}
	return token{text: s, digits: len(s), number: n, gap: gap}
}

func word(s string, gap bool) token {
	t := token{text: strings.ToLower(s), gap: gap, capitals: isCapitals(s)}
	t.meanings = dateWords().words[t.text]
	return t
}

func digitsAt(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// wordAt is the length of a word of letters, with apostrophes between them.
func wordAt(s string) int {
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			if glues(r) {
				return i
			}
			continue
		}
		if next := firstRune(s[i+utf8.RuneLen(r):]); r != '\'' || !unicode.IsLetter(next) {
			return i
		}
	}
	return len(s)
}

// longestGlued is how many letters the longest word has in scripts without
// blanks.
const longestGlued = 16

// gluedWord is the length of the longest known word at the beginning of text
// without blanks, or of one letter.
func gluedWord(s string) int {
	ends := make([]int, 0, longestGlued)
	for i, r := range s {
		if i > 0 {
			ends = append(ends, i)
		}
		if !glues(r) && !unicode.IsMark(r) || len(ends) == longestGlued {
			break
		}
		if i+utf8.RuneLen(r) == len(s) {
			ends = append(ends, len(s))
		}
	}
	for i := len(ends) - 1; i > 0; i-- {
		if _, known := dateWords().words[s[:ends[i]]]; known {
			return ends[i]
		}
	}
	return ends[0]
}

// glues reports letters of scripts that put words together.
func glues(r rune) bool {
	return r >= 0xe00 && (unspaced(r) || unicode.In(r, unicode.Hangul, unicode.Thai))
}

// phrases makes one token of words that are one in the lexicon: "a.m.",
// "كانون الثاني", "il y a".
func phrases(list []token) []token {
	out := list[:0]
	for i := 0; i < len(list); {
		t, next := list[i], i+1
		if most := dateWords().longest[t.text]; most > 1 && t.mark == 0 {
			if joined, end := phraseAt(list, i, most); end > 0 {
				t, next = joined, end
			}
		}
		out = append(out, t)
		i = next
	}
	return out
}

// phraseAt is the longest phrase that begins at i and where it ends; 0 when
// there is none.
func phraseAt(list []token, i, most int) (token, int) {
	t, key, end := list[i], list[i].text, 0
	capitals := t.capitals
	for j, n := i+1, 1; n < most && j < len(list); j++ {
		next := list[j]
		if (next.mark == '.' || next.mark == '-' || next.mark == '"') && list[j-1].mark == 0 {
			continue
		}
		if next.mark != 0 || next.digits > 0 {
			break
		}
		key += " " + next.text
		capitals = capitals && next.capitals
		n++
		if m := dateWords().words[key]; m != nil {
			t.text, t.meanings, t.capitals, end = key, m, capitals, j+1
		}
	}
	return t, end
}

// monthFigures makes one token of a word for month with its figure, as
// Vietnamese has them: tháng 11.
func monthFigures(list []token) []token {
	for i := 0; i+1 < len(list); i++ {
		fig := list[i+1]
		attached := i > 0 && list[i-1].digits > 0 && !list[i].gap || len(list[i].text) < 3 && fig.gap // 10th 11
		if !list[i].has(senseMonthSign, "vi") || attached || fig.digits == 0 || fig.digits > 2 || fig.number < 1 || fig.number > 12 {
			continue
		}
		list[i].meanings = []meaning{{sense: senseMonth, value: fig.number, language: "vi"}}
		list = append(list[:i+1], list[i+2:]...)
	}
	return list
}

// has reports a meaning in a language.
func (t *token) has(s sense, language string) bool {
	for _, m := range t.meanings {
		if m.sense == s && m.language == language {
			return true
		}
	}
	return false
}

// means is the value that a word has in a sense: the one in the language of the
// text where there is one.
func (t *token) means(s sense, language string) (int, bool) {
	value, found := 0, false
	for _, m := range t.meanings {
		if m.sense != s || m.capitals && !t.capitals {
			continue
		}
		if m.language == language && language != "" {
			return m.value, true
		}
		if !found {
			value, found = m.value, true
		}
	}
	return value, found
}

// anyMeaning is the first value of a word in a sense, whatever its capitals.
func (t *token) anyMeaning(s sense) (int, bool) {
	for _, m := range t.meanings {
		if m.sense == s {
			return m.value, true
		}
	}
	return 0, false
}

// says is means without the value.
func (t *token) says(s sense) bool {
	_, ok := t.means(s, "")
	return ok
}
