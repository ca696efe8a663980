package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isNamesake reports a name whose family name is a word that we know otherwise:
// "Ed Chief", "Ángel Redactor". Two words with a capital, the first a given name,
// are a person whatever the tables say of the second.
func isNamesake(text string) bool {
	given, family, ok := strings.Cut(text, " ")
	if !ok || !capitalised(family) || !capitalised(given) || !in(givenNames(), given) || isJobWord(given) {
		return false
	}
	last := fold(family)
	return (!bodyWords()[last] || papers()[last]) && in(registry(), text).name == ""
}

// endsNamesake reports a role word that is the family name of the last of
// several: behind a given name alone, with a capital, "Luca De Santis e Marta Foto".
func endsNamesake(before, word string) bool {
	words := strings.Fields(before)
	n := len(words)
	if n == 0 || !isNamesake(words[n-1]+" "+strings.TrimSpace(word)) {
		return false
	}
	return n == 1 || isAnd(words[n-2]) || strings.HasSuffix(words[n-2], ",")
}

// capitalised reports a word with a capital and small letters behind it.
func capitalised(w string) bool {
	r, n := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r) && n < len(w) && !strings.ContainsFunc(w[n:], func(r rune) bool { return !unicode.IsLower(r) })
}

// citedName is the Vietnamese name behind "Theo" ("according to"), which is a
// given name elsewhere: the words behind it open with a Vietnamese family name
// or end with a given one, and are a name themselves.
func citedName(text string) (string, bool) {
	word, name, ok := strings.Cut(text, " ")
	if !ok || ascii(name) || accented(word) || !in(outletAts(), word) { // Đỗ is no "do"
		return "", false
	}
	words := strings.Fields(name)
	if len(words) < 2 || !in(vietnamese(), words[0]) && !vietnameseGiven()[strings.ToLower(words[len(words)-1])] {
		return "", false
	}
	return name, !slices.ContainsFunc(words, func(w string) bool { return !capitalised(w) })
}
