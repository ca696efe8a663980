package parse_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"copydesk/aggregator/parse"
	"copydesk/aggregator/wordtable"
)

// in is text in a charset; windows-1258 has some marks apart from their letters.
func in(t *testing.T, label, text string) []byte {
	t.Helper()
	e, _ := charset.Lookup(label)
	var out strings.Builder
	for _, r := range text {
		raw, err := e.NewEncoder().String(string(r))
		if label == "windows-1258" && err != nil {
			raw, err = vietnamese(r)
		}
		if err != nil {
			t.Fatalf("%s has no %q of %q", label, r, text)
		}
		out.WriteString(raw)
	}
	if strings.HasPrefix(label, "iso-2022") { // shifts go on over characters
		raw, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(raw)
	}
	return []byte(out.String())
}

// vietnamese takes the tone of a letter apart.
func vietnamese(r rune) (string, error) {
	marks := []rune(norm.NFD.String(string(r)))
	for n := len(marks) - 1; n > 0; n-- {
		for _, order := range [][]rune{marks, {marks[0], marks[len(marks)-1], marks[len(marks)/2]}} {
			raw, err := charmap.Windows1258.NewEncoder().String(norm.NFC.String(string(order[:n])) + string(order[n:]))
			if err == nil {
				return raw, nil
			}
		}
	}
	return "", fmt.Errorf("no such letter")
}

// inCharsets are texts in many languages: a language, its charsets, some titles, a text.
func inCharsets(t *testing.T) [][]string {
	t.Helper()
	table, err := os.ReadFile("testdata/charsets.tsv")
	if err != nil {
		t.Fatal(err)
	}
	return wordtable.Rows(string(table))
}

// An undeclared text is read in the charset that it was written in, be it long or
// one title, whether the feed names its language or not.
func TestUndeclared(t *testing.T) {
	for _, row := range inCharsets(t) {
		titles := strings.Split(row[2], " | ")
		for label := range strings.FieldsSeq(row[1]) {
			t.Run(row[0]+"/"+label, func(t *testing.T) {
				for _, title := range titles {
					undeclared(t, label, row[0], title, "")
				}
				undeclared(t, label, row[0], titles[0], row[3])
			})
		}
	}
}

func undeclared(t *testing.T, label, language, title, text string) {
	t.Helper()
	for _, stated := range []string{"", "<language>" + language + "</language>"} {
		for _, declared := range []string{"", `<?xml version="1.0"?>`, `<?xml version="1.0" encoding="UTF-8"?>`} {
			body := in(t, label, declared+`<rss version="2.0"><channel><title>Tide</title>`+stated+`<item><guid>1</guid><title>`+title+`</title><description>`+text+`</description></item></channel></rss>`)
			doc, err := parse.Open(body, parse.Options{})
			if err != nil {
				t.Fatalf("%s: %v", title, err)
			}
			feed, err := doc.Feed(nil)
			if err != nil || len(feed.Items) != 1 {
				t.Fatalf("%s: got %+v (%v), want one item", title, feed, err)
			}
			got := norm.NFC.String(feed.Items[0].Title.Body + "|" + feed.Items[0].Summary.Body)
			if want := title + "|" + text; got != want {
				t.Errorf("after %q and %q: got %q, want %q (%v)", declared, stated, got, want, feed.Warnings)
			}
		}
	}
}

// feedIn is a feed of one item in a charset that it declares to be another.
func feedIn(t *testing.T, label, declared, language, title string) *parse.Feed {
	t.Helper()
	body := in(t, label, fmt.Sprintf(`<?xml version="1.0" encoding=%q?><rss version="2.0"><channel><title>Tide</title>%s<item><guid>1</guid><title>%s</title></item></channel></rss>`, declared, language, title))
	doc, err := parse.Open(body, parse.Options{})
	if err != nil {
		t.Fatalf("%s: %v", title, err)
	}
	feed, err := doc.Feed(nil)
	if err != nil || len(feed.Items) != 1 {
		t.Fatalf("%s: got %+v (%v), want one item", title, feed, err)
	}
	return feed
}

// What is declared is believed while the text can be in it, also in a language that
// no table has; what cannot be is read as what it looks like.
func TestMisdeclared(t *testing.T) {
	for name, tt := range map[string]struct{ is, declared, language, title string }{
		"Czech in a template's charset":         {"windows-1250", "iso-8859-1", "cs", "Vláda schválila rozpočet na příští rok"},
		"Polish in a template's charset":        {"iso-8859-2", "iso-8859-1", "pl", "Śnieg sparaliżował ruch w Łodzi"},
		"Turkish in a template's charset":       {"windows-1254", "iso-8859-1", "tr", "İstanbul'da kar yağışı ulaşımı aksattı"},
		"Russian of another system":             {"koi8-r", "windows-1251", "", "Снегопад остановил движение под Тверью"},
		"Thai in a template's charset":          {"windows-874", "iso-8859-1", "", "หิมะตกหนักปิดถนนบนดอย ครูนัดหยุดงาน"},
		"Traditional Chinese as simplified":     {"big5", "gb2312", "", "政府通過明年度預算案，教師宣布週四罷工"},
		"Japanese of another system":            {"euc-jp", "shift_jis", "", "政府が来年度予算案を決定、野党は批判"},
		"Russian in a Chinese template":         {"windows-1251", "gbk", "", "Снегопад остановил движение под Тверью"},
		"Russian of another system in Chinese":  {"koi8-r", "gb2312", "", "Учителя объявили забастовку в четверг"},
		"Korean as Chinese":                     {"euc-kr", "gb2312", "", "정부 내년 예산안 의결, 교사들 목요일 파업 예고"},
		"French in a Japanese template":         {"windows-1252", "shift_jis", "", "Grève à l'hôpital, été pluvieux, élève fêté"},
		"Greek as ASCII":                        {"iso-8859-7", "us-ascii", "el", "Χιόνια έκλεισαν τον δρόμο στην Αράχωβα"},
		"French as it is":                       {"windows-1252", "iso-8859-1", "en", "Le maire révoqué après l'enquête"},
		"French, one accent, a Polish template": {"windows-1252", "iso-8859-1", "pl", "Un été à Gdansk"},
		"Breton, in no table":                   {"windows-1252", "iso-8859-1", "", "Skoazellañ a ra ar gêr da zigeriñ skolioù"},
		"Friulian, in no table":                 {"windows-1252", "iso-8859-1", "", "Il consei al à aprovât la leç sù la lenghe"},
		"Polish names in German":                {"iso-8859-2", "iso-8859-2", "de", "Bürger von Łódź wählen"},
		"a charset of no language":              {"macintosh", "macintosh", "", "Größere Änderungen für die Züge"},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.language != "" {
				tt.language = "<language>" + tt.language + "</language>"
			}
			feed := feedIn(t, tt.is, tt.declared, tt.language, tt.title)
			if got := feed.Items[0].Title.Body; got != tt.title {
				t.Errorf("got %q, want %q (%v)", got, tt.title, feed.Warnings)
			}
		})
	}
}

// A declaration that is true is never doubted.
func TestDeclared(t *testing.T) {
	for _, row := range inCharsets(t) {
		for label := range strings.FieldsSeq(row[1]) {
			for _, title := range append(strings.Split(row[2], " | "), row[3]) {
				for _, language := range []string{"", "<language>en</language>"} {
					feed := feedIn(t, label, label, language, title)
					if got := norm.NFC.String(feed.Items[0].Title.Body); got != title || len(feed.Warnings) > 0 {
						t.Errorf("%s, %s: got %q (%v), want %q", row[0], label, got, feed.Warnings, title)
					}
				}
			}
		}
	}
}

// Charsets of East Asia hold letters of half the world, and katakana of one byte: what
// is sound in the one that is declared is in it, whatever language the feed names.
func TestDeclaredWide(t *testing.T) {
	for label, titles := range map[string][]string{
		"shift_jis":   {"ﾗｼﾞｵ番組ﾌﾞﾛｸﾞ", "ﾊﾟ･ﾘｰｸﾞ開幕", "ﾄﾞﾗﾏ速報 ｱﾆﾒﾗﾝｷﾝｸﾞ", "ｹﾞｰﾑ", "Учителя бастуют в четверг", "Χιόνια στην Αράχωβα", "★☆♪ 特価 ①"},
		"euc-jp":      {"ﾗｼﾞｵ番組ﾌﾞﾛｸﾞ", "Учителя бастуют", "Χιόνια στην Αράχωβα"},
		"gb2312":      {"Парламент", "Учителя бастуют в четверг", "Χιόνια", "ニュース速報", "un año más, è già l'été"},
		"gbk":         {"Премьера", "Министр: 新闻", "Αράχωβα"},
		"big5":        {"Учителя бастуют", "Χιόνια στην Αράχωβα", "ニュース"},
		"euc-kr":      {"Учителя бастуют", "Χιόνια", "ニュース速報"},
		"gb18030":     {"Учителі страйкують у четвер", "برف نے سڑک بند کر دی", "الثلوج تغلق الطريق", "หิมะตกหนัก", "Χιόνια έκλεισαν τον δρόμο", "बर्फ़ से सड़क बंद", "თოვლი", "Łódź pod śniegiem"},
		"windows-949": {"Парламент принял бюджет"},
		"iso-8859-3":  {"Ĉiuj lernejoj fermiĝis pro neĝo"},
	} {
		for _, title := range titles {
			for _, language := range []string{"", "<language>ja</language>", "<language>zh-cn</language>", "<language>en</language>"} {
				feed := feedIn(t, label, label, language, title)
				if got := feed.Items[0].Title.Body; got != title || len(feed.Warnings) > 0 {
					t.Errorf("%s %s: got %q (%v), want %q", label, language, got, feed.Warnings, title)
				}
			}
		}
	}
}

// Bytes that are UTF-8 but for a few stay so, whatever the others may be taken for.
func TestNearlyUTF8(t *testing.T) {
	for title, want := range map[string]string{
		"Caf\xe9 «Müller» – später":                   "Café «Müller» – später",
		"Grève à l\x92aube, décidée dès l\x92été":     "Grève à l’aube, décidée dès l’été",
		"Снегопад остановил движение \x96 под Тверью": "Снегопад остановил движение – под Тверью",
		"हिन्दी में समाचार \xa0 आज":                   "हिन्दी में समाचार \u00a0 आज",
	} {
		doc, err := parse.Open([]byte(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Tide</title><item><guid>1</guid><title>`+title+`</title></item></channel></rss>`), parse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		feed, err := doc.Feed(nil)
		if err != nil || len(feed.Items) != 1 || feed.Items[0].Title.Body != want {
			t.Errorf("got %+v (%v), want %q", feed, err, want)
		}
	}
}

// What is said to be UTF-8 is that but for its faults: cut sequences are left out, and
// bytes that were pasted in from windows-1252 are read, where a letter may stand.
func TestFaultyUTF8(t *testing.T) {
	for title, want := range map[string]string{
		"Snow closes the pass \xf0\x9f\x8f": "Snow closes the pass",
		"Snow \xf0\x9f":                     "Snow",
		"Ok \xff then":                      "Ok  then",
		"She\x92s early – again":            "She’s early – again",
		"Stra\xc3\x9fen f\xfcr Züge":        "Straßen für Züge",
		"Fähre f\xe4hrt":                    "Fähre fährt",
		"Снег в горах, дорога закрыт\xd0": "Снег в горах, дорога закрыт",
		"Снег\xd0…":                                        "Снег…",
		"大雪封闭山区公\xe8":                                      "大雪封闭山区公",
		"大雪封闭山区公\xe8\xb7…":                                 "大雪封闭山区公…",
		"หิมะตกหนัก\xe0\xb8":                               "หิมะตกหนัก",
		"The mayor said \xe2\x80":                          "The mayor said",
		"The mayor\xe2\x80...":                             "The mayor...",
		"The mayor\xe2...":                                 "The mayor...",
		"Die Stra\xc3\x9fe zum G\xc3...":                   "Die Straße zum G...",
		"Sníh zavřel školu, \xc5…":                         "Sníh zavřel školu, …",
		"雪\xe5":                                            "雪",
		"Un caf\xc3...":                                    "Un caf...",
		"Caf\xe9 closed":                                   "Café closed",
		"Vado \xe0 casa":                                   "Vado à casa",
		"\x93Snow\x94 \x96 again":                          "“Snow” – again",
		"\x93L'\xe9t\xe9\x94 est là":                       "“L'été” est là",
		"CAF\xc9 FERM\xc9":                                 "CAFÉ FERMÉ",
		"Fares rise by \xa32 in June":                      "Fares rise by £2 in June",
		"Fares rise by \xa32 – in June":                    "Fares rise by £2 – in June",
		"\xd1\xed\xe5\xe3 \xe2 \xe3\xee\xf0\xe0\xf5":       "Снег в горах",
		"\xb4\xf3\xd1\xa9\xb7\xe2\xb1\xd5\xb9\xab\xc2\xb7": "大雪封闭公路",
	} {
		for _, declared := range []string{`<?xml version="1.0" encoding="UTF-8"?>`, ""} {
			body := declared + `<rss version="2.0"><channel><title>Tide</title><item><guid>1</guid><title>` + title + `</title></item></channel></rss>`
			doc, err := parse.Open([]byte(body), parse.Options{ContentType: "application/rss+xml; charset=utf-8"})
			if err != nil {
				t.Fatal(err)
			}
			feed, err := doc.Feed(nil)
			if err != nil || len(feed.Items) != 1 || strings.TrimSpace(feed.Items[0].Title.Body) != want {
				t.Errorf("%q: got %+v (%v), want %q", title, feed.Items[0].Title, feed.Warnings, want)
			}
		}
	}
}

// HZ is ASCII but for what stands between its marks.
func TestHZ(t *testing.T) {
	for title, want := range map[string]string{
		"~{4sQ)~} closes ~~ ~{=LS}~}": "大雪 closes ~ 教育",
		"Braces ~{ and ~/snow":        "Braces ~{ and ~/snow",
		"Snow ~{x~} and ~~":           "Snow ~{x~} and ~~",
		"~{4sQ)~} and ~{4s":           "大雪 and ~{4s",
	} {
		feed := feedIn(t, "us-ascii", "hz-gb-2312", "", title)
		if got := feed.Items[0].Title.Body; got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}

// The language that an operator names for a source helps where the feed names none.
func TestLanguageOfSource(t *testing.T) {
	for language, want := range map[string]string{"lt-LT": "Persų menas (iranas)", "": "Persø menas (iranas)"} {
		body := in(t, "windows-1257", `<rss version="2.0"><channel><title>Tide</title><item><guid>1</guid><title>Persų menas (iranas)</title></item></channel></rss>`)
		doc, err := parse.Open(body, parse.Options{Language: language})
		if err != nil {
			t.Fatal(err)
		}
		feed, err := doc.Feed(nil)
		if err != nil || feed.Items[0].Title.Body != want {
			t.Errorf("%q: got %q (%v), want %q", language, feed.Items[0].Title.Body, err, want)
		}
	}
}

// Johab comes under its name, under that of the standard, which is mostly EUC-KR, and
// under none.
func TestJohab(t *testing.T) {
	const title = "정부는 수요일 내년도 예산안을 의결했다. 漢字 ㄱ “폭설”"
	const johab = "\xb8\xf7\xa6\x81\x93\x65\x20\xae\x81\xb6\x61\xb7\xa9\x20\x90\x81\x91\x65\x95\xa1\x20\xb5\x81\xac\x65\xb4\x65\xb7\x69\x20\xb7\x81\x89\x69\xd0\x96\x94\x61\x2e\x20\xf7\xd3\xf1\xae\x20\x88\x41\x20\xd9\x40\xcd\xa2\xac\xe9\xd9\x41"
	for _, declared := range []string{`<?xml version="1.0" encoding="johab"?>`, `<?xml version="1.0" encoding="ks_c_5601-1992"?>`, ""} {
		doc, err := parse.Open([]byte(declared+`<rss version="2.0"><channel><title>Tide</title><item><guid>1</guid><title>`+johab+`</title></item></channel></rss>`), parse.Options{})
		if err != nil {
			t.Fatal(err)
		}
		feed, err := doc.Feed(nil)
		if err != nil || len(feed.Items) != 1 || feed.Items[0].Title.Body != title {
			t.Errorf("%s: got %+v (%v), want %s", declared, feed, err, title)
		}
	}
}
