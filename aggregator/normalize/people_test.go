package normalize_test

import (
	"slices"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

func TestRolesOfMediaCredits(t *testing.T) {
	for role, want := range map[string]news.Role{
		"": news.Photographer, "photographer": news.Photographer, "Photo": news.Photographer, "author": news.Author, " Author ": news.Author,
		"illustrator": news.Illustrator, "producer": news.Contributor, "sound engineer": news.Contributor,
	} {
		item := parse.Item{ID: "1", People: []parse.Person{{Name: "Runa Holst", Field: "media:credit", Role: role}}}
		people := normalize.Articles(news.Source{Slug: "s"}, &parse.Feed{Format: "rss", Items: []parse.Item{item}}, normalize.Options{At: fetched})[0].Byline.People
		if len(people) != 1 || people[0].Name != "Runa Holst" || people[0].Role != want {
			t.Errorf("media:credit role=%q: got %v, want Runa Holst as %s", role, people, want)
		}
	}
}

// Particles keep their capital in Italian, markup goes from names even where it was
// escaped twice, and nobody has the address of a machine.
func TestNamesOfFields(t *testing.T) {
	for _, c := range []struct{ language, printed, email, name, left string }{
		{"it", "Giulia DE MARCHI", "", "Giulia De Marchi", ""},
		{"it-IT", "GINO DEL POZZO", "", "Gino Del Pozzo", ""},
		{"es", "GINO DEL POZZO", "", "Gino del Pozzo", ""},
		{"en", "&lt;b&gt;Runa Holst&lt;/b&gt;", "", "Runa Holst", ""},
		{"en", "&lt;script&gt;alert(1)&lt;/script&gt;Runa Holst", "", "Runa Holst", ""},
		{"en", "Runa Holst", "noreply@wire.example", "Runa Holst", ""},
		{"en", "Runa Holst", "runa@wire.example", "Runa Holst", "runa@wire.example"},
	} {
		item := parse.Item{ID: "1", People: []parse.Person{{Name: c.printed, Email: c.email, Field: "dc:creator"}}}
		feed := &parse.Feed{Format: "rss", Language: c.language, Items: []parse.Item{item}}
		people := normalize.Articles(news.Source{Slug: "s"}, feed, normalize.Options{At: fetched})[0].Byline.People
		if len(people) != 1 || people[0].Name != c.name || people[0].Email != c.left {
			t.Errorf("%s %q: got %v, want %s <%s>", c.language, c.printed, people, c.name, c.left)
		}
	}
}

// A name and an outlet behind a slash sign a picture where a field names the author, and
// the text where none does, or the same.
func TestPicturesBesideAuthors(t *testing.T) {
	for _, c := range []struct {
		field, line string
		want        []news.Role
	}{
		{"Ines Caron", "Jim Holst/The New York Times", []news.Role{news.Author, news.Photographer}},
		{"Jim Holst", "Jim Holst/The New York Times", []news.Role{news.Author}},
		{"", "Jim Holst/The New York Times", []news.Role{news.Author}},
		{"Ines Caron", "By Jim Holst, The New York Times", []news.Role{news.Author, news.Author}},
	} {
		item := parse.Item{ID: "1", People: []parse.Person{{Name: c.field, Field: "dc:creator"}},
			Content: parse.Text{Body: "<p>" + c.line + "</p><p>The keeper counted the boats twice before noon.</p>", Type: parse.HTML}}
		var got []news.Role
		for _, p := range normalize.Articles(news.Source{Slug: "s"}, &parse.Feed{Format: "rss", Items: []parse.Item{item}}, normalize.Options{At: fetched})[0].Byline.People {
			got = append(got, p.Role)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s with %q: got %v, want %v", c.field, c.line, got, c.want)
		}
	}
}

// The printed byline is what the article says, of who wrote where it says that.
func TestPrintedByline(t *testing.T) {
	for body, want := range map[string]string{
		"<p>МОСКВА, 4 ноя — РИА Новости, Иван Петров. Лодки ушли.</p><p>Смотритель считал.</p>":         "Иван Петров",
		"<p>(서울=연합뉴스) 김철수 기자 = 배가 떠났다.</p><p>등대지기가 세었다.</p>":                                            "김철수 기자",
		"<p>新华社北京11月10日电（记者张三）船队出发。</p><p>守塔人数了两遍。</p>":                                                 "记者张三",
		"<p>Foto Ann Lee/ANP</p><p>Door Jan Bos</p><p>De boten vertrokken.</p><p>De wachter telde.</p>": "Door Jan Bos",
		"<p>Foto: Ann Lee</p><p>De boten vertrokken.</p><p>De wachter telde.</p>":                       "Foto: Ann Lee",
	} {
		feed := &parse.Feed{Items: []parse.Item{{ID: "1", Content: parse.Text{Body: body, Type: parse.HTML}}}}
		if got := normalize.Articles(news.Source{Slug: "wire"}, feed, normalize.Options{At: fetched})[0].Byline.Printed; got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}
