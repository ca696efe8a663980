package normalize

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/wordtable"
)

//go:embed data/origins.tsv
var originTable string

// originWords are the phrases of each kind of data/origins.tsv by their first
// letter, in small letters, the longest first.
var originWords = sync.OnceValue(func() map[string]map[rune][]string {
	out := map[string]map[rune][]string{}
	for _, row := range wordtable.Rows(originTable) {
		kind := out[row[0]]
		if kind == nil {
			kind = map[rune][]string{}
			out[row[0]] = kind
		}
		for phrase := range strings.SplitSeq(row[2], "|") {
			first := firstRune(phrase)
			kind[first] = append(kind[first], phrase)
		}
	}
	for _, kind := range out {
		for _, list := range kind {
			slices.SortStableFunc(list, func(a, b string) int { return len(b) - len(a) })
		}
	}
	return out
})

// outletKinds are words for kinds of outlets, selves words for the text itself.
var outletKinds, selves = originSet("genre"), originSet("text")

func originSet(kind string) func() map[string]bool {
	return sync.OnceValue(func() map[string]bool {
		out := map[string]bool{}
		for _, list := range originWords()[kind] {
			for _, word := range list {
				out[fold(word)] = true
			}
		}
		return out
	})
}

// rights are what a notice of copyright says behind the outlet, elided an article
// that is written on to a name, andsGlued an "and" that is.
var rights, elided, andsGlued = wordsIn("rights"), wordsIn("elided"), wordsIn("and-glued")

// beside is what may stand around the line of an origin.
const beside = " *※◎▲•▶►■◆●→_~-–—/|.。।<>〈〉…"

// longestOrigin is the longest line that tells of an origin, in bytes.
const longestOrigin = 700

// An originRule finds in a line, of which lower is the small spelling, the outlet
// that it says the copy comes from; empty where it says no such thing, or more.
type originRule = rule[func(line, lower string) string]

// originRules know what lines say of an origin.
func originRules(yield func(originRule) bool) {
	each(yield, []originRule{
		{"a notice of copyright", "Copyright 2022 The Associated Press. All rights reserved.", noticed},
		{"an outlet behind a word for an origin", "Source: Xinhua", behindWord},
		{"an outlet and what stands behind one", "新华社电", beforeWord},
		{"where copy stood before", "This article is republished from The Conversation under a licence", retold},
		{"an outlet that lent the copy", "「東洋経済オンライン」からの転載です", lent},
		{"an agency and who edited it", "red, APA", desks},
	})
}

// originLine is the outlet, as printed, of a line that says where the copy comes
// from, and empty where it says no such thing, or more.
func originLine(line string) string {
	name, _ := originBy(line)
	return name
}

// originBy is originLine, and the rule that found it.
func originBy(line string) (name, rule string) {
	if len(line) > longestOrigin || strings.HasSuffix(line, ":") || strings.HasSuffix(line, "…") || wire(line).name != "" { // "From Politico:" opens a quotation
		return "", ""
	}
	line = strings.Trim(line, beside)
	if inner, ok := parenthesised(line); ok {
		line = strings.Trim(inner, beside)
	}
	line = openLabel(unquoted(line))
	lower := lowered(line)
	for r := range originRules {
		if name := r.read(line, lower); name != "" {
			return name, r.name
		}
	}
	return "", ""
}

// openLabel takes the brackets from around a word that opens a line: "[출처] 한겨레".
func openLabel(line string) string {
	for _, pair := range [...][2]string{{"[", "]"}, {"【", "】"}, {"（", "）"}, {"(", ")"}, {"〔", "〕"}} {
		inner, ok := strings.CutPrefix(line, pair[0])
		label, rest, closed := strings.Cut(inner, pair[1])
		if !ok || !closed {
			continue
		}
		if after, worded := originPhrase("before", label+":", lowered(label+":")); worded && after == ":" {
			line = label + ": " + rest
		}
	}
	return line
}

// originPhrase is what stands behind the phrase of a kind that opens the line.
func originPhrase(kind, line, lower string) (rest string, ok bool) {
	first := firstRune(lower)
	for _, phrase := range originWords()[kind][first] {
		if strings.HasPrefix(lower, phrase) && wordEnds(lower, len(phrase)) {
			return line[len(phrase):], true
		}
	}
	return "", false
}

// wordEnds reports a word that may end at s[i:].
func wordEnds(s string, i int) bool {
	before := lastRune(s[:i])
	next := firstRune(s[i:])
	return !unicode.IsLetter(before) || !unicode.IsLetter(next) || unspaced(before) || before == '’' || unspaced(next)
}

// noticed reads a notice of copyright: "Copyright 2022 The Associated Press. All
// rights reserved."
func noticed(line, lower string) string {
	rest, ok := originPhrase("notice", line, lower)
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " 0123456789-–,:©ⓒ()（）/|.")
	rest = strings.TrimPrefix(rest, labelEnglish()+" ")
	n := outletAt(rest)
	name, tail := rest[:n], strings.TrimLeft(rest[n:], " ")
	o := wire(name)
	if o.picture || strings.HasPrefix(tail, "/") && !wire(strings.Trim(tail, "/ ")).agency || !o.agency && o.home == "" { // it may be the source itself
		return ""
	}
	if unicode.IsLetter(firstRune(tail)) && prefixOf(strings.ToLower(tail), rights()) == "" {
		return ""
	}
	return name
}

// behindWord reads outlets behind a word for an origin: "par l'AFP".
func behindWord(line, lower string) string {
	rest, worded := originPhrase("before", line, lower)
	if !worded {
		return ""
	}
	rest = strings.TrimLeft(rest, " :：-–—=])】）」>\u00a0")
	if inner, ok := parenthesised(rest); ok { // "oprac. (PAP)"
		rest = inner
	}
	rest = withoutGenre(strings.TrimPrefix(rest, prefixOf(rest, elided())))
	name, tail := outletsAt(rest)
	switch {
	case name == "":
		return nominative(unquoted(strings.Trim(rest, beside)))
	case wire(name).picture:
		return ""
	case tail == "":
		return inNominative(name)
	case strings.ContainsAny(tail, "/,"):
		if agencies := desks(rest, ""); agencies != "" {
			return agencies
		}
	}
	if tail = strings.Trim(tail, besideName); tail != "" && !standsBehind(tail) {
		return ""
	}
	return name
}

// beforeWord reads outlets before a word for an origin, or before a date that ends
// the line: "MAP: 10 novembre 2022".
func beforeWord(line, lower string) string {
	if ascii(line) && !strings.Contains(line, ":") && !stands(lastWord(line)) {
		return ""
	}
	name, tail := outletsAt(line)
	tail = strings.Trim(tail, besideName)
	if tail == "" || wire(name).name == "" || wire(name).picture {
		return ""
	}
	dated := wire(name).agency && strings.HasPrefix(strings.TrimLeft(line[len(name):], " "), ":") && isLeadDate(tail)
	if !dated && !standsBehind(tail) {
		return ""
	}
	return name
}

// besideName is what may stand around what follows an outlet.
const besideName = beside + ",،:："

// inNominative is the name of an outlet in the first case, where it is inflected:
// "Интерфакса".
func inNominative(name string) string {
	if bare := nominative(name); !ascii(name) && bare != "" && len(bare) < len(name) && wire(bare).name == wire(name).name {
		return bare
	}
	return name
}

// drawnFrom parts names from the phrase behind them that says of which outlet's
// copy they made theirs: "Тарас Мельник за матеріалами Reuters". origin is empty
// where none does, or where that names nobody.
func drawnFrom(text string) (names, origin string) {
	for i := range len(text) {
		if text[i] != ' ' || strings.IndexByte(text, ' ') == i || !unicode.IsLower(firstRune(text[i+1:])) {
			continue
		}
		rest := text[i+1:]
		behind, worded := originPhrase("before", rest, rest) // no sentence opens here
		if !worded {
			continue
		}
		if origin = behindWord(rest, lowered(rest)); origin != "" || in(unnamed(), behind) { // ruling 8
			return strings.TrimRight(text[:i], " ,"), origin
		}
	}
	return text, ""
}

// withoutGenre leaves out articles and what kind of outlet follows: "do jornal
// O Estado", "агентства Интерфакс".
func withoutGenre(text string) string {
	for {
		word, rest, ok := strings.Cut(text, " ")
		if !ok || outletAt(text) > len(word) || unicode.IsUpper(firstRune(word)) && !(in(outletKinds(), word) && wire(rest[:outletAt(rest)]).agency) { // "der Nachrichtenagenturen AFP und dpa"
			return text
		}
		if f := fold(word); !articles()[f] && !outletKinds()[f] && !outletAts()[f] {
			return text
		}
		text = rest
	}
}

// stands reports words that may stand behind an outlet: 电, "mukaan".
func stands(words string) bool {
	return slices.Contains(originWords()["behind"][firstRune(words)], words)
}

// standsBehind is stands for what is left of a line.
func standsBehind(tail string) bool { return stands(strings.TrimRight(tail, " .）)")) }

// retold reads a line that says where copy stood before.
func retold(line, lower string) string {
	at, phrase, certain := toldAt(lower)
	if at < 0 || at > 0 && !ofItself(lower[:at]) {
		return ""
	}
	rest := strings.TrimLeft(line[at+len(phrase):], " :：")
	rest = withoutGenre(rest)
	for _, kind := range originWords()["genre-zh"][firstRune(rest)] { // 微信公众号“侠客岛”
		if name := titledAt(strings.TrimPrefix(rest, kind)); certain && name != "" && strings.HasPrefix(rest, kind) {
			return name
		}
	}
	if name, _ := outletsAt(rest); name != "" {
		return name
	}
	if !certain {
		return ""
	}
	return titledAt(rest)
}

// quoteEnds end the names of outlets that lent the copy.
var quoteEnds = setOf("」》』”")

// lent reads an outlet in quotes before the phrase that says that it lent the
// copy: 「東洋経済オンライン」からの転載です, 獲《報導者》授權轉載.
func lent(line, _ string) string {
	if len(line) > longestOrigin/3 || !quoteEnds.in(line) {
		return ""
	}
	for _, pair := range quotePairs {
		_, inner, ok := strings.Cut(line, pair[0])
		name, behind, closed := strings.Cut(inner, pair[1])
		if _, told := originPhrase("lent", behind, behind); ok && closed && told && len(name) < 60 {
			return name
		}
	}
	return ""
}

// ofItself reports an opening that tells of the text, "This story was", rather
// than of another work. Han phrases say so themselves.
func ofItself(opening string) bool {
	n := 0
	for word := range strings.FieldsSeq(opening) {
		if n++; n > 3 {
			return false
		}
		if selves()[fold(strings.Trim(word, "*([\"“«"))] || unspaced(firstRune(word)) {
			return true
		}
	}
	return n == 0
}

// A retelling is a phrase of retold; certain says that an outlet must be behind it.
type retelling struct {
	phrase  string
	certain bool
}

// retellings are the phrases, so that a text is looked through at little cost.
var retellings = sync.OnceValue(func() *phraseIndex[retelling] {
	var list []retelling
	for _, kind := range []string{"first", "told"} {
		for _, phrases := range originWords()[kind] {
			for _, phrase := range phrases {
				list = append(list, retelling{phrase, kind == "first"})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b retelling) int { return len(b.phrase) - len(a.phrase) })
	return indexed(list, false, func(t retelling) string { return t.phrase })
})

// toldAt is where a phrase of retold stands, -1 where none does; certain says
// that an outlet must be behind it.
func toldAt(lower string) (at int, phrase string, certain bool) {
	known := retellings()
	before := byte(' ')
	for i := range len(lower) {
		c := lower[i]
		starts := c >= 0xc0 || c < utf8.RuneSelf && (before == ' ' || before == '(' || before == '*') // or within a character
		before = c
		if !starts || !known.opens(lower[i:]) {
			continue
		}
		for t := range known.of(lower[i:]) {
			if strings.HasPrefix(lower[i:], t.phrase) && wordEnds(lower, i+len(t.phrase)) && (c < utf8.RuneSelf || boundary(lower, i)) {
				return i, t.phrase, t.certain
			}
		}
	}
	return -1, "", false
}

// quotePairs are the quotes that titles stand in.
var quotePairs = [...][2]string{{"《", "》"}, {"「", "」"}, {"『", "』"}, {"„", "“"}, {"„", "”"}, {"«", "»"}, {"“", "”"}, {"\"", "\""}}

// unquoted takes the quotes from around a name.
func unquoted(name string) string {
	for _, pair := range quotePairs {
		if inner, ok := strings.CutPrefix(name, pair[0]); ok && strings.HasSuffix(inner, pair[1]) {
			return strings.TrimSuffix(inner, pair[1])
		}
	}
	return name
}

// titledAt is the name that opens a text: words with capitals, up to six, or what
// stands in quotes.
func titledAt(text string) string {
	for _, pair := range quotePairs {
		if inner, ok := strings.CutPrefix(text, pair[0]); ok {
			if name, _, ok := strings.Cut(inner, pair[1]); ok && len(name) < 60 {
				return name
			}
		}
	}
	end, n := 0, 0
	for word := range strings.FieldsSeq(text) {
		first := firstRune(word)
		if n == 6 || !unicode.IsUpper(first) && !unicode.IsDigit(first) && !isSite(word) && !(n > 0 && word == "&") {
			break
		}
		at := end + strings.Index(text[end:], word)
		bare := strings.TrimRight(word, ".,;:)!»”\"")
		end, n = at+len(bare), n+1
		if bare != word {
			break
		}
	}
	if unicode.IsDigit(firstRune(text[:end])) && n == 1 || isLeadDate(text[:end]) {
		return ""
	}
	return text[:end]
}

// outletsAt takes the outlets that we know from the front of a text, with the
// marks and the "and" between them, and leaves out those that name nobody.
func outletsAt(text string) (printed, tail string) {
	end, from, bare := 0, 0, -1
	for {
		n := outletAt(text[from:])
		if n == 0 && from > 0 && len(text) < longestOrigin { // "da Reuters e da AFP"
			if rest := withoutGenre(text[from:]); len(rest) < len(text)-from {
				if bare < 0 {
					bare = end
				}
				from = len(text) - len(rest)
				n = outletAt(rest)
			}
		}
		if n == 0 {
			break
		}
		end = from + n
		rest := strings.TrimLeft(text[end:], " ")
		joint := jointLength(rest)
		if joint == 0 {
			break
		}
		from = len(text) - len(rest) + joint
	}
	printed, tail = text[:end], text[end:]
	if bare >= 0 {
		printed = text[:bare]
	}
	if more := strings.Trim(tail, " ,/+&،."); more != "" && strings.IndexAny(strings.TrimLeft(tail, " "), ",/+&،") == 0 && (in(unnamed(), more) || in(noise(), more)) {
		tail = ""
	}
	if and, more, ok := strings.Cut(strings.TrimLeft(tail, " "), " "); ok && printed != "" && isAnd(and) && in(unnamed(), strings.Trim(more, " .")) { // "Al Jazeera and news agencies"
		tail = ""
	}
	return unquoted(printed), tail
}

// jointLength is how long the marks or the "and" are that open a text and tie an
// outlet to the next.
func jointLength(text string) int {
	if marks := len(text) - len(strings.TrimLeft(text, ",/、+&;،-–—= ")); marks > 0 {
		return marks
	}
	if word, _, ok := strings.Cut(text, " "); ok && isAnd(word) {
		return len(word) + 1
	}
	if and := prefixOf(text, andsGlued()); and != "" && outletAt(text[len(and):]) > 0 { // رويترز وفرانس برس
		return len(and)
	}
	return 0
}

// outletAt is the length of the longest name of an outlet that opens a text, 0
// where none does.
func outletAt(text string) int {
	if n := quotedOutlet(text); n > 0 {
		return n
	}
	word := firstWord(text)
	if first := strings.TrimRight(word, ",;:/|"); len(first) < len(text) && !startsOutlet(first) { // most lines
		return 0
	}
	if n := knownOutlet(text); n > 0 {
		return n
	}
	if site := strings.TrimRight(word, ",;."); isSite(site) {
		return len(site)
	}
	return 0
}

// quotedOutlet is outletAt for one in quotes.
func quotedOutlet(text string) int {
	for _, pair := range quotePairs {
		inner, ok := strings.CutPrefix(text, pair[0])
		if name, _, shut := strings.Cut(inner, pair[1]); ok && shut && wire(name).name != "" {
			return len(pair[0]) + len(name) + len(pair[1])
		}
	}
	return 0
}

// The longest name of an outlet in a line, in bytes and in signs.
const longestOutletBytes, longestOutletSigns = 64, 44

// knownOutlet is outletAt for one of the registry.
func knownOutlet(text string) int {
	if !mayOpenOutlet(text) {
		return 0
	}
	best, signs := 0, 0
	for i := range text {
		if signs++; i > longestOutletBytes || signs > longestOutletSigns {
			return best
		}
		stopped := i > 0 && text[i-1] == '.' && best == i-1 // the full stop behind the name
		if i > 1 && !stopped && text[i-1] != ' ' && wordEnds(text, i) && !insideSite(text[i:]) && wire(text[:i]).name != "" {
			best = i
		}
	}
	if len(text) <= longestOutletBytes && wire(text).name != "" {
		return len(text)
	}
	return best
}

// innerMarks stand within words, and may part the name of an outlet from others.
var innerMarks = setOf("-–/.،、'’")

// startsOutlet reports a word that an outlet's name may begin with: one that an
// outlet has, or that is none of ours alone.
func startsOutlet(word string) bool {
	return in(meaningful(), word) || acronyms()[word].name != "" || innerMarks.in(word) || firstRune(word) >= 0x2e80
}

// insideSite reports a full stop in the middle of a word.
func insideSite(rest string) bool {
	return len(rest) > 1 && rest[0] == '.' && unicode.IsLetter(firstRune(rest[1:]))
}

// isSite reports the name of a site: "in.gr", "ntv.de".
func isSite(word string) bool {
	i := strings.LastIndexByte(word, '.')
	if i < 2 || len(word)-i < 3 || len(word)-i > 5 || strings.ContainsAny(word, "@/: ") {
		return false
	}
	for _, c := range word[i+1:] {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return unicode.IsLetter(firstRune(word))
}

// deskMarks part agencies from those who edited their copy.
var deskMarks = setOf(",/;+·|،")

// desks reads agencies beside the letters that sign for those who edited them,
// or beside the outlet that used them: "red, APA", "mli/dpa", "Le Parisien avec
// AFP".
func desks(line, _ string) string {
	if left, right, ok := withAgency(line); ok && (wire(left).name != "" || isMark(left)) {
		if name, tail := outletsAt(right); tail == "" && wire(name).agency {
			return name
		}
	}
	if !deskMarks.in(line) {
		return ""
	}
	var agencies []string
	marks := false
	for part := range strings.FieldsFuncSeq(line, deskMarks.has) {
		switch part = strings.TrimSpace(part); {
		case strings.Count(part, " ") > 5:
			return ""
		case wire(part).agency && !wire(part).picture:
			agencies = append(agencies, part)
		case isMark(part), isSite(part):
			marks = true
		default:
			return ""
		}
	}
	if !marks || len(agencies) == 0 {
		return ""
	}
	return strings.Join(agencies, ", ")
}

// withAgency parts a short line at a word such as "with": "Le Parisien avec AFP".
func withAgency(line string) (left, right string, ok bool) {
	if n := strings.Count(line, " "); n < 2 || n > 6 {
		return "", "", false
	}
	for i := range line {
		if line[i] != ' ' {
			continue
		}
		word, rest, ok := strings.Cut(line[i+1:], " ")
		if ok && len(word) < 9 && isLowerWord(word) && in(outletAts(), word) {
			return line[:i], rest, true
		}
	}
	return "", "", false
}

// isMark reports up to four small letters, as editors sign, or a word for nobody.
func isMark(s string) bool {
	n := utf8.RuneCountInString(s)
	return n < 5 && n > 1 && plainLetters(s) && unicode.IsLower(firstRune(s)) && !strings.Contains(s, " ") || in(unnamed(), s)
}
