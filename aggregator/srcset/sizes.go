package srcset

import (
	"regexp"
	"strings"
)

// Everywhere is what a browser takes for sizes that are not told: the width of
// its window. HTML wants it said all the same.
const Everywhere = "100vw"

// longest is how long a list of sizes is in earnest.
const longest = 1000

// Sizes are those of a source size list that can be read, as a browser reads
// it: it skips what it does not understand, and what follows a size without a
// condition is never reached. Empty where nothing is left, as of the "auto"
// that a script or a lazy picture fills in.
func Sizes(s string) string {
	if len(s) > longest {
		return ""
	}
	var out []string
	for _, part := range outerParts(strings.ToLower(strings.Join(strings.Fields(s), " "))) {
		if part = strings.TrimSpace(part); !sourceSize(part) {
			continue
		}
		out = append(out, part)
		if !strings.HasPrefix(part, "(") && !strings.HasPrefix(part, "not ") { // it has no condition
			return strings.Join(out, ", ")
		}
	}
	if out == nil {
		return ""
	}
	return strings.Join(append(out, Everywhere), ", ")
}

// outerParts are what the commas outside of parentheses part.
func outerParts(s string) []string {
	var out []string
	start, depth := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth = max(depth-1, 0) // one that closes nothing is a mark like others
		case ',':
			if depth == 0 {
				out = append(out, s[start:i])
				start = i + 1
			}
		}
	}
	return append(out, s[start:])
}

// sourceSize reports a length, or a media condition and a length (HTML
// §4.8.4.2.2).
func sourceSize(s string) bool {
	for { // a math function is a length, once all within it is
		next := group.ReplaceAllString(function.ReplaceAllString(s, "1px"), "${1}1px")
		if next == s {
			return conditional.MatchString(s)
		}
		s = next
	}
}

// Percentages are no lengths here; of conditions we know those on what the size
// of a picture depends on, and not "or", which validators refuse.
var (
	conditional = regexp.MustCompile(`^(` + condition + ` )?` + length + `$`)
	function    = regexp.MustCompile(`\b(calc|min|max|clamp)\(` + sum + `(,` + sum + `)*\)`)
	group       = regexp.MustCompile(`([(,*/] ?| [+-] )\(` + sum + `\)`)
)

const (
	number    = `([0-9]+(\.[0-9]+)?|\.[0-9]+)`
	unit      = `(em|ex|ch|rem|cap|ic|[sld]?v(w|h|i|b|min|max)|px|cm|mm|in|pt|pc)`
	length    = `(\+?` + number + unit + `|0)`
	term      = `[+-]?` + number + unit + `?`
	sum       = ` ?` + term + `(( [+-] | ?[*/] ?)` + term + `)* ?`
	condition = `(not ` + feature + `|` + feature + `( and ` + feature + `)*)`
	feature   = `\( ?((min-|max-)?(width|height) ?: ?` + length + `|orientation ?: ?(portrait|landscape)|` +
		`(` + length + ` ?<=? ?)?width ?<=? ?` + length + `|width ?>=? ?` + length + `) ?\)`
)
