package normalize

import (
	"strings"
	"sync"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// hidden reports an element that a browser does not show (HTML §6.1; CSS
// Display 3 §2.6): by its style, else by its attribute. What shows no text is
// none: scripts hide pictures and films until they are loaded.
func hidden(n *xhtml.Node) bool {
	switch n.DataAtom {
	case atom.Img, atom.Picture, atom.Audio, atom.Video, atom.Source:
		return false
	}
	is := false
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			is = is || !strings.EqualFold(a.Val, "until-found")
		case "style":
			if display := declared(a.Val, "display"); display != "" {
				return display == "none"
			}
		}
	}
	return is
}

// declared is the value of a property in a style, in small letters; of several
// the last one counts.
func declared(style, property string) (value string) {
	for part := range strings.SplitSeq(style, ";") {
		if key, v, ok := strings.Cut(part, ":"); ok && strings.EqualFold(strings.TrimSpace(key), property) {
			v, _, _ = strings.Cut(strings.ToLower(v), "!")
			value = strings.TrimSpace(v)
		}
	}
	return value
}

// aPassage is how many bytes of text no page hides but for a script to show, as
// behind a "read more".
const aPassage = 300

// unveiled tells of a body whether a script is to show what is hidden: when
// that is a passage, or all that there is. It looks but once, and only if asked.
func unveiled(body []*xhtml.Node) func() bool {
	return sync.OnceValue(func() bool {
		all, behind := 0, 0
		for _, root := range body {
			weigh(root, false, &all, &behind)
		}
		return behind >= aPassage || behind == all
	})
}

func weigh(n *xhtml.Node, within bool, all, behind *int) {
	switch {
	case n.Type == xhtml.TextNode:
		size := len(strings.TrimSpace(n.Data))
		if *all += size; within {
			*behind += size
		}
		return
	case dropped[n.DataAtom]:
		return
	}
	within = within || hidden(n)
	for child := range n.ChildNodes() {
		weigh(child, within, all, behind)
	}
}

// rescueHidden writes the pictures of an element that is not shown which are
// yet to be loaded.
func (c *cleaner) rescueHidden(b *strings.Builder, n *xhtml.Node) {
	for d := range n.Descendants() {
		switch {
		case d.DataAtom == atom.Noscript:
			c.withoutScript(b, d)
		case d.DataAtom == atom.Img && lazy(attributesOf(d)):
			c.picture(b, d)
		}
	}
}

// lazy reports a picture that a script loads.
func lazy(attr map[string]string) bool {
	for _, kind := range []string{"lazy", "lazy-set"} {
		for _, key := range pictureWords(kind) {
			if attr[key] != "" && key != "srcset" {
				return true
			}
		}
	}
	return false
}
