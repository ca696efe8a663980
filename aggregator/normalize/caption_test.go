package normalize

import (
	"runtime"
	"strings"
	"testing"
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
