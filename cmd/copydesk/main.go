// Command copydesk pulls articles from source feeds, brings them into one
// house style and republishes them as curated channels.
//
// This package only builds things and joins them: there is one file for each
// command, and house.go joins the two halves. What a reader could notice is
// decided in the packages below.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // a minimal container has no zone files

	"github.com/alecthomas/kong"
)

// version is set when a release is linked.
var version = "1.0-dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(exitCode(run(ctx, os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr), os.Stderr))
}

// Commands are the command line; each field's help is its manual entry.
type commands struct {
	Run      runCommand      `cmd:"" help:"Run the daemon: pull, normalize, publish, serve."`
	Demo     demoCommand     `cmd:"" help:"Run the daemon on a built-in newsroom, offline."`
	Check    checkCommand    `cmd:"" help:"Print every fault of the config."`
	Inspect  inspectCommand  `cmd:"" help:"Print what would be published of a feed or an article page."`
	Pull     pullCommand     `cmd:"" help:"Pull sources once, now."`
	Export   exportCommand   `cmd:"" help:"Write every published document as static files."`
	Status   statusCommand   `cmd:"" help:"Print one line for each source."`
	Explain  explainCommand  `cmd:"" help:"Tell where an article's fields came from, and why it is in each channel or not."`
	Withdraw withdrawCommand `cmd:"" help:"Take an article back, with a tombstone in its place."`
	Source   sourceCommand   `cmd:"" help:"Find, add, remove, pause and list sources."`
	OPML     opmlCommand     `cmd:"" name:"opml" help:"Import and export sources as OPML lists."`
	Health   healthCommand   `cmd:"" help:"Ask the running daemon whether it is ready."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// A terminal is what a command reads and writes: data on out, all else on err.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) (string, bool)
}

// usageError is a wrong command line: exit code 2.
type usageError struct{ error }

// errQuiet ends the program with code 1 when all has been said already.
var errQuiet = errors.New("failed")

func run(ctx context.Context, args []string, env func(string) (string, bool), stdin io.Reader, stdout, stderr io.Writer) error {
	var (
		cmds   commands
		exited bool
	)
	parser, err := kong.New(&cmds,
		kong.Name("copydesk"),
		kong.Description("Pulls feeds, brings them into one house style, republishes curated channels."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { exited = true }),
		kong.Resolvers(environment(env)),
		kong.UsageOnError(),
	)
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited { // --help has printed itself
		return nil
	}
	if err != nil {
		return usageError{fmt.Errorf("%w (see copydesk --help)", err)}
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(&terminal{in: stdin, out: stdout, err: stderr, env: env})
}

// environment lets COPYDESK_LISTEN stand for --listen, and so on; the command
// line wins.
func environment(env func(string) (string, bool)) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := "COPYDESK_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		if value, ok := env(name); ok && value != "" {
			return value, nil
		}
		return nil, nil //nolint:nilnil // kong's word for "not given here"
	})
}

// exitCode prints err and gives its code: 1 for work that failed, 2 for wrong
// usage.
func exitCode(err error, stderr io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errQuiet):
		return 1
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "copydesk:", err)
		return 2
	}
	fmt.Fprintln(stderr, "copydesk:", err)
	return 1
}

type versionCommand struct{}

func (versionCommand) Run(t *terminal) error {
	_, err := fmt.Fprintln(t.out, "copydesk", version)
	return err
}
