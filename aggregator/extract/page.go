package extract

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"copydesk/aggregator/parse"
)

// maxPage is the largest page that is read, in bytes.
const maxPage = 10 << 20

// ErrTooLarge is a page that is too large to be an article.
var ErrTooLarge = errors.New("the page is larger than 10 MB (an article page is not; check the address)")

// Options say where a page came from.
type Options struct {
	ContentType string // of the HTTP answer; empty when unknown
	URL         string // the address fetched; empty when unknown
}

// Page reads an article page. The result has the shape of a feed with one
// item, whose head is what the page says of its site.
func Page(body []byte, opt Options) (*parse.Feed, error) {
	if len(body) > maxPage {
		return nil, ErrTooLarge
	}
	root, err := html.Parse(bytes.NewReader(utf8Body(body, opt.ContentType)))
	if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	doc := goquery.NewDocumentFromNode(root)
	ld := readJSONLD(doc)
	meta := readMeta(doc)
	base, _ := url.Parse(opt.URL) // nil is fine: addresses stay as written

	item := parse.Item{
		Link:       opt.URL,
		Canonical:  firstOf(attr(doc, `link[rel~="canonical"]`, "href"), meta.first("og:url")),
		Title:      parse.Text{Body: title(doc, ld, meta), Type: parse.Plain},
		Summary:    parse.Text{Body: firstOf(meta.first("og:description", "description", "twitter:description", "dc.description"), ld.text("description")), Type: parse.Plain},
		Language:   language(doc, ld, meta),
		Categories: categories(ld, meta),
		Section:    firstOf(ld.text("articleSection"), meta.first("article:section", "section")),
		Image:      firstOf(ld.address("image"), meta.first("og:image", "og:image:url", "twitter:image", "twitter:image:src")),
		Rights:     firstOf(meta.first("copyright", "dc.rights", "dcterms.rights"), ld.text("copyrightNotice")),
		Breadcrumb: breadcrumb(doc, ld),
		Base:       attr(doc, "base", "href"),
	}
	item.CreditLines = creditLines(doc)
	item.People = people(doc, ld, meta)
	item.Dates = dates(doc, ld, meta, item.CreditLines)
	item.Origin.Name = meta.first("source", "dc.source", "mediaid", "contentsource")
	item.ID = firstOf(item.Canonical, opt.URL)
	item.IDIsLink = item.ID != ""
	item.Content = parse.Text{Body: mainText(doc, ld, base), Type: parse.HTML}
	if item.Section == "" && len(item.Breadcrumb) > 1 {
		item.Section = item.Breadcrumb[len(item.Breadcrumb)-1]
	}

	feed := &parse.Feed{
		Format:   "page",
		Title:    parse.Text{Body: firstOf(meta.first("og:site_name", "application-name", "al:android:app_name"), ld.publisher()), Type: parse.Plain},
		Language: item.Language,
		Items:    []parse.Item{item},
	}
	if base != nil && base.Host != "" {
		feed.HomePage = base.Scheme + "://" + base.Host + "/"
	}
	return feed, nil
}

// utf8Body is body in UTF-8. Bytes that are valid UTF-8 are UTF-8, whatever a
// header or a meta tag claims.
func utf8Body(body []byte, contentType string) []byte {
	if utf8.Valid(body) {
		return body
	}
	encoding, _, _ := charset.DetermineEncoding(body, contentType)
	out, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return out
}

// title is the headline. A page's own <title> often carries the site's name
// behind a bar or dash, which is cut when the heading agrees.
func title(doc *goquery.Document, ld linked, meta metaTags) string {
	if t := firstOf(ld.text("headline"), meta.first("og:title", "twitter:title", "dc.title", "title")); t != "" {
		return t
	}
	whole := tidy(doc.Find("head title").First().Text())
	for _, heading := range doc.Find("h1").EachIter() {
		if h := tidy(heading.Text()); h != "" && (whole == "" || strings.Contains(whole, h)) {
			return h
		}
	}
	return whole
}

func language(doc *goquery.Document, ld linked, meta metaTags) string {
	return firstOf(attr(doc, "html", "lang"), attr(doc, "html", "xml:lang"), ld.text("inLanguage"),
		meta.first("content-language", "language", "dc.language", "og:locale"))
}

func categories(ld linked, meta metaTags) []string {
	out := meta.all("article:tag")
	for _, list := range append(ld.texts("keywords"), meta.first("news_keywords", "keywords")) {
		for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(",;、，；", r) }) {
			out = append(out, tidy(word))
		}
	}
	return out
}

// breadcrumb is the path of headings above the article, widest first.
func breadcrumb(doc *goquery.Document, ld linked) []string {
	if list := ld.breadcrumb(); len(list) > 1 {
		return list
	}
	for _, s := range doc.Find(`[class*="breadcrumb" i], [id*="breadcrumb" i], [class*="crumbs" i], [class*="position" i], [class*="path" i], .location`).EachIter() {
		if list := trail(tidy(s.Text())); len(list) > 1 {
			return list
		}
	}
	for _, s := range doc.Find("div, p, span, nav").EachIter() {
		if text := tidy(ownText(s)); len(text) < 300 && hasPrefixFold(text, "position:", "your position:", "location:", "您的位置", "当前位置", "您当前的位置", "正文位置") {
			if list := trail(tidy(s.Text())); len(list) > 1 {
				return list
			}
		}
	}
	return nil
}

// trail splits "position: EnglishChannel > Cooperation > Article".
func trail(line string) []string {
	if len(line) > 300 || !strings.ContainsAny(line, ">›»") {
		return nil
	}
	var out []string
	for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(">›»", r) }) {
		part = tidy(part)
		if i := strings.LastIndexAny(part, ":："); i >= 0 && len(out) == 0 {
			part = tidy(strings.TrimLeft(part[i:], ":："))
		}
		if part != "" && !isLeaf(part) {
			out = append(out, part)
		}
	}
	return out
}

// isLeaf reports a last step that names no section.
func isLeaf(step string) bool {
	switch strings.ToLower(step) {
	case "article", "content", "text", "正文", "内容", "home", "首页":
		return true
	}
	return false
}
