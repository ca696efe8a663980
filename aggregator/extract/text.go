package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// brief is the text of n with its white space folded, when that is no longer
// than limit bytes. It looks at no more of n than it takes to know.
func brief(n *html.Node, limit int) (string, bool) {
	r := briefReader{bytes: 4*limit + 256, nodes: limit + 64}
	if !r.read(n) {
		return "", false
	}
	text := tidy(r.text.String())
	return text, len(text) <= limit
}

// briefParted is brief for lines whose parts only their style keeps apart:
// "Ann Lee<time>22 Dec" has a blank where a new element begins with a capital
// or a figure.
func briefParted(n *html.Node, limit int) (string, bool) {
	r := briefReader{bytes: 4*limit + 256, nodes: limit + 64, parted: true}
	if !r.read(n) {
		return "", false
	}
	text := tidy(r.text.String())
	return text, len(text) <= limit
}

// A briefReader gathers text until its allowance is used up.
type briefReader struct {
	text         strings.Builder
	bytes, nodes int  // left of its allowance
	parted       bool // with a blank where elements part two words
	broken       bool // since the last text, by the end of a line
	last         rune // written
}

func (r *briefReader) read(n *html.Node) bool {
	if r.nodes--; r.nodes < 0 {
		return false
	}
	switch {
	case n.Type == html.TextNode:
		if r.bytes -= len(n.Data); r.bytes < 0 {
			return false
		}
		if r.parted && n.Data != "" && r.parts(n) || r.broken && r.apart(n.Data) {
			r.text.WriteByte(' ')
		}
		r.broken = false
		r.text.WriteString(n.Data)
		r.last, _ = utf8.DecodeLastRuneInString(n.Data)
		return true
	case n.Type == html.ElementNode && unseen[n.Data]:
		return true
	}
	line := n.Type == html.ElementNode && (n.Data == "br" || !inline[n.Data])
	r.broken = r.broken || line
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !r.read(c) {
			return false
		}
	}
	r.broken = r.broken || line
	return true
}

// add gathers a part of a text node, with a blank where its element begins another
// word than the last.
func (r *briefReader) add(n *html.Node, part string) {
	if part == "" {
		return
	}
	if r.parts(n) {
		r.text.WriteByte(' ')
	}
	r.text.WriteString(part)
	r.last, _ = utf8.DecodeLastRuneInString(part)
}

// apart reports a text at the beginning of a line that is another word than the
// last: the letters of East Asia stand without blanks.
func (r *briefReader) apart(text string) bool {
	next, _ := utf8.DecodeRuneInString(text)
	return r.last != 0 && !(wide(r.last) && wide(next))
}

// parts reports a text that begins a word where the one before it ended one.
func (r *briefReader) parts(n *html.Node) bool {
	next, size := utf8.DecodeRuneInString(n.Data)
	letter, digit := unicode.IsLetter(next), unicode.IsDigit(next)
	switch {
	case n.Parent != nil && (n.Parent.Data == "sub" || n.Parent.Data == "sup"), wide(next), wide(r.last):
		return false
	case unicode.IsLetter(r.last) && (letter || digit) && adjoins(n):
		return true
	case unicode.IsUpper(next) && r.shouts():
		second, _ := utf8.DecodeRuneInString(n.Data[size:])
		return unicode.IsLower(second) || touches(n)
	case unicode.IsDigit(r.last):
		return letter || digit
	}
	return unicode.IsLower(r.last) && (unicode.IsUpper(next) || digit)
}

// shouts reports a word in capitals at the end of what was written; one letter is
// the large one that opens a text.
func (r *briefReader) shouts() bool {
	if !unicode.IsUpper(r.last) {
		return false
	}
	text := r.text.String()
	before, _ := utf8.DecodeLastRuneInString(text[:len(text)-utf8.RuneLen(r.last)])
	return unicode.IsUpper(before)
}

// touches reports a text that begins an element right behind another.
func touches(n *html.Node) bool {
	up := n.Parent
	return n.PrevSibling == nil && up != nil && up.PrevSibling != nil && up.PrevSibling.Type == html.ElementNode
}

// adjoins reports a text that begins an element right behind another, no matter of
// style: two spans with classes are two words to the eye, whatever their letters.
func adjoins(n *html.Node) bool {
	if !touches(n) || styles[n.Parent.Data] || styles[n.Parent.PrevSibling.Data] {
		return false
	}
	return attrOf(n.Parent, "class") != "" || attrOf(n.Parent.PrevSibling, "class") != ""
}

// styles are the elements that may part a word by how its letters look.
var styles = map[string]bool{"b": true, "i": true, "em": true, "strong": true, "font": true, "u": true, "s": true, "big": true, "small": true}

// unseen are the elements whose text nobody sees. The parser keeps what stands
// in noscript as text.
var unseen = map[string]bool{"script": true, "style": true, "noscript": true, "template": true, "textarea": true, "iframe": true}

// briefOf is brief of the first node of s; empty when it is too long.
func briefOf(s *goquery.Selection, limit int) string {
	if s.Length() == 0 {
		return ""
	}
	text, _ := brief(s.Nodes[0], limit)
	if len(text) > limit {
		return ""
	}
	return text
}

// ownText is the text of an element without that of its children, when that is
// no longer than limit bytes.
func ownText(n *html.Node, limit int) (string, bool) {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
		if b.Len() > 4*limit {
			return "", false
		}
	}
	text := tidy(b.String())
	return text, len(text) <= limit
}

// tidy folds white space, no-break and ideographic spaces among it.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t = tidy(t); t != "" {
			return t
		}
	}
	return ""
}

func attr(doc *goquery.Document, selector, name string) string {
	return strings.TrimSpace(doc.Find(selector).First().AttrOr(name, ""))
}

func hasPrefixFold(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) {
			return true
		}
	}
	return false
}
