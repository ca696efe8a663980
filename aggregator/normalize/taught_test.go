package normalize_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

// What was read before an operator taught something is as if it had been read after.
func TestTaught(t *testing.T) {
	for _, tt := range []struct {
		rules   news.BylineRules
		printed []string // fields
		want    string
	}{
		{news.BylineRules{}, []string{"王晓夏 and Ann Lee"}, "author 王晓夏, author Ann Lee"},
		{news.BylineRules{Alias: map[string]string{"王晓夏": "Wang Xiaoxia"}}, []string{"王晓夏 and Ann Lee"}, "author Wang Xiaoxia, author Ann Lee"},
		{news.BylineRules{Alias: map[string]string{"a. lee": "Ann Lee"}}, []string{"A. LEE", "Ann Lee"}, "author Ann Lee"},
		{news.BylineRules{Alias: map[string]string{"A. Lee": "Ann Lee"}}, []string{"Photo by A. Lee", "Bob Roy"}, "photographer Ann Lee, author Bob Roy"},
		{news.BylineRules{Alias: map[string]string{"Harbour Desk": "Ann Lee"}}, []string{"Harbour Desk"}, "author Ann Lee"},
		{news.BylineRules{Ignore: []string{"Bob Roy"}}, []string{"Ann Lee and Bob Roy"}, "author Ann Lee"},
		{news.BylineRules{Ignore: []string{"Ann Lee"}}, []string{"Ann Lee"}, ""},
	} {
		feed := &parse.Feed{Format: "rss", Items: []parse.Item{{ID: "1", Title: parse.Text{Body: "Boats"}}}}
		for _, field := range tt.printed {
			feed.Items[0].People = append(feed.Items[0].People, parse.Person{Field: "dc:creator", Name: field})
		}
		read := func(rules news.BylineRules) news.Byline {
			return normalize.Articles(news.Source{Slug: "wire", Byline: rules}, feed, normalize.Options{At: fetched})[0].Byline
		}
		before, after := read(news.BylineRules{}), read(tt.rules)
		got := normalize.Taught(tt.rules, before)
		if credited(got) != tt.want || credited(after) != tt.want {
			t.Errorf("%v by %v: %s, and read anew %s, want %s", tt.printed, tt.rules, credited(got), credited(after), tt.want)
		}
		if again := normalize.Taught(tt.rules, got); !slices.Equal(again.People, got.People) {
			t.Errorf("%v: taught twice: %v", tt.printed, again)
		}
	}
}

func credited(b news.Byline) string {
	var out []string
	for _, p := range b.People {
		out = append(out, fmt.Sprint(p.Role, " ", p.Name))
	}
	return strings.Join(out, ", ")
}
