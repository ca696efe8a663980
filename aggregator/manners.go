package aggregator

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/fetch"
	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
	"copydesk/aggregator/parse"
)

const (
	// A permanent redirect is believed when this many pulls have met it over at
	// least this long: servers are now and then wrong about "permanently".
	believablePulls = 3
	believableTime  = 24 * time.Hour

	// noticedMisses is from when validators that a server does not honour are
	// worth an operator's notice. Counting on would only cost writes.
	noticedMisses = 3

	keptMoves = 10
)

// answered brings a source's manners up to date with an answer.
func answered(src news.Source, due news.Due, res *fetch.Response) news.Manners {
	m := due.Manners
	asked := due.Validators.ETag != "" || due.Validators.LastModified != ""
	switch {
	case res.Status == http.StatusNotModified:
		m.Misses, m.Drifts = 0, 0
	case res.Unchanged && asked:
		m.Misses = min(m.Misses+1, noticedMisses)
		if m.Drifts = min(m.Drifts+1, noticedMisses); due.Validators.ETag == res.Validators.ETag {
			m.Drifts = 0
		}
	}
	return moving(src, m, res)
}

// moving believes a permanent redirect once enough pulls have met it. A move is
// believed by an answer that could be used alone: where a lapsed address leads
// to a page of advertisements, there is none.
func moving(src news.Source, m news.Manners, res *fetch.Response) news.Manners {
	if res.MovedTo == "" {
		m.Moving = news.Move{}
		return m
	}
	if m.Moving.To != res.MovedTo {
		m.Moving = news.Move{To: res.MovedTo, Since: res.At}
	}
	m.Moving.Pulls++
	if m.Moving.Pulls >= believablePulls && res.At.Sub(m.Moving.Since) >= believableTime {
		m.Moving.Done = res.At
		m.Address = m.Moving.To
		if news.Bare(src.URL) == m.Address { // it has come back
			m.Address = src.URL
		}
		m.Moves = append(slices.Clone(m.Moves[max(0, len(m.Moves)-keptMoves+1):]), m.Moving)
		m.Moving = news.Move{}
	}
	return m
}

// asked adds what a feed says of how often it wants to be pulled.
func asked(m news.Manners, p parse.Pace) news.Manners {
	m.Every = max(minutes(p.TTL), syndicated(p.UpdatePeriod, p.UpdateFrequency))
	m.SkipHours, m.SkipDays = 0, 0
	for _, text := range p.SkipHours {
		if h, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && h >= 0 && h <= 24 {
			m.SkipHours |= 1 << (h % 24)
		}
	}
	for _, text := range p.SkipDays {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(strings.TrimSpace(text), d.String()) {
				m.SkipDays |= 1 << d
			}
		}
	}
	return m
}

// ordered remembers the order of figures that a source's dates show: the dates
// of what is new tomorrow may show none.
func ordered(m news.Manners, o normalize.Order) news.Manners {
	if o != normalize.OrderUnknown {
		m.MonthDay, m.DayMonth = o == normalize.MonthFirst, o == normalize.DayFirst
	}
	return m
}

func orderOf(m news.Manners) normalize.Order {
	switch {
	case m.MonthDay:
		return normalize.MonthFirst
	case m.DayMonth:
		return normalize.DayFirst
	}
	return normalize.OrderUnknown
}

// keptSightings are enough to judge a source's zone by.
const keptSightings = 24

// sighted adds what new articles tell of a source's zone. Those of a first pull, and
// those that came while pulls failed, tell nothing unless most are dated ahead. What
// was seen before an operator changed the zone tells nothing either.
func sighted(m news.Manners, src news.Source, due news.Due, at time.Time, articles []news.Article) news.Manners {
	var looked time.Time // when it had none of them
	if len(due.ItemHashes) > 0 && due.Failures == 0 {
		looked = due.LastPull
	}
	seen := normalize.Sightings(src, articles, at, at.Sub(looked))
	if looked.IsZero() && !normalize.MostlyAhead(seen) {
		return m
	}
	if zone := src.Zone().String(); m.SightedIn != zone {
		m.SightedIn, m.Sightings = zone, nil
	}
	all := slices.Concat(m.Sightings, seen)
	m.Sightings = all[max(0, len(all)-keptSightings):]
	return m
}

// minutes reads an RSS 2.0 ttl.
func minutes(ttl string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(ttl))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(min(n, 7*24*60)) * time.Minute
}

// syndicated reads the RSS 1.0 syndication module: so many updates in a period,
// one where the feed does not say how many.
func syndicated(period, frequency string) time.Duration {
	every := map[string]time.Duration{
		"hourly":  time.Hour,
		"daily":   24 * time.Hour,
		"weekly":  7 * 24 * time.Hour,
		"monthly": 30 * 24 * time.Hour,
		"yearly":  365 * 24 * time.Hour,
	}[strings.ToLower(strings.TrimSpace(period))]
	if n, err := strconv.Atoi(strings.TrimSpace(frequency)); err == nil && n > 1 {
		every /= time.Duration(n)
	}
	return every
}

// Address is where a source is asked: where it has moved to, with the
// credentials of the config where they were written for that host.
func Address(src news.Source, m news.Manners) string {
	if m.Address == "" {
		return src.URL
	}
	given, err := url.Parse(src.URL)
	if err != nil || given.User == nil {
		return m.Address
	}
	moved, err := url.Parse(m.Address)
	if err != nil || moved.Host != given.Host || moved.Scheme != given.Scheme && moved.Scheme != "https" {
		return m.Address
	}
	moved.User = given.User
	return moved.String()
}

// astray brings a source back to the config's address when the one that it
// moved to leads nowhere: the server that sent us there may know better by now.
func astray(src news.Source, m news.Manners, err error) (news.Manners, bool) {
	var status *fetch.StatusError
	if m.Address == "" || m.Address == src.URL || !errors.As(err, &status) {
		return m, false
	}
	if status.Code != http.StatusGone && status.Code != http.StatusNotFound {
		return m, false
	}
	m.Address, m.Moving = src.URL, news.Move{}
	return m, true
}

// refusal reports whether a server has said that the document will not come back
// (RFC 9110 §15.5.11), and when it wants to be asked again otherwise.
func refusal(err error) (gone bool, w wish) {
	var (
		status *fetch.StatusError
		busy   *fetch.BusyError
	)
	switch {
	case errors.As(err, &busy):
		return false, wish{retryAt: busy.Until}
	case !errors.As(err, &status):
		return false, wish{}
	}
	return status.Code == http.StatusGone, wish{retryAt: status.RetryAt, tooOften: status.Code == http.StatusTooManyRequests}
}
