package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"copydesk/aggregator/news"
)

// Whatever is published by author, by section and by words is found by readers
// as soon as it is stored, in any script, and gone as soon as it is withdrawn.
func TestReadersFind(t *testing.T) {
	t.Parallel()
	shop := newPrintshop(t, 50)
	a := wireArticle(1, "上海的新渡轮", shop.at)
	a.Byline.People = []news.Person{{Name: "王晓夏", Role: news.Author}, {Name: "Lin Yuchen", Role: news.Author}}
	a.Section, a.Language = "国际", "zh"
	shop.pull(t, a, wireArticle(2, "Ferry & harbour", shop.at.Add(-time.Minute)))

	_, channel := shop.get(t, "/channels/all")
	var paths []string
	for _, part := range strings.Split(channel, `href="`)[1:] {
		if path, _, _ := strings.Cut(part, `"`); strings.HasPrefix(path, "/authors/") || strings.HasPrefix(path, "/sections/") {
			paths = append(paths, path)
		}
	}
	if len(paths) != 3 {
		t.Fatalf("the channel leads to %v, want two authors and a section", paths)
	}
	for _, path := range append(paths, "/search?q="+url.QueryEscape("渡轮"), "/search?q=author%3Alin") {
		feed := path + "/feed.json"
		if base, query, search := strings.Cut(path, "?"); search {
			feed = base + "/feed.json?" + query
		}
		res, text := shop.get(t, path)
		text = strings.NewReplacer("<mark>", "", "</mark>", "").Replace(text)
		if res.StatusCode != http.StatusOK || !strings.Contains(text, a.Title) || strings.Contains(text, "harbour") {
			t.Errorf("%s: got %d, %.300q", path, res.StatusCode, text)
		}
		_, text = shop.get(t, feed)
		var doc struct {
			FeedURL string `json:"feed_url"`
			Items   []struct{ Title string }
		}
		if err := json.Unmarshal([]byte(text), &doc); err != nil || len(doc.Items) != 1 || doc.Items[0].Title != a.Title || doc.FeedURL != shopURL+feed {
			t.Errorf("%s: %+v, %v", feed, doc, err)
		}
		paths = append(paths, feed)
	}
	for query, want := range map[string]string{"渡轮": "上海的新<mark>渡轮</mark></a></h2>", "海": "上<mark>海</mark>的新渡轮</a></h2>", "HARBOUR": "Ferry &amp; <mark>harbour</mark></a></h2>"} {
		if _, text := shop.get(t, "/search?q="+url.QueryEscape(query)); !strings.Contains(text, want) {
			t.Errorf("a search for %s does not mark what it has found: %.3000s", query, text)
		}
	}
	if res, _ := shop.get(t, "/authors/yuchen-lin/feed.rss"); res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != "/authors/lin-yuchen/feed.rss" {
		t.Errorf("a name turned round: got %d to %s", res.StatusCode, res.Header.Get("Location"))
	}

	if _, err := shop.store.Withdraw(t.Context(), a.Key, news.Withdrawal{At: shop.at.Add(time.Hour), Reason: "wrong"}); err != nil {
		t.Fatal(err)
	}
	shop.pull(t)
	for _, path := range paths {
		if res, text := shop.get(t, path); res.StatusCode != http.StatusOK || strings.Contains(text, a.Title+`"`) || strings.Contains(text, a.Title+"<") {
			t.Errorf("%s after the withdrawal: got %d, %.300q", path, res.StatusCode, text)
		}
	}
}

// hostileContent is what must never get past the cleaning of articles. Here it
// has: the policy of the pages stands behind it.
const hostileContent = `<script>window.ran = 1</script><img src="EVIL/none.png" onerror="window.ran = 2"><svg onload="window.ran = 3"></svg>
<iframe src="EVIL/frame" srcdoc="<script>parent.ran = 4</script>"></iframe><a id="js" href="javascript:window.ran = 5">x</a>
<style>main { display: none }</style><p id="styled" style="display: none">y</p><input autofocus onfocus="window.ran = 6"><details open ontoggle="window.ran = 7"></details>
<base href="EVIL/"><link rel="stylesheet" href="EVIL/style.css"><object data="EVIL/object"></object><embed src="EVIL/embed">
<script src="EVIL/script.js"></script><video src="x" onerror="window.ran = 8"></video><form action="EVIL/form"><button id="send">z</button></form>`

// TestNothingOfAnArticleRuns opens pages whose articles are as bad as can be,
// text and all, in a browser.
func TestNothingOfAnArticleRuns(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	shop := newPrintshop(t, 50)
	const evil = `"><script>window.ran = 9</script><img src=x onerror="window.ran = 10">`
	a := wireArticle(1, evil, shop.at)
	var reached atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/none.png" { // a picture may be asked for
			reached.Add(1)
		}
	}))
	t.Cleanup(elsewhere.Close)
	a.ContentHTML = strings.ReplaceAll(hostileContent, "EVIL", elsewhere.URL)
	a.Summary, a.Section, a.Categories = evil, evil, []string{evil}
	a.Byline.People = []news.Person{{Name: evil, Role: news.Author, URL: "javascript:window.ran=11"}}
	a.URL, a.Image = "javascript:window.ran=12", &news.Image{URL: "https://wire.example/" + evil, Alt: evil, Caption: evil}
	shop.pull(t, a)
	a.Title += " again"
	shop.pull(t, a)

	server := httptest.NewServer(shop.server)
	t.Cleanup(server.Close)
	page := "/articles/" + string(a.Key)
	for _, path := range []string{"/", "/channels/all", page, page + "/history", "/search?q=window"} {
		visit(t, b, server.URL+path)
		if where := eval[string](t, b, "location.pathname + location.search"); where != path {
			t.Errorf("%s led to %s by itself", path, where)
		}
		if ran := eval[string](t, b, "String(window.ran)"); ran != "undefined" {
			t.Errorf("%s: something ran: %s", path, ran)
		}
		if shown := eval[string](t, b, "getComputedStyle(document.querySelector('main')).display"); shown == "none" {
			t.Errorf("%s: an article styled the page", path)
		}
	}
	visit(t, b, server.URL+page)
	do(t, b, chromedp.Click("#js"))
	if ran := eval[string](t, b, "String(window.ran)"); ran != "undefined" {
		t.Errorf("a link ran: %s", ran)
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("%d things were fetched that an article asked for", n)
	}
}
