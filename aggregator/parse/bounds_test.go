package parse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

// A hostile item is read in proportion to its size: nothing in it is longer
// than what is looked at more than once may be.
func TestOverlongFields(t *testing.T) {
	many := func(format string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	longest := func(list ...string) int {
		n := 0
		for _, s := range list {
			n = max(n, len(s))
		}
		return n
	}
	for _, tt := range []struct {
		name, item string
		measure    func(parse.Item) int
		most       int
	}{
		{"a title of a million words", "<title>" + strings.Repeat("word ", 1_000_000) + "</title>", func(it parse.Item) int { return len(it.Title.Body) }, 4 << 10},
		{"an author line without end", "<author>" + strings.Repeat("By Ann Lee and ", 100_000) + "</author>", func(it parse.Item) int {
			if len(it.People) == 0 {
				return 0
			}
			return longest(it.People[0].Name, it.People[0].Email)
		}, 4 << 10},
		{"an address without end", "<link>https://a.example/?" + many("a%d=1&amp;", 100_000) + "</link>", func(it parse.Item) int { return len(it.Link) }, 8 << 10},
		{"categories without end", many("<category>c%d</category>", 50_000), func(it parse.Item) int { return len(it.Categories) }, 200},
		{"enclosures without end", many(`<enclosure url="https://a.example/%d.mp3" length="1" type="audio/mpeg"/>`, 50_000), func(it parse.Item) int { return len(it.Enclosures) }, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := parse.Open([]byte(`<rss version="2.0"><channel><title>T</title><item><guid>1</guid>`+tt.item+`</item></channel></rss>`), parse.Options{})
			if err != nil {
				t.Fatal(err)
			}
			feed, err := doc.Feed(nil)
			if err != nil || len(feed.Items) != 1 {
				t.Fatalf("got %v items (%v), want 1", feed, err)
			}
			if n := tt.measure(feed.Items[0]); n > tt.most {
				t.Errorf("got %d, want at most %d", n, tt.most)
			}
			if !slices.ContainsFunc(feed.Warnings, func(w string) bool { return strings.Contains(w, "overlong") }) {
				t.Errorf("got warnings %q, want one of something overlong", feed.Warnings)
			}
		})
	}
}
