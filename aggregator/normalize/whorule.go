package normalize

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// person tells where somebody is named, and what made of it the name and the role.
func (c Account) person(s side, p news.Person) string {
	line, part := c.lineOf(p), partOfPerson(s, p.Role)
	word := roleWordIn(line, p)
	rule := ""
	switch said := c.said(s, p); {
	case said != "":
		return c.spelled("from the page, "+said, said, p)
	case word == "" && part != "" && p.Role != news.Author: // the line names an author of that name
		line, rule = "", "from "+part
	case line != "" && line != p.Name:
		rule = fmt.Sprintf("from the line %q%s", around(line, p.Name), c.place(s, line, part))
	case line != "":
		rule = "named alone" + c.place(s, line, part)
	case part != "":
		rule = "from " + part
	case s.page != nil:
		rule = "from the page"
	case s.Witnesses == "":
		rule = unnoted
	default:
		rule = "from the item or its text"
	}
	if word != "" && p.Role != news.Author {
		rule += ", by its word “" + word + "”"
	}
	return c.spelled(rule, line, p) + c.readBy(line, p)
}

// readBy tells the rules that read the line which names somebody.
func (c Account) readBy(line string, p news.Person) string {
	for _, p.Name = range append(printedAs(c.Source, p.Name), p.Name) {
		if rules := rulesBy(line, p); len(rules) > 0 {
			return ", by the rules for " + strings.Join(rules, ", ")
		}
	}
	return ""
}

// lineOf is LineOf for somebody who may be called otherwise by the config.
func (c Account) lineOf(p news.Person) string {
	for _, p.Name = range append(printedAs(c.Source, p.Name), p.Name) {
		if line := LineOf(&c.Article, p); line != "" {
			return line
		}
	}
	return ""
}

// printedAs are the names for which the config of a source has another, in their
// order.
func printedAs(src news.Source, name string) []string {
	var out []string
	for printed, whom := range src.Byline.Alias {
		if whom == name {
			out = append(out, printed)
		}
	}
	slices.Sort(out)
	return out
}

// asNamed is an article whose people have the names that its item prints, and not
// those that the config gives them.
func asNamed(src news.Source, it parse.Item, a news.Article) news.Article {
	a.Byline.People = slices.Clone(a.Byline.People)
	for i, p := range a.Byline.People {
		for _, printed := range printedAs(src, p.Name) {
			if sourceOf(it, printed) != "the text" {
				a.Byline.People[i].Name = printed
			}
		}
	}
	return a
}

// said is where the page names somebody, as it was noted when it was read.
func (c Account) said(s side, p news.Person) string {
	if s.page == nil {
		return ""
	}
	for _, name := range append(printedAs(c.Source, p.Name), p.Name) {
		if said := s.page.Witnesses[string(p.Role)+" "+name]; said != "" {
			return said
		}
	}
	return ""
}

// spelled adds to a rule why a name is not as its line has it, and what stands
// beside it there.
func (c Account) spelled(rule, line string, p news.Person) string {
	switch {
	case c.renamed(line, p):
		rule += ", called so by byline.alias in the config of its source"
	case !strings.Contains(line, p.Name) && strings.Contains(fold(line), fold(p.Name)):
		rule += ", in house style"
	}
	if p.Affiliation != "" {
		rule += ", " + p.Affiliation
	}
	return rule
}

// renamed reports somebody whom the config calls otherwise than the line does: one
// whom the line itself names so was at most put into house style.
func (c Account) renamed(line string, p news.Person) bool {
	name, printed := fold(p.Name), printedAs(c.Source, p.Name)
	if len(printed) == 0 || slices.ContainsFunc(printed, func(s string) bool { return fold(s) == name }) {
		return len(printed) > 0
	}
	return !strings.Contains(fold(line), name) && !slices.ContainsFunc(readLine(line, p.Role).People, func(q news.Person) bool { return fold(q.Name) == name })
}

// longestQuote is how much of a line is quoted, in characters.
const longestQuote = 70

// brief is the beginning of a text.
func brief(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:n]), " ,;:") + "…"
}

// around is as much of a line as is quoted, with a name in it.
func around(line, name string) string {
	if i := strings.Index(line, name); i >= 0 && utf8.RuneCountInString(line[:i+len(name)]) > longestQuote {
		before := []rune(line[:i])
		line = "…" + strings.TrimLeft(string(before[len(before)-min(len(before), longestQuote/2):]), " ,;:") + line[i:]
	}
	return brief(line, longestQuote)
}

// partOfPerson names the element or the part of the page that names those of a
// role; empty where only the text does.
func partOfPerson(s side, role news.Role) string {
	part, _, _ := strings.Cut(s.witness(string(role)), " “")
	switch part {
	case "line", "the line":
		return "a line of the page"
	case fromFeed:
		return "the feed's author"
	case "the text":
		return ""
	}
	return part
}

// place tells where a line stands: what is printed as the byline in the element
// for it, the others at an end of the text or below a picture.
func (c Account) place(s side, line, part string) string {
	e := edgesOf(c.Article.ContentHTML, c.Article.Summary)
	first, last, captions := e.first, e.last, e.captions
	holds := func(text string) bool { return strings.Contains(tidy(text), line) }
	n := len(last) - 1
	switch {
	case line == tidy(c.Article.Byline.Printed) && part != "":
		return " in " + part
	case n > 0 && holds(last[n]):
		return " at the end of the text"
	case slices.ContainsFunc(first, holds) && c.Article.ContentHTML == "":
		return " in the summary"
	case slices.ContainsFunc(first, holds):
		return " at the start of the text"
	case slices.ContainsFunc(last, holds):
		return " at the end of the text"
	case slices.ContainsFunc(captions, holds):
		return " below a picture"
	case part != "":
		return " in " + part
	case s.page != nil:
		return " on the page"
	}
	return ""
}

func (c Account) printed(s side) string {
	part := partOfPerson(s, news.Author)
	if other := s.Witnesses.Of("byline"); other != "" {
		part = other
	}
	rule := "as printed" + c.place(s, tidy(c.Article.Byline.Printed), part)
	if rule == "as printed" && s.Witnesses == "" {
		return unnoted
	}
	return rule
}

// A creditText is the text that names the origin of the copy.
type creditText struct {
	line string
	lead string // the rule by which it opens the text; empty where it is a line of its own
}

// creditIn finds where the text names an article's credit, as credits does:
// lines that are signed go before the lead. Zero where it does not.
func (o Outlets) creditIn(a *news.Article) creditText {
	first, last := edges(a.ContentHTML, a.Summary)
	opening, at := lead{}, 0
	for i, text := range first {
		if opening, at = o.leadOf(text), i; opening != (lead{}) {
			break
		}
	}
	named := func(name string) bool { return name != "" && originName(name) == a.Credit.Name }
	for _, text := range creditTexts(first, last, opening, at) {
		line, ok := creditLine(text)
		if named(o.signed(text)) || ok && (named(line.Credit) || named(o.claim(line, func(string) bool { return false }).Credit)) {
			return creditText{line: tidy(text)}
		}
	}
	if named(opening.agency) {
		return creditText{line: tidy(first[at]), lead: opening.rule}
	}
	if len(last) > 1 {
		for _, text := range signatures(last) {
			if line := o.claim(signature(text), func(string) bool { return false }); named(line.Credit) {
				return creditText{line: tidy(text)}
			}
		}
	}
	return creditText{}
}

func (c Account) credit(s side) string {
	rule, part := "", s.Witnesses.Of("credit")
	switch found := c.Outlets.creditIn(s.Article); {
	case part == "line":
		rule = "named in a line of the page"
	case part != "" && s.page != nil:
		rule = "named in the page's " + part
	case part != "":
		rule = "named in the item's " + part
	case found.lead != "":
		rule = fmt.Sprintf("named by the lead of the text, %q, by the rule for %s", brief(leadIn(found.line), longestQuote), found.lead)
	case found.line != "":
		rule = fmt.Sprintf("signed in the text, %q", around(found.line, c.Article.Credit.Name))
	case s.page != nil:
		rule = "named on the page"
	default:
		rule = "the origin that the copy names"
	}
	switch o := c.Outlets.find(c.Article.Credit.Name); {
	case o.name == "":
		return rule + ", not in the registry of outlets"
	case wire(c.Article.Credit.Name).name == "":
		return rule + ", a source of the config: " + o.name
	default:
		return rule + ", in the registry of outlets as " + o.name
	}
}

// leadIn is the opening of agency copy, up to the dash that parts it from what
// it tells.
func leadIn(text string) string {
	text = text[:min(len(text), leadLength)]
	end := len(text)
	for _, mark := range append(dispatchEnds(), " - ", " -- ", " — ", " – ", "】", "= ") {
		if i := strings.Index(text, mark); i > 0 && i+len(mark) < end {
			end = i + len(mark)
		}
	}
	return strings.TrimSpace(strings.ToValidUTF8(text[:end], ""))
}

func (c Account) dateline(s side) string {
	first, _ := edges(s.ContentHTML, s.Summary)
	for _, text := range first {
		if l := c.Outlets.leadOf(text); l.Dateline == s.Dateline {
			return fmt.Sprintf("from the lead of the text, %q, by the rule for %s", brief(leadIn(tidy(text)), longestQuote), l.rule)
		}
	}
	return "from the start of the text"
}
