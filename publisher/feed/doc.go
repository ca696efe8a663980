// Package feed prints an edition as RSS 2.0, Atom 1.0 and JSON Feed 1.1.
//
// It promises documents that every validator passes without a warning, that
// keep ids, credits, rights and times of the source, and that are a pure
// function of the edition: the same articles give the same bytes, on any node,
// after any restart. Every text is checked again on its way out, so that no
// article can break the document that carries it.
//
// It refuses to read a clock or to decide what is in an edition. It is the
// door of gorilla/feeds, whose structs it embeds and corrects field by field.
package feed
