package normalize_test

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

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
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, "#") {
			fields := strings.Split(line, "\t")
			out = append(out, fixture{fields[0], append(fields[1:], "", "")})
		}
	}
	if err := lines.Err(); err != nil || len(out) == 0 {
		t.Fatalf("%s: %d lines, %v", file, len(out), err)
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

// Where a line stands decides how much it must say to be a byline.
func TestLines(t *testing.T) {
	score := scores{}
	for _, f := range fixtures(t, "lines.tsv") {
		feed := &parse.Feed{Format: "rss", Items: []parse.Item{{ID: "1"}}}
		text := "<p>The crews moved the boats before noon, and the keeper counted them.</p>"
		switch it := &feed.Items[0]; f.name {
		case "facts":
			feed.Format, it.People, it.CreditLines = "page", []parse.Person{{Name: f.fields[1], Field: parse.InfoLine}}, []string{f.fields[1]}
		case "field":
			it.People = []parse.Person{{Name: f.fields[1], Field: "dc:creator"}}
		case "end":
			text += "<p>" + f.fields[1] + "</p>"
		default:
			text = "<p>" + f.fields[1] + "</p>" + text
		}
		feed.Items[0].Content = parse.Text{Body: text, Type: parse.HTML}
		a := normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})[0]
		got := spell(normalize.Line{People: slices.DeleteFunc(a.Byline.People, func(p news.Person) bool { return p.Organization })})
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
		{"an address of one in the text", "", "By Jane Doe jane@wire.example", "author Jane Doe"},
		{"a phrase", "By the numbers", "", ""},
		{"a desk", "By the editors", "", "author *the editors"},
		{"a firm and a person", "Johnson & Johnson and Jane Doe", "", "author Jane Doe | ~Johnson & Johnson"},
		{"a firm before a person", "Johnson & Johnson, Jane Doe", "", "author Jane Doe | ~Johnson & Johnson"},
		{"a person before a firm", "Jane Doe, John Roe and Johnson & Johnson", "", "author Jane Doe | author John Roe | ~Johnson & Johnson"},
	} {
		it := parse.Item{ID: "1", Content: parse.Text{Body: "<p>" + c.text + "</p><p>The crews moved the boats before noon.</p>", Type: parse.HTML}}
		for field := range strings.SplitSeq(c.fields, "|") {
			it.People = append(it.People, parse.Person{Name: field, Field: "dc:creator"})
		}
		a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
		if got := spell(normalize.Line{People: a.Byline.People, Credit: a.Credit.Name}); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if strings.HasPrefix(c.name, "an address of one") && a.Byline.People[0].Email != "jane@wire.example" {
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

// An outlet that the operator wants ignored credits nothing, wherever it stands and
// by whichever of its names.
func TestIgnoredOutlets(t *testing.T) {
	for _, body := range []string{
		"<p>LISBON, Nov. 24 (Reuters) - The crews moved the boats.</p>", "<p>The crews moved the boats.</p><p>(Reuters)</p>", "<p>The crews moved the boats.</p><p>Source: Reuters</p>",
	} {
		feed := &parse.Feed{Format: "rss", Items: []parse.Item{{ID: "1", Content: parse.Text{Body: body, Type: parse.HTML}}}}
		for ignored, want := range map[string]string{"AFP": "Reuters", "reuters": ""} {
			rules := news.BylineRules{Ignore: []string{ignored}}
			a := normalize.Articles(news.Source{Slug: "wire", Byline: rules}, feed, normalize.Options{At: fetched})[0]
			if a.Credit.Name != want {
				t.Errorf("%s with %s ignored: credit %q", body, ignored, a.Credit.Name)
			}
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

// TestDates reads every dated text and tells how many of each class come out
// right; the class is what stands before the comma of a fixture's name.
func TestDates(t *testing.T) {
	score := scores{}
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
		class, _, _ := strings.Cut(f.name, ",")
		score.count(class, got == f.fields[2])
		if got != f.fields[2] {
			t.Errorf("%s (%s): %q\n got %s\nwant %s", f.name, language, f.fields[0], got, f.fields[2])
		}
	}
	score.log(t)
}

func TestLinks(t *testing.T) {
	for _, f := range fixtures(t, "links.tsv") {
		if got := normalize.Link(f.fields[0], f.fields[1]); got != f.fields[2] {
			t.Errorf("%s: %q at %q\n got %s\nwant %s", f.name, f.fields[0], f.fields[1], got, f.fields[2])
		}
	}
}

// What was cleaned compares equal to what was not, so one cover of an address may
// lie below another: each way of putting three parts together is tried.
func TestLinksSettle(t *testing.T) {
	parts := []string{"", "/", ".", "..", "amp", ";utm_source=1", ";", "?", "utm_source=1", "&", "&amp;", "#", "%2F", "%", "=", "*", `\`, "http:", "https://b.example/", "www."}
	for _, read := range []func(string, ...string) string{normalize.Link, normalize.ArticleLink, normalize.Resolved} {
		for i := range len(parts) * len(parts) * len(parts) {
			raw := parts[i%len(parts)] + parts[i/len(parts)%len(parts)] + parts[i/len(parts)/len(parts)]
			for _, raw := range []string{raw, "https://a.example/" + raw} {
				address := read(raw, "https://a.example/x/")
				if address == "" {
					continue
				}
				if again := read(address); again != address {
					t.Fatalf("%q gives %q, then %q", raw, address, again)
				}
			}
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
		"misread in part":           {"Nepal’s â€˜secretâ€™ meeting", "Nepal’s ‘secret’ meeting"},
		"misread, a quote's end":    {"It’s â€œfineâ€ here", "It’s “fine” here"},
		"misread capitals":          {"Länder – Ã„nderung der StraÃŸe", "Länder – Änderung der Straße"},
		"about what is misread":     {"Why Ã¶ turns up for ö", "Why Ã¶ turns up for ö"},
		"a blank of no width":       {" \u200b Low ti\u200bde\u2060", "Low ti\u200bde"},
		"misread À":                 {"Ã€ Rueil, “elle” court", "À Rueil, “elle” court"},
		"misread Œ":                 {"d’Å“uvres et d’Å’uvre, 22 Å“illets", "d’œuvres et d’Œuvre, 22 œillets"},
		"misread with a control":    {"“fine” Å\u008dsÅ\u008dji 日, ð\u009f\u0098\u0080", "“fine” ōsōji 日, 😀"},
		"a letter that is named":    {"the letter “Ã” — or Ã, Å“” — ‘Å’", "the letter “Ã” — or Ã, Å“” — ‘Å’"},
		"a blank that ends a text":  {"Au bord du RERÂ\u00a0", "Au bord du RER"},
		"an instruction":            {"<?xml:namespace prefix = o ns = \"urn:<x>\" />Low tide", "\" />Low tide"},
		"a sign of an instruction":  {"Low <? tide <! x", "Low <? tide <! x"},
		"misread, a blank lost":     {"accrochÃ© Ã un tÃ©lÃ©siÃ¨geÂ", "accroché à un télésiège"},
		"Portuguese in capitals":    {"“AMANHÃ” E “MANHÃ…” — sim", "“AMANHÃ” E “MANHÃ…” — sim"},
		"French that ends a quote":  {"« la liberté…» ’", "« la liberté…» ’"},
		"a capital before a mark":   {"ANDRÉ’S NEW BOAT", "ANDRÉ’S NEW BOAT"},
		"and before dots":           {"Ö… och Ä…", "Ö… och Ä…"},
		"and before a bracket":      {"LE CAFÉ» ET LE FÊTÉ®", "LE CAFÉ» ET LE FÊTÉ®"},
		"one letter with a mark":    {"Å’s fishermen", "Å’s fishermen"},
		"misread Cyrillic":          {"Ð›Ð¾Ð´ÐºÐ¸", "Лодки"},
		"misread Han":               {"èˆ¹é˜Ÿ", "船队"},
		"misread twice":             {"ActualitÃƒÂ©s franÃƒÂ§aises", "Actualités françaises"},
		"misread Hebrew":            {"×©×\u009c×\u2022×\u009d", "שלום"},
		"misread Chinese":           {"ä¸\u00adå\u203a½", "中国"},
		"named entities twice":      {"It&amp;rsquo;s caf&amp;eacute;", "It’s café"},
		"a tag that is written of":  {"The &lt;b&gt; tag", "The <b> tag"},
		"a line's end in Chinese":   {"中国\n科学", "中国科学"},
		"a blank in Chinese":        {"中国 科学", "中国 科学"},
		"a form alone":              {"<form>Search the harbour <input name=q></form>", ""},
		"what readers press":        {"Boats <button>More</button> and <select><option>May</select> tides <textarea>Write</textarea>", "Boats and tides"},
		"a select that is named":    {"How a <select> is styled", "How a is styled"},
		"a wide blank":              {"東京　大阪", "東京 大阪"},
		"a line's end beside Latin": {"中国\nScience", "中国 Science"},
		"signs that show nothing":   {" \u200b\u00ad\u3164\ufe0f ", ""},
		"a sign beside text":        {"A\u200b ☎\ufe0f", "A\u200b ☎\ufe0f"},
	} {
		if got := normalize.Text(pair[0], parse.Unstated); got != pair[1] {
			t.Errorf("%s: got %q, want %q", name, got, pair[1])
		}
	}
}

func TestExcerpt(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		n    int
		want string
	}{
		"short enough":            {"One two.", 20, "One two."},
		"at a sentence":           {"One two three. Four five six seven.", 20, "One two three."},
		"not at a title":          {"He met Mr. Smith in the morning there.", 20, "He met Mr. Smith in…"},
		"not at initials":         {"It was for J. R. Smith in the end.", 20, "It was for J. R.…"},
		"not at an ordinal":       {"Am 10. November 2026 geschah es.", 20, "Am 10. November 2026…"},
		"with its quotes":         {"He said “no way.” Then he left us.", 20, "He said “no way.”"},
		"at a word":               {"One two three four five six", 12, "One two…"},
		"at a word that ends":     {"One two three four", 13, "One two three…"},
		"Chinese sentence":        {"今天天气很好。我们去公园玩吧朋友们", 10, "今天天气很好。"},
		"Chinese comma":           {"今天天气非常好，我们去公园玩吧朋友们", 12, "今天天气非常好…"},
		"Chinese without a mark":  {"今天天气非常好我们去公园玩吧", 7, "今天天气非常好…"},
		"not before a mark":       {"今天天气非常好。我们去公园玩吧", 7, "今天天气非常…"},
		"Hindi":                   {"यह एक है। यह दूसरा वाक्य है और लंबा", 12, "यह एक है।"},
		"Arabic":                  {"هل هذا سؤال؟ نعم هذا هو السؤال", 16, "هل هذا سؤال؟"},
		"Thai keeps its vowels":   {"กรุงเทพมหานครที่นี่ดี", 15, "กรุงเทพมหานคร…"},
		"Latin in Chinese":        {"我们今天使用Kubernetes平台", 10, "我们今天使用…"},
		"a figure in Chinese":     {"他们一共卖出了3.75亿", 9, "他们一共卖出了…"},
		"Katakana in Japanese":    {"東京の会社はマイクロソフトと提携した", 9, "東京の会社は…"},
		"a small kana":            {"船は港に入ったがすぐ戻った", 5, "船は港に…"},
		"Thai keeps what is read": {"เรือออกจากท่าเมื่อเช้า", 14, "เรือออกจากท่า…"},
		"a flag":                  {"🇫🇷🇩🇪🇮🇹🇪🇸", 5, "🇫🇷🇩🇪…"},
		"Armenian":                {"Նավը գնաց։ Ոչ ոք չտեսավ դա", 15, "Նավը գնաց։"},
		"Burmese":                 {"သင်္ဘော ထွက်သည်။ ဘယ်သူမှ မမြင်ပါ", 20, "သင်္ဘော ထွက်သည်။"},
		"Khmer with its blanks":   {"នាវា\u200bចេញ\u200bពី\u200bកំពង់ផែ\u200bព្រឹក\u200bនេះ", 16, "នាវា\u200bចេញ\u200bពី…"},
		"Khmer, a letter below":   {"កកកកកកកកក្រកក", 10, "កកកកកកកក…"},
		"Tibetan syllables":       {"གྲུ་གཟིངས་ཆེན་པོ་ཐོན་སོང", 14, "གྲུ་གཟིངས་ཆེན…"},
		"Thai, where it has one":  {"เรือใหญ่ออกจากท่าเรือ เมื่อเช้านี้ฝนตก", 30, "เรือใหญ่ออกจากท่าเรือ…"},
		"Vietnamese titles":       {"Hôm qua TP. Huế mưa to cả ngày", 25, "Hôm qua TP. Huế mưa to cả…"},
		"a street in Ukrainian":   {"Стоїть на вул. Морській біля самого порту", 28, "Стоїть на вул. Морській біля…"},
		"Hungarian about":         {"A hajó kb. Húsvétkor indul el innen", 24, "A hajó kb. Húsvétkor…"},
		"Turkish and so on":       {"Balık, midye vb. Ürünler taze geliyor", 26, "Balık, midye vb. Ürünler…"},
		"Greek Mrs":               {"Μίλησε η κα. Λάμπρου για το λιμάνι", 26, "Μίλησε η κα. Λάμπρου για…"},
		"a state":                 {"They met in Tucson, Ariz. Lee spoke first", 30, "They met in Tucson, Ariz. Lee…"},
		"a letter and its accent": {"aaaaaaaaae\u0301bbbb", 10, "aaaaaaaaa…"},
	} {
		if got := normalize.Excerpt(c.text, c.n); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestArticleAddress(t *testing.T) {
	for name, c := range map[string]struct{ link, canonical, want string }{
		"as it is":                    {"https://a.example/b", "", "https://a.example/b"},
		"what the page says":          {"https://a.example/b?x=1", "https://a.example/b", "https://a.example/b"},
		"a page that names its site":  {"https://a.example/b", "https://a.example/", "https://a.example/b"},
		"relative":                    {"https://a.example/b?x=1", "/b", "https://a.example/b"},
		"an AMP ending":               {"https://a.example/b/amp/", "", "https://a.example/b/"},
		"an AMP ending, no slash":     {"https://a.example/b/amp", "", "https://a.example/b"},
		"an AMP beginning":            {"https://a.example/amp/2026/b", "", "https://a.example/2026/b"},
		"an AMP parameter":            {"https://a.example/b?amp=1&id=7", "", "https://a.example/b?id=7"},
		"an AMP parameter, bare":      {"https://a.example/b?amp", "", "https://a.example/b"},
		"an AMP output":               {"https://a.example/b?outputType=amp", "", "https://a.example/b"},
		"an AMP host":                 {"https://amp.theguardian.com/world/2026/nov/26/boats", "", "https://www.theguardian.com/world/2026/nov/26/boats"},
		"an unknown AMP host":         {"https://amp.a.example/b", "", "https://amp.a.example/b"},
		"an AMP file":                 {"https://a.example/b.amp.html", "", "https://a.example/b.html"},
		"an AMP cache":                {"https://a-example.cdn.ampproject.org/c/s/a.example/b/amp/", "", "https://a.example/b/"},
		"an AMP cache without TLS":    {"https://a-example.cdn.ampproject.org/v/a.example/b?id=7&usqp=x", "", "http://a.example/b?id=7"},
		"an AMP page of a search":     {"https://www.google.com/amp/s/a.example/b", "", "https://a.example/b"},
		"a shop of amplifiers":        {"https://a.example/amp/", "", "https://a.example/amp/"},
		"a word that ends in it":      {"https://a.example/camp", "", "https://a.example/camp"},
		"a search's result, in a hat": {"https://www.google.com/url?q=https://a.example/b/amp%3Futm_source%3Dx", "", "https://a.example/b"},
	} {
		feed := &parse.Feed{Items: []parse.Item{{ID: "1", Link: c.link, Canonical: c.canonical}}}
		list := normalize.Articles(news.Source{Slug: "s"}, feed, normalize.Options{At: fetched})
		if got := list[0].URL; got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
		if list[0].OriginalURL != c.link {
			t.Errorf("%s: the original is %s, want %s", name, list[0].OriginalURL, c.link)
		}
	}
}

func TestDatesOfArticles(t *testing.T) {
	day := func(d int) string { return fmt.Sprintf("2026-11-%02d", d) }
	for name, c := range map[string]struct {
		items []parse.Item
		want  string // of the first
	}{
		"from the link":                  {[]parse.Item{{ID: "1", Link: "https://a.example/2026/11/10/b"}}, day(10) + "T00:00:00Z inferred day 2026/11/10"},
		"from the link, in one":          {[]parse.Item{{ID: "1", Link: "https://a.example/n/20261110/b.html"}}, day(10) + "T00:00:00Z inferred day 20261110"},
		"from the link, mixed":           {[]parse.Item{{ID: "1", Link: "https://a.example/gn/2026-11/10/content_1.htm"}}, day(10) + "T00:00:00Z inferred day 2026-11/10"},
		"from the link, in two":          {[]parse.Item{{ID: "1", Link: "https://a.example/n1/2026/1110/c7-8.html"}}, day(10) + "T00:00:00Z inferred day 2026/1110"},
		"a year and a number":            {[]parse.Item{{ID: "1", Link: "https://a.example/archives/2026/1110"}}, "2026-11-24T12:00:00Z first_seen  "},
		"from the link, by name":         {[]parse.Item{{ID: "1", Link: "https://a.example/2026/nov/10/b"}}, day(10) + "T00:00:00Z inferred day 2026/nov/10"},
		"an address with a number":       {[]parse.Item{{ID: "1", Link: "https://a.example/n/20269910"}}, "2026-11-24T12:00:00Z first_seen  "},
		"too far ahead":                  {[]parse.Item{{ID: "1", Link: "https://a.example/2026/11/10/b", Dates: []parse.Date{{Raw: "2026-12-24T00:00:00Z"}}}}, "2026-11-24T12:00:00Z first_seen  2026-12-24T00:00:00Z"},
		"unreadable":                     {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "soon"}}}}, "2026-11-24T12:00:00Z first_seen  soon"},
		"other dates tell the order":     {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "11/10/2026"}}}, {ID: "2", Dates: []parse.Date{{Raw: "11/13/2026"}}}}, day(10) + "T00:00:00Z date_only day 11/10/2026"},
		"they contradict each other":     {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "11/10/2026"}}}, {ID: "2", Dates: []parse.Date{{Raw: "11/13/2026"}}}, {ID: "3", Dates: []parse.Date{{Raw: "13/11/2026"}}}}, "2026-11-24T12:00:00Z first_seen  11/10/2026"},
		"a better one close by":          {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10"}, {Raw: "2026-11-10T10:46:16Z"}}}}, day(10) + "T10:46:16Z explicit second 2026-11-10T10:46:16Z"},
		"an update alone":                {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10T10:46:16Z", Field: "updated"}}}}, day(10) + "T10:46:16Z explicit second 2026-11-10T10:46:16Z"},
		"a line that tells of an update": {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "Updated: 2026-11-12 10:00"}, {Raw: "2026-11-10T10:46:16Z"}}}}, day(10) + "T10:46:16Z explicit second 2026-11-10T10:46:16Z +" + day(12) + "T10:00:00Z"},
		"an update that is none":         {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10T10:46:16Z"}, {Raw: "2026-11-10T10:46:16Z", Field: "updated"}}}}, day(10) + "T10:46:16Z explicit second 2026-11-10T10:46:16Z"},
		"the country of the address":     {[]parse.Item{{ID: "1", Link: "https://a.co.uk/b", Dates: []parse.Date{{Raw: "10/11/2026"}}}}, day(10) + "T00:00:00Z date_only day 10/11/2026"},
		"a domain of no country":         {[]parse.Item{{ID: "1", Link: "https://a.io/b", Dates: []parse.Date{{Raw: "10/11/2026"}}}}, "2026-11-24T12:00:00Z first_seen  10/11/2026"},
		"one stamp on all": {[]parse.Item{
			{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10T10:46:16Z"}, {Raw: "2026-11-20T00:00:00Z", Field: "updated"}}},
			{ID: "2", Dates: []parse.Date{{Raw: "2026-11-11T10:46:16Z"}, {Raw: "2026-11-20T00:00:00Z", Field: "updated"}}},
		}, day(10) + "T10:46:16Z explicit second 2026-11-10T10:46:16Z"},
		"stamps while the feed was written": {[]parse.Item{
			{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10T10:46:16Z"}, {Raw: "2026-11-20T00:00:07Z", Field: "updated"}}},
			{ID: "2", Dates: []parse.Date{{Raw: "2026-11-11T10:46:16Z"}, {Raw: "2026-11-20T00:00:08Z", Field: "updated"}}},
			{ID: "3", Dates: []parse.Date{{Raw: "2026-11-12T10:46:16Z"}, {Raw: "2026-11-20T00:00:08Z", Field: "updated"}}},
		}, day(10) + "T10:46:16Z explicit second 2026-11-10T10:46:16Z"},
		"updated at times that differ": {[]parse.Item{
			{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10T10:46:16Z"}, {Raw: "2026-11-20T00:00:07Z", Field: "updated"}}},
			{ID: "2", Dates: []parse.Date{{Raw: "2026-11-11T10:46:16Z"}, {Raw: "2026-11-20T00:09:08Z", Field: "updated"}}},
			{ID: "3", Dates: []parse.Date{{Raw: "2026-11-12T10:46:16Z"}, {Raw: "2026-11-20T00:00:08Z", Field: "updated"}}},
		}, day(10) + "T10:46:16Z explicit second 2026-11-10T10:46:16Z +2026-11-20T00:00:07Z"},
		"updated within the minute":      {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10T10:46Z"}, {Raw: "2026-11-10T10:46:16Z", Field: "updated"}}}}, day(10) + "T10:46:00Z explicit minute 2026-11-10T10:46Z"},
		"updated right after the minute": {[]parse.Item{{ID: "1", Dates: []parse.Date{{Raw: "2026-11-10T10:46Z"}, {Raw: "2026-11-10T10:47:00Z", Field: "updated"}}}}, day(10) + "T10:46:00Z explicit minute 2026-11-10T10:46Z +2026-11-10T10:47:00Z"},
	} {
		list := normalize.Articles(news.Source{Slug: "s", Language: "en"}, &parse.Feed{Items: c.items}, normalize.Options{At: fetched})
		p := list[0].Published
		got := fmt.Sprintf("%s %s %s %s", p.At.Format(time.RFC3339), p.Basis, p.Precision, p.Raw)
		if m := list[0].Modified.At; !m.IsZero() {
			got += " +" + m.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// A page's own offset is the zone of its dates that have none, but UTC is not,
// and a feed's items say nothing of each other.
func TestZoneOfPages(t *testing.T) {
	for name, c := range map[string]struct{ format, other, want string }{
		"a page":           {"page", "2026-11-12T09:00:00+08:00", "2026-11-10T02:46:16Z assumed_zone"},
		"an offset behind": {"page", "2026-11-12T09:00:00-0300", "2026-11-10T13:46:16Z assumed_zone"},
		"a page in UTC":    {"page", "2026-11-12T09:00:00+00:00", "2026-11-10T09:46:16Z assumed_zone"},
		"a feed":           {"rss", "2026-11-12T09:00:00+08:00", "2026-11-10T09:46:16Z assumed_zone"},
	} {
		dates := []parse.Date{{Raw: "2026-11-10 10:46:16"}, {Raw: c.other, Field: "updated"}}
		list := normalize.Articles(news.Source{Slug: "s", TimeZone: time.FixedZone("CET", 3600)}, &parse.Feed{Format: c.format, Items: []parse.Item{{ID: "1", Dates: dates}}}, normalize.Options{At: fetched})
		p := list[0].Published
		if got := p.At.Format(time.RFC3339) + " " + string(p.Basis); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// A summary that is made of the text has no address of a player in it.
func TestSummaryWithoutPlayers(t *testing.T) {
	for content, want := range map[string]string{
		`<p>The pier is open.</p><iframe src="https://v.example/1"></iframe><p>Ferries sail.</p>`: "The pier is open. Ferries sail.",
		`<p>Write to <a href="https://a.example/post">https://a.example/post</a> today.</p>`:      "Write to https://a.example/post today.",
	} {
		feed := &parse.Feed{Items: []parse.Item{{ID: "1", Content: parse.Text{Body: content, Type: parse.HTML}}}}
		if got := normalize.Articles(news.Source{Slug: "s"}, feed, normalize.Options{At: fetched})[0].Summary; got != want {
			t.Errorf("got %q, want %q", got, want)
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

// A site is known by the host of an outlet's home page, with www. or without.
func TestSite(t *testing.T) {
	for address, want := range map[string]string{
		"http://www.stdaily.com/web/a.html": "Science and Technology Daily", "https://apnews.com": "Associated Press",
		"https://unknown.example/": "", "page.html": "", "": "",
	} {
		if got := normalize.Site(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}

// A description with a tag is HTML, in whatever case and whether or not one is closed.
func TestDescriptionsWithoutEndTags(t *testing.T) {
	for body, want := range map[string]string{
		`Low<BR>tide`:                        `Low<br>tide`,
		`Low <IMG SRC="/a.jpg"> tide`:        `Low <img src="https://a.example/a.jpg" alt=""> tide`,
		`<p class="x">Low<p class="x">tide`:  `<p>Low</p><p>tide</p>`,
		`<ul><li>Low<li>tide`:                `<ul><li>Low</li><li>tide</li></ul>`,
		`Tide &amp; wind`:                    ``,
		`Fish &amp; ships < 3 metres, 5 > 4`: ``,
	} {
		it := parse.Item{ID: "1", Link: "https://a.example/1", Summary: parse.Text{Body: body}}
		a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
		if a.ContentHTML != want {
			t.Errorf("%s: got %s, want %s", body, a.ContentHTML, want)
		}
	}
}
