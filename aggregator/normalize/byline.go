package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// A Line is a printed byline taken apart.
type Line struct {
	People []news.Person
	Credit string // the agency or outlet named beside the people

	rules []reading // that read it, in their order
	ofAll int       // how many of them told of the whole line
}

// Byline takes a printed line apart in house style. role is what its people
// did where the line does not say.
func Byline(line string, role news.Role) Line {
	out := readLine(line, role)
	for i, p := range out.People {
		out.People[i].Name = houseStyle(p)
	}
	return out
}

// wireMarks are in a line that a dispatch may open.
var wireMarks = marksAnd("-—–", "dispatch")

// readLine takes a line apart and leaves the spelling of the names as printed.
func readLine(line string, role news.Role) Line {
	line = tidy(line)
	if out, ok := plainLine(line, role); ok {
		return out
	}
	if ownPicture(line) { // nobody is named
		return Line{}
	}
	if rest, own := withoutOwnPicture(line); own {
		out := readLine(rest, role)
		out.People = append(out.People, asPhotographers(out.People)...)
		return out
	}
	return datelined(closeLine(line, role), line)
}

// datelined credits the outlet that stands alone behind a place, or behind a word for
// an origin: "WASHINGTON — The Globe and Mail", "Hong Kong (CNN Business)".
func datelined(out Line, line string) Line {
	if len(out.People) != 1 || out.Credit != "" || !out.People[0].Organization || out.People[0].Role != news.Author {
		return out
	}
	name := out.People[0].Name
	o := in(registry(), name)
	before, ok := strings.CutSuffix(strings.TrimRight(line, ")"), name)
	if !ok || before == "" || o.name == "" || o.picture {
		return out
	}
	if in(places(), strings.Trim(before, " (,—–-")) || originLine(line) == name {
		out.Credit = name
		out.tell("a place or an origin before an outlet")
	}
	return out
}

// unreserved takes the sign of copyright from before an agency that made the copy,
// where nothing else stands: "© AFP" (ruling 4).
func unreserved(line string) string {
	owner := strings.TrimLeft(line, "© ")
	if o := outletOf(owner); owner == line || !o.agency || o.picture {
		return line
	}
	return owner
}

// wholeRules know lines that are read as a whole.
func wholeRules(yield func(lineRule) bool) {
	each(yield, []lineRule{
		{"the opening of a dispatch", "LISBON, Nov. 10 (Reuters) - The crews moved the boats", openingAlone},
		{"whose copy it is in Chinese", "据新华社电", citedAlone},
	})
}

// openingAlone knows that no person opens a dispatch.
func openingAlone(line string) (Line, bool) {
	if !wireMarks().in(line) || reporterSigns().in(line) {
		return Line{}, false
	}
	l := leadOf(line)
	placed := in(places(), l.Place) || l.Place != "" && allUpper(l.Place)
	return Line{Credit: l.agency}, l.agency != "" && (placed || l.Date != "")
}

// closeLine is readLine for lines that need a closer look.
func closeLine(line string, role news.Role) Line {
	if whole, ok := firstOf(line, wholeRules); ok {
		return whole
	}
	var out Line
	if role == news.Author {
		line = unreserved(line)
	}
	line, mails := wash(out.signedOff(line))
	if picture, ok := pictureInBrackets(line); ok {
		if len(picture.People) == 0 && role == news.Author && outletOf(picture.Credit).agency {
			picture.People = []news.Person{{Name: picture.Credit, Role: role, Organization: true}}
		}
		return picture
	}
	if strings.HasSuffix(line, ":") {
		line = withoutDateLabel(line)
	}
	line = out.dispatch(agencyDash(line))
	out.inSegments(line, role)
	out.joint(line)
	out.settle()
	if len(mails) == 1 && len(out.People) == 1 {
		out.People[0].Email = mails[0]
	}
	return out
}

// inSegments adds the people of a line, segment by segment. Behind those in that
// role a place is none of them, and behind who took a picture its agency is.
func (l *Line) inSegments(line string, role news.Role) {
	var before news.Role
	var owner string
	list := l.segments(invertedList(line))
	l.toldOfAll()
	for _, seg := range list {
		if seg.role == "" && before == news.Photographer && (isBody(seg.text) || isBody(owner)) { // "Photo: Jane Doe | AP", "Foto: dpa | Jana Maier"
			seg.role = before
		}
		before, owner = seg.role, seg.text
		if seg.role == "" && l.names(role) && (isPlaceAlone(seg.text) || in(places(), seg.text)) {
			continue
		}
		seg.read(l, role)
	}
}

// agencyDash parts an agency from its reporter where only a dash does:
// "STT–Minna Laine".
func agencyDash(line string) string {
	i := strings.IndexAny(line, "–—")
	if i < 1 || strings.HasSuffix(line[:i], " ") || !in(registry(), line[:i]).agency || isBody(strings.TrimLeft(line[i:], "–—")) {
		return line
	}
	return line[:i] + bar + strings.TrimLeft(line[i:], "–—")
}

// names reports a person in that role.
func (l *Line) names(role news.Role) bool {
	return slices.ContainsFunc(l.People, func(p news.Person) bool { return p.Role == role && !p.Organization })
}

// invertedList turns round the names of a list in which each stands family name
// first: "García Márquez, Gabriel; Vargas Llosa, Mario".
func invertedList(line string) string {
	parts := strings.Split(line, ";")
	if len(parts) < 2 {
		return line
	}
	parts = slices.Concat(parts[:len(parts)-1], lastInverted(parts[len(parts)-1]))
	for i, part := range parts {
		family, given, ok := strings.Cut(part, ",")
		family, given = strings.TrimSpace(family), strings.TrimSpace(given)
		if !ok || !mayBeTurned(family, given) {
			return line
		}
		parts[i] = given + " " + family
	}
	return strings.Join(parts, ";")
}

// yearBehind is the year of a work behind those who wrote it: "Doe, Jane (2006)."
var yearBehind = regexp.MustCompile(`\s*\(\d{4}\)\.?$`)

// lastInverted parts the last of such a list where an "and" stands in it: "Doe, Jane &
// Roe, Richard".
func lastInverted(part string) []string {
	part = yearBehind.ReplaceAllString(part, "")
	words := strings.Fields(part)
	for i, w := range words {
		if left, right := strings.Join(words[:i], " "), strings.Join(words[i:], " "); isAnd(w) && strings.Contains(left, ",") && strings.Contains(right, ",") {
			return []string{left, strings.TrimSpace(strings.TrimPrefix(right, w))}
		}
	}
	return []string{part}
}

// mayBeTurned reports what may be a family name and the given names behind its comma in
// a list of such.
func mayBeTurned(family, given string) bool {
	if _, role, _ := cutRole(family); role != "" && !in(particles(), strings.Fields(family)[0]) {
		return false
	}
	if strings.Contains(given, ",") || len(strings.Fields(family)) > 3 || len(strings.Fields(given)) > 3 || !isTitled(given) {
		return false
	}
	return !isBody(given) && !isJob(given) && !in(places(), given) && !isDegree(given)
}

// pictureLine reads a line in brackets that names an outlet alone, which is a
// credit, or an agency and a person, which is how agencies sign pictures:
// "(Xinhua/Chen Bin)".
func pictureLine(inner string) (Line, bool) {
	if o := outletOf(inner); o.picture && !strings.Contains(inner, "/") { // ruling 7
		return Line{People: []news.Person{{Name: inner, Role: news.Photographer, Organization: true}}}, true
	} else if o.name != "" && !strings.Contains(inner, "/") {
		return Line{Credit: inner}, true
	}
	body, person, ok := strings.Cut(inner, "/")
	if ok && nameless(person) && isOutlet(strings.TrimSpace(body)) {
		return Line{Credit: strings.TrimSpace(body)}, true
	}
	if ok && outletOf(strings.TrimSpace(body)).name != "" && outletOf(inner).name == "" && !(agenciesOnly(person) && !outletOf(person).picture) { // but "(dpa/AFP)"
		return readLine(strings.TrimSpace(person)+"/"+strings.TrimSpace(body), news.Photographer), true
	}
	return Line{}, false
}

// worded reports a text that is a role word itself.
func worded(s string) bool {
	_, role, _ := cutRole(s + "：" + anyone())
	return role != ""
}

// read adds the people of one segment.
func (seg segment) read(out *Line, fallback news.Role) {
	stated := seg.role != "" && seg.role != news.Author
	if seg.role == "" {
		seg.role = fallback
	}
	text := seg.text
	if strings.Contains(text, "/") && in(noise(), text) { // "N/A"
		return
	}
	if seg.role == news.Photographer && firstRune(text) > 0x1100 && isTaken(text) { // 翻攝自臉書
		return
	}
	if holdsFold(text, partsOf()) {
		text = partOf.ReplaceAllString(text, "")
	}
	text = seg.reporterOf(text, out)
	text = seg.outlets(text, out)
	if seg.role == nobody {
		return
	}
	if seg.role == source {
		if name := originName(out.left(text, namedRules)); name != "" && out.Credit == "" {
			out.Credit = name
		}
		return
	}
	parts := slashes(runOn(text))
	if n := len(parts) - 1; n > 0 && (isPicture(parts[0]) || isBody(parts[0]) && in(stockPictures(), parts[n])) { // "AP Photo/Jane Doe", "Unsplash/File photo"
		seg.role = news.Photographer
	}
	for i, part := range parts {
		if i > 0 && seg.behindSlash(out, parts[0], part) {
			continue
		}
		for _, n := range (lister{out, !stated, seg.role == news.Editor}).names(part) {
			seg.person(out, n)
		}
	}
}

// A slashRule reads what stands behind the first slash of a text, of which first is
// before it.
type slashRule = rule[func(seg segment, out *Line, first, part string) bool]

// slashRules know what names no person there.
func slashRules(yield func(slashRule) bool) {
	each(yield, []slashRule{
		{"one word behind whose picture it is", "Foto: Dan Malý/Fotohaus", pictureSlash},
		{"what stands beside whose picture it is and its agency", "Photo: Ann Lee/Harbour Pics/Getty Images", amongSlashes},
		{"the letters of who edited it", "sda/xyz", lettersSlash},
		{"a job behind a slash", "Ann Lee/Correspondent", jobSlash},
		{"a body behind a slash", "Ann Lee/The Harbour News", bodySlash},
		{"a paper of two things behind a slash", "Ann Lee/Old Harbour & Coast", pairSlash},
	})
}

// behindSlash asks the first of slashRules that knows a part.
func (seg segment) behindSlash(out *Line, first, part string) bool {
	for r := range slashRules {
		if r.read(seg, out, first, part) {
			out.tell(r.name)
			return true
		}
	}
	return false
}

// pictureSlash files an agency that we do not know.
func pictureSlash(seg segment, out *Line, first, part string) bool {
	if seg.role != news.Photographer || strings.Contains(part, " ") || !isTitled(part) || !strings.Contains(first, " ") || !unicode.Is(unicode.Latin, firstRune(part)) {
		return false
	}
	seg.organization(out, part)
	return true
}

// amongSlashes files what an agency that we know distributes the pictures of.
func amongSlashes(seg segment, out *Line, first, part string) bool {
	parts := strings.Split(seg.text, "/")
	if seg.role != news.Photographer || len(parts) < 3 || !strings.Contains(first, " ") || opensGiven(strings.Fields(part)) {
		return false
	}
	if !slices.ContainsFunc(parts, func(p string) bool { return outletOf(strings.TrimSpace(p)).name != "" }) {
		return false
	}
	seg.organization(out, part)
	return true
}

func lettersSlash(_ segment, _ *Line, _, part string) bool {
	return isLowerWord(part) && utf8.RuneCountInString(part) < 6 && in(registry(), part).name == ""
}

func jobSlash(_ segment, _ *Line, _, part string) bool {
	return hasJob(strings.Fields(part)) && !isBody(part)
}

func bodySlash(seg segment, out *Line, _, part string) bool {
	if !isBody(part) && !slices.Contains(paperFronts(), part[:max(0, strings.IndexByte(part, ' '))]) {
		return false
	}
	seg.organization(out, part)
	return true
}

// pairSlash credits a paper that is called by two things, as no two people are: one
// of them has one word.
func pairSlash(seg segment, out *Line, _, part string) bool {
	left, right, ok := strings.Cut(part, " & ")
	if !ok || strings.Contains(left, " ") && strings.Contains(right, " ") || holdsGiven(part) || !isTitled(part) {
		return false
	}
	seg.body(out, part)
	return true
}

// isPicture reports an agency's name for its pictures: "AP Photo".
func isPicture(text string) bool {
	words := strings.Fields(text)
	n := len(words) - 1
	return n > 0 && in(pictures(), words[n]) && (outletOf(words[0]).name != "" || outletOf(strings.Join(words[:n], " ")).name != "")
}

// namedRules leave out of an origin what names nobody beside it.
func namedRules(yield func(dispatchRule) bool) {
	each(yield, []dispatchRule{
		{"an article before an origin", "Source: the Harbour News", withoutArticle},
		{"a job before an origin", "منبع: خبرنگار ایرنا", withoutOwnJob},
		{"whom an agency's copy tells of", "به گزارش ایسنا، شورای شهر", withoutSubject},
		{"the person behind an agency's slash", "Forrás: MTI/Nagy János", withoutPerson},
		{"what names nobody beside an origin", "Source: Al Jazeera + agencies", withoutUnnamed},
		{"the day of the issue behind a title", "来源：《晨钟报》2026年11月24日第5版", issued},
		{"a town behind an origin", "منبع: خبرگزاری فارس از شیراز", func(_ *Line, text string) string { return withoutTown(text) }},
	})
}

// issued is a title in its marks, without the issue that follows them.
func issued(_ *Line, text string) string {
	inner, opens := strings.CutPrefix(text, "《")
	if name, issue, ok := strings.Cut(inner, "》"); opens && ok && strings.ContainsFunc(issue, unicode.IsDigit) {
		return name
	}
	return text
}

func withoutArticle(_ *Line, text string) string {
	if word, rest, ok := strings.Cut(text, " "); ok && slices.Contains(articlesEnglish(), word) {
		return rest
	}
	return text
}

func withoutOwnJob(_ *Line, text string) string {
	if job, rest, ok := strings.Cut(text, " "); ok && isJobWord(job) && in(registry(), text).name == "" {
		return rest
	}
	return text
}

func withoutSubject(_ *Line, text string) string {
	if body, more, ok := strings.Cut(text, "،"); ok && isBody(body) && len(strings.Fields(more)) > 1 && !isBody(more) {
		return body
	}
	return text
}

func withoutPerson(_ *Line, text string) string {
	if body, person, ok := strings.Cut(text, "/"); ok && in(registry(), body).name != "" && in(registry(), text).name == "" && !isBody(person) {
		return body
	}
	return text
}

// originMarks part several origins.
var originMarks = setOf("+,،/")

func withoutUnnamed(_ *Line, text string) string {
	parts := strings.FieldsFunc(text, originMarks.has)
	if len(parts) < 2 {
		return text
	}
	switch named := slices.DeleteFunc(parts, func(p string) bool { return in(unnamed(), p) || in(noise(), p) }); len(named) {
	case 0: // "وكالات + مواقع التواصل"
		return ""
	case 1:
		return named[0]
	}
	return text
}

// slashes parts a text at slashes, except inside a name that we know: "RFE/RL".
func slashes(text string) []string {
	if !strings.Contains(text, "/") && !strings.Contains(text, "／") || in(registry(), text).name != "" {
		return []string{text}
	}
	var parts []string
	start := 0
	for i, r := range text {
		if word := wordAround(text, i); (r == '/' || r == '／') && !isParentage(word) && !in(ands(), word) { // "w/" is with
			parts = append(parts, text[start:i])
			start = i + utf8.RuneLen(r)
		}
	}
	parts = append(parts, text[start:])
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	if len(parts) > 1 && in(registry(), strings.Join(parts[len(parts)-2:], "/")).name != "" {
		parts = append(parts[:len(parts)-2], strings.Join(parts[len(parts)-2:], "/"))
	}
	return parts
}

// wordAround is the word of a text that text[i] is in.
func wordAround(text string, i int) string {
	end := len(text)
	if n := strings.IndexByte(text[i:], ' '); n >= 0 {
		end = i + n
	}
	return text[strings.LastIndexByte(text[:i], ' ')+1 : end]
}

// isParentage reports what ties a name to that of a father, with a slash of its own:
// "Raju a/l Muthu".
func isParentage(word string) bool { return in(particles(), word) }

// withoutParentage leaves such words out of a text that slashes part.
func withoutParentage(text string) string {
	if !strings.Contains(text, "/") {
		return text
	}
	words := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return strings.Contains(w, "/") && isParentage(w) })
	return strings.Join(words, " ")
}

// partOf is what some outlets say of a partner's copy.
var partOf = pattern(`(?i),? {part-of} .*$`)

const trimmed = " ·©,;:|-/–—。।۔，、.=＝：（）()"

// trimEnds takes marks from around a text, but not the full stop of an initial
// or a suffix.
func trimEnds(text string) string {
	text = strings.TrimLeft(text, trimmed)
	short := strings.TrimRight(text, trimmed)
	if strings.HasPrefix(text[len(short):], ".") && endsShort(short) {
		return short + "."
	}
	return short
}

// endsShort reports an initial or a suffix at the end, whose full stop belongs
// to it.
func endsShort(name string) bool {
	words := strings.Fields(name)
	if len(words) < 2 {
		return lettersAlone.MatchString(name)
	}
	last := words[len(words)-1]
	return utf8.RuneCountInString(last) == 1 || isSuffix(last) || strings.Contains(last, ".")
}

// lettersAlone are initials in place of a name, without the last full stop: "L.M".
var lettersAlone = regexp.MustCompile(`^(?:\p{Lu}\.){1,3}\p{Lu}$`)

// isTitled reports words that all begin with a capital, as a title's do.
func isTitled(s string) bool {
	for w := range strings.FieldsSeq(s) {
		if r := firstRune(w); unicode.IsLower(r) && !in(particles(), w) && !in(ands(), w) {
			return false
		}
	}
	return s != ""
}

// body files an outlet named beside people: the credit of copy, never that of
// a picture (ruling 7).
func (seg segment) body(out *Line, name string) {
	if seg.role == news.Photographer {
		seg.organization(out, name)
	} else if isDesk(name) || isWordAlone(name) || outletOf(name).picture { // of the paper itself, or of a picture
		return
	} else if seg.role != news.Editor && out.Credit == "" {
		out.Credit = withoutStaff(ofItsOwner(tidy(name)))
	}
}

// named adds a person in each role of the segment.
func (seg segment) named(out *Line, name, affiliation string) {
	if !strings.Contains(string(seg.role), "+") {
		out.add(news.Person{Name: name, Role: seg.role, Affiliation: affiliation})
		return
	}
	for _, role := range roles(seg.role) {
		out.add(news.Person{Name: name, Role: role, Affiliation: affiliation})
	}
}

// affiliate tells the people before it their job.
func (seg segment) affiliate(out *Line, job string) {
	for i, p := range out.People {
		if p.Role == seg.role && p.Affiliation == "" && !p.Organization {
			out.People[i].Affiliation = job
		}
	}
}

// add files a person once in each role.
func (l *Line) add(p news.Person) {
	if p.Role == helper {
		p.Role = news.Contributor
	}
	for _, have := range l.People {
		if have.Role == p.Role && fold(have.Name) == fold(p.Name) {
			return
		}
	}
	l.People = append(l.People, p)
}

// acronym reports the letters of a body: one short word in capitals that
// nobody could be called.
func acronym(s string) bool {
	n := utf8.RuneCountInString(s)
	if n > 3 && s[0] == 0xd7 && !strings.Contains(s, " ") { // לע"מ, as Hebrew writes them
		mark := lastRune(s[:len(s)-2])
		return (mark == '"' || mark == '״') && !isTitle(s)
	}
	if n < 2 || n > 5 || strings.ContainsAny(s, " .") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsUpper(r) && !unicode.IsDigit(r) })
}

// isWordAlone reports a word for a body that names none, as sections are called:
// "أخبار".
func isWordAlone(name string) bool {
	return uncased(name) && !strings.Contains(name, " ") && in(bodyWords(), name) && wire(name).name == ""
}

// organization adds a body; settle decides what becomes of it.
func (seg segment) organization(out *Line, name string) {
	if in(noise(), name) || in(jobs(), name) || seg.role == news.Author && len(seg.text) > len(name) && uncased(name) && isInstitution(name) && !isOutlet(name) && !out.names(news.Author) && hasJob(strings.Fields(seg.text)) {
		return
	}
	if seg.role == helper && isOutlet(name) { // "with files from Reuters"
		seg.body(out, name)
		return
	}
	for _, role := range roles(seg.role) {
		out.add(news.Person{Name: strings.TrimSpace(trimQuotes(name)), Role: role, Organization: true})
	}
}
