package normalize

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What is known of letters is what the tables of package unicode say of them.
func TestLetters(t *testing.T) {
	for r := rune(' '); r <= unicode.MaxRune; r++ {
		s := string(r)
		if r >= 0xd800 && r < 0xe000 {
			continue // no characters
		}
		if got, want := small(r), unicode.ToLower(r); got != want {
			t.Errorf("small(%U): got %U, want %U", r, got, want)
		}
		if got, ok := appendDated(nil, s); ok && string(got) != strings.ToLower(foldDate(s)) {
			t.Errorf("%U among dates: got %q, want %q", r, got, strings.ToLower(foldDate(s)))
		}
		if isCapital(r) != unicode.IsUpper(r) || isFigure(r) != unicode.IsDigit(r) || isLetter(r) != unicode.IsLetter(r) {
			t.Errorf("%U: got capital %v, figure %v", r, isCapital(r), isFigure(r))
		}
		if got, ok := appendFolded(nil, s); ok && string(got) != foldAny(s) {
			t.Errorf("%U folded: got %q, want %q", r, got, foldAny(s))
		}
		if l := lookAt(s); l.sound && l.folded && (forbidden(r) || unicode.IsSpace(r) || !shows(r) || !norm.NFC.IsNormalString("e"+s) || norm.NFC.PropertiesString(s).CCC() != 0) {
			t.Errorf("%U is not left as it is by tidy, whatever stands beside it", r)
		}
	}
}

// What is said of letters holds of texts of them.
func TestTextsOfLetters(t *testing.T) {
	scripts := [][]rune{[]rune("aZ .'\"-\t\n  "), []rune("ÃÂÅâ€™œüß«»\u00a0\u0301\u3000\u0085\u00ad"), []rune("Йёїя"), []rune("أحمدؤ\u064b"), []rune("हिन्दी़"), []rune("新华社か\u3099がガー、（）ＡＢ"), []rune("김철수\u1100\u1161\u11a8"), []rune("😀\ufffd\u0000")}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		var b strings.Builder
		own := scripts[r.IntN(len(scripts))]
		for range r.IntN(12) {
			from := own
			if r.IntN(3) == 0 {
				from = scripts[r.IntN(len(scripts))]
			}
			b.WriteRune(from[r.IntN(len(from))])
		}
		s := b.String()
		if got, want := smallOf(s), strings.ToLower(s); got != want {
			t.Errorf("smallOf(%q): got %q, want %q", s, got, want)
		}
		if dated, ok := appendDated(nil, s); ok && string(dated) != strings.ToLower(foldDate(s)) {
			t.Errorf("%q among dates: got %q, want %q", s, dated, strings.ToLower(foldDate(s)))
		}
		if folded, ok := appendFolded(nil, strings.TrimSpace(s)); ok && !ascii(s) && string(folded) != foldAny(strings.TrimSpace(s)) {
			t.Errorf("%q folded: got %q, want %q", s, folded, foldAny(strings.TrimSpace(s)))
		}
		if allUpper(s) != (s == strings.ToUpper(s)) || allSmall(s) != (s == strings.ToLower(s)) {
			t.Errorf("%q: got upper %v, small %v", s, allUpper(s), allSmall(s))
		}
		if got, want := tidy(s), tidyAny(s); !sevenBit(s) && got != want {
			t.Errorf("tidy(%q): got %q, want %q", s, got, want)
		}
	}
}
