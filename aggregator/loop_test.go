package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"copydesk/aggregator"
	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/schedule"
)

// A ledger is a shelf in memory: sources with due times, and a note of all that
// the loop did. Saving takes some time, which in a bubble costs none.
type ledger struct {
	saving time.Duration
	claim  func(now time.Time) error

	mu      sync.Mutex // guards all below
	due     map[news.Slug]time.Time
	claims  []time.Time
	pulled  map[news.Slug][]time.Time
	running int
	most    int
}

func newLedger(n int) *ledger {
	l := &ledger{due: map[news.Slug]time.Time{}, pulled: map[news.Slug][]time.Time{}}
	for i := range n {
		l.due[news.Slug(fmt.Sprintf("s%d", i))] = time.Now()
	}
	return l
}

func (l *ledger) Claim(_ context.Context, now time.Time, lease, _ time.Duration, n int) (out []news.Due, next time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.claims = append(l.claims, now)
	if l.claim != nil {
		if err := l.claim(now); err != nil {
			return nil, time.Time{}, err
		}
	}
	for slug, at := range l.due {
		switch {
		case len(out) < n && !at.After(now):
			l.due[slug] = now.Add(lease)
			out = append(out, news.Due{Slug: slug, DueAt: at})
		case next.IsZero() || at.Before(next):
			next = at
		}
	}
	return out, next, nil
}

func (l *ledger) SavePull(_ context.Context, p news.Pull) (news.Saved, error) {
	l.mu.Lock()
	l.running++
	l.most = max(l.most, l.running)
	l.pulled[p.Source] = append(l.pulled[p.Source], p.At)
	l.mu.Unlock()
	time.Sleep(l.saving)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	l.due[p.Source] = p.NextDue
	return news.Saved{}, nil
}

// newLoop pulls sources whose address leads nowhere, so that a pull does no
// I/O: it fails and is saved, as any other.
func newLoop(t *testing.T, l *ledger, spec string, workers int, log *slog.Logger) *aggregator.Loop {
	t.Helper()
	s, err := schedule.Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	sources := map[news.Slug]aggregator.Scheduled{}
	for slug := range l.due {
		sources[slug] = aggregator.Scheduled{Source: news.Source{Slug: slug, URL: "nowhere:"}, Schedule: s}
	}
	place := func(*news.Article) []news.Placement { return nil }
	return &aggregator.Loop{
		Puller: aggregator.NewPuller(fetch.New(fetch.Options{Now: time.Now}), l, place, time.Now, 1),
		Shelf:  l, Sources: sources, Workers: workers, Lease: time.Minute, Grace: 5 * time.Second, Log: log, Now: time.Now,
	}
}

var silent = slog.New(slog.DiscardHandler)

// running starts the loop, lets time pass, and stops it; took is how long the
// stop took.
func running(loop *aggregator.Loop, d time.Duration) (took time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { loop.Run(ctx); close(done) }()
	time.Sleep(d)
	cancel()
	stopped := time.Now()
	<-done
	return time.Since(stopped)
}

// Each source is pulled when it is due, for ever, and nobody asks the shelf all
// the time.
func TestLoopPullsWhenDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(5)
		running(newLoop(t, l, "@every 6h", 8, silent), 24*time.Hour)
		for slug, times := range l.pulled {
			if len(times) < 2 { // a failing source is pulled less often
				t.Errorf("%s was pulled at %v, want at once and again", slug, times)
			}
			for i := range len(times) - 1 {
				if gap := times[i+1].Sub(times[i]); gap < 6*time.Hour {
					t.Errorf("%s was pulled again after %v, want its schedule kept", slug, gap)
				}
			}
		}
		if n := len(l.claims); len(l.pulled) != 5 || n > 24*60*6+60 {
			t.Errorf("%d sources pulled, %d claims in a day, want 5 and one in ten seconds", len(l.pulled), n)
		}
	})
}

func TestLoopKeepsToItsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(50)
		l.saving = time.Second
		running(newLoop(t, l, "@every 6h", 4, silent), time.Minute)
		if l.most != 4 || len(l.pulled) != 50 {
			t.Errorf("at most %d pulls at once, %d sources pulled; want 4 and all 50", l.most, len(l.pulled))
		}
	})
}

// A due time that comes nearer while the loop naps is met.
func TestLoopWakesForAnEarlierDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(2)
		l.saving = time.Second
		l.due["s1"] = time.Now().Add(3 * time.Second)
		start := time.Now()
		running(newLoop(t, l, "@every 6h", 1, silent), 10*time.Second)
		if got := l.pulled["s1"]; len(got) != 1 || got[0].Sub(start) > 3*time.Second+50*time.Millisecond {
			t.Errorf("pulled %v after the start, want at 3 s", got)
		}
	})
}

// A shelf that cannot answer is asked again, and the loop goes on.
func TestLoopSurvivesItsShelf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		l := newLedger(1)
		broken := time.Now().Add(30 * time.Second)
		l.claim = func(now time.Time) error {
			if now.Before(broken) {
				return errors.New("disk full")
			}
			return nil
		}
		running(newLoop(t, l, "@every 6h", 1, slog.New(slog.NewTextHandler(&text, nil))), time.Minute)
		if len(l.pulled["s0"]) != 1 {
			t.Errorf("pulled %v, want once the shelf was back", l.pulled)
		}
		if n := strings.Count(text.String(), "disk full"); n == 0 || n > 31 {
			t.Errorf("told %d times in half a minute", n)
		}
	})
}

// A loop that is told to end lets running pulls end, and begins no more.
func TestLoopDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(8)
		l.saving = 2 * time.Second
		took := running(newLoop(t, l, "@every 6h", 4, silent), time.Second)
		if took != time.Second || l.running != 0 || len(l.pulled) != 4 {
			t.Errorf("ended after %v with %d running and %d pulled, want 1 s, none and the 4 that ran", took, l.running, len(l.pulled))
		}
	})
}
