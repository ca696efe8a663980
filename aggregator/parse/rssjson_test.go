package parse_test

import (
	"testing"

	"copydesk/aggregator/parse"
)

// RSS told in JSON is the same RSS.
func TestRSSInJSON(t *testing.T) {
	doc, err := parse.Open([]byte(`{"rss": {"version": "2.0", "channel": {"title": "T & <b>", "link": "https://a.example/", "cloud": {"port": 5337}, "source:account": [1],
		"item": [{"guid": {"isPermaLink": "false", "#value": "one"}, "title": "First", "dc:creator": "Ann Lee", "pubDate": "Tue, 24 Nov 2026 10:00:00 GMT",
			"enclosure": {"url": "https://a.example/a.mp3", "length": 12, "type": "audio/mpeg"}, "category": ["Sea", "Land"]}, {"guid": "two", "title": "Second", "bad name<": "x"}]}}}`), parse.Options{ContentType: "application/json"})
	if err != nil {
		t.Fatal(err)
	}
	feed, err := doc.Feed(nil)
	if err != nil || len(feed.Items) != 2 {
		t.Fatalf("got %+v (%v), want two items", feed, err)
	}
	it := feed.Items[0]
	if feed.Title.Body != "T & <b>" || it.ID != "one" || it.Title.Body != "First" || it.People[0].Name != "Ann Lee" || it.Enclosures[0].Length != "12" || len(it.Categories) != 2 {
		t.Errorf("got %+v", it)
	}
}
