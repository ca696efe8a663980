package normalize_test

import (
	"slices"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// keys are those of items that have no id and no link of their own, with all they print.
func keys(t *testing.T, items ...string) []news.Key {
	t.Helper()
	doc := `<rss version="2.0"><channel><title>Tide</title>`
	for _, it := range items {
		doc += "<item>" + it + "</item>"
	}
	open, err := parse.Open([]byte(doc+"</channel></rss>"), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := open.Feed(nil)
	if err != nil {
		t.Fatal(err)
	}
	var out []news.Key
	for _, a := range normalize.Articles(news.Source{Slug: "tide"}, feed, normalize.Options{At: fetched}) {
		if a.OriginalID != "" && a.OriginalID != a.OriginalURL {
			t.Errorf("original id %q of an item that printed none", a.OriginalID)
		}
		out = append(out, a.Key)
	}
	return out
}

func TestIdentityOfNamelessItems(t *testing.T) {
	const (
		dawn    = "<title>Tides</title><pubDate>Mon, 02 Nov 2026 06:00:00 GMT</pubDate><description>High at six.</description>"
		mended  = "<title>Tides</title><pubDate>Mon, 02 Nov 2026 06:00:00 GMT</pubDate><description>High at half past six.</description>"
		dusk    = "<title>Tides</title><pubDate>Mon, 02 Nov 2026 18:00:00 GMT</pubDate><description>High at six.</description>"
		undated = "<title>Tides</title><description>High at six.</description>"
		other   = "<title>Tides</title><description>Low at noon.</description>"
		gulls   = "<title>Gulls</title><description>They came back.</description>"
	)
	if got, want := keys(t, dusk, gulls, dawn), keys(t, dawn, dusk, gulls); !slices.Equal(got, []news.Key{want[1], want[2], want[0]}) {
		t.Errorf("another order gives other keys: %v, want those of %v", got, want)
	}
	if got, want := keys(t, mended)[0], keys(t, dawn)[0]; got != want {
		t.Errorf("a corrected text has the key %s, want %s as before", got, want)
	}
	if got := keys(t, undated)[0]; got != news.NewKey("tide", "Tides\n") {
		t.Errorf("got the key %s, want that of articles already stored", got)
	}
	for name, items := range map[string][]string{
		"of two dates": {dawn, dusk}, "without dates": {undated, other}, "of one date": {dawn, mended}, "dated and not": {dawn, undated},
	} {
		if got := keys(t, items...); len(got) != 2 || got[0] == got[1] {
			t.Errorf("%s: got the keys %v of items with one title, want two", name, got)
		}
		if got, turned := keys(t, items...), keys(t, items[1], items[0]); !slices.Equal(got, []news.Key{turned[1], turned[0]}) {
			t.Errorf("%s: got %v, in another order %v, want the same", name, got, turned)
		}
	}
	if got := keys(t, undated, undated); len(got) != 1 {
		t.Errorf("got %d articles of one item that is there twice, want 1", len(got))
	}
}

func TestIdentityOfItemsWithOneLink(t *testing.T) {
	item := func(title, date, text string) string {
		return "<title>" + title + "</title><link>https://harbour.example/board</link><pubDate>" + date + "</pubDate><description>" + text + "</description>"
	}
	const monday, tuesday = "Mon, 02 Nov 2026 06:00:00 GMT", "Tue, 03 Nov 2026 06:00:00 GMT"
	first, next, corrected := item("Arrivals", monday, "The barge."), item("Arrivals", tuesday, "The tug."), item("Arrivals", monday, "The barge, late.")
	other := item("Departures", tuesday, "The ferry.")
	if got := keys(t, first, next); len(got) != 2 || got[0] == got[1] {
		t.Errorf("got the keys %v of items of two dates, want two", got)
	}
	if got, all := keys(t, first, next), keys(t, other, next, first); !slices.Equal(got, []news.Key{all[2], all[1]}) {
		t.Errorf("got the keys %v, beside others %v, want the same", got, all)
	}
	if got := keys(t, first, corrected, next); len(got) != 3 {
		t.Errorf("got the keys %v of items that say three things, want three", got)
	}
	if got := keys(t, first, first, other); len(got) != 2 || got[0] != news.NewKey("tide", "https://harbour.example/board\nArrivals") {
		t.Errorf("got the keys %v, want those of articles already stored", got)
	}
	if got := keys(t, first); len(got) != 1 || got[0] != news.NewKey("tide", "https://harbour.example/board") {
		t.Errorf("got the keys %v of an item alone, want that of its link", got)
	}
}
