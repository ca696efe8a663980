package normalize

import "time"

// day finds the day and marks what it used. When it is found and not ok, it
// has two readings or is none of its calendar.
func (d *reader) day() (w stamp, ok, found bool) {
	for _, find := range []func() (stamp, bool, bool){
		d.eraDay, d.yearFirst, d.compact, d.weekDate, d.wholeFigures, d.namedDay, d.shortFigures, d.hanMonthDay, d.twoFigures, d.monthOfYear,
	} {
		if w, ok, found = find(); found {
			return w, ok, true
		}
	}
	return w, false, false
}

// part is where the next figure of a date stands behind one that ends before
// i: past a mark, past the unit's sign, or past a blank. It is -1 when there is
// none. joint tells which it was.
func (d *reader) part(i int, unit sense) (next int, joint byte) {
	switch {
	case i >= len(d.tokens):
		return -1, 0
	case d.says(i, unit):
		if d.mark(i+1, "-/.") {
			i++
		}
		return i + 1, 'u'
	case d.mark(i, "-/."):
		return i + 1, d.tokens[i].mark
	case d.tokens[i].gap && d.tokens[i].digits > 0:
		return i, ' '
	}
	return -1, 0
}

// yearFirst reads 2022-11-10, 2022. 11. 10., 2022年11月10日.
func (d *reader) yearFirst() (w stamp, ok, found bool) {
	for i := range d.tokens {
		year, is := d.figure(i, 4, 4)
		if !is || d.mark(i-1, "-/.") && !d.tokens[i].gap && i > 1 && d.tokens[i-2].digits > 0 {
			continue
		}
		j, first := d.part(i+1, senseYear)
		month, is := d.figure(j, 1, 2)
		if !is {
			continue
		}
		k, second := d.part(j+1, senseMonthSign)
		day, is := d.figure(k, 1, 2)
		if !is || (first == ' ') != (second == ' ') || first == ' ' && (year < 1000 || d.namesMonth()) {
			continue
		}
		d.use(i, j, k)
		if d.says(k+1, senseDate) {
			d.use(k + 1)
		}
		w = stamp{year: year, month: month, day: day}
		return w, d.ourCalendar(&w), true
	}
	return w, false, false
}

// namesMonth reports a month's name in the text.
func (d *reader) namesMonth() bool {
	for i := range d.tokens {
		if d.says(i, senseMonth) && !d.tokens[i].capitals {
			return true
		}
	}
	return false
}

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

// wholeFigures reads 10/11/2022, 10. 11. 2022 and 10/11 2022.
func (d *reader) wholeFigures() (w stamp, ok, found bool) {
	for i := range d.tokens {
		last := i + 4
		year, is := d.figure(last, 4, 4)
		if !is || !d.mark(i+3, "-/.") {
			last = i + 3
			if year, is = d.figure(last, 4, 4); !is || !d.tokens[last].gap || year < 1900 {
				continue
			}
		}
		if !d.twoMarked(i) {
			continue
		}
		d.use(i, i+2, last)
		r := d.reading
		if r.Language == "" {
			r.Language = d.ownLanguage()
		}
		if year >= buddhistFrom || year < solarTo { // where those calendars are in use the day comes first
			r.Order = DayFirst
		}
		w.day, w.month, ok = r.dayMonth(d.tokens[i].number, d.tokens[i+2].number)
		w.year = year
		return w, ok && d.ourCalendar(&w), true
	}
	return w, false, false
}

// shortFigures reads 10/11/22, and 22.11.10 where the year is written first.
func (d *reader) shortFigures() (w stamp, ok, found bool) {
	for i := range d.tokens {
		c, is := d.figure(i+4, 2, 2)
		if !is || !d.twoMarked(i) || !d.mark(i+3, "-/.") {
			continue
		}
		d.use(i, i+2, i+4)
		a, b := d.tokens[i].number, d.tokens[i+2].number
		isoTime := i+5 < len(d.tokens) && d.tokens[i+5].text == "t"
		if a > 31 || (yearComesFirst(d.language) || isoTime) && b <= 12 {
			return stamp{year: d.fullYear(a), month: b, day: c}, true, true
		}
		w.day, w.month, ok = d.reading.dayMonth(a, b)
		w.year = d.fullYear(c)
		return w, ok, true
	}
	return w, false, false
}

// twoMarked reports two figures at i with a mark between them.
func (d *reader) twoMarked(i int) bool {
	_, first := d.figure(i, 1, 2)
	_, second := d.figure(i+2, 1, 2)
	within := d.mark(i-1, "-/.") && !d.tokens[i].gap && i > 1 && d.tokens[i-2].digits > 0
	return first && second && !within && d.mark(i+1, "-/.")
}

// fullYear reads two figures as 1970 to 2069, or as a Thai year where that is
// closer to the fetch: 69 is 2569.
func (d *reader) fullYear(y int) int {
	year := 1900 + y
	if y < 70 {
		year = 2000 + y
	}
	if thai := 2500 + y - buddhistAhead; d.language == "th" && abs(d.reading.At.Year()-thai) < abs(d.reading.At.Year()-year) {
		return thai
	}
	return year
}

func abs(n int) int { return max(n, -n) }

// hanMonthDay reads 11月10日, and with the year behind it, as programs write
// that have only the month's name in Chinese: 十一月 10, 2022 and 10 十一月 2022.
func (d *reader) hanMonthDay() (w stamp, ok, found bool) {
	for i := range d.tokens {
		month, is := d.figure(i, 1, 2)
		if !is || !d.says(i+1, senseMonthSign) {
			continue
		}
		j, behind := i+2, i+3
		day, is := d.figure(j, 1, 2)
		if !is {
			j, behind = i-1, i+2
			if day, is = d.figure(j, 1, 2); !is {
				continue
			}
		}
		if d.mark(behind, ",") {
			behind++
		}
		d.use(i, i+1, j)
		w = stamp{month: month, day: day, yearless: true}
		if year, is := d.figure(behind, 4, 4); is {
			d.use(behind)
			w.year, w.yearless = year, false
		} else if d.says(j+1, senseDate) {
			d.use(j + 1)
		}
		return w, true, true
	}
	return w, false, false
}

// twoFigures reads a day without a year: 10.11., 11-10 10:46.
func (d *reader) twoFigures() (w stamp, ok, found bool) {
	for i := range d.tokens {
		a, is := d.figure(i, 1, 2)
		if !is || !d.mark(i+1, "-/.") || d.tokens[i+1].gap {
			continue
		}
		b, is := d.figure(i+2, 1, 2)
		if !is || d.tokens[i+2].gap || !(d.tokens[i+1].mark == '/' || d.showsClock() || d.mark(i+3, ".")) {
			continue
		}
		if w.day, w.month, ok = d.reading.dayMonth(a, b); !ok && yearComesFirst(d.language) {
			w.month, w.day, ok = a, b, true
		}
		d.use(i, i+2)
		w.yearless = true
		return w, ok, true
	}
	return w, false, false
}

// showsClock reports a time of day that cannot be anything else.
func (d *reader) showsClock() bool {
	for i := range d.tokens {
		if d.tokens[i].clock {
			return true
		}
	}
	return false
}

// monthOfYear reads 2022-11, 11/2022 and 2022年11月, without a day.
func (d *reader) monthOfYear() (w stamp, ok, found bool) {
	for i := range d.tokens {
		year, is := d.figure(i, 4, 4)
		if !is || year < 1900 || year > 2700 {
			continue
		}
		if j, joint := d.part(i+1, senseYear); joint == 'u' || joint == '-' || joint == '/' {
			if month, is := d.figure(j, 1, 2); is && month >= 1 && month <= 12 && (d.tokens[j].digits == 2 || joint == 'u') {
				d.use(i, j)
				w = stamp{year: year, month: month, day: 1, dayless: true}
				return w, d.ourCalendar(&w), true
			}
		}
		if month, is := d.figure(i-2, 1, 2); is && d.mark(i-1, "/.") && month >= 1 && month <= 12 {
			d.use(i, i-2)
			w = stamp{year: year, month: month, day: 1, dayless: true}
			return w, d.ourCalendar(&w), true
		}
	}
	return w, false, false
}
