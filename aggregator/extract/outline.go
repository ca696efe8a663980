package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// An outline is a page's elements in page order, measured once and shared by
// every witness. An element's descendants stand between it and its end.
type outline struct {
	elements []element
	at       map[*html.Node]int
	text     int // so far, while it is made
	anchors  int // of it, in links
}

// An element is one of a page's, with what its text weighs.
type element struct {
	node   *html.Node
	parent int // in the outline; -1 for the first
	end    int // just behind its last descendant
	traits traits

	own, linked int // its text outside inner blocks, and what of it is in links
	sentences   int // ends of sentences in that
	value       int // of all in it as running text: sentences count for it, links and scraps against
	text        int // of all in it
	anchors     int // of all in it, in links
	start       int // of all before it
	till        int // of all before the end of its own
}

// newOutline measures a tree. What nobody sees is no part of it.
func newOutline(root *html.Node) *outline {
	o := &outline{at: make(map[*html.Node]int, 1024)}
	o.walk(root, -1, -1, false)
	o.sum()
	return o
}

// walk adds n and what is in it. block is the element whose line n's text is
// part of.
func (o *outline) walk(n *html.Node, parent, block int, link bool) {
	switch {
	case n.Type == html.TextNode:
		if block >= 0 {
			weight := o.elements[block].write(n.Data, link)
			if o.text += weight; weight >= 10 && !link {
				o.elements[block].till = o.text
			}
			if link {
				o.anchors += weight
			}
		}
		return
	case n.Type == html.ElementNode && (unseen[n.Data] || n.Data == "head") || n.Type == html.CommentNode:
		return
	}
	here := parent
	if n.Type == html.ElementNode {
		here = len(o.elements)
		o.at[n] = here
		o.elements = append(o.elements, element{node: n, parent: parent, traits: traitsOf(n), start: o.text, anchors: o.anchors})
		if block < 0 || !inline[n.Data] {
			block = here
		}
		link = link || n.Data == "a"
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		o.walk(c, here, block, link)
	}
	if n.Type == html.ElementNode {
		e := &o.elements[here]
		e.end = len(o.elements)
		e.text, e.anchors = o.text-e.start, o.anchors-e.anchors
	}
}

// sum tells each element what is in it is worth. What holds
// most of the page's text is the article, whatever its class says, as some sites
// wrap all in a form; but where that says that it shows others, comments say, or
// asks for consent, it must hold the heading, too.
func (o *outline) sum() {
	heading := o.firstHeading()
	for i := len(o.elements) - 1; i >= 0; i-- {
		e := &o.elements[i]
		large := 2*e.text > o.elements[0].text
		if e.traits.has(portraits) && e.text <= longestName && e.sentences == 0 && !e.traits.has(sharp) { // no portrait, but a byline
			e.traits = e.traits&^(around|others) | credits | bylines
		}
		switch {
		case large && !(paragraph[e.node.Data] && o.teasers(i)) && (!e.traits.has(others) && !e.traits.has(sharp) || heading < 0 || o.inside(heading, i)):
			e.traits &^= around | others | sharp
		case e.traits.has(around):
			e.value = 0
			continue
		case o.teasers(i):
			e.traits |= around | others
			e.value = min(e.value, 0)
		}
		e.value += e.worth()
		if e.parent >= 0 {
			o.elements[e.parent].value += e.value
		}
	}
}

// firstHeading is the page's first visible heading; -1 when it has none.
func (o *outline) firstHeading() int {
	for i := range o.elements {
		if e := &o.elements[i]; e.node.Data == "h1" && e.text > 0 {
			return i
		}
	}
	return -1
}

// teasers reports a list of other articles: at least four of its elements, and
// nearly all, are built alike, and each links to somewhere by a title and has
// blocks of its own.
func (o *outline) teasers(i int) bool {
	e := &o.elements[i]
	if e.anchors < 60 || e.node.Data == "table" || e.node.Data == "tbody" || e.node.Data == "tr" {
		return false
	}
	alike, all := 0, 0
	for j := i + 1; j < e.end; j = o.elements[j].end {
		c := &o.elements[j]
		if c.text == 0 {
			continue
		}
		all++
		if c.anchors >= 15 && c.text < 800 && o.blocky(j) {
			alike++
		}
	}
	return alike >= 4 && 4*alike >= 3*all
}

// blocky reports an element that holds blocks, or a picture.
func (o *outline) blocky(i int) bool {
	for j := i + 1; j < o.elements[i].end; j++ {
		switch d := o.elements[j].node.Data; d {
		case "div", "h2", "h3", "h4", "h5", "img", "figure", "picture", "section":
			return true
		}
	}
	return false
}

// write adds a piece of text to an element's own.
func (e *element) write(text string, link bool) int {
	weight, ends := weigh(text)
	e.own += weight
	e.sentences += ends
	if link {
		e.linked += weight
	}
	return weight
}

const (
	shortestLine = 25 // what a line of running text weighs at least
	sentence     = 80 // what a line without the end of a sentence must weigh to count in full
)

// worth is what an element's own text says for its being the article.
func (e *element) worth() int {
	plain := e.own - e.linked
	switch {
	case e.own == 0:
		return 0
	case 2*e.linked > e.own:
		return -e.linked
	case plain < shortestLine:
		return -plain / 2
	case e.sentences == 0 && plain < sentence:
		return plain / 4
	}
	return plain - e.linked/2
}

// weigh is the length of a text in letters, blanks folded, and the ends of
// sentences in it. A letter of a script that writes words in one to three
// signs weighs as much as half a word.
func weigh(s string) (weight, ends int) {
	blank, run := true, 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			if isBlank(c) {
				if !blank {
					weight++
				}
				blank = true
				continue
			}
			if isMark(c) && !blank && endsSentence(s, i) {
				ends++
			}
			weight++
			blank = false
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if unspaced(r) {
			if run++; run == longestWord {
				ends++
			}
		} else {
			run = 0
		}
		if r == '\u00a0' || r == '\u3000' {
			blank = true
			continue
		}
		letters := weightOf(r)
		if letters == 0 {
			continue
		}
		weight += letters
		if strings.ContainsRune("。！？।؟۔…‥።", r) {
			ends++
		}
		blank = false
	}
	return weight, ends
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isMark(c byte) bool { return c == '.' || c == '!' || c == '?' }

// endsSentence reports a mark before s[i:] that ends a sentence: a blank, a quote or
// nothing follows, and it is not the second of "a.m.".
func endsSentence(s string, i int) bool {
	if i >= 3 && s[i-3] == '.' && letter(s[i-2]) {
		return false
	}
	return i == len(s) || s[i] == ' ' || s[i] == '\n' || s[i] == '"'
}

// weightOf is what a sign outside ASCII weighs, if it is not a part of another.
func weightOf(r rune) int {
	switch {
	case wide(r):
		return 3
	case unicode.Is(unicode.Mn, r), r == '\u200b', r == '\u200d', r == '\ufeff':
		return 0
	}
	return 1
}

// longestWord is how many letters in a row are no word: where blanks part
// sentences and nothing ends them, they are a sentence.
const longestWord = 30

// unspaced reports the letters of Thai, Lao, Burmese and Khmer, which part
// neither words nor, by a mark, sentences.
func unspaced(r rune) bool {
	return r >= 0x0e01 && r <= 0x0eff || r >= 0x1000 && r <= 0x109f || r >= 0x1780 && r <= 0x17ff
}

// wide reports the letters of Chinese, Japanese and Korean.
func wide(r rune) bool {
	return r >= 0x2e80 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7af || r >= 0xf900 && r <= 0xfaff
}

// inline are the elements whose text stands in the line around them.
var inline = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "b": true, "bdi": true, "bdo": true, "big": true, "br": true, "cite": true, "code": true,
	"data": true, "del": true, "dfn": true, "em": true, "font": true, "i": true, "ins": true, "kbd": true, "label": true, "mark": true,
	"nobr": true, "q": true, "rp": true, "rt": true, "ruby": true, "s": true, "samp": true, "small": true, "span": true, "strike": true,
	"strong": true, "sub": true, "sup": true, "time": true, "tt": true, "u": true, "var": true, "wbr": true, "img": true, "picture": true, "source": true,
	"amp-img": true, "hl2": true, "o:p": true, "st1": true,
}

// inside reports whether element i stands in element j, or is it.
func (o *outline) inside(i, j int) bool {
	return i >= j && i < o.elements[j].end
}
