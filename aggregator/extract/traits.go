package extract

import (
	_ "embed"
	"strings"

	"copydesk/aggregator/wordtable"

	"golang.org/x/net/html"
)

//go:embed data/traits.tsv
var traitTable string

// traits are what an element's name, role and classes give away of it.
type traits uint16

const (
	around    traits = 1 << iota // in or beside an article, and no part of it
	others                       // shows other articles, or other people
	credits                      // holds names, sources and times
	bylines                      // names who wrote the article
	named                        // calls itself the body of an article
	origins                      // names the outlet that it comes from
	sharp                        // named around so plainly that its size does not matter
	kickers                      // the short line above a headline
	nameless                     // tells of who wrote the article, but not the name
	portraits                    // a box about who wrote it, unless that is all it says
	captions                     // tells of a picture, and whose it is
	heads                        // the head of the site, where it stands above an article
)

func (t traits) has(u traits) bool { return t&u != 0 }

// traitWords are the words in classes and ids, with what they give away.
var traitWords = func() map[string]traits {
	kinds := map[string]traits{"around": around, "hidden": around | sharp, "others": around | others, "credit": credits, "byline": credits | bylines, "origin": credits | origins, "body": named, "kicker": kickers, "nameless": nameless, "portrait": around | others | portraits, "caption": captions, "head": heads}
	out := map[string]traits{}
	for _, row := range wordtable.Rows(traitTable) {
		if row[0] == "authorpath" {
			continue
		}
		for word := range strings.FieldsSeq(row[1]) {
			out[word] |= kinds[row[0]]
		}
	}
	return out
}()

// authorSteps are the steps in addresses that lead to the pages of authors.
var authorSteps = func() map[string]bool {
	out := map[string]bool{}
	for _, row := range wordtable.Rows(traitTable) {
		if row[0] == "authorpath" {
			for word := range strings.FieldsSeq(row[1]) {
				out[word] = true
			}
		}
	}
	return out
}()

// elementTraits are what an element's name gives away of it, and roleTraits what
// its role for assistive software does.
var (
	elementTraits = map[string]traits{
		"nav": around, "button": around, "form": around, "select": around, "dialog": around, "menu": around,
		"aside": around | others, "address": credits, "time": credits,
	}
	roleTraits = map[string]traits{
		"navigation": around, "banner": around, "search": around, "dialog": around, "alert": around, "toolbar": around, "menu": around, "menubar": around,
		"complementary": around | others,
	}
)

// traitsOf reads an element's own name, its attributes and the words of its
// classes.
func traitsOf(n *html.Node) traits {
	t := elementTraits[n.Data]
	for _, a := range n.Attr {
		t |= attributeTraits(n.Data, a)
	}
	if t.has(nameless) || t.has(captions) {
		t &^= bylines | credits
	}
	if t.has(named) && !t.has(sharp) && n.Data != "aside" && n.Data != "nav" {
		t &^= around | others
	}
	if wholePage[n.Data] || n.Data == "h1" {
		t &^= around | others
	}
	return t
}

// attributeTraits are what one attribute gives away of an element.
func attributeTraits(element string, a html.Attribute) (t traits) {
	switch a.Key {
	case "class", "id", "data-component", "data-testid", "data-qa":
		return classTraits(a.Val)
	case "hidden":
		return around | sharp
	case "aria-hidden":
		if a.Val == "true" && element != "img" && element != "span" {
			return around
		}
	case "style":
		if v := tight(a.Val); strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden") {
			return around | sharp
		}
	case "role":
		return roleTraits[strings.ToLower(a.Val)]
	case "rel":
		if hasWordFold(a.Val, "author") {
			return credits | bylines
		}
	case "itemprop", "property":
		for word := range strings.FieldsSeq(a.Val) {
			t |= propertyTraits[strings.ToLower(word)]
		}
	}
	return t
}

// tight is a style, or what else is read as one, without blanks and in small letters.
func tight(style string) string {
	return strings.ReplaceAll(strings.ToLower(style), " ", "")
}

// propertyTraits are what a property of the schema.org vocabulary gives away of
// the element that bears it.
var propertyTraits = map[string]traits{
	"author": credits | bylines, "creator": credits | bylines, "schema:author": credits | bylines,
	"articlebody": named, "schema:articlebody": named,
	"comment": around | others,
}

// longestClass is the longest list of classes, in bytes, that is read.
const longestClass = 300

// classTraits are what the words of a class or id give away.
func classTraits(class string) traits {
	return namesGive(class[:min(len(class), longestClass)], traitWords)
}

// namesGive is what the names in a class or id give away by a table of words.
// Neighbours are read as one word too: "top-news", "article__body",
// "relatedPosts". A name that opens with a flag tells of a state: "has-sidebar".
func namesGive[T role | traits](names string, table map[string]T) (given T) {
	for name := range strings.FieldsSeq(names) {
		if first, _, more := strings.Cut(name, "-"); more && flags[strings.ToLower(first)] {
			continue
		}
		before := ""
		for word := range wordsOf(name) {
			given |= table[word]
			if before != "" {
				given |= table[before+"-"+word]
			}
			before = word
		}
	}
	return given
}

// flags open classes that tell of a state, not of what an element holds:
// "hasnt-bio", "no-comments".
var flags = map[string]bool{"has": true, "hasnt": true, "no": true, "not": true, "is": true, "isnt": true, "with": true, "without": true, "js": true}

// wordsOf parts a name where a mark, a digit or a capital begins a new word.
func wordsOf(name string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(name); i++ {
			ends := i == len(name) || !letter(name[i])
			if !ends && (i == start || !upper(name[i]) || upper(name[i-1])) {
				continue
			}
			if i > start && !yield(strings.ToLower(name[start:i])) {
				return
			}
			start = i
			if ends {
				start++
			}
		}
	}
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || upper(c) }

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }
