package extract_test

import (
	"slices"
	"strings"
	"testing"

	"copydesk/aggregator/wordtable/wordtabletest"

	"golang.org/x/net/html/atom"
)

// wordTables are the tables of words, with the columns that say their kind and what
// the code asks them by.
var wordTables = map[string]struct {
	kinds int
	asked []string
}{
	"barriers.tsv": {2, []string{"barrierWords"}},
	"credits.tsv":  {1, []string{"creditWords"}},
	"lines.tsv":    {1, []string{"lineWords"}},
	"words.tsv":    {1, []string{"pattern", "wordsOfKind"}},
}

// letterFiles hold letters outside ASCII that are no words.
var letterFiles = map[string]string{"title.go": "which letters may be taken apart"}

// markupFiles hold expressions in which small words are what addresses, files and
// styles are made of, and elements.
var markupFiles = map[string]int{"blocks.go": 2, "body.go": 1, "listed.go": 2, "page.go": 1}

// wordFiles read the lines of a page. They hold of words in small letters only
// names of HTML, and these: of fields, roles, witnesses and kinds, and what we tell.
var wordFiles = map[string][]string{
	"breadcrumb.go":  {"json-ld", "visible"},
	"bylines.go":     {"byline", "author", "photographer"},
	"captions.go":    {"photographer"},
	"creditwords.go": nil,
	"dateline.go":    {"dateline", "visible", "published"},
	"mention.go":     {"published", "updated", "credit", "by", "correspondent", "photo"},
	"standing.go":    {"near the text", "above the heading", "at the top", "below the text", "in the head of the site", "among others", "in the midst of the text", "in the headline"},
	"shown.go":       {"signature", "author", "right", "updated", "published", "mailto:"},
	"visible.go":     {"visible", "author", "line", "a line of credits near the article"},
}

func TestCodeHoldsNoWords(t *testing.T) {
	wordtabletest.NoLetters(t, wordtabletest.Literals(t), letterFiles)
}

func TestFormsHoldNoWords(t *testing.T) {
	markup := map[string]int{}
	for _, l := range wordtabletest.Literals(t) {
		if l.Of != "pattern" && l.Of != "MustCompile" || !wordtabletest.HoldsWord(l.Text) {
			continue
		}
		if markup[l.File]++; l.Of == "pattern" || markup[l.File] > markupFiles[l.File] {
			t.Errorf("%s: %q holds a word: it belongs into a table of data", l.At, l.Text)
		}
	}
	for file, n := range markupFiles {
		if markup[file] < n {
			t.Errorf("%s has %d expressions with words of markup, and needs an exception for no more", file, markup[file])
		}
	}
}

func TestLineReadersHoldNoWords(t *testing.T) {
	wordtabletest.NoWords(t, wordtabletest.Literals(t), wordFiles, func(l wordtabletest.Literal) bool {
		return atom.Lookup([]byte(l.Text)) != 0 || slices.Contains([]string{"barrierWords", "creditWords", "lineWords", "wordsOfKind", "attrOf", "Find"}, l.Of)
	})
}

// The code asks for every kind of words that a table has, and for no other.
func TestNoKindIsIdle(t *testing.T) {
	all := wordtabletest.Literals(t)
	for file, table := range wordTables {
		asked := wordtabletest.Kinds(all, table.asked)
		kinds := map[string]bool{}
		for _, row := range wordtabletest.Rows(t, file) {
			kind, language := strings.Join(row[:table.kinds], " "), row[table.kinds]
			kinds[kind], kinds[kind+"/"+language] = true, true
			if !asked[kind] && !asked[kind+"/"+language] {
				t.Errorf("%s: nothing asks for words of the kind %q in %q", file, kind, language)
			}
		}
		for kind := range asked {
			if !kinds[kind] {
				t.Errorf("%s has no words of the kind %q, which the code asks for", file, kind)
			}
		}
	}
}

// languages are those that tables have words of; mul is for signs of none.
var languages = strings.Fields("ar bg bn cs da de el en es fa fi fr he hi hr hu id is it ja ko mul nl no pl pt ro ru sk sl sr sv ta te th tr uk ur vi zh")

// A kind has one row for each language, in which no word stands twice: who corrects
// it must not have to look for others.
func TestRowsOfWords(t *testing.T) {
	used := map[string]bool{}
	for file, table := range wordTables {
		seen := map[string]bool{}
		for _, row := range wordtabletest.Rows(t, file) {
			if len(row) != table.kinds+2 || !slices.Contains(languages, row[table.kinds]) {
				t.Errorf("%s: %q: want a kind, a language and words", file, row)
				continue
			}
			used[row[table.kinds]] = true
			key := strings.Join(row[:table.kinds+1], "\t")
			if seen[key] {
				t.Errorf("%s has two rows for %q", file, key)
			}
			seen[key] = true
			for word := range strings.SplitSeq(row[table.kinds+1], "|") {
				if strings.TrimSpace(word) == "" || strings.HasPrefix(word, " ") || word != strings.ToLower(word) || seen[key+"\t"+word] {
					t.Errorf("%s: %q: %q is empty, padded, in capitals or there twice", file, key, word)
				}
				seen[key+"\t"+word] = true
			}
		}
	}
	for _, language := range languages {
		if !used[language] {
			t.Errorf("no table has words in %q", language)
		}
	}
}
