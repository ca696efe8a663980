package normalize

import (
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// unmangle decodes text that is UTF-8 misread as windows-1252 or Latin-1, once
// or twice. It does so only when every such character takes part in a sound
// sequence.
func unmangle(s string) string {
	if sevenBit(s) {
		return s
	}
	once := unmangled(s)
	if once == s {
		return s
	}
	return unmangled(once)
}

func unmangled(s string) string {
	raw := make([]byte, 0, len(s))
	multi := 0
	for _, r := range s {
		b, ok := singleByte(r)
		if !ok {
			return s
		}
		if b >= 0x80 {
			multi++
		}
		raw = append(raw, b)
	}
	if multi < 2 || !utf8.Valid(raw) {
		return s
	}
	return string(raw)
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
