package aggregator

import (
	"context"
	"errors"
	"sync"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
)

const (
	// severalHosts is how many hosts in a row must be out of reach before the
	// fault is taken for ours.
	severalHosts = 3

	// outage is for how long nothing may answer before that is told.
	outage = time.Minute

	// triedAgain is after what time a source is asked again that we could not
	// ask: it need not wait for its next turn, which may be tomorrow's.
	triedAgain = 5 * time.Minute
)

// An Uplink tells a failure of our own network from those of sources. Where
// several hosts in a row cannot be reached that could be the last time, and
// nobody answers in between, the fault is ours, and is counted against none of
// them. Any answer ends that.
type Uplink struct {
	// Tell is called once when nothing has answered for a minute, and once when
	// something does again; nil tells nobody.
	Tell func(ctx context.Context, lost bool)

	mu    sync.Mutex // guards all below
	heard bool       // anything has ever answered
	away  map[string]bool
	since time.Time // the first of those away was found to be
	told  bool
}

// answer notes that a server has spoken.
func (u *Uplink) answer(ctx context.Context) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.heard, u.away = true, nil
	if u.told {
		u.told = false
		u.tell(ctx, false)
	}
}

// excuses reports whether a pull failed by our own fault. A source that failed
// before says nothing of our network, unless nothing has answered yet at all.
func (u *Uplink) excuses(ctx context.Context, host string, proven bool, at time.Time, err error) bool {
	var (
		busy *fetch.BusyError
		late *fetch.TimeoutError
	)
	if errors.As(err, &busy) { // we ask that host too much
		return true
	}
	if u == nil {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	unreached := fetch.Unreached(err)
	if unreached && (proven || !u.heard) {
		if len(u.away) == 0 {
			u.away, u.since = map[string]bool{}, at
		}
		u.away[host] = true
	}
	if len(u.away) < severalHosts {
		return false
	}
	if !u.told && at.Sub(u.since) >= outage {
		u.told = true
		u.tell(ctx, true)
	}
	return unreached || errors.As(err, &late) // over a connection from before, that leads nowhere now
}

func (u *Uplink) tell(ctx context.Context, lost bool) {
	if u.Tell != nil {
		u.Tell(ctx, lost)
	}
}

// spare reports a failed pull that is not to be counted against its source. When
// the server answered is zero where it did not.
func (p *Puller) spare(ctx context.Context, src news.Source, due news.Due, answered, at time.Time, err error) bool {
	if err == nil || !answered.IsZero() || errors.As(err, new(*fetch.StatusError)) {
		p.Uplink.answer(ctx)
		return false
	}
	return p.Uplink.excuses(ctx, news.Host(Address(src, due.Manners)), due.Proven, at, err)
}
