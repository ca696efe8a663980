// Package opml reads and writes lists of feeds in OPML (http://opml.org/spec2.opml).
//
// [Read] promises to take from a list whatever can be made sense of, since such
// lists are exported by old programs, edited by hand and merged by machines: it
// reads any charset that is declared, quotes of either kind, what should have
// been escaped, merge conflicts, and text after the end, and tells each fault
// with its line. Folders become categories. [Write] writes lists that every
// reader takes, and that Read gives back as they were.
//
// It refuses to fetch (a list that another one includes is told, not read), and
// to judge what a feed is worth: it leaves out nothing but what is no feed.
package opml
