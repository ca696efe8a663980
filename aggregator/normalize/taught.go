package normalize

import (
	"slices"

	"copydesk/aggregator/news"
)

// Taught is a byline that was read before as it is by what an operator has taught
// since: names that are to be ignored are gone, and aliases say who is meant. What was
// taught once and is no longer stays.
func Taught(rules news.BylineRules, b news.Byline) news.Byline {
	if !rules.Teaches() {
		return b
	}
	l := taughtBy(rules)
	var people []news.Person
	add := func(p news.Person) {
		if !slices.ContainsFunc(people, func(o news.Person) bool { return o.Name == p.Name && o.Role == p.Role }) {
			people = append(people, p)
		}
	}
	whom, nobody := l.taught(b.Printed), l.ignores(b.Printed)
	if whom != "" { // even of a line that names nobody
		add(news.Person{Name: whom, Role: news.Author})
	}
	for _, p := range b.People {
		switch name := l.taught(p.Name); {
		case l.ignores(p.Name), p.Role == news.Author && (nobody || whom != ""):
			continue
		case name != "":
			p.Name = name
		}
		add(p)
	}
	b.People = people
	return b
}
