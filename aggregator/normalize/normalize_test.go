package normalize_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"

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

// fetched is when the documents of the fixtures were.
var fetched = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestDates(t *testing.T) {
	for _, f := range fixtures(t, "dates.tsv") {
		language, zone, _ := strings.Cut(f.fields[1], " ")
		where, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if m, ok := normalize.Date(f.fields[0], normalize.Reading{Zone: where, Language: language, At: fetched}); ok {
			got = m.At.Format(time.RFC3339) + " " + string(m.Basis)
		}
		if got != f.fields[2] {
			t.Errorf("%s: %q\n got %s\nwant %s", f.name, f.fields[0], got, f.fields[2])
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
