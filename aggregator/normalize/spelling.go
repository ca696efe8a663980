package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// particles stay small within a name.
var particles = map[string]bool{
	"van": true, "von": true, "der": true, "den": true, "de": true, "del": true, "della": true, "di": true, "da": true, "dos": true, "das": true, "do": true,
	"du": true, "la": true, "le": true, "bin": true, "binti": true, "ibn": true, "al": true, "el": true, "y": true, "ter": true, "ten": true, "zu": true, "zur": true, "af": true, "av": true, "e": true, "i": true, "dalla": true, "dei": true, "degli": true, "het": true, "op": true, "ap": true,
}

// NameCase gives words that are all capitals name case (ruling 2) and takes
// the padding out of two-character Chinese names (ruling 10). All other
// spelling is kept.
func NameCase(name string) string {
	if short := unpad(name); short != name {
		return short
	}
	words := strings.Fields(name)
	small := strings.ToLower
	if strings.ContainsAny(name, "ŞĞİ") { // only Turkish has these, and its I is ı
		small = func(s string) string { return strings.ToLowerSpecial(unicode.TurkishCase, s) }
	}
	for i, w := range words {
		words[i] = wordCase(w, i, len(words), small)
	}
	return strings.Join(words, " ")
}

func unpad(name string) string {
	runes := []rune(name)
	if len(runes) == 3 && unicode.Is(unicode.Han, runes[0]) && runes[1] == ' ' && unicode.Is(unicode.Han, runes[2]) {
		return string(runes[0]) + string(runes[2])
	}
	return name
}

func wordCase(w string, i, n int, small func(string) string) string {
	letters := 0
	for _, r := range w {
		if unicode.IsLetter(r) {
			letters++
			if !unicode.IsUpper(r) {
				// McDONALD and O'BRIEN carry one small letter and are capitals all the same.
				if !(strings.HasPrefix(w, "Mc") && strings.ToUpper(w[2:]) == w[2:] && len(w) > 3) {
					return w
				}
			}
		}
	}
	bare := strings.TrimRight(w, ".,")
	switch {
	case i > 0 && i < n-1 && particles[strings.ToLower(bare)] && bare == w:
		return strings.ToLower(w)
	case letters < 2, bare == "II", bare == "III", bare == "IV", strings.Contains(strings.TrimRight(w, "."), "."):
		return w
	case strings.HasPrefix(w, "IJ") && letters > 3: // one Dutch letter
		return "IJ" + small(w[2:])
	case n > 1 && letters == 2 && i < n-1 && !vowelled(bare) && !particles[strings.ToLower(bare)]: // AJ, JP
		return w
	}
	return capitals(w, small)
}

// vowelled reports a word that can be spoken: XU and LI are names, AJ and JP
// are initials.
func vowelled(w string) bool {
	return len(w) >= 2 && strings.ContainsRune("AEIOUYÁÉÍÓÚÄÖÜİ", []rune(w)[1]) && !strings.ContainsRune("AEIOU", []rune(w)[0]) || w == "AL" || w == "ED" || w == "AN" || w == "OU"
}

// capitals writes each part of a word with a capital: hyphens, apostrophes and
// Mc begin a part.
func capitals(w string, small func(string) string) string {
	var b strings.Builder
	up := true
	runes := []rune(small(w))
	for i, r := range runes {
		if up && unicode.IsLetter(r) {
			b.WriteRune(upper(r, small))
			up = false
		} else {
			b.WriteRune(r)
		}
		switch {
		case r == '-' || r == '‐':
			up = true
		case (r == '\'' || r == '’') && i == 1:
			up = true
		case i == 1 && runes[0] == 'm' && r == 'c' && len(runes) > 3:
			up = true
		}
	}
	return b.String()
}

// upper is the capital of r, in the language of small.
func upper(r rune, small func(string) string) rune {
	if r == 'i' && small("I") == "ı" {
		return 'İ'
	}
	return unicode.ToUpper(r)
}

// ascii reports printable ASCII.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// fold is a name for comparing: small letters, no accents, no full stops.
func fold(s string) string {
	s = strings.TrimSpace(s)
	var b strings.Builder
	if ascii(s) { // most names are, and need no table
		b.Grow(len(s))
		for i := range len(s) {
			c := s[i]
			switch {
			case c == '.' || c == '\'', c == ' ' && s[i-1] == ' ':
			case c >= 'A' && c <= 'Z':
				b.WriteByte(c + 'a' - 'A')
			default:
				b.WriteByte(c)
			}
		}
		return b.String()
	}
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '.' || r == '’' || r == '\'':
		case r == utf8.RuneError:
		default:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
