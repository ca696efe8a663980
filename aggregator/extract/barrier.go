package extract

import (
	_ "embed"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"copydesk/aggregator/parse"
)

//go:embed data/barriers.tsv
var barrierTable string

// barrierWords are what gives a barrier away, by its kind and where it stands.
var barrierWords = wordsByKind(barrierTable)

// barrierWarnings tell an operator of a barrier.
var barrierWarnings = map[parse.Barrier]string{
	parse.Paywall:     "the page says that its text is not free to read; it may hold only the beginning",
	parse.ConsentWall: "the page asks for consent first, and shows no article before that",
	parse.NotFound:    "the page says that there is no such article, whatever its server answered",
	parse.Listing:     "the page lists articles and is none itself; no text was taken from it",
}

// fewWords is what a page that shows an article has more text than.
const fewWords = 1200

// barrier is what keeps the page from showing its article, and what tells. A
// page with a long text shows it, whatever else stands there, unless it says for
// machines that the text is not free.
func (p *page) barrier(title string) (parse.Barrier, string) {
	if sign := p.consent(title); sign != "" {
		return parse.ConsentWall, sign
	}
	if sign := p.missing(title); sign != "" {
		return parse.NotFound, sign
	}
	if p.listing() {
		return parse.Listing, "json-ld"
	}
	switch tier := strings.ToLower(p.meta.first("article:content_tier")); {
	case p.ld.paid():
		return parse.Paywall, "json-ld isAccessibleForFree"
	case tier == "locked":
		return parse.Paywall, "meta article:content_tier"
	case p.shown() >= 2*fewWords:
		return "", ""
	}
	if sign := p.breaksOff(); sign != "" {
		return parse.Paywall, sign
	}
	if p.shown() >= fewWords {
		return "", ""
	}
	text, _ := brief(p.doc.Nodes[0], 64<<10)
	text = strings.ToLower(text)
	for _, words := range barrierWords["paywall text"] {
		if strings.Contains(text, words) {
			return parse.Paywall, fmt.Sprintf("the words %q", words)
		}
	}
	return "", ""
}

// ending is how far from the end of a text the words stand that say that it
// goes on for those who pay, to either side, and longestOffer what a line of
// such words weighs at most.
const ending, longestOffer = 300, 200

// breaksOff is what tells that a text ends with an offer to read on: words for
// that, or a button to subscribe. A button for something else than articles, a
// newsletter say, is none.
func (p *page) breaksOff() string {
	body := p.outline.elements[p.body]
	end := body.start + body.text
	button := ""
	for i := range p.outline.elements {
		e := &p.outline.elements[i]
		if e.text == 0 || e.text > longestOffer || e.start+e.text < end-ending || e.start > end+ending || e.start < body.start || p.framed(i) {
			continue
		}
		line, _ := brief(e.node, 4*longestOffer)
		line = strings.Trim(folded(line), " .!:›»>→…")
		if words := holds(line, barrierWords["paywall end"]); words != "" {
			return fmt.Sprintf("the words %q at the end of its text", words)
		}
		if holds(line, barrierWords["paywall other"]) != "" {
			return ""
		}
		if slices.Contains(barrierWords["paywall button"], line) {
			button = fmt.Sprintf("the button %q at the end of its text", line)
		}
	}
	return button
}

// framed reports an element of what stands around all pages of a site.
func (p *page) framed(i int) bool {
	for ; i >= 0; i = p.outline.elements[i].parent {
		switch p.outline.elements[i].node.Data {
		case "nav", "footer", "header":
			return true
		}
	}
	return false
}

// shown is what the text that the page shows weighs.
func (p *page) shown() int { return p.outline.elements[p.body].text }

func (p *page) consent(title string) string {
	u, err := url.Parse(p.opt.URL)
	if err != nil {
		return ""
	}
	host, path := strings.ToLower(u.Hostname()), strings.ToLower(u.Path)
	for _, words := range barrierWords["consent host"] {
		if strings.HasPrefix(host, words) {
			return "its host " + host
		}
	}
	for _, words := range barrierWords["consent path"] {
		if strings.Contains(path, words) {
			return "its address " + path
		}
	}
	for _, t := range p.titles(title) {
		for _, words := range barrierWords["consent title"] {
			if strings.HasPrefix(t, words) && p.shown() < 4*fewWords {
				return fmt.Sprintf("its title %q", t)
			}
		}
	}
	return p.consenting(title, path)
}

// consenting is what tells that a page asks for consent whose host and title do
// not say so by themselves. An article about consent has more text, or says for
// machines that it is one.
func (p *page) consenting(title, path string) string {
	steps := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/.", r) })
	if p.shown() < 4*fewWords && !p.declared() && len(steps) > 0 && slices.Contains(barrierWords["consent step"], steps[0]) {
		return "its address " + path
	}
	if p.shown() >= 2*fewWords {
		return ""
	}
	if sign := p.asks(); sign != "" || p.declared() {
		return sign
	}
	for _, t := range p.titles(title) {
		if slices.Contains(barrierWords["consent whole"], strings.Trim(t, " .!:-–—|")) || holds(t, barrierWords["consent within"]) != "" {
			return fmt.Sprintf("its title %q", t)
		}
	}
	return ""
}

// opening is how much of a text a page that asks for consent needs to ask, in
// bytes.
const opening = 900

// asks is what tells that the page's text itself asks for consent: it begins
// with such words, or has two kinds of them near its beginning, as no short
// article has. One that calls itself an article must do both.
func (p *page) asks() string {
	text, _ := brief(p.outline.elements[p.body].node, 16<<10)
	text = folded(text)
	start := slices.ContainsFunc(barrierWords["consent start"], func(words string) bool { return strings.HasPrefix(text, words) })
	first, second := firstTwo(text[:min(len(text), opening)], barrierWords["consent text"])
	switch declared := p.declared(); {
	case declared && !(start && second != ""):
		return ""
	case second != "":
		return fmt.Sprintf("the words %q and %q", first, second)
	case start:
		return "how its text begins"
	}
	return ""
}

// firstTwo are the first two of words that text has in it, of which neither is
// a part of the other.
func firstTwo(text string, words []string) (first, second string) {
	for _, w := range words {
		switch {
		case !strings.Contains(text, w):
		case first == "":
			first = w
		case !strings.Contains(first, w) && !strings.Contains(w, first):
			return first, w
		}
	}
	return first, ""
}

// declared reports a page that says for machines that it is an article.
func (p *page) declared() bool {
	return p.meta.first("article:published_time") != "" || p.ld.article != nil
}

// folded is text as the words of the table are written.
func folded(text string) string {
	return strings.ReplaceAll(strings.ToLower(text), "’", "'")
}

// holds is the first of words that text has in it.
func holds(text string, words []string) string {
	for _, w := range words {
		if strings.Contains(text, w) {
			return w
		}
	}
	return ""
}

// missing is what tells that there is no such article although the server said
// 200: a title that says so, or the front page in its place. A page that calls
// itself an article, or shows one, may well name a wrong canonical address.
func (p *page) missing(title string) string {
	if p.shown() < fewWords {
		for _, t := range p.titles(title) {
			if slices.Contains(barrierWords["missing title"], strings.Trim(t, " .!:-–—|")) {
				return fmt.Sprintf("its title %q", t)
			}
		}
	}
	own, err := url.Parse(p.opt.URL)
	if err != nil || p.canonical == "" || p.meta.first("og:type") == "article" || p.runs() || strings.Trim(own.Path, "/") == "" && own.RawQuery == "" {
		return ""
	}
	if to, err := own.Parse(p.canonical); err == nil && strings.Trim(to.Path, "/") == "" && to.RawQuery == "" {
		return "its canonical address, which is the front page"
	}
	return ""
}

// runs reports a page that shows a text of some length in which little is links,
// as in the lists of a front page.
func (p *page) runs() bool {
	e := p.outline.elements[p.body]
	return e.text >= fewWords && 4*e.anchors < e.text && !p.listing()
}

// titles are what may say what the page is, in small letters: its title, its
// first heading, and each side of its title element.
func (p *page) titles(title string) []string {
	list := []string{title, p.firstHeading()}
	for _, t := range p.headTitles() {
		list = append(list, t.value)
	}
	whole := tidy(p.doc.Find("title").First().Text())
	list = append(list, whole)
	for _, mark := range []string{" | ", " - ", " – ", " — ", " :: "} {
		if before, _, ok := strings.Cut(whole, mark); ok {
			list = append(list, before)
		}
	}
	for i := range list {
		list[i] = strings.ToLower(strings.TrimSpace(list[i]))
	}
	return list
}
