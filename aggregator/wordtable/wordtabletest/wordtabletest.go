// Package wordtabletest holds a package to it that its words stand in its tables of
// words, and none in its code: those who speak a language to correct it need not
// read Go.
package wordtabletest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"copydesk/aggregator/wordtable"
)

// Rows are the rows of a table of the package that is tested.
func Rows(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile("data/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return wordtable.Rows(string(text))
}

// A Literal is a text or a sign in the code.
type Literal struct {
	File string
	At   token.Position
	Text string
	Of   string // the function that it is handed to, the map that it is looked up in, or "rule"
}

// Literals are those of the files, but for tests, of the package that is tested.
func Literals(t *testing.T) []Literal {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []Literal
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
			case *ast.CompositeLit:
				markRules(n, of)
			case *ast.BasicLit:
				if n.Kind == token.STRING || n.Kind == token.CHAR {
					text, err := strconv.Unquote(n.Value)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, Literal{file, set.Position(n.Pos()), text, of[n]})
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

// markRules marks the names and examples of a list of rules, which no text is
// compared with.
func markRules(list *ast.CompositeLit, of map[ast.Node]string) {
	array, ok := list.Type.(*ast.ArrayType)
	if !ok {
		return
	}
	if name, ok := array.Elt.(*ast.Ident); !ok || !strings.HasSuffix(name.Name, "Rule") {
		return
	}
	for _, element := range list.Elts {
		if rule, ok := element.(*ast.CompositeLit); ok {
			for _, part := range rule.Elts {
				of[part] = "rule"
			}
		}
	}
}

// NoLetters fails for letters of a language in the code. The files of except may
// hold some, for the reason that it names, and must.
func NoLetters(t *testing.T, code []Literal, except map[string]string) {
	t.Helper()
	idle := maps.Clone(except)
	for _, l := range code {
		if l.Of == "rule" || !strings.ContainsFunc(l.Text, foreignLetter) {
			continue
		}
		if _, may := except[l.File]; !may {
			t.Errorf("%s: %q holds letters of a language: they belong into a table of data", l.At, l.Text)
		}
		delete(idle, l.File)
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

// NoWords fails for words in small letters in the files that allowed has, but for
// the texts that it allows each, which must be there, and what known passes.
func NoWords(t *testing.T, code []Literal, allowed map[string][]string, known func(Literal) bool) {
	t.Helper()
	idle := map[string][]string{}
	for file, texts := range allowed {
		idle[file] = slices.Clone(texts)
	}
	for _, l := range code {
		texts, read := allowed[l.File]
		if !read || l.Of == "rule" || known(l) || !HoldsWord(l.Text) {
			continue
		}
		if !slices.Contains(texts, l.Text) {
			t.Errorf("%s: %q holds a word: it belongs into a table of data", l.At, l.Text)
		}
		idle[l.File] = slices.DeleteFunc(idle[l.File], func(text string) bool { return text == l.Text })
	}
	for file, texts := range idle {
		if len(texts) > 0 {
			t.Errorf("%s holds no %q, which need no exception", file, texts)
		}
	}
}

var (
	smallWord = regexp.MustCompile(`[a-z]{2}`)
	classes   = regexp.MustCompile(`\\p\{\w+\}|\\[a-zA-Z]+|\{[a-z][a-z/-]*\}|\[[^\]]*\]`) // \p{Han}, \d, {year/zh}, [ap]
)

// HoldsWord reports a text, or an expression, with two small letters in a row.
func HoldsWord(text string) bool {
	return smallWord.MatchString(classes.ReplaceAllString(text, " "))
}

// Kinds are the kinds of words that the code asks some functions for: in braces, and
// as they are unless it is a pattern.
func Kinds(code []Literal, takers []string) map[string]bool {
	out := map[string]bool{}
	for _, l := range code {
		if !slices.Contains(takers, l.Of) {
			continue
		}
		if l.Of != "pattern" {
			out[l.Text] = true
		}
		for _, kind := range braced.FindAllStringSubmatch(l.Text, -1) {
			out[kind[1]] = true
		}
	}
	return out
}

var braced = regexp.MustCompile(`\{([a-z][a-z-]*(?:/[a-z]+)?)\}`)
