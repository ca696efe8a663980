package news

import "strings"

// Witnesses say which part of its document each field of an article was taken
// from, as normalizing noted it: a line for each field, with its name, a blank
// and the witness. They are one text because every article carries them and
// hardly anybody asks. A field that can be told in one way only is not in them.
type Witnesses string

// Of is the witness for a field; empty where none was noted.
func (w Witnesses) Of(field string) string {
	for line := range strings.Lines(string(w)) {
		if name, witness, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " "); name == field {
			return witness
		}
	}
	return ""
}

// With is w with one more witness.
func (w Witnesses) With(field, witness string) Witnesses {
	if witness == "" {
		return w
	}
	return w + Witnesses(field+" "+strings.Join(strings.Fields(witness), " ")+"\n")
}
