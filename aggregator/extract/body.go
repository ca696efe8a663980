package extract

import (
	"bytes"
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// around marks what stands in or beside an article and is not part of it.
var around = goquery.Single(`script, style, noscript, template, nav, aside, form, iframe, button, [hidden], [aria-hidden="true"], [role="navigation"], [role="complementary"],
	[class*="related" i], [class*="newsletter" i], [class*="share" i], [class*="social" i], [class*="cookie" i], [class*="breadcrumb" i],
	[class*="topnews" i], [class*="top-news" i], [class*="recommend" i], [class*="promo" i], [class*="comment" i]`)

// listHeadings open lists of other articles.
var listHeadings = []string{"top news", "related", "read more", "more news", "most read", "latest news", "recommended", "see also", "相关新闻", "相关阅读", "热点新闻", "推荐阅读"}

const (
	longestHeading = 40   // bytes of a heading that may announce a list
	longestList    = 1500 // bytes of a block that is nothing but such a list
	mostLists      = 50   // in a page

	// maxTextWork is the text that an extraction may have to look at: each byte
	// once for each element that it stands in.
	maxTextWork = 256 << 20
)

// mainText is the article's body as HTML, not yet clean and without its title;
// empty when none is found. The page's own JSON-LD text stands in when the
// library finds less. It takes doc apart.
func mainText(doc *goquery.Document, ld linked, title string, base *url.URL) string {
	stated := ld.text("articleBody")
	root := doc.Nodes[0]
	work := removal{total: textLength(root)}
	work.walk(root, 0)
	dropLists(doc)
	dropTitle(doc, title)
	dropBylines(doc)
	if work.depthWork > maxTextWork {
		return stated
	}
	if base == nil {
		base = &url.URL{}
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	article, err := parser.ParseAndMutate(root, base)
	var out bytes.Buffer
	if err == nil && article.Node != nil && article.RenderHTML(&out) == nil {
		if 2*textLength(article.Node) >= len(stated) {
			return out.String()
		}
	}
	return stated
}

// A removal takes what stands around the article out of a page. What holds
// most of the page's text is the article, whatever its class says: some sites
// wrap all in a form, or name a body's class "no-comments".
type removal struct {
	total     int // bytes of the page's text
	depthWork int // text left, each byte once for each element around it
}

// walk returns how much text n holds, and has removed what must go from it.
func (r *removal) walk(n *html.Node, depth int) int {
	if n.Type == html.TextNode {
		size := len(tidy(n.Data))
		r.depthWork += size * depth
		return size
	}
	if n.Type == html.ElementNode && unseen[n.Data] {
		n.Parent.RemoveChild(n)
		return 0
	}
	size, next := 0, (*html.Node)(nil)
	for c := n.FirstChild; c != nil; c = next {
		next = c.NextSibling
		size += r.walk(c, depth+1)
	}
	if n.Type == html.ElementNode && 2*size <= r.total && around.Match(n) {
		n.Parent.RemoveChild(n)
	}
	return size
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

// dropLists removes lists of other articles: a heading that announces one,
// and what it heads.
func dropLists(doc *goquery.Document) {
	met := 0
	for _, h := range doc.Find("h2, h3, h4, h5, strong, b, div, p").EachIter() {
		n := h.Nodes[0]
		text, ok := brief(n, longestHeading)
		if !ok || n.Parent == nil || !hasPrefixFold(strings.ToLower(text), listHeadings...) {
			continue
		}
		if met++; met > mostLists {
			return
		}
		if list := listAfter(n); list != nil {
			list.Parent.RemoveChild(list)
			n.Parent.RemoveChild(n)
		} else if up := n.Parent; up.Parent != nil && links(up) > 1 {
			if _, short := brief(up, longestList); short {
				up.Parent.RemoveChild(up)
			}
		}
	}
}

// dropTitle removes the headings that repeat the title.
func dropTitle(doc *goquery.Document, title string) {
	for i, h := range doc.Find("h1, h2").EachIter() {
		if i == maxValues {
			return
		}
		if title != "" && strings.EqualFold(briefOf(h, longestTitle), title) {
			h.Remove()
		}
	}
}

// longestByline is the longest line, in bytes, that is nothing but a byline.
const longestByline = 120

// dropBylines removes the lines that name the author by markup. The library
// would take the name out and leave the rest of the line.
func dropBylines(doc *goquery.Document) {
	for i, s := range doc.Find(`p [rel~="author"], p [itemprop~="author"], div [rel~="author"], div [itemprop~="author"]`).EachIter() {
		if i == maxValues {
			return
		}
		line := s.Closest("p, div")
		if text := briefOf(line, longestByline); text != "" && line.Nodes[0].Parent != nil {
			line.Remove()
		}
	}
}

// listAfter is the list of links that follows a heading; nil when none does.
func listAfter(n *html.Node) *html.Node {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode {
			switch s.Data {
			case "ul", "ol", "dl", "div":
				if links(s) > 1 {
					return s
				}
			}
			return nil
		}
	}
	return nil
}

// links counts the links in n, up to two.
func links(n *html.Node) (count int) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == "a" {
			if count++; count == 2 {
				break
			}
		}
	}
	return count
}
