package normalize_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"copydesk/aggregator/normalize"
	"copydesk/aggregator/wordtable/wordtabletest"
)

// letterFiles hold letters outside ASCII that are no words.
var letterFiles = map[string]string{
	"excerpt.go":   "signs that no cut may part from what stands beside them",
	"datetext.go":  "letters that are written for one another",
	"mojibake.go":  "what bytes look like in the wrong encoding",
	"rolewords.go": "the small letters of I and İ",
	"spelling.go":  "the small letters of ẞ, Σ and others, and which letters may be taken apart",
	"words.go":     "the small letter of İ",
}

// wordFiles read bylines, credits and datelines. They hold of words in small letters
// only these: names of roles, kinds and languages, and what addresses are made of.
var wordFiles = map[string][]string{
	"bare.go":       nil,
	"beside.go":     nil,
	"byline.go":     {"a place or an origin before an outlet"},
	"chinese.go":    nil,
	"creditline.go": nil,
	"edges.go":      {"<br", "</div>", "</li>", "</figcaption>", "</blockquote>", "<br>", "<br/>", "<div>", "<li>", "notice"},
	"han.go":        nil,
	"hangul.go":     nil,
	"likely.go":     nil,
	"names.go":      {"a family name before its given name"},
	"person.go":     nil,
	"placelead.go":  nil,
	"place.go":      {"city", "country"},
	"plain.go":      {"names that mean nothing else"},
	"roles.go":      nil,
	"segments.go":   nil,
	"signature.go":  {"<img", "two words and a town"},
	"caption.go":    {"<img", "<figcaption>", "</figcaption>"},
	"credit.go":     {"outlet", "pictures", `(?i)\.(?:com|org|net|fr|de|cn|es|co|tv|ru|it|uk|info)\b`, "http", "www."},
	"dateline.go":   nil,
	"dispatch.go":   nil,
	"hanlead.go":    nil,
	"inflected.go":  {"case"},
	"info.go":       nil,
	"japanese.go":   nil,
	"korean.go":     nil,
	"namesake.go":   nil,
	"origin.go":     {"before", "notice", "behind", "genre-zh", "lent", "first", "told"},
	"rolewords.go":  {"source", "helper", "nobody", "tr"},
	"runon.go":      nil,
	"settle.go":     nil,
	"wash.go":       {`[<(（\[]?\s?(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)\s?[>)）\]]?`, `(?i)\b(?:https?://|www\.)[!-~]+`, "www.", "&amp;", "&nbsp;", "&quot;", "&apos;"},
	"wirelead.go":   nil,
	"wiresign.go":   nil,
}

func TestCodeHoldsNoWords(t *testing.T) {
	wordtabletest.NoLetters(t, wordtabletest.Literals(t), letterFiles)
}

// kindTakers are functions that are handed kinds of words.
var kindTakers = []string{"vocabulary", "asWritten", "ends", "signs", "originSet", "wordsIn", "theWord", "openings", "marksAnd", "wordsOfKind"}

func TestLineReadersHoldNoWords(t *testing.T) {
	wordtabletest.NoWords(t, wordtabletest.Literals(t), wordFiles, func(l wordtabletest.Literal) bool {
		return slices.Contains(kindTakers, l.Of)
	})
}

// Patterns are compiled when a text first needs them: here, lest one fail then.
func TestPatterns(t *testing.T) {
	n := 0
	for _, l := range wordtabletest.Literals(t) {
		switch {
		case l.Of == "pattern":
			normalize.Compile(l.Text)
			n++
		case slices.Contains([]string{"wordsIn", "theWord", "openings", "wordsOfKind"}, l.Of):
			normalize.Words(l.Text)
		}
	}
	if n < 30 {
		t.Errorf("only %d patterns were found", n)
	}
}

// The code asks for every kind of words that a table has, and for no other: a word
// of a kind that nobody asks for would do nothing, and a kind without words too.
func TestNoKindIsIdle(t *testing.T) {
	for file, takers := range map[string][]string{
		"noise.tsv":    {"vocabulary", "byLanguage", "asWritten", "ends", "signs"},
		"patterns.tsv": {"pattern", "wordsIn", "theWord", "openings", "marksAnd", "wordsOfKind"},
	} {
		asked := wordtabletest.Kinds(wordtabletest.Literals(t), takers)
		kinds := map[string]bool{}
		for _, row := range wordtabletest.Rows(t, file) {
			kinds[row[0]] = true
			if !asked[row[0]] && !asked[row[0]+"/"+row[1]] {
				t.Errorf("%s: nothing asks for words of the kind %q in %q", file, row[0], row[1])
			}
		}
		for kind := range asked { // TestPatterns looks for those of patterns.tsv
			if file == "noise.tsv" && !kinds[kind] {
				t.Errorf("%s has no words of the kind %q, which the code asks for", file, kind)
			}
		}
	}
}

// Each row of the table of patterns has a language and words, and no kind that the
// table of times has, whose words patterns name as well.
func TestPatternTable(t *testing.T) {
	kinds := map[string]bool{}
	for _, row := range wordtabletest.Rows(t, "clock.tsv") {
		kinds[row[0]] = true
	}
	seen := map[string]bool{}
	for _, row := range wordtabletest.Rows(t, "patterns.tsv") {
		if len(row) != 3 || !regexp.MustCompile(`^[a-z]{2,3}$`).MatchString(row[1]) || kinds[row[0]] {
			t.Errorf("%q: want a kind of its own, a language and words", row)
			continue
		}
		for word := range strings.SplitSeq(row[2], "|") {
			if key := row[0] + " " + row[1] + " " + word; word == "" || word != strings.TrimSpace(word) || seen[key] {
				t.Errorf("%q: %q is empty, padded or there twice", row, word)
			} else {
				seen[key] = true
			}
		}
	}
}

// A kind has one row for each language, and an outlet one, in which no word stands
// twice: who corrects it must not have to look for others.
func TestNoRowStandsTwice(t *testing.T) {
	for _, file := range []string{"clock.tsv", "noise.tsv", "origins.tsv", "outlets.tsv", "patterns.tsv", "relative.tsv", "roles.tsv"} {
		seen := map[string]bool{}
		for _, row := range wordtabletest.Rows(t, file) {
			if key := row[0] + "\t" + row[1]; seen[key] {
				t.Errorf("%s has two rows for %q", file, key)
			} else {
				seen[key] = true
			}
			if len(row) < 3 {
				continue
			}
			words := strings.Split(row[2], "|")
			slices.Sort(words)
			if len(slices.Compact(words)) < strings.Count(row[2], "|")+1 {
				t.Errorf("%s: %q %q has a word twice", file, row[0], row[1])
			}
		}
	}
}
