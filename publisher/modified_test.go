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
	for seed := range uint64(4) {
		c := newCaller(t, seed, 1)
		for range 200 {
			c.step(true)
		}
		if c.spared < 8 || c.lates == 0 {
			t.Errorf("seed %d: of 200 answers %d were spared, and %d changes were late", seed, c.spared, c.lates)
		}
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
