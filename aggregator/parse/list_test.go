package parse_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/parse"
	"copydesk/aggregator/txtartest"
)

// Each file of testdata/lists holds a JSON listing with its paths, a line each,
// or a sitemap, and what must be read from it.
func TestLists(t *testing.T) { fixtures(t, "testdata/lists", toldList) }

// Each file of testdata/feeds holds a feed, and what must be read from it.
func TestFeeds(t *testing.T) {
	fixtures(t, "testdata/feeds", func(t *testing.T, part map[string]string) string {
		t.Helper()
		return toldFeed(read(t, part["feed"]))
	})
}

// fixtures compares what is told of each archive in a directory with what it wants.
func fixtures(t *testing.T, directory string, told func(*testing.T, map[string]string) string) {
	t.Helper()
	txtartest.Each(t, filepath.Join(directory, "*.txtar"), 1, func(t *testing.T, a *txtartest.Archive) { a.Want(t, told(t, a.Parts())) })
}

func toldList(t *testing.T, part map[string]string) string {
	t.Helper()
	var b strings.Builder
	var list *parse.List
	if text, ok := part["list.json"]; ok {
		var err error
		if list, err = parse.OpenJSON([]byte(text), parse.Options{}, pathsOf(t, part["paths"])); err != nil {
			return "error: " + err.Error() + "\n"
		}
	} else {
		sitemap, err := parse.OpenSitemap([]byte(part["sitemap.xml"]), parse.Options{})
		if err != nil {
			return "error: " + err.Error() + "\n"
		}
		for _, child := range sitemap.Sitemaps {
			fmt.Fprintf(&b, "sitemap: %s\n", child)
		}
		list = sitemap.List
	}
	feed, err := list.Feed(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + toldFeed(feed)
}

func toldFeed(feed *parse.Feed) string {
	var b strings.Builder
	for _, w := range feed.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	for _, it := range feed.Items {
		fmt.Fprintf(&b, "%s\n", it.Link)
		for _, field := range [][2]string{{"id", it.ID}, {"title", it.Title.Body}, {"summary", it.Summary.Body}, {"content", it.Content.Body},
			{"categories", strings.Join(it.Categories, " | ")}, {"image", it.Image}, {"caption", it.ImageCaption}, {"language", it.Language},
			{"rights", it.Rights}, {"origin", strings.TrimSpace(it.Origin.Name + " " + it.Origin.URL)}} {
			if field[1] != "" && (field[0] != "id" || field[1] != it.Link) {
				fmt.Fprintf(&b, "  %s: %s\n", field[0], field[1])
			}
		}
		for _, p := range it.People {
			fmt.Fprintf(&b, "  %s: %s\n", p.Field, p.Name)
		}
		for _, d := range it.Dates {
			fmt.Fprintf(&b, "  %s: %s\n", d.Field, d.Raw)
		}
		for _, e := range it.Enclosures {
			fmt.Fprintf(&b, "  enclosure: %s\n", strings.TrimSpace(e.URL+" "+e.Duration))
		}
	}
	return b.String()
}

func pathsOf(t *testing.T, text string) (p parse.Paths) {
	t.Helper()
	fields := map[string]*string{"items": &p.Items, "id": &p.ID, "link": &p.Link, "title": &p.Title, "summary": &p.Summary, "content": &p.Content,
		"date": &p.Date, "modified": &p.Modified, "authors": &p.Authors, "categories": &p.Categories, "image": &p.Image}
	for line := range strings.Lines(text) {
		key, path, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || fields[key] == nil {
			t.Fatalf("no path: %q", line)
		}
		*fields[key] = path
	}
	return p
}

func TestCheckPath(t *testing.T) {
	for _, ok := range []string{"", "$", "url", "$.data.articles", "data[0].list", "data.0", "[0].x", "authors[*].name", "https://a.example/{id}", "/{slug}-{meta.id}.html"} {
		if err := parse.CheckPath(ok); err != nil {
			t.Errorf("%q: %v", ok, err)
		}
	}
	for _, bad := range []string{"a..b", "a.", "a[0", "https://a.example/{id", "https://a.example/{}", "a.*.b"} {
		if err := parse.CheckPath(bad); err == nil {
			t.Errorf("%q: got no error", bad)
		}
	}
}

// What is known is not handed on, and what says anything else is new.
func TestListKnowsItsItems(t *testing.T) {
	open := func(text string) *parse.List {
		l, err := parse.OpenJSON([]byte(text), parse.Options{}, parse.Paths{Link: "u", Title: "t"})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	before := open(`[{"u":"/a","t":"One"},{"u":"/b","t":"Two"}]`)
	after := open(`[{"u":"/c","t":"Three"},{"u":"/a","t":"One"},{"u":"/b","t":"Two, corrected"},{"u":"/b","t":"twice"}]`)
	known := map[uint64]bool{}
	for _, h := range before.Hashes() {
		known[h] = true
	}
	feed, err := after.Feed(func(h uint64) bool { return known[h] })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range feed.Items {
		got = append(got, it.Title.Body)
	}
	if diff := cmp.Diff([]string{"Three", "Two, corrected"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(after.Hashes()); n != 3 {
		t.Errorf("got %d hashes, want 3", n)
	}
}

func TestHostileLists(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	if _, err := parse.OpenJSON([]byte(deep), parse.Options{}, parse.Paths{Link: "u"}); err == nil || !strings.Contains(err.Error(), "deeply") {
		t.Errorf("100,000 brackets: got %v", err)
	}
	large := "[" + strings.Repeat(`"x",`, 10<<20) + "1]"
	if _, err := parse.OpenJSON([]byte(large), parse.Options{}, parse.Paths{Link: "u"}); err == nil || !strings.Contains(err.Error(), "32 MB") {
		t.Errorf("40 MB: got %v", err)
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 70 {
		_, _ = z.Write(bytes.Repeat([]byte("<url>   "), 1<<17))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := parse.OpenSitemap(bomb.Bytes(), parse.Options{}); err == nil || !strings.Contains(err.Error(), "grows over") {
		t.Errorf("a gzip bomb: got %v", err)
	}
}

// Of a large sitemap the newest are taken, wherever they stand; a gzip body is
// opened.
func TestSitemapTakesTheNewest(t *testing.T) {
	var plain strings.Builder
	plain.WriteString(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for i := range 50_010 {
		fmt.Fprintf(&plain, "<url><loc>https://a.example/%d</loc><lastmod>%d-%02d-%02d</lastmod></url>", i, 1900+i/336, i/28%12+1, i%28+1)
	}
	plain.WriteString("</urlset>")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(plain.String()))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := parse.OpenSitemap(packed.Bytes(), parse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := s.List.Feed(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(feed.Items) != 200 || feed.Items[0].Link != "https://a.example/49999" || feed.Items[199].Link != "https://a.example/49800" {
		t.Errorf("got %d items from %s to %s", len(feed.Items), feed.Items[0].Link, feed.Items[len(feed.Items)-1].Link)
	}
	if !strings.Contains(strings.Join(feed.Warnings, "\n"), "more than 50,000") {
		t.Errorf("got warnings %q", feed.Warnings)
	}
}
