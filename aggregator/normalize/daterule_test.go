package normalize

import (
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fetch is when the dates of the labelled set were fetched.
var fetch = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func (by dateRules) names() []string { return []string{by.day, by.calendar, by.clock, by.zone} }

// The example of each rule for dates is read by it, in some language.
func TestDateRulesReadTheirExamples(t *testing.T) {
	examine := func(name, example string) {
		for _, language := range []string{"", "zh", "fa"} {
			if m, by := read(example, Reading{Language: language, At: fetch}); !m.At.IsZero() && slices.Contains(by.names(), name) {
				return
			}
		}
		_, by := read(example, Reading{At: fetch})
		t.Errorf("%s: %q was read by %q", name, example, by.names())
	}
	examples(formatRules, examine)
	examples(dayRules, examine)
	examples(calendarRules, examine)
	examples(clockRules, examine)
	examples(zoneRules, examine)
	examples(dayZoneRules, examine)
	examples(pathRules, func(name, example string) {
		if _, _, by, ok := dayInPath(example); !ok || by != name {
			t.Errorf("%s: %q was read by %q", name, example, by)
		}
	})
}

func examples[R any](rules iter.Seq[rule[R]], examine func(name, example string)) {
	for r := range rules {
		examine(r.name, r.example)
	}
}

// Each rule for dates reads one of the labelled set.
func TestNoDateRuleIsIdle(t *testing.T) {
	table, err := os.ReadFile(filepath.Join("testdata", "dates.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for row := range strings.Lines(string(table)) {
		fields := strings.Split(row, "\t")
		if len(fields) < 4 || strings.TrimSpace(fields[3]) == "" {
			continue
		}
		language, zone, _ := strings.Cut(fields[2], " ")
		where, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		_, by := read(fields[1], Reading{Zone: where, Language: language, At: fetch})
		for _, name := range by.names() {
			seen[name] = true
		}
	}
	for _, names := range [][]string{names(formatRules), names(dayRules), names(calendarRules), names(clockRules), names(zoneRules), names(dayZoneRules)} {
		for _, name := range names {
			if !seen[name] {
				t.Errorf("%s: reads nothing", name)
			}
		}
	}
}
