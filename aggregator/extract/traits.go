package extract

import (
	_ "embed"
	"slices"
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
)

func (t traits) has(u traits) bool { return t&u != 0 }

// traitWords are the words in classes and ids, with what they give away.
var traitWords = func() map[string]traits {
	kinds := map[string]traits{"around": around, "hidden": around | sharp, "others": around | others, "credit": credits, "byline": credits | bylines, "origin": credits | origins, "body": named, "kicker": kickers, "nameless": nameless, "portrait": around | others | portraits, "caption": captions}
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

// traitsOf reads an element's own name, its attributes and the words of its
// classes.
func traitsOf(n *html.Node) (t traits) {
	switch n.Data {
	case "nav", "button", "form", "select", "dialog", "menu":
		t |= around
	case "aside":
		t |= around | others
	case "address":
		t |= credits
	case "time":
		t |= credits
	}
	for _, a := range n.Attr {
		t |= attributeTraits(n.Data, a)
	}
	if t.has(nameless) || t.has(captions) {
		t &^= bylines | credits
	}
	if t.has(named) && !t.has(sharp) && n.Data != "aside" && n.Data != "nav" {
		t &^= around | others
	}
	switch n.Data {
	case "html", "body", "main", "article", "h1":
		t &^= around | others
	}
	return t
}

// attributeTraits are what one attribute gives away of an element.
func attributeTraits(element string, a html.Attribute) (t traits) {
	switch a.Key {
	case "class", "id", "data-component", "data-testid", "data-qa":
		t |= classTraits(a.Val)
	case "hidden":
		t |= around | sharp
	case "aria-hidden":
		if a.Val == "true" && element != "img" && element != "span" {
			t |= around
		}
	case "style":
		if v := strings.ReplaceAll(strings.ToLower(a.Val), " ", ""); strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden") {
			t |= around | sharp
		}
	case "role":
		switch strings.ToLower(a.Val) {
		case "navigation", "banner", "search", "dialog", "alert", "toolbar", "menu", "menubar":
			t |= around
		case "complementary":
			t |= around | others
		}
	case "rel":
		if slices.Contains(strings.Fields(strings.ToLower(a.Val)), "author") {
			t |= credits | bylines
		}
	case "itemprop", "property":
		for word := range strings.FieldsSeq(a.Val) {
			t |= propertyTraits[strings.ToLower(word)]
		}
	}
	return t
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

// classTraits are what the words of a class or id give away. Neighbours are
// read as one word too: "top-news", "article__body", "relatedPosts".
func classTraits(class string) (t traits) {
	if len(class) > longestClass {
		class = class[:longestClass]
	}
	for name := range strings.FieldsSeq(class) {
		if first, _, more := strings.Cut(name, "-"); more && flags[first] {
			continue
		}
		before := ""
		for word := range wordsOf(name) {
			t |= traitWords[word]
			if before != "" {
				t |= traitWords[before+"-"+word]
			}
			before = word
		}
	}
	return t
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
