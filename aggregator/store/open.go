package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // database/sql driver "pgx"
	_ "modernc.org/sqlite"             // database/sql driver "sqlite"
)

// Options join the store to its surroundings.
type Options struct {
	// Enqueue adds follow-up jobs in the transaction that makes them
	// necessary; nil when nobody works them.
	Enqueue func(ctx context.Context, tx *sql.Tx, list []Job) error
}

// A Store is an open database. Close it when done.
type Store struct {
	write, read *sql.DB
	postgres    bool
	enqueue     func(ctx context.Context, tx *sql.Tx, list []Job) error

	prepared map[string]*sql.Stmt // by their text: what every pull runs, made when opened
	touched  *sql.Stmt            // on the readers: what a press asks four times a second

	saves  chan *save // waiting for the committer
	closed chan struct{}
	done   sync.WaitGroup
}

// Open opens the SQLite file at dsn, or the database of a postgres:// URL, and
// brings its schema up to date.
func Open(ctx context.Context, dsn string, opt Options) (*Store, error) {
	s := &Store{
		postgres: strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://"),
		enqueue:  opt.Enqueue,
		saves:    make(chan *save, 2*groupSize),
		closed:   make(chan struct{}),
	}
	var err error
	if s.postgres {
		err = s.openPostgres(dsn)
	} else {
		err = s.openSQLite(dsn)
	}
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		s.closePools()
		return nil, fmt.Errorf("open database %s: %w", redacted(dsn), err)
	}
	if err := s.prepare(ctx); err != nil {
		s.closePools()
		return nil, fmt.Errorf("open database %s: %w", redacted(dsn), err)
	}
	s.done.Go(s.commitLoop)
	return s, nil
}

// prepare makes the statements that every pull runs, and the one that a press
// asks all the time: on SQLite reading their text costs as much as running them.
func (s *Store) prepare(ctx context.Context) (err error) {
	if s.touched, err = s.read.PrepareContext(ctx, touchedSince); err != nil {
		return err
	}
	s.prepared = map[string]*sql.Stmt{}
	for _, query := range []string{
		s.skipLocked(claimAny), s.skipLocked(claimSpaced), claimOne, nextDue, nextFree,
		startFollow, pagesRead, keepFeed, followAgain, lockSource,
		endPull, readPull, recentOf, takeRevision, keepRevision, touchChannel,
		hasArticles, fedArticle, aliasesOf, similar, addAlias, dropAliases, sharedKeys, twinsOf, addTwin, newestArticles,
		knownArticles, insertArticle, keepHistory, updateArticle,
		putPlacement, placedIn, takeOut, addEntry, noteTold, tellAgain, keepHealth, addPerson, addAuthorship, dropAuthorships, addSection,
		addSearchEntry, searchEntry, s.putWords(), shownOf,
		offerPush, missPush, checkPush, resumePulls, endPush, readPush, countPush, dueOne,
	} {
		stmt, err := s.write.PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		s.prepared[query] = stmt
	}
	return nil
}

// statement is one that prepare made, within tx.
func (s *Store) statement(tx *sql.Tx, query string) *sql.Stmt {
	stmt, ok := s.prepared[query]
	if !ok {
		panic("store: not prepared: " + query)
	}
	return tx.Stmt(stmt)
}

func redacted(dsn string) string {
	if u, err := url.Parse(dsn); err == nil && u.User != nil {
		return u.Redacted()
	}
	return dsn
}

func (s *Store) openPostgres(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return fmt.Errorf("open database %s: %w", redacted(dsn), err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	s.write, s.read = db, db
	return nil
}

// openSQLite opens two pools on one file: a single connection for writers, so
// that they queue here and never meet a lock, and a few for readers, who see
// the last commit (WAL). Pragmas stand in the DSN, where every connection gets
// them.
func (s *Store) openSQLite(path string) error {
	common := "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
	write, err := sql.Open("sqlite", "file:"+escapePath(path)+"?"+common+"&_txlock=immediate&_pragma=wal_autocheckpoint(8000)&_pragma=cache_size(-16000)")
	if err != nil {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	if err := write.Ping(); err != nil {
		write.Close()
		return fmt.Errorf("open database %s: %w (does its folder exist, and may we write there?)", path, err)
	}
	// Mapped pages let readers share the kernel's copy; only the read pool maps,
	// since a disk error under a mapping would end the process.
	read, err := sql.Open("sqlite", "file:"+escapePath(path)+"?mode=ro&_pragma=busy_timeout(10000)&_pragma=query_only(1)&_pragma=mmap_size(1073741824)&_pragma=cache_size(-4000)")
	if err != nil {
		write.Close()
		return fmt.Errorf("open database %s: %w", path, err)
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	s.write, s.read = write, read
	return nil
}

func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// Close lets what is being committed finish and closes the database.
func (s *Store) Close() error {
	close(s.closed)
	s.done.Wait()
	return s.closePools()
}

func (s *Store) closePools() error {
	if s.read != s.write {
		s.read.Close()
	}
	return s.write.Close()
}

// Writer is the connection on which all writers queue. The job engine shares
// it.
func (s *Store) Writer() *sql.DB { return s.write }

// Postgres reports the dialect.
func (s *Store) Postgres() bool { return s.postgres }

// Check asks the database whether it is sound.
func (s *Store) Check(ctx context.Context) error {
	if s.postgres {
		return s.read.PingContext(ctx)
	}
	var verdict string
	if err := s.read.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the database is damaged: %s", verdict)
	}
	return nil
}

// inTx runs f in a transaction of the write connection.
func (s *Store) inTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // the first error is the one that tells
		return err
	}
	return tx.Commit()
}

// micros and moment carry times to and from the database; zero is no time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
