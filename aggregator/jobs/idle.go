package jobs

import (
	"context"
	"database/sql"

	"github.com/riverqueue/river/riverdriver"
)

// available tells whether any job is to be worked, in whatever queue. It has no
// arguments, for a value that is bound may have SQLite compile a statement anew.
const available = `
	SELECT EXISTS (
		SELECT 1
		FROM river_job
		WHERE state = 'available')`

// An idler is River's driver for SQLite with a cheap look before each fetch.
// River asks for the jobs of each queue twice a second by a statement that is
// compiled each time, which is most of what a daemon costs that has nothing to
// do.
type idler struct {
	riverdriver.Driver[*sql.Tx]
	available *sql.Stmt
}

func (d idler) GetExecutor() riverdriver.Executor {
	return idlingExecutor{d.Driver.GetExecutor(), d.available}
}

type idlingExecutor struct {
	riverdriver.Executor
	available *sql.Stmt
}

func (e idlingExecutor) JobGetAvailable(ctx context.Context, params *riverdriver.JobGetAvailableParams) (*riverdriver.JobGetAvailableResult, error) {
	var found bool
	if err := e.available.QueryRowContext(ctx).Scan(&found); err != nil {
		return nil, err
	}
	if !found {
		return &riverdriver.JobGetAvailableResult{}, nil
	}
	return e.Executor.JobGetAvailable(ctx, params)
}
