package normalize

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A koreanText is words of which the first is a name of Korea.
type koreanText struct {
	words []string
	mixed bool // letters and figures of other scripts stand in it
	alone bool // the first word is a whole name, and the next none
	own   bool // it opens with a family name, and is short
}

// koreanOf takes a text as that of a Korean with something behind the name.
func koreanOf(words []string) (k koreanText, ok bool) {
	if len(words) < 2 || !isHangul(firstRune(words[0])) {
		return k, false
	}
	k.words = words
	k.mixed = slices.ContainsFunc(words, func(w string) bool { return strings.ContainsFunc(w, notHangul) })
	k.alone = koreanFull(words[0]) && !koreanFull(words[1])
	k.own = surnames()[firstRune(words[0])] && utf8.RuneCountInString(words[0]) < 4
	return k, true
}

// koreanLetters knows the letters of an outlet behind a name.
func koreanLetters(words []string) int {
	k, ok := koreanOf(words)
	if !ok || !k.mixed {
		return 0
	}
	return 1 + slices.IndexFunc(words[1:], func(w string) bool { return acronym(w) && isOutlet(w) })
}

// koreanFigures knows a name of three signs before what has figures in it.
func koreanFigures(words []string) int {
	if k, ok := koreanOf(words); !ok || !k.mixed || !k.alone || len(words) < 3 {
		return 0
	}
	return 1
}

// koreanBeat knows a beat, or a word too long for a name, behind a name of three
// signs: "이완배 민중의소리".
func koreanBeat(words []string) int {
	k, ok := koreanOf(words)
	if !ok || k.mixed || len(words) > 2 || !k.own || !koreanFull(words[0]) || !isBeatWord(words[1]) && utf8.RuneCountInString(words[1]) < 5 {
		return 0
	}
	return 1
}

// koreanTold is where the first word stands that tells, or behind the name where that
// is a job: "박상현 오터레터 발행인".
func koreanTold(words []string) int {
	k, ok := koreanOf(words)
	if !ok || k.mixed || !hangulName(words[0]) {
		return 0
	}
	for i, w := range words[1:] {
		school := (k.own || i > 0) && suffixOf(w, universities()) != "" && utf8.RuneCountInString(w) > 2
		switch {
		case !school && !tellsKorean(w):
		case k.alone && k.own && koreanJob(w):
			return 1
		default:
			return i + 1
		}
	}
	return 0
}

// koreanUntold knows a name of three signs before several words that tell nothing.
func koreanUntold(words []string) int {
	if k, ok := koreanOf(words); !ok || k.mixed || !k.alone || !k.own || len(words) < 3 {
		return 0
	}
	return 1
}

// tellsKorean reports a place, a desk, a body or a job.
func tellsKorean(w string) bool {
	return in(places(), w) || koreanDesks()[w] || isBody(w) || koreanJob(w)
}

// koreanJob reports a job, alone or behind what it is about: "여행작가".
func koreanJob(w string) bool {
	if isJobWord(w) {
		return true
	}
	for i := range w {
		if utf8.RuneCountInString(w[:i]) > 1 && utf8.RuneCountInString(w[i:]) > 1 && in(jobs(), w[i:]) {
			return true
		}
	}
	return false
}
