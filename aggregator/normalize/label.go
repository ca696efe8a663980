package normalize

import "slices"

// sections cuts a text that tells of more than one date where its labels
// stand, and puts first what says when the text was published, last what says
// when it was updated. A section without a day goes with the one before it:
// "28 Aug 2013, last update 14:00".
func sections(list []token, r Reading) [][]token {
	starts, labels := labelled(list)
	if len(starts) < 2 {
		return [][]token{list}
	}
	type section struct {
		tokens []token
		label  sense
	}
	var out []section
	for i, start := range starts {
		end := len(list)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		part := section{list[start:end], labels[i]}
		if len(out) > 0 && !datedSection(part.tokens, r) {
			part = section{list[start-len(out[len(out)-1].tokens) : end], out[len(out)-1].label}
			out = out[:len(out)-1]
		}
		out = append(out, part)
	}
	if len(out) > 1 && !datedSection(out[0].tokens, r) {
		out[1] = section{list[:starts[0]+len(out[0].tokens)+len(out[1].tokens)], out[1].label}
		out = out[1:]
	}
	order := func(s sense) int {
		switch s {
		case sensePublished:
			return 0
		case senseUpdated:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b section) int { return order(a.label) - order(b.label) })
	parts := make([][]token, len(out))
	for i, s := range out {
		parts[i] = s.tokens
	}
	return parts
}

// labelled are where the sections of a text begin and what their labels say.
func labelled(list []token) (starts []int, labels []sense) {
	for i := range list {
		label := sense(0)
		switch t := &list[i]; {
		case t.says(senseUpdated):
			label = senseUpdated
		case t.says(sensePublished):
			label = sensePublished
		}
		switch {
		case label != 0 && len(starts) > 0 && starts[len(starts)-1] == i-1 && labels[len(labels)-1] != 0: // "last updated on"
		case label != 0:
			starts, labels = append(starts, i), append(labels, label)
		case i == 0:
			starts, labels = append(starts, 0), append(labels, 0)
		}
	}
	return starts, labels
}

// datedSection reports a section that holds a day, or counts from the fetch.
func datedSection(list []token, r Reading) bool {
	d := newReader(slices.Clone(list), r)
	if _, _, found := d.day(); found {
		return true
	}
	_, ok := d.relative("")
	return ok
}

// tellsUpdate reports a text whose only label says that it was updated then.
func tellsUpdate(raw string) bool {
	if sevenBit(raw) && len(raw) > 0 && raw[0] < 'A' {
		return false
	}
	_, labels := labelled(tokens(foldDate(raw)))
	return slices.Contains(labels, senseUpdated) && !slices.Contains(labels, sensePublished) && labels[0] != 0
}
