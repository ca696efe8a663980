package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test binary plays two more parts, each in a process of its own: the
// program itself, so that it can be killed, and the outlets of the benchmark,
// so that their work is not counted as ours.
const (
	playProgram = "COPYDESK_TEST_PLAY_PROGRAM"
	playOutlets = "COPYDESK_TEST_PLAY_OUTLETS"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(playProgram) != "":
		main()
	case os.Getenv(playOutlets) != "":
		serveOutlets()
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
	})
}
