package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// ErrNewerSchema is a database that a newer version has written.
var ErrNewerSchema = errors.New("the database was written by a newer copydesk (use that version, or another database)")

// migrate brings the schema up to date. A migration once released is never
// edited.
func (s *Store) migrate(ctx context.Context) error {
	dialect, folder := goose.DialectSQLite3, "migrations/sqlite"
	if s.postgres {
		dialect, folder = goose.DialectPostgres, "migrations/postgres"
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(dialect, s.write, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	stored, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read its schema version: %w", err)
	}
	list := provider.ListSources()
	if newest := list[len(list)-1].Version; stored > newest {
		return fmt.Errorf("%w: schema %d, this version knows %d", ErrNewerSchema, stored, newest)
	}
	if s.postgres { // several nodes may start at once
		return s.migrateLocked(ctx, provider)
	}
	_, err = provider.Up(ctx)
	return err
}

// migrationLock is an arbitrary number that all nodes agree on.
const migrationLock = 7_063_317

func (s *Store) migrateLocked(ctx context.Context, provider *goose.Provider) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return err
	}
	defer unlock(ctx, conn)
	_, err = provider.Up(ctx)
	return err
}

func unlock(ctx context.Context, conn *sql.Conn) {
	_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock) // the connection's end frees it too
}
