package parse_test

import (
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

// An item that comes alone is read as those that are known say: they are asked
// though they are not read again.
func TestEscapesByKnownItems(t *testing.T) {
	const about = "&amp;lt;p&amp;gt;Text&amp;lt;/p&amp;gt;"
	doc := func(known string) string {
		return `<rss version="2.0"><channel><title>T</title><item><guid>new</guid><description>` + about + `</description></item>` +
			strings.Repeat(`<item><guid>known</guid><description>`+known+`</description></item>`, 3) + `</channel></rss>`
	}
	for name, tc := range map[string]struct{ known, want string }{
		"escaped twice, too": {about, "<p>Text</p>"},
		"escaped once":       {"&lt;p&gt;Text&lt;/p&gt;", "&lt;p&gt;Text&lt;/p&gt;"},
		"without markup":     {"Text", "<p>Text</p>"},
	} {
		d, err := parse.Open([]byte(doc(tc.known)), parse.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		hashes := d.Hashes()
		f, err := d.Feed(func(h uint64) bool { return h == hashes[len(hashes)-1] })
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(f.Items) != 1 || f.Items[0].Summary.Body != tc.want {
			t.Errorf("%s: got %+v, want one item with %q", name, f.Items, tc.want)
		}
	}
}
