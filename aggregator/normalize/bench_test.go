package normalize_test

import (
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
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
