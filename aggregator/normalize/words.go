package normalize

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/wordtable"

	"golang.org/x/text/unicode/norm"
)

//go:embed data/noise.tsv
var noiseTable string

// noiseWords are the words of bylines by kind; data/noise.tsv says what each
// kind is.
var noiseWords = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, row := range wordtable.Rows(noiseTable) {
		out[row[0]] = append(out[row[0]], strings.Split(row[2], "|")...)
	}
	return out
})

// vocabulary is the words of some kinds, folded. Like every large table it is
// made when it is first asked for: a command that reads no article pays nothing.
func vocabulary(kinds ...string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, kind := range kinds {
			for _, word := range noiseWords()[kind] {
				out[fold(word)] = true
			}
		}
		return out
	})
}

// byLanguage is vocabulary with the words of each language apart.
func byLanguage(kind string) func() map[string]map[string]bool {
	return sync.OnceValue(func() map[string]map[string]bool {
		out := map[string]map[string]bool{}
		for _, row := range wordtable.Rows(noiseTable) {
			if row[0] != kind {
				continue
			}
			words := map[string]bool{}
			for word := range strings.SplitSeq(row[2], "|") {
				words[fold(word)] = true
			}
			out[row[1]] = words
		}
		return out
	})
}

// asWritten is vocabulary with marks and accents as the table has them.
func asWritten(kind string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := make(map[string]bool, len(noiseWords()[kind]))
		for _, word := range noiseWords()[kind] {
			out[word] = true
		}
		return out
	})
}

// signs are the single signs of a kind.
func signs(kind string) func() map[rune]bool {
	return sync.OnceValue(func() map[rune]bool {
		out := map[rune]bool{}
		for _, word := range noiseWords()[kind] {
			for _, r := range word {
				out[r] = true
			}
		}
		return out
	})
}

var (
	noise           = vocabulary("noise")
	bodyWords       = vocabulary("body")
	institutions    = vocabulary("institution", "joint-body")
	jointBodies     = vocabulary("joint-body")
	noiseEnds       = ends("noise-end")
	abouts          = ends("about")
	vias            = vocabulary("via")
	audiences       = vocabulary("audience")
	stockPictures   = vocabulary("stock-picture")
	pictureSites    = vocabulary("picture-site")
	siteAts         = vocabulary("site-at")
	postLabels      = vocabulary("post-label")
	writtenWiths    = vocabulary("written-with")
	titles          = vocabulary("title")
	dotted          = asWritten("title") // those that end in a full stop are titles only with it
	degrees         = vocabulary("degree")
	jobs            = vocabulary("job", "reporter", "photographer")
	beats           = vocabulary("beat")
	posts           = vocabulary("post")
	maybeTitles     = vocabulary("perhaps-title")
	ands            = vocabulary("and")
	andsShouted     = vocabulary("and-caps")
	betweens        = vocabulary("between")
	particles       = vocabulary("particle")
	smalls          = vocabulary("small")
	smallsAfter     = vocabulary("small-after")
	works           = vocabulary("work")
	pictures        = vocabulary("picture")
	ownPictures     = vocabulary("own-picture")
	networks        = vocabulary("network")
	units           = vocabulary("unit")
	places          = vocabulary("place")
	ats             = vocabulary("at")
	perhapsAts      = vocabulary("perhaps-at")
	outletAts       = vocabulary("outlet-at")
	links           = vocabulary("link")
	whens           = vocabulary("when")
	unnamed         = vocabulary("unnamed")
	ownCopies       = vocabulary("own-copy")
	gluedNames      = asWritten("glued-name")
	compounds       = asWritten("family")
	surnames        = signs("surname")
	givenNames      = vocabulary("given")
	vietnameseGiven = asWritten("given-vi")
	koreanDesks     = asWritten("desk-ko")
	agencyWords     = vocabulary("agency-word")
	papers          = vocabulary("paper")
	genres          = vocabulary("genre", "genre-declined")
	declinedGenres  = vocabulary("genre-declined")
	genreOfs        = vocabulary("genre-of")
	givenOpeners    = vocabulary("given-opener")
	leadOpeners     = asWritten("lead-opener")
	writers         = vocabulary("writer")
	editions        = vocabulary("edition")
	newsrooms       = vocabulary("newsroom")
	fromsBehind     = asWritten("from-behind")
	genitives       = asWritten("genitive")
	hijriMonths     = vocabulary("hijri")
	nameTies        = vocabulary("name-tie")
	vietnameseNouns = asWritten("noun-vi")
	makers          = vocabulary("maker")
	placeholders    = vocabulary("placeholder")
	vietnamese      = vocabulary("family-vi")
	families        = asWritten("family-ja")
	legalForms      = asWritten("company")
	partners        = vocabulary("partner")
	thaiTitles      = asWritten("glued-title")
	thaiReporters   = ends("glued-job")
	sentenceOnly    = vocabulary("sentence")
	reportVerbs     = vocabulary("reports")
	tails           = sync.OnceValue(func() []string { // the longest first
		list := slices.Clone(ends("tail")())
		slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
		return list
	})
	hanVerbs      = ends("sentence-zh")
	topics        = vocabulary("topic")
	kickers       = vocabulary("kicker")
	photographers = vocabulary("photographer")
	reporters     = vocabulary("reporter")
	contacts      = vocabulary("contact")
	deskWords     = vocabulary("desk")
	sectionWords  = vocabulary("section")
	regions       = vocabulary("region")
	withs         = vocabulary("with")
	buttons       = vocabulary("button")
	familyPlaces  = vocabulary("family-place")
	moreLinks     = vocabulary("more-link")
	opensPlace    = vocabulary("opens-place")
	townFronts    = vocabulary("town-front")
	venues        = vocabulary("venue")
	familyFronts  = asWritten("family-front")
	familyTies    = vocabulary("family-tie")
	tiedNouns     = vocabulary("tied-noun")

	// meaningful holds every word that means something in a byline, those of
	// outlets' names too.
	meaningful = sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		add := func(text string) {
			for word := range strings.FieldsSeq(text) {
				out[fold(word)] = true
			}
		}
		for kind, phrases := range noiseWords() {
			if unremarkable[kind] {
				continue
			}
			for _, phrase := range phrases {
				add(phrase)
			}
		}
		for name := range registry() {
			for word := range strings.FieldsSeq(name) { // folded, as the name is
				out[word] = true
			}
		}
		return out
	})
)

// spellings are the words of the table that have accents, by what they are without.
var spellings = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for _, row := range wordtable.Rows(noiseTable) {
		if unremarkable[row[0]] {
			continue
		}
		for word := range strings.SplitSeq(row[2], "|") {
			if f := fold(word); f != word && accented(word) && !strings.Contains(word, " ") {
				out[f] = append(out[f], word)
			}
		}
	}
	return out
})

// spelt reports a word that has the accents of one in the table, or none: Köse
// and Bảo are names, "köşe" is a column and "báo" a paper.
func spelt(w string) bool {
	if ascii(w) || !accented(w) {
		return true
	}
	lower := strings.ToLower(strings.Trim(norm.NFC.String(strings.ReplaceAll(w, "İ", "i")), ",.:;()\"'’"))
	return slices.Contains(in(spellings(), lower), lower)
}

// accented reports letters of the Latin script with marks.
func accented(w string) bool {
	return strings.ContainsFunc(w, func(r rune) bool { return r > unicode.MaxASCII && unicode.Is(unicode.Latin, r) })
}

// unremarkable are the kinds of words that are names like any other.
var unremarkable = map[string]bool{"given": true, "given-vi": true, "sentence": true, "sentence-zh": true, "topic": true, "contact": true, "desk": true, "family-end": true, "region": true, "opens-place": true, "town-front": true, "more-link": true, "family-place": true, "family-vi": true, "venue": true, "venue-front": true, "inside-th": true, "place-front": true, "kana-tail": true, "family-ja": true, "tied-noun": true}

// isAnd reports a word that may part two names.
func isAnd(w string) bool { return in(ands(), w) || in(betweens(), w) }

// isInitial reports one letter, with a full stop or without.
func isInitial(w string) bool {
	return utf8.RuneCountInString(strings.TrimRight(w, ".")) == 1
}

// isSuffix reports what follows a name and belongs to it (ruling 3).
func isSuffix(s string) bool {
	return slices.Contains(suffixes(), strings.ToLower(strings.TrimRight(s, ".")))
}

// isDegree reports a degree or an honour as it is written for one: "Do" and
// "Ma" are names, "DO" and "M.A." are not.
func isDegree(s string) bool {
	bare := strings.ReplaceAll(s, ".", "")
	if !in(degrees(), bare) {
		return false
	}
	return bare != s || allUpper(bare) || strings.ContainsFunc(bare[1:], unicode.IsUpper)
}

// isTitle reports a courtesy, academic, clerical or military title.
func isTitle(w string) bool {
	lower := strings.ToLower(w)
	bare := strings.TrimRight(lower, ".")
	switch {
	case !spelt(w):
		return false
	case dotted()[lower]:
		return true
	case strings.Contains(bare, "."): // initials
		return false
	case bare != lower:
		return in(titles(), bare)
	}
	return in(titles(), lower) && !dotted()[lower+"."] && !abbreviates(lower) && (dotted()[lower] || !spelledOut()[lower])
}

// spelledOut are titles that have a full stop within, without it: "m.a" is a title,
// and Ma a name.
var spelledOut = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for title := range dotted() {
		if strings.Contains(strings.TrimRight(title, "."), ".") {
			out[fold(title)] = true
		}
	}
	return out
})

// abbreviates reports three letters that are a title only with a full stop behind
// each: "к.и.н.", for which Кин is no title.
func abbreviates(w string) bool {
	if len(w) != 6 || ascii(w) || utf8.RuneCountInString(w) != 3 {
		return false
	}
	return dotted()[w[:2]+"."+w[2:4]+"."+w[4:]+"."]
}

// titleAt is the length in words of the title that opens a name. Initials are
// none, and what may be a given name is one only before two words.
func titleAt(words []string) int {
	switch {
	case spacedTitle(words):
		return 3
	case len(words) > 3 && isLowerWord(words[0]) && in(titles(), strings.Join(words[:3], " ")): // "n. o zdr. Jan Lis"
		return 3
	case len(words) > 2 && isLowerWord(words[0]) && in(titles(), words[0]+" "+words[1]): // "n. med. Jan Lis"
		return 2
	case courtesyInitial(words):
		return 1
	case len(words) < 2 || opensInitials(words) || len(words) == 2 && isInitialsToo(words[0], words[1]):
		return 0
	case len(words) > 3 && in(titles(), strings.Join(words[:3], " ")):
		return 3
	case len(words) > 2 && in(titles(), words[0]+" "+words[1]):
		return 2
	case len(words) > 2 && isLowerWord(words[0]) && articles()[fold(words[0])] && isTitle(words[1]): // "le Dr Inès Caron"
		return 2
	case isTitle(words[0]), len(words) > 2 && in(maybeTitles(), words[0]):
		return 1
	}
	return 0
}

// titlesBy and givenBy are titles and given names, by language.
var titlesBy, givenBy = byLanguage("title"), byLanguage("given")

// courtesyInitial reports a title of one letter that opens a name which is of its
// language and not English, or has an article and a title behind it: "M. Alain Duval",
// "M. le Pr Duval", but not "M. Night Shyamalan".
func courtesyInitial(words []string) bool {
	if len(words) < 3 || !isInitial(words[0]) || !dotted()[strings.ToLower(words[0])] {
		return false
	}
	if isLowerWord(words[1]) {
		return articles()[fold(words[1])] && isTitle(words[2])
	}
	letter := fold(words[0])
	given, _, joined := strings.Cut(words[1], "-") // as no English name is
	for language, known := range titlesBy() {
		if known[letter] && language != "en" && in(givenBy()[language], given) && (joined || !in(givenBy()["en"], given)) {
			return true
		}
	}
	return false
}

// spacedTitle reports a title of three letters with blanks between them before a
// name: "к. э. н.".
func spacedTitle(words []string) bool {
	return len(words) > 4 && isLowerWord(words[2]) && isInitial(words[0]) && isInitial(words[1]) && isInitial(words[2]) && in(titles(), words[0]+words[1]+words[2])
}

// opensInitials reports a name that opens with initials: "M. Night Shyamalan".
func opensInitials(words []string) bool {
	first := words[0]
	if !isInitial(first) {
		return false
	}
	two := len(words) > 2 && isInitial(words[1]) && !(uncased(first) && isTitle(first))
	return two || ascii(first) || !allSmall(first)
}

// initialsToo are titles and degrees that people have for initials as well.
var initialsToo = wordsIn("initials-too")

// isInitialsToo reports letters that are a title elsewhere, in capitals before a name
// that is not: "MS Swaminathan", "PD James".
func isInitialsToo(w, name string) bool {
	return slices.Contains(initialsToo(), strings.ToLower(w)) && shouts(w) && !shouts(name)
}

// trimTitles takes titles from before a name and degrees from behind it.
func trimTitles(name string) string {
	words := strings.Fields(name)
	for n := titleAt(words); n > 0; n = titleAt(words) {
		words = words[n:]
	}
	if len(words) > 0 {
		words[0] = withoutGlued(words[0], len(words))
	}
	shouts := allUpper(name) // then capitals tell no degree
	for len(words) > 2 && isDegree(words[len(words)-1]) && !(shouts && !strings.Contains(words[len(words)-1], ".")) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// withoutGlued takes a title from a word that it is written on to, "Dr.Meier",
// "พล.อ.เอกชัย", and Thai ones without a full stop where a family name follows.
func withoutGlued(w string, words int) string {
	if i := strings.LastIndexByte(w, '.'); i > 1 && len(w)-i > 3 && isTitle(w[:i+1]) {
		return w[i+1:]
	}
	if r := firstRune(w); words < 2 || !unicode.Is(unicode.Thai, r) {
		return w
	}
	for title := range thaiTitles() {
		if rest, ok := strings.CutPrefix(w, title); ok && utf8.RuneCountInString(rest) > 2 {
			return rest
		}
	}
	return w
}

func isJobWord(w string) bool {
	return !isInitials(w) && (in(jobs(), strings.Trim(w, ",.")) && spelt(w) || thaiReporter(w))
}

// thaiReporter reports what Thai writes in one word, a reporter and the outlet:
// "ผู้สื่อข่าวบีบีซีไทย".
func thaiReporter(w string) bool {
	if len(w) < 30 || w[0] != 0xe0 { // the first byte of every Thai letter
		return false
	}
	return prefixOf(w, thaiReporters()) != ""
}

// jobLength is how many words of a job and of what it is about open a text.
func jobLength(words []string) int {
	n := 0
	if len(words) > 1 && uncased(words[0]) && in(givenNames(), words[0]) && !isJobWord(words[1]) { // نگار is a job behind another word
		return 0
	}
	for n < len(words) && (isJobWord(words[n]) || isBeatWord(words[n]) || n == 0 && opensJob(words[n])) {
		n++
	}
	return n
}

// townLength is how many words tell where a reporter is, before a name that opens
// with a given name, in scripts without capitals: "סופרנו בברלין אלדד בק", "مراسلنا في
// الخرطوم عثمان شبونة".
func townLength(words []string) int {
	for n := 1; n < min(4, len(words)-1); n++ {
		if in(ats(), words[0]) || bound(words[0]) {
			if in(givenNames(), words[n]) && (n > 1 || bound(words[0])) {
				return n
			}
		}
	}
	return 0
}

// bound reports a Hebrew word with its preposition.
func bound(w string) bool {
	r := firstRune(w)
	return prepositions().has(r) && utf8.RuneCountInString(w) > 3
}

// opensJob is isJobWord for what opens a text: there a Hebrew or Arabic job may
// have its article, "הכתב הצבאי", which makes it a family name elsewhere.
func opensJob(w string) bool {
	if isJobWord(w) {
		return true
	}
	for _, article := range definites() {
		if bare, ok := strings.CutPrefix(w, article); ok && len(bare) > 5 {
			return isJobWord(bare)
		}
	}
	return false
}

// uncased reports a word of a script without capitals.
func uncased(w string) bool {
	return isCaseless(firstRune(w))
}

func isBeatWord(w string) bool { return in(beats(), strings.Trim(w, ",")) && spelt(w) }

func hasJob(words []string) bool { return slices.ContainsFunc(words, isJobWord) }

// isJob reports a beat or a job in place of a name: "Special Correspondent",
// "Leiterin des Ressorts", "Moscow correspondent".
func isJob(text string) bool {
	if in(jobs(), text) {
		return true
	}
	words := strings.Fields(text)
	switch {
	case len(words) == 0 || len(words) > 8 || !hasJob(words) && !opensJob(words[0]), len(words) == 2 && isInitialsToo(words[0], words[1]):
		return false
	case len(words) == 2 && uncased(words[0]) && in(givenNames(), words[0]): // "חגי עמית": family names mean jobs too
		return false
	case opensJob(words[0]):
		return !namedBehind(words)
	case hangulName(words[0]) && !in(places(), words[0]): // "김철수 기자"
		return false
	}
	return isTownAndJob(words)
}

// isTownAndJob reports a job that a town or a beat opens: "Moscow correspondent",
// "Associate Professor of Law".
func isTownAndJob(words []string) bool {
	n := 1
	for n < len(words) && (isJobWord(words[n]) || isBeatWord(words[n])) {
		n++
	}
	return n == len(words) || n > 1 && isBeatWord(words[0]) && hasJob(words[:n]) && !isJobWord(words[n-1])
}

// namedBehind reports words that open with a job and go on with a name:
// "Special correspondent Ann Lee", but not "Leiterin des Ressorts Politik".
func namedBehind(words []string) bool {
	n := jobLength(words)
	if uncased(words[0]) {
		return namedUncased(words[n:])
	}
	rest := strings.Join(words[n:], " ")
	return len(words)-n > 1 && isJobWord(words[n-1]) && isTitled(rest) && !in(places(), rest) && !isBody(rest)
}

// describes reports a job, and whatever goes with it, that stands behind a name in
// a script without capitals: no other person is meant unless a given name says so.
func describes(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || !uncased(text) || unspaced(firstRune(text)) || isHangul(firstRune(text)) || !opensJob(words[0]) || in(givenNames(), words[0]) {
		return false
	}
	n := jobLength(words)
	return n < 1 || n == len(words) || !in(givenNames(), words[n])
}

// namedUncased is namedBehind for what follows the job in a script without
// capitals, where a name must not be what the job is about: "أستاذ الجغرافيا
// بجامعة القاهرة".
func namedUncased(rest []string) bool {
	if len(rest) > 0 && outletOf(rest[0]).name != "" { // "مراسل الجزيرة محمد أحمد"
		rest = rest[1:]
	}
	if len(rest) < 2 {
		return false
	}
	text := strings.Join(rest, " ")
	if in(givenNames(), rest[0]) {
		return !isBody(text)
	}
	if in(ats(), rest[0]) {
		return townLength(rest) > 0
	}
	if prefixOf(rest[0], articlesArabic()) != "" || andsArabic().has(firstRune(rest[0])) && !gluedNames()[rest[0]] || isBeatWord(rest[0]) || in(places(), text) || isBody(text) {
		return false
	}
	return !slices.ContainsFunc(rest, func(w string) bool {
		return in(institutions(), strings.TrimLeftFunc(w, prepositions().has)) || in(sentenceOnly(), w)
	})
}

// withoutJob parts a name from the job and beat behind it: "Jason Burke Africa
// correspondent" is Jason Burke.
func withoutJob(name string) (bare, job string) {
	words := strings.Fields(name)
	if len(words) < 3 || outletOf(name).name != "" {
		return name, ""
	}
	for i := 2; i < len(words); i++ {
		if in(posts(), words[i]) && !isInitial(words[i]) {
			return strings.Join(words[:i], " "), strings.Join(words[i:], " ")
		}
		if !isJobWord(words[i]) && !isBeatWord(words[i]) {
			continue
		}
		j := i
		for j < len(words) && (isJobWord(words[j]) || isBeatWord(words[j])) {
			j++
		}
		if !hasJob(words[i:j]) { // nor from a later beat on
			i = j - 1
			continue
		}
		if !(i == len(words)-1 && uncased(words[i]) && words[i][0] != 0xe0 && !reports(words[i])) { // مقدم is a family name, too
			return cutJob(words, i)
		}
	}
	return name, ""
}

// cutJob cuts words where the job begins, or before a beat that we do not know.
func cutJob(words []string, n int) (bare, job string) {
	if n > 3 {
		n = 2
		for n < len(words)-1 && (in(particles(), words[n-1]) || isInitial(words[n-1])) {
			n++
		}
	}
	return strings.Join(words[:n], " "), strings.Join(words[n:], " ")
}

// withoutLeadingJob takes a job from before a name: "Staff writer Ann Lee".
func withoutLeadingJob(name string) (bare, job string) {
	words := strings.Fields(name)
	n := jobLength(words)
	if n == 0 || len(words)-n < 2 || !hasJob(words[:n]) && !opensJob(words[0]) {
		return name, ""
	}
	n += townLength(words[n:])
	return strings.Join(words[n:], " "), strings.Join(words[:n], " ")
}
