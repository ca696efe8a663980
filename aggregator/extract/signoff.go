package extract

import (
	"regexp"

	"golang.org/x/net/html"
)

// signOff are the lines of credits among the last of the text that only line
// breaks part from it.
func (p *page) signOff() []line {
	var b briefReader
	lines := []string{}
	end := func() {
		if text := tidy(b.text.String()); text != "" {
			lines = append(lines, text)
		}
		b = briefReader{}
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			for i, part := range blankLine.Split(n.Data, -1) {
				if i > 0 {
					end()
				}
				b.add(n, part)
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
