package extract

import (
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"copydesk/aggregator/parse"
)

// picture is the article's main one, with the caption and credit under it.
func (p *page) picture(item *parse.Item) {
	item.Image = p.first("image", "JSON-LD, then meta tags", append([]candidate{{"json-ld", p.ld.address("image")}},
		p.metas("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail", "image")...)...)
	o := p.outline
	for i := range o.elements {
		e := &o.elements[i]
		if e.node.Data != "figure" || p.elsewhere(i) || p.beyondText(i) {
			continue
		}
		caption, credit := p.underPicture(i)
		if caption == "" && credit == "" {
			continue
		}
		if !p.shows(i, item.Image) && item.Image != "" && e.start > o.elements[p.body].start+creditsInside {
			break // not the main one
		}
		item.ImageCaption = p.first("image_caption", "under the picture", candidate{"figure", caption})
		item.ImageCredit = p.first("image_credit", "under the picture", candidate{"figure", credit})
		if item.Image == "" {
			item.Image = p.pictureIn(i)
		}
		return
	}
}

// beyondText reports an element outside the article.
func (p *page) beyondText(i int) bool {
	near, at := p.zone(), p.outline.elements[i].start
	return at < near.from || at > near.to
}

// underPicture is what a figure's caption says: of the picture, and of whose it
// is where an element of its own says so.
func (p *page) underPicture(i int) (caption, credit string) {
	o := p.outline
	for j := i; j < o.elements[i].end; j++ {
		e := &o.elements[j]
		text, ok := brief(e.node, 2*maxCreditLine)
		if !ok || text == "" {
			continue
		}
		switch {
		case e.node.Data == "figcaption" && caption == "":
			caption = text
		case j > i && e.traits.has(credits) && credit == "" && len(text) <= maxCreditLine:
			credit = text
		}
	}
	if credit != "" && credit != caption {
		caption = tidy(strings.Replace(caption, credit, "", 1))
	}
	return caption, credit
}

// pictureIn is the address of the first picture in an element.
func (p *page) pictureIn(i int) string {
	for j := i; j < p.outline.elements[i].end; j++ {
		if n := p.outline.elements[j].node; n.Data == "img" || n.Data == "amp-img" {
			for _, key := range []string{"src", "data-src", "data-original"} {
				for _, a := range n.Attr {
					if a.Key == key && a.Val != "" && !strings.HasPrefix(a.Val, "data:") {
						return a.Val
					}
				}
			}
		}
	}
	return ""
}

// shows reports a figure with the picture of an address; sites serve the same
// one in many sizes.
func (p *page) shows(i int, address string) bool {
	return address != "" && fileName(p.pictureIn(i)) == fileName(address)
}

func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return path.Base(u.Path)
}

// longestCaption is the longest line, by weight, that is taken for a caption
// because it stands under a picture.
const longestCaption = 300

// figures joins each picture in a paragraph of its own with its caption: what
// follows it there behind the end of its line, or the next paragraph. One ends
// with whose picture it is, or is set as the picture is.
func figures(root *html.Node) {
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "p" && n.Data != "div" || n.Parent == nil || n.Parent.Data == "figure" {
			continue
		}
		if end := pictureLine(n); end != nil && isCaption(n, n) {
			captionBehind(n, end)
			continue
		}
		caption := boxedCaption(n)
		if caption == nil {
			if caption = captionBelow(n); caption == nil {
				continue
			}
			caption.Parent.RemoveChild(caption)
			n.AppendChild(caption)
		}
		become(n, atom.Figure)
		become(caption, atom.Figcaption)
	}
}

// become makes an element another, without attributes.
func become(n *html.Node, a atom.Atom) { n.Data, n.DataAtom, n.Attr = a.String(), a, nil }

// captionBelow is the paragraph behind a picture in one of its own that tells of it;
// nil where none does.
func captionBelow(n *html.Node) *html.Node {
	if !onlyPicture(n) {
		return nil
	}
	next := n.NextSibling
	for next != nil && (next.Type != html.ElementNode || next.Data == "br") {
		next = next.NextSibling
	}
	if next == nil || next.Data != "p" && next.Data != "div" || !isCaption(n, next) {
		return nil
	}
	return next
}

// boxedCaption is the paragraph under the picture in a box that holds these two
// and nothing else; nil where n is none such.
func boxedCaption(n *html.Node) *html.Node {
	var held []*html.Node
	for c := n.FirstChild; c != nil && len(held) < 3; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && c.Data != "br":
			held = append(held, c)
		case c.Type == html.TextNode && tidy(c.Data) != "":
			return nil
		}
	}
	if n.Data != "div" || len(held) != 2 || held[0].Data != "img" || held[1].Data != "p" {
		return nil
	}
	text, ok := brief(held[1], 3*longestCaption)
	weight, _ := weigh(text)
	if called := classTraits(attrOf(held[1], "class")).has(captions); !ok || text == "" || weight > longestCaption || !called && 2*weight > longestCaption {
		return nil
	}
	return held[1]
}

// pictureLine is the line break behind the picture that a line of text begins
// with, where it holds one picture and no blocks; nil where it is none such.
func pictureLine(n *html.Node) (end *html.Node) {
	pictures := 0
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && end == nil && tidy(d.Data) != "", d.Type == html.ElementNode && !inline[d.Data]:
			return nil
		case d.Type == html.ElementNode && d.Data == "img":
			pictures++
		case d.Type == html.ElementNode && d.Data == "br" && d.Parent == n && pictures == 1 && end == nil:
			end = d
		}
	}
	if pictures != 1 {
		return nil
	}
	return end
}

// captionBehind makes a figure of a line, and a caption of what stands behind end.
func captionBehind(n, end *html.Node) {
	caption := &html.Node{Type: html.ElementNode, Data: "figcaption", DataAtom: atom.Figcaption}
	for c := end.NextSibling; c != nil; c = end.NextSibling {
		n.RemoveChild(c)
		caption.AppendChild(c)
	}
	n.RemoveChild(end)
	n.AppendChild(caption)
	become(n, atom.Figure)
}

// onlyPicture reports an element with a picture and no text.
func onlyPicture(n *html.Node) bool {
	if text, ok := brief(n, 8); !ok || text != "" {
		return false
	}
	for d := range n.Descendants() {
		if d.Data == "img" {
			return true
		}
	}
	return false
}

// isCaption reports a line under a picture that tells of it.
func isCaption(picture, line *html.Node) bool {
	text, ok := brief(line, 3*longestCaption)
	if weight, _ := weigh(text); !ok || text == "" || weight > longestCaption {
		return false
	}
	if photoCredit.MatchString(text) || strings.Contains(strings.ToLower(attrOf(line, "class")), "caption") {
		return true
	}
	set := strings.ToLower(attrOf(line, "style") + attrOf(line, "align"))
	return strings.Contains(set, "center") && strings.Contains(strings.ToLower(attrOf(picture, "style")+attrOf(picture, "align")), "center")
}
