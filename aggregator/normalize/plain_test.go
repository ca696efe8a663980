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

// Who stands in a list by a family name and initials that mean nothing is named as the
// rules for all names would name him.
func TestPlainTurnedNamesAreReadAlike(t *testing.T) {
	families := []string{"Kerr", "Roussin-Leveillee", "Núñez", "Grant", "Will", "Van", "Said", "Li-Beisson", "Chief", "Reuters", "Berlin", "Staff", "Photo", "Żak", "Poe-Smith"}
	initials := []string{"M.", "M. C.", "B. A.", "M. D.", "A. P.", "V.", "I. I.", "C. C. M. J.", "J.-P.", "MD.", "m.", "É."}
	plain := 0
	for _, family := range families {
		for _, given := range initials {
			names, ok := turned([]string{"Odd", "Q. Z.", family, given})
			if !ok || !names[1].plain {
				continue
			}
			plain++
			for _, part := range []string{family, given} {
				if (lister{out: new(Line)}).noName(part, []string{"Odd"}, new([]name)) {
					t.Errorf("%q of %q, %q is none of a name", part, family, given)
				}
			}
			var glance, closer Line
			seg := segment{text: family + ", " + given, role: news.Author}
			seg.person(&glance, names[1])
			names[1].plain = false
			if seg.person(&closer, names[1]); !alike(glance, closer) {
				t.Errorf("%q, %q\nplain: %+v\nclose: %+v", family, given, glance, closer)
			}
		}
	}
	if plain < len(families) {
		t.Errorf("only %d names were plain", plain)
	}
}
