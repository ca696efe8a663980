package news

import (
	"html"
	"strings"
	"unicode/utf8"
)

// Excerpt is how many characters of an article's summary may leave the house
// where only an excerpt may: most, but no more than half of the text where the
// summary is nothing but how that begins. Of a short text a longer one would be
// the whole.
func (a *Article) Excerpt(most int) int {
	text := strings.Join(strings.Fields(plain(a.ContentHTML)), " ")
	start := strings.Join(strings.Fields(strings.TrimRight(a.Summary, " .…")), " ")
	if text == "" || start == "" || !strings.Contains(text, start) {
		return most
	}
	return min(most, utf8.RuneCountInString(text)/2)
}

// plain is the text of clean HTML, with a blank for each element that is not in
// a line.
func plain(clean string) string {
	var b strings.Builder
	for clean != "" {
		text, rest, more := strings.Cut(clean, "<")
		b.WriteString(text)
		var tag string
		if tag, clean, _ = strings.Cut(rest, ">"); more && !inLine[strings.Trim(strings.ToLower(firstWord(tag)), "/")] {
			b.WriteByte(' ')
		}
	}
	return html.UnescapeString(b.String())
}

func firstWord(tag string) string {
	word, _, _ := strings.Cut(tag, " ")
	return word
}

// inLine are the elements that part no words.
var inLine = map[string]bool{
	"a": true, "abbr": true, "b": true, "cite": true, "code": true, "em": true, "i": true, "mark": true, "q": true, "s": true,
	"small": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true,
}
