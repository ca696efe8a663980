package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// What may leave the house of an article, by its source's rights. Each mark
// stands in one field of it.
var mayLeave = map[news.Republish]map[string]bool{
	news.RepublishFull:     {"the-title": true, "the-summary": true, "the-text": true, "the-enclosure": true, "the-picture": true, "the-caption": true},
	news.RepublishExcerpt:  {"the-title": true, "the-summary": true, "the-picture": true, "the-caption": true},
	news.RepublishHeadline: {"the-title": true},
}

// A marked article says in each field which one that is, and for whom.
func marked(slug news.Slug, i int, version string) news.Article {
	id := fmt.Sprintf("https://%s.example/%d", slug, i)
	mark := func(field string) string { return fmt.Sprintf("the-%s of %s in its %s version", field, slug, version) }
	return news.Article{
		Key: news.NewKey(slug, id), ID: id, Source: slug, OriginalID: id, URL: id, Title: mark("title"), Summary: mark("summary"),
		ContentHTML: "<p>" + mark("text") + "</p><p>" + strings.Repeat("More of it. ", 200) + "</p>", Words: 600,
		Image:       &news.Image{URL: id + "/the-picture.jpg", Caption: mark("caption")},
		Attachments: []news.Attachment{{URL: id + "/the-enclosure.mp3", MIMEType: "audio/mpeg"}},
		Byline:      news.Byline{People: []news.Person{{Name: "Ann Lee", Role: news.Author}}},
		Section:     "Coast",
		Language:    "en",
		Published:   news.Moment{At: time.Date(2026, 11, 1, 11, i, 0, 0, time.UTC), Basis: news.Explicit, Raw: "then"},
	}
}

// No route tells more of an article than its source's rights let: not a feed in
// any format, whole or as a delta, not an archive, an author's or a section's, not
// a page, its history or what it says for machines, not what a search finds, nor
// that it finds it by what it may not tell.
func TestRepublicationRights(t *testing.T) {
	for rights, may := range mayLeave {
		t.Run(string(rights), func(t *testing.T) {
			shop := newPrintshop(t, 3)
			src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", Republish: rights}
			ch := news.Channel{Slug: "all", Title: "All", Limit: 3}
			if err := shop.store.SyncSources(t.Context(), []store.SourceConfig{{Source: src, FirstDue: shop.at}}); err != nil {
				t.Fatal(err)
			}
			shop.open(t, src, ch)
			var list []news.Article
			for i := range 60 { // so that there is an archive
				list = append(list, marked("wire", i, "first"))
			}
			shop.pull(t, list...)
			tags := map[string]string{}
			for _, format := range []string{"rss", "atom", "json"} {
				res, _ := shop.get(t, "/channels/all/feed."+format)
				tags[format] = res.Header.Get("ETag")
			}
			shop.pull(t, marked("wire", 59, "second"))

			told := map[string]bool{}
			see := func(path string, want int, header ...string) {
				t.Helper()
				res, text := shop.get(t, path, header...)
				if res.StatusCode != want {
					t.Fatalf("%s: got %d, want %d", path, res.StatusCode, want)
				}
				for _, found := range regexp.MustCompile(`the-(title|summary|text|enclosure|picture|caption)`).FindAllString(text, -1) {
					told[found] = true
					if !may[found] {
						t.Errorf("%s tells %s of a source whose rights are %s", path, found, rights)
					}
				}
			}
			for _, format := range []string{"rss", "atom", "json"} {
				see("/channels/all/feed."+format, http.StatusOK)
				see("/sources/wire/feed."+format, http.StatusOK)
				see("/channels/all/feed."+format, http.StatusIMUsed, "A-IM", "feed", "If-None-Match", tags[format])
				see("/channels/all/archive/1."+format, http.StatusOK)
			}
			for _, shelf := range []string{"/authors/ann-lee", "/sections/coast", "/search"} {
				query := ""
				if shelf == "/search" {
					query = "?q=version"
				}
				see(shelf+query, http.StatusOK)
				for _, format := range []string{"rss", "atom", "json"} {
					see(shelf+"/feed."+format+query, http.StatusOK)
				}
			}
			if err := shop.store.Index(t.Context(), shop.at); err != nil {
				t.Fatal(err)
			}
			for field, word := range map[string]string{"the-title": "title", "the-summary": "summary", "the-text": "text"} {
				if _, text := shop.get(t, "/search/feed.json?q="+word); strings.Contains(text, `"id"`) != may[field] {
					t.Errorf("the word %q finds articles: %t, of a source whose rights are %s", word, !may[field], rights)
				}
			}
			for _, path := range []string{"/", "/channels/all", "/sources/wire", "/opml", "/sitemap.xml", "/news-sitemap.xml"} {
				see(path, http.StatusOK)
			}
			key := string(news.NewKey("wire", "https://wire.example/59"))
			article := http.StatusOK
			if rights == news.RepublishHeadline {
				article = http.StatusFound // the reader is sent to the original
			}
			sitemap := http.StatusOK
			if rights == news.RepublishHeadline {
				sitemap = http.StatusNotFound // no page of ours to list
			}
			see("/sitemaps/source-wire.1.xml", sitemap)
			see("/articles/"+key, article)
			see("/articles/"+key+"/history", http.StatusOK)
			for field := range may {
				if !told[field] {
					t.Errorf("nothing tells %s, which the rights let", field)
				}
			}
		})
	}
}

// Nor do they tell more of a source that has left the config than an excerpt.
func TestRightsOfAFormerSource(t *testing.T) {
	shop := newPrintshop(t, 3)
	shop.pull(t, marked("wire", 1, "first"))
	ch := news.Channel{Slug: "all", Title: "All", Limit: 3}
	shop.open(t, news.Source{Slug: "other", Name: "Other", URL: "https://other.example/feed", Republish: news.RepublishFull}, ch)
	if err := shop.press.Print(t.Context()); err != nil {
		t.Fatal(err)
	}
	key := string(news.NewKey("wire", "https://wire.example/1"))
	for _, path := range []string{"/channels/all/feed.atom", "/channels/all", "/articles/" + key, "/articles/" + key + "/history"} {
		if _, text := shop.get(t, path); strings.Contains(text, "the-text") || strings.Contains(text, "the-enclosure") {
			t.Errorf("%s tells the text of a source that has left", path)
		}
	}
}
