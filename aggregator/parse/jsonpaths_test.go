package parse_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/parse"
)

// Where a listing keeps its articles is told by its structure.
func TestFindPaths(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       parse.Paths
	}{
		{"a bare list", `[{"headline": "First story", "link": "/a"}, {"headline": "Second story", "link": "/b"}]`,
			parse.Paths{Title: "headline", Link: "link"}},
		{"the longest of several, deep down", `{"menu": [{"name": "Sport", "url": "/sport"}], "data": {"rows": [
			{"title": "First story", "web_url": "https://a.example/1", "published_at": 1795600000, "intro": "What it says."},
			{"title": "Second story", "web_url": "https://a.example/2", "published_at": 1795600001, "intro": "What it says."}]}}`,
			parse.Paths{Items: "data.rows", Title: "title", Link: "web_url", Date: "published_at", Summary: "intro"}},
		{"values in objects", `[{"title": {"rendered": "First story"}, "link": "https://a.example/1", "date": "2026-11-20T08:00:00"}]`,
			parse.Paths{Title: "title.rendered", Link: "link", Date: "date"}},
		{"some without a title", `{"list": [{"title": "First story", "url": "/1"}, {"title": "Second story", "url": "/2"}, {"ad": true}]}`,
			parse.Paths{Items: "list", Title: "title", Link: "url"}},
	} {
		got, err := parse.FindPaths([]byte(tt.text), parse.Options{})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	for _, text := range []string{`{}`, `[]`, `[1, 2]`, `{"a": [{"title": "No address here"}]}`, `{"a": [{"title": "A picture", "url": "no address"}]}`, `{`} {
		if got, err := parse.FindPaths([]byte(text), parse.Options{}); err == nil {
			t.Errorf("%s: got %+v, want an error", text, got)
		}
	}
}
