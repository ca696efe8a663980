package main

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"copydesk/aggregator/waittest"
)

// withheld are the sentences of the feeds below that may not leave the house:
// of a headline all, of an excerpt what goes beyond it, and of a short text the
// half that an excerpt leaves.
var withheld = []string{"HEADLINE-SUMMARY", "HEADLINE-TEXT", "EXCERPT-TEXT", "SHORT-TEXT"}

// outlet serves three feeds, by path, with one story for each number up to n.
func outlet(n *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text := map[string]string{
			"/headline": "<p>It begins. HEADLINE-TEXT is a sentence of it.</p>",
			"/excerpt":  "<p>" + strings.Repeat("This is how it begins, and it may be told. ", 9) + "</p><p>EXCERPT-TEXT is a sentence of it.</p>",
			"/short":    "<p>Nobody was hurt in the mill on the hill. SHORT-TEXT ends it.</p>",
		}[r.URL.Path]
		fmt.Fprint(w, `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Outlet</title>`)
		for i := range n.Load() {
			summary := ""
			if r.URL.Path == "/headline" {
				summary = "<description>HEADLINE-SUMMARY tells of it.</description>"
			}
			fmt.Fprintf(w, `<item><title>story %d of %s</title><guid isPermaLink="false">%s-%[1]d</guid><link>https://o.example%[3]s/%[1]d</link>%[4]s<content:encoded><![CDATA[%[5]s]]></content:encoded></item>`,
				i, r.URL.Path[1:], r.URL.Path, summary, text)
		}
		fmt.Fprint(w, `</channel></rss>`)
	}
}

// No sentence of a withheld text is in what the hub delivers, in any format, nor
// in any file of an export.
func TestNoSentenceLeaves(t *testing.T) {
	t.Parallel()
	var stories atomic.Int64
	stories.Store(60) // so that there is an archive
	out := httptest.NewServer(outlet(&stories))
	defer out.Close()
	dir, address := t.TempDir(), freeAddress(t)
	config := "fetch: {allow_private: true, per_host_gap: 0s}\nsources:\n"
	for _, s := range [][2]string{{"headline", "headline"}, {"excerpt", "excerpt"}, {"short", "excerpt"}} {
		config += fmt.Sprintf("  - {slug: %s, name: N, url: '%s/%[1]s', schedule: '@every 1s', republish: %[3]s}\n", s[0], out.URL, s[1])
	}
	writeConfig(t, dir, address, config+"channels: [{slug: all, title: All, limit: 100}]\n")
	program := startProgram(t, dir)
	program.awaitItem(t, "/channels/all/feed.json")

	delivered := make(chan string, 100)
	reader := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			delivered <- "asked"
			return
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			delivered <- r.Header.Get("Content-Type") + "\n" + string(body)
		}
	}))
	defer reader.Close()
	next := func() string { return waittest.Receive(t, delivered, program.log) }
	for _, format := range []string{"rss", "atom", "json"} {
		topic := "http://" + address + "/channels/all/feed." + format
		res, err := client.PostForm("http://"+address+"/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {reader.URL + "/" + format}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if next() != "asked" {
			t.Fatal("the hub delivered before it asked")
		}
	}
	stories.Add(1)
	told := map[string]bool{} // by format and source
	for len(told) < 9 {
		d := next()
		kind, body, _ := strings.Cut(d, "\n")
		for _, source := range []string{"headline", "excerpt", "short"} {
			if strings.Contains(body, "story 60 of "+source) {
				told[kind+source] = true
			}
		}
		for _, sentence := range withheld {
			if strings.Contains(body, sentence) {
				t.Fatalf("the hub delivered %q as %s", sentence, kind)
			}
		}
		if strings.Contains(body, "of excerpt") && !strings.Contains(body, "may be told") {
			t.Errorf("the excerpt is not in what was delivered as %s", kind)
		}
	}
	program.terminate(t)
	searchExport(t, dir)
}

// searchExport exports the house of a folder and looks for what is withheld.
func searchExport(t *testing.T, dir string) {
	t.Helper()
	play(t, dir, "export", "-c", "copydesk.yaml", "out")
	files := 0
	err := filepath.WalkDir(filepath.Join(dir, "out"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		for _, sentence := range withheld {
			if strings.Contains(string(text), sentence) {
				t.Errorf("%s tells %q", path, sentence)
			}
		}
		return err
	})
	if err != nil || files < 100 {
		t.Fatalf("%d files (%v), want those of all articles", files, err)
	}
}
