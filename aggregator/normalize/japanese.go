package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// givenEnds end given names in Japanese, and few other words.
var givenEnds = signs("given-ja")

// deskLabels end what stands before a name in Japanese papers: 社会部, 支局, 編集委員.
var deskLabels = ends("label-ja")

// sectionsJapanese are the sections of papers that stand before a name: 社会 浦野直樹.
var sectionsJapanese = asWritten("section-ja")

// labelBoth is labelJapanese for who wrote and took the pictures, staff who works
// for a paper.
var labelBoth, staff = theWord("author-and-photographer"), wordsIn("staff")

// longestSigned is the longest text, in bytes, of the brackets in which a Japanese
// paper signs.
const longestSigned = 150

// signedJapanese reads what Japanese papers put into brackets: names, with a place,
// a desk or a job before each, 【カイロ＝酒井圭吾、エルサレム＝福島利之】, or bare. A
// name without one must show that it is one.
func signedJapanese(inner string) (lead, bool) {
	var l lead
	if len(inner) > longestSigned || strings.ContainsAny(inner, "：:。/「」") {
		return l, false
	}
	var names []string
	sure, known, both := false, false, false
	for part := range strings.FieldsFuncSeq(strings.ReplaceAll(inner, "＝", "="), func(r rune) bool { return r == '、' || r == '，' || r == ',' }) {
		if part = strings.TrimSpace(part); len(names) > 0 && ownPictures()[part] { // 【後藤由耶、写真も】
			both = true
			continue
		}
		if place, agency, ok := strings.Cut(part, "="); ok && in(registry(), agency).name != "" { // ロサンゼルス＝共同
			l.Place, l.agency = place, agency
			continue
		}
		for _, bit := range l.labelled(part, &sure) {
			if !japaneseShape(bit) {
				return lead{}, false
			}
			known = known || japaneseName(bit)
			names = append(names, bit)
		}
	}
	switch {
	case len(names) == 0:
		return l, l.agency != ""
	case both:
		l.people = labelBoth() + "：" + strings.Join(names, "、")
	default:
		l.people = labelJapanese() + " " + strings.Join(names, "、")
	}
	return l, sure || known
}

// headed reports names that nothing shows to be some but that they stand in the
// brackets of a paper which signs so, 【椋田佳代】, where headings stand too.
func (l lead) headed() bool {
	names, ok := strings.CutPrefix(l.people, labelJapanese()+" ")
	if !ok {
		return false
	}
	for name := range strings.SplitSeq(names, "、") {
		if !looseName(name) {
			return false
		}
	}
	return true
}

// looseName reports three to five Han characters that end as given names do, and
// hold no word of headings.
func looseName(name string) bool {
	n := utf8.RuneCountInString(name)
	return n > 2 && n < 6 && allHan(name) && looseEnds()[lastRune(name)] && !isBody(name) && !holdsAny(name, headings())
}

// looseEnds end given names in Japanese, and other words; headings are what is in
// the words that stand in brackets above a paragraph.
var looseEnds, headings = signs("given-loose-ja"), ends("heading-ja")

// labelled takes the label from before one name, or several that dots part.
func (l *lead) labelled(part string, sure *bool) []string {
	if label, name, ok := strings.Cut(part, "="); ok {
		l.label(label)
		*sure = *sure || isLabelJapanese(label) || l.agency != ""
		part = name
	}
	for _, mark := range []string{"・", " "} {
		if label, name, ok := strings.Cut(part, mark); ok && (isLabelJapanese(label) || mark == "・" && katakanaOnly(label) && unicode.Is(unicode.Han, firstRune(name))) {
			l.label(label)
			*sure = true
			return []string{name}
		}
	}
	if place, name := gluedPlace(part); place != "" {
		l.label(place)
		*sure = true
		return []string{name}
	}
	if strings.ContainsFunc(part, func(r rune) bool { return unicode.Is(unicode.Katakana, r) }) {
		return []string{part}
	}
	return strings.Split(part, "・")
}

// label files what stands before a name: a place, an agency behind it.
func (l *lead) label(label string) {
	if b := bracketLead("", "", label); b.agency != "" && l.agency == "" { // モスクワ共同
		l.agency, l.Place = b.agency, b.Place
	} else if l.Place == "" && !isDeskJapanese(label) {
		l.Place = label
	}
}

// gluedPlace parts a place from the name that is written on to it: ソウル堀山明子.
func gluedPlace(s string) (place, name string) {
	runes := []rune(s)
	n := 0
	for n < len(runes) && (unicode.Is(unicode.Katakana, runes[n]) || runes[n] == 'ー') {
		n++
	}
	if n == 0 {
		for i := 2; i < len(runes)-2 && i < 5; i++ {
			if places()[string(runes[:i])] && japaneseName(string(runes[i:])) {
				return string(runes[:i]), string(runes[i:])
			}
		}
		return "", ""
	}
	if rest := string(runes[n:]); n > 1 && len(runes)-n > 2 && unicode.Is(unicode.Han, runes[n]) && in(registry(), rest).name == "" && !isDeskJapanese(rest) {
		return string(runes[:n]), rest
	}
	return "", ""
}

// isLabelJapanese reports what stands before a name: a place, a desk or a job.
func isLabelJapanese(s string) bool {
	return in(places(), s) || isDeskJapanese(s) || katakanaOnly(s) && utf8.RuneCountInString(s) > 2 && utf8.RuneCountInString(s) < 11 && !slices.Contains(staff(), s)
}

// isDeskJapanese reports a desk or a job.
func isDeskJapanese(s string) bool {
	if runes := []rune(s); len(runes) == 3 && families()[string(runes[:2])] { // 長谷部
		return false
	}
	return in(jobs(), s) || sectionsJapanese()[s] || unspaced(firstRune(s)) && utf8.RuneCountInString(s) < 20 && hasEnd(s, deskLabels())
}

func katakanaOnly(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Katakana, r) && r != 'ー' })
}

// shapeJapanese is a Japanese name of whatever family: two to six signs, of which
// the first are Han characters; or a foreign one in katakana.
var shapeJapanese = pattern(`^(?:\p{Han}{1,4} ?[\p{Han}\p{Hiragana}\p{Katakana}ー]{1,5}|\p{Katakana}[\p{Katakana}ー]+(?:[・＝=]?[\p{Katakana}ー.]+)*)$`)

func japaneseShape(s string) bool {
	if word, _, ok := strings.Cut(s, " "); ok && isHanLabel(word) {
		return false
	}
	return utf8.RuneCountInString(s) < 9 && shapeJapanese.MatchString(s) && in(registry(), s).name == "" && !isDeskJapanese(s) && !in(noise(), s) && !in(places(), s) && roleAlone(s) == "" || katakanaName(s)
}

// japaneseName reports a name that shows by its family name or by the end of its
// given name that it is one.
func japaneseName(s string) bool {
	if !japaneseShape(s) {
		return false
	}
	runes := []rune(strings.ReplaceAll(s, " ", ""))
	if n := len(runes); n < 3 || n > 7 {
		return false
	}
	return families()[string(runes[:2])] || givenEnds()[runes[len(runes)-1]] && !isBody(s) || kanaName(string(runes))
}

// foreignJapanese is a foreign name in katakana with the dot between its parts.
var foreignJapanese = pattern(`^[\p{Katakana}ー]+(?:[・＝=][\p{Katakana}ー]+){1,4}$`)

func katakanaName(s string) bool {
	return strings.ContainsAny(s, "・＝=") && foreignJapanese.MatchString(s)
}

// placedJapanese is a place before a name in a line: ワシントン=清宮涼.
var placedJapanese = pattern(`([\p{Han}\p{Katakana}ー]{2,10})=((?:\p{Han}{1,4} ?[\p{Han}\p{Hiragana}\p{Katakana}]{1,4}))`)

// withoutPlaces takes places from before the names of a Japanese line.
func withoutPlaces(line string) string {
	if !strings.Contains(line, "=") {
		return line
	}
	return placedJapanese.ReplaceAllStringFunc(line, func(s string) string {
		m := placedJapanese.FindStringSubmatch(s)
		if !worded(m[1]) && (isLabelJapanese(m[1]) || allHan(m[1]) && japaneseName(m[2])) {
			return m[2]
		}
		return s
	})
}

// besideOutlet reads a person and an outlet in brackets: [谷井将人，ITmedia].
func besideOutlet(line string) Line {
	inner, ok := parenthesised(line)
	if !ok || len(inner) > longestSigned {
		return Line{}
	}
	person, outlet, ok := strings.Cut(strings.NewReplacer("、", ",", "，", ",").Replace(inner), ",")
	person, outlet = strings.TrimSpace(person), strings.TrimSpace(outlet)
	if !ok || outletOf(outlet).name == "" || !japaneseShape(person) && !shapedName(person, strings.Fields(person)) {
		return Line{}
	}
	return Line{People: []news.Person{{Name: person, Role: news.Author}}, Credit: outlet}
}

// kanaAlone reports a name in kana alone, of a person or a firm: つのだよしお.
func kanaAlone(w string) bool {
	n := utf8.RuneCountInString(w)
	return katakanaOnly(w) && n < 17 || n < 9 && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.Is(unicode.Hiragana, r) })
}

// kanaFamily is a foreign family name in katakana with a given name in Han
// characters or hiragana: ベイリー陽子, ブレイディみかこ.
var kanaFamily = pattern(`^(\p{Katakana}[\p{Katakana}ー]{1,7})(\p{Han}{1,3}|\p{Hiragana}{2,4})$`)

// familyKana is kanaFamily where the given name ends as they do, and no place
// stands before it: ロンドン支局.
func familyKana(w string) bool {
	if !unicode.Is(unicode.Katakana, firstRune(w)) {
		return false
	}
	m := kanaFamily.FindStringSubmatch(w)
	if m == nil || places()[m[1]] || isBody(w) || isHanDesk(m[2]) || hanJob(w) || holdsAny(m[2], headings()) {
		return false
	}
	if unicode.Is(unicode.Hiragana, firstRune(m[2])) {
		return !hasEnd(w, kanaTails())
	}
	return givenEnds()[lastRune(w)] && (utf8.RuneCountInString(m[2]) < 3 || !families()[string([]rune(m[2])[:2])])
}

// kanaTails end what stands in hiragana behind a word in katakana and is no name.
var kanaTails = ends("kana-tail")

// signedByJob reports a name with its job behind it: 山口貴子記者.
func signedByJob(s string) bool {
	bare, role, ok := closed(s, s)
	return ok && role == news.Author && (looksNamed(bare) || japaneseShape(bare) && utf8.RuneCountInString(bare) > 3 && !katakanaOnly(bare))
}

// isJobAlone reports a job and nobody who has it: what 井上拓（フリーライター） ends with.
func isJobAlone(s string) bool {
	if strings.ContainsAny(s, "：:，,、/ ") || !isDeskJapanese(s) || signedByJob(s) {
		return false
	}
	_, told := authorTold(s)
	return !told
}
