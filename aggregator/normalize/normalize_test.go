package normalize_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
)

// A fixture is a line of a table in testdata: a name that a judge can read, and
// what belongs to it.
type fixture struct {
	name   string
	fields []string
}

func fixtures(t *testing.T, file string) []fixture {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []fixture
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, "#") {
			fields := strings.Split(line, "\t")
			out = append(out, fixture{fields[0], append(fields[1:], "", "")})
		}
	}
	return out
}

func TestBylines(t *testing.T) {
	for _, f := range fixtures(t, "bylines.tsv") {
		if got := spell(normalize.Byline(f.fields[0], news.Author)); got != f.fields[1] {
			t.Errorf("%s: %q\n got %s\nwant %s", f.name, f.fields[0], got, f.fields[1])
		}
	}
}

// spell writes a line as the fixtures do.
func spell(l normalize.Line) string {
	var parts []string
	for _, p := range l.People {
		name := p.Name
		if p.Organization {
			name = "*" + name
		}
		parts = append(parts, string(p.Role)+" "+name)
	}
	if l.Credit != "" {
		parts = append(parts, "~"+l.Credit)
	}
	return strings.Join(parts, " | ")
}
