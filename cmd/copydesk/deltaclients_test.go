package main

import (
	"database/sql"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
	"copydesk/publisher"
	"copydesk/publisher/edition"
	"copydesk/publisher/feed"
	"copydesk/publisher/page"
)

// A deltaShop is a printshop with two sources and two channels to which anything
// may happen.
type deltaShop struct {
	printshop
	dsn      string
	db       *sql.DB // for what no method does yet
	random   *rand.Rand
	sources  []news.Source
	channels []news.Channel
	came     int // articles
	every    int // as much as the channels' rule takes: all, or every other
}

func newDeltaShop(t *testing.T, driver, dsn string) *deltaShop {
	t.Helper()
	shop := &deltaShop{dsn: dsn, random: rand.New(rand.NewPCG(3, 4))}
	shop.at = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for _, slug := range []news.Slug{"wire", "post"} {
		shop.sources = append(shop.sources, news.Source{Slug: slug, Name: "The " + string(slug), URL: "https://" + string(slug) + ".example/feed", Republish: news.RepublishFull})
	}
	shop.channels = []news.Channel{{Slug: "all", Title: "All", Limit: 8, PerSource: 5}, {Slug: "top", Title: "Top", Limit: 6, Order: news.Top}}
	shop.openStore(t)
	var err error
	if shop.db, err = sql.Open(driver, dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shop.db.Close() })
	var list []store.SourceConfig
	for _, src := range shop.sources {
		list = append(list, store.SourceConfig{Source: src, FirstDue: shop.at})
	}
	if err := shop.store.SyncSources(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	shop.configure(t)
	return shop
}

func (shop *deltaShop) openStore(t *testing.T) {
	t.Helper()
	s, err := store.Open(t.Context(), shop.dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	shop.store = s
}

// configure begins anew with what the config says now.
func (shop *deltaShop) configure(t *testing.T) {
	t.Helper()
	if err := shop.store.SyncChannels(t.Context(), shop.at, shop.channels); err != nil {
		t.Fatal(err)
	}
	house := edition.House{Title: "House", URL: shopURL, Authority: "news.example.org,2026", Language: "en", Hub: shopURL + "/hub"}
	pages, err := page.New(house, page.Options{Author: store.AuthorSlug, Section: store.SectionSlug, Search: true, Found: store.Found})
	if err != nil {
		t.Fatal(err)
	}
	shop.press = publisher.NewPress(shop.store, pages, publisher.Options{
		House: house, Channels: slices.Clone(shop.channels), Sources: slices.Clone(shop.sources), Archive: shop.store, Finder: shop.store, Ledger: shop.store,
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return shop.at.Add(time.Minute) },
	})
	if shop.server, err = publisher.NewServer(shop.press, pages, shop.store, prometheus.NewRegistry()); err != nil {
		t.Fatal(err)
	}
}

func (shop *deltaShop) place(a *news.Article) []news.Placement {
	if shop.every > 0 && int(a.Key[0])%2 == shop.every-1 {
		return nil
	}
	return []news.Placement{{Channel: "all", Rule: "some"}, {Channel: "top", Rule: "some"}}
}

func (shop *deltaShop) bring(t *testing.T, i int, title string, published time.Time) {
	t.Helper()
	src := shop.sources[i%2].Slug
	id := fmt.Sprintf("https://%s.example/%d", src, i)
	a := wireArticle(i, title, published)
	a.Key, a.ID, a.Source, a.OriginalID, a.URL = news.NewKey(src, id), id, src, id, id
	a.Byline.People = []news.Person{{Name: "Ann Lee", Role: news.Author}}
	_, err := shop.store.SavePull(t.Context(), news.Pull{
		Source: src, At: shop.at, Outcome: news.OutcomeChanged, NextDue: shop.at, Feed: &news.Feed{Title: fmt.Sprint("Feed ", i/30)}, Articles: []news.Article{a}, Place: shop.place,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// happen lets one thing happen.
func (shop *deltaShop) happen(t *testing.T) {
	t.Helper()
	shop.at = shop.at.Add(time.Hour)
	n := shop.random.IntN
	var err error
	switch some := n(shop.came + 1); n(12) {
	case 0, 1, 2, 3:
		shop.bring(t, shop.came, fmt.Sprint("News ", shop.came), shop.at.Add(-time.Duration(n(20))*time.Hour))
		shop.came++
	case 4:
		shop.bring(t, min(some, max(shop.came-1, 0)), fmt.Sprint("Corrected at ", shop.at.Unix()), shop.at)
		shop.came = max(shop.came, 1)
	case 5:
		src := shop.sources[some%2].Slug
		_, err = shop.store.Withdraw(t.Context(), news.NewKey(src, fmt.Sprintf("https://%s.example/%d", src, some)), news.Withdrawal{At: shop.at, Reason: "It was not so."})
		if err != nil && strings.Contains(err.Error(), "no article") {
			err = nil
		}
	case 6: // another rule
		shop.every = n(3)
		for _, ch := range shop.channels {
			if err == nil {
				_, err = shop.store.Refile(t.Context(), ch.Slug, shop.at, shop.place)
			}
		}
	case 7, 8: // another order
		_, err = shop.store.Rank(t.Context(), "top", shop.at, func(list []news.Placement) []news.Key {
			weight := map[news.Slug]float64{"wire": shop.random.Float64(), "post": shop.random.Float64()}
			return edition.Rank(list, func(s news.Slug) float64 { return weight[s] }, shop.at)
		})
	case 9: // an operator's edit
		_, err = shop.db.ExecContext(t.Context(), `UPDATE placement SET pinned = CASE WHEN article < $1 THEN 1 ELSE 0 END`, fmt.Sprintf("%x", n(3)))
	case 10: // another config
		shop.channels[0].Limit, shop.channels[0].PerSource, shop.channels[1].Limit = 3+n(10), n(6), 3+n(10)
		shop.channels[n(2)].Title = fmt.Sprint("Since ", shop.at.Unix())
		if n(4) == 0 {
			shop.sources[n(2)].Name = fmt.Sprint("The source as of ", shop.at.Unix())
		}
		shop.configure(t)
	default: // a restart
		shop.openStore(t)
		shop.configure(t)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// entriesOf are a document's entries by their ids, to the byte, and the ids of
// those that are told to be gone.
func entriesOf(t *testing.T, format, text string) (entries map[string]string, gone []string) {
	t.Helper()
	if err := feed.Check(format, []byte(text)); err != nil {
		t.Fatalf("%s: %v\n%s", format, err, text)
	}
	entries = map[string]string{}
	if format == "json" {
		var f struct {
			Items []json.RawMessage
			Ours  struct{ Deleted []struct{ Ref string } } `json:"_copydesk"`
		}
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			t.Fatal(err)
		}
		for _, raw := range f.Items {
			var it struct{ ID string }
			if err := json.Unmarshal(raw, &it); err != nil {
				t.Fatal(err)
			}
			entries[it.ID] = string(raw)
		}
		for _, d := range f.Ours.Deleted {
			gone = append(gone, d.Ref)
		}
		return entries, gone
	}
	type entry struct {
		ID   string `xml:"id"`
		GUID string `xml:"guid"`
		Text string `xml:",innerxml"`
	}
	var f struct {
		Entries []entry `xml:"entry"`
		Gone    []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"deleted-entry"`
		Items []entry `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	for _, en := range append(f.Entries, f.Items...) {
		entries[en.ID+en.GUID] = en.Text
	}
	for _, d := range f.Gone {
		gone = append(gone, d.Ref)
	}
	return entries, gone
}

// A deltaClient holds what it was told.
type deltaClient struct {
	path, format, tag string
	rare              bool // comes at the beginning and at the end
	holds             map[string]string
}

// poll asks for what is new and says how that was answered. It holds the feed as
// it is now after that, to the byte.
func (c *deltaClient) poll(t *testing.T, shop *deltaShop) int {
	t.Helper()
	res, text := shop.get(t, c.path, "A-IM", "feed", "If-None-Match", c.tag)
	if res.StatusCode != http.StatusNotModified {
		entries, gone := entriesOf(t, c.format, text)
		for _, id := range gone {
			delete(c.holds, id)
		}
		for id, entry := range entries {
			c.holds[id] = entry
		}
	}
	c.tag = res.Header.Get("ETag")
	_, text = shop.get(t, c.path)
	entries, gone := entriesOf(t, c.format, text)
	for id, entry := range entries {
		if c.holds[id] != entry {
			t.Fatalf("%s, after a %d: %s is %q to the client, want %q", c.path, res.StatusCode, id, c.holds[id], entry)
		}
	}
	for _, id := range gone {
		if _, ok := c.holds[id]; ok {
			t.Fatalf("%s, after a %d: %s is gone, but not to the client", c.path, res.StatusCode, id)
		}
	}
	return res.StatusCode
}

// A client that lives on deltas has everything that the feed shows, to the byte,
// and nothing that was taken back, whatever happened between two polls; and it is
// never sent all again, over a hundred editions and restarts.
func TestClientsOfDeltas(t *testing.T) {
	t.Parallel()
	databases := map[string]string{"sqlite": storetest.Database(t)}
	if server := os.Getenv("COPYDESK_TEST_POSTGRES"); server != "" {
		databases["pgx"] = storetest.Schema(t, server)
	}
	for driver, dsn := range databases {
		t.Run(driver, func(t *testing.T) {
			shop := newDeltaShop(t, driver, dsn)
			var clients []*deltaClient
			for i := range 3 {
				for _, format := range []string{"rss", "atom", "json"} {
					for _, shelf := range []string{"/channels/all", "/channels/top", "/sources/wire", "/authors/ann-lee"} {
						clients = append(clients, &deltaClient{path: shelf + "/feed." + format, format: format, rare: i == 0, holds: map[string]string{}})
					}
				}
			}
			for range 4 {
				shop.bring(t, shop.came, fmt.Sprint("News ", shop.came), shop.at)
				shop.came++
			}
			const steps = 155
			answers, editions := map[int]int{}, map[string]bool{}
			for step := range steps {
				if err := shop.press.Print(t.Context()); err != nil {
					t.Fatal(err)
				}
				for _, c := range clients {
					first, last := c.tag == "", step == steps-1
					if first || last || !c.rare && shop.random.IntN(4) == 0 {
						answer := c.poll(t, shop)
						answers[answer]++
						if !first && answer == 200 || last && c.rare && answer != 226 {
							t.Fatalf("%s, step %d: all is sent anew, or nothing: %d", c.path, step, answer)
						}
					}
				}
				res, _ := shop.get(t, "/channels/top/feed.atom")
				editions[res.Header.Get("ETag")] = true
				shop.happen(t)
			}
			t.Logf("answers: %v; editions of one channel: %d", answers, len(editions))
			if answers[226] < 100 || len(editions) <= 100 {
				t.Errorf("only %d of the answers were deltas, over %d editions; want a hundred each", answers[226], len(editions))
			}
		})
	}
}
