package extract

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"copydesk/aggregator/parse"
)

// next is the page on which the article goes on: what rel=next names, where
// its address is that of this page with a number more. A link to the next
// article is no such. The head, which names that far oftener than a link for
// readers does, is asked last, and its number must be that of a page.
func (p *page) next() string {
	for i := range p.outline.elements {
		n := p.outline.elements[i].node
		if n.Data != "a" && n.Data != "link" || !leadsOn(n) {
			continue
		}
		if href := attrOf(n, "href"); href != "" && p.continues(href) {
			return href
		}
	}
	for _, s := range p.doc.Find("head link[rel][href]").EachIter() {
		if href := attrOf(s.Nodes[0], "href"); leadsOn(s.Nodes[0]) && p.continues(href) && p.countsPages(href) {
			return href
		}
	}
	return ""
}

// pageNumber is an address up to the number of a page, told by a word for it or
// by that of the article before it: "?page=", "/seite-", "/20221110_".
var pageNumber = pattern(`(?i)(?:(?:^|[^\pL]){this-page}?{page}[=/_-]?|\d{3,}[_-])$`)

// countsPages reports an address whose number, one more than this page's, is that
// of a page and not of an article: that of this page has none, or both say so.
func (p *page) countsPages(href string) bool {
	own, next := p.sideBySide(href)
	if own == nil {
		return false
	}
	before, was, _ := difference(own.RequestURI(), next.RequestURI())
	return number(was) < 0 || pageNumber.MatchString(before)
}

// leadsOn reports a link to the next of several pages.
func leadsOn(n *html.Node) bool { return hasWordFold(attrOf(n, "rel"), "next") }

// hasWordFold reports a list of words with one in it, in any case.
func hasWordFold(list, word string) bool {
	return slices.Contains(strings.Fields(strings.ToLower(list)), word)
}

func attrOf(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// continues reports an address that differs from the page's own only in a
// number, which is one more or begins at two: "?page=2", "_2.html", "/2/".
func (p *page) continues(href string) bool {
	own, next := p.sideBySide(href)
	if own == nil {
		return false
	}
	_, a, b := difference(own.RequestURI(), next.RequestURI())
	was, is := number(a), number(b)
	return is >= 2 && (was == is-1 || was < 0 && is == 2)
}

// sideBySide are the page's own address and one that it names, where both are of
// one host; else nil.
func (p *page) sideBySide(href string) (own, next *url.URL) {
	own, err := url.Parse(firstOf(p.opt.URL, p.canonical))
	if err != nil || own.Host == "" {
		return nil, nil
	}
	next, err = own.Parse(href)
	if err != nil || next.Host != own.Host || next.Scheme != own.Scheme {
		return nil, nil
	}
	return own, next
}

// difference is what two addresses open with alike, and what each has between
// that and what they end with alike. A number is never parted.
func difference(a, b string) (before, inA, inB string) {
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	digitAt := func(s string, i int) bool { return i >= 0 && i < len(s) && isDigit(s[i]) }
	for start > 0 && isDigit(a[start-1]) && (digitAt(a, start) || digitAt(b, start)) {
		start--
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	for end > 0 && isDigit(a[len(a)-end]) && (digitAt(a, len(a)-end-1) || digitAt(b, len(b)-end-1)) {
		end--
	}
	return a[:start], a[start : len(a)-end], b[start : len(b)-end]
}

// number is the only number in what two addresses differ by; -1 when there is
// none, 0 when there is more than that.
func number(s string) int {
	s = strings.ToLower(s)
	digits := strings.TrimFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if digits == "" {
		if s == "" || strings.Trim(s, "/") == "" {
			return -1
		}
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil || len(s)-len(digits) > len("?currentpage=") {
		return 0
	}
	return n
}

// Join is an article whose text goes on over several pages: the first page's
// item with the text of them all. What the others say of people and dates adds
// nothing, but lines of credits at the end of the last do.
func Join(pages ...*parse.Feed) *parse.Feed {
	if len(pages) == 0 {
		return &parse.Feed{Format: "page"}
	}
	whole := *pages[0]
	if len(whole.Items) == 0 {
		return &whole
	}
	item := whole.Items[0]
	for _, more := range pages[1:] {
		if len(more.Items) == 0 {
			continue
		}
		it := more.Items[0]
		item.Content.Body += "\n" + it.Content.Body
		for _, l := range it.CreditLines {
			if !slices.Contains(item.CreditLines, l) {
				item.CreditLines = append(slices.Clip(item.CreditLines), l)
			}
		}
		item.Next = it.Next
	}
	whole.Items = append([]parse.Item{item}, whole.Items[1:]...)
	whole.Bound()
	return &whole
}
