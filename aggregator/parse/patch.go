package parse

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A patched text is UTF-8 but for some bytes, which are mended.
type patched struct {
	text    []byte
	read    int // bytes that were read as windows-1252
	dropped int // sequences that were left out
	lost    int // the bytes of those
}

// patchUTF8 mends what is UTF-8 but for some bytes. A sequence that was cut, as those
// that shorten texts to a number of bytes leave it, is dropped, and so is a byte that
// could be no letter where it stands. Others are what windows-1252 has for them: those
// who paste into UTF-8 paste from there.
func patchUTF8(data []byte) patched {
	p := patched{text: make([]byte, 0, len(data)+64)}
	western := pageOf1252()
	var before, letter rune
	capitals := 0
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			n = faulty(data)
			r = western[data[0]]
			after := nextRune(data[1:], western)
			switch place := (spot{before: before, letter: letter, after: after, capitals: capitals}); {
			case n > 1 && place.closed(r, data[1:n], western), n == 1 && place.holds(r):
				p.text = utf8.AppendRune(p.text, r)
				p.read++
				n = 1
			default:
				p.dropped++
				p.lost += n
				r = before
			}
		} else {
			p.text = append(p.text, data[:n]...)
		}
		switch {
		case lettered(r):
			letter = r
		case strings.ContainsRune(`<>"[`, r): // another text begins
			letter = 0
		}
		if capitals++; !unicode.IsUpper(r) {
			capitals = 0
		}
		before = r
		data = data[n:]
	}
	return p
}

// pageOf1252 are the characters of windows-1252; 0 for those bytes that have none.
var pageOf1252 = sync.OnceValue(func() (page [256]rune) {
	for b := range page {
		out, _ := decode([]byte{byte(b)}, "windows-1252")
		if r, _ := utf8.DecodeRune(out); !unicode.IsControl(r) {
			page[b] = r
		}
	}
	return page
})

// faulty is how many bytes at the start of data begin a sequence that is not ended, 1
// where none does (Unicode §3.9, U+FFFD substitution of maximal subparts).
func faulty(data []byte) int {
	n := 1
	for n < min(len(data), 3) && !utf8.FullRune(data[:n+1]) {
		n++
	}
	return n
}

// nextRune is the first character of data, as windows-1252 where it is not UTF-8.
func nextRune(data []byte, western [256]rune) rune {
	r, n := utf8.DecodeRune(data)
	if r == utf8.RuneError && n == 1 {
		return western[data[0]]
	}
	return r
}

// A spot is where a byte stands that is not UTF-8.
type spot struct {
	before, after rune
	letter        rune // the last one in front, 0 for none
	capitals      int  // right in front
}

// loneLetters are words of one letter in the languages of windows-1252.
const loneLetters = "àáèéíòóôåöøÀÁÈÉÍÒÓÅÖØ"

// holds reports whether a character may stand there: a letter does by Latin ones, a
// capital not behind a small one, nor at the end of a word but one in capitals. No word
// ends in â, with which the dashes and quotes of UTF-8 begin.
func (s spot) holds(r rune) bool {
	behind, ahead := isLatin(s.before), isLatin(s.after)
	foreign := s.letter != 0 && !isLatin(s.letter)
	switch {
	case r == 0:
		return false
	case !lettered(r):
		return !foreign || strings.ContainsRune(usualSigns+"«»", r)
	case foreign:
		return false
	case !behind && !ahead:
		return (s.after == ' ' || s.before == '\'' || s.before == '’') && strings.ContainsRune(loneLetters, r)
	case unicode.IsUpper(r):
		return ahead && !unicode.IsLower(s.before) || s.capitals > 1
	}
	return ahead || r != 'â'
}

// closed reports a small letter at the end of a word with what closes a sentence or a
// quotation behind it, which look like one sequence that was cut.
func (s spot) closed(r rune, rest []byte, western [256]rune) bool {
	for _, b := range rest {
		if !strings.ContainsRune("…‘’“”–—»\u00a0", western[b]) {
			return false
		}
	}
	return isLatin(s.before) && unicode.IsLower(r) && s.holds(r)
}

func isLatin(r rune) bool { return lettered(r) && unicode.Is(unicode.Latin, r) }
