package config

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// add writes sources at the end of the list, or begins one.
func (l *layout) add(additions []Addition) ([]splice, error) {
	at, err := l.sources()
	if err != nil {
		return nil, err
	}
	switch {
	case len(at.items) == 0:
		return l.begin(at, additions)
	case at.flow:
		return l.addFlow(at, additions)
	}
	return l.addBlock(at, additions)
}

// addBlock writes behind hyphens, indented as the last item is, and with a
// blank line between where the last two have one.
func (l *layout) addBlock(at *list, additions []Addition) ([]splice, error) {
	last := len(at.items) - 1
	style := entryStyle{indent: at.indent, key: at.indent + 2, eol: l.eol}
	style.spaced = last > 0 && l.isBlank(l.leading(at, last)-1)
	if m, ok := at.items[last].node.(*ast.MappingNode); ok && m.IsFlowStyle {
		style.flow = true
	} else if rest := l.line(at.items[last].line)[at.indent+1:]; strings.TrimSpace(rest) != "" {
		style.key = at.indent + 1 + len(rest) - len(strings.TrimLeft(rest, " "))
	}
	return []splice{l.after(l.content(at, last), style.entries(additions))}, nil
}

// after is a splice that puts whole lines behind line n. The last line of a
// file that has no end gets one, and lends the lack of it to the new last line.
func (l *layout) after(n int, lines string) splice {
	at := l.start(n + 1)
	if at == len(l.text) && !strings.HasSuffix(l.text, "\n") && !strings.HasSuffix(l.text, "\r") {
		return splice{at, at, l.eol + strings.TrimSuffix(lines, l.eol)}
	}
	return splice{at, at, lines}
}

// addFlow writes [{…}, {…}], on a line of its own where the last item has one.
func (l *layout) addFlow(at *list, additions []Addition) ([]splice, error) {
	last := at.items[len(at.items)-1]
	between := ", "
	rest := strings.TrimLeft(l.line(last.line)[min(last.to-l.start(last.line), len(l.line(last.line))):], " ,")
	if before := l.text[l.start(last.line):last.from]; len(at.items) > 1 && strings.TrimSpace(before) == "" && rest == "" {
		between = "," + l.eol + before
	}
	var b strings.Builder
	for _, a := range additions {
		b.WriteString(between + flowEntry(a))
	}
	return []splice{{last.to, last.to, b.String()}}, nil
}

// begin writes the first sources of a config that has none.
func (l *layout) begin(at *list, additions []Addition) ([]splice, error) {
	style := entryStyle{indent: 2, key: 4, eol: l.eol}
	p := pair(l.root, "sources")
	switch {
	case p == nil && l.flow:
		return nil, errStyle
	case p == nil:
		return l.beginKey(style, additions), nil
	case at.flow && (l.flow || strings.TrimSpace(l.text[at.open+1:at.close]) != ""):
		var entries []string
		for _, a := range additions {
			entries = append(entries, flowEntry(a))
		}
		return []splice{{at.open + 1, at.open + 1, strings.Join(entries, ", ")}}, nil
	case at.flow:
		blanks := len(l.text[:at.open]) - len(strings.TrimRight(l.text[:at.open], " "))
		return []splice{{at.open - blanks, at.close + 1, ""}, l.after(l.lineOf(at.close), style.entries(additions))}, nil
	}
	key := p.Key.GetToken().Position.Line - 1
	out := []splice{l.after(key, style.entries(additions))}
	for _, word := range []string{"null", "~", "Null", "NULL"} {
		if from := l.offset(p.Value.GetToken(), word); from >= 0 && l.lineOf(from) == key {
			out = append(out, splice{from, from + len(word), ""})
		}
	}
	return out, nil
}

// beginKey writes the key too: above the channels and what is said of them, or
// at the end.
func (l *layout) beginKey(style entryStyle, additions []Addition) []splice {
	lines := "sources:" + l.eol + style.entries(additions)
	if p := pair(l.root, "channels"); p != nil {
		n := p.Key.GetToken().Position.Line - 1
		for n > 0 && l.isComment(n-1) {
			n--
		}
		return []splice{{l.start(n), l.start(n), lines + l.eol}}
	}
	n := len(l.starts) - 1
	for n > 0 && (!l.says(n) || strings.HasPrefix(l.line(n), "...") || strings.HasPrefix(l.line(n), "---")) {
		n--
	}
	return []splice{l.after(n, l.eol+lines)}
}

func (l *layout) lineOf(offset int) int {
	n, found := slices.BinarySearch(l.starts, offset)
	if found {
		return n
	}
	return n - 1
}

// remove takes the doomed items out of the list of sources, and out of the
// lists of channels.
func (l *layout) remove(doomed []bool, inChannels [][]bool) ([]splice, error) {
	at, err := l.sources()
	if err != nil {
		return nil, err
	}
	out, err := l.drop(at, doomed)
	if err != nil {
		return nil, err
	}
	for i, marks := range inChannels {
		if !slices.Contains(marks, true) {
			continue
		}
		names, err := l.channelSources(i)
		if err != nil {
			return nil, err
		}
		more, err := l.drop(names, marks)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return l.endAsBefore(out), nil
}

// channelSources is the list that a channel takes from.
func (l *layout) channelSources(i int) (*list, error) {
	p := pair(l.root, "channels")
	if p == nil {
		return nil, errStyle
	}
	seq, ok := p.Value.(*ast.SequenceNode)
	if !ok || i >= len(seq.Values) {
		return nil, errStyle
	}
	pairs, _ := pairsOf(seq.Values[i])
	if p = pair(pairs, "sources"); p == nil {
		return nil, errStyle
	}
	return l.list(p.Value)
}

func (l *layout) drop(at *list, doomed []bool) ([]splice, error) {
	if len(at.items) != len(doomed) {
		return nil, errStyle
	}
	if at.flow {
		return l.dropFlow(at, doomed)
	}
	return l.dropBlock(at, doomed)
}

// dropBlock removes the lines of items, with the blank lines above them, or
// below them where the list begins.
func (l *layout) dropBlock(at *list, doomed []bool) ([]splice, error) {
	var out []splice
	if !slices.Contains(doomed, false) { // what is left of the list is []
		p := pair(l.root, "sources")
		end := l.start(p.Key.GetToken().Position.Line-1) + len("sources:")
		if l.offset(p.Key.GetToken(), "sources:") != end-len("sources:") {
			return nil, errStyle
		}
		out = append(out, splice{end, end, " []"})
	}
	begun := false // whether an item before this one stays
	for i := range at.items {
		if !doomed[i] {
			begun = true
			continue
		}
		from, to := l.leading(at, i), l.content(at, i)+1
		if begun {
			for l.isBlank(from - 1) {
				from--
			}
		} else {
			for to < at.next(i) && l.isBlank(to) && i+1 < len(at.items) {
				to++
			}
		}
		out = append(out, splice{l.start(from), l.start(to), ""})
	}
	return out, nil
}

// dropFlow removes items between brackets, each with the comma that parts it
// from what stays.
func (l *layout) dropFlow(at *list, doomed []bool) ([]splice, error) {
	if !slices.Contains(doomed, false) {
		return []splice{{at.open + 1, at.close, ""}}, nil
	}
	var out []splice
	begun := false
	for i, it := range at.items {
		if !doomed[i] {
			begun = true
			continue
		}
		s := splice{from: it.from, to: it.to}
		between := ""
		if begun {
			s.from = at.items[i-1].to
			between = l.text[s.from:it.from]
		} else {
			s.to = at.items[i+1].from
			between = l.text[it.to:s.to]
		}
		if strings.Contains(between, "#") {
			return nil, errComment
		}
		out = append(out, s)
	}
	return out, nil
}

// endAsBefore leaves a file without an end of its last line without one.
func (l *layout) endAsBefore(list []splice) []splice {
	if strings.HasSuffix(l.text, "\n") || strings.HasSuffix(l.text, "\r") {
		return list
	}
	list = joined(list)
	for i, s := range list {
		if s.to == len(l.text) && s.text == "" {
			list[i].from -= len(l.text[:s.from]) - len(strings.TrimSuffix(l.text[:s.from], l.eol))
		}
	}
	return list
}

// joined makes one of removals that touch.
func joined(list []splice) []splice {
	sortSplices(list)
	var out []splice
	for _, s := range list {
		if n := len(out); n > 0 && s.text == "" && out[n-1].text == "" && out[n-1].to == s.from {
			out[n-1].to = s.to
			continue
		}
		out = append(out, s)
	}
	return out
}

// pause writes paused: true to the items at these places, or takes it away.
func (l *layout) pause(places []int, paused bool) ([]splice, error) {
	at, err := l.sources()
	if err != nil {
		return nil, err
	}
	var out []splice
	for _, i := range places {
		s, err := l.pauseItem(at, i, paused)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return l.endAsBefore(out), nil
}

func (l *layout) pauseItem(at *list, i int, paused bool) (splice, error) {
	if i >= len(at.items) {
		return splice{}, errStyle
	}
	pairs, _ := pairsOf(at.items[i].node)
	if p := pair(pairs, "paused"); p != nil {
		return l.setPaused(at, i, p, paused)
	}
	if m, ok := at.items[i].node.(*ast.MappingNode); ok && m.IsFlowStyle {
		end := l.offset(m.End, "}")
		if end < 0 {
			return splice{}, errStyle
		}
		end = len(strings.TrimRight(l.text[:end], " "))
		return splice{end, end, ", paused: true"}, nil
	}
	last := max(l.lastKeyLine(at, i), at.items[i].line)
	column := pairs[0].Key.GetToken().Position.Column - 1
	return l.after(last, strings.Repeat(" ", column)+"paused: true"+l.eol), nil
}

// lastKeyLine is the last line that item i says something on.
func (l *layout) lastKeyLine(at *list, i int) int {
	n := at.next(i) - 1
	for n > at.items[i].line && !l.says(n) {
		n--
	}
	return max(n, l.blockScalarEnd(at.items[i].node))
}

// setPaused changes the value that is there. A line that says no more than
// paused: true goes altogether when its source is resumed.
func (l *layout) setPaused(at *list, i int, p *ast.MappingValueNode, paused bool) (splice, error) {
	value, ok := p.Value.(*ast.BoolNode)
	if !ok {
		return splice{}, errStyle
	}
	was, word := value.GetToken().Value, "false"
	if paused {
		word = "true"
	}
	n := value.GetToken().Position.Line - 1
	if !paused && strings.TrimSpace(l.line(n)) == "paused: "+was && n > at.items[i].line {
		return splice{l.start(n), l.start(n + 1), ""}, nil
	}
	from := l.offset(value.GetToken(), was)
	if from < 0 {
		return splice{}, errStyle
	}
	if entry := ", paused: " + was; !paused && strings.HasSuffix(l.text[:from+len(was)], entry) {
		return splice{from + len(was) - len(entry), from + len(was), ""}, nil
	}
	return splice{from, from + len(was), word}, nil
}
