package config

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxFile is the largest file that is read, in bytes.
const maxFile = 10 << 20

// Options join loading to its surroundings.
type Options struct {
	// Env looks up ${NAME}, as os.LookupEnv does; nil knows none.
	Env func(name string) (string, bool)
	// CheckRule reads a channel's rule; nil accepts all. An error with a method
	// Column() int tells where in the rule it is, from 1; one with a method
	// Hint() string, what to write instead.
	CheckRule func(rule string) error
	// CheckSelector reads a CSS selector; nil accepts all.
	CheckSelector func(css string) error
	// CheckPath reads a path into JSON; nil accepts all.
	CheckPath func(path string) error
}

// Load reads and checks a file. Its error is Faults where the file could be
// read; then the config is returned too, as far as it could be understood, for
// those who only want to know where the database is.
func Load(path string, opt Options) (*Config, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no config %s (name it with -c FILE; copydesk.example.yaml is one to begin with)", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("config %s is larger than %d MB (it is probably no config)", path, maxFile>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	cfg, err := Parse(path, data, opt)
	if cfg != nil {
		cfg.dir, cfg.digest = filepath.Dir(path), sha256.Sum256(data)
	}
	return cfg, err
}

// Parse reads and checks the text of a file that errors call name. With Faults
// it returns what it understood; nil when that was nothing.
func Parse(name string, data []byte, opt Options) (cfg *Config, err error) {
	text := lineEnds.Replace(strings.TrimPrefix(string(data), "\ufeff"))
	r := &reader{file: name, lines: strings.Split(text, "\n"), opt: opt, places: map[string]place{}, unreadable: map[string]bool{}}
	defer func() { // the parser must not be able to take the program down
		if p := recover(); p != nil {
			cfg, err = nil, Faults{{File: name, Line: 1, Column: 1, Problem: fmt.Sprintf("cannot be read as YAML: %v", p)}}
		}
	}()
	cfg = defaults()
	tree, perr := parser.ParseBytes([]byte(text), 0)
	if perr != nil {
		return nil, Faults{r.syntax(perr)}
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return nil, Faults{{File: name, Line: 1, Column: 1, Problem: "the config is empty", Hint: "copydesk.example.yaml is one to begin with"}}
	}
	if len(tree.Docs) > 1 && tree.Docs[1].Body != nil {
		r.faultAt(tree.Docs[1].Body, "", "a second document begins here", "a config is one document; remove the ---")
	}
	r.config(tree.Docs[0].Body, cfg)
	cfg.complete()
	r.check(cfg)
	if len(r.faults) > 0 {
		return cfg, r.faults.sorted()
	}
	return cfg, nil
}

// lineEnds makes one of the three that YAML knows (YAML 1.2.2 §5.4).
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func defaults() *Config {
	return &Config{
		Listen:      ":8080",
		AdminListen: "127.0.0.1:9090",
		Database:    "copydesk.db",
		Publisher:   Publisher{Language: "en", Names: "house", Images: "show", Search: true},
		Fetch: Fetch{
			Workers: 64, PerHostGap: Duration(time.Second), Timeout: Duration(30 * time.Second), MaxBody: 15e6,
			Ports: []int{80, 443, 8080, 8443},
		},
		Hub:  Hub{Enabled: true, Signature: "sha256"},
		Keep: Keep{Articles: Duration(365 * 24 * time.Hour), History: Duration(90 * 24 * time.Hour)},
	}
}

// NewSource is a source of which the file says nothing.
func NewSource() Source {
	return Source{Kind: "feed", Pace: "feed", Republish: "full", Push: true, Weight: 1}
}

func newChannel() Channel { return Channel{Order: "newest", Limit: 50} }

// complete fills what depends on other keys.
func (c *Config) complete() {
	c.Publisher.URL = strings.TrimRight(c.Publisher.URL, "/")
	if c.Fetch.UserAgent == "" {
		c.Fetch.UserAgent = "copydesk/1.0 (+" + c.Publisher.URL + ")"
	}
	names := "house"
	if c.Publisher.Names == "as_printed" {
		names = "as_printed"
	}
	for i := range c.Sources {
		if c.Sources[i].Names == "" {
			c.Sources[i].Names = names
		}
	}
	for i := range c.Channels {
		if c.Channels[i].Language == "" {
			c.Channels[i].Language = c.Publisher.Language
		}
	}
}

// syntax puts the parser's complaint into one fault.
func (r *reader) syntax(err error) Fault {
	f := Fault{File: r.file, Line: 1, Column: 1, Problem: "this is no YAML: " + firstLine(err.Error())}
	var se *yaml.SyntaxError
	if errors.As(err, &se) && se.Token != nil {
		f.Line, f.Column = se.Token.Position.Line, se.Token.Position.Column
		f.Problem = "this is no YAML: " + se.Message
	}
	switch {
	case strings.Contains(f.Problem, "\t"):
		f.Problem = "this is no YAML: a tab indents this line"
		f.Hint = "indent with blanks, not with tabs"
	case strings.Contains(f.Problem, "non-map value"), strings.Contains(f.Problem, "value is not allowed"):
		f.Hint = "write each key as `key: value`, and put quotes around text that holds a colon"
	case strings.Contains(f.Problem, "already defined"):
		f.Hint = "a key may stand once; join the two"
	case strings.Contains(f.Problem, "reserved character"):
		f.Hint = "put quotes around the text"
	case strings.Contains(f.Problem, "unexpected key name"):
		f.Hint = "check how far this line and the one before are indented"
	}
	f.Snippet = r.line(f.Line)
	return f
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func (r *reader) line(n int) string {
	if n < 1 || n > len(r.lines) {
		return ""
	}
	return r.lines[n-1]
}

// A place is where a key's value stands.
type place struct{ line, column int }

func placeOf(n ast.Node) place {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{1, 1}
}

func (r *reader) faultAt(n ast.Node, key, problem, hint string) {
	r.fault(placeOf(n), key, problem, hint)
}

func (r *reader) fault(p place, key, problem, hint string) {
	r.faults = append(r.faults, Fault{File: r.file, Line: p.line, Column: p.column, Key: key, Problem: problem, Hint: hint, Snippet: r.line(p.line)})
}
