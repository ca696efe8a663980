package find_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/find"
	"copydesk/aggregator/news"
	"copydesk/aggregator/txtartest"
)

var at = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// Each file of testdata is a site: its first comment line that begins with >
// is the address that is given, a file named host/path is what stands there,
// and want is what is found and what was asked for. A page that holds "301
// ADDRESS" or "302 ADDRESS" leads on.
func TestFind(t *testing.T) {
	txtartest.Each(t, "testdata/*.txtar", 1, func(t *testing.T, a *txtartest.Archive) { a.Want(t, newSite(a).search(t.Context())) })
}

// A site answers from an archive and notes what it was asked.
type site struct {
	given string
	pages map[string][]byte
	asked []string
}

func newSite(archive *txtartest.Archive) *site {
	s := &site{pages: map[string][]byte{}}
	for line := range strings.Lines(string(archive.Comment)) {
		if given, ok := strings.CutPrefix(line, "> "); ok {
			s.given = strings.TrimSpace(given)
		}
	}
	for _, f := range archive.Files {
		s.pages[f.Name] = f.Data
	}
	return s
}

func (s *site) get(_ context.Context, address string) (find.Page, error) {
	_, name, _ := strings.Cut(address, "://")
	s.asked = append(s.asked, name)
	body, ok := s.pages[name]
	if !ok {
		return find.Page{}, errors.New("the server answered 404 Not Found")
	}
	if to, ok := strings.CutPrefix(string(body), "301 "); ok {
		p, err := s.get(context.Background(), strings.TrimSpace(to))
		p.MovedTo = strings.TrimSpace(to)
		return p, err
	}
	if to, ok := strings.CutPrefix(string(body), "302 "); ok {
		return s.get(context.Background(), strings.TrimSpace(to))
	}
	p := find.Page{URL: address, Body: body, ContentType: "text/html; charset=utf-8"}
	if ext := path.Ext(name); ext == ".xml" || ext == ".atom" {
		p.ContentType = "text/xml"
	}
	return p, nil
}

func (s *site) search(ctx context.Context) string {
	var b strings.Builder
	list, err := find.Find(ctx, s.given, find.Options{Get: s.get, At: at})
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	for _, f := range list {
		fmt.Fprintf(&b, "%s %s\n  %q, %s, %d items, %s, newest %s, %.1f a day, language %q, zone %q", f.Way, f.URL, f.Title, f.Format, f.Items, f.Text, f.Newest.Format("2006-01-02 15:04"), f.PerDay, f.Language, f.Zone())
		if f.Comments {
			b.WriteString(", comments")
		}
		b.WriteString("\n")
		if f.Kind != "" {
			fmt.Fprintf(&b, "  kind %s, selector %q\n", f.Kind, f.Selector)
		}
		if f.Kind == news.KindJSON {
			fmt.Fprintf(&b, "  paths %+v\n", f.Paths)
		}
		for _, a := range f.Sample {
			fmt.Fprintf(&b, "  %s, %s, %s\n", a.Published.At.Format("2006-01-02"), a.Title, a.URL)
		}
	}
	fmt.Fprintf(&b, "asked: %s\n", strings.Join(s.asked, " "))
	return b.String()
}

func TestRequestsAreBounded(t *testing.T) {
	var page strings.Builder
	for i := range 500 {
		fmt.Fprintf(&page, "<a href='/rss/%d.xml'>", i)
	}
	s := &site{given: "https://a.example/", pages: map[string][]byte{"a.example/": []byte("<html>" + page.String())}}
	_, err := find.Find(t.Context(), s.given, find.Options{Get: s.get, At: at})
	var none *find.NoFeedError
	if !errors.As(err, &none) {
		t.Fatalf("got %v, want a NoFeedError", err)
	}
	if len(s.asked) > 25+4 || none.Tried != len(s.asked) {
		t.Errorf("asked %d times, told %d; want at most 25 and 4 for sitemaps", len(s.asked), none.Tried)
	}
	if last := s.asked[len(s.asked)-1]; !strings.HasPrefix(last, "a.example/") || strings.Contains(last, "/rss/4") {
		t.Errorf("the usual places were not tried; the last was %s", last)
	}
}

func TestKey(t *testing.T) {
	for _, same := range [][]string{
		{"http://example.org/feed", "https://www.example.org/feed/", "HTTPS://EXAMPLE.org:443/feed?utm_source=x", "feed://example.org/feed", "feed:https://example.org/feed#top"},
		{"https://example.org", "http://example.org/"},
		{"https://example.org/?feed=rss2", "https://example.org?feed=rss2&utm_medium=x"},
	} {
		for _, s := range same {
			if find.Key(s) != find.Key(same[0]) || find.Key(s) == "" {
				t.Errorf("%s: got %q, want %q as of %s", s, find.Key(s), find.Key(same[0]), same[0])
			}
		}
	}
	for _, s := range []string{"", "nonsense", "ftp://example.org/", "exec:cat"} {
		if find.Key(s) != "" {
			t.Errorf("%q: got %q, want none", s, find.Key(s))
		}
	}
	if find.Key("https://example.org/a?id=1") == find.Key("https://example.org/a?id=2") {
		t.Error("two feeds have one key")
	}
}

func TestEveryZoneExists(t *testing.T) {
	for _, name := range []string{"countries", "languages"} {
		text, err := os.ReadFile("data/" + name + ".tsv")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			_, second, ok := strings.Cut(strings.TrimSpace(line), "\t")
			if strings.HasPrefix(line, "#") || !ok {
				continue
			}
			if _, err := time.LoadLocation(second); name == "countries" && err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}
