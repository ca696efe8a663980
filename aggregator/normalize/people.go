package normalize

import (
	"cmp"
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
	known  map[string]Line   // by role, or a sign for a line of a text or at its ends, and as printed
	ignore map[string]bool   // folded
	alias  map[string]string // by the folded name
	style  func(news.Person) string

	outlets Outlets           // besides the registry
	own     func(string) bool // a name of the source itself
}

// linesOf prepares for the items of a feed.
func linesOf(src news.Source, feed *parse.Feed, others Outlets) lines {
	l := taughtBy(src.Byline)
	l.outlets, l.own, l.known, l.style = others, func(name string) bool { return ours(name, src, feed) }, map[string]Line{}, houseStyle
	language := Language(cmp.Or(src.Language, feed.Language))
	switch {
	case src.Byline.AsPrinted:
		l.style = func(p news.Person) string { return p.Name }
	case strings.HasPrefix(language, "tr"), strings.HasPrefix(language, "az"):
		l.style = func(p news.Person) string {
			given := firstWord(p.Name)
			if p.Organization || shouts(given) && !allUpper(p.Name) { // "LIN Yuchen" is no Turk
				return houseStyle(p)
			}
			return nameCase(p.Name, turkish)
		}
	case strings.HasPrefix(language, "it"):
		l.style = italianStyle
	}
	return l
}

// taughtBy knows what the operator taught, and no more.
func taughtBy(rules news.BylineRules) lines {
	l := lines{ignore: map[string]bool{}, alias: map[string]string{}}
	for _, name := range rules.Ignore {
		l.ignore[fold(name)] = true
	}
	for name, whom := range rules.Alias {
		l.alias[fold(name)] = whom
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
			text, outlet := l.outlets.behind(printed)
			line = readLine(text, role)
			if outlet != "" && !l.own(outlet) {
				line.Credit = cmp.Or(line.Credit, outlet)
			}
			line = l.styled(printed, line)
		}
		l.known[key] = line
	}
	line.People = slices.Clone(line.People) // its caller adds what the item says
	return line
}

// credit takes a line of a text apart, which the items of a feed often share.
func (l lines) credit(printed string) (Line, bool) {
	key := "\x00" + printed
	line, ok := l.known[key]
	if !ok {
		line, _ = creditLine(printed)
		l.known[key] = line
	}
	line.People = slices.Clone(line.People)
	return line, len(line.People) > 0 || line.Credit != ""
}

// caption takes apart what stands under a picture, which the items of a feed may share.
func (l lines) caption(text string) Line {
	key := "\x02" + text
	line, ok := l.known[key]
	if !ok {
		read, _ := l.credit(text)
		line = captionLine(text, read)
		l.known[key] = line
	}
	line.People = slices.Clone(line.People)
	return line
}

// signature takes apart a line that may sign a text, which the items of a feed often
// share: "Read more on our site".
func (l lines) signature(printed string) Line {
	key := "\x01" + printed
	line, ok := l.known[key]
	if !ok {
		line = signature(printed)
		l.known[key] = line
	}
	line.People = slices.Clone(line.People)
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

// A gathering is the people of an item as they are found, and the first credit
// beside them.
type gathering struct {
	news.Byline
	credit  string
	below   []string // paragraphs right below a picture
	written bool     // the printed byline names who wrote
	known   lines
}

// bylineOf gathers the people of an item: its fields, its lines of credits, the
// byline in its text, and what stands under its pictures; the same person told several times is one.
func bylineOf(src news.Source, feed *parse.Feed, it parse.Item, texts []string, e edging, known lines) (news.Byline, string) {
	g := gathering{below: e.below, known: known}
	persons := it.People
	if !slices.ContainsFunc(persons, authored) {
		persons = append(persons[:len(persons):len(persons)], feedAuthors(feed)...)
	}
	for _, p := range persons {
		if role := fieldRole(p); role != "" {
			g.field(it, p, role)
		}
	}
	for _, line := range it.CreditLines {
		g.line(line, false)
	}
	for _, line := range texts {
		g.line(line, true)
	}
	for _, text := range e.captions {
		g.add(known.styled(text, known.caption(text)))
	}
	g.People = settle(g.People, src)
	return g.Byline, g.credit
}

// add merges what a line says.
func (g *gathering) add(line Line) {
	for _, p := range line.People {
		g.People = merge(g.People, p)
	}
	g.credit = cmp.Or(g.credit, line.Credit)
}

// field adds whom a field names.
func (g *gathering) field(it parse.Item, p parse.Person, role news.Role) {
	name := Text(p.Name, parse.Unstated)
	if strings.Contains(name, "</") { // markup that was escaped twice
		name = Text(name, parse.HTML)
	}
	line := g.known.read(name, role)
	if p.Field == parse.InfoLine {
		line = g.known.styled(p.Name, infoPeople(p.Name, infoLabels(it)))
	}
	if len(line.People) == 1 {
		line.People[0].Email = cmp.Or(line.People[0].Email, ownMail(p.Email))
		line.People[0].URL = Link(p.URL)
	}
	if g.Printed == "" && role == news.Author && (len(line.People) > 0 || line.Credit != "") {
		g.Printed, g.written = name, true
	}
	g.add(line)
}

// ownMail is an address, unless nobody reads what is sent there: "noreply@wire.example".
func ownMail(address string) string {
	if account, _, _ := strings.Cut(address, "@"); in(noise(), account) {
		return ""
	}
	return address
}

// line adds whom a line of credits names, or one at an edge of the text.
func (g *gathering) line(printed string, ofText bool) {
	if ownPicture(printed) {
		g.add(Line{People: asPhotographers(g.People)})
		return
	}
	printed, own := withoutOwnPicture(printed)
	if name := g.known.outlets.signed(printed); name != "" {
		g.add(Line{Credit: name})
		return
	}
	if ofText {
		if caption := g.captioned(printed); len(caption.People) > 0 {
			g.add(g.known.styled(printed, caption))
			return
		}
	}
	line, ok := g.known.credit(printed)
	if !ok {
		return
	}
	if ofText {
		line = withoutLonely(line, printed)
		line = withoutPictured(line, printed)
		if g.pictured(printed, line) {
			line = Line{People: asPhotographers(line.People)}
		}
	}
	line = g.known.styled(printed, line)
	if len(line.People) > 0 && (g.Printed == "" || !g.written && slices.ContainsFunc(line.People, writes)) {
		g.Printed, g.written = tidy(printed), slices.ContainsFunc(line.People, writes)
	}
	g.add(line)
	if own {
		g.add(Line{People: asPhotographers(line.People)})
	}
}

// pictured reports a name and an outlet, and no word for what the name did, that sign a
// picture: "Jane Doe/The New York Times" where an author is named already, and also "Jane
// Doe for The New York Times" right below a picture.
func (g *gathering) pictured(printed string, line Line) bool {
	if len(line.People) != 1 || line.Credit == "" || !writes(line.People[0]) {
		return false
	}
	who := line.People[0].Name
	behind, named := strings.CutPrefix(printed, who)
	tie, ends := strings.CutSuffix(behind, line.Credit)
	tie = strings.TrimSpace(tie)
	switch {
	case !named || !ends || tie != "/" && !slices.Contains(fors(), tie):
		return false
	case slices.Contains(g.below, printed):
		return true
	}
	other := func(p news.Person) bool { return writes(p) && !samePerson(p.Name, who) }
	return tie == "/" && slices.ContainsFunc(g.People, other) && !slices.ContainsFunc(g.People, func(p news.Person) bool { return samePerson(p.Name, who) })
}

// captioned is whose picture a line is the caption of that stands right below one, and
// that no word for who wrote opens.
func (g *gathering) captioned(printed string) Line {
	if !slices.Contains(g.below, printed) {
		return Line{}
	}
	if _, w, worded := opened(printed, lowered(printed)); worded && strings.HasPrefix(string(w.role), string(news.Author)) {
		return Line{}
	}
	if agency := strings.Trim(printed, " ()"); agenciesOnly(agency) && !outletOf(agency).picture { // whose the text is
		return Line{}
	}
	return g.known.caption(printed)
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

// withoutPictured leaves out whom a line only shows, which a word for whose picture it is
// ends, behind a full stop and more than names: "Mayor Jane Doe in Salina. Photo: Bob Roy".
func withoutPictured(line Line, printed string) Line {
	shown, _, ok := strings.Cut(printed, ". ")
	if !ok || !slices.ContainsFunc(line.People, madePicture) {
		return line
	}
	words := len(strings.Fields(shown))
	for _, p := range line.People {
		if writes(p) {
			words -= len(strings.Fields(p.Name)) + 1 // and what ties it to the next
		}
	}
	if _, role, _ := cutRole(shown); role != "" || words <= 0 {
		return line
	}
	line.People = slices.DeleteFunc(line.People, func(p news.Person) bool { return writes(p) && strings.Contains(shown, p.Name) })
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

// feedAuthors stand in for an item's own, but not those who keep the feed, for whom
// RSS has other fields.
func feedAuthors(feed *parse.Feed) []parse.Person {
	var out []parse.Person
	for _, p := range feed.Authors {
		if p.Field == "author" {
			out = append(out, p)
		}
	}
	return out
}

// fieldRole is what a field says of who stands in it.
func fieldRole(p parse.Person) news.Role {
	switch role := strings.ToLower(strings.TrimSpace(p.Role)); {
	case slices.Contains([]string{"photographer", "photo", "photography"}, role):
		return news.Photographer
	case slices.Contains([]string{"author", "editor", "translator", "illustrator"}, role):
		return news.Role(role)
	case p.Field == "media:credit" && role == "":
		return news.Photographer
	case p.Field == "media:credit": // it had some part in it: EBU's role codes
		return news.Contributor
	}
	switch p.Field {
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
	switch {
	case len(wa) == 0 || len(wb) == 0:
		return false
	case len(wa) == 1 || len(wb) == 1:
		return len(wa) != len(wb) && (slices.Contains(wa, fb) || slices.Contains(wb, fa))
	}
	return wa[len(wa)-1] == wb[len(wb)-1] && sameGiven(wa[0], wb[0]) && (len(wa) == 2 || len(wb) == 2)
}

// sameGiven reports two spellings of a given name, one of which may be its initial.
func sameGiven(a, b string) bool {
	return a == b || isInitial(a) && strings.HasPrefix(b, a) || isInitial(b) && strings.HasPrefix(a, b)
}

// settle leaves bodies out where persons are named for the same role, and the
// source's own name where anybody else is.
func settle(list []news.Person, src news.Source) []news.Person {
	named := map[news.Role]bool{}
	writes := slices.ContainsFunc(list, func(p news.Person) bool {
		return p.Role == news.Author && !p.Organization && p.Affiliation != "" && !isPhotographer(p.Affiliation)
	})
	for i, p := range list {
		if writesBeside(list, p) && acronyms()[p.Name].name != "" { // "Vanguard" in a field, and who wrote in the text
			list[i].Organization = true
			continue
		}
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

// writesBeside reports an author beside others.
func writesBeside(list []news.Person, p news.Person) bool {
	return writes(p) && slices.ContainsFunc(list, func(other news.Person) bool { return writes(other) && other.Name != p.Name })
}

// isPhotographer reports the job of who takes pictures, and no other beside it.
func isPhotographer(job string) bool {
	words := strings.Fields(job)
	return len(words) > 0 && len(words) < 3 && in(photographers(), words[0])
}
