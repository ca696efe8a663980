package normalize

import (
	"cmp"
	_ "embed"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/wordtable"
)

//go:embed data/roles.tsv
var roleTable string

// Roles of the table that the model does not have: what names an origin, and
// helpers, who are contributors (ruling 6).
const (
	source news.Role = "source"
	helper news.Role = "helper"
	nobody news.Role = "nobody" // labels of what is no credit: 单位：, 原标题：
)

// A roleWord is a phrase that opens or closes a name and says what it did.
type roleWord struct {
	phrase string
	behind string // what follows the word in the gap behind the phrase
	role   news.Role
	colon  bool // only with a colon behind it
	gap    byte // what stands behind it: ~ a place, * a language; 0 nothing
}

// roleWords reads the table for openers and closers, the longest first.
var roleWords = sync.OnceValues(func() (before, behind *phraseIndex[*roleWord]) {
	var openers, closers []*roleWord
	for _, row := range elidedToo(inCapitals(wordtable.Rows(roleTable))) {
		for phrase := range strings.SplitSeq(row[2], "|") {
			w := &roleWord{role: news.Role(row[0]), phrase: strings.ToLower(phrase)}
			if name, ok := strings.CutPrefix(w.phrase, "…"); ok {
				w.phrase = name
				closers = append(closers, w)
				continue
			}
			w.colon = strings.HasSuffix(w.phrase, ":")
			w.phrase = strings.TrimRight(w.phrase, ": ")
			if i := strings.IndexAny(w.phrase, "~*"); i > 0 {
				w.gap = w.phrase[i]
				w.phrase, w.behind = strings.TrimSpace(w.phrase[:i]), strings.TrimSpace(w.phrase[i+1:])
			}
			openers = append(openers, w)
		}
	}
	for _, list := range [][]*roleWord{openers, closers} {
		slices.SortStableFunc(list, func(a, b *roleWord) int {
			return cmp.Or(len(b.phrase)-len(a.phrase), len(b.behind)-len(a.behind))
		})
	}
	return indexed(openers, false, phraseOf), indexed(closers, true, phraseOf)
})

func phraseOf(w *roleWord) string { return w.phrase }

// openers are the role words that stand before a name.
func openers() *phraseIndex[*roleWord] {
	before, _ := roleWords()
	return before
}

// closers are the role words that stand behind a name.
func closers() *phraseIndex[*roleWord] {
	_, behind := roleWords()
	return behind
}

// inCapitals adds to the phrases of Turkish and Greek what their capitals become in
// small letters, see lowered: "ÇEVİREN", "YAZI", and "ΡΕΠΟΡΤΑΖ" without its accent.
func inCapitals(rows [][]string) [][]string {
	dots := strings.NewReplacer("i", "ı", "ı", "i")
	accents := strings.NewReplacer("ά", "α", "έ", "ε", "ή", "η", "ί", "ι", "ό", "ο", "ύ", "υ", "ώ", "ω")
	for _, row := range rows {
		other := accents.Replace(row[2])
		if row[1] == "tr" {
			other = dots.Replace(row[2])
		}
		if other != row[2] {
			rows = append(rows, []string{row[0], row[1], other})
		}
	}
	return rows
}

// elidedToo adds to the phrases that end in a word which elides what they are before a
// vowel, and to those with an apostrophe the curved one: "photos d’Anne".
func elidedToo(rows [][]string) [][]string {
	for _, row := range rows {
		for phrase := range strings.SplitSeq(row[2], "|") {
			if end := suffixOf(phrase, elides()); end != "" && strings.HasSuffix(phrase, " "+end) {
				phrase = phrase[:len(phrase)-len(end)+1] + "'"
				rows = append(rows, []string{row[0], row[1], phrase})
			}
			if strings.Contains(phrase, "'") {
				rows = append(rows, []string{row[0], row[1], strings.ReplaceAll(phrase, "'", "’")})
			}
		}
	}
	return rows
}

// elides are small words that keep one letter before a vowel.
var elides = wordsIn("elides")

// lowered is s in small letters of the same length in bytes, so that what is
// found in it is found in s: İ becomes ı.
func lowered(s string) string {
	lower := smallOf(s)
	if len(lower) == len(s) {
		return lower
	}
	if lower = smallOf(strings.ReplaceAll(s, "İ", "ı")); len(lower) == len(s) {
		return lower
	}
	return s
}

// roles are what role words stand for: "text and photos" is two.
func roles(r news.Role) []news.Role {
	if !strings.Contains(string(r), "+") {
		return []news.Role{r}
	}
	var out []news.Role
	for part := range strings.SplitSeq(string(r), "+") {
		out = append(out, news.Role(part))
	}
	return out
}

// longestLabel is the longest first word, in bytes, of two that are joined.
const longestLabel = 36

// compound takes two role words that are joined from the front of a name: "Text
// und Fotos:", "Reportaje y fotos de", "文／圖：". Each must be one alone.
func compound(s string, end, next int) (rest string, role news.Role) {
	first := roleAlone(strings.TrimSpace(s[:end]))
	if first == "" || first == source || first == nobody {
		return "", ""
	}
	rest, second, ok := cutRole(strings.TrimLeft(s[next:], " "))
	switch {
	case !ok || second == source || second == nobody || strings.HasSuffix(rest, s[next:]):
		return "", ""
	case second == first, strings.Contains(string(second), string(first)):
		return rest, second
	case second == news.Author:
		return rest, second + "+" + first
	}
	return rest, first + "+" + second
}

// compoundAt is where two joined role words end of which w is the first, where s
// opens with it; 0 where they do not.
func compoundAt(s, lower string, w *roleWord) int {
	end, next := joint(lower[:min(len(lower), longestLabel)])
	if end != len(w.phrase) {
		return 0
	}
	if rest, role := compound(s, end, next); role != "" {
		return len(s) - len(rest)
	}
	return 0
}

// jointMarks stand behind the first of two words.
var jointMarks = setOf(" /&+·・、,，／:：-–")

// joint is where the first of two words ends that a mark or an "and" joins, and
// where the second begins.
func joint(s string) (end, next int) {
	i := jointMarks.index(s)
	if i < 1 {
		return 0, 0
	}
	rest := strings.TrimLeft(s[i:], " ")
	at := len(s) - len(rest)
	r, n := utf8.DecodeRuneInString(rest)
	switch {
	case n == 0, r == ':', r == '：':
		return 0, 0
	case strings.ContainsRune("/&+·・、,，／-–", r):
		return i, at + n
	}
	word, _, ok := strings.Cut(rest, " ")
	if ok && isAnd(word) {
		return i, at + len(word)
	}
	if ok && andGlued(word) { // "تصوير وتحرير"
		return i, at + n
	}
	return 0, 0
}

// cutRole takes a role word from the front or the back of a name.
func cutRole(s string) (rest string, role news.Role, worded bool) { return roleOf(s, lowered(s)) }

// roleOf is cutRole of a name of which lower is the small spelling.
func roleOf(s, lower string) (rest string, role news.Role, worded bool) {
	if end := translatedAt(s, 0); end > 0 {
		return s[end:], news.Translator, true
	}
	if holdsWord(lower, helped()) {
		if m := contributed.FindStringIndex(lower); m != nil && m[0] > 0 {
			return s[:m[0]], helper, true
		}
	}
	text, w, ok := opened(s, lower)
	if end, next := joint(lower[:min(len(lower), longestLabel)]); end >= len(w.phrase) && end > 0 {
		if rest, role := compound(s, end, next); role != "" {
			return rest, role, true
		}
	}
	if !ok {
		return closed(s, lower)
	}
	if w.role == news.Author {
		if name, more, ok := cutRole(text); ok && more != "" {
			return name, more, true
		}
	}
	return text, w.role, true
}

// opened takes the longest role word from the front of a name, of which lower is
// the small spelling.
func opened(s, lower string) (rest string, w roleWord, ok bool) {
	for w := range openers().of(lower) {
		if rest, ok := w.cut(s, lower); ok {
			if w.role != news.Author {
				rest = withoutSecondBy(rest)
			}
			return rest, *w, true
		}
	}
	return s, roleWord{}, false
}

// withoutSecondBy is names without the word for by that a form printed before them,
// behind a role: "Photo: By Ann Lee".
func withoutSecondBy(s string) string {
	lower := lowered(s)
	for w := range openers().of(lower) {
		if w.role != news.Author || w.colon || strings.Contains(w.phrase, " ") || particles()[w.phrase] {
			continue
		}
		if rest, ok := w.cut(s, lower); ok && strings.Contains(rest, " ") && unicode.IsUpper(firstRune(rest)) {
			return rest
		}
	}
	return s
}

// contributed is what ends a line of helpers: "contributed reporting from Paris".
var contributed = pattern(` (?:{also} )?{helped} {helped-with}`)

// helped are what such a line says in the least.
var helped = wordsIn("helped")

// closed takes a role word from the back of a name, of which lower is the small
// spelling.
func closed(s, lower string) (rest string, role news.Role, worded bool) {
	lower = strings.TrimRight(lower, " .=")
	for w := range closers().of(lower) {
		if body, ok := strings.CutSuffix(lower, w.phrase); ok && strings.TrimSpace(body) != "" && len(body) <= len(s) && !endsNamesake(s[:len(body)], s[len(body):min(len(s), len(lower))]) {
			return strings.TrimRight(s[:len(body)], " 　／/・"), w.role, true
		}
	}
	return s, "", false
}

// cut takes w from the front of s, of which lower is the small spelling.
func (w *roleWord) cut(s, lower string) (string, bool) {
	body, ok := strings.CutPrefix(lower, w.phrase)
	if !ok || body == "" {
		return "", false
	}
	if w.gap != 0 {
		return w.cutGap(s, body)
	}
	trimmed := strings.TrimLeft(body, " 　")
	colon := strings.HasPrefix(trimmed, ":") || strings.HasPrefix(trimmed, "：") || strings.HasPrefix(trimmed, "- ")
	if !colon && (w.colon || w.goesOn(body) || w.opensFamily(body) || w.opensTwo(s)) {
		return "", false
	}
	text := strings.TrimLeft(s[len(s)-len(trimmed):], " 　:：-")
	if !colon {
		text = strings.TrimLeft(text, "-–—/／・｜|= ")
	}
	return strings.TrimSpace(text), true
}

// mayCut reports what could stand behind w, in small letters, where w is no part of a
// word and, around a gap, closed by its other half.
func (w *roleWord) mayCut(body string) bool {
	if w.gap == 0 {
		return !w.goesOn(body)
	}
	return (w.gap == '~' || strings.HasPrefix(body, " ")) && strings.Contains(body, w.behind)
}

// givenBehind reports a family name before its given name.
func givenBehind(words []string) bool {
	return in(givenNames(), words[1]) && !in(givenNames(), words[0]) && !hasEnd(words[0], familyEnds())
}

// goesOn reports a word of which w is the beginning: body is what is behind it, an
// apostrophe in "De'Shawn Foe".
func (w *roleWord) goesOn(body string) bool {
	next := firstRune(body)
	if next == '\'' || next == '’' {
		next = firstRune(body[utf8.RuneLen(next):])
	}
	letters := unicode.IsLetter(next) && unicode.IsLetter(lastRune(w.phrase)) || unicode.Is(unicode.Mn, next)
	return letters && !unspaced(next)
}

// opensFamily reports a particle that opens a family name: "De Vries, Jan", "DE NIRO
// ROBERT".
func (w *roleWord) opensFamily(body string) bool {
	if !particles()[w.phrase] {
		return false
	}
	family, _, _ := strings.Cut(body, ",")
	if isBody(strings.TrimSpace(family)) {
		return false
	}
	words := strings.Fields(family)
	return len(words) < 2 || particles()[words[0]] && family != body || len(words) == 2 && givenBehind(words)
}

// opensTwo reports two particles with capitals that open a family name: "DE LA FOE
// JUAN", "Von Der Klose". A word for "by" stands alone, or has a small letter.
func (w *roleWord) opensTwo(s string) bool {
	if !smalls()[w.phrase] || !unicode.IsUpper(firstRune(s)) {
		return false
	}
	words := strings.Fields(s[len(w.phrase):])
	if len(words) < 2 || !unicode.IsUpper(firstRune(words[0])) {
		return false
	}
	second, rest := fold(words[0]), strings.Join(words, " ")
	return (smalls()[second] || smallsAfter()[second]) && !isBody(rest) && !in(unnamed(), rest) && !in(noise(), rest) && !hasJob(words)
}

// cutGap takes a place of one or two words from behind w, or a language, and what
// follows it: "Aus Kiew berichtet Ute Klose", "Переклала з польської Ганна Лис".
// body is the small spelling behind w.
func (w *roleWord) cutGap(s, body string) (string, bool) {
	if w.gap == '*' && !strings.HasPrefix(body, " ") {
		return "", false
	}
	words := strings.Fields(s[len(s)-len(body):])
	most := 2
	if w.gap == '*' {
		most = 1
	}
	for n := 1; n <= most && n < len(words); n++ {
		if w.gap == '~' && isLowerWord(words[n-1]) {
			return "", false
		}
		rest := strings.Join(words[n:], " ")
		ends := strings.HasSuffix(words[n-1], ":") || strings.HasSuffix(words[n-1], ",")
		switch {
		case ends, w.behind == "" && w.gap == '*' && !isLowerWord(words[n]):
			return rest, w.behind == ""
		case w.behind != "" && strings.HasPrefix(strings.ToLower(rest), w.behind) && len(rest) > len(w.behind) && strings.ContainsRune(" :", rune(rest[len(w.behind)])):
			return strings.TrimLeft(rest[len(w.behind):], " :"), true
		}
	}
	return "", false
}

// translatedAt is the end of a translator's line that opens at s[i:], 0 when
// none does. Few lines begin as one may, which is cheap to see.
func translatedAt(s string, i int) int {
	rest := s[i:]
	first := firstRune(rest)
	if !translations().has(first) {
		return 0
	}
	for _, opening := range translationsBy()[first] {
		if len(rest) > len(opening) && strings.EqualFold(rest[:len(opening)], opening) {
			if loc := translated.FindStringIndex(rest); loc != nil {
				return i + loc[1]
			}
			return 0
		}
	}
	return 0
}

// translationsBy are what translatedAt finds by their first letters, small and
// capital, and translations those letters.
var (
	translationsBy = sync.OnceValue(func() map[rune][]string {
		out := map[rune][]string{}
		for _, opening := range slices.Concat(wordsOfKind("translated-from"), wordsOfKind("translated")) {
			small := firstRune(opening)
			out[small] = append(out[small], opening)
			out[unicode.ToUpper(small)] = append(out[unicode.ToUpper(small)], opening)
		}
		return out
	})
	translations = sync.OnceValue(func() *runeSet { return setOf(string(slices.Collect(maps.Keys(translationsBy())))) })
)

// translated opens a translator's line that names the language.
var translated = pattern(`(?i)^(?:{translated-from}[ '’]\p{L}+(?: \([^)]*\))? {translated-by}|{translated} \p{L}+)\s*:?\s+`)

// roleAlone is the role that a word alone stands for: "Fotos", "text".
func roleAlone(word string) news.Role {
	rest, role, _ := cutRole(strings.TrimSpace(word) + ": A")
	if rest != "A" {
		return ""
	}
	return role
}

func colonAt(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	return strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：")
}
