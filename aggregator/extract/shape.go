package extract

import (
	_ "embed"
	"hash/fnv"
	"strings"

	"copydesk/aggregator/wordtable"

	"golang.org/x/net/html"
)

//go:embed data/listings.tsv
var listingTable string

// role says what a part of a listing page is.
type role uint8

const (
	roleMenu   role = 1 << iota // leads through the site
	roleBeside                  // shows articles beside the list that the page is about
	roleDate
	roleTeaser
	roleTitle
	roleByline
)

func (r role) has(q role) bool { return r&q != 0 }

// roleWords are the words in classes and ids, with what they give away on listing
// pages.
var roleWords = func() map[string]role {
	kinds := map[string]role{"menu": roleMenu, "beside": roleBeside, "date": roleDate, "teaser": roleTeaser, "title": roleTitle, "byline": roleByline}
	out := map[string]role{}
	for _, row := range wordtable.Rows(listingTable) {
		for word := range strings.FieldsSeq(row[1]) {
			out[word] |= kinds[row[0]]
		}
	}
	return out
}()

// A shape is how an element is built into its page: two of one shape stand at
// the end of the same path of elements and classes.
type shape struct {
	path  uint64 // of tags and first classes, from the root
	role  role   // its own
	above role   // of what it stands in
}

// shapesOf looks at each element of an outline once.
func shapesOf(o *outline) []shape {
	out := make([]shape, len(o.elements))
	for i := range o.elements {
		e := &o.elements[i]
		var up shape
		if e.parent >= 0 {
			up = out[e.parent]
		}
		s := shape{path: stepped(up.path, e.node), role: roleOf(e.node), above: up.above}
		switch {
		case wholePage[e.node.Data]:
			s.role &^= roleMenu | roleBeside
		case 2*e.text > o.elements[0].text: // what holds most of the page is not beside it
			s.role &^= roleBeside
		}
		if e.node.Data == "header" && !up.within("article", o, e.parent) {
			s.role |= roleMenu
		}
		s.above |= s.role & (roleMenu | roleBeside)
		out[i] = s
	}
	return out
}

// wholePage are the elements whose classes tell of the whole page, or of one
// article.
var wholePage = map[string]bool{"html": true, "body": true, "main": true, "article": true}

// within reports an element that stands in one of a name, near by.
func (shape) within(name string, o *outline, i int) bool {
	for steps := 0; i >= 0 && steps < 12; steps++ {
		if d := o.elements[i].node.Data; d == name || d == "main" || d == "li" {
			return true
		}
		i = o.elements[i].parent
	}
	return false
}

// stepped is a path with one element more.
func stepped(path uint64, n *html.Node) uint64 {
	h := fnv.New64a()
	var b [8]byte
	for i := range b {
		b[i] = byte(path >> (8 * i))
	}
	_, _ = h.Write(b[:]) // a hash takes everything
	_, _ = h.Write([]byte(n.Data))
	_, _ = h.Write([]byte("." + firstClass(n)))
	return h.Sum64()
}

// passing are classes that tell which of several an element is, or in what
// state, and not of what kind.
var passing = map[string]bool{"first": true, "last": true, "odd": true, "even": true, "active": true, "current": true, "alt": true, "clearfix": true, "clear": true, "sticky": true, "selected": true, "hover": true, "on": true, "cf": true, "fl": true, "fr": true}

// firstClass is the first class of an element that its like have, too.
func firstClass(n *html.Node) string {
	for class := range strings.FieldsSeq(attrOf(n, "class")) {
		if !passing[strings.ToLower(class)] && stable(class) {
			return class
		}
	}
	return ""
}

// stable reports a name that was given by a person: no number, no hash.
func stable(name string) bool {
	if len(name) > 40 || strings.ContainsAny(name, ":/[]()%!@&'\"\\#.,") {
		return false
	}
	for _, c := range name {
		if c >= '0' && c <= '9' || c >= 0x80 {
			return false
		}
	}
	return name != ""
}

// elementRoles are what an element's name gives away on listing pages.
var elementRoles = map[string]role{"nav": roleMenu, "menu": roleMenu, "select": roleMenu, "aside": roleBeside, "time": roleDate}

// attributeRoles are what an attribute of one value gives away there.
var attributeRoles = map[[2]string]role{
	{"itemprop", "datepublished"}: roleDate,
	{"itemprop", "headline"}:      roleTitle,
	{"itemprop", "name"}:          roleTitle,
	{"itemprop", "description"}:   roleTeaser,
	{"itemprop", "author"}:        roleByline,
	{"rel", "author"}:             roleByline,
	{"role", "navigation"}:        roleMenu,
	{"role", "banner"}:            roleMenu,
	{"role", "contentinfo"}:       roleMenu,
	{"role", "menu"}:              roleMenu,
	{"role", "menubar"}:           roleMenu,
	{"role", "search"}:            roleMenu,
	{"role", "dialog"}:            roleMenu,
	{"role", "toolbar"}:           roleMenu,
	{"role", "complementary"}:     roleBeside,
}

// roleOf is what an element's name and classes give away.
func roleOf(n *html.Node) role {
	r := elementRoles[n.Data]
	if n.Data == "footer" && !inArticle(n) {
		r |= roleMenu
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id":
			if len(a.Val) <= longestClass {
				r |= namesGive(a.Val, roleWords)
			}
		case "itemprop", "rel", "role":
			r |= attributeRoles[[2]string{a.Key, strings.ToLower(a.Val)}]
		case "hidden":
			r |= roleMenu
		case "style":
			if strings.Contains(tight(a.Val), "display:none") {
				r |= roleMenu
			}
		}
	}
	return r
}

// inArticle reports an element of one article's own.
func inArticle(n *html.Node) bool {
	for steps := 0; n != nil && steps < 8; steps++ {
		if n.Data == "article" || n.Data == "li" {
			return true
		}
		n = n.Parent
	}
	return false
}
