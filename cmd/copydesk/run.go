package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"copydesk/aggregator"
	"copydesk/aggregator/news"
	"copydesk/aggregator/push"
	"copydesk/aggregator/store"
	"copydesk/config"
	"copydesk/publisher"
	"copydesk/publisher/page"
	"copydesk/publisher/websub"
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
	d := &daemon{file: c.Config, load: func() (*config.Config, error) { return c.read(t) }}
	return d.serve(ctx, cfg, listener, logger(t.err, c.LogLevel), clock(t.env))
}

// drain is how long the parts get to end what they have begun: SIGTERM is
// answered within ten seconds.
const drain = 9 * time.Second

// A daemon runs both halves, by a config that may change.
type daemon struct {
	*house
	file     string                         // of the config
	load     func() (*config.Config, error) // reads it anew
	registry *prometheus.Registry
	front    atomic.Pointer[front] // that takes requests; never nil while they come
	callback http.Handler          // where hubs reach us, whichever front takes their requests
	parts    sync.WaitGroup        // presses and the watch over the file
	good     prometheus.Gauge      // 1 while the file is in force
	since    prometheus.Gauge      // when it was put in force
	offline  prometheus.Gauge      // 1 while no source can be reached
	began    *config.Config        // with which the daemon listens
	refused  string                // why the file was not put in force, as it was told; the reloads' own
}

// A front is the half that serves, as one plan makes it.
type front struct {
	press  *publisher.Press
	server *publisher.Server
	admin  http.Handler
	close  func() // ends the press; requests that the server has taken are still answered
}

// serve runs both halves until ctx ends, then drains them.
func (d *daemon) serve(ctx context.Context, cfg *config.Config, listener net.Listener, log *slog.Logger, now func() time.Time) error {
	asked, stop := hangUps()
	defer stop()
	d.began = cfg
	var err error
	if d.house, err = buildHouse(ctx, cfg, log, now); err != nil {
		return errors.Join(err, listener.Close())
	}
	defer d.Close()
	if err := d.prepare(ctx); err != nil {
		return errors.Join(err, listener.Close())
	}

	first, err := d.build(d.plan.Load())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	admin, err := adminListener(cfg)
	if err != nil {
		return errors.Join(err, listener.Close())
	}

	g, ctx := errgroup.WithContext(ctx)
	defer d.parts.Wait() // g has ended ctx by then
	d.start(ctx, first)
	d.front.Store(first)
	g.Go(func() error { d.loop.Run(ctx); return nil })
	g.Go(func() error { return runEngine(ctx, d.house) })
	g.Go(func() error { return d.reloads(ctx, asked) })
	g.Go(func() error { return listen(ctx, listener, d.at(func(f *front) http.Handler { return f.server })) })
	if admin != nil {
		g.Go(func() error { return listen(ctx, admin, d.at(func(f *front) http.Handler { return f.admin })) })
	}
	log.Info("copydesk is up", "listen", listener.Addr().String(), "url", cfg.Publisher.URL,
		"sources", len(cfg.Sources), "channels", len(cfg.Channels))
	err = g.Wait()
	log.Info("copydesk is down")
	return err
}

// adminListener is where operators ask; nil when that is turned off.
func adminListener(cfg *config.Config) (net.Listener, error) {
	if cfg.AdminListen == "" {
		return nil, nil //nolint:nilnil // off is no error
	}
	l, err := net.Listen("tcp", cfg.AdminListen)
	if err != nil {
		return nil, fmt.Errorf("admin_listen: %w (another program has the address; set admin_listen to another one, or to \"\" for none)", err)
	}
	return l, nil
}

// prepare is what comes before the first pull and the first request.
func (d *daemon) prepare(ctx context.Context) error {
	d.registry = prometheus.NewRegistry()
	d.changed = func() {
		if f := d.front.Load(); f != nil {
			f.press.Wake()
		}
	}
	d.callback = d.newCallback()
	d.fault = func(shelf news.Shelf) (string, time.Time) {
		f := d.front.Load()
		if f == nil {
			return "", time.Time{}
		}
		return f.press.Fault(shelf)
	}
	d.topics = func() websub.Topics {
		if f := d.front.Load(); f != nil {
			return f.press
		}
		return nil
	}
	if err := d.observe(); err != nil {
		return err
	}
	d.uplink.Tell = d.network
	d.good.Set(1)
	d.since.Set(float64(d.now().Unix()))
	for _, subject := range []string{configNotice(), networkNotice()} { // of a daemon that is no more
		if err := d.store.Settle(ctx, subject); err != nil {
			return err
		}
	}
	if d.store.Postgres() {
		return nil
	}
	return errors.Join(d.store.ReleaseLeases(ctx), d.store.ReleaseHub(ctx)) // one machine: what is claimed belongs to a daemon that died
}

// at answers with a part of the front that is open at the time.
func (d *daemon) at(part func(*front) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { part(d.front.Load()).ServeHTTP(w, r) })
}

// pagesOf are the pages of the house that a config describes; still are those
// that are written as files.
func pagesOf(cfg *config.Config, still bool) (*page.Pages, error) {
	return page.New(houseOf(cfg), page.Options{
		Author: store.AuthorSlug, Section: store.SectionSlug, Search: cfg.Publisher.Search, Still: still,
		Found: store.Found, Images: page.Images(cfg.Publisher.Images),
	})
}

// build makes the front of a plan and opens nothing.
func (d *daemon) build(p *plan) (*front, error) {
	pages, err := pagesOf(p.cfg, false)
	if err != nil {
		return nil, err
	}
	opt := shown(p.cfg, d.store, d.log, d.now)
	opt.Callback, opt.Readers, opt.Hub, opt.Announce, opt.Stuck = d.callback, d.readers, d.hub, d.announce, d.stuck
	opt.Ledger, opt.Late = d.store, d.store.AppearsLate
	f := &front{press: publisher.NewPress(d.store, pages, opt)}
	f.server, err = publisher.NewServer(f.press, pages, d.store, d.registry)
	if err != nil {
		return nil, err
	}
	f.admin = f.server.Admin()
	return f, nil
}

// shown is what a config has a shelf show, by the daemon and as files.
func shown(cfg *config.Config, shelf *store.Store, log *slog.Logger, now func() time.Time) publisher.Options {
	return publisher.Options{
		House: houseOf(cfg), Channels: cfg.NewsChannels(), Sources: cfg.NewsSources(),
		Archive: shelf, History: shelf, Finder: shelf, NoSearch: !cfg.Publisher.Search, Catalogue: shelf, Log: log, Now: now,
	}
}

// start lets a front's press print until the front is closed or ctx ends.
func (d *daemon) start(ctx context.Context, f *front) {
	f.press.Appears(d.appears)
	if before := d.front.Load(); before != nil {
		f.press.Follow(before.press)
	}
	ctx, f.close = context.WithCancel(ctx)
	d.parts.Go(func() { _ = f.press.Run(ctx) })
}

// printing is how long a new front may take to print all it has before it is
// opened, so that nobody is sent away meanwhile.
const printing = 30 * time.Second

// open puts a front in the place of the one that is open.
func (d *daemon) open(ctx context.Context, f *front) {
	d.start(ctx, f)
	ctx, cancel := context.WithTimeout(ctx, printing)
	defer cancel()
	f.press.Await(ctx)
	d.front.Swap(f).close()
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
		Handler:        handler,
		ReadTimeout:    30 * time.Second, // of the header, too: another deadline would be set twice per request
		WriteTimeout:   2 * time.Minute,  // a slow reader of a large feed
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		stopped <- server.Shutdown(stop)
	})
	if err := server.Serve(tune(l)); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return <-stopped
}

// newCallback joins what answers hubs to the shelf and to the plan in force.
func (h *house) newCallback() http.Handler {
	box := &aggregator.Letterbox{
		Desk:  func() *aggregator.Desk { return h.plan.Load().desk },
		Shelf: h.store,
		Log:   h.log,
		Done:  func(res aggregator.Result, err error) { h.pushed(res, err) },
	}
	return push.NewCallback(push.Options{
		Book:     h.store,
		Log:      h.log,
		Now:      h.now,
		MostBody: func() int64 { return int64(h.plan.Load().cfg.Fetch.MaxBody) },
		Take:     box.Take,
	})
}
