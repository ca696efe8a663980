package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
	"copydesk/config"
	"copydesk/publisher/websub"
)

// courierTimeout is how long a subscriber may take to answer our hub.
const courierTimeout = 10 * time.Second

// hubOf is the address of the hub that feeds name; empty when they name none.
func hubOf(cfg *config.Config) string {
	switch {
	case !cfg.Hub.Enabled:
		return ""
	case cfg.Hub.URL != "":
		return cfg.Hub.URL
	case callback(cfg) != "":
		return cfg.Publisher.URL + "/hub"
	}
	return ""
}

// newHub joins our hub to the store, and to the plan and front in force.
func (h *house) newHub() *websub.Hub {
	return websub.New(websub.Options{
		Book: h.store, Log: h.log, Now: h.now,
		Terms: func() (websub.Terms, bool) {
			p, topics := h.plan.Load(), h.topics()
			ours := topics != nil && p.cfg.Hub.URL == "" && hubOf(p.cfg) != ""
			return websub.Terms{Address: hubOf(p.cfg), Topics: topics, Courier: courier{p.hub}, Signature: p.cfg.Hub.Signature}, ours
		},
		Done:  func(outcome string, lag time.Duration) { h.delivered(outcome, lag) },
		Asked: func(outcome string) { h.verified(outcome) },
	})
}

// A courier reaches subscribers through the guarded client.
type courier struct{ *fetch.Client }

func (c courier) Get(ctx context.Context, address string) (websub.Reply, error) {
	return answered(c.Ask(ctx, address))
}

func (c courier) Post(ctx context.Context, address string, header http.Header, body []byte) (websub.Reply, error) {
	return answered(c.Client.Post(ctx, fetch.Message{URL: address, Header: header, Body: body, Direct: true}))
}

func answered(r *fetch.Reply, err error) (websub.Reply, error) {
	if err != nil {
		return websub.Reply{}, err
	}
	return websub.Reply{Status: r.Status, Text: r.Text, Again: r.RetryAt}, nil
}

func (h *house) verify(ctx context.Context, _ jobs.Job) error { return h.hub.Verify(ctx) }

func (h *house) deliver(ctx context.Context, job jobs.Job) error {
	return h.hub.Deliver(ctx, job.Subject)
}

func (h *house) sweepHub(ctx context.Context, _ jobs.Job) error {
	if err := h.store.SweepHub(ctx, h.now()); err != nil {
		return err
	}
	return h.hub.Sweep(ctx)
}

// lately is how old a change may be of which another hub is told: it would look
// for itself in the end.
const lately = 10 * time.Minute

// announce queues what lets subscribers hear of shelves that have changed.
func (d *daemon) announce(ctx context.Context, list []news.Touched) error {
	p := d.plan.Load()
	var out []store.Job
	switch {
	case hubOf(p.cfg) == "":
		return nil
	case p.cfg.Hub.URL != "":
		for _, t := range list {
			if d.now().Sub(t.At) < lately {
				out = append(out, store.Job{Kind: jobAnnounce, Subject: t.Shelf.String()})
			}
		}
	default:
		topics, err := d.store.HubTopics(ctx)
		if err != nil {
			return fmt.Errorf("topics of the hub: %w", err)
		}
		house := houseOf(p.cfg)
		changed := map[string]bool{}
		for _, t := range list {
			changed[house.PageURL(t.Shelf)] = true
		}
		for _, topic := range topics {
			if changed[topic[:max(strings.LastIndexByte(topic, '/'), 0)]] {
				out = append(out, store.Job{Kind: store.JobDeliver, Subject: topic})
			}
		}
	}
	return d.store.Queue(ctx, out...)
}

// tellHub tells another hub that the feeds of a shelf have changed, as hubs have
// agreed on outside of the Recommendation.
func (h *house) tellHub(ctx context.Context, job jobs.Job) error {
	p := h.plan.Load()
	shelf, err := news.ParseShelf(job.Subject)
	if err != nil {
		return err
	}
	if p.cfg.Hub.URL == "" || hubOf(p.cfg) == "" {
		return nil
	}
	house, form := houseOf(p.cfg), url.Values{"hub.mode": {"publish"}}
	for _, format := range []string{"rss", "atom", "json"} {
		form.Add("hub.url", house.FeedURL(shelf, format))
	}
	reply, err := p.client.Post(ctx, fetch.Form(p.cfg.Hub.URL, form))
	switch {
	case err != nil:
		return fmt.Errorf("tell hub %s: %w", p.cfg.Hub.URL, err)
	case reply.Status/100 != 2:
		return fmt.Errorf("tell hub %s: it answered %d", p.cfg.Hub.URL, reply.Status)
	}
	return nil
}
