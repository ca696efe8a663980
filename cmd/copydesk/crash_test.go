package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

const (
	crashes      = 50
	crashOutlets = 40
)

// TestCrash kills the program with -9 in the middle of its work, again and
// again, while its sources change. Then nothing may be lost, nothing may stand
// twice, and nothing that readers have seen may have another id or date.
func TestCrash(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(1, 2))
	city := newCity(rand.New(rand.NewPCG(3, 4))) // which its requests throw
	server := httptest.NewServer(city)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	writeCrashConfig(t, dir, server.URL)
	reader := subscriber{seen: map[string]seenItem{}}

	for life := range crashes {
		p := startProgram(t, dir)
		if life == 0 { // the source with the long schedule gets its one pull
			city.await(t, "asked once", func() bool { return city.asked["rare"] > 0 })
			p.awaitItem(t, "/sources/rare/feed.json")
		}
		city.killAt(dice.IntN(crashOutlets), dice.IntN(3), p.kill)
		reader.read(t, p)
		if p.wait(t); !p.endedBy(syscall.SIGKILL) {
			t.Fatalf("it was not killed, but ended with %v\n%s", p.err, p.log)
		}
	}

	city.freeze()
	p := startProgram(t, dir)
	city.await(t, "every outlet asked twice more", city.allAskedTwice)
	reader.read(t, p)
	p.terminate(t)
	server.Close()
	if n := city.asked["rare"]; n != 1 {
		t.Errorf("a source that is due once a day was asked %d times, want 1: its due time was lost", n)
	}
	checkStored(t, filepath.Join(dir, "copydesk.db"), city)
}

func writeCrashConfig(t *testing.T, dir, outlets string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("fetch: {workers: 16, per_host_gap: 0s, allow_private: true}\nsources:\n")
	fmt.Fprintf(&b, "  - {slug: rare, name: Rare, url: '%s/rare', schedule: '@every 24h'}\n", outlets)
	for i := range crashOutlets {
		fmt.Fprintf(&b, "  - {slug: s%d, name: Outlet %d, url: '%s/s%d', schedule: '@every 1s'}\n", i, i, outlets, i)
	}
	b.WriteString("channels:\n  - {slug: all, title: All, limit: 500}\n  - {slug: even, title: Even, where: 'title contains \"even\"'}\n  - {slug: top, title: Top, order: top}\n")
	writeConfig(t, dir, anyPort, b.String())
}

// A city has outlets that publish, and correct what they published, whenever
// they are asked. At an appointed request it kills who asks.
type city struct {
	mu      sync.Mutex // guards all below
	dice    *rand.Rand
	items   map[string][]cityItem
	asked   map[string]int
	frozen  map[string]int // how often each had been asked when news stopped; nil before
	fuse    int            // requests until the kill; 0 is none
	moment  int            // of the fatal request: 0 before the answer, 1 in the middle, 2 after it
	kill    func()
	changed *sync.Cond
}

type cityItem struct {
	title string
	dated bool
}

func newCity(dice *rand.Rand) *city {
	c := &city{dice: dice, items: map[string][]cityItem{}, asked: map[string]int{}}
	c.changed = sync.NewCond(&c.mu)
	return c
}

func (c *city) killAt(requests, moment int, kill func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fuse, c.moment, c.kill = requests+1, moment, kill
}

func (c *city) freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen = map[string]int{}
	for name, n := range c.asked {
		c.frozen[name] = n
	}
}

// allAskedTwice: when an outlet is asked a second time, what it answered the
// first time has been saved.
func (c *city) allAskedTwice() bool {
	for i := range crashOutlets {
		if name := fmt.Sprintf("s%d", i); c.asked[name] < c.frozen[name]+2 {
			return false
		}
	}
	return true
}

// await waits until ok, which is asked after each request.
func (c *city) await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	end := time.Now().Add(longest)
	defer time.AfterFunc(longest, c.changed.Broadcast).Stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for !ok() {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for: %s", what)
		}
		c.changed.Wait()
	}
}

func (c *city) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, moment, kill := c.answer(strings.TrimPrefix(r.URL.Path, "/"))
	if kill != nil && moment == 0 {
		kill()
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	half := len(body) / 2
	_, _ = io.WriteString(w, body[:half])
	if kill != nil && moment == 1 {
		_ = http.NewResponseController(w).Flush()
		kill()
		return
	}
	_, _ = io.WriteString(w, body[half:])
	_ = http.NewResponseController(w).Flush()
	if kill != nil {
		kill()
	}
}

// answer is what an outlet says now, and how to kill when this is the fatal
// request.
func (c *city) answer(name string) (body string, moment int, kill func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked[name]++
	c.changed.Broadcast()
	if c.frozen == nil {
		c.publish(name)
	}
	if c.fuse > 0 {
		if c.fuse--; c.fuse == 0 {
			kill = c.kill
		}
	}
	return c.feed(name), c.moment, kill
}

func (c *city) publish(name string) {
	n := len(c.items[name])
	if n > 0 && c.dice.IntN(3) == 0 {
		c.items[name][c.dice.IntN(n)].title += " (corrected)"
		return
	}
	parity := "odd"
	if n%2 == 0 {
		parity = "even"
	}
	c.items[name] = append(c.items[name], cityItem{title: fmt.Sprintf("%s report %d of %s", parity, n, name), dated: c.dice.IntN(3) > 0})
}

func (c *city) feed(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>%s</title><link>https://%s.example/</link><description>x</description>\n", name, name)
	for i, it := range c.items[name] {
		fmt.Fprintf(&b, "<item><title>%s</title><link>https://%s.example/%d</link><guid isPermaLink=\"false\">%d</guid>", it.title, name, i, i)
		if it.dated {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC).Format(time.RFC1123Z))
		}
		b.WriteString("<description>A text.</description></item>\n")
	}
	b.WriteString("</channel></rss>")
	return b.String()
}

type seenItem struct{ url, published string }

// A subscriber remembers what it was shown.
type subscriber struct{ seen map[string]seenItem }

// read looks at a channel; one that died under its hands tells nothing.
func (s *subscriber) read(t *testing.T, p *program) {
	t.Helper()
	items, _ := p.items("/channels/all/feed.json")
	urls := map[string]bool{}
	for _, it := range items {
		if urls[it.URL] {
			t.Errorf("%s stands twice in the channel", it.URL)
		}
		urls[it.URL] = true
		now := seenItem{it.URL, it.Published}
		if old, ok := s.seen[it.ID]; ok && old != now {
			t.Errorf("item %s was %v and is now %v", it.ID, old, now)
		}
		s.seen[it.ID] = now
	}
}

// checkStored compares the database with what the outlets last said.
func checkStored(t *testing.T, file string, c *city) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Check(ctx); err != nil {
		t.Error(err)
	}
	total := 0
	for name, items := range c.items {
		stored, err := db.Placements(ctx, news.Shelf{Kind: news.SourceShelf, Slug: news.Slug(name)}, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		if len(stored) != len(items) {
			t.Errorf("%s has %d articles, want %d", name, len(stored), len(items))
		}
		total += len(items)
		for i, it := range items {
			a, err := db.Article(ctx, news.NewKey(news.Slug(name), fmt.Sprint(i)))
			if err != nil || a.Title != it.title {
				t.Errorf("article %d of %s: got %q (%v), want %q", i, name, a.Title, err, it.title)
			}
		}
	}
	t.Logf("%d articles after %d crashes", total, crashes)
}
