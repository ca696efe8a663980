package publisher_test

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// A catalogue lists keys, a few at a time, and what stands on a shelf, or fails.
type catalogue struct {
	keys  []news.Key
	err   error
	shelf *shelf
}

func (c catalogue) Keys(_ context.Context, after news.Key, n int) ([]news.Key, error) {
	i, _ := slices.BinarySearch(c.keys, after+"\x00")
	return c.keys[i:min(len(c.keys), i+n)], c.err
}

func (c catalogue) Slugs(_ context.Context, kind news.ShelfKind, after news.Slug, _ int) ([]news.Slug, error) {
	if kind == news.AuthorShelf && after == "" {
		return []news.Slug{"ann-lee"}, c.err
	}
	return nil, c.err
}

func (c catalogue) Stock(_ context.Context, source news.Slug) (int, error) {
	n := 0
	for _, a := range c.standing() {
		if a.Source == source {
			n++
		}
	}
	return n, c.err
}

func (c catalogue) Stocked(_ context.Context, source news.Slug, skip, n int) ([]news.Placement, error) {
	var out []news.Placement
	for _, a := range c.standing() {
		if a.Source == source {
			out = append(out, news.Placement{Article: a.Key, Source: source, Published: a.Published.At, Updated: a.Updated})
		}
	}
	skip = min(skip, len(out))
	return out[skip:min(skip+n, len(out))], c.err
}

func (c catalogue) Lately(_ context.Context, since time.Time, n int) ([]news.Key, error) {
	var out []news.Key
	for _, a := range c.standing() {
		if !a.Published.At.Before(since) {
			out = append(out, a.Key)
		}
	}
	slices.Reverse(out)
	return out[:min(n, len(out))], c.err
}

// standing are the shelf's articles in the order of their publication.
func (c catalogue) standing() []news.Article {
	if c.shelf == nil {
		return nil
	}
	c.shelf.mu.Lock()
	defer c.shelf.mu.Unlock()
	var out []news.Article
	for _, a := range c.shelf.articles {
		if !a.Withdrawn {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b news.Article) int {
		return cmp.Or(a.Published.At.Compare(b.Published.At), strings.Compare(string(a.Key), string(b.Key)))
	})
	return out
}

// Everything that is listed is answered, and all that is published is listed
// once.
func TestAddresses(t *testing.T) {
	s := &finder{shelf: newShelf()}
	s.put("a1", "wire", "Ferry line opens", noon)
	s.put("a2", "shy", "Second story", noon)
	s.put("a3", "wire", "Third story", noon)
	s.withdraw("a1", noon)
	s.edit("a2", func(a *news.Article) { a.Byline.People = []news.Person{{Name: "Ann Lee", Role: news.Author}} }, noon)
	press, server := openWith(t, s, publisher.Options{Sources: sources, Finder: s, Catalogue: catalogue{keys: []news.Key{"a1", "a2", "a3"}, shelf: s.shelf}})
	mustPrint(t, press)
	want := []string{"/", "/opml", "/robots.txt", "/favicon.ico", "/sitemap.xml", "/news-sitemap.xml", "/sitemaps/shelves.xml", "/sitemaps/source-wire.1.xml"}
	for _, page := range []string{"/channels/all", "/channels/few", "/sources/wire", "/sources/shy", "/authors/ann-lee"} {
		want = append(want, page, page+"/feed.rss", page+"/feed.atom", page+"/feed.json")
	}
	want = append(want, "/articles/a1", "/articles/a2", "/articles/a3")
	var got []string
	status := map[string]int{"/articles/a1": http.StatusGone, "/articles/a2": http.StatusFound}
	for path, err := range server.Addresses(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(path, "/static/") {
			got = append(got, path)
		}
		if res := ask(t, server, "GET", path); res.StatusCode != max(status[path], http.StatusOK) {
			t.Errorf("%s is answered with %d", path, res.StatusCode)
		}
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
}

// More articles than are asked for at a time are all listed; a listing that
// fails ends with its error, and one that nobody wants to the end just ends.
func TestManyAddresses(t *testing.T) {
	keys := make([]news.Key, 2500)
	for i := range keys {
		keys[i] = news.NewKey("wire", string(rune('a'+i)))
	}
	slices.Sort(keys)
	_, server := openWith(t, newShelf(), publisher.Options{Catalogue: catalogue{keys: keys}})
	n := 0
	for _, err := range server.Addresses(t.Context()) {
		if n++; err != nil {
			t.Fatal(err)
		}
	}
	if n < len(keys) || n > len(keys)+50 {
		t.Errorf("%d addresses of %d articles", n, len(keys))
	}
	for range server.Addresses(t.Context()) {
		break
	}
	broken := errors.New("the disk is gone")
	_, server = openWith(t, newShelf(), publisher.Options{Catalogue: catalogue{err: broken}})
	var last error
	for _, last = range server.Addresses(t.Context()) {
	}
	if !errors.Is(last, broken) {
		t.Errorf("a listing that fails ends with %v", last)
	}
}
