package publisher_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
	"copydesk/publisher/feed"
	"copydesk/publisher/websub"
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

// Subscribers get whole documents with what is new to them and nothing else.
func TestContent(t *testing.T) {
	s, press, _ := printed(t) // revisions 1 and 2
	if mark, err := press.Stands(t.Context(), house.URL+"/channels/all/feed.atom"); err != nil || mark != 2 {
		t.Fatalf("readers see revision %d (%v), want 2", mark, err)
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
		for mark, want := range [][]string{{"Ferry line opens late", "Third story"}, {"Ferry line opens late", "Third story"}, {"Ferry line opens late", "Third story"}, {"Ferry line opens late"}} {
			body := lacked(t, c, news.Revision(mark))
			if err := feed.Check(format, body); err != nil {
				t.Errorf("%s after %d: %v", path, mark, err)
			}
			for _, title := range []string{"Ferry line opens late", "Third story"} {
				if got := strings.Contains(string(body), title); got != slices.Contains(want, title) {
					t.Errorf("%s after %d: %q is there: %v", path, mark, title, got)
				}
			}
			if again := lacked(t, c, news.Revision(mark)); &again[0] != &body[0] {
				t.Errorf("%s after %d is made twice", path, mark)
			}
		}
		for _, mark := range []news.Revision{4, 9} {
			if lacked(t, c, mark) != nil {
				t.Errorf("%s: there is something new after %d", path, mark)
			}
		}
	}
}

// lacked is what a subscriber gets who has all up to a mark.
func lacked(t *testing.T, c *websub.Content, mark news.Revision) []byte {
	t.Helper()
	body, err := c.Lacking(t.Context(), news.Subscriber{Delivered: mark})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// titled are the stories of a body, by the numbers in their titles.
func titled(body []byte) []string {
	var out []string
	for _, m := range regexp.MustCompile(`Story (\d+)`).FindAllSubmatch(body, -1) {
		out = append(out, string(m[1]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// What came and was pushed out again while a subscriber was away is delivered to it,
// but for what was withdrawn, left the shelf, or was delivered before.
func TestContentOfWhatHasMadeRoom(t *testing.T) {
	s := newShelf()
	opt := publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 3}}}
	press, _ := openWith(t, s, opt)
	number := 100 // the newest come first
	come := func() {
		number--
		s.put(news.Key(fmt.Sprint("a", number)), "wire", fmt.Sprint("Story ", number), noon)
		mustPrint(t, press)
	}
	for range 4 {
		come()
	}
	away := s.revision
	for range 6 {
		come() // to 90
	}
	s.withdraw("a94", noon.Add(time.Hour))
	s.mu.Lock()
	delete(s.articles, "a93")
	s.mu.Unlock()
	for _, path := range []string{"/channels/all/feed.rss", "/channels/all/feed.atom", "/channels/all/feed.json"} {
		c, err := press.Content(t.Context(), house.URL+path)
		if err != nil {
			t.Fatal(err)
		}
		body := lacked(t, c, away)
		if got := titled(body); !slices.Equal(got, []string{"90", "91", "92", "95"}) {
			t.Errorf("%s: who was away gets %v, want 90 to 92 and 95", path, got)
		}
		if err := feed.Check(formatOf[path], body); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if got := titled(lacked(t, c, c.Mark-2)); !slices.Equal(got, []string{"90"}) {
			t.Errorf("%s: who was there gets %v, want 90", path, got)
		}
	}
	other, _ := openWith(t, s, opt) // another node, or the same after a restart
	c, err := other.Content(t.Context(), house.URL+"/channels/all/feed.atom")
	if err != nil {
		t.Fatal(err)
	}
	if got := titled(lacked(t, c, away)); !slices.Equal(got, []string{"90", "91", "92", "95"}) {
		t.Errorf("from another node: %v", got)
	}
}

// A correction is delivered where the article was, also when it was pushed out since; and
// what is delivered behind an edition is told of in the head like all that is in it.
func TestContentOfCorrectionsBelow(t *testing.T) {
	s := newShelf()
	press, _ := openWith(t, s, publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 2}}})
	for _, n := range []int{3, 2, 1} {
		s.put(news.Key(fmt.Sprint("a", n)), "wire", fmt.Sprint("Story ", n), noon)
		s.edit(news.Key(fmt.Sprint("a", n)), func(a *news.Article) {
			if n < 3 {
				a.Byline.People = []news.Person{{Name: "Ann Lee", Role: news.Author}}
			}
		}, noon)
		mustPrint(t, press)
	}
	delivered, later := s.revision, noon.Add(5*time.Hour)
	s.edit("a3", func(a *news.Article) { a.Title, a.Updated = "Story 33", later }, later)
	for path, head := range map[string]string{
		"/channels/all/feed.atom": "<updated>2026-11-24T17:00:00", "/channels/all/feed.rss": "<lastBuildDate>Tue, 24 Nov 2026 17:00:00 +0000</lastBuildDate>", "/channels/all/feed.json": `"items":[`,
	} {
		c, err := press.Content(t.Context(), house.URL+path)
		if err != nil {
			t.Fatal(err)
		}
		body := lacked(t, c, delivered)
		before, _, _ := strings.Cut(string(body), "Story 33")
		if got := titled(body); !slices.Equal(got, []string{"33"}) || !strings.Contains(before, head) || strings.Contains(before, `"authors"`) || feed.Check(formatOf[path], body) != nil {
			t.Errorf("%s: got %v, want the correction and %s before it (%v):\n%s", path, got, head, feed.Check(formatOf[path], body), body)
		}
		if lacked(t, c, c.Mark) != nil {
			t.Errorf("%s: there is more", path)
		}
	}
}

// What is delivered is no longer than readers take: JSON has each text twice.
func TestContentOfLongArticles(t *testing.T) {
	s := newShelf()
	press, _ := openWith(t, s, publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 30}}})
	long := "<p>" + strings.Repeat("The harbour wind. ", 3000) + "</p>"
	for n := 60; n > 0; n-- {
		key := news.Key(fmt.Sprintf("a%03d", n))
		s.put(key, "wire", fmt.Sprint("Story ", n), noon)
		s.edit(key, func(a *news.Article) { a.ContentHTML = long }, noon)
		if n%30 == 1 {
			mustPrint(t, press)
		}
	}
	c, err := press.Content(t.Context(), house.URL+"/channels/all/feed.json")
	if err != nil {
		t.Fatal(err)
	}
	body := lacked(t, c, 0)
	if err := feed.Check("json", body); err != nil || len(body) < 3_000_000 || len(body) > 5_000_000 || len(titled(body)) != 60 {
		t.Errorf("%d bytes with %d stories: %v", len(body), len(titled(body)), err)
	}
}

// What could not be noted is delivered all the same, and once: the log may fail, and
// its mark has gone on when it works again, and so has that of an order which is none
// of time.
func TestContentWhileTheLogFails(t *testing.T) {
	for _, first := range []news.Key{"", "a1"} {
		s := newShelf()
		s.put("a1", "wire", "Ferry line opens", noon)
		s.rank(first)
		press, _ := open(t, s)
		mustPrint(t, press)
		for i, fails := range []error{errors.New("the disk is full"), errors.New("the disk is full"), nil, nil} {
			delivered := s.revision
			s.unkept = fails
			s.put(news.Key(fmt.Sprint("b", i)), "wire", fmt.Sprint("Story ", i), noon)
			mustPrint(t, press)
			c, err := press.Content(t.Context(), house.URL+"/channels/all/feed.atom")
			if err != nil {
				t.Fatal(err)
			}
			if got := titled(lacked(t, c, delivered)); !slices.Equal(got, []string{fmt.Sprint(i)}) {
				t.Errorf("%q on top, story %d: %v is delivered", first, i, got)
			}
		}
	}
}

// What stood below an edition for long and moves up is no news, however many editions
// came between: not where another is withdrawn, nor where the config asks for more.
func TestContentOfWhatMovesUp(t *testing.T) {
	s := newShelf()
	opt := publisher.Options{Sources: sources, Channels: []news.Channel{{Slug: "all", Title: "All", Limit: 2}}}
	press, _ := openWith(t, s, opt)
	number := 1000
	for range 200 {
		number--
		s.put(news.Key(fmt.Sprint("a", number)), "wire", fmt.Sprint("Story ", number), noon)
		mustPrint(t, press)
	}
	delivered := s.revision
	s.withdraw("a800", noon.Add(time.Hour))
	opt.Channels = []news.Channel{{Slug: "all", Title: "All", Limit: 50}}
	press, server := openWith(t, s, opt)
	mustPrint(t, press)
	if got := titled([]byte(get(t, server, "/channels/all/feed.json"))); len(got) != 50 {
		t.Fatalf("the edition has %d stories, want 50", len(got))
	}
	c, err := press.Content(t.Context(), house.URL+"/channels/all/feed.atom")
	if err != nil {
		t.Fatal(err)
	}
	if got := titled(lacked(t, c, delivered)); len(got) != 0 {
		t.Errorf("old stories are delivered: %v", got)
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
