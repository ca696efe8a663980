// Package edition decides what a shelf shows: the channel rules, ranking,
// caps, an operator's edits and the rights of each source turn placements and
// articles into one ordered [Edition].
//
// It is pure: no clock, no database, no network. A rule is compiled once and
// its errors are faults of the config; evaluating it cannot fail silently.
//
// It is the door of the rule language (expr-lang/expr).
package edition
