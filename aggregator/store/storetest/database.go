// Package storetest has databases for tests.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"copydesk/aggregator/store"
)

// migrated is a SQLite database without a row. To make one costs more than most
// tests do with it, so each begins with a copy.
var migrated = sync.OnceValues(func() ([]byte, error) {
	return Image(func(*store.Store) error { return nil })
})

// Image is the file of a new SQLite database, with what add brings into it.
func Image(add func(*store.Store) error) ([]byte, error) {
	dir, err := os.MkdirTemp("", "copydesk-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "new.db")
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(add(s), s.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// Database is the path of a SQLite database of the test's own, with the present
// schema and without a row.
func Database(t testing.TB) string {
	t.Helper()
	image, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "copydesk.db")
	if err := os.WriteFile(path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Schema is a new schema of the PostgreSQL server that dsn names, as the address of
// a database. It goes with the test.
func Schema(t testing.TB, dsn string) string {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = db.Exec("DROP SCHEMA " + name + " CASCADE")
		db.Close()
	})
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}
