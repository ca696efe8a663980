package normalize

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// A lead is what opens agency copy: "BEIJING, Nov. 10 (Xinhua) --",
// "新华社北京11月10日电（记者张三）", "(서울=연합뉴스) 김철수 기자 =".
type lead struct {
	news.Dateline
	agency string // as printed
	people string // a line of those who are named in it
	rule   string // that read it
}

// leadLength is how far into a text its lead can reach, in bytes.
const leadLength = 260

// leadOf reads the lead of a text; zero where it has none. The text itself
// stays as printed.
func leadOf(text string) lead {
	end := min(len(text), leadLength)
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	text = text[:end]
	for len(text) > 0 && !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	text = withoutHijri(text)
	r := firstRune(strings.TrimLeft(text, "(（[［【〔 "))
	switch {
	case isHangul(r):
		return koreanLead(text)
	case unspaced(r) || r == 'ー' || unicode.IsDigit(r) && strings.ContainsFunc(text, unspaced):
		return hanLead(text)
	case len(text) > 0 && (text[0] == '[' || text[0] == '(') && strings.ContainsFunc(text[:min(len(text), longestKoreanLead)], isHangul): // [OSEN=수원, 김철수 기자]
		if l := koreanLead(text); l.people != "" {
			return l
		}
	}
	return alphabetLead(text).withoutKicker().ofText()
}

// sameDays stand between a day of the Islamic calendar and ours.
var sameDays = ends("same-day")

// withoutHijri leaves out the day of the Islamic calendar before that of ours: "الرياض 17
// رجب 1448 هـ الموافق 27 نوفمبر 2026 م واس".
func withoutHijri(text string) string {
	for _, same := range sameDays() {
		before, behind, ok := strings.Cut(text, " "+same+" ")
		if day := strings.IndexFunc(before, isFigure); ok && day > 0 && in(hijriMonths(), firstWord(strings.TrimLeftFunc(before[day:], func(r rune) bool { return isFigure(r) || r == ' ' }))) {
			return before[:day] + behind
		}
	}
	return text
}

// ofText is a lead that is none where the line says whose picture it stands below: "PHOTO
// ANNE ROUX, LA PRESSE".
func (l lead) ofText() lead {
	if _, w, ok := opened(l.Place, lowered(l.Place)); ok && w.role == news.Photographer {
		return lead{}
	}
	return l
}

// withoutKicker is a lead without a place that is none: what papers set in its
// stead above short pieces and news that has just come in.
func (l lead) withoutKicker() lead {
	if l.Place == "" || !in(kickers(), l.Place) {
		return l
	}
	if l.Place = ""; l.Dateline == (news.Dateline{}) && l.agency+l.people == "" {
		return lead{}
	}
	return l
}

// A leadRule reads the lead of a text. ok says that it is that rule's: it may be
// none nonetheless.
type leadRule = rule[func(text string) (l lead, ok bool)]

// firstLead is the lead that the first of rules reads.
func firstLead(text string, rules iter.Seq[leadRule]) lead {
	for r := range rules {
		if l, ok := r.read(text); ok {
			return l.by(r.name)
		}
	}
	return lead{}
}

// by names the rule that read a lead, if it is one.
func (l lead) by(rule string) lead {
	if l != (lead{}) {
		l.rule = rule
	}
	return l
}

// nearLead is how far into a text its reporter can be, in bytes.
const nearLead = 30

var (
	bracketAgency = pattern(`(?:[(（\[]\s?([^()（）\[\]/]{2,40}?)((?:\s?/\s?\p{L}[\p{L} .-]{0,24}?){0,3})\s?[)）\]]|/\s?([^/\s][^/]{1,30})/)\s?(?:[.।]?\s?(?:-{1,3}|—|–|―|−|:|：|>)+|[.।]?\s)`)
	knownLead     = pattern(`^(\p{Lu}{2}[\p{Lu} .'’-]{0,28}\p{Lu})((?:, \p{Lu}[\p{L} ]{1,25})?)( -|\.\s?[-–—])\s?\p{Lu}`)
	placeBracket  = pattern(`^\((\p{Lu}[\p{L} .'’-]{2,28})\) [\p{Lu}«“"]`)
	deskBehind    = pattern(`^/[\p{L}-]{1,12}$`)
	colonLead     = pattern(`^((?:\p{Lu}{2,}[ /-]?){1,5})(?:, ((?i:{month-name/en})\.? \d{1,2}|\d{1,2} (?i:{month-name/en})))?: [\p{Lu}"“‘']`)
	bareLead      = pattern(`^(\p{Lu}{3}[\p{Lu}.' -]{0,30}(?:, \p{Lu}[\p{L}. ]{1,25})?)(?:, ((?i:{month-name/en})\.? \d{1,2}))?\s?(?:--|—|–)(?:\s|$)`)
)

// alphabetLead reads leads of scripts with blanks: an agency in brackets or
// between slashes, with a place and a date before it or behind.
func alphabetLead(text string) lead {
	if m := agencyAt(text); m != nil {
		name, _ := agencyPrinted(text, m)
		mark := agencyMark{text: text, from: m[0], to: m[1], name: name}
		if word, rest, ok := strings.Cut(mark.name, " "); ok && isJobWord(word) { // "Корр. БЕЛТА"
			mark.name, mark.reporter = rest, rest
		}
		for r := range markedLeads {
			if l, ok := r.read(mark); ok {
				return l.by(r.name)
			}
		}
	}
	return firstLead(text, unmarkedLeads)
}

// An agencyMark is where an agency may stand in a text, in brackets or between
// slashes.
type agencyMark struct {
	text     string
	from, to int
	name     string
	reporter string // what stands behind a job; empty where none does
}

// A markedRule reads a lead around such a mark.
type markedRule = rule[func(agencyMark) (lead, bool)]

func markedLeads(yield func(markedRule) bool) {
	each(yield, []markedRule{
		{"an agency's job and its reporter", "МИНСК, 10 ноября. /Корр. ТАСС Павел Ладыгин/. Паромы стояли.", reporterMarked},
		{"a place and its reporter in brackets", "پشاور (رپورٹ: عثمان یوسفزئی) کشتیاں رک گئیں۔", placeMarked},
		{"By, reporters and a place in capitals before an agency", "By Ann Lee and Bob Roy LISBON, Nov. 24 (Reuters) - The boats stood still.", bylineMarked},
		{"reporters and a place before an agency", "Elif KAYA/ERZURUM, (DHA)- Vapurlar durdu.", reportersMarked},
		{"a place and the sign of the paper's own desk", "BAD EMS - (red). Die Fähren standen still.", ownMarked},
		{"an agency that is marked", "LISBON, Nov. 24 (Reuters) - The boats stood still.", agencyMarked},
		{"an agency and its branch", "LISBON (AFP Tidenews) - The boats stood still.", branchMarked},
		{"a network and the channel of its station", "LISBON (CBS46) - The boats stood still.", stationMarked},
		{"what must be an agency by where it stands", "LISBON, Nov. 24 (Tidewire) - The boats stood still.", shapeMarked},
	})
}

func reporterMarked(m agencyMark) (lead, bool) {
	agency, person := agencyBefore(m.reporter)
	if m.reporter == "" || person == "" {
		return lead{}, false
	}
	l := placedLead(m.text, m.from, m.to, agency)
	l.people = labelEnglish() + " " + person
	return l, true
}

func placeMarked(m agencyMark) (lead, bool) {
	l := reporterLead(m.text[:m.from], m.name)
	return l, l.people != ""
}

func reportersMarked(m agencyMark) (lead, bool) {
	people, place, ok := placedReporters(m.text[:m.from])
	if !ok || !wire(m.name).agency {
		return lead{}, false
	}
	return lead{Dateline: news.Dateline{Place: place}, agency: m.name, people: labelEnglish() + " " + people}, true
}

// bylineMarked reads a byline that runs into the place of a lead, where a break between
// the two was lost.
func bylineMarked(m agencyMark) (lead, bool) {
	before := m.text[:m.from]
	people, role, _ := cutRole(before)
	if role != news.Author || !unicode.IsUpper(firstRune(people)) || !wire(m.name).agency {
		return lead{}, false
	}
	words := strings.Fields(people)
	n := slices.IndexFunc(words, func(w string) bool { return len(w) > 2 && isCapitals(strings.Trim(w, ",.")) })
	if n < 2 || n > longestNames || !isTitled(strings.Join(words[:n], " ")) {
		return lead{}, false
	}
	place, date := placeAndDate(strings.Join(words[n:], " "))
	place = strings.Trim(place, " ,")
	if !isCapitals(place) || !mayBePlace(place) || slices.Contains(words[:n], words[n]) {
		return lead{}, false
	}
	return lead{
		Dateline: news.Dateline{Place: place, Date: strings.TrimRight(date, ".")}, agency: m.name,
		people: labelEnglish() + " " + strings.Join(words[:n], " "),
	}, true
}

// longestNames is how many words a byline has that a lead follows.
const longestNames = 12

func agencyMarked(m agencyMark) (lead, bool) {
	several := agencyMarks.in(m.name) && agenciesOnly(m.name)
	if in(registry(), m.name).name == "" && !several {
		return lead{}, false
	}
	l := placedLead(m.text, m.from, m.to, m.name)
	if several && strings.Contains(m.name, ",") && !strings.ContainsAny(m.text[m.from:m.to], dashMarks) && !isCapitals(l.Place) && !in(places(), l.Place) { // "The two (AFP, Reuters) said"
		return lead{}, false
	}
	l.people = betweenDashes(m.text[m.from:m.to], m.text[m.to:])
	return l, l != (lead{})
}

// ownMarked reads a place before what a paper signs its own copy with, which is nobody.
func ownMarked(m agencyMark) (lead, bool) {
	if !in(ownCopies(), m.name) {
		return lead{}, false
	}
	l := placedLead(m.text, m.from, m.to, "")
	return l, isCapitals(l.Place) || in(places(), l.Place)
}

// branchMarked reads an agency that names the part of its house which made the
// copy, behind a place that can be nothing else.
func branchMarked(m agencyMark) (lead, bool) {
	agency, branch, _ := strings.Cut(m.name, " ")
	_, mark, _ := strings.Cut(m.text[m.from:m.to], m.name)
	if o := wire(agency); !o.agency || o.picture || !isTitled(branch) || len(strings.Fields(branch)) > 2 || !strings.ContainsAny(mark, dashMarks) || nameSigned(branch) || givenFirst(branch) {
		return lead{}, false
	}
	l := placedLead(m.text, m.from, m.to, m.name)
	return l, l.Date != "" || isCapitals(l.Place) || in(places(), l.Place)
}

// stationMarked reads a station of a network that we know, behind a place in capitals or
// one that we know: "MEMPHIS, Tenn. (FOX13) -".
func stationMarked(m agencyMark) (lead, bool) {
	network := strings.TrimRight(m.name, " 0123456789")
	if network == m.name || !in(networks(), network) || !isCapitals(network) || !strings.ContainsAny(m.text[m.from:m.to], dashMarks) {
		return lead{}, false
	}
	l := placedLead(m.text, m.from, m.to, m.name)
	city, _, _ := strings.Cut(l.Place, ",")
	return l, isCapitals(city) || opensDateline(city)
}

func shapeMarked(m agencyMark) (lead, bool) {
	l := placedLead(m.text, m.from, m.to, m.name)
	short := acronyms()[m.name].agency && (l.Date != "" || in(places(), l.Place) || isCapitals(l.Place))
	return l, short || signsLead(l, m.text[m.from:m.to], m.text[m.to:])
}

// unmarkedLeads know leads without brackets.
func unmarkedLeads(yield func(leadRule) bool) {
	each(yield, []leadRule{
		{"an agency and a place before a stop and a dash", "ACN Girona.-Els vaixells són darrere el mur.", agencyFirst},
		{"an agency between the marks of a wire", "Berlin/dpa. Die Fähren standen still.", wired},
		{"a place and an outlet that nothing parts, and a dash", "Washington CNN — The boats stood still.", unparted},
		{"a place in capitals and a dash", "LISBON, Nov. 24 — The boats stood still.", dashedPlace},
		{"a place in capitals that we know and a hyphen", "LISBON, Portugal - The boats stood still.", hyphenPlace},
		{"places in capitals that we know and a colon", "LISBON/MADRID, Nov 24: The boats stood still.", colonPlace},
		{"a place that we know and a colon, in a script without capitals", "नई दिल्ली: राजधानी में नावें कल रुक गईं।", uncasedPlace},
		{"an agency, its desk, a dash and who wrote", "خبرگزاری مهر، گروه جامعه - مریم احمدی: قایق ها صبح از بندر رفتند.", deskLead},
		{"a place that we know in brackets", "(Lisbonne) Les bateaux sont restés au port hier.", bracketPlace},
		{"a place that we know before a colon or a dash", "Lisbon, Nov 24: The boats stood still.", headPlace},
	})
}

func wired(text string) (lead, bool) {
	if i := lastWithin(text, " - ", longestPicture); i > 0 && outletOf(text[i+len(" - "):]).picture { // "Ann Lee / AFP - Getty Images" signs a picture
		return lead{}, true
	}
	l := wireLead(text)
	return l, l != (lead{}) && !signsAlone(l, text)
}

// signsAlone reports a line that is no more than a name and its agency: "ANN
// LEE/AFP".
func signsAlone(l lead, text string) bool {
	return l.agency != "" && l.Date == "" && strings.HasSuffix(text, "/"+l.agency) && strings.Contains(l.Place, " ") && !in(places(), l.Place)
}

// unparted reads an outlet right behind a place that we know.
func unparted(text string) (lead, bool) {
	before, _, ok := strings.Cut(text[:min(len(text), longestSignature/2)], " —")
	if !ok {
		return lead{}, false
	}
	words := strings.Fields(before)
	for n := 1; n < len(words) && len(words) < 6; n++ {
		place, agency := strings.Join(words[:n], " "), strings.Join(words[n:], " ")
		if in(places(), place) && in(registry(), agency).name != "" && in(registry(), before).name == "" {
			return lead{Dateline: news.Dateline{Place: place}, agency: agency}, true
		}
	}
	return lead{}, false
}

// longestPicture is longer than the name of an agency that makes pictures, in bytes.
const longestPicture = 40

// betweenDashes is a line of the reporters who stand between the dash of a lead and
// another: "ANKARA (AA) - KEMAL KARADAĞ - ". Empty where anything else does.
func betweenDashes(printed, rest string) string {
	if !strings.ContainsAny(printed, dashMarks) {
		return ""
	}
	for _, dash := range []string{" - ", " – ", " — "} {
		people, text, ok := strings.Cut(rest[:min(len(rest), longestSignature)], dash)
		if !ok {
			continue
		}
		if unicode.IsLower(behindBlanks(text)) || strings.TrimSpace(text) == "" { // who he is
			return ""
		}
		var names []string
		for part := range strings.FieldsFuncSeq(people, func(r rune) bool { return r == ',' || r == '/' }) {
			if part = strings.TrimSpace(part); !nameSigned(part) && !givenFirst(part) && (len(names) == 0 || !namedToo(part)) {
				return ""
			}
			names = append(names, part)
		}
		return labelEnglish() + " " + strings.Join(names, ", ")
	}
	return ""
}

// givenFirst reports two words of which the first is a given name that we know,
// whatever the other is: "Ana Lima".
func givenFirst(part string) bool {
	words := strings.Fields(part)
	return len(words) == 2 && in(givenNames(), words[0]) && !in(opensPlace(), words[0]) && isTitled(part) && !in(places(), part) && !isBody(part)
}

// agencyBefore parts an agency that we know from the person behind it; person is
// empty where none is.
func agencyBefore(s string) (agency, person string) {
	words := strings.Fields(s)
	for n := 1; n < len(words)-1; n++ {
		if name := strings.Join(words[:n], " "); wire(name).name != "" && isTitled(strings.Join(words[n:], " ")) && len(words)-n < 4 {
			return name, strings.Join(words[n:], " ")
		}
	}
	return s, ""
}

// reporterLead is a place with its reporter in brackets: "پشاور (رپورٹ: عثمان یوسفزئی)".
func reporterLead(before, inner string) lead {
	place := strings.TrimSpace(before)
	if !strings.Contains(inner, ":") || !isPlaceName(place) || len(strings.Fields(place)) > 2 {
		return lead{}
	}
	if _, role, _ := cutRole(inner); role != news.Author {
		return lead{}
	}
	return lead{Dateline: news.Dateline{Place: place}, people: inner}
}

// signsLead reports a lead whose shape tells an agency that we do not know:
// place, date, name and dash, or letters between a place in capitals and a dash,
// or behind place and date. next is the text behind it.
func signsLead(l lead, printed, next string) bool {
	_, mark, _ := strings.Cut(printed, l.agency)
	slashed := strings.HasPrefix(strings.TrimSpace(printed), "/")
	dated := strings.ContainsFunc(l.Date, unicode.IsDigit)
	city, _, _ := strings.Cut(l.Place, ",")
	switch {
	case l.Place == "", in(places(), l.agency), len(strings.Fields(l.agency)) > 3, strings.ContainsAny(l.agency, "0123456789:,"):
		return false
	case unicode.IsLower(behindBlanks(next)): // "Brno (Zbrojovka) - klub prodal"
		return false
	case !strings.ContainsAny(mark, "-—–") && !slashed:
		return dated && acronym(l.agency) && len(l.agency) > 2 && strings.HasPrefix(mark, ")") && unicode.IsUpper(behindBlanks(next))
	case acronym(l.agency) && allUpper(l.Place), isCallSign(l.agency) && (isCapitals(city) || opensDateline(city) && len(l.agency) > 3): // not "Washington (WHO)"
		return true
	}
	return isTitled(l.agency) && (dated || opensDateline(city) && isTitled(city) && mayBeOutlet(l.agency, isCapitals(city)))
}

// mayBeOutlet reports one word that names no person or place, or what has a word of
// outlets' names, in brackets behind a place that we know: "HONOLULU (HawaiiNewsNow) -".
// Three letters are of other bodies too, "(WHO)", and so is a plain word unless the place
// stands in capitals, as wires set it: "Köln (Ehrenfeld) -".
func mayBeOutlet(name string, capitals bool) bool {
	letters := utf8.RuneCountInString(name)
	coined := acronym(name) && letters > 3 || !acronym(name) && (capitals || strings.ContainsFunc(name[1:], unicode.IsUpper))
	one := coined && !strings.Contains(name, " ") && !in(givenNames(), name) && !in(kickers(), name) && !holdsCity(name)
	return isCapital(firstRune(name)) && (one || isOutlet(name))
}

// isCallSign reports the name of an American station where an agency must stand: "WOIO",
// "WSB-TV".
func isCallSign(name string) bool {
	letters, _, _ := strings.Cut(name, "-")
	return len(letters) > 2 && len(letters) < 5 && (letters[0] == 'W' || letters[0] == 'K') && acronym(letters) && len(name) < 8
}

// nearAgency is how far into a text the agency of its lead is looked for, in bytes.
const nearAgency = 80

// What opens and closes the brackets around an agency, and stands behind them or its
// slashes, as bracketAgency has it.
var agencyOpens, agencyCloses, agencySlash, behindAgency = setOf("(（[/"), setOf(")）]"), setOf("/"), setOf(" \t\n\f\r.।-—–―−:：>")

// agencyAt is where bracketAgency first matches with an agency that we know, else
// where it first matches, if that is near enough.
func agencyAt(text string) []int {
	var first []int
	for from := nextAgency(text, 0); from >= 0; {
		m := bracketAgency.FindStringSubmatchIndex(text[from:])
		if m == nil || from+m[0] >= nearAgency {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += from
			}
		}
		if _, ok := agencyPrinted(text, m); ok && first == nil {
			first = m
		}
		if name, ok := agencyPrinted(text, m); ok && (wire(name).name != "" || agencyMarks.in(name) && agenciesOnly(name)) {
			return m
		}
		from = nextAgency(text, m[1])
	}
	return first
}

// nextAgency is where the next mark stands that may open an agency, near enough; -1 where
// none does. Most marks do not, and to run the pattern costs.
func nextAgency(text string, from int) int {
	for i := from; i < min(len(text), nearAgency); i++ {
		if utf8.RuneStart(text[i]) && agencyOpens.has(firstRune(text[i:])) && marksAgency(text[i:]) {
			return i
		}
	}
	return -1
}

// marksAgency reports that the mark which opens a text is closed, and what parts an agency
// from a text behind that.
func marksAgency(text string) bool {
	closes := agencyCloses
	if text[0] == '/' {
		closes = agencySlash
	}
	_, n := utf8.DecodeRuneInString(text)
	i := closes.index(text[n:])
	if i < 0 {
		return false
	}
	closed := text[n+i:]
	_, n = utf8.DecodeRuneInString(closed)
	return behindAgency.has(firstRune(closed[n:]))
}

// agencyPrinted is the agency that bracketAgency found, with those behind slashes
// that made the copy with it, "dpa/AFP", but without its desk, "dpa/lno". ok says
// that nothing else stands there.
func agencyPrinted(text string, m []int) (name string, ok bool) {
	name = strings.TrimSpace(group(text, m, 1) + group(text, m, 3))
	desk := group(text, m, 2)
	if desk == "" {
		return name, true
	}
	if others := strings.Split(strings.TrimLeft(desk, " /"), "/"); agenciesOnly(name) && !slices.ContainsFunc(others, isNoAgency) {
		return text[m[2]:m[5]], true
	}
	return name, deskBehind.MatchString(desk)
}

// isNoAgency reports what is no agency by a name that means nothing else.
func isNoAgency(name string) bool { return !in(registry(), name).agency }

// placedLead is the lead whose agency stands in text[from:to].
func placedLead(text string, from, to int, agency string) lead {
	before := strings.TrimSpace(text[:from])
	if before == "" { // "(ANSA) - ROMA, 10 NOV - "
		if behind, _, ok := strings.Cut(text[to:], " - "); ok && len(behind) < 40 && allUpper(behind) {
			before = strings.TrimSpace(behind)
		}
	}
	l := lead{agency: strings.TrimSpace(agency)}
	if before == "" {
		return l
	}
	l.Place, l.Date = placeAndDate(before)
	if !mayBePlace(l.Place) {
		return lead{}
	}
	if l.Place = strings.Trim(l.Place, " ,،۔-–—"); strings.Count(l.Place, ".") == 1 && !endsInState(l.Place) {
		l.Place = strings.TrimSuffix(l.Place, ".")
	}
	l.Date = strings.TrimRight(l.Date, ".")
	return l
}

// placeAndDate parts what stands before an agency, where the first figure or the name
// of a month tells which is which.
func placeAndDate(text string) (place, date string) {
	figure, comma := strings.IndexFunc(text, unicode.IsDigit), strings.LastIndex(text, ",")
	switch {
	case figure > 0:
		place = strings.Join(withoutWhen(strings.Fields(text[:figure])), " ")
		date = strings.Trim(text[len(strings.TrimRight(place, " ")):], " ,،")
		if word, rest, ok := strings.Cut(date, " "); ok && in(ats(), word) {
			date = rest
		}
	case figure == 0: // "10 ноября, Минск"
		date, place, _ = strings.Cut(text, ",")
		place = strings.TrimSpace(place)
	case comma > 0 && !ascii(text) && isMonth(lastWord(text)): // "नयी दिल्ली, आठ जून"
		place, date = text[:comma], strings.TrimSpace(text[comma+1:])
	default:
		place = text
	}
	if isMonth(strings.Trim(place, " .,")) { // "Nov. 10 (UPI) --"
		return "", text
	}
	return strings.TrimRight(place, ": "), date
}

// mayBePlace reports up to five words, the first of which has no small letter, that
// are no sentence.
func mayBePlace(place string) bool {
	words := strings.Fields(place)
	sentence := len(words) > 3 && isLowerWord(words[1]) && isLowerWord(words[2])
	return !unicode.IsLower(firstRune(place)) && len(words) < 6 && !sentence && !strings.ContainsAny(place, "?!:\"“”")
}

// withoutWhen takes the words of a date from behind a place: "RAMALLAH, Monday,
// March". The Paz of "La Paz," is none.
func withoutWhen(words []string) []string {
	for n := len(words); n > 1; n-- {
		last := words[n-1]
		if strings.HasSuffix(last, ",") && !strings.HasSuffix(words[n-2], ",") {
			return words[:n]
		}
		if w := fold(strings.Trim(last, ",.")); !isMonth(last) && !ats()[w] && !whens()[w] {
			return words[:n]
		}
	}
	return words[:1]
}

// endsInState reports a state behind its city, cut short: "SPRINGFIELD, Ill."
func endsInState(place string) bool {
	_, state, ok := strings.Cut(place, ", ")
	return ok && len(state) < 7 && strings.HasSuffix(state, ".")
}

func group(text string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return text[m[2*n]:m[2*n+1]]
}
