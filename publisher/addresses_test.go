package publisher_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// A catalogue lists keys, a few at a time, or fails.
type catalogue struct {
	keys []news.Key
	err  error
}

func (c catalogue) Keys(_ context.Context, after news.Key, n int) ([]news.Key, error) {
	i, _ := slices.BinarySearch(c.keys, after+"\x00")
	return c.keys[i:min(len(c.keys), i+n)], c.err
}

func (catalogue) NamedShelves(context.Context) ([]news.Shelf, error) { return nil, nil }

// Everything that is listed is answered, and all that is published is listed
// once.
func TestAddresses(t *testing.T) {
	s := newShelf()
	s.put("a1", "wire", "Ferry line opens", noon)
	s.put("a2", "shy", "Second story", noon)
	s.withdraw("a1", noon)
	press, server := openWith(t, s, publisher.Options{Sources: sources, Catalogue: catalogue{keys: []news.Key{"a1", "a2"}}})
	mustPrint(t, press)
	want := []string{"/", "/opml", "/robots.txt", "/favicon.ico", "/sitemap.xml", "/news-sitemap.xml", "/sitemaps/shelves.xml", "/sitemaps/channel-all.xml", "/sitemaps/channel-few.xml"}
	for _, page := range []string{"/channels/all", "/channels/few", "/sources/wire", "/sources/shy"} {
		want = append(want, page, page+"/feed.rss", page+"/feed.atom", page+"/feed.json")
	}
	want = append(want, "/articles/a1", "/articles/a2")
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
	if diff := cmp.Diff(want, got); diff != "" {
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
