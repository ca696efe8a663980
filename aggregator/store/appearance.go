package store

import (
	"context"
	"fmt"
	"time"
)

// Settings that differ count from a later second than those before, since
// Last-Modified counts seconds.
const setAppearance = `
	INSERT INTO appearance (id, settings, changed_at)
	VALUES (1, $1, $2)
	ON CONFLICT (id) DO UPDATE
	SET settings = excluded.settings, changed_at = CASE
		WHEN appearance.settings = excluded.settings THEN appearance.changed_at
		WHEN $3 > appearance.changed_at THEN $3
		ELSE appearance.changed_at + 1000000 END
	RETURNING changed_at`

const lateAppearance = `
	UPDATE appearance
	SET changed_at = $1
	WHERE changed_at < $1`

// AppearsLate notes that something that is published changed, though no article
// and no setting did.
func (s *Store) AppearsLate(ctx context.Context, at time.Time) error {
	if _, err := s.write.ExecContext(ctx, lateAppearance, micros(at)); err != nil {
		return fmt.Errorf("note when what is published changed: %w", err)
	}
	return nil
}

// Appearance notes what decides how everything looks that is published, and is
// since when it has been so: documents may have changed then, though no article
// did.
func (s *Store) Appearance(ctx context.Context, at time.Time, settings ...any) (time.Time, error) {
	var since int64
	err := s.write.QueryRowContext(ctx, setAppearance, fingerprint(settings...), micros(at), micros(at.Truncate(time.Second).Add(time.Second))).Scan(&since)
	if err != nil {
		return time.Time{}, fmt.Errorf("note how what is published looks: %w", err)
	}
	return moment(since), nil
}
