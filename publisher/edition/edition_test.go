package edition_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func article() *news.Article {
	return &news.Article{
		Key: "k", Source: "wire", Title: "Ferry line opens", Summary: "A short summary", ContentHTML: "<p>Fish &amp; ships</p>", URL: "https://wire.example/1", Words: 120, Language: "en-GB", Section: "World",
		Categories: []string{"Cooperation", "Sea"}, Credit: news.Credit{Name: "Xinhua"}, Image: &news.Image{URL: "https://wire.example/i.jpg"},
		Byline:    news.Byline{People: []news.Person{{Name: "Ann Lee", Role: news.Author}, {Name: "Cid Foe", Role: news.Editor}}},
		Published: news.Moment{At: noon}, Updated: noon.Add(time.Hour),
	}
}

func TestRules(t *testing.T) {
	for rule, want := range map[string]bool{
		``:                             true,
		`   `:                          true,
		`title contains "Ferry"`:       true,
		`title matches "(?i)FERRY"`:    true,
		`title matches "(?i)cooperat"`: false,
		`"Cooperation" in categories`:  true,
		`"cooperation" in categories`:  false,
		`"Cooperation" in categories or title matches "(?i)cooperat"`: true,
		`credit == "Xinhua"`:                              true,
		`source in ["wire", "post"]`:                      true,
		`"Ann Lee" in authors`:                            true,
		`"Cid Foe" in authors`:                            false,
		`"Cid Foe" in editors`:                            true,
		`any(authors, # startsWith "A")`:                  true,
		`len(authors) > 1`:                                false,
		`section == "World" and language startsWith "en"`: true,
		`words > 100`:                                     true,
		`has_image`:                                       true,
		`not has_image`:                                   false,
		`text contains "Fish & ships"`:                    true,
		`text contains "<p>"`:                             false,
		`url startsWith "https://wire."`:                  true,
		`published.Hour() == 12`:                          true,
		`updated > published`:                             true,
		`published > date("2026-01-01")`:                  true,
	} {
		r, err := edition.CompileRule(rule)
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		if got, err := r.Match(article()); got != want || err != nil {
			t.Errorf("%s: got %v (%v), want %v", rule, got, err, want)
		}
	}
}

func TestRulesThatAreNone(t *testing.T) {
	for rule, want := range map[string]string{
		`titel contains "x"`:       `no variable "titel"`,
		`"x" in categoris`:         `no variable "categoris"`,
		`title contain "x"`:        ``,
		`title contains`:           ``,
		`title`:                    `yes or no`,
		`words + 1`:                `yes or no`,
		`title > 3`:                ``,
		`published > now()`:        ``,
		`title matches "("`:        ``,
		`title contains "unclosed`: ``,
		strings.Repeat("(", 5000):  ``,
		strings.Repeat("has_image or ", 3000) + "has_image": ``,
	} {
		_, err := edition.CompileRule(rule)
		var fault *edition.RuleError
		if !errors.As(err, &fault) {
			t.Errorf("%.40s: got %v, want a *RuleError", rule, err)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40s: got %q, want one line with %q", rule, err, want)
		}
		if c := fault.Column(); c < 1 || c > len(rule)+1 {
			t.Errorf("%.40s: column %d is outside the rule", rule, c)
		}
	}
}

func TestPlacer(t *testing.T) {
	var log bytes.Buffer
	p, err := edition.NewPlacer([]news.Channel{
		{Slug: "all"},
		{Slug: "sea", Where: `"Sea" in categories`},
		{Slug: "land", Where: `"Land" in categories`},
		{Slug: "ours", Sources: []news.Slug{"wire", "post"}},
		{Slug: "theirs", Sources: []news.Slug{"post"}},
		{Slug: "broken", Where: `categories[7] == "Sea"`},
	}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	why := map[news.Slug]string{}
	for _, pl := range p.Place(article()) {
		why[pl.Channel] = pl.Rule
		if pl.Article != "k" || pl.Source != "wire" || !pl.Published.Equal(noon) {
			t.Errorf("%s: placement %+v does not carry what ordering needs", pl.Channel, pl)
		}
	}
	for ch, want := range map[news.Slug]string{"all": "wire", "sea": `"Sea" in categories`, "ours": "wire"} {
		if !strings.Contains(why[ch], want) {
			t.Errorf("%s took the article because of %q, want %q", ch, why[ch], want)
		}
	}
	if len(why) != 3 {
		t.Errorf("placed in %v, want all, sea and ours", why)
	}
	if !strings.Contains(log.String(), "channel=broken") {
		t.Errorf("a rule that fails was silent: %q", log.String())
	}
}

func placements(sources string) []news.Placement {
	var list []news.Placement
	for i, s := range strings.Split(sources, "") {
		list = append(list, news.Placement{Article: news.Key(fmt.Sprintf("%s%d", s, i)), Source: news.Slug(s), Published: noon.Add(-time.Duration(i) * time.Hour)})
	}
	return list
}

func TestSelect(t *testing.T) {
	for _, tt := range []struct {
		name       string
		ch         news.Channel
		candidates string
		want       string
		enough     bool
	}{
		{"the first of them", news.Channel{Limit: 2}, "abc", "a0 b1", true},
		{"all there are", news.Channel{Limit: 5}, "abc", "a0 b1 c2", false},
		{"no more of one source than its cap", news.Channel{Limit: 4, PerSource: 1}, "aabac", "a0 b2 c4", false},
		{"filled before the end", news.Channel{Limit: 2, PerSource: 1}, "aabac", "a0 b2", true},
	} {
		keys, enough := edition.Select(tt.ch, placements(tt.candidates))
		var got []string
		for _, k := range keys {
			got = append(got, string(k))
		}
		if strings.Join(got, " ") != tt.want || enough != tt.enough {
			t.Errorf("%s: got %v (enough %v), want %s (%v)", tt.name, got, enough, tt.want, tt.enough)
		}
	}
	pinned := placements("aaa")
	pinned[2].Pinned = true
	if keys, _ := edition.Select(news.Channel{Limit: 5, PerSource: 1}, pinned); !slices.Equal(keys, []news.Key{"a0", "a2"}) {
		t.Errorf("got %v, want the first and the pinned one", keys)
	}
}

func TestSelectKeepsToItsLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := placements(rapid.StringMatching(`[a-d]{1,40}`).Draw(t, "sources"))
		ch := news.Channel{Limit: rapid.IntRange(1, 20).Draw(t, "limit"), PerSource: rapid.IntRange(0, 5).Draw(t, "per source")}
		keys, _ := edition.Select(ch, list)
		if len(keys) > ch.Limit {
			t.Fatalf("%d articles, want at most %d", len(keys), ch.Limit)
		}
		of, last := map[byte]int{}, -1
		for _, k := range keys {
			i := slices.IndexFunc(list, func(p news.Placement) bool { return p.Article == k })
			if i <= last {
				t.Fatalf("%v is out of order", keys)
			}
			last = i
			if of[k[0]]++; ch.PerSource > 0 && of[k[0]] > ch.PerSource {
				t.Fatalf("%d articles of one source, want at most %d", of[k[0]], ch.PerSource)
			}
		}
	})
}

func TestRank(t *testing.T) {
	even := func(news.Slug) float64 { return 1 }
	heavyB := func(s news.Slug) float64 {
		if s == "b" {
			return 3
		}
		return 1
	}
	list := placements("abc")
	if got := edition.Rank(list, even, noon); !slices.Equal(got, []news.Key{"a0", "b1", "c2"}) {
		t.Errorf("equal weights: got %v, want the newest first", got)
	}
	if got := edition.Rank(list, heavyB, noon); got[0] != "b1" {
		t.Errorf("a heavy source: got %v, want it first", got)
	}
	if got := edition.Rank(list, heavyB, noon.Add(-24*time.Hour)); len(got) != 3 { // a clock that was put back
		t.Errorf("got %v", got)
	}
	same := placements("cab")
	for i := range same {
		same[i].Published = noon
	}
	for range 20 {
		if got := edition.Rank(same, even, noon); !slices.Equal(got, []news.Key{"a1", "b2", "c0"}) {
			t.Fatalf("ties: got %v, want them by key", got)
		}
		slices.Reverse(same)
	}
}

func TestCut(t *testing.T) {
	full := *article()
	full.Attachments = []news.Attachment{{URL: "https://wire.example/a.mp3"}}
	full.Summary = strings.Repeat("é", 1000)
	if a := edition.Cut(full, news.RepublishFull); a.ContentHTML == "" || a.Image == nil {
		t.Error("a full article lost its text")
	}
	if a := edition.Cut(full, news.RepublishExcerpt); a.ContentHTML != "" || len([]rune(a.Summary)) != 300 || a.Image == nil || a.Attachments != nil {
		t.Errorf("an excerpt has %d characters of summary and %d of text", len([]rune(a.Summary)), len(a.ContentHTML))
	}
	short := news.Article{Summary: "The mill burns. Nobody was hurt in it.", ContentHTML: "<p>The <b>mill</b> burns.</p><p>Nobody was hurt in it.</p>"}
	if a := edition.Cut(short, news.RepublishExcerpt); a.Summary != "The mill burns." {
		t.Errorf("an excerpt of a text of two sentences is %q", a.Summary)
	}
	short.Summary = "A fire in the valley."
	if a := edition.Cut(short, news.RepublishExcerpt); a.Summary != short.Summary {
		t.Errorf("a summary of its own is cut to %q", a.Summary)
	}
	if a := edition.Cut(full, news.RepublishHeadline); a.ContentHTML+a.Summary != "" || a.Image != nil || a.Title == "" || a.URL == "" {
		t.Errorf("a headline carries more than its title: %+v", a)
	}
}
