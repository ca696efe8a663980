package normalize

import (
	"time"

	"copydesk/aggregator/news"
)

// longestAgo is how far back, in years, a text counts.
const longestAgo = 100

// dated reports a year, which only a calendar's date has.
func (d *reader) dated() bool {
	for i := range d.tokens {
		if d.isYear(i) {
			return true
		}
	}
	return false
}

// instant reads a text that means the fetch itself.
func (d *reader) instant() outcome {
	now := false
	for i := range d.tokens {
		switch {
		case d.says(i, senseNow):
			now = true
		case d.tokens[i].mark != 0, d.says(i, senseSmall), d.says(i, sensePublished), d.says(i, senseUpdated), d.says(i, senseNumber):
		default:
			return pass
		}
	}
	if !now {
		return pass
	}
	d.m = news.Moment{At: d.reading.At, Basis: news.Inferred, Precision: news.Second}
	return done
}

// ago counts the spans of a text that a word makes one of these. It comes before
// the months, for "5 h ago" has August in it, in Spanish.
func (d *reader) ago() outcome {
	marked, counted := false, false
	for i := range d.tokens {
		marked = marked || d.says(i, senseAgo)
		counted = counted || d.tokens[i].digits > 0
	}
	if !marked || d.dated() {
		return pass
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
			return pass
		}
		at = monthsBack(at, months*min(n, 12*longestAgo)).Add(-time.Duration(n) * unit)
		m.Precision = coarser(m.Precision, unit, months)
	}
	if m.Precision == "" || at.Before(d.reading.At.AddDate(-longestAgo, 0, 0)) {
		return pass
	}
	m.At = at
	d.m = m
	if _, end := d.pointed(new(stamp)); m.Precision == news.Day && (end > 0 || d.showsClock()) { // "2 days ago at 10:46"
		d.atClock()
	}
	return done
}

// atClock puts the moment at the time of day in the text, where there is one.
func (d *reader) atClock() {
	day := d.m.At.In(d.reading.Zone)
	d.w = stamp{year: day.Year(), month: int(day.Month()), day: day.Day()}
	if !d.timeOfDay() {
		return
	}
	if m, ok := d.w.moment(d.reading); ok {
		m.Basis = news.Inferred
		d.m = m
	}
}

// count is how many of the unit at i are meant: the figure or the word before
// it, or the figure between it and the word for ago; one where there is none. It is ok when something says so.
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
	if i+1 < len(d.tokens) && d.tokens[i+1].digits > 0 && d.says(i+2, senseAgo) { // saa 2 zilizopita
		return max(d.tokens[i+1].number, 0), true
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

// dayWord reads a word for today or a day before: "yesterday at 10:46", "昨天 10:46".
func (d *reader) dayWord() outcome {
	if d.dated() {
		return pass
	}
	for i := range d.tokens {
		n, is := d.means(i, senseDay)
		if is && (!d.says(i, senseWeekday) || d.tokens[i].has(senseDay, d.language)) {
			return d.dayBack(n, i)
		}
	}
	return pass
}

// weekday reads the name of a day of the week, which is the last such day.
func (d *reader) weekday() outcome {
	if d.dated() || !d.idle() {
		return pass
	}
	today := d.reading.At.In(d.reading.Zone).Weekday()
	for i := range d.tokens {
		if day, is := d.means(i, senseWeekday); is && (len(d.tokens[i].text) > 3 || d.tokens[i].has(senseWeekday, d.language)) {
			return d.dayBack((int(today)-day+7)%7, i)
		}
	}
	return pass
}

// dayBack is the outcome of a rule that read, at i, a day that was so many days
// before the fetch.
func (d *reader) dayBack(back, i int) outcome {
	d.use(i)
	d.w = d.daysBack(back)
	if !d.timeOfDay() {
		return pass
	}
	m, ok := d.w.moment(d.reading)
	if ok && d.tokens[i].says(senseWeekday) && m.At.After(d.reading.At) { // of last week, then
		past := d.daysBack(back + 7)
		d.w.year, d.w.month, d.w.day = past.year, past.month, past.day
		m, ok = d.w.moment(d.reading)
	}
	if !ok {
		return pass
	}
	m.Basis = news.Inferred
	d.m = m
	return done
}

func (d *reader) daysBack(n int) stamp {
	day := d.reading.At.In(d.reading.Zone).AddDate(0, 0, -n)
	return stamp{year: day.Year(), month: int(day.Month()), day: day.Day()}
}

// idle reports a text in which no figure stands outside a time of day, and no
// word that is unknown.
func (d *reader) idle() bool {
	for i := range d.tokens {
		t := &d.tokens[i]
		if t.digits > 0 && !t.clock && !d.halfBehind(i+1) && !d.atHour(i) || t.digits == 0 && t.mark == 0 && len(t.meanings) == 0 && len(t.text) > 1 {
			return false
		}
	}
	return true
}
