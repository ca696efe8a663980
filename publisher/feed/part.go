package feed

import (
	"cmp"
	"slices"

	"copydesk/aggregator/news"
)

// A Part is what a document tells somebody who knows some of it: entries of it, byte
// for byte, and what was taken back.
type Part struct {
	doc    *Document
	pieces []piece
	gone   []tombstone // the newest first
}

// Beyond is what stands in the document and not in contents. One who has those and
// puts this over them has all entries as they stand here.
func (d *Document) Beyond(c Contents) Part {
	return Part{
		doc:    d,
		pieces: slices.DeleteFunc(slices.Clone(d.pieces), func(p piece) bool { return c.hold(p.stamp) }),
		gone:   slices.DeleteFunc(slices.Clone(d.head.gone), func(t tombstone) bool { return c.hold(t.stamp()) }),
	}
}

// News is what of a list is in the document, and what was taken back after one revision
// up to another.
func (d *Document) News(list map[news.Key]news.Told, after, upTo news.Revision) Part {
	part := Part{doc: d, gone: slices.DeleteFunc(slices.Clone(d.head.gone), func(t tombstone) bool { return t.mark <= after || t.mark > upTo })}
	for _, p := range d.pieces {
		if told, ok := list[p.told.Article]; ok {
			p.told = told
			part.pieces = append(part.pieces, p)
		}
	}
	return part
}

// Has reports whether an article is in the document.
func (d *Document) Has(key news.Key) bool {
	return slices.ContainsFunc(d.pieces, func(p piece) bool { return p.told.Article == key })
}

// Told is what the document tells of its articles, as if none had been told before.
func (d *Document) Told() []news.Told {
	out := make([]news.Told, len(d.pieces))
	for i, p := range d.pieces {
		out[i] = p.told
	}
	return out
}

// Empty reports that the part says nothing: RSS has no words for what was taken back.
func (p Part) Empty() bool {
	return len(p.pieces) == 0 && (len(p.gone) == 0 || p.doc.format.name == "rss")
}

// Whole reports that it says all that the document does.
func (p Part) Whole() bool {
	return len(p.pieces) == len(p.doc.pieces) && len(p.gone) == len(p.doc.head.gone)
}

// Name is short, and no other part of the document has it.
func (p Part) Name() string { return contentsOf(p.pieces, p.gone).Name() }

// Gone is how much it tells to be taken back.
func (p Part) Gone() int { return len(p.gone) }

// Bury adds what was taken back before all that the document tells of: of a list,
// the newest first, all that is newer than a mark and came after what contents hold.
// It reports that the list went so far.
func (p Part) Bury(list []news.Article, c Contents, after news.Revision) (part Part, all bool) {
	p.gone = slices.Clone(p.gone)
	for i := range list {
		a := &list[i]
		t := tombstoneOf(p.doc.head.House, a)
		switch stamp := t.stamp(); {
		case a.Revision > p.doc.Newest || p.doc.Contents.hold(stamp):
			continue
		case a.Revision <= after || c.hold(stamp):
			return p, true
		}
		p.gone = append(p.gone, t)
	}
	return p, false
}

// Body is a complete document that says this alone. It is nil where it could not be
// printed.
func (p Part) Body() []byte {
	d := p.doc
	if p.Whole() {
		return d.Body
	}
	opening := d.Body[:d.opening]
	if len(p.gone) != len(d.head.gone) {
		h := d.head
		h.gone = p.gone
		var err error
		if opening, _, err = d.format.frame(&h); err != nil {
			return nil
		}
	}
	body := slices.Clone(opening)
	for i, e := range p.pieces {
		if i > 0 {
			body = append(body, d.format.between...)
		}
		body = append(body, d.Body[e.from:e.to]...)
	}
	return append(body, d.Body[len(d.Body)-d.closing:]...)
}

// A Change is one thing that is new in a document.
type Change struct {
	Mark  news.Revision
	First news.Revision // when it was told for the first time
	ID    string
	Entry []byte // as the document has it; nil of what was taken back
}

// Changes are what the part says, the oldest first.
func (p Part) Changes() []Change {
	var out []Change
	for _, e := range p.pieces {
		out = append(out, Change{e.told.Revision, e.told.First, e.id, p.doc.Body[e.from:e.to]})
	}
	for _, t := range p.gone {
		out = append(out, Change{Mark: t.mark, ID: t.ref})
	}
	slices.SortStableFunc(out, func(a, b Change) int { return cmp.Compare(a.Mark, b.Mark) })
	return out
}
