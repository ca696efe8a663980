package extract

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"copydesk/aggregator/wordtable"
)

//go:embed data/words.tsv
var wordTable string

// wordsByKind are the words of a table in its order: the last column of a row, by
// what stands before its language.
func wordsByKind(text string) map[string][]string {
	out := map[string][]string{}
	for _, row := range wordtable.Rows(text) {
		kind := strings.Join(row[:len(row)-2], " ")
		out[kind] = append(out[kind], strings.Split(row[len(row)-1], "|")...)
	}
	return out
}

// formWords are the words of data/words.tsv, by kind and by kind and language:
// "year", "year/zh". The longest come first, as an alternation needs them.
var formWords = func() map[string][]string {
	out := wordsByKind(wordTable)
	for _, row := range wordtable.Rows(wordTable) {
		out[row[0]+"/"+row[1]] = strings.Split(row[2], "|")
	}
	for _, words := range out {
		slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	}
	return out
}()

// pattern is a regular expression in which a kind of formWords in braces stands for
// any word of that kind.
func pattern(text string) *regexp.Regexp {
	return regexp.MustCompile(wordtable.Pattern(text, wordsOfKind))
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
