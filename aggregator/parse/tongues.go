package parse

import (
	_ "embed"
	"iter"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/wordtable"
)

//go:embed data/legacy.tsv
var legacyTable string

//go:embed data/letters.tsv
var letterTable string

// A letter is a number for a small letter, equal in all languages. The first are
// those of ASCII, a to z; two stand for what is in no table.
type letter uint16

const (
	asciiLetters letter = 26
	otherMark    letter = 26
	otherLetter  letter = 27
	firstLetter  letter = 28
)

// A tongue is a language with what it was written in before UTF-8, and with how
// rare its letters are, in bits.
type tongue struct {
	names    []string // its tags
	charsets []string
	domains  []string
	latin    bool    // its letters go on from ASCII
	dense    bool    // its words stand without blanks
	rare     []uint8 // by letter
	place    []uint8 // by letter: its row and column among the pairs, 0 for none
	pairs    []uint8 // how rare the second letter is behind the first, by rows
	width    int     // of a row; 0 where pairs tell nothing
}

// What things cost that no table tells, in bits: a rare letter of an alphabet, one of
// a script of thousands, a rare pair at least and beyond its second letter, a foreign
// letter in ASCII, a foreign word beyond its letters, and two scripts in one word.
const (
	rareLetter    = 16
	rareCharacter = 17
	rarePair      = 10
	rareNext      = 3
	foreignLetter = 5
	foreignWord   = 2
	mixedWord     = 6
)

// A lexicon is what the tables say.
type lexicon struct {
	tongues []*tongue
	letters map[rune]letter
	english *tongue // which every press quotes
}

// theLexicon is read at the first guess: few documents need one.
var theLexicon = sync.OnceValue(func() *lexicon {
	x := &lexicon{letters: map[rune]letter{}}
	for r := 'a'; r <= 'z'; r++ {
		x.letters[r] = letter(r - 'a')
	}
	named := map[string]*tongue{}
	for _, row := range wordtable.Rows(legacyTable) {
		t := &tongue{names: strings.Fields(row[0]), charsets: strings.Fields(row[1])}
		if len(row) > 2 {
			t.domains = strings.Fields(row[2])
		}
		x.tongues, named[t.names[0]] = append(x.tongues, t), t
	}
	singles, pairs := map[*tongue]map[rune]uint8{}, map[*tongue]map[[2]rune]uint8{}
	for _, row := range wordtable.Rows(letterTable) {
		t := named[row[0]]
		if singles[t] == nil {
			singles[t], pairs[t] = map[rune]uint8{}, map[[2]rune]uint8{}
		}
		first, _ := utf8.DecodeRuneInString(row[1])
		for r, bits := range rarities(row[2]) {
			if first == '^' {
				singles[t][r] = bits
				x.number(r)
			} else {
				pairs[t][[2]rune{first, r}] = bits
			}
		}
	}
	for t, letters := range singles {
		t.learn(x, letters, pairs[t])
	}
	x.tongues = append(x.tongues, x.western(singles, pairs))
	x.english = named["en"]
	return x
})

// western is what the languages of windows-1252 have in common with their like that
// are not in the table: each letter as rare as where it is the least so, and kinship.
func (x *lexicon) western(singles map[*tongue]map[rune]uint8, pairs map[*tongue]map[[2]rune]uint8) *tongue {
	all := &tongue{names: []string{"mul"}, charsets: []string{"windows-1252"}}
	letters, both := map[rune]uint8{}, map[[2]rune]uint8{}
	for _, t := range x.tongues {
		if t.charsets[0] != "windows-1252" {
			continue
		}
		leastOf(letters, singles[t])
		leastOf(both, pairs[t])
	}
	all.learn(x, letters, both)
	return all
}

func leastOf[K comparable](least, bits map[K]uint8) {
	for k, b := range bits {
		if was, known := least[k]; !known || b+kinship < was {
			least[k] = b + kinship
		}
	}
}

func (x *lexicon) number(r rune) {
	if _, known := x.letters[r]; !known {
		x.letters[r] = firstLetter + letter(len(x.letters)) - asciiLetters
	}
}

// letter is the number of a small letter.
func (x *lexicon) letter(r rune) letter {
	switch n, known := x.letters[r]; {
	case known:
		return n
	case unicode.Is(unicode.Mn, r):
		return otherMark
	}
	return otherLetter
}

// rarities are the letters of a row, "3ae 4t", each with its bits.
func rarities(row string) iter.Seq2[rune, uint8] {
	return func(yield func(rune, uint8) bool) {
		for field := range strings.FieldsSeq(row) {
			letters := strings.TrimLeft(field, "0123456789")
			bits, _ := strconv.ParseUint(field[:len(field)-len(letters)], 10, 8)
			for _, r := range letters {
				if !yield(r, uint8(bits)) {
					return
				}
			}
		}
	}
}

// learn lays out what is known of letters and their pairs.
func (t *tongue) learn(x *lexicon, letters map[rune]uint8, pairs map[[2]rune]uint8) {
	for r := range letters {
		t.latin = t.latin || r == 'a'
		t.dense = t.dense || r >= 'ก'
	}
	size := len(x.letters) + int(firstLetter-asciiLetters)
	t.rare, t.place = make([]uint8, size), make([]uint8, size)
	for n := range t.rare {
		switch {
		case letter(n) < asciiLetters && !t.latin:
			t.rare[n] = foreignLetter
		case t.dense:
			t.rare[n] = rareCharacter
		case letter(n) == otherMark:
			t.rare[n] = rarePair
		default:
			t.rare[n] = rareLetter
		}
	}
	for r, bits := range letters {
		t.rare[x.letters[r]] = bits
		if len(pairs) > 0 {
			t.width++
			t.place[x.letters[r]] = uint8(t.width)
		}
	}
	t.pairs = make([]uint8, (t.width+1)*(t.width+1))
	for n, column := range t.place {
		for row := range t.width + 1 {
			t.pairs[row*(t.width+1)+int(column)] = max(rarePair, t.rare[n]+rareNext)
		}
	}
	for pair, bits := range pairs {
		row, column := t.place[x.letters[pair[0]]], t.place[x.letters[pair[1]]]
		t.pairs[int(row)*(t.width+1)+int(column)] = bits
	}
}

// cost is how rare a word is in the language. One in ASCII may be a foreign one.
func (t *tongue) cost(w word) int {
	bits := 0
	for i, n := range w.letters {
		if !t.latin && i > 0 && (n < asciiLetters) != (w.letters[i-1] < asciiLetters) {
			bits += mixedWord
		}
		if i == 0 || t.width == 0 || n < asciiLetters && !t.latin {
			bits += int(t.rare[n])
		} else {
			bits += t.next(w.letters[i-1], n)
		}
	}
	if w.ascii == len(w.letters) {
		if t.latin {
			return min(bits, foreignLetter*w.ascii)
		}
		return w.foreign
	}
	return bits
}

// next is how rare a letter is behind another.
func (t *tongue) next(before, n letter) int {
	if t.place[n] == 0 {
		return max(rarePair, int(t.rare[n])+rareNext)
	}
	return int(t.pairs[int(t.place[before])*(t.width+1)+int(t.place[n])])
}
