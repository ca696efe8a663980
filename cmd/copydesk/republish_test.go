package main

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
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
// that it finds it by what it may not tell. When the source leaves the config they
// tell as much, in the same words.
func TestRepublicationRights(t *testing.T) {
	for rights := range mayLeave {
		t.Run(string(rights), func(t *testing.T) {
			onEachShop(t, func(t *testing.T, shop *printshop) {
				src := news.Source{Slug: "wire", Name: "The Tight Wire", URL: "https://u:secret@wire.example/feed", HomePage: "https://wire.example/home", Rights: "© Wire Service", Republish: rights}
				ch := news.Channel{Slug: "all", Title: "All", Limit: 3}
				shop.sync(t, src, ch)
				shop.open(t, src, ch)
				shop.fill(t, 60) // so that there is an archive
				tags := shop.feedTags(t)
				shop.pull(t, marked("wire", 59, "second"))
				shop.tour(t, rights, tags, http.StatusOK)

				before := shop.feeds(t)
				if text := before["/channels/all/feed.atom"]; !strings.Contains(text, "<title>The Tight Wire</title>") || !strings.Contains(text, `rel="self" href="https://wire.example/feed"`) || !strings.Contains(text, "<rights>© Wire Service</rights>") {
					t.Errorf("the source is not credited: %.2000s", text)
				}
				other := news.Source{Slug: "other", Name: "Other", URL: "https://other.example/feed", Republish: news.RepublishFull}
				shop.sync(t, other, ch)
				shop.open(t, other, ch)
				if err := shop.press.Print(t.Context()); err != nil {
					t.Fatal(err)
				}
				for path, text := range shop.feeds(t) {
					if text != before[path] {
						t.Errorf("%s has changed with the config: %.2000s", path, text)
					}
				}
				shop.tour(t, rights, tags, http.StatusNotFound)
			})
		})
	}
}

// feeds are the channel's, and what its hub delivers to who has none of it, by path.
func (shop *printshop) feeds(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, format := range []string{"rss", "atom", "json"} {
		path := "/channels/all/feed." + format
		_, out[path] = shop.get(t, path)
		content, err := shop.press.Content(t.Context(), shopURL+path)
		if err != nil {
			t.Fatal(err)
		}
		delivered, err := content.Lacking(t.Context(), news.Subscriber{})
		if err != nil || len(delivered) == 0 {
			t.Fatalf("%s: %d bytes are delivered, %v", path, len(delivered), err)
		}
		out[path+" delivered"] = string(delivered)
	}
	return out
}

// feedTags are the tags of the channel's feeds, by format.
func (shop *printshop) feedTags(t *testing.T) map[string]string {
	t.Helper()
	tags := map[string]string{}
	for _, format := range []string{"rss", "atom", "json"} {
		res, _ := shop.get(t, "/channels/all/feed."+format)
		tags[format] = res.Header.Get("ETag")
	}
	return tags
}

// tour asks for everything, feeds of before by their tags too, and reports what is
// told beyond the rights of the wire, or kept from readers within them. shelf is how
// what the source has of its own is answered.
func (shop *printshop) tour(t *testing.T, rights news.Republish, tags map[string]string, shelf int) {
	t.Helper()
	may, told := mayLeave[rights], map[string]bool{}
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
		if strings.Contains(text, "secret") {
			t.Errorf("%s tells the secret in a source's address", path)
		}
	}
	for _, format := range []string{"rss", "atom", "json"} {
		see("/channels/all/feed."+format, http.StatusOK)
		see("/sources/wire/feed."+format, shelf)
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
	for _, path := range []string{"/", "/channels/all", "/opml", "/sitemap.xml", "/news-sitemap.xml"} {
		see(path, http.StatusOK)
	}
	see("/sources/wire", shelf)
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
}

// A former source's articles lead to where they come from, not to a shelf that it
// has no more.
func TestPageOfAFormerSource(t *testing.T) {
	shop := newPrintshop(t, 3)
	src := news.Source{Slug: "wire", Name: "The Wire", URL: "https://wire.example/feed", HomePage: "https://wire.example/home", Republish: news.RepublishFull}
	ch := news.Channel{Slug: "all", Title: "All", Limit: 3}
	shop.sync(t, src, ch)
	shop.pull(t, marked("wire", 1, "first"))
	other := news.Source{Slug: "other", Name: "Other", URL: "https://other.example/feed"}
	shop.sync(t, other, ch)
	shop.open(t, other, ch)
	for _, path := range []string{"/channels/all", "/articles/" + string(news.NewKey("wire", "https://wire.example/1"))} {
		_, text := shop.get(t, path)
		if !strings.Contains(text, `href="https://wire.example/home"`) || !strings.Contains(text, "The Wire") || strings.Contains(text, "/sources/wire") {
			t.Errorf("%s: %s", path, text)
		}
	}
}
