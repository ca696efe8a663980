package extract

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"copydesk/aggregator/parse"
)

const (
	longestNames    = 150 // weight of an element that may hold nothing but who wrote the article
	longestName     = 40  // bytes of a name in a link, in one-byte letters
	bylineAncestors = 4
	closingNames    = 100 // weight of what may stand between the text and who wrote it
)

// leadsToAuthor reports a link to the page of somebody who writes for the site,
// with a name for its text.
func (p *page) leadsToAuthor(i int, text string) bool {
	n := p.outline.elements[i].node
	if n.Data != "a" || utf8.RuneCountInString(text) > longestName || len(strings.Fields(text)) > 5 || !holdsNames(text, false) {
		return false
	}
	u, err := url.Parse(attrOf(n, "href"))
	if err != nil {
		return false
	}
	steps := strings.Split(strings.Trim(strings.ToLower(u.Path), "/"), "/")
	for _, step := range steps[:len(steps)-1] {
		if authorSteps[step] {
			return true
		}
	}
	return false
}

// withoutPlace is a line without the place that a dash parts from the last name,
// or without the one word that follows the link to an author with no blank
// between, and is set apart from it only by style.
func (p *page) withoutPlace(i int, text string) string {
	if name, place, ok := strings.Cut(text, " — "); ok && !several.MatchString(place) && strings.ToUpper(place) != place && holdsNames(name, true) && !strings.ContainsFunc(place, unicode.IsDigit) {
		text = name
	}
	for j := i + 1; j < p.outline.elements[i].end; j++ {
		n := p.outline.elements[j].node
		if n.Data != "a" || n.NextSibling == nil || n.NextSibling.Type != html.TextNode {
			continue
		}
		word, _, _ := strings.Cut(n.NextSibling.Data, " ")
		name, ok := brief(n, longestNames)
		if r, _ := utf8.DecodeRuneInString(word); ok && unicode.IsUpper(r) && p.leadsToAuthor(j, name) {
			text = strings.Replace(text, name+" "+word, name, 1)
		}
	}
	return text
}

// linksApart is a line with a bar between the link to a name and the link to
// something else that follows it, where only style parts the two: "Ann Lee Sport".
func (p *page) linksApart(i int, text string) string {
	o := p.outline
	for j := i + 1; j < o.elements[i].end; j++ {
		link := &o.elements[j]
		if link.node.Data != "a" || link.end >= o.elements[i].end {
			continue
		}
		next := &o.elements[link.end]
		if next.node.Data != "a" || next.start > link.start+link.text || attrOf(next.node, "href") == attrOf(link.node, "href") {
			continue
		}
		name, ok := brief(link.node, longestNames)
		label, short := brief(next.node, longestNames)
		if ok && short && holdsNames(name, false) {
			text = strings.Replace(text, name+" "+label, name+" | "+label, 1)
		}
	}
	return text
}

// namedIn reports the line that names somebody in an element for bylines that
// has several: the first, with roles and addresses below it, and the first of
// each of its members.
func (p *page) namedIn(i int, text string) bool {
	o := p.outline
	if inline[o.elements[i].node.Data] && o.elements[o.elements[i].parent].text == o.elements[i].text {
		return false // the element around it is the line
	}
	box := p.bylineBox(i)
	if box < 0 {
		return false
	}
	for j := i; j < o.elements[i].end; j++ {
		if o.elements[j].traits.has(around) {
			return false // buttons
		}
	}
	for at := i; at != box; at = o.elements[at].parent {
		if !p.firstNamed(at) {
			return false
		}
	}
	return holdsNames(text, false)
}

// bylineBox is the element for bylines around i that is no line itself and holds
// little else; -1 when there is none.
func (p *page) bylineBox(i int) int {
	o := p.outline
	for steps := 0; steps < bylineAncestors; steps++ {
		i = o.elements[i].parent
		if i < 0 || o.elements[i].text > longestNames {
			return -1
		}
		if o.elements[i].traits.has(bylines) && !p.blockless(i) {
			return i
		}
	}
	return -1
}

// besideName reports the line behind the one that names somebody in an element for
// bylines: the outlet's, mostly.
func (p *page) besideName(i int) bool {
	n := p.outline.elements[i].node
	if inline[n.Data] || p.bylineBox(i) < 0 {
		return false
	}
	for n = n.PrevSibling; n != nil && n.Type != html.ElementNode; n = n.PrevSibling {
		if n.Type == html.TextNode && tidy(n.Data) != "" {
			return false
		}
	}
	at, ok := p.outline.at[n]
	if !ok {
		return false
	}
	text, ok := brief(n, maxCreditLine)
	return ok && p.namedIn(at, text)
}

// firstNamed reports an element before which no other in its parent may be a
// name, apart from those built as it is.
func (p *page) firstNamed(i int) bool {
	own := p.outline.elements[i].node
	for n, steps := own.PrevSibling, 0; n != nil; n, steps = n.PrevSibling, steps+1 {
		if steps == 2*longestName {
			return false
		}
		if n.Data == own.Data && (n.Data == "li" || attrOf(n, "class") != "" && attrOf(n, "class") == attrOf(own, "class")) {
			continue
		}
		if text, ok := brief(n, maxCreditLine); !ok || text != "" && holdsNames(text, false) {
			return false
		}
	}
	return true
}

// namesIn are those whom a line names: those in its links to authors' pages,
// where it goes on to something that is no name but that of the site; or the line
// as it is, without what its outlet adds.
func (p *page) namesIn(l line, name string) []parse.Person {
	var out []parse.Person
	rest := name
	for j := l.at + 1; j < p.outline.elements[l.at].end; j++ {
		text, ok := brief(p.outline.elements[j].node, maxCreditLine)
		if !ok || text == "" || !strings.Contains(rest, text) || !p.leadsToAuthor(j, text) {
			continue
		}
		rest = strings.Replace(rest, text, "", 1)
		out = appendPerson(out, parse.Person{Name: text, Field: "byline", Role: "author", URL: attrOf(p.outline.elements[j].node, "href")})
	}
	rest = tidy(wordless(rest))
	if len(out) > 0 && letters(joins.ReplaceAllString(" "+rest+" ", "")) != "" && (p.isSite(rest) || !strings.ContainsFunc(rest, unicode.IsUpper) && !several.MatchString(rest)) {
		return out
	}
	role := "author"
	if bare, ok := withoutWord(name, creditWords["photographer"]); ok && !several.MatchString(bare) {
		name, role = bare, "photographer"
	}
	return []parse.Person{{Name: p.withoutOutlet(name), Field: "byline", Role: role, URL: p.linkIn(l)}}
}

// withoutWord is a line without the one of some words that it ends with, where
// that is no part of a longer one.
func withoutWord(line string, words []string) (string, bool) {
	for _, w := range words {
		at := len(line) - len(w)
		if at <= 0 || !strings.EqualFold(line[at:], w) {
			continue
		}
		if r, _ := utf8.DecodeLastRuneInString(line[:at]); !unicode.IsLetter(r) || wide(r) {
			return strings.TrimRight(line[:at], " ,|/-–—(:"), true
		}
	}
	return line, false
}

// ofPicture reports a name in a line that says whose picture something is.
func (p *page) ofPicture(i int) bool {
	for steps := 0; i > 0 && steps < 3 && p.outline.elements[i].text <= longestNames; steps++ {
		if text, ok := brief(p.outline.elements[i].node, maxCreditLine); ok && startsWith(strings.ToLower(text), creditWords["photo"]) {
			return true
		}
		i = p.outline.elements[i].parent
	}
	return false
}

// withoutOutlet is a line of names without the site's own behind them and the
// place that goes with it: "Ann Lee, Coast Herald — Harbour", "Ann Lee / Coast".
func (p *page) withoutOutlet(name string) string {
	for i, r := range name {
		if i == 0 || r != ',' && r != '/' {
			continue
		}
		outlet, place, placed := strings.Cut(name[i+1:], " — ")
		first, _, _ := strings.Cut(tidy(outlet), " ")
		site := p.isSite(outlet) || letters(first) != "" && letters(first) == letters(p.site)
		if site && (r == '/' && !placed || placed && !several.MatchString(place)) {
			return strings.TrimRight(name[:i], " ")
		}
	}
	return name
}

// closes reports an element that stands right behind the text, in no block that
// leads to another article.
func (p *page) closes(i int) bool {
	o, near := p.outline, p.zone()
	if o.elements[i].start < near.ends || o.elements[i].start > near.ends+closingNames {
		return false
	}
	for at, steps := i, 0; at > 0 && steps < bylineAncestors && !o.inside(p.body, at); at, steps = o.elements[at].parent, steps+1 {
		if o.elements[at].anchors > 2*longestName {
			return false
		}
	}
	return true
}

// joins are the words between two names, in the commonest languages.
var joins = pattern(`(?i)(?:[,;、&/|，]|\s{and}\s)+`)
