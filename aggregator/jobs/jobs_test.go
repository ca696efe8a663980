package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"copydesk/aggregator/jobs"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// onEach runs a test on SQLite and, where a server is named, on PostgreSQL in a
// schema of its own.
func onEach(t *testing.T, f func(t *testing.T, db *sql.DB, postgres bool)) {
	t.Run("sqlite", func(t *testing.T) {
		db := openDB(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "jobs.db")+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)")
		db.SetMaxOpenConns(1)
		f(t, db, false)
	})
	dsn := os.Getenv("COPYDESK_TEST_POSTGRES")
	if dsn == "" {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		name := fmt.Sprintf("j%d", time.Now().UnixNano())
		if _, err := openDB(t, "pgx", dsn).Exec("CREATE SCHEMA " + name); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set("search_path", name)
		u.RawQuery = q.Encode()
		f(t, openDB(t, "pgx", u.String()), true)
	})
}

func openDB(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func engine(t *testing.T, db *sql.DB, postgres bool, opt jobs.Options) *jobs.Engine {
	t.Helper()
	opt.DB, opt.Postgres, opt.Logger = db, postgres, slog.New(slog.DiscardHandler)
	e, err := jobs.New(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func start(t *testing.T, e *jobs.Engine) {
	t.Helper()
	if err := e.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, e) })
}

func stop(t *testing.T, e *jobs.Engine) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	defer cancel()
	if err := e.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func insert(t *testing.T, db *sql.DB, e *jobs.Engine, commit bool, list ...jobs.Job) {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := e.Insert(t.Context(), tx, list...); err != nil {
		t.Fatal(err)
	}
	if commit {
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
}

// next waits for one job to be worked.
func next(t *testing.T, worked <-chan jobs.Job) jobs.Job {
	t.Helper()
	select {
	case j := <-worked:
		return j
	case <-time.After(30 * time.Second):
		t.Fatal("no job was worked in half a minute")
		return jobs.Job{}
	}
}

func TestInsertAndWork(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		worked := make(chan jobs.Job, 10)
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{
			"rank": {Handler: func(_ context.Context, j jobs.Job) error { worked <- j; return nil }},
		}})
		insert(t, db, e, false, jobs.Job{Kind: "rank", Subject: "never"}) // its transaction failed
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"}, jobs.Job{Kind: "rank", Subject: "top"})
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"}) // waits already
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "last"})
		start(t, e)
		seen := map[string]int{}
		for range 2 {
			j := next(t, worked)
			seen[j.Subject]++
			if j.Kind != "rank" || j.Attempt != 1 {
				t.Errorf("got %+v, want the first attempt of a rank", j)
			}
		}
		stop(t, e)
		if seen["top"] != 1 || seen["last"] != 1 || len(worked) > 0 {
			t.Errorf("worked %v and %d more, want top and last once each", seen, len(worked))
		}
	})
}

// A change that comes while its subject is being worked is not lost: the work
// under way may have read too early.
func TestInsertDuringWork(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		begun, finish := make(chan jobs.Job), make(chan struct{})
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{
			"rank": {Handler: func(_ context.Context, j jobs.Job) error { begun <- j; <-finish; return nil }},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		start(t, e)
		next(t, begun)
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		next(t, begun)
		close(finish)
	})
}

func TestRetry(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		attempts := make(chan jobs.Job, 10)
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{
			"rank": {Handler: func(_ context.Context, j jobs.Job) error {
				attempts <- j
				if j.Attempt == 1 {
					return errors.New("not now")
				}
				return nil
			}},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		start(t, e)
		first, second := next(t, attempts), next(t, attempts)
		if first.Attempt != 1 || second.Attempt != 2 || second.Subject != "top" {
			t.Errorf("attempts %+v and %+v, want the same job again", first, second)
		}
	})
}

// What a process was working on when it died is worked again: at once on a
// machine that works alone.
func TestRescue(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		if postgres {
			t.Skip("with other processes about, a job is rescued only after the longest timeout, half an hour")
		}
		worked := make(chan jobs.Job, 10)
		kinds := map[string]jobs.Kind{"rank": {Handler: func(_ context.Context, j jobs.Job) error { worked <- j; return nil }}}
		dead := engine(t, db, postgres, jobs.Options{Handlers: kinds})
		insert(t, db, dead, true, jobs.Job{Kind: "rank", Subject: "top"})
		if _, err := db.Exec(`UPDATE river_job SET state = 'running', attempt = 1, attempted_at = created_at`); err != nil {
			t.Fatal(err)
		}
		start(t, engine(t, db, postgres, jobs.Options{Handlers: kinds}))
		if j := next(t, worked); j.Subject != "top" {
			t.Errorf("got %+v", j)
		}
	})
}

type everySecond struct{}

func (everySecond) Next(t time.Time) time.Time { return t.Add(time.Second) }

func TestPeriodic(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		worked := make(chan jobs.Job, 100)
		start(t, engine(t, db, postgres, jobs.Options{
			Handlers: map[string]jobs.Kind{"prune": {Handler: func(_ context.Context, j jobs.Job) error { worked <- j; return nil }}},
			Periodic: []jobs.Periodic{{Kind: "prune", Subject: "all", Schedule: everySecond{}, RunOnStart: true}},
		}))
		for range 2 {
			if j := next(t, worked); j.Kind != "prune" || j.Subject != "all" {
				t.Errorf("got %+v", j)
			}
		}
	})
}

// Stop waits for what is being worked, but not for ever; what it cut off is
// worked after the next start.
func TestStop(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		begun := make(chan jobs.Job, 10)
		var once sync.Once
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{
			"refile": {Handler: func(ctx context.Context, j jobs.Job) error {
				begun <- j
				once.Do(func() { <-ctx.Done() }) // only the first attempt hangs
				return ctx.Err()
			}},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "refile", Subject: "all"})
		if err := e.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		next(t, begun)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := e.Stop(ctx); err != nil {
			t.Fatalf("stop: %v", err)
		}
		var left int
		if err := db.QueryRow(`SELECT count(*) FROM river_job WHERE state IN ('available', 'retryable', 'scheduled', 'running')`).Scan(&left); err != nil || left != 1 {
			t.Errorf("%d jobs are left (%v), want the one that was cut off", left, err)
		}
	})
}
