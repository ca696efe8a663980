package feed

import (
	"cmp"
	"iter"
	"slices"

	"copydesk/aggregator/news"
)

// A Part is what a document tells somebody who knows some of it: entries of it, byte
// for byte, and what was taken back.
type Part struct {
	doc    *Document
	pieces []piece // of its document, in its order
	left   []piece // of older, in its order
	older  *Document
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

// News is what is news of a list, and what was taken back after one revision up to
// another. Of what stands in the document no more the entry is in older, which may be
// nil.
func (d *Document) News(list map[news.Key]news.Told, older *Document, after, upTo news.Revision) Part {
	return Part{
		doc:    d,
		pieces: d.listed(list, nil),
		left:   older.listed(list, d),
		older:  older,
		gone:   slices.DeleteFunc(slices.Clone(d.head.gone), func(t tombstone) bool { return t.mark <= after || t.mark > upTo }),
	}
}

// listed are a document's entries that are on a list and not in another document.
func (d *Document) listed(list map[news.Key]news.Told, other *Document) []piece {
	var out []piece
	for _, p := range d.all() {
		told, ok := list[p.told.Article]
		if !ok || slices.ContainsFunc(other.all(), func(o piece) bool { return o.told.Article == p.told.Article || o.id == p.id }) {
			continue
		}
		p.told = told
		out = append(out, p)
	}
	return out
}

// all are a document's entries; none of nil.
func (d *Document) all() []piece {
	if d == nil {
		return nil
	}
	return d.pieces
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
	return len(p.pieces)+len(p.left) == 0 && (len(p.gone) == 0 || p.doc.format.name == "rss")
}

// Whole reports that it says all that the document does.
func (p Part) Whole() bool {
	return len(p.pieces) == len(p.doc.pieces) && len(p.left) == 0 && len(p.gone) == len(p.doc.head.gone)
}

// Name is short, and no other part of the document has it.
func (p Part) Name() string { return contentsOf(slices.Concat(p.pieces, p.left), p.gone).Name() }

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
	between := ""
	for text := range p.entries() {
		body = append(append(body, between...), text...)
		between = d.format.between
	}
	return append(body, d.Body[len(d.Body)-d.closing:]...)
}

// entries are what the part says of articles, and the text of it.
func (p Part) entries() iter.Seq2[[]byte, piece] {
	return func(yield func([]byte, piece) bool) {
		for _, e := range p.pieces {
			if !yield(p.doc.Body[e.from:e.to], e) {
				return
			}
		}
		for _, e := range p.left {
			if !yield(p.older.Body[e.from:e.to], e) {
				return
			}
		}
	}
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
	for text, e := range p.entries() {
		out = append(out, Change{e.told.Revision, e.told.First, e.id, text})
	}
	for _, t := range p.gone {
		out = append(out, Change{Mark: t.mark, ID: t.ref})
	}
	slices.SortStableFunc(out, func(a, b Change) int { return cmp.Compare(a.Mark, b.Mark) })
	return out
}
