package feed

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// A Document is a printed feed, and where in it each entry stands: entries
// that did not change are taken over by the next print, and a delta is cut out
// of it.
type Document struct {
	Body []byte
	// Newest is the greatest mark of what it holds: with the same articles it
	// is the same on every node.
	Newest news.Revision
	// Contents are the same in all formats.
	Contents Contents

	format  *format
	head    head
	pieces  []piece
	opening int // length of what stands before the first entry
	closing int // length of what stands after the last
}

// A piece is one entry of a document.
type piece struct {
	facts
	stamp    uint64 // of all that its bytes are made of
	told     news.Told
	from, to int
}

// facts are what entries are told apart by.
type facts struct{ id, updated string }

// A head is what a document says of itself, beside its entries.
type head struct {
	edition.Edition // without articles
	changed         time.Time
	signed          bool // each article names its authors
	gone            []tombstone
}

// A tombstone says that an entry was taken back.
type tombstone struct {
	ref, when, reason string
	mark              news.Revision
}

// A format is how an edition is written.
type format struct {
	name    string
	between string // stands between two entries
	// frame writes what stands before the entries and after them.
	frame func(h *head) (opening, closing []byte, err error)
	// entry writes one; of a whose every field is fit for it.
	entry func(e *edition.Edition, a *news.Article, id string, updated time.Time) ([]byte, error)
	// check is of a whole document, or of one that has no entries.
	check      func(doc []byte) error
	checkEntry func(f *faults, entry []byte) facts
}

var formats = []*format{
	{name: "rss", frame: rssFrame, entry: rssEntry, check: checkRSS,
		checkEntry: func(f *faults, doc []byte) facts { return checkPiece(f, doc, checkRSSItem) }},
	{name: "atom", frame: atomFrame, entry: atomEntryOf, check: checkAtom,
		checkEntry: func(f *faults, doc []byte) facts { return checkPiece(f, doc, checkAtomEntry) }},
	{name: "json", between: ",", frame: jsonFrame, entry: jsonEntry, check: checkJSON,
		checkEntry: func(f *faults, doc []byte) facts {
			if !json.Valid(doc) {
				f.add("an item is not JSON")
				return facts{}
			}
			return checkJSONItem(f, doc)
		}},
}

func formatOf(name string) (*format, error) {
	for _, f := range formats {
		if f.name == name {
			return f, nil
		}
	}
	return nil, fmt.Errorf("no format %q (there are rss, atom and json)", name)
}

func checkPiece(f *faults, doc []byte, check func(*faults, *element) facts) facts {
	top, err := readXML(doc)
	if err != nil || len(top.children) != 1 {
		f.add("an entry: %v", err)
		return facts{}
	}
	checkTree(f, top.children[0])
	return check(f, top.children[0])
}

// Print prints an edition with a printer of its own.
func Print(name string, e *edition.Edition, old *Document) (*Document, error) {
	return new(Printer).Print(name, e, old)
}

// Print prints an edition. What did not change since old, which may be nil, is
// taken from there; what is new is checked, and a document that fails the
// check is an error.
func (pr *Printer) Print(name string, e *edition.Edition, old *Document) (*Document, error) {
	f, err := formatOf(name)
	if err != nil {
		return nil, err
	}
	e = fitting(e)
	updated := spread(e.Articles)
	h := headOf(e, updated)
	opening, closing, err := f.frame(&h)
	if err != nil {
		return nil, err
	}
	doc := &Document{format: f, head: h, Newest: e.Newest(), opening: len(opening), closing: len(closing), Body: make([]byte, 0, old.size()+4096)}
	doc.Body = append(doc.Body, opening...)
	var found faults
	if err := f.check(slices.Concat(opening, closing)); err != nil {
		found.add("%v", err)
	}
	if err := pr.fill(doc, e, updated, old, &found); err != nil {
		return nil, err
	}
	doc.Body = append(doc.Body, closing...)
	doc.Contents = contentsOf(doc.pieces, h.gone)
	checkSize(&found, len(doc.Body))
	return doc, found.err()
}

// headOf keeps no article, so that a document is no larger than what it prints.
func headOf(e *edition.Edition, updated []time.Time) head {
	h := head{Edition: *e, changed: headTime(e, updated), signed: !slices.ContainsFunc(e.Articles, unsigned)}
	h.Articles, h.Sources, h.Marks, h.Gone = nil, nil, nil, nil
	for i := range e.Gone {
		h.gone = append(h.gone, tombstoneOf(e.House, &e.Gone[i]))
	}
	return h
}

func tombstoneOf(h edition.House, a *news.Article) tombstone {
	return tombstone{ref: articleID(h, a), when: rfc3339(a.Withdrawal.At), reason: line(a.Withdrawal.Reason), mark: a.Revision}
}

func (d *Document) size() int {
	if d == nil {
		return 0
	}
	return len(d.Body)
}

// fill writes the entries, the known ones from old.
func (pr *Printer) fill(d *Document, e *edition.Edition, updated []time.Time, old *Document, found *faults) error {
	known := old.known(d.format)
	ids := identities(e)
	var apart []facts
	var err error
	for i := range e.Articles {
		a := &e.Articles[i]
		p := piece{stamp: stampOf(e, a, ids[i], updated[i]), told: e.Told(a)}
		if i > 0 {
			d.Body = append(d.Body, d.format.between...)
		}
		p.from = len(d.Body)
		if before, ok := known[p.stamp]; ok {
			d.Body = append(d.Body, old.Body[before.from:before.to]...)
			p.facts = before.facts
		} else {
			en, known := pr.kept(d.format, p.stamp)
			if !known {
				if en, err = write(d.format, e, a, ids[i], updated[i], found); err != nil {
					return fmt.Errorf("article %s: %w", a.Key, err)
				}
				pr.keep(d.format, p.stamp, en)
			}
			p.facts = en.facts
			d.Body = append(d.Body, en.text...)
		}
		p.to = len(d.Body)
		apart = append(apart, p.facts)
		d.pieces = append(d.pieces, p)
	}
	checkApart(found, apart)
	return nil
}

// write prints one entry and checks it.
func write(f *format, e *edition.Edition, a *news.Article, id string, updated time.Time, found *faults) (en entry, err error) {
	clean := *a
	if len(a.ContentHTML) <= maxDocument { // else the document is refused anyway
		clean = cleaned(a)
	}
	if en.text, err = f.entry(e, &clean, id, updated); err != nil {
		return en, err
	}
	if en.id = id; len(en.text) > maxDocument {
		return en, nil
	}
	var own faults
	en.facts = f.checkEntry(&own, en.text)
	for _, fault := range own {
		found.add("article %s: %s", a.Key, fault)
	}
	en.faulty = len(own) > 0
	return en, nil
}

// A Printer remembers the entries that it printed last, so that an article that
// stands in many channels is printed once for all of them. The zero value is
// ready; one printer prints one edition at a time.
type Printer struct {
	lately, before map[entryKey]entry
}

type entryKey struct {
	format *format
	stamp  uint64
}

// An entry is a printed one.
type entry struct {
	facts
	text   []byte
	faulty bool
}

// remembered is how many entries a printer keeps, twice: those printed lately,
// and before that.
const remembered = 3000

func (pr *Printer) kept(f *format, stamp uint64) (entry, bool) {
	key := entryKey{f, stamp}
	if en, ok := pr.lately[key]; ok {
		return en, true
	}
	en, ok := pr.before[key]
	return en, ok
}

func (pr *Printer) keep(f *format, stamp uint64, en entry) {
	if en.faulty || len(en.text) > 64<<10 { // what is that long would fill the memory
		return
	}
	if pr.lately == nil || len(pr.lately) >= remembered {
		pr.lately, pr.before = make(map[entryKey]entry), pr.lately
	}
	pr.lately[entryKey{f, stamp}] = en
}

// known are a document's entries by their stamp.
func (d *Document) known(f *format) map[uint64]piece {
	if d == nil || d.format != f {
		return nil
	}
	out := make(map[uint64]piece, len(d.pieces))
	for _, p := range d.pieces {
		out[p.stamp] = p
	}
	return out
}

// identities are what readers know each article by. An id that is no URI, or
// that two articles claim, gives way to one of ours.
func identities(e *edition.Edition) []string {
	out := make([]string, len(e.Articles))
	claimed := make(map[string]bool, len(out))
	for i := range e.Articles {
		id := articleID(e.House, &e.Articles[i])
		if claimed[id] {
			id = e.House.ID(string(e.Articles[i].Key))
		}
		claimed[id] = true
		out[i] = id
	}
	return out
}
