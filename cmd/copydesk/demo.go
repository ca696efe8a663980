package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"copydesk/cmd/copydesk/newsroom"
	"copydesk/config"
)

type demoCommand struct {
	Listen   string `default:"127.0.0.1:8080" help:"Address to serve on; a free port is taken when 8080 is busy."`
	Dir      string `placeholder:"DIR" help:"Folder for the database and the config; default: a temporary one."`
	LogLevel string `default:"warn" enum:"debug,info,warn,error" help:"What is logged: debug, info, warn or error."`
}

// newsBreaks is how often the invented outlets publish something.
const newsBreaks = 4 * time.Second

// Run serves the built-in newsroom on loopback and the daemon on top of it.
func (c demoCommand) Run(ctx context.Context, t *terminal) error {
	dir, cleanUp, err := c.folder()
	if err != nil {
		return err
	}
	defer cleanUp()
	listener, err := c.bind()
	if err != nil {
		return err
	}
	outlets, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen for the newsroom: %w", err)
	}
	now := clock(t.env)
	room := newsroom.New(newsroom.Options{Now: now})
	text := room.Config("http://"+outlets.Addr().String(), listener.Addr().String(), "copydesk.db")
	if err := os.WriteFile(c.file(dir), text, 0o644); err != nil {
		return err
	}
	cfg, err := read(c.file(dir), t)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "The demo newsroom is at http://%s/\n", listener.Addr())
	fmt.Fprintf(t.err, "config: %s\npress Ctrl-C to end\n", c.file(dir))

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return listen(ctx, outlets, room) })
	g.Go(func() error { publishNews(ctx, room); return nil })
	d := &daemon{file: c.file(dir), load: func() (*config.Config, error) { return read(c.file(dir), t) }}
	g.Go(func() error { return d.serve(ctx, cfg, listener, logger(t.err, c.LogLevel), now) })
	return g.Wait()
}

// folder is where the demo keeps its files, and what removes them.
func (c demoCommand) folder() (string, func(), error) {
	if c.Dir != "" {
		return c.Dir, func() {}, os.MkdirAll(c.Dir, 0o755)
	}
	dir, err := os.MkdirTemp("", "copydesk-demo-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}

// bind takes the address asked for; when the usual one is busy, any free port.
func (c demoCommand) bind() (net.Listener, error) {
	l, err := net.Listen("tcp", c.Listen)
	if errors.Is(err, syscall.EADDRINUSE) && c.Listen == "127.0.0.1:8080" {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("listen: %w (choose another address with --listen)", err)
	}
	return l, nil
}

// file is the demo's config: one as an operator would have it.
func (demoCommand) file(dir string) string { return filepath.Join(dir, "copydesk.yaml") }

// publishNews lets something happen in the newsroom every few seconds.
func publishNews(ctx context.Context, room *newsroom.Newsroom) {
	tick := time.NewTicker(newsBreaks)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			room.Advance()
		case <-ctx.Done():
			return
		}
	}
}

var _ http.Handler = (*newsroom.Newsroom)(nil)
