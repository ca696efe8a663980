package normalize

import (
	"cmp"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

var (
	agencyReporter = pattern(`^[（(〔【「［\[|□■●▲\s]*(\p{Han}{2,9}?|[\p{Han}\d·\-+]{3,16}?)(?:{reporter-front}|{report}\s|{stationed}\p{Han}{2,4})*(?:{reporter/zh}|{writer}|{stringer})(\s*)([^：:].*?)[）)〕】」］\]]?$`)
	hanDispatch    = pattern(`^[（(【]?(\p{Han}{4,15}?)\d{1,2}(?:{month/zh}\d{1,2})?{date/zh}{round-up}?(?:{dispatch}|{bulletin})\s*(?:[（(](.+?)[）)])?`)
	hanReport      = pattern(`(?:\s*[／/]\s*|\s+)\p{Han}{2,8}(?:{report}|{dispatch})$|\s*{filed-from}\p{Han}{2,8}$`)
	hanGlued       = pattern(`^((?:\p{Han}{2,4}、)*)(\p{Han}{2,8})(?:{report}|{dispatch})$`)
	hanWire        = pattern(`^((?:\p{Han}{2,4}、)*)(\p{Han}{4,8})(?:\d{4}{year/zh})?(?:\d{1,2}{month/zh})?\d{1,2}{date/zh}{dispatch-front}*(?:{dispatch}|{bulletin})$`)
	koreanPlace    = pattern(`^[\[【(（]?([\p{Hangul}·]{2,8})\s?=\s?(?:([\p{L}\d ]+)[\]】)）]\s*)?`)
	japanesePlace  = pattern(`^【?[\p{Han}\p{Katakana}ー]{2,10}[=＝]([\p{Han}\s、・]{2,20})】?$`)
)

// reporterSigns open the words for a reporter, cameraSigns are in those for who
// takes pictures.
var (
	reporterSigns  = openings("reporter/zh")
	cameraSigns    = openings("photographed")
	reporterTitles = wordsIn("reporter/zh")
)

// What we write before names that no word told the role of, or behind them in Korean.
var (
	labelEnglish  = theWord("author-label/en")
	labelChinese  = theWord("author-label/zh")
	labelJapanese = theWord("author-label/ja")
	labelKorean   = theWord("author-label/ko")
)

// opensOwn reports what a paper calls itself: 本报.
func opensOwn(text string) bool { return ownSigns().has(firstRune(text)) }

var ownSigns = openings("own")

// dispatch takes what East Asian lines say of agency and place from around the
// names: "中央社記者王小明台北24日電", "記者王小明／台北報導", "[서울=뉴시스] 김철수 기자".
func (l *Line) dispatch(line string) string {
	if !strings.ContainsFunc(line, func(r rune) bool { return r > 0x1100 }) {
		return line
	}
	return l.left(line, dispatchRules)
}

// left is what rules leave of a line, each of what the one before it does.
func (l *Line) left(line string, rules iter.Seq[dispatchRule]) string {
	for r := range rules {
		rest := r.read(l, line)
		if rest != line && r.name != "" {
			l.tell(r.name)
		}
		line = rest
	}
	return line
}

// A dispatchRule takes what it knows from a line and says what is left.
type dispatchRule = rule[func(l *Line, line string) (rest string)]

func dispatchRules(yield func(dispatchRule) bool) {
	each(yield, []dispatchRule{
		{read: (*Line).labels},
		{"the dispatch of an agency", "新华社北京11月10日电（记者张三）", dispatched},
		{"a desk behind a name in Japanese", "岡崎明子=朝日新聞編集委員", deskEquals},
		{"a place before a name in Japanese, and its mark", "ワシントン=山田太郎", placeEquals},
		{"places between marks", "2023年5月4日 19時30分　有料記事　パリ＝山田太郎", func(_ *Line, line string) string { return withoutPlaces(line) }},
		{"an agency and its reporter", "中央社記者王小明", reporterOfAgency},
		{"brackets around all of it", "[사설]", withoutBrackets},
		{read: withoutLastBars},
		{"a desk before its reporter", "國際中心/林昭彰報導", deskAndReporter},
		{"a place written on to a reporter", "記者王小明台北報導", placeGlued},
		{"a place behind a reporter", "記者王小明／台北報導", placeReported},
		{"a place and a day written on to a reporter", "記者王小明台北24日電", placeDated},
		{"a place behind the time in Korean", "입력 2023.05.12 파리=한유리 특파원", placeTimed},
		{"a place or an agency before a name in Korean", "[서울=뉴시스] 김철수 기자", placeHangul},
	})
}

// labels asks labelRules, of which nothing is known in other scripts.
func (l *Line) labels(line string) string {
	if !strings.ContainsFunc(line, unspaced) && !strings.ContainsFunc(line, isHangul) {
		return line
	}
	return l.left(line, labelRules)
}

func dispatched(l *Line, line string) string {
	m := hanDispatch.FindStringSubmatch(line)
	if m == nil || reporterSigns().in(m[1]) {
		return line
	}
	l.Credit = agencyIn(m[1])
	return m[2]
}

func deskEquals(_ *Line, line string) string {
	if name, desk, ok := strings.Cut(line, "="); ok && isDeskJapanese(desk) && japaneseShape(name) {
		return name
	}
	return line
}

// placeEquals takes a place from before a mark, or from behind it: 山田太郎=パリ.
func placeEquals(_ *Line, line string) string {
	if m := japanesePlace.FindStringSubmatch(line); m != nil && !worded(strings.TrimLeft(line[:strings.IndexAny(line, "=＝")], "【")) {
		return m[1]
	}
	name, place, ok := strings.Cut(line, "=")
	if ok && allHan(name) && !worded(name) && utf8.RuneCountInString(name) > 2 && strings.ContainsFunc(place, func(r rune) bool { return unicode.Is(unicode.Katakana, r) }) {
		return name
	}
	return line
}

func reporterOfAgency(l *Line, line string) string {
	m := agencyReporter.FindStringSubmatch(line)
	if m == nil || opensRole(m[3]) || !opensOwn(m[1]) && outletOf(m[1]).name == "" && (m[2] == "" || worded(m[1])) {
		return line
	}
	line = labelChinese() + " " + m[3]
	if _, role, _ := cutRole(line); role != news.Photographer && isOutlet(m[1]) && !opensOwn(m[1]) { // ruling 7
		l.Credit = m[1]
	}
	return line
}

func withoutBrackets(_ *Line, line string) string {
	inner, _ := parenthesised(line)
	return inner
}

func placeTimed(_ *Line, line string) string {
	i := strings.LastIndex(line, pause)
	if i < 0 {
		return line
	}
	behind := strings.TrimSpace(line[i+len(pause):])
	m := koreanPlace.FindStringSubmatch(behind)
	if m == nil || m[2] != "" || worded(m[1]) {
		return line
	}
	return line[:i+len(pause)] + " " + behind[len(m[0]):]
}

func placeHangul(l *Line, line string) string {
	m := koreanPlace.FindStringSubmatch(line)
	if m == nil || m[2] == "" && worded(m[1]) {
		return line
	}
	if l.Credit == "" && outletOf(m[2]).name != "" {
		l.Credit = m[2]
	}
	return line[len(m[0]):]
}

func withoutLastBars(_ *Line, line string) string {
	return strings.TrimRight(line, " |"+pause)
}

// deskAndReporter takes the reporter from behind the desk, which is no place: but
// 國際中心/綜合報導.
func deskAndReporter(_ *Line, line string) string {
	if !strings.Contains(line, "/") {
		return line
	}
	m := deskReporter.FindStringSubmatch(line)
	if m == nil || worded(m[1]) || !surnames()[firstRune(m[2])] || places()[m[2]] || !isBody(m[1]) {
		return line
	}
	return labelChinese() + " " + m[2]
}

func placeGlued(_ *Line, line string) string { return withoutGluedPlace(line, hanGlued) }

func placeDated(_ *Line, line string) string { return withoutGluedPlace(line, hanWire) }

// withoutGluedPlace takes the place from behind the last of the authors that a form
// finds.
func withoutGluedPlace(line string, place form) string {
	if place.in(line) == nil {
		return line
	}
	rest, role, _ := cutRole(line)
	if role != news.Author {
		return line
	}
	m := place.FindStringSubmatch(rest)
	if m == nil {
		return line
	}
	return labelChinese() + " " + m[1] + personIn(m[2])
}

// placeReported leaves the reporter, or the desk in place of one: 國際中心／綜合報導. What
// stands behind him is a place, or the outlet that it credits: 张三 新华社报道.
func placeReported(l *Line, line string) string {
	loc := hanReport.FindStringIndex(line)
	if loc == nil || cameraSigns().in(line[loc[0]:]) { // 乔木 摄影报道
		return line
	}
	if outlet := strings.TrimLeft(line[loc[0]:], " ／/"); l.Credit == "" && agencyIn(outlet) != "" {
		l.Credit = agencyIn(outlet)
	}
	who := line[:loc[0]]
	_, role, _ := cutRole(line)
	n := utf8.RuneCountInString(who)
	switch {
	case (role == "" || role == news.Author) && n > 1 && n < 5 && allHan(who): // 王小明／採訪報導
		return labelChinese() + " " + who
	case role == "" && allHan(who) && isBody(who):
		return labelChinese() + "：" + who
	}
	return who
}

// deskFiles reports a desk before the slash of its report: 國際中心/綜合報導.
func deskFiles(desk, line string) bool {
	return allHan(desk) && strings.HasPrefix(line, desk) && hanReport.MatchString(line)
}

// personIn is the name that opens a text which ends in a place: two signs and
// a place we know, else three.
func personIn(text string) string {
	runes := []rune(text)
	if len(runes) < 4 {
		return text
	}
	shortest := 2
	if compounds()[string(runes[:2])] {
		shortest = 3
	}
	for n := shortest; n <= 4 && n < len(runes)-1; n++ {
		if places()[string(runes[n:])] {
			return string(runes[:n])
		}
	}
	if len(runes) < 5 {
		return string(runes[:2])
	}
	return string(runes[:3])
}

// agencyIn is the agency that opens a text of Han characters.
func agencyIn(text string) string {
	if r := firstRune(text); !unicode.Is(unicode.Han, r) || !mayOpenOutlet(text) {
		return ""
	}
	runes := []rune(text)
	for n := min(len(runes), 8); n >= 2; n-- {
		if name := string(runes[:n]); in(registry(), name).name != "" {
			return name
		}
	}
	return ""
}

// agencyAndPlace parts the two that stand before the day of a dispatch,
// whichever comes first: 新华社北京, 台北中央社.
func agencyAndPlace(text string) (agency, place string) {
	if agency = agencyIn(text); agency != "" {
		return agency, placeBehind(text, agency)
	}
	runes := []rune(text)
	for n := 2; n < 6 && n+2 <= len(runes); n++ {
		if name := string(runes[n:]); in(registry(), name).agency {
			return name, string(runes[:n])
		}
	}
	return "", placeBehind(text, "")
}

// opensRole reports a text that opens with a role word, so that the word for a
// reporter before it closes a name: 山口貴子記者 翻訳：加藤京子.
func opensRole(s string) bool {
	_, role, _ := cutRole(strings.TrimLeft(s, "、，, "))
	return role != "" && role != news.Author
}

// signedRules take from a line what agencies sign their copy with in brackets.
func signedRules(yield func(dispatchRule) bool) {
	each(yield, []dispatchRule{
		{"an agency before the brackets that sign its copy", "AGERPRES/(AS - autor: Ana Pop, editor: Dan Rus)", agencyBeforeBrackets},
		{"the letters of a kind of copy", "(AS - autor: Ana Pop, editor: Dan Rus)", kindInBrackets},
		{"a sentence for each role", "(Ann Lee, Bob Roy. Editor Al Kerr)", labelledInBrackets},
		{"reporters and their place before an agency", "Orhan ÇAKIR / ALANYA (Antalya), (DHA)", placedBeforeAgency},
	})
}

// signedOff asks signedRules of a line that brackets end.
func (l *Line) signedOff(line string) string {
	if !strings.HasSuffix(line, ")") {
		return line
	}
	return l.left(line, signedRules)
}

func agencyBeforeBrackets(l *Line, line string) string {
	agency, inner, ok := strings.Cut(strings.TrimSuffix(line, ")"), "(")
	if agency = strings.Trim(agency, " /"); !ok || !in(registry(), agency).agency || strings.Contains(inner, "(") {
		return line
	}
	inner = withoutKind(inner)
	if _, role, _ := cutRole(inner); role == "" {
		return line
	}
	l.Credit = agency
	return inner
}

func kindInBrackets(_ *Line, line string) string {
	inner, ok := parenthesised(line)
	if rest := withoutKind(inner); ok && rest != inner {
		return rest
	}
	return line
}

func labelledInBrackets(_ *Line, line string) string {
	inner, ok := parenthesised(line)
	if !ok {
		return line
	}
	return cmp.Or(signOffLine(inner), line)
}

// placedBeforeAgency keeps the label before reporters: "Haber: Mert CAN/BURSA, (DHA)".
func placedBeforeAgency(l *Line, line string) string {
	i := strings.LastIndexByte(line, '(')
	if i < 0 || !strings.HasSuffix(line, ")") || !strings.Contains(line[:i], "/") {
		return line
	}
	agency := line[i+1 : len(line)-1]
	rest, role, _ := cutRole(strings.TrimSpace(line[:i]))
	people, _, ok := placedReporters(rest)
	switch {
	case !ok || !in(registry(), agency).agency:
		return line
	case role != "":
		people = line[:strings.Index(line, rest)] + people
	default:
		people = labelEnglish() + " " + people
	}
	l.Credit = agency
	return people
}

// withoutKind takes from before a role word the letters by which an agency tells
// a kind of copy: "AS - autor: Ana Pop", "A, AS - autor: …".
func withoutKind(inner string) string {
	kind, rest, ok := strings.Cut(inner, "-")
	if !ok || len(kind) > 12 || !allUpper(kind) || !strings.Contains(rest, ":") {
		return inner
	}
	if _, role, _ := cutRole(strings.TrimSpace(rest)); role == "" {
		return inner
	}
	return strings.TrimSpace(rest)
}

// placedReporters parts reporters from their place behind a slash: "Hasan
// YILMAZ-Mehmet KAYA/KONYA", "Orhan ÇAKIR / ALANYA (Antalya),".
func placedReporters(text string) (people, place string, ok bool) {
	i := strings.LastIndexByte(text, '/')
	if i < 0 {
		return "", "", false
	}
	var names []string
	for part := range strings.FieldsFuncSeq(text[:i], func(r rune) bool { return strings.ContainsRune(",-–", r) }) {
		part = strings.TrimSpace(part)
		if !nameSigned(part) {
			return "", "", false
		}
		names = append(names, part)
	}
	place = strings.Trim(text[i+1:], " ,.")
	bare, _, _ := strings.Cut(place, "(")
	return strings.Join(names, ", "), place, len(names) > 0 && isPlaceName(strings.TrimSpace(bare))
}
