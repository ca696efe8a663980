package page

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

func english(t *testing.T) *speech {
	t.Helper()
	return speaking(t, "en", "")
}

// speaking is a speech for a language, in a house of another.
func speaking(t *testing.T, lang, house string) *speech {
	t.Helper()
	p, err := New(edition.House{URL: "https://news.example.org", Language: house}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p.in(lang)
}

// table is each language's wording of each phrase, as a speaker wrote it.
func table(t *testing.T) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	for line := range strings.Lines(wordings) {
		if cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(cells) == 3 {
			if out[cells[1]] == nil {
				out[cells[1]] = map[string]string{}
			}
			out[cells[1]][cells[0]] = cells[2]
		}
	}
	return out
}

var hole = regexp.MustCompile(`\{\w+\}`)

// Every language says every phrase, and names in it what English names.
func TestWordings(t *testing.T) {
	all := table(t)
	for lang, phrases := range all {
		for key, text := range all[mother] {
			said := strings.ReplaceAll(phrases[key], "{buddhist}", "{year}") // one year, counted otherwise
			got, want := hole.FindAllString(said, -1), hole.FindAllString(text, -1)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s, %q: got %q, which names %v, want %v", lang, key, phrases[key], got, want)
			}
			if said == "" || strings.TrimSpace(said) != said || strings.ContainsAny(hole.ReplaceAllString(said, ""), "{}<>&") {
				t.Errorf("%s, %q: got %q", lang, key, phrases[key])
			}
		}
		if pieces := piecesOf(phrases["names"]); len(pieces) != 3 || pieces[1].Text == "" {
			t.Errorf("%s: nothing parts names in %q", lang, phrases["names"])
		}
		for key := range phrases {
			if all[mother][key] == "" {
				t.Errorf("%s has a phrase %q, which English has not", lang, key)
			}
		}
	}
}

// Templates and code ask for phrases that there are, and for all of them.
func TestPhrasesAreUsed(t *testing.T) {
	var source strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(b)
	}
	err = fs.WalkDir(templates, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := templates.ReadFile(name)
		source.Write(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	phrases := table(t)[mother]
	for key := range phrases {
		if !strings.Contains(source.String(), `"`+key+`"`) {
			t.Errorf("nothing says %q", key)
		}
	}
	asked := regexp.MustCompile(`\.(?:Say|Pieces)\(? ?"([^"]+)"`).FindAllStringSubmatch(source.String(), -1)
	for _, m := range asked {
		if phrases[m[1]] == "" {
			t.Errorf("a page says %q, which is no phrase", m[1])
		}
	}
	everyone := news.Byline{People: []news.Person{{Role: news.Editor}, {Role: news.Translator}, {Role: news.Photographer}, {Role: news.Illustrator}, {Role: news.Contributor}}}
	for _, line := range others(news.Article{Byline: everyone}) {
		if phrases[line.Phrase] == "" {
			t.Errorf("%q is no phrase", line.Phrase)
		}
	}
	for _, key := range kinds {
		if phrases[key] == "" {
			t.Errorf("%q is no phrase", key)
		}
	}
	for status, p := range problems {
		if phrases[p.title] == "" || phrases[p.says] == "" {
			t.Errorf("%d: %q or %q is no phrase", status, p.title, p.says)
		}
	}
	for _, f := range compared(english(t), news.Article{}, news.Article{
		Title: "x", Summary: "x", ContentHTML: "x", Credit: news.Credit{Name: "x"}, Section: "x", Categories: []string{"x"}, Rights: "x", URL: "x",
		Image: &news.Image{URL: "x"}, Byline: news.Byline{People: []news.Person{{Name: "x", Role: news.Author}}},
	}) {
		if phrases[f.Phrase] == "" {
			t.Errorf("%q is no phrase", f.Phrase)
		}
	}
}

// A page speaks the language of what it is about, else that of the house, else
// English; never one that is only like it.
func TestInWhichLanguage(t *testing.T) {
	for _, tt := range []struct{ lang, house, want, says string }{
		{"", "", "en", "Search"},
		{"en-GB", "", "en-GB", "Search"},
		{"sw", "en-GB", "en-GB", "Search"},
		{"not a tag", "", "en", "Search"},
		{"sw", "de", "de", "Suche"},
		{"de-AT", "en", "de-AT", "Suche"},
		{"zh", "", "zh", "搜索"},
		{"zh-TW", "", "zh-TW", "搜尋"},
		{"zh-HK", "", "zh-HK", "搜尋"},
		{"no", "", "no", "Søk"},
		{"iw", "en", "iw", "חיפוש"},
		{"pt-BR", "", "pt-BR", "Pesquisar"},
		{"uz-Arab", "ur", "ur", "تلاش"},
		{"ca", "", "en", "Search"}, // not Spanish
		{"be", "", "en", "Search"}, // not Russian
	} {
		w := speaking(t, tt.lang, tt.house)
		if got := w.Say("search"); w.Lang != tt.want || got != tt.says {
			t.Errorf("%q in a house of %q: got %q in %q, want %q in %q", tt.lang, tt.house, got, w.Lang, tt.says, tt.want)
		}
	}
}

// Each language writes a moment in its own order, with its own names and digits.
func TestMoments(t *testing.T) {
	at := time.Date(2026, 11, 4, 9, 5, 0, 0, time.UTC)
	for _, tt := range []struct{ lang, human, short, day string }{
		{"en", "4 November 2026, 09:05 UTC", "4 Nov 2026, 09:05", "Wednesday, 4 November 2026"},
		{"de", "4. November 2026, 09:05 UTC", "4. Nov. 2026, 09:05", "Mittwoch, 4. November 2026"},
		{"fi", "4. marraskuuta 2026 klo 09.05 UTC", "4. marrask. 2026 klo 09.05", "keskiviikkona 4. marraskuuta 2026"},
		{"hu", "2026. november 4., 09:05 UTC", "2026. nov. 4., 09:05", "2026. november 4., szerda"},
		{"he", "4 בנובמבר 2026, 09:05 UTC", "4 בנוב׳ 2026, 09:05", "יום רביעי, 4 בנובמבר 2026"},
		{"fa", "۴ نوامبر ۲۰۲۶، ۰۹:۰۵ UTC", "۴ نوامبر ۲۰۲۶، ۰۹:۰۵", "چهارشنبه ۴ نوامبر ۲۰۲۶"},
		{"th", "4 พฤศจิกายน 2569 09:05 UTC", "4 พ.ย. 2569 09:05", "วันพุธที่ 4 พฤศจิกายน 2569"},
		{"ja", "2026年11月4日 09:05 UTC", "2026年11月4日 09:05", "2026年11月4日 水曜日"},
	} {
		w := speaking(t, tt.lang, "")
		if h, s, d := w.Human(at), w.Short(at), w.FullDay(at); h != tt.human || s != tt.short || d != tt.day {
			t.Errorf("%s: got %q, %q, %q, want %q, %q, %q", tt.lang, h, s, d, tt.human, tt.short, tt.day)
		}
	}
}

// A table that cannot be read is refused, with the line; what it leaves out is
// said in English.
func TestReadWordbook(t *testing.T) {
	list := "months\ten\t" + strings.Repeat("m, ", 11) + "m\nshort months\ten\t" + strings.Repeat("m, ", 11) + "m\nweekdays\ten\t" + strings.Repeat("w, ", 6) + "w\ndigits\ten\t" + strings.Repeat("0, ", 9) + "0\n"
	for bad, want := range map[string]string{
		"search\ten":                             "wording.tsv:1: 2 cells",
		"search\ten\tx\nsearch\ten\ty":           "wording.tsv:2: \"search\" is said in en a second time",
		"search\tno such language!\tx":           "wording.tsv:1: language",
		"search\tde\tSuche":                      "nothing is said in en",
		list + "weekdays\tde\tSonntag, Montag\n": "de: 2 weekdays, want 7",
	} {
		if _, err := readWordbook(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", bad, err, want)
		}
	}
	b, err := readWordbook(list + "search\ten\tSearch\nauthor\ten\tAuthor\nauthor\tde\tAutor\n")
	if err != nil {
		t.Fatal(err)
	}
	if w, _ := b.speaks("de-AT"); w.Say("author") != "Autor" || w.Say("search") != "Search" {
		t.Errorf("got %q and %q", w.Say("author"), w.Say("search"))
	}
}

// In whichever language a house prints, none of its pages says a word of ours in
// English.
func TestPagesSpeak(t *testing.T) {
	all := table(t)
	for lang, phrases := range all {
		if lang == mother {
			continue
		}
		p, err := New(edition.House{Title: "H", URL: "https://news.example.org", Language: lang, TimeZone: time.UTC}, Options{Search: true})
		if err != nil {
			t.Fatal(err)
		}
		p = p.With([]news.Channel{{Slug: "c", Title: "C"}})
		for name, doc := range spoken(t, p, lang) {
			dir := map[bool]string{true: "rtl", false: "ltr"}[direction(lang) == "rtl"]
			if head := `<html lang="` + lang + `"`; !strings.Contains(doc, head) || strings.Contains(doc, head+` dir="rtl"`) != (dir == "rtl") {
				t.Errorf("%s in %s does not begin with %s and run %s", name, lang, head, dir)
			}
			for key, english := range all[mother] {
				if key == "digits" || strings.Contains(english, "{") || strings.EqualFold(phrases[key], english) {
					continue
				}
				for _, around := range []string{">%<", `"%"`, ">% <"} {
					if strings.Contains(doc, strings.ReplaceAll(around, "%", english)) {
						t.Errorf("%s in %s says %q", name, lang, english)
					}
				}
			}
		}
	}
}

// spoken are the pages that a house prints, with all that they may say.
func spoken(t *testing.T, p *Pages, lang string) map[string]string {
	t.Helper()
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	a := news.Article{
		Key: "k", URL: "https://wire.example/k", Title: "t", Summary: "s", Language: lang, Source: "wire", Credit: news.Credit{Name: "x"}, Breadcrumb: []string{"b"},
		ContentHTML: "<p>p</p>", Published: news.Moment{At: at}, Updated: at.Add(time.Hour),
		Byline: news.Byline{People: []news.Person{{Name: "n", Role: news.Author}, {Name: "m", Role: news.Author}, {Name: "o", Role: news.Editor}, {Name: "q", Role: news.Photographer}}},
	}
	before := a
	before.Title, before.Summary, before.ContentHTML, before.Byline, before.Credit.Name = "t0", "s0", "<p>p0</p>", news.Byline{}, "x0"
	src := edition.Source{Source: news.Source{Slug: "wire", Name: "w"}}
	e := edition.Edition{House: p.house, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "c"}, Title: "C", Language: lang, Articles: []news.Article{a}, Sources: map[news.Slug]edition.Source{"wire": src}, Older: "2"}
	author, empty, old, found, nothing := e, e, e, e, e
	author.Shelf.Kind, empty.Articles, old.Page, found.Query, nothing.Query, nothing.Articles = news.AuthorShelf, nil, "1-7", "q", "q", nil
	section, err := p.Section(&e, true)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, render := range map[string]func() ([]byte, error){
		"an article":  func() ([]byte, error) { return p.Article(a, src) },
		"a channel":   func() ([]byte, error) { return p.Channel(&e) },
		"an author":   func() ([]byte, error) { return p.Channel(&author) },
		"nothing yet": func() ([]byte, error) { return p.Channel(&empty) },
		"the archive": func() ([]byte, error) { return p.Channel(&old) },
		"a search": func() ([]byte, error) {
			return p.Search(&found, Around{First: "/search?q=q", Next: "/search?q=q&before=7"})
		},
		"no result": func() ([]byte, error) { return p.Search(&nothing, Around{}) },
		"the form":  func() ([]byte, error) { return p.SearchForm("", "") },
		"the history": func() ([]byte, error) {
			return p.History([]news.Version{{Article: a}, {Article: before}, {Article: a}}, src)
		},
		"a withdrawal": func() ([]byte, error) { return p.Withdrawn(news.Withdrawal{At: at}, lang) },
		"an error":     func() ([]byte, error) { return p.Error(404) },
		"the front":    func() ([]byte, error) { return p.Index([][]byte{section}, at) },
		"no channels":  func() ([]byte, error) { return p.Index(nil, time.Time{}) },
	} {
		doc, err := render()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = string(doc)
	}
	return out
}
