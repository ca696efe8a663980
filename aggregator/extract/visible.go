package extract

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"copydesk/aggregator/parse"
)

//go:embed data/credits.tsv
var creditTable string

// creditWords are what opens a line of credits, by kind, in small letters.
var creditWords = func() map[string][]string {
	out := map[string][]string{}
	for row := range strings.Lines(creditTable) {
		if kind, phrases, ok := strings.Cut(strings.Trim(row, "\r\n"), "\t"); ok && !strings.HasPrefix(row, "#") {
			out[kind] = append(out[kind], strings.Split(phrases, "|")...)
		}
	}
	return out
}()

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

// datedCredit is a line that opens with a moment and then says whose copy it
// is: "2020-06-06 10:08 来源：…".
var datedCredit = regexp.MustCompile(`(?i)^\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?[\d\s:：|]*(?:source|author|editor|by|来源|來源|作者|编辑|記者|记者|出典)\b?\s?[:：]`)

// photoCredit is the end of a caption that says whose picture it is:
// "(PHOTO:XINHUA)".
var photoCredit = regexp.MustCompile(`(?i)[(（]\s?(?:photos?|pictures?|images?|foto|图片来源|图片|图|摄影|摄)\s?(?:by|credit|courtesy of)?\s?[:：/]?\s?[^()（）]{2,80}[)）]$`)

// creditLines are the visible lines that name who made the article, where it
// came from and when, in page order and each once.
func (p *page) creditLines() []line {
	found := lineList{at: map[string]int{}}
	near := p.zone()
	o := p.outline
	for i := 0; i < len(o.elements) && len(found.lines) < maxCreditLines; i++ {
		e := &o.elements[i]
		if e.traits.has(others) || e.traits.has(sharp) || menus[e.node.Data] && !o.inside(p.body, i) || p.footer(i) {
			i = e.end - 1
			continue
		}
		if e.text == 0 || e.text > maxCreditLine || e.start < near.from || e.start > near.to || !lineElements[e.node.Data] && !e.traits.has(credits) {
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

// signOff are the lines of credits among the last of the text that only line
// breaks part from it.
func (p *page) signOff() []line {
	var b strings.Builder
	lines := []string{}
	end := func() {
		if text := tidy(b.String()); text != "" {
			lines = append(lines, text)
		}
		b.Reset()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			for i, part := range blankLine.Split(n.Data, -1) {
				if i > 0 {
					end()
				}
				b.WriteString(part)
			}
			return
		case n.Type == html.ElementNode && (unseen[n.Data] || n.Data == "figure"):
			return
		case n.Type == html.ElementNode && p.shutOut(n):
			end()
			return
		case n.Type == html.ElementNode && (n.Data == "br" || !inline[n.Data]):
			end()
			defer end()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(p.outline.elements[p.closingBlock()].node)
	var out []line
	for _, text := range lines[max(len(lines)-5, 0):] {
		if len(text) <= maxCreditLine {
			if l := wordsOfCredit(text); l.credit {
				l.at = p.body
				out = append(out, l)
			}
		}
	}
	return out
}

// shutOut reports an element that shows others than this article.
func (p *page) shutOut(n *html.Node) bool {
	i, ok := p.outline.at[n]
	return ok && (p.outline.elements[i].traits.has(others) || p.outline.elements[i].traits.has(sharp))
}

// blankLine parts the paragraphs of pages that leave that to their style.
var blankLine = regexp.MustCompile(`\n[ \t\r]*\n`)

// closingBlock is the element that holds the last lines of the text: the last
// with running text, and what is around it where that is only one paragraph.
func (p *page) closingBlock() int {
	o := p.outline
	at := p.closing
	if at < 0 {
		return p.body
	}
	if up := o.elements[at].parent; up >= p.body && o.elements[at].own < 4*creditsInside {
		return up
	}
	return at
}

// begins is the weight of what stands before the first running text.
func (p *page) begins() int {
	o := p.outline
	for i := p.body; i < o.elements[p.body].end; i++ {
		e := &o.elements[i]
		if e.traits.has(around) {
			i = e.end - 1
			continue
		}
		if e.own >= sentence && e.worth() > sentence/2 && !p.captioned(i) {
			return e.start
		}
	}
	return o.elements[p.body].start + creditsInside
}

// lastText is the last element of the body with running text of its own; -1
// when there is none.
func (p *page) lastText() int {
	o, last := p.outline, -1
	for i := p.body; i < o.elements[p.body].end; i++ {
		e := &o.elements[i]
		if e.traits.has(around) {
			i = e.end - 1
			continue
		}
		if e.sentences > 0 && e.own >= sentence/2 && e.worth() > 0 {
			last = i
		}
	}
	return last
}

// wordsOfCredit reads the words that open a line, or end it.
func wordsOfCredit(text string) line {
	text = withoutGenre(text)
	lower := strings.TrimLeft(strings.ToLower(text), " ([（【〔「-–—•*~_·|:：▲△■◆")
	l := line{text: text, by: startsWith(lower, creditWords["by"]) || startsWith(lower, creditWords["correspondent"])}
	if !l.by && len(text) < 150 && containsAny(text, "记者", "記者", "通讯员", "특파원", "기자", "特派员") { // patterns cost more than words
		l.by = len(text) < 100 && outletReporter.MatchString(text)
		l.credit = signed.MatchString(text)
	}
	l.credit = l.credit || l.by || startsWith(lower, creditWords["credit"]) || startsWith(lower, creditWords["photo"]) || text != "" && isDigit(text[0]) && datedCredit.MatchString(text)
	return l
}

// withoutGenre is a line without what its writer wrote, where the word for who
// that is follows: "An analysis by Ann Lee".
func withoutGenre(text string) string {
	lower := strings.ToLower(text)
	for _, genre := range creditWords["genre"] {
		if rest, ok := strings.CutPrefix(lower, genre+" "); ok && len(lower) == len(text) && startsWith(rest, creditWords["by"]) {
			return text[len(genre)+1:]
		}
	}
	return text
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
	lower := strings.ToLower(text)
	l.moment = startsWith(lower, creditWords["published"]) || startsWith(lower, creditWords["updated"])
	switch {
	case e.traits.has(credits), l.byline, l.credit, l.moment:
		return l, true
	case e.text <= 80 && strings.ContainsAny(text, "0123456789") && datePattern.MatchString(text),
		e.text <= longestNames && isDigit(text[0]) && opensWithDate(text):
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

// opensWithDate reports a line that begins with a date, whatever follows it.
func opensWithDate(text string) bool {
	loc := datePattern.FindStringIndex(text)
	return loc != nil && loc[0] == 0
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
	if !strings.ContainsAny(text, ":：") {
		return text
	}
	m := namedSource.FindStringSubmatchIndex(text)
	if m == nil {
		return text
	}
	for j := i + 1; j < p.outline.elements[i].end; j++ {
		part, ok := brief(p.outline.elements[j].node, longestOrigin)
		if ok && part != "" && strings.HasPrefix(text[m[2]:], part) && !creditInside(text[m[2]:]) {
			return text[:m[2]+len(part)]
		}
	}
	return text
}

// outletReporter is a line that opens with an outlet's reporter:
// "澎湃新闻记者 贺梨萍".
var outletReporter = regexp.MustCompile(`^[（(]?\p{Han}{2,10}(?:记者|記者|通讯员|特派员)[\s　:：]*\p{Han}{2,4}(?:[\s　、]+\p{Han}{2,4})*[）)]?$`)

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// signed is a line that ends with what its writer is: "류영상 기자".
var signed = regexp.MustCompile(`(?:기자|특파원|記者)(?:\s?[\w.+-]+@[\w.-]+)?\s?[\])）】]?$`)

// A zone is where the article's credits may stand, by the weight of the text
// before them: from above its heading, to where its text has begun; and from
// where its text nears its end, to a little below.
type zone struct {
	from, first, last, to int
	begins, ends          int // of the running text
}

func (p *page) zone() zone {
	if p.near != nil {
		return *p.near
	}
	o := p.outline
	b := &o.elements[p.body]
	z := zone{begins: p.begins(), ends: p.ends(), from: b.start - 4*creditsAbove, first: b.start + creditsInside}
	if p.heading >= 0 && o.elements[p.heading].start <= b.start+b.text {
		z.from = min(o.elements[p.heading].start, b.start) - creditsAbove
	}
	if p.heading >= 0 && o.inside(p.heading, p.body) {
		z.first = o.elements[p.heading].start + creditsInside
	}
	z.last, z.to = z.ends-creditsInside, z.ends+creditsBelow
	p.near = &z
	return z
}

// ends is the weight of what stands before the end of the text.
func (p *page) ends() int {
	last := &p.outline.elements[p.body]
	if p.closing >= 0 {
		last = &p.outline.elements[p.closing]
	}
	return last.start + last.text
}

// footer reports the page's own, rather than an article's.
func (p *page) footer(i int) bool {
	if p.outline.elements[i].node.Data != "footer" {
		return false
	}
	for j := p.outline.elements[i].parent; j >= 0; j = p.outline.elements[j].parent {
		if d := p.outline.elements[j].node.Data; d == "article" || d == "main" {
			return false
		}
	}
	return !p.outline.inside(i, p.body)
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

// creditInside reports a line that goes on to other credits than its first.
func creditInside(text string) bool {
	lower := strings.ToLower(text)
	for _, w := range slices.Concat(creditWords["credit"], creditWords["photo"]) {
		if len(w) > 2 && strings.LastIndex(lower, w) > 3 {
			return true
		}
	}
	return false
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

// datePattern finds a written date, with a time of day where one follows it.
var datePattern = regexp.MustCompile(`(?i)(?:\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?,?\s+)?(?:\d{1,2}-\p{L}{3,9}-\d{4}|\d{4}\s?[-/.年년]\s?\d{1,2}\s?[-/.月월]\s?\d{1,2}\s?[日일]?|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\p{L}[\p{L}\p{M}]{2,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,2}(?:\.|er)?\s+(?:de\s+)?[\p{L}\p{M}/]{3,20}\.?,?\s+(?:de\s+)?\d{4})(?:[T,.\s|·•@–-]*(?:\p{L}{1,4}\.?\s+|a las )?\d{1,2}(?:[:：.h]|\s?[時时点]\s?|\s?시\s?)\d{2}(?:[:：]\d{2}|[分분])?(?:\s?[ap]\.?m\.?|\s?(?:[صم]|صباحاً?|مساءً?|[πμ]\.?μ\.?)(?:\s|$))?(?:\s?(?:Z|[A-Z]{2,4}|[(]?(?:GMT|UTC)?[+-]\d{1,2}:?\d{0,2}[)]?)\b)?)?`)
