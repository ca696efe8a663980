package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// A segment is a part of a line with one role.
type segment struct {
	text    string
	role    news.Role // empty where the line does not say
	guessed bool      // no word of ours says the role: enough for a field, not for a text
	colon   bool      // a colon or a blank stands before a text in Han characters
}

// Marks that part a line wherever they stand, and between blanks.
var bars, pauses = setOf("|¦•｜;；؛"), setOf("·—–―")

// atBars parts a line at the marks that always part it.
func atBars(line string) []string {
	var out []string
	start := 0
	cut := func(from, to int) {
		if text := strings.TrimSpace(line[start:from]); text != "" {
			out = append(out, text)
		}
		start = to
	}
	for i, r := range line {
		switch {
		case i < start:
		case bars.has(r):
			cut(i, i+utf8.RuneLen(r))
		case pauses.has(r) && blankBefore(line, i):
			rest := strings.TrimLeft(line[i:], "·—–―")
			if rest == "" || rest[0] == ' ' {
				cut(i, len(line)-len(rest))
			}
		case r == '/' && strings.HasPrefix(line[i:], "//"):
			cut(i, i+2)
		}
	}
	cut(len(line), len(line))
	return out
}

// blankBefore reports a blank before line[i], or a dash that ends the line.
func blankBefore(line string, i int) bool {
	return i > 0 && line[i-1] == ' ' || strings.Trim(line[i:], "—–― ") == ""
}

// segments parts a line where bars, semicolons or role words part it.
func (l *Line) segments(line string) []segment {
	line = listedHelpers(withoutFrame(line))
	if isHanBody(line) {
		return []segment{{text: line}}
	}
	if before, after, paused := strings.Cut(line, pause); paused {
		return l.aroundPause(before, after)
	}
	p := parting{out: l}
	for _, text := range atBars(hanBars(line)) {
		if opened := brackets(text); opened != text {
			p.list = append(p.list, l.segments(opened)...)
			continue
		}
		p.part(text)
	}
	if len(p.list) > 1 && p.list[0].role == news.Photographer && strings.Contains(line, ";") {
		carry(line, p.list)
	}
	for i := 1; i < len(p.list) && strings.Contains(line, ";"); i++ {
		if p.list[i].role == "" && p.list[i-1].role == news.Editor { // "Editing by Ann Lee; Bob Roy"
			p.list[i].role, p.list[i].guessed = news.Editor, false
		}
	}
	return p.list
}

// listedHelpers writes commas for the semicolons between helpers, each of whom has a place,
// of whom the end of a line tells together: "Ann Lee in Lisbon; and Bob Roy in Paris
// contributed to this report".
func listedHelpers(line string) string {
	if !strings.Contains(line, ";") || !holdsWord(lowered(line), helped()) {
		return line
	}
	end := contributed.FindStringIndex(lowered(line))
	if end == nil || end[0] == 0 {
		return line
	}
	names := line[:end[0]]
	if _, role, _ := cutRole(names); role != "" {
		return line
	}
	return strings.ReplaceAll(names, ";", ",") + line[end[0]:]
}

// withoutFrame takes the brackets from around a line, the person who was
// interviewed, and a job or an outlet that the line has before brackets: "Staff
// Reporter (Jane Doe)", "Lenta.ru (Ivan Petrov)".
func withoutFrame(line string) string {
	line = strings.TrimSpace(line)
	if inner, ok := parenthesised(line); ok {
		line = strings.TrimSpace(inner)
	}
	line = interviewed(line)
	m := jobBefore(line)
	switch {
	case m == nil:
	case in(noise(), m[1]) || isJob(m[1]):
		return m[2]
	case isOutlet(m[1]) && (nameSigned(m[2]) || uncased(m[2]) && opensGiven(strings.Fields(m[2]))):
		return m[2] + ", " + m[1]
	}
	return line
}

// partedHan part what is no one body in Chinese or Japanese.
var partedHan = setOf(" ・：:/、")

// isHanBody reports a body in Chinese or Japanese that a role word opens: 外電編譯中心.
func isHanBody(line string) bool {
	if !unspaced(firstRune(line)) || partedHan.in(line) || !hasEnd(line, bodyEnds()) && !hasEnd(line, outletEnds()) {
		return false
	}
	rest, role, _ := cutRole(line)
	return role == "" || slices.Contains(bodyEnds(), rest) || isHanLabel(rest)
}

// aroundPause are the segments on both sides of where a time was taken out. Behind
// one a role word must tell, or nobody be named before.
func (l *Line) aroundPause(before, after string) []segment {
	out := l.segments(before)
	for _, seg := range l.segments(withoutBy(after)) {
		if seg.role != "" || len(out) == 0 || unspaced(firstRune(seg.text)) && isBody(out[len(out)-1].text) && looksNamed(lastWord(seg.text)) {
			out = append(out, seg)
		}
	}
	return out
}

// A parting takes a line apart.
type parting struct {
	out     *Line // keeps the rules that told
	list    []segment
	pending news.Role // of a label that stands alone, for who stands behind it
}

// part adds the segments of what stands between two bars.
func (p *parting) part(text string) {
	if len(p.list) > 0 && unicode.IsLower(firstRune(text)) {
		if _, role, _ := cutRole(text); role == "" { // "avec Ann Lee"
			text = trimAnd(text)
		}
	}
	pieces := closedParts(text)
	if pieces == nil {
		pieces = p.out.splitAtRoles(thaiLabel(text))
	}
	for _, piece := range pieces {
		p.piece(piece)
	}
}

// piece adds the segments of a text that one role word opens, or none.
func (p *parting) piece(piece string) {
	text, role, _ := cutRole(withoutLastAnd(strings.TrimSpace(strings.TrimRight(strings.TrimSpace(piece), ",،、，-–—"))))
	switch role {
	case news.Author:
		if text = behindPlace(text); isPhrase(text) || merelyBegins(piece, text) {
			return
		}
		if name, origin := drawnFrom(text); origin != "" {
			p.list = append(p.list, segment{text: name, role: role}, segment{text: origin, role: source})
			return
		} else if text = name; unicode.IsLower(firstRune(text)) { // "notre correspondante à Bruxelles Virginie Ney"
			text = withoutOpeningPlace(text)
		}
		text = behindPost(piece, text)
	case news.Photographer:
		if merelyBegins(piece, text) {
			return
		}
		if bare, again, ok := closed(text, text); ok && again == role && unspaced(firstRune(text)) { // 圖/屠惠剛攝
			text = bare
		}
	case source:
		if of, by, ok := strings.Cut(text, " "+labelEnglish()+" "); ok { // "Special to The Tribune by Jane Doe"
			p.list = append(p.list, segment{text: by, role: news.Author})
			text = of
		}
	case "":
		p.unworded(text)
		return
	}
	p.pending = ""
	p.add(segment{text: text, role: role, colon: unspaced(firstRune(text)) && colonBefore(piece, text)})
}

// unworded adds a text that has no role word: a work may say what its people did,
// or a label before it.
func (p *parting) unworded(text string) {
	sure := saysWork(text)
	text, role := p.out.workBy(text)
	if role == "" && (!strings.Contains(text, " ") || labels(text)) {
		if alone := roleAlone(text); alone != "" && !isBody(text) { // "文｜张三"
			p.pending = alone
			return
		}
	}
	if role == "" && p.pending != "" {
		role, sure = p.pending, true
	}
	p.pending = ""
	p.add(segment{text: text, role: role, guessed: !sure})
}

func (p *parting) add(seg segment) {
	if seg.text != "" {
		p.list = append(p.list, seg)
	}
}

// carry gives the role of pictures to those behind semicolons: "Foto: Dan Malý,
// MAFRA; Eva Nová".
func carry(line string, list []segment) {
	if strings.ContainsAny(line, "|•·/") {
		return
	}
	for i, seg := range list[1:] {
		if seg.role != "" && !seg.guessed {
			return
		}
		list[i+1].role, list[i+1].guessed = news.Photographer, false
	}
}

// labels reports two words or three of which the last has no capital, as those of
// labels have: "Автор фото".
func labels(text string) bool {
	last := lastWord(text)
	return len(text) < longestLabel && unicode.IsLower(firstRune(last)) && strings.Count(text, " ") < 3
}

// interviewed leaves out with whom an interviewer talked, where he is named behind:
// "Z Janem Lisem rozmawia Anna Sroka", "С Олегом Дубовым беседовала Инна Громова".
func interviewed(line string) string {
	with, rest, ok := strings.Cut(line, " ")
	if !ok || len(with) > 4 || !in(withs(), with) {
		return line
	}
	words := strings.Fields(rest)
	for i := 1; i < min(len(words)-1, 12); i++ {
		if !isLowerWord(words[i]) {
			continue
		}
		by := strings.Join(words[i:], " ")
		if name, role, _ := cutRole(by); role == news.Author && isTitled(name) && len(strings.Fields(name)) < 6 {
			return by
		}
	}
	return line
}

// withoutBy takes the word for "by" from behind a date: "12 maggio da Carla Ferri".
func withoutBy(s string) string {
	word, rest, ok := strings.Cut(strings.TrimSpace(s), " ")
	if ok && isLowerWord(word) && in(genreOfs(), word) && !in(particles(), word) || ok && slices.Contains(byOrOfs(), word) && strings.Contains(rest, " ") {
		return rest
	}
	return s
}

// hanBar is a bar between a role word in Han characters and its name, 编辑 | 王五,
// which is a colon there.
var hanBar = regexp.MustCompile(`(^|\s)([\p{Han}\p{Hangul}][\p{Han}\p{Hangul}/&]{0,5})\s?[|｜]\s?`)

// hanBars writes such bars as colons.
func hanBars(line string) string {
	if !strings.Contains(line, "|") && !strings.Contains(line, "｜") || !strings.ContainsFunc(line, unspaced) && !strings.ContainsFunc(line, isHangul) {
		return line
	}
	return hanBar.ReplaceAllStringFunc(line, func(s string) string {
		m := hanBar.FindStringSubmatch(s)
		if roleAlone(m[2]) != "" || roleAlone(strings.TrimPrefix(m[2], agencyIn(m[2]))) == news.Editor { // "界面新闻编辑 | 刘海川"
			return m[1] + m[2] + "："
		}
		return s
	})
}

// jobFirst is a text before one in brackets.
var jobFirst = regexp.MustCompile(`^([\p{L}\p{M}\d. ]{5,40}?)\s?\(([^()]+)\)$`)

// jobBefore is jobFirst where it can match.
func jobBefore(line string) []string {
	if !strings.HasSuffix(line, ")") || strings.HasPrefix(line, "(") {
		return nil
	}
	return jobFirst.FindStringSubmatch(line)
}

// worded reports a segment whose role a word of ours says.
func (seg segment) worded() bool { return seg.role != "" && !seg.guessed }

// closedParts parts a line whose names each have their role behind them: "Elsa
// Nordin text, Olle Grahn foto".
func closedParts(text string) []string {
	if strings.Count(text, " ") < 5 {
		return nil
	}
	words := strings.Fields(text)
	if len(words) < 6 || !roleClosing(words[len(words)-1]) || roleAlone(strings.Trim(words[0], ":,")) != "" {
		return nil
	}
	var out []string
	start := 0
	for i, w := range words {
		if i-start > 1 && roleClosing(w) {
			out = append(out, strings.TrimRight(strings.Join(words[start:i+1], " "), ","))
			start = i + 1
		}
	}
	if start < len(words) || len(out) < 2 {
		return nil
	}
	return out
}

// thaiLabel writes role words that stand behind names in Thai, where they open
// others, before them: "พรพิมล ลิ่มเจริญ แปล". A name has two words, in neither of which is
// what sentences are made of.
func thaiLabel(text string) string {
	if len(text) == 0 || text[0] != 0xe0 || strings.Count(text, " ") > 8 || !unicode.Is(unicode.Thai, firstRune(text)) {
		return text
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' })
	if len(words)%3 != 0 {
		return text
	}
	var out []string
	for of := range slices.Chunk(words, 3) {
		if roleAlone(of[2]) == "" || !thaiNamed(of[0]) || !thaiNamed(of[1]) {
			return text
		}
		out = append(out, of[2]+": "+of[0]+" "+of[1])
	}
	return strings.Join(out, " ")
}

// thaiNamed reports a word that can be a part of a Thai name.
func thaiNamed(w string) bool {
	n := utf8.RuneCountInString(w)
	return n > 1 && n < 17 && roleAlone(w) == "" && !isBody(w) && !isJobWord(w) && !holdsAny(w, thaiInner())
}

// thaiInner is in words of Thai that are no names.
var thaiInner = ends("inside-th")

// roleClosing reports a word that tells behind a name what it did.
func roleClosing(w string) bool {
	w = strings.TrimRight(w, ",")
	if !ascii(w) || len(w) < 4 {
		return false
	}
	_, role, ok := closed("A "+w, "a "+strings.ToLower(w))
	return ok && role != ""
}
