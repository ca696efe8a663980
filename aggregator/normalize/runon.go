package normalize

import (
	"slices"
	"strings"
)

// runOn puts the marks into a text that was printed without: a name that stands
// there twice, several people in a row. Given names of the table tell where a
// person begins.
func runOn(text string) string {
	if strings.Count(text, " ") < 3 {
		return text
	}
	words := strings.Fields(text)
	if len(words) < 4 || strings.ContainsAny(text, ",;/&()") || in(registry(), text).name != "" {
		return text
	}
	half := len(words) / 2
	switch {
	case len(words)%2 == 0 && slices.EqualFunc(words[:half], words[half:], strings.EqualFold):
		return strings.Join(words[:half], " ")
	case inPairs(words):
		return strings.Join(pairs(words), ", ")
	}
	return text
}

// inPairs reports people of two words each in a row: three and more in capitals,
// two where both given names are known and neither family name is one.
func inPairs(words []string) bool {
	if len(words)%2 != 0 || isBody(strings.Join(words, " ")) {
		return false
	}
	shouted := true
	for i, w := range words {
		f := fold(w)
		if particles()[f] || ands()[f] || betweens()[f] || isInitial(w) || isSuffix(w) || isJobWord(w) || unspaced(firstRune(w)) || uncased(w) && len(words) == 4 || !isTitled(w) {
			return false
		}
		shouted = shouted && allUpper(w) && !allSmall(w)
		if len(words) == 4 && givenNames()[f] != (i%2 == 0) {
			return false
		}
	}
	return len(words) == 4 || shouted
}

// pairs are the names of words that stand in pairs.
func pairs(words []string) []string {
	var out []string
	for pair := range slices.Chunk(words, 2) {
		out = append(out, strings.Join(pair, " "))
	}
	return out
}

// paperBehind is where the paper begins that stands behind a reporter's name,
// "Trevor J. Mitchell Sioux Falls Argus Leader"; 0 where none does.
func paperBehind(words []string) int {
	if len(words) < 4 || !in(givenNames(), words[0]) {
		return 0
	}
	n := 2
	for n < len(words) && (isInitial(words[n-1]) || in(particles(), words[n-1])) {
		n++
	}
	paper := words[n:]
	if len(paper) < 2 || isSuffix(paper[0]) || isLowerWord(paper[0]) || hasJob(paper) {
		return 0
	}
	if last := fold(paper[len(paper)-1]); !papers()[last] && !bodyWords()[last] {
		return 0
	}
	return n
}

// allGiven reports given names and nothing else.
func allGiven(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !in(givenNames(), w) && !isInitial(w) })
}

// isStandIn reports a role in place of a name, as examples and tests of feeds
// have it: "Example author", "Test Feed Author". It is the name as given, since
// nothing parts the role from it.
func isStandIn(text string) bool {
	before, last := text[:max(0, strings.LastIndexByte(text, ' '))], lastWord(text)
	if before == "" || strings.Count(text, " ") > 3 || !isJobWord(fold(last)) && !in(makers(), last) {
		return false
	}
	words := strings.Fields(before)
	return !slices.ContainsFunc(words, func(w string) bool { return !in(placeholders(), w) })
}
