package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"copydesk/aggregator/waittest"
)

// A reloadable is the program on a config that a test changes.
type reloadable struct {
	*program
	t    *testing.T
	file string
	feed *httptest.Server

	hold chan struct{} // an answer of /slow waits for its end
	held chan struct{} // told when one waits
}

func newReloadable(t *testing.T) *reloadable {
	t.Helper()
	r := &reloadable{t: t, file: filepath.Join(t.TempDir(), "copydesk.yaml"), hold: make(chan struct{}), held: make(chan struct{}, 10)}
	r.feed = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		name := strings.TrimPrefix(q.URL.Path, "/")
		if name == "slow" {
			r.held <- struct{}{}
			select {
			case <-r.hold:
			case <-q.Context().Done(): // else the server of a test that has failed never closes
			}
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>%s</title><item><guid isPermaLink="false">%s-1</guid><title>Story of %s</title></item></channel></rss>`, name, name, name)
	}))
	t.Cleanup(r.feed.Close)
	return r
}

// write puts a config in the file's place, with these sources and channels.
func (r *reloadable) write(sources []string, channels ...string) {
	r.t.Helper()
	var b strings.Builder
	b.WriteString("publisher: {title: T, url: 'http://127.0.0.1', authority: 'reload.example,2026'}\nlisten: '127.0.0.1:0'\nadmin_listen: ''\nfetch: {allow_private: true, per_host_gap: 0s}\nsources:\n")
	for _, s := range sources {
		fmt.Fprintf(&b, "  - {slug: %s, name: Outlet %s, url: '%s/%s', schedule: '@every 1h'}\n", s, s, r.feed.URL, s)
	}
	b.WriteString("channels:\n")
	for _, c := range channels {
		fmt.Fprintf(&b, "  - {slug: %s, title: Channel %s}\n", c, c)
	}
	r.put(b.String())
}

func (r *reloadable) put(text string) {
	r.t.Helper()
	next := r.file + ".next"
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Rename(next, r.file); err != nil {
		r.t.Fatal(err)
	}
}

// await asks for a path until the answer holds text.
func (r *reloadable) await(path, text string) {
	r.t.Helper()
	r.program.await(r.t, path, text)
}

// awaitLog waits until the log holds text.
func (r *reloadable) awaitLog(text string) {
	r.t.Helper()
	r.log.await(r.t, text)
}

func (r *reloadable) awaitGone(path string) {
	r.t.Helper()
	if !eventually(func() bool { res, _, err := r.text(path); return err == nil && res.StatusCode == http.StatusNotFound }) {
		r.t.Fatalf("%s is still there\n%s", path, r.log)
	}
}

// status is what copydesk status prints, on both of its outputs.
func (r *reloadable) status(sources ...string) string {
	var out bytes.Buffer
	_ = run(r.t.Context(), append([]string{"status", "-c", r.file}, sources...), os.LookupEnv, nil, &out, &out) // a config with faults is one
	return out.String()
}

// A good file takes effect without losing a pull or a served request; a bad
// one changes nothing and is told.
func TestReload(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	r.write([]string{"one", "slow"}, "all")
	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/channels/all/feed.json", "Story of one")
	waittest.Receive(t, r.held, r.log) // a pull is under way

	// Meanwhile readers ask without a pause, and none is sent away.
	var asked, refused atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for ctx.Err() == nil {
			res, _, err := r.text("/sources/one/feed.atom")
			if asked.Add(1); err != nil || res.StatusCode != http.StatusOK {
				refused.Add(1)
			}
		}
	}()

	r.write([]string{"one", "slow", "two"}, "all", "late")
	r.await("/channels/late/feed.json", "Story of one") // filed from what is stored
	r.await("/channels/late/feed.json", "Story of two") // a new source, pulled at once
	close(r.hold)
	r.await("/channels/late/feed.json", "Story of slow") // the pull that began before is kept, and filed by the new rules

	r.put("publisher: {title: T}\nsources: [{slug: one}]\n")
	r.awaitLog("not put in force")
	r.await("/channels/late/feed.json", "Story of two") // the config before it stays
	out := r.status()
	for _, want := range []string{"config of ", "is not in force, the config before it stays", "publisher.url", "one ", "two "} {
		if !strings.Contains(out, want) {
			t.Errorf("status says\n%s\nand not %q", out, want)
		}
	}

	r.write([]string{"one", "slow", "two"}, "late")
	r.awaitGone("/channels/all/feed.json")
	if !eventually(func() bool { return !strings.Contains(r.status(), "not in force") }) {
		t.Fatalf("the config is mended, and status says\n%s", r.status())
	}
	stop()
	<-stopped
	if refused.Load() > 0 || asked.Load() < 10 {
		t.Errorf("%d of %d requests failed while the config changed three times", refused.Load(), asked.Load())
	}
	r.terminate(t)
}

// SIGHUP reads the file again, and says so even where nothing has changed.
func TestHangUp(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	r.write([]string{"one"}, "all")
	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/channels/all/feed.json", "Story of one")
	if err := r.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	r.awaitLog("a new config is in force")
	r.await("/channels/all/feed.json", "Story of one")
	r.terminate(t)
}

// What needs a new start is told for as long as it differs from what the daemon
// began with, and no longer.
func TestKeysThatNeedANewStart(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	r.write([]string{"one"}, "all")
	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/channels/all/feed.json", "Story of one")
	began, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	moved := strings.Replace(string(began), "'127.0.0.1:0'", "'127.0.0.1:1'", 1)
	for i, text := range []string{moved, moved + "  - {slug: two, title: Two}\n", string(began)} {
		r.put(text)
		if !r.log.says("a new config is in force", i+1) {
			t.Fatalf("change %d is not in force\n%s", i, r.log)
		}
		r.awaitLog("keys=listen")
	}
	r.terminate(t)
	if got := strings.Count(r.log.String(), "keys=listen"); got != 2 {
		t.Errorf("told %d times that listen waits for a new start, want twice\n%s", got, r.log)
	}
}

// A config that is gone is told once, the daemon goes on, and what comes in its
// place is heard.
func TestTheConfigIsGone(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	r.write([]string{"one"}, "all")
	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/channels/all/feed.json", "Story of one")
	if err := os.Remove(r.file); err != nil {
		t.Fatal(err)
	}
	r.awaitLog("there is no config")
	r.await("/channels/all/feed.json", "Story of one")
	r.write([]string{"one", "two"}, "all")
	r.await("/channels/all/feed.json", "Story of two")
	r.terminate(t)
	if got := strings.Count(r.log.String(), "there is no config"); got != 1 {
		t.Errorf("told %d times, want once\n%s", got, r.log)
	}
}

// Whoever asks by date alone hears of a config that makes other documents of
// the same articles, after a reload and after a restart.
func TestTheConfigMovesLastModified(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	r.write([]string{"one"}, "all")
	config, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	named := func(house string) string {
		return strings.Replace(string(config), "title: T,", "title: "+house+",", 1)
	}
	paths := []string{"/", "/channels/all", "/channels/all/feed.rss", "/sources/one/feed.atom", "/sources/one/feed.json", "/search?q=story", "/sitemap.xml"}
	article := regexp.MustCompile(`/articles/[a-z0-9]{16}`)
	type seen struct{ date, body string }
	look := func() map[string]seen {
		t.Helper()
		out := map[string]seen{}
		for _, path := range paths {
			var res *http.Response
			var body string
			eventually(func() bool { // it has none while it is young
				var err error
				if res, body, err = r.text(path); err != nil || res.StatusCode != http.StatusOK {
					t.Fatalf("%s: %v, %v", path, res, err)
				}
				return res.Header.Get("Last-Modified") != ""
			})
			out[path] = seen{res.Header.Get("Last-Modified"), body}
			changed, err1 := http.ParseTime(out[path].date)
			told, err2 := http.ParseTime(res.Header.Get("Date"))
			if err1 != nil || err2 != nil || changed.After(told) {
				t.Errorf("%s says at %q that it was last modified %q", path, res.Header.Get("Date"), out[path].date)
			}
			if found := article.FindString(body); found != "" && len(paths) == 7 {
				paths = append(paths, found, found+"/history")
			}
		}
		return out
	}
	compare := func(when string, before map[string]seen) (differ int) {
		t.Helper()
		for path, old := range before {
			_, body, err := r.text(path)
			if err != nil {
				t.Fatal(err)
			}
			if body == old.body {
				continue
			}
			differ++
			res, err := r.get(path, "If-Modified-Since: "+old.date)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close() // a refused one is a failure anyway
			if res.StatusCode != http.StatusOK {
				t.Errorf("%s, who has %s of %s is answered %d", when, path, old.date, res.StatusCode)
			}
		}
		return differ
	}

	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/channels/all/feed.json", "Story of one")
	look() // finds an article
	first := look()
	r.put(named("Renamed"))
	r.await("/", "Renamed")
	if n := compare("after a reload", first); n < 6 {
		t.Errorf("%d documents changed with the name of the house, want nearly all", n)
	}
	second := look()
	r.terminate(t)
	r.put(named("Renamed again"))
	r.program = startProgram(t, filepath.Dir(r.file))
	r.await("/", "Renamed again")
	r.await("/channels/all/feed.json", "Story of one")
	if n := compare("after a restart", second); n < 6 {
		t.Errorf("%d documents changed with the name of the house, want nearly all", n)
	}
	r.terminate(t)
}

// A SIGHUP that comes while the daemon is starting does not end it: the file is
// read once more when it is up.
func TestHangUpWhileStarting(t *testing.T) {
	t.Parallel()
	r := newReloadable(t)
	r.write([]string{"one"}, "all")
	r.program = launch(t, command(t.Context(), filepath.Dir(r.file), "run", "-c", "copydesk.yaml"))
	database := filepath.Join(r.cmd.Dir, "copydesk.db")
	if !eventually(func() bool { _, err := os.Stat(database); return err == nil }) { // its tables are yet to be made
		t.Fatalf("there is no database:\n%s", r.log)
	}
	if err := r.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	r.awaitLog("a new config is in force")
	r.terminate(t)
}
