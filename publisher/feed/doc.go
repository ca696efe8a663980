// Package feed prints an edition as RSS 2.0, Atom 1.0 and JSON Feed 1.1.
//
// It promises documents that every validator passes without a warning, that
// keep ids, credits, rights and times of the source, and that are a pure
// function of the edition: the same articles give the same bytes, on any node,
// after any restart. Every field is made fit for its place once more on its
// way out (mend.go), so that no article can break the document that carries
// it; and everything that is new in a document is read again as a strict
// validator would (check.go), so that what fails is never published.
//
// A [Document] knows where each of its entries stands. The next print takes
// over those that did not change, so that a change costs what changed; and a
// delta ([Document.Beyond]) is cut out of it, not rendered.
//
// It refuses to read a clock or to decide what is in an edition. It is the
// door of gorilla/feeds, whose structs it embeds and corrects field by field.
package feed
