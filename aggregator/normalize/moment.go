package normalize

import (
	"time"

	"copydesk/aggregator/news"
)

// moment resolves what was written (ruling 15).
func (w *stamp) moment(r Reading) (news.Moment, bool) {
	if w.dayless { // the time is of a day that nobody knows
		*w = stamp{year: w.year, month: w.month, day: w.day, dayless: true, yearless: w.yearless, guessed: w.guessed}
	}
	inferred := w.yearless || w.guessed
	if w.yearless {
		w.guessYear(r)
	}
	if !w.exists() || w.year < 1000 || !w.isClock() {
		return news.Moment{}, false
	}
	m := news.Moment{At: w.at(r), Basis: w.basis(inferred), Precision: w.precision()}
	if w.eitherEnd && m.At.After(r.At) { // the night of that day has not come yet
		w.hour -= 24
		m.At = w.at(r)
	}
	return m, true
}

// at is the moment in the zone that was written, else in the source's.
func (w *stamp) at(r Reading) time.Time {
	switch {
	case w.hasOffset:
		return w.wall(time.FixedZone("", w.offset))
	case w.place != nil:
		return w.in(w.place)
	}
	return w.in(r.Zone)
}

func (w *stamp) basis(inferred bool) news.Basis {
	switch {
	case inferred:
		return news.Inferred
	case !w.hasTime:
		return news.DateOnly
	case w.hasOffset, w.place != nil:
		return news.Explicit
	}
	return news.AssumedZone
}

func (w *stamp) precision() news.Precision {
	switch {
	case w.dayless:
		return news.Month
	case !w.hasTime:
		return news.Day
	case w.hasSecond:
		return news.Second
	}
	return news.Minute
}

// guessYear takes the newest year in which the day had come when the text was
// fetched, and was there: 29 February looks back further.
func (w *stamp) guessYear(r Reading) {
	w.year = r.At.In(r.Zone).Year()
	for range 8 {
		if w.exists() && !w.in(r.Zone).After(r.At.Add(tolerance)) {
			return
		}
		w.year--
	}
}

// exists reports a day that there is (ruling 14).
func (w *stamp) exists() bool {
	return w.month >= 1 && w.month <= 12 && w.day >= 1 &&
		time.Date(w.year, time.Month(w.month), w.day, 0, 0, 0, 0, time.UTC).Day() == w.day
}

func (w *stamp) wall(zone *time.Location) time.Time {
	return time.Date(w.year, time.Month(w.month), w.day, w.hour, w.minute, w.second, int(w.nano), zone)
}

// in reads local time in a zone. A time that came twice is the earlier one;
// one that never came is read with the offset before the gap (ruling 13).
func (w *stamp) in(zone *time.Location) time.Time {
	wall := w.wall(time.UTC)
	_, before := wall.Add(-26 * time.Hour).In(zone).Zone()
	_, after := wall.Add(26 * time.Hour).In(zone).Zone()
	for _, off := range []int{before, after} {
		at := wall.Add(-time.Duration(off) * time.Second)
		if _, real := at.In(zone).Zone(); real == off {
			return at
		}
	}
	return wall.Add(-time.Duration(before) * time.Second)
}
