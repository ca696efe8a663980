package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// saysWork reports a text whose first words say that a name follows or precedes:
// "Ein Essay von Dana Hirsch", "Ute Klose berichtet aus Kiew".
func saysWork(text string) bool {
	words := strings.Fields(text)
	if len(words) < 3 || len(words) > 9 {
		return false
	}
	n := genreAt(words)
	return n > 1 && in(genreOfs(), words[n-1]) || reportsAt(words) > 0
}

// A workRule reads a text without a role word that says who made something; role is
// empty where it does not.
type workRule = rule[func(text string, words []string) (name string, role news.Role)]

// workRules know works that we have no word for.
func workRules(yield func(workRule) bool) {
	each(yield, []workRule{
		{"a work before by", "satellite imagery by Cid Foe", madeBy},
		{"who reports from a place", "Ute Klose berichtet aus Kiew", reportsFrom},
		{"a kind of text before a name", "Kommentar von Dana Hirsch", ofGenre},
		{"the word for from before a name", "From Jane Doe", fromName},
		{"a job and its colon before a name", "Redaktionsleiterin: Nele Brandt", jobColon},
	})
}

// workBy asks the first of workRules that knows.
func (l *Line) workBy(text string) (string, news.Role) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return text, ""
	}
	for r := range workRules {
		if name, role := r.read(text, words); role != "" {
			l.tell(r.name)
			return name, role
		}
	}
	return text, ""
}

// madeBy makes a helper of who made such a work, and an author of who writes a column:
// "Deal Professor By Ann Lee".
func madeBy(_ string, words []string) (string, news.Role) {
	for i := 1; i < min(len(words)-1, 5); i++ {
		if !strings.EqualFold(words[i], labelEnglish()) {
			continue
		}
		name, work := strings.Join(words[i+1:], " "), fold(words[i-1])
		if works()[work] || (isLowerWord(words[i-1]) || i == 1) && suffixOf(work, participles()) != "" {
			return name, helper
		}
		return name, news.Author
	}
	return "", ""
}

func reportsFrom(_ string, words []string) (string, news.Role) {
	return authorWhere(words, 0, reportsAt(words))
}

func ofGenre(_ string, words []string) (string, news.Role) {
	if n := genreAt(words); n > 0 {
		return authorWhere(words, n, len(words))
	}
	return "", ""
}

// authorWhere is the author whose name words[from:to] are, if there are any.
func authorWhere(words []string, from, to int) (string, news.Role) {
	if from == to {
		return "", ""
	}
	return strings.Join(words[from:to], " "), news.Author
}

func fromName(_ string, words []string) (string, news.Role) {
	if len(words) < 3 || !slices.Contains(froms(), words[0]) || !isTitled(words[1]) || !isTitled(words[2]) || isBody(strings.Join(words[1:], " ")) {
		return "", ""
	}
	return authorWhere(words, 1, len(words))
}

func jobColon(text string, _ []string) (string, news.Role) {
	job, name, ok := strings.Cut(text, ": ")
	if !ok || !isJob(job) {
		return "", ""
	}
	return name, news.Author
}

// reportsAt is where a name ends before a word for who reports and a place: "Ute
// Klose berichtet aus Kiew"; 0 where none does.
func reportsAt(words []string) int {
	for n := 2; n < min(len(words)-1, 5); n++ {
		if strings.HasSuffix(words[len(words)-1], ".") { // a sentence
			return 0
		}
		if !in(reportVerbs(), words[n]) || !isTitled(strings.Join(words[:n], " ")) {
			continue
		}
		if rest := words[n:]; len(rest) < 5 && isAt(rest[1]) && (len(rest) == 2 || !isLowerWord(rest[len(rest)-1])) {
			return n
		}
	}
	return 0
}

// genreAt is where the name begins behind a kind of text: "Kommentar von Dana
// Hirsch", "Chronique. Anne Sorel", and "Opinion Ann Lee" with a given name that we
// know, unless names are declined there, "Felieton Jana Raka"; 0 where none does.
func genreAt(words []string) int {
	n := 0
	if len(words) > 3 && articles()[fold(words[0])] {
		n = 1
	}
	marked := words[n] != strings.TrimRight(words[n], ".:")
	kind := strings.TrimRight(words[n], ":")
	if len(words)-n < 3 || !in(genres(), kind[strings.LastIndexByte(kind, '-')+1:]) { // "SPIEGEL-Gespräch"
		return 0
	}
	if n++; in(genreOfs(), words[n]) && isLowerWord(words[n]) {
		n++
	} else if !marked && (in(declinedGenres(), kind) || !givenFirst(strings.Join(words[n:], " "))) {
		return 0
	}
	if rest := words[n:]; len(rest) < 2 || !isTitled(strings.Join(rest, " ")) || isBody(strings.Join(rest, " ")) {
		return 0
	}
	return n
}

// bracketed is a short text in brackets.
var bracketed = regexp.MustCompile(`\s*[(（\[【〔]([^()（）\[\]【】〔〕]{1,80})[)）\]】〕]\s*`)

// behindName is a role in brackets behind a name: "Anna Schmidt (Text) und Karl
// Maier (Fotos)".
var behindName = regexp.MustCompile(`([^,;|/()（）]+?)\s*[(（]([\p{L}\p{M}&/ ]{1,30})[)）]`)

var opening = setOf("([（【〔")

// brackets opens brackets: a role tells what the name before it did, what opens
// with a role word stands apart, a body is one of the list, and the rest is
// beside the point.
func brackets(line string) string {
	if !opening.in(line) {
		return line
	}
	if inner, ok := parenthesised(line); ok {
		line = inner
	}
	if inner := takenBy(line); inner != "" {
		return inner
	}
	line = behindName.ReplaceAllStringFunc(line, roleBehind)
	line = withoutShort(line)
	return bracketed.ReplaceAllStringFunc(line, bracketsOpened)
}

// roleBehind writes the role in brackets behind a name before it, with a bar on
// both sides.
func roleBehind(s string) string {
	m := behindName.FindStringSubmatch(s)
	before, label := m[1], strings.Trim(m[2], ": ")
	if roleAlone(m[2]) == "" {
		return s
	}
	if others, last := lastOf(before, roleAlone(m[2])); others != "" { // "Von Ute Klose und Xaver Brandl (Fotos)"
		return others + bar + label + ": " + last + bar
	}
	if !worded(before) {
		return bar + label + ": " + trimAnd(before) + bar
	}
	if name, by, _ := cutRole(before); by == news.Author && strings.Contains(name, " ") { // "Av Ola Lie (foto) og Eva Moe"
		return bar + label + ": " + name + bar
	}
	return s
}

// longestShort is the longest short name of an agency, in bytes, that stands in
// brackets behind its long one.
const longestShort = 24

// withoutShort takes the short name of an agency from behind its long one: "وكالة
// الأنباء السعودية (واس)".
func withoutShort(line string) string {
	body, rest, ok := strings.Cut(line, "(")
	if !ok || !in(registry(), body).agency {
		return line
	}
	short, after, ok := strings.Cut(rest, ")")
	o := in(registry(), short)
	if !ok || len(short) >= longestShort || o.name != in(registry(), body).name && (o.name != "" || isBody(short)) {
		return line
	}
	return strings.TrimSpace(body + after)
}

// bracketsOpened is what brackets in a line are worth, without them.
func bracketsOpened(s string) string {
	inner := strings.TrimSpace(bracketed.FindStringSubmatch(s)[1])
	_, role, _ := cutRole(inner)
	if owner := strings.TrimLeft(inner, "© "); owner != inner && outletOf(owner).agency { // "(©NTB)"
		inner = owner
	}
	if word, rest, ok := strings.Cut(inner, " "); ok && in(outletAts(), word) && (isOutlet(rest) || agenciesOnly(rest)) { // "(theo Reuters, AFP)"
		inner = rest
	}
	switch {
	case isBody(inner), agenciesOnly(inner), unquoted(inner) != inner:
		return ", " + inner + " "
	case role != "" && !isJobAside(inner):
		return bar + inner + bar
	}
	return " "
}

// isJobAside reports a job in Japanese or Korean, which brackets hold behind a name:
// 井上拓（フリーライター）.
func isJobAside(text string) bool {
	if isHangul(firstRune(text)) {
		return !strings.ContainsAny(text, " =") && koreanJobs(text)
	}
	return unspaced(firstRune(text)) && isDeskJapanese(text)
}

// takenBy is who took a picture, in brackets behind what it shows: "Borítókép: A
// Lánchíd (Fotó: Kiss Éva)"; empty where a line is none of this.
func takenBy(line string) string {
	i := strings.LastIndexByte(line, '(')
	if i < 1 || !strings.HasSuffix(line, ")") {
		return ""
	}
	inner := line[i+1 : len(line)-1]
	if _, role, _ := cutRole(inner); role != news.Photographer {
		return ""
	}
	if _, role, _ := cutRole(line[:i]); role != news.Photographer {
		return ""
	}
	return inner
}

// lastOf parts the last of several names from those before it, where a role word
// opens them, or it alone took the pictures.
func lastOf(names string, role news.Role) (others, last string) {
	words := strings.Fields(names)
	worded := len(words) > 0 && roleAlone(words[0]) != ""
	fewest := 2
	if worded {
		fewest = 3
	}
	if len(words) < fewest+3 || !worded && role != news.Photographer {
		return "", ""
	}
	for i := len(words) - 3; i >= fewest; i-- {
		if (in(ands(), words[i]) || in(betweens(), words[i])) && isLowerWord(words[i]) {
			return strings.Join(words[:i], " "), strings.Join(words[i+1:], " ")
		}
	}
	return "", ""
}

// trimAnd takes an "and" from before a name.
func trimAnd(s string) string {
	s = strings.TrimSpace(s)
	if word, rest, ok := strings.Cut(s, " "); ok && (in(ands(), word) || in(betweens(), word) && isLowerWord(word)) {
		return rest
	}
	return s
}

// withoutLastAnd takes an "and" from behind a name of several words.
func withoutLastAnd(s string) string {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 || strings.HasSuffix(s, ".") && isInitial(lastWord(s[:i])) || !isLowerWord(s[i+1:]) && !uncased(s[i+1:]) && unicode.IsLetter(firstRune(s[i+1:])) || !isAnd(s[i+1:]) || strings.HasSuffix(s[:i], "&") || !strings.Contains(s[:i], " ") {
		return s
	}
	return s[:i]
}

func parenthesised(s string) (string, bool) {
	r, n := utf8.DecodeRuneInString(s)
	last, m := utf8.DecodeLastRuneInString(s)
	if !strings.ContainsRune("(（【[〔「『〈［", r) || r == utf8.RuneError {
		return s, false
	}
	for _, pair := range [...][2]rune{{'(', ')'}, {'（', '）'}, {'【', '】'}, {'[', ']'}, {'〔', '〕'}, {'「', '」'}, {'『', '』'}, {'〈', '〉'}, {'［', '］'}} {
		if r == pair[0] && last == pair[1] && !strings.ContainsRune(s[n:len(s)-m], r) {
			return s[n : len(s)-m], true
		}
	}
	return s, false
}

// isPhrase reports what follows a word for an author in a phrase rather than a
// byline: an article and words in small letters that name no body and no job,
// "By the numbers".
func isPhrase(text string) bool {
	word, rest, ok := strings.Cut(text, " ")
	return ok && articles()[word] && !particles()[word] && isSentence(rest) && !isBody(rest) && !hasJob(strings.Fields(rest)) && !in(unnamed(), text) && !in(noise(), rest)
}

// colonBefore reports a colon or a blank before the text that ends a piece.
func colonBefore(piece, text string) bool {
	label := strings.TrimSuffix(strings.TrimSpace(piece), text)
	before := strings.TrimRight(label, " 　")
	return before != label && before != "" || strings.HasSuffix(before, ":") || strings.HasSuffix(before, "：")
}

// opensBody reports a role word that is the beginning of a body's name: 編輯中心.
func opensBody(phrase, rest string) bool {
	end := strings.IndexAny(rest, " /、，,|")
	if end < 0 {
		end = len(rest)
	}
	return utf8.RuneCountInString(rest[:end]) < 4 && (hasEnd(phrase+rest[:end], bodyEnds()) || hasEnd(phrase+rest[:end], outletEnds()))
}
