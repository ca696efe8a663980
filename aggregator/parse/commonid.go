package parse

import (
	"bytes"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// An id that three items or more of an RSS feed have, and all of them, is none
// (the address of the site, mostly): they are known by their links, and so by
// their neighbours, as items without an id are.
const commonFrom = 3

// unnameCommon has all items read each time where they have one id.
func (d *Document) unnameCommon() {
	if d.format != "rss" || len(d.pieces) < commonFrom {
		return
	}
	first := guid(d.pieces[0].raw)
	if len(first) == 0 || slices.ContainsFunc(d.pieces, func(p piece) bool { return !bytes.Equal(guid(p.raw), first) }) {
		return
	}
	for i := range d.pieces {
		d.pieces[i].hash = 0
	}
	d.common = true
}

// noteShared has items read each time that have one id and are not the same: they may
// be different stories, of which each tells what the others are not.
func (d *Document) noteShared() {
	if d.format != "rss" {
		return
	}
	seen := make(map[uint64]int, len(d.pieces))
	for i, p := range d.pieces {
		id := guid(p.raw)
		if len(id) == 0 {
			id = about(p.raw)
		}
		if len(id) == 0 {
			continue
		}
		name := xxhash.Sum64(id)
		if first, again := seen[name]; !again {
			seen[name] = i
		} else if d.pieces[first].shares || !bytes.Equal(d.pieces[first].raw, p.raw) {
			d.pieces[first].shares, d.pieces[i].shares = true, true
		}
	}
}

// guid is that of a raw item, as it stands there.
func guid(raw []byte) []byte {
	_, rest, _ := bytes.Cut(raw, []byte("<guid"))
	_, rest, _ = bytes.Cut(rest, []byte(">"))
	value, _, ok := bytes.Cut(rest, []byte("</guid"))
	if !ok {
		return nil
	}
	return bytes.TrimSpace(value)
}

// about is the id of a raw item of RDF, as it stands in its tag.
func about(raw []byte) []byte {
	_, rest, _ := bytes.Cut(raw[:max(0, tagEnd(raw))], []byte("rdf:about="))
	if len(rest) == 0 {
		return nil
	}
	value, _, _ := bytes.Cut(rest[1:], rest[:1])
	return bytes.TrimSpace(value)
}

// dropCommon takes from the items the id that all of them have.
func (f *Feed) dropCommon() {
	if f.Format != "rss" || len(f.Items) < commonFrom || f.Items[0].ID == "" ||
		slices.ContainsFunc(f.Items, func(it Item) bool { return it.ID != f.Items[0].ID }) {
		return
	}
	for i := range f.Items {
		f.Items[i].ID, f.Items[i].IDIsLink = "", false
	}
	f.Warnings = append(f.Warnings, "all items have one id, which is none: they are known by their links")
}
