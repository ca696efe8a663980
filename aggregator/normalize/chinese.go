package normalize

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	// spacedLabel is a role word of one or two signs with a blank around the mark
	// behind it, or a mark that is none elsewhere: 文 / 呂思瑩, 文．林欣婕, 撰文_关子辰.
	spacedLabel = regexp.MustCompile(`(^|[\s，。；;、])(\p{Han}{1,4})\s?[_．·‧•․]\s?(\p{Han})|(^|[\s，。；;、])(\p{Han}{1,4})\s?([/／:：|])\s(\p{Han})`)

	// reporterBehind is a reporter's title behind another label: 图/本报记者 方非.
	reporterBehind = regexp.MustCompile(`(\p{Han}{1,4}\s?[/:：|]\s?)\p{Han}{0,9}?(?:记者|記者|通讯员|通訊員)\s?`)

	// authorIs tells what an author is: 作者王义桅，系中国人民大学教授.
	authorIs = regexp.MustCompile(`^[（(●▲■※*\s]*(?:作者|笔者|筆者)[：:\s]*(\p{Han}[\p{Han}·]{1,12}?)?\s?[，,]?\s?(?:系|係|为|為|是|现任|現任|现为|現為)\p{Han}[^：:]{3,}$`)

	// posted is a reporter's post abroad: 駐美特派員廖漢原.
	posted = regexp.MustCompile(`^([（(〔【「\s]*)(?:本报|本報)?(?:驻|駐)\p{Han}{1,4}?(?:特派|特约|特約)?(?:记者|記者|特派員|特派员)\s?`)

	// deskReporter is a desk and its reporter: 國際中心/林昭彰報導.
	deskReporter = regexp.MustCompile(`^([\p{Han}\w]{2,9})\s?/\s?(?:記者|记者|編譯|编译)?(\p{Han}{2,4})(?:/\p{Han}{2,4})?(?:綜合|综合|即時|專題)?(?:報導|报导|報道|报道)$`)

	// issue is the number of a paper: 《人民日报》（2023年11月10日 第 07 版）.
	issue = regexp.MustCompile(`《\s?[\p{Han}]{2,8}\s?》\s?[（(][^（()）]{4,40}版\s?[)）]`)
)

// hanLabels writes the labels of a Chinese line with a colon behind each and no
// paper before it, which is how the table has them.
func (l *Line) hanLabels(line string) string {
	if m := authorIs.FindStringSubmatch(line); m != nil {
		if m[1] == "" {
			return ""
		}
		return "作者：" + m[1]
	}
	line = spacedLabel.ReplaceAllStringFunc(line, func(s string) string {
		m := spacedLabel.FindStringSubmatch(s)
		if m[2] != "" && roleAlone(m[2]) != "" {
			return m[1] + m[2] + "：" + m[3]
		}
		if m[5] != "" && roleAlone(m[5]) != "" {
			return m[4] + m[5] + "：" + m[7]
		}
		return s
	})
	line = bareLabels(posted.ReplaceAllString(line, "${1}记者 "))
	if !strings.ContainsAny(line, ":：/|") {
		return line
	}
	if strings.ContainsAny(line, "记記员員") {
		line = reporterBehind.ReplaceAllStringFunc(line, func(s string) string {
			m := reporterBehind.FindStringSubmatch(s)
			if role := roleAlone(strings.TrimRight(m[1], " /:：|")); role != "" && role != "author" {
				return m[1]
			}
			return s
		})
	}
	return l.withoutOwners(line)
}

// bareLabels puts colons behind role words of one sign that only a blank parts from
// the name: 文 張子午 攝影 吳逸驊.
func bareLabels(line string) string {
	words := strings.Fields(line)
	if len(words) < 2 || len(words) > 12 || utf8.RuneCountInString(words[0]) != 1 {
		return line
	}
	for i := 0; i+1 < len(words); i++ {
		if utf8.RuneCountInString(words[i]) == 1 && roleAlone(words[i]) != "" && surnames()[firstRune(words[i+1])] && utf8.RuneCountInString(words[i+1]) > 1 {
			words[i] += "："
		}
	}
	return strings.Join(words, " ")
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
	if m == nil || worded(m[1]) || !surnames()[firstRune(m[2])] || places()[m[2]] || !isBody(m[1]) && !strings.HasSuffix(m[1], "新聞") {
		return ""
	}
	return m[2]
}

// isTaken reports a picture that somebody unnamed lent or that was taken off a
// screen: 翻攝自臉書, 受訪者提供.
func isTaken(text string) bool {
	for _, opening := range takenFrom() {
		if strings.HasPrefix(text, opening) {
			return true
		}
	}
	return false
}

// takenFrom opens where a picture was taken from.
var takenFrom = ends("taken")
