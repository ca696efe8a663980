package parse

import (
	"bytes"
	"slices"
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
