package normalize

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// longestUnworded is the longest line, in runes, that names people without a role
// word.
const longestUnworded = 110

// A lineRule reads a line of a text that may credit somebody. ok says that it is
// that rule's: it may name nobody nonetheless.
type lineRule = rule[func(line string) (out Line, ok bool)]

// creditLine reads a visible line where it opens with a role word; text that
// merely begins with By is no byline (ruling 9).
func creditLine(line string) (Line, bool) {
	line = strings.TrimLeft(withoutPictureSite(tidy(line)), "_* ") // with which agencies rule off their copy, and papers point at a note
	if out, ok := plainLine(line, ""); ok {
		return out, true
	}
	return closeCredit(line)
}

// withoutPictureSite takes the site that keeps a picture from behind who took it: "Photo
// by Ann Lee on Unsplash".
func withoutPictureSite(line string) string {
	text := strings.TrimRight(line, " .")
	i := strings.LastIndexByte(text, ' ')
	if i < 0 || !in(pictureSites(), text[i+1:]) {
		return line
	}
	before := strings.TrimRight(text[:i], " ")
	if at := lastWord(before); isLowerWord(at) && in(siteAts(), at) {
		return strings.TrimSuffix(before, " "+at)
	}
	return line
}

// closeCredit is creditLine for lines that need a closer look.
func closeCredit(line string) (Line, bool) {
	out, _ := firstOf(line, creditRules)
	return out, len(out.People) > 0 || out.Credit != ""
}

// firstOf is what the first of rules says that reads a line.
func firstOf(line string, rules iter.Seq[lineRule]) (out Line, ok bool) {
	for r := range rules {
		if out, ok := r.read(line); ok {
			if r.name != "" {
				out.tell(r.name)
			}
			return out, true
		}
	}
	return Line{}, false
}

// creditRules read a line of a text, as printed.
func creditRules(yield func(lineRule) bool) {
	each(yield, []lineRule{
		{"brackets that a day ends", "(Ann Lee, 4.11.2026)", datedInBrackets},
		{"a notice of copyright and who did what", "© Reuters. Translated by Ann Lee", noticeAndRole},
		{"a label, a comma and a name", "Author, Ann Lee", labelBeforeComma},
		{"a label, a comma and an outlet", "Role, BBC News", postBeforeComma},
		{read: origin},
		{"a short word for by before a given name", "Na Juma Wekesa", givenOpened},
		{"with whom it was written", "With Ann Lee, AAP", writtenWith},
		{"helpers behind a sentence", "Lee reported from Lisbon. Bob Roy contributed to this report.", helpersBehind},
		{"the end of a name in Japanese brackets", "（フリーライター）", jobInBrackets},
		{"agencies in brackets", "(Reuters, AFP)", agenciesInBrackets},
		{"an agency and whose picture it is in brackets", "(Xinhua/Chen Bin)", pictureInBrackets},
		{"an outlet between slashes", "/ritzau/", outletInSlashes},
		{"agencies alone", "Reuters/AFP", agenciesAlone},
		{"an agency and the letters of its editors", "PTI SKL ABH", editorsLetters},
		{read: washedCredit},
	})
}

// origin asks originRules.
func origin(line string) (Line, bool) {
	name, rule := originBy(line)
	return Line{Credit: name, rules: []reading{{rule: rule}}}, name != ""
}

// withinBrackets is what stands in the brackets around a line.
func withinBrackets(line string) (string, bool) {
	inner, ok := parenthesised(line)
	return strings.Trim(inner, " ©"), ok
}

// datedInBrackets leaves out the day behind a comma. Names need no other word beside it.
func datedInBrackets(line string) (Line, bool) {
	inner, ok := withinBrackets(line)
	names, day, behind := cutLastComma(inner)
	if !ok || !behind || !isLeadDate(day) || strings.Count(day, ".") < 2 && strings.Count(strings.TrimSpace(day), " ") < 2 { // a year is a reference
		return Line{}, false
	}
	if out, ok := closeCredit("(" + names + ")"); ok {
		return out, true
	}
	for name := range strings.SplitSeq(names, ",") {
		if !nameSigned(strings.TrimSpace(name)) {
			return Line{}, false
		}
	}
	return readLine(names, news.Author), true
}

// noticeAndRole reads a notice and the sentence behind it.
func noticeAndRole(line string) (Line, bool) {
	notice, rest, ok := strings.Cut(line, ". ")
	if !ok || !strings.HasPrefix(notice, "©") {
		return Line{}, false
	}
	out, ok := closeCredit(rest)
	if !ok || len(out.People) == 0 {
		return Line{}, false
	}
	out.Credit = cmp.Or(originLine(notice), out.Credit)
	return out, true
}

// labelBeforeComma reads the label of who wrote that a page parts from the name by style
// alone, and its text by a comma.
func labelBeforeComma(line string) (Line, bool) {
	label, names, ok := cutFirstComma(line)
	if !ok || roleAlone(label) != news.Author || strings.ContainsAny(names, ",،") || len(strings.Fields(names)) > longestNamed || !likelyNames(segment{text: names, role: news.Author}) {
		return Line{}, false
	}
	return readLine(names, news.Author), true
}

// longestNamed is how many words a name has behind such a label.
const longestNamed = 5

func postBeforeComma(line string) (Line, bool) {
	label, rest, ok := cutFirstComma(line)
	if !ok || !in(postLabels(), label) {
		return Line{}, false
	}
	name := strings.TrimSpace(rest[:outletAt(rest)])
	return Line{Credit: name}, name != ""
}

// cutFirstComma cuts a line at a comma behind what is short enough for a label.
func cutFirstComma(line string) (before, behind string, ok bool) {
	i := strings.IndexAny(line[:min(len(line), longestLabel)], ",،")
	if i < 0 {
		return line, "", false
	}
	_, n := utf8.DecodeRuneInString(line[i:])
	return line[:i], strings.TrimSpace(line[i+n:]), true
}

// givenOpened reads a word for by that is others' for something else: names that we know
// follow it.
func givenOpened(line string) (Line, bool) {
	word, rest, ok := strings.Cut(line, " ")
	names, _, _ := strings.Cut(rest, ",")
	if !ok || !in(givenOpeners(), word) || uncased(word) || !nameSigned(names) {
		return Line{}, false
	}
	return readLine(rest, news.Author), true
}

// writtenWith reads whom a columnist wrote with, who helped.
func writtenWith(line string) (Line, bool) {
	word, names, ok := strings.Cut(line, " ")
	name, _, _ := strings.Cut(names, ",")
	if !ok || !in(writtenWiths(), word) || !nameSigned(name) {
		return Line{}, false
	}
	out := readLine(names, news.Author)
	for i := range out.People {
		out.People[i].Role = news.Contributor
	}
	return out, true
}

// helpersBehind reads the last sentence of several, where it names who helped.
func helpersBehind(line string) (Line, bool) {
	if !strings.Contains(line, ". ") || !holdsFold(line, helped()) {
		return Line{}, false
	}
	list := sentences(line)
	last := list[len(list)-1]
	if len(list) < 2 || !holdsFold(last, helped()) {
		return Line{}, false
	}
	out, ok := closeCredit(last)
	return out, ok && !slices.ContainsFunc(out.People, writes)
}

// jobInBrackets knows what is left of 井上拓（フリーライター） where a line broke.
func jobInBrackets(line string) (Line, bool) {
	inner, ok := withinBrackets(line)
	return Line{}, ok && unspaced(firstRune(inner)) && isJobAlone(inner)
}

func agenciesInBrackets(line string) (Line, bool) {
	inner, ok := withinBrackets(line)
	return Line{Credit: inner}, ok && agenciesOnly(inner) && !outletOf(inner).picture
}

func pictureInBrackets(line string) (Line, bool) {
	inner, ok := withinBrackets(line)
	if !ok {
		return Line{}, false
	}
	return pictureLine(inner)
}

func outletInSlashes(line string) (Line, bool) {
	name := strings.Trim(line, "/© ")
	return Line{Credit: name}, name != line && in(registry(), name).name != ""
}

func agenciesAlone(line string) (Line, bool) {
	o := in(registry(), line)
	alone := o.agency && !o.picture || agencyMarks.in(line) && agenciesOnly(line) || opensAgency(line)
	return Line{Credit: strings.Trim(line, "/ ")}, alone
}

// editorsLetters reads what signs the copy of an agency: its own letters, then those
// of who edited it.
func editorsLetters(line string) (Line, bool) {
	words := strings.Fields(line)
	if len(words) < 2 || len(words) > 5 || !acronym(words[0]) {
		return Line{}, false
	}
	o := in(registry(), words[0])
	return Line{Credit: words[0]}, o.agency && !o.picture && !slices.ContainsFunc(words[1:], isNoSignature)
}

// isNoSignature reports what is not two or three capitals.
func isNoSignature(word string) bool {
	return len(word) < 2 || len(word) > 3 || strings.ContainsFunc(word, func(r rune) bool { return r < 'A' || r > 'Z' })
}

// washedCredit reads what is left of a line without dates, addresses and the
// agency that signs it off.
func washedCredit(line string) (Line, bool) {
	if len(line) > longestUnworded && utf8.RuneCountInString(line) > longestUnworded && !holdsRole(line) {
		return Line{}, true
	}
	var signed Line
	line, mails := wash(signed.signedOff(line))
	out, _ := firstOf(line, signed.washedRules)
	out.settle()
	if len(mails) == 1 && len(out.People) == 1 {
		out.People[0].Email = mails[0]
	}
	out.People = slices.DeleteFunc(out.People, func(p news.Person) bool { // "विश्व बैंक की रिपोर्ट"
		return p.Organization && p.Role == news.Author && uncased(p.Name) && isInstitution(p.Name) && !isOutlet(p.Name) && !deskFiles(p.Name, line)
	})
	return out, true
}

// washedRules read a washed line: what its role words say, and where none names
// anybody, the shapes of lines that can be nothing but credits.
func (l Line) washedRules(yield func(lineRule) bool) {
	each(yield, []lineRule{
		{"an agency before a time", "Xinhua | Updated: 09:20", agencyTimed},
		{"role words", "Reporting by Ann Lee in Lisbon", l.roleWords},
		{"a name in Japanese brackets", "【ソウル稲森香奈】", nameInBrackets},
		{"an outlet and a name in Japanese brackets", "[山田香奈，ITmedia]", outletInBrackets},
		{"a place, a dash and an agency", "Lisbon - Reuters", placeAgency},
		{"a place and an agency in Korean", "뉴욕=연합뉴스", placeKorean},
		{"how reporters of Korean stations sign", "MBC뉴스 김철수입니다.", broadcast},
		{"the name of an agency's pictures", "AP Photo/Jane Doe", agencyPicture},
		{"a name and what one is who reports", "Anna Lis, korespondentka", nameAndJob},
		{read: bareLine},
		{"people beside an agency", "Anne Dupont avec AFP", besideAgency},
	})
}

func agencyTimed(line string) (Line, bool) {
	name, _ := parenthesised(strings.Trim(line, " |"+pause))
	name = strings.TrimSpace(name)
	if agency, place, ok := strings.Cut(name, ","); ok && in(places(), strings.Trim(place, " ,")) { // "Reuters, Washington, Nov 20 2019"
		name = agency
	}
	return Line{Credit: name}, in(registry(), name).agency || name != line && strings.Contains(line, pause) && in(registry(), name).name != ""
}

// roleWords reads the people whom role words name, and the agency around them.
func (l Line) roleWords(line string) (Line, bool) {
	if l.Credit == "" && !mayTellRole(line) && !hanDispatch.MatchString(line) && !koreanPlace.MatchString(line) {
		return l, false
	}
	names := l.dispatch(line)
	list := l.segments(names)
	l.toldOfAll()
	if slices.ContainsFunc(list, segment.worded) {
		for _, seg := range credited(list, unmarkedIndic(line)) {
			seg.read(&l, news.Author)
		}
	}
	return l, len(l.People) > 0 || l.Credit != ""
}

// credited are the segments of a line that name people, if any of them has a role
// word.
func credited(list []segment, unmarked bool) []segment {
	for i := 1; i < len(list); i++ {
		if list[i-1].role == "" && list[i].role == news.Photographer && outletOf(list[i-1].text).picture { // "U.S. Navy photo by Ann Lee"
			list[i-1].role = news.Photographer
		}
		if list[i].role == "" && list[i-1].role == news.Photographer && (isBody(list[i].text) || isBody(list[i-1].text)) { // "Photos by Jane Doe | AP", "Foto: dpa | Jana Maier"
			list[i].role, list[i].guessed = news.Photographer, false
		}
	}
	tells := slices.ContainsFunc(list, func(seg segment) bool { return seg.role == "" && strings.IndexAny(seg.text, "\"“«„") == 0 })
	list = slices.DeleteFunc(list, func(seg segment) bool {
		beside := seg.role == "" && standsBeside(seg.text) && mayName(seg.text)
		return !seg.worded() && !beside || !likelyNames(seg) || unmarked && seg.role != news.Author && !holdsGiven(seg.text)
	})
	if !slices.ContainsFunc(list, segment.worded) {
		return nil
	}
	return slices.DeleteFunc(list, func(seg segment) bool { return tells && seg.role == news.Author }) // "“…”, he wrote"
}

// unmarkedIndic reports a line in an Indian script without a mark, in which the
// words for pictures and editing open sentences as well: "ছবি তোলার নেশা".
func unmarkedIndic(line string) bool {
	first := firstRune(line)
	return unicode.In(first, unicode.Bengali, unicode.Devanagari) && !strings.ContainsAny(line, ":：|-–—/,()")
}

// agencyMarks part agencies.
var agencyMarks = setOf(",/／-–+、،")

// agenciesOnly reports bodies that we know, parted by marks: "Reuters, AFP",
// "ats/afp", "TT-AFP".
func agenciesOnly(text string) bool {
	if in(registry(), text).name != "" {
		return true
	}
	n := 0
	agency := false
	for part := range strings.FieldsFuncSeq(text, agencyMarks.has) {
		o := wire(part)
		if o.name == "" {
			return false
		}
		agency = agency || o.agency
		n++
	}
	return n > 0 && agency
}

// opensAgency reports a short line that opens with the word for an agency:
// "Agencia Reforma".
func opensAgency(line string) bool {
	word, rest, ok := strings.Cut(line, " ")
	return ok && in(agencyWords(), word) && isTitled(line) && len(strings.Fields(rest)) < 3 && !strings.ContainsAny(rest, ".,:;!?")
}

// standsBeside reports what may stand without a role beside what has one: a
// name of several words, or a body.
func standsBeside(text string) bool {
	first := firstRune(text)
	if strings.ContainsAny(text, ":：&") {
		return false
	}
	n := utf8.RuneCountInString(text)
	return strings.Contains(text, " ") || isBody(text) || surnames()[first] && n < 5 || allHan(text) && n > 2 && n < 6
}

// mayName reports a text that can name somebody beside a line's authors: in
// scripts without capitals a given name or a body tells it from a section.
func mayName(text string) bool {
	first := firstRune(text)
	return !uncased(text) || unspaced(first) || isHangul(first) || isBody(text) || holdsGiven(text)
}

// holdsGiven reports a given name among words.
func holdsGiven(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(w string) bool { return in(givenNames(), w) })
}

// japaneseBrackets is what stands in brackets around a line of Japanese.
func japaneseBrackets(line string) (string, bool) {
	inner, ok := parenthesised(line)
	return inner, ok && unspaced(firstRune(inner))
}

func nameInBrackets(line string) (Line, bool) {
	inner, ok := japaneseBrackets(line)
	if !ok {
		return Line{}, false
	}
	l, ok := signedJapanese(inner)
	if !ok && !(strings.HasPrefix(line, "【") && l.headed()) {
		return Line{}, false
	}
	out := readLine(l.people, news.Author)
	out.Credit = cmp.Or(l.agency, out.Credit)
	return out, true
}

func outletInBrackets(line string) (Line, bool) {
	if _, ok := japaneseBrackets(line); !ok {
		return Line{}, false
	}
	out := besideOutlet(line)
	return out, len(out.People) > 0
}

func placeAgency(line string) (Line, bool) {
	place, agency, ok := strings.Cut(line, " - ")
	return Line{Credit: agency}, ok && in(places(), place) && in(registry(), agency).agency
}

func placeKorean(line string) (Line, bool) {
	if !strings.ContainsFunc(line, isHangul) {
		return Line{}, false
	}
	m := koreanOpen.FindStringSubmatch(line)
	if m == nil || !in(registry(), m[2]).agency || roleAlone(m[1]) != "" {
		return Line{}, false
	}
	return Line{Credit: m[2]}, true
}

func agencyPicture(line string) (Line, bool) {
	if len(line) > longestSignature/2 {
		return Line{}, false
	}
	line, _ = withinBrackets(line)
	body, name, ok := strings.Cut(line, "/")
	if ok && isPicture(body) {
		if out := readLine(name, news.Photographer); len(out.People) > 0 {
			return out, true
		}
		return readLine(line, news.Photographer), true
	}
	if name, body, ok = cutLastSlash(line); !ok || !isPicture(strings.TrimSpace(body)) || !likelyNames(segment{text: strings.TrimSpace(name)}) { // "Jane Doe / AP Photo"
		return Line{}, false
	}
	return readLine(strings.TrimSpace(name), news.Photographer), true
}

// besideAgency reads people whose agency stands with them; initials alone are not
// worth naming, "L.B. avec AFP".
func besideAgency(line string) (Line, bool) {
	if utf8.RuneCountInString(line) > 80 || !likelyBeside(line) {
		return Line{}, false
	}
	out := readLine(line, news.Author)
	if len(out.People) == 0 || in(registry(), out.Credit).name == "" && !agenciesOnly(out.Credit) {
		return Line{}, false
	}
	first := out.People[0]
	if !first.Organization && strings.Contains(first.Name, " ") {
		return out, true
	}
	initials := in(registry(), out.Credit).agency && len(out.People) == 1 && len(first.Name) < 7 && strings.Contains(first.Name, ".")
	return Line{Credit: out.Credit}, initials
}

// likelyBeside reports a line that can hold nothing but names and in which an outlet may
// stand. In scripts without blanks the second is quicker to tell, else the first.
func likelyBeside(line string) bool {
	if unspaced(firstRune(line)) {
		return mayNameOutlet(line) && likelyNames(segment{text: line})
	}
	return likelyNames(segment{text: line}) && mayNameOutlet(line)
}

// sayingMarks are in sentences, quotations and lists of facts.
var sayingMarks = setOf(":：?!;\"“”")

// nameAndJob reads a line that is a name and what one is who reports, "Reporter Jan
// Nowak". A quotation is signed so by others, but not by who reports.
func nameAndJob(line string) (Line, bool) {
	if len(line) > 240 || utf8.RuneCountInString(line) > longestUnworded || sayingMarks.in(line) || strings.HasSuffix(line, ".") {
		return Line{}, false
	}
	words := strings.Fields(line)
	if len(words) < 3 || !slices.ContainsFunc(words, reports) {
		return Line{}, false
	}
	out := readLine(line, news.Author)
	if len(out.People) != 1 || out.People[0].Organization || !slices.ContainsFunc(strings.Fields(out.People[0].Affiliation), reports) {
		return Line{}, false
	}
	name := strings.Fields(out.People[0].Name)
	return out, len(name) > 1 && fullWords(name) < 5 && isTitled(out.People[0].Name) && !slices.ContainsFunc(behindGiven(name), topical)
}

// reports reports a job of those who write for papers.
func reports(w string) bool {
	return in(reporters(), strings.Trim(w, ",.()")) && spelt(strings.Trim(w, "()")) || thaiReporter(w)
}
