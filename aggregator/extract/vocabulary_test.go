package extract_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

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
	"shown.go":       {"signature", "author", "right", "updated", "published", "mailto:"},
	"visible.go":     {"visible", "author", "line", "a line of credits near the article"},
}

// A literal is a text or a sign in the code.
type literal struct {
	file string
	at   token.Position
	text string
	of   string // the function that it is handed to, or the map that it is looked up in
}

// literals are those of the files of the package that are no tests.
func literals(t *testing.T) []literal {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []literal
	set := token.NewFileSet()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		of := map[ast.Node]string{}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.Field:
				return n.Tag == nil
			case *ast.CallExpr:
				for _, arg := range n.Args {
					of[arg] = nameOf(n.Fun)
				}
			case *ast.IndexExpr:
				of[n.Index] = nameOf(n.X)
			case *ast.BasicLit:
				if n.Kind == token.STRING || n.Kind == token.CHAR {
					text, err := strconv.Unquote(n.Value)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, literal{file, set.Position(n.Pos()), text, of[n]})
				}
			}
			return true
		})
	}
	return out
}

// nameOf is the name of a function or a map, without its package.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// Words are for those who speak a language to correct, who need not read Go.
func TestCodeHoldsNoWords(t *testing.T) {
	idle := map[string]bool{}
	for file := range letterFiles {
		idle[file] = true
	}
	for _, l := range literals(t) {
		if !strings.ContainsFunc(l.text, foreignLetter) {
			continue
		}
		if letterFiles[l.file] == "" {
			t.Errorf("%s: %q holds letters of a language: they belong into a table of data", l.at, l.text)
		}
		delete(idle, l.file)
	}
	for file := range idle {
		t.Errorf("%s holds no letters of a language, and needs no exception", file)
	}
}

// foreignLetter reports a letter outside ASCII of one script; ー belongs to several
// and is a mark.
func foreignLetter(r rune) bool {
	return r > unicode.MaxASCII && unicode.IsLetter(r) && !unicode.Is(unicode.Common, r)
}

func TestFormsHoldNoWords(t *testing.T) {
	markup := map[string]int{}
	for _, l := range literals(t) {
		if l.of != "pattern" && l.of != "MustCompile" || !holdsWord(l.text) {
			continue
		}
		if markup[l.file]++; l.of == "pattern" || markup[l.file] > markupFiles[l.file] {
			t.Errorf("%s: %q holds a word: it belongs into a table of data", l.at, l.text)
		}
	}
	for file, n := range markupFiles {
		if markup[file] < n {
			t.Errorf("%s has %d expressions with words of markup, and needs an exception for no more", file, markup[file])
		}
	}
}

func TestLineReadersHoldNoWords(t *testing.T) {
	idle := map[string][]string{}
	for file, allowed := range wordFiles {
		idle[file] = slices.Clone(allowed)
	}
	for _, l := range literals(t) {
		allowed, read := wordFiles[l.file]
		if !read || !holdsWord(l.text) || atom.Lookup([]byte(l.text)) != 0 || slices.Contains([]string{"barrierWords", "creditWords", "lineWords", "wordsOfKind", "attrOf", "Find"}, l.of) {
			continue
		}
		if !slices.Contains(allowed, l.text) {
			t.Errorf("%s: %q holds a word: it belongs into a table of data", l.at, l.text)
		}
		idle[l.file] = slices.DeleteFunc(idle[l.file], func(text string) bool { return text == l.text })
	}
	for file, texts := range idle {
		if len(texts) > 0 {
			t.Errorf("%s holds no %q, which need no exception", file, texts)
		}
	}
}

// holdsWord reports a text, or an expression, with two small letters in a row.
func holdsWord(text string) bool {
	return regexp.MustCompile(`[a-z]{2}`).MatchString(withoutClasses.ReplaceAllString(text, " "))
}

var withoutClasses = regexp.MustCompile(`\\p\{\w+\}|\\[a-zA-Z]+|\{[a-z][a-z/-]*\}|\[[^\]]*\]`) // \p{Han}, \d, {year/zh}, [ap]

// The code asks for every kind of words that a table has, and for no other.
func TestNoKindIsIdle(t *testing.T) {
	all := literals(t)
	for file, table := range wordTables {
		asked := map[string]bool{}
		for _, l := range all {
			if !slices.Contains(table.asked, l.of) {
				continue
			}
			if l.of != "pattern" {
				asked[l.text] = true
			}
			for _, kind := range bracedKind.FindAllStringSubmatch(l.text, -1) {
				asked[kind[1]] = true
			}
		}
		kinds := map[string]bool{}
		for _, row := range rows(t, file) {
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

var bracedKind = regexp.MustCompile(`\{([a-z][a-z-]*(?:/[a-z]+)?)\}`)

// languages are those that tables have words of; mul is for signs of none.
var languages = strings.Fields("ar bg bn cs da de el en es fa fi fr he hi hr hu id is it ja ko mul nl no pl pt ro ru sk sl sr sv ta te th tr uk ur vi zh")

// A kind has one row for each language, in which no word stands twice: who corrects
// it must not have to look for others.
func TestRowsOfWords(t *testing.T) {
	used := map[string]bool{}
	for file, table := range wordTables {
		seen := map[string]bool{}
		for _, row := range rows(t, file) {
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

// rows are the lines of a table of data.
func rows(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile("data/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		if line = strings.Trim(line, "\r\n"); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}
