package config_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"copydesk/aggregator/txtartest"
	"copydesk/config"
	"copydesk/publisher/edition"
)

var options = config.Options{
	Env: func(name string) (string, bool) {
		value, ok := map[string]string{"TOKEN": "s3cret", "EMPTY": ""}[name]
		return value, ok
	},
	CheckRule: func(rule string) error { _, err := edition.CompileRule(rule); return err },
}

// Each file of testdata holds configs and what is said of them: a.yaml and
// a.want. A config without faults says nothing.
func TestFaults(t *testing.T) {
	txtartest.Each(t, "testdata/*.txtar", 1, func(t *testing.T, a *txtartest.Archive) {
		for _, f := range a.Files {
			if name, ok := strings.CutSuffix(f.Name, ".yaml"); ok {
				a.WantIn(t, name+".want", said(f.Data))
			}
		}
	})
}

// said is all that is said of a config, a line for each fault.
func said(text []byte) string {
	_, err := config.Parse("copydesk.yaml", text, options)
	if err == nil {
		return ""
	}
	return err.Error() + "\n"
}

const least = `publisher: {title: T, url: https://news.example.org, authority: "news.example.org,2026"}
sources: [{slug: a, name: A, url: https://a.example/feed}]
channels: [{slug: all, title: All}]
`

// What no text editor would write, or nobody would read in a fixture.
func TestOddFiles(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"a byte order mark":      {"\ufeff" + least, ""},
		"lines that end in CRLF": {strings.ReplaceAll(least, "\n", "\r\n"), ""},
		"a secret":               {strings.Replace(least, "https://a.example/feed", `"https://me:${TOKEN}@a.example/feed"`, 1), ""},
		"empty":                  {"", "the config is empty"},
		"only a comment":         {"# nothing yet\n", "the config is empty"},
		"bytes that are no text": {least + "listen: \"\xff\xfe\"\n", ""},
		"one endless line":       {strings.Repeat("a", 5<<20), "copydesk.yaml:1:"},
		"nested without end":     {strings.Repeat("[", 20_000), "copydesk.yaml:1:"},
		"an alias bomb":          {"a: &a [x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c]\n" + least, "unknown key"},
	} {
		got := said([]byte(tt.text))
		if tt.want == "" && name != "bytes that are no text" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %.300q, want %q", name, got, tt.want)
		}
	}
}

func TestValues(t *testing.T) {
	cfg, err := config.Parse("copydesk.yaml", []byte(`
publisher: {title: "T ${EMPTY}${NONE:-x}", url: "https://news.example.org/", authority: "news.example.org,2026", language: de, time_zone: Europe/Berlin}
listen: ":80"
admin_listen: ""
fetch: {workers: 8, per_host_gap: 1500ms, timeout: 1m, max_body: 2MiB, user_agent: "x ${TOKEN}", allow_private: true, ports: [443, 9443]}
keep: {articles: 2w, history: 36h}
sources:
  - slug: wire
    name: "$$5 Wire"
    url: https://a.example/feed
    time_zone: Asia/Shanghai
    schedule: "*/15 * * * *"
    weight: 1.5
    follow: true
channels:
  - {slug: all, title: All, order: top, limit: 10, per_source: 3, where: has_image}
`), options)
	if err != nil {
		t.Fatal(err)
	}
	for name, pair := range map[string][2]any{
		"publisher.title":      {cfg.Publisher.Title, "T x"},
		"publisher.url":        {cfg.Publisher.URL, "https://news.example.org"},
		"admin_listen":         {cfg.AdminListen, ""},
		"fetch.per_host_gap":   {time.Duration(cfg.Fetch.PerHostGap), 1500 * time.Millisecond},
		"fetch.max_body":       {int64(cfg.Fetch.MaxBody), int64(2 << 20)},
		"fetch.user_agent":     {cfg.Fetch.UserAgent, "x s3cret"},
		"fetch.ports":          {fmt.Sprint(cfg.Fetch.Ports), "[443 9443]"},
		"sources[0].pace":      {cfg.Sources[0].Pace, "feed"},
		"keep.articles":        {time.Duration(cfg.Keep.Articles), 14 * 24 * time.Hour},
		"keep.history":         {time.Duration(cfg.Keep.History), 36 * time.Hour},
		"sources[0].name":      {cfg.Sources[0].Name, "$5 Wire"},
		"sources[0].weight":    {cfg.Sources[0].Weight, 1.5},
		"sources[0].republish": {cfg.Sources[0].Republish, "full"},
		"sources[0].zone":      {cfg.NewsSources()[0].Zone().String(), "Asia/Shanghai"},
		"channels[0].language": {cfg.Channels[0].Language, "de"},
		"channels[0].order":    {cfg.Channels[0].Order, "top"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	if _, err := config.Load(filepath.Join(dir, "none.yaml"), options); err == nil || !strings.Contains(err.Error(), "copydesk.example.yaml") {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := config.Load(dir, options); err == nil {
		t.Error("a folder is no config")
	}
	huge := filepath.Join(dir, "huge.yaml")
	if err := os.WriteFile(huge, make([]byte, 11<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(huge, options); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("a huge file: %v", err)
	}
	if _, err := config.Load("../copydesk.example.yaml", options); err != nil {
		t.Errorf("the example has faults: %v", err)
	}
}

// The schema knows every key of the types, so that editors complete the file.
func TestSchema(t *testing.T) {
	text, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Required   []string
		Properties map[string]struct {
			Description string
			Required    []string
			Properties  map[string]any
			Items       struct {
				Required   []string
				Properties map[string]struct {
					Description string
					Enum        []string
				}
			}
		}
		AdditionalProperties any `json:"additionalProperties"`
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	source := s.Properties["sources"].Items
	if diff := cmp.Diff([]string{"slug", "name", "url"}, source.Required); diff != "" {
		t.Errorf("a source requires (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"full", "excerpt", "headline"}, source.Properties["republish"].Enum); diff != "" {
		t.Errorf("republish may be (-want +got):\n%s", diff)
	}
	if !strings.Contains(source.Properties["schedule"].Description, "rhythm") || s.AdditionalProperties != false || len(s.Required) != 1 {
		t.Errorf("the schema says too little: %s", text)
	}
	for _, key := range []string{"publisher", "listen", "admin_listen", "database", "fetch", "keep", "sources", "channels"} {
		if _, ok := s.Properties[key]; !ok {
			t.Errorf("the schema lacks %s", key)
		}
	}
}

// Whatever stands in a file, the answer is a config or faults with a place in
// the file.
func FuzzParse(f *testing.F) {
	f.Add([]byte(least))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("publisher: {title: ${X, url: '"))
	f.Add([]byte("sources:\n- \t- ? : !!binary |\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		cfg, err := config.Parse("f.yaml", text, options)
		if err == nil {
			if cfg == nil {
				t.Fatal("neither config nor error")
			}
			return
		}
		var faults config.Faults
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("got %v, want faults", err)
		}
		lines := strings.Count(string(text), "\n") + strings.Count(string(text), "\r") + 1
		for _, fault := range faults {
			if fault.Line < 1 || fault.Line > lines+1 || fault.Column < 1 || fault.Problem == "" {
				t.Errorf("fault %+v has no place in %d lines", fault, lines)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var text strings.Builder
	text.WriteString("publisher: {title: T, url: https://news.example.org, authority: 'news.example.org,2026'}\nchannels: [{slug: all, title: All}]\nsources:\n")
	for i := range 10_000 {
		fmt.Fprintf(&text, "  - slug: s%d\n    name: Source %d\n    url: https://s%d.example/feed\n    schedule: \"*/15 * * * *\"\n    time_zone: Europe/Berlin\n", i, i, i)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, err := config.Parse("big.yaml", []byte(text.String()), options); err != nil {
			b.Fatal(err)
		}
	}
}
