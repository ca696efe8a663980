package publisher_test

import (
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
		rnd := rand.New(rand.NewPCG(seed, 1))
		now := noon
		f := &finder{shelf: newShelf()}
		start := func() (*publisher.Press, *publisher.Server) {
			press, server := openWith(t, f, publisher.Options{Sources: sources, Finder: f, Now: func() time.Time { return now }})
			mustPrint(t, press)
			return press, server
		}
		f.put("a0", "wire", "Story 0", now)
		paths := []string{"/", "/channels/all", "/channels/all/feed.rss", "/sources/wire/feed.json", "/search?q=story", "/sitemap.xml"}
		type copied struct{ date, body string }
		held := map[string]copied{}
		presses, servers := [2]*publisher.Press{}, [2]*publisher.Server{}
		for i := range presses {
			presses[i], servers[i] = start()
		}
		spared := 0
		for step := range 120 {
			now = now.Add(time.Duration(rnd.IntN(700)) * time.Millisecond)
			node := rnd.IntN(2)
			switch rnd.IntN(12) {
			case 0:
				f.put(news.Key(fmt.Sprint("a", step)), "wire", fmt.Sprint("Story ", step), now)
			case 1:
				f.withdraw("a0", now)
				f.put("a0", "wire", "Story 0", now)
			case 2:
				presses[node], servers[node] = start()
			case 3:
				now = now.Add(time.Duration(rnd.IntN(5)) * time.Second) // it is quiet
			}
			for _, press := range presses { // both have looked before a second has passed
				mustPrint(t, press)
			}
			path := paths[rnd.IntN(len(paths))]
			whole := get(t, servers[node], path)
			var header []string
			if held[path].date != "" {
				header = []string{"If-Modified-Since: " + held[path].date}
			}
			res := ask(t, servers[node], "GET", path, header...)
			at, err := http.ParseTime(res.Header.Get("Last-Modified"))
			switch {
			case err != nil || at.After(now):
				t.Fatalf("seed %d, step %d: %s says at %s that it was last modified %q", seed, step, path, now, res.Header.Get("Last-Modified"))
			case res.StatusCode == http.StatusNotModified && held[path].body != whole:
				t.Fatalf("seed %d, step %d: %s has changed, and who has it of %s is not told", seed, step, path, held[path].date)
			case res.StatusCode == http.StatusNotModified:
				spared++
			default:
				held[path] = copied{res.Header.Get("Last-Modified"), whole}
			}
		}
		if spared < 8 {
			t.Errorf("seed %d: only %d of 120 answers were spared", seed, spared)
		}
	}
}
