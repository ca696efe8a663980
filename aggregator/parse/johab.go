package parse

import (
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
)

// The letters of a syllable have five bits each in Johab (KS X 1001 annex 3): by them,
// its number in Unicode's order, -1 for none, -2 for what is no letter.
var (
	johabFirst = numbers("\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14", 1)
	johabVowel = numbers("\x03\x04\x05\x06\x07\x0a\x0b\x0c\x0d\x0e\x0f\x12\x13\x14\x15\x16\x17\x1a\x1b\x1c\x1d", 2)
	johabLast  = numbers("\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d", 1)
)

// Letters that stand alone, in the same order.
var (
	firstAlone = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
	lastAlone  = []rune("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
)

func numbers(codes string, none int) (out [32]rune) {
	for i := range out {
		out[i] = -2
	}
	out[none] = -1
	for i := range len(codes) {
		out[codes[i]] = rune(i)
	}
	return out
}

// johab decodes the Korean charset that spells its syllables; x/text has only the
// one that lists them.
func johab(data []byte) []byte {
	out := make([]byte, 0, len(data)+len(data)/2)
	for i := 0; i < len(data); i++ {
		r := rune(data[i])
		if r >= utf8.RuneSelf {
			r = utf8.RuneError
			if i+1 < len(data) {
				r = johabPair(data[i], data[i+1])
			}
			if r != utf8.RuneError || i+1 < len(data) && data[i+1] >= utf8.RuneSelf {
				i++ // what is no character leaves ASCII alone
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// johabPair is the character of two bytes: a syllable, one of its letters alone, or
// what else KS X 1001 has.
func johabPair(a, b byte) rune {
	if a >= 0xd9 {
		return johabSign(int(a), int(b))
	}
	code := int(a)<<8 | int(b)
	first, vowel, last := johabFirst[code>>10&31], johabVowel[code>>5&31], johabLast[code&31]
	switch {
	case first >= 0 && vowel >= 0 && last >= -1:
		return 0xac00 + (first*21+vowel)*28 + last + 1
	case first >= 0 && vowel == -1 && last == -1:
		return firstAlone[first]
	case first == -1 && vowel >= 0 && last == -1:
		return 'ㅏ' + vowel
	case first == -1 && vowel == -1 && last >= 0:
		return lastAlone[last]
	case first == -1 && vowel == -1 && last == -1:
		return '\u3000'
	}
	return utf8.RuneError
}

// johabSign is a sign or a Chinese character of KS X 1001, two of whose rows stand
// behind each first byte.
func johabSign(a, b int) rune {
	row, column := 2*(a-0xd9), b-0x31
	if a >= 0xe0 {
		row = 2*a - 0x197
	}
	if b >= 0x91 {
		column = b - 0x43
	}
	row, column = row+column/94, column%94
	if column < 0 || row >= 94 {
		return utf8.RuneError
	}
	decoded, _ := korean.EUCKR.NewDecoder().Bytes([]byte{byte(0xa1 + row), byte(0xa1 + column)})
	r, _ := utf8.DecodeRune(decoded)
	return r
}
