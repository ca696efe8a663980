package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"copydesk/aggregator/parse"
)

// lenders are those whom pictures are credited to, with a word for it or without:
// "Ola Nord/Coast Photo" in an element of its own, "Foto: Ola Nord", "(Ola Nord
// for The Herald)" or "© Ola Nord/Coast" at the end of a caption.
func (p *page) lenders() []parse.Person {
	var out []parse.Person
	add := func(name string) {
		if body, person, ok := strings.Cut(name, "/"); ok && p.isSite(body) {
			name = person
		}
		if name == "" || p.lentInLine(name) {
			return
		}
		out = appendPerson(out, parse.Person{Name: p.withoutOutlet(strings.Trim(name, "()（）[] ")), Field: "picture", Role: "photographer"})
	}
	for _, l := range p.lines {
		if p.lends(l) {
			add(withoutPhotoWord(l.text))
		}
	}
	o := p.outline
	for i := 0; i < len(o.elements) && len(out) < maxValues; i++ {
		e := &o.elements[i]
		switch {
		case p.notOurs(i):
			i = e.end - 1
		case e.text == 0 || e.text > longestCaption || p.beyondText(i):
		case p.pictureBox(i):
			for _, name := range p.creditsUnder(i) {
				add(name)
			}
			i = e.end - 1
		case paragraph[e.node.Data] && e.own == e.text:
			add(lenderAtEnd(e.node))
		}
	}
	return out
}

// lentInLine reports a name that a line of credits gives for a picture's.
func (p *page) lentInLine(name string) bool {
	return slices.ContainsFunc(p.lines, func(l line) bool { return l.credit && strings.Contains(l.text, name) && ofPhoto(l.text) })
}

// lenderAtEnd is whom the end of a paragraph credits a picture to.
func lenderAtEnd(n *html.Node) string {
	text, ok := brief(n, 2*maxCreditLine)
	if !ok || !strings.ContainsAny(text[max(len(text)-longestNames, 0):], ":：") {
		return ""
	}
	return wordedEnd(text, ":：")
}

// lends reports a line that is a picture's credit by where it stands alone.
func (p *page) lends(l line) bool {
	return !l.credit && p.captioned(l.at) && p.outline.elements[l.at].traits.has(credits) && !creditInside(l.text) && !datePattern.MatchString(l.text)
}

// ofPhoto reports a line of credits that says plainly that they are a picture's.
func ofPhoto(text string) bool {
	return wordedEnd(text, ":：/／") != "" || photoCredit.MatchString(text)
}

// pictureBox reports an element that holds a picture with the lines on it, or is
// named for those.
func (p *page) pictureBox(i int) bool {
	o := p.outline
	e := &o.elements[i]
	if e.node.Data == "figure" || e.node.Data == "figcaption" || e.traits.has(captions) {
		return true
	}
	if inline[e.node.Data] || e.node.Data == "li" || e.anchors > 0 {
		return false
	}
	for j, n := i+1, 0; j < e.end && n < 2*bylineAncestors; j, n = j+1, n+1 {
		if o.elements[j].node.Data == "img" {
			return p.pictureInItself(i)
		}
	}
	return false
}

// pictureInItself reports a box that is no part of a list of boxes with links,
// each with a picture.
func (p *page) pictureInItself(i int) bool {
	up := p.outline.elements[i].parent
	return up >= 0 && p.outline.elements[up].node.Data != "a" && !p.outline.elements[i].traits.has(bylines)
}

// creditsUnder are whom the lines in a box with a picture credit it to: each line
// that an element of its own holds, and the end of all.
func (p *page) creditsUnder(i int) []string {
	o := p.outline
	var out []string
	for j := i; j < o.elements[i].end; j++ {
		e := &o.elements[j]
		if e.text == 0 || e.traits.has(sharp) {
			continue
		}
		text, ok := briefParted(e.node, 2*maxCreditLine)
		if !ok {
			continue
		}
		name := firstOf(wordedEnd(text, ":：/／ "), bracketedEnd(text), slashed(text))
		if name == "" && j > i && p.closesCaption(i, text) && plainName.MatchString(text) {
			name = text
		}
		if name != "" && !slices.ContainsFunc(out, func(have string) bool { return strings.Contains(have, name) || strings.Contains(name, have) }) {
			out = append(out, name)
		}
	}
	return out
}

// closesCaption reports a text that stands behind the full stop of what the
// element at i holds.
func (p *page) closesCaption(i int, text string) bool {
	whole, ok := briefParted(p.outline.elements[i].node, 2*maxCreditLine)
	before, found := strings.CutSuffix(whole, text)
	return ok && found && strings.IndexFunc(strings.TrimRight(before, " "), unicode.IsLetter) >= 0 && strings.HasSuffix(strings.TrimRight(before, " ”\"»"), ".")
}

// plainName is a name of two to four words and nothing else.
var plainName = pattern(`^\p{Lu}[\p{L}\p{M}.'’-]*(?: (?:{particle} ){0,2}\p{Lu}[\p{L}\p{M}.'’-]*){1,3}$`)

// wordedEnd is what stands behind the last word for a picture in a line, one of
// marks behind that, where it can be a name and ends the line.
func wordedEnd(text, marks string) string {
	lower := strings.ToLower(text)
	if len(lower) != len(text) {
		return ""
	}
	best := ""
	for _, w := range creditWords["photo"] {
		w = strings.TrimRight(w, " :：/")
		at := strings.LastIndex(lower, w)
		if at < 0 || best != "" && len(text)-at >= len(best)+len(w) {
			continue
		}
		rest := strings.TrimLeft(text[at+len(w):], " ")
		if rest == "" || !opensAt(text, at) {
			continue
		}
		mark, n := utf8.DecodeRuneInString(rest)
		switch {
		case strings.ContainsRune(marks, mark):
			rest = rest[n:]
		case !strings.Contains(marks, " ") || rest == text[at+len(w):] || at > 0 && !strings.ContainsAny(text[at-1:at], "[(|") && !(strings.HasSuffix(text[:at], ". ") && slashed(rest) != ""):
			continue
		}
		if rest = strings.Trim(rest, " ()（）[]【】.|"); lendsName(rest) {
			best = rest
		}
	}
	return best
}

// opensAt reports a place in a line where a word begins.
func opensAt(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return at == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '/'
}

// withoutPhotoWord is a name without the word for a picture before it that only a
// blank parts from it.
func withoutPhotoWord(text string) string {
	return firstOf(wordedEnd("("+strings.Trim(text, "()（）[]【】 ")+")", " "), text)
}

// bracketedEnd is whom the brackets at the end of a line name as whose picture it
// is and for whom: "(Ola Nord/Coast)", "(Ola Nord for The Herald)".
func bracketedEnd(text string) string {
	text = strings.TrimRight(text, " .")
	at := strings.LastIndexAny(text, "([（【")
	if at < 0 || !strings.HasSuffix(text, ")") && !strings.HasSuffix(text, "]") && !strings.HasSuffix(text, "）") && !strings.HasSuffix(text, "】") {
		return ""
	}
	inner := strings.Trim(text[at:], "()[]（）【】 ")
	if name := slashed(inner); name != "" {
		return name
	}
	for _, word := range wordsOfKind("for") {
		if name, body, ok := strings.Cut(inner, " "+word+" "); ok && plainName.MatchString(name) && lendsName(body) {
			return inner
		}
	}
	return ""
}

// slashed is a line that is a name and an outlet with a slash between: "OLA
// NORD/COAST", "© Ola Nord/Coast".
func slashed(text string) string {
	text = strings.Trim(text, "©() ")
	left, right, ok := strings.Cut(text, "/")
	if !ok || strings.Contains(right, "//") || !lendsName(left) || !lendsName(right) {
		return ""
	}
	if plainName.MatchString(strings.TrimSpace(left)) || plainName.MatchString(strings.TrimSpace(right)) {
		return text
	}
	return ""
}

// lendsName reports what can be the name of a person or of a body that lends
// pictures: a few words, each with a capital where its script has those.
func lendsName(text string) bool {
	words := strings.Fields(strings.NewReplacer("/", " ", "|", " ", ",", " ").Replace(text))
	if len(words) == 0 || len(words) > 8 || strings.ContainsAny(text, "?!:;。，\"“”0123456789") || strings.Contains(text, ". ") && len(words) > 5 {
		return false
	}
	capitals := 0
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(r) || unicode.IsLetter(r) && !unicode.IsLower(r) {
			capitals++
		}
	}
	r, _ := utf8.DecodeRuneInString(words[0])
	return unicode.IsLetter(r) && !unicode.IsLower(r) && 3*capitals >= 2*len(words)
}
