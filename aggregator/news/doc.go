// Package news is our vocabulary: what we pull, what we stand behind, whom we
// credit, what we publish. Read it first.
//
// It imports only the standard library and does no I/O, so every other package
// may lean on it and none can drag anything in through it. It holds the facts
// about an article that both halves must agree on: its identity ([Key]), what
// counts as a change of it ([Article.Fingerprint]), and the one clock between
// the halves ([Revision]).
//
// It refuses to hold raw input (that is parse.Item) and rendered output (that
// is publisher/feed).
package news
