package extract

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"copydesk/aggregator/parse"
)

// maxPage is the largest page that is read, in bytes.
const maxPage = 10 << 20

// ErrTooLarge is a page that is too large to be an article.
var ErrTooLarge = errors.New("the page is larger than 10 MB (an article page is not; check the address)")

// Options say where a page came from, and what is known of its site.
type Options struct {
	ContentType string // of the HTTP answer; empty when unknown
	URL         string // the address fetched; empty when unknown
	Hints       Hints  // where a stubborn site keeps things; zero for most
}

// Page reads an article page. The result has the shape of a feed with one
// item, whose head is what the page says of its site.
func Page(body []byte, opt Options) (*parse.Feed, error) {
	root, err := tree(body, opt.ContentType)
	if err != nil {
		return nil, err
	}
	p := newPage(root, opt)
	item := p.item()
	feed := &parse.Feed{
		Format:   "page",
		Title:    parse.Text{Body: p.site, Type: parse.Plain},
		Language: item.Language,
		Items:    []parse.Item{item},
	}
	if u, err := url.Parse(opt.URL); err == nil && u.Host != "" {
		feed.HomePage = u.Scheme + "://" + u.Host + "/"
	}
	if words := barrierWarnings[item.Barrier]; words != "" {
		feed.Warnings = append(feed.Warnings, words)
	}
	feed.Warnings = append(feed.Warnings, p.warnings...)
	feed.Bound()
	return feed, nil
}

// tree is a page's bytes as a tree, where those can be afforded.
func tree(body []byte, contentType string) (*html.Node, error) {
	if len(body) > maxPage {
		return nil, ErrTooLarge
	}
	body = utf8Body(body, contentType)
	if err := affordable(body); err != nil {
		return nil, err
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the page cannot be read: %w (no article is nested so deep; check the address)", err)
	}
	return root, nil
}

// utf8Body is body in UTF-8, without a byte order mark, which a parser would take for
// text. What a page says of its charset is weighed like what a feed does: first the
// header, then the meta tag (HTML §13.2.3.2), each where the text is plausible in it.
func utf8Body(body []byte, contentType string) []byte {
	header := ""
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		header = params["charset"]
	}
	meta := ""
	if m := metaCharset.FindSubmatch(body[:min(len(body), 8<<10)]); m != nil {
		meta = string(m[1])
	}
	body, _ = parse.UTF8(body, "", header, meta)
	return bytes.TrimPrefix(body, []byte("\ufeff"))
}

// metaCharset is the charset of a meta tag, of either kind, or of an XML declaration.
var metaCharset = regexp.MustCompile(`(?i)(?:<meta\s[^>]*\bcharset|<\?xml\s[^>]*\bencoding)\s*=\s*["']?\s*([\w.:-]+)`)

// A page is one being read: its tree, measured, and what its head says.
type page struct {
	opt     Options
	doc     *goquery.Document
	outline *outline
	meta    metaTags
	ld      linked

	canonical string   // as written
	base      *url.URL // of relative links; nil is fine: they stay as written
	site      string   // the name of the site, as it says itself
	tail      string   // what the title element has behind the title, in letters
	host      string   // the word of its host that its owner chose, in letters
	headline  string   // as it was read
	heading   int      // the element that shows the title; -1 when none does
	titled    int      // the same, or another that says no more than the headline
	body      int      // the element that holds the text
	bodyBy    string   // the witness for that
	closing   int      // the last element with running text in it; -1 when none has
	near      *zone    // of credits; nil until asked
	lines     []line   // of credits
	claims    []parse.Claim
	refused   []parse.Claim // of dates that are not the article's

	statement statement
	outlets   map[string]bool // that lines of credits name, in letters; nil until asked
	warnings  []string
}

func newPage(root *html.Node, opt Options) *page {
	p := &page{opt: opt, doc: goquery.NewDocumentFromNode(root), outline: newOutline(root), heading: -1, closing: -1}
	p.meta = readMeta(p.doc)
	p.canonical = firstOf(linkedCanonical(p.doc), p.meta.first("og:url"))
	p.host = hostName(p.canonical, opt.URL)
	p.ld = readJSONLD(p.doc, []string{opt.URL, p.canonical, p.meta.first("og:title"), p.firstHeading()})
	p.base, _ = url.Parse(opt.URL)
	p.site = firstOf(siteName(p.meta.first("og:site_name")), siteName(p.meta.first("application-name", "al:android:app_name")), p.ld.publisher())
	return p
}

// linkedCanonical is what a page links as its own address, as written (RFC 6596);
// what stands in the text is not the page's to say, but some parsers and editors
// move the head's links below it.
func linkedCanonical(doc *goquery.Document) string {
	found := ""
	doc.Find("link[rel][href]").EachWithBreak(func(_ int, link *goquery.Selection) bool {
		href := strings.TrimSpace(link.AttrOr("href", ""))
		scheme, _, absolute := strings.Cut(href, ":")
		if absolute && !strings.ContainsAny(scheme, "/?#") && !hasPrefixFold(href, "http:", "https:") {
			return true
		}
		for rel := range strings.FieldsSeq(link.AttrOr("rel", "")) {
			if strings.EqualFold(rel, "canonical") && link.Closest("article, main").Length() == 0 {
				found = href
			}
		}
		return found == ""
	})
	return found
}

// isFront reports the address of the front of a site, or of nothing.
func isFront(address string) bool {
	u, err := url.Parse(address)
	return err != nil || strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// siteName is a name, and not an address in place of one.
func siteName(name string) string {
	if hasPrefixFold(tidy(name), "http://", "https://", "//", "www.") {
		return ""
	}
	return name
}

// item reads every field. The body comes last: it takes the tree apart.
func (p *page) item() parse.Item {
	title := p.title()
	p.headline = title
	p.statement = p.stated()
	p.body, p.bodyBy = p.bodyElement()
	barrier, sign := p.barrier(title)
	p.closing, p.titled = p.lastText(), p.shownTitle()
	p.lines = p.creditLines()
	item := parse.Item{
		Link:       p.opt.URL,
		Canonical:  p.canonical,
		Title:      parse.Text{Body: title, Type: parse.Plain},
		Language:   p.language(),
		Categories: categories(p.ld, p.meta),
		Base:       attr(p.doc, "base", "href"),
		Next:       p.next(),

		Barrier: barrier, BarrierSign: sign,
	}
	if !p.listing() { // else they are those of what it lists
		item.People = append(p.people(), p.lenders()...)
		item.CreditLines = p.printed(item.People)
		item.Dates = p.dates()
	}
	item.Summary = parse.Text{Type: parse.Plain, Body: p.first("summary", "the first of meta description, JSON-LD", append(
		p.metas("og:description", "description", "twitter:description", "dc.description"), candidate{"json-ld", p.ld.text("description")})...)}
	if item.ID = firstOf(item.Canonical, p.opt.URL); isFront(item.ID) {
		item.ID = firstOf(p.opt.URL, item.ID)
	}
	item.IDIsLink = item.ID != ""
	item.Origin.Name = p.first("source", "meta tags, then what stands above the text", append(p.metas("source", "dc.source", "mediaid", "contentsource", "article:source"), p.shownOrigin()...)...)
	item.Rights = p.first("rights", "meta tags, then JSON-LD", append(p.metas("copyright", "dc.rights", "dcterms.rights"), candidate{"json-ld", p.ld.text("copyrightNotice")})...)
	var path string
	if item.Breadcrumb, path = breadcrumb(p.doc, p.ld, p.site, title); path != "" {
		p.claim("breadcrumb", path, strings.Join(item.Breadcrumb, " > "), true, "JSON-LD, then what is visible")
	}
	item.Section = p.section(item.Breadcrumb)
	p.picture(&item)
	if !p.listing() {
		item.Content = parse.Text{Body: p.mainText(title), Type: parse.HTML}
	}
	p.tellAddress(item)
	item.Claims = p.claims
	return item
}

// tellAddress explains what an article is known by, what it is filed under, and
// what keeps its page from showing it. The front of a site is no article's
// address, whatever a page says.
func (p *page) tellAddress(item parse.Item) {
	said := append([]candidate{{"link canonical", linkedCanonical(p.doc)}}, p.metas("og:url")...)
	if isFront(p.canonical) {
		said = append([]candidate{{"address", p.opt.URL}}, said...)
	} else {
		said = append(said, candidate{"address", p.opt.URL})
	}
	p.first("url", "what the page says, unless that is a front page; then where it was fetched", said...)
	if item.Categories != nil {
		p.claim("tags", "meta tags, json-ld", strings.Join(item.Categories, ", "), true, "all that either names")
	}
	if item.Barrier != "" {
		p.claim("barrier", item.BarrierSign, string(item.Barrier), true, "what the page says of itself")
	}
}

// A candidate is a value for a field, with the witness for it.
type candidate struct{ witness, value string }

// metas are what the meta tags of these names say, in the order of the names.
func (p *page) metas(names ...string) []candidate {
	var out []candidate
	for _, name := range names {
		for _, v := range p.meta[name] {
			out = append(out, candidate{"meta " + name, v})
		}
	}
	return out
}

// first is the first candidate that says anything; all are remembered.
func (p *page) first(field, rule string, list ...candidate) string {
	won := ""
	for _, c := range list {
		value := tidy(c.value)
		if value == "" {
			continue
		}
		p.claim(field, c.witness, value, won == "", rule)
		won = firstOf(won, value)
	}
	return won
}

const (
	maxClaims    = 200
	longestClaim = 300 // bytes of a value that is remembered
)

// claim remembers what a witness says.
func (p *page) claim(field, witness, value string, won bool, rule string) {
	if len(p.claims) == maxClaims {
		return
	}
	if len(value) > longestClaim {
		value = strings.ToValidUTF8(value[:longestClaim], "") + "…"
	}
	if !won {
		rule = ""
	}
	p.claims = append(p.claims, parse.Claim{Field: field, Witness: witness, Value: value, Won: won, Rule: rule})
}

// listing reports a page that lists articles and is none itself.
func (p *page) listing() bool {
	return p.ld.listed && p.meta.first("og:type") != "article" && p.meta.first("article:published_time") == ""
}

func (p *page) language() string {
	return p.first("language", "the first that is stated",
		candidate{"html lang", firstOf(attr(p.doc, "html", "lang"), attr(p.doc, "html", "xml:lang"))},
		candidate{"json-ld", p.ld.text("inLanguage")},
		candidate{"meta", p.meta.first("content-language", "language", "dc.language", "og:locale")})
}

func (p *page) section(crumbs []string) string {
	last := ""
	if len(crumbs) > 0 {
		last = crumbs[len(crumbs)-1]
	}
	return p.first("section", "JSON-LD, then meta tags, then the end of the path", append(append(
		[]candidate{{"json-ld", p.ld.text("articleSection")}},
		p.metas("article:section", "section", "parsely-section", "cxenseparse:section", "sailthru.section", "dc.subject.section")...),
		candidate{"breadcrumb", last})...)
}

func categories(ld linked, meta metaTags) []string {
	out := meta.all("article:tag")
	for _, list := range append(ld.texts("keywords"), meta.first("news_keywords", "keywords", "parsely-tags", "sailthru.tags")) {
		for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(",;、，；", r) }) {
			if out = append(out, tidy(word)); len(out) >= maxValues {
				return out
			}
		}
	}
	return out
}
