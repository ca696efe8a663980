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
	{Lo: 0x0591, Hi: 0x05bd, Stride: 1}, // of Hebrew, whose marks between words stand among them
	{Lo: 0x05bf, Hi: 0x05bf, Stride: 1},
	{Lo: 0x05c1, Hi: 0x05c2, Stride: 1},
	{Lo: 0x05c4, Hi: 0x05c5, Stride: 1},
	{Lo: 0x05c7, Hi: 0x05c7, Stride: 1},
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

	// Where words stand is kept for whoever asks where they are found.
	spotted bool
	spots   []spot // of the words, in the text that is cut
	pairsAt []int  // where the letters of pairs begin
}

// A spot is where a word stands in a text, and where its first letter ends.
type spot struct{ begin, first, end int }

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
	case common(r) || unicode.In(r, dense...) && !unicode.Is(unicode.M, r) || r == 'ー' && len(c.pairs) > 0:
		c.endWord(at)
		c.pairs, c.pairsAt = append(c.pairs, string(r)), append(c.pairsAt, at)
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
		if c.spotted {
			c.spots = append(c.spots, spot{c.word, at, at})
		}
		c.runes = 0
	}
}

func (c *cutter) endRun() {
	for i, letter := range c.pairs {
		at := spot{begin: c.pairsAt[i], first: c.pairsAt[i] + len(letter), end: c.pairsAt[i] + len(letter)}
		if i+1 < len(c.pairs) {
			letter += c.pairs[i+1]
			at.end = c.pairsAt[i+1] + len(c.pairs[i+1])
		}
		c.words = append(c.words, letter)
		if c.spotted {
			c.spots = append(c.spots, at)
		}
	}
	c.pairs, c.pairsAt = c.pairs[:0], c.pairsAt[:0]
}

// common reports the ideographs that nearly all are: looking others up takes long.
func common(r rune) bool { return 0x4e00 <= r && r <= 0x9fff }

// spotWords cuts a text as cut does, and tells where each word stands in it as it
// is written.
func spotWords(text string) ([]string, []spot) {
	folded, from, to := foldedPieces(text)
	c := cutter{most: mostWords, text: folded, spotted: true}
	for i, r := range folded {
		if c.add(i, r); len(c.words) >= c.most {
			break
		}
	}
	c.endWord(len(folded))
	c.endRun()
	most := min(len(c.words), c.most)
	for i, at := range c.spots[:most] {
		c.spots[i] = spot{begin: from[at.begin], first: to[at.first-1], end: to[at.end-1]}
	}
	return c.words[:most], c.spots[:most]
}

// foldedPieces is folded text, with the piece of the written one that each of its
// bytes comes from: a letter with its accents.
func foldedPieces(text string) (out string, from, to []int) {
	var b strings.Builder
	b.Grow(len(text))
	from, to = make([]int, 0, len(text)), make([]int, 0, len(text))
	for begin, end := 0, 0; begin < len(text); begin = end {
		plain, size := plainLetter(text[begin:])
		if size == 0 {
			size = norm.NFKD.NextBoundaryInString(text[begin:], true)
			plain = folded(text[begin : begin+size])
		}
		end = begin + size
		b.WriteString(plain)
		for range len(plain) {
			from, to = append(from, begin), append(to, end)
		}
	}
	return b.String(), from, to
}

// plainLetter is the letter that a text begins with, folded, where that takes no
// looking up and no accent follows; size is 0 for others.
func plainLetter(text string) (letter string, size int) {
	switch b := text[0]; {
	case b >= utf8.RuneSelf:
		r, n := utf8.DecodeRuneInString(text)
		if next, _ := utf8.DecodeRuneInString(text[n:]); common(r) && !unicode.Is(unicode.M, next) {
			return text[:n], n
		}
		return "", 0
	case len(text) > 1 && text[1] >= utf8.RuneSelf:
		return "", 0
	case 'A' <= b && b <= 'Z':
		return small[b-'A' : b-'A'+1], 1
	}
	return text[:1], 1
}

const small = "abcdefghijklmnopqrstuvwxyz"

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
				last.end = last.first
			}
			out = append(out, news.Span{Begin: spots[i].begin, End: last.end})
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
