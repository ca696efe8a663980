package extract

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
)

// maxTextWork is the text that the library may have to look at: each byte once
// for each element that it stands in.
const maxTextWork = 256 << 20

// densest is the innermost element that holds nearly all of the running text in
// element root.
func (o *outline) densest(root int) int {
	best := root
	for i := root; i < o.elements[root].end; i++ {
		if e := &o.elements[i]; e.value >= o.elements[best].value && e.value > 0 && o.container(i) {
			best = i
		}
	}
	most := o.elements[best].value
	for {
		next := best
		for i := best + 1; i < o.elements[best].end; i = o.elements[i].end {
			if v := o.elements[i].value; 10*v >= 9*most && v > 0 && o.container(i) {
				next = i
			}
		}
		if next == best {
			return best
		}
		best = next
	}
}

// container reports an element that may hold a text, rather than a piece of
// one. One with text of its own does when it has no blocks that could be its
// paragraphs.
func (o *outline) container(i int) bool {
	n := o.elements[i].node
	return !inline[n.Data] && !paragraph[n.Data] && !pieces[n.Data] || n.Data == "td"
}

// paragraph are the elements that hold a piece of a text.
var paragraph = map[string]bool{"p": true, "blockquote": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "ul": true, "ol": true, "dl": true, "figure": true, "figcaption": true, "table": true}

// selfNamed is the element in root that calls itself the article's body and holds the
// most running text, and the share of such text that others so named hold, in
// hundredths; -1 when none does.
func (o *outline) selfNamed(root int) (best, elsewhere int) {
	best = -1
	all := 0
	for i := root; i < o.elements[root].end; i++ {
		e := &o.elements[i]
		switch {
		case e.traits.has(around):
			i = e.end - 1
			continue
		case !o.container(i) || !e.traits.has(named) || e.value <= 0:
			continue
		case best >= 0 && o.inside(i, best):
			if e.value >= o.elements[best].value {
				best = i
			}
			continue
		}
		all += e.value
		if best < 0 || e.value > o.elements[best].value {
			best = i
		}
	}
	if best < 0 {
		return -1, 0
	}
	return best, 100 - 100*o.elements[best].value/max(all, 1)
}

// bodyElement is where the article's text stands, and which witness says so.
func (p *page) bodyElement() (int, string) {
	o := p.outline
	if s := p.pointed("body"); s != nil {
		if i, ok := o.at[s.Nodes[0]]; ok {
			return i, "hint"
		}
	}
	if i := p.statement.place(o); i >= 0 {
		return i, "json-ld articleBody"
	}
	root := p.ownArticle()
	dense := o.densest(root)
	own, elsewhere := o.selfNamed(root)
	if own < 0 {
		return dense, "text density"
	}
	enough := 50 // hundredths of the densest, unless the text goes on in others so named
	if elsewhere > 10 {
		enough = 85
	}
	d, n := o.elements[dense].value, o.elements[own].value
	switch {
	case o.inside(own, dense) && 100*n >= enough*d, o.inside(dense, own) && 10*n >= 9*d:
		return own, "named element"
	}
	return dense, "text density"
}

// ownArticle is the article element with the page's heading, where others with
// headings of their own follow it, as on pages that go on without end; where
// there is none, the element that others like it follow; else the whole page.
func (p *page) ownArticle() int {
	o, own := p.outline, p.heading
	for own > 0 && o.elements[own].node.Data != "article" {
		own = o.elements[own].parent
	}
	if own <= 0 {
		return p.ownMember()
	}
	if o.elements[own].value < ample/2 {
		return 0
	}
	for i := o.elements[own].end; i < len(o.elements); i++ {
		if e := &o.elements[i]; e.node.Data == "h1" && e.text > 0 && !o.inside(p.heading, i) {
			return own
		}
	}
	return 0
}

// ownMember is the element with the page's heading that another follows which is
// built alike and has a heading of its own; else the whole page.
func (p *page) ownMember() int {
	o := p.outline
	if p.heading < 0 || o.elements[p.heading].node.Data != "h1" {
		return 0
	}
	for own := o.elements[p.heading].parent; own > 0; own = o.elements[own].parent {
		for next := o.elements[own].node.NextSibling; next != nil; next = next.NextSibling {
			i, ok := o.at[next]
			if !ok || next.Data != o.elements[own].node.Data || attrOf(next, "class") != attrOf(o.elements[own].node, "class") || o.elements[own].value < ample/2 {
				continue
			}
			if first(next, func(n *html.Node) bool { return n.Data == "h1" }) != nil && o.elements[i].value > 0 {
				return own
			}
		}
	}
	return 0
}

const (
	scanty = 60  // running text of this weight is too little to be an article
	ample  = 200 // a statement of this weight is more than a summary
)

// mainText is the article's body as HTML, not yet clean and without its title;
// empty when none is found. It takes the page apart.
func (p *page) mainText(title string) string {
	found := p.outline.elements[p.body]
	if w := p.statement.weight; p.bodyBy != "hint" && 2*w > 3*max(found.value, 0) && 2*w > 3*found.text {
		p.claim("content", "json-ld articleBody", "", true, "the page shows much less of it")
		p.claim("content", p.bodyBy, "", false, "")
		return p.ld.paragraphs("articleBody")
	}
	rule := "it holds nearly all running text"
	switch p.bodyBy {
	case "hint":
		rule = "the source's hint"
	case "json-ld articleBody":
		rule = "it holds what the page states as its text"
	}
	p.prune(p.body, title)
	node := found.node
	if body := first(node, func(n *html.Node) bool { return n.Data == "body" }); node.Data == "html" && body != nil {
		node = body // the head has a title, too
	}
	where := describes(node)
	if p.bodyBy == "hint" {
		where = p.opt.Hints.Body
	}
	if found.value < scanty && p.bodyBy != "hint" && p.affordable() {
		if other, ok := byLibrary(p.doc.Nodes[0], p.base); ok && textLength(other) > textLength(node) {
			node, rule = other, "the page has little running text, and the library finds more"
			p.bodyBy, where = "library", ""
		}
	}
	p.claim("content", p.bodyBy, where, true, rule)
	dropAds(node)
	figures(node)
	var out bytes.Buffer
	if err := html.Render(&out, node); err != nil {
		return ""
	}
	return out.String()
}

// describes tells an element by its name and its id or first class.
func describes(n *html.Node) string {
	if id := attrOf(n, "id"); id != "" {
		return n.Data + "#" + id
	}
	if class := strings.Fields(attrOf(n, "class")); len(class) > 0 {
		return n.Data + "." + class[0]
	}
	return n.Data
}

// adFrame is the address of a frame that shows no part of an article.
var adFrame = regexp.MustCompile(`(?i)(?:^|[/_.-])ads?(?:[/_.-]|$)|doubleclick|syndication|about:blank|^$`)

// dropAds takes the frames out that show advertisements.
func dropAds(root *html.Node) {
	var frames []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "iframe" && adFrame.MatchString(attrOf(n, "src")) {
			frames = append(frames, n)
		}
	}
	for _, n := range frames {
		n.Parent.RemoveChild(n)
	}
}

// affordable reports a page on which the library's work stays in bounds: it
// looks at each text once for each element around it.
func (p *page) affordable() bool {
	work := 0
	for i := range p.outline.elements {
		work += p.outline.elements[i].text
	}
	return work <= maxTextWork
}

// textLength is how many bytes of visible text n holds.
func textLength(n *html.Node) (size int) {
	if n.Type == html.TextNode {
		return len(tidy(n.Data))
	}
	if n.Type == html.ElementNode && unseen[n.Data] {
		return 0
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		size += textLength(c)
	}
	return size
}

// byLibrary is what the extraction library takes for the body.
func byLibrary(root *html.Node, base *url.URL) (*html.Node, bool) {
	if base == nil {
		base = &url.URL{}
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	article, err := parser.ParseAndMutate(root, base)
	if err != nil || article.Node == nil {
		return nil, false
	}
	return article.Node, true
}
