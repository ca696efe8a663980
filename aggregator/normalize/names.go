package normalize

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// A name is one of several in a text that holds names only, with what is
// printed beside it.
type name struct {
	text        string
	affiliation string // job, beat or body printed with it
	turned      bool   // it stood family name first, so what opens it is no title
	placed      bool   // a place stood behind it
	plain       bool   // nothing in it means anything
	paper       bool   // it can be no more than a paper
}

// firm is a company of two families: "Johnson & Johnson".
var firm = regexp.MustCompile(`^[^\s,]+ & [^\s,]+$`)

// isFirm reports a company of families.
func isFirm(text string) bool {
	return strings.Contains(text, " & ") && firm.MatchString(text) || isPartnership(text)
}

// cutFirm finds a firm among other names: one that the registry has, or the same
// family twice, "Johnson & Johnson", where "&" parts no two people.
func cutFirm(text string) (before, firm, after string) {
	if !strings.Contains(text, " & ") {
		return text, "", ""
	}
	words := strings.Fields(text)
	for i := 1; i+1 < len(words); i++ {
		if words[i] != "&" {
			continue
		}
		for from := max(0, i-mostBeforeAnd); from < i; from++ {
			name := strings.TrimRight(strings.Join(words[from:i+2], " "), ",;")
			opens := from == 0 || in(ands(), words[from-1]) || strings.ContainsAny(words[from-1], ",;")
			ends := i+2 == len(words) || strings.TrimRight(words[i+1], ",;") != words[i+1] || in(ands(), words[i+2])
			twice := from == i-1 && words[from]+" & "+words[from] == name
			if opens && ends && (twice || in(registry(), name).name != "") {
				return loose(words[:from]), name, loose(words[i+2:])
			}
		}
	}
	return text, "", ""
}

// mostBeforeAnd is how many words stand before the "&" of a firm that we know:
// "NZ House & Garden".
const mostBeforeAnd = 3

// loose is a text without the "and" or comma that tied it to what was cut off.
func loose(words []string) string {
	if len(words) > 0 && in(ands(), words[0]) {
		words = words[1:]
	}
	if n := len(words); n > 0 && in(ands(), words[n-1]) {
		words = words[:n-1]
	}
	return strings.Trim(strings.Join(words, " "), ",; ")
}

// isPartnership reports a firm of several families: "Smith, Jones & Co".
func isPartnership(text string) bool {
	if !in(partners(), lastWord(text)) {
		return false
	}
	words := strings.Fields(text)
	n := len(words)
	return n > 2 && (words[n-2] == "&" || in(ands(), words[n-2])) && !slices.ContainsFunc(words[:n-2], isLowerWord)
}

// isCompany reports a name that ends in a legal form, which may hold "&" and
// "and".
func isCompany(text string) bool {
	last := strings.TrimRight(lastWord(text), ".")
	return legalForms()[last] && last != text && !strings.Contains(text, ",")
}

// whole reports a text that is the name of one body, whatever parts it holds.
func whole(text string) bool {
	return isFirm(text) || in(registry(), text).name != "" || isCompany(text) || isJoint(text)
}

// A lister parts texts that hold names only.
type lister struct {
	out     *Line // keeps the rules that told
	mayTurn bool  // an inverted "Doe, Jane" may stand in it
	alone   bool  // a single word behind a comma is one of the names and no place
}

// names are the names of a text, with what is printed beside each.
func (l lister) names(text string) []name {
	if plain(text) {
		return []name{{text: text, plain: true}}
	}
	if whole(text) {
		return []name{{text: text}}
	}
	if before, firm, after := cutFirm(text); firm != "" {
		out := append(l.names(before), name{text: firm})
		return append(out, l.names(after)...)
	}
	var out []name
	chunks := atAnds(text)
	if last := len(chunks) - 1; last > 0 && !strings.ContainsAny(chunks[last], " ,") { // "Tom, Dick and Harry"
		l.mayTurn, l.alone = false, true
	}
	for _, chunk := range chunks {
		if plain(chunk) {
			out = append(out, name{text: chunk, plain: true})
			continue
		}
		out = append(out, l.commas(chunk)...)
	}
	for i := range out {
		out[i].text = trimEnds(trimQuotes(out[i].text))
	}
	return slices.DeleteFunc(out, func(n name) bool { return n.text == "" })
}

// trimQuotes takes quotation marks from around a name, but not the second of a
// pair within it: "Редакция «Правмира»".
func trimQuotes(s string) string {
	const marks = "*\"“”«»„"
	left := strings.TrimLeft(s, marks)
	if left == s && strings.ContainsAny(s, "«„“\"") {
		return s
	}
	return strings.TrimRight(left, marks)
}

// hardAnds part names without blanks around them. "·" stands inside Western
// names in Chinese, and "・" in Japanese ones, so those part only what they
// must.
var hardAnds = setOf("、;；")

// commaMarks are the commas of every script.
var commaMarks = setOf(",，،、")

// atAnds parts a text at every "and" of any language.
func atAnds(text string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(interpuncts(text), hardAnds.has) {
		out = append(out, atWords(strings.Fields(part))...)
	}
	return out
}

// interpuncts turns the dots that part Korean names, and Japanese ones in Han
// characters, into commas.
func interpuncts(text string) string {
	switch {
	case strings.Contains(text, "·") && strings.ContainsFunc(text, isHangul):
		return strings.ReplaceAll(text, "·", "、")
	case strings.Contains(text, "・") && !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Katakana, r) }):
		return strings.ReplaceAll(text, "・", "、")
	}
	return text
}

func isHangul(r rune) bool {
	return r >= 0x1100 && (isSyllable(r) || !isHan(r) && unicode.Is(unicode.Hangul, r))
}

// atWords parts words at conjunctions: always at most of them, and between
// whole names at those that stand inside names as well ("Ortega y Gasset").
func atWords(words []string) []string {
	var out []string
	start := 0
	for i, w := range words {
		next := words[i+1:]
		switch {
		case i > start && len(next) == 0 && agencyGlued(w):
			out = append(out, strings.Join(words[start:i], " "))
			words[i] = string([]rune(w)[1:])
			start = i
		case i == start || len(next) == 0 || strings.HasSuffix(w, ".") || !allSmall(w) && !in(andsShouted(), w) && !shoutedBetween(words, i) || !partsAt(words[start:i], strings.ToLower(w), next):
			continue
		case andGlued(w):
			out = append(out, strings.Join(words[start:i], " "))
			words[i] = string([]rune(w)[1:])
			start = i
		default:
			out = append(out, strings.Join(words[start:i], " "))
			start = i + 1
		}
	}
	return append(out, strings.TrimSuffix(strings.Join(words[start:], " "), " "+andEnglish()))
}

// shoutedBetween reports a short "and" in capitals among words that all are:
// "JOÃO DOS SANTOS E ANA LIMA", and one of two among words that none are: "Rina Kartika
// DAN Joko Prabowo". What stands behind a comma does not count.
func shoutedBetween(words []string, i int) bool {
	letters := utf8.RuneCountInString(words[i])
	if letters > 3 || i < 2 || len(words)-i < 3 || !isAnd(words[i]) || !allUpper(words[i]) {
		return false
	}
	beside := slices.Concat(words[i-2:i], words[i+1:i+3])
	if n := slices.IndexFunc(words[i:], func(w string) bool { return strings.HasSuffix(w, ",") }); n < 0 {
		beside = slices.Concat(words[:i], words[i+1:])
	} else if n == 1 { // a name of one word
		return false
	}
	return !slices.ContainsFunc(beside, func(w string) bool { return !allUpper(w) }) ||
		letters > 1 && !slices.ContainsFunc(beside, func(w string) bool { return !namelike(strings.TrimSuffix(w, ",")) })
}

// opensWithAgency reports an agency that nothing follows but a comma: "ANP", "Reuters,
// Amsterdam".
func opensWithAgency(words []string) bool {
	for n, w := range words[:min(len(words), longestOutlet)] {
		if last := strings.HasSuffix(w, ","); last || n == len(words)-1 {
			return in(registry(), strings.TrimSuffix(strings.Join(words[:n+1], " "), ",")).agency
		}
	}
	return false
}

// isSmallParticle reports a particle that a name has in small letters, however it
// is written here.
func isSmallParticle(w string) bool { return in(smalls(), w) && len(w) < 4 }

// opensName reports two words with capitals, neither of which is a job or what
// one is about.
func opensName(words []string) bool {
	return mayOpenName(words[0]) && mayOpenName(words[1])
}

func mayOpenName(w string) bool {
	return !isJobWord(w) && !isBeatWord(w) && capitalised(strings.TrimRight(w, ","))
}

// wholeName reports at least two words before a comma, or a body.
func wholeName(words []string) bool {
	n := 0
	for _, w := range words {
		if isAnd(w) {
			break
		}
		n++
		if strings.HasSuffix(w, ",") {
			break
		}
	}
	return n > 1 || n == 1 && (isBody(strings.TrimRight(words[0], ",")) || len(words) > 1 && shoutedGiven(words[1], []string{strings.TrimRight(words[0], ",")}))
}

// andGlued reports a word with an "and" written on to it: "ומשה", "ومحمد".
func andGlued(w string) bool {
	r, n := utf8.DecodeRuneInString(w)
	count := utf8.RuneCountInString(w)
	return (andsArabic().has(r) && count > 3 || andsHebrew().has(r) && count > 2) && !gluedNames()[w] && n < len(w) && !(andsArabic().has(r) && persian().in(w)) // Persian and Urdu write it apart
}

// agencyGlued reports an agency with an "and" that is written on to it: ורויטרס.
func agencyGlued(w string) bool {
	return andGlued(w) && in(registry(), string([]rune(w)[1:])).agency
}

// A commaRule reads a part between two commas that is no name to be: people and
// bodies are those of the parts before it.
type commaRule = rule[func(part string, people []string, bodies *[]name) bool]

// commaRules know such parts.
func commaRules(yield func(commaRule) bool) {
	each(yield, []commaRule{
		{"nothing between commas", "Ann Lee, webmaster", nothingBetween},
		{"the letters of an editor behind a body", "ČTK, jus", lettersBehind},
		{"an outlet and its edition", "Олена Чорна, Суспільне Чернівці", editionBehind},
		{"for whom it was written", "Ann Lee, Special to the Harbour Post", specialBehind},
		{"an outlet in quotation marks", "Олена Чорна, «Дзеркало тижня»", quotedBehind},
		{"the short name of an outlet", "Ionuț Pop, Libertatea", shortBehind},
		{"an outlet behind a comma", "Jānis Lee, Reuters", outletBetween},
	})
}

func nothingBetween(part string, _ []string, _ *[]name) bool {
	return part == "" || in(noise(), part) && !acronyms()[part].agency
}

func lettersBehind(part string, _ []string, bodies *[]name) bool {
	return len(*bodies) > 0 && len(part) < 5 && isLowerWord(part) && ascii(part)
}

func editionBehind(part string, people []string, bodies *[]name) bool {
	if len(people) == 0 || !isEdition(part) {
		return false
	}
	*bodies = append(*bodies, name{text: firstWord(part)})
	return true
}

// specialBehind credits an outlet behind a word that opens one: by its capitals where we
// do not know it.
func specialBehind(part string, people []string, bodies *[]name) bool {
	if len(people) == 0 || outletOf(part).name != "" {
		return false
	}
	paper, w, ok := opened(part, lowered(part))
	if word, rest, more := strings.Cut(paper, " "); more && in(articles(), word) {
		paper = rest
	}
	if !ok || w.role != source || w.colon || !isTitled(paper) {
		return false
	}
	*bodies = append(*bodies, name{text: paper, paper: true})
	return true
}

func quotedBehind(part string, people []string, bodies *[]name) bool {
	if len(people) == 0 || unquoted(part) == part {
		return false
	}
	*bodies = append(*bodies, name{text: part, paper: true})
	return true
}

func shortBehind(part string, people []string, bodies *[]name) bool {
	if len(people) == 0 || !strings.Contains(people[len(people)-1], " ") || acronyms()[part].name == "" || in(topics(), part) || isBeatWord(part) {
		return false
	}
	*bodies = append(*bodies, name{text: part, paper: true})
	return true
}

func outletBetween(part string, people []string, bodies *[]name) bool {
	if shoutedGiven(part, people) {
		return false
	}
	known := acronyms()[part].agency && len(people) > 0 || outletOf(part).name != "" && !strings.Contains(part, " ") || in(registry(), part).name != ""
	if known {
		*bodies = append(*bodies, name{text: part})
	}
	return known
}

// shoutedGiven reports a given name in capitals behind a family name in capitals,
// which letters of an outlet may be as well: "MACEDO, ANA".
func shoutedGiven(part string, people []string) bool {
	return len(people) == 1 && in(givenNames(), part) && shouts(part) && shouts(people[0]) && !strings.Contains(people[0], " ")
}

// A peopleRule leaves out of what stands between commas who is none of the people
// there. bodies are the outlets that stand among them.
type peopleRule = rule[func(people []string, bodies []name) []string]

// peopleRules know what stands there in place of a person.
func peopleRules(yield func(peopleRule) bool) {
	each(yield, []peopleRule{
		{"a place before people", "à Rome, Jean Martin", withoutFirstPlace},
		{"a job and its town", "প্রতিনিধি, কালীগঞ্জ", withoutTownOfJob},
		{"an outlet and its town", "PTI, Washington", withoutTownOfOutlet},
		{"an outlet and its region", "Jane Doe, BBC News, South West", withoutRegionOfOutlet},
	})
}

func withoutFirstPlace(people []string, _ []name) []string {
	if len(people) > 1 && placeFirst(people[0]) {
		return people[1:]
	}
	return people
}

func withoutRegionOfOutlet(people []string, bodies []name) []string {
	n := len(people) - 1
	if n < 1 || len(bodies) == 0 && outletAtEnd(people[n-1]) == "" {
		return people
	}
	if holdsCity(people[n]) { // "The Guardian, Regno Unito"
		return people[:n]
	}
	for word := range strings.FieldsSeq(people[n]) {
		if !isBeatWord(word) {
			return people
		}
	}
	return people[:n]
}

func withoutTownOfJob(people []string, _ []name) []string {
	if len(people) == 2 && uncased(people[0]) && !strings.Contains(people[1], " ") && !unspaced(firstRune(people[0])) && isJob(people[0]) {
		return people[:1]
	}
	return people
}

func withoutTownOfOutlet(people []string, bodies []name) []string {
	if len(bodies) > 0 && len(people) == 1 && (in(places(), people[0]) || placeFirst(people[0])) {
		return nil
	}
	return people
}

// commas parts at commas, turns "Doe, Jane" round, and tells names from what
// stands behind a comma and is none: degrees, places, jobs, bodies.
func (l lister) commas(s string) []name {
	var people []string
	var bodies []name
	for part := range strings.FieldsFuncSeq(s, commaMarks.has) {
		part = strings.TrimSpace(part)
		if plainFamily(part) || plainInitials(part) || !l.noName(part, people, &bodies) {
			people = append(people, part)
		}
	}
	for r := range peopleRules {
		if left := r.read(people, bodies); len(left) < len(people) {
			l.out.tell(r.name)
			people = left
		}
	}
	if pairs, ok := turned(people); ok && l.mayTurn {
		l.out.tell("a family name before its given name")
		return append(pairs, bodies...)
	}
	var out []name
	for _, p := range people {
		if len(out) > 0 && l.alone && loneName(p) {
			out = append(out, name{text: p})
			continue
		}
		out = l.behind(out, p)
	}
	return append(out, bodies...)
}

// loneName reports one word that is a name among others of one word.
func loneName(p string) bool {
	return !strings.Contains(p, " ") && !in(places(), p) && !isDegree(p) && !isSuffix(p) && !isJob(p)
}

// noName asks the first of commaRules that knows a part.
func (l lister) noName(part string, people []string, bodies *[]name) bool {
	for r := range commaRules {
		if r.read(part, people, bodies) {
			l.out.tell(r.name)
			return true
		}
	}
	return false
}

// isEdition reports an outlet of one word and the place that it is for:
// "Суспільне Чернівці", "g1 SP".
func isEdition(part string) bool {
	paper, place, ok := strings.Cut(part, " ")
	return ok && !strings.Contains(place, " ") && in(registry(), part).name == "" && in(registry(), paper).name != "" && (in(places(), place) || len(place) == 2 && acronym(place) || !ascii(place) && isTitled(place) && !in(givenNames(), paper))
}

// behind adds what follows a comma to the names before it.
func (l lister) behind(out []name, p string) []name {
	if word, rest, ok := strings.Cut(p, " "); ok && isDegree(word) && len(out) > 0 && allUpper(word) && len(word) > 1 && isBody(rest) { // "MA WebMD Health News"
		p = rest
	}
	if several := koreanRow(p); several != nil {
		return append(out, several...)
	}
	if len(out) == 0 {
		return append(out, spacedHan(l.withoutPlace(withoutCloser(p)))...)
	}
	last := &out[len(out)-1]
	switch {
	case isDegree(p), p == "":
	case isSuffix(p):
		last.text += " " + p
	case l.besides(*last, p):
		for i := range out {
			if out[i].affiliation == "" && !in(places(), p) {
				out[i].affiliation = p
			}
		}
		if body := cmp.Or(outletAtEnd(p), employerOf(firstWord(p))); body != "" { // "zpravodaj ČT", "dpa-Korrespondent"
			out = append(out, name{text: body, paper: true})
		}
	default:
		out = append(out, spacedHan(l.withoutPlace(withoutCloser(p)))...)
	}
	return out
}

// withoutCloser takes the role behind each of several names: "김철수 기자, 이영희
// 기자".
func withoutCloser(p string) string {
	if firstRune(p) >= 0x2e80 && isBody(p) || !strings.ContainsFunc(p, func(r rune) bool { return r > 0x1100 }) {
		return p
	}
	if bare, role, ok := closed(p, strings.ToLower(p)); ok && role == news.Author {
		return bare
	}
	return p
}

// outletAtEnd is the outlet that a job ends with.
func outletAtEnd(job string) string {
	words := strings.Fields(job)
	for i := 1; i < len(words); i++ {
		tail := unquoted(strings.Join(words[i:], " "))
		if isLowerWord(words[i]) {
			continue
		}
		if in(registry(), tail).name != "" {
			return tail
		}
		if name := nominative(tail); name != "" { // "кореспондент Укрінформу"
			return name
		}
	}
	return ""
}

// A besideRule reads a text behind a comma that tells something of the name before
// it. several says that this has several words.
type besideRule = rule[func(last name, several bool, p string, words []string) bool]

// besideRules know jobs, places, and the region of a place.
func besideRules(yield func(besideRule) bool) {
	each(yield, []besideRule{
		{"a job behind a comma", "Birthe Lund, journalist", jobBesides},
		{"what somebody does, in a script without capitals", "דנה שקד, חברת כנסת לשעבר", describesBesides},
		{"a place behind a comma", "Ann Lee, Lisbon", placeBesides},
		{"the company of a position", "Ann Lee CEO, Harbour Works", postBesides},
		{"a place with its word for where", "Ann Lee, à Paris", whereBesides},
		{"a place behind a particle", "Rui Sá, de Ribeirão Preto", particleBesides},
		{"small letters behind a comma", "Ann Lee, wie zich herinnert", smallBesides},
		{"a figure behind a comma", "Ann Lee, 7sur7 sport", figureBesides},
		{"the region of a place", "Ann Lee in Salem, Oregon", regionBesides},
		{"one word behind a comma", "Ann Lee, Harbourside", wordBesides},
	})
}

// besides asks the first of besideRules that knows what stands behind a comma. A
// job at an outlet is no job of who stands before it: "AP Sports Writer".
func (l lister) besides(last name, p string) bool {
	words := strings.Fields(p)
	paper := behindArticle(words)[0]
	if o := outletOf(paper); o.name != "" && hasJob(words) && (o.agency || acronym(paper) || !isBeatWord(paper)) {
		return false
	}
	several := len(strings.Fields(last.text)) > 1
	for r := range besideRules {
		if r.read(last, several, p, words) {
			l.out.tell(r.name)
			return true
		}
	}
	return false
}

func jobBesides(_ name, _ bool, p string, words []string) bool {
	return hanJob(p) || isJob(p) || unicode.IsLower(firstRune(p)) && hasJob(words)
}

func describesBesides(_ name, several bool, p string, _ []string) bool {
	return several && describes(p)
}

func placeBesides(_ name, several bool, p string, _ []string) bool { return several && in(places(), p) }

func postBesides(last name, several bool, _ string, _ []string) bool {
	return several && holdsPost(last.text)
}

func whereBesides(_ name, several bool, p string, words []string) bool {
	return several && (placeFirst(p) || endsFrom(words)) || in(ats(), words[0]) && len(words) > 1 && (allSmall(words[0]) || len(words) == 2)
}

func particleBesides(_ name, several bool, p string, words []string) bool {
	return several && len(words) > 1 && len(words) < 5 && isLowerWord(words[0]) && slices.Contains(ofPlaces(), words[0]) && isTitled(p)
}

func smallBesides(_ name, several bool, p string, words []string) bool {
	return several && unicode.IsLower(firstRune(p)) && !in(particles(), words[0])
}

func figureBesides(_ name, several bool, p string, _ []string) bool {
	return several && strings.ContainsFunc(p, unicode.IsDigit)
}

func regionBesides(last name, _ bool, _ string, words []string) bool {
	return last.placed && (len(words) == 1 || isLowerWord(words[len(words)-1]))
}

func wordBesides(_ name, several bool, p string, words []string) bool {
	return several && len(words) == 1 && !strings.ContainsFunc(p, func(r rune) bool { return unspaced(r) || isHangul(r) }) && !acronym(p) && !isBody(p)
}

// holdsPost reports a name with a position in a company behind it, which the
// company follows.
func holdsPost(name string) bool {
	words := strings.Fields(name)
	return len(words) > 2 && slices.ContainsFunc(words[2:], func(w string) bool { return in(posts(), w) })
}

func isLowerWord(w string) bool {
	cased := false
	for _, r := range w {
		if unicode.ToLower(r) != r {
			return false
		}
		cased = cased || unicode.ToUpper(r) != r
	}
	return cased
}

// turned turns "Doe, Jane" round, and "Doe, Jane, Roe, Richard" where every
// part is one half of such a name.
func turned(parts []string) ([]name, bool) {
	if len(parts) == 3 && (isSuffix(parts[1]) != isSuffix(parts[2])) && !strings.Contains(parts[0], " ") { // "Smith, John, Jr.", "Smith, Jr., John"
		given, suffix := parts[1], parts[2]
		if isSuffix(given) {
			given, suffix = suffix, given
		}
		if inverted(parts[0], given) {
			return []name{{text: given + " " + parts[0] + " " + suffix, turned: true}}, true
		}
	}
	if len(parts) < 2 || len(parts)%2 != 0 {
		return nil, false
	}
	var out []name
	for i := 0; i < len(parts); i += 2 {
		plain := plainFamily(parts[i]) && plainInitials(parts[i+1])
		if !plain && !inverted(parts[i], parts[i+1]) && !(initialsOnly.MatchString(parts[i+1]) && !isDegree(parts[i+1])) {
			return nil, false
		}
		out = append(out, name{text: parts[i+1] + " " + parts[i], turned: true, plain: plain})
	}
	return out, true
}

// initialsOnly are given names as scholars write them: "M. C.", "J.-P.".
var initialsOnly = regexp.MustCompile(`^\p{L}(?:[. -]+\p{L})*\.?$`)

// inverted reports "Doe" and "Jane" of "Doe, Jane".
func inverted(family, given string) bool {
	f, g := strings.Fields(family), strings.Fields(given)
	for len(g) > 1 && in(particles(), g[len(g)-1]) && isLowerWord(g[len(g)-1]) { // "Berg, Jan van der"
		g = g[:len(g)-1]
	}
	if len(f) == 0 || len(g) == 0 || len(g) > 2 || len(f) > 3 || !mayBeGiven(given) || isBody(family) || in(titles(), family) {
		return false
	}
	return len(f) == 1 || len(f) == 2 && isSuffix(f[1]) || in(particles(), f[0]) || len(f) == 2 && familyFronts()[strings.ToLower(f[0])] || twoFamilies(f, g) // "King Jr., Martin Luther"
}

// mayBeGiven reports what can be the given names behind a comma.
func mayBeGiven(s string) bool {
	if !unicode.IsUpper(firstRune(s)) || isSuffix(s) || isDegree(s) || articles()[fold(s)] || in(places(), s) {
		return false
	}
	return !isJob(s) && (!isBody(s) || in(givenNames(), s))
}

// twoFamilies reports the two family names of a Spaniard before given names that we
// know: "García Márquez, Gabriel", "Ortega y Gasset, José".
func twoFamilies(family, given []string) bool {
	joined := len(family) == 2 && len(given) == 1 ||
		len(family) == 3 && isLowerWord(family[1]) && !strings.Contains(family[1], "/") && (in(particles(), family[1]) || in(betweens(), family[1]))
	return joined && allGiven(given) && !in(givenNames(), family[0])
}

// articles are what is left of a name that was cut at a comma: "figaro.fr, Le".
var articles = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, word := range slices.Concat(wordsOfKind("article"), wordsOfKind("cut-off")) {
		out[word] = true
	}
	return out
})
