package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test binary plays three more parts, each in a process of its own: the
// program itself, so that it can be killed, and the outlets and subscribers of
// the benchmarks, so that their work is not counted as ours.
const (
	playProgram     = "COPYDESK_TEST_PLAY_PROGRAM"
	playOutlets     = "COPYDESK_TEST_PLAY_OUTLETS"
	playSubscribers = "COPYDESK_TEST_PLAY_SUBSCRIBERS"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(playProgram) != "":
		main()
	case os.Getenv(playOutlets) != "":
		serveOutlets()
	case os.Getenv(playSubscribers) != "":
		serveSubscribers()
	}
	testscript.Main(m, map[string]func(){"copydesk": main})
}

// TestScripts is the specification of the command line: each script drives the
// real program.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("COPYDESK_TEST_UPDATE") != "",
		Setup:               serveFiles,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"await": await, "free": free, "mirrors": mirrors},
	})
}

// serveFiles serves a script's www folder at $WWW.
func serveFiles(env *testscript.Env) error {
	server := httptest.NewServer(http.FileServer(http.Dir(filepath.Join(env.WorkDir, "www"))))
	env.Defer(server.Close)
	env.Setenv("WWW", server.URL)
	if program := os.Getenv("COPYDESK_TEST_PROGRAM"); program != "" {
		env.Setenv("PATH", filepath.Dir(program)+string(filepath.ListSeparator)+env.Getenv("PATH"))
	}
	env.Setenv("GORACE", os.Getenv("GORACE")) // which else does not reach a script
	return nil
}

// free NAME sets $NAME to an address that nobody listens on.
func free(ts *testscript.TestScript, _ bool, args []string) {
	address, release, err := reserve()
	ts.Check(err)
	ts.Defer(release)
	ts.Setenv(args[0], address)
}

// await URL PATTERN asks until the answer is 200 and holds a regular
// expression, and writes it to the file "answer".
func await(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[1])
	last := ""
	if !eventually(func() bool {
		res, err := client.Get(args[0])
		if err != nil {
			if last = err.Error(); slices.ContainsFunc(ts.BackgroundCmds(), hasEnded) {
				ts.Fatalf("%s will not answer, for a program has ended: %v", args[0], err)
			}
			return false
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		last = string(body)
		return err == nil && res.StatusCode == http.StatusOK && pattern.Match(body)
	}) {
		ts.Fatalf("%s did not answer with %s; the last answer was %s", args[0], args[1], last)
	}
	ts.Check(os.WriteFile(ts.MkAbs("answer"), []byte(last), 0o600))
}

func hasEnded(cmd *exec.Cmd) bool {
	return errors.Is(cmd.Process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
