package normalize

import (
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

var (
	koreanOpen  = pattern(`^\s?([\p{Hangul}·]{2,10})(?:\s[\p{L}]{2,10})?\s?=\s?([\p{L}\d /]{2,16}?)\s?$`)
	koreanNames = pattern(`^\s?([\p{Hangul}·,\s]{2,36}{reporter/ko})\s?(?:=|$)`)
)

// copulas end the names of reporters on the air, verbEnds any sentence.
var copulas, verbEnds = wordsIn("copula"), wordsIn("verb-end/ko")

// koreanMarks part what stands before the names of a lead, koreanEnds end that.
var koreanMarks, koreanEnds = marksAnd(" =|,/()", "bar"), marksAnd(" ,=|/)", "bar")

// longestKoreanLead is the longest text, in bytes, of the brackets that open
// Korean copy.
const longestKoreanLead = 120

// koreanLead reads leads of Korean copy: agency and place in brackets and the
// reporters behind, "(서울=연합뉴스) 김철수 기자 =", or all of them in the brackets
// in whatever order, "[OSEN=수원, 김철수 기자]".
func koreanLead(text string) lead {
	inner, rest, ok := bracketsAt(text)
	if !ok {
		if head, _, ok := strings.Cut(text, "="); ok && len(head) < longestKoreanLead/2 { // "아시아투데이 김철수 기자 ="
			if l := signedKorean(head); l.agency != "" && outletOf(l.agency).name != "" {
				return l
			}
		}
		return lead{}
	}
	if l := signedKorean(inner); l.people != "" {
		return l
	}
	m := koreanOpen.FindStringSubmatch(inner)
	if m == nil || roleAlone(m[1]) != "" { // "[사진=연합뉴스]"
		return lead{}
	}
	if _, role, _ := closed(m[2], strings.ToLower(m[2])); role == news.Author { // "[헤럴드경제=제이슨 모리스 기자]"
		return lead{agency: m[1], people: m[2]}
	}
	l := lead{Dateline: news.Dateline{Place: m[1]}, agency: m[2]}
	if n := koreanNames.FindStringSubmatch(rest); n != nil {
		l.people = n[1]
		if bare, _, ok := closed(n[1], n[1]); ok {
			if before, names := koreanTail(bare); names != nil && strings.TrimSpace(before) == "" {
				l.people = strings.Join(names, ", ") + " " + labelKorean()
			}
		}
	}
	return l
}

// bracketsAt parts the brackets that open a text from what is behind them.
func bracketsAt(text string) (inner, rest string, ok bool) {
	first, n := utf8.DecodeRuneInString(text)
	shut, ok := map[rune]string{'[': "]", '【': "】", '(': ")", '（': "）", '［': "］", '〔': "〕"}[first]
	if !ok {
		return "", "", false
	}
	inner, rest, ok = strings.Cut(text[n:], shut)
	return inner, rest, ok && len(inner) < longestKoreanLead
}

// signedKorean reads paper, place and reporters that a job ends: "마이데일리 = 잠실
// 김철수 기자".
func signedKorean(inner string) lead {
	bare, role, ok := closed(inner, strings.ToLower(inner))
	if !ok || role != news.Author {
		return lead{}
	}
	rest, names := koreanTail(bare)
	if names == nil {
		return lead{}
	}
	l := lead{people: strings.Join(names, ", ") + " " + labelKorean()}
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return koreanMarks().has(r) }) {
		switch {
		case roleAlone(w) == news.Photographer: // "[사진=김철수 기자]"
			return lead{}
		case l.Place == "" && in(places(), w):
			l.Place = w
		case l.agency == "":
			l.agency = w
		}
	}
	return l
}

// koreanTail takes the names from the end of a text, which blanks, commas and dots
// part.
func koreanTail(text string) (rest string, names []string) {
	for {
		text = strings.TrimRight(text, " ,")
		i := strings.LastIndexFunc(text, koreanEnds().has)
		word := text[i+1:]
		if i >= 0 && text[i] >= utf8.RuneSelf {
			_, n := utf8.DecodeRuneInString(text[i:])
			word = text[i+n:]
		}
		several := strings.Split(word, "·")
		for _, w := range several {
			if !koreanName(w) || len(names) > 0 && len(several) == 1 && !koreanFull(w) && strings.Contains(text[:i+1], "=") {
				return text, names
			}
		}
		names = append(several, names...)
		if i < 0 || !strings.ContainsAny(text[i:i+1], " ,") {
			return text[:len(text)-len(word)], names
		}
		text = text[:i]
	}
}

// koreanName reports a family name of Korea and one or two signs behind it, that
// mean nothing else.
func koreanName(w string) bool {
	n := utf8.RuneCountInString(w)
	return (koreanFull(w) || n == 2 && surnames()[firstRune(w)] && hangulName(w)) && !in(places(), w) && !isOutlet(w) && !isJobWord(w) && !koreanDesks()[w]
}

// koreanFull reports a name of three signs, or of four with a family name of two.
func koreanFull(w string) bool {
	if !hangulName(w) {
		return false
	}
	runes := []rune(w)
	switch len(runes) {
	case 3:
		if foreignEnds()[runes[2]] { // 제이슨
			return false
		}
		return surnames()[runes[0]] || compounds()[string(runes[:2])]
	case 4:
		return compounds()[string(runes[:2])]
	}
	return false
}

// spacedHangul parts Korean names that only blanks part: 이정훈 김도윤.
func spacedHangul(n name) []name {
	words := strings.Fields(n.text)
	if len(words) < 2 {
		return []name{n}
	}
	out := make([]name, 0, len(words))
	for _, w := range words {
		if !koreanFull(w) || !koreanName(w) {
			return []name{n}
		}
		out = append(out, name{text: w, affiliation: n.affiliation, placed: n.placed})
	}
	return out
}

// koreanSentence reports what ends in a verb, as no line of names does.
func koreanSentence(text string) bool {
	words := strings.Fields(text)
	if len(words) < 3 {
		return false
	}
	last := strings.TrimRight(words[len(words)-1], ".,")
	return utf8.RuneCountInString(last) > 1 && suffixOf(last, verbEnds()) != "" && !koreanFull(last)
}

// broadcast reads how reporters of stations sign: "MBC뉴스 김철수입니다.", "YTN 김철수".
func broadcast(line string) (Line, bool) {
	if !strings.ContainsFunc(line, isHangul) {
		return Line{}, false
	}
	words := strings.Fields(strings.Trim(line, ".| "))
	if len(words) < 2 || len(words) > 7 {
		return Line{}, false
	}
	last := words[len(words)-1]
	copula := suffixOf(last, copulas())
	says := copula != ""
	last = strings.TrimSuffix(last, copula)
	if !koreanFull(last) && !(says && koreanName(last)) || !says && len(words) > 3 {
		return Line{}, false
	}
	for n := min(len(words)-1, 2); n > 0; n-- {
		station := strings.Join(words[len(words)-1-n:len(words)-1], " ")
		if outletOf(station).name == "" && !(says && isOutlet(station)) || !says && len(words) > n+1 {
			continue
		}
		return Line{People: []news.Person{{Name: last, Role: news.Author}}, Credit: station}, true
	}
	return Line{}, false
}

// areDesks reports words that are all desks of a paper: "편집국 사회부".
func areDesks(text string) bool {
	for w := range strings.FieldsSeq(text) {
		if !koreanDesks()[w] && !(strings.IndexFunc(w, notHangul) < 0 && hasEnd(w, deskEnds())) {
			return false
		}
	}
	return true
}

// foreignEnds end foreign names in Korean, and hardly any of its own.
var foreignEnds = signs("foreign-ko")

// deskEnds end the names of desks in Korean.
var deskEnds = ends("deskish-ko")

// koreanRow parts names that each have a job behind them and no mark: "정성조 특파원
// 김동현 기자"; nil where there are not several.
func koreanRow(text string) []name {
	if !isHangul(firstRune(text)) || !strings.Contains(text, " ") {
		return nil
	}
	var out []name
	jobs := 0
	for w := range strings.FieldsSeq(text) {
		switch {
		case isJobWord(w) && len(out) > jobs:
			jobs++
		case koreanFull(w) && koreanName(w) && len(out) == jobs:
			out = append(out, name{text: w})
		default:
			return nil
		}
	}
	if len(out) < 2 || jobs == 0 {
		return nil
	}
	return out
}

// koreanJobs reports jobs that dots or commas part: 작가·문학평론가.
func koreanJobs(text string) bool {
	for job := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("·,/、", r) }) {
		if !koreanJob(job) {
			return false
		}
	}
	return true
}
