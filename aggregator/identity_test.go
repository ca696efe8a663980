package aggregator_test

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
)

// A slip is an item of a feed, as a test writes it; an empty field is left out.
type slip struct{ id, link, title, date, text string }

func (s slip) rss() string {
	out := "<item>"
	for _, f := range []struct{ name, value string }{{"title", s.title}, {"link", s.link}, {"guid", s.id}, {"pubDate", s.date}, {"description", s.text}} {
		if f.value != "" {
			out += fmt.Sprintf("<%s>%s</%[1]s>", f.name, f.value)
		}
	}
	return strings.Replace(out, "<guid>", `<guid isPermaLink="false">`, 1) + "</item>"
}

func rssOf(slips ...slip) string { return rssAt("https://ex.example/", slips...) }

func rssAt(home string, slips ...slip) string {
	out := `<rss version="2.0"><channel><title>T</title><link>` + home + `</link>`
	for _, s := range slips {
		out += s.rss()
	}
	return out + "</channel></rss>"
}

func atomOf(slips ...slip) string {
	out := `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:x:feed</id><link href="https://ex.example/"/>`
	for _, s := range slips {
		at, _ := time.Parse(time.RFC1123Z, s.date)
		out += fmt.Sprintf(`<entry><id>%s</id><link href="%s"/><title>%s</title><published>%[4]s</published><updated>%[4]s</updated><summary>%s</summary></entry>`, s.id, s.link, s.title, at.Format(time.RFC3339), s.text)
	}
	return out + "</feed>"
}

// listOf is a listing page.
func listOf(slips ...slip) string {
	out := `<!doctype html><html lang="en"><head><title>News</title></head><body><main><h1>News</h1><ul>`
	for _, s := range slips {
		out += fmt.Sprintf(`<li><h3><a href="%s">%s</a></h3>`, s.link, s.title)
		if s.date != "" {
			at, _ := time.Parse(time.RFC1123Z, s.date)
			out += fmt.Sprintf(`<time datetime="%s">%s</time>`, at.Format(time.RFC3339), at.Format(time.DateOnly))
		}
		out += fmt.Sprintf("<p>%s</p></li>", s.text)
	}
	return out + "</ul></main></body></html>"
}

// slips are n items, the first published at midnight; change makes each another.
func slips(n int, change func(i int, s *slip)) []slip {
	out := make([]slip, n)
	for i := range out {
		out[i] = slip{
			id: fmt.Sprintf("g-%d", i), link: fmt.Sprintf("https://ex.example/a/%d", i),
			title: fmt.Sprintf("Council decides about harbour plan number %d", i), text: fmt.Sprintf("This is the text of story %d. It has two sentences.", i),
			date: time.Date(2026, 11, 24, -i, 0, 0, 0, time.UTC).Format(time.RFC1123Z),
		}
		if change != nil {
			change(i, &out[i])
		}
	}
	return out
}

// A life is what a source shows from pull to pull.
type life struct {
	kind news.Kind
	docs []string
	want []int // articles that stand after each; of none, as many as after the first

	untouched bool // no article is to change
}

func lifeOf(docs ...string) life { return life{docs: docs} }

func (l life) with(want ...int) life { l.want = want; return l }

func addressed(format string) func(int, *slip) {
	return func(i int, s *slip) {
		s.link = fmt.Sprintf(format, i)
		if s.id != "" {
			s.id = s.link
		}
	}
}

func nameless(change func(int, *slip)) func(int, *slip) {
	return func(i int, s *slip) {
		s.id = ""
		if change != nil {
			change(i, s)
		}
	}
}

// brief says little of each.
func brief(format string) func(int, *slip) {
	at := addressed(format)
	return func(i int, s *slip) {
		at(i, s)
		s.title, s.text = fmt.Sprintf("Plan %d", i), ""
	}
}

func called(format string) func(int, *slip) {
	return func(i int, s *slip) { s.id = fmt.Sprintf(format, i) }
}

func undated(change func(int, *slip)) func(int, *slip) {
	return func(i int, s *slip) {
		s.date = ""
		if change != nil {
			change(i, s)
		}
	}
}

func rssWith(change func(int, *slip)) string { return rssOf(slips(6, change)...) }

// An article keeps its key however its source comes to spell what it knows it by.
func TestOneArticleUnderManySpellings(t *testing.T) {
	plain := rssWith(nil)
	listed := func(link string, change func(int, *slip)) string {
		return listOf(slips(8, func(i int, s *slip) {
			if change != nil {
				change(i, s)
			}
			s.link = fmt.Sprintf(link, i)
		})...)
	}
	for name, l := range map[string]life{
		"guid and link to https":            lifeOf(rssWith(addressed("http://ex.example/a/%d")), rssWith(addressed("https://ex.example/a/%d"))),
		"guid of a query":                   lifeOf(rssWith(called("http://ex.example/?p=%d")), rssWith(called("https://ex.example/?p=%d"))),
		"guid with www":                     lifeOf(rssWith(addressed("https://ex.example/a/%d")), rssWith(addressed("https://www.ex.example/a/%d"))),
		"another host":                      lifeOf(rssWith(addressed("https://ex.example/a/%d")), rssWith(addressed("https://other.example/a/%d"))),
		"another path":                      lifeOf(rssWith(nameless(addressed("https://ex.example/1%d"))), rssWith(nameless(addressed("https://ex.example/news/1%d.html")))),
		"link to https":                     lifeOf(rssWith(nameless(addressed("http://ex.example/a/%d"))), rssWith(nameless(addressed("https://ex.example/a/%d")))),
		"link to https, undated":            lifeOf(rssWith(undated(nameless(addressed("http://ex.example/a/%d")))), rssWith(undated(nameless(addressed("https://ex.example/a/%d"))))),
		"another host, undated":             lifeOf(rssWith(undated(addressed("https://ex.example/a/%d"))), rssWith(undated(addressed("https://other.example/a/%d")))),
		"another host and no guid, undated": lifeOf(rssWith(undated(nameless(addressed("https://ex.example/a/%d")))), rssWith(undated(nameless(addressed("https://other.example/news/%d")))), rssWith(undated(nameless(addressed("https://ex.example/a/%d"))))),
		"another path, undated":             lifeOf(rssWith(undated(addressed("http://ex.example/?p=1%d"))), rssWith(undated(addressed("https://ex.example/2026/title-%d/"))), rssWith(undated(addressed("https://ex.example/2026/title-%d/")))),
		"a parameter of all links, undated": lifeOf(rssWith(undated(nameless(addressed("https://ex.example/a/%d?xk=a7f")))), rssWith(undated(nameless(addressed("https://ex.example/a/%d?xk=b9")))), rssWith(undated(nameless(addressed("https://ex.example/a/%d?xk=11"))))),
		"a number in all links, undated":    lifeOf(rssWith(undated(nameless(brief("https://ex.example/a?id=%d&xk=1")))), rssWith(undated(nameless(brief("https://ex.example/a?id=%d&xk=2")))), rssWith(undated(nameless(brief("https://ex.example/a?id=%d"))))),
		"rotating utm":                      lifeOf(rssWith(nameless(addressed("https://ex.example/a/%d?utm_campaign=a"))), rssWith(nameless(addressed("https://ex.example/a/%d?utm_campaign=b"))), rssWith(nameless(nil))),
		"trailing slash":                    lifeOf(rssWith(nameless(nil)), rssWith(nameless(addressed("https://ex.example/a/%d/"))), rssWith(nameless(nil))),
		"guid with rotating utm":            lifeOf(rssWith(addressed("https://ex.example/a/%d?utm_source=rss")), rssWith(addressed("https://ex.example/a/%d?utm_source=tw"))),
		"other guids":                       lifeOf(plain, rssWith(called("new-%d")), rssWith(called("new2-%d")), plain, rssWith(called("new-%d"))),
		"other guids, undated":              lifeOf(rssWith(undated(nil)), rssWith(undated(called("new-%d"))), rssWith(undated(called("new2-%d")))),
		"guid goes and comes":               lifeOf(plain, rssWith(nameless(nil)), plain),
		"guid comes and goes":               lifeOf(rssWith(nameless(nil)), plain, rssWith(nameless(nil))),
		"rss to atom":                       lifeOf(plain, atomOf(slips(6, called("urn:x:%d"))...), plain),
		"case of a uuid":                    lifeOf(rssWith(called("urn:uuid:ABCDEF0%d-1111-2222-3333-444455556666")), rssWith(called("urn:uuid:abcdef0%d-1111-2222-3333-444455556666"))),
		"default port":                      lifeOf(rssWith(addressed("https://ex.example:443/a/%d")), rssWith(addressed("https://ex.example/a/%d"))),
		"percent-encoding":                  lifeOf(rssWith(addressed("https://ex.example/caf%%c3%%a9/%d")), rssWith(addressed("https://ex.example/café/%d")), rssWith(addressed("https://ex.example/caf%%C3%%A9/%d"))),
		"ampersands":                        lifeOf(rssWith(called("https://ex.example/?a=1&amp;p=%d")), rssWith(called("https://ex.example/?a=1&amp;amp;p=%d"))),
		"without titles":                    lifeOf(rssWith(func(i int, s *slip) { s.title = "" }), rssWith(func(i int, s *slip) { s.id, s.title = "https://new.example/"+s.id, "" })),
		"title written otherwise":           lifeOf(plain, rssWith(func(i int, s *slip) { s.id, s.title = "n"+s.id, strings.ToUpper(s.title)+" " })),
		"listing":                           {kind: news.KindPage, docs: []string{listed("/a/%d", nil), listed("/a/%d?from=home&utm_source=x3", nil), listed("/a/%d/", nil)}},
		"listing, undated":                  {kind: news.KindPage, docs: []string{listed("/a/%d", undated(nil)), listed("/a/%d?from=home&utm_source=x3", undated(nil)), listed("/a/%d", undated(nil)), listed("/a/%d/", undated(nil))}},
		"home page with a slash":            lifeOf(rssAt("https://ex.example/", front), rssAt("https://ex.example", front), rssAt("https://ex.example/", front)),
		"no guid and no link": lifeOf(rssWith(nowhere), rssWith(func(i int, s *slip) {
			nowhere(i, s)
			s.date = fmt.Sprintf("Thu, 19 Nov 2026 1%d:00:00 +0000", i)
		}), rssWith(undated(nowhere)), rssWith(nowhere)),
	} {
		t.Run(name, l.run)
	}
}

// Items that have much in common are articles of their own all the same.
func TestOthersStayApart(t *testing.T) {
	day := func(n int, s slip) slip {
		s.date = time.Date(2026, 11, 20+n, 7, 0, 0, 0, time.UTC).Format(time.RFC1123Z)
		return s
	}
	rest := slips(3, nil)
	post := func(n int) slip {
		return slip{id: fmt.Sprintf("p-%d", n), link: "https://ex.example/live", title: fmt.Sprintf("Goal number %d", n), date: "Tue, 24 Nov 2026 07:00:00 +0000", text: "A goal."}
	}
	photo := func(n int) slip {
		return day(n, slip{id: fmt.Sprintf("f-%d", n), link: fmt.Sprintf("https://ex.example/photo/%d", n), title: "Photo of the day", text: "Look."})
	}
	briefing := func(n int) slip {
		return day(n, slip{id: fmt.Sprintf("b-%d", n), link: "https://ex.example/briefing", title: "Morning briefing", text: "What you must know."})
	}
	notice := slip{id: "n-1", link: "https://ex.example/n", title: "Notice", date: "Tue, 24 Nov 2026 07:00:00 +0000", text: "One."}
	again := notice
	again.id, again.text = "n-2", "Two."
	midnight := func(n int) slip {
		return slip{id: fmt.Sprintf("l-%d", n), link: fmt.Sprintf("https://ex.example/letters/%d", n), title: "Letters", date: "Tue, 24 Nov 2026 00:00:00 +0000", text: fmt.Sprintf("Letter %d.", n)}
	}
	hours := func(from int, one func(hour int) slip) string {
		return rssOf(one(from), one(from-1))
	}
	rolling := func(one func(hour int) slip) life {
		return lifeOf(hours(8, one), hours(9, one), hours(10, one), hours(11, one)).with(2, 3, 4, 5)
	}
	at := func(hour int, s slip) slip {
		s.id, s.date = fmt.Sprintf("h-%d", hour), time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC).Format(time.RFC1123Z)
		return s
	}
	same := "Tue, 24 Nov 2026 07:00:00 +0000"
	bulletins := func(format string, day int) string {
		var out []slip
		for _, of := range []string{"north", "south", "east"} {
			link := fmt.Sprintf(format, day, of)
			out = append(out, slip{id: link, link: link, title: "Sea state " + of, text: "No warning is in force for any of the areas of this coast; the next bulletin comes tomorrow."})
		}
		return rssOf(out...)
	}
	updates := func(path string) string {
		return rssOf(slips(4, undated(func(i int, s *slip) {
			addressed("https://ex.example/"+path+"/%d")(i, s)
			s.title, s.text = fmt.Sprintf("Live updates, part %d", i), "Follow us."
		}))...)
	}
	for name, l := range map[string]life{
		"one title at one link": rolling(func(hour int) slip {
			return at(hour, slip{link: "https://ex.example/live", title: "Live: the election", text: fmt.Sprintf("At %d a new count came in.", hour)})
		}),
		"one title at one link, undated": rolling(func(hour int) slip {
			return slip{id: fmt.Sprintf("h-%d", hour), link: "https://ex.example/live", title: "Live: the election", text: fmt.Sprintf("At %d a new count came in.", hour)}
		}),
		"the same words at one link": rolling(func(hour int) slip { return at(hour, slip{link: "https://ex.example/live", title: "Goal!"}) }),
		"the same words, nowhere":    rolling(func(hour int) slip { return at(hour, slip{text: "GOAL!"}) }),
		"one title in one second": lifeOf(
			rssOf(slip{id: "1", link: "https://ex.example/1", title: "Holding(s) in Company", date: same, text: "Acme: 5 per cent."}),
			rssOf(slip{id: "2", link: "https://ex.example/2", title: "Holding(s) in Company", date: same, text: "Bolt: 3 per cent."})).with(1, 2),
		"one address with a query": lifeOf(
			rssOf(slip{id: "1", link: "https://ex.example/index.php", title: "Vacancy", text: "A cook."}),
			rssOf(slip{id: "2", link: "https://ex.example/index.php?id=2", title: "Vacancy", text: "A nurse."})).with(1, 2),
		"bulletins of each day, undated":  lifeOf(bulletins("https://ex.example/b/2026112%d/%s", 0), bulletins("https://ex.example/b/2026112%d/%s", 1), bulletins("https://ex.example/b/2026112%d/%s", 2)).with(3, 6, 9),
		"bulletins by number, undated":    lifeOf(bulletins("https://ex.example/b?day=%d&of=%s", 0), bulletins("https://ex.example/b?of=%[2]s%[1]d", 1), bulletins("https://ex.example/b?of=%[2]s%[1]d", 2)).with(3, 3, 6),
		"updates elsewhere, undated":      lifeOf(updates("a"), updates("b"), updates("c")).with(4, 8, 12),
		"two at another path, undated":    lifeOf(rssOf(slips(2, undated(addressed("https://ex.example/a/%d")))...), rssOf(slips(2, undated(addressed("https://ex.example/b/%d")))...)).with(2, 4),
		"three of many, undated":          lifeOf(rssOf(slips(9, undated(nil))...), rssOf(append(slips(9, undated(nil)), slips(3, undated(addressed("https://ex.example/again/%d")))...)...)).with(9, 12),
		"others at another path, undated": lifeOf(rssWith(undated(addressed("https://ex.example/a/%d"))), rssWith(undated(func(i int, s *slip) { addressed("https://ex.example/b/%d")(i, s); s.text += " More." }))).with(6, 12),
		"entries of a live blog":          lifeOf(rssOf(post(1), post(2)), rssOf(post(3), post(4))).with(2, 4),
		"a series of pictures":            lifeOf(rssOf(photo(1)), rssOf(photo(2)), rssOf(photo(3))).with(1, 2, 3),
		"a series at one address":         lifeOf(rssOf(briefing(1)), rssOf(briefing(2)), rssOf(briefing(3))).with(1, 2, 3),
		"two of one document":             lifeOf(rssOf(notice, rest[0]), rssOf(again, notice, rest[0])).with(2, 3),
		"two of one document, new":        lifeOf(rssOf(rest[0]), rssOf(again, notice, rest[0])).with(1, 3),
		"one title at midnight":           lifeOf(rssOf(midnight(1)), rssOf(midnight(2))).with(1, 2),
		"two for one":                     lifeOf(rssOf(notice), rssOf(slip{id: "x", link: notice.link, title: notice.title, date: notice.date, text: "X."}, slip{id: "y", link: notice.link, title: notice.title, date: notice.date, text: "Y."})).with(1, 3),
	} {
		t.Run(name, l.run)
	}
}

// An item without an id is the same article whoever its neighbours are.
func TestIdentityWithoutNeighbours(t *testing.T) {
	board := func(title, date, text string) slip {
		return slip{link: "https://ex.example/board", title: title, date: date, text: text}
	}
	tides := func(text string) slip {
		return slip{title: "Tides", date: "Tue, 24 Nov 2026 00:00:00 +0000", text: text}
	}
	a, b, c := board("Arrivals on Monday", "Mon, 23 Nov 2026 08:00:00 +0000", "The barge came in."), board("Departures on Tuesday", "Tue, 24 Nov 2026 07:00:00 +0000", "The tug left port."), board("Third notice", "Tue, 24 Nov 2026 08:00:00 +0000", "The third text.")
	edited := board("Arrivals on Monday, in fog", a.date, a.text)
	long := func(title, date string) slip {
		return board(title, date, "The mayor told the council on Tuesday that she leaves at the end of the year, and named no reason.")
	}
	da, db, dc := a, b, c
	da.date, db.date, dc.date = "", "", ""
	rest := slips(2, nameless(nil))
	one := func(s slip) string { return rssOf(append([]slip{s}, rest...)...) }
	for name, l := range map[string]life{
		"a link that is shared":                lifeOf(one(a), rssOf(append(rest, b, a)...), rssOf(append(rest, c, b, a)...), one(c), one(a), one(b)).with(3, 4, 5, 5, 5, 5),
		"a link that is shared, undated":       lifeOf(one(da), rssOf(append(rest, db, da)...), one(dc), one(da), one(db)).with(3, 4, 5, 5, 5),
		"one after the other at a link":        lifeOf(one(a), one(c), one(a), one(c)).with(3, 4, 4, 4),
		"shared first":                         lifeOf(rssOf(a, b), rssOf(a), rssOf(b), rssOf(c), rssOf(a, b)).with(2, 2, 2, 3, 3),
		"a headline that is edited":            lifeOf(one(a), one(edited)),
		"a headline and its date are edited":   lifeOf(one(long("Mayor quits", "Tue, 24 Nov 2026 07:00:00 +0000")), one(long("Mayor quits over tax", "Tue, 24 Nov 2026 08:00:00 +0000"))),
		"a headline that is edited, undated":   lifeOf(one(da), one(slip{link: a.link, title: edited.title, text: a.text})),
		"one title and date, two texts":        lifeOf(one(tides("High at six.")), rssOf(append(rest, tides("Low at noon."), tides("High at six."))...), one(tides("Low at noon.")), one(tides("High at six."))).with(3, 4, 4, 4),
		"the text of a title and date changes": lifeOf(one(tides("High at six.")), one(tides("High at seven."))),
	} {
		t.Run(name, l.run)
	}
}

// What was withdrawn does not come back under another spelling.
func TestWithdrawnStaysAway(t *testing.T) {
	for name, docs := range map[string][2]string{
		"guid":    {rssWith(addressed("http://ex.example/a/%d")), rssWith(addressed("https://ex.example/a/%d"))},
		"no guid": {rssWith(nameless(addressed("https://ex.example/a/%d?utm_campaign=a"))), rssWith(nameless(addressed("https://ex.example/a/%d?utm_campaign=b")))},
	} {
		t.Run(name, func(t *testing.T) {
			doc := docs[0]
			r := newRig(t, "@every 1h", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, doc) }))
			r.later(0)
			before := r.articles("wire")
			if _, err := r.store.Withdraw(t.Context(), before[1].Key, news.Withdrawal{At: r.now, Reason: "wrong"}); err != nil {
				t.Fatal(err)
			}
			doc = docs[1]
			if got := r.later(time.Hour).Saved.New; got != 0 || len(r.articles("wire")) != len(before)-1 {
				t.Errorf("%d are new, %d stand; want one less than %d", got, len(r.articles("wire")), len(before))
			}
		})
	}
}

// Different stories of one document that have one id are articles of their own, and
// stay so whoever of them is there, and in whatever order: none takes another's place.
func TestTwinsStayApart(t *testing.T) {
	at := func(hour int) string { return time.Date(2026, 11, 23, hour, 5, 31, 0, time.UTC).Format(time.RFC1123Z) }
	note := func(hour int, title, text string) slip {
		return slip{id: "https://ex.example/24#a0", link: "https://ex.example/24#a0", title: title, date: at(hour), text: text}
	}
	a, b := note(7, "", "Good morning, harbour people! The kettle is on."), note(8, "", "In 2015 I wrote a long note about buckets that walk by themselves. Nobody read it then.")
	c := note(9, "Art from the ferry", "The gallery at the pier shows what passengers drew last winter.")
	d := note(10, "Insurance", "My policy ends this month, and the broker does not answer letters.")
	ahead := func(s slip) slip { s.date = strings.Replace(s.date, "23 Nov", "28 Nov", 1); return s }
	linked := func(n int) slip {
		s := slips(n+1, nil)[n]
		s.id, s.date = "0", ""
		s.text = strings.Repeat("Subscribe to the harbour letter at the foot of this page. ", 3) + []string{"Cranes fell silent.", "A whale was seen.", "Fog held the ferry back."}[n]
		s.title = []string{"Strike at the cranes", "Whale watched by thousands", "No boat before noon"}[n]
		return s
	}
	episode := func(n int) slip {
		s := slips(n+1, nil)[n]
		s.id, s.title, s.text = "show", fmt.Sprintf("Episode %d", n), "Every week two sailors talk about the sea. Music by the harbour band. Write to us."
		return s
	}
	rest := slips(3, nil)
	with := func(list ...slip) string { return rssOf(append(list, rest...)...) }
	for name, l := range map[string]life{
		"from the first":           lifeOf(with(b, a), with(b, a), with(a, b)).with(5, 5, 5),
		"one after the other":      lifeOf(with(a), with(b, a), with(b), with(a), with(a, b), with(c), with(c, b), with(d)).with(4, 5, 5, 5, 5, 6, 6, 7),
		"the older comes later":    lifeOf(with(b), with(b, a), with(a), with(b)).with(4, 5, 5, 5),
		"each leaves":              lifeOf(with(c, b, a), with(c, a), with(c, b), with(b, a), with(b), with(), with(a), with(c), with(c, b, a)).with(6, 6, 6, 6, 6, 6, 6, 6, 6),
		"a window":                 lifeOf(with(b, a), with(c, b), with(d, c), with(d), with(a)).with(5, 6, 7, 7, 7),
		"alone in the document":    lifeOf(rssOf(b, a), rssOf(c), rssOf(d, c), rssOf(a)).with(2, 3, 4, 4),
		"links differ, undated":    lifeOf(with(linked(1), linked(0)), with(linked(2), linked(1)), with(linked(0)), with(linked(2))).with(5, 6, 6, 6),
		"episodes":                 lifeOf(with(episode(1), episode(0)), with(episode(2), episode(1)), with(episode(0)), with(episode(2), episode(0))).with(5, 6, 6, 6),
		"listed twice besides":     lifeOf(with(b, a, b, a), with(a, a), with(b, b)).with(5, 5, 5),
		"all have it, then not":    lifeOf(rssOf(d, c, b, a), with(d, c, b), with(c)).with(4, 7, 7),
		"its id is written anew":   lifeOf(with(b, a), strings.ReplaceAll(with(b, a), "https://ex.example", "http://ex.example"), strings.ReplaceAll(with(a), "https://ex.example", "http://ex.example"), with(b)).with(5, 5, 5, 5),
		"dated ahead":              lifeOf(with(ahead(b), ahead(a)), with(ahead(c)), with(ahead(b)), with(ahead(a))).with(5, 6, 6, 6),
		"and some more of the day": lifeOf(with(a), with(a), with(c, b, a), with(a)).with(4, 4, 6, 6),
	} {
		t.Run(name, func(t *testing.T) { l.untouched = name != "its id is written anew"; l.run(t) })
	}
}

// A story that is listed twice, or with its correction, is one; so is one that its
// source corrects while its twin stands beside it, or not.
func TestNoTwins(t *testing.T) {
	at := func(hour int) string { return time.Date(2026, 11, 24, hour, 0, 0, 0, time.UTC).Format(time.RFC1123Z) }
	text := "The ferry ran aground at the mole on Monday, and the twelve passengers walked ashore at low tide."
	first := slip{id: "f", link: "https://ex.example/ferry", title: "Ferry aground", date: at(7), text: text}
	change := func(s slip, how func(*slip)) slip { how(&s); return s }
	corrected := change(first, func(s *slip) {
		s.title, s.date, s.text = "Ferry aground, all safe", at(8), text+" All are safe, the harbour master said."
	})
	teaser := change(first, func(s *slip) { s.title, s.text = "Low tide saves twelve", "A walk over the sand ended a bad morning." })
	section := change(first, func(s *slip) { s.link = "https://ex.example/sea/ferry" })
	counted := change(first, func(s *slip) { s.text, s.date = strings.Replace(text, "twelve", "13", 1), at(9) })
	twin := slip{id: "f", link: "https://ex.example/ferry", title: "Fish prices", date: at(6), text: "Herring costs a third more than last week; nobody at the hall could say why that is so."}
	dearer := change(twin, func(s *slip) { s.title, s.text = "Fish prices rise", s.text+" Cod is as dear as ever." })
	moved := change(twin, func(s *slip) { s.date, s.title = at(11), "Fish is dear" })
	rest := slips(3, nil)
	with := func(list ...slip) string { return rssOf(append(list, rest...)...) }
	atom := func(list ...slip) string { return atomOf(append(list, rest...)...) }
	for name, l := range map[string]life{
		"listed twice":                  lifeOf(with(first, first), with(first)),
		"with its correction":           lifeOf(with(corrected, first), with(first, corrected), with(corrected)),
		"with another teaser":           lifeOf(with(first, teaser), with(teaser, first)),
		"in two sections":               lifeOf(with(first, section), with(section)),
		"with another number":           lifeOf(with(counted, first)),
		"one guid, later another story": lifeOf(with(first), with(twin), with(first)),
		"versions of an Atom entry":     lifeOf(atom(first, twin), atom(twin, first)),
		"corrected beside its twin":     lifeOf(with(first, twin), with(first, dearer), with(corrected, dearer), with(twin, first)).with(5, 5, 5, 5),
		"corrected without its twin":    lifeOf(with(first, twin), with(dearer), with(moved), with(corrected), with(twin), with(corrected, moved)).with(5, 5, 5, 5, 5, 5),
	} {
		t.Run(name, l.run)
	}
}

// What all items of an RSS feed have in common is no id of any.
func TestOneGUIDForAll(t *testing.T) {
	same := func(i int, s *slip) { s.id = "https://ex.example/" }
	five, seven := slips(5, same), slips(7, same)
	lifeOf(rssOf(five...), rssOf(seven...), rssOf(seven[2:]...)).with(5, 7, 7).run(t)
}

func nowhere(_ int, s *slip) { s.id, s.link = "", "" }

// front is an item about the home page.
var front = slip{title: "Notice one", link: "https://ex.example/", date: "Tue, 24 Nov 2026 08:00:00 +0000"}

func (l life) run(t *testing.T) {
	at := 0
	r := newRig(t, "@every 1h", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, l.docs[at]) }))
	if l.kind != "" {
		r.source.Source.Kind = l.kind
		r.sync()
	}
	var first []news.Key
	for ; at < len(l.docs); at++ {
		r.later(time.Hour)
		var now []news.Key
		for _, a := range r.articles("wire") {
			now = append(now, a.Key)
		}
		slices.Sort(now)
		if at == 0 {
			first = now
		}
		switch want := append(l.want, len(first))[min(at, len(l.want))]; {
		case len(now) != want || want == 0 && at+1 == len(l.docs):
			t.Fatalf("document %d: %d articles stand, want %d", at+1, len(now), want)
		case len(l.want) == 0 && !slices.Equal(now, first):
			t.Errorf("document %d: keys %v, want %v", at+1, now, first)
		}
	}
	for _, a := range r.articles("wire") {
		if n := r.versions(a.Key); l.untouched && n > 0 {
			t.Errorf("%q stands for the %dth time", cmp.Or(a.Title, a.Summary), n+1)
		}
	}
}
