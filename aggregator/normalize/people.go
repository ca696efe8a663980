package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// lines are bylines that were taken apart already: the items of a feed have few
// authors.
type lines map[string]Line

func (l lines) read(printed string, role news.Role) Line {
	key := string(role) + "\x00" + printed
	line, ok := l[key]
	if !ok {
		line = Byline(printed, role)
		l[key] = line
	}
	line.People = slices.Clone(line.People) // its caller adds what the item says
	return line
}

// bylineOf gathers the people of an item: its fields, its lines of credits,
// and the byline in its text; the same person told several times is one.
func bylineOf(src news.Source, feed *parse.Feed, it parse.Item, text string, known lines) (news.Byline, string) {
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
		persons = append(persons[:len(persons):len(persons)], feedAuthors(feed, src)...)
	}
	for _, p := range persons {
		role := fieldRole(p)
		if role == "" {
			continue
		}
		line := known.read(Text(p.Name, parse.Unstated), role)
		if len(line.People) == 1 {
			line.People[0].Email = firstText(line.People[0].Email, p.Email)
			line.People[0].URL = Link(p.URL)
		}
		if b.Printed == "" && role == news.Author {
			b.Printed = Text(p.Name, parse.Unstated)
		}
		add(line)
	}
	for _, printed := range append(it.CreditLines, textLines(text)...) {
		if line, ok := creditLine(printed); ok {
			if b.Printed == "" && len(line.People) > 0 {
				b.Printed = tidy(printed)
			}
			add(line)
		}
	}
	b.People = settle(b.People, src)
	return b, credit
}

func firstText(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func authored(p parse.Person) bool {
	return fieldRole(p) == news.Author && strings.TrimSpace(p.Name) != ""
}

// feedAuthors stand in for an item's own, but not those who keep the feed.
func feedAuthors(feed *parse.Feed, _ news.Source) []parse.Person {
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
			list[i].Email = firstText(have.Email, p.Email)
			list[i].URL = firstText(have.URL, p.URL)
			return list
		}
	}
	return append(list, p)
}

// samePerson reports two spellings of a name: equal but for case and accents,
// or one the other with an initial more.
func samePerson(a, b string) bool {
	fa, fb := fold(a), fold(b)
	if fa == fb {
		return true
	}
	wa, wb := strings.Fields(fa), strings.Fields(fb)
	return len(wa) > 1 && len(wb) > 1 && wa[0] == wb[0] && wa[len(wa)-1] == wb[len(wb)-1] && (len(wa) == 2 || len(wb) == 2)
}

// settle leaves bodies out where persons are named for the same role, and the
// source's own name where anybody else is.
func settle(list []news.Person, src news.Source) []news.Person {
	named := map[news.Role]bool{}
	for _, p := range list {
		if !p.Organization {
			named[p.Role] = true
		}
	}
	return slices.DeleteFunc(list, func(p news.Person) bool {
		return p.Organization && named[p.Role]
	})
}

// textLines are the first and last paragraphs where they are short enough to
// be lines of credits.
func textLines(contentHTML string) []string {
	if contentHTML == "" {
		return nil
	}
	var out []string
	if m := spokenBy.FindStringSubmatch(firstBlock(contentHTML)); m != nil {
		out = append(out, "记者："+m[1])
	}
	for _, p := range []string{firstBlock(contentHTML), lastBlock(contentHTML)} {
		if line := TextOf(p); line != "" && utf8.RuneCountInString(line) <= 120 {
			out = append(out, line)
		}
	}
	return out
}

// firstBlock is the first paragraph; pictures and their captions come before
// it at times.
func firstBlock(s string) string {
	i := strings.Index(s, "<p>")
	if i < 0 {
		return ""
	}
	s = s[i:]
	if i = strings.Index(s, "</p>"); i < 0 {
		return ""
	}
	return s[:i]
}

func lastBlock(s string) string {
	i := strings.LastIndex(s, "<p>")
	if i < 0 || !strings.HasSuffix(s, "</p>") {
		return ""
	}
	return s[i:]
}

// creditLine reads a visible line where it opens with a role word; text that
// merely begins with By is no byline (ruling 9).
func creditLine(line string) (Line, bool) {
	line = tidy(line)
	if inner, ok := parenthesised(line); ok {
		if o := registry[fold(inner)]; o.name != "" {
			return Line{Credit: inner}, true
		}
	}
	found := false
	for _, seg := range segments(line) {
		found = found || seg.role != ""
	}
	if !found {
		return Line{}, false
	}
	var out Line
	for _, seg := range segments(line) {
		if seg.role != "" && likelyNames(seg) {
			seg.read(&out, seg.role)
		}
	}
	return out, len(out.People) > 0 || out.Credit != ""
}

// likelyNames reports a segment that can hold nothing but names: short, each
// word with a capital, and in Han characters no part longer than a name.
func likelyNames(seg segment) bool {
	words := strings.Fields(seg.text)
	if len(words) > 14 || strings.ContainsAny(seg.text, "?!。“”\"") {
		return false
	}
	for part := range strings.FieldsFuncSeq(seg.text, func(r rune) bool { return strings.ContainsRune(" 、，,/;；", r) }) {
		if seg.role != "source" && !strings.Contains(part, "·") && utf8.RuneCountInString(part) > 5 && strings.ContainsFunc(part, unspaced) {
			return false
		}
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLower(r) && !particles[fold(w)] && !ands[fold(w)] && !ats[fold(w)] && !outletAts[fold(w)] {
			return false
		}
	}
	return true
}

// spokenBy is the reporter whom a Chinese dispatch names in its opening.
var spokenBy = regexp.MustCompile(`[电電讯訊]\s?[（(]\s?(?:本报|本网|本報)?(?:记者|記者|通讯员)\s?([^（()）]{2,40})[)）]`)
