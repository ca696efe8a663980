package normalize

import (
	"slices"
	"strings"

	"copydesk/aggregator/news"
)

// settle takes bodies out where a person is named for the same work, or another
// body beside an agency; an agency or outlet beside the authors is the credit, and so is
// the agency of who edited the copy (rulings 4, 5 and 7).
func (l *Line) settle() {
	persons, authors, agencies := map[news.Role]bool{}, 0, 0
	for _, p := range l.People {
		if p.Role == news.Author {
			authors++
		}
		if !p.Organization {
			persons[p.Role] = true
		} else if p.Role == news.Author && outletOf(p.Name).agency {
			agencies++
		}
	}
	for _, p := range l.People {
		edits := p.Role == news.Editor && persons[news.Editor] && outletOf(p.Name).agency
		if p.Role != news.Author && !edits || !p.Organization || l.Credit != "" {
			continue
		}
		l.Credit = creditOf(p.Name, persons[news.Author])
	}
	l.affiliate()
	l.newsroom()
	l.People = slices.DeleteFunc(l.People, func(p news.Person) bool {
		if !p.Organization {
			return false
		}
		return persons[p.Role] || p.Role == news.Author && agencies < authors && outletOf(p.Name).agency
	})
}

// creditOf is the origin that a body among the authors tells: an agency, and beside
// a person any outlet; empty for one that makes pictures (ruling 7) and for others.
func creditOf(name string, besidePerson bool) string {
	bare := withoutStaff(name)
	tail, o := outletAtEnd(name), outletOf(bare)
	switch {
	case in(registry(), tail).agency && outletOf(name).name == "": // "Redazione ANSA"
		return tail
	case o.picture, isAudience(name):
		return ""
	case o.name == "" && !besidePerson && opensAgency(name):
		return name
	case in(registry(), name).name == "" && agencyOfDesk(name) != "":
		return agencyOfDesk(name)
	case o.agency, besidePerson && isOutlet(name) && !isDesk(name) && !isWordAlone(name) && !in(unnamed(), name):
		return bare
	}
	return ""
}

// agencyOfDesk is the agency before the words for its desk, or before a job in Chinese:
// "AP News Desk", 新华社评论员.
func agencyOfDesk(name string) string {
	if agency := agencyIn(name); agency != "" && in(registry(), agency).agency && isJobWord(name[len(agency):]) {
		return agency
	}
	words := strings.Fields(name)
	for n := len(words) - 1; n > 0 && in(bodyWords(), words[n]); n-- {
		if agency := strings.Join(words[:n], " "); in(registry(), agency).agency {
			return agency
		}
	}
	return ""
}

// isAudience reports those whom an outlet has for readers, who are no origin.
func isAudience(name string) bool {
	return in(audiences(), lastWord(name)) || in(audiences(), firstWord(name))
}

// newsroom leaves of bodies alone the desk that is named first, and not the paper
// behind it: "न्यूज डेस्क, अमर उजाला".
func (l *Line) newsroom() {
	if len(l.People) < 2 || !uncased(l.People[0].Name) || !hasWord(l.People[0].Name, newsrooms()) ||
		slices.ContainsFunc(l.People, func(p news.Person) bool { return !p.Organization || p.Role != news.Author || outletOf(p.Name).agency }) {
		return
	}
	l.People = l.People[:1]
}

// isDesk reports a desk of the paper itself, "گروه اقتصادی", or a section of it,
// "World News": the word for one and what it is about.
func isDesk(name string) bool {
	words := strings.Fields(name)
	if len(words) != 2 || in(registry(), name).name != "" {
		return false
	}
	if in(sectionWords(), words[1]) && in(topics(), words[0]) {
		return true
	}
	if ascii(name) && !in(deskWords(), words[0]) && !in(deskWords(), words[1]) {
		return false
	}
	return in(bodyWords(), words[0]) && topical(words[1]) || in(bodyWords(), words[1]) && topical(words[0])
}

// joint credits agencies that stand side by side as the line prints them (ruling
// 8): "AFP et Reuters", "dpa/AFP".
func (l *Line) joint(line string) {
	from, to, rest := len(line), 0, 0
	for _, p := range l.People {
		i := strings.Index(line, p.Name)
		if p.Role != news.Author || i < 0 || !p.Organization || !in(registry(), p.Name).agency {
			continue
		}
		from, to, rest = min(from, i), max(to, i+len(p.Name)), rest+1
	}
	if rest < 2 || l.Credit != "" {
		return
	}
	for word := range strings.FieldsFuncSeq(line[from:to], func(r rune) bool { return strings.ContainsRune(" /,،、", r) }) {
		if !isAnd(word) && !slices.ContainsFunc(l.People, func(p news.Person) bool { return p.Organization && slices.Contains(strings.Fields(p.Name), word) }) {
			return
		}
	}
	l.Credit = line[from:to]
}

// affiliate tells the authors before it the university or ministry that is
// printed with them.
func (l *Line) affiliate() {
	for i, p := range l.People {
		if !p.Organization || p.Role != news.Author || isOutlet(p.Name) {
			continue
		}
		for j := range l.People[:i] {
			if q := &l.People[j]; !q.Organization && q.Role == news.Author && q.Affiliation == "" {
				q.Affiliation = p.Name
			}
		}
	}
}

// withoutStaff is the agency in "Reuters Staff".
func withoutStaff(name string) string {
	i := strings.LastIndexByte(name, ' ')
	if i > 0 && slices.Contains(staff(), name[i+1:]) && outletOf(name[:i]).name != "" {
		return name[:i]
	}
	return name
}
