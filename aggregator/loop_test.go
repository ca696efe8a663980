package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
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
	save   func(ctx context.Context, p news.Pull) error

	mu      sync.Mutex // guards all below
	due     map[news.Slug]time.Time
	doubted map[news.Slug]bool // sources that did not answer well
	claims  []claim
	pulled  map[news.Slug][]time.Time
	running int
	most    int
}

// A claim is one question of the loop's, and how much it got.
type claim struct {
	at          time.Time
	asked, lent int
}

// between counts the claims from one moment up to another.
func (l *ledger) between(from, to time.Time) (n int) {
	for _, c := range l.claims {
		if !c.at.Before(from) && c.at.Before(to) {
			n++
		}
	}
	return n
}

func newLedger(n int) *ledger {
	l := &ledger{due: map[news.Slug]time.Time{}, pulled: map[news.Slug][]time.Time{}}
	for i := range n {
		l.due[news.Slug(fmt.Sprintf("s%d", i))] = time.Now()
	}
	return l
}

func (l *ledger) Claim(_ context.Context, call news.Call) (out []news.Due, next time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, n := call.Now, call.Most
	defer func() { l.claims = append(l.claims, claim{now, n, len(out)}) }()
	if l.claim != nil {
		if err := l.claim(now); err != nil {
			return nil, time.Time{}, err
		}
	}
	for slug, at := range l.due {
		switch {
		case l.doubted[slug] && call.Doubtful == 0:
		case len(out) < n && !at.After(now):
			if l.doubted[slug] {
				call.Doubtful--
			}
			l.due[slug] = now.Add(call.Lease)
			out = append(out, news.Due{Slug: slug, DueAt: at, Proven: !l.doubted[slug]})
		case next.IsZero() || at.Before(next):
			next = at
		}
	}
	return out, next, nil
}

func (l *ledger) SavePull(ctx context.Context, p news.Pull) (news.Saved, error) {
	l.mu.Lock()
	l.running++
	l.most = max(l.most, l.running)
	l.pulled[p.Source] = append(l.pulled[p.Source], p.At)
	l.mu.Unlock()
	var err error
	if time.Sleep(l.saving); l.save != nil {
		err = l.save(ctx, p)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
	if err == nil {
		l.due[p.Source] = p.NextDue
	}
	return news.Saved{}, err
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
	desk := &aggregator.Desk{
		Puller:  aggregator.NewPuller(fetch.New(fetch.Options{Now: time.Now}), l, place, time.Now, 1),
		Sources: sources, Lease: time.Minute,
	}
	return &aggregator.Loop{
		Shelf: l, Desk: func() *aggregator.Desk { return desk },
		Workers: workers, Grace: 5 * time.Second, Log: log, Now: time.Now,
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
		start := time.Now()
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
		if n := l.between(start, time.Now()); len(l.pulled) != 5 || n > 24*60*6+60 {
			t.Errorf("%d sources pulled, %d claims in a day, want 5 and one in ten seconds", len(l.pulled), n)
		}
	})
}

// A loop that waits for a known moment sleeps until then, and not much longer.
func TestLoopSleepsUntilDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(1)
		start := time.Now()
		l.due["s0"] = start.Add(7 * time.Second)
		running(newLoop(t, l, "@every 6h", 4, silent), 9*time.Second)
		if n := l.between(start, start.Add(7*time.Second)); n != 1 {
			t.Errorf("%d claims before anything was due, want the first alone", n)
		}
		if got := l.pulled["s0"]; len(got) != 1 || got[0].Sub(start) > 7*time.Second+50*time.Millisecond {
			t.Errorf("pulled %v, want once at 7 s", got)
		}
	})
}

// Workers that end together are given work together: one question for many
// sources, not one for each.
func TestLoopClaimsInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(64)
		l.saving = time.Second
		running(newLoop(t, l, "@every 6h", 16, silent), time.Minute)
		var lent []int
		for _, c := range l.claims {
			if c.lent > c.asked {
				t.Errorf("asked for %d, got %d", c.asked, c.lent)
			}
			if c.lent > 0 {
				lent = append(lent, c.lent)
			}
		}
		if want := []int{16, 16, 16, 16}; !slices.Equal(lent, want) {
			t.Errorf("claimed %v, want %v", lent, want)
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

// A shelf that cannot answer is asked again, each outage is told once, and the
// loop goes on.
func TestLoopSurvivesItsShelf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		l := newLedger(1)
		start := time.Now()
		l.claim = func(now time.Time) error {
			if s := now.Sub(start); s < 30*time.Second || s > time.Minute && s < 90*time.Second {
				return errors.New("disk full")
			}
			return nil
		}
		running(newLoop(t, l, "@every 6h", 1, slog.New(slog.NewTextHandler(&text, nil))), 2*time.Minute)
		if got := l.pulled["s0"]; len(got) != 1 || got[0].Sub(start) > 32*time.Second {
			t.Errorf("pulled %v, want as soon as the shelf was back", got)
		}
		if n := l.between(start, start.Add(30*time.Second)); n < 15 || n > 31 {
			t.Errorf("%d claims in an outage of half a minute, want about one a second", n)
		}
		if told, over := strings.Count(text.String(), "disk full"), strings.Count(text.String(), "again"); told != 2 || over != 2 {
			t.Errorf("two outages were told %d times and their ends %d times, want each once:\n%s", told, over, &text)
		}
	})
}

// A pull that fails, in whatever way, is told and stops nobody.
func TestLoopSurvivesItsPulls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		l := newLedger(3)
		l.save = func(_ context.Context, p news.Pull) error {
			if p.Source == "s1" {
				return errors.New("disk full")
			}
			return nil
		}
		loop := newLoop(t, l, "@every 6h", 2, slog.New(slog.NewTextHandler(&text, nil)))
		delete(loop.Desk().Sources, "s2") // another node's
		told := map[news.Slug]bool{}
		var mu sync.Mutex
		loop.Done = func(res aggregator.Result, err error) {
			mu.Lock()
			defer mu.Unlock()
			told[res.Pull.Source] = err != nil
		}
		running(loop, 170*time.Second)
		if len(l.pulled["s0"]) != 1 || len(l.pulled["s2"]) != 0 {
			t.Errorf("pulled %v, want s0 once and s2, which is not ours, never", l.pulled)
		}
		if n := len(l.pulled["s1"]); n != 3 { // at once, and each time its lease of a minute runs out
			t.Errorf("what could not be saved was pulled %d times in three minutes, want 3", n)
		}
		if want := map[news.Slug]bool{"s0": true, "s1": true}; !maps.Equal(told, want) {
			t.Errorf("told of %v, want %v", told, want)
		}
		for _, word := range []string{"source=s0", "source=s1", "disk full", "source=s2"} {
			if !strings.Contains(text.String(), word) {
				t.Errorf("the log does not say %q:\n%s", word, &text)
			}
		}
	})
}

// A config that changes while a source is pulled has it pulled anew, by what
// stands now, and nobody is told of a failure.
func TestLoopPullsAnewWhatAConfigOvertook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		l := newLedger(1)
		l.saving = time.Second
		l.save = func(_ context.Context, p news.Pull) error {
			if len(l.pulled[p.Source]) > 1 {
				return nil
			}
			l.mu.Lock()
			defer l.mu.Unlock()
			l.due[p.Source] = time.Now() // as a change of its settings makes it
			return fmt.Errorf("save it: %w", overtaken{})
		}
		loop := newLoop(t, l, "@every 6h", 2, slog.New(slog.NewTextHandler(&text, nil)))
		told := 0
		loop.Done = func(aggregator.Result, error) { told++ }
		start := time.Now()
		running(loop, time.Minute)
		if got := l.pulled["s0"]; len(got) != 2 || got[1].Sub(start) > 2*time.Second {
			t.Errorf("pulled at %v after %v, want at once and again as soon as that was refused", got, start)
		}
		if told != 1 || strings.Count(text.String(), "pull failed") != 1 { // the second, whose address leads nowhere
			t.Errorf("told of %d pulls, want 1:\n%s", told, &text)
		}
	})
}

type overtaken struct{}

func (overtaken) Error() string    { return "other settings" }
func (overtaken) Superseded() bool { return true }

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

// A pull that does not end in its grace is cut off.
func TestLoopDrainsNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(2)
		l.save = func(ctx context.Context, _ news.Pull) error {
			<-ctx.Done()
			return ctx.Err()
		}
		took := running(newLoop(t, l, "@every 6h", 4, silent), time.Second)
		if took != 5*time.Second || l.running != 0 {
			t.Errorf("ended after %v with %d running, want its grace of 5 s and none", took, l.running)
		}
	})
}

// A loop that waits for a shelf, or for something to be due, ends at once.
func TestLoopEndsAtOnceWhenIdle(t *testing.T) {
	for name, claim := range map[string]func(time.Time) error{
		"idle":   nil,
		"outage": func(time.Time) error { return errors.New("disk full") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger(1)
				l.claim = claim
				if took := running(newLoop(t, l, "@every 6h", 4, silent), 100*time.Second); took != 0 {
					t.Errorf("ended after %v, want at once", took)
				}
			})
		})
	}
}

// However many sources hang, those that answered the last time are not late.
func TestLoopKeepsRoomForTheProven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(101)
		l.doubted = map[news.Slug]bool{}
		for slug := range l.due {
			l.doubted[slug] = slug != "s7"
		}
		l.save = func(ctx context.Context, p news.Pull) error {
			if p.Source != "s7" {
				time.Sleep(30 * time.Second) // a server that drips
			}
			return nil
		}
		loop := newLoop(t, l, "@every 1m", 8, silent)
		start := time.Now()
		running(loop, 10*time.Minute)
		for i, at := range l.pulled["s7"] {
			if i > 0 {
				if wait := at.Sub(l.pulled["s7"][i-1]); wait > 70*time.Second { // jitter included
					t.Errorf("pull %d of the good source began %v after the one before, want a minute and its jitter", i, wait)
				}
			}
		}
		if n := len(l.pulled["s7"]); n < 9 {
			t.Errorf("the good source was pulled %d times in ten minutes", n)
		}
		bad := 0
		for slug, times := range l.pulled {
			if slug != "s7" {
				bad += len(times)
			}
		}
		if bad < 6*2*10-6 { // six workers, two pulls a minute each
			t.Errorf("only %d pulls of the bad ones: they are kept from idle workers", bad)
		}
		if n := l.between(start, start.Add(time.Minute)); n > 200 {
			t.Errorf("%d claims in a minute: the loop does not wait for a worker", n)
		}
	})
}

// A desk that changes serves the next pull, and a source that it has otherwise
// than the shelf is left alone.
func TestLoopAsksForItsDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(2)
		loop := newLoop(t, l, "@every 1h", 2, silent)
		first := loop.Desk()
		second := &aggregator.Desk{Puller: first.Puller, Sources: maps.Clone(first.Sources), Lease: time.Hour}
		changed := second.Sources["s1"]
		changed.Reading = "other"
		second.Sources["s1"] = changed
		inForce := first
		var mu sync.Mutex
		loop.Desk = func() *aggregator.Desk { mu.Lock(); defer mu.Unlock(); return inForce }
		go func() {
			time.Sleep(30 * time.Minute)
			mu.Lock()
			inForce = second
			mu.Unlock()
			l.mu.Lock()
			l.due["s0"], l.due["s1"] = time.Now(), time.Now()
			l.mu.Unlock()
			loop.Wake()
		}()
		running(loop, 31*time.Minute)
		if a, b := len(l.pulled["s0"]), len(l.pulled["s1"]); a != 2 || b != 1 {
			t.Errorf("s0 was pulled %d times, want twice; s1 %d times, want once: the shelf has it otherwise", a, b)
		}
	})
}
