package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"copydesk/aggregator/parse"
)

// shownPeople are the names above the text, and whether words such as "by" say
// that they are authors. Where nothing stands above, it is what signs the text.
func (p *page) shownPeople() ([]parse.Person, bool) {
	heading := 0
	if p.heading >= 0 {
		heading = p.outline.elements[p.heading].start
	}
	at := func(l line) int { return p.outline.elements[l.at].start }
	for _, where := range []func(line) bool{
		func(l line) bool { return l.head && at(l) >= heading },
		func(l line) bool { return l.head },
	} {
		if out, plainly := p.peopleIn(where); len(out) > 0 {
			return withoutLinked(out), plainly
		}
	}
	if out, plainly := p.peopleIn(func(l line) bool { return !l.head && l.by }); len(out) > 0 {
		return out, plainly
	}
	if out, _ := p.peopleIn(func(l line) bool { return !l.head && l.byline && (p.outline.inside(l.at, p.body) || p.closes(l.at)) }); len(out) > 0 {
		return out, false
	}
	return p.signature(), false
}

// withoutLinked leaves out the links of a line that says in brackets what who stands
// before them did.
func withoutLinked(list []parse.Person) []parse.Person {
	return slices.DeleteFunc(slices.Clone(list), func(who parse.Person) bool {
		return slices.ContainsFunc(list, func(line parse.Person) bool {
			return line.Name != who.Name && strings.HasSuffix(line.Name, ")") && strings.Contains(line.Name, who.Name)
		})
	})
}

// signature is the name that ends a text, set apart by its style, bold or to the
// right, by a dash or by brackets.
func (p *page) signature() []parse.Person {
	o := p.outline
	last := -1
	for i := max(p.closing, p.body); i < o.elements[p.body].end; i++ {
		if e := &o.elements[i]; e.own > 0 && !e.traits.has(around) && !inline[e.node.Data] {
			last = i
		}
	}
	if last < 0 || last == p.closing || o.elements[last].own > 40 || o.elements[last].linked > 0 {
		return nil
	}
	text, ok := brief(o.elements[last].node, 120)
	name := strings.TrimLeft(text, "—–― ")
	if inner, ok := strings.CutPrefix(text, "【"); ok && strings.HasSuffix(inner, "】") {
		name = strings.TrimSuffix(inner, "】")
	}
	dashed := name != text
	if text = name; !ok || !dashed && !p.setApart(last) || !holdsNames(text, false) || strings.ContainsAny(text, "0123456789:@(") || len(strings.Fields(text)) > 5 {
		return nil
	}
	return []parse.Person{{Name: text, Field: "signature", Role: "author"}}
}

// setApart reports a line that is bold or slanted as a whole, or stands to the
// right.
func (p *page) setApart(i int) bool {
	e := &p.outline.elements[i]
	if style := tight(attrOf(e.node, "style") + attrOf(e.node, "align")); strings.Contains(style, "right") {
		return true
	}
	for j := i + 1; j < e.end; j++ {
		switch inner := &p.outline.elements[j]; inner.node.Data {
		case "strong", "b", "em", "i":
			return inner.text >= e.text-1
		}
	}
	return false
}

// undated is a line without the date in it and what leads to that.
func undated(text string) string {
	loc := datePattern.FindStringIndex(text)
	dated := loc != nil && loc[0] > 0
	if dated {
		text = text[:loc[0]]
	}
	const marks = " ,،|·-–—•"
	text = handles.ReplaceAllString(strings.Replace(text, "︱", "：", 1), "")
	text = onDay.ReplaceAllString(strings.TrimRight(text, marks), "")
	if !dated {
		return strings.TrimRight(text, marks)
	}
	for _, day := range creditWords["weekday"] {
		text = strings.TrimSuffix(text, " "+day)
	}
	bare := strings.TrimRight(text, marks+":")
	for _, kind := range []string{"updated", "published"} {
		for _, w := range creditWords[kind] {
			if i := len(bare) - len(w); i > 0 && i < len(text) && strings.EqualFold(bare[i:], w) && strings.ContainsAny(bare[i-1:i], marks) {
				text = bare[:i] // at the longest of them
			}
		}
	}
	return strings.TrimRight(text, marks)
}

// onDay leads to a date: "on", "on Thu", "am Montag" stay behind when that is cut.
var onDay = pattern(`(?i)\s{on}(?:\s\p{L}{2,10})?$`)

// handles are names on social networks.
var handles = regexp.MustCompile(`\s?@\w+(?:\s|$)`)

// peopleIn are the names in some of the lines of credits.
func (p *page) peopleIn(where func(line) bool) (out []parse.Person, plainly bool) {
	for _, l := range p.lines {
		name := undated(l.text)
		if !where(l) || !l.by && !l.byline || p.captioned(l.at) || !holdsNames(name, l.by) || !l.by && p.ofPicture(l.at) {
			continue
		}
		if l.by != plainly && len(out) > 0 {
			if !l.by {
				continue
			}
			out = nil
		}
		plainly = l.by
		for _, who := range p.namesIn(l, name) {
			out = appendPerson(out, who)
		}
		if len(out) == 8 {
			break
		}
	}
	return leaner(out), plainly
}

// leaner leaves out lines that hold another and nothing else that names.
func leaner(list []parse.Person) []parse.Person {
	var out []parse.Person
	for _, whole := range list {
		if several.MatchString(whole.Name) || besides.MatchString(whole.Name) || !slices.ContainsFunc(list, func(part parse.Person) bool {
			return part.Name != whole.Name && len(letters(part.Name)) > 5 && strings.Contains(whole.Name, part.Name)
		}) {
			out = append(out, whole)
		}
	}
	return out
}

// besides leads to whom an author worked with, an agency mostly.
var besides = pattern(`\s{with}\s\p{Lu}`)

// infoLines are the lines of an article's facts above its text, which may name
// somebody without a word for it, beside a date or a job. Who reads them believes
// them only where they can be nothing else.
func (p *page) infoLines() []parse.Person {
	from := 0
	if p.heading >= 0 {
		from = p.outline.elements[p.heading].start
	}
	var out []parse.Person
	for _, l := range p.lines {
		e := &p.outline.elements[l.at]
		if l.head && e.start >= from && (e.traits.has(credits) || l.moment) && !l.credit && !p.captioned(l.at) {
			out = appendPerson(out, parse.Person{Name: l.text, Field: parse.InfoLine, Role: "author"})
		}
	}
	return out
}

// linkIn is the address of the only link in a line that may lead to whom it names.
func (p *page) linkIn(l line) string {
	upToOutlet := l.text[:max(p.outletEnd(l.at, l.text), 0)]
	address, met := "", 0
	for j := l.at; j < p.outline.elements[l.at].end; j++ {
		if n := p.outline.elements[j].node; n.Data == "a" && !leadsToOutlet(n, l.text, upToOutlet) {
			address = attrOf(n, "href")
			met++
		}
	}
	if met != 1 || strings.HasPrefix(address, "mailto:") || strings.HasPrefix(address, "#") {
		return ""
	}
	return address
}

// leadsToOutlet reports a link in a line that is the outlet's: it ends what the line
// says as far as that, or leads to the front of a site behind a name.
func leadsToOutlet(n *html.Node, line, upToOutlet string) bool {
	text, ok := brief(n, longestOrigin)
	if !ok || text == "" {
		return false
	}
	return strings.HasSuffix(upToOutlet, text) || isFront(attrOf(n, "href")) && !strings.HasPrefix(wordless(line), text)
}

// holdsNames reports a line that may hold nothing but names and what goes with
// them: short, no sentence, none of the lines that stand around articles, and in
// scripts with capitals mostly those. A line that says "by" may hold more.
func holdsNames(text string, worded bool) bool {
	if len(text) > 200 || strings.ContainsAny(text, "?!。؟") {
		return false
	}
	posted := startsWith(strings.ToLower(text), creditWords["correspondent"])
	if worded && !posted {
		text = wordless(text)
	}
	lower := strings.ToLower(text)
	if startsWith(lower, lineWords["noise"]) || startsWith(lower, lineWords["heading"]) {
		return false
	}
	n := initialsOf(text)
	switch {
	case n.words == 0:
		return false
	case !n.cased:
		return utf8.RuneCountInString(text) <= 40 || worded
	case worded:
		return (n.first || posted) && n.words <= 24 && 5*n.capitals >= 2*n.words
	}
	return n.capitals >= 2 && n.words <= 12 && 3*n.capitals >= 2*n.words-1
}

// initials are how many words open with a letter, and with a capital.
type initials struct {
	words, capitals int
	first, cased    bool // the first with a capital; in a script that has those
}

func initialsOf(text string) (n initials) {
	for w := range strings.FieldsSeq(text) {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "(\"“'‘[@"))
		if !unicode.IsLetter(r) {
			continue
		}
		if n.words++; unicode.IsUpper(r) {
			n.capitals++
			n.first = n.first || n.words == 1
		}
		n.cased = n.cased || unicode.IsUpper(r) || unicode.IsLower(r)
	}
	return n
}

// wordless is a line without the word for who wrote it that opens it.
func wordless(text string) string {
	lower := strings.ToLower(text)
	for _, w := range creditWords["by"] {
		if i := strings.Index(lower, strings.TrimSpace(w)); i >= 0 && i <= 4 && len(lower) == len(text) {
			return strings.TrimLeft(text[i+len(strings.TrimSpace(w)):], " :：/／|")
		}
	}
	return text
}
