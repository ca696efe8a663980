package extract

import "strings"

const (
	sample   = 30 // letters of a paragraph that are looked for in the stated text
	wellSaid = 60 // hundredths of the stated text that the page must show
)

// A statement is the text of the article that its page states for machines,
// and what of the page says the same.
type statement struct {
	text   string // its letters alone
	weight int
	said   []bool // by element: its own text is in the statement
	share  int    // of the statement that the page shows, in hundredths
}

// stated reads the JSON-LD's text of the article; its zero value says nothing.
func (p *page) stated() statement {
	text := p.ld.text("articleBody")
	weight, _ := weigh(text)
	if weight < ample {
		return statement{}
	}
	s := statement{text: letters(text), weight: weight, said: make([]bool, len(p.outline.elements))}
	shown, work := 0, 0
	for i := range p.outline.elements {
		e := &p.outline.elements[i]
		if e.own < shortestLine || e.traits.has(sharp) || e.node.Data == "title" {
			continue
		}
		if work += len(s.text); work > maxTextWork/8 {
			return statement{} // no honest page is so long
		}
		line, ok := brief(e.node, 16<<10)
		if !ok {
			continue
		}
		if s.holds(line) {
			s.said[i] = true
			shown += e.own
		}
	}
	s.share = min(100*shown/weight, 100)
	return s
}

// holds reports a line whose beginning or end is in the statement.
func (s statement) holds(line string) bool {
	l := letters(line)
	if len(l) <= sample {
		return len(l) >= 8 && strings.Contains(s.text, l)
	}
	return strings.Contains(s.text, l[:sample]) || strings.Contains(s.text, l[len(l)-sample:])
}

// place is the innermost element that holds nearly all that the page shows of
// the statement; -1 where it shows too little.
func (s statement) place(o *outline) int {
	if s.share < wellSaid {
		return -1
	}
	sums := make([]int, len(o.elements))
	for i := len(o.elements) - 1; i >= 0; i-- {
		if s.said[i] {
			sums[i] += o.elements[i].own
		}
		if up := o.elements[i].parent; up >= 0 {
			sums[up] += sums[i]
		}
	}
	best := 0
	for {
		next := best
		for i := best + 1; i < o.elements[best].end; i = o.elements[i].end {
			if 10*sums[i] >= 9*sums[0] && o.container(i) {
				next = i
			}
		}
		if next == best {
			return best
		}
		best = next
	}
}

// complete reports a statement that says nearly all of the running text at i,
// so that what it leaves out is no part of the article.
func (s statement) complete(o *outline, i int) bool {
	if s.share < wellSaid {
		return false
	}
	said, all := 0, 0
	for j := i; j < o.elements[i].end; j++ {
		e := &o.elements[j]
		if e.traits.has(around) {
			j = e.end - 1
			continue
		}
		if w := e.worth(); w > shortestLine {
			all += w
			if s.said[j] {
				said += w
			}
		}
	}
	return 10*said >= 7*all
}
