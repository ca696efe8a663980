package normalize

import (
	"slices"
	"strings"
	"unicode"
)

// An atWord is a word that may stand before a place, between what stands there.
type atWord struct {
	before, next []string
	word         string // folded
	place        string // what follows as far as a comma
}

// A atRule tells whether such a word does stand before a place.
type atRule = rule[func(atWord) answer]

func atRules(yield func(atRule) bool) {
	each(yield, []atRule{
		{"a word in small letters behind it", "Ann Lee in charge", atWord.beforeSmall},
		{"a place that we know", "Ann Lee da Lisbona", atWord.beforeKnown},
		{"an and between two family names", "Jordi Puig i Cadafalch", atWord.joins},
		{"a particle that stands before no place", "Ana da Silva", atWord.ofName},
		{"a word of other uses, too, before one word", "Ana Gómez en Pinarejo", atWord.perhaps},
		{"a particle of names", "Anna di Pietro", atWord.particle},
		{"a preposition behind a name or a body", "Ann Lee in Elmsbridge", atWord.behindName},
	})
}

// at reports whether w is a preposition before a place.
func at(before []string, w string, next []string) bool {
	switch {
	case len(next) == 0 || len(before) == 0:
		return false
	case !allSmall(w):
		return shoutedAt(before, w, next)
	}
	f := fold(w)
	if !ats()[f] && !perhapsAts()[f] {
		return false
	}
	p := atWord{before: before, next: next, word: f, place: strings.Join(next[:min(len(next), longestOutlet)], " ")}
	p.place, _, _ = strings.Cut(p.place, ",")
	return answered(atRules, p)
}

// shoutedAt is at in a line of capitals: "ANN LEE IN LONDON".
func shoutedAt(before []string, w string, next []string) bool {
	return in(ats(), w) && len(before) > 1 && shouts(w) && shouts(before[len(before)-1]) && shouts(next[0]) &&
		in(places(), strings.Join(next[:min(len(next), longestOutlet)], " "))
}

func (p atWord) beforeSmall() answer { return onlyIf(unicode.IsLower(firstRune(p.next[0])), no) }

func (p atWord) beforeKnown() answer { return onlyIf(in(places(), p.place), yes) }

func (p atWord) joins() answer {
	return onlyIf(betweens()[p.word] && p.isPlaceParticle() && slices.Contains(joinedFamilies(), p.before[0]), no)
}

func (p atWord) ofName() answer {
	return onlyIf(perhapsAts()[p.word] && particles()[p.word] && !p.isPlaceParticle(), no)
}

func (p atWord) perhaps() answer {
	if !perhapsAts()[p.word] && !betweens()[p.word] {
		return unsaid
	}
	return decided(len(strings.Fields(p.place)) == 1 && len(p.before) > 1)
}

func (p atWord) particle() answer {
	return onlyIf(particles()[p.word] && !p.isPlaceParticle(), no)
}

func (p atWord) behindName() answer { return decided(len(p.before) > 1 || isBody(p.before[0])) }

// isPlaceParticle reports a particle of names that stands before places, too.
func (p atWord) isPlaceParticle() bool { return slices.Contains(placeParticles(), p.word) }
