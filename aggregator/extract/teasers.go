package extract

import "strings"

const (
	longestTeaser = 300 // weight of the paragraph under a link to another article
	shortestLead  = 8   // weight of a title in such a link
)

// announced is the end of the list of other articles that the line at i opens: a
// title in a link, with a paragraph under it or none, at least twice, as far as
// the element goes that they stand in. It is 0 where i opens none.
func (p *page) announced(i, top int) int {
	o := p.outline
	if !p.announces(i) {
		return 0
	}
	for up := o.elements[i].parent; up > top && o.elements[up].text == o.elements[i].text; up = o.elements[i].parent {
		i = up
	}
	box := &o.elements[o.elements[i].parent]
	if box.till > o.elements[i].start+o.elements[i].text {
		return 0 // its own text goes on behind
	}
	leads, under := 0, false
	for j := o.elements[i].end; j < box.end; j = o.elements[j].end {
		if leads == maxValues {
			return 0 // no box of teasers, and each line in it may open one
		}
		e := &o.elements[j]
		n := o.leads(j)
		switch {
		case e.text == 0:
			continue
		case n > 0:
			leads, under = min(leads+n, maxValues), 10*e.anchors > 7*e.text
		case under && e.anchors == 0 && e.text <= longestTeaser && !isHeading[e.node.Data]:
			under = false
		default:
			return 0
		}
	}
	if leads < 2 {
		return 0
	}
	return box.end
}

// announces reports a line that opens a list of other articles.
func (p *page) announces(i int) bool {
	e := &p.outline.elements[i]
	if e.own == 0 || e.text > longestHeading || e.sentences > 0 || inline[e.node.Data] && !styles[e.node.Data] {
		return false
	}
	line, ok := brief(e.node, 4*longestHeading)
	return ok && startsWith(strings.ToLower(line), lineWords["heading"])
}

// leads is how many other articles an element leads to: by a title that is a
// link, by a box that begins with one and goes on to say little, or by a list of
// such. It is 0 where anything else stands in it.
func (o *outline) leads(i int) (n int) {
	e := &o.elements[i]
	if e.node.Data == "ul" || e.node.Data == "ol" {
		for j := i + 1; j < e.end; j = o.elements[j].end {
			one := o.leads(j)
			if one == 0 && o.elements[j].text > 0 {
				return 0
			}
			n += one
		}
		return n
	}
	mostly := 10*e.anchors > 7*e.text
	box := !inline[e.node.Data] && !paragraph[e.node.Data] && e.text-e.anchors <= longestTeaser && o.opensWithLink(i)
	if e.anchors >= shortestLead && (mostly || box) {
		return 1
	}
	return 0
}

// opensWithLink reports an element whose text begins in a link.
func (o *outline) opensWithLink(i int) bool {
	for j := i; j < o.elements[i].end && o.elements[j].start == o.elements[i].start; j++ {
		if o.elements[j].node.Data == "a" && o.elements[j].text > 0 {
			return true
		}
	}
	return false
}
