package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// A standing is where on the page a date stands, as far as that tells whether it
// is the article's.
type standing int

const (
	nearText  standing = iota // between heading and text, or in the lines of credits
	aboveHead                 // above the heading, in what belongs to that
	atTop                     // above the heading, where sites show the day of the visit, too
	belowText                 // below the text
	masthead                  // in the head of the site
	inList                    // in one of several things with dates, or in what another has written
	midText                   // where the text is under way
	inTitle                   // in the headline
)

func (s standing) String() string {
	return [...]string{"near the text", "above the heading", "at the top", "below the text", "in the head of the site", "among others", "in the midst of the text", "in the headline"}[s]
}

// elsewhere reports a place whose dates are not the article's.
func (s standing) elsewhere() bool { return s >= masthead }

// standing tells where element i stands.
func (p *page) standing(i int) standing {
	o := p.outline
	start := o.elements[i].start
	switch {
	case p.inHeading(i):
		return inTitle
	case p.quoted(i), p.recurs(i), p.headsText(i):
		return inList
	case start > p.zone().begins+longestStandfirst && p.closing >= 0 && start < o.elements[p.closing].start && !o.elements[i].traits.has(credits):
		return midText
	case start > p.zone().begins:
		if o.inside(i, p.body) {
			return nearText
		}
		return belowText
	case p.titled >= 0 && start < o.elements[p.titled].start:
		return p.above(i, p.titled)
	case p.titled < 0 && !o.inside(i, p.body):
		return max(p.above(i, p.body), atTop)
	}
	return nearText
}

// inHeading reports an element of the heading, or that shows the headline again.
func (p *page) inHeading(i int) bool {
	if p.titled >= 0 && p.outline.inside(i, p.titled) {
		return true
	}
	text, ok := brief(p.outline.elements[i].node, longestTitle)
	return ok && text != "" && letters(text) == letters(p.headline)
}

// above tells of an element before the heading, or before the text where there is
// none, whether it belongs to that.
func (p *page) above(i, heading int) standing {
	o := p.outline
	block, header := i, false // the outermost element around it without the heading
	for at := i; at >= 0 && !o.inside(heading, at); at = o.elements[at].parent {
		if o.elements[at].traits.has(heads) {
			return masthead
		}
		header = header || o.elements[at].node.Data == "header"
		block = at
	}
	switch shared := o.elements[block].parent; {
	case p.titled == heading && p.within(shared, "article"):
		return aboveHead
	case p.titled == heading && p.within(shared, "main"):
	case header, o.elements[block].traits.has(around), p.namesSite(block, i), p.links(o.elements[i].end, heading) > mostLinks:
		return masthead
	}
	return atTop
}

// within reports an element in one of a name, or in one that calls itself the body
// of an article.
func (p *page) within(i int, name string) bool {
	for ; i >= 0; i = p.outline.elements[i].parent {
		if e := &p.outline.elements[i]; e.node.Data == name || e.traits.has(named) {
			return true
		}
	}
	return false
}

// mostLinks is what weighs less in links than a menu.
const mostLinks = 60

// links is the weight of what is in links between two elements.
func (p *page) links(from, to int) (weight int) {
	for j := from; j < to; j++ {
		if e := &p.outline.elements[j]; e.node.Data == "a" {
			weight += e.text
		}
	}
	return weight
}

// namesSite reports an element that names the site beside the date in element date:
// it holds a link to its front, or a picture and nothing else.
func (p *page) namesSite(i, date int) bool {
	o := p.outline
	alone := o.elements[i].text <= o.elements[date].text+shortestLine/4
	return first(o.elements[i].node, func(n *html.Node) bool {
		href := attrOf(n, "href")
		return n.Data == "img" && alone || n.Data == "a" && href != "" && !strings.HasPrefix(href, "#") && isFront(href)
	}) != nil
}

// recurs reports an element in one of several blocks that are built alike and show
// a date each: other articles, events or comments.
func (p *page) recurs(i int) bool {
	o := p.outline
	for at := i; at > 0 && !o.inside(p.body, at) && (p.titled < 0 || !o.inside(p.titled, at)); at = o.elements[at].parent {
		e := &o.elements[at]
		if begins := p.zone().begins; e.start <= begins && begins < e.start+e.text { // it holds the text
			return false
		}
		if inline[e.node.Data] {
			continue
		}
		own, ok := datedBlock(e.node)
		if !ok {
			continue
		}
		for _, n := range neighbours(e.node) {
			j, seen := o.at[n]
			other, ok := datedBlock(n)
			if seen && ok && n.Data == e.node.Data && attrOf(n, "class") == attrOf(e.node, "class") && !strings.HasPrefix(own, other) && !strings.HasPrefix(other, own) && p.tellsDate(j) {
				return true
			}
		}
	}
	return false
}

// datedBlock is the date that a block shows, where that is none of a pair, of
// appearance and of change.
func datedBlock(n *html.Node) (date string, ok bool) {
	text, short := briefParted(n, 2*maxCreditLine)
	if !short || !strings.ContainsAny(text, "0123456789") {
		return "", false
	}
	loc := datePattern.FindStringIndex(text)
	if loc == nil || isChange(text[:loc[0]]) || startsWith(strings.ToLower(text), creditWords["published"]) {
		return "", false
	}
	return text[loc[0]:loc[1]], true
}

// tellsDate reports an element that is there to tell a date, or holds one.
func (p *page) tellsDate(i int) bool {
	for j := i; j < p.outline.elements[i].end; j++ {
		text, ok := ownText(p.outline.elements[j].node, maxCreditLine)
		if !ok || !strings.ContainsAny(text, "0123456789") {
			continue
		}
		if loc := datePattern.FindStringIndex(text); loc != nil && !p.printedIn(line{at: j, text: text}, 0, loc).mentioned() {
			return true
		}
	}
	return false
}

// quoted reports an element in a quotation: what others posted has its own dates.
func (p *page) quoted(i int) bool {
	for at := i; at > p.body; at = p.outline.elements[at].parent {
		if p.outline.elements[at].node.Data == "blockquote" {
			return true
		}
	}
	return false
}

// headsText reports an element below the article's text, or far down in it, that
// stands above another: a comment, or the teaser of another article.
func (p *page) headsText(i int) bool {
	o := p.outline
	if o.elements[i].start < p.zone().begins+longestStandfirst {
		return false
	}
	at := o.elements[i].parent
	for steps := 0; steps < 3 && at > p.body && at > 0; steps++ {
		if p.titled >= 0 && o.inside(p.titled, at) || o.inside(p.body, at) || o.elements[at].sentences > 3 {
			return false
		}
		for j := o.elements[i].end; j < o.elements[at].end; j++ {
			if o.elements[j].sentences > 0 && o.elements[j].own > shortestLine/2 {
				return true
			}
		}
		at = o.elements[at].parent
	}
	return false
}

// longestStandfirst is the weight of what may stand above an article's text and
// below its headline, and be running text itself.
const longestStandfirst = 350

// neighbours are the elements right before and behind another.
func neighbours(n *html.Node) (out []*html.Node) {
	before, behind := n.PrevSibling, n.NextSibling
	for before != nil && before.Type != html.ElementNode {
		before = before.PrevSibling
	}
	for behind != nil && behind.Type != html.ElementNode {
		behind = behind.NextSibling
	}
	for _, n := range []*html.Node{before, behind} {
		if n != nil {
			out = append(out, n)
		}
	}
	return out
}

// shownTitle is the element that shows the headline: the heading, else the last
// before the text that says the same; -1 when none does.
func (p *page) shownTitle() int {
	if p.heading >= 0 || p.headline == "" {
		return p.heading
	}
	o, found := p.outline, -1
	weight, _ := weigh(p.headline)
	want, until := letters(p.headline), o.elements[p.body].start+creditsInside
	for i := range o.elements {
		e := &o.elements[i]
		if e.start > until {
			break
		}
		if e.text < weight || e.text > weight+8 || found >= 0 && o.inside(i, found) {
			continue
		}
		if text, ok := brief(e.node, longestTitle); ok && letters(text) == want {
			found = i
		}
	}
	return found
}
