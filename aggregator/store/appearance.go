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
