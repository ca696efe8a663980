package normalize_test

import (
	"bufio"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
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
	score := scores{}
	for _, f := range fixtures(t, "bylines.tsv") {
		got := spell(normalize.Byline(f.fields[1], news.Author))
		score.count(f.name, got == f.fields[2])
		if got != f.fields[2] {
			t.Errorf("%s (%s): %q\n got %s\nwant %s", f.name, f.fields[0], f.fields[1], got, f.fields[2])
		}
	}
	score.log(t)
}

// A text tells the credit, the dateline and the people that its edges name.
func TestCredits(t *testing.T) {
	score := scores{}
	for _, f := range fixtures(t, "credits.tsv") {
		feed := &parse.Feed{Format: "rss", Items: []parse.Item{{ID: "1", Content: parse.Text{Body: f.fields[1], Type: parse.HTML}}}}
		a := normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})[0]
		got := strings.Join([]string{a.Credit.Name, a.Dateline.Place, a.Dateline.Date, ""}, " | ")
		got = strings.TrimRight(got+spell(normalize.Line{People: a.Byline.People}), " |")
		want := strings.TrimRight(strings.ReplaceAll(strings.ReplaceAll(f.fields[2], "| |", "|  |"), "| |", "|  |"), " |")
		score.count(f.name, got == want)
		if got != want {
			t.Errorf("%s (%s): %s\n got %s\nwant %s", f.name, f.fields[0], f.fields[1], got, want)
		}
	}
	score.log(t)
}

// What is printed with a name stays with it.
func TestAffiliations(t *testing.T) {
	for line, want := range map[string]string{
		"Jane Doe, University of Sydney":             "University of Sydney",
		"Jane Doe, science editor":                   "science editor",
		"Jason Burke Africa correspondent":           "Africa correspondent",
		"Anna Schmidt, Redakteurin im Ressort Sport": "Redakteurin im Ressort Sport",
		"Anne Dupont, correspondante à Pékin":        "correspondante à Pékin",
		"Staff writer Jane Doe":                      "Staff writer",
		"Jane Doe":                                   "",
		"Jane Doe in Lisbon":                         "",
	} {
		if people := normalize.Byline(line, news.Author).People; len(people) != 1 || people[0].Affiliation != want {
			t.Errorf("%q: got %+v, want one with %q", line, people, want)
		}
	}
}

// Several fields and the text tell of the same people; the fuller name counts.
func TestPeopleAreMerged(t *testing.T) {
	for _, c := range []struct{ name, fields, text, want string }{
		{"the same twice", "Jane Doe|JANE DOE", "", "author Jane Doe"},
		{"an initial more", "Jane Doe|Jane Q. Doe", "", "author Jane Q. Doe"},
		{"an initial for a name", "J. Doe", "By Jane Doe and Richard Roe", "author Jane Doe | author Richard Roe"},
		{"a family name", "Doe", "By Jane Doe", "author Jane Doe"},
		{"a body and a person", "Reuters", "By Jane Doe", "author Jane Doe | ~Reuters"},
		{"noise and a person", "admin", "By Jane Doe", "author Jane Doe"},
		{"who edits and writes", "Jane Doe", "Editor: Jane Doe", "author Jane Doe | editor Jane Doe"},
		{"two of one family", "Jane Doe", "By Richard Doe", "author Jane Doe | author Richard Doe"},
		{"an address of one", "jane@wire.example (Jane Doe)", "", "author Jane Doe"},
	} {
		it := parse.Item{ID: "1", Content: parse.Text{Body: "<p>" + c.text + "</p><p>The crews moved the boats before noon.</p>", Type: parse.HTML}}
		for field := range strings.SplitSeq(c.fields, "|") {
			it.People = append(it.People, parse.Person{Name: field, Field: "dc:creator"})
		}
		a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
		if got := spell(normalize.Line{People: a.Byline.People, Credit: a.Credit.Name}); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if c.name == "an address of one" && a.Byline.People[0].Email != "jane@wire.example" {
			t.Errorf("the address is lost: %+v", a.Byline.People[0])
		}
	}
}

// What an operator teaches goes before the rules.
func TestTaughtBylines(t *testing.T) {
	read := func(rules news.BylineRules, language string) string {
		feed := &parse.Feed{Format: "rss", Language: language, Items: []parse.Item{{ID: "1", People: []parse.Person{{Name: "LIN Yuchen, 王晓夏 and Day Desk", Field: "dc:creator"}, {Name: "AYLA YILDIZ", Field: "dc:creator"}}}}}
		a := normalize.Articles(news.Source{Slug: "wire", Byline: rules}, feed, normalize.Options{At: fetched})[0]
		return spell(normalize.Line{People: a.Byline.People, Credit: a.Credit.Name})
	}
	for _, c := range []struct {
		name     string
		rules    news.BylineRules
		language string
		want     string
	}{
		{"nothing", news.BylineRules{}, "en", "author Lin Yuchen | author 王晓夏 | author Ayla Yildiz | ~Day Desk"},
		{"as printed", news.BylineRules{AsPrinted: true}, "en", "author LIN Yuchen | author 王晓夏 | author AYLA YILDIZ | ~Day Desk"},
		{"a name of the Latin script", news.BylineRules{Alias: map[string]string{"王晓夏": "Wang Xiaoxia"}}, "en", "author Lin Yuchen | author Wang Xiaoxia | author Ayla Yildiz | ~Day Desk"},
		{"two spellings of one", news.BylineRules{Alias: map[string]string{"王晓夏": "Lin Yuchen"}}, "en", "author Lin Yuchen | author Ayla Yildiz | ~Day Desk"},
		{"nobody", news.BylineRules{Ignore: []string{"ayla yildiz", "Day Desk"}}, "en", "author Lin Yuchen | author 王晓夏"},
		{"a whole line", news.BylineRules{Ignore: []string{"LIN Yuchen, 王晓夏 and Day Desk"}}, "en", "author Ayla Yildiz"},
		{"a language of two i", news.BylineRules{}, "tr-TR", "author Lin Yuchen | author 王晓夏 | author Ayla Yıldız | ~Day Desk"},
	} {
		if got := read(c.rules, c.language); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// scores count what is right of each class: right, then all.
type scores map[string][2]int

func (s scores) count(class string, right bool) {
	n := s[class]
	n[1]++
	if right {
		n[0]++
	}
	s[class] = n
}

func (s scores) log(t *testing.T) {
	var right, all int
	for _, class := range slices.Sorted(maps.Keys(s)) {
		n := s[class]
		t.Logf("%-10s %3d of %3d", class, n[0], n[1])
		right, all = right+n[0], all+n[1]
	}
	t.Logf("%-10s %3d of %3d", "all", right, all)
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

func TestLinks(t *testing.T) {
	for _, f := range fixtures(t, "links.tsv") {
		if got := normalize.Link(f.fields[0], f.fields[1]); got != f.fields[2] {
			t.Errorf("%s: %q at %q\n got %s\nwant %s", f.name, f.fields[0], f.fields[1], got, f.fields[2])
		}
	}
}

func TestHTML(t *testing.T) {
	for _, f := range fixtures(t, "html.tsv") {
		if got, _ := normalize.HTML(f.fields[0], parse.Unstated, "https://a.example/x/1"); got != f.fields[1] {
			t.Errorf("%s: %s\n got %s\nwant %s", f.name, f.fields[0], got, f.fields[1])
		}
	}
}

func TestText(t *testing.T) {
	for name, pair := range map[string][2]string{
		"tags":                      {"A <b>bold</b> word", "A bold word"},
		"entities":                  {"Fish &amp; ships", "Fish & ships"},
		"entities escaped twice":    {"Fish &amp;amp; ships", "Fish & ships"},
		"a sign that is no tag":     {"1 < 2 and 3 > 2", "1 < 2 and 3 > 2"},
		"white space":               {" A\n\t b\u00a0c ", "A b c"},
		"controls":                  {"A\x00\x01\u0086b\ufeff", "Ab"},
		"misread UTF-8":             {"ActualitÃ©s Ã\u00a0 la une", "Actualités à la une"},
		"French that is no mistake": {"À la Âme", "À la Âme"},
		"a letter and its accent":   {"Cafe\u0301", "Café"},
		"bytes that are no text":    {"A\xffb", "Ab"},
	} {
		if got := normalize.Text(pair[0], parse.Unstated); got != pair[1] {
			t.Errorf("%s: got %q, want %q", name, got, pair[1])
		}
	}
}

// Whatever a source writes, what we publish keeps its promises, and cleaning
// what is clean changes nothing.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<p>One", "<a href='x'><a href=y>", "<svg><p><style><img src=x onerror=alert(1)>", "&lt;script>", "<table><a><p>", "<math><mtext><table><mglyph><style><!--</style><img title=\"--><img src=1 onerror=alert(1)>\">"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, images := normalize.HTML(s, parse.Unstated, "https://a.example/")
		if again, _ := normalize.HTML(clean, parse.HTML, "https://a.example/"); strings.Contains(clean, "<") && again != clean {
			t.Errorf("cleaning twice changes\n%q to\n%q", clean, again)
		}
		if !utf8.ValidString(clean) || strings.Contains(clean, "<script") || strings.Contains(clean, "<style") || strings.Contains(clean, "<iframe") {
			t.Errorf("%q is not clean", clean)
		}
		for _, address := range images {
			if normalize.Link(address) == "" {
				t.Errorf("picture at %q", address)
			}
		}
	})
}

func FuzzByline(f *testing.F) {
	for _, s := range []string{"By Ann Lee and Bob Roy", "记者 张三／台北報導", "[서울=뉴시스] 김철수 기자", "(Reporting by A; Editing by B)", "Kaur, M., Shukla, A."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line := normalize.Byline(s, news.Author)
		for _, p := range line.People {
			if strings.TrimSpace(p.Name) == "" || p.Role == "" || strings.ContainsFunc(p.Name, unicode.IsControl) || !utf8.ValidString(p.Name) {
				t.Errorf("%q credits %q as %q", s, p.Name, p.Role)
			}
		}
	})
}

// Whatever a text begins and ends with, what it credits is text.
func FuzzCredits(f *testing.F) {
	for _, s := range []string{"BEIJING, Nov. 10 (Xinhua) -- The boats", "新华社北京11月10日电（记者张三）船", "(서울=연합뉴스) 김철수 기자 = 배", "［ロンドン　１０日　ロイター］ - 船", "The end. (Reporting by A; Editing by B)", "МОСКВА, 10 ноя — РИА Новости. Лодки"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, first, last string) {
		body := "<p>" + first + "</p><p>The keeper counted.</p><p>" + last + "</p>"
		feed := &parse.Feed{Format: "rss", Items: []parse.Item{{ID: "1", Content: parse.Text{Body: body, Type: parse.HTML}}}}
		a := normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})[0]
		for _, s := range []string{a.Credit.Name, a.Dateline.Place, a.Dateline.Date, a.Byline.Printed} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("%q credits %q", body, s)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Tue, 10 Nov 2026 10:46:16 +0800", "2 hours ago", "令和8年11月10日", "۱۹ آبان ۱۴۰۵", "24 Dec", "99999999999999999"} {
		f.Add(s, "en-GB")
	}
	f.Fuzz(func(t *testing.T, s, language string) {
		m, ok := normalize.Date(s, normalize.Reading{Zone: time.UTC, Language: language, At: fetched})
		if ok && (m.At.After(fetched.Add(48*time.Hour)) || m.At.Year() < 1900 || m.Basis == "" || m.At.Location() != time.UTC) {
			t.Errorf("%q is read as %v (%s)", s, m.At, m.Basis)
		}
	})
}

func FuzzLink(f *testing.F) {
	for _, s := range []string{"https://a.example/b?c", "//x", "http://[::1]/", "javascript:x", "https://a.example/%zz\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		address := normalize.Link(s, "https://a.example/x/")
		if address == "" {
			return
		}
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("%q gives %q (%v)", s, address, err)
		}
		if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }) {
			t.Errorf("%q gives %q", s, address)
		}
		if again := normalize.Link(address); again != address {
			t.Errorf("%q gives %q, then %q", s, address, again)
		}
	})
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
