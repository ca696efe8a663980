package publisher_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/waittest"
	"copydesk/publisher"
)

// A finder looks through a shelf's titles; authors and sections are those of the
// articles. It stands for the store.
type finder struct {
	*shelf
	searches int
	wait     chan struct{} // searches end when it is closed; nil: at once
	stood    func(news.Shelf)
}

func (f *finder) Standing(_ context.Context, sh news.Shelf) (string, news.Touched, error) {
	if f.stood != nil {
		f.stood(sh)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	name, t := "", news.Touched{Shelf: sh}
	if sh == (news.Shelf{Kind: news.AuthorShelf, Slug: "lee-ann"}) {
		t.Shelf.Slug = "ann-lee"
		return "Ann Lee", t, nil
	}
	for _, a := range f.articles {
		if shelved(sh, a) {
			name = cmp.Or(map[news.ShelfKind]string{news.SectionShelf: a.Section}[sh.Kind], "Ann Lee")
			t.Revision = max(t.Revision, a.Revision)
			if a.Updated.After(t.At) {
				t.At = a.Updated
			}
		}
	}
	if name == "" {
		return "", t, missing{}
	}
	return name, t, nil
}

// shelved reports that an article stands on a shelf of an author or a section.
func shelved(sh news.Shelf, a news.Article) bool {
	slug := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "-")) }
	if sh.Kind == news.SectionShelf {
		return slug(a.Section) == string(sh.Slug)
	}
	return sh.Kind == news.AuthorShelf && slices.ContainsFunc(a.Byline.People, func(p news.Person) bool { return slug(p.Name) == string(sh.Slug) })
}

func (f *finder) Placements(ctx context.Context, sh news.Shelf, n int) ([]news.Placement, error) {
	if sh.Kind == news.ChannelShelf || sh.Kind == news.SourceShelf {
		return f.shelf.Placements(ctx, sh, n)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.printed[sh]++
	var out []news.Placement
	for key, a := range f.articles {
		if shelved(sh, a) && !a.Withdrawn {
			out = append(out, news.Placement{Article: key, Source: a.Source, Published: a.Published.At})
		}
	}
	return out, nil
}

func (f *finder) Search(_ context.Context, q news.Query, after news.Place, n int) ([]news.Hit, error) {
	if f.wait != nil {
		<-f.wait
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.searches++
	var out []news.Key
	for key, a := range f.articles {
		if !a.Withdrawn && strings.Contains(strings.ToLower(a.Title), strings.ToLower(q.Terms[0].Text)) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	var hits []news.Hit
	for i, key := range out {
		if place := news.Place(1000 - i); after == 0 || place < after {
			hits = append(hits, news.Hit{Article: key, Place: place})
		}
	}
	return hits[:min(n, len(hits))], nil
}

// readable is a printed house whose articles have authors and sections.
func readable(t *testing.T) (*finder, *publisher.Press, *publisher.Server) {
	t.Helper()
	f := &finder{shelf: newShelf()}
	f.put("a1", "wire", "Ferry line opens", noon)
	f.edit("a1", func(a *news.Article) {
		a.Section, a.Byline.People = "World", []news.Person{{Name: "Ann Lee", Role: news.Author}}
	}, noon)
	f.put("a2", "shy", "Ferry & <tide>", noon)
	press, server := openWith(t, f, publisher.Options{Sources: sources, Finder: f})
	mustPrint(t, press)
	return f, press, server
}

// What comes while an author is printed for the first time is printed soon after, though
// the look that heard of it did not know yet that the author is kept.
func TestAuthorPrintedAmidAChange(t *testing.T) {
	f, press, server := readable(t)
	get(t, server, "/sections/world") // is kept, and so looked at
	looked, ended := make(chan struct{}), make(chan error, 1)
	f.stood = func(sh news.Shelf) {
		if sh.Kind == news.SectionShelf {
			close(looked)
			f.stood = nil
		}
	}
	f.between = func() {
		f.between = nil
		f.put("a0", "wire", "Late ferry", noon)
		f.edit("a0", func(a *news.Article) { a.Byline.People = []news.Person{{Name: "Ann Lee", Role: news.Author}} }, noon)
		go func() { ended <- press.Print(context.Background()) }()
		waittest.Receive(t, looked)
	}
	get(t, server, "/authors/ann-lee/feed.json")
	if err := waittest.Receive(t, ended); err != nil {
		t.Fatal(err)
	}
	mustPrint(t, press)
	if text := get(t, server, "/authors/ann-lee/feed.json"); !strings.Contains(text, "Late ferry") {
		t.Errorf("what came meanwhile is not there: %s", text)
	}
}

var shelvesOfNames = []string{"/authors/ann-lee", "/sections/world"}

func TestAuthorsAndSectionsHaveShelves(t *testing.T) {
	_, _, server := readable(t)
	for _, path := range shelvesOfNames {
		for _, doc := range []string{"", "/feed.rss", "/feed.atom", "/feed.json"} {
			res := ask(t, server, "GET", path+doc)
			if text := body(t, res); res.StatusCode != 200 || !strings.Contains(text, "Ferry line opens") || strings.Contains(text, "tide") || res.Header.Get("Last-Modified") == "" {
				t.Errorf("%s: got %d, %.200q", path+doc, res.StatusCode, text)
			}
			if again := ask(t, server, "GET", path+doc, "If-None-Match: "+res.Header.Get("Etag")); again.StatusCode != 304 {
				t.Errorf("%s again: got %d, want 304", path+doc, again.StatusCode)
			}
			if strings.Contains(res.Header.Get("Link"), "hub") {
				t.Errorf("%s names a hub, which does not push it", path)
			}
		}
	}
	for path, want := range map[string]int{"/authors/nobody": 404, "/sections/nothing": 404, "/authors/ann-lee/feed.xml": 404} {
		if res := ask(t, server, "GET", path); res.StatusCode != want {
			t.Errorf("%s: got %d, want %d", path, res.StatusCode, want)
		}
	}
	for path, want := range map[string]string{"/authors/lee-ann": "/authors/ann-lee", "/authors/lee-ann/feed.atom": "/authors/ann-lee/feed.atom"} {
		if res := ask(t, server, "GET", path); res.StatusCode != 301 || res.Header.Get("Location") != want {
			t.Errorf("%s: got %d to %q, want 301 to %s", path, res.StatusCode, res.Header.Get("Location"), want)
		}
	}
}

// A house that has no finder has none of it; one may have all but the search.
func TestNoFinder(t *testing.T) {
	_, _, server := printed(t)
	for _, path := range []string{"/authors/ann-lee", "/sections/world/feed.rss", "/search", "/search?q=x", "/search/feed.atom?q=x"} {
		if res := ask(t, server, "GET", path); res.StatusCode != 404 {
			t.Errorf("%s: got %d, want 404", path, res.StatusCode)
		}
	}
	f, _, _ := readable(t)
	_, server = openWith(t, f, publisher.Options{Sources: sources, Finder: f, NoSearch: true})
	for path, want := range map[string]int{"/authors/ann-lee": 200, "/search": 404, "/search?q=x": 404, "/search/feed.atom?q=x": 404} {
		if res := ask(t, server, "GET", path); res.StatusCode != want {
			t.Errorf("%s without search: got %d, want %d", path, res.StatusCode, want)
		}
	}
}

// They are printed once, again when one of their articles has changed, and tell
// what has left them.
func TestShelvesOfNamesFollowTheirArticles(t *testing.T) {
	f, press, server := readable(t)
	author := news.Shelf{Kind: news.AuthorShelf, Slug: "ann-lee"}
	first := ask(t, server, "GET", "/authors/ann-lee/feed.json")
	get(t, server, "/authors/ann-lee")
	f.put("a3", "shy", "Elsewhere", noon.Add(time.Minute))
	mustPrint(t, press)
	get(t, server, "/authors/ann-lee")
	if n := f.prints(author); n != 1 {
		t.Errorf("printed %d times, want once", n)
	}
	f.edit("a1", func(a *news.Article) { a.Title, a.Updated = "Ferry line closes", noon.Add(time.Minute) }, noon.Add(time.Minute))
	mustPrint(t, press)
	if text := get(t, server, "/authors/ann-lee"); !strings.Contains(text, "Ferry line closes") || f.prints(author) != 2 {
		t.Errorf("after a change: printed %d times, %.300q", f.prints(author), text)
	}
	second := ask(t, server, "GET", "/authors/ann-lee/feed.json")
	before, err1 := http.ParseTime(first.Header.Get("Last-Modified"))
	after, err2 := http.ParseTime(second.Header.Get("Last-Modified"))
	if err1 != nil || err2 != nil || !after.After(before) {
		t.Errorf("Last-Modified went from %v to %v", before, after)
	}
	f.withdraw("a1", noon.Add(2*time.Minute))
	mustPrint(t, press)
	if text := get(t, server, "/authors/ann-lee"); strings.Contains(text, "Ferry") {
		t.Error("an article that was withdrawn still stands with its author")
	}
}

// Whoever walks through all authors does not fill the memory: what is not kept
// is printed again.
func TestManyShelvesOfNames(t *testing.T) {
	f, _, server := readable(t)
	for i := range 70 {
		f.put(news.Key(fmt.Sprint("b", i)), "wire", "T", noon)
		f.edit(news.Key(fmt.Sprint("b", i)), func(a *news.Article) { a.Section = fmt.Sprint("Part ", i) }, noon)
	}
	for range 2 {
		for i := range 70 {
			get(t, server, fmt.Sprint("/sections/part-", i))
		}
	}
	if n := f.prints(news.Shelf{Kind: news.SectionShelf, Slug: "part-0"}); n != 2 {
		t.Errorf("the first was printed %d times, want 2", n)
	}
}

func TestSearch(t *testing.T) {
	f, press, server := readable(t)
	for _, tt := range []struct{ path, self string }{
		{"/search?q=ferry", ""}, {"/search/feed.rss?q=ferry", "https://news.example.org/search/feed.rss?q=ferry"},
		{"/search/feed.atom?q=ferry", "https://news.example.org/search/feed.atom?q=ferry"}, {"/search/feed.json?q=ferry", "https://news.example.org/search/feed.json?q=ferry"},
	} {
		res := ask(t, server, "GET", tt.path)
		text := body(t, res)
		if res.StatusCode != 200 || !strings.Contains(text, "Ferry line opens") || !strings.Contains(text, "tide") {
			t.Errorf("%s: got %d, %.300q", tt.path, res.StatusCode, text)
		}
		if tt.self != "" && (!strings.Contains(text, tt.self) || !strings.Contains(res.Header.Get("Link"), "<"+tt.self+`>; rel="self"`)) {
			t.Errorf("%s: its own address is not told: %s", tt.path, res.Header.Get("Link"))
		}
		if again := ask(t, server, "GET", tt.path, "If-None-Match: "+res.Header.Get("Etag")); again.StatusCode != 304 {
			t.Errorf("%s again: got %d, want 304", tt.path, again.StatusCode)
		}
	}
	if f.searches != 4 {
		t.Errorf("searched %d times for four documents asked for twice", f.searches)
	}

	// What it finds is news at once, and what has not changed keeps its tag.
	before := ask(t, server, "GET", "/search/feed.json?q=ferry").Header
	f.put("a3", "wire", "Elsewhere", noon.Add(time.Minute))
	mustPrint(t, press)
	same := ask(t, server, "GET", "/search/feed.json?q=ferry").Header
	f.put("a4", "wire", "Another ferry", noon.Add(2*time.Minute))
	mustPrint(t, press)
	news := ask(t, server, "GET", "/search/feed.json?q=ferry")
	if same.Get("Etag") != before.Get("Etag") || same.Get("Last-Modified") != before.Get("Last-Modified") || news.Header.Get("Etag") == before.Get("Etag") || !strings.Contains(body(t, news), "Another ferry") {
		t.Errorf("tags %s, %s, %s", before.Get("Etag"), same.Get("Etag"), news.Header.Get("Etag"))
	}
	if text := get(t, server, "/search?q=nosuch"); !strings.Contains(text, "Nothing was found.") {
		t.Errorf("a search that finds nothing: %.300q", text)
	}
	var empty struct {
		Items []any `json:"items"`
	}
	if err := json.Unmarshal([]byte(get(t, server, "/search/feed.json?q=nosuch")), &empty); err != nil || empty.Items == nil || len(empty.Items) != 0 {
		t.Errorf("its feed: %+v, %v", empty, err)
	}
}

// A search has one address, and what cannot be searched for is told in words.
func TestSearchesAsked(t *testing.T) {
	_, _, server := readable(t)
	for path, want := range map[string]string{
		"/search?q=%20ferry%20%20line": "/search?q=ferry+line", "/search?q=ferry&x=1": "/search?q=ferry", "/search/feed.atom?q=%66erry": "/search/feed.atom?q=ferry",
		"/search?q=AUTHOR%3Alee": "/search?q=author%3Alee", "/search?q=上海": "/search?q=" + url.QueryEscape("上海"),
	} {
		if res := ask(t, server, "GET", path); res.StatusCode != 301 || res.Header.Get("Location") != want {
			t.Errorf("%s: got %d to %q, want 301 to %q", path, res.StatusCode, res.Header.Get("Location"), want)
		}
	}
	for path, want := range map[string]string{
		"/search?q=": "no word to search for", "/search/feed.rss": "no word to search for", "/search/feed.rss?q=+": "no word to search for", "/search?q=-ferry": "is to be there",
		"/search?q=" + strings.Repeat("x", 300): "at most 200 characters", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E" + strings.Repeat("x", 300): "at most 200 characters",
	} {
		res := ask(t, server, "GET", path)
		if text := body(t, res); res.StatusCode != 400 || !strings.Contains(text, want) || strings.Contains(text, "<script>alert") || !strings.Contains(text, `name="q"`) {
			t.Errorf("%s: got %d, %.100q; want 400 with %q and the form", path, res.StatusCode, text, want)
		}
	}
	if text := get(t, server, "/search"); !strings.Contains(text, "<form") {
		t.Error("there is no form to search with")
	}
	if res := ask(t, server, "GET", "/search/feed.xml?q=ferry"); res.StatusCode != 404 {
		t.Errorf("an unknown format: got %d, want 404", res.StatusCode)
	}
	if res := ask(t, server, "GET", "/search?q="+url.QueryEscape(`<script>alert(1)</script>`)); strings.Contains(body(t, res), "<script>alert") {
		t.Error("what was typed runs")
	}
}

// However many search at once, few of them ask the store; who has waited long is
// sent away.
func TestSearchesAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _, server := readable(t)
		f.wait = make(chan struct{})
		statuses := make(chan int, 10)
		for i := range 10 {
			go func() { statuses <- ask(t, server, "GET", fmt.Sprint("/search?q=ferry+", i)).StatusCode }()
		}
		time.Sleep(10 * time.Second) // those that found no place give up
		close(f.wait)
		got := map[int]int{}
		for range 10 {
			got[<-statuses]++
		}
		if got[200] != 4 || got[503] != 6 {
			t.Errorf("got %v, want four answers and six sent away", got)
		}
	})
}

// Whoever reads on from page to page meets all that was found, each once, and
// finds the way back; a page has one address.
func TestSearchInPages(t *testing.T) {
	f, press, server := readable(t)
	for i := range 118 {
		f.put(news.Key(fmt.Sprintf("b%03d", i)), "wire", fmt.Sprintf("Ferry %03d", i), noon)
	}
	mustPrint(t, press)
	next, seen, pages := "/search?q=ferry", map[string]int{}, 0
	for next != "" {
		text := get(t, server, next)
		pages++
		for _, part := range strings.Split(text, `<h2 dir="auto"><a href="/articles/`)[1:] {
			key, _, _ := strings.Cut(part, `"`)
			seen[key]++
		}
		if back := strings.Contains(text, `<a href="/search?q=ferry">Newest articles</a>`); back != (pages > 1) {
			t.Errorf("page %d leads back to the first: %v", pages, back)
		}
		_, rest, ok := strings.Cut(text, `<link rel="next" href="`)
		next, _, _ = strings.Cut(rest, `"`)
		next = strings.ReplaceAll(next, "&amp;", "&")
		if again := strings.Contains(text, `rel="next">Older articles</a>`); again != ok {
			t.Errorf("page %d leads on for readers: %v, for programs: %v", pages, again, ok)
		}
	}
	if pages != 3 || len(seen) != 120 {
		t.Errorf("%d pages with %d articles, want 3 with 120", pages, len(seen))
	}
	for key, n := range seen {
		if n != 1 {
			t.Errorf("%s is shown %d times", key, n)
		}
	}
	for path, want := range map[string]string{
		"/search?before=951&q=ferry": "/search?q=ferry&before=951", "/search?q=ferry&before=x": "/search?q=ferry", "/search?q=ferry&before=0": "/search?q=ferry",
		"/search/feed.atom?q=ferry&before=951": "/search/feed.atom?q=ferry",
	} {
		if res := ask(t, server, "GET", path); res.StatusCode != 301 || res.Header.Get("Location") != want {
			t.Errorf("%s: got %d to %q, want 301 to %q", path, res.StatusCode, res.Header.Get("Location"), want)
		}
	}
}
