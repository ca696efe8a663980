package main

import (
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
	"copydesk/publisher/page"
)

// On a page in one script, what is in another reads as it would at home, fits on
// a phone, and on paper is whole.
func TestScriptsSideBySide(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	for _, tt := range []struct{ house, start string }{{"zh-Hans", "left"}, {"ko", "left"}, {"he", "right"}} {
		address := mixedHouse(t, tt.house)
		do(t, b, call("Emulation.setEmulatedMedia", map[string]any{"media": ""}), chromedp.EmulateViewport(360, 800))
		visit(t, b, address+"/channels/mixed")
		if over := eval[int](t, b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("%s: %d pixels too wide", tt.house, over)
		}
		// Who made an article stands where its headline begins.
		for _, lang := range []string{"de", "ar", "zh"} {
			apart := eval[float64](t, b, `(() => {
				const article = document.querySelector('article[lang=`+lang+`]');
				const side = getComputedStyle(article.querySelector('h2')).direction === 'rtl' ? 'right' : 'left';
				const edge = e => { const r = document.createRange(); r.selectNodeContents(e); return r.getBoundingClientRect()[side]; };
				return Math.abs(edge(article.querySelector('h2')) - edge(article.querySelector('.by')));
			})()`)
			if apart > 8 {
				t.Errorf("%s: the by-line of an article in %s begins %.0f pixels from its headline", tt.house, lang, apart)
			}
		}
		// The feeds follow each other as the page runs.
		places := eval[[]float64](t, b, `[...document.querySelectorAll('.title .feeds a')].map(a => a.getBoundingClientRect().left)`)
		if len(places) != 3 || (places[0] < places[1]) != (tt.start == "left") || (places[1] < places[2]) != (tt.start == "left") {
			t.Errorf("%s: the feeds stand at %v", tt.house, places)
		}
		do(t, b, chromedp.EmulateViewport(700, 1000), call("Emulation.setEmulatedMedia", map[string]any{"media": "print"}))
		visit(t, b, address+"/articles/wide")
		if cut := eval[[]string](t, b, `[...document.querySelectorAll('.text *')].filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map(e => e.tagName)`); len(cut) > 0 {
			t.Errorf("%s: the paper's edge cuts %v", tt.house, cut)
		}
	}
}

// mixedHouse serves a channel of three scripts, and an article that is wide.
func mixedHouse(t *testing.T, lang string) string {
	t.Helper()
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	h := edition.House{Title: "House", URL: "https://news.example.org", Language: lang, TimeZone: time.UTC}
	p, err := page.New(h, page.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := &edition.Edition{House: h, Shelf: news.Shelf{Kind: news.ChannelShelf, Slug: "mixed"}, Title: "Mixed", Language: lang, Sources: map[news.Slug]edition.Source{}}
	for _, a := range []struct{ lang, title string }{
		{"de", "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung"},
		{"ar", "مجلس المدينة يوافق على الميزانية الجديدة"},
		{"zh", "市议会经过长时间讨论后通过了新的预算案并公布了明年的支出计划和收入预测"},
	} {
		e.Articles = append(e.Articles, news.Article{Key: news.Key(a.lang), Source: "wire", Title: a.title, Summary: a.title, Language: a.lang, Published: news.Moment{At: at}, Updated: at})
	}
	channel, err := p.Channel(e)
	if err != nil {
		t.Fatal(err)
	}
	wide := e.Articles[0]
	wide.ContentHTML = "<pre>" + strings.Repeat("sum = a + b + ", 30) + "</pre><table><tr>" + strings.Repeat("<td>1000000000</td>", 14) + "</tr></table><p>" + strings.Repeat("x", 200) + "</p>"
	article, err := p.Article(wide, edition.Source{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := page.Static()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, contentType := channel, "text/html; charset=utf-8"
		if strings.HasPrefix(r.URL.Path, "/articles/") {
			body = article
		}
		if f, ok := files[path.Base(r.URL.Path)]; ok {
			body, contentType = f.Body, f.ContentType
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
