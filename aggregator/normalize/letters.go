package normalize

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A letter is what is asked of every sign of every line, worked out once: the tables
// of package unicode are searched for each anew.
type letter struct {
	small    rune   // in small letters
	folded   string // as fold has it
	foldable bool   // whatever stands beside it
	sound    bool   // tidy leaves it as it is, whatever stands beside it
	foreign  bool   // no byte of windows-1252, so that a text which has it was not misread as that
}

// letterBlock is how many letters are worked out together, when the first of them is
// met, and knownLetters is behind all of them. Those of Han and Hangul, which are
// behind it, need no table.
const (
	letterBlock  = 0x100
	knownLetters = 0x3100
)

var letterBlocks = func() (out [knownLetters / letterBlock]func() *[letterBlock]letter) {
	for i := range out {
		out[i] = sync.OnceValue(func() *[letterBlock]letter { return lettersFrom(rune(i * letterBlock)) })
	}
	return out
}()

// letterOf is what is known of a letter before knownLetters.
func letterOf(r rune) *letter { return &letterBlocks[r/letterBlock]()[r%letterBlock] }

func lettersFrom(first rune) *[letterBlock]letter {
	var out [letterBlock]letter
	for i := range out {
		r := first + rune(i)
		s := string(r)
		p := norm.NFC.PropertiesString(s)
		l := letter{small: unicode.ToLower(r), folded: foldAny(s)}
		l.foldable = !unicode.IsSpace(r) && (p.CCC() == 0 || l.folded == "")
		l.sound = !opensMisread(r) && !forbidden(r) && shows(r) && p.BoundaryBefore() && norm.NFC.IsNormalString(s)
		_, one := singleByte(r)
		l.foreign = !one
		out[i] = l
	}
	return &out
}

// isHan reports a sign that Chinese and Japanese are written with, but for rare ones.
func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

// isSyllable reports a syllable of Korean.
func isSyllable(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }

// isWideMark reports the marks and letters that East Asian text has in full width.
func isWideMark(r rune) bool { return r >= 0xff01 && r <= 0xff60 }

// small is unicode.ToLower.
func small(r rune) rune {
	switch {
	case r < knownLetters:
		return letterOf(r).small
	case isHan(r), isSyllable(r): // have no others
		return r
	case isWideMark(r) && (r < 0xff21 || r > 0xff3a): // but the capitals
		return r
	}
	return unicode.ToLower(r)
}

// smallOf is strings.ToLower.
func smallOf(s string) string {
	if sevenBit(s) {
		return strings.ToLower(s)
	}
	for i, r := range s {
		if r == utf8.RuneError || small(r) != r {
			return s[:i] + strings.Map(small, s[i:])
		}
	}
	return s
}

// appendFolded adds to out what fold makes of a text that is not all of ASCII. ok is
// false where a letter of it needs a closer look.
func appendFolded(out []byte, s string) (folded []byte, ok bool) {
	for _, r := range s {
		switch {
		case r == ' ':
			if n := len(out); n > 0 && out[n-1] != ' ' {
				out = append(out, ' ')
			}
		case r < knownLetters:
			l := letterOf(r)
			if !l.foldable {
				return nil, false
			}
			out = append(out, l.folded...)
		case isHan(r), isWideMark(r) && small(r) == r:
			out = utf8.AppendRune(out, r)
		case isSyllable(r):
			out = appendJamo(out, r)
		default:
			return nil, false
		}
	}
	if n := len(out); n > 0 && out[n-1] == ' ' {
		out = out[:n-1]
	}
	return out, true
}

// appendJamo adds the letters of a syllable of Korean (Unicode §3.12).
func appendJamo(out []byte, r rune) []byte {
	const vowels, tails = 21, 28
	i := r - 0xac00
	out = utf8.AppendRune(out, 0x1100+i/(vowels*tails))
	out = utf8.AppendRune(out, 0x1161+i/tails%vowels)
	if tail := i % tails; tail > 0 {
		out = utf8.AppendRune(out, 0x11a7+tail)
	}
	return out
}

// soundText reports text that tidy leaves as it is, as most is, unless all of it was
// misread, which foreign letters rule out.
func soundText(s string) (sound, foreign bool) {
	blank := true // none opens the text
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if r < ' ' || r == 0x7f || r == ' ' && blank {
				return false, false
			}
		case r < knownLetters:
			l := letterOf(r)
			if !l.sound {
				return false, false
			}
			foreign = foreign || l.foreign
		case isHan(r), isSyllable(r), isWideMark(r):
			foreign = true
		default:
			return false, false
		}
		blank = r == ' '
	}
	return !blank, foreign
}
