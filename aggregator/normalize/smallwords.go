package normalize

import (
	"slices"
	"sync"
)

// Small words and letters beside names, and what is written on to them; see
// data/patterns.tsv.
var (
	articlesArabic   = wordsIn("definite/ar")
	articlesHebrew   = wordsIn("definite/he")
	definites        = wordsIn("definite")
	articlesEnglish  = wordsIn("article/en")
	prepositions     = openings("preposition/he")
	andsArabic       = openings("and-glued/ar")
	andsHebrew       = openings("and-glued/he")
	andsChinese      = wordsIn("and/zh")
	andEnglish       = theWord("and/en")
	andsOrIns        = wordsIn("and-or-in")
	joinedFamilies   = wordsIn("given-i")
	joiningFamilies  = theWord("joins-families")
	givensOfD        = wordsIn("given-d")
	placeParticles   = wordsIn("place-particle")
	ofPlaces         = wordsIn("of-place")
	nisbas           = wordsIn("nisba")
	presents         = openings("present")
	persian          = openings("letter/fa", "letter/ur")
	others           = wordsIn("others")
	are              = wordsIn("is")
	fors             = wordsIn("for")
	pictureFors      = wordsIn("picture-for")
	froms            = wordsIn("from")
	byOrOfs          = wordsIn("by-or-of")
	openerEnds       = wordsIn("opener-end")
	toldOfs          = wordsIn("told-of")
	participles      = wordsIn("participle")
	partsOf          = wordsIn("part-of")
	possessives      = wordsIn("possessive")
	hebrewYears      = wordsIn("hebrew-year")
	universities     = wordsIn("university-end")
	japaneseEnds     = openings("given-end/ja")
	photographed     = wordsIn("photographed")
	verbEndsJapanese = wordsIn("verb-end/ja")
	suffixes         = wordsIn("suffix")
	dispatchEnds     = sync.OnceValue(func() []string { // 日电
		var out []string
		for _, kind := range []string{"dispatch", "bulletin"} {
			for _, word := range wordsOfKind(kind) {
				out = append(out, wordsOfKind("date/zh")[0]+word)
			}
		}
		return slices.Clip(out)
	})
	anyone     = theWord("anyone")
	asciiTails = sync.OnceValue(func() []string {
		return slices.DeleteFunc(slices.Clone(tails()), func(tail string) bool { return !ascii(tail) })
	})
)
