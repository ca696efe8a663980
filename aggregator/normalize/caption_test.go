package normalize

import (
	"runtime"
	"strings"
	"testing"

	"copydesk/aggregator/parse"
)

func TestWithoutCaptions(t *testing.T) {
	for text, want := range map[string]string{
		"<p>a</p>": "<p>a</p>",
		"<figure><img><figcaption>b</figcaption></figure><p>a</p><figure><img><figcaption>c</figcaption></figure>": "<figure><img></figure><p>a</p><figure><img></figure>",
		"<p>a</p><figcaption>b": "<p>a</p><figcaption>b",
	} {
		if got := withoutCaptions(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// A page full of pictures must not be copied once for each of them.
func TestManyCaptionsCostNoMoreThanTheirText(t *testing.T) {
	const one = "<figure><img><figcaption>b</figcaption></figure>"
	text := strings.Repeat(one, 20_000)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	withoutCaptions(text)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 20*uint64(len(text)) {
		t.Errorf("%d KB of text took %d KB of memory", len(text)>>10, used>>10)
	}
}

// A summary ends before the link to the whole article; any other link is of its text.
func TestWithoutMore(t *testing.T) {
	for body, want := range map[string]string{
		`<p>The boats are back. <a href="/1">Continue reading...</a></p>`: "The boats are back.",
		`The boats are back… <a href='/1'>more»</a>`:                      "The boats are back…",
		`Les bateaux. <a href="/1"><b>Lire la suite →</b></a>`:            "Les bateaux.",
		`渡轮停航。<a href="/1">阅读全文</a>`:                                      "渡轮停航。",
		`The keeper wants <a href="/1">more boats</a>`:                    "The keeper wants more boats",
		`<a href="/1">More</a> boats are back.`:                           "More boats are back.",
		`The keeper said: Continue reading...`:                            "The keeper said: Continue reading...",
	} {
		if got := Text(withoutMore(parse.Text{Body: body, Type: parse.HTML}), parse.HTML); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}
