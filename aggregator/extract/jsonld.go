package extract

import (
	"encoding/json"
	"errors"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

const (
	maxJSONLD   = 2 << 20 // bytes of all JSON-LD of a page that is read
	maxLDNodes  = 2000
	maxLDValues = 500 // of one property
)

// linked is a page's JSON-LD: the article, and everything for what stands
// beside it.
type linked struct {
	article map[string]any
	listed  bool // there are several articles, and none is the page's own
	nodes   []map[string]any
	byID    map[string]map[string]any
}

// readJSONLD reads a page's JSON-LD. Of several articles it takes the one that
// the page is about; a page that only lists articles is about none.
func readJSONLD(doc *goquery.Document, about []string) linked {
	ld := linked{byID: map[string]map[string]any{}}
	left := maxJSONLD
	for _, s := range doc.Find(`script[type="application/ld+json"]`).EachIter() {
		text := strings.TrimSpace(s.Text())
		if left -= len(text); left < 0 {
			break
		}
		if !ld.read(cleanJSON(text)) {
			ld.read(mendJSON(cleanJSON(text)))
		}
	}
	var articles []map[string]any
	for _, n := range ld.nodes {
		if isArticle(n) {
			articles = append(articles, n)
		}
	}
	ld.article = ld.choose(articles, about)
	ld.listed = ld.article == nil && len(articles) > 0
	return ld
}

// choose is the article that one of the page's own names or addresses names.
// Where none does, it is the richest of those with one headline.
func (ld linked) choose(articles []map[string]any, about []string) map[string]any {
	var best map[string]any
	named, headlines := false, map[string]bool{}
	for _, n := range articles {
		headlines[firstOf(strs(n["headline"])...)] = true
		names := ld.names(n, about)
		if best == nil || names && !named || names == named && weight(n) > weight(best) {
			best, named = n, names
		}
	}
	delete(headlines, "")
	if !named && len(headlines) > 1 {
		return nil
	}
	return best
}

// names reports whether an article's address or headline is among about.
func (ld linked) names(n map[string]any, about []string) bool {
	own := []string{ld.addressIn(n["mainEntityOfPage"]), ld.addressIn(n["url"]), firstOf(strs(n["@id"])...), firstOf(strs(n["headline"])...)}
	for _, name := range own {
		for _, a := range about {
			if name != "" && strings.EqualFold(strings.TrimRight(name, "/"), strings.TrimRight(a, "/")) {
				return true
			}
		}
	}
	return false
}

// read collects what is in a text: one value, or several in a row. It reports
// whether there was nothing else.
func (ld *linked) read(text string) bool {
	var values []any
	for dec := json.NewDecoder(strings.NewReader(text)); ; {
		var v any
		err := dec.Decode(&v)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return false
		}
		values = append(values, v)
	}
	for _, v := range values {
		ld.collect(v)
	}
	return true
}

var (
	wrapping      = regexp.MustCompile(`^\s*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$`)
	trailingComma = regexp.MustCompile(`,(\s*[}\]])`)
	badEscape     = regexp.MustCompile(`\\([^"\\/bfnrtu])`)
)

// mendJSON puts right what sites write most often in place of JSON: wrapped in
// comments, with a comma too many, with escapes of another language, or with a
// semicolon behind it.
func mendJSON(s string) string {
	s = strings.TrimRight(wrapping.ReplaceAllString(s, ""), "; ")
	return badEscape.ReplaceAllString(trailingComma.ReplaceAllString(s, "$1"), "$1")
}

// cleanJSON drops raw control characters, which JSON forbids and pages hold.
func cleanJSON(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}

func (ld *linked) collect(v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			ld.collect(e)
		}
	case map[string]any:
		if len(ld.nodes) == maxLDNodes {
			return
		}
		ld.nodes = append(ld.nodes, v)
		if id := firstOf(strs(v["@id"])...); id != "" && len(v) > 1 {
			ld.byID[id] = v
		}
		ld.collect(v["@graph"])
		ld.collect(v["mainEntity"])
	}
}

func isArticle(n map[string]any) bool {
	for _, t := range strs(n["@type"]) {
		if strings.HasSuffix(t, "Article") || strings.HasSuffix(t, "BlogPosting") || t == "Report" || t == "Review" {
			return true
		}
	}
	return false
}

// weight prefers the article that is dated, has a headline and says who wrote
// it; ties stay with the first.
func weight(n map[string]any) (w int) {
	for _, key := range []string{"headline", "datePublished", "author"} {
		if n[key] != nil {
			w++
		}
	}
	return w
}

func (ld linked) text(key string) string { return firstOf(ld.texts(key)...) }

// paragraphs is a long text as HTML: as it is where it has markup, else with a
// paragraph for each of its lines.
func (ld linked) paragraphs(key string) string {
	for _, e := range list(ld.article[key]) {
		text, ok := e.(string)
		if !ok || tidy(text) == "" {
			continue
		}
		if text = html.UnescapeString(text); strings.Contains(text, "</") {
			return text
		}
		var b strings.Builder
		for line := range strings.Lines(text) {
			if line = tidy(line); line != "" {
				b.WriteString("<p>" + html.EscapeString(line) + "</p>\n")
			}
		}
		return b.String()
	}
	return ""
}

func (ld linked) texts(key string) []string { return strs(ld.article[key]) }

// address is a URL given as text or as an object with one.
func (ld linked) address(key string) string { return ld.addressIn(ld.article[key]) }

func (ld linked) addressIn(v any) string {
	for _, e := range list(v) {
		if m := ld.object(e); m != nil {
			e = firstOf(append(append(strs(m["url"]), strs(m["contentUrl"])...), strs(m["@id"])...)...)
		}
		if s := firstOf(strs(e)...); s != "" {
			return s
		}
	}
	return ""
}

// object is v as an object, and where it only refers to another, that one.
func (ld linked) object(v any) map[string]any {
	m, _ := v.(map[string]any)
	if m["name"] == nil && m["url"] == nil {
		if other, ok := ld.byID[firstOf(strs(m["@id"])...)]; ok {
			return other
		}
	}
	return m
}

// named is the name of v, a text or an object.
func (ld linked) named(v any) string {
	if m := ld.object(v); m != nil {
		return firstOf(strs(m["name"])...)
	}
	return firstOf(strs(v)...)
}

func (ld linked) publisher() string {
	for _, e := range list(ld.article["publisher"]) {
		return ld.named(e)
	}
	return ""
}

func (ld linked) breadcrumb() []string {
	for _, n := range ld.nodes {
		if firstOf(strs(n["@type"])...) != "BreadcrumbList" {
			continue
		}
		var out []string
		for _, e := range list(n["itemListElement"]) {
			m, _ := e.(map[string]any)
			out = append(out, firstOf(append(strs(m["name"]), ld.named(m["item"]))...))
		}
		return out
	}
	return nil
}

// paid reports an article that says that it is not free to read.
func (ld linked) paid() bool {
	switch v := ld.article["isAccessibleForFree"].(type) {
	case bool:
		return !v
	case string:
		return strings.EqualFold(v, "false")
	}
	return false
}

// strs is every text in a JSON value that is a text or a list of texts. Many
// programs write HTML's entities here, which JSON does not know.
func strs(v any) []string {
	var out []string
	for _, e := range list(v) {
		if s, ok := e.(string); ok {
			if s = tidy(html.UnescapeString(s)); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v[:min(len(v), maxLDValues)]
	}
	return []any{v}
}
