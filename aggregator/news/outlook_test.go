package news_test

import (
	"testing"
	"time"

	"copydesk/aggregator/news"
)

// Every state says in words what happens next and when.
func TestOutlook(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	in := func(d time.Duration) time.Time { return now.Add(d) }
	move := news.Move{To: "https://b.example/feed", Since: ago(50 * time.Hour), Pulls: 3, Done: ago(26 * time.Hour)}
	for _, tt := range []struct {
		o    news.Outlook
		want string
	}{
		{news.Outlook{State: "active", NextDue: now}, "new; asked as soon as its turn comes"},
		{news.Outlook{State: "active", NextDue: in(90 * time.Second)}, "new; asked in 2 min"},
		{news.Outlook{State: "active", LastSuccess: ago(3 * time.Minute), NextDue: in(12 * time.Minute)}, "answered 3 min ago; asked again in 12 min"},
		{news.Outlook{State: "active", LastSuccess: ago(3 * time.Minute), NextDue: ago(time.Minute)}, "answered 3 min ago; asked again as soon as its turn comes"},
		{news.Outlook{State: "active", LastSuccess: ago(3 * time.Minute), NextDue: in(time.Hour), Manners: news.Manners{Because: news.CauseFeed}}, "answered 3 min ago; asked again in 1 h, as the feed wishes"},
		{news.Outlook{State: "active", LastSuccess: ago(20 * time.Second), NextDue: in(time.Hour), Manners: news.Manners{Because: news.CauseServer}}, "answered 20 s ago; asked again in 1 h, when its server expects a change"},
		{news.Outlook{State: "active", LastSuccess: ago(time.Minute), NextDue: in(9 * time.Hour), Manners: news.Manners{Because: news.CauseAsleep}}, "answered 1 min ago; asked again in 9 h, when the feed is awake"},
		{news.Outlook{State: "active", LastSuccess: ago(time.Hour), NextDue: in(23 * time.Hour), Pushed: true, Manners: news.Manners{Because: news.CauseFeed}}, "answered 1 h ago; asked again in 23 h, to see that its hub has pushed all"},
		{news.Outlook{State: "failing", Failures: 1, Fault: "no such host", NextDue: in(15 * time.Minute)}, "failed once and has never answered: no such host; asked again in 15 min"},
		{
			news.Outlook{State: "failing", Failures: 3, Fault: "the server answered 500", LastSuccess: ago(2 * time.Hour), NextDue: in(40 * time.Minute), Manners: news.Manners{Because: news.CauseFailure}},
			"failed 3 times since it answered 2 h ago: the server answered 500; asked again in 40 min, for each failure doubles the wait, up to a day",
		},
		{
			news.Outlook{State: "failing", Failures: 2, Fault: "the server answered 429", LastSuccess: ago(72 * time.Hour), NextDue: in(49 * time.Hour), Manners: news.Manners{Because: news.CauseRefusal}},
			"failed twice since it answered 3 days ago: the server answered 429; asked again in 2 days, when its server wants to be",
		},
		{
			news.Outlook{State: "active", Fault: "no such host", LastSuccess: ago(2 * time.Hour), NextDue: in(5 * time.Minute), Manners: news.Manners{Because: news.CauseOurs}},
			"answered 2 h ago, and could not be asked since: no such host; asked again in 5 min, for the fault was not its own",
		},
		{
			news.Outlook{State: "active", Fault: "no such host", NextDue: in(5 * time.Minute), Manners: news.Manners{Because: news.CauseOurs}},
			"new, and could not be asked: no such host; asked in 5 min, for the fault was not its own",
		},
		{news.Outlook{State: "paused", Failures: 2, Fault: "old"}, "paused in the config; not asked until that changes"},
		{news.Outlook{State: "gone", Failures: 1, Fault: "the server answered 410 Gone", NextDue: in(time.Hour)}, "gone for good, its server says (410); not asked again until its address in the config changes, or someone pulls it by name"},
		{
			news.Outlook{State: "active", LastSuccess: ago(time.Minute), NextDue: in(time.Minute), Manners: news.Manners{Moving: news.Move{To: "https://b.example/feed", Since: ago(time.Hour), Pulls: 2}}},
			"answered 1 min ago; asked again in 1 min; seems to move to https://b.example/feed, said twice since 2026-11-24",
		},
		{
			news.Outlook{State: "active", URL: "https://a.example/feed", LastSuccess: ago(time.Minute), NextDue: in(time.Minute), Manners: news.Manners{Address: move.To, Moves: []news.Move{move}}},
			"answered 1 min ago; asked again in 1 min; moved for good to https://b.example/feed, asked there since 2026-11-23",
		},
		{
			news.Outlook{State: "active", URL: "https://a.example/feed", LastSuccess: ago(time.Minute), NextDue: in(time.Minute), Manners: news.Manners{Address: "https://a.example/feed", Moves: []news.Move{move, {To: "https://a.example/feed", Done: now}}}},
			"answered 1 min ago; asked again in 1 min", // it has come back
		},
		{
			news.Outlook{State: "active", LastSuccess: ago(time.Minute), NextDue: in(time.Minute), Manners: news.Manners{Misses: 3}},
			"answered 1 min ago; asked again in 1 min; its server sends the whole document though nothing has changed since the validators that it gave us",
		},
		{
			news.Outlook{State: "active", LastSuccess: ago(time.Minute), NextDue: in(time.Minute), Manners: news.Manners{Misses: 3, Drifts: 3}},
			"answered 1 min ago; asked again in 1 min; its ETag changes with every answer though the document does not, so each pull costs a whole download",
		},
		{news.Outlook{State: "active", LastSuccess: ago(time.Minute), NextDue: in(time.Minute), Manners: news.Manners{Misses: 2, Drifts: 2}}, "answered 1 min ago; asked again in 1 min"},
	} {
		tt.o.Now = now
		if got := tt.o.String(); got != tt.want {
			t.Errorf("%+v:\n got %s\nwant %s", tt.o, got, tt.want)
		}
	}
}

// Passwords are not told; what has none is told as it was written.
func TestBare(t *testing.T) {
	for address, want := range map[string]string{
		"https://ann:s3cret@a.example/feed?b=%7E#c": "https://a.example/feed?b=%7E#c",
		"https://ann@a.example":                     "https://a.example",
		"https://a.example/%7Efeed?q=a b":           "https://a.example/%7Efeed?q=a b",
		"https://a.example/@ann":                    "https://a.example/@ann",
		"":                                          "",
	} {
		if got := news.Bare(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// One server is one host, however it is written, so that its patience is one.
func TestHost(t *testing.T) {
	for address, want := range map[string]string{
		"https://BÜCHER.example/":              "xn--bcher-kva.example",
		"https://xn--bcher-kva.example/":       "xn--bcher-kva.example",
		"https://b%C3%BCcher.example/":         "xn--bcher-kva.example",
		"https://www.新闻。例子/rss":                "www.xn--efvy88h.xn--fsqu00a",
		"https://news.example.org/feed":        "news.example.org",
		"http://NEWS.Example.ORG:8080/feed":    "news.example.org",
		"https://ann:secret@news.example.org/": "news.example.org",
		"https://news.example.org./feed":       "news.example.org",
		"https://feeds.news.example.org/":      "feeds.news.example.org",
		"http://[2001:DB8::1]:8080/":           "2001:db8::1",
		"http://192.0.2.1/":                    "192.0.2.1",
		"nowhere":                              "",
		"http://[::1":                          "",
	} {
		if got := news.Host(address); got != want {
			t.Errorf("%s: got %q, want %q", address, got, want)
		}
	}
}
