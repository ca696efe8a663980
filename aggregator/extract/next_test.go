package extract_test

import (
	"fmt"
	"testing"

	"copydesk/aggregator/extract"
)

// What the head of a page names as next is joined where it is a page of the same
// article, and never where it is the next article.
func TestNextInHead(t *testing.T) {
	const page = `<head><title>A walk</title><link rel="next" href="%s"></head><h1>A walk</h1><p>It begins at the mouth of the river and ends at the spring.</p>`
	for _, tt := range []struct {
		name, own, next string
		joined          bool
	}{
		{"a page of the query", "/story", "/story?page=2", true},
		{"a page of the query, further on", "/story?page=9", "/story?page=10", true},
		{"a page of the path", "/story/", "/story/page/2/", true},
		{"a page of the file", "/20221110_77.html", "/20221110_77_2.html", true},
		{"a page of the file, further on", "/a/20221110_2.html", "/a/20221110_3.html", true},
		{"the next number", "/news/123", "/news/124", false},
		{"the next number of one figure", "/posts/8", "/posts/9", false},
		{"a number with one more figure", "/news/12", "/news/122", false},
		{"a number that differs inside", "/news/1123", "/news/1133", false},
		{"another story", "/story", "/other-story", false},
		{"another host", "/story", "https://other.example/story?page=2", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			feed, err := extract.Page(fmt.Appendf(nil, page, tt.next), extract.Options{URL: "https://long.example" + tt.own})
			if err != nil {
				t.Fatal(err)
			}
			if got := feed.Items[0].Next; (got == tt.next) != tt.joined || got != "" && got != tt.next {
				t.Errorf("%s names %s as next: got %q, want it joined: %t", tt.own, tt.next, got, tt.joined)
			}
		})
	}
}
