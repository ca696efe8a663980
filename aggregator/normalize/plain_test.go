package normalize

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"copydesk/aggregator/news"
)

// What plainLine reads, the rules for all lines read alike, in a field and in a
// text.
func TestPlainLinesAreReadAlike(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	name := func() string {
		n := pick("Ann", "Al", "Ben", "Van", "El", "Jo", "Roy", "Grant", "Maria", "Kim", "Bea", "Will", "Said", "Pat") + " " + pick("Kerr", "Lee", "Grant", "Roy", "Foe", "Vogt", "Núñez", "Brandlová", "Żak", "Köse", "Şen", "Said", "Maria", "Jayapal")
		if r.IntN(4) == 0 {
			n += " " + pick("Foe", "Roy", "Kerr")
		}
		return n
	}
	list := func() string {
		out := name()
		for range r.IntN(3) {
			out += pick(" and ", ", ", " und ", " y ", " e ", " et ", " en ", " & ") + name()
		}
		return out
	}
	read, lines := 0, 0
	for range 4000 {
		line := pick("", "By ", "by ", "Reporting by ", "Photos by ", "Photo: ", "Editing by ", "Von ", "Par ", "Text: ", "Fotos: ", "Illustration by ", "Translated by ") + list()
		for range r.IntN(3) {
			line += "; " + pick("Editing by ", "Photos by ", "Writing by ", "Photo: ", "") + list()
		}
		line += pick("", "", ", Reuters", ", AFP", ", Xinhua", ", Getty Images", ", Lisbon")
		if r.IntN(3) == 0 {
			line = "(" + line + ")"
		}
		lines++
		for _, role := range []news.Role{news.Author, news.Photographer, news.Editor} {
			if plain, ok := plainLine(line, role); ok {
				read++
				if all := closeLine(line, role); !alike(plain, all) {
					t.Errorf("seed %d: %q as %s\nplain: %+v\nclose: %+v", seed, line, role, plain, all)
				}
			}
		}
		if plain, ok := plainLine(line, ""); ok {
			if all, ok := closeCredit(line); !ok || !alike(plain, all) {
				t.Errorf("seed %d: %q in a text\nplain: %+v\nclose: %+v, %v", seed, line, plain, all, ok)
			}
		}
	}
	if read < lines/10 {
		t.Errorf("only %d readings of %d lines were plain", read, lines)
	}
	if _, ok := plainLine(strings.Repeat("A", longestPlain)+" Lee", news.Author); ok {
		t.Error("a long line is plain")
	}
}

// alike reports lines that say the same, by whatever rules.
func alike(a, b Line) bool { return reflect.DeepEqual(a.People, b.People) && a.Credit == b.Credit }
