package normalize

import (
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
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
	check(t, dispatchRules, inField)
	check(t, wholeRules, inField)
	check(t, signedRules, inText)
	check(t, openerRules, inField)
	check(t, labelRules, inField)
	check(t, labelWordRules, inField)
	check(t, jobRules, inField)
	check(t, dashRules, inField)
	check(t, commaRules, inField)
	check(t, besideRules, inField)
	check(t, peopleRules, inField)
	check(t, placeRules, inField)
	check(t, slashRules, inField)
	check(t, creditRules, inText)
	check(t, workRules, inField)
	check(t, namedRules, inField)
	check(t, originRules, inText)
	check(t, Line{}.washedRules, inText)
	check(t, bareRules, inText)
	check(t, partRules, signature)
	for name, line := range map[string]Line{ // these stand in no list
		"names that mean nothing else":          readLine("By Ann Lee and Jo Roy, Reuters", news.Author),
		"a family name before its given name":   inField("Doe, Jane"),
		"a place or an origin before an outlet": readLine("LISBON — The Globe and Mail", news.Author),
		"two words and a town":                  townSignature("Октябрина Пересвет, Казань"),
	} {
		if !slices.ContainsFunc(line.rules, func(r reading) bool { return r.rule == name }) {
			t.Errorf("%s: its line was read by %v", name, line.rules)
		}
	}
}

// Each rule reads a line of the labelled sets, or it is not worth having.
func TestNoRuleIsIdle(t *testing.T) {
	seen := map[string]bool{}
	see := func(line Line) {
		for _, t := range line.rules {
			seen[t.rule] = true
		}
	}
	for _, file := range []string{"bylines.tsv", "lines.tsv", "credits.tsv"} {
		table, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		for row := range strings.Lines(string(table)) {
			fields := strings.Split(row, "\t")
			if len(fields) < 3 {
				continue
			}
			for _, text := range paragraphTags.Split(fields[2], -1) {
				line, _ := creditLine(TextOf(text))
				see(line)
				see(closeLine(tidy(TextOf(text)), news.Author))
				see(signature(TextOf(text)))
				seen[leadOf(TextOf(text)).rule] = true
				seen[signOffBy(TextOf(text))] = true
			}
		}
	}
	for _, names := range [][]string{names(nameRules), names(jobRules), names(dispatchRules), names(wholeRules), names(signedRules), names(openerRules), names(labelRules), names(labelWordRules), names(dashRules), names(commaRules), names(besideRules), names(peopleRules), names(placeRules), names(slashRules), names(creditRules), names(workRules), names(namedRules), names(signOffRules), names(originRules), names(Line{}.washedRules), names(bareRules), names(partRules), names(hanLeads), names(markedLeads), names(unmarkedLeads)} {
		for _, name := range names {
			if !seen[name] {
				t.Errorf("%s: reads nothing", name)
			}
		}
	}
}

var paragraphTags = regexp.MustCompile(`</?p>`)

func names[R any](rules iter.Seq[rule[R]]) (out []string) {
	for r := range rules {
		if r.name != "" {
			out = append(out, r.name)
		}
	}
	return out
}

// So is that of each rule for leads.
func TestRulesReadTheirLeads(t *testing.T) {
	for _, list := range []func(func(leadRule) bool){hanLeads, unmarkedLeads} {
		for r := range list {
			if l := leadOf(r.example); l.rule != r.name {
				t.Errorf("%s: %q was read by %q: %+v", r.name, r.example, l.rule, l)
			}
		}
	}
	for r := range markedLeads {
		if l := leadOf(r.example); l.rule != r.name {
			t.Errorf("%s: %q was read by %q: %+v", r.name, r.example, l.rule, l)
		}
	}
}

// So is that of each rule for the ends of paragraphs.
func TestRulesReadTheirSignOffs(t *testing.T) {
	for r := range signOffRules {
		if by := signOffBy(r.example); by != r.name {
			t.Errorf("%s: %q was read by %q", r.name, r.example, by)
		}
	}
}

// signOffBy is the rule that finds what ends a paragraph.
func signOffBy(text string) string {
	for r := range signOffRules {
		if _, ok := r.read(strings.TrimRight(text, " .")); ok {
			return r.name
		}
	}
	return ""
}

func check[R any](t *testing.T, rules iter.Seq[rule[R]], read func(string) Line) {
	t.Helper()
	for r := range rules {
		if r.name == "" { // a list of rules
			continue
		}
		if line := read(r.example); !slices.ContainsFunc(line.rules, func(t reading) bool { return t.rule == r.name }) {
			t.Errorf("%s: %q was read by %v: %+v, %q", r.name, r.example, line.rules, line.People, line.Credit)
		}
	}
}

// rulesBy tells the rules of the people of a line.
func TestRulesBy(t *testing.T) {
	for line, want := range map[string]string{
		"By Ann Lee and Jo Roy, Reuters":    "names that mean nothing else",
		"Special correspondent Ann Lee":     "a job before a name",
		"By Jo Roy By Ann Lee":              "a second By",
		"(Reporting by Ann Lee in Lisbon)":  "role words",
		"Anne Dupont avec AFP":              "",
		"The crews moved the boats at noon": "",
	} {
		got := rulesBy(line, news.Person{Name: "Ann Lee", Role: news.Author})
		if want == "" && got != nil || want != "" && !slices.Contains(got, want) {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}
