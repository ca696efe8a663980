package normalize

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A letter is what is asked of every sign of every line, worked out once: the tables
// of package unicode are searched for each anew.
type letter struct {
	small    rune // in small letters
	capital  bool
	lower    bool
	caseless bool // of a script without capitals
	mark     bool // on the letter before it
	figure   bool
	letter   bool
	folded   string // as fold has it
	dated    string // as the words of dates have it
	foldable bool   // whatever stands beside it
	blank    bool   // what a blank is written for
	sound    bool   // a blank, or tidy leaves it as it is, whatever stands beside it
	foreign  bool   // no byte of windows-1252, so that a text which has it was not misread as that
}

// letterBlock is how many letters are worked out together, when the first of them is
// met, and knownLetters is behind all of them. Those of Han and Hangul, which are
// behind it, need no table.
const (
	letterBlock  = 0x100
	knownLetters = 0x3100
)

// metLetters are all of them, and metBlocks which blocks have been worked out.
var (
	metLetters [knownLetters]letter
	metBlocks  [knownLetters / letterBlock]atomic.Bool
	meeting    sync.Mutex
)

// letterOf is what is known of a letter before knownLetters.
func letterOf(r rune) *letter {
	if !metBlocks[r/letterBlock].Load() {
		meetBlock(r)
	}
	return &metLetters[r]
}

// meetBlock works out the block of a letter, which is the first of it that is met.
// Nothing that it asks may ask letterOf.
func meetBlock(met rune) {
	meeting.Lock()
	defer meeting.Unlock()
	i := met / letterBlock
	if metBlocks[i].Load() {
		return
	}
	defer metBlocks[i].Store(true)
	for r := i * letterBlock; r < (i+1)*letterBlock; r++ {
		s := string(r)
		p := norm.NFC.PropertiesString(s)
		l := letter{
			small: unicode.ToLower(r), capital: unicode.IsUpper(r), lower: unicode.IsLower(r), figure: unicode.IsDigit(r), letter: unicode.IsLetter(r), caseless: unicode.Is(unicode.Lo, r), mark: unicode.IsMark(r), blank: unicode.IsSpace(r),
			folded: foldAny(s), dated: strings.ToLower(foldDate(s)),
		}
		l.foldable = !l.blank && (p.CCC() == 0 || l.folded == "")
		l.sound = !opensMisread(r) && !forbidden(r) && (l.blank || shows(r) && p.BoundaryBefore() && norm.NFC.IsNormalString(s))
		_, one := singleByte(r)
		l.foreign = !one
		metLetters[r] = l
	}
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

// isCapital is unicode.IsUpper.
func isCapital(r rune) bool {
	if r < knownLetters {
		return letterOf(r).capital
	}
	return !isHan(r) && !isSyllable(r) && unicode.IsUpper(r)
}

// isLower is unicode.IsLower.
func isLower(r rune) bool {
	if r < knownLetters {
		return letterOf(r).lower
	}
	return !isHan(r) && !isSyllable(r) && unicode.IsLower(r)
}

// isCaseless reports a letter of a script without capitals.
func isCaseless(r rune) bool {
	if r < knownLetters {
		return letterOf(r).caseless
	}
	return isHan(r) || isSyllable(r) || unicode.Is(unicode.Lo, r)
}

// isFigure is unicode.IsDigit.
func isFigure(r rune) bool {
	if r < knownLetters {
		return letterOf(r).figure
	}
	return !isHan(r) && !isSyllable(r) && unicode.IsDigit(r)
}

// isLetter is unicode.IsLetter.
func isLetter(r rune) bool {
	if r < knownLetters {
		return letterOf(r).letter
	}
	return isHan(r) || isSyllable(r) || unicode.IsLetter(r)
}

// allUpper reports a text that is as strings.ToUpper has it: most show at their first
// or second letter that they are not.
func allUpper(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError {
			return s == strings.ToUpper(s)
		}
		if r < utf8.RuneSelf && (r < 'a' || r > 'z') || isHan(r) {
			continue
		}
		if unicode.ToUpper(r) != r {
			return false
		}
	}
	return true
}

// allSmall reports a text that is as strings.ToLower has it.
func allSmall(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError {
			return s == strings.ToLower(s)
		}
		if small(r) != r {
			return false
		}
	}
	return true
}

// smallOf is strings.ToLower.
func smallOf(s string) string {
	if sevenBit(s) {
		return strings.ToLower(s)
	}
	for i, r := range s {
		if r != utf8.RuneError && small(r) == r {
			continue
		}
		out := append(make([]byte, 0, len(s)+utf8.UTFMax), s[:i]...)
		for _, r := range s[i:] {
			out = utf8.AppendRune(out, small(r))
		}
		return string(out)
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

// appendDated adds to out what a word is among those of dates. ok is false where a
// letter of it needs a closer look.
func appendDated(out []byte, w string) (dated []byte, ok bool) {
	for _, r := range w {
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(small(r)))
		case r < knownLetters:
			l := letterOf(r)
			if !l.sound {
				return nil, false
			}
			out = append(out, l.dated...)
		case isHan(r), isSyllable(r):
			out = utf8.AppendRune(out, r)
		default:
			return nil, false
		}
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

// A look is what one pass over a text sees of its letters.
type look struct {
	sound   bool // tidy leaves each letter as it is, unless all of the text was misread
	foreign bool // which letters like these rule out
	folded  bool // one blank parts two words, and none stands at an end
}

func lookAt(s string) look {
	l := look{sound: true, folded: true}
	blank := true // none opens the text
	for _, r := range s {
		was := blank
		blank = false
		switch {
		case r > ' ' && r < 0x7f:
		case r == ' ':
			blank = true
			l.folded = l.folded && !was
		case r == '\n', r == '\t', r == '\r':
			l.folded = false
		case r < utf8.RuneSelf:
			return look{}
		case r < knownLetters:
			known := letterOf(r)
			if !known.sound {
				return look{}
			}
			l.foreign = l.foreign || known.foreign
			l.folded = l.folded && !known.blank
		case isHan(r), isSyllable(r), isWideMark(r):
			l.foreign = true
		default:
			return look{}
		}
	}
	l.folded = l.folded && !blank
	return l
}
