package extract

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// selector is a CSS path that leads to the blocks of a group and to nothing
// else, the shortest that does; empty when no short one does.
func (l *lister) selector(g group) string {
	if len(g.blocks) == 0 {
		return ""
	}
	path := common(g.blocks)
	want := map[*html.Node]bool{}
	for _, b := range g.blocks {
		want[b.node] = true
	}
	for n := 1; n <= len(path); n++ {
		css := strings.Join(path[len(path)-n:], " > ")
		if n < len(path) && !strings.ContainsAny(css, ".#") && n < 3 {
			continue // a bare "ul > li" means others tomorrow
		}
		if l.leadsTo(css, want) {
			return css
		}
	}
	if whole := "body > " + strings.Join(path, " > "); l.leadsTo(whole, want) {
		return whole
	}
	for n := len(path); n > 0; n-- { // the blocks, and some that hold no article
		if css := strings.Join(path[len(path)-n:], " > "); l.holds(css, want) {
			return css
		}
	}
	return ""
}

// common are the steps from below the body to the blocks: for each level the tag
// and the class that all blocks have there.
func common(blocks []block) []string {
	var path []string
	level := make([]*html.Node, len(blocks))
	for i, b := range blocks {
		level[i] = b.node
	}
	for depth := 0; depth < 12; depth++ {
		n := level[0]
		if n == nil || n.Type != html.ElementNode || n.Data == "body" {
			break
		}
		for _, other := range level[1:] {
			if other == nil || other.Data != n.Data {
				return path
			}
		}
		path = append([]string{step(level)}, path...)
		if strings.Contains(path[0], "#") {
			break
		}
		for i := range level {
			level[i] = level[i].Parent
		}
	}
	return path
}

// step is one level: an id, or a class that all have, or the tag alone.
func step(level []*html.Node) string {
	n := level[0]
	if id := attrOf(n, "id"); stable(id) && same(level) {
		return n.Data + "#" + id
	}
	for class := range strings.FieldsSeq(attrOf(n, "class")) {
		if stable(class) && !passing[strings.ToLower(class)] && allHave(level, class) {
			return n.Data + "." + class
		}
	}
	return n.Data
}

func same(level []*html.Node) bool {
	for _, n := range level {
		if n != level[0] {
			return false
		}
	}
	return true
}

func allHave(level []*html.Node, class string) bool {
	for _, n := range level {
		found := false
		for c := range strings.FieldsSeq(attrOf(n, "class")) {
			found = found || c == class
		}
		if !found {
			return false
		}
	}
	return true
}

// leadsTo reports a selector that leads to just these nodes.
func (l *lister) leadsTo(css string, want map[*html.Node]bool) bool {
	sel, err := cascadia.Compile(css)
	if err != nil {
		return false
	}
	found := sel.MatchAll(l.doc.Nodes[0])
	if len(found) != len(want) {
		return false
	}
	for _, n := range found {
		if !want[n] {
			return false
		}
	}
	return true
}

// holds reports a selector that leads to all these nodes, and to few others.
func (l *lister) holds(css string, want map[*html.Node]bool) bool {
	sel, err := cascadia.Compile(css)
	if err != nil {
		return false
	}
	found, n := sel.MatchAll(l.doc.Nodes[0]), 0
	for _, node := range found {
		if want[node] {
			n++
		}
	}
	return n == len(want) && len(found) <= 2*len(want)
}
