package normalize_test

import (
	"bufio"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
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

// A template's language does not stand against letters that one language alone
// is written in.
func TestLanguageOfTemplate(t *testing.T) {
	for _, c := range []struct{ said, title, want string }{
		{"en", "日本调查：三千余家日企剥削外国实习生", "zh"},
		{"en-US", "[종합] 코로나19 신규확진 44명중 해외유입 24명", "ko"},
		{"zh-TW", "總統府前的遊行平和落幕", "zh-TW"},
		{"en", "Lin Yuchen 林 meets the mayor", "en"},
		{"de", "Zwei Flüsse treffen sich wieder", "de"},
	} {
		feed := &parse.Feed{Format: "page", Items: []parse.Item{{ID: "1", Language: c.said, Title: parse.Text{Body: c.title}}}}
		if got := normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})[0].Language; got != c.want {
			t.Errorf("%q, said to be in %s: got %s, want %s", c.title, c.said, got, c.want)
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

func TestLanguageOfArticles(t *testing.T) {
	for name, c := range map[string]struct{ entry, feed, title, want string }{
		"the entry":                  {"fr", "en", "One two", "fr"},
		"the feed":                   {"", "de-at", "Eins zwei", "de-AT"},
		"none, in its own script":    {"", "", "서울의 날씨는 맑다", "ko"},
		"none, Chinese":              {"", "", "今天天气很好我们去公园", "zh"},
		"none, Chinese beside Latin": {"", "", "我们使用Microsoft软件和Kubernetes平台", "zh"},
		"none, English with names":   {"", "", "The crews of Whangārei and Ōpōtiki told Māori and Pākehā of the harbour when the boats would go out again.", "en"},
		"none, Dutch":                {"", "", "De boten bleven die dag in de haven liggen, en niemand op de kade wist wanneer ze weer zouden uitvaren.", "nl"},
		"none, Swedish":              {"", "", "Båtarna låg kvar i hamnen hela dagen, och ingen på kajen visste när de skulle ge sig ut på havet igen.", "sv"},
		"none, Russian":              {"", "", "Лодки весь день стояли в порту, и никто на пристани не знал, когда они снова выйдут в море.", "ru"},
		"none, Persian":              {"", "", "قایق ها تمام روز در بندر ماندند و هیچ کس در اسکله نمی دانست کی دوباره به دریا می روند.", "fa"},
		"none, Czech":                {"", "", "Lodě zůstaly celý den v přístavu a nikdo na molu nevěděl, kdy znovu vyplují na moře a vrátí se s úlovkem.", "cs"},
		"none, Slovak":               {"", "", "Lode zostali celý deň v prístave a nikto na móle nevedel, kedy opäť vyplávajú; ľudia stáli pri vode a mŕtve ryby plávali okolo.", "sk"},
		"none, half Slovak":          {"", "", "Trajekt stál celý den v prístave a nikto na brehu nevedel, kedy sa znova vyplaví na more a vráti sa.", "sk"},
		"none, Japanese":             {"", "", "今日は天気がいいので公園へ", "ja"},
		"none, too short to be told": {"", "", "One two", ""},
	} {
		feed := &parse.Feed{Language: c.feed, Items: []parse.Item{{ID: "1", Language: c.entry, Title: parse.Text{Body: c.title}}}}
		if got := normalize.Articles(news.Source{Slug: "s"}, feed, normalize.Options{At: fetched})[0].Language; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// What nobody says the language of is read for it; a wrong one is worse than none.
func TestLanguageOfTexts(t *testing.T) {
	for _, f := range fixtures(t, "languages.tsv") {
		want, text := strings.TrimPrefix(f.name, "-"), f.fields[0]
		feed := &parse.Feed{Items: []parse.Item{{ID: "1", Summary: parse.Text{Body: text}}}}
		if got := normalize.Articles(news.Source{Slug: "s"}, feed, normalize.Options{At: fetched})[0].Language; got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
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

// Of single sentences most tell their language, and none tells another.
func TestLanguageOfSentences(t *testing.T) {
	told, all := 0, 0
	for _, f := range fixtures(t, "sentences.tsv") {
		feed := &parse.Feed{Items: []parse.Item{{ID: "1", Summary: parse.Text{Body: f.fields[0]}}}}
		all++
		switch normalize.Articles(news.Source{Slug: "s"}, feed, normalize.Options{At: fetched})[0].Language {
		case f.name:
			told++
		case "":
		default:
			t.Errorf("%s: %s", f.name, f.fields[0])
		}
	}
	t.Logf("%d of %d", told, all)
	if 10*told < 7*all {
		t.Errorf("%d of %d sentences tell their language, want seven in ten", told, all)
	}
}

// Articles of which none shows its language show it together, and one that speaks
// another keeps it.
func TestLanguageOfAllTogether(t *testing.T) {
	titles := func(list ...string) *parse.Feed {
		feed := &parse.Feed{Format: "rss"}
		for i, title := range list {
			feed.Items = append(feed.Items, parse.Item{ID: strconv.Itoa(i), Title: parse.Text{Body: title}})
		}
		return feed
	}
	for name, c := range map[string]struct {
		feed    *parse.Feed
		earlier string
		want    string
	}{
		"together":           {titles("Storm on the way", "Town hall to be sold", "Bridge is open again", "What the vote means"), "", "en en en en"},
		"a stranger":         {titles("Storm on the way", "Town hall to be sold", "Bridge is open again", "Was die Wahl für die Stadt bedeutet"), "", "en en en "},
		"another script":     {titles("Storm on the way", "Town hall to be sold", "Bridge is open again", "港务局宣布新渡轮开航"), "", " " + " " + " zh"},
		"no language at all": {titles("ZX-81", "QL"), "", " "},
		"as earlier":         {titles("Storm warning"), "en", "en"},
		"not as earlier":     {titles("Die Brücke ist zu"), "en", ""},
	} {
		got := []string{}
		for _, a := range normalize.Articles(news.Source{Slug: "s"}, c.feed, normalize.Options{At: fetched, Language: c.earlier}) {
			got = append(got, a.Language)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %q, want %q", name, s, c.want)
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

// The role word that decided is named with the line that it stands in.
func TestExplainRoleWords(t *testing.T) {
	it := parse.Item{ID: "1", People: []parse.Person{{Name: "Text und Fotos: Ute Klose", Field: "dc:creator"}},
		Content: parse.Text{Body: "<p>The crews moved the boats.</p><p>Redaktion: Karl Ritter</p>", Type: parse.HTML}}
	a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
	var got []string
	for _, c := range normalize.Explain(it, a) {
		if c.Witness == "normalized" && c.Field != "language" {
			got = append(got, c.Field+" "+c.Rule)
		}
	}
	want := []string{
		"author from dc:creator “Text und Fotos: Ute Klose”, by its word “Text und Fotos”",
		"editor from the text, by its word “Redaktion”",
		"photographer from dc:creator “Text und Fotos: Ute Klose”, by its word “Text und Fotos”",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Each person is told with the line that names them in that role, not with the
// field that names another, or the same as author.
func TestExplainEachLine(t *testing.T) {
	const line = "Reporting by Jane Doe; Editing by J Doe; Photo by Mia Lund"
	it := parse.Item{ID: "1", People: []parse.Person{{Name: "J Doe", Field: "dc:creator"}}, CreditLines: []string{line},
		Content: parse.Text{Body: "<p>The crews moved the boats.</p><p>" + line + "</p>", Type: parse.HTML}}
	a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "rss", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
	claims := normalize.Explain(it, a)
	if i := slices.IndexFunc(claims, func(c parse.Claim) bool { return c.Field == "editor" }); i < 0 || !strings.Contains(claims[i].Rule, line) {
		t.Errorf("the editor is not told with the line: %+v", claims)
	}
	if len(a.Byline.People) < 3 || a.Byline.Printed != "J Doe" {
		t.Fatalf("byline %+v", a.Byline)
	}
	for _, p := range a.Byline.People {
		if got := normalize.LineOf(&a, p); got != line {
			t.Errorf("%s %s is told from %q", p.Role, p.Name, got)
		}
	}
}

// What extraction believed and the article does not have did not win.
func TestExplainWhatWasNotTaken(t *testing.T) {
	claim := func(field, value string) parse.Claim {
		return parse.Claim{Field: field, Witness: "head", Value: value, Won: true, Rule: "the first"}
	}
	it := parse.Item{
		ID: "1", Language: "en", Title: parse.Text{Body: "日本调查：三千余家日企剥削外国实习生"},
		Dates:  []parse.Date{{Raw: "soon", Field: "published"}},
		Claims: []parse.Claim{claim("language", "en"), claim("published", "soon"), claim("modified", "later")},
	}
	a := normalize.Articles(news.Source{Slug: "wire"}, &parse.Feed{Format: "page", Items: []parse.Item{it}}, normalize.Options{At: fetched})[0]
	var won []string
	for _, c := range normalize.Explain(it, a) {
		if c.Won {
			won = append(won, c.Field+" "+c.Value)
		}
	}
	if got := strings.Join(won, ", "); got != "language zh" {
		t.Errorf("got %q, want only the language, as its letters tell it", got)
	}
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
