package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// longestSignature is the longest line, in bytes, that signs a text.
const longestSignature = 160

// sign names who signed a text where neither a field nor a line with a word for
// it names a person.
func sign(a *news.Article, src news.Source, first, last []string, known lines) {
	if !slices.Equal(first, last) { // a longer text
		last = append(first[:len(first):len(first)], last...)
	}
	if a.ContentHTML == "" || len(last) < 2 || slices.ContainsFunc(a.Byline.People, writes) {
		return
	}
	for i, text := range signatures(last) {
		read := known.signature(text)
		if i == 0 && len(read.People) == 0 {
			read = townSignature(text)
		}
		line := known.styled(text, read)
		if len(line.People) == 0 || known.othersIn(text) || !paragraph(a.ContentHTML, text) || slices.ContainsFunc(line.People, func(p news.Person) bool { return told(a, p.Name) }) {
			continue
		}
		people := line.People
		if slices.ContainsFunc(last, ownPicture) {
			people = append(people, asPhotographers(people)...)
		}
		a.Byline.People = settle(append(people, a.Byline.People...), src)
		if a.Byline.Printed == "" {
			a.Byline.Printed = tidy(text)
		}
		if a.Credit.Name == "" && line.Credit != "" && known.outlets.find(line.Credit).name != "" && !known.own(line.Credit) {
			a.Credit = news.Credit{Name: line.Credit, URL: known.outlets.find(line.Credit).home}
		}
		return
	}
}

// othersIn reports a line that credits people and none of them as an author: helpers, and
// who took pictures.
func (l lines) othersIn(text string) bool {
	line, _ := l.credit(text)
	return len(line.People) > 0 && !slices.ContainsFunc(line.People, writes)
}

// writes reports a person among the authors.
func writes(p news.Person) bool { return p.Role == news.Author && !p.Organization }

// signatures are the lines that may sign a text: its last, the one before it
// where a short one follows, and its first.
func signatures(edges []string) []string {
	n := len(edges)
	if n > 2 && closesWithTown(edges[n-2], edges[n-1]) {
		n--
	}
	out := []string{edges[n-1]}
	if len(edges[n-1]) < longestSignature {
		out = append(out, edges[n-2])
	}
	return append(out, edges[0])
}

// closesWithTown reports a town alone below the job of who signed.
func closesWithTown(before, last string) bool {
	return in(places(), last) || allUpper(last) && len(strings.Fields(last)) < 3 && len(before) < longestSignature && hasJob(strings.Fields(before))
}

// told reports a person of whom the article tells.
func told(a *news.Article, name string) bool {
	family := lastWord(name)
	return strings.Count(a.ContentHTML, family) > 1 || strings.Contains(a.Title, family) ||
		slices.ContainsFunc(a.Categories, func(c string) bool { return strings.Contains(c, family) })
}

// paragraph reports a line of the text itself: of no heading, list, table,
// quotation or caption.
func paragraph(contentHTML, line string) bool {
	depth, pictured := 0, false
	for block, rest := cutBlock(contentHTML); block != ""; block, rest = cutBlock(rest) {
		within, picture := depth > 0, strings.Contains(block, "<img")
		for name, closes := range tagsOf(block) {
			if apart[name] && closes {
				depth--
			} else if apart[name] {
				depth++
			}
			within = within || depth > 0
		}
		if TextOf(block) == line {
			return !within && !picture && !(pictured && !strings.Contains(block, "<p"))
		}
		pictured = picture
	}
	return false
}

// ownPicture reports a line that says of its pictures that who wrote took them:
// "Фото автора".
func ownPicture(line string) bool {
	return len(line) < longestOwn && in(ownPictures(), strings.Trim(line, " "+ownMarks))
}

// withoutOwnPicture takes such words from behind a name: "Записал Юрко Сич, фото
// автора".
func withoutOwnPicture(line string) (rest string, own bool) {
	if len(line) > longestSignature {
		return line, false
	}
	i := strings.LastIndexAny(strings.TrimRight(line, " .)）。"), ownMarks)
	if i < 1 || !ownPicture(line[i:]) {
		return line, false
	}
	return strings.TrimRight(line[:i], " "+ownMarks), true
}

// ownMarks part who took the pictures from who wrote.
const ownMarks = ",;.()、，；。（）"

// A signing is a line that may sign a text, on its way through the rules for its
// parts.
type signing struct {
	line    string // washed
	people  int    // whom it names
	asides  int    // what stands beside them
	placed  bool   // it opens with a place
	listed  bool   // an "and" behind a comma opens the last of several
	written string // the names and what goes with them
	rules   []reading
}

// A partRule reads a part of a line that may sign a text. A line signs nothing that
// has a part which none of them knows.
type partRule = rule[func(s *signing, part string) (known bool)]

// partRules know the parts of a signature.
func partRules(yield func(partRule) bool) {
	each(yield, []partRule{
		{"an address or number", "Kari Løvås, kari@avisa.no, tlf. 911 22 333", (*signing).contact},
		{"a place that opens the line", "À Dakar, Coumba Kane", (*signing).placeFirst},
		{"a reporter's job and a place that open the line", "Envoyée spéciale à Dakar, Coumba Kane", (*signing).jobFirst},
		{"a name and its place", "Ann Lee in Lisbon", (*signing).nameAndPlace},
		{"names that sign", "Олег ЖДАНОВ, Тюмень.", (*signing).names},
		{"a line of one part", "Carlos E. Cué Buenos Aires", (*signing).alone},
		{"what stands beside a name", "Олег ЖДАНОВ, Тюмень.", (*signing).aside},
	})
}

// signature reads a line that is a name, or two, with no more beside it than a
// place, a paper, a job, an address: "Олег ЖДАНОВ, Тюмень.", "Kari Løvås,
// kari@avisa.no, tlf. 911 22 333". A given name that we know, or a family name
// alone in capitals, tells that it is one.
func signature(text string) Line {
	text = withoutKindOfText(strings.Trim(tidy(text), " -–—"))
	if !maySign(text) {
		return Line{}
	}
	washed, mails := wash(text)
	s := signing{line: partedPlace(spacedDashes.Replace(washed))}
	for part := range strings.FieldsFuncSeq(s.line, func(r rune) bool { return strings.ContainsRune(",|/()"+pause, r) }) {
		if !s.read(strings.Trim(part, " -–—")) {
			return Line{}
		}
	}
	if s.people == 0 {
		s.beforePlace()
	}
	if s.people == 0 || s.people > 3 && !(s.listed && s.people < mostListed) {
		return Line{}
	}
	out := readLine(s.written, news.Author)
	out.rules = append(s.rules, out.rules...)
	out.People = slices.DeleteFunc(out.People, func(p news.Person) bool { return p.Organization || p.Role != news.Author })
	if len(out.People) < s.people {
		return Line{}
	}
	out.People = out.People[:s.people]
	if len(mails) == 1 && len(out.People) == 1 {
		out.People[0].Email = mails[0]
	}
	return out
}

// mostListed is more than the people of whom an "and" opens the last.
const mostListed = 7

// unsigned are marks that no line which signs has.
var unsigned = setOf("?!;\"“”…")

// maySign reports a short line that opens with a capital and is no sentence, question
// or quotation, and no line of the dead.
func maySign(text string) bool {
	return len(text) <= longestSignature && unicode.IsUpper(firstRune(text)) && !unsigned.in(text) && !lifetime.MatchString(text)
}

// withoutKindOfText takes the kind of text from before who signs it: "Interview
// Marloes Visser".
func withoutKindOfText(text string) string {
	kind, name, ok := strings.Cut(text, " ")
	if !ok || !maySign(text) || !in(genres(), kind) || nameSigned(text) && !unicode.Is(unicode.Cyrillic, firstRune(kind)) || !nameSigned(name) {
		return text
	}
	return name
}

// partedPlace parts a place with a comma from a name that a full stop ends:
// "Тамара Глушко. г. Кострома".
func partedPlace(line string) string {
	name, place, ok := strings.Cut(line, ". ")
	if !ok || !nameSigned(name) || isInitial(lastWord(name)) {
		return line
	}
	return name + "," + place
}

// read puts a part before the rules.
func (s *signing) read(part string) bool {
	for r := range partRules {
		if r.read(s, part) {
			s.rules = append(s.rules, reading{rule: r.name})
			return true
		}
	}
	return false
}

// write keeps a part for reading the names. Behind an aside a comma could turn a
// name round.
func (s *signing) write(part string) bool {
	switch {
	case s.written == "":
		s.written = part
	case s.asides == 0, unquoted(part) != part:
		s.written += ", " + part
	default:
		s.written += bar + part
	}
	return true
}

// withoutStop is a part without the full stop that ends it.
func withoutStop(part string) string { return strings.TrimRight(part, " .") }

func (s *signing) contact(part string) bool {
	return contact(withoutStop(part))
}

func (s *signing) placeFirst(part string) bool {
	if s.people > 0 || !opensFrom(withoutStop(part)) {
		return false
	}
	s.placed = true
	return true
}

func (s *signing) jobFirst(part string) bool {
	words := strings.Fields(withoutStop(part))
	for n := max(1, len(words)-3); n < len(words)-1 && s.people == 0; n++ { // a place has two words at most
		if job := strings.Join(words[:n], " "); opensFrom(strings.Join(words[n:], " ")) && isJob(job) && slices.ContainsFunc(words[:n], reports) {
			s.placed = true
			return true
		}
	}
	return false
}

func (s *signing) nameAndPlace(part string) bool {
	if s.asides > 0 || !opensSigned(part) {
		return false
	}
	var names []string
	placed := false
	for _, chunk := range atAnds(withoutStop(part)) {
		if len(names) > 0 && in(unnamed(), chunk) { // "and agencies"
			continue
		}
		n := (lister{out: new(Line)}).withoutPlace(chunk)
		if !nameSigned(n.text) && !((len(names) > 0 || s.people > 0) && namedToo(n.text)) {
			return false
		}
		names, placed = append(names, n.text), placed || n.placed
	}
	if !placed {
		return false
	}
	s.people += len(names)
	return s.write(strings.Join(names, ", "))
}

// opensSigned reports a part that may open with a name, of which the second word is
// seldom small, or with a place.
func opensSigned(part string) bool {
	first, rest, ok := strings.Cut(strings.TrimLeft(part, " "), " ")
	second := firstWord(strings.TrimLeft(rest, " "))
	return ok && (!isSmall(second) || mayJoin(second) || isAt(first))
}

func (s *signing) names(part string) bool {
	part = withoutStop(part)
	if last := trimAnd(part); last != part && s.people > 1 { // "Ann Lee, Bob Roy, and Cid Foe"
		part, s.listed = last, true
	}
	if s.asides > 0 || s.people > 0 && placeFirst(part) || !nameSigned(part) && !((s.placed || s.people > 0) && namedToo(part)) {
		return false
	}
	s.people += len(atAnds(part))
	return s.write(part)
}

func (s *signing) alone(part string) bool {
	return s.people == 0 && withoutStop(part) == s.line
}

func (s *signing) aside(part string) bool {
	if s.people == 0 || !asideOf(withoutStop(part), strings.Contains(s.line, "(")) {
		return false
	}
	s.asides++
	return s.write(part)
}

// beforePlace reads a name that a town follows without a mark: "Carlos E. Cué
// Buenos Aires".
func (s *signing) beforePlace() {
	all := strings.Fields(s.line)
	words := withoutLastPlace(all)
	if s.written != "" || len(words) == len(all) {
		return
	}
	if s.written = strings.Join(words, " "); nameSigned(s.written) {
		s.people = 1
	}
}

// lifetime is what stands behind the names of the dead.
var lifetime = pattern(`\d{4}\s?[-–—]\s?\d{4}`)

// longestTown is the longest line, in bytes, that is a name and a town.
const longestTown = 80

// townSignature reads a line that is two words and a town that we know, neither of
// which is what towns are full of: "Октябрина Пересвет, Казань". In Latin letters
// squares and shows are called as people are.
func townSignature(text string) Line {
	if len(text) > longestTown || strings.Count(text, " ") > 4 || !strings.Contains(text, ", ") {
		return Line{}
	}
	name, town, _ := strings.Cut(tidy(text), ", ")
	words := strings.Fields(name)
	if len(words) != 2 || !in(places(), strings.TrimRight(town, ".")) || !signsWithTown(name, words) || slices.ContainsFunc(words, fillsTowns) {
		return Line{}
	}
	return Line{People: []news.Person{{Name: name, Role: news.Author}}, rules: []reading{{rule: "two words and a town"}}}
}

// signsWithTown reports two words in letters with capitals, but for Latin ones, that
// are no body and open the name of no place.
func signsWithTown(name string, words []string) bool {
	return shapedName(name, words) && !unicode.Is(unicode.Latin, firstRune(name)) && !uncased(name) && !isBody(name) && !in(opensPlace(), words[0]) && !hasEnd(words[0], venueFronts())
}

// fillsTowns reports a word that is no part of a name, or that squares and shows are
// called by.
func fillsTowns(w string) bool {
	return !capitalised(w) || utf8.RuneCountInString(w) < 3 || acronym(w) || topical(w) || in(venues(), w) || in(regions(), w) || in(genres(), w) || isTitle(w)
}

// venueFronts end adjectives that open the name of a place.
var venueFronts = ends("venue-front")

// spacedDashes parts what dashes do.
var spacedDashes = rewriting(" – ", ",", " — ", ",", " - ", ",")

// contact reports what is left of a way to reach somebody, or nothing.
func contact(part string) bool {
	for w := range strings.FieldsSeq(part) {
		if !in(contacts(), strings.Trim(w, ".:")) {
			return false
		}
	}
	return true
}

// smallSigned reports words of which those in small letters are particles, an "and"
// between names, or a preposition that opens them: no sentence is.
func smallSigned(part string) bool {
	first := true
	for w := range strings.FieldsSeq(part) {
		if isSmall(w) && !(first && isAt(w)) && !mayJoin(w) {
			return false
		}
		first = false
	}
	return true
}

// mayJoin reports a word in small letters that stands within a name or between two.
func mayJoin(w string) bool {
	return in(particles(), w) || isAnd(w) || slices.Contains(andsOrIns(), fold(w))
}

// nameSigned reports one name, or several with an "and" between them.
func nameSigned(part string) bool {
	if !smallSigned(part) {
		return false
	}
	for _, name := range atAnds(withoutOpeningPlace(part)) {
		words := strings.Fields(name)
		if len(words) > 4 || !shapedName(name, words) || !opensGiven(words) && !familyShouted(words) && !endsFamily(words) {
			return false
		}
		if in(opensPlace(), words[0]) || vietnameseNouns()[strings.ToLower(words[0])] || isRegnal(words) || slices.ContainsFunc(behindGiven(words), topical) || isSentence(name) {
			return false
		}
	}
	return part != ""
}

// isRegnal reports a ruler or a pope: "Jan Paweł II".
func isRegnal(words []string) bool {
	n := len(words) - 1
	return n > 0 && isSuffix(words[n]) && strings.Trim(words[n], "IVX") == "" && allGiven(words[:n])
}

// namedToo reports two words of the Latin script that are a name where one stands
// before them: they mean nothing else.
func namedToo(part string) bool {
	words := strings.Fields(part)
	return len(words) == 2 && !slices.Contains(paperFronts(), words[0]) && unicode.Is(unicode.Latin, firstRune(part)) && capitalised(words[0]) && capitalised(words[1]) &&
		!in(places(), part) && !isBody(part) && !slices.ContainsFunc(words, topical) && !in(regions(), words[1])
}

// endsFamily reports two words or three of which the last ends as family names of
// its language do: "Раиса Штольцева", "Zbyslava Horáčková".
func endsFamily(words []string) bool {
	last := lowered(words[len(words)-1])
	return len(words) < 4 && len(words) > 1 && capitalised(words[0]) && slices.ContainsFunc(familyEnds(), func(end string) bool {
		return strings.HasSuffix(last, end) && utf8.RuneCountInString(last) > utf8.RuneCountInString(end)+1
	})
}

// behindGiven are the words of a name behind its given name, which may be a place's
// name as well: "Sofia Lind".
func behindGiven(words []string) []string {
	if in(givenNames(), words[0]) {
		return words[1:]
	}
	return words
}

// asideOf reports what may stand beside a signature: a place, a body, a job of
// those who report, since others sign quotations. In brackets, where parties and
// clubs stand as well, it must be one that we know.
func asideOf(part string, bracketed bool) bool {
	words := strings.Fields(part)
	switch {
	case hasJob(words):
		return len(words) < 6 && !slices.ContainsFunc(words, func(w string) bool { return isJobWord(w) && !reports(w) })
	case outletOf(part).picture:
		return false
	case isBody(part), placeFirst(part), in(places(), part):
		return true
	}
	words = behindOutletAt(words)
	part = strings.Join(words, " ")
	if unquoted(part) != part {
		return len(words) < 5
	}
	if len(words) > 1 && in(regions(), words[0]) { // "м. Рівне"
		words = words[1:]
	}
	return !bracketed && shapedTown(words) && !strings.ContainsFunc(part, unicode.IsDigit)
}

// behindOutletAt are the words behind those that stand before an outlet: "спеціально
// для «Дзеркала тижня»".
func behindOutletAt(words []string) []string {
	for i := range min(2, len(words)-1) {
		if in(outletAts(), words[i]) && isLowerWord(words[0]) && isLowerWord(words[i]) {
			return words[i+1:]
		}
	}
	return words
}

// shapedTown reports words that may be the name of a town that we do not know.
func shapedTown(words []string) bool {
	first := words[0]
	if len(words) > 3 || !unicode.IsUpper(firstRune(first)) || acronym(first) || slices.Contains(paperFronts(), first) || len(first) > 1 && first[1] == '-' {
		return false
	}
	return !slices.ContainsFunc(words[1:], func(w string) bool { return isLowerWord(w) && !in(regions(), w) })
}
