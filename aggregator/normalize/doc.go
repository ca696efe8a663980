// Package normalize brings what was parsed into house style: who made an
// article, where it came from, when, its links, text and HTML.
//
// It is pure: an item, its source and the time of the fetch go in, an article
// comes out, and the same input always gives the same article. Vocabulary
// (month names, separators, role words, agencies, tracking parameters) stands
// in tables under data/, which a speaker of the language can correct without
// reading Go. Where words stand in fixed forms, 新华社北京11月10日电, the code has a
// pattern that names their kinds (pattern.go), and data/patterns.tsv the words.
//
// A date (date.go) is folded to plain figures and letters, taken apart into
// tokens whose words the lexicon knows in forty languages, and then read off
// them piece by piece, each by rules in order (rule.go) that have a name and an
// example: the day (day.go, isoday.go, monthname.go, era.go, relative.go), the
// time of day in what is left (clock.go), the zone behind it (zone.go). What
// nobody can know is a fact of the result: its basis and its precision.
//
// A byline is read at a glance where nothing in it means anything else (plain.go).
// Any other is washed of dates and addresses (wash.go), parted into segments by
// bars and role words (segments.go, opener.go, rolewords.go), and each of these into
// names (names.go); in East Asian lines labels are written with a colon first
// (hanlabel.go, dispatch.go). What a name is, and what stands beside it, is asked of
// rules in order (rule.go, person.go, beside.go): each has a name, which explain
// tells, and an example, which a test holds it to. A line of a text must say more
// than a field to name anybody (creditline.go, bare.go, signature.go).
//
// It refuses to invent: an unknown date is told as first seen, an unknown
// author is nobody. It is the door of bluemonday, our security boundary for
// HTML, and of the language detector.
package normalize
