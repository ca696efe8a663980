package normalize

import (
	"slices"
	"testing"

	"copydesk/aggregator/news"
)

// The example of each rule is read by it.
func TestRulesReadTheirExamples(t *testing.T) {
	for _, list := range []func(func(nameRule) bool){nameRules, jobRules} {
		for r := range list {
			if r.name == "" { // a list of rules
				continue
			}
			if line := closeLine(r.example, news.Author); !slices.Contains(line.rules, r.name) {
				t.Errorf("%s: %q was read by %q: %+v", r.name, r.example, line.rules, line.People)
			}
		}
	}
}
