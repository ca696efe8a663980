package aggregator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// jsonOf is a JSON Feed.
func jsonOf(slips ...slip) string {
	out := `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[`
	for i, s := range slips {
		at, _ := time.Parse(time.RFC1123Z, s.date)
		out += strings.Repeat(",", min(i, 1)) + fmt.Sprintf(`{"id":%q,"url":%q,"title":%q,"date_published":%q,"summary":%[5]q,"content_text":%[5]q}`, s.id, s.link, s.title, at.Format(time.RFC3339), s.text)
	}
	return out + `]}`
}

// cutIn is a document that breaks off in the last of what a text is in.
func cutIn(doc, text string) string {
	at := strings.LastIndex(doc, text)
	if at < 0 {
		panic(text)
	}
	return doc[:at+len(text)]
}

// A document that breaks off brings the items that it has whole, and is asked for
// anew; the stump of the last replaces nothing that stands and is no article, unless
// it comes twice, as those write it who forget the end tags.
func TestTornDocument(t *testing.T) {
	s := slips(4, nil)
	edited := slips(4, func(i int, s *slip) { s.text += " It was put right, in two more sentences. This is one of them." })
	forgetful := func(slips ...slip) string { return cutIn(rssOf(slips...), "</description>") }
	for name, l := range map[string]life{
		"a stump of a known item":              lifeOf(rssOf(s...), cutIn(rssOf(s...), "This is the"), rssOf(s...)),
		"a stump of a known item, Atom":        lifeOf(atomOf(s...), cutIn(atomOf(s...), "This is the"), atomOf(s...)),
		"a stump of a known item, JSON":        lifeOf(jsonOf(s...), cutIn(jsonOf(s...), "This is the"), jsonOf(s...)),
		"a stump of a known item, nameless":    lifeOf(rssWith(nameless(nil)), cutIn(rssWith(nameless(nil)), "This is the"), rssWith(nameless(nil))),
		"a stump that stays":                   lifeOf(rssOf(s...), cutIn(rssOf(s...), "This is the"), cutIn(rssOf(s...), "This is the"), cutIn(rssOf(s...), "This is the"), rssOf(s...)),
		"a stump that stays, JSON":             lifeOf(jsonOf(s...), cutIn(jsonOf(s...), `"summary":`), cutIn(jsonOf(s...), `"summary":`), jsonOf(s...)),
		"a stump of a correction":              lifeOf(rssOf(s...), cutIn(rssOf(append(s[:3:3], edited[3])...), "It was put"), rssOf(s...)),
		"a stump of a new item":                lifeOf(rssOf(s[:3]...), cutIn(rssOf(s...), "This is the"), rssOf(s...)).with(3, 3, 4),
		"a stump of a new item, JSON":          lifeOf(jsonOf(s[:3]...), cutIn(jsonOf(s...), `"summary":`), jsonOf(s...)).with(3, 3, 4),
		"of all that is new":                   lifeOf(cutIn(rssOf(s...), "This is the"), rssOf(s...)).with(3, 4),
		"at other places":                      lifeOf(cutIn(rssOf(s...), "This is the"), cutIn(rssOf(s...), "text of"), rssOf(s...)).with(3, 3, 4),
		"behind an item":                       lifeOf(cutIn(rssOf(s[:2]...), "</item>"), cutIn(rssOf(s[:3]...), "</item>"), rssOf(s...)).with(2, 3, 4),
		"at its end, always":                   lifeOf(forgetful(s[:2]...), forgetful(s[:2]...), forgetful(s[:2]...), forgetful(s[:3]...), forgetful(s[:3]...), forgetful(s...), rssOf(s...)).with(1, 2, 2, 2, 3, 3, 4),
		"at its end, always, the newest first": lifeOf(forgetful(s[2], s[3]), forgetful(s[2], s[3]), forgetful(s[1], s[2]), forgetful(s[0], s[1])).with(1, 2, 3, 4),
		"one item alone":                       lifeOf(forgetful(s[0]), forgetful(s[0])).with(0, 1),
	} {
		t.Run(name, func(t *testing.T) { l.untouched = true; l.run(t) })
	}
}

// Of a document that breaks off nothing is remembered that would keep the server from
// sending it again, until it has come twice.
func TestTornDocumentIsAskedForAgain(t *testing.T) {
	whole := rssWith(nil)
	doc := whole
	conditional := false
	r := newRig(t, "@every 1h", http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		conditional = req.Header.Get("If-None-Match") != ""
		w.Header().Set("ETag", `"1"`)
		if conditional && doc == whole {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, doc)
	}))
	for i, step := range []struct {
		doc  string
		want bool // conditions
	}{
		{cutIn(whole, "plan number 4"), false}, {whole, false}, {whole, true},
		{cutIn(whole, "plan number 4"), true}, {cutIn(whole, "plan number 4"), false}, {cutIn(whole, "plan number 4"), true}, {cutIn(whole, "plan number 3"), true}, {whole, false},
	} {
		doc = step.doc
		if r.later(time.Hour); conditional != step.want {
			t.Errorf("pull %d was asked with conditions: %v, want %v", i+1, conditional, step.want)
		}
	}
	if got := r.articles("wire"); len(got) != 6 {
		t.Errorf("%d articles stand, want 6", len(got))
	}
}
