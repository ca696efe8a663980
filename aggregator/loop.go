package aggregator

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"copydesk/aggregator/news"
)

// A Loop keeps every source pulled when it is due. It owns its workers and
// nothing else: what is due, and who has claimed it, stands in the shelf.
type Loop struct {
	Shelf   Shelf
	Desk    func() *Desk  // that is in force; asked again for each claim and each pull
	Workers int           // pulls at the same time
	Grace   time.Duration // for running pulls to end once Run is told to
	Log     *slog.Logger
	Now     func() time.Time
	Done    func(Result, error) // told of each pull; may be nil

	alarm  alarm        // when to claim again
	doubts atomic.Int64 // pulls under way of sources that are doubtful

	outage bool // the last claim failed; Run's own
}

// A Desk is what one config makes of the loop's work. A pull ends on the desk
// on which it began.
type Desk struct {
	Puller  *Puller
	Sources map[news.Slug]Scheduled
	Gap     time.Duration // between two pulls of one host
	Lease   time.Duration // after which a claim that was not finished is void
}

const (
	// longestNap bounds how long the loop trusts what it was told of the next
	// due time: another node or a command may have changed it since.
	longestNap = 10 * time.Second

	// gathering lets a few pulls end before the next claim, so that claims are
	// made for many sources at once.
	gathering = 5 * time.Millisecond
)

// Run claims and pulls until ctx ends; then it claims no more, gives running
// pulls their grace and returns when the last has ended.
func (l *Loop) Run(ctx context.Context) {
	work, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	stopGrace := context.AfterFunc(ctx, func() { time.AfterFunc(l.Grace, abandon) })
	defer stopGrace()

	var running sync.WaitGroup
	defer running.Wait()
	clock := &l.alarm
	clock.ready()
	free := make(chan struct{}, l.Workers)
	for range l.Workers {
		free <- struct{}{}
	}
	for {
		slots := l.gather(ctx, free)
		if ctx.Err() != nil {
			return
		}
		clock.clear()
		due, next := l.claim(ctx, slots)
		for range slots - len(due) {
			free <- struct{}{}
		}
		for _, d := range due {
			running.Go(func() {
				clock.set(l.pull(work, d))
				if l.leave(d) {
					clock.set(l.Now())
				}
				free <- struct{}{}
			})
		}
		if len(due) < slots {
			clock.set(next)
			l.nap(ctx, clock)
		}
	}
}

// gather waits for a free worker and takes all that are free by then.
func (l *Loop) gather(ctx context.Context, free chan struct{}) int {
	select {
	case <-free:
	case <-ctx.Done():
		return 0
	}
	patience := time.NewTimer(gathering)
	defer patience.Stop()
	for n := 1; ; n++ {
		if n == l.Workers {
			return n
		}
		select {
		case <-free:
		case <-patience.C:
			return n
		case <-ctx.Done():
			return n
		}
	}
}

// Wake makes the loop look for work at once, as after a change of the config.
func (l *Loop) Wake() {
	l.alarm.ready()
	l.alarm.set(l.Now())
}

// doubtful is how many workers may be at sources that have not answered well
// the last time: a quarter is kept for those that have, so that no number of
// servers that are away, or drip, makes the others late.
func (l *Loop) doubtful() int { return l.Workers - l.Workers/4 }

// leave notes the end of a pull, and tells whether doubtful sources may have
// been waiting for it.
func (l *Loop) leave(d news.Due) bool {
	return !d.Proven && int(l.doubts.Add(-1)) == l.doubtful()-1
}

// claim asks the shelf for work. A shelf that cannot answer is asked again
// later, and an outage is told once: what is due stays due.
func (l *Loop) claim(ctx context.Context, n int) ([]news.Due, time.Time) {
	desk := l.Desk()
	due, next, err := l.Shelf.Claim(ctx, news.Call{
		Now: l.Now(), Lease: desk.Lease, Gap: desk.Gap,
		Most: n, Doubtful: max(l.doubtful()-int(l.doubts.Load()), 0),
	})
	for _, d := range due {
		if !d.Proven {
			l.doubts.Add(1)
		}
	}
	switch {
	case ctx.Err() != nil:
		return due, next
	case err != nil:
		if !l.outage {
			l.Log.Error("cannot claim due sources; trying on", "err", err)
		}
		l.outage = true
		return nil, l.Now().Add(time.Second)
	case l.outage:
		l.Log.Info("due sources can be claimed again")
		l.outage = false
	}
	return due, next
}

// nap sleeps until the alarm, which may be set to an earlier time meanwhile.
func (l *Loop) nap(ctx context.Context, clock *alarm) {
	for {
		d := longestNap
		if at := clock.time(); !at.IsZero() {
			d = min(max(at.Sub(l.Now()), gathering), longestNap)
		}
		timer := time.NewTimer(d)
		select {
		case <-timer.C:
			return
		case <-clock.earlier:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

// pull runs one claimed pull and returns when its source is due again; zero
// when only its lease will tell.
func (l *Loop) pull(ctx context.Context, due news.Due) time.Time {
	desk := l.Desk()
	src, known := desk.Sources[due.Slug]
	switch {
	case !known: // retired by another node's config; its lease runs out
		l.Log.Warn("a source is due that the config does not name", "source", due.Slug)
		return time.Time{}
	case src.Reading != due.Reading: // another node's, or of the moment at which it changed
		l.Log.Debug("a source is due that the config has otherwise", "source", due.Slug)
		return time.Time{}
	}
	res, err := desk.Puller.Pull(ctx, src, due)
	switch {
	case ctx.Err() != nil:
		l.Log.Debug("pull abandoned", "source", due.Slug)
		return time.Time{}
	case superseded(err):
		l.Log.Debug("the config changed while a source was pulled; what was read is left, and read anew", "source", due.Slug)
		return l.Now()
	case res.Pull.Spared:
		l.Log.Debug("a source could not be asked", "source", due.Slug, "err", err)
	case err != nil:
		l.Log.Warn("pull failed", "source", due.Slug, "failures", due.Failures+1, "err", err)
		tellBreakdown(l.Log, due.Slug, err)
	case res.Saved.New+res.Saved.Changed > 0:
		l.Log.Info("pulled", "source", due.Slug, "new", res.Saved.New, "changed", res.Saved.Changed)
	default:
		l.Log.Debug("pulled", "source", due.Slug)
	}
	if err == nil && !res.Pull.Rest.IsZero() && res.Saved.New > 0 {
		l.Log.Warn("push has missed news; the source is pulled at its own pace until it pushes again", "source", due.Slug, "hub", due.Push.Hub, "missed", res.Saved.New)
	}
	if l.Done != nil {
		l.Done(res, err)
	}
	return res.Pull.NextDue
}

// superseded reports a pull that was not stored because the config changed
// while it ran, which is no failure of the source.
func superseded(err error) bool {
	var s interface{ Superseded() bool }
	return errors.As(err, &s) && s.Superseded()
}

// An alarm is the earliest of the times it was set to since it was cleared.
type alarm struct {
	earlier chan struct{} // holds a token when the time became earlier

	mu sync.Mutex // guards at
	at time.Time
}

// ready makes the zero alarm one that can be set.
func (a *alarm) ready() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.earlier == nil {
		a.earlier = make(chan struct{}, 1)
	}
}

func (a *alarm) clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at = time.Time{}
}

func (a *alarm) set(t time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t.IsZero() || (!a.at.IsZero() && !t.Before(a.at)) {
		return
	}
	a.at = t
	select {
	case a.earlier <- struct{}{}:
	default:
	}
}

func (a *alarm) time() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at
}
