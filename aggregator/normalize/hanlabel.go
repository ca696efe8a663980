package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// labelRules write the labels of an East Asian line with a colon behind each and no
// paper before it, which is how the table has them.
func labelRules(yield func(dispatchRule) bool) {
	each(yield, []dispatchRule{
		{"what the author is", "作者王义桅，系中国人民大学教授", authorOnly},
		{"brackets around East Asian names", "（北京・山田太郎）", withoutHanBrackets},
		{"a job behind a Japanese name", "小川 裕夫：フリーランスライター", withoutJobJapanese},
		{"labels in the brackets of headings", "【文】姫野ケイ", withoutHeads},
		{"a dot before the next label", "文/張毓思．攝影/王建棟", withoutDots},
		{"a label in Latin letters with a Japanese mark", "Text／蛭川薫", latinLabels},
		{"a reporter's post abroad", "駐美特派員廖漢原", withoutPost},
		{"the agency of a picture behind who took it", "陈默 摄/中新社", pictureOf},
		{"names with their roles behind slashes", "王建棟/文 張毓思/圖", slashedNames},
		{read: (*Line).markedLabels},
		{"names with their roles behind blanks", "约瑟夫·奈 著 安刚 译", namedBefore},
		{"a reporter's title behind a label", "图/本报记者 方非", withoutReporters},
		{"a paper before a label and its colon", "每经编辑：陈星", (*Line).withoutOwners},
	})
}

// authorOnly leaves of a line that tells what its author is the author, and nothing
// where it names nobody.
func authorOnly(_ *Line, line string) string {
	if name, told := authorTold(line); told {
		return name
	}
	return line
}

// angled writes the brackets of Japanese pages as others.
var angled = rewriting("＜", "（", "＞", "）", "〈", "（", "〉", "）", "<", "（", ">", "）")

func withoutHanBrackets(_ *Line, line string) string {
	line = angled.Replace(line)
	if inner, ok := parenthesised(line); ok && unspaced(firstRune(inner)) {
		return inner
	}
	return line
}

func withoutJobJapanese(_ *Line, line string) string {
	if name, job, ok := strings.Cut(line, "："); ok && isDeskJapanese(job) && japaneseShape(name) {
		return name
	}
	return line
}

// withoutHeads writes labels that stand in the brackets of headings as others. One
// alone that is of a picture or a film heads what that shows.
func withoutHeads(_ *Line, line string) string {
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

func withoutDots(_ *Line, line string) string {
	if !strings.Contains(line, "．") {
		return line
	}
	return dotBefore.ReplaceAllString(line, "$1 $2")
}

func latinLabels(_ *Line, line string) string {
	return latinLabel.ReplaceAllString(line, "$1: ")
}

func withoutPost(_ *Line, line string) string {
	if !postedSigns().in(line) {
		return line
	}
	return posted.ReplaceAllString(line, "${1}"+labelChinese()+" ")
}

// pictureOf takes the agency of a picture from behind who took it: it is never the
// credit of the copy (ruling 7).
func pictureOf(_ *Line, line string) string {
	taken, agency, ok := cutLastSlash(line)
	if !ok || outletOf(strings.TrimSpace(agency)).name == "" {
		return line
	}
	taken = strings.TrimSpace(taken)
	if _, role, ok := closed(taken, lowered(taken)); !ok || role != news.Photographer {
		return line
	}
	return taken
}

// slashMarks are the slashes of East Asian lines.
var slashMarks = setOf("/／")

// cutLastSlash parts a text at its last slash.
func cutLastSlash(s string) (before, after string, ok bool) {
	at := slashMarks.lastIndex(s)
	if at < 0 {
		return s, "", false
	}
	_, n := utf8.DecodeRuneInString(s[at:])
	return s[:at], s[at+n:], true
}

// mostSlashed is how many words a line of names with their roles behind slashes has.
const mostSlashed = 8

// slashedNames turns round a line of names each of which has its role behind a
// slash, its own or that of the next.
func slashedNames(_ *Line, line string) string {
	if !slashMarks.in(line) {
		return line
	}
	words := strings.Fields(line)
	if len(words) > mostSlashed {
		return line
	}
	if slices.Contains(reporterTitles(), words[0]) {
		words = words[1:]
	}
	var out, before []string // before are names with the next that has a role
	for _, w := range words {
		names, label, slashed := cutLastSlash(w)
		switch {
		case !slashed && looksNamed(w):
			before = append(before, w)
		case slashed && isHanLabel(label) && !isHanLabel(names) && allNamed(names):
			out, before = append(out, label+"："+strings.Join(append(before, names), "、")), nil
		default:
			return line
		}
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

// A labelWord is a word of a line in which labels stand.
type labelWord struct {
	word, label string // the word, and without the marks of a label behind it
	next, name  string // what is behind it, and without such marks before it
	then        string // what is behind that
	at          int
	headed      bool // a label opens the line
}

// A labelWordRule writes a colon behind the label in a word, or in it and the next,
// which it takes, too.
type labelWordRule = rule[func(w labelWord) (written string, takes int)]

// labelWordRules know what parts labels from names beside a colon.
func labelWordRules(yield func(labelWordRule) bool) {
	each(yield, []labelWordRule{
		{"a label, a mark and a name in one word", "撰文_关子辰", labelWord.glued},
		{"a paper before a label and its blank", "每经记者 陈默 每经编辑 林晓", labelWord.owned},
		{"a mark alone behind a label", "文 / 呂思瑩", labelWord.marked},
		{"a mark before the name behind a label", "文 /呂思瑩", labelWord.markBefore},
		{"a mark and a blank behind a label", "文/ 呂思瑩", labelWord.markBehind},
		{"a blank behind a label", "文 張子午 攝影 吳逸驊", labelWord.blank},
	})
}

// mostLabelled is how many words a line of labels and names has.
const mostLabelled = 16

// markedLabels asks the first of labelWordRules that knows for each word.
func (l *Line) markedLabels(line string) string {
	words := strings.Fields(withoutCommas(line))
	if len(words) > mostLabelled {
		return line
	}
	from := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	var out []string
	headed := false
	for i := 0; i < len(words); {
		w := labelWord{word: words[i], label: strings.TrimRight(words[i], labelMarks), next: from(i + 1), then: from(i + 2), at: i, headed: headed}
		w.name = strings.TrimLeft(w.next, labelMarks)
		written, takes := l.writtenLabel(w)
		headed = headed || strings.HasSuffix(written, "：")
		out = append(out, written)
		i += takes
	}
	return strings.Join(out, " ")
}

func (l *Line) writtenLabel(w labelWord) (written string, takes int) {
	for r := range labelWordRules {
		if written, takes := r.read(w); takes > 0 {
			l.tell(r.name)
			return written, takes
		}
	}
	return w.word, 1
}

// glued writes the colon into a word. A label that the table has with that mark
// needs none where it opens the line.
func (w labelWord) glued() (string, int) {
	at := strings.IndexAny(w.word, labelMarks)
	if at <= 0 || strings.HasSuffix(w.word, "：") || isHanLabel(w.label) {
		return "", 0
	}
	mark, n := utf8.DecodeRuneInString(w.word[at:])
	label, name := w.word[:at], w.word[at+n:]
	colon := mark == ':' || mark == '：' || mark == '・' && jobs()[label]
	if colon || !isHanLabel(label) || name == "" || startsLabel(name) || w.at == 0 && opensWithMark(w.word) {
		return "", 0
	}
	return label + "：" + name, 1
}

// opensWithMark reports a word that opens with a label and its mark, both of which
// the table has.
func opensWithMark(word string) bool {
	rest, role, _ := cutRole(word)
	return role != "" && !strings.ContainsRune(labelMarks, firstRune(rest))
}

// owned takes the paper from before a label. Whose reporter opens a line is read by
// agencyReporter.
func (w labelWord) owned() (string, int) {
	if !looksNamed(w.next) {
		return "", 0
	}
	paper := cmp.Or(agencyIn(w.word), prefixOf(w.word, ownPapers()))
	label := w.word[len(paper):]
	if paper == "" || label == "" || isHanLabel(w.label) || !isHanLabel(label) || w.at < 2 && roleAlone(label) == news.Author {
		return "", 0
	}
	return label + "：", 1
}

func (w labelWord) marked() (string, int) {
	if w.word != w.label || w.name != "" || w.then == "" || startsLabel(w.then) || !isHanLabel(w.label) {
		return "", 0
	}
	return w.label + "：", 2
}

func (w labelWord) markBefore() (string, int) {
	if w.word != w.label || w.name == w.next || w.name == "" || startsLabel(w.name) || !isHanLabel(w.label) {
		return "", 0
	}
	return w.label + "：" + w.name, 2
}

func (w labelWord) markBehind() (string, int) {
	if w.word == w.label || w.next == "" || startsLabel(w.next) || !isHanLabel(w.label) {
		return "", 0
	}
	return w.label + "：", 1
}

// blank knows a label before a name where the line opens with one.
func (w labelWord) blank() (string, int) {
	if w.word != w.label || w.at > 0 && !w.headed || suffixOf(w.word, reporterTitles()) != "" || !isHanLabel(w.label) {
		return "", 0
	}
	joined := w.at == 0 && strings.ContainsFunc(w.word, isJoining) && japaneseShape(w.next)
	if !joined && !looksNamed(w.next) {
		return "", 0
	}
	return w.label + "：", 1
}
