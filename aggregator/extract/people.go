package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/parse"
)

// people are those whom the page names, most telling first. What readers see
// above the text is believed before the head of the page where both name
// somebody: the head often holds the login of who filed the article. It is
// believed only in words that can hold nothing but names.
func (p *page) people() []parse.Person {
	if by := p.hinted("byline"); by != "" {
		p.claim("author", "hint", by, true, "the source's hint")
		return append([]parse.Person{{Name: by, Field: "byline", Role: "author"}}, p.linkedPeople(otherRoles)...)
	}
	stated := p.linkedPeople(authorRoles)
	byLD := len(stated) > 0
	if !slices.ContainsFunc(stated, p.someone) {
		for _, c := range p.metas(authorMetas...) {
			if !p.isSite(c.value) { // a template's constant
				stated = appendPerson(stated, parse.Person{Name: c.value, Field: c.witness})
			}
		}
	}
	shown, plainly := p.shownPeople()
	authors, rule := stated, "JSON-LD, then meta tags: the page shows no other"
	switch {
	case len(shown) == 0:
		if !slices.ContainsFunc(stated, p.someone) {
			authors, rule = append(p.infoLines(), stated...), "what the line above the text holds, where it can be a name"
		}
	case !slices.ContainsFunc(stated, p.someone):
		authors, rule = shown, "the line above the text: the head of the page names only its site"
	case byLD && p.bodiesAlone():
		authors, rule = append(shown, bodies(stated)...), "the line above the text: the head of the page names no person"
	case overlap(stated, shown):
		authors, rule = union(stated, shown), "the head of the page and the line above the text name the same"
	case plainly || !byLD:
		authors, rule = append(shown, bodies(stated)...), "the line that says so in words"
	}
	p.claimPeople(authors, append(slices.Clone(stated), shown...), rule)
	return append(authors, p.linkedPeople(otherRoles)...)
}

// authorMetas are the meta tags that name who wrote an article.
var authorMetas = []string{"author", "byl", "article:author_name", "article:author", "authors", "parsely-author", "sailthru.author", "cxenseparse:author", "content_author", "og:article:author", "dd:author", "dable:author",
	"dc.creator", "dcterms.creator", "dc.contributor", "citation_author", "creator", "article.author", "news_author", "twitter:creator:name", "weibo:article:author"}

var (
	authorRoles = map[string]string{"author": "author", "creator": "author"}
	otherRoles  = map[string]string{"editor": "editor", "translator": "translator"}
)

// linkedPeople are those whom the JSON-LD names in some of its properties.
func (p *page) linkedPeople(roles map[string]string) []parse.Person {
	var out []parse.Person
	for _, key := range []string{"author", "creator", "editor", "translator"} {
		if roles[key] == "" || key == "creator" && len(out) > 0 {
			continue
		}
		for _, e := range list(p.ld.article[key]) {
			for _, person := range p.ld.persons(e) {
				person.Field, person.Role = "json-ld:"+key, roles[key]
				out = appendPerson(out, person)
			}
		}
	}
	return out
}

// bodiesAlone reports authors in the JSON-LD of which each says that it is no person.
func (p *page) bodiesAlone() bool {
	authors := list(p.ld.article["author"])
	return len(authors) > 0 && !slices.ContainsFunc(authors, func(a any) bool {
		types := strs(p.ld.object(a)["@type"])
		return !slices.ContainsFunc(types, func(t string) bool { return strings.HasSuffix(t, "Organization") })
	})
}

// persons are those in a value: a text, or an object whose name is a text or a
// list.
func (ld linked) persons(v any) []parse.Person {
	m := ld.object(v)
	if m == nil {
		var out []parse.Person
		for _, name := range strs(v) {
			out = append(out, parse.Person{Name: name})
		}
		return out
	}
	names := strs(m["name"])
	if len(names) == 0 {
		if whole := strings.Join(append(strs(m["givenName"]), strs(m["familyName"])...), " "); whole != "" {
			names = []string{whole}
		}
	}
	var out []parse.Person
	for _, name := range names {
		person := parse.Person{Name: name}
		if len(names) == 1 {
			person.URL = firstOf(strs(m["url"])...)
		}
		out = append(out, person)
	}
	return out
}

// bodies are the names of one word, which persons seldom bear: "Reuters".
func bodies(list []parse.Person) []parse.Person {
	var out []parse.Person
	for _, who := range list {
		if r, _ := utf8.DecodeRuneInString(who.Name); unicode.IsUpper(r) && !strings.Contains(who.Name, " ") {
			out = append(out, who)
		}
	}
	return out
}

// someone reports a name that is neither that of the site nor of a desk.
func (p *page) someone(who parse.Person) bool {
	return !p.isSite(who.Name) && strings.ContainsFunc(who.Name, unicode.IsLetter) && !slices.Contains(creditWords["nobody"], strings.ToLower(tidy(who.Name)))
}

// overlap reports lists that share a name, or a part of one in another.
func overlap(a, b []parse.Person) bool {
	for _, x := range a {
		for _, y := range b {
			lx, ly := letters(x.Name), letters(y.Name)
			if len(lx) > 3 && strings.Contains(ly, lx) || len(ly) > 3 && strings.Contains(lx, ly) {
				return true
			}
		}
	}
	return false
}

// union adds to a the lines of b that name more.
func union(a, b []parse.Person) []parse.Person {
	out := slices.Clone(a)
	for _, y := range b {
		if several.MatchString(y.Name) || !overlap(a, []parse.Person{y}) {
			out = appendPerson(out, y)
		}
	}
	return out
}

// several parts the names in a line, in the commonest ways.
var several = pattern(`[,;、&/|，]|\s{and}\s|\s?{and-joined}\s?|\p{Han}\s+\p{Han}`)

// claimPeople remembers who won.
func (p *page) claimPeople(won, all []parse.Person, rule string) {
	for _, list := range [][]parse.Person{won, all} {
		for _, who := range list {
			if !slices.ContainsFunc(p.claims, func(c parse.Claim) bool { return c.Field == "author" && c.Value == who.Name && c.Witness == who.Field }) {
				p.claim("author", who.Field, who.Name, slices.Contains(won, who), rule)
			}
		}
	}
}

// appendPerson leaves out blanks, addresses in place of names, and what has
// been said already.
func appendPerson(list []parse.Person, p parse.Person) []parse.Person {
	p.Name = tidy(p.Name)
	if p.Name == "" || len(p.Name) > maxCreditLine || len(list) == maxValues || hasPrefixFold(p.Name, "http://", "https://", "//", "www.", "@") {
		return list
	}
	for _, have := range list {
		if have.Name == p.Name {
			return list
		}
	}
	return append(list, p)
}
