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

// A candidate is a text that should be a name, on its way through the rules.
type candidate struct {
	name
	segment segment
	out     *Line
}

// ask puts a candidate before the rules of a list.
func (c *candidate) ask(rules iter.Seq[nameRule]) outcome {
	told := pass
	for r := range rules {
		o := r.read(c)
		if o == pass {
			continue
		}
		if r.name != "" {
			c.out.rules = append(c.out.rules, r.name)
		}
		if told = o; o == done {
			break
		}
	}
	return told
}

// becomes is the outcome of a rule that leaves of a candidate that text.
func (c *candidate) becomes(text string) outcome {
	if text == c.text {
		return pass
	}
	c.text = text
	return took
}

// ReadBy names the rules by which a printed line names a person in that role, in
// their order; none where it does not.
func ReadBy(line string, p news.Person) []string {
	text, _ := creditLine(line)
	for _, read := range []Line{text, readLine(line, p.Role), signature(line), townSignature(line)} {
		if slices.ContainsFunc(read.People, func(q news.Person) bool { return q.Role == p.Role && samePerson(q.Name, p.Name) }) {
			return slices.Compact(read.rules)
		}
	}
	return nil
}
