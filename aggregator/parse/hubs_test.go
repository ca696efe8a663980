package parse_test

import (
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

// A feed's own address and its hubs stand where each format has them.
func TestSelfAndHubs(t *testing.T) {
	const self = "https://a.example/feed"
	for name, tt := range map[string]struct{ doc, hubs string }{
		"Atom": {`<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="` + self + `"/><link rel="hub" href="https://h.example/"/><link rel="hub" href="https://i.example/"/><entry><id>1</id><link rel="hub" href="https://entry.example/"/></entry></feed>`,
			"https://h.example/ https://i.example/"},
		"RSS": {`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>A</title><atom:link rel="self" href="` + self + `"/><atom:link rel="hub" href="https://h.example/"/></channel></rss>`,
			"https://h.example/"},
		"RSS of FeedBurner": {`<rss version="2.0"><channel><title>A</title><atom10:link xmlns:atom10="http://www.w3.org/2005/Atom" rel="self" href="` + self + `"/><atom10:link xmlns:atom10="http://www.w3.org/2005/Atom" rel="hub" href="http://h.example/"/></channel></rss>`,
			"http://h.example/"},
		"RDF": {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:atom="http://www.w3.org/2005/Atom"><channel rdf:about="a"><title>A</title><atom:link rel="self" href="` + self + `"/><atom:link rel="hub" href="https://h.example/"/></channel></rdf:RDF>`,
			"https://h.example/"},
		"JSON Feed":          {`{"version":"https://jsonfeed.org/version/1.1","feed_url":"` + self + `","hubs":[{"type":"rssCloud","url":"https://c.example/"},{"type":"WebSub","url":"https://h.example/"},{"type":"websub","url":"https://i.example/"}],"items":[]}`, "https://h.example/ https://i.example/"},
		"JSON with bad hubs": {`{"version":"https://jsonfeed.org/version/1.1","feed_url":"` + self + `","hubs":{"type":"WebSub"},"items":[]}`, ""},
	} {
		doc, err := parse.Open([]byte(tt.doc), parse.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		feed, err := doc.Feed(func(uint64) bool { return true })
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if hubs := strings.Join(feed.Hubs, " "); feed.Self != self || hubs != tt.hubs {
			t.Errorf("%s: self %q and hubs %q, want %q and %q", name, feed.Self, hubs, self, tt.hubs)
		}
	}
}
