package normalize

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// lines are bylines that were taken apart already, since the items of a feed
// have few authors, and the style that they are put into.
type lines struct {
	known  map[string]Line
	ignore map[string]bool   // folded
	alias  map[string]string // by the folded name
	style  func(news.Person) string

	outlets Outlets           // besides the registry
	own     func(string) bool // a name of the source itself
}

// linesOf prepares for the items of a feed.
func linesOf(src news.Source, feed *parse.Feed, others Outlets) lines {
	l := lines{
		outlets: others, own: func(name string) bool { return ours(name, src, feed) },
		known: map[string]Line{}, ignore: map[string]bool{}, alias: map[string]string{}, style: houseStyle,
	}
	for _, name := range src.Byline.Ignore {
		l.ignore[fold(name)] = true
	}
	for name, whom := range src.Byline.Alias {
		l.alias[fold(name)] = whom
	}
	language := Language(cmp.Or(src.Language, feed.Language))
	switch {
	case src.Byline.AsPrinted:
		l.style = func(p news.Person) string { return p.Name }
	case strings.HasPrefix(language, "tr"), strings.HasPrefix(language, "az"):
		l.style = func(p news.Person) string {
			given, _, _ := strings.Cut(p.Name, " ")
			if p.Organization || shouts(given) && strings.ToUpper(p.Name) != p.Name { // "LIN Yuchen" is no Turk
				return houseStyle(p)
			}
			return nameCase(p.Name, turkish)
		}
	}
	return l
}

// read takes a field apart.
func (l lines) read(printed string, role news.Role) Line {
	key := string(role) + "\x00" + printed
	line, ok := l.known[key]
	if !ok {
		if whom := l.taught(printed); whom != "" { // even of what names nobody
			line = Line{People: []news.Person{{Name: whom, Role: role}}}
		} else {
			line = l.styled(printed, readLine(printed, role))
		}
		l.known[key] = line
	}
	line.People = slices.Clone(line.People) // its caller adds what the item says
	return line
}

// styled puts the names of a line into the style of the source: what operators
// taught goes before the rules.
func (l lines) styled(printed string, line Line) Line {
	line = l.outlets.claim(line, l.own)
	if l.ignores(printed) {
		return Line{}
	}
	if l.ignores(line.Credit) {
		line.Credit = ""
	}
	var people []news.Person
	for _, p := range line.People {
		if l.ignores(p.Name) {
			continue
		}
		p.Name = cmp.Or(l.taught(p.Name), l.style(p))
		people = append(people, p)
	}
	line.People = people
	return line
}

// ignores reports a text that the operator does not want read. Most teach
// nothing, and to fold each name costs.
func (l lines) ignores(text string) bool { return len(l.ignore) > 0 && in(l.ignore, text) }

// taught is how the operator spells a name; empty where he says nothing.
func (l lines) taught(name string) string {
	if len(l.alias) == 0 {
		return ""
	}
	return in(l.alias, name)
}

// bylineOf gathers the people of an item: its fields, its lines of credits,
// and the byline in its text; the same person told several times is one.
func bylineOf(src news.Source, feed *parse.Feed, it parse.Item, texts []string, known lines) (news.Byline, string) {
	var b news.Byline
	credit := ""
	add := func(line Line) {
		for _, p := range line.People {
			b.People = merge(b.People, p)
		}
		if credit == "" {
			credit = line.Credit
		}
	}
	persons := it.People
	if !slices.ContainsFunc(persons, authored) {
		persons = append(persons[:len(persons):len(persons)], feedAuthors(feed)...)
	}
	for _, p := range persons {
		role := fieldRole(p)
		if role == "" {
			continue
		}
		line := known.read(Text(p.Name, parse.Unstated), role)
		if p.Field == parse.InfoLine {
			line = known.styled(p.Name, infoPeople(p.Name, infoLabels(it)))
		}
		if len(line.People) == 1 {
			line.People[0].Email = cmp.Or(line.People[0].Email, p.Email)
			line.People[0].URL = Link(p.URL)
		}
		if b.Printed == "" && role == news.Author && (len(line.People) > 0 || line.Credit != "") {
			b.Printed = Text(p.Name, parse.Unstated)
		}
		add(line)
	}
	for i, printed := range append(it.CreditLines[:len(it.CreditLines):len(it.CreditLines)], texts...) {
		if ownPicture(printed) {
			add(Line{People: asPhotographers(b.People)})
			continue
		}
		printed, own := withoutOwnPicture(printed)
		if name := known.outlets.signed(printed); name != "" {
			add(Line{Credit: name})
		} else if line, ok := creditLine(printed); ok {
			if i >= len(it.CreditLines) {
				line = withoutLonely(line, printed)
			}
			line = known.styled(printed, line)
			if b.Printed == "" && len(line.People) > 0 {
				b.Printed = tidy(printed)
			}
			add(line)
			if own {
				add(Line{People: asPhotographers(line.People)})
			}
		}
	}
	b.People = settle(b.People, src)
	return b, credit
}

// withoutLonely leaves out authors of one word whom no mark tells from a text that
// merely begins so (ruling 9): "By Design".
func withoutLonely(line Line, printed string) Line {
	if strings.ContainsAny(printed, ":：|/()") {
		return line
	}
	line.People = slices.DeleteFunc(line.People, func(p news.Person) bool {
		return writes(p) && p.Affiliation == "" && !strings.Contains(p.Name, " ") && unicode.IsUpper(firstRune(p.Name))
	})
	return line
}

// longestOwn is the longest line, in bytes, that says of pictures that who wrote
// took them.
const longestOwn = 64

// asPhotographers are the authors of a list who took the pictures too, "Фото
// автора": ruling 6.
func asPhotographers(list []news.Person) []news.Person {
	var out []news.Person
	for _, p := range list {
		if p.Role == news.Author && !p.Organization {
			p.Role = news.Photographer
			out = append(out, p)
		}
	}
	return out
}

func authored(p parse.Person) bool {
	return fieldRole(p) == news.Author && strings.TrimSpace(p.Name) != ""
}

// feedAuthors stand in for an item's own, but not those who keep the feed.
func feedAuthors(feed *parse.Feed) []parse.Person {
	var out []parse.Person
	for _, p := range feed.Authors {
		if p.Field == "author" && feed.Format != "rss" {
			out = append(out, p)
		}
	}
	return out
}

// fieldRole is what a field says of who stands in it.
func fieldRole(p parse.Person) news.Role {
	switch p.Role {
	case "photographer", "photo", "photography":
		return news.Photographer
	case "author", "editor", "translator", "illustrator":
		return news.Role(p.Role)
	}
	switch p.Field {
	case "media:credit":
		return news.Photographer
	case "contributor":
		return news.Contributor
	case "managingEditor", "webMaster":
		return ""
	}
	return news.Author
}

// merge adds a person whom the list does not have in that role.
func merge(list []news.Person, p news.Person) []news.Person {
	for i, have := range list {
		if have.Role == p.Role && samePerson(have.Name, p.Name) {
			if utf8.RuneCountInString(p.Name) > utf8.RuneCountInString(have.Name) && !p.Organization {
				list[i].Name = p.Name
			}
			list[i].Email = cmp.Or(have.Email, p.Email)
			list[i].URL = cmp.Or(have.URL, p.URL)
			return list
		}
	}
	return append(list, p)
}

// samePerson reports two spellings of a name: equal but for case and accents,
// one the other with an initial more, with an initial for a given name, or a
// part of it (ruling 1: the fuller byline counts).
func samePerson(a, b string) bool {
	fa, fb := fold(a), fold(b)
	if fa == fb {
		return true
	}
	i, j := strings.LastIndexByte(fa, ' '), strings.LastIndexByte(fb, ' ')
	if i > 0 && j > 0 && fa[i:] != fb[j:] { // most pairs
		return false
	}
	wa, wb := strings.Fields(fa), strings.Fields(fb)
	if len(wa) == 0 || len(wb) == 0 {
		return false
	}
	if len(wa) == 1 || len(wb) == 1 {
		return len(wa) != len(wb) && (slices.Contains(wa, fb) || slices.Contains(wb, fa))
	}
	if wa[len(wa)-1] != wb[len(wb)-1] {
		return false
	}
	given := wa[0] == wb[0] || isInitial(wa[0]) && strings.HasPrefix(wb[0], wa[0]) || isInitial(wb[0]) && strings.HasPrefix(wa[0], wb[0])
	return given && (len(wa) == 2 || len(wb) == 2)
}

// settle leaves bodies out where persons are named for the same role, and the
// source's own name where anybody else is.
func settle(list []news.Person, src news.Source) []news.Person {
	named := map[news.Role]bool{}
	writes := slices.ContainsFunc(list, func(p news.Person) bool {
		return p.Role == news.Author && !p.Organization && p.Affiliation != "" && !isPhotographer(p.Affiliation)
	})
	for i, p := range list {
		if !p.Organization {
			if writes && p.Role == news.Author && isPhotographer(p.Affiliation) {
				list[i].Role = news.Photographer
			}
			named[list[i].Role] = true
		}
	}
	return slices.DeleteFunc(list, func(p news.Person) bool {
		return p.Organization && named[p.Role]
	})
}

// isPhotographer reports the job of who takes pictures, and no other beside it.
func isPhotographer(job string) bool {
	words := strings.Fields(job)
	return len(words) > 0 && len(words) < 3 && in(photographers(), words[0])
}

// edgeBlocks are how many paragraphs at each end of a text may hold credits.
const edgeBlocks = 3

// edges are the first and last paragraphs of a text, in its order; the summary
// stands in for a text that there is not.
func edges(contentHTML, summary string) (first, last []string) {
	if contentHTML == "" {
		if summary == "" {
			return nil, nil
		}
		return []string{summary}, []string{summary}
	}
	rest := contentHTML
	for len(first) < edgeBlocks && rest != "" {
		var block string
		block, rest = cutBlock(rest)
		if text := TextOf(block); text != "" {
			first = append(first, text)
		}
	}
	if rest == "" {
		return first, first
	}
	for len(last) < edgeBlocks && rest != "" {
		i := lastBreak(strings.TrimRight(rest, " \n"))
		if text := TextOf(rest[i:]); text != "" {
			last = append(last, text)
		}
		rest = rest[:i]
	}
	slices.Reverse(last)
	return first, last
}

// breaks end a line of clean HTML.
var breaks = []string{"</p>", "<br", "</div>", "</li>", "</h2>", "</h3>", "</figcaption>", "</blockquote>"}

// cutBlock cuts s behind its first line.
func cutBlock(s string) (block, rest string) {
	end := len(s)
	for _, mark := range breaks {
		if i := strings.Index(s[:min(len(s), end)], mark); i >= 0 {
			end = i
		}
	}
	if end == len(s) {
		return s, ""
	}
	close := strings.IndexByte(s[end:], '>')
	if close < 0 {
		return s, ""
	}
	return s[:end+close+1], s[end+close+1:]
}

// lastBreak is where the last line of s begins.
func lastBreak(s string) int {
	best := 0
	for _, mark := range []string{"<p>", "<br>", "<br/>", "<div>", "<li>"} {
		if i := strings.LastIndex(s[best:], mark); i > 0 { // nothing before the best is of interest
			best += i
		}
	}
	return best
}

// longestCredit is the longest paragraph, in runes, that may be credits alone.
const longestCredit = 220

// creditTexts are the lines of credits at the edges of a text: the people of
// the lead, which stands in first[at], paragraphs short enough, and what ends a longer one in brackets or
// behind a dash.
func creditTexts(first, last []string, opening lead, at int) []string {
	var out []string
	if opening.people != "" {
		out = append(out, opening.people)
	}
	all := append(first[:len(first):len(first)], last...)
	for i, text := range all {
		if i >= len(first) && slices.Contains(first, text) {
			continue
		}
		if i == at && opening != (lead{}) {
			text = behindLead(text)
		}
		if i < at && i < len(first) && opening.agency != "" {
			if by := byBeforeLead(text); by != "" {
				text = by
			}
		}
		if text != all[len(all)-1] && opensAccented(text) && (len(last) == 0 || text != last[len(last)-1]) && len(vietnameseLine(text).People) > 0 { // a name alone signs at the end only
			continue
		}
		if utf8.RuneCountInString(text) <= longestCredit && text != "" && mayCredit(text) {
			out = append(out, text)
		}
	}
	for _, text := range all[max(0, len(all)-max(edgeBlocks, len(last))):] {
		if end := signOff(text); end != "" && end != text {
			out = append(out, end)
		}
	}
	return out
}

// behindLead is the byline that follows the lead of agency copy in a line of
// their own: "LONDON (Reuters) - By Ann Lee".
func behindLead(text string) string {
	if len(text) > longestCredit {
		return ""
	}
	for _, dash := range []string{" - ", " -- ", " — ", " – "} {
		if _, rest, ok := strings.Cut(text, dash); ok {
			if _, role, _ := cutRole(rest); role == news.Author {
				return rest
			}
		}
	}
	return ""
}

// creditMarks are in most lines that name anyone.
var creditMarks = setOf(":：|｜;；/（【")

// mayCredit reports a paragraph that can be a line of credits: short, with a
// mark that parts one, or opened by a role word. Most are not, which is cheap to
// see.
func mayCredit(text string) bool {
	if (len(text) < 80 || len(text) < 240 && utf8.RuneCountInString(text) < 80) && !closesSentence(text) || strings.ContainsAny(text[:1], "([") || creditMarks.in(text) {
		return true
	}
	if _, role, _ := cutRole(text); role != "" {
		return true
	}
	lower := lowered(text)
	if _, ok := originPhrase("notice", text, lower); ok {
		return true
	}
	at, _, _ := toldAt(lower)
	return at >= 0
}

// closesSentence reports four words and more of ASCII that end in a full stop,
// the last of them without a capital: "He will count them again."
func closesSentence(text string) bool {
	i := strings.LastIndexByte(text, ' ')
	return i > 0 && text[len(text)-1] == '.' && text[i+1] >= 'a' && text[i+1] <= 'z' && strings.Count(text, " ") > 2 && ascii(text)
}

// signOff is what ends a paragraph in brackets, or an agency behind a dash.
func signOff(text string) string {
	text = strings.TrimRight(text, " .")
	if i := strings.LastIndex(text, "。"); i > 0 && len(text)-i < 90 && (strings.HasSuffix(text, "摄") || strings.HasSuffix(text, "攝")) { // …。新华社记者 刘磊 摄
		return text[i+len("。"):]
	}
	end, n := utf8.DecodeLastRuneInString(text)
	if open := strings.IndexRune(")）】]", end); open >= 0 && n > 0 {
		i := strings.LastIndexAny(text, "(（【[")
		if i >= 0 && len(text)-i < 400 {
			if before := strings.TrimRight(text[:i], " /"); len(before) < i { // "bugetul. AGERPRES/(AS - autor: …)"
				if word := before[strings.LastIndexByte(before, ' ')+1:]; in(registry(), word).agency {
					return word + "/" + text[i:]
				}
			}
			return text[i:]
		}
		return ""
	}
	if i := strings.LastIndex(text, "©"); i > 0 && len(text)-i < 60 && originLine(text[i:]) != "" {
		return text[i:]
	}
	end60 := text[max(0, len(text)-60):]
	if i := strings.LastIndexAny(end60, "—–"); i >= 0 {
		_, n := utf8.DecodeRuneInString(end60[i:])
		if name := strings.TrimSpace(end60[i+n:]); in(registry(), name).name != "" {
			return "(" + name + ")"
		}
	}
	return ""
}

// longestUnworded is the longest line, in runes, that names people without a role
// word.
const longestUnworded = 110

// creditLine reads a visible line where it opens with a role word; text that
// merely begins with By is no byline (ruling 9).
func creditLine(line string) (Line, bool) {
	line = tidy(line)
	if out, ok := plainLine(line, ""); ok {
		return out, true
	}
	return closeCredit(line)
}

// closeCredit is creditLine for lines that need a closer look.
func closeCredit(line string) (Line, bool) {
	if name := originLine(line); name != "" {
		return Line{Credit: name}, true
	}
	if inner, ok := parenthesised(line); ok {
		inner = strings.Trim(inner, " ©")
		if unspaced(firstRune(inner)) && isJobAlone(inner) { // the end of 井上拓（フリーライター）
			return Line{}, false
		}
		if agenciesOnly(inner) && !outletOf(inner).picture {
			return Line{Credit: inner}, true
		}
		if picture, ok := pictureLine(inner); ok {
			return picture, true
		}
		if word, rest, ok := strings.Cut(inner, " "); ok && in(outletAts(), word) && agenciesOnly(rest) { // "(Theo Reuters, AFP)"
			return Line{Credit: rest}, true
		}
	}
	if name := strings.Trim(line, "/© "); name != line && in(registry(), name).name != "" { // "/ritzau/"
		return Line{Credit: name}, true
	}
	if o := in(registry(), line); o.agency && !o.picture || strings.ContainsAny(line, ",/-–+、،") && agenciesOnly(line) || opensAgency(line) {
		return Line{Credit: strings.Trim(line, "/ ")}, true
	}
	if word, rest, ok := strings.Cut(line, " "); ok && in(outletAts(), word) && agenciesOnly(rest) { // "Theo TTXVN"
		return Line{Credit: rest}, true
	}
	if len(line) > longestUnworded && utf8.RuneCountInString(line) > longestUnworded && !holdsRole(line) {
		return Line{}, false
	}
	var out Line
	line, _ = wash(out.signedOff(line))
	name, _ := parenthesised(strings.Trim(line, " |"+pause))
	if name = strings.TrimSpace(name); in(registry(), name).agency || name != line && strings.Contains(line, pause) && in(registry(), name).name != "" { // "Xinhua | Updated: 09:20"
		return Line{Credit: name}, true
	}
	list := segments(out.dispatch(line))
	if slices.ContainsFunc(list, segment.worded) {
		for _, seg := range credited(list, unmarkedIndic(line)) {
			seg.read(&out, news.Author)
		}
	}
	if len(out.People) == 0 && out.Credit == "" {
		out = unworded(line)
	}
	out.settle()
	out.People = slices.DeleteFunc(out.People, func(p news.Person) bool { // "विश्व बैंक की रिपोर्ट"
		return p.Organization && p.Role == news.Author && uncased(p.Name) && isInstitution(p.Name) && !isOutlet(p.Name) && !deskFiles(p.Name, line)
	})
	return out, len(out.People) > 0 || out.Credit != ""
}

// credited are the segments of a line that name people, if any of them has a role
// word.
func credited(list []segment, unmarked bool) []segment {
	for i := 1; i < len(list); i++ {
		if list[i].role == "" && list[i-1].role == news.Photographer && isBody(list[i].text) { // "Photos by Jane Doe | AP"
			list[i].role = news.Photographer
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
	first, _ := utf8.DecodeRuneInString(line)
	return unicode.In(first, unicode.Bengali, unicode.Devanagari) && !strings.ContainsAny(line, ":：|-–—/,()")
}

// likelyUncased is likelyName for scripts without capitals: no sentence, and no
// nouns with their article, where no given name stands there.
func likelyUncased(words []string) bool {
	first := words[0]
	r, _ := utf8.DecodeRuneInString(first)
	last := words[len(words)-1]
	text := strings.Join(words, " ")
	switch {
	case unspaced(r), isHangul(r), unicode.Is(unicode.Thai, r), strings.ContainsAny(text, "-–—"):
		return true
	case len(words) > 1 && strings.HasSuffix(first, ":"), len(words) > 4 && strings.ContainsRune(".۔।", lastRune(last)):
		return false
	case len(words) == 1, in(givenNames(), first), isTitle(first), hasJob(words), isBody(text):
		return true
	case len(words) > 4:
		return holdsGiven(text) || slices.ContainsFunc(words[1:4], func(w string) bool { return in(ands(), w) || andGlued(w) && !definite(first) })
	}
	return !definite(first) || len(words) == 2 && !definite(last)
}

// definite reports an Arabic or Hebrew word with its article.
func definite(w string) bool {
	return strings.HasPrefix(w, "ال") || strings.HasPrefix(w, "ה") && utf8.RuneCountInString(w) > 3
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
	for part := range strings.FieldsFuncSeq(text, agencyMarks.has) {
		if o := wire(part); o.name == "" || n == 0 && !o.agency {
			return false
		}
		n++
	}
	return n > 0
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
	first, _ := utf8.DecodeRuneInString(text)
	if strings.ContainsAny(text, ":：&") {
		return false
	}
	n := utf8.RuneCountInString(text)
	return strings.Contains(text, " ") || isBody(text) || surnames()[first] && n < 5 || allHan(text) && n > 2 && n < 6
}

// mayName reports a text that can name somebody beside a line's authors: in
// scripts without capitals a given name or a body tells it from a section.
func mayName(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return !uncased(text) || unspaced(first) || isHangul(first) || isBody(text) || holdsGiven(text)
}

// holdsGiven reports a given name among words.
func holdsGiven(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(w string) bool { return in(givenNames(), w) })
}

// unworded reads a line that has no role word and can be nothing but credits:
// a person beside an agency, "Anne Dupont avec AFP", and a name alone in the
// brackets of Japanese papers.
func unworded(line string) Line {
	if inner, ok := parenthesised(line); ok && unspaced(firstRune(inner)) {
		if l, ok := signedJapanese(inner); ok || strings.HasPrefix(line, "【") && l.headed() {
			out := readLine(l.people, news.Author)
			out.Credit = cmp.Or(l.agency, out.Credit)
			return out
		}
		if out := besideOutlet(line); len(out.People) > 0 {
			return out
		}
	}
	if strings.ContainsFunc(line, isHangul) {
		if m := koreanOpen.FindStringSubmatch(line); m != nil && in(registry(), m[2]).agency && roleAlone(m[1]) == "" { // "뉴욕=연합뉴스"
			return Line{Credit: m[2]}
		}
		if out := broadcast(line); len(out.People) > 0 {
			return out
		}
	}
	if body, _, ok := strings.Cut(line, "/"); ok && len(line) < 80 && isPicture(body) { // "AP Photo/Jane Doe"
		return readLine(line, news.Photographer)
	}
	if out := nameAndJob(line); len(out.People) > 0 {
		return out
	}
	if out := bareLine(line); len(out.People) > 0 {
		return out
	}
	if utf8.RuneCountInString(line) > 80 || !likelyNames(segment{text: line}) {
		return Line{}
	}
	out := readLine(line, news.Author)
	if (in(registry(), out.Credit).name != "" || agenciesOnly(out.Credit)) && len(out.People) > 0 && !out.People[0].Organization && strings.Contains(out.People[0].Name, " ") {
		return out
	}
	if in(registry(), out.Credit).agency && len(out.People) == 1 && len(out.People[0].Name) < 7 && strings.Contains(out.People[0].Name, ".") { // "L.B. avec AFP"
		return Line{Credit: out.Credit}
	}
	return Line{}
}

// nameAndJob reads a line that is a name and what one is who reports: "Anna Lis,
// korespondentka", "Reporter Jan Nowak". A quotation is signed so by others, but
// not by who reports.
func nameAndJob(line string) Line {
	if len(line) > 240 || utf8.RuneCountInString(line) > 110 || strings.ContainsAny(line, ":：?!;\"“”") || strings.HasSuffix(line, ".") {
		return Line{}
	}
	words := strings.Fields(line)
	if len(words) < 3 || !slices.ContainsFunc(words, reports) {
		return Line{}
	}
	out := readLine(line, news.Author)
	if len(out.People) != 1 || out.People[0].Organization || !slices.ContainsFunc(strings.Fields(out.People[0].Affiliation), reports) {
		return Line{}
	}
	if name := strings.Fields(out.People[0].Name); len(name) < 2 || fullWords(name) > 4 || !isTitled(out.People[0].Name) || slices.ContainsFunc(behindGiven(name), topical) {
		return Line{}
	}
	return out
}

// reports reports a job of those who write for papers.
func reports(w string) bool {
	return in(reporters(), strings.Trim(w, ",.()")) && spelt(strings.Trim(w, "()")) || thaiReporter(w)
}

// likelyNames reports a segment that can hold nothing but names: short, each
// word with a capital, and in Han characters no part longer than a name.
func likelyNames(seg segment) bool {
	blanks := strings.Count(seg.text, " ")
	first, _ := utf8.DecodeRuneInString(seg.text)
	switch {
	case blanks > 13, sentenceMarks.in(seg.text), strings.Contains(seg.text, `"`) && !strings.ContainsFunc(seg.text, hebrew), isHangul(first) && koreanSentence(seg.text): // but לע"מ
		return false
	case unicode.Is(unicode.Han, first) && seg.role == news.Author && !(seg.colon && utf8.RuneCountInString(seg.text) < 5) && !(surnames()[first] && allHan(seg.text) && utf8.RuneCountInString(seg.text) < 4 && !slices.Contains(hanVerbs(), seg.text)) && slices.ContainsFunc(hanVerbs(), func(v string) bool { return strings.HasPrefix(seg.text, v) }) && agencyIn(seg.text) == "":
		return false
	case blanks == 0 && seg.role == news.Editor && !unicode.Is(unicode.Han, first): // "Editor: huaxia"
		return true
	case seg.role == news.Author && !seg.colon && unicode.Is(unicode.Han, first) && utf8.RuneCountInString(seg.text) == 2 && !surnames()[first]: // 记者来鸿
		return false
	}
	for part := range strings.FieldsFuncSeq(seg.text, listMarks.has) {
		part = strings.TrimSpace(part)
		if in(registry(), part).name == "" && !likelyName(part, seg.role) {
			return false
		}
	}
	return true
}

// Marks that part the names of a list, and that no list of names holds.
var listMarks, sentenceMarks = setOf("、，,/;；"), setOf("?!؟。।“”")

func hebrew(r rune) bool { return unicode.Is(unicode.Hebrew, r) }

// givenKana is a Japanese name whose given name is in kana: 宮城島ひかり.
var givenKana = regexp.MustCompile(`^\p{Han}{2,4}(?:\p{Hiragana}{2,4}|\p{Katakana}[\p{Katakana}ー]{1,5})$`)

// kanaName is givenKana but for the end of a sentence.
func kanaName(w string) bool {
	return givenKana.MatchString(w) && !strings.HasSuffix(w, "する") && !strings.HasSuffix(w, "した") && !strings.HasSuffix(w, "ます") && !strings.HasSuffix(w, "です")
}

// likelyName is likelyNames for what stands between two commas.
func likelyName(part string, role news.Role) bool {
	words := strings.Fields(part)
	if role != source && uncased(part) && !likelyUncased(words) {
		return false
	}
	for i, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if i > 0 && role != source && in(sentenceOnly(), w) && !in(ands(), w) && !(in(givenNames(), w) && in(givenNames(), words[i-1])) || i == 0 && len(words) > 2 && in(betweens(), w) && isLowerWord(w) {
			return false
		}
		if role != source && !strings.Contains(w, "·") && utf8.RuneCountInString(w) > 5 && strings.ContainsFunc(w, unspaced) &&
			!hanJob(w) && !kanaName(w) && !katakanaName(w) && !(role != "" && (kanaAlone(w) || familyKana(w))) && !isOutlet(w) && len(gluedHan(name{text: w})) < 2 {
			return false
		}
		if !unicode.IsLower(r) {
			continue
		}
		f := fold(w)
		if !(particles()[f] || ands()[f] || ats()[f] || outletAts()[f] || registry()[f].name != "" || bodyWords()[f] || isJobWord(w) || isBeatWord(w) && hasJob(words)) {
			return false
		}
	}
	return true
}
