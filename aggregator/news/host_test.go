package news_test

import (
	"strings"
	"testing"

	"golang.org/x/net/idna"

	"copydesk/aggregator/news"
)

// The library that the HTTP client asks by makes the same of it. It may not be
// imported here but to compare with.
func TestHostIsAsItIsAsked(t *testing.T) {
	for _, host := range []string{
		"bücher", "straße", "ünïcödé-wîth-many-áccénts", "他们为什么不说中文", "почемужеонинеговорятпорусски", "למההםפשוטלאמדבריםעברית",
		"ליהמ", "ايجيبت", "なぜみんな日本語を話してくれないのか", "세계의모든사람들이한국어를이해한다면", "3年b組金八先生", "пример.испытание", "中国",
		"aé" + strings.Repeat("b", 40), strings.Repeat("é", 20), "𐌰𐌱",
	} {
		want, err := idna.Punycode.ToASCII(host)
		if err != nil {
			t.Fatal(err)
		}
		if got := news.Host("https://" + host + "/feed"); got != want {
			t.Errorf("Host of %s = %q, want %q", host, got, want)
		}
	}
}
