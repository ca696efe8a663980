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

// nextDue is when the source is to be pulled after this pull, and what made
// that later than its schedule.
func (s Scheduled) nextDue(due news.Due, pull news.Pull, w wish) (time.Time, news.Cause) {
	h := schedule.History{
		Name:      string(s.Slug),
		Now:       pull.At,
		Recent:    recent(due, pull),
		NotBefore: w.retryAt,
	}
	if s.Pace != news.PaceSchedule {
		h.Every = max(pull.Manners.Every, w.fresh)
		h.SkipHours, h.SkipDays = pull.Manners.SkipHours, pull.Manners.SkipDays
	}
	if pull.Outcome == news.OutcomeFailed {
		h.Failures = due.Failures + 1
		if w.tooOften && w.retryAt.IsZero() {
			h.Failures++ // the usual interval is what it complains of
		}
	}
	if pull.Spared {
		h.Failures = due.Failures
	}
	at, why := s.Schedule.After(h)
	if soon := pull.At.Add(triedAgain); pull.Spared && h.Failures == 0 && w.retryAt.IsZero() && soon.Before(at) {
		return soon, news.CauseOurs
	}
	if why == schedule.ByWish && w.fresh > pull.Manners.Every {
		return at, news.CauseServer
	}
	return at, causes[why]
}

var causes = map[schedule.Reason]news.Cause{
	schedule.ByWish:     news.CauseFeed,
	schedule.ByFailures: news.CauseFailure,
	schedule.ByRefusal:  news.CauseRefusal,
	schedule.ByNight:    news.CauseAsleep,
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
	fresh    time.Duration // no question for so long
	retryAt  time.Time     // no question before; zero when it did not say
	tooOften bool          // it is asked more than it likes (429)
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
