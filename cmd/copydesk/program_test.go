package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"copydesk/aggregator/jobs"
	"copydesk/aggregator/store"
	"copydesk/aggregator/store/storetest"
)

// A program is the real one in a process of its own.
type program struct {
	cmd   *exec.Cmd
	url   string
	log   *lockedLog
	ended chan struct{} // closed when it has ended and said all
	err   error         // how it ended, once it has
}

// empty is the database of a program that has not begun: all tables, and no row. To
// make them costs more than most tests do with them.
var empty = sync.OnceValues(func() ([]byte, error) {
	return storetest.Image(func(s *store.Store) error {
		_, err := jobs.New(context.Background(), jobs.Options{DB: s.Writer(), Logger: slog.New(slog.DiscardHandler)})
		return err
	})
})

// furnish puts an empty database in dir, where there is none.
func furnish(t testing.TB, dir string) {
	t.Helper()
	file := filepath.Join(dir, "copydesk.db")
	if _, err := os.Stat(file); err == nil {
		return
	}
	image, err := empty()
	if err == nil {
		err = os.WriteFile(file, image, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// startProgram starts "copydesk run" in dir, on an empty database if there is none,
// and waits until it listens.
func startProgram(t testing.TB, dir string) *program {
	t.Helper()
	furnish(t, dir)
	return launch(t, command(t.Context(), dir, "run", "-c", "copydesk.yaml")).awaitUp(t)
}

// awaitUp waits until a daemon listens.
func (p *program) awaitUp(t testing.TB) *program {
	t.Helper()
	const words = `copydesk is up" listen=`
	p.log.await(t, words)
	_, rest, _ := strings.Cut(p.log.String(), words)
	p.url = "http://" + strings.Fields(rest)[0]
	return p
}

// shipped is the program as the gate has built it, to be shipped, where it names one.
// Tests of what the program says drive that; those of what it does at the same time
// drive the one that looks for races, which takes eight times as long.
func shipped() string { return cmp.Or(os.Getenv("COPYDESK_TEST_PROGRAM"), os.Args[0]) }

// anyPort is the address of a program that nobody else has to know.
const anyPort = "127.0.0.1:0"

// writeConfig puts a config in dir: of a house that listens at an address of this
// machine, and there alone, and the rest.
func writeConfig(t testing.TB, dir, address, rest string) (file string) {
	t.Helper()
	file = filepath.Join(dir, "copydesk.yaml")
	house := fmt.Sprintf("publisher: {title: T, url: 'http://%s', authority: 't.example,2026'}\nlisten: '%[1]s'\nadmin_listen: ''\n", address)
	if err := os.WriteFile(file, []byte(house+rest), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// command is one of the program that looks for races, to be started in dir; it ends
// with ctx at the latest.
func command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	return commandOf(ctx, os.Args[0], dir, args...)
}

func commandOf(ctx context.Context, program, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.WaitDelay = dir, 10*time.Second
	cmd.Env = append(os.Environ(), playProgram+"=1")
	return cmd
}

// play is all that a command says which ends by itself.
func play(t testing.TB, dir string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), longest)
	defer cancel()
	text, err := command(ctx, dir, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, text)
	}
	return string(text)
}

// launch starts a command, which ends with the test at the latest.
func launch(t testing.TB, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{cmd: cmd, log: &lockedLog{}, ended: make(chan struct{})}
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.cmd.Wait()
		p.log.end()
		close(p.ended)
	}()
	t.Cleanup(func() { <-p.ended })
	return p
}

func (p *program) kill() { _ = p.cmd.Process.Kill() }

// wait waits for its end, which something else brings about.
func (p *program) wait(t testing.TB) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(longest):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // it tells where it stands
		defer time.AfterFunc(10*time.Second, p.kill).Stop()
		<-p.ended
		t.Fatalf("it did not end:\n%s", p.log)
	}
}

// endedBy reports, once it has ended, that a signal did it.
func (p *program) endedBy(s syscall.Signal) bool {
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == s
}

// terminate ends it as an operator would.
func (p *program) terminate(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if p.wait(t); p.err != nil {
		t.Errorf("after SIGTERM the program ended with %v\n%s", p.err, p.log)
	}
}

// client gives up a server that does not answer.
var client = &http.Client{Timeout: longest}

// get asks for a path; header lines are "Name: value".
func (p *program) get(path string, header ...string) (*http.Response, error) {
	r, err := http.NewRequest(http.MethodGet, p.url+path, nil)
	if err != nil {
		return nil, err
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	return client.Do(r)
}

// text is the answer to a path, with its body.
func (p *program) text(path string) (*http.Response, string, error) {
	res, err := p.get(path)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res, string(body), err
}

// await asks for a path until the answer holds text.
func (p *program) await(t testing.TB, path, text string) {
	t.Helper()
	last := ""
	if !eventually(func() bool {
		res, body, err := p.text(path)
		last = body
		return err == nil && res.StatusCode == http.StatusOK && strings.Contains(body, text)
	}) {
		t.Fatalf("%s does not answer with %q, but\n%s\n%s", path, text, last, p.log)
	}
}

// awaitReady waits until every channel is printed.
func (p *program) awaitReady(t testing.TB) {
	t.Helper()
	p.await(t, "/readyz", "ready")
}

type publishedItem struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Published string `json:"date_published"`
}

// items are those of a JSON Feed; false when it could not be had.
func (p *program) items(path string) ([]publishedItem, bool) {
	res, err := p.get(path)
	if err != nil {
		return nil, false
	}
	defer res.Body.Close()
	var feed struct{ Items []publishedItem }
	err = json.NewDecoder(res.Body).Decode(&feed)
	return feed.Items, err == nil && res.StatusCode == http.StatusOK
}

// awaitItem asks until a feed has an item.
func (p *program) awaitItem(t testing.TB, path string) {
	t.Helper()
	if !eventually(func() bool { items, ok := p.items(path); return ok && len(items) > 0 }) {
		t.Fatalf("no item in %s\n%s", path, p.log)
	}
}

// reserve is an address that a program may listen on, and no other socket is given
// until it is released: a connection keeps it, as those of a server do while that
// is restarted.
func reserve() (address string, release func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	defer l.Close()
	out, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return "", nil, err
	}
	in, err := l.Accept()
	if err != nil {
		out.Close()
		return "", nil, err
	}
	return l.Addr().String(), func() { out.Close(); in.Close() }, nil
}

// freeAddress is an address that is reserved for a test.
func freeAddress(t testing.TB) string {
	t.Helper()
	address, release, err := reserve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return address
}
