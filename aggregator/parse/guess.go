package parse

import (
	"bytes"
	"cmp"
	"math"
	"regexp"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How much of a text is weighed, in bytes, and how much is taken of what has no end.
const (
	enoughText = 2 << 10
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

// settingOf keeps to languages and countries that the table knows. The language
// given is that of a document that names none.
func settingOf(data []byte, language string) setting {
	out := setting{language: cmp.Or(headLanguage(data), legacyTag(language))}
	if !slices.ContainsFunc(theLexicon().tongues, func(t *tongue) bool { return slices.Contains(t.names, out.language) }) {
		out.language = ""
	}
	if m := addressMark.FindSubmatch(data[:min(len(data), 8<<10)]); m != nil {
		out.domain = string(m[1])
	}
	if !slices.ContainsFunc(theLexicon().tongues, func(t *tongue) bool { return slices.Contains(t.domains, out.domain) }) {
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

// How much each thing against a reading weighs, in bits: that its charset is the
// next in its language's list, or none that the West wrote in, that the document
// names another language, or English, which templates come with, that its addresses
// are another country's, that a katakana is narrow, and the faults of what is UTF-8.
const (
	nextCharset     = 3
	farCharset      = 3
	unlistedTongue  = 6
	kinship         = 2
	otherLanguage   = 16
	templateEnglish = 3
	otherCountry    = 6
	narrowLetter    = 3
	strayByte       = 10
	cutSequence     = 20
	claimedFault    = 3
)

// anyCost is more than any text costs.
const anyCost = math.MaxInt32

// A guess weighs the charsets that a document may be in: by how rare its text is
// in each, in bits, in any of the languages that were written in it (data/legacy.tsv,
// data/letters.tsv).
type guess struct {
	text     []byte
	where    setting
	claimed  bool // to be UTF-8
	readings map[string]reading
}

func newGuess(data []byte, language string) *guess {
	return &guess{text: sample(data), where: settingOf(data, language), readings: map[string]reading{}}
}

// best is what surprises least and costs less than limit. Where nothing can be told it
// is windows-1252, which gives every byte a letter.
func (g *guess) best(limit int) (label string, t *tongue, bits int) {
	label, bits = "windows-1252", limit
	for _, next := range theLexicon().tongues {
		if cost := g.weigh(next, "utf-8", bits); cost < bits {
			label, t, bits = "utf-8", next, cost
		}
		for i, name := range next.charsets {
			if cost := g.weigh(next, name, bits-i*nextCharset) + i*nextCharset; cost < bits {
				label, t, bits = name, next, cost
			}
		}
	}
	return label, t, bits
}

// weigh is what the text costs in one language and charset, or limit and more.
func (g *guess) weigh(t *tongue, label string, limit int) int {
	r, done := g.readings[label]
	if !done || r.cut && limit > r.bits {
		r = g.read(label, limit)
		g.readings[label] = r
	}
	bits := g.where.against(t) + r.bits
	switch {
	case t.names[0] == "mul":
		bits += unlistedTongue
	case t.charsets[0] != "windows-1252":
		bits += farCharset
	}
	for _, word := range r.words {
		if bits >= limit {
			break
		}
		bits += t.cost(word)
	}
	return bits
}

// read is the text in a charset, as far as its rest costs no more than limit.
func (g *guess) read(label string, limit int) reading {
	text, _ := decode(g.text, label)
	more := 0
	switch label {
	case "utf-8":
		p := patchUTF8(g.text)
		text, more = p.text, g.faults(p)
	case "windows-1258": // which has the marks apart
		text = norm.NFC.Bytes(text)
	case "shift_jis", "euc-jp":
		text, more = widened(text)
	}
	r := newReading(string(text), limit)
	r.bits += more
	return r
}

// faults is what it costs that some bytes are not UTF-8: little where that is claimed.
func (g *guess) faults(p patched) int {
	if g.claimed {
		return claimedFault * (p.read + p.dropped + p.lost)
	}
	return strayByte*p.read + cutSequence*p.dropped
}

// last is the best of all where nothing that is claimed fits, unless that is UTF-8.
func (g *guess) last(claimed bool) (label string, t *tongue, bits int) {
	if claimed {
		g.claimed = true
		delete(g.readings, "utf-8")
	}
	return g.best(anyCost)
}

// narrowKana are the katakana of one byte, with the marks that go with them.
var narrowKana = regexp.MustCompile(`[\x{ff61}-\x{ff9f}]+`)

// widened is a text with its narrow katakana as wide ones, and what it costs, in
// bits, that they are narrow.
func widened(text []byte) (out []byte, bits int) {
	out = narrowKana.ReplaceAllFunc(text, func(run []byte) []byte {
		run = norm.NFKC.Bytes(run)
		bits += narrowLetter * utf8.RuneCount(run)
		return run
	})
	return out, bits
}

// By how much a charset has to be better than the one that is declared, in bits and
// as a share of what it costs: so much that a language which is in no table is left
// alone, less where what is declared is what templates declare, and the document
// names a language that was never written in it, and more where each byte has its
// place in the characters of more bytes that are declared.
const (
	leastGain  = 40
	gainShare  = 4
	ownGain    = 10
	ownShare   = 16
	soundShare = 2
)

// fits reports whether the text may be in a charset that the document declares, as
// which it has been decoded.
func (g *guess) fits(label string, decoded []byte) bool {
	if len(g.text) == 0 {
		return true
	}
	label = knownLabel(label)
	share := gainShare
	if wideCharsets[label] && !bytes.ContainsRune(decoded, utf8.RuneError) {
		if label == "gb18030" && quadruples(g.text) > 1 {
			return true
		}
		share = soundShare
	}
	declared := g.declared(label)
	_, t, bits := g.best(declared - ownGain)
	switch gain := declared - bits; {
	case t == nil:
		return true
	case label == "windows-1252" && t.charsets[0] != label && slices.Contains(t.names, g.where.language):
		return gain*ownShare < bits
	default:
		return gain < leastGain || gain*share < bits
	}
}

// wideCharsets have characters of more than one byte, and the letters of many scripts.
var wideCharsets = map[string]bool{"gb18030": true, "big5": true, "shift_jis": true, "euc-jp": true, "euc-kr": true, "johab": true}

// quadruples counts the characters of four bytes that GB 18030 has, and which no
// text in another charset looks like.
func quadruples(text []byte) int {
	n := 0
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	for i := 0; i+3 < len(text); i++ {
		if high(text[i]) && digit(text[i+1]) && high(text[i+2]) && digit(text[i+3]) {
			n++
			i += 3
		}
	}
	return n
}

// declared is what the text costs in a charset, whatever the document says of its
// language: what templates declare, in the languages that it was made for, one for
// other Latin alphabets, in any of that script, one of no language, in all, and one
// of many scripts, each word in the language that it costs least in.
func (g *guess) declared(label string) int {
	made := func(t *tongue) bool { return slices.Contains(t.charsets, label) }
	all := theLexicon().tongues
	listed := slices.ContainsFunc(all, made)
	latin := slices.ContainsFunc(all, func(t *tongue) bool { return made(t) && t.latin && label != "windows-1252" })
	bits := anyCost
	for _, t := range all {
		if made(t) || latin && t.latin || !listed {
			against := g.where.against(t)
			bits = min(bits, g.weigh(t, label, bits+against)-against)
		}
	}
	if wideCharsets[label] {
		bits = min(bits, g.mixed(label))
	}
	return bits
}

// mixed is what the text costs with each word in the language that it costs least in.
func (g *guess) mixed(label string) int {
	r := g.read(label, anyCost)
	bits := r.bits
	for _, word := range r.words {
		least := anyCost
		for _, t := range theLexicon().tongues {
			least = min(least, t.cost(word))
		}
		bits += least
	}
	return bits
}
