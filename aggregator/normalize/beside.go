package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// jobRules part a name from a job, a desk or a paper before or behind it. The first
// that sees one is it.
func jobRules(yield func(nameRule) bool) {
	each(yield, []nameRule{
		{"desks before a Korean name", "디지털뉴스부 이슈팀 김철수", (*candidate).desksKorean},
		{"a desk or a paper before a Korean name", "매일경제 김철수", (*candidate).deskKorean},
		{"a paper before a job", "Seattle Times business reporter Ann Lee", (*candidate).paperJob},
		{"a job that an agency is written on to", "dpa-Korrespondent Karl Ritter", (*candidate).hyphenedJob},
		{"a job at a paper before a name", "Корреспондент РИА Новости Ольга Денисова", (*candidate).employee},
		{"a paper before a name", "Ouest-France Yann LE BRIS", (*candidate).papered},
		{"a job alone", "Special Correspondent", (*candidate).jobOnly},
		{"a job before a name", "Staff Writer Ann Lee", (*candidate).jobBefore},
		{"whose reporter it is", "CNN's Jane Ann Doe", (*candidate).possessed},
		{"an outlet between a name and a job", "Ann Lee Guardian correspondent", (*candidate).paperBetween},
		{"a job behind a name", "Ann Lee Staff Writer", (*candidate).jobBehind},
	})
}

// besideJob asks the first of jobRules that knows.
func (c *candidate) besideJob() outcome {
	for r := range jobRules {
		if r.read(c) != pass {
			c.out.tell(r.name)
			return took
		}
	}
	return pass
}

func (c *candidate) desksKorean() outcome {
	i := strings.LastIndexByte(c.text, ' ')
	if i < 1 || !koreanFull(c.text[i+1:]) || !strings.Contains(c.text[:i], " ") || !areDesks(c.text[:i]) {
		return pass
	}
	c.text, c.affiliation = c.text[i+1:], c.text[:i]
	return took
}

func (c *candidate) deskKorean() outcome {
	paper, rest, ok := strings.Cut(c.text, " ")
	switch {
	case !ok || !hangulName(rest):
		return pass
	case koreanDesks()[paper], isBeatWord(paper) && koreanFull(rest), deskLikeKorean(paper, rest):
		c.text, c.affiliation = rest, paper
		return took
	case !isOutlet(paper):
		return pass
	}
	c.segment.body(c.out, paper)
	return c.becomes(rest)
}

// deskLikeKorean reports a word that can be no name before one: "뉴스룸 백승호".
func deskLikeKorean(word, name string) bool {
	if strings.ContainsFunc(word, notHangul) || utf8.RuneCountInString(word) < 4 || isOutlet(word) {
		return false
	}
	return hasEnd(word, deskEnds()) || koreanFull(name) && !foreignEnds()[lastRune(word)]
}

// paperJob credits a paper of up to three words whose job follows: a job at an
// agency is that agency's, "AP Sports Writer".
func (c *candidate) paperJob() outcome {
	words := behindArticle(strings.Fields(c.text))
	for n := min(3, len(words)-1); n > 0; n-- {
		paper := strings.Join(words[:n], " ")
		if isLowerWord(words[0]) || in(registry(), paper).name == "" || !hasJob(words[n:]) || in(registry(), c.text).name != "" {
			continue
		}
		if o := in(registry(), paper); !c.out.names(c.segment.role) && in(bodyWords(), lastWord(c.text)) { // "Tribune reporters" are a body
			if o.agency {
				c.segment.body(c.out, paper)
			}
			return pass
		}
		c.segment.body(c.out, paper)
		name, job := withoutLeadingJob(strings.Join(words[n:], " "))
		if c.text = ""; job != "" {
			c.text, c.affiliation = name, job
		}
		return took
	}
	return pass
}

// behindArticle leaves out the article before an outlet and a job: "az MTI tudósítója".
func behindArticle(words []string) []string {
	if len(words) > 2 && isLowerWord(words[0]) && in(articles(), words[0]) {
		return words[1:]
	}
	return words
}

// hyphenedJob credits the agency of a job before a name.
func (c *candidate) hyphenedJob() outcome {
	job, name, ok := strings.Cut(c.text, " ")
	paper := employerOf(job)
	if !ok || paper == "" || !strings.Contains(name, " ") || !isTitled(name) || isBody(name) {
		return pass
	}
	c.segment.body(c.out, paper)
	c.text, c.affiliation = name, job
	return took
}

// employerOf is the agency, or the letters of an outlet, that a job is written on to
// with a hyphen: "AFP-Korrespondentin"; empty where none is.
func employerOf(job string) string {
	i := strings.LastIndexByte(job, '-')
	if i < 0 || !isJobWord(job[i+1:]) {
		return ""
	}
	paper := job[:i]
	o := in(registry(), paper)
	if o.agency || o.name != "" && acronym(paper) && len(paper) > 2 && !isBeatWord(paper) {
		return paper
	}
	return ""
}

func (c *candidate) employee() outcome {
	name, employer, job := employed(c.text)
	if name == "" {
		return pass
	}
	if bare := unquoted(employer); isOutlet(employer) && !isInstitution(employer) || bare != employer {
		c.segment.body(c.out, cmp.Or(nominative(bare), bare))
	}
	c.text, c.affiliation = name, job
	return took
}

func (c *candidate) papered() outcome {
	paper, name := papered(c.text)
	switch {
	case name == "":
		return pass
	case isInstitution(paper):
		c.affiliation = paper
	default:
		c.segment.body(c.out, paper)
	}
	return c.becomes(name)
}

func (c *candidate) jobOnly() outcome {
	if !isJob(c.text) {
		return pass
	}
	return took
}

func (c *candidate) jobBefore() outcome {
	name, job := withoutLeadingJob(c.text)
	if paper, rest, _ := strings.Cut(c.text, " "); job == "" && in(papers(), paper) { // "Times staff writer Ann Lee": our own
		name, job = withoutLeadingJob(rest)
	}
	if job == "" {
		return pass
	}
	if word, rest, ok := strings.Cut(name, " "); ok && outletOf(word).name != "" { // "مراسل الجزيرة محمد أحمد"
		c.segment.body(c.out, word)
		name = rest
	}
	c.text, c.affiliation = name, job
	return took
}

func (c *candidate) possessed() outcome {
	words := strings.Fields(c.text)
	for n, word := range words[:max(0, min(mostPossessing, len(words)-2))] {
		owner := withoutPossessive(word)
		if owner == word {
			continue
		}
		paper := strings.TrimSuffix(strings.Join(words[:n+1], " "), word) + owner
		if in(registry(), paper).name == "" || n > 0 && slices.ContainsFunc(words[n+1:], isSmall) { // "Al Jazeera’s Jane Doe reports from Lisbon"
			return pass
		}
		c.segment.body(c.out, paper)
		return c.becomes(strings.Join(words[n+1:], " "))
	}
	return pass
}

// mostPossessing is how many words the name of an outlet has whose reporter it is: "The
// New York Times' Jane Doe".
const mostPossessing = 4

func (c *candidate) jobBehind() outcome {
	name, job := withoutJob(c.text)
	if job == "" || isBody(name) {
		return pass
	}
	if paper := outletAtStart(job); paper != "" { // "Associated Press Writers"
		c.segment.body(c.out, paper)
	}
	c.text, c.affiliation = name, job
	return took
}

// paperAt is where an outlet of several words stands between two names and a job; 0
// where none does.
func paperAt(words []string) (start, end int) {
	for n := 2; n < min(len(words)-2, 4); n++ {
		for end := min(len(words)-1, n+4); end > n+1; end-- {
			if in(registry(), strings.Join(words[n:end], " ")).name != "" && hasJob(words[end:]) && isTitled(strings.Join(words[:n], " ")) && !hasJob(words[:n]) {
				return n, end
			}
		}
	}
	return 0, 0
}

// paperBetween credits an outlet that stands behind a given name and a family name,
// whose job follows.
func (c *candidate) paperBetween() outcome {
	if n, end := paperAt(strings.Fields(c.text)); n > 0 {
		words := strings.Fields(c.text)
		c.segment.body(c.out, strings.Join(words[n:end], " "))
		c.text, c.affiliation = strings.Join(words[:n], " "), strings.Join(words[end:], " ")
		return took
	}
	name, job := withoutJob(c.text)
	words := strings.Fields(name)
	n := len(words) - 1
	if job == "" || n < 2 || isBody(strings.Join(words[:n], " ")) || in(particles(), words[n-1]) || isInitial(words[n-1]) {
		return pass
	}
	if !in(papers(), words[n]) && (in(registry(), words[n]).name == "" || in(givenNames(), words[n-1])) { // "Mary Ann Stern reporter"
		return pass
	}
	c.segment.body(c.out, words[n])
	c.text, c.affiliation = strings.Join(words[:n], " "), job
	return took
}

// employed parts a name from a job before it and the paper or place that the job
// is at: "Корреспондент РИА Новости Ольга Денисова", "korespondentka w Brukseli
// Beata Kos". name is empty where a text is none of this.
func employed(text string) (name, employer, job string) {
	words := strings.Fields(text)
	n := 0
	for n < len(words) && (isJobWord(words[n]) || isBeatWord(words[n])) {
		n++
	}
	if n == 0 || len(words)-n < 3 || !hasJob(words[:n]) {
		return "", "", ""
	}
	for i := n + 1; i < len(words)-1; i++ {
		if employer = strings.Join(words[n:i], " "); i == len(words)-2 && in(registry(), employer).name != "" && twoNames(words[i:]) {
			return strings.Join(words[i:], " "), employer, strings.Join(words[:i], " ")
		}
		if rest := words[i:]; len(rest) < 4 && in(givenNames(), rest[0]) && isTitled(strings.Join(rest, " ")) {
			if employer = strings.Join(words[n:i], " "); employs(employer) || i == n+1 && employsAlone(employer) {
				return strings.Join(rest, " "), employer, strings.Join(words[:i], " ")
			}
			break
		}
	}
	return "", "", ""
}

// twoNames reports two words with capitals, neither of which means a body or a job.
func twoNames(words []string) bool {
	return opensName(words) && in(registry(), words[0]).name == "" && !isBody(strings.Join(words, " "))
}

// employsAlone reports one word between a job and a name that is no family name:
// "Журналістка Суспільного Анна Лис".
func employsAlone(word string) bool {
	inflected := !ascii(word) && !accented(word) && !hasEnd(lowered(word), familyEnds())
	return strings.Contains(word, "-") || topical(word) || inflected
}

// papered parts an agency, a paper of several words or a body's letters from the
// name behind it: "Ouest-France Yann LE BRIS", "НИУ ВШЭ Лев Гринёв".
func papered(text string) (paper, name string) {
	words := strings.Fields(text)
	for n := 1; n < min(len(words)-1, 4); n++ {
		if rest := words[n:]; len(rest) > 3 || !in(givenNames(), rest[0]) && !familyShouted(rest) || !isTitled(strings.Join(rest, " ")) {
			continue
		}
		paper = strings.Join(words[:n], " ")
		letters := !slices.ContainsFunc(words[:n], func(w string) bool { return !acronym(w) })
		if o := in(registry(), paper); o.name != "" && (o.agency || n > 1 || letters || strings.Contains(paper, "-")) || letters && isInstitution(paper) {
			return paper, strings.Join(words[n:], " ")
		}
	}
	return "", ""
}

// familyShouted reports a name whose family name alone is in capitals: "Maëlenn LE
// BIHAN".
func familyShouted(words []string) bool {
	last := words[len(words)-1]
	return len(words) > 1 && unicode.IsUpper(firstRune(words[0])) && !shouts(words[0]) && shouts(last) && utf8.RuneCountInString(last) > 3 && in(registry(), last).name == "" && !in(places(), last)
}

// employs reports what may stand between a job and a name.
func employs(s string) bool {
	word := firstWord(s)
	return isBody(s) || unquoted(s) != s || acronym(word) || placeFirst(s) || allSmall(s) || outletOf(s).name != ""
}

// outletAtStart is the outlet that a job begins with.
func outletAtStart(job string) string {
	words := strings.Fields(job)
	for n := min(len(words)-1, 4); n > 0; n-- {
		if paper := strings.Join(words[:n], " "); in(registry(), paper).name != "" && !isLowerWord(words[0]) && (!isBeatWord(words[0]) || acronym(words[0])) {
			return paper
		}
	}
	return ""
}

func notHangul(r rune) bool { return !isHangul(r) }

// hangulName reports a Korean name.
func hangulName(s string) bool {
	n := utf8.RuneCountInString(s)
	return n > 1 && n < 5 && !strings.ContainsFunc(s, notHangul)
}

// outletBehind takes an outlet that we know from behind a name.
func (c *candidate) outletBehind() outcome {
	words := strings.Fields(c.text)
	if len(words) < 2 || outletOf(c.text).name != "" {
		return pass
	}
	split := func(name, outlet []string) outcome {
		c.segment.body(c.out, strings.Join(outlet, " "))
		return c.becomes(strings.Join(name, " "))
	}
	if n := paperBehind(words); n > 0 {
		return split(words[:n], words[n:])
	}
	if len(words) == 2 && !in(places(), words[0]) {
		return pass
	}
	for n := min(2, len(words)-1); n < len(words); n++ {
		if in(outletAts(), words[n]) && n+1 < len(words) && in(registry(), strings.Join(words[n+1:], " ")).name != "" { // "Do UOL"
			return split(words[:n], words[n+1:])
		}
		if tail := strings.Join(words[n:], " "); in(registry(), tail).name != "" && tellsOutlet(words[n-1], tail) && !isBody(strings.Join(words[:n], " ")) {
			told := split(words[:n], words[n:])
			c.text = trimEnds(c.text)
			return told
		}
	}
	return pass
}

// tellsOutlet reports a name behind another that is an outlet's rather than a
// family's: "Michael R. Bloomberg" and "Mary Ann Stern" are people.
func tellsOutlet(before, tail string) bool {
	inner := unicode.IsLower(firstRune(tail)) && !allSmall(tail) // "eHow"
	if strings.ContainsAny(tail, " .") || allUpper(tail) || inner || in(places(), before) {
		return true
	}
	return in(registry(), tail).agency && !isInitial(before)
}

// outlets takes an outlet after "for", "via" or a dash off a segment, to be
// the credit.
func (seg segment) outlets(text string, out *Line) string {
	text = trimEnds(text)
	if !ascii(text) || slices.ContainsFunc(asciiTails(), func(tail string) bool { return endsIn(text, tail) }) {
		text = withoutTails(text)
		text = looseDash(text)
	}
	words := strings.Fields(text)
	for i := len(words) - 2; i > max(0, len(words)-longestOutlet); i-- {
		body, ok := namedAt(words[i:])
		if !ok || outletOf(text).name != "" || i == 1 && isInstitution(words[0]) {
			continue
		}
		if n := behindPeople(words, i); n < i { // ruling 7
			i = n
		} else if !in(noise(), body) && !in(unnamed(), body) {
			seg.body(out, body)
		}
		text = trimEnds(strings.Join(words[:i], " "))
		break
	}
	i := strings.LastIndex(text, " - ")
	if i < 1 || outletOf(text).name != "" {
		return text
	}
	left, right := text[:i], strings.TrimSpace(text[i+3:])
	for r := range dashRules {
		if rest, ok := r.read(seg, out, left, right); ok {
			out.tell(r.name)
			return rest
		}
	}
	return text
}

// behindPeople is where those end whom the staff that took pictures stands with, of the
// outlet that words[i] opens: "Ann Lee and the photo staff of the Tribune".
func behindPeople(words []string, i int) int {
	if i < 3 || !slices.Contains(staff(), words[i-1]) || !in(pictures(), words[i-2]) {
		return i
	}
	n := i - 2
	for n > 1 && (in(articles(), words[n-1]) || isAnd(words[n-1])) {
		n--
	}
	return n
}

// A dashRule reads the two sides of a dash, and says what is left of them.
type dashRule = rule[func(seg segment, out *Line, left, right string) (rest string, ok bool)]

// dashRules tell what stands behind a dash, or before it.
func dashRules(yield func(dashRule) bool) {
	each(yield, []dashRule{
		{"what names nobody, a dash and a name", "وكالات - أمينة الراجي", nobodyDash},
		{"an outlet, a dash and a name", "هسبريس - أمينة الراجي", outletDash},
		{"a desk, a dash and a name", "گروه اقتصادی - شهاب نیکنام", deskDash},
		{"a dash and what names nobody", "الجزيرة نت - خاص", dashNobody},
		{"an outlet, a dash and a place", "تلفزيون سوريا - إسطنبول", outletDashPlace},
		{"a body before a dash", "Reuters Staff - Lisbon", bodyDash},
		{"letters of a body, a dash and its desk", "SFPD - Press Office", lettersDash},
		{"a dash and whose picture it is", "Anna Rossi - Foto Ansa", dashPicture},
		{"a dash and a job or an institution", "Ann Lee - Staff Writer", dashJob},
		{"a dash and an outlet", "Ann Lee - Reuters", dashOutlet},
		{"a dash between names", "Ann Lee - Bob Roy", dashName},
		{"a dash and a place", "Ann Lee - Lisbon", dashPlace},
		{"a place, a dash and a name", "Lisbon - Ann Lee", placeDash},
	})
}

func nobodyDash(_ segment, _ *Line, left, right string) (string, bool) {
	return right, uncased(left) && in(unnamed(), left) && strings.Contains(right, " ")
}

func outletDash(seg segment, out *Line, left, right string) (string, bool) {
	if outletOf(left).name == "" || !strings.Contains(right, " ") || !isTitled(right) || isBody(right) || isJob(right) {
		return "", false
	}
	seg.body(out, left)
	return right, true
}

func deskDash(_ segment, _ *Line, left, right string) (string, bool) {
	word, _, _ := strings.Cut(left, " ")
	desk := isDesk(left) || isBody(left) && (in(deskWords(), word) || in(deskWords(), lastWord(left)))
	return right, desk && strings.Contains(right, " ") && isTitled(right) && !isBody(right) && !isJob(right) && !in(places(), right)
}

func dashNobody(_ segment, _ *Line, left, right string) (string, bool) {
	return left, (!ascii(left) || !ascii(right)) && (in(unnamed(), right) || in(noise(), right))
}

func outletDashPlace(_ segment, _ *Line, left, right string) (string, bool) {
	return left, isBody(left) && in(places(), right) && uncased(left)
}

func bodyDash(_ segment, _ *Line, left, right string) (string, bool) {
	return left + " - " + right, isBody(left)
}

// lettersDash keeps together what is one body: letters that we do not know, and a desk
// that is no outlet.
func lettersDash(_ segment, _ *Line, left, right string) (string, bool) {
	return left + " - " + right, acronym(left) && len(left) > 2 && isBody(right) && outletOf(right).name == ""
}

func dashPicture(_ segment, out *Line, left, right string) (string, bool) {
	agency, w, ok := opened(right, lowered(right))
	if !ok || w.role != news.Photographer || !agenciesOnly(agency) {
		return "", false
	}
	segment{role: news.Photographer}.organization(out, agency)
	return left, true
}

// dashJob writes a comma for the dash: what stands behind it belongs to the name
// (ruling 5).
func dashJob(_ segment, _ *Line, left, right string) (string, bool) {
	job := isJob(right) || strings.Contains(left, " ") && describes(right) || isJobWord(lastWord(right))
	return left + ", " + right, job || isInstitution(right) && !isOutlet(right)
}

func dashOutlet(seg segment, out *Line, left, right string) (string, bool) {
	if !isBody(right) {
		return "", false
	}
	seg.body(out, right)
	return left, true
}

func dashName(_ segment, _ *Line, left, right string) (string, bool) {
	return dashedNames(left) + "; " + right, strings.Contains(left, " ") && strings.Contains(right, " ")
}

func dashPlace(_ segment, _ *Line, left, _ string) (string, bool) {
	return left, strings.Contains(left, " ")
}

func placeDash(_ segment, _ *Line, left, right string) (string, bool) {
	return right, strings.Contains(right, " ") && (in(places(), left) || allUpper(left) && allSmall(left))
}

// looseDash gives a dash between two words of a script without capitals the blank
// that it lacks on one side: "سمر نصر- القاهرة".
func looseDash(text string) string {
	for i := 1; i+1 < len(text); i++ {
		if text[i] != '-' || (text[i-1] == ' ') == (text[i+1] == ' ') || !uncased(text[i+1:]) && !uncased(strings.TrimLeft(text[i+1:], " ")) {
			continue
		}
		return strings.TrimRight(text[:i], " ") + " - " + strings.TrimLeft(text[i+1:], " ")
	}
	return text
}

// dashedNames parts names that dashes part, "Gia Minh - Bảo Trân", where each has
// two words and more.
func dashedNames(text string) string {
	for part := range strings.SplitSeq(text, " - ") {
		if len(strings.Fields(part)) < 2 || isBody(part) || hasJob(strings.Fields(part)) {
			return text
		}
	}
	return strings.ReplaceAll(text, " - ", "; ")
}

// longestOutlet is more words than an outlet's name has behind its preposition.
const longestOutlet = 14

// withoutTails takes from behind names what says that there are more, or for whom.
func withoutTails(text string) string {
	for {
		i := slices.IndexFunc(tails(), func(tail string) bool { return endsIn(text, tail) })
		if i < 0 {
			return text
		}
		short := strings.TrimRight(text, ".")
		text = strings.TrimRight(short[:len(short)-len(strings.TrimRight(tails()[i], "."))], " ,")
	}
}

// endsIn reports the words of a tail behind others, with its full stop or without, in
// capitals too, unless those are the initials of somebody: "Quist, E. A."
func endsIn(text, tail string) bool {
	text, tail = strings.TrimRight(text, "."), strings.TrimRight(tail, ".")
	i := len(text) - len(tail)
	return i > 1 && text[i-1] == ' ' && strings.EqualFold(text[i:], tail) && (text[i:] == tail || !initialsOnly.MatchString(text[i:]))
}

// namedAt is the outlet that words name after a preposition.
func namedAt(words []string) (string, bool) {
	word := fold(words[0])
	if !outletAts()[word] || !allSmall(words[0]) && !slices.Contains(fors(), word) {
		return "", false
	}
	rest := words[1:]
	for len(rest) > 1 && isLowerWord(rest[0]) && articles()[fold(rest[0])] {
		rest = rest[1:]
	}
	body := strings.Join(rest, " ")
	if paper, place, ok := strings.Cut(body, " - "); ok && isOutlet(paper) && isTitled(place) && !isBody(place) { // "da Agência Brasil - Brasília"
		body = paper
	}
	if owner, _, ok := strings.Cut(body, "/"); ok && particles()[word] && !isOutlet(owner) { // "Ana da Silva/AFP/Getty Images"
		return "", false
	}
	if !isOutlet(body) && len(rest) < 3 && !ascii(body) {
		if name := nominative(unquoted(body)); name != "" { // "для Укрінформу"
			body = name
		}
	}
	switch {
	case in(unnamed(), body), isOutlet(body), in(noise(), body) && !(particles()[word] && capitalised(body)): // not "Juan de Dios"
		return body, !strings.Contains(body, ",")
	case slices.Contains(fors(), word):
		return body, isTitled(body) && !strings.Contains(body, ",")
	}
	return "", false
}

// reporterOf takes the outlet from before its reporter: 采写：新京报记者 温雅.
func (seg segment) reporterOf(text string, out *Line) string {
	if seg.role == source || !reporterSigns().in(text) {
		return text
	}
	m := agencyReporter.FindStringSubmatch(text)
	if m == nil || !isOutlet(m[1]) || opensOwn(m[1]) {
		return text
	}
	seg.body(out, m[1])
	return m[3]
}
