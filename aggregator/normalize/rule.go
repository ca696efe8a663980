package normalize

import (
	"iter"
	"slices"

	"copydesk/aggregator/news"
)

// A rule is one of the ways in which a text is read. Rules stand in lists, in the
// order in which they are asked.
type rule[read any] struct {
	name    string // what it sees, in a few words
	example string // a printed line in which it does
	read    read
}

// An outcome is what a rule says of a text.
type outcome int

const (
	pass outcome = iota // nothing: ask the next
	took                // it took off what it knows: the next see the rest
	done                // the text is read
)

// An answer is what a rule says to a question: unsaid leaves it to the next.
type answer int

const (
	unsaid answer = iota
	yes
	no
)

// onlyIf is an answer that a rule gives where it sees something.
func onlyIf(sees bool, a answer) answer {
	if sees {
		return a
	}
	return unsaid
}

// decided is the answer of a rule that leaves nothing to the next.
func decided(is bool) answer {
	if is {
		return yes
	}
	return no
}

// answered puts a question before the rules of a list: what none answers is not so.
func answered[question any](rules iter.Seq[rule[func(question) answer]], of question) bool {
	for r := range rules {
		if a := r.read(of); a != unsaid {
			return a == yes
		}
	}
	return false
}

// A candidate is a text that should be a name, on its way through the rules.
type candidate struct {
	name
	segment segment
	out     *Line
}

// ask puts a candidate before the rules of a list.
func (c *candidate) ask(rules iter.Seq[nameRule]) {
	for r := range rules {
		o := r.read(c)
		if o != pass && r.name != "" {
			c.out.tell(r.name)
		}
		if o == done {
			c.out.toldOf(c.text)
			return
		}
	}
}

// becomes is the outcome of a rule that leaves of a candidate that text.
func (c *candidate) becomes(text string) outcome {
	if text == c.text {
		return pass
	}
	c.text = text
	return took
}

// A reading is a rule that read a line, and whom it told of: empty for all in it.
type reading struct{ rule, whom string }

// tell keeps a rule that read a part of the line.
func (l *Line) tell(rule string) { l.rules = append(l.rules, reading{rule: rule}) }

// toldOfAll says that the rules until now told of the whole line.
func (l *Line) toldOfAll() { l.ofAll = len(l.rules) }

// toldOf says of whom the last rules told.
func (l *Line) toldOf(whom string) {
	for i := len(l.rules) - 1; i >= l.ofAll && l.rules[i].whom == ""; i-- {
		l.rules[i].whom = whom
	}
}

// rulesBy names the rules by which a printed line names a person in that role, in
// their order; none where it does not.
func rulesBy(line string, p news.Person) []string {
	text, _ := creditLine(line)
	for _, read := range []Line{text, readLine(line, p.Role), signature(line), townSignature(line)} {
		if !slices.ContainsFunc(read.People, func(q news.Person) bool { return q.Role == p.Role && samePerson(q.Name, p.Name) }) {
			continue
		}
		var out []string
		for _, t := range read.rules {
			if t.whom == "" || samePerson(t.whom, p.Name) {
				out = append(out, t.rule)
			}
		}
		return slices.Compact(out)
	}
	return nil
}
