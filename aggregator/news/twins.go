package news

import (
	"html"
	"strings"
	"unicode"
)

const (
	// retold is how much of the shorter of two texts stands in the other, in parts of
	// its pairs of words, where one tells what the other does: a correction keeps most
	// of what it corrects, and two stories have little more in common than "in the".
	retold = 0.25

	// renamed is the same of titles that are one, edited: "Episode 12" is not that of 13.
	renamed = 0.5
)

// Twins reports two articles that came with one id and are different stories all the
// same, as the feeds of sites have them that number their posts by the minute, or that
// fill in an id but once. Their links or their dates differ, and so do their words;
// where both differ, or links and no date is printed, their titles are enough: the notes
// that stand below each episode of a series are words, too.
//
// What is none of this is one story: listed twice (with another teaser, even), or with
// its corrected version.
func Twins(a, b *Article) bool {
	linked := a.URL != "" && b.URL != "" && bare(a.URL) != bare(b.URL)
	dated := !sameMoment(a.Published, b.Published)
	undated := !a.Published.Printed() && !b.Published.Printed()
	switch {
	case !linked && !dated:
		return false
	case linked && (dated || undated) && a.Title != "" && b.Title != "" && shared(a.Title, b.Title) <= renamed:
		return true
	}
	return shared(a.text(), b.text()) < retold
}

// sameMoment reports dates that tell nothing apart: they are the same, in time or as
// printed, or neither has one. That of an article that is dated ahead counts as printed.
func sameMoment(a, b Moment) bool {
	switch {
	case a.Raw != "" && a.Raw == b.Raw:
		return true
	case a.Printed() && b.Printed():
		return a.At.Equal(b.At)
	}
	return a.Printed() == b.Printed() && a.Raw == b.Raw
}

// text is all that an article says, but for figures: another number is a correction.
func (a *Article) text() string {
	return strings.Map(withoutFigures, html.UnescapeString(a.Title+" "+a.Summary)+" "+plain(a.ContentHTML))
}

func withoutFigures(r rune) rune {
	if unicode.IsNumber(r) {
		return -1
	}
	return r
}

// shared is how much of the shorter of two texts stands in the other: 1 is all, and of
// a text without words.
func shared(a, b string) float64 {
	pairs, others := pairsOf(a), pairsOf(b)
	if len(pairs) > len(others) {
		pairs, others = others, pairs
	}
	if len(pairs) == 0 {
		return 1
	}
	common := 0
	for pair := range pairs {
		if others[pair] {
			common++
		}
	}
	return float64(common) / float64(len(pairs))
}

// mostCompared bounds the words of a text that are compared with another's.
const mostCompared = 2000

// pairsOf are the pairs of words that follow each other in a text, the first with none.
func pairsOf(text string) map[[2]string]bool {
	out := map[[2]string]bool{}
	before := ""
	for _, word := range wordsOf(text) {
		out[[2]string{before, word}] = true
		before = word
	}
	return out
}

// wordsOf are the words of a text, in small letters; of scripts without blanks, each
// character.
func wordsOf(text string) []string {
	var out []string
	for _, run := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !speaks(r) && !unicode.Is(unicode.M, r) }) {
		from := 0
		for i, r := range run {
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
				if from < i {
					out = append(out, run[from:i])
				}
				from = i + len(string(r))
				out = append(out, run[i:from])
			}
		}
		if from < len(run) {
			out = append(out, run[from:])
		}
		if len(out) >= mostCompared {
			break
		}
	}
	return out
}
