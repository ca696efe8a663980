package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// unmangle decodes text that is UTF-8 misread as windows-1252 or Latin-1, once
// or twice. It does so only when every such character takes part in a sound
// sequence, and some are certain.
func unmangle(s string) string {
	if sevenBit(s) {
		return s
	}
	once := unmangled(s)
	if once == s {
		return patched(s)
	}
	return unmangled(once)
}

func unmangled(s string) string {
	if !sequences(s) {
		return s
	}
	raw := make([]byte, 0, len(s))
	for _, r := range s {
		b, _ := singleByte(r)
		raw = append(raw, b)
	}
	if !utf8.Valid(raw) || !mistaken([]rune(s), string(raw)) {
		return s
	}
	return string(raw)
}

// sequences reports text whose characters are bytes of windows-1252, and of them those
// beyond ASCII as many to a sequence as its first byte asks for (RFC 3629 §3), as
// hardly any text's are.
func sequences(s string) bool {
	missing, some := 0, false
	for _, r := range s {
		b, ok := singleByte(r)
		switch {
		case !ok, missing > 0 && b&0xc0 != 0x80:
			return false
		case missing > 0:
			missing--
		case b < utf8.RuneSelf:
		case b < 0xc2, b > 0xf4:
			return false
		default:
			missing, some = 1, true
			if b >= 0xe0 {
				missing++
			}
			if b >= 0xf0 {
				missing++
			}
		}
	}
	return some && missing == 0
}

// mistaken reports that text was read as another charset: a capital before a closing
// mark is a sequence too ("CAFÉ’S", "OLÉ…"), so it takes a letter or mark that no
// typist makes of two, and for a script other than Latin several letters of it.
func mistaken(from []rune, to string) bool {
	foreign := 0
	for _, r := range to {
		n := utf8.RuneLen(r)
		taken := from[:n]
		from = from[n:]
		switch {
		case n == 1 || closing(taken[1:]):
		case n > 2, 0xa0 <= r && r < 0x180:
			return true
		case r >= 0x370:
			foreign++
		}
	}
	return foreign > 1
}

// closing reports marks that stand behind letters, and nothing else.
func closing(runes []rune) bool {
	for _, r := range runes {
		if r < 0x2010 && !strings.ContainsRune("»®°ªº", r) {
			return false
		}
	}
	return true
}

// singleByte is the byte that windows-1252, or Latin-1 in its gaps, reads as r.
func singleByte(r rune) (byte, bool) {
	if r < 0x100 {
		return byte(r), true
	}
	b, ok := cp1252[r]
	return b, ok
}

var cp1252 = func() map[rune]byte {
	e, _ := charset.Lookup("windows-1252")
	out := map[rune]byte{}
	for b := 0x80; b < 0xa0; b++ {
		if s, err := e.NewDecoder().Bytes([]byte{byte(b)}); err == nil {
			if r, _ := utf8.DecodeRune(s); r >= 0x100 && r != utf8.RuneError {
				out[r] = byte(b)
			}
		}
	}
	return out
}()

// patched repairs single characters in text that is otherwise sound, where
// nothing else can be meant: curly quotes and dashes (â€™), small letters
// with accents (Ã©), and whatever has a control character in it. Beside those, what
// a blank has lost its like in is repaired too: "Ã un". Where a repaired letter stands
// rightly too, the text may be about such mistakes, and stays.
func patched(s string) string {
	if !strings.Contains(s, "â€") && !strings.Contains(s, "Ã") && !strings.Contains(s, "Â") && !strings.Contains(s, "Å") && !strings.ContainsFunc(s, control) {
		return s
	}
	runes := []rune(s)
	out := make([]rune, 0, len(runes))
	sure := 0
	for i := 0; i < len(runes); {
		r, n := patch(runes, i)
		if n > 0 {
			if unicode.IsLetter(r) && strings.ContainsRune(s, r) {
				return s
			}
			sure++
			out = append(out, r)
			i += n
			continue
		}
		out = append(out, runes[i])
		i++
	}
	switch {
	case sure == 0:
		return s
	case sure == 1:
		return strings.ReplaceAll(string(out), "â€", "”") // whose last byte windows-1252 does not have
	}
	return strings.TrimSuffix(strings.NewReplacer(" Ã ", " à ", " Ã\u00a0", " à ", "Â\u00a0", " ", "â€", "”").Replace(string(out)), "Â")
}

// opensMisread reports what patched repairs, or the first character of it.
func opensMisread(r rune) bool { return control(r) || strings.ContainsRune("ÂÃÅâ", r) }

// patch is the character that those at i were, and how many they are; 0 where
// they may be meant.
func patch(runes []rune, i int) (rune, int) {
	rest := runes[i:min(i+3, len(runes))]
	if len(rest) == 3 && rest[0] == 'â' && rest[1] == '€' {
		if r, ok := decoded(rest); ok {
			return r, 3
		}
	}
	if r, n := uncontrolled(runes[i:min(i+utf8.UTFMax, len(runes))]); n > 0 {
		return r, n
	}
	if r, ok := capital(runes, i); ok {
		return r, 2
	}
	if len(rest) < 2 || rest[0] != 'Ã' && rest[0] != 'Â' || rest[1] < 0xa1 || rest[1] > 0xbf {
		return 0, 0
	}
	quote := rest[1] == '«' || rest[1] == '»'
	within := i > 0 && unicode.IsLower(runes[i-1]) || len(rest) > 2 && unicode.IsLower(rest[2])
	if quote && (rest[0] == 'Â' || !within) {
		return 0, 0
	}
	r, ok := decoded(rest[:2])
	if !ok {
		return 0, 0
	}
	return r, 2
}

// uncontrolled is the character whose bytes runes begin with, where one was read as a
// control character: nobody types those.
func uncontrolled(runes []rune) (rune, int) {
	for n := 2; n <= len(runes) && runes[n-1] >= utf8.RuneSelf; n++ {
		if r, ok := decoded(runes[:n]); ok && slices.ContainsFunc(runes[1:n], control) {
			return r, n
		}
	}
	return 0, 0
}

// control reports a control character beyond ASCII.
func control(r rune) bool { return r >= 0x80 && r < 0xa0 }

// capital is the letter that Ã or Å and a mark or a capital of windows-1252 at i were,
// where no word has these: "Ã„nderung", "StraÃŸe", "Å’uvre", "Ã€ la".
func capital(runes []rune, i int) (rune, bool) {
	if i+1 >= len(runes) || runes[i] != 'Ã' && runes[i] != 'Å' || runes[i+1] < 0x100 {
		return 0, false
	}
	before, after := ' ', string(runes[i+2:min(i+4, len(runes))])
	if i > 0 {
		before = runes[i-1]
	}
	switch first := firstRune(after); {
	case unicode.IsLower(before):
	case unicode.IsLower(first) && !unicode.IsLetter(before) && (runes[i] == 'Ã' || unicode.IsLower(lastRune(after))): // "Å’s" is a possessive
	case runes[i] == 'Ã' && unicode.IsSpace(before) && unicode.IsSpace(first):
	default:
		return 0, false
	}
	return decoded(runes[i : i+2])
}

// decoded reads characters as the bytes that they were taken from.
func decoded(runes []rune) (rune, bool) {
	raw := make([]byte, 0, 4)
	for _, r := range runes {
		b, ok := singleByte(r)
		if !ok {
			return 0, false
		}
		raw = append(raw, b)
	}
	r, n := utf8.DecodeRune(raw)
	return r, r != utf8.RuneError && n == len(raw)
}
