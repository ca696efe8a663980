package normalize

import "time"

// compact reads 20221110, and what has a time right behind it: 20221110104616.
func (d *reader) compact() (w stamp, ok, found bool) {
	for i := range d.tokens {
		t := &d.tokens[i]
		if t.digits != 8 && t.digits != 12 && t.digits != 14 || t.used {
			continue
		}
		w = stamp{year: twoAt(t.text, 0)*100 + twoAt(t.text, 2), month: twoAt(t.text, 4), day: twoAt(t.text, 6)}
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
		return w, true, true
	}
	return w, false, false
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

// weekDate reads ISO 8601's other dates: 2022-W45-4 and 2022-314.
func (d *reader) weekDate() (w stamp, ok, found bool) {
	year, is := d.figure(0, 4, 4)
	if !is {
		if year, is = d.figure(0, 7, 7); is { // 2022314
			return d.dayOfYear(year/1000, year%1000, 0)
		}
		return w, false, false
	}
	i := 1
	if d.mark(i, "-") {
		i++
	}
	if nth, is := d.figure(i, 3, 3); is && i == 2 {
		return d.dayOfYear(year, nth, 2)
	}
	if i >= len(d.tokens) || d.tokens[i].text != "w" {
		return w, false, false
	}
	week, is := d.figure(i+1, 2, 3)
	weekday, last := 0, i+1
	if is && week > 99 {
		week, weekday = week/10, week%10
	} else if n, ok := d.figure(i+3, 1, 1); ok && d.mark(i+2, "-") {
		weekday, last = n, i+3
	}
	if !is || week < 1 || week > 53 || weekday < 1 || weekday > 7 {
		return w, false, true
	}
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // is in week 1
	day := fourth.AddDate(0, 0, 7*(week-1)+weekday-1-(int(fourth.Weekday())+6)%7)
	for j := range last + 1 {
		d.use(j)
	}
	return stamp{year: day.Year(), month: int(day.Month()), day: day.Day()}, true, true
}

func (d *reader) dayOfYear(year, nth, last int) (stamp, bool, bool) {
	if year < 1900 || year > 2200 || nth < 1 || nth > 366 {
		return stamp{}, false, false
	}
	for j := range last + 1 {
		d.use(j)
	}
	day := time.Date(year, 1, nth, 0, 0, 0, 0, time.UTC)
	return stamp{year: day.Year(), month: int(day.Month()), day: day.Day()}, day.Year() == year, true
}
