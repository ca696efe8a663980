// Package wordtable reads the tables of words that the halves of reading keep as
// data, so that who speaks a language can correct them without reading Go.
//
// It promises that a line which is empty or opens with # says nothing to the
// program, and that whatever else stands there is kept as it is. What the columns
// mean is for those who own a table to say.
package wordtable

import (
	"regexp"
	"strings"
)

// Rows are the rows of a table, each cut into its columns at the tabs.
func Rows(text string) [][]string {
	var out [][]string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

// braced is what stands for words in a pattern: {and}, {year/zh}.
var braced = regexp.MustCompile(`\{[a-z][a-z-]*(?:/[a-z]+)?\}`)

// Pattern is the source of a regular expression in which a kind of words in braces
// stands for any word of that kind. words gives those, the longest first.
func Pattern(text string, words func(kind string) []string) string {
	return braced.ReplaceAllStringFunc(text, func(kind string) string {
		var quoted []string
		for _, word := range words(strings.Trim(kind, "{}")) {
			quoted = append(quoted, regexp.QuoteMeta(word))
		}
		return "(?:" + strings.Join(quoted, "|") + ")"
	})
}
