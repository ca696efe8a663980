package publisher_test

import (
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// Aggregators say in their User-Agent for how many they ask.
func TestAnnouncedReaders(t *testing.T) {
	for agent, want := range map[string]int{
		"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)":     16,
		"Feedbin feed-id:1373711 - 3 subscribers":                                                       3,
		"NewsBlur Feed Fetcher - 1 subscriber - http://www.newsblur.com/site/1/ (Mozilla/5.0 AppleWeb)": 1,
		"Mozilla/5.0 (compatible; inoreader.com; 1234 Subscribers)":                                     1234,
		"An Old Reader/1.0 (5 readers)":                                                                 5,
		"copydesk/1.0 (+https://news.example.org; feed-id=wire; 12 subscribers)":                        12,
		"Boaster/1.0 (999999999 subscribers)":                                                           1_000_000,
		"Nobody/1.0 (0 subscribers)":                                                                    0,
		"Miniflux/2.2.3":                                                                                2,
		"NetNewsWire (RSS Reader; https://netnewswire.com/)":                                            2,
		"RSS 2.0 subscriber list fetcher":                                                               2,
		"":                                                                                              2,
	} {
		r, shelf, req := publisher.NewReaders(time.Now), news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, httptest.NewRequest("GET", "/", nil)
		for _, address := range []string{"192.0.2.1:1", "192.0.2.2:2"} { // who does not say is one at each
			req.RemoteAddr = address
			req.Header.Set("User-Agent", agent)
			r.Saw(shelf, req)
		}
		if got := r.Of(shelf); got != want {
			t.Errorf("%s: got %d, want %d", agent, got, want)
		}
	}
}

func TestReaders(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := publisher.NewReaders(func() time.Time { return now })
	all, science := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}, news.Shelf{Kind: news.ChannelShelf, Slug: "science"}
	saw := func(shelf news.Shelf, address, agent string) {
		req := httptest.NewRequest("GET", "/", nil)
		req.RemoteAddr = address
		req.Header.Set("User-Agent", agent)
		r.Saw(shelf, req)
	}
	for port := range 3 { // one reader, however often
		saw(all, fmt.Sprintf("192.0.2.1:%d", 4000+port), "Miniflux/2.2.3")
	}
	saw(all, "192.0.2.1:4000", "NetNewsWire") // another program
	saw(all, "[2001:db8::1]:4000", "NetNewsWire")
	for _, n := range []int{10, 12, 11} { // an aggregator from three machines; its largest word counts
		saw(all, fmt.Sprintf("198.51.100.%d:1", n), fmt.Sprintf("Feedly/1.0 (%d subscribers)", n))
	}
	saw(science, "192.0.2.9:1", "Feedly/1.0 (2 subscribers)")
	want := func(when string, shelf news.Shelf, n int) {
		t.Helper()
		if got := r.Of(shelf); got != n {
			t.Errorf("%s: %d readers of %s, want %d", when, got, shelf.Slug, n)
		}
	}
	want("today", all, 15)
	want("today", science, 2)
	want("today", news.Shelf{Kind: news.SourceShelf, Slug: "wire"}, 0)
	channels := []news.Channel{{Slug: "all"}, {Slug: "science", Sources: []news.Slug{"lab"}}}
	if got := r.OfSource("wire", channels); got != 15 {
		t.Errorf("%d readers of a source in one channel, want 15", got)
	}
	if got := r.OfSource("wire", channels[1:]); got != 0 {
		t.Errorf("%d readers of a source in no channel, want 0", got)
	}
	if got := r.OfSource("lab", channels[1:]); got != 2 {
		t.Errorf("%d readers of the lab, want 2", got)
	}

	now = now.Add(13 * time.Hour)
	saw(all, "192.0.2.1:1", "Miniflux/2.2.3")
	want("an hour into the next day", all, 15)
	now = now.Add(24 * time.Hour)
	want("the day after", all, 1)
	now = now.Add(72 * time.Hour)
	want("after days without anybody", all, 0)
}

// A flood of clients does not fill the memory.
func TestReadersAreBounded(t *testing.T) {
	const most = 100_000
	r := publisher.NewReaders(func() time.Time { return time.Unix(0, 0) })
	shelf := news.Shelf{Kind: news.ChannelShelf, Slug: "all"}
	req := httptest.NewRequest("GET", "/", nil)
	for i := range most + 1000 {
		req.RemoteAddr = fmt.Sprintf("[2001:db8::%x:%x]:1", i>>16, i&0xffff)
		r.Saw(shelf, req)
	}
	if got := r.Of(shelf); got != most {
		t.Errorf("%d readers are remembered, want %d", got, most)
	}
}
