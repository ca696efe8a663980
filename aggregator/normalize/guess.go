package normalize

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"github.com/abadojack/whatlanggo"
)

//go:embed data/alphabets.tsv
var alphabetTable string

// An alphabet is what a language is written with, beside a to z.
type alphabet struct {
	language string
	lang     whatlanggo.Lang // what the detection takes it for
	letters  string          // empty where all may be
}

// alphabets are those of the languages that news is written in. A detection among
// all that there are is unsure of Dutch for the sake of Afrikaans.
var alphabets = sync.OnceValue(func() []alphabet {
	var out []alphabet
	for _, row := range table(alphabetTable) {
		out = append(out, alphabet{row[0], whatlanggo.CodeToLang(strings.TrimPrefix(row[1], "-")), row[2]})
	}
	return out
})

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

// guessed is the language that the letters and the words of a text tell; empty
// where they are unsure.
func guessed(text string) string {
	marked, letters := markedLetters(text)
	may := map[whatlanggo.Lang]bool{whatlanggo.Eng: true} // what one alone could be is measured against something
	for _, a := range alphabets() {
		if a.foreign(marked)*fewForeign <= letters {
			may[a.lang] = true
		}
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: may})
	if info.Confidence < sureEnough {
		return ""
	}
	language, fewest := "", letters
	for _, a := range alphabets() {
		if a.lang != info.Lang {
			continue
		}
		switch n := a.foreign(marked); {
		case n < fewest:
			language, fewest = a.language, n
		case n == fewest: // either
			language = ""
		}
	}
	if fewest*fewForeign > letters {
		return ""
	}
	return language
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
