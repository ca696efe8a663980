package extract

import (
	"slices"
	"strings"

	"copydesk/aggregator/parse"
)

const (
	// maxCreditLine is the longest text, in bytes, that is still a line of
	// credits and not a paragraph.
	maxCreditLine = 300

	// maxCreditLines is more than any article has.
	maxCreditLines = 100

	// Credits stand near the article: so much text above its heading, behind
	// its first and before its last words, and below it (in weight).
	creditsAbove, creditsInside, creditsBelow = 300, 700, 700
)

// A line is one of credits, as the page shows it.
type line struct {
	at     int // its element
	text   string
	by     bool // it opens with a word for who wrote it
	byline bool // its element is named for bylines
	head   bool // it stands before the article's text begins, or just where it does
	credit bool // it opens with any word of credits
	moment bool // it opens with a word of appearance or change
}

// creditLines are the visible lines that name who made the article, where it
// came from and when, in page order and each once.
func (p *page) creditLines() []line {
	found := lineList{at: map[string]int{}}
	near := p.zone()
	o := p.outline
	for i := 0; i < len(o.elements) && len(found.lines) < maxCreditLines; i++ {
		e := &o.elements[i]
		if p.notOurs(i) || p.footer(i) {
			i = e.end - 1
			continue
		}
		if !e.oneLine() || p.beyondText(i) {
			continue
		}
		inside := o.inside(i, p.body) && e.start > near.first && e.start < near.last
		if inside && !p.captioned(i) && !p.bracketed(i) {
			continue
		}
		if l, ok := p.lineAt(i); ok && p.counts(l, inside, near) {
			l.head = e.start <= near.begins
			found.add(l)
		}
	}
	for _, l := range p.signOff() {
		found.add(l)
	}
	return found.lines
}

// oneLine reports an element that may be a line of its own.
func (e *element) oneLine() bool {
	return e.text > 0 && e.text <= maxCreditLine && (lineElements[e.node.Data] || e.traits.has(credits))
}

// notOurs reports an element that shows others than this article, or leads to them.
func (p *page) notOurs(i int) bool {
	e := &p.outline.elements[i]
	return e.traits.has(others) || e.traits.has(sharp) || menus[e.node.Data] && !p.outline.inside(p.body, i)
}

// counts reports a line that is one of credits where it stands: in the middle of
// a text only those of pictures are, and below it a date alone is that of
// another article.
func (p *page) counts(l line, inside bool, near zone) bool {
	switch {
	case inside && !l.credit, inside && !p.captioned(l.at) && !photoCredit.MatchString(l.text):
		return false
	case p.outline.elements[l.at].start >= near.ends && !l.credit && !l.moment && !l.byline:
		return false
	}
	return true
}

// A lineList keeps each line once.
type lineList struct {
	lines []line
	at    map[string]int // where in lines a text stands, from 1
}

func (list *lineList) add(l line) {
	if have := list.at[l.text]; have > 0 {
		list.lines[have-1].byline = list.lines[have-1].byline || l.byline
		return
	}
	if len(list.lines) < maxCreditLines {
		list.lines = append(list.lines, l)
		list.at[l.text] = len(list.lines)
	}
}

// bracketed reports an element whose text ends in brackets, as the credit of a
// picture does.
func (p *page) bracketed(i int) bool {
	text, ok := brief(p.outline.elements[i].node, maxCreditLine)
	return ok && (strings.HasSuffix(text, ")") || strings.HasSuffix(text, "）"))
}

// menus hold no credits, unless the whole page stands in a form.
var menus = map[string]bool{"nav": true, "menu": true, "form": true, "select": true, "dialog": true}

// lineElements may be a line of their own.
var lineElements = map[string]bool{
	"p": true, "div": true, "span": true, "address": true, "li": true, "td": true, "em": true, "i": true, "strong": true, "b": true, "h2": true, "h3": true, "h4": true, "h5": true,
	"figcaption": true, "section": true, "header": true, "footer": true, "small": true, "a": true, "time": true, "dd": true, "cite": true, "font": true,
}

// lineAt reads element i as a line of credits, where it is one.
func (p *page) lineAt(i int) (line, bool) {
	e := &p.outline.elements[i]
	text, ok := briefParted(e.node, maxCreditLine)
	if !ok || text == "" {
		return line{}, false
	}
	if !p.blockless(i) {
		return p.looseDate(i)
	}
	l := wordsOfCredit(p.cutAtOutlet(i, text))
	l.at, l.byline = i, e.traits.has(bylines) || p.leadsToAuthor(i, text) || p.namedIn(i, text)
	if l.by {
		l.text = p.withoutPlace(i, l.text)
	}
	if l.by || l.byline {
		l.text = p.linksApart(i, l.text)
	}
	lower := strings.ToLower(text)
	l.moment = startsWith(lower, creditWords["published"]) || startsWith(lower, creditWords["updated"])
	switch {
	case e.traits.has(credits), l.byline, l.credit, l.moment, p.besideName(i), e.dated(text):
		return l, true
	case !strings.HasSuffix(text, ")") && !strings.HasSuffix(text, "）"):
		return line{}, false
	}
	if l.text = photoCredit.FindString(text); l.text != "" {
		l.credit = true
		return l, true
	}
	return line{}, false
}

// dated reports a short line that holds a date, or a longer one that opens with one.
func (e *element) dated(text string) bool {
	return e.text <= 80 && strings.ContainsAny(text, "0123456789") && datePattern.MatchString(text) ||
		e.text <= longestNames && isDigit(text[0]) && opensWithDate(text)
}

// looseDate is the text that stands in an element beside blocks, where it holds a
// date.
func (p *page) looseDate(i int) (line, bool) {
	text, ok := ownText(p.outline.elements[i].node, maxCreditLine)
	if !ok || !strings.ContainsAny(text, "0123456789") || !datePattern.MatchString(text) || len(text) > longestNames {
		return line{}, false
	}
	l := wordsOfCredit(text)
	l.at = i
	return l, true
}

// cutAtOutlet ends a line behind the outlet that it names, where that stands in
// an element of its own and no other credit follows: what does is a button.
func (p *page) cutAtOutlet(i int, text string) string {
	end := p.outletEnd(i, text)
	if end < 0 || creditInside(text[end:]) || opensCredit(text[end:]) {
		return text
	}
	return text[:end]
}

// outletEnd is where in a line the outlet ends that it names in an element of its
// own; -1 where it names none so.
func (p *page) outletEnd(i int, text string) int {
	if !strings.ContainsAny(text, ":：") {
		return -1
	}
	m := namedSource.FindStringSubmatchIndex(text)
	if m == nil {
		return -1
	}
	for j := i + 1; j < p.outline.elements[i].end; j++ {
		part, ok := brief(p.outline.elements[j].node, longestOrigin)
		if ok && part != "" && strings.HasPrefix(text[m[2]:], part) {
			return m[2] + len(part)
		}
	}
	return -1
}

// opensCredit reports words behind an outlet, and behind a date there, that open
// a line of credits.
func opensCredit(behind string) bool {
	return wordsOfCredit(strings.TrimLeft(datePattern.ReplaceAllString(behind, ""), " ")).credit
}

// captioned reports an element that stands under a picture.
func (p *page) captioned(i int) bool {
	for j, n := i, 0; j >= 0 && n < 4; j, n = p.outline.elements[j].parent, n+1 {
		if e := &p.outline.elements[j]; e.node.Data == "figure" || e.node.Data == "figcaption" || e.traits.has(captions) && e.text <= longestCaption {
			return true
		}
	}
	return false
}

// longestOrigin is the longest name of an outlet, in bytes.
const longestOrigin = 90

// shownOrigin is the outlet that an element above the text names, by its class.
func (p *page) shownOrigin() []candidate {
	for _, l := range p.lines {
		if l.head && p.outline.elements[l.at].traits.has(origins) && !l.by && len(l.text) <= longestOrigin && !p.captioned(l.at) && !strings.ContainsAny(l.text, "0123456789@") {
			name := l.text
			if m := namedSource.FindStringSubmatch(name); m != nil {
				name = m[1]
			}
			return []candidate{{"visible", name}}
		}
	}
	return nil
}

// printed are the lines of credits as they were printed, without those that
// name other authors than people.
func (p *page) printed(people []parse.Person) []string {
	var out []string
	authors := slices.DeleteFunc(slices.Clone(people), func(who parse.Person) bool {
		return who.Role != "" && who.Role != "author" || who.Field == parse.InfoLine
	})
	for _, l := range p.lines {
		switch {
		case l.byline && !l.by && !l.credit:
			continue // told among the people
		case p.lends(l):
			continue // told among the people
		case l.by && len(authors) > 0 && !overlap(bare(authors), []parse.Person{{Name: wordless(undated(l.text))}}) && !creditInside(l.text):
			p.claim("line", "visible", l.text, false, "")
			continue
		}
		p.claim("line", "visible", l.text, true, "a line of credits near the article")
		out = append(out, l.text)
	}
	return out
}

// bare are people without the words that open the lines that name them.
func bare(list []parse.Person) []parse.Person {
	out := slices.Clone(list)
	for i := range out {
		out[i].Name = wordless(out[i].Name)
	}
	return out
}

// blocks are the elements that begin a line of their own.
var blocks = map[string]bool{
	"p": true, "div": true, "li": true, "table": true, "h1": true, "h2": true, "article": true, "section": true,
	"script": true, "style": true, "form": true,
}

// blockless reports an element that is one line to the eye.
func (p *page) blockless(i int) bool {
	for j := i + 1; j < p.outline.elements[i].end; j++ {
		if e := &p.outline.elements[j]; e.text > 0 && blocks[e.node.Data] && !e.traits.has(sharp) {
			return false
		}
	}
	return true
}
