package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"copydesk/publisher"
	"copydesk/publisher/export"
)

// mirrors URL DIR [nginx|caddy] asks a running daemon and a web server that has
// nothing but an export for every document of the export's manifest, and
// compares status, bytes and headers. Without a name, the server is Go's own
// for files. One that is not installed is left out, which the log tells. A file
// leads to no search and no events, as [still] has it.
func mirrors(ts *testscript.TestScript, _ bool, args []string) {
	live, dir, name := args[0], ts.MkAbs(args[1]), "go"
	if len(args) > 2 {
		name = args[2]
	}
	documents := readDocuments(ts, dir)
	address, stop, err := serveExport(name, export.Host{Dir: dir, Base: live})
	if errors.Is(err, exec.ErrNotFound) {
		ts.Logf("skipped: %s is not installed", name)
		return
	}
	ts.Check(err)
	defer stop()
	ts.Check(leadsOn(documents, dir))
	for _, d := range documents {
		want, err := fetchFrom(live, d.Path)
		ts.Check(err)
		if body := still(want.body); !bytes.Equal(body, want.body) {
			want.body = body
			want.header.Set("Etag", d.ETag) // of other bytes, which may have changed at other times
			want.header.Set("Last-Modified", d.LastModified)
		}
		if sameChange(d.LastModified, cmp.Or(want.header.Get("Last-Modified"), want.header.Get("Date"))) {
			want.header.Set("Last-Modified", d.LastModified)
		}
		if want.status != d.Status || want.header.Get("Etag") != d.ETag || want.header.Get("Last-Modified") != d.LastModified || want.header.Get("Cache-Control") != d.CacheControl {
			ts.Fatalf("%s: the daemon says %d %v, the manifest %+v", d.Path, want.status, want.header, d)
		}
		got, err := fetchFrom(address, d.Path)
		ts.Check(err)
		if fault := differ(name, d, got, want); fault != "" {
			ts.Fatalf("%s by %s: %s", d.Path, name, fault)
		}
	}
	ts.Logf("%d documents are the same by %s", len(documents), name)
}

// leadsOn reports a link of a page to an address of the house that is not among
// the documents.
func leadsOn(documents []export.Document, dir string) error {
	there := map[string]bool{}
	for _, d := range documents {
		there[d.Path] = true
	}
	for _, d := range documents {
		text, err := os.ReadFile(filepath.Join(dir, d.File))
		if err != nil {
			return err
		}
		if !strings.HasSuffix(d.File, ".html") {
			continue
		}
		for _, link := range houseLink.FindAllSubmatch(text, -1) {
			if !there[string(link[1])] {
				return fmt.Errorf("%s leads to %s, where there is nothing", d.Path, link[1])
			}
		}
	}
	return nil
}

var houseLink = regexp.MustCompile(`(?:href|src|action|data-events)="(/[^"?#]*)`)

// still is what a daemon answers without what leads to the daemon itself.
func still(body []byte) []byte {
	for _, lively := range []string{
		`<li><a href="/search">Search</a></li>`, "Disallow: /search\n",
		`<script src="/static/live\.js[^"]*" defer></script>\n`, `<p class="live"[^>]*></p>\n`,
	} {
		body = regexp.MustCompile(lively).ReplaceAll(body, nil)
	}
	return body
}

// sameChange reports that two dates are of one change: a daemon notes when it printed
// it, or tells nothing as yet, and an export, which notes nothing, dates it to some
// seconds after it.
func sameChange(exported, now string) bool {
	a, errA := http.ParseTime(exported)
	b, errB := http.ParseTime(now)
	return errA == nil && errB == nil && b.Sub(a).Abs() < 6*time.Second
}

func differ(name string, d export.Document, got, want reply) string {
	headers := []string{"Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Location", "Last-Modified", "Cache-Control", "Link"}
	if name == "go" { // knows bytes and times, and nothing else
		headers = []string{"Last-Modified"}
		if want.status != http.StatusOK {
			return ""
		}
	}
	if got.status != want.status {
		return fmt.Sprintf("status %d, want %d", got.status, want.status)
	}
	if want.header.Get("Location") == "" && !bytes.Equal(got.body, want.body) {
		return fmt.Sprintf("other bytes: %.200q, want %.200q", got.body, want.body)
	}
	for _, h := range headers {
		given := got.header.Get(h)
		if h == "Location" { // nginx has no other way to write it
			given = strings.ReplaceAll(given, "%24", "$")
		}
		if h == "Content-Type" && want.header.Get("Location") != "" || h == "Cache-Control" && want.status/100 == 3 || h == "Last-Modified" && want.header.Get(h) == "" {
			continue
		}
		if given != want.header.Get(h) {
			return fmt.Sprintf("%s is %q, want %q", h, given, want.header.Get(h))
		}
	}
	return ""
}

func readDocuments(ts *testscript.TestScript, dir string) []export.Document {
	text, err := os.ReadFile(filepath.Join(dir, "_manifest.json"))
	ts.Check(err)
	var m struct{ Documents []export.Document }
	ts.Check(json.Unmarshal(text, &m))
	if len(m.Documents) == 0 {
		ts.Fatalf("the manifest of %s has no documents", dir)
	}
	return m.Documents
}

type reply struct {
	status int
	header http.Header
	body   []byte
}

// unled is a client that follows no redirect.
var unled = &http.Client{Timeout: longest, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// fetchFrom asks for a document as it is, and follows nothing.
func fetchFrom(base, path string) (reply, error) {
	r, err := http.NewRequest(http.MethodGet, base+path, nil)
	if err != nil {
		return reply{}, err
	}
	r.Header.Set("Accept-Encoding", "identity")
	res, err := unled.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, body}, err
}

// serveExport lets a web server serve what was exported on loopback.
func serveExport(name string, h export.Host) (address string, stop func(), err error) {
	if name == "go" {
		files := http.FileServer(http.Dir(h.Dir))
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if info, err := os.Stat(filepath.Join(h.Dir, r.URL.Path)); r.URL.Path != "/" && (err != nil || info.IsDir()) {
				r.URL.Path += ".html"
			}
			files.ServeHTTP(w, r)
		}))
		return server.URL, server.Close, nil
	}
	program, err := exec.LookPath(name)
	if err != nil {
		return "", nil, err
	}
	var release func()
	if h.Listen, release, err = reserve(); err != nil {
		return "", nil, err
	}
	defer release() // which has bound it by then
	cmd, err := webServer(name, program, h)
	if err != nil {
		return "", nil, err
	}
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, 10*time.Second
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Signal(os.Interrupt)
		defer time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() }).Stop()
		_ = cmd.Wait()
		_ = os.RemoveAll(cmd.Dir)
	}
	address = "http://" + h.Listen
	if eventually(func() bool { _, err := fetchFrom(address, "/"); return err == nil }) {
		return address, stop, nil
	}
	stop()
	return "", nil, fmt.Errorf("%s does not answer: %s", name, said.Bytes())
}

// webServer is a server's command, with the example that we print for it.
func webServer(name, program string, h export.Host) (*exec.Cmd, error) {
	work, err := os.MkdirTemp("", "copydesk-"+name+"-")
	if err != nil {
		return nil, err
	}
	if name == "caddy" {
		h.Listen = "http://" + h.Listen
	}
	h.Headers = publisher.SecurityHeaders()
	example, err := export.Example(name, h)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(work, "site.conf"), example, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command(program, "run", "--config", filepath.Join(work, "main.conf"), "--adapter", "caddyfile")
	around := "{\n\tadmin off\n}\nimport site.conf\n"
	if name == "nginx" {
		user := ""
		if os.Geteuid() == 0 {
			user = "user root;\n"
		}
		around = user + "daemon off;\npid nginx.pid;\nerror_log stderr;\nevents { }\nhttp {\naccess_log off;\n" + temporary("client_body", "proxy", "fastcgi", "uwsgi", "scgi") + "include site.conf;\n}\n"
		cmd = exec.Command(program, "-p", work, "-c", "main.conf", "-e", "stderr")
	}
	cmd.Dir = work
	cmd.Env = append(os.Environ(), "HOME="+work, "XDG_DATA_HOME="+work, "XDG_CONFIG_HOME="+work)
	return cmd, os.WriteFile(filepath.Join(work, "main.conf"), []byte(around), 0o600)
}

func temporary(kinds ...string) string {
	var b strings.Builder
	for _, kind := range kinds {
		fmt.Fprintf(&b, "%s_temp_path temp;\n", kind)
	}
	return b.String()
}

// An example is told to listen where the operator says.
func TestServerExamples(t *testing.T) {
	for _, name := range []string{"nginx", "caddy"} {
		text, err := export.Example(name, export.Host{Dir: "/srv/news", Listen: "127.0.0.1:8081"})
		if err != nil || !bytes.Contains(text, []byte("127.0.0.1:8081")) || !bytes.Contains(text, []byte("/srv/news/_redirects")) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	// A hub is named by the feeds that it pushes, and no address becomes configuration.
	for _, name := range []string{"nginx", "caddy"} {
		text, err := export.Example(name, export.Host{Dir: "/srv/news", Base: "https://news.example.org/a'b$uri", Hub: "https://hub.example/"})
		if n := bytes.Count(text, []byte(`, <https://hub.example/>; rel="hub"`)); err != nil || n != 1 || !bytes.Contains(text, []byte("<https://news.example.org/a%27b%24uri")) {
			t.Errorf("%s: %v, %d hubs\n%s", name, err, n, text)
		}
	}
	if _, err := export.Example("apache", export.Host{Dir: "/srv/news"}); err == nil {
		t.Error("there is an example of a server that we do not know")
	}
}

// Web servers send what the daemon does with feeds, and with what is not there; of a
// house below a path, too.
func TestServerExampleHeaders(t *testing.T) {
	const missing, daily = "no-store", "public, max-age=300, stale-while-revalidate=86400"
	dir := t.TempDir()
	for _, name := range []string{"index.html", "404.html", "favicon.ico", "_redirects.map", "_redirects.caddy", "articles/k1.410.html", "channels/a/feed.atom", "sources/s/feed.json", "authors/x/feed.rss", "channels/a/archive/1.atom", "channels/a/archive/2-7.json", "channels/a/archive/1.html", "channels/a.html", "static/house.css"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("# "+name+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"_redirects.map":   "\"/articles/k2\" \"302 https://wire.example/2?a=b\";\n\"/authors/y\" \"301 /authors/x\";\n",
		"_redirects.caddy": "\"/articles/k2\" \"https://wire.example/2?a=b\" 302\n\"/authors/y\" \"/authors/x\" 301\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"nginx", "caddy", "nginx/news/our+own", "caddy/news/our+own"} {
		t.Run(name, func(t *testing.T) {
			name, below, isBelow := strings.Cut(name, "/")
			if isBelow {
				below = "/" + below
			}
			base := "https://news.example.org" + below
			self := func(path string) string { return "<" + base + path + `>; rel="self"` }
			hub := `, <https://hub.example/>; rel="hub"`
			address, stop, err := serveExport(name, export.Host{Dir: dir, Base: base, Hub: "https://hub.example/"})
			if errors.Is(err, exec.ErrNotFound) {
				t.Skip(name + " is not installed")
			}
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			for _, tt := range []struct {
				path        string
				status      int
				link, cache string
			}{
				{"/channels/a/feed.atom", 200, self("/channels/a/feed.atom") + hub, "public, max-age=60, stale-while-revalidate=600"},
				{"/sources/s/feed.json", 200, self("/sources/s/feed.json") + hub, "public, max-age=60, stale-while-revalidate=600"},
				{"/authors/x/feed.rss", 200, self("/authors/x/feed.rss"), "public, max-age=60, stale-while-revalidate=600"},
				{"/channels/a/archive/1.atom", 200, self("/channels/a/archive/1.atom"), "public, max-age=31536000, immutable"},
				{"/channels/a/archive/2-7.json", 200, self("/channels/a/archive/2-7.json"), "public, max-age=300, stale-while-revalidate=3000"},
				{"/channels/a/archive/1.html", 200, "", "public, max-age=60, stale-while-revalidate=600"},
				{"/static/house.css", 200, "", daily},
				{"/static/house.css?v=0123456789ab", 200, "", "public, max-age=31536000, immutable"},
				{"/channels/a", 200, "", "public, max-age=60, stale-while-revalidate=600"},
				{"/favicon.ico", 200, "", daily},
				{"/channels/none/feed.atom", 404, "", missing},
				{"/channels/a/archive/9.atom", 404, "", missing},
				{"/static/none.css", 404, "", missing},
				{"/_redirects.map", 404, "", missing},
				{"/articles/k1", 410, "", missing},
				{"/", 200, "", "public, max-age=60, stale-while-revalidate=600"},
			} {
				got, err := fetchFrom(address+below, tt.path)
				if err != nil {
					t.Fatal(err)
				}
				if link, cache := got.header.Get("Link"), strings.Join(got.header["Cache-Control"], " + "); got.status != tt.status || link != tt.link || cache != tt.cache {
					t.Errorf("%s: got %d, Link %q, Cache-Control %q; want %+v", tt.path, got.status, link, cache, tt)
				}
			}
			for path, want := range map[string]string{"/articles/k2": "302 https://wire.example/2?a=b", "/authors/y": "301 /authors/x"} {
				if got, err := fetchFrom(address+below, path); err != nil || fmt.Sprint(got.status, " ", got.header.Get("Location")) != want {
					t.Errorf("%s: got %d to %q (%v), want %s", path, got.status, got.header.Get("Location"), err, want)
				}
			}
			if got, err := fetchFrom(address+below, "/channels/a/"); err != nil || got.status != 301 || !strings.HasSuffix(got.header.Get("Location"), below+"/channels/a") {
				t.Errorf("with a slash: got %d to %q (%v)", got.status, got.header.Get("Location"), err)
			}
			if got, err := fetchFrom(address+below, ""); isBelow && (err != nil || got.status != 200 || !bytes.Contains(got.body, []byte("index.html"))) {
				t.Errorf("the house itself: got %d %q (%v)", got.status, got.body, err)
			}
		})
	}
}
