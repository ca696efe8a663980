package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

var (
	// latinLabel is a role word in Latin letters with the mark of a Japanese line
	// behind it: Text／蛭川薫.
	latinLabel = pattern(`(?i)\b({latin-label})\s?[/／=＝|｜]\s?`)

	// bracketedLabel is a label in the brackets of headings: 【文】姫野ケイ.
	bracketedLabel = pattern(`[【［\[〔]\s?([\p{Han}\p{Katakana}ー・]{1,9})\s?[】］\]〕]\s?`)

	// dotBefore is a dot that parts a name from the next label: 文/張毓思．攝影/王建棟.
	dotBefore = pattern(`(\p{Han})．(\p{Han}{1,5}[/：:])`)

	// reporterBehind is a reporter's title behind another label: 图/本报记者 方非.
	reporterBehind = pattern(`(\p{Han}{1,4}\s?[/:：|]\s?)\p{Han}{0,9}?(?:{reporter/zh}|{stringer})\s?`)

	// jointReporter is a reporter's title behind two labels: 文/图 本报记者 巫宁坤.
	jointReporter = pattern(`^(\p{Han}{1,2}[/、]\p{Han}{1,2}\s?[/:：]?\s?){own-paper}?{reporter-front}?(?:{reporter/zh}|{stringer})\s*`)

	// authorIs tells what an author is: 作者王义桅，系中国人民大学教授.
	authorIs = pattern(`^[（(●▲■※*\s]*{author-self}[：:\s]*(\p{Han}[\p{Han}·]{1,12}?)?\s?[，,]?\s?{workplace}?{is}\p{Han}[^：:]{3,}$`)

	// posted is a reporter's post abroad: 駐美特派員廖漢原.
	posted = pattern(`^([（(〔【「\s]*){own-paper}?{stationed}\p{Han}{1,4}?{reporter-front}?(?:{reporter/zh}|{correspondent})\s?`)

	// deskReporter is a desk and its reporter: 國際中心/林昭彰報導.
	deskReporter = pattern(`^([\p{Han}\w]{2,9})\s?/\s?(?:{reporter/zh}|{compiler})?(\p{Han}{2,4})(?:/\p{Han}{2,4})?{report-front}?{report}$`)

	// cited is whose copy it is, in place of a byline: 据新华社电, 综合新华社、央视新闻报道.
	cited = pattern(`^[（(]?(?:{cites}|{round-up})\s?([\p{Han}\w、，,\s]{2,40}?)(?:{dispatch-front}?{dispatch}|{bulletin}|{message}|{report})?[)）]?$`)

	// issue is the number of a paper: 《人民日报》（2023年11月10日 第 07 版）.
	issue = pattern(`《\s?[\p{Han}]{2,8}\s?》\s?[（(][^（()）]{4,40}{page}\s?[)）]`)
)

// The signs without which the patterns above match nothing; a title of a reporter
// opens with one of titleSigns.
var (
	titleSigns  = openings("reporter/zh", "stringer")
	postedSigns = openings("stationed")
	selfSigns   = openings("author-self")
	ownPapers   = wordsIn("own-paper")
	citedSigns  = openings("cites", "round-up")
	pageSigns   = openings("page")
)

// hanLabels writes the labels of a Chinese line with a colon behind each and no
// paper before it, which is how the table has them.
func (l *Line) hanLabels(line string) string {
	if name, told := authorTold(line); told {
		return name
	}
	line = angled.Replace(line)
	if inner, ok := parenthesised(line); ok && unspaced(firstRune(inner)) {
		line = inner
	}
	if name, job, ok := strings.Cut(line, "："); ok && isDeskJapanese(job) && japaneseShape(name) { // 小川 裕夫：フリーランスライター
		return name
	}
	if strings.ContainsAny(line, "【［[〔") {
		line = withoutHeads(line)
	}
	if strings.Contains(line, "．") {
		line = dotBefore.ReplaceAllString(line, "$1 $2")
	}
	if strings.ContainsFunc(line, isLatinLetter) {
		line = latinLabel.ReplaceAllString(line, "$1: ")
	}
	if postedSigns().in(line) {
		line = posted.ReplaceAllString(line, "${1}"+labelChinese()+" ")
	}
	line = namedBefore(markedLabels(slashedNames(pictureOf(line))))
	if !strings.ContainsAny(line, ":：/|") {
		return line
	}
	if titleSigns().in(line) {
		line = withoutReporters(line)
	}
	return l.withoutOwners(line)
}

// authorTold is the author of a line that tells what its author is, empty where it
// names nobody.
func authorTold(line string) (name string, told bool) {
	if !selfSigns().in(line) {
		return "", false
	}
	m := authorIs.FindStringSubmatch(line)
	if m == nil || m[1] == "" {
		return "", m != nil
	}
	return labelChinese() + "：" + m[1], true
}

// withoutReporters takes a reporter's title from behind a label of other work.
func withoutReporters(line string) string {
	if m := jointReporter.FindStringSubmatch(line); m != nil && strings.Contains(string(roleAlone(strings.TrimRight(m[1], " /:："))), "+") {
		line = m[1] + line[len(m[0]):]
	}
	return reporterBehind.ReplaceAllStringFunc(line, func(s string) string {
		m := reporterBehind.FindStringSubmatch(s)
		if role := roleAlone(strings.TrimRight(m[1], " /:：|")); role != "" && role != news.Author {
			return m[1]
		}
		return s
	})
}

func isLatinLetter(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }

// angled writes the brackets of Japanese pages as others.
var angled = strings.NewReplacer("＜", "（", "＞", "）", "〈", "（", "〉", "）", "<", "（", ">", "）")

// labelMarks stand between a label and its name in Chinese and Japanese lines.
const labelMarks = "/／:：|=＝._．·‧•・◎○-"

// markedLabels writes a colon behind each label that another mark, or a blank at
// the head of a line, parts from its name: 文 / 呂思瑩, 撰文_关子辰, 文 張子午 攝影 吳逸驊.
func markedLabels(line string) string {
	words := strings.Fields(withoutCommas(line))
	if len(words) > 16 {
		return line
	}
	var out []string
	heads := false // the line opens with a label
	for i := 0; i < len(words); i++ {
		w := words[i]
		next := ""
		if i+1 < len(words) {
			next = words[i+1]
		}
		label := strings.TrimRight(w, labelMarks)
		behind := strings.TrimLeft(next, labelMarks)
		switch {
		case !isHanLabel(label): // most words
			w = withoutPaper(markedWord(w, i == 0), i, next)
		case label == w && behind == "" && i+2 < len(words) && !startsLabel(words[i+2]): // 文 / 呂思瑩
			w, i = label+"：", i+1
		case label == w && behind != next && behind != "" && !startsLabel(behind): // 文 /呂思瑩
			w, i = label+"："+behind, i+1
		case label != w && next != "" && !startsLabel(next), label == w && (i == 0 || heads) && (looksNamed(next) || i == 0 && strings.ContainsFunc(w, isJoining) && japaneseShape(next)) && suffixOf(w, reporterTitles()) == "":
			w = label + "："
		}
		heads = heads || strings.HasSuffix(w, "：")
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// slashedNames turns round a line of names each of which has its role behind a slash:
// 王建棟/文 張毓思/圖.
func slashedNames(line string) string {
	words := strings.Fields(line)
	if !strings.ContainsAny(line, "/／") || len(words) > 8 {
		return line
	}
	var out, before []string // before are names with the next that has a role
	for _, w := range words {
		at := strings.LastIndexAny(w, "/／")
		if at < 0 && (looksNamed(w) || len(out)+len(before) == 0 && slices.Contains(reporterTitles(), w)) {
			before = append(before, w)
			continue
		}
		if at < 0 {
			return line
		}
		_, n := utf8.DecodeRuneInString(w[at:])
		names, label := w[:at], w[at+n:]
		if !isHanLabel(label) || isHanLabel(names) || !allNamed(names) {
			return line
		}
		if len(before) > 0 && slices.Contains(reporterTitles(), before[0]) {
			before = before[1:]
		}
		out, before = append(out, label+"："+strings.Join(append(before, names), "、")), nil
	}
	if len(before) > 0 {
		return line
	}
	return strings.Join(out, " ")
}

// allNamed reports names that only commas part, of which each can only be one.
func allNamed(names string) bool {
	for name := range strings.FieldsFuncSeq(names, commaMarks.has) {
		if !looksNamed(name) {
			return false
		}
	}
	return names != ""
}

// pictureOf takes the agency of a picture from behind who took it, 陈默 摄/中新社: it
// is never the credit of the copy (ruling 7).
func pictureOf(line string) string {
	at := strings.LastIndexAny(line, "/／")
	if at < 0 {
		return line
	}
	_, n := utf8.DecodeRuneInString(line[at:])
	taken := strings.TrimSpace(line[:at])
	if _, role, ok := closed(taken, lowered(taken)); !ok || role != news.Photographer || outletOf(strings.TrimSpace(line[at+n:])).name == "" {
		return line
	}
	return taken
}

// citedOrigin is the outlets that a line names as its origin and nobody beside them;
// empty where it does anything else.
func citedOrigin(line string) string {
	if !citedSigns().in(line) {
		return ""
	}
	m := cited.FindStringSubmatch(line)
	if m == nil || in(registry(), line).name != "" {
		return ""
	}
	for name := range strings.FieldsFuncSeq(m[1], commaMarks.has) {
		if !isOutlet(strings.TrimSpace(name)) {
			return ""
		}
	}
	return strings.TrimSpace(m[1])
}

// isJoining reports what Japanese labels of several words hold: 聞き手・構成, 写真と文.
func isJoining(r rune) bool { return r == '・' || unicode.Is(unicode.Hiragana, r) }

// withoutCommas puts a blank for the comma before a label: 翻訳 松宮レイ、編集 高倉雪.
func withoutCommas(line string) string {
	at := strings.LastIndex(line, "、")
	if at < 0 {
		return line
	}
	if label, _, ok := strings.Cut(line[at+len("、"):], " "); ok && isHanLabel(label) {
		return line[:at] + " " + line[at+len("、"):]
	}
	return line
}

// isHanLabel reports a role word of a script without blanks.
func isHanLabel(w string) bool {
	return (unspaced(firstRune(w)) || isHangul(firstRune(w))) && utf8.RuneCountInString(w) < 9 && roleAlone(w) != ""
}

// startsLabel reports a word that opens with another role word: 文/图.
func startsLabel(w string) bool {
	end := strings.IndexAny(w, labelMarks)
	if end < 0 {
		end = len(w)
	}
	return isHanLabel(w[:end])
}

// looksNamed reports a word that can only be a name.
func looksNamed(w string) bool {
	n := utf8.RuneCountInString(w)
	return allHan(w) && surnames()[firstRune(w)] && n > 1 && n < 5 || japaneseName(w)
}

// markedWord writes the colon into a word that is a label, a mark and a name:
// 撰文_关子辰. A label that the table has with that mark needs none where it opens
// the line.
func markedWord(w string, opens bool) string {
	at := strings.IndexAny(w, labelMarks)
	if at <= 0 || strings.HasSuffix(w, "：") {
		return w
	}
	mark, n := utf8.DecodeRuneInString(w[at:])
	if mark == ':' || mark == '：' || mark == '・' && jobs()[w[:at]] || !isHanLabel(w[:at]) || w[at+n:] == "" || startsLabel(w[at+n:]) {
		return w
	}
	if rest, role, _ := cutRole(w); opens && role != "" && !strings.ContainsRune(labelMarks, firstRune(rest)) {
		return w
	}
	return w[:at] + "：" + w[at+n:]
}

// withoutPaper takes the paper from before a label that a blank parts from its name,
// and writes the colon: 每经记者 陈默 每经编辑 林晓. Whose reporter opens a line is read
// by agencyReporter.
func withoutPaper(w string, at int, next string) string {
	paper := cmp.Or(agencyIn(w), prefixOf(w, ownPapers()))
	if paper == "" || paper == w || !isHanLabel(w[len(paper):]) || !looksNamed(next) {
		return w
	}
	label := w[len(paper):]
	if at < 2 && roleAlone(label) == news.Author {
		return w
	}
	return label + "："
}

// withoutOwners takes the paper from before a label: 每经编辑：陈星.
func (l *Line) withoutOwners(line string) string {
	words := strings.Fields(line)
	for i, w := range words {
		label, _, ok := strings.Cut(strings.Replace(w, "：", ":", 1), ":")
		if !ok || worded(label) {
			continue
		}
		paper := agencyIn(label)
		if rest := label[len(paper):]; paper == "" || roleAlone(rest) == "" {
			continue
		}
		if l.Credit == "" && i == 0 {
			l.Credit = paper
		}
		words[i] = w[len(paper):]
	}
	return strings.Join(words, " ")
}

// deskAndReporter takes the reporter from behind the desk, which is no place: but
// 國際中心/綜合報導.
func deskAndReporter(line string) string {
	if !strings.Contains(line, "/") {
		return ""
	}
	m := deskReporter.FindStringSubmatch(line)
	if m == nil || worded(m[1]) || !surnames()[firstRune(m[2])] || places()[m[2]] || !isBody(m[1]) {
		return ""
	}
	return m[2]
}

// isTaken reports a picture that somebody unnamed lent or that was taken off a
// screen: 翻攝自臉書, 受訪者提供.
func isTaken(text string) bool {
	return prefixOf(text, takenFrom()) != ""
}

// takenFrom opens where a picture was taken from.
var takenFrom = ends("taken")

// countryBefore is a country in brackets before a foreign author's name: （美）约瑟夫·奈.
var countryBefore = pattern(`^[（(【\[〔]\p{Han}{1,4}[)）】\]〕]\s?`)

// withoutHeads writes labels that stand in the brackets of headings as others. One
// alone that is of a picture or a film heads what that shows.
func withoutHeads(line string) string {
	found := bracketedLabel.FindAllStringSubmatch(line, -1)
	if len(found) == 0 || len(found) == 1 && roleAlone(found[0][1]) != news.Author && roleAlone(found[0][1]) != news.Translator {
		return line
	}
	return bracketedLabel.ReplaceAllStringFunc(line, func(s string) string {
		if m := bracketedLabel.FindStringSubmatch(s); roleAlone(m[1]) != "" {
			return " " + m[1] + "："
		}
		return s
	})
}

// namedBefore turns round a line of names with their roles behind: 约瑟夫·奈 著 安刚 译.
func namedBefore(line string) string {
	words := strings.Fields(strings.NewReplacer("；", " ", ";", " ", "，", " ").Replace(countryBefore.ReplaceAllString(line, "")))
	if len(words) < 2 || len(words) > 8 || len(words)%2 != 0 {
		return line
	}
	var out []string
	for i := 0; i < len(words); i += 2 {
		if !closesName(words[i], words[i+1]) || utf8.RuneCountInString(words[i+1]) > 2 || !isHanLabel(words[i+1]) || isHanLabel(words[i]) || strings.ContainsAny(words[i], ":：/") {
			return line
		}
		out = append(out, words[i+1]+"："+words[i])
	}
	return strings.Join(out, " ")
}

// deskSigns end the names of desks in Chinese and Japanese.
var deskSigns = openings("desk-end")

// isHanDesk reports a desk of a paper, which is shorter than other bodies: 編輯部.
func isHanDesk(s string) bool {
	if runes := []rune(s); len(runes) == 3 && families()[string(runes[:2])] { // 長谷部
		return false
	}
	return utf8.RuneCountInString(s) > 2 && deskSigns().has(lastRune(s)) && allHan(s)
}

// ofSchool reports a text in Han characters that names a school or an institute.
func ofSchool(text string) bool {
	r := firstRune(text)
	return unspaced(r) && holdsAny(text, schools())
}

// schools are what schools and institutes are called inside of names.
var schools = ends("school")

// closesName reports a role word that may stand behind a name, or any behind one
// that can be nothing else.
func closesName(name, word string) bool {
	_, _, ok := closed(name+" "+word, name+" "+word)
	return ok || koreanFull(name)
}
