package normalize

import (
	"slices"
	"strings"
	"sync"

	"copydesk/aggregator/news"
	"copydesk/aggregator/wordtable"
)

// Text that merely begins with a word for "by" is no byline (ruling 9).

// madeLabels are the languages of each word for an author or photographer that opens
// a name.
var madeLabels = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, row := range wordtable.Rows(roleTable) {
		if role := news.Role(row[0]); role != news.Author && role != news.Photographer {
			continue
		}
		for phrase := range strings.SplitSeq(strings.ToLower(row[2]), "|") {
			out[phrase] = append(out[phrase], row[1])
		}
	}
	return out
})

// noNames are the words that no person is named by, by language.
var noNames = byLanguage("no-name")

// merelyBegins reports a piece that has no more of a byline than the word that opens
// it, without a mark: "By Design Matters", "Von Mensch zu Mensch". text is what
// stands behind that word. A given name opens no phrase.
func merelyBegins(piece, text string) bool {
	label, ok := strings.CutSuffix(strings.TrimSpace(piece), text)
	languages := madeLabels()[strings.ToLower(strings.TrimSpace(label))]
	if !ok || len(languages) == 0 || isBody(text) {
		return false
	}
	before, _, _ := strings.Cut(text, ",")
	words := strings.Fields(before)
	n := len(words)
	if n == 2 && slices.Contains(paperFronts(), words[0]) { // "By The Book"
		return true
	}
	if n == 0 || n > 1 && in(givenNames(), words[0]) && !repeats(words) {
		return false
	}
	return repeats(words) || slices.ContainsFunc(languages, func(language string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			return in(noNames()[language], w) && (len(w) > 4 || capitalised(w)) // "in" may stand before a place
		})
	})
}

// repeats reports one word on both sides of small ones: "Haus zu Haus".
func repeats(words []string) bool {
	n := len(words)
	return n > 2 && n < 5 && strings.EqualFold(words[0], words[n-1]) && !slices.ContainsFunc(words[1:n-1], func(w string) bool { return !isLowerWord(w) || isAnd(w) })
}
