package extract

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// A group is a set of links that stand in blocks of one build: a list of
// articles, a menu, or what else recurs.
type group struct {
	links  []anchor
	titles int // what their titles weigh
	blocks []block
	items  []listed
	score  float64
	weak   bool // beside the list, or a menu
}

// An anchor is a link that may lead to an article.
type anchor struct {
	at      int // in the outline
	address string
	title   string // that it shows itself; empty for a picture, or a label such as "Read more"
}

// A block is what the page shows of one article: an element, and those behind
// it (or before it) where a list is written flat, as dt and dd are.
type block struct {
	link  anchor
	node  *html.Node
	nodes []*html.Node
}

const (
	fewest     = 3     // links that make a list
	maxAnchors = 5_000 // of a page that are looked at
	mostGroups = 50    // of them that are read
	maxBlock   = 1_000 // elements of what may show one article
	shortTitle = 10    // weight of a title that says next to nothing
	longTitle  = 40    // weight from which a title is surely a headline

	mainShare  = 0.3 // of the best group's score that another list of the page must have
	leastScore = 1.0 // that a list must have at all
)

// groups are the page's lists of articles, best first: what the hint leads to,
// or those groups of links of one build that look most like headlines.
func (l *lister) groups() ([]group, error) {
	if l.hints.Items != "" {
		return l.hinted()
	}
	links := l.anchors()
	all := promising(l.grouped(links))
	for i := range all {
		all[i].blocks = l.blocks(all[i].links)
		l.judge(&all[i])
	}
	slices.SortStableFunc(all, func(a, b group) int { return cmp.Compare(b.score, a.score) })
	var out []group
	taken := map[string]bool{}
	for _, g := range all {
		if g.score < leastScore || g.weak || len(out) > 0 && g.score < mainShare*out[0].score {
			continue
		}
		if g.repeats(taken) {
			continue
		}
		for _, it := range g.items {
			taken[it.address] = true
		}
		out = append(out, g)
	}
	if len(out) == 0 {
		return nil, ErrNoList
	}
	return append(out, l.leads(links, out, taken)...), nil
}

// repeats reports a group of which half the links, at least, are in another.
func (g *group) repeats(taken map[string]bool) bool {
	n := 0
	for _, it := range g.items {
		if taken[it.address] {
			n++
		}
	}
	return 2*n >= len(g.items)
}

// hinted is the group that the operator's selector leads to.
func (l *lister) hinted() ([]group, error) {
	sel, err := cascadia.Compile(l.hints.Items)
	if err != nil {
		return nil, fmt.Errorf("list.items: %w", err)
	}
	var g group
	for _, s := range l.doc.FindMatcher(sel).EachIter() {
		n := s.Nodes[0]
		if i, ok := l.outline.at[n]; ok && len(g.blocks) < maxListed {
			g.blocks = append(g.blocks, block{link: l.linkOf(i), node: n, nodes: []*html.Node{n}})
		}
	}
	if len(g.blocks) == 0 {
		return nil, fmt.Errorf("list.items: %q leads to nothing on the page (it may have been rebuilt, or be made by a script)", l.hints.Items)
	}
	flatten(g.blocks)
	for _, b := range g.blocks {
		if it := l.read(b); it.address != "" {
			g.items = append(g.items, it)
		}
	}
	if len(g.items) == 0 {
		return nil, errors.New("list.items: none of what it leads to holds a link (change it, or list.link)")
	}
	return []group{g}, nil
}

// linkOf is the link of a block that a selector led to: that of list.link, or
// the first in a heading, or the one with the most words.
func (l *lister) linkOf(i int) anchor {
	n := l.outline.elements[i].node
	if l.hints.Link != "" {
		if sel, err := cascadia.Compile(l.hints.Link); err == nil {
			if found := sel.MatchFirst(n); found != nil {
				if found.Data != "a" {
					found = first(found, func(n *html.Node) bool { return n.Data == "a" && attrOf(n, "href") != "" })
				}
				if at, ok := l.outline.at[found]; ok {
					return l.anchor(at)
				}
			}
			return anchor{}
		}
	}
	best, weight := anchor{}, -1
	for j := i; j < l.outline.elements[i].end; j++ {
		if l.outline.elements[j].node.Data != "a" {
			continue
		}
		a := l.anchor(j)
		w, _ := weigh(a.title)
		if l.inHeading(j) {
			w += 1000
		}
		if a.address != "" && w > weight {
			best, weight = a, w
		}
	}
	return best
}

// anchors are the links to other pages of the site, in page order. A text that
// several of them show, "Read more", is the title of none.
func (l *lister) anchors() []anchor {
	var out []anchor
	shown := map[string]map[string]bool{} // addresses by text
	for i := range l.outline.elements {
		if l.outline.elements[i].node.Data != "a" || len(out) == maxAnchors {
			continue
		}
		a := l.anchor(i)
		if !l.ours(a.address) || picture.MatchString(a.address) || inText(l.outline.elements[i].node) {
			continue
		}
		if shown[a.title] == nil {
			shown[a.title] = map[string]bool{}
		}
		shown[a.title][a.address] = true
		out = append(out, a)
	}
	for i := range out {
		if len(shown[out[i].title]) > 2 {
			out[i].title = ""
		}
	}
	return out
}

// inText reports a link in running text: words stand before it on its line.
func inText(n *html.Node) bool {
	for ; n != nil && inline[n.Data]; n = n.Parent {
		for before := n.PrevSibling; before != nil && (before.Type != html.ElementNode || before.Data != "br"); before = before.PrevSibling {
			if before.Type != html.TextNode {
				continue
			}
			text := tidy(before.Data)
			if w, _ := weigh(text); w > 2*shortTitle && datePattern.FindString(text) == "" {
				return true
			}
		}
	}
	return false
}

// picture is the address of a file that is looked at, not read.
var picture = regexp.MustCompile(`(?i)\.(?:jpe?g|png|gif|webp|svg|mp3|mp4|zip|apk|exe)(?:\?|$)`)

func (l *lister) anchor(i int) anchor {
	n := l.outline.elements[i].node
	a := anchor{at: i, address: l.address(attrOf(n, "href"))}
	if a.address != "" {
		a.title = l.shownTitle(i)
	}
	return a
}

// grouped brings together the links that stand at the end of the same path of
// elements and classes.
func (l *lister) grouped(links []anchor) []group {
	var order []uint64
	byPath := map[uint64][]anchor{}
	seen := map[uint64]map[string]bool{}
	for _, a := range links {
		path := l.shapes[a.at].path
		if byPath[path] == nil {
			order = append(order, path)
			seen[path] = map[string]bool{}
		}
		if seen[path][a.address] {
			continue
		}
		seen[path][a.address] = true
		byPath[path] = append(byPath[path], a)
	}
	var out []group
	for _, path := range order {
		g := group{links: byPath[path]}
		for _, a := range g.links {
			w, _ := weigh(a.title)
			g.titles += w
		}
		out = append(out, g)
	}
	return l.joined(out)
}

// joined brings together groups whose blocks stand side by side, as those of a
// list do whose members have classes of their own kind.
func (l *lister) joined(list []group) []group {
	var out []group
	at := map[*html.Node]map[string]int{} // by the list they stand in, and the tags from there
	for _, g := range list {
		holder, tags := l.holder(g.links[0].at)
		for _, a := range g.links[1:] {
			if h, _ := l.holder(a.at); h != holder {
				holder = nil
				break
			}
		}
		if holder == nil {
			out = append(out, g)
			continue
		}
		if at[holder] == nil {
			at[holder] = map[string]int{}
		}
		if i, ok := at[holder][tags]; ok && 3*min(g.weight(), out[i].weight()) > max(g.weight(), out[i].weight()) {
			out[i].links = append(out[i].links, g.links...)
			out[i].titles += g.titles
			continue
		}
		at[holder][tags] = len(out)
		out = append(out, g)
	}
	for _, g := range out {
		slices.SortFunc(g.links, func(a, b anchor) int { return cmp.Compare(a.at, b.at) })
	}
	return out
}

// promising are the groups with the most to read; a page has few lists, and one
// that is made of links must not cost more than that.
func promising(list []group) []group {
	out := slices.DeleteFunc(list, func(g group) bool { return len(g.links) < fewest })
	slices.SortStableFunc(out, func(a, b group) int { return cmp.Compare(b.titles, a.titles) })
	return out[:min(len(out), mostGroups)]
}

// holder is the list that an element's block stands in, and the tags on the way.
func (l *lister) holder(i int) (*html.Node, string) {
	tags := ""
	for steps := 0; i >= 0 && steps < 10; steps++ {
		n := l.outline.elements[i].node
		tags += "/" + n.Data
		if n.Data == "li" || n.Data == "article" || !inline[n.Data] && hasLike(n) {
			return n.Parent, tags
		}
		i = l.outline.elements[i].parent
	}
	return nil, ""
}

// weight is how long a group's titles are on the average: those of authors are
// no headlines.
func (g *group) weight() int { return g.titles / len(g.links) }

// hasLike reports an element with at least two more of its name beside it, near
// by.
func hasLike(n *html.Node) bool {
	alike := 0
	for at, steps := n.NextSibling, 0; at != nil && steps < 20; at, steps = at.NextSibling, steps+1 {
		alike += int(b2f(at.Data == n.Data))
	}
	for at, steps := n.PrevSibling, 0; at != nil && steps < 20; at, steps = at.PrevSibling, steps+1 {
		alike += int(b2f(at.Data == n.Data))
	}
	return alike >= fewest-1
}

// blocks are what the page shows around each of some links: the largest element
// that holds no other of them.
func (l *lister) blocks(links []anchor) []block {
	out := make([]block, 0, len(links))
	for k, a := range links {
		at := a.at
		for at > 0 {
			up := l.outline.elements[at].parent
			if up < 0 || l.outline.elements[up].node.Data == "body" || l.outline.elements[up].end-up > maxBlock || k > 0 && links[k-1].at >= up || k+1 < len(links) && links[k+1].at < l.outline.elements[up].end {
				break
			}
			at = up
		}
		n := l.outline.elements[at].node
		out = append(out, block{link: a, node: n, nodes: []*html.Node{n}})
	}
	if len(out) > 1 {
		flatten(out)
	}
	return out
}

// flatten gives blocks what stands beside them where a list is written flat: a
// heading and a paragraph, dt and dd, a row and the next.
func flatten(list []block) {
	gaps := gapsBehind(list)
	least, most, longest := math.MaxInt, 0, 0
	for i := range list[:len(list)-1] {
		if list[i].node.Parent == list[i+1].node.Parent {
			n := elementsOf(gaps[i])
			least, most, longest = min(least, n), max(most, n), max(longest, len(gaps[i]))
		}
	}
	if longest == 0 || longest > 8 || !flat[list[0].node.Data] && (least == 0 || least != most) {
		return
	}
	if before := preceding(list[0].node); len(gaps[len(list)-1]) == 0 && len(before) > 0 {
		for i := len(list) - 1; i > 0; i-- {
			list[i].nodes = append(gaps[i-1], list[i].nodes...)
		}
		list[0].nodes = append(before[max(len(before)-longest, 0):], list[0].nodes...)
		return
	}
	for i := range list {
		list[i].nodes = append(list[i].nodes, gaps[i][:min(len(gaps[i]), longest)]...)
	}
}

// gapsBehind are what stands behind each block, as far as the next.
func gapsBehind(list []block) [][]*html.Node {
	gaps := make([][]*html.Node, len(list))
	for i := range list {
		for n := list[i].node.NextSibling; n != nil && (i+1 == len(list) || n != list[i+1].node); n = n.NextSibling {
			if !blank(n) {
				gaps[i] = append(gaps[i], n)
			}
		}
	}
	return gaps
}

// flat are elements that hold a headline, and rarely all of an item.
var flat = map[string]bool{"a": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "dt": true, "b": true, "strong": true, "span": true, "font": true, "em": true}

func blank(n *html.Node) bool {
	return n.Type != html.ElementNode && strings.TrimSpace(n.Data) == "" || n.Type == html.CommentNode || n.Data == "br" || n.Data == "hr" || n.Data == "script" || n.Data == "style"
}

func elementsOf(list []*html.Node) (n int) {
	for _, node := range list {
		if node.Type == html.ElementNode {
			n++
		}
	}
	return n
}

// preceding is what stands before a node in its parent, in page order.
func preceding(n *html.Node) []*html.Node {
	var out []*html.Node
	for n = n.PrevSibling; n != nil; n = n.PrevSibling {
		if !blank(n) {
			out = append(out, n)
		}
	}
	slices.Reverse(out)
	return out
}

// judge reads a group's items and says how much it looks like a list of
// articles: many headlines, with dates, teasers and pictures, at addresses that
// are those of articles, and not where menus and other lists stand.
func (l *lister) judge(g *group) {
	var titles, dates, teasers, pictures, headings, pages float64
	for _, b := range g.blocks {
		it := l.read(b)
		if it.title == "" {
			continue
		}
		g.items = append(g.items, it)
		w, _ := weigh(it.title)
		titles += clamp(float64(w-shortTitle) / (longTitle - shortTitle))
		dates += b2f(len(it.dates) > 0)
		teasers += b2f(it.summary != "")
		pictures += b2f(it.image != "")
		headings += b2f(it.headed)
		pages += b2f(articleAddress.MatchString(it.address))
	}
	n := float64(len(g.items))
	if n < fewest {
		return
	}
	quality := titles / n * (0.4 + 0.6*pages/n) * (1 + dates/n + 0.6*teasers/n + 0.4*pictures/n + 0.4*headings/n)
	g.score = math.Sqrt(min(n, 60)) * quality
	if l.aside(g) {
		g.weak = true
	}
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func clamp(f float64) float64 { return max(0, min(f, 1)) }

// articleAddress is how addresses of articles look: words or a number, at the
// end of a path.
var articleAddress = regexp.MustCompile(`(?i)[^/?]+[-_][^/?]*[-_][^/?]*[-_][^/?]+/?(?:\?|$)|\d{4,}|\d{4}/\d{1,2}/|\.s?html?(?:\?|$)|[?&](?:id|p|aid|nid|artid|newsid|article)=|/(?:article|articles|news|story|posts?|nota|noticia|haber|detail)s?/[^/]+`)

// aside reports a group most of whose links stand in a menu, in a list beside
// the list, or under a heading that says so.
func (l *lister) aside(g *group) bool {
	n := 0
	for _, b := range g.blocks {
		if l.shapes[b.link.at].above != 0 || l.headedAside(b.node) {
			n++
		}
	}
	return 2*n > len(g.blocks)
}

// headedAside reports a block under a heading of a list beside the list.
func (l *lister) headedAside(n *html.Node) bool {
	text := headingOver(n)
	return text != "" && hasPrefixFold(text, lineWords["aside"]...)
}

// headingOver is the last heading before an element, a few levels up. Those of
// its like beside it are of other items.
func headingOver(n *html.Node) string {
	own := ""
	if h := first(n, func(n *html.Node) bool { return headingTag[n.Data] }); h != nil {
		own = h.Data
	}
	for levels := 0; n != nil && levels < 4 && n.Data != "body" && n.Data != "main"; levels++ {
		for before, steps := n.PrevSibling, 0; before != nil && steps < 200; before, steps = before.PrevSibling, steps+1 {
			if levels == 0 && before.Data == own {
				continue
			}
			if text, ok := headingText(before); ok {
				return text
			}
		}
		n = n.Parent
	}
	return ""
}

// headingText is the text of what opens a list: a heading, a caption, or a short
// block that is named for a title.
func headingText(n *html.Node) (string, bool) {
	if n.Type != html.ElementNode {
		return "", false
	}
	if !headingTag[n.Data] {
		h := first(n, func(n *html.Node) bool { return headingTag[n.Data] })
		plain := n.Data == "div" || n.Data == "p" || n.Data == "dt" || n.Data == "span" || roleOf(n).has(roleTitle)
		switch {
		case h != nil:
			n = h
		case !plain || first(n, func(n *html.Node) bool { return n.Data == "a" }) != nil: // another item
			return "", false
		}
	}
	text, ok := brief(n, 80)
	return text, ok && text != ""
}

var headingTag = map[string]bool{"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true}

// first is the first element in n, or n itself, that is wanted.
func first(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	if n.Type == html.ElementNode && wanted(n) {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := first(c, wanted); found != nil {
			return found
		}
	}
	return nil
}

// leads are the headlines above or among the lists that are built otherwise, as
// the first of a page often is: few, in headings, and near.
func (l *lister) leads(links []anchor, lists []group, taken map[string]bool) []group {
	scope := l.around(lists)
	var out []group
	for _, a := range links {
		w, _ := weigh(a.title)
		if taken[a.address] || w < shortTitle+10 || !l.outline.inside(a.at, scope) || !l.inHeading(a.at) || l.shapes[a.at].above != 0 || !articleAddress.MatchString(a.address) {
			continue
		}
		taken[a.address] = true
		at := l.leadBlock(a.at, lists)
		n := l.outline.elements[at].node
		if l.headedAside(n) {
			continue
		}
		b := block{link: a, node: n, nodes: []*html.Node{n}}
		out = append(out, group{blocks: []block{b}, items: []listed{l.read(b)}})
	}
	return out
}

// around is the part of the page that the lists stand in: main, where there is
// one, else two elements beyond what holds the first of them whole.
func (l *lister) around(lists []group) int {
	o := l.outline
	from, to := lists[0].links[0].at, lists[0].links[len(lists[0].links)-1].at
	at := from
	for at > 0 && !o.inside(to, at) {
		at = o.elements[at].parent
	}
	for up, steps := at, 0; up > 0 && steps < 8; up, steps = o.elements[up].parent, steps+1 {
		if d := o.elements[up].node.Data; d == "main" {
			return up
		}
	}
	for steps := 0; steps < 2 && o.elements[at].parent > 0 && o.elements[o.elements[at].parent].node.Data != "body"; steps++ {
		at = o.elements[at].parent
	}
	return at
}

// leadBlock is the largest element around a link that holds none of the lists'
// links and no other heading.
func (l *lister) leadBlock(i int, lists []group) int {
	o := l.outline
	at := i
	for {
		up := o.elements[at].parent
		if up <= 0 || o.elements[up].node.Data == "body" || o.elements[up].node.Data == "main" || l.holdsOther(up, i, lists) {
			return at
		}
		at = up
	}
}

func (l *lister) holdsOther(up, own int, lists []group) bool {
	o := l.outline
	for _, g := range lists {
		for _, a := range g.links {
			if o.inside(a.at, up) {
				return true
			}
		}
	}
	headings := 0
	for j := up; j < o.elements[up].end; j++ {
		if headingTag[o.elements[j].node.Data] {
			headings++
		}
	}
	return headings > 1
}

// inHeading reports an element in a heading or around one.
func (l *lister) inHeading(i int) bool {
	e := &l.outline.elements[i]
	for j := i; j < e.end; j++ {
		if headingTag[l.outline.elements[j].node.Data] {
			return true
		}
	}
	for up, steps := e.parent, 0; up >= 0 && steps < 3; up, steps = l.outline.elements[up].parent, steps+1 {
		if headingTag[l.outline.elements[up].node.Data] {
			return true
		}
	}
	return false
}
