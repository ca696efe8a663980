package normalize

import (
	"html"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"copydesk/aggregator/parse"
)

// maxNesting is how deep clean HTML may nest; what lies deeper is unwrapped.
const maxNesting = 100

// HTML cleans a body by an allow-list (output-rules §5) and returns it with
// the addresses of its pictures. Plain text becomes paragraphs. Cleaning what
// is clean changes nothing, unless it now shows itself to be misread.
func HTML(s string, kind parse.TextType, base ...string) (string, []string) {
	s = strings.TrimSpace(unmangle(s))
	if s == "" {
		return "", nil
	}
	if kind == parse.Plain || !strings.Contains(s, "<") && !strings.Contains(s, "&lt;") {
		if kind != parse.Plain {
			s = html.UnescapeString(s)
		}
		return paragraphs(s), nil
	}
	if !strings.Contains(s, "<") {
		if s = html.UnescapeString(s); kind == parse.HTML || !escapedOnceMore(s) {
			return paragraphs(s), nil
		}
	}
	c := cleaner{base: base}
	out := c.pass(s)
	for range 3 { // unwrapping can bring together what may not nest
		again := cleaner{base: base}
		next := ""
		if !c.unwrapped {
			break
		}
		if next = again.pass(out); next == out {
			break
		}
		out = next
	}
	out = strings.TrimSpace(strings.ReplaceAll(policy().Sanitize(out), "<p></p>", ""))
	if len(out) < 200 && len(c.images) == 0 && !strings.Contains(out, "<audio") && !strings.Contains(out, "<video") && TextOf(out) == "" {
		return "", nil // line breaks alone say nothing
	}
	return out, c.images
}

// escapedOnceMore reports text, of which nobody said what it is, that is markup all
// the same. A tag within a
// sentence is none: who writes of tags escapes them.
func escapedOnceMore(s string) bool {
	return strings.HasPrefix(s, "<") || strings.Contains(s, "</") || strings.Contains(s, "/>")
}

// paragraphs writes plain text as HTML: blank lines part paragraphs.
func paragraphs(text string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = tidy(part); part != "" {
			b.WriteString("<p>" + html.EscapeString(part) + "</p>")
		}
	}
	return b.String()
}

// TextOf is the text of clean HTML.
func TextOf(clean string) string {
	text := stripTags(clean)
	if strings.Contains(text, "&") {
		text = html.UnescapeString(text)
	}
	return tidy(text)
}

// policy is the allow-list, and the only thing that stands between a source
// and our readers' browsers.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "em", "strong", "b", "i", "u", "s", "sub", "sup",
		"small", "mark", "abbr", "cite", "q", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "table", "thead", "tbody", "tfoot", "tr",
		"td", "th", "caption", "ruby", "rt", "rp", "del", "ins", "time", "div", "span", "a", "img", "audio", "video", "source", "picture", "kbd", "samp", "var", "dfn", "bdi", "wbr")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt", "width", "height").OnElements("img")
	p.AllowAttrs("srcset").Matching(regexp.MustCompile(`^https?://[^\s"'<>]+( [0-9.]+[wx])?(, https?://[^\s"'<>]+( [0-9.]+[wx])?)*$`)).OnElements("img")
	p.AllowAttrs("sizes").Matching(regexp.MustCompile(`^[a-zA-Z0-9 ().,:%+*/<>=-]+$`)).OnElements("img")
	p.AllowAttrs("src", "controls", "poster").OnElements("audio", "video")
	p.AllowAttrs("src", "type").OnElements("source")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("datetime").Matching(regexp.MustCompile(`^[0-9T:+.Z-]{4,32}$`)).OnElements("time", "del", "ins")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$`)).Globally()
	p.AllowAttrs("title").OnElements("abbr", "a", "img")
	p.AllowURLSchemes("http", "https")
	p.AllowNoAttrs().OnElements("a", "img", "span", "div")
	p.RequireParseableURLs(true)
	return p
})

// dropped elements go with all that is in them.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Object: true, atom.Svg: true, atom.Math: true, atom.Template: true, atom.Noscript: true,
	atom.Textarea: true, atom.Select: true, atom.Title: true, atom.Head: true, atom.Button: true, atom.Input: true, atom.Option: true, atom.Canvas: true, atom.Frameset: true, atom.Form: true,
}

// A cleaner walks one body.
type cleaner struct {
	base      []string
	images    []string
	unwrapped bool // something lost the element around it that may have kept it apart
	unveiled  func() bool
}

// pass parses and writes only what is allowed, with every address absolute.
func (c *cleaner) pass(s string) string {
	var b strings.Builder
	body := fragment(cellsApart(s))
	if holdsAny(s, pictureWords("figure")) {
		for _, n := range body {
			asFigures(n)
		}
	}
	c.unveiled = unveiled(body)
	for _, n := range body {
		c.write(&b, n, 0, context{})
	}
	return b.String()
}

// asFigures makes figures and captions of what only says so by its class.
func asFigures(n *xhtml.Node) {
	for d := range n.Descendants() {
		asFigure(d)
	}
	asFigure(n)
}

func asFigure(n *xhtml.Node) {
	if n.DataAtom != atom.Div && n.DataAtom != atom.P && n.DataAtom != atom.Dl && n.DataAtom != atom.Dd {
		return
	}
	for class := range strings.FieldsSeq(attributesOf(n)["class"]) {
		switch {
		case slices.Contains(pictureWords("figure"), class):
			n.Data, n.DataAtom = "figure", atom.Figure
		case slices.Contains(pictureWords("caption"), class):
			n.Data, n.DataAtom = "figcaption", atom.Figcaption
		}
	}
}

// cellsApart puts blanks before cells and rows without a table, whose tags a parser
// ignores.
func cellsApart(s string) string {
	if strings.Contains(s, "<table") || !strings.Contains(s, "<t") {
		return s
	}
	return loneCells.Replace(s)
}

var loneCells = strings.NewReplacer("<td", " <td", "<th", " <th", "<tr", " <tr")

func fragment(s string) []*xhtml.Node {
	nodes, err := xhtml.ParseFragment(strings.NewReader(s), &xhtml.Node{Type: xhtml.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil { // too deep for the parser: its text is what remains
		return []*xhtml.Node{{Type: xhtml.TextNode, Data: html.UnescapeString(stripTags(s))}}
	}
	return nodes
}

// A context is what an element stands in, as far as it decides what may be
// written.
type context struct {
	inLink, inPhrase bool
	parent           atom.Atom
}

func (c *cleaner) write(b *strings.Builder, n *xhtml.Node, depth int, in context) {
	switch n.Type {
	case xhtml.TextNode:
		writeText(b, n.Data)
	case xhtml.ElementNode:
		if dropped[n.DataAtom] || n.Namespace != "" {
			c.rescue(b, n)
			return
		}
		if hidden(n) && !c.unveiled() {
			c.rescueHidden(b, n)
			return
		}
		c.element(b, n, depth, in)
	}
}

func writeText(b *strings.Builder, s string) {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if forbidden(r) {
			return -1
		}
		return r
	}, s)
	b.WriteString(textEscaper.Replace(s))
}

var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (c *cleaner) element(b *strings.Builder, n *xhtml.Node, depth int, in context) {
	name := rename(n)
	next := in
	next.parent = n.DataAtom
	switch {
	case n.DataAtom == atom.Iframe || n.DataAtom == atom.Embed:
		c.player(b, n)
		return
	case players[n.Data] != [2]string{}:
		c.player(b, n)
		return
	case c.fill(b, n):
		return
	case n.Data == "amp-img":
		c.picture(b, n)
		return
	case name == "" || depth > maxNesting || !mayStand(n, in):
		c.unwrap(b, n, depth, in)
		return
	case name == "img":
		c.picture(b, n)
		return
	case name == "br" || name == "hr" || name == "wbr":
		b.WriteString("<" + name + ">")
		return
	}
	attrs := c.attributes(n, name)
	if name == "audio" || name == "video" {
		if attrs = c.medium(n, name, attrs); attrs == "" {
			c.unwrap(b, n, depth, in)
			return
		}
	}
	if name == "a" {
		if attrs == "" || in.inLink {
			c.unwrap(b, n, depth, in)
			return
		}
		next.inLink = true
	}
	if name == "source" {
		attrs += c.lazySource(n, attrs)
		if strings.Contains(attrs, "src=") {
			b.WriteString("<source" + attrs + ">")
		}
		return
	}
	next.inPhrase = in.inPhrase || phrase[name]
	b.WriteString("<" + name + attrs + ">")
	if name == "pre" {
		c.preformatted(b, n, depth+1, next)
	} else {
		c.children(b, n, depth+1, next)
	}
	b.WriteString("</" + name + ">")
}

// preformatted writes what is in a pre. A line break at its head wants another
// before it, since one there is markup and no text (HTML §13.1.2.5).
func (c *cleaner) preformatted(b *strings.Builder, n *xhtml.Node, depth int, in context) {
	var text strings.Builder
	c.children(&text, n, depth, in)
	if strings.HasPrefix(text.String(), "\n") {
		b.WriteByte('\n')
	}
	b.WriteString(text.String())
}

// medium are the attributes of a film or a sound, with buttons to play it, for no
// script does; empty where there is nothing to play.
func (c *cleaner) medium(n *xhtml.Node, name, attrs string) string {
	attrs += c.lazySource(n, attrs)
	plays := strings.Contains(attrs, ` src="`)
	for child := range n.ChildNodes() {
		if child.DataAtom == atom.Source && !plays {
			own := c.attributes(child, "source")
			plays = strings.Contains(own+c.lazySource(child, own), ` src="`)
		}
	}
	switch {
	case !plays:
		return ""
	case !strings.Contains(attrs, " controls="):
		attrs += ` controls=""`
	}
	return attrs
}

// lazySource is the address of a film or a sound that a script would set; empty
// where attrs have one.
func (c *cleaner) lazySource(n *xhtml.Node, attrs string) string {
	if strings.Contains(attrs, ` src="`) {
		return ""
	}
	if address := c.lazyAddress(attributesOf(n)); address != "" {
		return ` src="` + html.EscapeString(address) + `"`
	}
	return ""
}

// unwrap writes what is in an element without the element. A block keeps its
// content apart from what stands around it: as a paragraph where it is one,
// else by a blank.
func (c *cleaner) unwrap(b *strings.Builder, n *xhtml.Node, depth int, in context) {
	if n.DataAtom != atom.Div && n.DataAtom != atom.Span { // which keep nothing apart
		c.unwrapped = true
	}
	switch {
	case !parts[n.DataAtom]:
		c.children(b, n, depth, in)
	case in.inPhrase || depth > maxNesting:
		b.WriteString(" ")
		c.children(b, n, depth, in)
		b.WriteString(" ")
	case holdsText(n) && !holdsBlock(n):
		in.inPhrase, in.parent = true, atom.P
		b.WriteString("<p>")
		c.children(b, n, depth+1, in)
		b.WriteString("</p>")
	case n.FirstChild == nil:
		if before := b.String(); before != "" && before[len(before)-1] > ' ' && before[len(before)-1] != '>' {
			b.WriteString(" ")
		}
	default:
		c.children(b, n, depth, in)
	}
}

// parts are the elements that begin on a line of their own.
var parts = map[atom.Atom]bool{
	atom.Div: true, atom.Section: true, atom.Article: true, atom.Aside: true, atom.Main: true, atom.Header: true, atom.Footer: true, atom.Address: true,
	atom.Center: true, atom.Fieldset: true, atom.Form: true, atom.Details: true, atom.Summary: true, atom.Li: true, atom.Dt: true, atom.Dd: true,
	atom.P: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Blockquote: true, atom.Pre: true,
	atom.Ul: true, atom.Ol: true, atom.Dl: true, atom.Figure: true, atom.Figcaption: true, atom.Table: true, atom.Tr: true, atom.Td: true, atom.Th: true,
	atom.Caption: true, atom.Nav: true, atom.Hgroup: true,
}

func holdsText(n *xhtml.Node) bool {
	for d := range n.Descendants() {
		if d.Type == xhtml.TextNode && strings.TrimSpace(d.Data) != "" || d.DataAtom == atom.Img {
			return true
		}
	}
	return false
}

func holdsBlock(n *xhtml.Node) bool {
	for d := range n.Descendants() {
		if d.Type == xhtml.ElementNode && (parts[d.DataAtom] || d.DataAtom == atom.Hr) {
			return true
		}
	}
	return false
}

func (c *cleaner) children(b *strings.Builder, n *xhtml.Node, depth int, in context) {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.write(b, child, depth, in)
	}
}

// phrase elements may hold no blocks.
var phrase = map[string]bool{
	"p": true, "em": true, "strong": true, "b": true, "i": true, "u": true, "s": true, "sub": true, "sup": true, "small": true, "mark": true,
	"abbr": true, "cite": true, "q": true, "code": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "span": true, "pre": true, "dt": true, "ruby": true,
	"kbd": true, "samp": true, "var": true, "dfn": true,
}

// block elements may not stand in a phrase.
var block = map[string]bool{
	"p": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "blockquote": true, "pre": true, "ul": true, "ol": true, "dl": true,
	"figure": true, "table": true, "div": true, "hr": true,
}

// parents are the only places for some elements.
var parents = map[string][]atom.Atom{
	"li": {atom.Ul, atom.Ol}, "dt": {atom.Dl}, "dd": {atom.Dl}, "figcaption": {atom.Figure}, "caption": {atom.Table},
	"thead": {atom.Table}, "tbody": {atom.Table}, "tfoot": {atom.Table}, "tr": {atom.Thead, atom.Tbody, atom.Tfoot, atom.Table},
	"td": {atom.Tr}, "th": {atom.Tr}, "rt": {atom.Ruby}, "rp": {atom.Ruby}, "source": {atom.Audio, atom.Video, atom.Picture},
}

func mayStand(n *xhtml.Node, in context) bool {
	name := rename(n)
	if block[name] && in.inPhrase {
		return false
	}
	places, limited := parents[name]
	if !limited {
		return true
	}
	for _, p := range places {
		if in.parent == p {
			return true
		}
	}
	return false
}

// rename gives the element to write; empty to unwrap.
func rename(n *xhtml.Node) string {
	switch n.DataAtom {
	case atom.H1:
		return "h2"
	case atom.Strike, atom.Del:
		return "s"
	case atom.Tt:
		return "code"
	case atom.P, atom.Br, atom.Hr, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Code, atom.Em, atom.Strong,
		atom.B, atom.I, atom.U, atom.S, atom.Sub, atom.Sup, atom.Small, atom.Mark, atom.Abbr, atom.Cite, atom.Q, atom.Ul, atom.Ol, atom.Li,
		atom.Dl, atom.Dt, atom.Dd, atom.Figure, atom.Figcaption, atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th,
		atom.Caption, atom.Ruby, atom.Rt, atom.Rp, atom.Time, atom.A, atom.Img, atom.Audio, atom.Video, atom.Source, atom.Wbr,
		atom.Kbd, atom.Samp, atom.Var, atom.Dfn:
		return n.Data
	}
	return ""
}

// attributes writes those that are allowed, each once.
func (c *cleaner) attributes(n *xhtml.Node, name string) string {
	if len(n.Attr) == 0 {
		return ""
	}
	var b strings.Builder
	for i, a := range n.Attr {
		twice := slices.ContainsFunc(n.Attr[:i], func(before xhtml.Attribute) bool { return before.Key == a.Key })
		if twice || a.Namespace != "" {
			continue
		}
		if value, ok := c.attribute(name, a.Key, a.Val); ok {
			b.WriteString(" " + a.Key + `="` + html.EscapeString(value) + `"`)
		}
	}
	return b.String()
}

// attribute is what is written of an attribute, where its element may have it.
func (c *cleaner) attribute(element, key, value string) (string, bool) {
	r, known := attributeRules[key]
	if !known || len(r.on) > 0 && !slices.Contains(r.on, element) {
		return "", false
	}
	return r.write(c, value)
}

// An attributeRule says on which elements an attribute may stand, all where it names
// none, and how its value is written, if it is one.
type attributeRule struct {
	on    []string
	write func(c *cleaner, value string) (string, bool)
}

var attributeRules = map[string]attributeRule{
	"href":     {on: []string{"a"}, write: (*cleaner).link},
	"cite":     {on: []string{"blockquote", "q"}, write: (*cleaner).link},
	"src":      {on: []string{"audio", "video", "source"}, write: (*cleaner).file},
	"poster":   {on: []string{"audio", "video", "source"}, write: (*cleaner).file},
	"controls": {on: []string{"audio", "video"}, write: func(*cleaner, string) (string, bool) { return "", true }},
	"colspan":  {on: []string{"td", "th"}, write: spanned},
	"rowspan":  {on: []string{"td", "th"}, write: spanned},
	"start":    {on: []string{"ol"}, write: numbered},
	"dir":      {write: directed},
	"lang":     {write: func(_ *cleaner, value string) (string, bool) { return value, Language(value) != "" }},
	"title":    {on: []string{"abbr"}, write: titled},
	"type":     {on: []string{"source"}, write: typed},
}

func (c *cleaner) link(value string) (string, bool) {
	value = Link(value, c.base...)
	return value, value != ""
}

func (c *cleaner) file(value string) (string, bool) {
	value = fileLink(value, c.base...)
	return value, value != ""
}

func spanned(_ *cleaner, value string) (string, bool) {
	n, err := strconv.Atoi(value)
	return value, err == nil && n > 0 && n < 1000
}

func numbered(_ *cleaner, value string) (string, bool) {
	_, err := strconv.Atoi(value)
	return value, err == nil
}

func directed(_ *cleaner, value string) (string, bool) {
	return strings.ToLower(value), strings.EqualFold(value, "rtl") || strings.EqualFold(value, "ltr")
}

func titled(_ *cleaner, value string) (string, bool) {
	value = tidy(value)
	return value, value != ""
}

func typed(_ *cleaner, value string) (string, bool) {
	return value, strings.Count(value, "/") == 1 && !strings.ContainsAny(value, " \"'<>")
}

// apart are the elements in which a name signs nothing.
var apart = map[string]bool{
	"li": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "figure": true, "figcaption": true, "blockquote": true,
	"table": true, "details": true, "pre": true, "cite": true, "dl": true,
}

// tagsOf yields the names of the tags of clean HTML, and which of them close.
func tagsOf(clean string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for {
			i := strings.IndexByte(clean, '<')
			if i < 0 {
				return
			}
			name, closes := strings.CutPrefix(clean[i+1:], "/")
			clean = name
			if end := strings.IndexAny(name, " >"); end >= 0 {
				name = name[:end]
			}
			if !yield(name, closes) {
				return
			}
		}
	}
}
