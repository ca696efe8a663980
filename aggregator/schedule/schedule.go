package schedule

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/robfig/cron/v3"
)

const (
	shortest   = 5 * time.Minute // between adaptive pulls
	longest    = 24 * time.Hour  // between adaptive pulls, and while failing
	firstRetry = time.Minute     // after a first failure, at least

	mostPatience = 7 * 24 * time.Hour // with a server that names the moment itself
	mostJitter   = time.Minute
)

// A Schedule is when a source wants to be pulled. The zero value is adaptive:
// the source's own rhythm decides.
type Schedule struct {
	cron  cron.Schedule // nil unless the spec is a cron spec
	every time.Duration // 0 unless the spec is "@every"
}

// Next is the first moment after t that the spec names, without jitter. An
// adaptive schedule answers with its longest interval.
func (s Schedule) Next(t time.Time) time.Time {
	switch {
	case s.cron != nil:
		return s.cron.Next(t.UTC()) // the library would read the spec in the zone of t
	case s.every > 0:
		return t.Add(s.every)
	}
	return t.Add(longest)
}

// A History is what is known of a source when its next pull is decided.
type History struct {
	Name     string      // decides the jitter
	Now      time.Time   // the end of the pull
	Failures int         // in a row, up to and with this pull
	Recent   []time.Time // publication times of its newest articles

	// What the source asks for can only lengthen what the schedule says.
	Every     time.Duration // no more often than this; a day at most is granted
	NotBefore time.Time     // a server that refused us named this moment; a week at most is granted
	SkipHours uint32        // bit n: not between n and n+1 o'clock UTC (RSS 2.0 skipHours)
	SkipDays  uint8         // bit n: not on that time.Weekday, UTC (RSS 2.0 skipDays)
}

// A Reason is what decided when a source is due.
type Reason int

const (
	BySchedule Reason = iota // or by its own rhythm
	ByWish                   // History.Every
	ByFailures
	ByRefusal // History.NotBefore
	ByNight   // History.SkipHours and SkipDays
)

// After is when a source is due again: by its schedule, later by its own
// jitter, and later still while it fails. Of what made it late, the last to do
// so is the reason.
func (s Schedule) After(h History) (time.Time, Reason) {
	due, why := s.base(h), BySchedule
	if wish := min(h.Every, longest); due.Sub(h.Now) < wish {
		due, why = s.atOrAfter(h.Now.Add(wish)), ByWish
	}
	interval := due.Sub(h.Now)
	if wait := backoff(interval, h.Failures); h.Failures > 0 && wait > interval {
		interval, why = wait, ByFailures
	}
	if wait := min(h.NotBefore.Sub(h.Now), mostPatience); !h.NotBefore.IsZero() && wait > interval {
		interval, why = wait, ByRefusal
	}
	spread := min(interval/10, mostJitter)
	due = h.Now.Add(interval).Add(jitter(h.Name, h.Failures, spread))
	if morning := awake(due, h.SkipHours, h.SkipDays); morning.After(due) {
		return morning, ByNight
	}
	return due, why
}

// Check is when a source whose news come by themselves is pulled after a pull,
// to see whether all have: a day later, half of that for each time that some
// had not, and no later than when they end to come. Of the history only what the
// feed says of its sleep counts.
func Check(h History, misses int, end time.Time) time.Time {
	wait := max(longest>>min(max(misses, 0), 10), shortest)
	at := awake(h.Now.Add(wait).Add(-jitter(h.Name, misses, min(wait/10, mostJitter))), h.SkipHours, h.SkipDays)
	if end.Before(at) {
		return end
	}
	return at
}

// atOrAfter is the first moment at t or after it at which the schedule may
// pull.
func (s Schedule) atOrAfter(t time.Time) time.Time {
	if s.cron != nil {
		return s.Next(t.Add(-time.Nanosecond))
	}
	return t
}

// awake is the first hour's moment at t or after it in which the feed is not
// asleep. A feed that never wakes is not believed.
func awake(t time.Time, hours uint32, days uint8) time.Time {
	if hours == 0 && days == 0 {
		return t
	}
	at := t.UTC()
	for range 7*24 + 1 {
		if hours&(1<<at.Hour()) == 0 && days&(1<<at.Weekday()) == 0 {
			return at
		}
		at = at.Add(time.Hour)
	}
	return t
}

// base is when the schedule alone would pull again; never more than a day away
// for an adaptive one.
func (s Schedule) base(h History) time.Time {
	if s.cron == nil && s.every == 0 {
		return h.Now.Add(rhythm(h.Now, h.Recent))
	}
	return s.Next(h.Now)
}

// rhythm is half the usual gap between a source's articles. A source that has
// been silent for longer than usual slows down.
func rhythm(now time.Time, recent []time.Time) time.Duration {
	if len(recent) < 2 {
		return time.Hour
	}
	times := slices.Clone(recent)
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	gaps := make([]time.Duration, len(times)-1)
	for i := range gaps {
		gaps[i] = times[i].Sub(times[i+1])
	}
	slices.Sort(gaps)
	usual := gaps[len(gaps)/2]
	silence := now.Sub(times[0])
	return min(max(usual/2, silence/10, shortest), longest)
}

// backoff doubles the interval with each failure, from at least a minute for
// schedules of minutes, up to a day.
func backoff(interval time.Duration, failures int) time.Duration {
	wait := interval
	if interval >= firstRetry/2 {
		wait = max(wait, firstRetry)
	}
	for range min(failures, 30) - 1 {
		if wait *= 2; wait >= longest {
			return longest
		}
	}
	return wait
}

// jitter is a name's own share of spread.
func jitter(name string, salt int, spread time.Duration) time.Duration {
	if spread <= 0 {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%d", name, salt)
	return time.Duration(h.Sum64() % uint64(spread))
}
