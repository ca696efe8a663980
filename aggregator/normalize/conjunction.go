package normalize

import (
	"slices"
	"strings"
)

// A conjunction is a word that may part names, between what stands there.
type conjunction struct {
	before, next []string
	written      string // in small letters
	word         string // folded
}

// A conjunctionRule tells whether such a word does part them.
type conjunctionRule = rule[func(conjunction) answer]

func conjunctionRules(yield func(conjunctionRule) bool) {
	each(yield, []conjunctionRule{
		{"a word that is \"and\" here and \"in\" there", "Anna de Vries en ANP", conjunction.andOrIn},
		{"an and behind a comma and before a name", "Ann Lee, and Joe Roy", conjunction.behindComma},
		{"an and between particles of a name", "Anna von und zu Berg", conjunction.betweenParticles},
		{"an and in what a job is about", "Ann Lee Defence and security editor", conjunction.inBeat},
		{"an and", "Ann Lee and Joe Roy", conjunction.plain},
		{"an and that stands in names, too, between whole ones", "Ana Gómez y Luis Paz", conjunction.between},
		{"an and written on to a name", "דנה כהן ומשה לוי", conjunction.glued},
	})
}

// partsAt reports whether w parts what stands before it from what follows.
func partsAt(before []string, w string, next []string) bool {
	return answered(conjunctionRules, conjunction{before: before, next: next, written: w, word: fold(w)})
}

func (c conjunction) andOrIn() answer {
	if !slices.Contains(andsOrIns(), c.word) { // Dutch "and", Spanish "in"
		return unsaid
	}
	return decided(opensWithAgency(c.next) ||
		isOutlet(strings.Join(c.before, " ")) && in(registry(), strings.Join(c.next, " ")).name != "" ||
		!at(c.before, c.written, c.next) && len(c.next) > 1)
}

func (c conjunction) behindComma() answer {
	return onlyIf(ands()[c.word] && strings.HasSuffix(c.last(), ",") && len(c.next) > 1 && opensName(c.next), yes)
}

func (c conjunction) betweenParticles() answer { // "von und zu"
	return onlyIf(ands()[c.word] && isSmallParticle(c.last()) && isSmallParticle(c.next[0]), no)
}

func (c conjunction) inBeat() answer { // "Defence and security editor"
	return onlyIf(ands()[c.word] && isBeatWord(c.last()) && len(c.before) > 2 && hasJob(c.next), no)
}

func (c conjunction) plain() answer { return onlyIf(ands()[c.word], yes) }

func (c conjunction) between() answer {
	if !betweens()[c.word] {
		return unsaid
	}
	return decided(wholeName(c.before) && wholeName(c.next))
}

func (c conjunction) glued() answer {
	return decided(andGlued(c.written) && wholeName(c.before) && wholeName(append([]string{c.written}, c.next...)))
}

func (c conjunction) last() string { return c.before[len(c.before)-1] }
