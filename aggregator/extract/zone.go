package extract

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
