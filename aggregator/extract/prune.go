package extract

import (
	_ "embed"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

//go:embed data/lines.tsv
var lineTable string

// lineWords are the lines that stand among an article's text and are no part of
// it, by kind, in small letters: how headings begin that open a list of other
// articles, and lines that are nothing but noise; and what is inside a short line
// that is noise.
var lineWords = wordsByKind(lineTable)

const (
	longestHeading = 60  // weight of a heading that may announce a list
	longestNoise   = 400 // weight of a line that may be nothing but noise
	longestScrap   = 60  // weight of a line that is no sentence
	longPhrase     = 12  // bytes of a phrase that opens no line of an article
)

// prune takes out of the body at i what is no part of it.
func (p *page) prune(at int, title string) {
	o := p.outline
	body := &o.elements[at]
	gone := make([]bool, len(o.elements))
	unwanted := p.unwanted()
	for i := at + 1; i < body.end; {
		end := p.announced(i, at)
		switch {
		case end > 0:
		case unwanted[i] || p.drops(i, at, title):
			end = o.elements[i].end
		default:
			i++
			continue
		}
		for ; i < end; i++ {
			gone[i] = true
		}
	}
	for _, l := range p.lines {
		if l.at > at && l.at < body.end && p.told(l) {
			gone[l.at] = true
		}
	}
	if p.statement.complete(o, at) {
		p.unsaid(at, gone)
	}
	p.trim(at, gone)
	for i := at + 1; i < body.end; i++ {
		if n := o.elements[i].node; gone[i] && n.Parent != nil {
			n.Parent.RemoveChild(n)
			i = o.elements[i].end - 1
		}
	}
}

// told reports a line of credits that stands by itself in the body: what it says
// is told beside the text.
func (p *page) told(l line) bool {
	if !l.by && !l.byline && !l.credit || p.captioned(l.at) {
		return false
	}
	onlyCredit := p.sentencesIn(l.at) == 0 && !p.endsCaption(l) || l.credit && p.saysNoMore(l)
	return onlyCredit && (p.wholeLine(l.at) || l.by && p.loose(l.at))
}

// unsaid takes out the lines around the stated text, and those in it that are
// no sentences or mostly links, where the statement has none of them. Headings
// inside it stay: many statements leave them out.
func (p *page) unsaid(at int, gone []bool) {
	o := p.outline
	first, last := -1, -1
	for i := at; i < o.elements[at].end; i++ {
		if p.statement.said[i] && !gone[i] {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	for i := at + 1; i < o.elements[at].end; i++ {
		e := &o.elements[i]
		if gone[i] || e.own == 0 || e.own != e.text || p.statement.said[i] || p.pictured(i) || i == first || i == last {
			continue
		}
		outside := i < first || i > last && !o.inside(i, last)
		gone[i] = outside || e.noSentence()
	}
}

// noSentence reports a line that is no sentence or mostly links, and no heading or
// piece of a list, which may be such.
func (e *element) noSentence() bool {
	return !isHeading[e.node.Data] && !pieces[e.node.Data] && (e.sentences == 0 || 2*e.linked > e.own)
}

// saysNoMore reports a short line that is nothing but a credit, full stop or not.
func (p *page) saysNoMore(l line) bool {
	weight, _ := weigh(l.text)
	return weight <= longestScrap && weight+2 >= p.outline.elements[l.at].text
}

// endsCaption reports a credit of a picture that ends a line which says more.
func (p *page) endsCaption(l line) bool {
	return photoCredit.MatchString(l.text) && !p.saysNoMore(l)
}

// wholeLine reports an element that no other text stands beside in its line.
func (p *page) wholeLine(i int) bool {
	o := p.outline
	for inline[o.elements[i].node.Data] {
		up := o.elements[i].parent
		if up < 0 || o.elements[up].text != o.elements[i].text {
			return false
		}
		i = up
	}
	return true
}

// leadsBack reports a link at the end of a paragraph that says nothing of the
// matter: "back to the front page".
func (p *page) leadsBack(i int) bool {
	e := &p.outline.elements[i]
	if e.text > longestScrap || e.node.NextSibling != nil {
		return false
	}
	line, ok := brief(e.node, 2*longestScrap)
	return ok && slices.ContainsFunc(lineWords["noise"], func(w string) bool { return len(w) >= longPhrase && opensWith(strings.ToLower(line), w) })
}

// loose reports an element in no paragraph that stands between elements alone.
func (p *page) loose(i int) bool {
	n, up := p.outline.elements[i].node, p.outline.elements[i].parent
	if up < 0 || !p.outline.container(up) {
		return false
	}
	for _, beside := range []*html.Node{n.PrevSibling, n.NextSibling} {
		if beside != nil && beside.Type == html.TextNode && tidy(beside.Data) != "" {
			return false
		}
	}
	return true
}

// drops reports an element of the body at top that is no part of the article.
func (p *page) drops(i, top int, title string) bool {
	e, body := &p.outline.elements[i], &p.outline.elements[top]
	if 2*e.text > body.text && !e.traits.has(sharp) {
		return false // it is the article
	}
	switch {
	case e.node.Data == "a" && p.leadsBack(i):
		return true
	case e.traits.has(around):
		return !p.wordsOfLine(i)
	case e.node.Data == "footer" || e.node.Data == "header":
		return e.value <= 0
	case inline[e.node.Data]:
		return p.besideBlocks(i)
	case e.text == 0:
		return false
	case e.own > 0 && p.noise(i, title):
		return true
	case p.pictured(i) || pieces[e.node.Data]:
		return false
	}
	return e.leadsElsewhere() || p.factsOnly(i)
}

// wordsOfLine reports an element that readers see in a line of text, and that no
// class sets apart from that plainly.
func (p *page) wordsOfLine(i int) bool {
	e := &p.outline.elements[i]
	return inline[e.node.Data] && !e.traits.has(sharp) && !e.traits.has(others) && !p.wholeLine(i)
}

// besideBlocks reports credits in an element that stands in no line of the text.
func (p *page) besideBlocks(i int) bool {
	e := &p.outline.elements[i]
	return e.traits.has(credits) && e.text > 0 && e.text < 100 && p.outline.container(e.parent) && !p.captioned(i)
}

// leadsElsewhere reports an element that is links and next to nothing else.
func (e *element) leadsElsewhere() bool { return 10*e.anchors > 7*e.text && e.value <= 0 }

// factsOnly reports a short element for names, sources and times.
func (p *page) factsOnly(i int) bool {
	e := &p.outline.elements[i]
	return e.traits.has(credits) && (e.text < 60 || e.text < 150 && p.sentencesIn(i) == 0)
}

// pieces are parts of lists and tables, which stay or go as a whole.
var pieces = map[string]bool{"li": true, "dt": true, "dd": true, "tr": true, "td": true, "th": true, "tbody": true, "thead": true}

// noise reports a line that says nothing of the matter, or says the title again.
func (p *page) noise(i int, title string) bool {
	e := &p.outline.elements[i]
	if e.text > longestNoise {
		return false
	}
	line, ok := brief(e.node, 4*longestNoise)
	if !ok {
		return false
	}
	if isHeading[e.node.Data] && sameTitle(line, title) {
		return true
	}
	lower := strings.ToLower(line)
	scrap := e.sentences == 0 || e.text <= shortestLine*2 || 2*e.linked > e.own
	for _, start := range lineWords["noise"] {
		if opensWith(lower, start) && (scrap || len(start) >= longPhrase) {
			return true
		}
	}
	if e.text <= longestNoise/2 && slices.ContainsFunc(lineWords["inside"], func(w string) bool { return strings.Contains(lower, w) }) {
		return true
	}
	return e.text <= longestHeading && (e.sentences == 0 || 2*e.linked > e.own) && startsWith(lower, lineWords["heading"])
}

var isHeading = map[string]bool{"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true}

// pictured reports an element that holds a picture, or stands in a figure.
func (p *page) pictured(i int) bool {
	for j := i; j >= 0 && j > i-64; j = p.outline.elements[j].parent {
		if n := p.outline.elements[j].node; n.Data == "figure" || n.Data == "figcaption" {
			return true
		}
	}
	for j := i; j < p.outline.elements[i].end; j++ {
		switch p.outline.elements[j].node.Data {
		case "img", "picture", "amp-img", "video", "audio", "figure":
			return p.outline.elements[i].text < 400
		}
	}
	return false
}

func (p *page) sentencesIn(i int) (n int) {
	for j := i; j < p.outline.elements[i].end; j++ {
		n += p.outline.elements[j].sentences
	}
	return n
}

// startsWith reports a line, in small letters, that opens with one of starts.
func startsWith(line string, starts []string) bool {
	return slices.ContainsFunc(starts, func(s string) bool { return opensWith(line, s) })
}

// opensWith reports a line that opens with a phrase, and with no longer word,
// in scripts that part words.
func opensWith(line, phrase string) bool {
	rest, ok := strings.CutPrefix(line, phrase)
	if !ok || rest == "" {
		return ok
	}
	last, _ := utf8.DecodeLastRuneInString(phrase)
	next, _ := utf8.DecodeRuneInString(rest)
	return !unicode.IsLetter(last) || !unicode.IsLetter(next) || wide(last) || unicode.In(last, unicode.Thai, unicode.Lao, unicode.Khmer)
}

// sameTitle reports a heading that says the title again.
func sameTitle(line, title string) bool {
	a, b := letters(line), letters(title)
	return a != "" && (a == b || len(a) > 20 && strings.HasPrefix(b, a) || len(b) > 20 && (strings.HasPrefix(a, b) || strings.HasSuffix(a, b)))
}

// trim takes the scraps off the ends of the body: what stands before the first
// line of running text and behind the last and is no sentence.
func (p *page) trim(at int, gone []bool) {
	o := p.outline
	lines := []int{}
	for i := at; i < o.elements[at].end; i++ {
		if e := &o.elements[i]; e.own > 0 && !gone[i] && (i > at || 4*e.own > e.text) {
			lines = append(lines, i)
		}
	}
	for len(lines) > 0 && p.scrap(lines[0], at) {
		gone[lines[0]] = true
		lines = lines[1:]
	}
	for len(lines) > 0 {
		last := lines[len(lines)-1]
		if !p.scrap(last, at) && !isHeading[o.elements[last].node.Data] || p.goesOn(last, at) || p.signed(last) {
			return
		}
		gone[last] = true
		lines = lines[:len(lines)-1]
	}
}

// signed reports a name and its agency in brackets, which end the text: "Anna Lis (PAP)".
func (p *page) signed(i int) bool {
	text, ok := brief(p.outline.elements[i].node, maxCreditLine)
	name, agency, bracketed := strings.Cut(text, " (")
	return ok && bracketed && strings.HasSuffix(agency, ")") && len(agency) < longestName/2 && plainName.MatchString(name)
}

// goesOn reports an element behind which one around it has more text of its own.
func (p *page) goesOn(i, at int) bool {
	o := p.outline
	for up := o.elements[i].parent; up >= at; up = o.elements[up].parent {
		if o.elements[up].till > o.elements[i].start+o.elements[i].text {
			return true
		}
	}
	return false
}

// scrap reports a line of its own that is neither a sentence nor a caption.
func (p *page) scrap(i, at int) bool {
	e := &p.outline.elements[i]
	return i != at && e.own == e.text && e.sentences == 0 && e.own < longestScrap && !p.pictured(i) && !isHeading[e.node.Data]
}
