package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// The leads here have a place that we know or that stands in capitals, and no marks of a
// wire to tell them by.

// agencyFirst reads the agency before the place, and what parts both from the text.
func agencyFirst(text string) (lead, bool) {
	head, _, ok := strings.Cut(text[:min(len(text), longestPlace)], ".-")
	agency, place, apart := strings.Cut(head, " ")
	if !ok || !apart || !acronym(agency) || !in(registry(), agency).agency || !isCapital(firstRune(place)) || len(strings.Fields(place)) > longestAgency {
		return lead{}, false
	}
	return lead{Dateline: news.Dateline{Place: place}, agency: agency}, true
}

func dashedPlace(text string) (lead, bool) {
	if !unicode.IsUpper(firstRune(text)) || !dashes.in(text[:min(len(text), 80)]) {
		return lead{}, false
	}
	m := bareLead.FindStringSubmatch(text)
	if m == nil || outletOf(m[1]).name != "" {
		return lead{}, false
	}
	return lead{Dateline: news.Dateline{Place: tidy(m[1]), Date: m[2]}}, true
}

// hyphenPlace reads a place that we know with its country, or before a full stop and a
// dash: "LIMA, Perú.- Los barcos".
func hyphenPlace(text string) (lead, bool) {
	m := knownLead.FindStringSubmatch(text)
	if m == nil || !opensDateline(m[1]) {
		return lead{}, false
	}
	_, behind, _ := strings.Cut(text[len(m[1]+m[2]):], " ")
	if next := firstWord(strings.TrimLeft(behind, dashMarks+" ")); m[2] == "" && len(next) > 3 && isCapitals(next) { // "PARIS - BERLIN in four hours"
		return lead{}, false
	}
	return lead{Dateline: news.Dateline{Place: m[1] + m[2]}}, true
}

// colonPlace reads places before a colon, as papers of India set them.
func colonPlace(text string) (lead, bool) {
	head := text[:min(len(text), 60)]
	if !strings.Contains(head, ": ") || len(head) < 3 || head[1] < 'A' || head[1] > 'Z' {
		return lead{}, false
	}
	m := colonLead.FindStringSubmatch(text)
	if m == nil {
		return lead{}, false
	}
	for place := range strings.SplitSeq(m[1], "/") {
		if !opensDateline(place) {
			return lead{}, false
		}
	}
	return lead{Dateline: news.Dateline{Place: m[1], Date: m[2]}}, true
}

// uncasedPlace reads a place before a colon, or before who reports in brackets, in a
// script that has no capitals to tell it by, as papers of India, Pakistan and the Arab
// countries set it.
func uncasedPlace(text string) (lead, bool) {
	near := text[:min(len(text), longestPlace)]
	place, _, ok := strings.Cut(near, ": ")
	agency := ""
	if before, behind, opens := strings.Cut(near, " ("); opens { // "کراچی (اسٹاف رپورٹر) کشتیاں رک گئیں۔"
		place = before
		agency, _, ok = strings.Cut(behind, ") ")
		if isDesk(agency) || isJob(agency) {
			agency = ""
		} else if !isOutlet(agency) {
			return lead{}, false
		}
	}
	if !ok || !uncased(place) || !opensDateline(place) {
		return datedUncased(near)
	}
	if len(strings.Fields(text)) < 6 {
		return placeAlone(place, text)
	}
	return lead{Dateline: news.Dateline{Place: place}, agency: agency}, true
}

// datedUncased reads a place and a day before a dash: "กรุงเทพฯ 27 พ.ย. – เรือ…".
func datedUncased(near string) (lead, bool) {
	place, rest, ok := strings.Cut(near, " ")
	if !ok || !uncased(place) || !opensDateline(place) {
		return lead{}, false
	}
	for _, dash := range []string{" – ", " — ", " - "} {
		if date, _, ok := strings.Cut(rest, dash); ok && isLeadDate(date) && strings.ContainsFunc(date, isFigure) {
			return lead{Dateline: news.Dateline{Place: place, Date: date}}, true
		}
	}
	return lead{}, false
}

// placeAlone reads a line of its own with the outlet or who wrote behind the place:
// "لندن: «الشرق الأوسط»", "بيروت: سلمى حداد".
func placeAlone(place, text string) (lead, bool) {
	_, rest, _ := strings.Cut(text, ": ")
	l := lead{Dateline: news.Dateline{Place: place}}
	if name := unquoted(rest); name != rest && wire(name).name != "" {
		l.agency = name
		return l, true
	}
	l.people = text
	return l, len(givenLine(rest).People) > 0
}

// deskLead reads what agencies of Iran open their reports with.
func deskLead(text string) (lead, bool) {
	head, _, ok := strings.Cut(text[:min(len(text), leadLength/2)], ": ")
	desk, name, apart := strings.Cut(head, " - ")
	agency, desk, beside := strings.Cut(desk, "،")
	if !ok || !apart || !beside || !in(registry(), agency).agency || !isBody(strings.TrimSpace(desk)) || len(givenLine(name).People) == 0 {
		return lead{}, false
	}
	return lead{agency: agency, people: labelEnglish() + " " + name}, true
}

// longestPlace is how far into a text its place can reach, in bytes.
const longestPlace = 60

// bracketPlace reads a place that we know in brackets before a sentence.
func bracketPlace(text string) (lead, bool) {
	m := placeBracket.FindStringSubmatch(text)
	if m == nil || !opensDateline(m[1]) || isLowerWord(m[1]) || len(strings.Fields(text)) < 5 {
		return lead{}, false
	}
	return lead{Dateline: news.Dateline{Place: m[1]}}, true
}

// stop parts a dateline in capitals from its sentence.
const stop = ". "

// headMarks part a dateline from its sentence.
var headMarks = []string{": ", " - ", " – ", " — ", ".- ", ".– "}

// cutHead parts a text at the first mark behind a place; mark is empty where none is near.
func cutHead(text string) (head, mark, rest string) {
	near := text[:min(len(text), longestPlace)]
	if place, sentence, ok := strings.Cut(near, stop); ok && allUpper(place) && opensDateline(place) && sentence != "" { // "LISSABON. Båtarna …"
		return place, stop, text[len(place)+len(stop):]
	}
	at := -1
	for _, m := range headMarks {
		if i := strings.Index(near, m); i > 0 && (at < 0 || i < at) {
			at, mark = i, m
		}
	}
	if at < 0 {
		return text, "", ""
	}
	return text[:at], mark, text[at+len(mark):]
}

// headPlace reads a place that we know, with its region and the date behind commas,
// before a sentence: "Lisbon: The boats …". Without a date it must be a sentence, since
// headings have places before a colon as well, and of two places none opens a dateline.
func headPlace(text string) (lead, bool) {
	if !isCapital(firstRune(text)) {
		return lead{}, false
	}
	head, mark, rest := cutHead(text)
	if mark == "" || isLower(firstRune(strings.TrimLeft(rest, quotes+"‘'’ "))) {
		return lead{}, false
	}
	place, more, comma := strings.Cut(head, ",")
	if country, bracketed := strings.CutSuffix(place, ")"); bracketed { // "Bruxelles (Belgique)"
		if place, country, _ = strings.Cut(country, " ("); !holdsCity(country) {
			return lead{}, false
		}
	}
	for town := range strings.SplitSeq(place, "/") {
		if !opensDateline(town) || !isTitled(town) {
			return lead{}, false
		}
	}
	l, held := lead{Dateline: news.Dateline{Place: head}}, true
	for date := more; comma; {
		if isLeadDate(date) {
			l.Place, l.Date = strings.TrimRight(head[:len(head)-len(date)], ", "), strings.TrimSpace(date)
			return l, true
		}
		var region string
		region, date, comma = strings.Cut(date, ",")
		if region = strings.TrimSpace(region); !isPlaceName(region) || len(region) > longestRegion {
			return lead{}, false
		}
		held = held && holdsCity(region)
	}
	return l, held && !in(givenNames(), place) && saysSentence(rest, mark == ": " || mark == stop)
}

// longestRegion is the longest name of a region behind a place, in bytes.
const longestRegion = 20

// longestOpening is the longest word, in signs, that opens a sentence and is hardly a
// noun: articles are no longer.
const longestOpening = 3

// saysSentence reports a text that ends as sentences do, and that no town opens, as it
// does the end of a route. Behind a colon a word in small letters is among its first, and
// behind a dash its first is short: "Berlin – Hauptstadt der Boote" is a heading.
func saysSentence(text string, colon bool) bool {
	words := strings.Fields(text)
	if len(words) < 4 || !strings.ContainsRune(".!?…”\"»'’)]", lastRune(text)) && len(text) < longestSignature {
		return false
	}
	if opensDateline(strings.Trim(words[0], ",.:")) || opensDateline(words[0]+" "+words[1]) {
		return false
	}
	if colon {
		return slices.ContainsFunc(words[:min(5, len(words))], isSmall)
	}
	return utf8.RuneCountInString(words[0]) <= longestOpening
}
