package publisher_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher"
)

// A sitemap is what a crawler reads of one.
type sitemap struct {
	Sitemaps []string `xml:"sitemap>loc"`
	URLs     []struct {
		Loc      string `xml:"loc"`
		LastMod  string `xml:"lastmod"`
		Name     string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication>name"`
		Language string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication>language"`
		Date     string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>publication_date"`
		Title    string `xml:"http://www.google.com/schemas/sitemap-news/0.9 news>title"`
	} `xml:"url"`
}

// locs are the addresses in it, without that of the house.
func (m sitemap) locs() string {
	all := m.Sitemaps
	for _, u := range m.URLs {
		all = append(all, u.Loc)
	}
	return strings.ReplaceAll(strings.Join(all, " "), "https://news.example.org", "")
}

func readSitemap(t *testing.T, server http.Handler, path string) sitemap {
	t.Helper()
	res := ask(t, server, "GET", path)
	var m sitemap
	if err := xml.Unmarshal([]byte(body(t, res)), &m); err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/xml; charset=utf-8" {
		t.Fatalf("%s: got %d, %v", path, res.StatusCode, err)
	}
	if again := ask(t, server, "GET", path, "If-None-Match: "+res.Header.Get("Etag")); again.StatusCode != 304 {
		t.Errorf("%s again: got %d, want 304", path, again.StatusCode)
	}
	return m
}

// mapped is a house whose articles are listed in sitemaps, at a time that a test
// moves.
func mapped(t *testing.T) (s *shelf, press *publisher.Press, server *publisher.Server, now *time.Time) {
	t.Helper()
	s = newShelf()
	at := noon.Add(time.Hour)
	press, server = openWith(t, s, publisher.Options{Sources: sources, Catalogue: catalogue{shelf: s}, Now: func() time.Time { return at }})
	return s, press, server, &at
}

func TestSitemaps(t *testing.T) {
	s, press, server, _ := mapped(t)
	s.put("a1", "wire", "Ferry line opens", noon)
	s.edit("a1", func(a *news.Article) { a.Language = "zh-TW" }, noon)
	s.put("a2", "shy", "Ferry & <tide>", noon)
	s.put("old", "wire", "Long ago", noon)
	s.edit("old", func(a *news.Article) { a.Published.At = noon.Add(-72 * time.Hour) }, noon)
	s.put("lost", "former", "Of a source that the config has lost", noon)
	mustPrint(t, press)
	for path, want := range map[string]string{
		"/sitemap.xml":                  "/sitemaps/shelves.xml /sitemaps/source-former.1.xml /sitemaps/source-wire.1.xml",
		"/sitemaps/shelves.xml":         "/ /channels/all /channels/few /sources/wire /sources/shy",
		"/sitemaps/source-wire.1.xml":   "/articles/old /articles/a1",
		"/sitemaps/source-former.1.xml": "/articles/lost",
		"/news-sitemap.xml":             "/articles/lost /articles/a1",
	} {
		if got := readSitemap(t, server, path).locs(); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if u := readSitemap(t, server, "/news-sitemap.xml").URLs[1]; u.Name != "Example Newsroom" || u.Language != "zh-tw" || u.Date != "2026-11-24T12:00:00Z" || u.Title != "Ferry line opens" {
		t.Errorf("news: %+v", u)
	}
	// That of the shy is a way on, not a page; and each map has one address.
	for _, path := range []string{"/sitemaps/source-shy.1.xml", "/sitemaps/source-wire.2.xml", "/sitemaps/source-wire.01.xml", "/sitemaps/source-wire.0.xml", "/sitemaps/source-wire.xml", "/sitemaps/source-none.1.xml", "/sitemaps/channel-all.xml", "/sitemaps/x"} {
		if res := ask(t, server, "GET", path); res.StatusCode != 404 {
			t.Errorf("%s: got %d, want 404", path, res.StatusCode)
		}
	}
	if robots := get(t, server, "/robots.txt"); !strings.Contains(robots, "\nSitemap: https://news.example.org/sitemap.xml\n") || !strings.Contains(robots, "\nSitemap: https://news.example.org/news-sitemap.xml\n") || strings.Contains(robots, "Disallow") {
		t.Errorf("robots.txt: %q", robots)
	}

	s.withdraw("a1", noon.Add(time.Minute))
	mustPrint(t, press)
	for path, want := range map[string]string{"/sitemaps/source-wire.1.xml": "/articles/old", "/news-sitemap.xml": "/articles/lost"} {
		if got := readSitemap(t, server, path).locs(); got != want {
			t.Errorf("%s after a withdrawal: got %q, want %q", path, got, want)
		}
	}
}

// All of a source's articles are listed, however many there are, in parts that
// an article which comes later does not change.
func TestSitemapsInParts(t *testing.T) {
	s, press, server, _ := mapped(t)
	const many = 12_000
	for i := range many {
		s.put(news.Key(fmt.Sprintf("k%05d", i)), "wire", "T", noon)
	}
	mustPrint(t, press)
	first := get(t, server, "/sitemaps/source-wire.1.xml")
	s.put("late", "wire", "T", noon.Add(time.Minute))
	s.edit("late", func(a *news.Article) { a.Published.At = noon.Add(time.Minute) }, noon.Add(time.Minute))
	mustPrint(t, press)
	listed := map[string]bool{}
	for _, path := range readSitemap(t, server, "/sitemap.xml").Sitemaps[1:] {
		m := readSitemap(t, server, strings.TrimPrefix(path, house.URL))
		if len(m.URLs) > 50_000 {
			t.Errorf("%s lists %d addresses, more than may be", path, len(m.URLs))
		}
		for _, u := range m.URLs {
			listed[u.Loc] = true
		}
	}
	if len(listed) != many+1 {
		t.Errorf("%d of %d articles are listed", len(listed), many+1)
	}
	if get(t, server, "/sitemaps/source-wire.1.xml") != first {
		t.Error("an article that came later has changed the first part")
	}
}

// News is of two days, whether anything new comes or not.
func TestNewsIsOfTwoDays(t *testing.T) {
	s, press, server, now := mapped(t)
	s.put("a1", "wire", "Ferry line opens", noon)
	mustPrint(t, press)
	path := "/news-sitemap.xml"
	*now = noon.Add(47 * time.Hour)
	if got := readSitemap(t, server, path).locs(); got != "/articles/a1" {
		t.Errorf("after 47 hours: %q", got)
	}
	date := ask(t, server, "GET", path).Header.Get("Last-Modified")
	*now = noon.Add(50 * time.Hour)
	if got := readSitemap(t, server, path).locs(); got != "" {
		t.Errorf("after 50 hours: %q", got)
	}
	if res := ask(t, server, "GET", path, "If-Modified-Since: "+date); res.StatusCode != 200 {
		t.Errorf("who asks by date is answered %d, want 200", res.StatusCode)
	}
}
