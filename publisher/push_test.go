package publisher_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
	"copydesk/publisher/feed"
)

// A topic is exactly the address that a feed gives as its own.
func TestTopics(t *testing.T) {
	press, _ := open(t, newShelf())
	for address, want := range map[string]bool{
		"https://news.example.org/channels/all/feed.atom":  true,
		"https://news.example.org/channels/few/feed.rss":   true,
		"https://news.example.org/sources/wire/feed.json":  true,
		"https://news.example.org/channels/wire/feed.json": false,
		"https://news.example.org/channels/all/feed.html":  false,
		"https://news.example.org/channels/all/atom":       false,
		"https://news.example.org/channels/all":            false,
		"https://news.example.org/channels/all/feed.atom?": false,
		"https://news.example.org//channels/all/feed.atom": false,
		"https://NEWS.example.org/channels/all/feed.atom":  false,
		"http://news.example.org/channels/all/feed.atom":   false,
		"/channels/all/feed.atom":                          false,
		"channels/all/feed.atom":                           false,
		"":                                                 false,
	} {
		if got := press.Offers(address); got != want {
			t.Errorf("%q: got %v, want %v", address, got, want)
		}
		if _, err := press.Content(t.Context(), address); (err == nil) != want {
			t.Errorf("content of %q: %v", address, err)
		}
	}
}

// Subscribers get whole documents with what is new to them and nothing else: by the
// edition that they had last, or by their mark where no name of it is known. Whose
// edition is in the log no more, nor any before it, gets all.
func TestContent(t *testing.T) {
	s, press, _ := printed(t) // revisions 1 and 2
	before, mark, err := press.Edition(t.Context(), house.URL+"/channels/all/feed.atom")
	if err != nil || mark != 2 {
		t.Fatalf("edition %s of %d (%v), want that of 2", before, mark, err)
	}
	s.put("a3", "wire", "Third story", noon)
	s.edit("a1", func(a *news.Article) { a.Title, a.Updated = "Ferry line opens late", noon.Add(time.Hour) }, noon.Add(time.Hour)) // 4; nobody has printed either
	for path, format := range formatOf {
		c, err := press.Content(t.Context(), house.URL+path)
		if err != nil {
			t.Fatal(err)
		}
		if c.Mark != 4 || !strings.HasPrefix(c.ContentType, "application/") {
			t.Errorf("%s: mark %d, type %q", path, c.Mark, c.ContentType)
		}
		lacks := func(sub news.Subscriber) []byte {
			body, err := c.Lacking(t.Context(), sub)
			if err != nil {
				t.Fatal(err)
			}
			return body
		}
		for sub, want := range map[news.Subscriber][]bool{
			{Delivered: 0}: {true, true, true}, {Delivered: 1}: {true, true, true}, {Delivered: 2}: {true, false, true}, {Delivered: 3}: {true, false, false},
			{Delivered: 2, Edition: before}: {true, false, true}, {Edition: "forgotten"}: {true, true, true},
		} {
			body := lacks(sub)
			if err := feed.Check(format, body); err != nil {
				t.Errorf("%s for %+v: %v", path, sub, err)
			}
			titles := []string{"Ferry line opens late", "Second", "Third story"}
			for i, title := range titles {
				if i == 1 {
					continue // of a source that lets only headlines out
				}
				if got := strings.Contains(string(body), title); got != want[i] {
					t.Errorf("%s for %+v: %q is there: %v", path, sub, title, got)
				}
			}
			if again := lacks(sub); &again[0] != &body[0] {
				t.Errorf("%s for %+v is made twice", path, sub)
			}
		}
		for _, sub := range []news.Subscriber{{Delivered: 4}, {Delivered: 9}, {Edition: c.Edition}, {Delivered: 4, Edition: "forgotten"}} {
			if lacks(sub) != nil {
				t.Errorf("%s: there is something new to %+v", path, sub)
			}
		}
	}
}

// Each change is announced before it counts as seen: again where that failed.
func TestAnnounce(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "First", noon)
	var told []string
	fail := errors.New("the engine is away")
	press, _ := openWith(t, s, publisher.Options{Sources: sources, Announce: func(_ context.Context, list []news.Touched) error {
		for _, sh := range list {
			told = append(told, string(sh.Shelf.Kind)+"/"+string(sh.Shelf.Slug))
		}
		return fail
	}})
	want := []string{"channels/all", "channels/few", "sources/wire"}
	for _, step := range []struct {
		fail error
		want []string
	}{{fail, want}, {nil, want}, {nil, nil}} {
		told, fail = nil, step.fail
		if err := press.Print(t.Context()); !errors.Is(err, step.fail) {
			t.Errorf("got %v, want %v", err, step.fail)
		}
		slices.Sort(told)
		if !slices.Equal(told, step.want) {
			t.Errorf("announced %v, want %v", told, step.want)
		}
	}
}
