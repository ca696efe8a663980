package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"copydesk/aggregator/store"
	"copydesk/config"
	"copydesk/publisher"
	"copydesk/publisher/export"
)

type exportCommand struct {
	configFlag
	Dir        string   `arg:"" help:"The folder; made where there is none."`
	Compress   []string `enum:"gzip,br,zstd" placeholder:"CODING" help:"Write each document in these codings too, for servers that send such files: gzip, br, zstd."`
	Force      bool     `help:"Write into a folder, and replace files, that no export made."`
	ServerFile string   `name:"server-config" enum:",nginx,caddy" default:"" placeholder:"nginx|caddy" help:"Print an example configuration with which nginx or Caddy serves DIR, and write nothing."`
	Listen     string   `placeholder:"ADDR" help:"Where the example listens."`
}

// Run writes what the daemon would serve, by the same handler, but for what leads
// to searches, events and our own hub: no file answers them. It needs no daemon,
// and does not mind one on the same database.
func (c exportCommand) Run(ctx context.Context, t *terminal) error {
	if c.ServerFile != "" {
		return c.example(t)
	}
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	if err := present(cfg.DatabasePath()); err != nil {
		return err
	}
	shelf, err := store.Open(ctx, cfg.DatabasePath(), store.Options{})
	if err != nil {
		return err
	}
	defer shelf.Close()
	server, err := c.print(ctx, t, cfg, shelf)
	if err != nil {
		return err
	}
	report, err := export.Export(ctx, c.Dir, export.Site{Handler: server, Addresses: server.Addresses(ctx)}, export.Options{Codings: c.Compress, Force: c.Force})
	if err != nil && report == (export.Report{}) {
		return err
	}
	fmt.Fprintf(t.out, "%d documents, %d files written, %d removed\n", report.Documents, report.Written, report.Removed)
	return err
}

// present refuses a file that is not there: it would be made, and a site that is full
// be replaced by an empty one.
func present(database string) error {
	if strings.Contains(database, "://") {
		return nil
	}
	if _, err := os.Stat(database); err != nil {
		return fmt.Errorf("find what is stored: %w (copydesk run and copydesk pull make it)", err)
	}
	return nil
}

// print makes a server that has printed all channels.
func (c exportCommand) print(ctx context.Context, t *terminal, cfg *config.Config, shelf *store.Store) (*publisher.Server, error) {
	pages, err := pagesOf(cfg, true)
	if err != nil {
		return nil, err
	}
	now := clock(t.env)
	opt := shown(cfg, shelf, logger(t.err, "error"), now)
	opt.NoSearch, opt.Snapshot = true, true
	if cfg.Hub.URL == "" {
		opt.House.Hub = "" // ours is the daemon's
	}
	press := publisher.NewPress(shelf, pages, opt)
	since, err := shelf.Appearance(ctx, now(), appearance(cfg)...)
	if err != nil {
		return nil, err
	}
	press.Appears(since)
	if err := press.Print(ctx); err != nil {
		return nil, err
	}
	return publisher.NewServer(press, pages, shelf, prometheus.NewRegistry())
}

func (c exportCommand) example(t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return err
	}
	text, err := export.Example(c.ServerFile, export.Host{
		Dir: dir, Listen: cmp.Or(c.Listen, map[string]string{"nginx": "80", "caddy": ":80"}[c.ServerFile]), Headers: publisher.SecurityHeaders(),
		Base: strings.TrimSuffix(cfg.Publisher.URL, "/"), Hub: cfg.Hub.URL, // ours is the daemon's
	})
	if err != nil {
		return err
	}
	_, err = t.out.Write(text)
	return err
}
