package normalize

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

var (
	mailPattern  = regexp.MustCompile(`[<(（\[]?\s?(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)\s?[>)）\]]?`)
	urlPattern   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[!-~]+`)
	handle       = regexp.MustCompile(`[(（]?@[\w.]+[)）]?`)
	phonePattern = regexp.MustCompile(`(^|[^\p{L}\d])\+?\(?\d[\d\s().-]{6,}\d`)
	account      = regexp.MustCompile(`(?:_|\b)[A-Z]{1,4}\d{3,}\b`)
	entity       = regexp.MustCompile(`&[A-Z]{3,8};`)
	copyright    = pattern(`(?i)\b{copyright}\b\s*(?:/|©|\(c\))?`)
	invisible    = barred("／", "/", "╱", "/", "︱", "|", " © ", " / ", "●", "|", "◎", "|", "□", "|", "■", "|", "◆", "|", "▲", "|", "★", "|", "＝", "=", "ः ", ": ", " ـ ", " - ", " ــ ", " - ", "ــ", "ـ", "✍", "|", "📷", "|", "🖋", "|", "✒", "|", "\u200b", "", "\u200e", "", "\u200f", "", "\u202a", "", "\u202b", "", "\u202c", "", "\u2060", "", "\u00ad", "")
)

// barred is a replacer that writes a bar for the letters that stand for one, too.
func barred(pairs ...string) func() *rewriter {
	return sync.OnceValue(func() *rewriter {
		for _, letter := range wordsOfKind("bar") {
			pairs = append(pairs, letter, "|")
		}
		return rewriting(pairs...)
	})
}

// copyrights are what notices open with, agoFirst opens a time that no figure tells.
var copyrights, agoFirst = wordsIn("copyright"), wordsIn("ago-first")

// emptied takes out brackets that held nothing but an address.
var emptied = strings.NewReplacer("（"+bar+"）", " ", "("+bar+")", " ")

// bar stands where something was taken out of a line: what is on its two sides
// belongs apart.
const bar = " | "

// pause stands where a time was taken out. What follows one is no name where
// one stood before it: a section, a button.
const pause = "‖"

// wash takes out of a line what is neither a name nor a role: addresses,
// handles, telephone and account numbers, dates and times (ruling 3).
func wash(line string) (rest string, mails []string) {
	line = invisible().Replace(tidy(shouted(line)))
	if pageSigns().in(line) {
		line = issue.ReplaceAllString(line, bar)
	}
	if holdsFold(line, copyrights()) {
		line = copyright.ReplaceAllString(line, bar)
	}
	if strings.Contains(line, "@") {
		for _, m := range mailPattern.FindAllStringSubmatch(line, -1) {
			mails = append(mails, m[1])
		}
		line = mailPattern.ReplaceAllString(line, bar)
		line = handle.ReplaceAllString(line, bar)
	}
	if strings.Contains(line, "://") || strings.Contains(line, "www.") {
		line = emptied.Replace(urlPattern.ReplaceAllString(line, bar))
	}
	if strings.Contains(line, " » ") && !strings.Contains(line, "«") { // the way to the page
		line = strings.ReplaceAll(line, " » ", bar)
	}
	line = unglue(line)
	if strings.ContainsFunc(line, isFigure) || holdsWord(line, agoFirst()) {
		line = withoutLabel(withoutTimes(line))
		n := figures(line)
		if n > 6 {
			line = phonePattern.ReplaceAllString(line, "$1"+bar)
		}
		if n > 2 && strings.ContainsFunc(line, unspaced) {
			line = account.ReplaceAllString(line, "")
		}
	}
	return strings.TrimSpace(line), mails
}

// shouted reads entities that went to capitals with the name around them.
func shouted(line string) string {
	if !strings.Contains(line, "&") {
		return line
	}
	return entity.ReplaceAllStringFunc(line, func(s string) string {
		name := strings.ToLower(s)
		if name == "&amp;" || name == "&nbsp;" || name == "&quot;" || name == "&apos;" {
			return html.UnescapeString(name)
		}
		return strings.ToUpper(html.UnescapeString(name))
	})
}

// unglue parts words that lost the blank between two elements of a page:
// "Carrie ArnoldNovember 15", "Meg JamesStaff Writer", "ERIC TUCKERAssociated
// Press", "Laura Winter19 Nov".
func unglue(line string) string {
	words := strings.Fields(line)
	if len(words) < 2 {
		return line // a pen name: "MovieJournalist"
	}
	changed := false
	for i, w := range words {
		if !mayBeGlued(w) {
			continue
		}
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		words[i] = unglueWord(w, next)
		changed = changed || words[i] != w
	}
	if !changed {
		return line
	}
	return strings.Join(words, " ")
}

// figures counts the digits of a line.
func figures(line string) int {
	n := 0
	for _, r := range line {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// A seam is where in a word a blank may be lost.
type seam struct {
	word, next         string // next is the word behind it
	at                 int
	before, last, here rune // the signs around it: here is at it
}

// mayBeGlued reports a capital or a figure behind the first sign of a word.
func mayBeGlued(w string) bool {
	for i, r := range w {
		if i > 0 && (isCapital(r) || isFigure(r)) {
			return true
		}
	}
	return false
}

// unglueWord parts w where what follows the seam is a word that we know, or a time.
func unglueWord(w, next string) string {
	s := seam{word: w, next: next}
	for s.at, s.here = range w {
		if s.ofWord() || s.ofTime() || s.ofTimeHan() {
			return w[:s.at] + bar + w[s.at:]
		}
		s.before, s.last = s.last, s.here
	}
	return w
}

// shortestGlued is the shortest name, in bytes, that something is written on to.
const shortestGlued = 4

// ofWord knows the capital that begins what a job, a time or an outlet is called.
func (s seam) ofWord() bool {
	small := unicode.IsLower(s.last)
	if s.at < shortestGlued || !unicode.IsUpper(s.here) || !small && !(unicode.IsUpper(s.before) && unicode.IsUpper(s.last)) {
		return false
	}
	behind := s.word[s.at:]
	return unicode.IsLower(nextRune(s.word, s.at)) && opensPart(behind, s.next) || small && in(registry(), behind).name != ""
}

func (s seam) ofTime() bool {
	return s.at >= shortestGlued && unicode.IsDigit(s.here) && unicode.IsLower(s.last) &&
		(isMonth(s.next) || in(units(), s.next) || timeFigure(s.word[s.at:]) == moment)
}

// ofTimeHan knows a whole date: 三柳英樹2024年3月5日.
func (s seam) ofTimeHan() bool {
	return unicode.IsDigit(s.here) && unspaced(s.last) && len(s.word)-s.at > 7 && timeFigure(s.word[s.at:]) == moment
}

func nextRune(w string, i int) rune {
	_, n := utf8.DecodeRuneInString(w[i:])
	r := firstRune(w[i+n:])
	return r
}

// opensPart reports a word that begins a job, a time or an outlet's name.
func opensPart(w, next string) bool {
	bare := strings.TrimRightFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(bare) < 3 {
		return false
	}
	if isMonth(bare) || (len(bare) > 3 || isMonth(next)) && in(whens(), bare) || isJobWord(bare) || isBeatWord(bare) && utf8.RuneCountInString(bare) > 4 {
		return true
	}
	return outletOf(bare).name != "" || next != "" && outletOf(bare+" "+next).name != ""
}

// isWeekday reports the name of a day of the week and nothing else.
func isWeekday(w string) bool {
	return slices.ContainsFunc(meaningsOf(w), func(m meaning) bool { return m.sense == senseWeekday && utf8.RuneCountInString(w) > 3 })
}

// meaningsOf are what a word means in dates.
func meaningsOf(w string) []meaning {
	if strings.Contains(w, ".") { // พ.ย.
		w = strings.Join(strings.FieldsFunc(w, func(r rune) bool { return r == '.' }), " ")
	}
	var buf [longestName]byte
	if dated, ok := appendDated(buf[:0], w); ok {
		return dateWords().words[string(dated)]
	}
	return dateWords().words[strings.ToLower(foldDate(w))]
}

func isMonth(w string) bool {
	return slices.ContainsFunc(meaningsOf(strings.TrimFunc(w, aroundMonth)), func(m meaning) bool { return m.sense == senseMonth })
}

// aroundMonth reports a sign that is none of a word's.
func aroundMonth(r rune) bool { return !isLetter(r) && !unicode.IsMark(r) }

// A dateWord is what a word of a line may be of a date or time.
type dateWord int

const (
	other  dateWord = iota
	mark            // a sign alone
	when            // a word of dates: Monday, PM, updated
	month           // a month's name
	number          // a figure that tells nothing alone
	moment          // a figure that is a date or time by itself
)

// withoutTimes puts a bar in place of each run of words that is a date, a time
// of day, a time ago or a reading time.
func withoutTimes(line string) string {
	words := strings.Fields(line)
	if len(words) == 0 {
		return line
	}
	kinds := make([]dateWord, len(words))
	for i, w := range words {
		kinds[i] = kindOf(w)
		if i > 0 && (w == ":" || w == "：") && kinds[i-1] == when { // "Temps de lecture : 4 min"
			kinds[i] = mark
		}
		if i > 0 && kinds[i] == other && kinds[i-1] == number && in(hijriMonths(), strings.Trim(w, "،")) { // names, too, but behind a figure
			kinds[i] = month
		}
		if i > 1 && kinds[i] == month && kinds[i-1] == when && tellsAgo(words[i-2]) { // "2 hours ago on Mac Blog"
			kinds[i] = other
		}
	}
	agoBefore(words, kinds)
	var out []string
	for i := 0; i < len(words); {
		n := run(words[i:], kinds[i:])
		if n == 0 {
			out = append(out, words[i])
			i++
			continue
		}
		if i+1 < len(words) && kinds[i] == when && capitalised(words[i]) && in(registry(), words[i]+" "+words[i+1]).name != "" { // "El Tiempo 12 de mayo"
			out = append(out, words[i], words[i+1])
			i += 2
			continue
		}
		out = append(out, pause)
		i += n
	}
	return strings.Join(out, " ")
}

// agoBefore marks as a time what tells one without a figure, where the word for
// it stands first: "منذ يومين", "לפני שעתיים".
func agoBefore(words []string, kinds []dateWord) {
	for i, w := range words[1:] {
		if kinds[i] != when || !uncased(words[i]) || !tellsAgo(words[i]) {
			continue
		}
		if in(units(), w) || slices.ContainsFunc(meaningsOf(w), func(m meaning) bool { return m.sense == senseSpan }) {
			kinds[i], kinds[i+1] = moment, moment
		}
	}
}

// tellsAgo reports a word that says that a time is counted back from now.
func tellsAgo(w string) bool {
	return slices.ContainsFunc(meaningsOf(w), func(m meaning) bool { return m.sense == senseAgo })
}

// withoutLabel takes the label of a date from before where the date was taken
// out: "Elsa Nordin Publicerad:".
func withoutLabel(line string) string {
	before, after, ok := strings.Cut(line, pause)
	if !ok {
		return line
	}
	words := strings.Fields(before)
	for n := len(words); n > 2 && isLabel(words[n-1]); n-- {
		words = words[:n-1]
	}
	words = withoutLastPlace(words)
	return strings.Join(words, " ") + " " + pause + after
}

// withoutDateLabel takes the label of a date that stood elsewhere from behind a
// name: "Ana Maria Luca Publicat:", "Роман Кулик Дата публікації".
func withoutDateLabel(name string) string {
	words := strings.Fields(name)
	small := strings.HasSuffix(name, ":")
	for len(words) > 2 {
		last := words[len(words)-1]
		if in(buttons(), last) { // "Leela Jacinto Suivre"
			words = words[:len(words)-1]
			continue
		}
		if !isLowerWord(last) && !small || preposition(last) || !isLabel(last) && !in(whens(), last) { // "Miguel Ángel Criado"
			break
		}
		small = isLowerWord(last)
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// withoutLastPlace takes a place from between a name and its date: "Igor Gielow
// São Paulo | 12 maio".
func withoutLastPlace(words []string) []string {
	end := len(words)
	for end > 0 && strings.Trim(words[end-1], "|,") == "" {
		end--
	}
	for n := 1; n < 4 && end-n > 1; n++ {
		name, place := words[:end-n], strings.TrimRight(strings.Join(words[end-n:end], " "), ",")
		last := name[len(name)-1]
		if !in(places(), place) || isLowerWord(last) || !unicode.IsLetter(lastRune(last)) || strings.ContainsAny(strings.Join(name, " "), "|,") {
			continue
		}
		if two := name[len(name)-2:]; (opensGiven(two) || opensGiven(name)) && !(allGiven(two) && in(familyPlaces(), place)) || in(registry(), last).agency { // not "Ana María Toledo"
			return name
		}
	}
	return words
}

// isLabel reports a word that says of a date what happened then.
func isLabel(w string) bool {
	return slices.ContainsFunc(meaningsOf(strings.TrimRight(w, ":：")), func(m meaning) bool { return m.sense == sensePublished || m.sense == senseUpdated })
}

// run is the length of the date that opens words, 0 when none does.
func run(words []string, kinds []dateWord) int {
	n, proof := 0, false
	for n < len(words) && kinds[n] != other {
		proof = proof || proves(words[n:], kinds[:n], kinds[n:])
		n++
		if strings.HasSuffix(words[n-1], "|") {
			break
		}
	}
	for n > 0 && kinds[n-1] == when && allSmall(words[n-1]) && preposition(words[n-1]) {
		n--
	}
	if !proof || kinds[0] == mark && words[0] != "@" {
		return 0
	}
	return n
}

// proves reports a figure that opens words and is a date or time by what it is, or by
// what stands beside it: a month, a unit, a zone, "12 de mayo".
func proves(words []string, before, kinds []dateWord) bool {
	switch {
	case kinds[0] == moment:
		return true
	case kinds[0] != number:
		return false
	case len(before) > 0 && before[len(before)-1] == month:
		return true
	case len(kinds) < 2:
		return false
	}
	if kinds[1] == when && (isZone(words[1]) || len(kinds) > 2 && kinds[2] == month) {
		return true
	}
	return kinds[1] == month || in(units(), words[1])
}

// isZone reports GMT, ET, PM: words of a time of day in capitals.
func isZone(w string) bool { return len(w) < 6 && allUpper(w) && !allSmall(w) }

// preposition reports short words that belong to what follows.
func preposition(w string) bool {
	return isAt(w) || in(particles(), w) || in(ands(), w)
}

// aroundDate are marks beside the words of dates.
var aroundDate = setOf("()[]（）【】,.;|–—-•·:：，،؛۔।")

// kindOf tells what a word may be of a date.
func kindOf(w string) dateWord {
	bare := afterPrefix(strings.TrimFunc(w, aroundDate.has))
	if bare == "" || bare == "ـ" { // the dash of Arabic papers
		if w == ":" || w == "：" || strings.Trim(w, "|") == "" {
			return other
		}
		return mark
	}
	if r := firstRune(bare); isFigure(r) || (r == '+' || r == '-') && len(bare) > 1 {
		return timeFigure(bare)
	}
	switch {
	case isMonth(bare):
		return month
	case in(whens(), bare), tellsDate(bare):
		if vietnameseGiven()[strings.ToLower(bare)] && capitalised(bare) && (accented(bare) || !tellsDate(bare)) { // Hà is no "há", Nam no "năm"
			return other
		}
		return when
	}
	return other
}

// afterPrefix is the figure behind a Hebrew word of one letter that a hyphen
// ties to it: "ב-05.12.24".
func afterPrefix(w string) string {
	if len(w) < 4 || w[0] != 0xd7 { // the first byte of every Hebrew letter
		return w
	}
	for _, hyphen := range []string{"-", "־"} {
		if rest, ok := strings.CutPrefix(w[2:], hyphen); ok && rest != "" && isDigit(rest[0]) {
			return rest
		}
	}
	return w
}

// tellsDate reports a day of the week, or what else dates are written with, in
// letters that few names share.
func tellsDate(w string) bool {
	return slices.ContainsFunc(meaningsOf(w), func(m meaning) bool {
		switch m.sense {
		case senseWeekday, senseAM, sensePM, senseMinute, senseHour, sensePublished, senseUpdated, senseAgo:
			return utf8.RuneCountInString(w) > 2 && !m.capitals
		}
		return false
	})
}

var (
	momentPattern = pattern(`^(?:\d{4}(?:[-/.]|{year/zh})\d{1,2}(?:(?:[-/.]|{month/zh})\d{0,2}{date/zh}?)?.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?:\.|-\d{1,2}:\d{2})?|\d{1,2}[:.：]\d{2}(?:[:.]\d{2})?\s?[\p{L}.]*|\d{1,2}:\d{2}-\d{1,2}|\d{1,2}[/-]\p{L}[\p{L}\p{M}]{2,12}[/-]\d{4}|\d{1,2}\.\p{L}{3,9}\.\d{4}|\d{1,2}{month/zh}\d{1,2}{date/zh}?|\d{1,2}{hour/zh}\d{1,2}{minute/zh}?|\d{4}{year/zh}|\d{1,2}{hour/en}\d{2}|\d{1,3}{glued-span}{glued-ago}?|\d{1,2}/\d{1,2}\([^)]*\)?|(?:19|20)\d{2})$`)
	figurePattern = pattern(`^[+-]?\d{1,4}(?:{ordinal}|°|{glued-half}|{date/zh}|{date/ko}|{month/ko}|{year/ko}|{hour/ko}|{minute/ko})?$`)
)

// ofFigures is timeFigure of figures alone: a year, or what needs a word beside it.
func ofFigures(bare string) dateWord {
	switch {
	case len(bare) == 4 && (bare[:2] == "19" || bare[:2] == "20"):
		return moment
	case len(bare) <= 4:
		return number
	}
	return other
}

// timeFigure tells a figure that is a date or time from one that is not.
func timeFigure(bare string) dateWord {
	if r := firstRune(bare); r > unicode.MaxASCII { // ۱۲, ১২
		bare = foldDate(bare)
	}
	switch {
	case strings.Trim(bare, "0123456789") == "": // most
		return ofFigures(bare)
	case momentPattern.MatchString(bare):
		return moment
	case figurePattern.MatchString(bare):
		return number
	}
	return other
}
