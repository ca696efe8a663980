package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"copydesk/aggregator/news"
)

// A SourceStatus is what an operator wants to know of a source.
type SourceStatus struct {
	Slug        news.Slug `json:"source"`
	URL         string    `json:"url"`   // where the config has it
	State       string    `json:"state"` // active, failing while pulls fail, paused, or gone (410)
	LastPull    time.Time `json:"last_pull,omitzero"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	NextDue     time.Time `json:"next_pull,omitzero"`
	Articles    int       `json:"articles"`
	Pulls       int       `json:"pulls"`
	Failures    int       `json:"failures"`
	Fault       string    `json:"fault,omitempty"`
	Warnings    []string  `json:"warnings,omitempty"`
	Push        news.Push `json:"push,omitzero"`

	Manners news.Manners `json:"-"`
	Health  news.Health  `json:"health,omitzero"`
}

const statuses = `
	SELECT slug, url, state, last_pull, last_success, next_due, articles, pulls, failures, fault, warnings, manners, health
	FROM source
	WHERE state <> 'retired'`

// Statuses lists the sources of the config.
func (s *Store) Statuses(ctx context.Context) ([]SourceStatus, error) {
	rows, err := s.read.QueryContext(ctx, statuses+`
	ORDER BY slug`)
	out, err := collect(rows, err, scanStatus)
	if err != nil {
		return nil, err
	}
	return out, s.statusOfPush(ctx, out)
}

// statusOfPush adds how the sources' being pushed goes.
func (s *Store) statusOfPush(ctx context.Context, list []SourceStatus) error {
	pushes, err := scanPushes(s.read.QueryContext(ctx, `
		SELECT `+pushColumns+`
		FROM push`))
	if err != nil {
		return err
	}
	of := make(map[news.Slug]news.Push, len(pushes))
	for _, p := range pushes {
		of[p.Source] = p
	}
	for i := range list {
		list[i].Push = of[list[i].Slug]
	}
	return nil
}

// Status is that of one source; ErrNoSource when the config has none of that
// name.
func (s *Store) Status(ctx context.Context, slug news.Slug) (SourceStatus, error) {
	st, err := scanStatus(s.read.QueryRowContext(ctx, statuses+` AND slug = $1`, string(slug)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return st, ErrNoSource
	}
	return st, err
}

func scanStatus(scan scanFunc) (st SourceStatus, err error) {
	var pulled, succeeded, next int64
	var warnings, manners, health string
	if err := scan(&st.Slug, &st.URL, &st.State, &pulled, &succeeded, &next, &st.Articles, &st.Pulls, &st.Failures, &st.Fault, &warnings, &manners, &health); err != nil {
		return st, err
	}
	st.LastPull, st.LastSuccess, st.NextDue = moment(pulled), moment(succeeded), moment(next)
	for _, part := range []struct {
		text string
		into any
	}{{warnings, &st.Warnings}, {manners, &st.Manners}, {health, &st.Health}} {
		if part.text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return st, fmt.Errorf("status of %s: %w", st.Slug, err)
		}
	}
	if st.State == "active" && st.Failures > 0 {
		st.State = "failing"
	}
	return st, nil
}
