package normalize_test

import (
	"strconv"
	"strings"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

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

func TestLanguageOfArticles(t *testing.T) {
	for name, c := range map[string]struct{ entry, feed, title, want string }{
		"the entry":                  {"fr", "en", "One two", "fr"},
		"its own code":               {"cmn-hans", "", "One two", "zh-Hans"},
		"a language of its own":      {"fil", "nb", "One two", "fil"},
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
