package extract

import (
	"regexp"
	"slices"
	"strings"

	"copydesk/aggregator/parse"
)

// dateline is the moment that opens a text, behind a place or alone, with a dash or
// a colon behind it: "LONDON, March 12, 2019 —".
func (p *page) dateline() (stamp, bool) {
	text := p.opening()
	loc := datePattern.FindStringIndex(text[:min(len(text), longestDateline)])
	if loc == nil {
		return stamp{}, false
	}
	place, behind := text[:loc[0]], text[loc[1]:]
	if mark := strings.TrimLeft(datelineAgency.ReplaceAllString(behind, ""), " ),"); strings.TrimLeft(mark, ":-–—") == mark || plainWords(strings.NewReplacer("(", " ", ")", " ", "--", " ").Replace(place)) > 0 || strings.ContainsAny(place, ":!?") {
		return stamp{}, false
	}
	return newStamp("published", "dateline", strings.Trim(text[loc[0]:loc[1]], marksOfDate), true), true
}

// longestDateline is how far into a text its date can reach, in bytes.
const longestDateline = 140

// datelineAgency is an agency between a date and the dash behind it.
var datelineAgency = regexp.MustCompile(`^\)?,?\s*(?:\([^()]{2,40}\)|/[^/]{2,40}/)`)

// opening is how the running text begins.
func (p *page) opening() string {
	i := p.openingElement()
	if i < 0 {
		return ""
	}
	r := briefReader{bytes: 2 * maxCreditLine, nodes: maxCreditLine, parted: true}
	r.read(p.outline.elements[i].node) // as far as it goes
	return tidy(r.text.String())
}

// openingElement is the first with running text of its own; -1 when there is none.
func (p *page) openingElement() int {
	for i := p.body; i < p.outline.elements[p.body].end; i++ {
		e := &p.outline.elements[i]
		if e.traits.has(around) {
			i = e.end - 1
			continue
		}
		if e.own >= shortestLine && e.sentences > 0 && !p.captioned(i) && (p.titled < 0 || !p.outline.inside(i, p.titled)) {
			return i
		}
	}
	return -1
}

// openingStamps are the date among the first lines of a text that only line breaks
// part from it, behind the headline where that is one of them.
func (p *page) openingStamps() []stamp {
	i := p.openingElement()
	if i < 0 {
		return nil
	}
	r := lineReader{page: p}
	r.walk(p.outline.elements[i].node)
	lines := r.lines
	if at := slices.IndexFunc(lines, func(text string) bool { return letters(text) == letters(p.headline) }); at >= 0 {
		lines = lines[at+1:]
	}
	for _, text := range lines[:min(len(lines), 4)] {
		if len(text) > longestNames {
			return nil
		}
		if loc := datePattern.FindStringIndex(text); loc != nil && !isChange(text[:loc[0]]) && !p.printedIn(line{at: i, text: text}, 0, loc).mentioned() {
			s := newStamp(parse.Unlabelled, "visible", strings.Trim(text[loc[0]:loc[1]], marksOfDate), true)
			s.visit = true
			return []stamp{s}
		}
	}
	return nil
}

// closingStamps are the dates of lines right behind the text that say little else.
func (p *page) closingStamps() []stamp {
	var out []stamp
	o := p.outline
	for i := max(p.closing, p.body); i < len(o.elements) && len(out) == 0; i++ {
		e := &o.elements[i]
		switch {
		case e.start > p.zone().ends+closingNames, isHeading[e.node.Data] && i > p.closing && e.text > 0: // of another matter
			return nil
		case p.notOurs(i):
			i = e.end - 1
			continue
		case !e.oneLine() || !p.closes(i) || p.elsewhere(i) || p.captioned(i):
			continue
		}
		raw, ok := p.closingDate(i)
		if !ok || p.standing(i).elsewhere() {
			continue
		}
		s := newStamp(parse.Unlabelled, "visible", raw, true)
		s.visit = true
		out = append(out, s)
	}
	return out
}

// closingDate is the date that element i tells, and says next to nothing beside.
func (p *page) closingDate(i int) (raw string, ok bool) {
	n := p.outline.elements[i].node
	if at := attrOf(n, "datetime"); n.Data == "time" && at != "" {
		return at, len(at) < 100 && !p.spokenOf(i)
	}
	text, ok := briefParted(n, longestNames)
	loc := datePattern.FindStringIndex(text)
	if !ok || loc == nil || isChange(text[:loc[0]]) {
		return "", false
	}
	d := p.printedIn(line{at: i, text: text}, 0, loc)
	return strings.Trim(d.date, marksOfDate), !d.mentioned() && plainWords(d.before+" "+d.after) < 2
}
