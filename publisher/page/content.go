package page

import (
	"html/template"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Images says where pictures of articles are shown. They come from the servers
// of those who made them, who see that somebody looks, though not from where.
type Images string

const (
	ImagesShow Images = "show" // on articles' pages, and the one that leads the front page
	ImagesLink Images = "link" // a link in their place: nothing is loaded before a reader asks for it
	ImagesNone Images = "none"
)

// content is an article's clean HTML as its page shows it: pictures as the
// house wants them, loaded when they come into view; nothing played before it
// is asked for; headings in order, below the headline.
func (p *Pages) content(w *speech, clean string) template.HTML {
	if !strings.Contains(clean, "<img") && !strings.Contains(clean, "<h") && !strings.Contains(clean, "<video") && !strings.Contains(clean, "<audio") {
		return template.HTML(clean) // as normalize has cleaned it
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	list, err := html.ParseFragment(strings.NewReader(clean), body)
	if err != nil { // a reader of a string cannot fail
		return template.HTML(template.HTMLEscapeString(clean))
	}
	for _, n := range list {
		body.AppendChild(n)
	}
	p.arrange(w, body)
	var b strings.Builder
	for n := range body.ChildNodes() {
		if err := html.Render(&b, n); err != nil {
			return template.HTML(template.HTMLEscapeString(clean))
		}
	}
	return template.HTML(b.String())
}

// arrange changes what stands in the way of readers.
func (p *Pages) arrange(w *speech, body *html.Node) {
	var all []*html.Node
	for n := range body.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	level := byte('1') // the headline's
	for _, n := range all {
		switch n.DataAtom {
		case atom.Img:
			p.arrangeImage(w, n)
		case atom.Video, atom.Audio:
			set(n, "preload", "none")
			set(n, "controls", "")
			if p.opt.Images != ImagesShow {
				unset(n, "poster")
			} else if _, ok := get(n, "poster"); ok { // else it is loaded at once, whatever preload says
				set(n, "loading", "lazy")
			}
		case atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			level = min(n.Data[1], level+1)
			n.Data = "h" + string(level)
			n.DataAtom = atom.Lookup([]byte(n.Data))
		}
	}
}

func (p *Pages) arrangeImage(w *speech, n *html.Node) {
	if p.opt.Images == ImagesShow {
		if _, ok := get(n, "alt"); !ok {
			set(n, "alt", "")
		}
		set(n, "loading", "lazy")
		set(n, "decoding", "async")
		set(n, "referrerpolicy", "no-referrer")
		return
	}
	src, _ := get(n, "src")
	alt, _ := get(n, "alt")
	linked := false
	for up := n.Parent; up != nil; up = up.Parent {
		linked = linked || up.DataAtom == atom.A
	}
	words := w.Picture(alt)
	switch {
	case p.opt.Images == ImagesNone || Web(src) == "":
		n.Parent.RemoveChild(n)
	case linked: // a link cannot hold another
		n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: words}, n)
		n.Parent.RemoveChild(n)
	default:
		a := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{{Key: "href", Val: src}}}
		a.AppendChild(&html.Node{Type: html.TextNode, Data: words})
		n.Parent.InsertBefore(a, n)
		n.Parent.RemoveChild(n)
	}
}

func get(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func set(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

func unset(n *html.Node, key string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr = append(n.Attr[:i], n.Attr[i+1:]...)
			return
		}
	}
}
