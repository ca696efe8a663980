package extract_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"copydesk/aggregator/extract"
)

// syntheticPage is a page of about 100 KB as news sites build them: scripts,
// menus, an article of forty paragraphs, teasers, comments, a footer.
func syntheticPage() []byte {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><title>The harbour opens again - Example Herald</title><meta property="og:title" content="The harbour opens again"><meta property="og:site_name" content="Example Herald"><meta property="article:published_time" content="2024-03-01T06:00:00Z">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"The harbour opens again","author":[{"@type":"Person","name":"Maeve Daly"}],"datePublished":"2024-03-01T06:00:00Z"}</script>`)
	for i := range 20 {
		fmt.Fprintf(&b, `<script>window.state%d=%q</script>`, i, strings.Repeat(fmt.Sprintf("k%d:v;", i), 60))
	}
	b.WriteString(`</head><body><nav><ul>`)
	for i := range 120 {
		fmt.Fprintf(&b, `<li class="menu-item menu-item-%d"><a href="/section/%d">Section %d</a></li>`, i, i, i)
	}
	b.WriteString(`</ul></nav><main><article class="post"><h1>The harbour opens again</h1><div class="byline">By <a rel="author" href="/daly">Maeve Daly</a></div><time datetime="2024-03-01T06:00:00Z">1 March 2024</time><div class="article-body">`)
	for i := range 40 {
		fmt.Fprintf(&b, `<p class="paragraph">Paragraph %d says that the harbour opened again at dawn, two days after the storm had closed it, and that <a href="/ships/%d">ships</a> went out on the tide. "We had waited long enough," one of the masters said; others were to follow by noon.</p>`, i, i)
		if i%10 == 9 {
			b.WriteString(`<div class="ad-slot" data-slot="inline"><div>Advertisement</div></div><figure><img src="/i.jpg"><figcaption>The harbour. <span class="credit">Coast Photo</span></figcaption></figure>`)
		}
	}
	b.WriteString(`</div></article></main><aside class="related">`)
	for i := range 150 {
		fmt.Fprintf(&b, `<div class="teaser card card--small"><a href="/article/%d"><img src="/t/%d.jpg" alt=""><h3 class="card__title">Another story of the coast, number %d</h3></a><p class="card__text">What happened there yesterday, in a line or two.</p><span class="card__date">2%d February 2024</span></div>`, i, i, i, i%9)
	}
	b.WriteString(`</aside><footer>`)
	for i := range 80 {
		fmt.Fprintf(&b, `<a class="footer__link" href="/about/%d">About %d</a> `, i, i)
	}
	b.WriteString(`</footer></body></html>`)
	return []byte(b.String())
}

func BenchmarkPage(b *testing.B) {
	page := syntheticPage()
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		if _, err := extract.Page(page, extract.Options{URL: "https://herald.example/1"}); err != nil {
			b.Fatal(err)
		}
	}
	used := processorTime(b) - before
	b.ReportMetric(float64(b.N)*float64(len(page))/100_000/used.Seconds(), "pages-of-100KB/cpu-s")
}

// processorTime is what this process has had of all processors, the garbage
// collector's share among it.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
