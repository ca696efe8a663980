package normalize

import (
	"time"

	"copydesk/aggregator/news"
)

// longestAgo is how far back, in years, a text counts.
const longestAgo = 100

// relative reads times counted from the fetch: "2 hours ago", "昨天 10:46",
// "Tuesday at 10:46".
func (d *reader) relative(s string) (news.Moment, bool) {
	if d.dated() {
		return news.Moment{}, false
	}
	if d.instant() {
		return news.Moment{At: d.reading.At, Basis: news.Inferred, Precision: news.Second}, true
	}
	if m, ok := d.ago(); ok {
		return m, true
	}
	return d.dayWord(s)
}

// dated reports a year, which only a calendar's date has.
func (d *reader) dated() bool {
	for i := range d.tokens {
		if d.isYear(i) {
			return true
		}
	}
	return false
}

// instant reports a text that means the fetch itself.
func (d *reader) instant() bool {
	now := false
	for i := range d.tokens {
		switch {
		case d.says(i, senseNow):
			now = true
		case d.tokens[i].mark != 0, d.says(i, senseSmall), d.says(i, sensePublished), d.says(i, senseUpdated), d.says(i, senseNumber):
		default:
			return false
		}
	}
	return now
}

// ago counts the spans of a text that a word makes one of these.
func (d *reader) ago() (news.Moment, bool) {
	marked, counted := false, false
	for i := range d.tokens {
		marked = marked || d.says(i, senseAgo)
		counted = counted || d.tokens[i].digits > 0
	}
	if !marked {
		return news.Moment{}, false
	}
	at, m := d.reading.At, news.Moment{Basis: news.Inferred}
	for i := range d.tokens {
		value, is := d.means(i, senseSpan)
		if !is {
			continue
		}
		unit, months, n := spanOf(value)
		if n == 0 {
			if n, is = d.count(i); !is && (counted || len(d.tokens[i].text) < 3) {
				continue
			}
		}
		if n > 1000000 {
			return m, false
		}
		at = monthsBack(at, months*min(n, 12*longestAgo)).Add(-time.Duration(n) * unit)
		m.Precision = coarser(m.Precision, unit, months)
	}
	if m.Precision == "" || at.Before(d.reading.At.AddDate(-longestAgo, 0, 0)) {
		return m, false
	}
	m.At = at
	return m, true
}

// count is how many of the unit at i are meant: the figure or the word before
// it, one where there is none. It is ok when something says so.
func (d *reader) count(i int) (int, bool) {
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		if d.tokens[j].digits > 0 {
			return max(d.tokens[j].number, 0), true
		}
		if n, is := d.means(j, senseNumber); is {
			return n, true
		}
		if !d.says(j, senseSmall) {
			break
		}
	}
	return 1, false
}

// monthsBack goes back by months of the calendar, to the last day of one that
// is too short.
func monthsBack(at time.Time, months int) time.Time {
	if months == 0 {
		return at
	}
	back := at.AddDate(0, -months, 0)
	if back.Day() != at.Day() {
		back = back.AddDate(0, 0, -back.Day())
	}
	return back
}

// coarser is how exact a time is that counts in a unit, where have is how exact
// the rest of it is: the finest unit decides.
func coarser(have news.Precision, unit time.Duration, months int) news.Precision {
	p := news.Minute
	switch {
	case months > 0:
		p = news.Month
	case unit >= 24*time.Hour:
		p = news.Day
	case unit == time.Second:
		p = news.Second
	}
	if have == "" || p.Finer(have) {
		return p
	}
	return have
}

// dayWord reads "yesterday at 10:46", and the name of a day of the week, which
// is the last such day.
func (d *reader) dayWord(s string) (news.Moment, bool) {
	back, i := d.dayNamed()
	if i < 0 {
		return news.Moment{}, false
	}
	d.use(i)
	w := d.daysBack(back)
	if !d.timeOfDay(&w, s) {
		return news.Moment{}, false
	}
	m, ok := w.moment(d.reading)
	if ok && d.tokens[i].says(senseWeekday) && m.At.After(d.reading.At) { // of last week, then
		past := d.daysBack(back + 7)
		w.year, w.month, w.day = past.year, past.month, past.day
		m, ok = w.moment(d.reading)
	}
	m.Basis = news.Inferred
	return m, ok
}

func (d *reader) daysBack(n int) stamp {
	day := d.reading.At.In(d.reading.Zone).AddDate(0, 0, -n)
	return stamp{year: day.Year(), month: int(day.Month()), day: day.Day()}
}

// dayNamed is how many days ago the day was that a word names, and where the
// word stands; -1 when there is none.
func (d *reader) dayNamed() (back, i int) {
	for i := range d.tokens {
		n, is := d.means(i, senseDay)
		if is && (!d.says(i, senseWeekday) || d.tokens[i].has(senseDay, d.language)) {
			return n, i
		}
	}
	if !d.idle() {
		return 0, -1
	}
	today := d.reading.At.In(d.reading.Zone).Weekday()
	for i := range d.tokens {
		if day, is := d.means(i, senseWeekday); is && (len(d.tokens[i].text) > 3 || d.tokens[i].has(senseWeekday, d.language)) {
			return (int(today) - day + 7) % 7, i
		}
	}
	return 0, -1
}

// idle reports a text in which no figure stands outside a time of day, and no
// word that is unknown.
func (d *reader) idle() bool {
	for i := range d.tokens {
		t := &d.tokens[i]
		if t.digits > 0 && !t.clock && !d.halfBehind(i+1) || t.digits == 0 && t.mark == 0 && len(t.meanings) == 0 && len(t.text) > 1 {
			return false
		}
	}
	return true
}
