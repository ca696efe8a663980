package normalize

// A dayRule reads the day of a date off its tokens, and marks what it used. It
// took the day when a time of day may follow; it is done when the date is read to
// its end, or is none: it has two readings, or its calendar has no such day.
type dayRule = rule[func(*reader) outcome]

func dayRules(yield func(dayRule) bool) {
	each(yield, []dayRule{
		{sinceEpoch, "1794307576", (*reader).epoch},
		{"a span of time before the fetch", "2 hours ago", (*reader).ago},
		{"a year of an era", "令和8年11月10日", (*reader).eraDay},
		{"a year of Taiwan's republic", "115/11/10 10:46", (*reader).minguo},
		{"the year first", "2026-11-10", (*reader).yearFirst},
		{"figures without marks", "20261110T104616", (*reader).compact},
		{"a week of the year", "2026-W46-2", (*reader).weekDate},
		{"a day of the year", "2026-314", (*reader).dayOfYear},
		{"three figures with the year last", "25/10/2026", (*reader).wholeFigures},
		{"the name of a month", "10 November 2026", (*reader).namedDay},
		{"three short figures", "25/10/26", (*reader).shortFigures},
		{"the sign of a month", "11月10日 10:46", (*reader).hanMonthDay},
		{"two figures", "25.10., 10:46", (*reader).twoFigures},
		{"a month and its year", "2026-11", (*reader).monthOfYear},
		{"the moment of the fetch", "just now", (*reader).instant},
		{"a word for a day", "yesterday at 10:46", (*reader).dayWord},
		{"a day of the week", "Monday at 10:46", (*reader).weekday},
	})
}

// took is the outcome of a rule that read a day.
func (d *reader) took(w stamp, used ...int) outcome {
	d.use(used...)
	d.w = w
	return took
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
func (d *reader) yearFirst() outcome {
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
		loose := first != 'u' && (first == '.' || first != second || d.tokens[j].gap)
		if loose && d.namesDay() { // 10 November 2026 - 08.15
			continue
		}
		d.use(i, j, k)
		if d.says(k+1, senseDate) {
			d.use(k + 1)
		}
		return d.inCalendar(stamp{year: year, month: month, day: day})
	}
	return pass
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

// namesDay reports a day with a month's name in the text.
func (d *reader) namesDay() bool {
	for i := range d.tokens {
		if d.says(i, senseMonth) && !d.says(i, senseWeekday) && (d.dayBeside(i, -1) >= 0 || d.dayBeside(i, +1) >= 0) {
			return true
		}
	}
	return false
}

// wholeFigures reads 10/11/2022, 10. 11. 2022 and 10/11 2022.
func (d *reader) wholeFigures() outcome {
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
		a, b := d.tokens[i].number, d.tokens[i+2].number
		day, month, ok := d.dayMonth(r, a, b)
		if year >= buddhistFrom || year < solarTo { // where those calendars are in use the day comes first
			r.Order, d.by.order = DayFirst, OrderUnknown
			day, month, ok = r.dayMonth(a, b)
		}
		if !ok {
			return done
		}
		return d.inCalendar(stamp{year: year, month: month, day: day})
	}
	return pass
}

// shortFigures reads 10/11/22, and 22.11.10 where the year is written first.
func (d *reader) shortFigures() outcome {
	for i := range d.tokens {
		c, is := d.figure(i+4, 2, 2)
		if !is || !d.twoMarked(i) || !d.mark(i+3, "-/.") {
			continue
		}
		d.use(i, i+2, i+4)
		a, b := d.tokens[i].number, d.tokens[i+2].number
		isoTime := i+5 < len(d.tokens) && d.tokens[i+5].text == "t"
		if a > 31 || (yearComesFirst(d.language) || isoTime) && b <= 12 {
			return d.took(stamp{year: d.fullYear(a), month: b, day: c})
		}
		day, month, ok := d.dayMonth(d.reading, a, b)
		if !ok {
			return done
		}
		return d.took(stamp{year: d.fullYear(c), month: month, day: day})
	}
	return pass
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
func (d *reader) hanMonthDay() outcome {
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
		w := stamp{month: month, day: day, yearless: true}
		if year, is := d.figure(behind, 4, 4); is {
			d.use(behind)
			w.year, w.yearless = year, false
		} else if d.says(j+1, senseDate) {
			d.use(j + 1)
		}
		return d.took(w)
	}
	return pass
}

// twoFigures reads a day without a year: 10.11., 11-10 10:46.
func (d *reader) twoFigures() outcome {
	for i := range d.tokens {
		a, is := d.figure(i, 1, 2)
		if !is || !d.mark(i+1, "-/.") || d.tokens[i+1].gap {
			continue
		}
		b, is := d.figure(i+2, 1, 2)
		if !is || d.tokens[i+2].gap || !(d.tokens[i+1].mark == '/' || d.showsClock() || d.mark(i+3, ".")) {
			continue
		}
		day, month, ok := b, a, true
		if !monthsFirst[d.language] {
			day, month, ok = d.dayMonth(d.reading, a, b)
		}
		if !ok {
			return done
		}
		return d.took(stamp{month: month, day: day, yearless: true}, i, i+2)
	}
	return pass
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
func (d *reader) monthOfYear() outcome {
	for i := range d.tokens {
		year, is := d.figure(i, 4, 4)
		if !is || year < 1900 || year > 2700 {
			continue
		}
		if j, joint := d.part(i+1, senseYear); joint == 'u' || joint == '-' || joint == '/' {
			if month, is := d.figure(j, 1, 2); is && month >= 1 && month <= 12 && (d.tokens[j].digits == 2 || joint == 'u') {
				d.use(i, j)
				return d.inCalendar(stamp{year: year, month: month, day: 1, dayless: true})
			}
		}
		if month, is := d.figure(i-2, 1, 2); is && d.mark(i-1, "/.") && month >= 1 && month <= 12 {
			d.use(i, i-2)
			return d.inCalendar(stamp{year: year, month: month, day: 1, dayless: true})
		}
	}
	return pass
}
