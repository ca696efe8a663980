package extract

import (
	"bytes"
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"github.com/PuerkitoBio/goquery"
)

// around is what stands in or beside an article and is not part of it.
const around = `script, style, noscript, template, nav, aside, form, iframe, button, [hidden], [aria-hidden="true"], [role="navigation"], [role="complementary"],
	[class*="related" i], [class*="newsletter" i], [class*="share" i], [class*="social" i], [class*="cookie" i], [class*="breadcrumb" i],
	[class*="topnews" i], [class*="top-news" i], [class*="recommend" i], [class*="promo" i], [class*="comment" i]`

// listHeadings open lists of other articles.
var listHeadings = []string{"top news", "related", "read more", "more news", "most read", "latest news", "recommended", "see also", "相关新闻", "相关阅读", "热点新闻", "推荐阅读"}

// mainText is the article's body as HTML, not yet clean; empty when none is
// found. The page's own JSON-LD text stands in when the library finds less.
func mainText(doc *goquery.Document, ld linked, base *url.URL) string {
	stated := ld.text("articleBody")
	body := goquery.CloneDocument(doc)
	body.Find(around).Remove()
	dropLists(body)
	if base == nil {
		base = &url.URL{}
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	article, err := parser.ParseAndMutate(body.Nodes[0], base)
	var out bytes.Buffer
	if err == nil && article.Node != nil && article.RenderHTML(&out) == nil {
		text := tidy(goquery.NewDocumentFromNode(article.Node).Text())
		if 2*len(text) >= len(stated) {
			return out.String()
		}
	}
	return stated
}

// dropLists removes lists of other articles: a heading that announces one,
// and what it heads.
func dropLists(doc *goquery.Document) {
	for _, h := range doc.Find("h2, h3, h4, h5, strong, b, div, p").EachIter() {
		text := strings.ToLower(tidy(h.Text()))
		if len(text) > 40 || !hasPrefixFold(text, listHeadings...) {
			continue
		}
		next := h.NextAll().Filter("ul, ol, dl, div")
		if next.Length() > 0 && next.Find("a").Length() > 1 {
			next.First().Remove()
			h.Remove()
		} else if h.Parent().Find("a").Length() > 1 && len(tidy(h.Parent().Text())) < 1500 {
			h.Parent().Remove()
		}
	}
}
