package aggregator

import (
	"context"
	"time"

	"copydesk/aggregator/news"
)

// A Shelf keeps sources and articles. The store is one.
type Shelf interface {
	// Claim leases sources that are due, oldest first. It also says when to ask
	// again: the earliest moment at which another source may become due; the
	// zero time when there is none.
	Claim(ctx context.Context, call news.Call) ([]news.Due, time.Time, error)

	// SavePull stores the result of one pull in one transaction and ends its
	// lease. Results that arrive together may share a transaction; each is
	// stored whole or not at all. An error with a Superseded() method that is
	// true means that the source has other settings by now, or is no more:
	// nothing was stored, and it is due by what stands.
	SavePull(ctx context.Context, pull news.Pull) (news.Saved, error)
}
