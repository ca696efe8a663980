package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"copydesk/aggregator/news"
)

// A SourceStatus is what an operator wants to know of a source.
type SourceStatus struct {
	Slug        news.Slug `json:"source"`
	State       string    `json:"state"` // active, failing while pulls fail, paused, or gone (410)
	LastPull    time.Time `json:"last_pull,omitzero"`
	LastSuccess time.Time `json:"last_success,omitzero"`
	NextDue     time.Time `json:"next_pull,omitzero"`
	Articles    int       `json:"articles"`
	Pulls       int       `json:"pulls"`
	Failures    int       `json:"failures"`
	Fault       string    `json:"fault,omitempty"`
	Warnings    []string  `json:"warnings,omitempty"`

	Manners news.Manners `json:"-"`
	Health  news.Health  `json:"health,omitzero"`
}

const statuses = `
	SELECT slug, state, last_pull, last_success, next_due, articles, pulls, failures, fault, warnings, manners, health
	FROM source
	WHERE state <> 'retired'
	ORDER BY slug`

// Statuses lists the sources of the config.
func (s *Store) Statuses(ctx context.Context) ([]SourceStatus, error) {
	rows, err := s.read.QueryContext(ctx, statuses)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []SourceStatus
	for rows.Next() {
		var st SourceStatus
		var pulled, succeeded, next int64
		var warnings, manners, health string
		err := rows.Scan(&st.Slug, &st.State, &pulled, &succeeded, &next, &st.Articles, &st.Pulls, &st.Failures, &st.Fault, &warnings, &manners, &health)
		if err != nil {
			return nil, err
		}
		st.LastPull, st.LastSuccess, st.NextDue = moment(pulled), moment(succeeded), moment(next)
		if warnings != "" {
			if err := json.Unmarshal([]byte(warnings), &st.Warnings); err != nil {
				return nil, err
			}
		}
		if manners != "" {
			if err := json.Unmarshal([]byte(manners), &st.Manners); err != nil {
				return nil, err
			}
		}
		if st.Health, err = readHealth(health); err != nil {
			return nil, fmt.Errorf("health of %s: %w", st.Slug, err)
		}
		if st.State == "active" && st.Failures > 0 {
			st.State = "failing"
		}
		out = append(out, st)
	}
	return out, rows.Err()
}
