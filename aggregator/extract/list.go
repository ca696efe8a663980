package extract

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/publicsuffix"

	"copydesk/aggregator/parse"
)

// ListHints say where a listing page keeps what is read from it, as CSS
// selectors. Items leads to what holds one article each; all but Next lead from
// there. What is empty is found.
type ListHints struct {
	Items   string
	Link    string
	Title   string
	Date    string
	Summary string
	Image   string
	Next    string
}

// ErrNoList is a page on which nothing recurs that could be a list of articles.
var ErrNoList = errors.New("no list of articles was found on the page (it may be made by a script; or name what holds one article with list.items)")

// maxListed is the most articles that are taken from one page.
const maxListed = 500

// A Listing is what a page of articles shows.
type Listing struct {
	Feed  *parse.Feed
	Next  string // where the list goes on; empty on its last page
	Items string // a selector that leads to what holds one article each; empty where none does
}

// List reads a listing page: by the hints where they name its items, else by
// what recurs on it.
func List(body []byte, opt Options, hints ListHints) (*Listing, error) {
	root, err := tree(body, opt.ContentType)
	if err != nil {
		return nil, err
	}
	l := newLister(root, opt, hints)
	groups, err := l.groups()
	if err != nil {
		return nil, err
	}
	out := &Listing{Feed: l.head(), Next: l.next(), Items: hints.Items}
	if out.Items == "" {
		out.Items = l.selectors(groups)
	}
	out.Feed.Items = l.items(groups)
	out.Feed.Bound()
	if len(out.Feed.Items) == 0 {
		return nil, fmt.Errorf("list.items: %q leads to %d elements, and none of them holds a link (change it, or list.link)", hints.Items, len(groups[0].blocks))
	}
	return out, nil
}

// A lister reads one listing page.
type lister struct {
	opt     Options
	hints   ListHints
	doc     *goquery.Document
	outline *outline
	shapes  []shape // of the outline's elements
	base    *url.URL
	site    string // the domain that its owner has; empty when unknown
	meta    metaTags
}

func newLister(root *html.Node, opt Options, hints ListHints) *lister {
	l := &lister{opt: opt, hints: hints, doc: goquery.NewDocumentFromNode(root)}
	l.outline = &outline{at: make(map[*html.Node]int, 1024)}
	l.outline.walk(root, -1, -1, false)
	l.meta = readMeta(l.doc)
	l.base = baseOf(opt.URL, linkedCanonical(l.doc), l.meta.first("og:url"))
	if l.base != nil {
		l.site = domainOf(l.base)
		if base, err := l.base.Parse(attr(l.doc, "base", "href")); err == nil {
			l.base = base
		}
	}
	l.shapes = shapesOf(l.outline)
	return l
}

// baseOf is the first absolute address.
func baseOf(addresses ...string) *url.URL {
	for _, a := range addresses {
		if u, err := url.Parse(strings.TrimSpace(a)); err == nil && u.Host != "" {
			return u
		}
	}
	return nil
}

// domainOf is the part of an address's host that its owner has registered.
func domainOf(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// head is what the page says of its site.
func (l *lister) head() *parse.Feed {
	f := &parse.Feed{
		Format:      "listing",
		Title:       parse.Text{Body: firstOf(l.meta.first("og:title"), briefOf(l.doc.Find("title"), longestTitle), l.meta.first("og:site_name")), Type: parse.Plain},
		Description: parse.Text{Body: l.meta.first("description", "og:description"), Type: parse.Plain},
		Language:    firstOf(attr(l.doc, "html", "lang"), attr(l.doc, "html", "xml:lang"), l.meta.first("content-language", "og:locale")),
		HomePage:    l.opt.URL,
	}
	if u, err := url.Parse(l.opt.URL); err == nil && u.Host != "" {
		f.HomePage = u.Scheme + "://" + u.Host + "/"
	}
	return f
}

// address makes a link absolute; empty when it leads to no other page of the
// web. A fragment names a place on a page, unless it is a route.
func (l *lister) address(href string) string {
	href = strings.TrimSpace(href)
	if href == "" || href[0] == '#' || hasPrefixFold(href, "javascript:", "mailto:", "tel:", "data:", "whatsapp:", "about:") {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	if l.base != nil {
		u = l.base.ResolveReference(u)
	}
	if u.Host != "" && u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "" {
		return ""
	}
	if !strings.HasPrefix(u.Fragment, "!") && !strings.HasPrefix(u.Fragment, "/") {
		u.Fragment, u.RawFragment = "", ""
	}
	return u.String()
}

// ours reports the address of a page of the site that is not its front, and
// not the listing itself.
func (l *lister) ours(address string) bool {
	u, err := url.Parse(address)
	if err != nil || address == "" || (u.Path == "" || u.Path == "/") && u.RawQuery == "" && u.Fragment == "" {
		return false
	}
	if l.base == nil || u.Host == "" {
		return true
	}
	return domainOf(u) == l.site && address != l.opt.URL
}

// next is the address of the page on which the list goes on.
func (l *lister) next() string {
	if l.hints.Next != "" {
		sel, err := cascadia.Compile(l.hints.Next)
		if err != nil { // the config was checked; a hint that is none leads nowhere
			return ""
		}
		s := l.doc.FindMatcher(goquery.SingleMatcher(sel))
		return l.nextAddress(firstOf(s.AttrOr("href", ""), s.Find("a[href]").First().AttrOr("href", "")))
	}
	if href := firstOf(attr(l.doc, `link[rel~="next"]`, "href"), attr(l.doc, `a[rel~="next"]`, "href")); href != "" {
		return l.nextAddress(href)
	}
	second := ""
	for i := range l.outline.elements {
		e := &l.outline.elements[i]
		if e.node.Data != "a" || e.text > 40 {
			continue
		}
		text, _ := brief(e.node, 60)
		label := strings.ToLower(strings.Trim(text, " \u00a0<>«»‹›→←|"))
		href := attrOf(e.node, "href")
		switch {
		case slices.Contains(lineWords["next"], label) && l.ours(l.nextAddress(href)):
			return l.nextAddress(href)
		case label == "2" && second == "" && (&page{opt: l.opt}).continues(href):
			second = l.nextAddress(href)
		}
	}
	return second
}

// nextAddress is where a link to the next page leads, on this site alone.
func (l *lister) nextAddress(href string) string {
	address := l.address(href)
	u, err := url.Parse(address)
	if err != nil || l.base == nil || u.Host != l.base.Host || address == l.opt.URL {
		return ""
	}
	return address
}
