package normalize

import (
	"iter"
	"slices"
	"testing"

	"copydesk/aggregator/news"
)

// The example of each rule is read by it.
func TestRulesReadTheirExamples(t *testing.T) {
	inField := func(line string) Line { return closeLine(line, news.Author) }
	inText := func(line string) Line {
		out, _ := closeCredit(line)
		return out
	}
	check(t, nameRules, inField)
	check(t, jobRules, inField)
	check(t, dashRules, inField)
	check(t, commaRules, inField)
	check(t, besideRules, inField)
	check(t, slashRules, inField)
	check(t, creditRules, inText)
	check(t, Line{}.washedRules, inText)
	check(t, bareRules, inText)
	check(t, partRules, signature)
}

func check[R any](t *testing.T, rules iter.Seq[rule[R]], read func(string) Line) {
	t.Helper()
	for r := range rules {
		if r.name == "" { // a list of rules
			continue
		}
		if line := read(r.example); !slices.Contains(line.rules, r.name) {
			t.Errorf("%s: %q was read by %q: %+v, %q", r.name, r.example, line.rules, line.People, line.Credit)
		}
	}
}
