package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"copydesk/aggregator/find"
	"copydesk/aggregator/news"
	"copydesk/aggregator/opml"
	"copydesk/config"
)

// xmlURL finds addresses in a list without understanding it.
var xmlURL = regexp.MustCompile(`(?i)\sxmlUrl\s*=\s*["']([^"']+)`)

// TestSamplesOPML imports each real list: every address that stands in it is
// then a source, once, or was told with its line; and what is exported then is
// imported again without a fault.
func TestSamplesOPML(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(samples(t), "opml", "*.opml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no lists (%v)", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "copydesk.yaml")
			told := importList(t, path, file)
			sources := sourcesOf(t, path)
			for _, m := range xmlURL.FindAllSubmatch(data, -1) {
				address := strings.ReplaceAll(string(m[1]), "&amp;", "&")
				if sources[keyOf(address)] == "" && !strings.Contains(told, address) {
					t.Errorf("%s is neither a source nor told", address)
				}
			}
			t.Logf("%d addresses, %d sources; %d lines told", len(xmlURL.FindAll(data, -1)), len(sources), strings.Count(told, "\n"))
			checkRoundTrip(t, path, sources)
		})
	}
}

// importList imports a list into a new config and gives what was told.
func importList(t *testing.T, path, list string) string {
	t.Helper()
	const text = "publisher: {title: T, url: https://news.example.org, authority: \"news.example.org,2026\"}\nsources: []\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var told bytes.Buffer
	if err := run(t.Context(), []string{"opml", "import", "-c", path, list}, os.LookupEnv, nil, io.Discard, &told); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	return told.String()
}

// sourcesOf are the names of a config's sources by the key of their address.
func sourcesOf(t *testing.T, path string) map[string]string {
	t.Helper()
	cfg, err := config.Load(path, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range cfg.Sources {
		if out[keyOf(s.URL)] != "" {
			t.Errorf("%s was added twice", s.URL)
		}
		out[keyOf(s.URL)] = s.Name
	}
	return out
}

// keyOf is the key of an address as it may be shown: a list that leaves the
// house holds no secrets of its addresses.
func keyOf(address string) string { return find.Key(news.Public(address)) }

func checkRoundTrip(t *testing.T, path string, want map[string]string) {
	t.Helper()
	var exported bytes.Buffer
	if err := run(t.Context(), []string{"opml", "export", "-c", path}, os.LookupEnv, nil, &exported, io.Discard); err != nil {
		t.Fatal(err)
	}
	list, err := opml.Read(exported.Bytes())
	if err != nil || len(list.Faults) > 0 || len(list.Feeds) != len(want) {
		t.Fatalf("got %d feeds and faults %v of what was exported, want %d (%v)", len(list.Feeds), list.Faults, len(want), err)
	}
	for _, f := range list.Feeds {
		if want[keyOf(f.URL)] != f.Name {
			t.Errorf("%s: got %q, want %q", f.URL, f.Name, want[keyOf(f.URL)])
		}
	}
}

// Whatever a list holds, what is read of it can be written into the config: one
// odd address must not keep the others out.
func FuzzListIntoConfig(f *testing.F) {
	for _, list := range []string{
		`<outline text="A &amp; B" xmlUrl="https://a.example/?a=${X}&b=$$2" language="zh-CN"/>`,
		`<outline text="- x: y #" xmlUrl="a.example:80/%zz"><outline text="'" xmlUrl="http://[::1]:x/"/></outline>`,
		`<outline xmlUrl=//0:>`,
		`<outline xmlUrl="HTTP://user:pass@例え.example/ x"/><outline title="null" xmlUrl="feed:https://b.example/{a}"/>`,
	} {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := opml.Read([]byte(text))
		if err != nil {
			return
		}
		list.Once(find.Key)
		d, err := config.NewDraft("copydesk.yaml", []byte("publisher: {title: T, url: https://news.example.org, authority: \"news.example.org,2026\"}\n"), config.Options{})
		if err != nil {
			t.Fatal(err)
		}
		fresh := opmlImportCommand{}.fresh(&terminal{err: io.Discard}, d.Config(), list.Feeds)
		if err := d.Add(fresh...); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
