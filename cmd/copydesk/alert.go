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

// An alertNote is an alert as the operator's webhook gets it.
type alertNote struct {
	Source news.Slug `json:"source"`
	Name   string    `json:"name"`
	news.Alert
}

// alert tells the operator of an alert: a line in the log and, where the config
// has one, a call of its webhook. The store asks for this once for each alert;
// one that is over by now is not told.
func (h *house) alert(ctx context.Context, job jobs.Job) error {
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
	p := h.plan.Load()
	note := alertNote{Source: status.Slug, Name: p.desk.Sources[status.Slug].Name, Alert: a}
	if job.Attempt <= 1 {
		h.log.Warn("a source needs a look", "source", note.Source, "kind", a.Kind, "since", a.Since, "alert", a.Text)
	}
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
