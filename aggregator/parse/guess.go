package parse

import (
	"bytes"
	_ "embed"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed data/legacy.tsv
var legacyTable string

//go:embed data/letters.tsv
var letterTable string

// A tongue is a language with what it was written in before UTF-8, and with how
// rare its letters are, in bits.
type tongue struct {
	names    []string // its tags
	charsets []string
	domains  []string
	letters  map[rune]int
	pairs    map[[2]rune]int
	latin    bool // its letters go on from ASCII
	dense    bool // its words stand without blanks
}

// What things cost that no table tells, in bits: a rare letter of an alphabet, one of
// a script of thousands, a rare pair at least and beyond its second letter, a foreign
// letter in ASCII, and two scripts in one word.
const (
	rareLetter    = 16
	rareCharacter = 17
	rarePair      = 10
	rareNext      = 3
	foreignLetter = 5
	mixedWord     = 6
)

// What else costs in every language, in bits: a byte without a character, a control
// or private character, a sign seldom printed, one that texts are full of, a sign
// within a word, a capital behind a small letter and behind a capital.
const (
	noCharacter  = 25
	noText       = 20
	oddSign      = 11
	usualSign    = 6
	gluedSign    = 12
	capitalLater = 7
	capitalAgain = 1
)

// How much each thing against a reading weighs, in bits: that its charset is the
// next in its language's list, or none that the West wrote in, that the document
// names another language, or English, which templates come with, and that its
// addresses are another country's.
const (
	nextCharset     = 3
	farCharset      = 3
	otherLanguage   = 16
	templateEnglish = 3
	otherCountry    = 6
)

// tongues are read at the first guess: few documents need one.
var tongues = sync.OnceValue(func() []*tongue {
	var out []*tongue
	named := map[string]*tongue{}
	for row := range rows(legacyTable) {
		t := &tongue{names: strings.Fields(row[0]), charsets: strings.Fields(row[1]), letters: map[rune]int{}, pairs: map[[2]rune]int{}}
		if len(row) > 2 {
			t.domains = strings.Fields(row[2])
		}
		out, named[t.names[0]] = append(out, t), t
	}
	for row := range rows(letterTable) {
		named[row[0]].learn(row[1], row[2])
	}
	return out
})

// rows are the lines of a table that are no comments, cut at the tabs.
func rows(table string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(table) {
			line = strings.TrimRight(line, "\r\n")
			if line != "" && !strings.HasPrefix(line, "#") && !yield(strings.Split(line, "\t")) {
				return
			}
		}
	}
}

// learn takes in one row of letters, "3ae 4t", behind before.
func (t *tongue) learn(before, row string) {
	first := []rune(before)[0]
	bits := 0
	for field := range strings.FieldsSeq(row) {
		letters := strings.TrimLeft(field, "0123456789")
		bits = 0
		for _, digit := range field[:len(field)-len(letters)] {
			bits = 10*bits + int(digit-'0')
		}
		for _, r := range letters {
			if first != '^' {
				t.pairs[[2]rune{first, r}] = bits
				continue
			}
			t.letters[r] = bits
			t.latin = t.latin || r == 'a'
			t.dense = t.dense || r >= 'ก'
		}
	}
}

// cost is how rare a run of small letters is in the language.
func (t *tongue) cost(word []rune) int {
	bits, ascii := 0, 0
	for i, r := range word {
		switch {
		case r < 0x80 && !t.latin:
			bits += foreignLetter
		case i == 0 || t.dense && len(t.pairs) == 0:
			bits += t.letter(r)
		default:
			bits += t.next(word[i-1], r)
		}
		if r < 0x80 {
			ascii++
		}
	}
	switch {
	case ascii == len(word):
		return min(bits, foreignLetter*ascii)
	case ascii > 0 && !t.latin && !t.dense:
		return bits + mixedWord
	}
	return bits
}

func (t *tongue) letter(r rune) int {
	switch bits, known := t.letters[r]; {
	case known:
		return bits
	case t.dense:
		return rareCharacter
	case unicode.Is(unicode.Mn, r):
		return rarePair
	}
	return rareLetter
}

func (t *tongue) next(before, r rune) int {
	if bits, known := t.pairs[[2]rune{before, r}]; known {
		return bits
	}
	return max(rarePair, t.letter(r)+rareNext)
}

// A reading is a text in one charset: its words in small letters, and what the rest
// of it costs.
type reading struct {
	words [][]rune
	bits  int
}

// newReading cuts a text into its words.
func newReading(text string) reading {
	var out reading
	runes := []rune(norm.NFC.String(text)) // windows-1258 writes marks apart
	var word []rune
	end := func() {
		if len(word) > 0 {
			out.words, word = append(out.words, word), nil
		}
	}
	for i, r := range runes {
		if lettered(r) {
			if len(word) > 0 && unicode.IsUpper(r) {
				out.bits += capital(runes[i-1])
			}
			word = append(word, unicode.ToLower(r))
			continue
		}
		end()
		if r >= 0x80 {
			out.bits += signCost(r) + gluedCost(r, runes[max(i-1, 0)], runes[min(i+1, len(runes)-1)])
		}
	}
	end()
	return out
}

// lettered reports what words are made of.
func lettered(r rune) bool {
	return (unicode.IsLetter(r) || unicode.Is(unicode.M, r)) && !strings.ContainsRune("ªºµ", r) && (r < 0xff00 || r > 0xff5e)
}

// capital is what a capital within a word costs.
func capital(before rune) int {
	if unicode.IsLower(before) {
		return capitalLater
	}
	return capitalAgain
}

func signCost(r rune) int {
	switch {
	case r == unicode.ReplacementChar:
		return noCharacter
	case unicode.In(r, unicode.Cc, unicode.Co):
		return noText
	case strings.ContainsRune(usualSigns, r), r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xff5e:
		return usualSign
	}
	return oddSign
}

// usualSigns are those that texts are full of, beside the marks of East Asia.
const usualSigns = "“”‘’„‚‹›–—…•·§©°€£№™ªº\u00a0\u00ad"

// gluedCost is what it costs that a sign stands in a word, or at its front, where no
// sign does but those that open, part or count.
func gluedCost(r, before, after rune) int {
	switch {
	case !lettered(after) || strings.ContainsRune("“”‘’„‚«»‹›–—…•·§°€£№\u00a0\u00ad", r) || r >= 0x3000:
		return 0
	case lettered(before) || unicode.IsLower(after):
		return gluedSign
	}
	return 0
}

// How much of a text is weighed, in bytes, and how much is taken of what has no end.
const (
	enoughText = 4 << 10
	muchText   = 16 << 10
)

// sample is the text of a document by which its charset can be told: the different
// words, one blank after each, of those stretches that are not all ASCII. In no
// charset that shares ASCII do the bytes at which it is cut stand inside a character.
func sample(data []byte) []byte {
	var out []byte
	seen := map[string]bool{}
	for len(data) > 0 && len(out) < enoughText {
		n := bytes.IndexAny(data, `<>"`)
		if n < 0 {
			n = len(data)
		}
		stretch := data[:min(n, muchText)]
		data = data[min(n+1, len(data)):]
		if !slices.ContainsFunc(stretch, high) {
			continue
		}
		for len(stretch) > 0 {
			n := slices.IndexFunc(stretch, parts)
			if n < 0 {
				n = len(stretch)
			}
			if word := string(stretch[:n]); !seen[word] {
				seen[word] = true
				out = append(append(out, word...), ' ')
			}
			stretch = stretch[min(n+1, len(stretch)):]
		}
	}
	return out
}

func high(b byte) bool { return b >= 0x80 }

// parts reports the bytes between words: blanks and those signs that are no second
// byte of a character.
func parts(b byte) bool { return b < '0' || b > '9' && b < '@' }

// A setting is what a document says about itself beside its text.
type setting struct {
	language string
	domain   string
}

// settingOf keeps to languages and countries that the table knows.
func settingOf(data []byte) setting {
	out := setting{language: headLanguage(data)}
	if !slices.ContainsFunc(tongues(), func(t *tongue) bool { return slices.Contains(t.names, out.language) }) {
		out.language = ""
	}
	if m := addressMark.FindSubmatch(data[:min(len(data), 8<<10)]); m != nil {
		out.domain = string(m[1])
	}
	if !slices.ContainsFunc(tongues(), func(t *tongue) bool { return slices.Contains(t.domains, out.domain) }) {
		out.domain = ""
	}
	return out
}

// addressMark is an address under the domain of a country.
var addressMark = regexp.MustCompile(`https?://[^/<>"'\s:]+\.([a-z]{2})[/<>"'\s:]`)

// against is what speaks against a language in this setting, in bits.
func (s setting) against(t *tongue) int {
	bits := 0
	switch {
	case s.language == "" || slices.Contains(t.names, s.language):
	case s.language == "en":
		bits += templateEnglish
	default:
		bits += otherLanguage
	}
	if s.domain != "" && !slices.Contains(t.domains, s.domain) {
		bits += otherCountry
	}
	return bits
}

// guessCharset is the charset that undeclared bytes look like: the one in which
// their text is the least surprising, in bits, in any of the languages that were
// written in it (data/legacy.tsv, data/letters.tsv). Where nothing can be told it is
// windows-1252, which gives every byte a letter.
func guessCharset(data []byte) string {
	text := sample(data)
	if len(text) == 0 {
		return "windows-1252"
	}
	where := settingOf(data)
	readings := map[string]reading{}
	label, least := "windows-1252", math.MaxInt
	for _, t := range tongues() {
		for i, name := range t.charsets {
			r, done := readings[name]
			if !done {
				decoded, _ := decode(text, name)
				r = newReading(string(decoded))
				readings[name] = r
			}
			bits := where.against(t) + i*nextCharset + r.bits
			if t.charsets[0] != "windows-1252" {
				bits += farCharset
			}
			for _, word := range r.words {
				if bits >= least {
					break
				}
				bits += t.cost(word)
			}
			if bits < least {
				label, least = name, bits
			}
		}
	}
	return label
}
