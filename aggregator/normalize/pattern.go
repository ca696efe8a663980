package normalize

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"copydesk/aggregator/wordtable"
)

//go:embed data/patterns.tsv
var patternTable string

// phraseWords are the words of data/patterns.tsv and data/clock.tsv, and the names
// of months, by kind and by kind and language: "date", "date/zh". The longest come
// first, as an alternation needs them.
var phraseWords = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	add := func(kind, language, words string) {
		for word := range strings.SplitSeq(words, "|") {
			out[kind] = append(out[kind], word)
			out[kind+"/"+language] = append(out[kind+"/"+language], word)
		}
	}
	for _, row := range slices.Concat(wordtable.Rows(patternTable), wordtable.Rows(clockTable)) {
		add(row[0], row[1], row[2])
	}
	for _, row := range wordtable.Rows(monthTable) {
		add("month-name", row[0], strings.Join(row[1:], "|"))
	}
	for _, words := range out {
		slices.SortStableFunc(words, func(a, b string) int { return len(b) - len(a) })
	}
	return out
})

// A form is a regular expression that is compiled when it is first asked for, and run
// only over a text that holds what it cannot match without: most texts do not.
type form func() *expression

// An expression matches no text that has not a sign of each of needs.
type expression struct {
	*regexp.Regexp
	needs []*runeSet
}

// pattern is a form in which a kind of phraseWords in braces stands for any word of
// that kind.
func pattern(text string) form {
	return sync.OnceValue(func() *expression {
		text := wordtable.Pattern(text, wordsOfKind)
		return &expression{regexp.MustCompile(text), needsOf(text)}
	})
}

// in is the expression where a text holds all that it needs, else nil.
func (f form) in(s string) *expression {
	e := f()
	for _, set := range e.needs {
		if !set.in(s) {
			return nil
		}
	}
	return e
}

func (f form) MatchString(s string) bool {
	e := f.in(s)
	return e != nil && e.Regexp.MatchString(s)
}

func (f form) FindStringIndex(s string) []int {
	if e := f.in(s); e != nil {
		return e.Regexp.FindStringIndex(s)
	}
	return nil
}

func (f form) FindStringSubmatch(s string) []string {
	if e := f.in(s); e != nil {
		return e.Regexp.FindStringSubmatch(s)
	}
	return nil
}

func (f form) FindStringSubmatchIndex(s string) []int {
	if e := f.in(s); e != nil {
		return e.Regexp.FindStringSubmatchIndex(s)
	}
	return nil
}

func (f form) FindAllStringSubmatch(s string, n int) [][]string {
	if e := f.in(s); e != nil {
		return e.Regexp.FindAllStringSubmatch(s, n)
	}
	return nil
}

func (f form) ReplaceAllString(s, with string) string {
	if e := f.in(s); e != nil {
		return e.Regexp.ReplaceAllString(s, with)
	}
	return s
}

func (f form) ReplaceAllStringFunc(s string, with func(string) string) string {
	if e := f.in(s); e != nil {
		return e.Regexp.ReplaceAllStringFunc(s, with)
	}
	return s
}

// wordsOfKind are the words of a kind, the longest first. A kind that no table has
// is a mistake of ours that no text may hide.
func wordsOfKind(kind string) []string {
	words := phraseWords()[kind]
	if len(words) == 0 {
		panic("normalize: no table has words of the kind " + kind)
	}
	return words
}

// wordsIn are the words of some kinds.
func wordsIn(kinds ...string) func() []string {
	return sync.OnceValue(func() []string {
		var out []string
		for _, kind := range kinds {
			out = append(out, wordsOfKind(kind)...)
		}
		return out
	})
}

// theWord is the first word that the table has of a kind: the one that we write.
func theWord(kind string) func() string {
	return sync.OnceValue(func() string { return wordsOfKind(kind)[0] })
}

// openings are the first signs of the words of some kinds: a text without any of
// them needs no pattern run over it.
func openings(kinds ...string) func() *runeSet { return marksAnd("", kinds...) }

// holdsWord reports a text in which a blank stands behind one of some words.
func holdsWord(text string, words []string) bool {
	for _, word := range words {
		if _, behind, ok := strings.Cut(text, word); ok && (strings.HasPrefix(behind, " ") || strings.Contains(behind, word+" ")) {
			return true
		}
	}
	return false
}

// holdsFold reports a text that holds one of some words of two letters of ASCII and
// more, in small letters or capitals.
func holdsFold(text string, words []string) bool {
	for _, word := range words {
		for i := 0; i+len(word) <= len(text); i++ {
			if text[i]|' ' == word[0] && text[i+1]|' ' == word[1] && strings.EqualFold(text[i:i+len(word)], word) {
				return true
			}
		}
	}
	return false
}

// marksAnd are marks, and the first signs of the words of some kinds.
func marksAnd(marks string, kinds ...string) func() *runeSet {
	return sync.OnceValue(func() *runeSet {
		for _, kind := range kinds {
			for _, word := range wordsOfKind(kind) {
				marks += string(firstRune(word))
			}
		}
		return setOf(marks)
	})
}

// holdsAny reports a text that holds one of some words.
func holdsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

// prefixOf is the first of some words that opens a text, empty where none does.
func prefixOf(text string, words []string) string {
	for _, word := range words {
		if strings.HasPrefix(text, word) {
			return word
		}
	}
	return ""
}

// suffixOf is the first of some words that ends a text, empty where none does.
func suffixOf(text string, words []string) string {
	for _, word := range words {
		if strings.HasSuffix(text, word) {
			return word
		}
	}
	return ""
}
