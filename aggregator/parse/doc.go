// Package parse turns the bytes of a feed into Items: what the publisher
// wrote, raw, nothing interpreted.
//
// It promises to read whatever any mainstream reader can read (RSS 0.9x to
// 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1 and 1.1, in any charset, damaged as
// feeds are damaged), to keep ids character for character, and to cost nothing
// for items that are known already: a [Document] is cut into its items by a
// fast scan first, and only those whose raw bytes are new are parsed.
//
// It refuses to interpret: names, dates, links and HTML leave as they were
// written, and normalize decides what they mean. It refuses documents that
// are no feed, nested absurdly deep or full of nothing but entities, with an
// error an operator can act on.
//
// It is the door of gofeed; no other package sees it.
package parse
