package aggregator

import (
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/schedule"
)

// A Scheduled is a source with its schedule read.
type Scheduled struct {
	news.Source
	Schedule schedule.Schedule
	Reading  string // fingerprint of the settings by which its items are read, as the shelf has it
}

// nextDue is when the source is to be pulled after this pull.
func (s Scheduled) nextDue(due news.Due, pull news.Pull, w wish) time.Time {
	h := schedule.History{
		Name:      string(s.Slug),
		Now:       pull.At,
		Recent:    recent(due, pull),
		Every:     max(pull.Manners.Every, w.fresh),
		NotBefore: w.retryAt,
		SkipHours: pull.Manners.SkipHours,
		SkipDays:  pull.Manners.SkipDays,
	}
	if pull.Outcome == news.OutcomeFailed {
		h.Failures = due.Failures + 1
	}
	return s.Schedule.After(h)
}

// rest is when a source that is pushed is pulled after this pull, to see whether
// all has come; zero where push is not to be relied on.
func (s Scheduled) rest(due news.Due, pull news.Pull) time.Time {
	if pull.Outcome == news.OutcomeFailed || !s.Push || !due.Push.Reliable(pull.At, pull.At) {
		return time.Time{}
	}
	return s.check(pull.At, pull.Manners, due.Push)
}

func (s Scheduled) check(pulled time.Time, m news.Manners, p news.Push) time.Time {
	return schedule.Check(schedule.History{
		Name: string(s.Slug), Now: pulled, SkipHours: m.SkipHours, SkipDays: m.SkipDays,
	}, p.Misses, p.Until)
}

// A wish is what a server asked for with this answer alone.
type wish struct {
	fresh   time.Duration // no question for so long
	retryAt time.Time     // no question before; zero when it did not refuse
}

// recent are the newest publication times known, this pull's among them.
func recent(due news.Due, pull news.Pull) []time.Time {
	out := due.Recent
	for _, a := range pull.Articles {
		if a.Published.Basis != news.FirstSeen {
			out = append(out[:len(out):len(out)], a.Published.At)
		}
	}
	return out
}

// FirstDue is when a source that is new or changed is to be pulled: at once.
func (s Scheduled) FirstDue(now time.Time) time.Time { return now }
