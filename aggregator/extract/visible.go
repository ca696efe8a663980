package extract

import (
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

const (
	// maxCreditLine is the longest text, in bytes, that is still a line of
	// credits and not a paragraph.
	maxCreditLine = 300

	// maxCreditLines is more than any article has.
	maxCreditLines = 100
)

// creditWords open a line of credits, or stand in it before a colon.
var creditWords = []string{
	"source:", "source：", "author:", "author：", "by ", "editor:", "editor：", "editors:", "edited by", "written by", "reporter:",
	"photo:", "(photo", "(photo:", "photo by", "photos by", "来源", "作者", "编辑", "责任编辑", "责编", "记者", "图片来源", "摄影", "本报记者", "【责任编辑",
	"von ", "par ", "por ", "di ", "foto:", "text:", "autor:", "autora:", "redacción", "редактор", "автор", "記者", "編集", "기자", "입력",
	"published", "updated", "发布时间", "时间：",
}

// datedCredit is a line that opens with a moment and then says whose copy it
// is: "2020-06-06 10:08 来源：…".
var datedCredit = regexp.MustCompile(`(?i)^\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?[\d\s:：|]*(?:source|author|editor|by|来源|來源|作者|编辑|記者|记者|出典)\b?\s?[:：]`)

// photoCredit is the end of a caption that says whose picture it is:
// "(PHOTO:XINHUA)".
var photoCredit = regexp.MustCompile(`(?i)[(（]\s?(?:photos?|pictures?|images?|foto|图片来源|图片|图|摄影|摄)\s?(?:by|credit|courtesy of)?\s?[:：/]?\s?[^()（）]{2,80}[)）]$`)

// creditClass marks the elements that hold bylines, sources and times.
var creditClass = goquery.Single(`[class*="byline" i], [class*="author" i], [class*="source" i], [class*="editor" i], [class*="dateline" i],
	[class*="pubtime" i], [class*="pub_time" i], [class*="publish" i], [class*="post-meta" i], [class*="article-info" i], [class*="info" i], [id*="source" i], [id*="author" i], [id*="editor" i], [class*="credit" i], [class*="date" i], [class*="time" i]`)

// otherArticles marks what shows other articles, whose credits are not ours.
var otherArticles = goquery.Single(`aside, nav, [class*="related" i], [class*="recommend" i], [class*="topnews" i], [class*="top-news" i],
	[class*="most-read" i], [class*="mostread" i], [class*="teaser" i], [class*="newsletter" i]`)

// creditLines are the visible lines that name who made the article, where it
// came from and when, in page order and each once.
func creditLines(doc *goquery.Document) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range doc.Find("p, div, span, address, li, td, em, h2, h3, h4, h5, figcaption").EachIter() {
		line, ok := brief(s.Nodes[0], maxCreditLine)
		if !ok || line == "" || !blockless(s.Nodes[0]) {
			continue
		}
		if !s.IsMatcher(creditClass) && !hasPrefixFold(line, creditWords...) && !datedCredit.MatchString(line) {
			line = photoCredit.FindString(line)
		}
		if line != "" && !seen[line] && !beside(s) {
			seen[line] = true
			out = append(out, line)
		}
		if len(out) == maxCreditLines {
			break
		}
	}
	return out
}

// blocks are the elements that begin a line of their own.
var blocks = map[string]bool{
	"p": true, "div": true, "li": true, "table": true, "h1": true, "h2": true, "article": true, "section": true,
	"script": true, "style": true, "form": true,
}

// blockless reports an element that is one line to the eye. It is asked only of
// what is brief.
func blockless(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && blocks[d.Data] {
			return false
		}
	}
	return true
}

// beside reports an element outside the article: in a footer of the page, in
// its navigation, or among other articles.
func beside(s *goquery.Selection) bool {
	footer := false
	for n := s.Nodes[0]; n != nil; n = n.Parent {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "article", n.Data == "main":
			footer = false // the article's own
		case n.Data == "footer":
			footer = true
		}
	}
	return footer || s.ClosestMatcher(otherArticles).Length() > 0
}

// datePattern finds a written date, with a time of day where one follows it.
var datePattern = regexp.MustCompile(`(?i)(?:\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}[./-]\d{1,2}[./-]\d{4}|(?:\d{1,2}\.?\s+)?\p{L}{3,10}\.?\s+(?:\d{1,2},?\s+)?\d{4})(?:[T,\s|·-]*(?:at |um |à )?\d{1,2}[:：h]\d{2}(?:[:：]\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s?(?:Z|[A-Z]{2,4}|[+-]\d{2}:?\d{2})\b)?)?`)

// visibleDates are the dates in a line of credits.
func visibleDates(line string) []string {
	return datePattern.FindAllString(line, 3)
}

// longestStep is the longest name of a section, in bytes.
const longestStep = 80

// breadcrumb is the path of headings above the article, widest first. Its ends,
// which are the site and the article itself, are no part of it.
func breadcrumb(doc *goquery.Document, ld linked, site, title string) []string {
	if list := steps(ld.breadcrumb(), site, title); list != nil {
		return list
	}
	for _, s := range doc.Find(`[class*="breadcrumb" i], [id*="breadcrumb" i], [class*="crumbs" i], [class*="position" i], [class*="path" i], .location`).EachIter() {
		if list := trail(briefOf(s, maxCreditLine), site, title); list != nil {
			return list
		}
	}
	for _, s := range doc.Find("div, p, span, nav").EachIter() {
		text, ok := ownText(s.Nodes[0], maxCreditLine)
		if ok && hasPrefixFold(text, "position:", "your position:", "location:", "您的位置", "当前位置", "您当前的位置", "正文位置") {
			if list := trail(briefOf(s, maxCreditLine), site, title); list != nil {
				return list
			}
		}
	}
	return nil
}

// trail splits "position: EnglishChannel > Cooperation > Article".
func trail(line, site, title string) []string {
	if strings.ContainsAny(line, "<={}") || !strings.ContainsAny(line, ">›»") { // markup that an old page shows as text
		return nil
	}
	parts := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(">›»", r) })
	if len(parts) > 0 {
		if i := strings.LastIndexAny(parts[0], ":："); i >= 0 {
			parts[0] = strings.TrimLeft(parts[0][i:], ":：")
		}
	}
	return steps(parts, site, title)
}

// steps leaves out of a path what names no section: its ends and repetitions.
// One step alone is no path.
func steps(parts []string, site, title string) []string {
	if len(parts) < 2 {
		return nil
	}
	var out []string
	for i, part := range parts {
		part = tidy(part)
		end := isEnd(part) || i == 0 && strings.EqualFold(part, site) || i == len(parts)-1 && strings.EqualFold(part, title)
		again := len(out) > 0 && out[len(out)-1] == part
		if part != "" && len(part) <= longestStep && !end && !again {
			out = append(out, part)
		}
	}
	return out
}

// isEnd reports the first or last step of a path: the site's front, or the
// article by its kind.
func isEnd(step string) bool {
	switch strings.ToLower(step) {
	case "article", "content", "text", "正文", "内容",
		"home", "homepage", "home page", "首页", "首頁", "ホーム", "홈", "accueil", "startseite", "inicio", "início", "главная":
		return true
	}
	return false
}
