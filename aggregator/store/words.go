package store

import (
	"html"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Words are cut here and not by the databases, so that both find the same in
// any script. Case, accents and the vowel points of Arabic and Hebrew do not
// count. Scripts that put no blanks between words (and Hangul, whose words
// carry their particles) are cut into pairs of neighbouring letters, "上海市" into
// 上海, 海市 and 市, so that whatever part of them is looked for is a row of
// pairs, and a single letter begins one.

// dense are the scripts that are cut into pairs.
var dense = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan}

// unvoiced are marks without which a word is still the same.
var unvoiced = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x0300, Hi: 0x036f, Stride: 1}, // of Latin, Greek and Cyrillic
	{Lo: 0x0483, Hi: 0x0487, Stride: 1},
	{Lo: 0x0591, Hi: 0x05c7, Stride: 1}, // of Hebrew
	{Lo: 0x0610, Hi: 0x061a, Stride: 1}, // of Arabic, with the stretching bar
	{Lo: 0x0640, Hi: 0x0640, Stride: 1},
	{Lo: 0x064b, Hi: 0x065f, Stride: 1},
	{Lo: 0x0670, Hi: 0x0670, Stride: 1},
	{Lo: 0x06d6, Hi: 0x06ed, Stride: 1},
}}

// folded is text as words are compared.
func folded(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range strings.ToLower(norm.NFKD.String(text)) {
		switch {
		case r < unicode.MaxASCII:
			b.WriteByte(byte(r))
		case unicode.Is(unvoiced, r) && r != 'ー', unicode.Is(unicode.Cf, r):
		case r == 'ς':
			b.WriteRune('σ')
		default:
			b.WriteString(spelled(r))
		}
	}
	return norm.NFC.String(b.String())
}

// A cutter collects words, up to a number of them.
type cutter struct {
	most  int
	text  string // that is cut, folded
	words []string
	word  int      // where the word of a script with blanks begins that is being read
	runes int      // in it; 0 when there is none
	pairs []string // letters of the run of a dense script, each with its marks
	tail  int      // letters in the run that ended the text; 0 when it ended otherwise
}

// cut are the words of a text, at most so many. tail is how many letters long
// the dense run is with which the text ends.
func cut(text string, most int) (words []string, tail int) {
	c := cutter{most: most, text: folded(text)}
	for i, r := range c.text {
		c.add(i, r)
		if len(c.words) >= most {
			return c.words[:most], 0
		}
	}
	c.endWord(len(c.text))
	c.tail = len(c.pairs)
	c.endRun()
	return c.words[:min(len(c.words), most)], c.tail
}

// add reads the letter at a place.
func (c *cutter) add(at int, r rune) {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9': // most are
		c.endRun()
		c.spell(at)
	case r < unicode.MaxASCII:
		c.endWord(at)
		c.endRun()
	case unicode.In(r, dense...) && !unicode.Is(unicode.M, r) || r == 'ー' && len(c.pairs) > 0:
		c.endWord(at)
		c.pairs = append(c.pairs, string(r))
		if len(c.pairs) > c.most {
			c.endRun()
		}
	case unicode.Is(unicode.M, r) && len(c.pairs) > 0:
		c.pairs[len(c.pairs)-1] += string(r)
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
		c.endRun()
		c.spell(at)
	default:
		c.endWord(at)
		c.endRun()
	}
}

// longestWord is where a row of letters is cut, so that none is too long for an
// index.
const longestWord = 64

func (c *cutter) spell(at int) {
	if c.runes == longestWord {
		c.endWord(at)
	}
	if c.runes == 0 {
		c.word = at
	}
	c.runes++
}

// endWord ends the word that is being read, if there is one, before a place.
func (c *cutter) endWord(at int) {
	if c.runes > 0 {
		c.words = append(c.words, c.text[c.word:at])
		c.runes = 0
	}
}

func (c *cutter) endRun() {
	for i, letter := range c.pairs {
		if i+1 < len(c.pairs) {
			letter += c.pairs[i+1]
		}
		c.words = append(c.words, letter)
	}
	c.pairs = c.pairs[:0]
}

// textOf is the text of clean HTML, with a blank for each element.
func textOf(clean string) string {
	var b strings.Builder
	for clean != "" {
		text, rest, _ := strings.Cut(clean, "<")
		b.WriteString(text)
		b.WriteByte(' ')
		_, clean, _ = strings.Cut(rest, ">")
	}
	return html.UnescapeString(b.String())
}
