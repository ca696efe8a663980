package normalize

import "slices"

// A section is what stands behind a label of a text, or before the first.
type section struct {
	start, end int // of its tokens
	label      sense
}

// sections cuts a text that tells of more than one date where its labels
// stand, and puts first what says when the text was published, last what says
// when it was updated.
func sections(list []token, r Reading) [][]token {
	starts, labels := labelled(list)
	if len(starts) < 2 {
		return [][]token{list}
	}
	var out []section
	for i, start := range starts {
		end := len(list)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		out = append(out, section{start, end, labels[i]})
	}
	out = joinUndated(list, out, r)
	slices.SortStableFunc(out, func(a, b section) int { return a.turn() - b.turn() })
	parts := make([][]token, len(out))
	for i, s := range out {
		parts[i] = list[s.start:s.end]
	}
	return parts
}

// joinUndated puts a section without a day to the one before it, and the first
// to the next: "28 Aug 2013, last update 14:00".
func joinUndated(list []token, all []section, r Reading) []section {
	out := all[:0]
	for _, s := range all {
		if len(out) > 0 && !datedSection(list[s.start:s.end], r) {
			out[len(out)-1].end = s.end
			continue
		}
		out = append(out, s)
	}
	if len(out) > 1 && !datedSection(list[out[0].start:out[0].end], r) {
		out[1].start = out[0].start
		out = out[1:]
	}
	return out
}

// turn is when a section is read.
func (s section) turn() int {
	switch s.label {
	case sensePublished:
		return 0
	case senseUpdated:
		return 2
	}
	return 1
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
	return newReader(slices.Clone(list), r).date() != pass
}

// tellsUpdate reports a text whose only label says that it was updated then.
func tellsUpdate(raw string) bool {
	if sevenBit(raw) && len(raw) > 3 && (raw[0] < 'A' || raw[3] == ',') { // as programs write it: "2026-11-24", "Tue, 24 Nov"
		return false
	}
	_, labels := labelled(tokens(foldDate(raw)))
	return slices.Contains(labels, senseUpdated) && !slices.Contains(labels, sensePublished) && labels[0] != 0
}
