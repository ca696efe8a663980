package normalize_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microcosm-cc/bluemonday"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

func BenchmarkByline(b *testing.B) {
	lines := []string{"Jane Q. Reporter and Tom Roe", "By ANN LEE, Reuters", "记者：张三、李四光 责任编辑：王 丹", "Kieran Pender in Wollongong"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		normalize.Byline(lines[i%len(lines)], news.Author)
	}
}

func BenchmarkDate(b *testing.B) {
	dates := []string{"Mon, 23 Nov 2026 10:30:00 +0000", "2026-11-23T10:30:00Z", "23. November 2026 um 10:30 Uhr", "2小时前"}
	r := normalize.Reading{Zone: time.UTC, Language: "de", At: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		normalize.Date(dates[i%len(dates)], r)
	}
}

// BenchmarkHTML cleans a body of 1.3 KB, and lets the library's own policy for
// what users write do so, in turn: the ratio is what counts.
func BenchmarkHTML(b *testing.B) {
	var text strings.Builder
	for p := range 5 {
		fmt.Fprintf(&text, "<p>Paragraph %d: the crews moved the <a href=\"https://wire.example/boats/%d?utm_source=rss\">boats</a> behind the second wall before noon, and the <em>keeper</em> counted them twice, as keepers of this coast have done since the winter.</p>\n", p, p)
	}
	body, ugc := text.String(), bluemonday.UGCPolicy()
	for name, clean := range map[string]func(){
		"ours":    func() { normalize.HTML(body, parse.HTML, "https://wire.example/1") },
		"library": func() { ugc.Sanitize(body) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				clean()
			}
		})
	}
}

// BenchmarkDatesOfFeed reads the dates of a feed of 30 items, the way programs
// write them and the way people do, and parses the same feed, in turn: dates
// are to cost a small part of the parse.
func BenchmarkDatesOfFeed(b *testing.B) {
	for name, form := range map[string]string{
		"program": "Tue, %02d Nov 2026 10:30:00 GMT", "people": "Tuesday, November %d, 2026 at 10:30 a.m. EST",
	} {
		var doc strings.Builder
		var dates []string
		doc.WriteString(`<rss version="2.0"><channel><title>T</title>`)
		for i := range 30 {
			dates = append(dates, fmt.Sprintf(form, i%20+1))
			fmt.Fprintf(&doc, "<item><guid>%d</guid><title>Story %d</title><link>https://wire.example/%d</link><pubDate>%s</pubDate><description>%s</description></item>",
				i, i, i, dates[i], strings.Repeat("The crews moved the boats behind the second wall before noon. ", 20))
		}
		doc.WriteString("</channel></rss>")
		body := []byte(doc.String())
		r := normalize.Reading{Zone: time.UTC, Language: "en", At: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}
		b.Run(name+"/dates", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, d := range dates {
					normalize.Date(d, r)
				}
			}
		})
		b.Run(name+"/parse", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				doc, err := parse.Open(body, parse.Options{})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := doc.Feed(nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCredits reads the bylines, credits, datelines and dates of a feed of
// thirty items, each with people of its own, and parses the same feed, in turn:
// the facts must cost less.
func BenchmarkCredits(b *testing.B) {
	var doc strings.Builder
	doc.WriteString(`<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Wire</title>`)
	given, family := []string{"Ann", "Bob", "Cid", "Dee", "Eve", "Fay"}, []string{"Lee", "Roy", "Núñez", "Ray", "Vogt"}
	for i := range 30 {
		name := given[i%6] + " " + family[i%5]
		fmt.Fprintf(&doc, `<item><title>Boats %d</title><link>https://wire.example/boats/%d</link><guid>boats-%d</guid><dc:creator>By %s and Jo %s, Reuters</dc:creator><pubDate>Tue, 24 Nov 2026 10:%02d:00 GMT</pubDate><description>&lt;p&gt;LISBON, Nov. 24 (Reuters) - The crews moved the boats behind the second wall before noon, and the keeper counted them twice, as keepers of this coast have done since the winter.&lt;/p&gt;&lt;p&gt;He will count them again.&lt;/p&gt;&lt;p&gt;(Reporting by %s; Editing by Al Kerr)&lt;/p&gt;</description></item>`, i, i, i, name, family[(i+2)%5], i, name)
	}
	doc.WriteString(`</channel></rss>`)
	read := func() *parse.Feed {
		d, err := parse.Open([]byte(doc.String()), parse.Options{})
		if err != nil {
			b.Fatal(err)
		}
		feed, err := d.Feed(nil)
		if err != nil {
			b.Fatal(err)
		}
		return feed
	}
	feed := read()
	src := news.Source{Slug: "wire"}
	opt := normalize.Options{At: fetched}
	bodies := normalize.Articles(src, feed, opt)
	var parsing, facts time.Duration
	for b.Loop() {
		start := time.Now()
		read()
		parsed := time.Now()
		normalize.FactsOf(src, feed, opt, bodies)
		parsing += parsed.Sub(start)
		facts += time.Since(parsed)
	}
	b.ReportMetric(float64(facts)/float64(parsing), "facts/parse")
}

// A realFeed is one of COPYDESK_TEST_SAMPLES, with the least that its parse and its
// facts took in any round: what else the machine does only ever adds to them.
type realFeed struct {
	name           string
	body           []byte
	feed           *parse.Feed
	articles       []news.Article
	parsing, facts time.Duration
}

// ratio is what bylines, credits, datelines and dates cost beside the parse.
func (f *realFeed) ratio() float64 { return float64(f.facts) / float64(f.parsing) }

// round parses the feed and reads its facts, once each.
func (f *realFeed) round(src news.Source, opt normalize.Options) error {
	start := time.Now()
	doc, err := parse.Open(f.body, parse.Options{})
	if err != nil {
		return err
	}
	feed, err := doc.Feed(nil)
	if err != nil {
		return err
	}
	parsed := time.Now()
	if f.feed == nil {
		f.feed, f.articles = feed, normalize.Articles(src, feed, opt)
		f.parsing, f.facts = parsed.Sub(start), time.Hour
		return nil
	}
	normalize.FactsOf(src, f.feed, opt, f.articles)
	f.parsing, f.facts = min(f.parsing, parsed.Sub(start)), min(f.facts, time.Since(parsed))
	return nil
}

// realFeeds are those that can be parsed and whose items are an article each.
func realFeeds(b *testing.B, src news.Source, opt normalize.Options) []*realFeed {
	dir := os.Getenv("COPYDESK_TEST_SAMPLES")
	if dir == "" {
		b.Skip("COPYDESK_TEST_SAMPLES names no folder of real feeds")
	}
	files, err := filepath.Glob(filepath.Join(dir, "feeds", "*"))
	if err != nil {
		b.Fatal(err)
	}
	var out []*realFeed
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		f := &realFeed{name: filepath.Base(file), body: body}
		if err := f.round(src, opt); err != nil || len(f.articles) == 0 || len(f.articles) != len(f.feed.Items) { // an error page that was served as a feed
			continue
		}
		out = append(out, f)
	}
	return out
}

// BenchmarkRealFeeds parses the feeds of COPYDESK_TEST_SAMPLES and reads their
// bylines, credits, datelines and dates, which is told as a share of the parse: of
// all together, of the feed where it is largest, and for how many it is above one.
// A round is an iteration; -benchtime=10x is enough to tell.
func BenchmarkRealFeeds(b *testing.B) {
	src, opt := news.Source{Slug: "wire"}, normalize.Options{At: fetched, All: true}
	feeds := realFeeds(b, src, opt)
	for b.Loop() {
		for _, f := range feeds {
			if err := f.round(src, opt); err != nil {
				b.Fatal(err)
			}
		}
	}
	var parsing, facts time.Duration
	above := 0
	for _, f := range feeds {
		parsing, facts = parsing+f.parsing, facts+f.facts
		if f.ratio() > 1 {
			above++
		}
	}
	slices.SortFunc(feeds, func(a, b *realFeed) int { return cmp.Compare(b.ratio(), a.ratio()) })
	var worst []string
	for _, f := range feeds[:max(above, 1)] {
		worst = append(worst, fmt.Sprintf("%.2f %s", f.ratio(), f.name))
	}
	b.Log(strings.Join(worst, ", ")) // a benchmark's log is cut behind ten lines
	b.ReportMetric(float64(facts)/float64(parsing), "facts/parse")
	b.ReportMetric(float64(above), "feeds-above-1")
	b.ReportMetric(feeds[0].ratio(), "worst-facts/parse")
}
