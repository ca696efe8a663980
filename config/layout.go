package config

import (
	"cmp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// A layout knows where things stand in a config's text. The tree tells on
// which lines entries begin; everything else is read from the lines
// themselves, since the tree keeps no blanks.
type layout struct {
	text   string
	starts []int // offset of each line
	eol    string
	root   []*ast.MappingValueNode // of the document
	flow   bool                    // the document is one {…}
}

// A splice puts text in the place of text[from:to].
type splice struct {
	from, to int
	text     string
}

func layOut(text string) (*layout, error) {
	tree, err := parser.ParseBytes([]byte(lineEnds.Replace(text)), 0)
	if err != nil {
		return nil, err
	}
	if len(tree.Docs) == 0 {
		return nil, errStyle
	}
	root, ok := pairsOf(tree.Docs[0].Body)
	if !ok {
		return nil, errStyle
	}
	l := &layout{text: text, eol: "\n", root: root, starts: []int{0}}
	if m, ok := tree.Docs[0].Body.(*ast.MappingNode); ok {
		l.flow = m.IsFlowStyle
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && !strings.HasPrefix(text[i:], "\r\n") {
			l.starts = append(l.starts, i+1)
		}
	}
	if first := text[:l.start(1)]; strings.HasSuffix(first, "\r\n") {
		l.eol = "\r\n"
	} else if strings.HasSuffix(first, "\r") {
		l.eol = "\r"
	}
	return l, nil
}

// apply makes all splices, which do not overlap, at once.
func (l *layout) apply(list []splice) string {
	sortSplices(list)
	var b strings.Builder
	at := 0
	for _, s := range list {
		b.WriteString(l.text[at:s.from])
		b.WriteString(s.text)
		at = max(at, s.to)
	}
	b.WriteString(l.text[at:])
	return b.String()
}

func sortSplices(list []splice) {
	slices.SortStableFunc(list, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
}

// start is where line n begins, from 0; the end of the text for one that there
// is not.
func (l *layout) start(n int) int {
	if n >= len(l.starts) {
		return len(l.text)
	}
	return l.starts[n]
}

// line is line n without its end.
func (l *layout) line(n int) string {
	return strings.TrimRight(l.text[l.start(n):l.start(n+1)], "\r\n")
}

func (l *layout) isBlank(n int) bool { return strings.TrimSpace(l.line(n)) == "" }

func (l *layout) isComment(n int) bool {
	return strings.HasPrefix(strings.TrimLeft(l.line(n), " \t"), "#")
}

// says reports a line that holds more than blanks and a comment.
func (l *layout) says(n int) bool { return !l.isBlank(n) && !l.isComment(n) }

func (l *layout) indent(n int) int {
	s := l.line(n)
	return len(s) - len(strings.TrimLeft(s, " "))
}

// offset is where a token stands; -1 when the text does not hold first there.
func (l *layout) offset(t *token.Token, first string) int {
	if t == nil || t.Position == nil || t.Position.Line > len(l.starts) {
		return -1
	}
	at := l.start(t.Position.Line - 1)
	for range t.Position.Column - 1 {
		_, size := firstRune(l.text[at:])
		at += size
	}
	if !strings.HasPrefix(l.text[at:], first) {
		return -1
	}
	return at
}

func firstRune(s string) (rune, int) {
	for i, r := range s {
		if i > 0 {
			return r, i
		}
	}
	return 0, len(s)
}

// pair is the key of a mapping with its value; nil when there is none.
func pair(values []*ast.MappingValueNode, key string) *ast.MappingValueNode {
	for _, p := range values {
		if s, ok := p.Key.(*ast.StringNode); ok && s.Value == key {
			return p
		}
	}
	return nil
}

// A list is a sequence with the places of its items.
type list struct {
	flow        bool
	open, close int // of the brackets of a flow sequence
	indent      int // of the hyphens of a block sequence
	end         int // the line after those of a block sequence
	items       []item
}

// An item is one entry of a list.
type item struct {
	line     int // its first, without comments
	node     ast.Node
	from, to int // its bytes in a flow sequence
}

// sources finds the list of sources, which may be empty.
func (l *layout) sources() (*list, error) {
	p := pair(l.root, "sources")
	if p == nil || isNull(p.Value) {
		return &list{}, nil
	}
	return l.list(p.Value)
}

func (l *layout) list(n ast.Node) (*list, error) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		return nil, errStyle
	}
	if seq.IsFlowStyle {
		return l.flowList(seq)
	}
	return l.blockList(seq)
}

func (l *layout) flowList(seq *ast.SequenceNode) (*list, error) {
	out := &list{flow: true, open: l.offset(seq.Start, "["), close: l.offset(seq.End, "]")}
	if out.open < 0 || out.close < 0 {
		return nil, errStyle
	}
	for _, v := range seq.Values {
		it := item{node: v, from: -1}
		switch v := v.(type) {
		case *ast.MappingNode:
			if it.from, it.to = l.offset(v.Start, "{"), l.offset(v.End, "}")+1; it.to == 0 {
				it.from = -1
			}
		case *ast.StringNode:
			it.from = l.offset(v.GetToken(), "")
			it.to = it.from + len(plainWord(l.text[max(it.from, 0):]))
		}
		if it.from < 0 || it.to <= it.from {
			return nil, errStyle
		}
		it.line = v.GetToken().Position.Line - 1
		out.items = append(out.items, it)
	}
	return out, nil
}

// plainWord is the slug that s begins with, with the quotes around it.
func plainWord(s string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		end := strings.IndexByte(s[1:], s[0])
		return s[:end+2]
	}
	return s[:len(s)-len(strings.TrimLeft(s, letters))]
}

func (l *layout) blockList(seq *ast.SequenceNode) (*list, error) {
	out := &list{}
	for i, e := range seq.Entries {
		at := l.offset(e.Start, "-")
		if at < 0 {
			return nil, errStyle
		}
		n := e.Start.Position.Line - 1
		out.indent = at - l.start(n)
		if l.indent(n) != out.indent {
			return nil, errStyle
		}
		out.items = append(out.items, item{line: n, node: seq.Values[i]})
	}
	if len(out.items) == 0 {
		return nil, errStyle
	}
	last := out.items[len(out.items)-1]
	out.end = last.line + 1
	for out.end < len(l.starts) && (!l.says(out.end) || l.indent(out.end) > out.indent) {
		out.end++
	}
	return out, nil
}

// next is the line on which the item after number i begins, or the line after
// the list.
func (b *list) next(i int) int {
	if i+1 < len(b.items) {
		return b.items[i+1].line
	}
	return b.end
}

// content is the last line of item i: of what it says, or of the comments that
// stand under that without a blank line between, indented like its keys.
func (l *layout) content(b *list, i int) int {
	n := b.next(i) - 1
	for n > b.items[i].line && !l.says(n) {
		n--
	}
	n = max(n, l.blockScalarEnd(b.items[i].node))
	for n+1 < b.next(i) && l.isComment(n+1) && l.indent(n+1) > b.indent {
		n++
	}
	return n
}

// leading is the first of the comment lines that stand right above item i; its
// own first line when there is none.
func (l *layout) leading(b *list, i int) int {
	n := b.items[i].line
	for n > 0 && l.isComment(n-1) && l.indent(n-1) <= b.indent {
		n--
	}
	return n
}

// blockScalarEnd is the last line of text that a | or > in n began; such lines
// may look like comments. It is -1 when there is none.
func (l *layout) blockScalarEnd(n ast.Node) int {
	end := -1
	ast.Walk(visit(func(n ast.Node) {
		literal, ok := n.(*ast.LiteralNode)
		if !ok || literal.Start == nil {
			return
		}
		first := literal.Start.Position.Line - 1
		key := len(l.line(first)) - len(strings.TrimLeft(l.line(first), " -"))
		for i := first + 1; i < len(l.starts) && (l.isBlank(i) || l.indent(i) > key); i++ {
			if !l.isBlank(i) {
				end = max(end, i)
			}
		}
	}), n)
	return end
}

type visit func(ast.Node)

func (v visit) Visit(n ast.Node) ast.Visitor {
	v(n)
	return v
}
