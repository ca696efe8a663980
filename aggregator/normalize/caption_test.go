package normalize

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

func TestWithoutCaptions(t *testing.T) {
	for text, want := range map[string]string{
		"<p>a</p>": "<p>a</p>",
		"<figure><img><figcaption>b</figcaption></figure><p>a</p><figure><img><figcaption>c</figcaption></figure>": "<figure><img></figure><p>a</p><figure><img></figure>",
		"<p>a</p><figcaption>b": "<p>a</p><figcaption>b",
	} {
		if got := withoutCaptions(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// A page full of pictures must not be copied once for each of them.
func TestManyCaptionsCostNoMoreThanTheirText(t *testing.T) {
	const one = "<figure><img><figcaption>b</figcaption></figure>"
	text := strings.Repeat(one, 20_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	withoutCaptions(text)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 20*uint64(len(text)) {
		t.Errorf("%d KB of text took %d KB of memory", len(text)>>10, used>>10)
	}
}

// A summary ends before the link to the whole article; any other link is of its text.
func TestWithoutMore(t *testing.T) {
	for body, want := range map[string]string{
		`<p>The boats are back. <a href="/1">Continue reading...</a></p>`: "The boats are back.",
		`The boats are back… <a href='/1'>more»</a>`:                      "The boats are back…",
		`Les bateaux. <a href="/1"><b>Lire la suite →</b></a>`:            "Les bateaux.",
		`渡轮停航。<a href="/1">阅读全文</a>`:                                      "渡轮停航。",
		`The keeper wants <a href="/1">more boats</a>`:                    "The keeper wants more boats",
		`<a href="/1">More</a> boats are back.`:                           "More boats are back.",
		`The keeper said: Continue reading...`:                            "The keeper said: Continue reading...",
	} {
		if got := Text(withoutMore(parse.Text{Body: body, Type: parse.HTML}), parse.HTML); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}

// A summary begins where the article does: behind a byline in a paragraph of its own,
// and behind its title and a dash.
func TestSummaryBegins(t *testing.T) {
	for _, c := range []struct{ title, body, want string }{
		{"Boats", "<p>EFE</p><ul><li>Los barcos siguen en el puerto.</li></ul>", "Los barcos siguen en el puerto."},
		{"Boats", "<p>By Ann Lee</p><p>The boats are back.</p>", "The boats are back."},
		{"Boats", "Length: 28 minutes - Music of the North - By: Ann Lee - Special<br>The boats are back.", "Length: 28 minutes - Music of the North - By: Ann Lee - Special The boats are back."},
		{"Boats", "<p>EFE counts the boats.</p>", "EFE counts the boats."},
		{"Boats", "<p>By Ann Lee</p>", "By Ann Lee"},
		{"渡轮因大风全部停航", "渡轮因大风全部停航 ---大风周日横扫港口。", "大风周日横扫港口。"},
		{"The boats of the north are back", "The boats of the north are back - The crews moved them.", "The crews moved them."},
		{"The boats of the north are back", "The boats of the north are back-up for the south.", "The boats of the north are back-up for the south."},
		{"The boats of the north are back", "The boats of the north are back - and many saw it.", "The boats of the north are back - and many saw it."},
		{"The boats of the north are back", "The boats of the north are back --", "The boats of the north are back --"},
		{"Boats", "Boats - The keeper's new book - are back.", "Boats - The keeper's new book - are back."},
	} {
		item := parse.Item{ID: "1", Title: parse.Text{Body: c.title}, Summary: parse.Text{Body: c.body, Type: parse.HTML}}
		if strings.Contains(c.body, "EFE") {
			item.People = []parse.Person{{Name: "EFE", Field: "dc:creator"}}
		}
		got := Articles(news.Source{Slug: "s"}, &parse.Feed{Format: "rss", Items: []parse.Item{item}}, Options{})[0].Summary
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.body, got, c.want)
		}
	}
}

// A text tells its date in brackets behind the link to the whole article, and nowhere else.
func TestDateBehindMore(t *testing.T) {
	for body, want := range map[string]string{
		`<p>The boats are back. <a href="https://wire.example/1">Read more</a> (25/05/2010 - 17h07)</p>`: "25/05/2010 - 17h07",
		`The boats are back. <a href="https://wire.example/1">Leia mais</a> (2010-05-25 17:07)`:          "2010-05-25 17:07",
		`The boats are back. <a href="https://wire.example/1">Read more</a> (page 2 of 3)`:               "",
		`The boats are back. <a href="https://wire.example/1">Read more</a> ()`:                          "",
		`The boats leave for <a href="https://wire.example/1">Lisbon</a> (25/05/2010 - 17h07)`:           "",
		`The boats leave at noon (25/05/2010 - 17h07)`:                                                   "",
		`<a href="https://wire.example/1">Read more</a> (25/05/2010 - 17h07) <p>The boats are back.</p>`: "",
	} {
		if got := dateBehindMore(body); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
	for bracket, want := range map[string]news.Moment{
		"25/05/2010 - 17h07": {At: time.Date(2010, 5, 25, 17, 7, 0, 0, time.UTC), Basis: news.AssumedZone},
		"25/05/2010":         {At: fetch, Basis: news.FirstSeen},
		"2 de 3":             {At: fetch, Basis: news.FirstSeen},
	} {
		body := `<p>Os barcos voltaram. <a href="https://wire.example/1">Leia mais</a> (` + bracket + `)</p>`
		item := parse.Item{ID: "1", Summary: parse.Text{Body: body, Type: parse.HTML}}
		feed := &parse.Feed{Format: "rss", Language: "pt-br", Items: []parse.Item{item}}
		if got := Articles(news.Source{Slug: "s"}, feed, Options{At: fetch})[0].Published; !got.At.Equal(want.At) || got.Basis != want.Basis {
			t.Errorf("%s: got %v %s, want %v %s", bracket, got.At, got.Basis, want.At, want.Basis)
		}
	}
}
