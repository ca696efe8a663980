package normalize

import "time"

// compact reads 20221110, and what has a time right behind it: 20221110104616.
func (d *reader) compact() outcome {
	for i := range d.tokens {
		t := &d.tokens[i]
		if t.digits != 8 && t.digits != 12 && t.digits != 14 || t.used {
			continue
		}
		w := stamp{year: twoAt(t.text, 0)*100 + twoAt(t.text, 2), month: twoAt(t.text, 4), day: twoAt(t.text, 6)}
		if w.year < 1900 || w.year > 2200 || !w.exists() {
			continue
		}
		d.use(i)
		w.compactTime(t.text[8:])
		j := i + 1
		if d.mark(j, "-_") {
			j++
		}
		if t.digits == 8 && j < len(d.tokens) && (d.tokens[j].gap || j > i+1) && d.compactClock(j, &w) {
			d.use(j)
		}
		return d.took(w)
	}
	return pass
}

func (d *reader) compactClock(i int, w *stamp) bool {
	t := &d.tokens[i]
	return (t.digits == 4 || t.digits == 6) && w.compactTime(t.text)
}

// compactTime reads 1046 and 104616 as a time of day.
func (w *stamp) compactTime(figures string) bool {
	if len(figures) < 4 {
		return false
	}
	w.hour, w.minute, w.hasTime = twoAt(figures, 0), twoAt(figures, 2), true
	if len(figures) >= 6 {
		w.second, w.hasSecond = twoAt(figures, 4), true
	}
	return true
}

func twoAt(figures string, i int) int { return 10*int(figures[i]-'0') + int(figures[i+1]-'0') }

// weekDate reads a week of ISO 8601 and a day of it: 2022-W45-4, 2022W454.
func (d *reader) weekDate() outcome {
	year, is := d.figure(0, 4, 4)
	i := 1
	if d.mark(i, "-") {
		i++
	}
	if !is || i >= len(d.tokens) || d.tokens[i].text != "w" {
		return pass
	}
	week, weekday, last := d.weekAndDay(i + 1)
	if week < 1 || week > 53 || weekday < 1 || weekday > 7 {
		return done
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // is in week 1
	return d.onDay(fourth.AddDate(0, 0, 7*(week-1)+weekday-1-(int(fourth.Weekday())+6)%7), last)
}

// weekAndDay reads 45-4 and 454 at i, and gives the index of its end.
func (d *reader) weekAndDay(i int) (week, weekday, last int) {
	week, is := d.figure(i, 2, 3)
	if !is {
		return 0, 0, i
	}
	if week > 99 {
		return week / 10, week % 10, i
	}
	if n, ok := d.figure(i+2, 1, 1); ok && d.mark(i+1, "-") {
		return week, n, i + 2
	}
	return week, 0, i
}

// dayOfYear reads ISO 8601's days by their number: 2022-314, 2022314.
func (d *reader) dayOfYear() outcome {
	both, joined := d.figure(0, 7, 7)
	year, hasYear := d.figure(0, 4, 4)
	nth, hasDay := d.figure(2, 3, 3)
	last := 2
	switch {
	case joined:
		year, nth, last = both/1000, both%1000, 0
	case !hasYear || !hasDay || !d.mark(1, "-"):
		return pass
	}
	if year < 1900 || year > 2200 || nth < 1 || nth > 366 {
		return pass
	}
	day := time.Date(year, 1, nth, 0, 0, 0, 0, time.UTC)
	if day.Year() != year {
		return done
	}
	return d.onDay(day, last)
}

// onDay is the outcome of a rule that read a day off all tokens to the last.
func (d *reader) onDay(day time.Time, last int) outcome {
	for j := range last + 1 {
		d.use(j)
	}
	return d.took(stamp{year: day.Year(), month: int(day.Month()), day: day.Day()})
}
