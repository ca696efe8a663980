package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
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
			fmt.Fprintf(w, `<item><title>story %d of %s</title><guid isPermaLink="false">%s-%[1]d</guid><link>https://o.example%[3]s/%[1]d</link><author>desk@o.example (Ann Lee)</author>%[4]s<content:encoded><![CDATA[%[5]s]]></content:encoded></item>`,
				i, r.URL.Path[1:], r.URL.Path, summary, text)
		}
		fmt.Fprint(w, `</channel></rss>`)
	}
}

// A mailbox is subscribed to the channel "all", in every format.
type mailbox struct {
	t         *testing.T
	program   *program
	delivered chan [2]string
}

func newMailbox(t *testing.T, p *program, address string) *mailbox {
	t.Helper()
	box := &mailbox{t, p, make(chan [2]string, 1000)}
	reader := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			box.delivered <- [2]string{"asked"}
			return
		}
		if body, err := io.ReadAll(r.Body); err == nil {
			box.delivered <- [2]string{r.Header.Get("Content-Type"), string(body)}
		}
	}))
	t.Cleanup(reader.Close)
	for _, format := range []string{"rss", "atom", "json"} {
		topic := "http://" + address + "/channels/all/feed." + format
		res, err := client.PostForm("http://"+address+"/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {reader.URL + "/" + format}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if kind, _ := box.next(); kind != "asked" {
			t.Fatal("the hub delivered before it asked")
		}
	}
	return box
}

// next is the type and the body of what is delivered next.
func (box *mailbox) next() (kind, body string) {
	box.t.Helper()
	d := waittest.Receive(box.t, box.delivered, box.program.log)
	return d[0], d[1]
}

// No sentence of a withheld text is in what the hub delivers, in any format, nor
// in any file of an export; also where its source leaves the config, which brings
// what came of it to nobody again.
func TestNoSentenceLeaves(t *testing.T) {
	t.Parallel()
	var stories atomic.Int64
	stories.Store(60) // so that there is an archive
	out := httptest.NewServer(outlet(&stories))
	defer out.Close()
	dir, address := t.TempDir(), freeAddress(t)
	head := fmt.Sprintf("publisher: {title: Hub, url: 'http://%s', authority: 'hub.example,2026'}\nlisten: '%[1]s'\nadmin_listen: ''\nfetch: {allow_private: true, per_host_gap: 0s}\nsources:\n", address)
	config, channels := head, "channels: [{slug: all, title: All, limit: 300}]\n"
	for _, s := range [][2]string{{"headline", "headline"}, {"excerpt", "excerpt"}, {"short", "excerpt"}} {
		config += fmt.Sprintf("  - {slug: %s, name: N, url: '%s/%[1]s', schedule: '@every 1s', republish: %[3]s}\n", s[0], out.URL, s[1])
	}
	if err := os.WriteFile(filepath.Join(dir, "copydesk.yaml"), []byte(config+channels), 0o600); err != nil {
		t.Fatal(err)
	}
	program := startProgram(t, dir)
	program.awaitItem(t, "/channels/all/feed.json")

	box := newMailbox(t, program, address)
	stories.Add(1)
	told := map[string]bool{} // by format and source
	for len(told) < 9 {
		kind, body := box.next()
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
	if err := os.WriteFile(filepath.Join(dir, "copydesk.yaml"), []byte(head+"  - {slug: other, name: Other, url: '"+out.URL+"/other', republish: full}\n"+channels), 0o600); err != nil {
		t.Fatal(err)
	}
	for told := map[string]bool{}; len(told) < 3; {
		kind, body := box.next()
		if strings.Contains(body, "story 60 of other") {
			told[kind] = true
		}
		if again := regexp.MustCompile("story [0-9]+ of (headline|excerpt|short)").FindString(body); again != "" {
			t.Fatalf("the hub delivered %q again", again)
		}
	}
	for _, path := range []string{"/channels/all/feed.rss", "/channels/all/feed.atom", "/channels/all/feed.json", "/channels/all", "/search?q=story", "/search/feed.json?q=story"} {
		_, body, err := program.text(path)
		if err != nil || strings.HasPrefix(path, "/channels/all/feed.") && !strings.Contains(body, "of headline") {
			t.Errorf("%s: %.500s, %v", path, body, err)
		}
		for _, sentence := range withheld {
			if strings.Contains(body, sentence) {
				t.Errorf("%s tells %q", path, sentence)
			}
		}
	}
	program.terminate(t)
	searchExport(t, dir)
}

// While one config after another is put in force, nothing leaves the house that the
// latest withholds of a source which is new in it, or was a free one in the one
// before; nor is such a source credited by its slug.
func TestNoSentenceLeavesMeanwhile(t *testing.T) {
	t.Parallel()
	out := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := "PAID-TEXT"
		if strings.HasPrefix(r.URL.Path, "/free/") {
			text = "FREE-TEXT"
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>Outlet</title><item><title>story of %s.</title><guid isPermaLink="false">urn:x:%[1]s</guid><description>%s is in it.</description></item></channel></rss>`, r.URL.Path, text)
	}))
	defer out.Close()
	dir, address := t.TempDir(), freeAddress(t)
	file := filepath.Join(dir, "copydesk.yaml")
	write := func(step int) {
		t.Helper()
		var b strings.Builder
		fmt.Fprintf(&b, "publisher: {title: Hub, url: 'http://%s', authority: 'hub.example,2026'}\nlisten: '%[1]s'\nadmin_listen: ''\nfetch: {allow_private: true, per_host_gap: 0s}\nsources:\n", address)
		source := func(slug, kind string, i int, republish string) {
			fmt.Fprintf(&b, "  - {slug: %s-%d, name: Agency %s, url: '%s/%[3]s/%[2]d', republish: %[5]s, schedule: '@every 1h'}\n", slug, i, kind, out.URL, republish)
		}
		for i := range step {
			source("new", "new", i, "headline")
			source("turn", "paid", i, "headline")
		}
		source("turn", "free", step, "full")
		for i := range 20 { // so that somebody is always about to pull
			fmt.Fprintf(&b, "  - {slug: busy-%d, name: Agency, url: '%s/free/busy/%[1]d', schedule: '@every 1s'}\n", i, out.URL)
		}
		b.WriteString("channels:\n  - {slug: all, title: All, limit: 300}\n")
		for i := range 40 { // so that printing takes a time
			fmt.Fprintf(&b, "  - {slug: c%d, title: C}\n", i)
		}
		if err := os.WriteFile(file+".next", []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(file+".next", file); err != nil {
			t.Fatal(err)
		}
	}
	var amiss []*regexp.Regexp // one for each beginning, by which it is found fast
	for _, what := range []string{`PAID-TEXT`, `<title>(new|turn)-`, `<source [^>]*>(new|turn)-`, `"name":"(new|turn)-`} {
		amiss = append(amiss, regexp.MustCompile(what))
	}
	look := func(where, text string) {
		t.Helper()
		for _, what := range amiss {
			if at := what.FindStringIndex(text); at != nil {
				t.Errorf("%s: %s", where, text[max(at[0]-400, 0):min(at[1]+100, len(text))])
			}
		}
	}

	write(0)
	program := startProgram(t, dir)
	program.awaitItem(t, "/channels/all/feed.json")
	box := newMailbox(t, program, address)
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for n := 0; ctx.Err() == nil; n++ {
			path := "/channels/all/feed." + []string{"rss", "atom", "json"}[n%3]
			_, text, err := program.text(path)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				t.Error(err)
				return
			}
			look(path, text)
		}
	}()
	for step := 1; step <= 4 && !t.Failed(); step++ {
		write(step)
		stories := []string{fmt.Sprintf("/new/%d.", step-1), fmt.Sprintf("/paid/%d.", step-1), fmt.Sprintf("/free/%d.", step)}
		for told := map[string]bool{}; len(told) < 3*len(stories) && !t.Failed(); {
			kind, text := box.next()
			look("what was delivered as "+kind, text)
			for _, story := range stories {
				if strings.Contains(text, "story of "+story) {
					told[kind+story] = true
				}
			}
		}
	}
	stop()
	<-stopped
	program.terminate(t)
}

// From the moment at which a tighter config is in force, no sentence is told by
// anything that was printed before it, documents of archives among them.
func TestTightenedByAReload(t *testing.T) {
	t.Parallel()
	var stories atomic.Int64
	stories.Store(60) // so that there is an archive
	out := httptest.NewServer(outlet(&stories))
	defer out.Close()
	dir := t.TempDir()
	write := func(republish string) {
		t.Helper()
		text := fmt.Sprintf("publisher: {title: T, url: 'http://127.0.0.1', authority: 'reload.example,2026'}\nlisten: '127.0.0.1:0'\nadmin_listen: ''\nfetch: {allow_private: true, per_host_gap: 0s}\n"+
			"sources: [{slug: wire, name: N, url: '%s/headline', schedule: '@every 1h', republish: %s}]\nchannels: [{slug: all, title: All, limit: 10}]\n", out.URL, republish)
		if err := os.WriteFile(filepath.Join(dir, "copydesk.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("full")
	program := startProgram(t, dir)
	program.awaitItem(t, "/channels/all/feed.json")
	paths := []string{"/channels/all", "/sources/wire", "/search?q=story", "/authors/ann-lee"}
	for _, shelf := range []string{"/channels/all/feed.", "/sources/wire/feed.", "/authors/ann-lee/feed.", "/channels/all/archive/1."} {
		paths = append(paths, shelf+"rss", shelf+"atom", shelf+"json")
	}
	paths = append(paths, "/search/feed.rss?q=story", "/search/feed.atom?q=story", "/search/feed.json?q=story")
	_, page, err := program.text("/channels/all")
	found := regexp.MustCompile(`/articles/[a-z0-9]{16}`).FindString(page)
	if err != nil || found == "" {
		t.Fatalf("no article: %v", err)
	}
	paths = append(paths, found, found+"/history")
	tells := func(path string) bool {
		t.Helper()
		r, err := http.NewRequest(http.MethodGet, program.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultTransport.RoundTrip(r) // a headline's reader is sent on, which we do not follow
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK && res.StatusCode != http.StatusFound {
			t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
		}
		return strings.Contains(string(body), "HEADLINE-")
	}
	for _, path := range paths {
		if !tells(path) && !strings.HasSuffix(path, "/history") {
			t.Errorf("%s does not tell what it may", path)
		}
	}
	write("headline")
	program.log.await(t, "a new config is in force")
	for _, path := range paths {
		if tells(path) {
			t.Errorf("%s still tells the text", path)
		}
	}
	program.terminate(t)
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
