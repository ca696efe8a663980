package normalize

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"copydesk/aggregator/wordtable"

	"github.com/abadojack/whatlanggo"
)

//go:embed data/alphabets.tsv
var alphabetTable string

// An alphabet is what a language is written with, beside a to z.
type alphabet struct {
	language string
	lang     whatlanggo.Lang // what the detection takes it for; unasked where it is not to be asked
	letters  string          // empty where all may be
}

// unasked is no language of the detection.
const unasked whatlanggo.Lang = -1

// The tongues are what languages are told by: their alphabets, and by small words the
// places of those that have them.
type tongues struct {
	alphabets []alphabet
	having    map[string][]int
}

// languages are those that news is written in. A detection among all that there
// are is unsure of Dutch for the sake of Afrikaans.
var languages = sync.OnceValue(func() tongues {
	out := tongues{having: map[string][]int{}}
	for i, row := range wordtable.Rows(alphabetTable) {
		a := alphabet{language: row[0], lang: unasked, letters: row[2]}
		if row[1] != "" {
			a.lang = whatlanggo.CodeToLang(strings.TrimPrefix(row[1], "-"))
		}
		out.alphabets = append(out.alphabets, a)
		for word := range strings.FieldsSeq(row[3]) {
			out.having[word] = append(out.having[word], i)
		}
	}
	return out
})

// held counts the words that are small ones of each language.
func (t tongues) held(words []string) []int {
	out := make([]int, len(t.alphabets))
	for _, word := range words {
		for _, i := range t.having[word] {
			out[i]++
		}
	}
	return out
}

// wordSet is a list of words as a set.
func wordSet(words string) map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		out[word] = true
	}
	return out
}

// foreign counts the letters of a text that are none of the language's.
func (a alphabet) foreign(marked map[rune]int) int {
	total := 0
	for r, n := range marked {
		if a.letters != "" && !strings.ContainsRune(a.letters, r) {
			total += n
		}
	}
	return total
}

// fewForeign is one in how many letters of a text may be none of its language.
const fewForeign = 100

// How many of a text's words have to be small ones of its language, one in so many
// of all and so many at least: where the detection says the same, and where it does
// not; and by how many those are more than any other language's.
const (
	agreedShare, agreedWords, agreedLead = 14, 3, 1
	aloneShare, aloneWords, aloneLead    = 6, 4, 2
)

// guessed is the language that the letters and the small words of a text tell;
// empty where they are unsure.
func guessed(text string) string {
	marked, letters := markedLetters(text)
	words := plainWords(text)
	may := map[whatlanggo.Lang]bool{whatlanggo.Eng: true} // what one alone could be is measured against something
	var best alphabet
	most, next := 0, 0 // small words of the best, and of the one behind it
	all := languages()
	counts := all.held(words)
	for i, a := range all.alphabets {
		if a.foreign(marked)*fewForeign > letters {
			continue
		}
		may[a.lang] = true
		switch n := counts[i]; {
		case n > most:
			best, most, next = a, n, most
		case n > next:
			next = n
		}
	}
	delete(may, unasked)
	switch {
	case most >= aloneWords && most*aloneShare >= len(words) && most >= next+aloneLead:
		return best.language
	case best.lang == unasked || most < agreedWords || most*agreedShare < len(words) || most < next+agreedLead:
		return ""
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: may})
	if info.Confidence < sureEnough || info.Lang != best.lang {
		return ""
	}
	return best.language
}

// plainWords are the words of a text, in small letters, with their marks.
func plainWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

// heldIn counts the words that are in a set.
func heldIn(words []string, set map[string]bool) int {
	n := 0
	for _, word := range words {
		if set[word] {
			n++
		}
	}
	return n
}

// markedLetters counts the letters of a text, and each of those beyond ASCII.
func markedLetters(text string) (marked map[rune]int, letters int) {
	marked = map[rune]int{}
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if r >= 0x80 {
			marked[unicode.ToLower(r)]++
		}
	}
	return marked, letters
}

//go:embed data/kinscripts.tsv
var kinscriptTable string

// A kin is a language that is written in the script of a greater one.
type kin struct {
	language, greater string
	letters           string
	words             map[string]bool
}

var kins = sync.OnceValue(func() []kin {
	var out []kin
	for _, row := range wordtable.Rows(kinscriptTable) {
		out = append(out, kin{row[0], row[1], row[2], wordSet(row[3])})
	}
	return out
})

// kinSigns are how many letters or words tell a language from the greater one of
// its script.
const kinSigns = 2

// kinOf is the language of a text in a script that a greater language is written
// in: that, unless letters or words tell another.
func kinOf(greater, text string) string {
	for _, k := range kins() {
		if k.greater != greater {
			continue
		}
		signs := heldIn(plainWords(text), k.words)
		for _, r := range text {
			if strings.ContainsRune(k.letters, r) {
				signs++
			}
		}
		if signs >= kinSigns {
			return k.language
		}
	}
	return greater
}
