package publisher_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// A document that changes is of the second in which it did, or the one after where it
// changed twice in it: on every node, after every restart and under every config that
// leaves its bytes alone. With what he was given, who asks is told that it is so still.
func TestLastModifiedStays(t *testing.T) {
	s := newShelf()
	at := noon.Add(32*time.Second + 800*time.Millisecond)
	now := at
	opt := publisher.Options{Sources: sources, Now: func() time.Time { return now }}
	s.put("a0", "wire", "Story 0", noon.Add(-time.Hour))
	press, server := openWith(t, s, opt)
	mustPrint(t, press)
	paths := append([]string{"/", "/channels/all", "/sources/wire/feed.atom"}, feedPaths...)
	check := func(when string, server http.Handler, want time.Time) {
		t.Helper()
		for _, path := range paths {
			date := ask(t, server, "GET", path).Header.Get("Last-Modified")
			if want.IsZero() && date == "" {
				continue
			}
			if date != want.Format(http.TimeFormat) {
				t.Errorf("%s: %s is of %q, want %s", when, path, date, want.Format(http.TimeFormat))
			}
			if got := ask(t, server, "GET", path, "If-Modified-Since: "+date).StatusCode; got != 304 {
				t.Errorf("%s: %s has not changed since %s, but is sent again: %d", when, path, date, got)
			}
		}
	}
	check("what was there before", server, noon.Add(-time.Hour))
	s.put("a1", "wire", "Story 1", now)
	mustPrint(t, press)
	for range 20 {
		check("what has changed", server, noon.Add(32*time.Second))
		now = now.Add(330 * time.Millisecond)
		mustPrint(t, press)
	}
	before := now.Truncate(time.Second)
	s.put("a2", "wire", "Story 2", now)
	mustPrint(t, press)
	check("another change", server, before)
	for i := range 3 { // within the second
		now = now.Add(100 * time.Millisecond)
		s.put("a3", "wire", fmt.Sprint("Story 3, as of ", i), now)
		mustPrint(t, press)
		check("a change within the second", server, time.Time{})
	}
	now = now.Add(time.Second)
	mustPrint(t, press)
	check("when that is over", server, before.Add(time.Second))
	for i := range 2 {
		now = now.Add(time.Minute)
		next, other := openWith(t, s, opt)
		if i == 1 {
			next.Follow(press)
		}
		next.Appears(now.Add(-time.Second)) // the config has changed
		mustPrint(t, next)
		check("another node", other, before.Add(time.Second))
	}
}

// What a node prints that has not seen the newest yet is of no time, and changes none.
func TestLastModifiedOfANodeBehind(t *testing.T) {
	s := newShelf()
	now := noon.Add(time.Hour)
	opt := publisher.Options{Sources: sources, Now: func() time.Time { return now }}
	s.put("a1", "wire", "Story 1", noon)
	ahead, server := openWith(t, s, opt)
	mustPrint(t, ahead)
	behind, other := openWith(t, s, opt)
	s.put("a2", "wire", "Story 2", noon)
	s.between = func() { // as the other node reads its articles, this one prints the next
		s.between = nil
		s.edit("a2", func(a *news.Article) { a.Title = "Story 2, corrected" }, noon)
		now = now.Add(time.Minute)
		mustPrint(t, ahead)
		s.edit("a2", func(a *news.Article) { a.Title = "Story 2" }, noon)
	}
	mustPrint(t, behind)
	want := ask(t, server, "GET", feedPaths[0]).Header.Get("Last-Modified")
	if got := ask(t, other, "GET", feedPaths[0]).Header.Get("Last-Modified"); got != "" || want != now.Format(http.TimeFormat) {
		t.Errorf("the node behind says %q, the other one %q, want none and %s", got, want, now.Format(http.TimeFormat))
	}
	now = now.Add(time.Minute)
	mustPrint(t, ahead)
	mustPrint(t, behind)
	a, b := ask(t, server, "GET", feedPaths[0]), ask(t, other, "GET", feedPaths[0])
	if a.Header.Get("Last-Modified") != b.Header.Get("Last-Modified") || a.Header.Get("ETag") != b.Header.Get("ETag") {
		t.Errorf("in the end one says %v, the other %v", a.Header, b.Header)
	}
}

// Whoever asks by date alone, of any of two nodes that are started anew now and
// then, is never told that nothing has changed when something has, however fast
// changes come, and never hears of a time to come (RFC 9110 §8.8.2.1).
func TestWhoAsksByDate(t *testing.T) {
	for seed := range uint64(4) {
		c := newCaller(t, seed, 2)
		for range 120 {
			c.step(false)
		}
		if c.spared < 8 {
			t.Errorf("seed %d: only %d of 120 answers were spared", seed, c.spared)
		}
	}
}

// Nor is he when changes are stored long after they came and pages change without
// an article; and no date ever goes back, though the one node that there is keeps
// nothing but what is stored.
func TestDatesStayOverARestart(t *testing.T) {
	lates := 0
	for seed := range uint64(4) {
		c := newCaller(t, seed, 1)
		for range 200 {
			c.step(true)
		}
		if lates += c.lates; c.spared < 8 {
			t.Errorf("seed %d: only %d of 200 answers were spared", seed, c.spared)
		}
	}
	if lates == 0 {
		t.Error("no change was late")
	}
}

// A caller asks by date of nodes that share a store, while its articles change.
type caller struct {
	t       *testing.T
	seed    uint64
	rnd     *rand.Rand
	now     time.Time
	store   *finder
	appears time.Time // as the store keeps it
	presses []*publisher.Press
	servers []*publisher.Server
	held    map[string]copied
	steps   int
	spared  int // answers that said that nothing has changed
	lates   int
}

// A copied document is what a caller has, and of when it was said to be.
type copied struct {
	date time.Time
	body string
}

func newCaller(t *testing.T, seed uint64, nodes int) *caller {
	c := &caller{t: t, seed: seed, rnd: rand.New(rand.NewPCG(seed, 1)), now: noon, store: &finder{shelf: newShelf()}, held: map[string]copied{}}
	c.store.put("a0", "wire", "Story 0", c.now)
	c.presses, c.servers = make([]*publisher.Press, nodes), make([]*publisher.Server, nodes)
	for node := range nodes {
		c.start(node)
	}
	return c
}

func (c *caller) start(node int) {
	press, server := openWith(c.t, c.store, publisher.Options{
		Sources: sources, Finder: c.store, Now: func() time.Time { return c.now },
		Late: func(_ context.Context, at time.Time) error {
			c.lates++
			c.appears = at
			return nil
		},
	})
	press.Appears(c.appears)
	mustPrint(c.t, press)
	c.presses[node], c.servers[node] = press, server
}

// step lets a moment pass, in which something may happen, and asks once.
func (c *caller) step(late bool) {
	c.steps++
	c.now = c.now.Add(time.Duration(c.rnd.IntN(700)) * time.Millisecond)
	node := c.rnd.IntN(len(c.presses))
	at := c.now
	if late && c.rnd.IntN(2) == 0 {
		at = at.Add(-time.Duration(c.rnd.IntN(20)) * time.Second)
	}
	switch c.rnd.IntN(12) {
	case 0:
		c.store.put(news.Key(fmt.Sprint("a", c.steps)), "wire", fmt.Sprint("Story ", c.steps), at)
	case 1:
		c.store.withdraw("a0", at)
		c.store.put("a0", "wire", "Story 0", at)
	case 2:
		c.start(node)
	case 3:
		c.now = c.now.Add(time.Duration(c.rnd.IntN(5)) * time.Second) // it is quiet
	}
	for _, press := range c.presses { // all have looked before a second has passed
		mustPrint(c.t, press)
	}
	c.ask(c.servers[node], len(c.presses) == 1)
}

func (c *caller) ask(server *publisher.Server, onlyGrows bool) {
	paths := []string{"/", "/channels/all", "/channels/all/feed.rss", "/sources/wire/feed.json", "/search?q=story", "/sitemap.xml"}
	path := paths[c.rnd.IntN(len(paths))]
	whole, held := get(c.t, server, path), c.held[path]
	var header []string
	if held.body != "" {
		header = []string{"If-Modified-Since: " + held.date.Format(http.TimeFormat)}
	}
	res := ask(c.t, server, "GET", path, header...)
	at, err := http.ParseTime(res.Header.Get("Last-Modified"))
	switch {
	case res.Header.Get("Last-Modified") == "": // it is too young for one
		delete(c.held, path)
		return
	case err != nil || at.After(c.now):
		c.t.Fatalf("seed %d, step %d: %s says at %s that it was last modified %q", c.seed, c.steps, path, c.now, res.Header.Get("Last-Modified"))
	case onlyGrows && at.Before(held.date):
		c.t.Fatalf("seed %d, step %d: %s was last modified %s, and is so %s", c.seed, c.steps, path, held.date, at)
	case res.StatusCode == http.StatusNotModified && held.body != whole:
		c.t.Fatalf("seed %d, step %d: %s has changed, and who has it of %s is not told", c.seed, c.steps, path, held.date)
	case res.StatusCode == http.StatusNotModified:
		c.spared++
	default:
		c.held[path] = copied{at, whole}
	}
	if now := ask(c.t, server, "GET", path, "If-Unmodified-Since: "+res.Header.Get("Last-Modified")); now.StatusCode != http.StatusOK {
		c.t.Fatalf("seed %d, step %d: %s is not what it was said to be at once before: %d", c.seed, c.steps, path, now.StatusCode)
	}
}
