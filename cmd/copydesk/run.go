package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"copydesk/config"
	"copydesk/publisher"
	"copydesk/publisher/page"
)

type runCommand struct {
	configFlag
	LogLevel string `default:"info" enum:"debug,info,warn,error" help:"What is logged: debug, info, warn or error."`
}

func (c runCommand) Run(ctx context.Context, t *terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w (another program has the address, or listen in the config is wrong)", err)
	}
	return serve(ctx, cfg, listener, logger(t.err, c.LogLevel), clock(t.env))
}

// drain is how long the parts get to end what they have begun: SIGTERM is
// answered within ten seconds.
const drain = 9 * time.Second

// serve runs both halves until ctx ends, then drains them.
func serve(ctx context.Context, cfg *config.Config, listener net.Listener, log *slog.Logger, now func() time.Time) error {
	h, err := buildHouse(ctx, cfg, log, now)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer h.Close()
	registry := prometheus.NewRegistry()
	press, server, err := h.buildPublisher(registry)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	h.changed = press.Wake
	if err := h.observe(registry); err != nil {
		return errors.Join(err, listener.Close())
	}
	if !h.store.Postgres() { // one machine: what is claimed belongs to a daemon that died
		if err := h.store.ReleaseLeases(ctx); err != nil {
			return errors.Join(err, listener.Close())
		}
	}

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return press.Run(ctx) })
	g.Go(func() error { h.loop.Run(ctx); return nil })
	g.Go(func() error { return runEngine(ctx, h) })
	g.Go(func() error { return listen(ctx, listener, server) })
	if cfg.AdminListen != "" {
		admin, err := net.Listen("tcp", cfg.AdminListen)
		if err != nil {
			return fmt.Errorf("admin_listen: %w (another program has the address; set admin_listen to another one, or to \"\" for none)", err)
		}
		g.Go(func() error { return listen(ctx, admin, server.Admin()) })
	}
	log.Info("copydesk is up", "listen", listener.Addr().String(), "url", cfg.Publisher.URL,
		"sources", len(cfg.Sources), "channels", len(cfg.Channels))
	err = g.Wait()
	log.Info("copydesk is down")
	return err
}

func runEngine(ctx context.Context, h *house) error {
	if err := h.engine.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	return h.engine.Stop(stop)
}

// listen serves until ctx ends and then lets requests finish.
func listen(ctx context.Context, l net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute, // a slow reader of a large feed
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		stopped <- server.Shutdown(stop)
	})
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return <-stopped
}

// buildPublisher joins the half that serves to the same store.
func (h *house) buildPublisher(registry *prometheus.Registry) (*publisher.Press, *publisher.Server, error) {
	house := houseOf(h.cfg)
	pages, err := page.New(house)
	if err != nil {
		return nil, nil, err
	}
	press := publisher.NewPress(h.store, pages, publisher.Options{
		House: house, Channels: h.cfg.NewsChannels(), Sources: h.cfg.NewsSources(), Archive: h.store, History: h.store, Log: h.log,
	})
	server, err := publisher.NewServer(press, pages, h.store, registry)
	return press, server, err
}
