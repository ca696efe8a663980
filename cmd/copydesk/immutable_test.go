package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
)

// onEachShop runs a test on SQLite and, where a server is named, on PostgreSQL in a
// schema of its own.
func onEachShop(t *testing.T, f func(t *testing.T, shop *printshop)) {
	databases := map[string]string{"sqlite": storetest.Database(t)}
	if dsn := os.Getenv("COPYDESK_TEST_POSTGRES"); dsn != "" {
		databases["postgres"] = storetest.Schema(t, dsn)
	}
	for name, dsn := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, newPrintshopOn(t, dsn, 10))
		})
	}
}

// fill brings n marked articles into the channel.
func (shop *printshop) fill(t *testing.T, n int) {
	t.Helper()
	var list []news.Article
	for i := range n {
		list = append(list, marked("wire", i, "first"))
	}
	shop.pull(t, list...)
}

// A kept document is what a cache was told to keep for ever.
type kept struct{ body, tag, modified string }

// olderLink is prev-archive, or next_url, in any format.
var olderLink = regexp.MustCompile(`rel="prev-archive" href="([^"]+)"|href="([^"]+)" rel="prev-archive"|"next_url":"([^"]+)"`)

// walk follows prev-archive, or next_url, from a feed to the beginning, and
// returns what stands in the full pages, by their path.
func (shop *printshop) walk(t *testing.T) map[string]kept {
	t.Helper()
	out := map[string]kept{}
	for _, format := range []string{"atom", "rss", "json"} {
		pages := 0
		for path := "/channels/all/feed." + format; path != ""; {
			res, body := shop.get(t, path)
			if res.StatusCode != 200 {
				t.Fatalf("%s: got %d", path, res.StatusCode)
			}
			if strings.Contains(path, "/archive/") && !strings.Contains(path, "-") { // a page that is full
				out[path] = shop.keep(t, path, res, body)
				pages++
			}
			path = strings.TrimPrefix(strings.Join(append(olderLink.FindStringSubmatch(body), "", "")[1:], ""), shopURL)
		}
		if pages != 2 {
			t.Fatalf("%d pages of the archive as %s, want 2", pages, format)
		}
	}
	return out
}

// keep is a document as a cache keeps it, which asks for another coding of it by
// the tag that this must have.
func (shop *printshop) keep(t *testing.T, path string, res *http.Response, body string) kept {
	t.Helper()
	k := kept{body, res.Header.Get("ETag"), res.Header.Get("Last-Modified")}
	brotli := strings.TrimSuffix(k.tag, `"`) + `+br"`
	coded, _ := shop.get(t, path, "Accept-Encoding", "br", "If-None-Match", brotli)
	if coded.StatusCode != 304 || coded.Header.Get("ETag") != brotli || coded.Header.Get("Last-Modified") != k.modified || k.modified == "" {
		t.Errorf("%s: got %d for %s with %v", path, coded.StatusCode, brotli, coded.Header)
	}
	if got := res.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("%s: Cache-Control is %q", path, got)
	}
	return k
}

// changedOf are the paths at which two walks found other documents.
func changedOf(t *testing.T, before, after map[string]kept) (out []string) {
	t.Helper()
	for path, now := range after {
		was := before[path]
		if now == was {
			continue
		}
		out = append(out, path)
		a, errA := http.ParseTime(was.modified)
		b, errB := http.ParseTime(now.modified)
		if now.body == was.body || now.tag == was.tag || errA != nil || errB != nil || !b.After(a) {
			t.Errorf("%s has other bytes: %t, another tag: %t, and went from %s to %s", path, now.body != was.body, now.tag != was.tag, was.modified, now.modified)
		}
	}
	return out
}

// Whatever the config says by then, and whichever node is asked after whatever
// restart, a document of the archive is what it was when it was first printed.
func TestArchivesOutliveTheConfig(t *testing.T) {
	onEachShop(t, func(t *testing.T, shop *printshop) {
		shop.fill(t, 110)
		before := shop.walk(t)
		if !strings.Contains(before["/channels/all/archive/1.atom"].body, "the-text") {
			t.Fatal("the archive has no text")
		}
		src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull}
		ch := news.Channel{Slug: "all", Title: "All", Limit: 10}
		for _, step := range []struct {
			name   string
			change func()
		}{
			{"publisher and hub", func() {
				shop.house.Title, shop.house.Language, shop.house.Authority, shop.house.Hub = "Another house", "de", "other.example,2027", ""
			}},
			{"the channel's title and text", func() { ch.Title, ch.Description, ch.Language = "Everything", "All there is", "fr" }},
			{"the source's name and rights", func() {
				src.Name, src.Rights, src.HomePage = "Wire Service", "© Wire Service", "https://wire.example/"
			}},
			{"the source leaves the config", func() { src = news.Source{Slug: "other", Name: "Other", URL: "https://other.example/feed"} }},
			{"and comes back", func() {
				src = news.Source{Slug: "wire", Name: "Wire again", URL: "https://wire.example/2", Republish: news.RepublishFull}
			}},
		} {
			step.change()
			shop.at = shop.at.Add(time.Hour)
			shop.restart(t)
			shop.sync(t, src, ch)
			shop.open(t, src, ch)
			if changed := changedOf(t, before, shop.walk(t)); len(changed) > 0 {
				t.Errorf("%s: %v have changed", step.name, changed)
			}
		}

		// Under another address stand other documents; those of the old one stay.
		shop.house.URL = "https://paper.example"
		shop.open(t, src, ch)
		if _, text := shop.get(t, "/channels/all/archive/2.atom"); strings.Contains(text, shopURL) || !strings.Contains(text, "https://paper.example/channels/all/archive/1.atom") {
			t.Errorf("below another publisher.url: %.900s", text)
		}
		shop.house.URL = shopURL
		shop.open(t, src, ch)
		if changed := changedOf(t, before, shop.walk(t)); len(changed) > 0 {
			t.Errorf("back at the old publisher.url: %v have changed", changed)
		}
	})
}

// A channel that leaves the config and comes back has the archive that it had,
// with what came meanwhile behind it.
func TestArchivesOutliveTheirChannel(t *testing.T) {
	onEachShop(t, func(t *testing.T, shop *printshop) {
		shop.fill(t, 110)
		before := shop.walk(t)
		src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull}
		ch := news.Channel{Slug: "all", Title: "All", Limit: 10}
		other := news.Channel{Slug: "other", Title: "Other", Limit: 10}

		shop.at = shop.at.Add(time.Hour)
		shop.restart(t)
		shop.sync(t, src, other)
		shop.open(t, src, other)
		for path := range before {
			if res, _ := shop.get(t, path); res.StatusCode != 404 {
				t.Errorf("%s without its channel: %d", path, res.StatusCode)
			}
		}
		shop.fill(t, 120) // ten are new

		shop.at = shop.at.Add(time.Hour)
		shop.restart(t)
		shop.sync(t, src, ch)
		everything := func(*news.Article) []news.Placement { return []news.Placement{{Channel: "all", Rule: "everything"}} }
		if _, err := shop.store.Refile(t.Context(), "all", shop.at, everything); err != nil {
			t.Fatal(err)
		}
		shop.open(t, src, ch)
		if changed := changedOf(t, before, shop.walk(t)); len(changed) > 0 {
			t.Errorf("%v have changed", changed)
		}
		told := map[string]int{}
		for _, page := range []string{"1", "2", "3-20"} {
			for id := range shop.read(t, "/channels/all/archive/"+page+".atom").titles {
				told[id]++
			}
		}
		if len(told) != 120 {
			t.Errorf("the archive tells of %d articles, want 120", len(told))
		}
		for id, n := range told {
			if n != 1 {
				t.Errorf("%s stands there %d times", id, n)
			}
		}
	})
}

// A withdrawn article leaves the pages that show it, and no other page changes.
func TestWithdrawalChangesItsPages(t *testing.T) {
	onEachShop(t, func(t *testing.T, shop *printshop) {
		shop.fill(t, 90)
		shop.pull(t, marked("wire", 7, "second")) // stands on both pages
		shop.fill(t, 110)
		before := shop.walk(t)
		withdraw := func(i int) {
			shop.at = shop.at.Add(time.Hour)
			key := news.NewKey("wire", fmt.Sprintf("https://wire.example/%d", i))
			if _, err := shop.store.Withdraw(t.Context(), key, news.Withdrawal{At: shop.at, Reason: "It was not so."}); err != nil {
				t.Fatal(err)
			}
			if err := shop.press.Print(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for _, tt := range []struct {
			article int
			pages   []string
		}{{20, []string{"1"}}, {7, []string{"1", "2"}}} {
			withdraw(tt.article)
			now := shop.walk(t)
			if changed := changedOf(t, before, now); len(changed) != 3*len(tt.pages) {
				t.Errorf("%v have changed, want those of %v", changed, tt.pages)
			}
			id := fmt.Sprintf("https://wire.example/%d", tt.article)
			for _, page := range tt.pages {
				for _, format := range []string{"atom", "json", "rss"} {
					path := "/channels/all/archive/" + page + "." + format
					doc := shop.read(t, path)
					if told := strings.Contains(strings.Join(doc.gone, " ")+" ", id+" "); doc.titles[id] != "" || told != (format != "rss") {
						t.Errorf("%s: it stands there: %t, with a tombstone: %t", path, doc.titles[id] != "", told)
					}
					if before[path].body == now[path].body {
						t.Errorf("%s has not changed", path)
					}
				}
			}
			before = now
		}
	})
}

// What a source lets no longer leave the house leaves the archive. What it lets
// again does not come back.
func TestTighterRightsReachTheArchive(t *testing.T) {
	onEachShop(t, func(t *testing.T, shop *printshop) {
		shop.fill(t, 110)
		before := shop.walk(t)
		src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishExcerpt}
		ch := news.Channel{Slug: "all", Title: "All", Limit: 10}
		shop.at = shop.at.Add(time.Hour)
		shop.open(t, src, ch) // as an export does, before a daemon has read the config
		excerpts := shop.walk(t)
		if changed := changedOf(t, before, excerpts); len(changed) != 6 {
			t.Errorf("only %v have changed", changed)
		}
		for path, k := range excerpts {
			if strings.Contains(k.body, "the-text") || !strings.Contains(k.body, "the-summary") {
				t.Errorf("%s tells the text, or no summary", path)
			}
		}
		src.Republish = news.RepublishFull
		shop.sync(t, src, ch)
		shop.open(t, src, ch)
		if changed := changedOf(t, excerpts, shop.walk(t)); len(changed) > 0 {
			t.Errorf("looser rights changed %v", changed)
		}
	})
}

// Nor does it stay because the source left the config before anybody asked.
func TestTighterRightsOfAFormerSource(t *testing.T) {
	onEachShop(t, func(t *testing.T, shop *printshop) {
		shop.fill(t, 110)
		before := shop.walk(t)
		src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishHeadline}
		ch := news.Channel{Slug: "all", Title: "All", Limit: 10}
		shop.at = shop.at.Add(time.Hour)
		shop.sync(t, src, ch)
		src = news.Source{Slug: "other", Name: "Other", URL: "https://other.example/feed"}
		shop.sync(t, src, ch)
		shop.open(t, src, ch)
		now := shop.walk(t)
		if changed := changedOf(t, before, now); len(changed) != 6 {
			t.Errorf("only %v have changed", changed)
		}
		for path, k := range now {
			if strings.Contains(k.body, "the-text") || strings.Contains(k.body, "the-summary") || !strings.Contains(k.body, "The Wire") {
				t.Errorf("%s tells the text or summary of a source that has left, or not its name", path)
			}
		}
	})
}

// A text that is withdrawn while a document with it is printed does not come into
// the archive.
func TestWithdrawnWhilePrinted(t *testing.T) {
	onEachShop(t, func(t *testing.T, shop *printshop) {
		shop.fill(t, 110)
		key := news.NewKey("wire", "https://wire.example/20")
		shop.archive = &interrupted{Store: shop.store, then: func() {
			if _, err := shop.store.Withdraw(t.Context(), key, news.Withdrawal{At: shop.at, Reason: "It was not so."}); err != nil {
				t.Error(err)
			}
		}}
		shop.open(t, news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull}, news.Channel{Slug: "all", Title: "All", Limit: 10})
		doc := shop.read(t, "/channels/all/archive/1.atom")
		if len(doc.titles) != 49 || len(doc.gone) != 1 {
			t.Errorf("%d entries and %d tombstones", len(doc.titles), len(doc.gone))
		}
	})
}

// An interrupted store does something once after an archive was read.
type interrupted struct {
	*store.Store
	then func()
}

func (s *interrupted) Archived(ctx context.Context, ch news.Slug, after, upTo int) ([]news.Article, error) {
	list, err := s.Store.Archived(ctx, ch, after, upTo)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return list, err
}

// Two nodes that print a document at the same time, by different configs, serve
// the same bytes.
func TestNodesAgreeOnTheArchive(t *testing.T) {
	onEachShop(t, func(t *testing.T, shop *printshop) {
		shop.fill(t, 110)
		src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull}
		ch := news.Channel{Slug: "all", Title: "All", Limit: 10}
		second := *shop
		second.house.Title = "The other node"
		second.open(t, src, ch)
		var theirs map[string]kept
		shop.archive = &interrupted{Store: shop.store, then: func() {
			if err := second.press.Print(t.Context()); err != nil {
				t.Error(err)
			}
			theirs = second.walk(t) // printed first, and stored
		}}
		shop.open(t, src, ch)
		if err := shop.press.Print(t.Context()); err != nil {
			t.Fatal(err)
		}
		ours := shop.walk(t)
		if !maps.Equal(ours, theirs) || !strings.Contains(ours["/channels/all/archive/1.atom"].body, "The other node") {
			t.Errorf("the nodes differ at %v", changedOf(t, theirs, ours))
		}
	})
}
