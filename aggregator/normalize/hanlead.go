package normalize

import (
	"strings"

	"copydesk/aggregator/news"
)

var (
	hanAgency   = pattern(`^[（(【]?{cites}?\s?(\p{Han}{2,22}?)\s?((?:\d{4}{year/zh})?(?:\d{1,2}{month/zh})?\d{1,2}{date/zh}){round-up}?\s?{foreign-wire}?\s?(?:{dispatch}|{bulletin}|{message}|{report})`)
	hanPeople   = pattern(`^[^。]{0,20}?[（(]\s?((?:[\p{Han}·]{0,14}\s?)(?:{reporter/zh}|{stringer})[^（()）]{2,40})[)）]`)
	hanFirst    = pattern(`^\p{Han}{2,12}(?:{bulletin}|{message})\s?[（(]\s?((?:[\p{Han}·]{0,14}\s?)(?:{reporter/zh}|{stringer})[^（()）]{2,40})[)）]`)
	hanSigned   = pattern(`^[（(【〔［\[]([\p{Han}·\-]{0,14}?\s?(?:{reporter/zh}|{correspondent}|{compiler})[^）)】〕］\]]{2,30})[）)】〕］\]]`)
	hanTold     = pattern(`^(?:[【〔（(]?[\p{Han}\d]{1,16}(?:{bulletin}|{dispatch})[】〕）)]?[：:，,]?\s?)?\p{Han}{0,4}{reporter/zh}\s?(\p{Han}{2,4}(?:[、\s]{own-paper}?(?:{stringer}|{trainee})?\s?\p{Han}{2,4}){0,3})\s?(?:\p{Han}{2,3})?{report}(?:[：:，,\s]|$)`)
	hanFiled    = pattern(`^[【〔［（(\[](?:\p{Han}{2,6}\s)?(\p{Han}{2,4}(?:、\p{Han}{2,4}){0,3})\s?/\s?\p{Han}{2,6}{report}[】〕］）)\]]`)
	hanNamed    = pattern(`^\s?[（(]\s?(\p{Han}{2,4}(?:[、\s]+\p{Han}{2,4}){0,3})\s?[)）]`)
	kanjiLead   = pattern(`^[【［\[]\s?([\p{Han}\p{Katakana}ー]{2,12}?)?\s?((?:\d{1,2}{month/zh})?\d{1,2}{date/zh})?\s?([\p{Latin}\p{Han}\p{Katakana}ー]{2,14}(?: \p{Latin}{2,12}){0,2})[】］\]]`)
	kanjiAgency = pattern(`^[【［\[](\p{Han}{3,8}?)((?:\d{1,2}{month/zh})?\d{1,2}{date/zh})(?:{dispatch}|[】］\]])`)
	slashAgency = pattern(`^[【［\[(（](\p{Han}{2,8})[／/](\p{Han}{2,6}?)((?:\d{1,2}{month/zh})?\d{1,2}{date/zh})?{round-up}?{foreign-wire}?(?:{dispatch}|{report})`)
	hanBrief    = pattern(`^{cites}?(\p{Han}{2,8}?){app}?(?:{bulletin-front}?{bulletin}|{message}|{report}|{dispatch})\s?[：:，,（(\s]`)
	hanBracket  = pattern(`^(?:[（(［\[]\s?([\p{Katakana}\p{Han}ー]{2,14})\s?[）)］\]]\s?[:：\-―—–]|[【〔]\s?([\p{Katakana}\p{Han}ー]{2,14}?)(?:{round-up}?{report}|{bulletin-front}?{bulletin}|{dispatch}|{message})?\s?[】〕]|[（(]\s?(\p{Han}{2,14}?)(?:{round-up}|{bulletin-front})?{bulletin}[）)])`)
)

// hanLead reads leads of Chinese and Japanese copy.
func hanLead(text string) lead { return firstLead(narrowed.Replace(text), hanLeads) }

// hanLeads know what papers open their own copy with, then what agencies do.
func hanLeads(yield func(leadRule) bool) {
	each(yield, []leadRule{
		{"a reporter before the word for a report", "本报讯 记者张楠报道 渡轮昨天停航，居民安全。", toldLead},
		{"an outlet in brackets", "【环球网报道】渡轮昨天停航，居民安全。", bracketedOutlet},
		{"who filed a report, in brackets", "【王超群/綜合報導】渡輪昨天停航，居民安全。", filedBrackets},
		{"a role word in brackets", "【文/王超群】渡輪昨天停航，居民安全。", workBrackets},
		{"a place and a reporter in Japanese brackets", "【ソウル堀山明子】渡し船は昨日止まった。", signedBrackets},
		{"an agency, a slash, a place and a day", "【中央社／台北3日電】渡輪昨天停航，居民安全。", slashLead},
		{"an agency, a place and a day in brackets", "【新華社北京11月10日】渡輪昨天停航，居民安全。", dayLead},
		{"the word for an agency's message", "央视网消息：渡轮昨天停航，居民安全。", briefLead},
		{"a place, a day and an agency in brackets", "[東京 10日 ロイター] 渡し船は昨日止まった。", kanjiBrackets},
		{"a reporter, a place and a day in brackets", "（中央社記者王小明台北10日電）渡輪昨天停航，居民安全。", reporterBrackets},
		{"a reporter, a place and a day", "中央社記者王小明台北10日電 渡輪昨天停航，居民安全。", reporterDay},
		{"an agency, a place and a day", "新华社北京11月10日电 渡轮昨天停航，居民安全。", agencyDay},
		{"a reporter behind the word for a message", "晨报讯（记者张楠）渡轮昨天停航，居民安全。", firstReporter},
		{"a place that we know and a dash", "香港——渡轮昨天停航，居民安全。", dashedHan},
	})
}

// dashedHan reads the place of copy that was translated, before the dash of its dateline.
func dashedHan(text string) (lead, bool) {
	place, _, ok := strings.Cut(text[:min(len(text), longestPlace)], "—")
	place = strings.TrimSpace(place)
	if !ok || !opensDateline(place) {
		return lead{}, false
	}
	return lead{Dateline: news.Dateline{Place: place}}, true
}

func slashLead(text string) (lead, bool) {
	m := slashAgency.FindStringSubmatch(text)
	if m == nil || in(registry(), m[1]).name == "" {
		return lead{}, false
	}
	return lead{Dateline: news.Dateline{Place: m[2], Date: m[3]}, agency: m[1]}, true
}

func dayLead(text string) (lead, bool) {
	m := kanjiAgency.FindStringSubmatch(text)
	if m == nil {
		return lead{}, false
	}
	agency, place := agencyAndPlace(m[1])
	return lead{Dateline: news.Dateline{Place: place, Date: m[2]}, agency: agency}, agency != ""
}

func briefLead(text string) (lead, bool) {
	m := hanBrief.FindStringSubmatch(text)
	if m == nil || agencyIn(m[1]) != m[1] {
		return lead{}, false
	}
	l := lead{agency: m[1]}
	if p := hanPeople.FindStringSubmatch(text); p != nil {
		l.people = p[1]
	}
	return l, true
}

func kanjiBrackets(text string) (lead, bool) {
	m := kanjiLead.FindStringSubmatch(text)
	if m == nil {
		return lead{}, false
	}
	l := bracketLead(m[1], m[2], m[3])
	return l, l.agency != ""
}

func reporterBrackets(text string) (lead, bool) {
	m := hanSigned.FindStringSubmatch(text)
	if m == nil {
		return lead{}, false
	}
	return signedLead(m[1]), true
}

func reporterDay(text string) (lead, bool) {
	m := hanReporter.FindStringIndex(text)
	if m == nil || m[0] >= nearLead {
		return lead{}, false
	}
	return signedLead(text[:m[1]]), true
}

func agencyDay(text string) (lead, bool) {
	m := hanAgency.FindStringSubmatchIndex(text)
	if m == nil {
		return lead{}, false
	}
	l := lead{Dateline: news.Dateline{Date: text[m[4]:m[5]]}}
	l.agency, l.Place = agencyAndPlace(text[m[2]:m[3]])
	if who := text[m[2]:m[3]]; l.agency == "" && !opensOwn(who) && isOutlet(who) { // 大洋网11月10日电
		l.agency, l.Place = who, ""
	}
	if p := hanPeople.FindStringSubmatch(text[m[1]:]); p != nil {
		l.people = p[1]
	} else if p := hanNamed.FindStringSubmatch(text[m[1]:]); p != nil && surnames()[firstRune(p[1])] { // 电 (方伟彬 孔令菲)
		l.people = labelChinese() + " " + p[1]
	}
	if l.agency == "" && !opensOwn(text[m[2]:m[3]]) && l.people == "" {
		return lead{}, true
	}
	return l, true
}

func firstReporter(text string) (lead, bool) {
	m := hanFirst.FindStringSubmatch(text)
	if m == nil {
		return lead{}, false
	}
	return lead{people: m[1]}, true
}

// narrowed writes the wide figures and marks of a dispatch as narrow ones.
var narrowed = rewriting("＝", "=", "╱", "/", "／", "/", "０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")

// bracketedOutlet reads （ブルームバーグ）：, 【大公報訊】（記者 吳俊宇）, （联合早报讯） and
// （吉隆坡综合讯）.
func bracketedOutlet(text string) (lead, bool) {
	m := hanBracket.FindStringSubmatch(text)
	if m == nil {
		return lead{}, false
	}
	name := m[1] + m[2] + m[3]
	l := lead{agency: name}
	switch {
	case wire(name).name != "":
	case m[3] != "" && in(places(), name):
		return lead{Dateline: news.Dateline{Place: name}}, true
	default:
		return lead{}, false
	}
	if p := hanPeople.FindStringSubmatch(text[len(m[0]):]); p != nil && strings.HasPrefix(text, "【") {
		l.people = p[1]
	}
	return l, true
}

// filedBrackets reads 【王超群/綜合報導】, and [國際中心/綜合報導] for a desk.
func filedBrackets(text string) (lead, bool) {
	inner, _, ok := bracketsAt(text)
	if !ok {
		return lead{}, false
	}
	m := hanFiled.FindStringSubmatch(text)
	switch {
	case m == nil:
		return lead{}, false
	case isBody(m[1]):
		return lead{people: inner}, true
	}
	return lead{people: labelJapanese() + " " + m[1]}, surnames()[firstRune(m[1])]
}

func workBrackets(text string) (lead, bool) {
	inner, rest, ok := bracketsAt(text)
	place := filedFrom(inner)
	if !ok || rest == "" && place == "" || !strings.ContainsAny(inner, "/:：") {
		return lead{}, false
	}
	_, role, _ := cutRole(inner)
	return lead{people: inner, Dateline: news.Dateline{Place: place}}, role == news.Author
}

// filedFrom is the place behind the slash of 記者王小明／台北報導; empty where none that we
// know stands there.
func filedFrom(inner string) string {
	_, filed, _ := cutLastSlash(inner)
	for _, report := range reportsHan() {
		if place, ok := strings.CutSuffix(strings.TrimSpace(filed), report); ok && in(places(), place) {
			return place
		}
	}
	return ""
}

// reportsHan are words for a report behind where it was filed.
var reportsHan = wordsIn("report")

func signedBrackets(text string) (lead, bool) {
	inner, _, ok := bracketsAt(text)
	if !ok || !strings.HasPrefix(text, "【") {
		return lead{}, false
	}
	l, ok := signedJapanese(inner)
	return l, ok && l.Place+l.agency != ""
}

// toldLead reads reporters that no brackets hold: 本报讯 记者张楠报道.
func toldLead(text string) (lead, bool) {
	if !reporterSigns().in(text) {
		return lead{}, false
	}
	m := hanTold.FindStringSubmatch(text)
	if m == nil || !surnames()[firstRune(m[1])] || cameraSigns().in(m[0]) {
		return lead{}, false
	}
	l := lead{agency: agencyIn(strings.TrimLeft(text, "【〔（(")), people: labelChinese() + " " + withoutTownHan(m[1])}
	if d := hanAgency.FindStringSubmatch(text); d != nil {
		l.Place, l.Date = placeBehind(d[1], l.agency), d[2]
	}
	return l, true
}

// withoutTownHan takes the place from which he reports from behind a reporter of two
// signs or three: 張三北京.
func withoutTownHan(people string) string {
	runes := []rune(people)
	if n := len(runes); n == 4 && allHan(people) && in(places(), string(runes[2:])) {
		return string(runes[:2])
	}
	return people
}

// ownTitles are what may stand between an agency and the place.
var ownTitles = wordsIn("own-paper", "reporter/zh", "app")

// placeBehind is the place behind the agency in 新华社北京.
func placeBehind(text, agency string) string {
	text = strings.TrimPrefix(text, agency)
	for _, own := range ownTitles() {
		text = strings.TrimPrefix(text, own)
	}
	return text
}

// bracketLead reads 【北京共同】 and [東京 10日 ロイター].
func bracketLead(place, date, agency string) lead {
	if outletOf(agency).name != "" {
		return lead{Dateline: news.Dateline{Place: place, Date: date}, agency: agency}
	}
	whole := []rune(place + agency)
	for n := 1; n < len(whole); n++ {
		if name := string(whole[n:]); in(registry(), name).name != "" && len(whole)-n > 1 {
			return lead{Dateline: news.Dateline{Place: string(whole[:n]), Date: date}, agency: name}
		}
	}
	return lead{}
}

// hanReporter is the reporter, the place and the day of 記者王小明台北10日電.
var hanReporter = pattern(`{reporter/zh}(?:\p{Han}{2,4}、)*(\p{Han}{4,8}?)((?:\d{4}{year/zh})?(?:\d{1,2}{month/zh})?\d{1,2}{date/zh}){dispatch-front}{0,2}(?:{dispatch}|{round-up})`)

// signedLead reads what stands in the brackets of 中央社記者王小明台北10日電.
func signedLead(inner string) lead {
	l := lead{agency: agencyIn(inner), people: "（" + inner + "）"}
	if m := hanReporter.FindStringSubmatch(inner); m != nil {
		l.Place, l.Date = strings.TrimPrefix(m[1], personIn(m[1])), m[2]
	}
	return l
}
