package edition

import (
	"errors"
	"fmt"
	"html"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"

	"copydesk/aggregator/news"
)

// A Rule is a channel's compiled `where`.
type Rule struct {
	text     string
	program  *vm.Program // nil takes everything
	wantText bool
}

// facts are the variables of the rule language (contract, rule variables).
type facts struct {
	Title      string    `expr:"title"`
	Text       string    `expr:"text"`
	URL        string    `expr:"url"`
	Source     string    `expr:"source"`
	Credit     string    `expr:"credit"`
	Authors    []string  `expr:"authors"`
	Editors    []string  `expr:"editors"`
	Categories []string  `expr:"categories"`
	Section    string    `expr:"section"`
	Language   string    `expr:"language"`
	Published  time.Time `expr:"published"`
	Updated    time.Time `expr:"updated"`
	Words      int       `expr:"words"`
	HasImage   bool      `expr:"has_image"`
}

// A RuleError is a fault of a rule, with the place in it.
type RuleError struct {
	problem string
	unknown string
	hint    string
	column  int
}

func (e *RuleError) Error() string { return e.problem }

// Unknown is the name that is not one, with those that are; empty when the
// fault is another.
func (e *RuleError) Unknown() (name string, known []string) { return e.unknown, variables }

// Hint is what to write instead; empty where that cannot be told.
func (e *RuleError) Hint() string { return e.hint }

// Column is where in the rule the fault is, from 1.
func (e *RuleError) Column() int { return e.column }

// CompileRule reads a rule. Its error is a *RuleError.
func CompileRule(where string) (*Rule, error) {
	if strings.TrimSpace(where) == "" {
		return &Rule{}, nil
	}
	program, err := expr.Compile(where, expr.Env(facts{}), expr.AsBool(),
		expr.DisableBuiltin("now"), // an article must be filed the same way on every day and node
		expr.MaxNodes(2000))
	if err != nil {
		return nil, ruleError(where, err)
	}
	return &Rule{text: where, program: program, wantText: textWord.MatchString(where)}, nil
}

var textWord = regexp.MustCompile(`\btext\b`)

// variables are the names that a rule may use.
var variables = func() []string {
	var out []string
	for f := range reflect.TypeFor[facts]().Fields() {
		out = append(out, f.Tag.Get("expr"))
	}
	return out
}()

var (
	unknownName = regexp.MustCompile(`^unknown name (\S+)`)
	noTruth     = regexp.MustCompile(`^expected bool, but got (\S+)`)
)

// ruleError puts the library's words for a fault into ours.
func ruleError(where string, err error) error {
	out := &RuleError{problem: firstLine(err.Error()), column: 1, hint: hintFor(where, err.Error())}
	if m := noTruth.FindStringSubmatch(out.problem); m != nil {
		out.problem = fmt.Sprintf("the rule gives a %s instead of yes or no (compare it with something)", m[1])
	}
	var fe *file.Error
	if !errors.As(err, &fe) {
		return out
	}
	out.problem, out.column = firstLine(fe.Message), fe.Column+1
	if m := unknownName.FindStringSubmatch(fe.Message); m != nil {
		out.problem, out.unknown = fmt.Sprintf("there is no variable %q", m[1]), m[1]
	}
	return out
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// Match reports whether the rule takes an article.
func (r *Rule) Match(a *news.Article) (bool, error) {
	if r.program == nil {
		return true, nil
	}
	out, err := expr.Run(r.program, r.facts(a))
	if err != nil {
		return false, fmt.Errorf("rule %q: %w", r.text, err)
	}
	return out.(bool), nil // AsBool has checked it
}

func (r *Rule) facts(a *news.Article) facts {
	f := facts{
		Title: a.Title, URL: a.URL, Source: string(a.Source), Credit: a.Credit.Name,
		Authors: names(a, news.Author), Editors: names(a, news.Editor),
		Categories: a.Categories, Section: a.Section, Language: a.Language,
		Published: a.Published.At, Updated: a.Updated, Words: a.Words, HasImage: a.Image != nil,
	}
	if r.wantText {
		f.Text = a.Summary
		if a.ContentHTML != "" {
			f.Text = html.UnescapeString(tag.ReplaceAllString(a.ContentHTML, " "))
		}
	}
	return f
}

var tag = regexp.MustCompile(`<[^>]*>`)

func names(a *news.Article, role news.Role) []string {
	var out []string
	for _, p := range a.Byline.With(role) {
		out = append(out, p.Name)
	}
	return out
}
