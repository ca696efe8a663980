package normalize

import (
	_ "embed"
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"copydesk/aggregator/wordtable"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed data/players.tsv
var playerTable string

// players are elements of their own that show a player, with the attribute that
// tells which and the beginning of its address; filled are the attributes of those
// that a script would fill, with their classes, a star for any.
var players, filled = func() (map[string][2]string, map[string][]string) {
	own, marked := map[string][2]string{}, map[string][]string{}
	for _, row := range wordtable.Rows(playerTable) {
		row = append(row, "")
		if class, ok := strings.CutPrefix(row[0], "."); ok || class == "*" {
			marked[row[1]] = append(marked[row[1]], class)
			continue
		}
		own[row[0]] = [2]string{row[1], row[2]}
	}
	return own, marked
}()

//go:embed data/pictures.tsv
var pictureTable string

// pictureWords are the values of a kind in the table of pictures.
var pictureWords = func() func(kind string) []string {
	kinds := map[string][]string{}
	for _, row := range wordtable.Rows(pictureTable) {
		kinds[row[0]] = strings.Split(row[1], "|")
	}
	return func(kind string) []string { return kinds[kind] }
}()

// picture writes an image, lazily loaded ones too, with the sizes that it comes
// in, and leaves out those that only count readers.
func (c *cleaner) picture(b *strings.Builder, n *xhtml.Node) {
	attr := attributesOf(n)
	address, set := c.pictureAddress(n, attr)
	if address == "" || tiny(attr["width"]) || tiny(attr["height"]) || tinyStyle(attr["style"]) || counts(address) {
		return
	}
	c.images = append(c.images, address)
	b.WriteString(`<img src="` + html.EscapeString(address) + `"`)
	if len(set.list) > 1 || len(set.list) == 1 && set.list[0].Address != address {
		set.write(b, html.EscapeString)
	}
	b.WriteString(` alt="` + html.EscapeString(tidy(attr["alt"])) + `"`)
	for _, key := range []string{"width", "height"} {
		if v, err := strconv.Atoi(strings.TrimSuffix(attr[key], "px")); err == nil && v > 1 && v < 20000 {
			b.WriteString(" " + key + `="` + strconv.Itoa(v) + `"`)
		}
	}
	b.WriteString(">")
}

// attributesOf are an element's attributes; of two alike the first counts.
func attributesOf(n *xhtml.Node) map[string]string {
	out := make(map[string]string, len(n.Attr))
	for _, a := range n.Attr {
		if _, seen := out[a.Key]; !seen {
			out[a.Key] = a.Val
		}
	}
	return out
}

// pictureAddress is where an image is: what it will show once it is loaded,
// else what it shows, else the best of several, its own or those of the
// <picture> around it; and the set of those.
func (c *cleaner) pictureAddress(n *xhtml.Node, attr map[string]string) (string, pictureSet) {
	own := c.setOf(attr)
	if address := c.lazyAddress(attr); address != "" {
		if len(own.list) == 1 && !own.lazy { // it stands in for what is to come
			own = pictureSet{}
		}
		return address, own
	}
	others, forAll := c.around(n)
	shown := c.source(attr["src"])
	switch {
	case shown != "" && !placeholder(shown) && len(own.list) == 0 && forAll:
		return shown, others
	case shown != "" && !placeholder(shown) || shown != "" && len(own.list) == 0 && len(others.list) == 0:
		return shown, own
	case len(own.list) > 0:
		return best(own.list), own
	case len(others.list) > 0:
		return best(others.list), others
	}
	return c.source(attr["data-url"]), pictureSet{}
}

// lazyAddress is the address that a script would set; empty where none is told. A
// word alone, "true", tells a script to, and no address.
func (c *cleaner) lazyAddress(attr map[string]string) string {
	for _, key := range pictureWords("lazy") {
		if !strings.ContainsAny(attr[key], "./") {
			continue
		}
		if address := c.source(attr[key]); address != "" {
			return address
		}
	}
	return ""
}

// source is a picture's address, absolute; empty when there is none.
func (c *cleaner) source(raw string) string {
	return fileLink(raw, c.base...)
}

// fileLink is Link for a file, which what names only the page itself, "#", "//" or
// "?", is none.
func fileLink(raw string, base ...string) string {
	if page, _, _ := strings.Cut(raw, "#"); !strings.ContainsFunc(page, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return ""
	}
	return Link(raw, base...)
}

// placeholder reports the picture that stands in for one not loaded yet.
func placeholder(address string) bool {
	name := strings.ToLower(address[strings.LastIndexByte(address, '/')+1:])
	return holdsAny(name, pictureWords("placeholder"))
}

// rescue writes what readers would miss of an element that is dropped: the
// pictures of a <noscript>, which a script would load, and the player of an
// <object>.
func (c *cleaner) rescue(b *strings.Builder, n *xhtml.Node) {
	switch n.DataAtom {
	case atom.Noscript:
		c.withoutScript(b, n)
	case atom.Object:
		if c.player(b, n) {
			return
		}
		for d := range n.Descendants() {
			if d.DataAtom == atom.Embed && c.player(b, d) {
				return
			}
		}
		for d := range n.Descendants() {
			if attr := attributesOf(d); d.DataAtom == atom.Param && slices.Contains(pictureWords("param"), strings.ToLower(attr["name"])) && c.linkTo(b, n, attr["value"]) {
				return
			}
		}
	}
}

func (c *cleaner) withoutScript(b *strings.Builder, n *xhtml.Node) {
	if n.FirstChild == nil || !strings.Contains(n.FirstChild.Data, "<img") {
		return
	}
	for _, root := range fragment(n.FirstChild.Data) {
		for d := range descend(root) {
			if d.DataAtom != atom.Img {
				continue
			}
			if address, _ := c.pictureAddress(d, attributesOf(d)); !slices.Contains(c.images, address) {
				c.picture(b, d)
			}
		}
	}
}

// descend yields a node and all below it.
func descend(n *xhtml.Node) func(func(*xhtml.Node) bool) {
	return func(yield func(*xhtml.Node) bool) {
		if !yield(n) {
			return
		}
		for d := range n.Descendants() {
			if !yield(d) {
				return
			}
		}
	}
}

// tiny reports the size of a picture that nobody is to see.
func tiny(size string) bool {
	size = strings.TrimSuffix(strings.TrimSpace(size), "px")
	return size == "0" || size == "1"
}

// tinyStyle reports a style that makes a picture as small.
func tinyStyle(style string) bool {
	for part := range strings.SplitSeq(style, ";") {
		key, value, _ := strings.Cut(part, ":")
		if key = strings.ToLower(strings.TrimSpace(key)); (key == "width" || key == "height") && tiny(value) {
			return true
		}
	}
	return false
}

// counts reports the addresses of counting pixels and feed badges.
func counts(address string) bool {
	return holdsAny(address, pictureWords("counter"))
}

// player writes an embedded player as a link to it. It is false when there is
// nothing to link to.
func (c *cleaner) player(b *strings.Builder, n *xhtml.Node) bool {
	attr := attributesOf(n)
	if own, ok := players[n.Data]; ok && attr[own[0]] != "" {
		attr = map[string]string{"src": own[1] + attr[own[0]]}
	}
	if n.DataAtom == atom.Iframe && unseen(attr) {
		return false
	}
	for _, key := range pictureWords("player") {
		if c.linkTo(b, n, attr[key]) {
			return true
		}
	}
	return false
}

// linkTo writes in place of n a link to what is shown at an address, by blanks apart
// from words around it. It is false where there is nothing, or a form.
func (c *cleaner) linkTo(b *strings.Builder, n *xhtml.Node, raw string) bool {
	address := c.source(raw)
	if address == "" || counts(address) || holdsAny(address, pictureWords("form")) {
		return false
	}
	c.unwrapped = true // it may stand in a link
	if before := b.String(); before != "" && before[len(before)-1] > ' ' && (before[len(before)-1] != '>' || strings.HasSuffix(before, "</a>")) {
		b.WriteString(" ")
	}
	b.WriteString(`<a href="` + html.EscapeString(address) + `">` + html.EscapeString(address) + `</a>`)
	if next := n.NextSibling; next != nil && next.Type == xhtml.TextNode && next.Data[0] > ' ' {
		b.WriteString(" ")
	}
	return true
}

// withoutPlayers is clean HTML without the links that stand for players: those that
// show their own address, and do not end a text.
func withoutPlayers(clean string) string {
	const opens = `<a href="`
	var kept strings.Builder
	for {
		i := strings.Index(clean, opens)
		if i < 0 {
			return kept.String() + clean
		}
		kept.WriteString(clean[:i])
		clean = clean[i:]
		address, _, _ := strings.Cut(clean[len(opens):], `"`)
		link := opens + address + `">` + address + `</a>`
		if before := strings.TrimRight(kept.String(), " \n"); (before == "" || strings.HasSuffix(before, ">")) && strings.HasPrefix(clean, link) {
			clean = clean[len(link):]
			continue
		}
		kept.WriteString(opens)
		clean = clean[len(opens):]
	}
}

// unseen reports a frame that is too small both ways for readers to see.
func unseen(attr map[string]string) bool {
	small := map[string]bool{}
	for _, way := range []string{"width", "height"} {
		small[way] = tiny(attr[way])
	}
	for part := range strings.SplitSeq(attr["style"], ";") {
		way, size, _ := strings.Cut(part, ":")
		if way = strings.ToLower(strings.TrimSpace(way)); tiny(size) {
			small[way] = true
		}
	}
	return small["width"] && small["height"]
}

// fill writes a link to the player or post that a script would fill an element
// with, unless the element has a link or a frame of its own. It is true where
// nothing else is in it.
func (c *cleaner) fill(b *strings.Builder, n *xhtml.Node) bool {
	for _, a := range n.Attr {
		classes, known := filled[a.Key]
		if !known || !slices.Contains(classes, "*") && !slices.ContainsFunc(strings.Fields(attributesOf(n)["class"]), func(class string) bool { return slices.Contains(classes, class) }) {
			continue
		}
		for d := range n.Descendants() {
			if d.DataAtom == atom.A || d.DataAtom == atom.Iframe {
				return false
			}
		}
		return c.linkTo(b, n, a.Val) && !holdsText(n)
	}
	return false
}
