package extract

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
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
	body = utf8Body(body, opt.ContentType)
	if err := affordable(body); err != nil {
		return nil, err
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the page cannot be read: %w", err)
	}
	doc := goquery.NewDocumentFromNode(root)
	meta := readMeta(doc)
	canonical := firstOf(attr(doc, `link[rel~="canonical"]`, "href"), meta.first("og:url"))
	ld := readJSONLD(doc, []string{opt.URL, canonical, meta.first("og:title"), heading(doc)})
	base, _ := url.Parse(opt.URL) // nil is fine: addresses stay as written
	site := firstOf(meta.first("og:site_name", "application-name", "al:android:app_name"), ld.publisher())
	lines := creditLines(doc)

	item := parse.Item{
		Link:        opt.URL,
		Canonical:   canonical,
		Title:       parse.Text{Body: title(doc, ld, meta, siteNames(site, lines)), Type: parse.Plain},
		Summary:     parse.Text{Body: firstOf(meta.first("og:description", "description", "twitter:description", "dc.description"), ld.text("description")), Type: parse.Plain},
		Language:    language(doc, ld, meta),
		Categories:  categories(ld, meta),
		Section:     firstOf(ld.text("articleSection"), meta.first("article:section", "section")),
		Image:       firstOf(ld.address("image"), meta.first("og:image", "og:image:url", "twitter:image", "twitter:image:src")),
		Rights:      firstOf(meta.first("copyright", "dc.rights", "dcterms.rights"), ld.text("copyrightNotice")),
		Base:        attr(doc, "base", "href"),
		CreditLines: lines,
		People:      people(doc, ld, meta),
		Dates:       dates(doc, ld, meta, lines),
		ID:          firstOf(canonical, opt.URL),
	}
	item.IDIsLink = item.ID != ""
	item.Origin.Name = meta.first("source", "dc.source", "mediaid", "contentsource")
	item.Breadcrumb = breadcrumb(doc, ld, site, item.Title.Body)
	if item.Section == "" && len(item.Breadcrumb) > 0 {
		item.Section = item.Breadcrumb[len(item.Breadcrumb)-1]
	}
	listing := ld.listed && meta.first("og:type") != "article" && meta.first("article:published_time") == ""
	if !listing {
		item.Content = parse.Text{Body: mainText(doc, ld, item.Title.Body, base), Type: parse.HTML} // last: it takes doc apart
	}

	feed := &parse.Feed{
		Format:   "page",
		Title:    parse.Text{Body: site, Type: parse.Plain},
		Language: item.Language,
		Items:    []parse.Item{item},
	}
	if base != nil && base.Host != "" {
		feed.HomePage = base.Scheme + "://" + base.Host + "/"
	}
	if ld.paid() {
		feed.Warnings = append(feed.Warnings, "the page says that its text is not free to read; it may hold only the beginning")
	}
	if listing {
		feed.Warnings = append(feed.Warnings, "the page lists articles and is none itself; no text was taken from it")
	}
	feed.Bound()
	return feed, nil
}

// utf8Body is body in UTF-8, without a byte order mark, which a parser would
// take for text. Bytes that are valid UTF-8 are UTF-8, whatever a header or a
// meta tag claims.
func utf8Body(body []byte, contentType string) []byte {
	if !utf8.Valid(body) {
		encoding, _, _ := charset.DetermineEncoding(body, contentType)
		if out, err := encoding.NewDecoder().Bytes(body); err == nil {
			body = out
		}
	}
	return bytes.TrimPrefix(body, []byte("\ufeff"))
}

// longestTitle is the longest headline, in bytes.
const longestTitle = 500

// heading is the page's first heading.
func heading(doc *goquery.Document) string {
	for i, h := range doc.Find("h1").EachIter() {
		if text := briefOf(h, longestTitle); text != "" {
			return text
		}
		if i == maxValues {
			break
		}
	}
	return ""
}

// title is the headline: what the page calls its article, or the name of the
// page less that of the site, which one of sites or a heading gives away.
func title(doc *goquery.Document, ld linked, meta metaTags, sites []string) string {
	if t := firstOf(ld.text("headline"), meta.first("og:title", "twitter:title", "dc.title", "title")); t != "" {
		return withoutSite(t, sites)
	}
	whole := briefOf(doc.Find("head title").First(), longestTitle)
	for i, h := range doc.Find("h1, h2").EachIter() {
		text := briefOf(h, longestTitle)
		if text != "" && (whole == "" || strings.HasPrefix(whole, text) || strings.HasSuffix(whole, text) && h.Is("h1")) {
			return text
		}
		if i == maxValues {
			break
		}
	}
	return withoutSite(whole, sites)
}

// namedSource is the outlet in a line of credits.
var namedSource = regexp.MustCompile(`(?i)(?:source|来源|來源|出典)\s?[:：]\s*(\S.*)$`)

// siteNames are what the page calls its site, in its head and in its credits.
func siteNames(site string, lines []string) []string {
	names := []string{site}
	for _, line := range lines {
		if m := namedSource.FindStringSubmatch(line); m != nil {
			names = append(names, m[1])
		}
	}
	return names
}

// withoutSite cuts a site's name off the end of a title: "Title - Site".
func withoutSite(title string, sites []string) string {
	for _, site := range sites {
		head, ok := cutSuffixFold(title, site)
		if !ok {
			continue
		}
		head = strings.TrimRight(head, " ")
		if bare := strings.TrimRight(head, "-|_–—·"); bare != head && tidy(bare) != "" {
			return tidy(bare)
		}
	}
	return title
}

func cutSuffixFold(s, suffix string) (string, bool) {
	i := len(s) - len(suffix)
	if suffix == "" || i <= 0 || !strings.EqualFold(s[i:], suffix) {
		return s, false
	}
	return s[:i], true
}

func language(doc *goquery.Document, ld linked, meta metaTags) string {
	return firstOf(attr(doc, "html", "lang"), attr(doc, "html", "xml:lang"), ld.text("inLanguage"),
		meta.first("content-language", "language", "dc.language", "og:locale"))
}

func categories(ld linked, meta metaTags) []string {
	out := meta.all("article:tag")
	for _, list := range append(ld.texts("keywords"), meta.first("news_keywords", "keywords")) {
		for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(",;、，；", r) }) {
			if out = append(out, tidy(word)); len(out) >= maxValues {
				return out
			}
		}
	}
	return out
}
