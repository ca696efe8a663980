package extract

import (
	"regexp"

	"golang.org/x/net/html"
)

// signOff are the lines of credits among the last of the text that only line
// breaks part from it.
func (p *page) signOff() []line {
	r := lineReader{page: p}
	r.walk(p.outline.elements[p.closingBlock()].node)
	var out []line
	for _, text := range r.lines[max(len(r.lines)-5, 0):] {
		if len(text) <= maxCreditLine {
			if l := wordsOfCredit(text); l.credit {
				l.at = p.body
				out = append(out, l)
			}
		}
	}
	return out
}

// A lineReader gathers the lines of a text as readers see them.
type lineReader struct {
	page  *page
	lines []string
	line  briefReader
}

func (r *lineReader) end() {
	if text := tidy(r.line.text.String()); text != "" {
		r.lines = append(r.lines, text)
	}
	r.line = briefReader{}
}

func (r *lineReader) walk(n *html.Node) {
	apart := false
	switch {
	case n.Type == html.TextNode:
		for i, part := range blankLine.Split(n.Data, -1) {
			if i > 0 {
				r.end()
			}
			r.line.add(n, part)
		}
		return
	case n.Type == html.ElementNode && (unseen[n.Data] || n.Data == "figure"):
		return
	case n.Type == html.ElementNode:
		apart = n.Data == "br" || !inline[n.Data]
	}
	shut := r.page.shutOut(n)
	if apart || shut {
		r.end()
	}
	if shut {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c)
	}
	if apart {
		r.end()
	}
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
