package extract

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// longestStep is the longest name of a section, in bytes.
const longestStep = 80

// breadcrumb is the path of headings above the article, widest first. Its ends,
// which are the site and the article itself, are no part of it. It comes with
// the witness for it.
func breadcrumb(doc *goquery.Document, ld linked, site, title string) (path []string, witness string) {
	if list := steps(ld.breadcrumb(), site, title); list != nil {
		return list, "json-ld"
	}
	for _, s := range doc.Find(`[class*="breadcrumb" i], [id*="breadcrumb" i], [class*="crumbs" i], [class*="position" i], [class*="path" i], .location`).EachIter() {
		if list := trail(briefOf(s, maxCreditLine), site, title); list != nil {
			return list, "visible"
		}
	}
	for _, s := range doc.Find("div, p, span, nav").EachIter() {
		text, ok := ownText(s.Nodes[0], maxCreditLine)
		if ok && hasPrefixFold(text, wordsOfKind("trail")...) {
			if list := trail(briefOf(s, maxCreditLine), site, title); list != nil {
				return list, "visible"
			}
		}
	}
	return nil, ""
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
	return slices.Contains(wordsOfKind("trail-end"), strings.ToLower(step))
}
