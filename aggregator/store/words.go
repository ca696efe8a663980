package store

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"copydesk/aggregator/news"
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
	words []string
	word  []rune   // of a script with blanks
	pairs []string // letters of the run of a dense script, each with its marks
	tail  int      // letters in the run that ended the text; 0 when it ended otherwise

	// Where words stand is kept for whoever asks where they are found.
	spotted   bool
	at        news.Span // of the letter that is added, in the text as it was
	spots     []spot    // of the words
	wordSpot  spot
	pairSpots []news.Span
}

// A spot is where a word stands in its text, and where its first letter ends.
type spot struct {
	news.Span
	first int
}

// cut are the words of a text, at most so many. tail is how many letters long
// the dense run is with which the text ends.
func cut(text string, most int) (words []string, tail int) {
	c := cutter{most: most}
	for _, r := range folded(text) {
		c.add(r)
		if len(c.words) >= most {
			return c.words[:most], 0
		}
	}
	c.endWord()
	c.tail = len(c.pairs)
	c.endRun()
	return c.words[:min(len(c.words), most)], c.tail
}

func (c *cutter) add(r rune) {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9': // most are
		c.endRun()
		c.spell(r)
	case r < unicode.MaxASCII:
		c.endWord()
		c.endRun()
	case common(r) || unicode.In(r, dense...) && !unicode.Is(unicode.M, r) || r == 'ー' && len(c.pairs) > 0:
		c.endWord()
		c.pairs, c.pairSpots = append(c.pairs, string(r)), append(c.pairSpots, c.at)
		if len(c.pairs) > c.most {
			c.endRun()
		}
	case unicode.Is(unicode.M, r) && len(c.pairs) > 0:
		c.pairs[len(c.pairs)-1] += string(r)
		c.pairSpots[len(c.pairs)-1].End = c.at.End
	case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
		c.endRun()
		c.spell(r)
	default:
		c.endWord()
		c.endRun()
	}
}

func (c *cutter) spell(r rune) {
	if len(c.word) == 0 {
		c.wordSpot = spot{c.at, c.at.End}
	}
	c.wordSpot.End = c.at.End
	if c.word = append(c.word, r); len(c.word) == longestWord {
		c.endWord()
	}
}

// longestWord is where a row of letters is cut, so that none is too long for an
// index.
const longestWord = 64

func (c *cutter) endWord() {
	if len(c.word) > 0 {
		c.words = append(c.words, string(c.word))
		if c.spotted {
			c.spots = append(c.spots, c.wordSpot)
		}
		c.word = c.word[:0]
	}
}

func (c *cutter) endRun() {
	for i, letter := range c.pairs {
		at := spot{c.pairSpots[i], c.pairSpots[i].End}
		if i+1 < len(c.pairs) {
			letter += c.pairs[i+1]
			at.End = c.pairSpots[i+1].End
		}
		c.words = append(c.words, letter)
		if c.spotted {
			c.spots = append(c.spots, at)
		}
	}
	c.pairs, c.pairSpots = c.pairs[:0], c.pairSpots[:0]
}

// spotWords cuts a text as cut does, and tells where each word stands in it. Letters
// are folded one by one, each with its accents, so that it is known which is
// which.
func spotWords(text string) ([]string, []spot) {
	c := cutter{most: mostWords, spotted: true}
	for begin := 0; begin < len(text) && len(c.words) < c.most; begin = c.at.End {
		letter, size := plainLetter(text[begin:])
		if size == 0 {
			size = norm.NFKD.NextBoundaryInString(text[begin:], true)
		}
		c.at = news.Span{Begin: begin, End: begin + size}
		if letter != 0 {
			c.add(letter)
			continue
		}
		for _, r := range folded(text[begin:c.at.End]) {
			c.add(r)
		}
	}
	c.endWord()
	c.endRun()
	return c.words, c.spots
}

// common reports the ideographs that nearly all are: looking others up takes long.
func common(r rune) bool { return 0x4e00 <= r && r <= 0x9fff }

// plainLetter is the letter that a text begins with, folded, where that takes no
// looking up and no accent follows; size is 0 for others.
func plainLetter(text string) (letter rune, size int) {
	switch b := text[0]; {
	case b >= utf8.RuneSelf:
		r, n := utf8.DecodeRuneInString(text)
		if next, _ := utf8.DecodeRuneInString(text[n:]); common(r) && !unicode.Is(unicode.M, next) {
			return r, n
		}
		return 0, 0
	case len(text) > 1 && text[1] >= utf8.RuneSelf:
		return 0, 0
	case 'A' <= b && b <= 'Z':
		return rune(b) + 'a' - 'A', 1
	case b == 0:
		return ' ', 1
	default:
		return rune(b), 1
	}
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

// Found is where the words that a query wants stand in a text of a field, in
// order and apart.
func Found(q news.Query, in news.Field, text string) []news.Span {
	words, spots := spotWords(text)
	var out []news.Span
	for _, t := range q.Terms {
		if t.Not || t.In != "" && t.In != in {
			continue
		}
		row, begins := wanted(t)
		for i := range words {
			if !begin(words[i:], row, begins) {
				continue
			}
			last := spots[i+len(row)-1]
			if begins {
				last.End = last.first
			}
			out = append(out, news.Span{Begin: spots[i].Begin, End: last.End})
		}
	}
	return joined(out)
}

// begin reports that words begin with a row of them, the last of which may be
// but the beginning of one.
func begin(words, row []string, begins bool) bool {
	if len(row) == 0 || len(words) < len(row) {
		return false
	}
	last := len(row) - 1
	return slices.Equal(words[:last], row[:last]) && (words[last] == row[last] || begins && strings.HasPrefix(words[last], row[last]))
}

// joined puts spans in order, and those that meet together.
func joined(list []news.Span) []news.Span {
	slices.SortFunc(list, func(a, b news.Span) int { return cmp.Or(cmp.Compare(a.Begin, b.Begin), cmp.Compare(a.End, b.End)) })
	out := list[:0]
	for _, s := range list {
		if last := len(out) - 1; last >= 0 && s.Begin <= out[last].End {
			out[last].End = max(out[last].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
