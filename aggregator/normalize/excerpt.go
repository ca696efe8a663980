package normalize

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed data/abbreviations.tsv
var abbreviationTable string

// abbreviations are words, in small letters, whose full stop ends no sentence.
var abbreviations = func() map[string]bool {
	out := map[string]bool{}
	for _, row := range table(abbreviationTable) {
		for word := range strings.FieldsSeq(row[1]) {
			out[word] = true
		}
	}
	return out
}()

// Excerpt cuts text at the end of a sentence, else of a word, at most n
// characters in.
func Excerpt(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text)
	for i := n - 1; i > n/3; i-- {
		if end := sentenceEnd(runes, i); end > 0 && end <= n {
			return string(runes[:end])
		}
	}
	for i := n; i > n/3; i-- {
		if runes[i] == ' ' || i < n && strings.ContainsRune("，、；：,;", runes[i]) && wide(runes[i]) {
			return strings.TrimRight(string(runes[:i]), " ,;:–—-，、；：") + "…"
		}
	}
	for n > 1 && !mayCut(runes[n-1], runes[n]) {
		n--
	}
	return string(runes[:n]) + "…"
}

// sentenceEnd is the index behind the sentence that the mark at i ends, with
// the quotes and brackets that close behind it; 0 when it ends none.
func sentenceEnd(runes []rune, i int) int {
	full := strings.ContainsRune("。！？", runes[i])
	if !full && !strings.ContainsRune(".!?؟۔।॥…", runes[i]) {
		return 0
	}
	end := i + 1
	for end < len(runes) && strings.ContainsRune(`"'”’»」』）)`, runes[end]) {
		end++
	}
	switch {
	case full || end == len(runes):
		return end
	case runes[end] != ' ' || runes[i] == '.' && (abbreviated(runes[:i]) || end+1 < len(runes) && unicode.IsLower(runes[end+1])):
		return 0
	}
	return end
}

// abbreviated reports text that ends with what takes a full stop within a
// sentence: an initial, an ordinal, an abbreviation.
func abbreviated(before []rune) bool {
	start := len(before)
	for start > 0 && !unicode.IsSpace(before[start-1]) && before[start-1] != '(' {
		start--
	}
	word := strings.ToLower(string(before[start:]))
	letters := utf8.RuneCountInString(word)
	return letters == 1 || letters <= 2 && strings.Trim(word, "0123456789") == "" || strings.Contains(word, ".") && letters < 6 || abbreviations[word]
}

// mayCut reports that no mark belongs to the character before it, and that none
// that closes stands first in what is cut off.
func mayCut(before, after rune) bool {
	return !unicode.IsMark(after) && after != 0x200d && before != 0x200d && !strings.ContainsRune("。！？，、；：」』）》】”’", after) && !strings.ContainsRune("「『（《【“‘", before)
}
