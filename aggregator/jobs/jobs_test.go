package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"copydesk/aggregator/jobs"
	"copydesk/aggregator/schedule"
	"copydesk/aggregator/store/storetest"
	"copydesk/aggregator/waittest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// onEach runs a test on SQLite and, where a server is named, on PostgreSQL in a
// schema of its own.
func onEach(t *testing.T, f func(t *testing.T, db *sql.DB, postgres bool)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		db := openDB(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "jobs.db")+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)")
		db.SetMaxOpenConns(1)
		f(t, db, false)
	})
	dsn := os.Getenv("COPYDESK_TEST_POSTGRES")
	if dsn == "" {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		f(t, openDB(t, "pgx", storetest.Schema(t, dsn)), true)
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
	opt.DB, opt.Postgres = db, postgres
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
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
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute) // then it cuts off what is worked
	defer cancel()
	if err := e.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// holding is a handler that tells when it has begun, and ends when it may, or when
// its engine cuts it off.
func holding(begun chan<- jobs.Job, finish <-chan struct{}) jobs.Handler {
	return func(ctx context.Context, j jobs.Job) error {
		begun <- j
		select {
		case <-finish:
		case <-ctx.Done():
		}
		return ctx.Err()
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

// states counts jobs by state.
func states(t *testing.T, db *sql.DB) map[string]int {
	t.Helper()
	rows, err := db.Query("SELECT CAST(state AS TEXT), count(*) FROM river_job GROUP BY state")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			t.Fatal(err)
		}
		out[state] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// A notebook is where an engine logs.
type notebook struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (n *notebook) Write(b []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(b)
}

func (n *notebook) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

func TestInsertAndWork(t *testing.T) {
	t.Parallel()
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
			j := waittest.Receive(t, worked)
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
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		begun, finish := make(chan jobs.Job, 10), make(chan struct{})
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{
			"rank": {Handler: holding(begun, finish)},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		start(t, e)
		waittest.Receive(t, begun)
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		waittest.Receive(t, begun)
		close(finish)
	})
}

// Many jobs of one transaction are each inserted once, whatever waits already
// and however often the list names them.
func TestInsertMany(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		quiet := map[string]jobs.Kind{"rank": {Handler: nothing}, "refile": {Handler: nothing}}
		e := engine(t, db, postgres, jobs.Options{Handlers: quiet})
		var list []jobs.Job
		for i := range 500 {
			subject := fmt.Sprintf("c%d", i)
			list = append(list, jobs.Job{Kind: "rank", Subject: subject}, jobs.Job{Kind: "refile", Subject: subject}, jobs.Job{Kind: "rank", Subject: subject})
		}
		insert(t, db, e, true, list[:300]...)
		insert(t, db, e, true, list...)
		if diff := cmp.Diff(map[string]int{"available": 1000}, states(t, db)); diff != "" {
			t.Errorf("jobs by state (-want +got):\n%s", diff)
		}
	})
}

func nothing(context.Context, jobs.Job) error { return nil }

// A job that nobody here can work is a mistake of the caller's.
func TestInsertUnknownKind(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{"rank": {Handler: nothing}}})
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback() }()
		if err := e.Insert(t.Context(), tx, jobs.Job{Kind: "typo", Subject: "top"}); err == nil {
			t.Error("a kind without a handler was queued")
		}
	})
}

// An attempt that fails or breaks down is told, and comes again a moment later.
func TestRetry(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("not now") },
		"panic": func() error { panic("not now") },
	} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
				var log notebook
				attempts := make(chan jobs.Job, 10)
				e := engine(t, db, postgres, jobs.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Handlers: map[string]jobs.Kind{
					"rank": {Handler: func(_ context.Context, j jobs.Job) error {
						attempts <- j
						if j.Attempt == 1 {
							return fail()
						}
						return nil
					}},
				}})
				insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
				start(t, e)
				first, second := waittest.Receive(t, attempts), waittest.Receive(t, attempts)
				stop(t, e)
				if first.Attempt != 1 || second.Attempt != 2 || second.Subject != "top" {
					t.Errorf("attempts %+v and %+v, want the same job again", first, second)
				}
				if diff := cmp.Diff(map[string]int{"completed": 1}, states(t, db)); diff != "" {
					t.Errorf("jobs by state (-want +got):\n%s", diff)
				}
				if text := log.String(); strings.Count(text, "job failed") != 1 || !strings.Contains(text, "kind=rank subject=top attempt=1") || !strings.Contains(text, "not now") {
					t.Errorf("log %q, want one failure with its job and cause", text)
				}
			})
		})
	}
}

// A kind says how often it is tried, and for how long; what has used that up is
// given up with an error.
func TestAttemptsAndTimeouts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		var log notebook
		left := make(chan time.Duration, 10)
		fail := func(ctx context.Context, _ jobs.Job) error {
			deadline, _ := ctx.Deadline()
			left <- time.Until(deadline)
			return errors.New("never")
		}
		e := engine(t, db, postgres, jobs.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Handlers: map[string]jobs.Kind{
			"usual": {Handler: fail, MaxAttempts: 1},
			"long":  {Handler: fail, MaxAttempts: 1, Timeout: time.Hour},
		}})
		for kind, want := range map[string]time.Duration{"usual": time.Minute, "long": time.Hour} {
			insert(t, db, e, true, jobs.Job{Kind: kind, Subject: "top"})
			if err := e.Start(context.WithoutCancel(t.Context())); err != nil {
				t.Fatal(err)
			}
			if got := waittest.Receive(t, left); got > want || got < want-30*time.Second {
				t.Errorf("a %s job has %v, want %v", kind, got, want)
			}
			stop(t, e)
		}
		if diff := cmp.Diff(map[string]int{"discarded": 2}, states(t, db)); diff != "" {
			t.Errorf("jobs by state (-want +got):\n%s", diff)
		}
		if n := strings.Count(log.String(), "level=ERROR msg=\"job failed\""); n != 2 {
			t.Errorf("two jobs were given up, and the log says so %d times:\n%s", n, &log)
		}
	})
}

// leave makes a job look as a process left it that began to work it a while ago
// and died.
func leave(t *testing.T, db *sql.DB, postgres bool, subject string, ago time.Duration, attempt int) {
	t.Helper()
	at := any(time.Now().UTC().Add(-ago))
	if !postgres {
		at = time.Now().UTC().Add(-ago).Format("2006-01-02 15:04:05.000")
	}
	_, err := db.Exec(`UPDATE river_job SET state = 'running', attempt = $1, attempted_at = $2 WHERE args->>'subject' = $3`, attempt, at, subject)
	if err != nil {
		t.Fatal(err)
	}
}

// What a process was working on when it died is worked again: at once on a
// machine that works alone; among others, once it must have ended.
func TestRescue(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		worked := make(chan jobs.Job, 10)
		tell := func(_ context.Context, j jobs.Job) error { worked <- j; return nil }
		kinds := map[string]jobs.Kind{"rank": {Handler: tell, MaxAttempts: 3}, "refile": {Handler: tell, Timeout: 30 * time.Minute}}
		e := engine(t, db, postgres, jobs.Options{Handlers: kinds})
		insert(t, db, e, true,
			jobs.Job{Kind: "rank", Subject: "dead"}, jobs.Job{Kind: "rank", Subject: "fresh"},
			jobs.Job{Kind: "refile", Subject: "long"}, jobs.Job{Kind: "rank", Subject: "deadly"})
		leave(t, db, postgres, "dead", 3*time.Minute, 1)
		leave(t, db, postgres, "fresh", 10*time.Second, 1)
		leave(t, db, postgres, "long", 3*time.Minute, 1)
		leave(t, db, postgres, "deadly", 10*time.Second, 3)
		want := map[string]int{"dead": 2, "fresh": 2, "long": 2} // attempts; the deadly one has had its last
		if postgres {
			want = map[string]int{"dead": 2} // another process may be working the others
		}
		start(t, e)
		got := map[string]int{}
		for range want {
			j := waittest.Receive(t, worked)
			got[j.Subject] = j.Attempt
		}
		stop(t, e)
		if diff := cmp.Diff(want, got); diff != "" || len(worked) > 0 {
			t.Errorf("rescued by attempt (-want +got):\n%s\nand %d more", diff, len(worked))
		}
		if diff := cmp.Diff(map[string]int{"completed": len(want), "running": 4 - len(want)}, states(t, db)); diff != "" {
			t.Errorf("jobs by state (-want +got):\n%s", diff)
		}
	})
}

// A watched schedule tells when the engine has asked it for the next time.
type watched struct {
	schedule.Schedule
	asked chan time.Time
}

func (w watched) Next(t time.Time) time.Time {
	select {
	case w.asked <- t:
	default:
	}
	return w.Schedule.Next(t)
}

func parsed(t *testing.T, spec string) schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Periodic jobs come when their spec says, and at the start where they ask for
// that.
func TestPeriodic(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		worked := make(chan jobs.Job, 100)
		rare := parsed(t, time.Now().UTC().Add(-time.Hour).Format("4 15 2 1 *")) // an hour short of a year away
		tell := func(_ context.Context, j jobs.Job) error { worked <- j; return nil }
		e := engine(t, db, postgres, jobs.Options{
			Handlers: map[string]jobs.Kind{"prune": {Handler: tell}, "rank": {Handler: tell}},
			Periodic: []jobs.Periodic{
				{Kind: "rank", Subject: "top", Schedule: parsed(t, "@every 1s")},
				{Kind: "prune", Subject: "at start", Schedule: rare, RunOnStart: true},
				{Kind: "prune", Subject: "by night", Schedule: rare},
			},
		})
		start(t, e)
		got := map[string]int{}
		for got["top"] < 3 {
			got[waittest.Receive(t, worked).Subject]++
		}
		if diff := cmp.Diff(map[string]int{"top": 3, "at start": 1}, got); diff != "" {
			t.Errorf("worked (-want +got):\n%s", diff)
		}
	})
}

// While a periodic job is being worked, its next ones are left out.
func TestPeriodicDoesNotPileUp(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		begun, finish := make(chan jobs.Job, 10), make(chan struct{})
		asked := make(chan time.Time)
		e := engine(t, db, postgres, jobs.Options{
			Handlers: map[string]jobs.Kind{"rank": {Handler: holding(begun, finish)}},
			Periodic: []jobs.Periodic{{Kind: "rank", Subject: "top", Schedule: watched{parsed(t, "@every 1s"), asked}}},
		})
		start(t, e)
		waittest.Receive(t, begun)
		for range 3 {
			waittest.Receive(t, asked)
		}
		if diff := cmp.Diff(map[string]int{"running": 1}, states(t, db)); diff != "" {
			t.Errorf("jobs by state (-want +got):\n%s", diff)
		}
		close(finish)
	})
}

// Stop waits for what is being worked.
func TestStopWaits(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		begun, finish := make(chan jobs.Job, 10), make(chan struct{})
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{
			"rank": {Handler: holding(begun, finish)},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		if err := e.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		waittest.Receive(t, begun)
		stopped := make(chan error, 1)
		go func() { stopped <- e.Stop(context.WithoutCancel(t.Context())) }()
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "later"})
		close(finish)
		if err := waittest.Receive(t, stopped); err != nil {
			t.Errorf("stop: %v", err)
		}
		if diff := cmp.Diff(map[string]int{"completed": 1, "available": 1}, states(t, db)); diff != "" {
			t.Errorf("jobs by state (-want +got):\n%s", diff)
		}
	})
}

// Stop does not wait for ever; what it cut off is no fault, and is worked after
// the next start.
func TestStopCutsOff(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		var log notebook
		begun := make(chan jobs.Job, 10)
		var once sync.Once
		opt := jobs.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Handlers: map[string]jobs.Kind{
			"refile": {Handler: func(ctx context.Context, j jobs.Job) error {
				begun <- j
				once.Do(func() { <-ctx.Done() }) // only the first attempt hangs
				return ctx.Err()
			}},
		}}
		e := engine(t, db, postgres, opt)
		insert(t, db, e, true, jobs.Job{Kind: "refile", Subject: "all"})
		if err := e.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		waittest.Receive(t, begun)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if err := e.Stop(ctx); err != nil {
			t.Fatalf("stop: %v", err)
		}
		e = engine(t, db, postgres, opt)
		start(t, e)
		if j := waittest.Receive(t, begun); j.Subject != "all" {
			t.Errorf("after the next start: %+v, want the job that was cut off", j)
		}
		stop(t, e)
		if log.String() != "" {
			t.Errorf("log %q, want none", &log)
		}
	})
}

// A handler that does not listen cannot hold the program up.
func TestStopLeavesTheDeaf(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		begun, finish := make(chan jobs.Job, 10), make(chan struct{})
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{
			"rank": {Handler: func(_ context.Context, j jobs.Job) error { begun <- j; <-finish; return nil }},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		if err := e.Start(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		waittest.Receive(t, begun)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := e.Stop(ctx); err == nil {
			t.Error("stop said nothing of the job that it left running")
		}
		close(finish)
		stop(t, e)
	})
}

// A command that only inserts has nothing to stop.
func TestStopWithoutStart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		e := engine(t, db, postgres, jobs.Options{Handlers: map[string]jobs.Kind{"rank": {Handler: nothing}}})
		stop(t, e)
	})
}

// Nodes that start together on an empty database prepare it once, and then
// share the work: each job is worked by one of them.
func TestNodesTogether(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		if !postgres {
			return // SQLite has one node
		}
		const nodes, n = 4, 200
		worked := make(chan jobs.Job, 2*n)
		made := make(chan *jobs.Engine, nodes)
		for range nodes {
			go func() {
				e, err := jobs.New(t.Context(), jobs.Options{DB: db, Postgres: true, Logger: slog.New(slog.DiscardHandler), Handlers: map[string]jobs.Kind{
					"rank": {Handler: func(_ context.Context, j jobs.Job) error { worked <- j; return nil }},
				}})
				if err != nil {
					t.Errorf("new: %v", err)
				}
				made <- e
			}()
		}
		var engines []*jobs.Engine
		for range nodes {
			if e := waittest.Receive(t, made); e != nil {
				engines = append(engines, e)
			}
		}
		var list []jobs.Job
		for i := range n {
			list = append(list, jobs.Job{Kind: "rank", Subject: fmt.Sprint(i)})
		}
		insert(t, db, engines[0], true, list...)
		for _, e := range engines {
			start(t, e)
		}
		seen := map[string]int{}
		for range n {
			seen[waittest.Receive(t, worked).Subject]++
		}
		for _, e := range engines {
			stop(t, e)
		}
		if len(seen) != n || len(worked) > 0 {
			t.Errorf("%d jobs worked and %d twice, want %d once each", len(seen), n-len(seen)+len(worked), n)
		}
	})
}

// Jobs of a patient kind let others by: thousands that wait for slow hosts do
// not keep a channel from being ranked.
func TestPatience(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		worked := make(chan jobs.Job, 10)
		note := func(_ context.Context, j jobs.Job) error { worked <- j; return nil }
		e := engine(t, db, postgres, jobs.Options{Workers: 1, Handlers: map[string]jobs.Kind{"renew": {Handler: note, Patient: true}, "rank": {Handler: note}}})
		insert(t, db, e, true, jobs.Job{Kind: "renew", Subject: "a"}, jobs.Job{Kind: "renew", Subject: "b"})
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "top"})
		start(t, e)
		if first := waittest.Receive(t, worked); first.Kind != "rank" {
			t.Errorf("the first was %v, want the one that is not patient", first)
		}
		waittest.Receive(t, worked)
		waittest.Receive(t, worked)
	})
}

// A kind with workers of its own holds up nobody else's, however long it takes.
func TestOwnWorkers(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		worked, release := make(chan jobs.Job, 4), make(chan struct{})
		e := engine(t, db, postgres, jobs.Options{Workers: 1, Handlers: map[string]jobs.Kind{
			"slow": {Workers: 2, Handler: holding(worked, release)},
			"rank": {Handler: func(_ context.Context, job jobs.Job) error { worked <- job; return nil }},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "slow", Subject: "a"}, jobs.Job{Kind: "slow", Subject: "b"}, jobs.Job{Kind: "slow", Subject: "c"})
		start(t, e)
		defer close(release) // before the engine stops
		for range 2 {
			if job := waittest.Receive(t, worked); job.Kind != "slow" {
				t.Fatalf("worked %v, want the slow ones", job)
			}
		}
		insert(t, db, e, true, jobs.Job{Kind: "rank", Subject: "d"})
		if job := waittest.Receive(t, worked); job.Subject != "d" {
			t.Errorf("worked %v, want the other kind, and no third of the slow", job)
		}
	})
}

// A job that cannot begin yet comes again, at no cost in attempts and without a
// word in the log.
func TestLater(t *testing.T) {
	onEach(t, func(t *testing.T, db *sql.DB, postgres bool) {
		var log notebook
		worked := make(chan jobs.Job, 4)
		times := 0
		e := engine(t, db, postgres, jobs.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), Handlers: map[string]jobs.Kind{
			"follow": {MaxAttempts: 1, Workers: 1, Handler: func(_ context.Context, job jobs.Job) error {
				worked <- job
				if times++; times < 3 {
					return fmt.Errorf("follow: %w", &jobs.Later{After: time.Millisecond})
				}
				return nil
			}},
		}})
		insert(t, db, e, true, jobs.Job{Kind: "follow", Subject: "a"})
		start(t, e)
		for range 3 {
			if job := waittest.Receive(t, worked); job.Attempt != 1 {
				t.Errorf("attempt %d, want the first still", job.Attempt)
			}
		}
		if text := log.String(); strings.Contains(text, "job failed") {
			t.Errorf("logged %s", text)
		}
	})
}
