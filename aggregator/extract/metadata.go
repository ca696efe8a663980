package extract

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// maxValues is how many values of one kind of metadata are read.
const maxValues = 200

// metaTags are a page's meta elements by lower-case name or property.
type metaTags map[string][]string

func readMeta(doc *goquery.Document) metaTags {
	tags := metaTags{}
	for _, m := range doc.Find("meta").EachIter() {
		content := tidy(m.AttrOr("content", ""))
		if content == "" {
			continue
		}
		for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
			name := metaName(m.AttrOr(key, ""))
			if name != "" && len(tags[name]) < maxValues {
				tags[name] = append(tags[name], content)
			}
		}
	}
	return tags
}

// namespaces of meta names, as their standards spell them.
var namespaces = map[string]string{
	"article": "article:", "og": "og:", "twitter": "twitter:", "weibo": "weibo:", "cxenseparse": "cxenseparse:",
	"dc": "dc.", "dcterms": "dcterms.", "sailthru": "sailthru.",
}

// metaName is a name as its standard spells it: sites write
// article:published:time, Article:Published_Time and article.published-time
// alike.
func metaName(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	i := strings.IndexAny(s, ".:")
	if i <= 0 || namespaces[s[:i]] == "" {
		return s
	}
	space, rest := namespaces[s[:i]], strings.TrimLeft(s[i:], ".: ")
	if space == "article:" || space == "og:" {
		for _, end := range []string{"time", "date", "name"} {
			if head, ok := strings.CutSuffix(rest, end); ok && strings.HasSuffix(strings.TrimRight(head, ":-. "), "d") || ok && head == "site_" {
				rest = strings.TrimRight(head, ":-._ ") + "_" + end
			}
		}
	}
	return space + rest
}

// first is the first value of the first of names that has one.
func (t metaTags) first(names ...string) string {
	for _, n := range names {
		if v := t[n]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

func (t metaTags) all(names ...string) []string {
	var out []string
	for _, n := range names {
		out = append(out, t[n]...)
	}
	return out
}
