package aggregator

import (
	"context"
	"time"

	"copydesk/aggregator/news"
)

// A Shelf keeps sources and articles. The store is one.
type Shelf interface {
	// Claim leases at most n sources that are due at now, oldest first, until
	// now+lease, and no two of one host within gap. It also says when to ask
	// again: the earliest moment at which another source may become due; the
	// zero time when there is none.
	Claim(ctx context.Context, now time.Time, lease, gap time.Duration, n int) ([]news.Due, time.Time, error)

	// SavePull stores the result of one pull in one transaction and ends its
	// lease. Results that arrive together may share a transaction; each is
	// stored whole or not at all.
	SavePull(ctx context.Context, pull news.Pull) (news.Saved, error)
}
