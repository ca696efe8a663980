package normalize

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
)

// Outlets extend the registry by the sources of a config, each under its name
// and its aliases, folded; nil adds none. A name that the registry has already
// stays what it is there.
type Outlets map[string]outlet

// OutletsOf makes the outlets that sources are. Of two with one name, the first
// is it.
func OutletsOf(sources []news.Source) Outlets {
	out := make(Outlets, 2*len(sources))
	for _, src := range sources {
		home := src.HomePage
		if site := siteOf(src.URL); home == "" && site != "" {
			scheme, _, _ := strings.Cut(src.URL, "://")
			home = scheme + "://" + site + "/"
		}
		for _, name := range append([]string{src.Name}, src.Aliases...) {
			f := fold(name)
			if _, taken := out[f]; !taken && utf8.RuneCountInString(f) > 1 && wire(name).name == "" {
				out[f] = outlet{agency: true, name: cmp.Or(src.Name, name), home: home, spelled: name}
			}
		}
	}
	return out
}

// find is the outlet that a printed name means, of these or of the registry.
func (o Outlets) find(name string) outlet {
	return cmp.Or(o[fold(strings.TrimSpace(name))], wire(name))
}

// claim files as credit what the rules took for a person's affiliation or for
// an author of its own. A name that a person could bear stays a person's: a
// source may be called after its author. What is own is none of another.
func (o Outlets) claim(line Line, own func(string) bool) Line {
	if len(o) == 0 {
		return line
	}
	var people, claimed []news.Person
	for _, p := range line.People {
		switch {
		case p.Role != news.Author, own(cmp.Or(p.Affiliation, p.Name)):
		case o[fold(p.Name)].name != "" && (p.Organization || !personal(p.Name)):
			line.Credit, p.Organization = cmp.Or(line.Credit, p.Name), true
			claimed = append(claimed, p)
			continue
		case o[fold(p.Affiliation)].name != "":
			line.Credit, p.Affiliation = cmp.Or(line.Credit, p.Affiliation), ""
		}
		people = append(people, p)
	}
	if !slices.ContainsFunc(people, func(p news.Person) bool { return p.Role == news.Author }) { // an outlet alone is the author too (ruling 4)
		people = append(claimed, people...)
	}
	line.People = people
	return line
}

// personal reports what a person could be called: more than one word, or one
// that opens with an East Asian family name.
func personal(name string) bool {
	first := firstRune(name)
	return strings.Contains(name, " ") || surnames()[first]
}

// signed is the outlet that a line in brackets names alone: "(Tide Wire)".
func (o Outlets) signed(line string) string {
	inner, ok := parenthesised(strings.TrimSpace(line))
	if name := strings.TrimSpace(inner); ok && o[fold(name)].name != "" {
		return name
	}
	return ""
}

// behind parts an outlet in brackets from the names before it: "Jane Doe (Tide
// Wire)".
func (o Outlets) behind(line string) (names, outlet string) {
	i := strings.LastIndexAny(line, "(（")
	if len(o) == 0 || i < 1 {
		return line, ""
	}
	_, n := utf8.DecodeRuneInString(line[i:])
	inner, shut := strings.CutSuffix(strings.TrimSpace(line[i+n:]), ")")
	if !shut {
		inner, shut = strings.CutSuffix(inner, "）")
	}
	if !shut || o[fold(inner)].name == "" {
		return line, ""
	}
	return strings.TrimSpace(line[:i]), strings.TrimSpace(inner)
}

// leadOf is the lead of a text whose agency may be one of these. Where leads go
// by the agency that they name, an agency that the registry has stands in.
func (o Outlets) leadOf(text string) lead {
	l := leadOf(text)
	if l != (lead{}) || len(o) == 0 {
		return l
	}
	name, at := o.inLead(text)
	if name == "" {
		return l
	}
	known := standIn()
	if first := firstRune(name); unspaced(first) {
		known = standInChinese()
	}
	if l = leadOf(text[:at] + known + text[at+len(name):]); l.agency != known {
		return lead{}
	}
	l.agency = name
	return l
}

// What stands in for an outlet of a config while the lead is read.
var standIn, standInChinese = theWord("stand-in/en"), theWord("stand-in/zh")

// inLead finds one of these at the front of a text that opens with it, "潮汐社
// 奥斯陆11月10日电", or in its first brackets.
func (o Outlets) inLead(text string) (name string, at int) {
	text = text[:min(len(text), leadLength)]
	if i := strings.IndexAny(text, "(（【［["); i >= 0 {
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
		if end := strings.IndexAny(text[i:], ")）】］]"); end > 0 && o[fold(text[i:i+end])].name != "" {
			return text[i : i+end], i
		}
	}
	if first := firstRune(text); !unicode.Is(unicode.Han, first) {
		return "", 0
	}
	ends := make([]int, 0, 12)
	for i := range text {
		if i > 0 && len(ends) < cap(ends) {
			ends = append(ends, i)
		}
	}
	for _, end := range slices.Backward(ends) {
		if o[fold(text[:end])].name != "" {
			return text[:end], 0
		}
	}
	return "", 0
}
