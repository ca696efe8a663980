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
var barrierWords = func() map[string][]string {
	out := map[string][]string{}
	for row := range strings.Lines(barrierTable) {
		if f := strings.Split(strings.TrimSpace(row), "\t"); len(f) == 3 && !strings.HasPrefix(row, "#") {
			out[f[0]+" "+f[1]] = append(out[f[0]+" "+f[1]], strings.Split(f[2], "|")...)
		}
	}
	return out
}()

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
	case p.shown() >= fewWords:
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
	return ""
}

// missing is what tells that there is no such article although the server said
// 200: a title that says so, or the front page in its place. A page that calls
// itself an article may well name a wrong canonical address.
func (p *page) missing(title string) string {
	if p.shown() < fewWords {
		for _, t := range p.titles(title) {
			if slices.Contains(barrierWords["missing title"], strings.Trim(t, " .!:-–—|")) {
				return fmt.Sprintf("its title %q", t)
			}
		}
	}
	own, err := url.Parse(p.opt.URL)
	if err != nil || p.canonical == "" || p.meta.first("og:type") == "article" || strings.Trim(own.Path, "/") == "" && own.RawQuery == "" {
		return ""
	}
	if to, err := own.Parse(p.canonical); err == nil && strings.Trim(to.Path, "/") == "" && to.RawQuery == "" {
		return "its canonical address, which is the front page"
	}
	return ""
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
