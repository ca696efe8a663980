package normalize_test

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

	"copydesk/aggregator/normalize"
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
	"place.go":      nil,
	"plain.go":      {"names that mean nothing else"},
	"roles.go":      nil,
	"segments.go":   nil,
	"signature.go":  {"<img", "two words and a town"},
	"credit.go":     {"outlet", "pictures", `(?i)\.(?:com|org|net|fr|de|cn|es|co|tv|ru|it|uk|info)\b`, "http", "www."},
	"dateline.go":   nil,
	"dispatch.go":   nil,
	"inflected.go":  {"case"},
	"info.go":       nil,
	"japanese.go":   nil,
	"korean.go":     nil,
	"namesake.go":   nil,
	"origin.go":     {"before", "notice", "behind", "genre-zh", "lent", "first", "told"},
	"outlets.go":    {"https://"},
	"rolewords.go":  {"source", "helper", "nobody", "tr"},
	"runon.go":      nil,
	"settle.go":     nil,
	"wash.go":       {`[<(（\[]?\s?(?:mailto:)?([\w.+-]+@[\w-]+(?:\.[\w-]+)+)\s?[>)）\]]?`, `(?i)\b(?:https?://|www\.)[!-~]+`, "www.", "&amp;", "&nbsp;", "&quot;", "&apos;"},
	"wirelead.go":   nil,
	"wiresign.go":   nil,
}

// A literal is a text or a sign in the code.
type literal struct {
	file string
	at   token.Position
	text string
	of   string // the function that it is handed to, or the rule that it tells of
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
			case *ast.CallExpr:
				if called, ok := n.Fun.(*ast.Ident); ok {
					for _, arg := range n.Args {
						of[arg] = called.Name
					}
				}
			case *ast.CompositeLit:
				markRules(n, of)
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

// Words are for those who speak a language to correct, who need not read Go.
func TestCodeHoldsNoWords(t *testing.T) {
	idle := maps.Clone(letterFiles)
	for _, l := range literals(t) {
		if l.of == "rule" || !strings.ContainsFunc(l.text, foreignLetter) {
			continue
		}
		if _, may := letterFiles[l.file]; !may {
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

// kindTakers are functions that are handed kinds of words.
var kindTakers = []string{"vocabulary", "asWritten", "ends", "signs", "originSet", "wordsIn", "theWord", "openings", "marksAnd", "wordsOfKind"}

func TestLineReadersHoldNoWords(t *testing.T) {
	idle := map[string][]string{}
	for file, allowed := range wordFiles {
		idle[file] = slices.Clone(allowed)
	}
	for _, l := range literals(t) {
		allowed, read := wordFiles[l.file]
		if !read || l.of == "rule" || slices.Contains(kindTakers, l.of) || !smallWord.MatchString(withoutClasses.ReplaceAllString(l.text, " ")) {
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

var (
	smallWord      = regexp.MustCompile(`[a-z]{2,}`)
	withoutClasses = regexp.MustCompile(`\\p\{\w+\}|\\[a-z]|\{[a-z][a-z/-]*\}`) // \p{Han}, \d, {reporter/zh}
)

// Patterns are compiled when a text first needs them: here, lest one fail then.
func TestPatterns(t *testing.T) {
	n := 0
	for _, l := range literals(t) {
		switch {
		case l.of == "pattern":
			normalize.Compile(l.text)
			n++
		case slices.Contains([]string{"wordsIn", "theWord", "openings", "wordsOfKind"}, l.of):
			normalize.Words(l.text)
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
		asked := map[string]bool{}
		for _, l := range literals(t) {
			if !slices.Contains(takers, l.of) {
				continue
			}
			asked[l.text] = true
			for _, kind := range bracedKind.FindAllStringSubmatch(l.text, -1) {
				asked[kind[1]] = true
			}
		}
		kinds := map[string]bool{}
		for _, row := range rows(t, file) {
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

var bracedKind = regexp.MustCompile(`\{([a-z][a-z-]*(?:/[a-z]+)?)\}`)

// Each row of the table of patterns has a language and words, and no kind that the
// table of times has, whose words patterns name as well.
func TestPatternTable(t *testing.T) {
	kinds := map[string]bool{}
	for _, row := range rows(t, "clock.tsv") {
		kinds[row[0]] = true
	}
	seen := map[string]bool{}
	for _, row := range rows(t, "patterns.tsv") {
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
		for _, row := range rows(t, file) {
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

// rows are the lines of a table of data.
func rows(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile("data/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}
