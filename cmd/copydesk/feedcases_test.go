package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/net/html/charset"

	"copydesk/aggregator/parse"
)

// A feedCase is a document and what inspect must say of it.
type feedCase struct {
	name  string
	frame string
	doc   string
	coded string // the charset that the document is written in
	want  [][2]string
}

// frames are the documents that a case need not write out.
var frames = map[string]string{
	"rss.item":     `<rss version="2.0"` + modules + `><channel><title>T</title><link>http://f.example/</link><item>%s</item></channel></rss>`,
	"rss.channel":  `<rss version="2.0"` + modules + `><channel>%s</channel></rss>`,
	"rdf.item":     `<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"` + modules + `><channel rdf:about="http://f.example/"><title>T</title></channel>%s</rdf:RDF>`,
	"atom.entry":   `<feed xmlns="http://www.w3.org/2005/Atom"` + modules + `><title>T</title><id>urn:f</id><entry>%s</entry></feed>`,
	"atom.feed":    `<feed xmlns="http://www.w3.org/2005/Atom"` + modules + `>%s</feed>`,
	"atom03.entry": `<feed version="0.3" xmlns="http://purl.org/atom/ns#"` + modules + `><title>T</title><entry>%s</entry></feed>`,
	"atom03.feed":  `<feed version="0.3" xmlns="http://purl.org/atom/ns#"` + modules + `>%s</feed>`,
	"json.item":    `{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [%s]}`,
	"document":     `%s`,
}

const modules = ` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:content="http://purl.org/rss/1.0/modules/content/"` +
	` xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:xhtml="http://www.w3.org/1999/xhtml"`

// feedCases reads a file of cases: a name, and indented below it the document
// in its frame and lines of what inspect must say.
func feedCases(t *testing.T, file string) []feedCase {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []feedCase
	for n, line := range strings.Split(string(b), "\n") {
		switch text := strings.TrimSpace(line); {
		case text == "" || strings.HasPrefix(line, "#"):
		case line == text:
			out = append(out, feedCase{name: text})
		case len(out) == 0:
			t.Fatalf("%s:%d: a line before the first name", file, n+1)
		default:
			if err := out[len(out)-1].read(text); err != nil {
				t.Fatalf("%s:%d: %v", file, n+1, err)
			}
		}
	}
	return out
}

func (c *feedCase) read(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	if frame, ok := frames[word]; ok && c.frame == "" {
		c.frame, c.doc = frame, rest
		return nil
	}
	if more, ok := strings.CutPrefix(line, "| "); ok && len(c.want) == 0 {
		c.doc += "\n" + more
		return nil
	}
	if word == "in" {
		c.coded = rest
		return nil
	}
	path, value, ok := strings.Cut(line, " = ")
	if !ok {
		return fmt.Errorf("%q is no expectation (write it as path = value)", line)
	}
	c.want = append(c.want, [2]string{path, strings.ReplaceAll(value, `\n`, "\n")})
	return nil
}

// encoded is the document in its charset; \xHH is a byte as it stands.
func (c *feedCase) encoded() ([]byte, error) {
	switch c.coded {
	case "":
		return rawBytes(c.doc), nil
	case "base64":
		return base64.StdEncoding.DecodeString(c.doc)
	case "utf-16le", "utf-16be", "utf-32le", "utf-32be":
		return wideBytes(c.doc, c.coded), nil
	}
	e, _ := charset.Lookup(c.coded)
	if e == nil {
		return nil, fmt.Errorf("no charset %q", c.coded)
	}
	return e.NewEncoder().Bytes([]byte(c.doc))
}

func rawBytes(s string) []byte {
	var out []byte
	for {
		before, rest, ok := strings.Cut(s, `\x`)
		out = append(out, before...)
		if !ok {
			return out
		}
		n, err := strconv.ParseUint(rest[:2], 16, 8)
		if err != nil {
			return append(out, rest...)
		}
		out, s = append(out, byte(n)), rest[2:]
	}
}

// wideBytes writes each unit with its zero bytes.
func wideBytes(s, label string) []byte {
	var out []byte
	add := func(n int, unit uint32) {
		for k := range n {
			shift := 8 * k
			if strings.HasSuffix(label, "be") {
				shift = 8 * (n - 1 - k)
			}
			out = append(out, byte(unit>>shift))
		}
	}
	if strings.HasPrefix(label, "utf-32") {
		for _, r := range s {
			add(4, uint32(r))
		}
		return out
	}
	for _, u := range utf16.Encode([]rune(s)) {
		add(2, uint32(u))
	}
	return out
}

// reach follows a path through a JSON document: names, indexes, and * for what
// each member of a list has, joined. "item" is the first item, "own" what is
// noted of it. What is not there is "-".
func reach(doc any, path string) string {
	path = strings.Replace(strings.Replace(path, "own.", "item._copydesk.", 1), "item.", "items.0.", 1)
	return follow(doc, strings.Split(path, "."))
}

func follow(at any, steps []string) string {
	if len(steps) == 0 {
		return written(at)
	}
	switch v := at.(type) {
	case map[string]any:
		return follow(v[steps[0]], steps[1:])
	case []any:
		if steps[0] == "#" {
			return strconv.Itoa(len(v))
		}
		if steps[0] == "*" {
			var all []string
			for _, member := range v {
				all = append(all, follow(member, steps[1:]))
			}
			return strings.Join(all, " | ")
		}
		if n, err := strconv.Atoi(steps[0]); err == nil && n < len(v) {
			return follow(v[n], steps[1:])
		}
	}
	return "-"
}

func written(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case string:
		return v
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// TestFeedCases: nothing of a feed is lost, whatever form it was written in.
func TestFeedCases(t *testing.T) {
	files, err := filepath.Glob("testdata/feeds/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	for _, file := range files {
		cases := feedCases(t, file)
		passed := 0
		for _, c := range cases {
			ok := t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+c.name, func(t *testing.T) { c.check(t) })
			if ok {
				passed++
			}
		}
		t.Logf("%s: %d of %d", filepath.Base(file), passed, len(cases))
	}
}

// checkAlone parses each item of a document without the others, as a refresh
// does, and wants what parsing the whole gives.
func checkAlone(t *testing.T, body []byte) {
	t.Helper()
	d, err := parse.Open(body, parse.Options{})
	if err != nil {
		return
	}
	whole, err := d.Feed(nil)
	hashes := d.Hashes()
	if err != nil || len(hashes) != len(whole.Items) {
		return // always parsed whole
	}
	for i, fresh := range hashes {
		part, err := d.Feed(func(h uint64) bool { return h != fresh })
		if err != nil || len(part.Items) != 1 || !reflect.DeepEqual(part.Items[0], whole.Items[i]) {
			t.Errorf("item %d parsed alone differs from the item parsed among all (%v)", i, err)
		}
	}
}

func (c *feedCase) check(t *testing.T) {
	c.doc = strings.Replace(c.frame, "%s", c.doc, 1)
	body, err := c.encoded()
	if err != nil {
		t.Fatal(err)
	}
	checkAlone(t, body)
	var out bytes.Buffer
	_ = run(t.Context(), []string{"inspect", "--json", "--now", "2026-11-24T12:00:00Z", "-"}, os.LookupEnv, bytes.NewReader(body), &out, io.Discard)
	var doc any
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	for _, w := range c.want {
		got := reach(doc, w[0])
		if part, contains := strings.CutPrefix(w[1], "~ "); contains && strings.Contains(got, part) {
			continue
		}
		if got != w[1] {
			t.Errorf("%s = %q, want %q\n%s", w[0], got, w[1], c.doc)
		}
	}
}
