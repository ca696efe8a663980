package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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

// A printshop is a store with a publisher on it, and a hand that pulls.
type printshop struct {
	dsn     string
	house   edition.House
	store   *store.Store
	archive publisher.Archive // nil: the store
	press   *publisher.Press
	server  *publisher.Server
	at      time.Time
}

const shopURL = "https://news.example.org"

func newPrintshop(t testing.TB, limit int) *printshop {
	t.Helper()
	return newPrintshopOn(t, storetest.Database(t), limit)
}

func newPrintshopOn(t testing.TB, dsn string, limit int) *printshop {
	t.Helper()
	shop := &printshop{
		dsn: dsn, at: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC),
		house: edition.House{Title: "House", URL: shopURL, Authority: "news.example.org,2026", Language: "en", Hub: shopURL + "/hub"},
	}
	shop.restart(t)
	t.Cleanup(func() { shop.store.Close() })
	src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull}
	ch := news.Channel{Slug: "all", Title: "All", Limit: limit}
	shop.sync(t, src, ch)
	shop.open(t, src, ch)
	return shop
}

// restart opens the database anew.
func (shop *printshop) restart(t testing.TB) {
	t.Helper()
	if shop.store != nil {
		shop.store.Close()
	}
	s, err := store.Open(t.Context(), shop.dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	shop.store = s
}

// sync tells the store what the config says.
func (shop *printshop) sync(t testing.TB, src news.Source, ch news.Channel) {
	t.Helper()
	if err := shop.store.SyncSources(t.Context(), []store.SourceConfig{{Source: src, FirstDue: shop.at}}); err != nil {
		t.Fatal(err)
	}
	if err := shop.store.SyncChannels(t.Context(), shop.at, []news.Channel{ch}); err != nil {
		t.Fatal(err)
	}
}

func (shop *printshop) open(t testing.TB, src news.Source, ch news.Channel) {
	t.Helper()
	pages, err := page.New(shop.house, page.Options{Author: store.AuthorSlug, Section: store.SectionSlug, Search: true, Found: store.Found})
	if err != nil {
		t.Fatal(err)
	}
	archive := shop.archive
	if archive == nil {
		archive = shop.store
	}
	now := func() time.Time { return shop.at.Add(time.Minute) }
	shop.press = publisher.NewPress(shop.store, pages, publisher.Options{
		House: shop.house, Channels: []news.Channel{ch}, Sources: []news.Source{src}, Archive: archive, History: shop.store, Finder: shop.store, Catalogue: shop.store, Log: slog.New(slog.DiscardHandler),
		Now: now, Readers: publisher.NewReaders(now),
	})
	if shop.server, err = publisher.NewServer(shop.press, pages, shop.store, prometheus.NewRegistry()); err != nil {
		t.Fatal(err)
	}
}

// pull saves articles as a pull would, an hour after the last, and prints.
func (shop *printshop) pull(t testing.TB, list ...news.Article) {
	t.Helper()
	shop.at = shop.at.Add(time.Hour)
	_, err := shop.store.SavePull(t.Context(), news.Pull{
		Source: "wire", At: shop.at, Outcome: news.OutcomeChanged, NextDue: shop.at, Feed: &news.Feed{Title: "Wire"}, Articles: list,
		Place: func(*news.Article) []news.Placement { return []news.Placement{{Channel: "all", Rule: "everything"}} },
	})
	if err == nil {
		err = shop.press.Print(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func wireArticle(i int, title string, published time.Time) news.Article {
	id := fmt.Sprintf("https://wire.example/%d", i)
	return news.Article{
		Key: news.NewKey("wire", id), ID: id, Source: "wire", OriginalID: id, URL: id, Title: title, ContentHTML: "<p>" + title + "</p>",
		Published: news.Moment{At: published, Basis: news.Explicit, Raw: "then"},
	}
}

func (shop *printshop) get(t testing.TB, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	shop.server.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(b)
}

// An archiveDoc is what a partner reads of a document.
type archiveDoc struct {
	older  string
	titles map[string]string // by id
	gone   []string
}

func (shop *printshop) read(t *testing.T, path string) archiveDoc {
	t.Helper()
	res, text := shop.get(t, path)
	if res.StatusCode != 200 {
		t.Fatalf("%s: got %d", path, res.StatusCode)
	}
	format, _, _ := strings.Cut(path[strings.LastIndex(path, ".")+1:], "?")
	if err := feed.Check(format, []byte(text)); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	doc := archiveDoc{titles: map[string]string{}}
	switch format {
	case "json":
		doc.json(t, text)
	default:
		doc.xml(t, text)
	}
	doc.older = strings.TrimPrefix(doc.older, shopURL)
	return doc
}

func (doc *archiveDoc) json(t *testing.T, text string) {
	var f struct {
		Next  string `json:"next_url"`
		Items []struct{ ID, Title string }
		Ours  struct{ Deleted []struct{ Ref string } } `json:"_copydesk"`
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	doc.older = f.Next
	for _, it := range f.Items {
		doc.titles[it.ID] = it.Title
	}
	for _, d := range f.Ours.Deleted {
		doc.gone = append(doc.gone, d.Ref)
	}
}

func (doc *archiveDoc) xml(t *testing.T, text string) {
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var f struct {
		Links   []link `xml:"link"`
		Entries []struct {
			ID    string `xml:"id"`
			Title string `xml:"title"`
		} `xml:"entry"`
		Gone []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"deleted-entry"`
		Channel struct {
			Links []link `xml:"http://www.w3.org/2005/Atom link"`
			Items []struct {
				ID    string `xml:"guid"`
				Title string `xml:"title"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	for _, l := range append(f.Links, f.Channel.Links...) {
		if l.Rel == "prev-archive" {
			doc.older = l.Href
		}
	}
	for _, en := range f.Entries {
		doc.titles[en.ID] = en.Title
	}
	for _, it := range f.Channel.Items {
		doc.titles[it.ID] = it.Title
	}
	for _, g := range f.Gone {
		doc.gone = append(doc.gone, g.Ref)
	}
}

// follow reads the feed and its archives back to the beginning, or to a
// document in seen; what is newer wins.
func (shop *printshop) follow(t *testing.T, format string, seen map[string]string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for path := "/channels/all/feed." + format; path != ""; {
		if _, known := seen[path]; known {
			break
		}
		doc := shop.read(t, path)
		for id, title := range doc.titles {
			if _, newer := all[id]; !newer {
				all[id] = title
			}
		}
		if strings.Contains(path, "/archive/") {
			seen[path] = path
		}
		path = doc.older
	}
	return all
}

// A partner that was away reads back until it meets a document that it knows,
// and has missed nothing: neither what came late with an old date, nor what
// was corrected after it had left the feed.
func TestNothingIsMissed(t *testing.T) {
	for _, format := range []string{"atom", "rss", "json"} {
		t.Run(format, func(t *testing.T) {
			shop := newPrintshop(t, 10)
			seen := map[string]string{}
			partner, want := map[string]string{}, map[string]string{}
			var list []news.Article
			for i := range 140 {
				published := shop.at.Add(time.Duration(i) * time.Second)
				if i%7 == 3 { // it came late
					published = published.Add(-40 * 24 * time.Hour)
				}
				a := wireArticle(i, fmt.Sprint("News ", i), published)
				list = append(list, a)
				want[a.ID] = a.Title
				if i%11 == 10 { // it is corrected long after
					old := wireArticle(i/2, fmt.Sprintf("News %d, corrected", i/2), published)
					list, want[old.ID] = append(list, old), old.Title
				}
				if i%5 == 4 {
					shop.pull(t, list...)
					list = nil
				}
				if i%35 == 34 {
					for id, title := range shop.follow(t, format, seen) {
						partner[id] = title
					}
					for id, title := range want {
						if partner[id] != title {
							t.Errorf("after %d articles: %s is %q to the partner, want %q", i+1, id, partner[id], title)
						}
					}
				}
			}
		})
	}
}

// A document of the archive is kept for ever: no new article, correction or
// restart changes a byte of it. Only a withdrawal does. Part of a page that is
// being filled has the same entries for ever, and is asked for again.
func TestArchivesAreImmutable(t *testing.T) {
	shop := newPrintshop(t, 50)
	var list []news.Article
	for i := range 60 {
		list = append(list, wireArticle(i, fmt.Sprint("News ", i), shop.at.Add(time.Duration(i)*time.Second)))
	}
	shop.pull(t, list...)
	paths := []string{"/channels/all/archive/1.atom", "/channels/all/archive/1.rss", "/channels/all/archive/1.json", "/channels/all/archive/2-9.atom"}
	before := map[string]string{}
	for _, path := range paths {
		res, text := shop.get(t, path)
		want := "public, max-age=31536000, immutable"
		if strings.Contains(path, "/2-9") {
			want = "public, max-age=300, stale-while-revalidate=3000"
		}
		if got := res.Header.Get("Cache-Control"); res.StatusCode != 200 || got != want {
			t.Errorf("%s: got %d with %q, want %q", path, res.StatusCode, got, want)
		}
		if got := res.Header.Get("Link"); got != "<"+shopURL+path+`>; rel="self"` {
			t.Errorf("%s: Link is %q", path, got)
		}
		before[path] = text + res.Header.Get("ETag")
		if again, _ := shop.get(t, path, "If-None-Match", res.Header.Get("ETag")); again.StatusCode != 304 {
			t.Errorf("%s with its tag: got %d, want 304", path, again.StatusCode)
		}
	}
	for i := range 60 {
		shop.pull(t, wireArticle(100+i, "Newer", shop.at), wireArticle(i, fmt.Sprintf("News %d, corrected", i), shop.at))
	}
	shop.open(t, news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: news.RepublishFull}, news.Channel{Slug: "all", Title: "All", Limit: 50})
	if err := shop.press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if res, text := shop.get(t, path); text+res.Header.Get("ETag") != before[path] {
			t.Errorf("%s has changed", path)
		}
	}
	gone := list[7]
	if _, err := shop.store.Withdraw(t.Context(), gone.Key, news.Withdrawal{At: shop.at, Reason: "It was not so."}); err != nil {
		t.Fatal(err)
	}
	if err := shop.press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths[:3] {
		doc := shop.read(t, path)
		if _, there := doc.titles[gone.ID]; there || len(doc.titles) != 49 {
			t.Errorf("%s: %d entries after a withdrawal, the withdrawn among them: %v", path, len(doc.titles), there)
		}
		if told := len(doc.gone) == 1 && doc.gone[0] == gone.ID; told == strings.HasSuffix(path, ".rss") {
			t.Errorf("%s: tombstones %q", path, doc.gone)
		}
	}
	if res, text := shop.get(t, "/channels/all/archive/1.html"); res.StatusCode != 200 || res.Header.Get("Cache-Control") != "public, max-age=60, stale-while-revalidate=600" || strings.Count(text, "<article") != 49 || len(text) > 50<<10 {
		t.Errorf("a page of the archive as a page: got %d with %d articles in %d bytes", res.StatusCode, strings.Count(text, "<article"), len(text))
	}
	for _, path := range []string{"/channels/all/archive/0.atom", "/channels/all/archive/01.atom", "/channels/all/archive/4.atom", "/channels/all/archive/4-40.atom", "/channels/all/archive/1-50.atom", "/channels/all/archive/1", "/channels/all/archive/1.txt", "/channels/none/archive/1.atom", "/channels/all/archive/-1.atom"} {
		if res, _ := shop.get(t, path); res.StatusCode != 404 {
			t.Errorf("%s: got %d, want 404", path, res.StatusCode)
		}
	}
}

// A withdrawal reaches everything that shows the article, never moves a date
// back, and floods nobody: what stands keeps its id and its times.
func TestWithdrawalFloodsNobody(t *testing.T) {
	shop := newPrintshop(t, 50)
	for i := range 5 {
		shop.pull(t, wireArticle(i, fmt.Sprint("News ", i), shop.at))
	}
	page := "/articles/" + string(news.NewKey("wire", "https://wire.example/2"))
	if res, _ := shop.get(t, page); res.StatusCode != 200 {
		t.Fatalf("the page: got %d", res.StatusCode)
	}
	entries := func(text string) []string { return strings.Split(text, "<entry>")[1:] }
	was, before := shop.get(t, "/channels/all/feed.atom")
	if _, err := shop.store.Withdraw(t.Context(), news.NewKey("wire", "https://wire.example/2"), news.Withdrawal{At: shop.at.Add(-time.Hour), Reason: "It was not so."}); err != nil {
		t.Fatal(err)
	}
	if err := shop.press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	now, after := shop.get(t, "/channels/all/feed.atom")
	a, errA := http.ParseTime(was.Header.Get("Last-Modified"))
	b, errB := http.ParseTime(now.Header.Get("Last-Modified"))
	if errA != nil || errB != nil || !b.After(a) {
		t.Errorf("Last-Modified went from %v to %v", a, b)
	}
	for _, entry := range entries(after) {
		entry, _, _ = strings.Cut(entry, "</entry>")
		if !strings.Contains(before, entry) {
			t.Errorf("an entry that stands has changed: %s", entry)
		}
	}
	if len(entries(after)) != 4 || strings.Count(after, "<at:deleted-entry") != 1 {
		t.Errorf("%d entries and %d tombstones", len(entries(after)), strings.Count(after, "<at:deleted-entry"))
	}
	if res, text := shop.get(t, page); res.StatusCode != 410 || !strings.Contains(text, "It was not so.") {
		t.Errorf("the page: got %d", res.StatusCode)
	}
	if res, _ := shop.get(t, page+"/history"); res.StatusCode != 410 {
		t.Errorf("its history: got %d", res.StatusCode)
	}
	if link := now.Header.Get("Link"); link != "<"+shopURL+`/channels/all/feed.atom>; rel="self", <`+shopURL+`/hub>; rel="hub"` || strings.Count(after, `rel="hub"`) != 1 {
		t.Errorf("the hub is named in %q, and %d times in the feed", link, strings.Count(after, `rel="hub"`))
	}
}
