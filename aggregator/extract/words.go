package extract

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
)

//go:embed data/words.tsv
var wordTable string

// table yields the rows of a table of words: columns parted by tabs. Who corrects
// one may leave lines empty, and open them with # to say why.
func table(text string) (rows [][]string) {
	for line := range strings.Lines(text) {
		if line = strings.Trim(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows
}

// wordsByKind are the words of a table in its order: the last column of a row, by
// what stands before its language.
func wordsByKind(text string) map[string][]string {
	out := map[string][]string{}
	for _, row := range table(text) {
		kind := strings.Join(row[:len(row)-2], " ")
		out[kind] = append(out[kind], strings.Split(row[len(row)-1], "|")...)
	}
	return out
}

// formWords are the words of data/words.tsv, by kind and by kind and language:
// "year", "year/zh". The longest come first, as an alternation needs them.
var formWords = func() map[string][]string {
	out := wordsByKind(wordTable)
	for _, row := range table(wordTable) {
		out[row[0]+"/"+row[1]] = strings.Split(row[2], "|")
	}
	for _, words := range out {
		slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	}
	return out
}()

// braced is what stands for words in a pattern: {and}, {year/zh}.
var braced = regexp.MustCompile(`\{[a-z][a-z-]*(?:/[a-z]+)?\}`)

// pattern is a regular expression in which a kind of formWords in braces stands for
// any word of that kind.
func pattern(text string) *regexp.Regexp {
	return regexp.MustCompile(braced.ReplaceAllStringFunc(text, func(kind string) string {
		var quoted []string
		for _, word := range wordsOfKind(strings.Trim(kind, "{}")) {
			quoted = append(quoted, regexp.QuoteMeta(word))
		}
		return "(?:" + strings.Join(quoted, "|") + ")"
	}))
}

// wordsOfKind are the words of a kind, the longest first. A kind that the table
// lacks is a mistake of ours that no page may hide.
func wordsOfKind(kind string) []string {
	words := formWords[kind]
	if len(words) == 0 {
		panic("extract: no table has words of the kind " + kind)
	}
	return words
}
