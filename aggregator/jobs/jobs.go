// Package jobs is the durable engine for work that must survive a crash.
//
// A job is inserted in the transaction that makes it necessary, is worked at
// least once, retried with backoff, and rescued when its process dies. A
// subject that waits already is not queued again; one that is being worked is,
// since the work under way may have read too early. A failure is logged where
// it happens; nobody else hears of it.
//
// It refuses to know what the jobs do: handlers come from outside. It is the
// door of River, and speaks to River's own tables only.
package jobs

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// A Job is one piece of work: what is to be done, and to whom.
type Job struct {
	Kind    string
	Subject string
	Attempt int // from 1; 0 when it is being inserted
}

// A Handler does the work of one kind. An error means: again, later.
type Handler func(ctx context.Context, job Job) error

// A Kind is how one kind of job is worked.
type Kind struct {
	Handler     Handler
	Timeout     time.Duration // of one attempt; 0 means a minute. A job whose process died waits for it to be over
	MaxAttempts int           // 0 means 25
	Patient     bool          // of jobs that wait, those of other kinds come first
	Workers     int           // jobs of this kind at the same time, apart from all others; 0 means that it shares theirs
}

// A Later is the error of a Handler that could not begin yet: the job comes
// again after that while. It is no failure, and costs no attempt.
type Later struct{ After time.Duration }

func (l *Later) Error() string { return fmt.Sprintf("not before %v from now", l.After) }

// A Periodic is a job that comes by the clock.
type Periodic struct {
	Kind, Subject string
	Schedule      interface{ Next(time.Time) time.Time }
	RunOnStart    bool
}

// Options join the engine to a database and to its handlers.
type Options struct {
	DB       *sql.DB // on SQLite the one write connection
	Postgres bool
	Logger   *slog.Logger
	Workers  int // jobs at the same time; 0 means 8
	Handlers map[string]Kind
	Periodic []Periodic
}

// An Engine inserts and works jobs.
type Engine struct {
	client *river.Client[*sql.Tx]
	kinds  map[string]Kind
	alone  *sql.DB // the database when no other process works its jobs; else nil
}

// args is any job, as River stores it.
type args struct {
	kind    string
	Subject string `json:"subject"`
}

func (a args) Kind() string { return a.kind }

// New prepares the engine's tables and the engine. Nothing is worked before
// Start.
func New(ctx context.Context, opt Options) (*Engine, error) {
	var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(opt.DB)
	if opt.Postgres {
		driver = riverdatabasesql.New(opt.DB)
	}
	quiet := slog.New(atLeast{opt.Logger.Handler(), slog.LevelWarn})
	if err := prepare(ctx, driver, opt, quiet); err != nil {
		return nil, fmt.Errorf("prepare the job tables: %w", err)
	}
	if !opt.Postgres {
		look, err := opt.DB.PrepareContext(ctx, available)
		if err != nil {
			return nil, fmt.Errorf("prepare the look for jobs: %w", err)
		}
		driver = idler{driver, look}
	}
	workers := river.NewWorkers()
	for name, kind := range opt.Handlers {
		river.AddWorkerArgs(workers, args{kind: name}, &worker{kind: kind, log: opt.Logger})
	}
	client, err := river.NewClient(driver, &river.Config{
		Logger:                      quiet,
		Workers:                     workers,
		PeriodicJobs:                periodic(opt.Periodic),
		Queues:                      queues(opt),
		FetchCooldown:               50 * time.Millisecond,
		FetchPollInterval:           500 * time.Millisecond,
		PollOnly:                    true,
		CompletedJobRetentionPeriod: time.Hour,
		RescueStuckJobsAfter:        rescueAfter,
		JobTimeout:                  usualTimeout,
	})
	if err != nil {
		return nil, fmt.Errorf("job engine: %w", err)
	}
	e := &Engine{client: client, kinds: opt.Handlers}
	if !opt.Postgres {
		e.alone = opt.DB
	}
	return e, nil
}

// queues are the one that most kinds share, and one for each that has workers of
// its own.
func queues(opt Options) map[string]river.QueueConfig {
	out := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: cmp.Or(opt.Workers, 8)}}
	for name, kind := range opt.Handlers {
		if kind.Workers > 0 {
			out[name] = river.QueueConfig{MaxWorkers: kind.Workers}
		}
	}
	return out
}

// usualTimeout is how long an attempt of a kind without a timeout may take.
const usualTimeout = time.Minute

// rescueAfter is when a job that is being worked is given to another worker
// because its process must have died; one of a kind with a longer timeout, when
// that is over. A machine that works alone need not wait for it.
const rescueAfter = 2 * usualTimeout

// rescueAll gives back what a process that died was working on. What was its
// last attempt is left to the engine, which gives it up.
const rescueAll = `
	UPDATE river_job
	SET state = 'available'
	WHERE state = 'running' AND attempt < max_attempts`

// indexWaiting serves waiting: without it each insert would read the whole
// queue. Migrations of the engine may rebuild the table, so it is ours to keep.
const indexWaiting = `
	CREATE INDEX IF NOT EXISTS river_job_waiting
	ON river_job (kind, (args->>'subject'))
	WHERE state IN ('available', 'scheduled', 'retryable')`

// preparing is an arbitrary number by which nodes that start together take
// turns.
const preparing = 7_063_318

// prepare brings the engine's tables up to date.
func prepare(ctx context.Context, driver riverdriver.Driver[*sql.Tx], opt Options, log *slog.Logger) error {
	if opt.Postgres {
		conn, err := opt.DB.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", preparing); err != nil {
			return err
		}
		defer unlock(ctx, conn)
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	_, err = opt.DB.ExecContext(ctx, indexWaiting)
	return err
}

func unlock(ctx context.Context, conn *sql.Conn) {
	_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", preparing) // the connection's end frees it too
}

// unfinished lets a periodic job be left out while the one before it waits or
// is worked: when work is slow, it does not pile up.
func unfinished() *river.InsertOpts {
	opts := river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true}}
	opts.UniqueOpts.ByState = append(opts.UniqueOpts.ByState, "available", "pending", "running", "retryable", "scheduled")
	return &opts
}

func periodic(list []Periodic) []*river.PeriodicJob {
	var out []*river.PeriodicJob
	for _, p := range list {
		out = append(out, river.NewPeriodicJob(p.Schedule, func() (river.JobArgs, *river.InsertOpts) {
			return args{kind: p.Kind, Subject: p.Subject}, unfinished()
		}, &river.PeriodicJobOpts{RunOnStart: p.RunOnStart}))
	}
	return out
}

// waiting finds a job that has not begun.
const waiting = `
	SELECT EXISTS (
		SELECT 1
		FROM river_job
		WHERE kind = $1 AND state IN ('available', 'scheduled', 'retryable') AND args->>'subject' = $2)`

// Insert queues jobs in the caller's transaction, leaving out those whose
// subject waits already.
func (e *Engine) Insert(ctx context.Context, tx *sql.Tx, list ...Job) error {
	var wanted []river.InsertManyParams
	seen := map[Job]bool{}
	for _, j := range list {
		j.Attempt = 0
		if seen[j] {
			continue
		}
		seen[j] = true
		var waits bool
		if err := tx.QueryRowContext(ctx, waiting, j.Kind, j.Subject).Scan(&waits); err != nil {
			return fmt.Errorf("queue %s %s: %w", j.Kind, j.Subject, err)
		}
		if !waits {
			wanted = append(wanted, river.InsertManyParams{
				Args:       args{kind: j.Kind, Subject: j.Subject},
				InsertOpts: e.kinds[j.Kind].insertion(j.Kind),
			})
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	if _, err := e.client.InsertManyFastTx(ctx, tx, wanted); err != nil {
		return fmt.Errorf("queue %d jobs: %w", len(wanted), err)
	}
	return nil
}

// insertion is how River is told of a kind.
func (k Kind) insertion(name string) *river.InsertOpts {
	opts := &river.InsertOpts{MaxAttempts: k.MaxAttempts}
	if k.Workers > 0 {
		opts.Queue = name
	}
	if k.Patient {
		opts.Priority = 4 // of 1 to 4
	}
	return opts
}

// Start begins to work jobs. The engine runs until Stop; ctx ends it hard. On
// SQLite, where there is one process, what a dead one left is worked at once.
func (e *Engine) Start(ctx context.Context) error {
	if e.alone != nil {
		if _, err := e.alone.ExecContext(ctx, rescueAll); err != nil {
			return fmt.Errorf("rescue jobs: %w", err)
		}
	}
	if err := e.client.Start(ctx); err != nil {
		return fmt.Errorf("start the job engine: %w", err)
	}
	return nil
}

// Stop takes no more jobs and waits for running ones until ctx ends; then it
// cancels them, and they are done again after the next start.
func (e *Engine) Stop(ctx context.Context) error {
	err := e.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		return e.client.StopAndCancel(hard)
	}
	return err
}

// A worker adapts one kind to River.
type worker struct {
	river.WorkerDefaults[args]
	kind Kind
	log  *slog.Logger
}

func (w *worker) Timeout(*river.Job[args]) time.Duration { return w.kind.Timeout }

// Work tells of attempts that failed: they come again, so nobody else would.
func (w *worker) Work(ctx context.Context, job *river.Job[args]) error {
	err := w.attempt(ctx, Job{Kind: job.Kind, Subject: job.Args.Subject, Attempt: job.Attempt})
	if later := (*Later)(nil); errors.As(err, &later) {
		return river.JobSnooze(max(later.After, 0))
	}
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) { // by Stop, which is no fault
		level := slog.LevelWarn
		if job.Attempt >= job.MaxAttempts {
			level = slog.LevelError // it is given up
		}
		w.log.Log(ctx, level, "job failed", "kind", job.Kind, "subject", job.Args.Subject, "attempt", job.Attempt, "of", job.MaxAttempts, "err", err)
	}
	return err
}

func (w *worker) attempt(ctx context.Context, job Job) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("it broke down: %v\n%s", cause, debug.Stack())
		}
	}()
	return w.kind.Handler(ctx, job)
}

// atLeast lets only grave records through: the engine tells its routine at
// info, which is no news to an operator.
type atLeast struct {
	slog.Handler
	level slog.Level
}

func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}
func (h atLeast) WithAttrs(attrs []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(attrs), h.level}
}
func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.level}
}
