package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Fault is one thing that is wrong in the file.
type Fault struct {
	File         string
	Line, Column int    // from 1; 0 when the fault has no place
	Key          string // "channels[2].sources[0]"; empty for the whole file
	Problem      string
	Hint         string // what to write instead
	Snippet      string // the line itself
}

// String is FILE:LINE:COL: key: what is wrong (what to write instead), with the
// line and a mark below it.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File + ":")
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", f.Line, f.Column)
	}
	if f.Key != "" {
		b.WriteString(" " + f.Key + ":")
	}
	b.WriteString(" " + f.Problem)
	if f.Hint != "" {
		b.WriteString(" (" + f.Hint + ")")
	}
	if f.Snippet != "" {
		fmt.Fprintf(&b, "\n    %s\n    %s^", f.Snippet, blank(f.Snippet, f.Column-1))
	}
	return b.String()
}

// blank is as wide as the first n characters of line.
func blank(line string, n int) string {
	var b strings.Builder
	for i, r := range []rune(line) {
		if i >= n {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Faults are all that is wrong, in the order of the file.
type Faults []Fault

func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

func (fs Faults) sorted() Faults {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return fs
}

// near is the one of words that s was probably meant to be; empty when none
// comes close.
func near(s string, words []string) string {
	best, distance := "", 1+len(s)/3
	for _, w := range words {
		if d := edits(strings.ToLower(s), strings.ToLower(w), distance); d <= distance && (best == "" || d < distance) {
			best, distance = w, d
		}
	}
	return best
}

// edits counts the letters to insert, drop, change or swap; more than limit
// when there are too many.
func edits(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// hintFor suggests one of words for s, or lists them.
func hintFor(s string, words []string) string {
	if w := near(s, words); w != "" {
		return fmt.Sprintf("did you mean %q?", w)
	}
	if len(words) == 0 {
		return ""
	}
	return "one of: " + strings.Join(words, ", ")
}
