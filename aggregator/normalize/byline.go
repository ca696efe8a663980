package normalize

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// A Line is a printed byline taken apart.
type Line struct {
	People []news.Person
	Credit string // the agency or outlet named beside the people
}

// Byline takes a printed line apart. role is what its people did where the
// line does not say.
func Byline(line string, role news.Role) Line {
	var out Line
	line = shouted(strings.ReplaceAll(tidy(line), "\u200b", ""))
	line, mail := withoutMail(line)
	if place, agency := dateline(line); place.Place != "" && agency != "" && !strings.ContainsAny(line, "记記") { // no person opens a dispatch
		return Line{Credit: agency}
	}
	if inner, ok := parenthesised(line); ok && outletOf(strings.TrimSpace(inner)).name != "" {
		return Line{Credit: strings.TrimSpace(inner)}
	}
	line = out.dispatch(line)
	for _, part := range segments(line) {
		part.read(&out, role)
	}
	out.settle()
	if mail != "" && len(out.People) == 1 {
		out.People[0].Email = mail
	}
	return out
}

// settle takes bodies out of the authors where a person is named, or another
// body beside an agency; an agency or outlet among them is the credit (rulings
// 4 and 5).
func (l *Line) settle() {
	authors, person := 0, false
	for _, p := range l.People {
		if p.Role == news.Author {
			authors++
			person = person || !p.Organization
		}
	}
	agencies := 0
	for _, p := range l.People {
		o := outletOf(p.Name)
		if p.Role != news.Author || !p.Organization || o.name == "" {
			continue
		}
		if l.Credit == "" && (o.agency || person) {
			l.Credit = p.Name
		}
		if o.agency {
			agencies++
		}
	}
	l.People = slices.DeleteFunc(l.People, func(p news.Person) bool {
		if p.Role != news.Author || !p.Organization {
			return false
		}
		return person || agencies < authors && outletOf(p.Name).agency
	})
}

// outletOf is the agency or outlet that a body belongs to, by its whole name or
// by the letters that open it ("BBC Urdu"); zero when we know none.
func outletOf(name string) outlet {
	if o := registry[fold(name)]; o.name != "" {
		return o
	}
	if word, _, ok := strings.Cut(name, " "); ok && len(word) > 2 && acronym(word) {
		return registry[fold(word)]
	}
	return outlet{}
}

var entity = regexp.MustCompile(`&[A-Z]{3,8};`)

// shouted reads entities that went to capitals with the name around them.
func shouted(line string) string {
	if !strings.Contains(line, "&") {
		return line
	}
	return entity.ReplaceAllStringFunc(line, func(s string) string { return strings.ToUpper(html.UnescapeString(strings.ToLower(s))) })
}

// withoutMail takes the address out of a line.
func withoutMail(line string) (rest, mail string) {
	if !strings.Contains(line, "@") {
		return line, ""
	}
	m := mailPattern.FindStringSubmatch(line)
	if m == nil {
		return line, ""
	}
	rest = strings.TrimSpace(strings.Replace(line, m[0], " ", 1))
	if inner, ok := parenthesised(rest); ok {
		rest = inner
	}
	return rest, m[1]
}

var (
	agencyReporter = regexp.MustCompile(`^[（(〔【「]?(\p{Han}{2,7}?)(?:特派|特约|特約|驻\p{Han}{2,4})?(?:记者|記者)(\s*)(.+?)[）)〕】」]?$`)
	hanDispatch    = regexp.MustCompile(`^[（(]?(\p{Han}{4,15})\d{1,2}月\d{1,2}日[电電]\s*(?:[（(](.+?)[）)])?`)
	hanReport      = regexp.MustCompile(`(?:\s*[／/]\s*|\s+)\p{Han}{2,8}(?:報導|报导|报道|報道|電|电)$`)
	hanWire        = regexp.MustCompile(`^(\p{Han}{2,3})\p{Han}{2,4}\d{1,2}日[电電]$`)
	columnBy       = regexp.MustCompile(`^(\p{Lu}[\p{L} ]{2,30}) By (\p{Lu}[\p{L}.' -]+.*)$`)
	koreanPlace    = regexp.MustCompile(`^[\[【(（]?\p{Hangul}{2,6}=(?:([\p{L}\d ]+)[\]】)）]\s*)?`)
)

// dispatch takes what East Asian lines say of agency and place from around the
// names: "中央社記者王小明台北24日電", "記者王小明／台北報導", "[서울=뉴시스] 김철수 기자".
func (l *Line) dispatch(line string) string {
	if strings.Contains(line, " By ") {
		if m := columnBy.FindStringSubmatch(line); m != nil && !worded(m[1]) {
			return m[2]
		}
	}
	if !strings.ContainsFunc(line, func(r rune) bool { return r > 0x1100 }) {
		return line
	}
	if m := hanDispatch.FindStringSubmatch(line); m != nil {
		l.Credit, line = agencyIn(m[1]), m[2]
	}
	if m := agencyReporter.FindStringSubmatch(line); m != nil && (registry[fold(m[1])].name != "" || m[2] != "" && !worded(m[1])) {
		line = "记者 " + m[3]
		if _, role, _ := cutRole(line); role != news.Photographer && registry[fold(m[1])].name != "" { // ruling 7
			l.Credit = m[1]
		}
	}
	if inner, ok := parenthesised(line); ok {
		line = inner
	}
	if loc := hanReport.FindStringIndex(line); loc != nil {
		line = line[:loc[0]]
	}
	if rest, role, _ := cutRole(line); role == news.Author {
		if m := hanWire.FindStringSubmatch(rest); m != nil {
			return m[1]
		}
	}
	if m := koreanPlace.FindStringSubmatch(line); m != nil {
		if l.Credit == "" && registry[fold(m[1])].name != "" {
			l.Credit = m[1]
		}
		line = line[len(m[0]):]
	}
	return line
}

var (
	mailPattern  = regexp.MustCompile(`<?\(?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)\)?>?`)
	urlPattern   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+`)
	handle       = regexp.MustCompile(`(?:^|\s|\()@\w+\)?`)
	parenthesis  = regexp.MustCompile(`\s*[(（\[【]([^()（）\[\]【】]{1,80})[)）\]】]\s*`)
	clockPattern = regexp.MustCompile(`\b\d{1,2}:\d{2}\b.*$`)
	dashCredit   = regexp.MustCompile(`^(.*\S)\s+[-—–]+\s+(\S.*)$`)
	forOutlet    = regexp.MustCompile(`(?i)^(.*[^\s,]),?\s+(for|via|of)\s+(?:the\s+)?(\S.*)$`)
	inPlace      = regexp.MustCompile(`^(.*?\S)\s+(?:in|à|em|aus|från|at)\s+(\p{Lu}[\p{L}.' -]+(?:,\s\p{Lu}[\p{L}. ]+)?)$`)
	enPlace      = regexp.MustCompile(`^(.*?\S)\s+en\s+(\p{Lu}[\p{L}.'-]+)$`)
	whenDated    = regexp.MustCompile(`(?i)[\s,|–—-]*\b(?:\d{1,2}\.?\s+(?:de\s+)?)?(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?,?\s+\d{1,4}\b.*$`)
	figures      = regexp.MustCompile(`[\s,|–—-]*\b\d{4}\s?[-/年.]\s?\d{1,2}.*$`)
	posted       = regexp.MustCompile(`(?i)[\s,|–—-]*\b(?:published|updated|posted|last modified|last updated|\d+ (?:min|minutes|hours|days) ago)\b.*$`)
	spoken       = regexp.MustCompile(`电\s?[（(]\s?(?:本报|本网)?(?:记者|通讯员)\s?([^（()）]{2,40})[)）]`)
	timed        = regexp.MustCompile(`(?:pdated|ublished|osted|odified) | ago`)
	glued        = regexp.MustCompile(`(\p{Ll})(?:Updated|Published|Posted)\b.*$`)
	startsDigit  = regexp.MustCompile(`^\d`)
)

// agencyIn is the agency that opens a text of Han characters.
func agencyIn(text string) string {
	runes := []rune(text)
	for n := min(len(runes), 8); n >= 2; n-- {
		if name := string(runes[:n]); registry[fold(name)].name != "" {
			return name
		}
	}
	return ""
}

// worded reports a text that is a role word itself.
func worded(s string) bool {
	_, role, _ := cutRole(s + "：甲")
	return role != ""
}

// read adds the people of one segment.
func (seg segment) read(out *Line, fallback news.Role) {
	role := seg.role
	if role == "" {
		role = fallback
	}
	text := namesOnly(seg.text)
	text = trimEnds(seg.outletsOut(text, out, role))
	if role == "source" {
		if name := Outlet(text); name != "" {
			out.Credit = name
		}
		return
	}
	if role == "helper" {
		role = news.Contributor
	}
	for _, name := range names(text) {
		for _, r := range roles(role) {
			seg.person(out, name, r)
		}
	}
}

// namesOnly takes addresses, handles, times and dates out of a line. Most
// lines hold none, which is cheap to see.
func namesOnly(text string) string {
	if strings.Contains(text, "/") || strings.Contains(text, "www.") {
		text = urlPattern.ReplaceAllString(text, "")
	}
	if strings.Contains(text, "@") {
		text = handle.ReplaceAllString(text, "")
	}
	if strings.ContainsAny(text, "0123456789") {
		text = clockPattern.ReplaceAllString(text, "")
		text = figures.ReplaceAllString(whenDated.ReplaceAllString(text, ""), "")
	}
	if timed.MatchString(text) {
		text = posted.ReplaceAllString(glued.ReplaceAllString(text, "$1"), "")
	}
	if strings.Contains(text, " of ") || strings.Contains(text, " with ") {
		text = partOf.ReplaceAllString(text, "")
	}
	return text
}

// partOf is what some outlets say of a partner's copy.
var partOf = regexp.MustCompile(`(?i),? (?:part of|a member of|in partnership with) (?:the )?.*$`)

// trimEnds takes marks from around a text, but not the full stop of an initial
// or a suffix.
func trimEnds(text string) string {
	text = strings.TrimLeft(text, " ,;:|-/–—。，、.")
	short := strings.TrimRight(text, " ,;:|-/–—。，、.")
	if strings.HasPrefix(text[len(short):], ".") && endsShort(short) {
		return short + "."
	}
	return short
}

// endsShort reports an initial or a suffix at the end, whose full stop belongs
// to it.
func endsShort(name string) bool {
	words := strings.Fields(name)
	if len(words) < 2 {
		return false
	}
	last := words[len(words)-1]
	return utf8.RuneCountInString(last) == 1 || last == "Sr" || last == "Jr" || strings.Contains(last, ".")
}

// outletsOut takes agencies in parentheses, behind a slash or after "for" out
// of a segment, to be the credit.
func (seg segment) outletsOut(text string, out *Line, role news.Role) string {
	for _, m := range parentheses(text) {
		if role == news.Author || role == "source" || role == news.Photographer {
			if o := registry[fold(m[1])]; o.name != "" {
				seg.body(out, m[1], role)
			}
		}
		text = strings.Replace(text, m[0], " ", 1)
	}
	if m := forOutlet.FindStringSubmatch(text); m != nil && (isBody(m[3]) || m[2] == "for" && isTitled(m[3]) && len(strings.Fields(m[1])) > 1 && !isBody(m[1])) {
		seg.body(out, m[3], role)
		text = m[1]
	}
	if m := dashCredit.FindStringSubmatch(text); m != nil && registry[fold(m[2])].name != "" {
		seg.body(out, m[2], role)
		text = m[1]
	}
	if m := inPlace.FindStringSubmatch(text); m != nil && !strings.ContainsAny(m[1], ",") && len(conjunctions.Split(m[2], -1)) == 1 && len(conjunctions.Split(m[1], -1)) == 1 {
		text = m[1]
	}
	return strings.TrimSpace(text)
}

// parentheses are the short texts in brackets.
func parentheses(text string) [][]string {
	if !strings.ContainsAny(text, "([（【") {
		return nil
	}
	return parenthesis.FindAllStringSubmatch(text, -1)
}

// isTitled reports words that all begin with a capital, as a title's do.
func isTitled(s string) bool {
	for _, w := range strings.Fields(s) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) && !particles[w] && !connects[w] {
			return false
		}
	}
	return s != ""
}

// body files an outlet named beside people: the credit of copy, never that of
// a picture (ruling 7).
func (seg segment) body(out *Line, name string, role news.Role) {
	if role != news.Photographer && out.Credit == "" {
		out.Credit = tidy(name)
	}
}

// prepositions stand before an outlet behind a name: "Ana Souza, da Reuters".
var prepositions = map[string]bool{"da": true, "do": true, "de": true, "del": true, "della": true, "von": true, "vom": true, "from": true, "of": true, "via": true, "von der": true, "la": true, "avec": true, "with": true, "per": true, "für": true, "pour": true, "para": true, "z": true, "från": true, "fra": true}

// person adds a name, told from bodies and noise.
func (seg segment) person(out *Line, n name, role news.Role) {
	text := n.text
	if m := inPlace.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	text = strings.Trim(text, " 　()（）[]【】")
	if !n.turned {
		text = trimTitles(text)
	}
	if word, rest, ok := strings.Cut(text, " "); ok && prepositions[strings.ToLower(word)] && registry[fold(rest)].name != "" {
		text = rest
	}
	if left, right, ok := strings.Cut(text, " - "); ok && hasJob(strings.Fields(right)) {
		text = left
	}
	if word, rest, ok := strings.Cut(text, " "); ok && registry[fold(word)].name != "" && hasJob(strings.Fields(rest)) { // "AP Sports Writer"
		seg.body(out, word, role)
		return
	}
	text = seg.outletBehind(text, out, role)
	bare := withoutJob(text)
	folded := fold(bare)
	switch {
	case bare == "" || noise[folded] || articles[folded] || !strings.ContainsFunc(bare, unicode.IsLetter) || startsDigit.MatchString(bare) || utf8.RuneCountInString(bare) > 80:
		return
	case isJob(fold(text)) || isJob(folded):
		return
	case isBody(bare) || (role == news.Author || role == news.Photographer) && acronym(bare):
		seg.organization(out, bare, role)
		return
	case bare == text && isBody(text):
		seg.organization(out, text, role)
		return
	case len(strings.Fields(bare)) > 6 || len(strings.Fields(bare)) > 2 && isSentence(bare):
		return
	}
	p := news.Person{Name: NameCase(bare), Role: role}
	for _, have := range out.People {
		if fold(have.Name) == fold(p.Name) && have.Role == role {
			return
		}
	}
	out.People = append(out.People, p)
}

// outletBehind takes an outlet that we know from behind a name: "Bradford Betz
// Fox News".
func (seg segment) outletBehind(text string, out *Line, role news.Role) string {
	words := strings.Fields(text)
	for n := 2; n < len(words); n++ {
		if tail := strings.Join(words[n:], " "); registry[fold(tail)].name != "" && registry[fold(text)].name == "" && !isBody(strings.Join(words[:n], " ")) {
			seg.body(out, tail, role)
			return strings.Join(words[:n], " ")
		}
	}
	return text
}

// isSentence reports words of a script with capitals that have none.
func isSentence(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLower) && !strings.ContainsFunc(s, unicode.IsUpper)
}

// articles are what is left of a name that was cut at a comma: "figaro.fr, Le".
var articles = map[string]bool{"le": true, "la": true, "les": true, "the": true, "el": true, "der": true, "die": true, "das": true, "il": true, "de": true, "und": true, "and": true}

// acronym reports the letters of a body: one short word in capitals.
func acronym(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 5 || strings.ContainsAny(s, " .") {
		return false
	}
	for _, r := range s {
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

// organization adds a body; settle decides what becomes of it.
func (seg segment) organization(out *Line, name string, role news.Role) {
	if !slices.ContainsFunc(out.People, func(p news.Person) bool { return p.Role == role && fold(p.Name) == fold(name) }) {
		out.People = append(out.People, news.Person{Name: name, Role: role, Organization: true})
	}
}
