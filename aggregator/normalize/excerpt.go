package normalize

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"copydesk/aggregator/wordtable"
)

//go:embed data/abbreviations.tsv
var abbreviationTable string

// abbreviations are words, in small letters, whose full stop ends no sentence.
var abbreviations = func() map[string]bool {
	out := map[string]bool{}
	for _, row := range wordtable.Rows(abbreviationTable) {
		for word := range strings.FieldsSeq(row[1]) {
			out[word] = true
		}
	}
	return out
}()

// Excerpt cuts text at the end of a sentence, else of a word, at most n
// characters in.
func Excerpt(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text)
	for i := n - 1; i > n/3; i-- {
		if end := sentenceEnd(runes, i); end > 0 && end <= n {
			return string(runes[:end])
		}
	}
	for i := n; i > n/3; i-- {
		if wordGap(runes[i]) || i < n && strings.ContainsRune("，、；：,;", runes[i]) && wide(runes[i]) {
			return strings.TrimRight(string(runes[:i]), " ,;:–—-，、；：་\u200b") + "…"
		}
	}
	cut := n
	for cut > n/3 && (!mayCut(runes, cut) || oneWord(runes[cut-1], runes[cut])) {
		cut--
	}
	if cut == n/3 { // one word is all there is
		for cut = n; cut > 1 && !mayCut(runes, cut); {
			cut--
		}
	}
	return string(runes[:cut]) + "…"
}

// wordGap reports what stands between words: a blank, the blank of no width that
// Khmer, Thai and others may have there, and the tsheg between Tibetan syllables.
func wordGap(r rune) bool { return r == ' ' || r == '\u200b' || r == '་' }

// sentenceEnd is the index behind the sentence that the mark at i ends, with
// the quotes and brackets that close behind it; 0 when it ends none.
func sentenceEnd(runes []rune, i int) int {
	full := strings.ContainsRune("。！？｡．", runes[i])
	if !full && !strings.ContainsRune(".!?؟۔।॥…։።፧။។៕༎", runes[i]) {
		return 0
	}
	end := i + 1
	for end < len(runes) && strings.ContainsRune(`"'”’»」』）)`, runes[end]) {
		end++
	}
	switch {
	case full || end == len(runes):
		return end
	case runes[end] != ' ' || runes[i] == '.' && (abbreviated(runes[:i]) || end+1 < len(runes) && unicode.IsLower(runes[end+1])):
		return 0
	}
	return end
}

// abbreviated reports text that ends with what takes a full stop within a
// sentence: an initial, an ordinal, an abbreviation.
func abbreviated(before []rune) bool {
	start := len(before)
	for start > 0 && !unicode.IsSpace(before[start-1]) && before[start-1] != '(' {
		start--
	}
	word := strings.ToLower(string(before[start:]))
	letters := utf8.RuneCountInString(word)
	return letters == 1 || letters <= 2 && strings.Trim(word, "0123456789") == "" || strings.Contains(word, ".") && letters < 6 || abbreviations[word]
}

// mayCut reports that at n no mark belongs to the character before it, none that
// closes stands first in what is cut off, no vowel of Thai or Lao is parted from the
// consonant that it is written before, and no consonant of a script whose consonants
// are written below each other from the one above.
func mayCut(runes []rune, n int) bool {
	before, after := runes[n-1], runes[n]
	switch {
	case unicode.IsMark(after), after == 0x200d, before == 0x200d, after >= 0x1f3fb && after <= 0x1f3ff, halfFlag(runes[:n]):
		return false
	case before >= 'เ' && before <= 'ไ', before >= 'ເ' && before <= 'ໄ', after == 'ะ', after == 'า', after == 'ำ', after == 'ๆ', after == 'ฯ', after == 'ະ', after == 'າ', after == 'ຳ', after == 'ໆ':
		return false
	case before == '\u17d2', before == '\u1039': // what follows stands below
		return false
	}
	return !strings.ContainsRune("。！？｡．，、；：」』）》】”’々ゝヽーぁぃぅぇぉっゃゅょァィゥェォッャュョ", after) && !strings.ContainsRune("「『（《【“‘", before)
}

// halfFlag reports text that ends within a flag, which two letters make.
func halfFlag(runes []rune) bool {
	n := 0
	for n < len(runes) && runes[len(runes)-1-n] >= 0x1f1e6 && runes[len(runes)-1-n] <= 0x1f1ff {
		n++
	}
	return n%2 == 1
}

// oneWord reports characters that no blank parts because they are of one word: in
// a script that writes blanks, of Katakana, or of one figure.
func oneWord(before, after rune) bool {
	return ofWord(before) && ofWord(after) || ofKatakana(before) && ofKatakana(after) || unicode.IsDigit(before) && strings.ContainsRune(".,%％", after) || strings.ContainsRune(".,", before) && unicode.IsDigit(after)
}

func ofWord(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !wide(r) && !unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

func ofKatakana(r rune) bool { return r == 'ー' || unicode.Is(unicode.Katakana, r) }
