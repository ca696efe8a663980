package edition

import (
	"strings"
	"unicode"
)

// Clip shortens text to at most n characters, at a blank where there is one near
// the end, and says so with an ellipsis; not where what is left ends a sentence.
func Clip(s string, n int) string {
	text := []rune(s)
	if len(text) <= n {
		return s
	}
	if n < 1 { // half of one letter is none
		return ""
	}
	end := n - 1
	for end > 1 && (unicode.IsMark(text[end]) || text[end] == zeroWidthJoiner || text[end-1] == zeroWidthJoiner) { // one character to a reader
		end--
	}
	short := string(text[:end])
	if i := strings.LastIndexByte(short, ' '); i > len(short)*3/4 {
		short = short[:i]
	}
	short = strings.TrimRight(short, " ,;:–—-，、；：")
	if endsSentence(short) {
		return short
	}
	return short + "…"
}

const zeroWidthJoiner = '\u200d'

// endsSentence reports a mark that ends a sentence at the end, before what
// closes behind it.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, `"'”’»」』）)`)
	last := []rune(s)
	return len(last) > 0 && strings.ContainsRune(".!?…。！？؟۔।॥", last[len(last)-1])
}
