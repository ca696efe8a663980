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

// workBy reads a work that we have no word for, "satellite imagery by Cid Foe",
// which makes a helper, and a column's name, "Deal Professor By Ann Lee".
func workBy(text string) (string, news.Role) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return text, ""
	}
	for i := 1; i < min(len(words)-1, 5); i++ {
		if !strings.EqualFold(words[i], labelEnglish()) {
			continue
		}
		if last := fold(words[i-1]); works()[last] || (isLowerWord(words[i-1]) || i == 1) && suffixOf(last, participles()) != "" {
			return strings.Join(words[i+1:], " "), helper
		}
		return strings.Join(words[i+1:], " "), news.Author
	}
	if n := reportsAt(words); n > 0 {
		return strings.Join(words[:n], " "), news.Author
	}
	if n := genreAt(words); n > 0 {
		return strings.Join(words[n:], " "), news.Author
	}
	if slices.Contains(froms(), words[0]) && len(words) > 2 && isTitled(words[1]) && isTitled(words[2]) && !isBody(strings.Join(words[1:], " ")) { // "From Jane Doe"
		return strings.Join(words[1:], " "), news.Author
	}
	if job, name, ok := strings.Cut(text, ": "); ok && isJob(job) { // "Enviada especial: Ana García"
		return name, news.Author
	}
	return text, ""
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
// Hirsch", "Chronique. Anne Sorel"; 0 where none does.
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
	} else if !marked {
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
	if others, last := lastOf(before); others != "" { // "Von Ute Klose und Xaver Brandl (Fotos)"
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
// opens them.
func lastOf(names string) (others, last string) {
	words := strings.Fields(names)
	if len(words) < 6 || roleAlone(words[0]) == "" {
		return "", ""
	}
	for i := len(words) - 3; i > 2; i-- {
		if in(ands(), words[i]) && isLowerWord(words[i]) {
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

// splitAtRoles parts "作者：甲 责任编辑：乙" before each role word that ends in a
// colon, and "Ann Lee edited by Bob Roy" before those that end in "by".
func splitAtRoles(s string) []string {
	lower := lowered(s)
	var out []string
	start, next := 0, 0
	for i, r := range lower {
		if i < next || i > 0 && r < 0x2e80 && 'a' <= lower[i-1] && lower[i-1] <= 'z' || !boundary(s, i) {
			continue
		}
		if i > 0 && translatedAt(s, i) > 0 {
			out = append(out, s[start:i])
			start, next = i, i+1
			continue
		}
		for w := range openers().of(lower[i:]) {
			rest, ok := strings.CutPrefix(lower[i:], w.phrase)
			if !ok || w.gap != 0 {
				continue
			}
			if i == 0 || afterStop(s[:i]) {
				if end := compoundAt(s[i:], lower[i:], w); end > 0 {
					if i > start {
						out = append(out, s[start:i])
						start = i
					}
					next = i + end
					break
				}
			}
			if opensNext(s, i, w) {
				end := i + len(w.phrase)
				return append(append(out, s[start:i]), splitAtRoles(s[i:end]+":"+s[end:])...)
			}
			if i == 0 && (colonAt(rest) || !w.colon) {
				next = len(w.phrase)
				break
			}
			if !(opens(w.phrase) || colonAt(rest) || opensHan(s[:i], w, rest) || opensInside(s, i, w, rest) || opensAgain(s, i, w)) || closes(lower[i:]) {
				continue
			}
			if i > start {
				out = append(out, s[start:i])
				start = i
			}
			next = i + len(w.phrase)
			break
		}
	}
	return append(out, s[start:])
}

// holdsRole reports a role word that splitAtRoles may part a line at, or that opens
// or closes it.
func holdsRole(line string) bool {
	lower := lowered(line)
	for i := range lower {
		if !boundary(lower, i) {
			continue
		}
		for w := range openers().of(lower[i:]) {
			rest, ok := strings.CutPrefix(lower[i:], w.phrase)
			if ok && (i == 0 || opens(w.phrase) || colonAt(rest) || unspaced(firstRune(w.phrase)) || afterStop(line[:i]) || opensNext(line, i, w) || opensInside(line, i, w, rest)) {
				return true
			}
		}
		if i > 0 && translatedAt(line, i) > 0 {
			return true
		}
	}
	_, _, worded := closed(line, lower)
	return worded
}

// afterStop reports what ends a sentence.
func afterStop(before string) bool { return strings.HasSuffix(strings.TrimRight(before, " "), ".") }

// opensHan reports a role word of a script without spaces that parts a line
// without a colon: it stands behind a blank or a mark, and before a name.
func opensHan(before string, w *roleWord, rest string) bool {
	first := firstRune(w.phrase)
	if w.colon || !unspaced(first) || utf8.RuneCountInString(w.phrase) < 2 || before == "" {
		return false
	}
	last := lastRune(before)
	follows := firstRune(strings.TrimLeft(rest, " 　"))
	return !unicode.IsLetter(last) && unspaced(follows) && !opensBody(w.phrase, rest)
}

// closes reports a role word that ends a line: "张三 文/图".
func closes(rest string) bool {
	for w := range closers().of(rest) {
		if w.phrase == rest {
			return true
		}
	}
	return false
}

// opensInside reports a role word in the middle of a line that needs no colon
// there: of several words behind a mark or an "and", "foto di", and what pictures
// are called, "Kuvat". A name with a capital follows.
func opensInside(s string, i int, w *roleWord, rest string) bool {
	before := strings.TrimRight(s[:i], " ")
	follows, n := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
	if w.colon || before == "" || rest == strings.TrimLeft(rest, " ") || n == 0 || !unicode.IsUpper(behindBlanks(s[len(s)-len(rest):])) && !unicode.IsLetter(follows) || unicode.IsLower(behindBlanks(s[len(s)-len(rest):])) {
		return false
	}
	if strings.HasSuffix(before, "/") {
		return len(w.phrase) > 3
	}
	if andsArabic().has(firstRune(w.phrase)) {
		return true
	}
	mark := strings.ContainsRune(",.;/،-–—", lastRune(before)) || isAnd(lastWord(before))
	if mark {
		return strings.Contains(w.phrase, " ") || (len(w.phrase) > 5 || w.role == news.Photographer && len(w.phrase) > 3) && s[i:i+len(w.phrase)] == w.phrase
	}
	return w.role == news.Photographer && len(w.phrase) > 3 && !strings.Contains(w.phrase, " ")
}

// opensNext reports a role word with a capital between two names, in a line that
// one opens: "Penulis Rina Sari Editor Budi Hartono".
func opensNext(s string, i int, w *roleWord) bool {
	if w.role == news.Author || len(w.phrase) < 4 || i == 0 || !ascii(w.phrase) || !capitalised(s[i:i+len(w.phrase)]) {
		return false
	}
	before, after := strings.Fields(s[:i]), strings.Fields(s[i+len(w.phrase):])
	return len(before) > 2 && len(after) > 1 && opensName(before[len(before)-2:]) && opensName(after) && roleAlone(before[0]) != ""
}

// opensAgain reports the word for an author that opened the line, with a capital
// between two names: "By Jane Doe By John Roe".
func opensAgain(s string, i int, w *roleWord) bool {
	s = quietened(s)
	end := i + len(w.phrase)
	if w.role != news.Author || i == 0 || !capitalised(s[i:end]) || !strings.HasPrefix(s, s[i:end]+" ") {
		return false
	}
	before, after := strings.Fields(s[len(w.phrase):i]), strings.Fields(s[end:])
	if last := len(before) - 1; last > 1 && in(ands(), before[last]) {
		before = before[:last]
	}
	if particles()[w.phrase] && !(len(before) > 1 && in(givenNames(), before[0]) && len(after) > 1 && in(givenNames(), after[0])) { // not "Von Karl Ritter Von Trapp"
		return false
	}
	return len(before) > 1 && len(after) > 1 && opensName(before[len(before)-2:]) && opensName(after)
}

// quietened is a text in capitals with small letters behind the first of each word, of
// the same length in bytes; any other is as it was.
func quietened(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	out := []byte(lowered(s))
	for i := range out {
		if i == 0 || out[i-1] == ' ' {
			_, n := utf8.DecodeRuneInString(s[i:])
			copy(out[i:], s[i:i+n])
		}
	}
	return string(out)
}

// behindBlanks is the first sign behind blanks.
func behindBlanks(s string) rune { return firstRune(strings.TrimLeft(s, " ")) }

// opens reports role words that need no colon in the middle of a line:
// "photos by", "fot."
func opens(phrase string) bool {
	return slices.Contains(openerEnds(), lastWord(phrase)) && strings.Contains(phrase, " ") || strings.HasSuffix(phrase, ".") || strings.HasSuffix(phrase, "=")
}

// boundary reports a place where a word may begin.
func boundary(s string, i int) bool {
	before := lastRune(s[:i])
	here := firstRune(s[i:])
	return !unicode.IsLetter(before) || unspaced(here)
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
