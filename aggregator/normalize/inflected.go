package normalize

import (
	"strings"
	"sync"
)

// endings are those of cases with what the name has instead of them, of
// data/origins.tsv: "ой" with "ая".
var endings = sync.OnceValue(func() [][2]string {
	var out [][2]string
	for _, list := range originWords()["case"] {
		for _, pair := range list {
			from, to, _ := strings.Cut(pair, "=")
			out = append(out, [2]string{from, to})
		}
	}
	return out
})

// nominative is the outlet whose name stands in another case: "Новой газеты" is
// Новая газета. Empty where no such name is one that we know.
func nominative(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 3 || len(text) > longestName || isLowerWord(words[0]) {
		return ""
	}
	return nominativeOf("", words)
}

// nominativeOf tries each form of the first word with each of the others.
func nominativeOf(before string, words []string) string {
	if len(words) == 0 {
		if wire(before).name != "" {
			return strings.TrimSpace(before)
		}
		return ""
	}
	for _, form := range forms(words[0]) {
		if name := nominativeOf(before+" "+form, words[1:]); name != "" {
			return name
		}
	}
	return ""
}

// forms are a word and what it may be the case of.
func forms(w string) []string {
	out := []string{w}
	for _, e := range endings() {
		if stem, ok := strings.CutSuffix(w, e[0]); ok && len(stem) > 3 {
			out = append(out, stem+e[1])
		}
	}
	return out
}
