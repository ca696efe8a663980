// Package parse turns the bytes of a feed into Items: what the publisher
// wrote, raw, nothing interpreted.
//
// It promises to read whatever any mainstream reader can read (RSS 0.9x to
// 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1 and 1.1, CDF, RSS told in JSON, in
// any charset, damaged as feeds are damaged), to keep ids character for
// character, and to cost nothing for items that are known already: a [Document]
// is cut into its items by a fast scan first, and only those whose raw bytes
// are new are parsed.
//
// An item goes two ways. gofeed reads what surrounds its texts: enclosures,
// categories, media and other modules. The texts, and all that gofeed drops or
// changes (ids, types, languages, bases, people, elements of other formats),
// are taken from the item as it was written: an original is walked once,
// forgivingly, and restore puts its findings over the library's. What both see
// agrees on names, since the addresses of namespaces are put in order first
// (data/namespaces.tsv). Bytes become text in charset.go and labels.go
// (data/charsets.tsv); a charset that none declares is guessed by the letters of the
// languages that were written in it (guess.go, data/legacy.tsv, data/letters.tsv), and
// what is UTF-8 but for some bytes is mended (patch.go). A document that the scan finds
// damaged is written anew with whole tokens and whole items, so that damage keeps
// within its item (torn.go); mend.go repairs what keeps a fragment from being XML. In
// the same pass elements are left out that are nested too deeply (nest.go).
//
// Of a document that breaks off, the item that it breaks off in is kept as far as it
// goes, and marked; who has known that item whole is not to take it.
//
// How often a text was escaped, no text can say of itself: the items of a feed say it
// together (escaping.go).
//
// Addresses leave as written, with the base in force beside them; only where an
// element has an xml:base of its own, in markup too (rebase.go), or a person has an
// address, is it joined here, because no other place could.
//
// Two kinds of sources that are no feeds are read here, too, and come to a
// [List]: JSON listings, by paths that an operator gives (jsonlist.go), and
// sitemaps with their extensions for news and images (sitemap.go).
//
// It refuses to interpret: names, dates, links and HTML leave as they were
// written, and normalize decides what they mean. It refuses documents that
// are no feed, or full of nothing but levels or entities, with an error an
// operator can act on.
//
// It is the door of gofeed; no other package sees it.
package parse
