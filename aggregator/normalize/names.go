package normalize

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var single = map[string]bool{"johnson & johnson": true, "marks & spencer": true, "procter & gamble": true, "at&t": true}

// conjunctions part two names.
var conjunctions = regexp.MustCompile(`(?i)\s+(?:and|und|et|og|och|ja|ve|dan|và|и|та|&|\+|with|avec|mit|con)\s+|\s+و\s*|\s+और\s+|\s+및\s+|、|;|\s*/\s*|，`)

// letterAnds part names only between whole names: "Ortega y Gasset" is one.
var letterAnds = regexp.MustCompile(`\s+(?:y|e|i|a|és|kai|και)\s+`)

// company ends the name of one body, which may hold "&" and "and".
var company = regexp.MustCompile(`^[^,]*\b(?:GmbH|Co\.? KG|Inc|Ltd|LLC|S\.A|AG|plc)\.?$`)

// A name is one of several in a line.
type name struct {
	text   string
	turned bool // it stood family name first, so what opens it is no title
}

// names parts a text that holds names only.
func names(text string) []name {
	if single[strings.ToLower(text)] || registry[fold(text)].name != "" || company.MatchString(text) {
		return []name{{text: text}}
	}
	if strings.Contains(text, "·") && strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
		text = strings.ReplaceAll(text, "·", "、") // a Western name in Chinese has one inside
	}
	if m := enPlace.FindStringSubmatch(text); m != nil {
		text = m[1]
	} else {
		text = strings.ReplaceAll(text, " en ", " & ") // Dutch
	}
	if i := strings.LastIndex(text, " and "); i > 0 && isJob(fold(text[i+5:])) { // "Defence and security editor"
		text = withoutJob(text)
	}
	var out []name
	for _, part := range conjunctions.Split(text, -1) {
		for _, piece := range splitLetterAnd(part) {
			for _, n := range commas(piece) {
				out = append(out, spacedHan(n)...)
			}
		}
	}
	for i := range out {
		out[i].text = trimEnds(strings.Trim(out[i].text, "*\"“”"))
	}
	return slices.DeleteFunc(out, func(n name) bool { return n.text == "" })
}

// spacedHan parts Chinese and Japanese names that only blanks part.
func spacedHan(n name) []name {
	words := strings.Fields(n.text)
	if len(words) < 2 {
		return []name{n}
	}
	var out []name
	for _, w := range words {
		if count := utf8.RuneCountInString(w); count < 2 || count > 5 || strings.ContainsFunc(w, func(r rune) bool { return !unicode.Is(unicode.Han, r) && r != '·' }) {
			return []name{n}
		}
		out = append(out, name{text: w})
	}
	return out
}

func splitLetterAnd(s string) []string {
	parts := letterAnds.Split(s, -1)
	for _, p := range parts {
		if len(strings.Fields(p)) < 2 {
			return []string{s}
		}
	}
	return parts
}

// commas parts at commas, turns "Doe, Jane" round and leaves out what stands
// behind a comma and is no name: degrees, places.
func commas(s string) []name {
	var list []string
	var bodies []name
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		switch {
		case part == "" || noise[fold(part)]:
		case registry[fold(part)].name != "":
			bodies = append(bodies, name{text: part})
		default:
			list = append(list, part)
		}
	}
	if pairs, ok := turned(list); ok {
		return append(pairs, bodies...)
	}
	if len(bodies) > 0 && len(list) == 1 && len(strings.Fields(list[0])) == 1 && isTitled(list[0]) { // "PTI, Washington"
		list = nil
	}
	if len(list) == 2 && holdsPost(list[0]) { // "Gerard Sanz Product Manager, Google Maps"
		list = list[:1]
	}
	var out []name
	for i, p := range list {
		switch {
		case i > 0 && degrees[strings.ToLower(strings.ReplaceAll(p, ".", ""))]:
		case i > 0 && suffix(p) && len(out) > 0:
			out[len(out)-1].text += " " + p
		case i > 0 && placeBehind(list[0], p):
		default:
			out = append(out, name{text: p})
		}
	}
	return append(out, bodies...)
}

// placeBehind reports one word behind a name of several: a place, seldom a
// person.
func placeBehind(first, p string) bool {
	return len(strings.Fields(first)) > 1 && len(strings.Fields(p)) == 1 && !strings.ContainsFunc(p, unspaced) && !acronym(p) && !isBody(p)
}

// turned turns "Doe, Jane" round, and "Doe, Jane, Roe, Richard" where every
// part is one half of such a name.
func turned(parts []string) ([]name, bool) {
	if len(parts) < 2 || len(parts)%2 != 0 {
		return nil, false
	}
	var out []name
	if len(parts) == 2 && degrees[strings.ToLower(strings.ReplaceAll(parts[1], ".", ""))] {
		return nil, false
	}
	for i := 0; i < len(parts); i += 2 {
		if !inverted(parts[i], parts[i+1]) && !initialsOnly.MatchString(parts[i+1]) {
			return nil, false
		}
		out = append(out, name{text: parts[i+1] + " " + parts[i], turned: true})
	}
	return out, true
}

// initialsOnly are given names as scholars write them: "M. C.", "J.-P.".
var initialsOnly = regexp.MustCompile(`^\p{L}(?:[. -]+\p{L})*\.?$`)

func suffix(s string) bool {
	switch strings.ToLower(strings.TrimRight(s, ".")) {
	case "jr", "sr", "ii", "iii", "iv":
		return true
	}
	return false
}

// inverted reports "Doe" and "Jane" of "Doe, Jane".
func inverted(family, given string) bool {
	f, g := strings.Fields(family), strings.Fields(given)
	if len(f) == 0 || len(g) == 0 || len(g) > 2 || suffix(given) || isBody(given) || isBody(family) || articles[fold(given)] || degrees[strings.ToLower(strings.ReplaceAll(given, ".", ""))] || isJob(fold(given)) {
		return false
	}
	if len(f) > 1 && !particles[strings.ToLower(f[0])] {
		return false
	}
	return len(f) <= 3 && unicode.IsUpper([]rune(given)[0])
}
