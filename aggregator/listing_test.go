package aggregator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/news"
)

// A shop is a site of many pages, which notes what was asked of it.
type shop struct {
	mu    sync.Mutex // guards all below
	pages map[string]string
	asked []string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.URL.RequestURI())
	body, ok := s.pages[r.URL.RequestURI()]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(strings.ReplaceAll(body, "HOST", "http://"+r.Host)))
}

// wasAsked tells what was asked since the last time.
func (s *shop) wasAsked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = nil
	return out
}

func (s *shop) put(address, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[address] = body
}

// listingRig pulls a source of a kind at /news from a shop.
func listingRig(t *testing.T, src news.Source, pages map[string]string) (*rig, *shop) {
	t.Helper()
	s := &shop{pages: pages}
	r := newRig(t, "@every 15m", s)
	src.Slug, src.Name, src.URL = "wire", "Wire", r.url+"/news"
	r.source.Source = src
	r.sync()
	return r, s
}

// rowsOf is a listing page of some articles, newest first.
func rowsOf(next string, numbers ...int) string {
	var b strings.Builder
	b.WriteString("<html lang=en><title>News</title><ul class=news>")
	for _, n := range numbers {
		fmt.Fprintf(&b, "<li><a href='/story/%d'>Headline of the story with number %d</a> <span>2026-11-%02d 10:00</span></li>", 1000+n, n, n)
	}
	b.WriteString("</ul>")
	if next != "" {
		b.WriteString("<a rel=next href='" + next + "'>Next</a>")
	}
	return b.String()
}

func titles(list []news.Article) []string {
	var out []string
	for _, a := range list {
		out = append(out, a.Title[strings.LastIndexByte(a.Title, ' ')+1:]+" "+a.Published.At.Format("01-02 15:04")+" "+string(a.Published.Basis))
	}
	return out
}

func TestListingPage(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	r, s := listingRig(t, news.Source{Kind: news.KindPage, TimeZone: shanghai}, map[string]string{
		"/news":        rowsOf("/news?page=2", 20, 19, 18),
		"/news?page=2": rowsOf("/news?page=3", 17, 16, 15),
		"/news?page=3": rowsOf("", 14, 13, 12),
	})
	if res := r.later(0); res.Saved.New != 9 {
		t.Errorf("saved %+v, want nine new ones from three pages", res.Saved)
	}
	if diff := cmp.Diff([]string{"/news", "/robots.txt", "/news?page=2", "/news?page=3"}, s.wasAsked()); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	list := r.articles("wire")
	if diff := cmp.Diff("20 11-20 02:00 assumed_zone", titles(list)[0]); diff != "" || list[0].URL != r.url+"/story/1020" || list[0].Language != "en" {
		t.Errorf("the newest is %+v: %s", list[0], diff)
	}
	s.put("/news", rowsOf("/news?page=2", 21, 20, 19))
	res := r.later(time.Hour)
	if res.Saved.New != 1 || len(res.Pull.Articles) != 1 {
		t.Errorf("saved %+v of %d articles, want the new one alone to be read", res.Saved, len(res.Pull.Articles))
	}
	if diff := cmp.Diff([]string{"/news"}, s.wasAsked()); diff != "" {
		t.Errorf("asked later (-want +got):\n%s", diff)
	}
	if res := r.later(time.Hour); res.Pull.Outcome != news.OutcomeUnchanged {
		t.Errorf("the same page again: %v", res.Pull.Outcome)
	}
	s.put("/news", "<html><p>We are being rebuilt.")
	r.now = r.now.Add(time.Hour)
	if _, err := r.pullOf(r.source); err == nil || !strings.Contains(err.Error(), "no list of articles") {
		t.Errorf("a page without a list: %v", err)
	}
}

func TestFurtherPagesAreBounded(t *testing.T) {
	pages := map[string]string{"/news": rowsOf("/p1", 28, 27, 26)}
	for i := 1; i < 9; i++ {
		pages[fmt.Sprintf("/p%d", i)] = rowsOf(fmt.Sprintf("/p%d", i+1), 3*i, 3*i+1, 3*i+2)
	}
	r, s := listingRig(t, news.Source{Kind: news.KindPage}, pages)
	if res := r.later(0); res.Saved.New != 18 || len(s.wasAsked()) != 7 {
		t.Errorf("saved %+v, want those of six pages", res.Saved)
	}
}

func TestFurtherPagesHeedRobots(t *testing.T) {
	pages := map[string]string{"/news": rowsOf("/p1", 28, 27, 26), "/p1": rowsOf("", 1, 2, 3), "/robots.txt": "User-agent: *\nDisallow: /p1"}
	r, _ := listingRig(t, news.Source{Kind: news.KindPage}, pages)
	res := r.later(0)
	if res.Saved.New != 3 || len(res.Pull.Warnings) != 1 || !strings.Contains(res.Pull.Warnings[0], "robots.txt") {
		t.Errorf("saved %+v, warned %q; want one page and a word of robots.txt", res.Saved, res.Pull.Warnings)
	}
}

func TestListingPageBySelectors(t *testing.T) {
	page := `<html><div class=x><b>One</b><a href="/a/1">pic</a><i>1 November 2026</i></div><div class=x><b>Two</b><a href="/a/2">pic</a><i>2 November 2026</i></div>`
	r, _ := listingRig(t, news.Source{Kind: news.KindPage, List: news.ListHints{Items: "div.x", Title: "b", Date: "i"}}, map[string]string{"/news": page})
	if res := r.later(0); res.Saved.New != 2 {
		t.Errorf("saved %+v, want two", res.Saved)
	}
	if diff := cmp.Diff([]string{"Two 11-02 00:00 date_only", "One 11-01 00:00 date_only"}, titles(r.articles("wire"))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONListing(t *testing.T) {
	paths := news.JSONPaths{Items: "data", Link: "url", Title: "t", Date: "at", Authors: "by.name"}
	r, s := listingRig(t, news.Source{Kind: news.KindJSON, JSON: paths}, map[string]string{
		"/news": `{"data":[{"url":"/a/1","t":"One","at":1795500000,"by":[{"name":"ANN LEE"}]},{"url":"/a/2","t":"Two","at":"2026-11-23T08:00:00Z"}]}`,
	})
	if res := r.later(0); res.Saved.New != 2 {
		t.Errorf("saved %+v, want two", res.Saved)
	}
	list := r.articles("wire")
	if diff := cmp.Diff([]string{"One 11-24 06:00 explicit", "Two 11-23 08:00 explicit"}, titles(list)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list[0].URL != r.url+"/a/1" || list[0].Byline.People[0].Name != "Ann Lee" {
		t.Errorf("got %+v", list[0])
	}
	s.put("/news", `{"data":[{"url":"/a/1","t":"One","at":1795500000,"by":[{"name":"ANN LEE"}]},{"url":"/a/2","t":"Two, corrected","at":"2026-11-23T08:00:00Z"}]}`)
	if res := r.later(time.Hour); res.Saved.Changed != 1 || len(res.Pull.Articles) != 1 {
		t.Errorf("saved %+v of %d articles, want one changed", res.Saved, len(res.Pull.Articles))
	}
}

func TestSitemapIndex(t *testing.T) {
	entry := func(n int) string {
		return fmt.Sprintf(`<url><loc>HOST/a/%d</loc><lastmod>2026-11-%02dT12:00:00Z</lastmod><news:news><news:publication_date>2026-11-%02dT08:00:00Z</news:publication_date><news:title>Story %d</news:title></news:news></url>`, n, n, n, n)
	}
	r, s := listingRig(t, news.Source{Kind: news.KindSitemap}, map[string]string{
		"/news": `<sitemapindex><sitemap><loc>HOST/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap><sitemap><loc>/new.xml</loc><lastmod>2026-11-23</lastmod></sitemap>` +
			`<sitemap><loc>HOST/gone.xml</loc><lastmod>2026-11-22</lastmod></sitemap><sitemap><loc>HOST/older.xml</loc><lastmod>2024-11-22</lastmod></sitemap></sitemapindex>`,
		"/new.xml": `<urlset>` + entry(20) + entry(21) + `</urlset>`,
		"/old.xml": `<urlset>` + entry(1) + `</urlset>`,
	})
	res := r.later(0)
	if res.Saved.New != 3 || len(res.Pull.Warnings) != 1 || !strings.Contains(res.Pull.Warnings[0], "gone.xml") {
		t.Errorf("saved %+v, warned %q; want three new and a word of the one that is gone", res.Saved, res.Pull.Warnings)
	}
	if asked := s.wasAsked(); !slices.Equal(asked, []string{"/news", "/robots.txt", "/new.xml", "/gone.xml", "/old.xml"}) {
		t.Errorf("asked %q", asked)
	}
	list := r.articles("wire")
	if diff := cmp.Diff([]string{"21 11-21 08:00 explicit", "20 11-20 08:00 explicit", "1 11-01 08:00 explicit"}, titles(list)); diff != "" || list[0].Modified.At.Hour() != 12 {
		t.Errorf("(-want +got):\n%s; modified %v", diff, list[0].Modified)
	}
	s.put("/new.xml", `<urlset>`+entry(22)+entry(21)+`</urlset>`) // the index says nothing of it
	if res := r.later(time.Hour); res.Saved.New != 1 || len(res.Pull.Articles) != 1 {
		t.Errorf("saved %+v of %d articles, want one new", res.Saved, len(res.Pull.Articles))
	}
}
