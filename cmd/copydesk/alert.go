package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/jobs"
	"copydesk/aggregator/news"
	"copydesk/aggregator/store"
)

// An alertNote is an alert as the operator's webhook gets it: of a source, or of
// a channel.
type alertNote struct {
	Source  news.Slug `json:"source,omitempty"`
	Channel news.Slug `json:"channel,omitempty"`
	Name    string    `json:"name"`
	news.Alert
}

// alertUnprintable tells that what is published of a shelf stays as it was,
// because the next edition failed its checks.
const alertUnprintable news.AlertKind = "unprintable"

// aShelf begins the subject of an alert that is of a shelf.
const aShelf = "shelf:"

// alert tells the operator of an alert: a line in the log and, where the config
// has one, a call of its webhook. Whoever finds a fault asks for this once; one
// that is over by now is not told.
func (h *house) alert(ctx context.Context, job jobs.Job) error {
	if subject, ok := strings.CutPrefix(job.Subject, aShelf); ok {
		shelf, err := news.ParseShelf(subject)
		if err != nil {
			return err
		}
		return h.alertShelf(ctx, shelf)
	}
	slug, rest, _ := strings.Cut(job.Subject, "/")
	kind, _, _ := strings.Cut(rest, "/")
	status, err := h.store.Status(ctx, news.Slug(slug))
	if errors.Is(err, store.ErrNoSource) {
		return nil // the config has lost it since
	}
	if err != nil {
		return err
	}
	a, stands := status.Health.Alert(news.AlertKind(kind))
	if !stands || store.AlertSubject(status.Slug, a) != job.Subject {
		return nil
	}
	note := alertNote{Source: status.Slug, Name: h.plan.Load().desk.Sources[status.Slug].Name, Alert: a}
	if job.Attempt <= 1 {
		h.log.Warn("a source needs a look", "source", note.Source, "kind", a.Kind, "since", a.Since, "alert", a.Text)
	}
	return h.callWebhook(ctx, note)
}

// stuck queues the alert of a shelf that cannot be printed.
func (h *house) stuck(ctx context.Context, shelf news.Shelf) error {
	return h.store.Queue(ctx, store.Job{Kind: store.JobAlert, Subject: aShelf + shelf.String()})
}

// alertShelf tells of a channel or source that cannot be printed. The press has
// logged it already.
func (h *house) alertShelf(ctx context.Context, shelf news.Shelf) error {
	text, since := h.fault(shelf)
	if text == "" {
		return nil
	}
	note := alertNote{Name: string(shelf.Slug), Alert: news.Alert{Kind: alertUnprintable, Since: since, Text: text}}
	p := h.plan.Load()
	switch shelf.Kind {
	case news.ChannelShelf:
		note.Channel = shelf.Slug
		for _, c := range p.cfg.Channels {
			if news.Slug(c.Slug) == shelf.Slug {
				note.Name = c.Title
			}
		}
	case news.SourceShelf:
		note.Source, note.Name = shelf.Slug, p.desk.Sources[shelf.Slug].Name
	}
	return h.callWebhook(ctx, note)
}

func (h *house) callWebhook(ctx context.Context, note alertNote) error {
	p := h.plan.Load()
	if p.cfg.Alerts.Webhook == "" {
		return nil
	}
	body, err := json.Marshal(note)
	if err != nil {
		return err
	}
	reply, err := p.alerts.Post(ctx, fetch.Message{
		URL: p.cfg.Alerts.Webhook, Header: http.Header{"Content-Type": {"application/json"}}, Body: body,
	})
	if err != nil {
		return fmt.Errorf("call alerts.webhook: %w", err)
	}
	if reply.Status >= 300 {
		return fmt.Errorf("call alerts.webhook: it answered %d %s", reply.Status, reply.Text)
	}
	return nil
}
