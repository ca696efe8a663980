package store

import (
	"context"
	"fmt"
	"time"
)

// A Notice is something about the house, rather than about one source, that an
// operator should look at. It stands until it is settled.
type Notice struct {
	Subject string    `json:"subject"` // such as "config of HOST"; there is one notice for each
	Raised  time.Time `json:"raised"`
	Text    string    `json:"text"`
}

// Raise puts up a notice, in place of an earlier one about the same subject,
// whose time it keeps.
func (s *Store) Raise(ctx context.Context, n Notice) error {
	_, err := s.write.ExecContext(ctx, `
		INSERT INTO notice (subject, raised, text)
		VALUES ($1, $2, $3)
		ON CONFLICT (subject) DO UPDATE
		SET text = excluded.text`, n.Subject, micros(n.Raised), n.Text)
	if err != nil {
		return fmt.Errorf("raise a notice about %s: %w", n.Subject, err)
	}
	return nil
}

// Settle takes down the notice about a subject, if there is one.
func (s *Store) Settle(ctx context.Context, subject string) error {
	_, err := s.write.ExecContext(ctx, `
		DELETE FROM notice
		WHERE subject = $1`, subject)
	if err != nil {
		return fmt.Errorf("settle the notice about %s: %w", subject, err)
	}
	return nil
}

// Notices lists those that stand.
func (s *Store) Notices(ctx context.Context) ([]Notice, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT subject, raised, text
		FROM notice
		ORDER BY raised, subject`)
	out, err := collect(rows, err, func(scan scanFunc) (n Notice, err error) {
		var raised int64
		err = scan(&n.Subject, &raised, &n.Text)
		n.Raised = moment(raised)
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	return out, nil
}
