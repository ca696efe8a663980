package normalize

import (
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

// labelSigns stand behind labels, colons behind those that the table has.
var labelSigns, colons = setOf(":：/|"), setOf(":：")

// withoutReporters takes a reporter's title from behind a label of other work.
func withoutReporters(_ *Line, line string) string {
	if !titleSigns().in(line) || !labelSigns.in(line) {
		return line
	}
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

// labelMarks stand between a label and its name in Chinese and Japanese lines.
const labelMarks = "/／:：|=＝._．·‧•・◎○-"

// citedAlone reads a line that names outlets as its origin and nobody beside them.
func citedAlone(line string) (Line, bool) {
	if !citedSigns().in(line) {
		return Line{}, false
	}
	m := cited.FindStringSubmatch(line)
	if m == nil || in(registry(), line).name != "" {
		return Line{}, false
	}
	for name := range strings.FieldsFuncSeq(m[1], commaMarks.has) {
		if !isOutlet(strings.TrimSpace(name)) {
			return Line{}, false
		}
	}
	return Line{Credit: strings.TrimSpace(m[1])}, true
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

// withoutOwners takes the paper from before a label: 每经编辑：陈星.
func (l *Line) withoutOwners(line string) string {
	if !colons.in(line) {
		return line
	}
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

// isTaken reports a picture that somebody unnamed lent or that was taken off a
// screen: 翻攝自臉書, 受訪者提供.
func isTaken(text string) bool {
	return prefixOf(text, takenFrom()) != ""
}

// takenFrom opens where a picture was taken from.
var takenFrom = ends("taken")

// countryBefore is a country in brackets before a foreign author's name: （美）约瑟夫·奈.
var countryBefore = pattern(`^[（(【\[〔]\p{Han}{1,4}[)）】\]〕]\s?`)

// partsRoles reports what parts the names of such a line.
func partsRoles(r rune) bool { return unicode.IsSpace(r) || r == '；' || r == ';' || r == '，' }

// namedBefore turns round a line of names with their roles behind: 约瑟夫·奈 著 安刚 译.
func namedBefore(_ *Line, line string) string {
	words := strings.FieldsFunc(countryBefore.ReplaceAllString(line, ""), partsRoles)
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
