package parse

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// Options say how a document came.
type Options struct {
	ContentType string // of the HTTP answer; empty when unknown
	Language    string // BCP 47, of what does not say; empty when unknown
}

// A Document is a feed that has been opened: in UTF-8, cut into its items
// where that is safe, not yet parsed.
type Document struct {
	format   string
	data     []byte   // the whole document, without byte order mark and declaration
	pieces   []piece  // nil when it could not be cut
	loose    [][2]int // where items seem to begin and end, where it could not be cut
	head     []byte   // what stands before the pieces and between them
	lead     int      // how much of the head stands before the first
	tail     []byte   // what stands after them; nil when the end is torn off
	repaired bool     // of what the scan found ill
	deep     bool     // it was nested too deeply
	common   bool     // all items have one id
	torn     uint64   // hash of what stands behind the last item, where the document breaks off
	warnings []string
}

// A piece is the raw bytes of one item.
type piece struct {
	raw    []byte
	hash   uint64
	shares bool // its id with another
	torn   bool // the document breaks off in it
}

// fresh reports an item to be read: one that is not known, or that only the others
// tell what it is.
func (p piece) fresh(known func(uint64) bool) bool {
	return known == nil || p.hash == 0 || p.shares || !known(p.hash)
}

// Hash is the hash of a whole body, for fetch.
func Hash(body []byte) uint64 { return xxhash.Sum64(body) }

// Open makes a document of body: decodes, repairs and cuts, but does not
// parse. Its error is a *NotFeedError when body is no feed.
func Open(body []byte, opt Options) (*Document, error) {
	d := &Document{}
	data, err := inflate(body)
	if err != nil {
		return nil, err
	}
	data, warning := toUTF8(data, opt)
	d.warn(warning)
	data, warning = trimFront(joinedReferences(data))
	d.warn(warning)
	d.format = sniff(data)
	if d.format == "rss" {
		if rss := fromCDF(data); rss != nil {
			data = rss
		}
	}
	if d.format == "rss" || d.format == "atom" {
		data = rooted(data)
	}
	d.data = data
	switch d.format {
	case "json":
		return d, nil
	case "rss", "atom":
		if err := d.cut(); err != nil {
			return nil, err
		}
		plain, ok, err := writeOut(d.data)
		if err != nil || !ok {
			return d, err
		}
		d.data, d.repaired = plain, false // what the values hold may need it
		return d, d.cut()
	}
	return nil, notFeed(data)
}

func (d *Document) warn(warning string) {
	if warning != "" && !slices.Contains(d.warnings, warning) {
		d.warnings = append(d.warnings, warning)
	}
}

// Hashes name the raw items in document order, without one that breaks off. They are
// nil when the document could not be cut, and when some item has no id of its own:
// such an item is known by its neighbours, so all are read.
func (d *Document) Hashes() []uint64 {
	if len(d.pieces) == 0 {
		return nil
	}
	out := make([]uint64, 0, len(d.pieces))
	for _, p := range d.pieces {
		switch {
		case p.torn:
		case p.hash == 0:
			return nil
		default:
			out = append(out, p.hash)
		}
	}
	return out
}

// Feed parses the head and those items that known does not name; a nil known
// parses all. One broken item does not lose the others.
func (d *Document) Feed(known func(uint64) bool) (*Feed, error) {
	if d.format == "json" {
		f, err := parseJSON(d.data)
		return d.finish(f, err, none)
	}
	if d.pieces == nil {
		f, err := d.whole()
		return d.finish(f, err, none)
	}
	frame := openTags(d.head[:d.lead])
	base, ns := basesOf(frame), spacesOf(d.format, frame)
	fresh := func(p piece) bool { return p.fresh(known) }
	var wanted []original
	for _, p := range d.pieces {
		if fresh(p) {
			o := originalOf(p.raw, ns, base)
			o.torn = p.torn
			wanted = append(wanted, o)
		}
	}
	f, err := parseXML(d.format, d.assemble(wanted))
	if err != nil || len(f.Items) < len(wanted) { // a stray end tag ends the parser's reading without a word
		f, err = d.feedOneByOne(wanted, ns)
	} else {
		for i := range f.Items[:len(wanted)] {
			f.Items[i].restore(d.format, &wanted[i], ns)
		}
	}
	if err == nil {
		f.restoreHead(d.format, d.head, ns)
	}
	return d.finish(f, err, func() []Item { return d.known(fresh, ns, base) })
}

// known are the items that are not fresh, as far as the document says what they are.
func (d *Document) known(fresh func(piece) bool, ns spaces, base []string) []Item {
	var out []Item
	for _, p := range d.pieces {
		if fresh(p) {
			continue
		}
		var it Item
		o := originalOf(p.raw, ns, base)
		it.restore(d.format, &o, ns)
		out = append(out, it)
	}
	return out
}

func none() []Item { return nil }

// IDs are the ids of those items that known names, and that [Document.Feed] does
// not read.
func (d *Document) IDs(known func(uint64) bool) []string {
	if d.pieces == nil {
		return nil
	}
	frame := openTags(d.head[:d.lead])
	fresh := func(p piece) bool { return p.fresh(known) }
	var out []string
	for _, it := range d.known(fresh, spacesOf(d.format, frame), basesOf(frame)) {
		out = append(out, it.ID)
	}
	return out
}

// whole parses a document that could not be cut, mended where it must be.
func (d *Document) whole() (*Feed, error) {
	f, err := parseXML(d.format, dressedHead(d.format, d.data))
	if err != nil {
		f, err = parseXML(d.format, balance(mend(dressedHead(d.format, d.data))))
		if err == nil && len(f.Items) == 0 && f.Title.Body == "" {
			err = errors.New("the document is damaged, and no item can be read")
		}
		d.warn("the document was damaged and mended")
	}
	if err != nil {
		return nil, err
	}
	if n := len(f.Items); d.torn != 0 && n > len(d.loose) {
		f.Items[n-1].Torn = true
	}
	if len(d.loose) == len(f.Items) {
		head := d.data
		if len(d.loose) > 0 {
			head = d.data[:d.loose[0][0]]
		}
		frame := openTags(head)
		base, ns := basesOf(frame), spacesOf(d.format, frame)
		for i, at := range d.loose {
			o := originalOf(d.data[at[0]:at[1]], ns, base)
			f.Items[i].restore(d.format, &o, ns)
		}
		f.restoreHead(d.format, head, ns)
	}
	return f, nil
}

// blank reports an item that says nothing at all.
func blank(it Item) bool {
	return cmp.Or(it.ID, it.Link, it.External, it.Title.Body, it.Summary.Body, it.Content.Body, it.Image, it.Section, it.Language, it.Rights, it.Origin.Name, it.Origin.URL) == "" &&
		len(it.People)+len(it.Dates)+len(it.Categories)+len(it.Enclosures) == 0
}

// finish settles what the items say together. The rest are those that were not read.
func (d *Document) finish(f *Feed, err error, rest func() []Item) (*Feed, error) {
	if err != nil {
		return nil, fmt.Errorf("the feed cannot be read: %w", err)
	}
	f.Torn = cmp.Or(f.Torn, d.torn)
	all := len(f.Items)
	f.Items = slices.DeleteFunc(f.Items, blank)
	if lost := all - len(f.Items); lost > 0 {
		d.warn(fmt.Sprintf("%d items say nothing and were left out", lost))
	}
	f.settleEscaping(rest)
	if d.pieces == nil || d.common {
		f.dropCommon()
	}
	f.Warnings = append(f.Warnings, d.warnings...)
	f.Bound()
	return f, nil
}

// assemble makes a document of the head, some items and the tail, or closing
// tags of our own where the end is torn off.
func (d *Document) assemble(items []original) []byte {
	size := len(d.head) + 32
	for _, it := range items {
		size += len(it.raw) + 64
	}
	out := make([]byte, 0, size)
	out = append(out, dressedHead(d.format, d.head)...)
	for _, it := range items {
		out = append(out, prepare(d.format, it)...)
		out = append(out, '\n')
	}
	if d.tail != nil {
		return append(out, d.tail...)
	}
	return append(out, closers(d.head[:d.lead])...)
}

// feedOneByOne parses each item in a frame of its own, mended where it must
// be, and leaves out only those that still cannot be read.
func (d *Document) feedOneByOne(items []original, ns spaces) (*Feed, error) {
	head := dressedHead(d.format, d.head)
	f, err := parseXML(d.format, balance(mend(head)))
	if err != nil {
		f = &Feed{Format: d.format}
	}
	f.Items = nil
	frame := openTags(mend(dressedHead(d.format, d.head[:d.lead])))
	lost := 0
	for _, o := range items {
		it, ok := d.single(frame, o, ns)
		if !ok {
			lost++
			continue
		}
		f.Items = append(f.Items, it)
	}
	d.warn("the document was damaged and mended")
	if lost > 0 {
		d.warn(fmt.Sprintf("%d items could not be read and were left out", lost))
	}
	if lost > 0 && lost == len(items) {
		return nil, errors.New("none of its items can be read (the document is damaged)")
	}
	return f, nil
}

// single parses one item alone, as it is and then mended.
func (d *Document) single(frame []byte, o original, ns spaces) (Item, bool) {
	item := prepare(d.format, o)
	for _, it := range [][]byte{item, balance(mend(item))} {
		doc := append(frame[:len(frame):len(frame)], it...)
		doc = append(append(doc, '\n'), closers(frame)...) // as in assemble: a torn item reads on into it
		f, err := parseXML(d.format, doc)
		if err == nil && len(f.Items) == 1 {
			f.Items[0].restore(d.format, &o, ns)
			return f.Items[0], true
		}
	}
	return Item{}, false
}

// restore puts back what the library does not hand on as it was written.
func (it *Item) restore(format string, o *original, ns spaces) {
	it.restoreFrame(o)
	if format == "atom" {
		it.restoreAtom(o, ns)
	} else {
		it.restoreRSS(o, ns)
	}
}
