package extract

import (
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// maxCreditLine is the longest text, in bytes, that is still a line of credits
// and not a paragraph.
const maxCreditLine = 300

// creditWords open a line of credits, or stand in it before a colon.
var creditWords = []string{
	"source:", "source：", "author:", "author：", "by ", "editor:", "editor：", "editors:", "edited by", "written by", "reporter:",
	"photo:", "(photo", "(photo:", "photo by", "photos by", "来源", "作者", "编辑", "责任编辑", "责编", "记者", "图片来源", "摄影", "本报记者", "【责任编辑",
	"von ", "par ", "por ", "di ", "foto:", "text:", "autor:", "autora:", "redacción", "редактор", "автор", "記者", "編集", "기자", "입력",
	"published", "updated", "发布时间", "时间：",
}

// creditClasses mark the elements that hold bylines, sources and times.
const creditClasses = `[class*="byline" i], [class*="author" i], [class*="source" i], [class*="editor" i], [class*="dateline" i],
	[class*="pubtime" i], [class*="pub_time" i], [class*="publish" i], [class*="post-meta" i], [class*="article-info" i], [class*="info" i], [id*="source" i], [id*="author" i], [id*="editor" i], [class*="credit" i], [class*="date" i], [class*="time" i]`

// creditLines are the visible lines that name who made the article, where it
// came from and when, in page order and each once.
func creditLines(doc *goquery.Document) []string {
	var out []string
	seen := map[string]bool{}
	add := func(s *goquery.Selection) {
		line := tidy(s.Text())
		if line != "" && len(line) <= maxCreditLine && !seen[line] && s.Closest("nav, header nav, footer, aside, script, style").Length() == 0 {
			seen[line] = true
			out = append(out, line)
		}
	}
	for _, s := range doc.Find("p, div, span, address, li, td, em, h2, h3, h4, h5, figcaption").EachIter() {
		if s.Is(creditClasses) && blockless(s) || hasPrefixFold(tidy(s.Text()), creditWords...) && blockless(s) {
			add(s)
		}
	}
	return out
}

// blockless reports an element that is one line to the eye.
func blockless(s *goquery.Selection) bool {
	return s.Find("p, div, li, table, h1, h2, article, section, script, style, form").Length() == 0
}

// datePattern finds a written date, with a time of day where one follows it.
var datePattern = regexp.MustCompile(`(?i)(?:\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}[./-]\d{1,2}[./-]\d{4}|(?:\d{1,2}\.?\s+)?\p{L}{3,10}\.?\s+(?:\d{1,2},?\s+)?\d{4})(?:[T,\s|·-]*(?:at |um |à )?\d{1,2}[:：h]\d{2}(?:[:：]\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s?(?:Z|[A-Z]{2,4}|[+-]\d{2}:?\d{2})\b)?)?`)

// visibleDates are the dates in a line of credits.
func visibleDates(line string) []string {
	return datePattern.FindAllString(line, 3)
}

// tidy folds white space, no-break and ideographic spaces among it.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t = tidy(t); t != "" {
			return t
		}
	}
	return ""
}

func attr(doc *goquery.Document, selector, name string) string {
	return strings.TrimSpace(doc.Find(selector).First().AttrOr(name, ""))
}

// ownText is the text of an element without that of its children.
func ownText(s *goquery.Selection) string {
	var b strings.Builder
	for _, n := range s.Nodes {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				b.WriteString(c.Data)
			}
		}
	}
	return b.String()
}

func hasPrefixFold(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) {
			return true
		}
	}
	return false
}
