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
// of all and so many at least, and by how many those are more than any other
// language's: where the detection says the same, and where it does not. That it says
// so is nothing against languages that it does not know, and little where no letter
// beyond a to z bears it out.
const (
	agreedShare, agreedWords, agreedLead = 14, 2, 1
	thinWords, thinLead                  = 3, 2
	unknownLead                          = 2
	aloneShare, aloneWords, aloneLead    = 6, 4, 2
	aloneLetters                         = 100 // bytes of a text without such a letter
)

// A contest is how the languages stand that a text may be in by its letters: small
// words of the best, of the one behind it, and of one that the detection does not know.
type contest struct {
	best                alphabet
	most, next, unknown int
	words               map[string]int           // of each
	may                 map[whatlanggo.Lang]bool // what the detection may choose from
}

func contestOf(words []string, marked map[rune]int, letters int) contest {
	all := languages()
	counts := all.held(words)
	c := contest{words: map[string]int{}, may: map[whatlanggo.Lang]bool{whatlanggo.Eng: true}} // what one alone could be is measured against something
	for i, a := range all.alphabets {
		if a.foreign(marked)*fewForeign > letters {
			continue
		}
		n := counts[i]
		c.words[a.language], c.may[a.lang] = n, true
		if n > c.most {
			a, c.best = c.best, a
			n, c.most = c.most, n
		}
		c.next = max(c.next, n)
		if a.lang == unasked {
			c.unknown = max(c.unknown, n)
		}
	}
	delete(c.may, unasked)
	return c
}

// guessed is the language that the letters and the small words of a text tell;
// empty where they are unsure.
func guessed(text string) string {
	marked, letters := markedLetters(text)
	words := plainWords(text)
	c := contestOf(words, marked, letters)
	lead := c.most - c.next
	sure := c.most >= aloneWords && c.most*aloneShare >= len(words) && lead >= aloneLead
	switch {
	case sure && (len(text) >= aloneLetters || len(marked) > 0):
		return c.best.language
	case c.best.lang == unasked || c.most < agreedWords || c.most*agreedShare < len(words) || lead < agreedLead || c.most-c.unknown < unknownLead:
		return ""
	case len(marked) == 0 && (c.most < thinWords || lead < thinLead):
		return ""
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: c.may})
	if info.Lang != c.best.lang || !sure && info.Confidence < sureEnough {
		return ""
	}
	return c.best.language
}

// maySpeak reports a text of which neither the letters nor the small words tell
// another language rather.
func maySpeak(language, text string) bool {
	marked, letters := markedLetters(text)
	c := contestOf(plainWords(text), marked, letters)
	n, may := c.words[language]
	return may && n == c.most
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
		if r = unicode.ToLower(r); r >= 0x80 { // not İ
			marked[r]++
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
