package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

// infoPeople are the authors whom a line of a page's facts names without a word
// for them: "Nora West, Senior Writer | 12 Nov 2026 | 3 min read". Sections and
// buttons stand in such lines too, so a name needs a sign that it is one: a date
// beside it, a handle, a job, a title, a given name that we know.
func infoPeople(printed string, labels []string) Line {
	washed, _ := wash(printed)
	line := strings.Trim(washed, " |"+pause)
	if inner, ok := parenthesised(line); ok {
		line = inner
	}
	if line != washed {
		line = withoutBy(line)
	}
	f := facts{washed: washed, parts: atBars(line), labels: labels, read: readLine(line, news.Author), dated: strings.Contains(washed, pause) || strings.Contains(printed, "@")}
	f.known = slices.ContainsFunc(f.read.People, certain)
	var people []news.Person
	for _, p := range f.read.People {
		switch f.sees(p) {
		case anybody:
			people = append(people, p)
		case heading:
			return Line{}
		}
	}
	switch {
	case len(people) == 0 && f.newsDesk():
		return f.read
	case len(people) == 0:
		return newsroomLine(f.read, labels)
	case outletOf(f.read.Credit).name == "" && !strings.Contains(f.read.Credit, " "): // "Новини"
		f.read.Credit = ""
	}
	return Line{People: people, Credit: f.read.Credit, rules: f.read.rules}
}

// facts are a line of a page's facts, on its way to the people in it.
type facts struct {
	washed string
	parts  []string
	labels []string // what the page calls its parts
	read   Line
	dated  bool // a date or a handle stands in it
	known  bool // a given name tells somebody in it
}

// What a name in a line of facts is: nobody to speak of, somebody, or so plainly a
// heading that the whole line is one.
const (
	nobodyThere = iota
	anybody
	heading
)

// sees tells what somebody whom the rules for names read in such a line is.
func (f facts) sees(p news.Person) int {
	if p.Role != news.Author || p.Organization {
		return nobodyThere
	}
	words := strings.Fields(p.Name)
	small := uncased(p.Name)
	if small && (f.known && !certain(p) && alone(p, f.parts, f.read.People) || holdsSentence(words[1:])) {
		return nobodyThere
	}
	sure := opensGiven(words) || p.Affiliation != "" || titledIn(f.washed, words[0]) || in(registry(), f.read.Credit).agency
	shaped := shapedName(p.Name, words) || p.Affiliation != "" && japaneseShape(p.Name) && len(words) == 1
	switch {
	case shaped && (sure || f.dated && !slices.ContainsFunc(words, topical)) && !slices.Contains(f.labels, fold(p.Name)):
		return anybody
	case f.known && small: // a section, beside who can be nobody else
		return nobodyThere
	}
	return heading
}

// newsDesk reports a dated line of an agency or a desk alone: "EFE | La Paz |
// 12/08/2023".
func (f facts) newsDesk() bool {
	if !f.dated || len(f.read.People) != 1 || !f.read.People[0].Organization {
		return false
	}
	name := f.read.People[0].Name
	return in(registry(), name).agency || hasWord(name, deskWords()) && strings.Contains(name, " ")
}

// holdsSentence reports a word that no name has.
func holdsSentence(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return in(sentenceOnly(), w) && !in(givenNames(), w) })
}

// certain reports a person whom a given name tells.
func certain(p news.Person) bool { return !p.Organization && opensGiven(strings.Fields(p.Name)) }

// alone reports a name in a part of the line that names nobody who is certain: a
// section, or an outlet that we do not know.
func alone(p news.Person, parts []string, list []news.Person) bool {
	return len(parts) > 1 && slices.ContainsFunc(parts, func(part string) bool {
		return strings.Contains(part, p.Name) && !slices.ContainsFunc(list, func(q news.Person) bool { return certain(q) && strings.Contains(part, q.Name) })
	})
}

// newsroomLine is a line of facts that names a newsroom and nobody else: a body
// whose words say that it is one, which no section's do.
func newsroomLine(read Line, labels []string) Line {
	list := read.People
	if len(list) != 1 || !list[0].Organization || list[0].Role != news.Author || slices.Contains(labels, fold(list[0].Name)) {
		return Line{}
	}
	switch {
	case in(registry(), list[0].Name).agency:
		return Line{People: list, Credit: read.Credit}
	case hasWord(list[0].Name, newsrooms()):
		return Line{People: list}
	}
	return Line{}
}

// infoLabels are what a page calls its parts, folded: no line of its facts names
// a person so.
func infoLabels(it parse.Item) []string {
	var out []string
	for _, label := range append(append([]string{it.Section, it.Title.Body, it.Origin.Name}, it.Breadcrumb...), it.Categories...) {
		out = append(out, fold(label))
	}
	return out
}

// opensGiven reports words that begin with a given name, or end with one, as
// Hungarian names do.
func opensGiven(words []string) bool {
	if len(words) < 2 {
		return false
	}
	last := words[len(words)-1]
	return in(givenNames(), words[0]) || in(givenNames(), last) || in(vietnamese(), words[0]) || vietnameseGiven()[strings.ToLower(last)]
}

// titledIn reports a line in which a title stands before a name's first word.
func titledIn(line, first string) bool {
	words := strings.Fields(line)
	i := slices.Index(words, first)
	return i > 0 && isTitle(words[i-1])
}

// shapedName reports what is built as a name is: two words and more with
// capitals where the script has them, or so many signs as names have.
func shapedName(name string, words []string) bool {
	first := firstRune(name)
	n := utf8.RuneCountInString(name)
	switch {
	case unspaced(first):
		return len(words) < 3 && n < 8 && shapedHan(name, first, n)
	case isHangul(first):
		return hangulName(name) && n > 2
	}
	return len(words) > 1 && len(words) < 6 && isTitled(name) && !strings.ContainsAny(name, ":;!?«»\"“”0123456789")
}

// shapedHan is shapedName for n signs of Chinese or Japanese: a family name that we
// know, the end of a given name, or a foreigner's name.
func shapedHan(name string, first rune, n int) bool {
	known := surnames()[first] && n < 5 || n > 3 && families()[string([]rune(name)[:2])]
	foreign := unicode.Is(unicode.Katakana, first) || strings.Contains(name, "·")
	return known || foreign || n == 4 && looseName(name) || japaneseName(name)
}

// topical reports a word that means a section, a job, a body, a place or a date
// to us rather than a person.
func topical(w string) bool {
	f := fold(strings.Trim(w, ",."))
	if particles()[f] || articles()[f] { // Van is a town, and a part of names
		return false
	}
	return topics()[f] || beats()[f] || jobs()[f] || bodyWords()[f] || institutions()[f] || noise()[f] || places()[f] || whens()[f] || units()[f] || posts()[f] || papers()[f]
}
