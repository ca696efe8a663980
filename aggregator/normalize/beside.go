package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// besideJob parts a name from a job before or behind it. A job at an agency is
// that agency's: "AP Sports Writer".
func (seg segment) besideJob(out *Line, text, affiliation string) (string, string) {
	if i := strings.LastIndexByte(text, ' '); i > 0 && koreanFull(text[i+1:]) && strings.Contains(text[:i], " ") && areDesks(text[:i]) { // "디지털뉴스부 이슈팀 김철수"
		return text[i+1:], text[:i]
	}
	if paper, rest, ok := strings.Cut(text, " "); ok && hangulName(rest) {
		if koreanDesks()[paper] || isBeatWord(paper) && koreanFull(rest) || strings.IndexFunc(paper, notHangul) < 0 && utf8.RuneCountInString(paper) > 3 && !isOutlet(paper) && (hasEnd(paper, deskEnds()) || koreanFull(rest) && !foreignEnds()[lastRune(paper)]) { // "뉴스룸 백승호"
			return rest, paper
		}
		if isOutlet(paper) { // "매일경제 김철수"
			seg.body(out, paper)
			return rest, affiliation
		}
	}
	for words, n := strings.Fields(text), 3; n > 0; n-- { // "Seattle Times business reporter"
		if len(words) <= n || isLowerWord(words[0]) || in(registry(), text).name != "" || in(registry(), strings.Join(words[:n], " ")).name == "" || !hasJob(words[n:]) {
			continue
		}
		seg.body(out, strings.Join(words[:n], " "))
		bare, job := withoutLeadingJob(strings.Join(words[n:], " "))
		if job == "" {
			return "", affiliation
		}
		return bare, job
	}
	if name, employer, job := employed(text); name != "" {
		if isOutlet(employer) && !isInstitution(employer) || unquoted(employer) != employer {
			seg.body(out, cmp.Or(nominative(unquoted(employer)), unquoted(employer)))
		}
		return name, job
	}
	if paper, name := papered(text); name != "" {
		if isInstitution(paper) {
			return name, paper
		}
		seg.body(out, paper)
		return name, affiliation
	}
	if isJob(text) {
		return text, affiliation
	}
	if bare, job := withoutLeadingJob(text); job != "" {
		if word, rest, ok := strings.Cut(bare, " "); ok && outletOf(word).name != "" { // "مراسل الجزيرة محمد أحمد"
			seg.body(out, word)
			bare = rest
		}
		return bare, job
	}
	if word, rest, ok := strings.Cut(text, " "); ok && strings.Contains(rest, " ") { // "CNN's Jane Doe"
		if paper := strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "’s"); paper != word && in(registry(), paper).name != "" {
			seg.body(out, paper)
			return rest, affiliation
		}
	}
	if bare, job := withoutJob(text); job != "" && !isBody(bare) {
		if paper := outletAtStart(job); paper != "" { // "Associated Press Writers"
			seg.body(out, paper)
		}
		return bare, job
	}
	return text, affiliation
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
		if rest := words[i:]; len(rest) < 4 && in(givenNames(), rest[0]) && isTitled(strings.Join(rest, " ")) {
			if employer = strings.Join(words[n:i], " "); employs(employer) || i == n+1 && (strings.Contains(employer, "-") || topical(employer)) || i == n+1 && !ascii(employer) && !accented(employer) && !hasEnd(lowered(employer), familyEnds()) { // "Журналістка Суспільного Анна Лис"
				return strings.Join(rest, " "), employer, strings.Join(words[:i], " ")
			}
			break
		}
	}
	return "", "", ""
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
	word, _, _ := strings.Cut(s, " ")
	return isBody(s) || unquoted(s) != s || acronym(word) || placeFirst(s) || strings.ToLower(s) == s || outletOf(s).name != ""
}

// outletAtStart is the outlet that a job begins with.
func outletAtStart(job string) string {
	words := strings.Fields(job)
	for n := min(len(words)-1, 4); n > 0; n-- {
		if paper := strings.Join(words[:n], " "); in(registry(), paper).name != "" && !isLowerWord(words[0]) && !isBeatWord(words[0]) {
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

// outletBehind takes an outlet that we know from behind a name: "Bradford Betz
// Fox News".
func (seg segment) outletBehind(text string, out *Line) string {
	words := strings.Fields(text)
	if n := paperBehind(words); n > 0 && outletOf(text).name == "" {
		seg.body(out, strings.Join(words[n:], " "))
		return strings.Join(words[:n], " ")
	}
	if len(words) < 2 || outletOf(text).name != "" || len(words) == 2 && !in(places(), words[0]) {
		return text
	}
	for n := min(2, len(words)-1); n < len(words); n++ {
		if in(outletAts(), words[n]) && n+1 < len(words) && in(registry(), strings.Join(words[n+1:], " ")).name != "" { // "Do UOL"
			seg.body(out, strings.Join(words[n+1:], " "))
			return strings.Join(words[:n], " ")
		}
		if tail := strings.Join(words[n:], " "); in(registry(), tail).name != "" && tellsOutlet(words[n-1], tail) && !isBody(strings.Join(words[:n], " ")) {
			seg.body(out, tail)
			return trimEnds(strings.Join(words[:n], " "))
		}
	}
	return text
}

// tellsOutlet reports a name behind another that is an outlet's rather than a
// family's: "Michael R. Bloomberg" and "Mary Ann Stern" are people.
func tellsOutlet(before, tail string) bool {
	if strings.ContainsAny(tail, " .") || tail == strings.ToUpper(tail) || in(places(), before) {
		return true
	}
	return in(registry(), tail).agency && !isInitial(before)
}

// outlets takes an outlet after "for", "via" or a dash off a segment, to be
// the credit.
func (seg segment) outlets(text string, out *Line) string {
	text = trimEnds(text)
	if !ascii(text) || strings.HasSuffix(text, "Redaksi") {
		text = withoutTails(text)
		text = looseDash(text)
	}
	words := strings.Fields(text)
	for i := len(words) - 2; i > max(0, len(words)-longestOutlet); i-- {
		body, ok := namedAt(words[i:])
		if !ok || outletOf(text).name != "" || i == 1 && isInstitution(words[0]) {
			continue
		}
		if !in(noise(), body) && !in(unnamed(), body) {
			seg.body(out, body)
		}
		text = trimEnds(strings.Join(words[:i], " "))
		break
	}
	if i := strings.LastIndex(text, " - "); i > 0 && outletOf(text).name == "" {
		left, right := text[:i], strings.TrimSpace(text[i+3:])
		switch {
		case outletOf(left).name != "" && len(strings.Fields(right)) > 1 && isTitled(right) && !isBody(right) && !isJob(right): // "هسبريس - أمينة الراجي"
			seg.body(out, left)
			return right
		case !ascii(text) && (in(unnamed(), right) || in(noise(), right)): // "الجزيرة نت - خاص"
			return left
		case isBody(left) && in(places(), right) && uncased(left): // "تلفزيون سوريا - إسطنبول"
			return left
		case isBody(left):
		case isJob(right), len(strings.Fields(left)) > 1 && describes(right), isJobWord(right[strings.LastIndex(right, " ")+1:]):
			return left + ", " + right
		case isInstitution(right) && !isOutlet(right): // ruling 5
			return left + ", " + right
		case isBody(right):
			seg.body(out, right)
			return left
		case len(strings.Fields(right)) > 1 && len(strings.Fields(left)) > 1:
			return dashedNames(left) + "; " + right
		case len(strings.Fields(left)) > 1: // a place
			return left
		case len(strings.Fields(right)) > 1 && (in(places(), left) || left == strings.ToUpper(left) && left == strings.ToLower(left)):
			return right
		}
	}
	return text
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
		i := slices.IndexFunc(tails(), func(tail string) bool { return strings.HasSuffix(text, " "+tail) })
		if i < 0 {
			return text
		}
		text = strings.TrimSuffix(text, " "+tails()[i])
	}
}

// namedAt is the outlet that words name after a preposition.
func namedAt(words []string) (string, bool) {
	word := fold(words[0])
	if !outletAts()[word] || words[0] != strings.ToLower(words[0]) && word != "for" && word != "via" {
		return "", false
	}
	rest := words[1:]
	for len(rest) > 1 && isLowerWord(rest[0]) && articles[fold(rest[0])] {
		rest = rest[1:]
	}
	body := strings.Join(rest, " ")
	if paper, place, ok := strings.Cut(body, " - "); ok && isOutlet(paper) && isTitled(place) && !isBody(place) { // "da Agência Brasil - Brasília"
		body = paper
	}
	if !isOutlet(body) && len(rest) < 3 && !ascii(body) {
		if name := nominative(unquoted(body)); name != "" { // "для Укрінформу"
			body = name
		}
	}
	switch {
	case in(noise(), body), in(unnamed(), body), isOutlet(body):
		return body, !strings.Contains(body, ",")
	case word == "for", word == "via":
		return body, isTitled(body) && !strings.Contains(body, ",")
	}
	return "", false
}

// reporterOf takes the outlet from before its reporter: 采写：新京报记者 温雅.
func (seg segment) reporterOf(text string, out *Line) string {
	if seg.role == source || !strings.Contains(text, "记") && !strings.Contains(text, "記") {
		return text
	}
	m := agencyReporter.FindStringSubmatch(text)
	if m == nil || !isOutlet(m[1]) || strings.HasPrefix(m[1], "本") {
		return text
	}
	seg.body(out, m[1])
	return m[3]
}
