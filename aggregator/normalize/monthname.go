package normalize

// namedDay reads dates with a month's name: 10 Nov 2022, November 10, 2022,
// 10 de noviembre de 2022, Thu, 10 Nov 22 10:46, and November 2022.
func (d *reader) namedDay() outcome {
	for i := range d.tokens {
		if d.says(i, senseWeekday) {
			continue
		}
		if o := d.monthAt(i); o != pass {
			return o
		}
	}
	for i := len(d.tokens) - 1; i >= 0; i-- { // of two that may be a weekday the last is the month
		if o := d.monthAt(i); o != pass {
			return o
		}
	}
	return pass
}

// monthAt reads the date around a month's name.
func (d *reader) monthAt(i int) outcome {
	month, is := d.means(i, senseMonth)
	if !is {
		return pass
	}
	day := d.dayBeside(i, -1)
	if day < 0 {
		day = d.dayBeside(i, +1)
	}
	year := d.yearBeside(i, day)
	roman := month > romanMonth
	switch {
	case day < 0 && year >= 0 && (d.impossible(i-1) || d.impossible(i+1)):
		return done
	case day < 0 && (year < 0 || !d.beside(i, year)):
		return pass
	case roman && (day < 0 || year < 0 || (day < i) == (year < i)): // it does not stand between them
		return pass
	case roman:
		month -= romanMonth
	}
	d.use(i, day, year)
	w := stamp{month: month, day: 1, dayless: day < 0, yearless: year < 0}
	if day >= 0 {
		w.day = d.tokens[day].number
	}
	if year >= 0 {
		w.year = d.yearAt(year, month > solarMonth)
	}
	return d.inCalendar(w)
}

// yearAt is the year that the figure at i means beside a month's name, which may
// be one of the Persian calendar.
func (d *reader) yearAt(i int, solar bool) int {
	year, digits := d.tokens[i].number, d.tokens[i].digits
	switch {
	case digits == 2 && solar && year <= solarYear(d.reading.At)%100+1:
		return 1400 + year
	case digits == 2 && solar:
		return 1300 + year
	case digits == 2:
		return d.fullYear(year)
	case digits == 3: // a program that forgot to add 1900
		return year + 1900
	}
	return year
}

// impossible reports a figure at i that no day of a month has.
func (d *reader) impossible(i int) bool {
	n, is := d.figure(i, 1, 2)
	return is && (n < 1 || n > 31)
}

// skippable are tokens between the parts of a date that say nothing.
func (d *reader) skippable(i int) bool {
	return d.mark(i, ".,-/'|[]()") || d.says(i, senseSmall) || d.says(i, senseDate) || d.says(i, senseMonthSign) || d.says(i, senseYear)
}

// dayBeside is the index of a day beside the month at i in a direction, past
// what says nothing; -1 when there is none.
func (d *reader) dayBeside(i, step int) int {
	for j := i + step; j >= 0 && j < len(d.tokens) && (j-i)*step <= 5; j += step {
		if n, is := d.figure(j, 1, 2); is {
			if n < 1 || n > 31 && step < 0 || step > 0 && (d.halfBehind(j+1) || d.mark(j-1, "'")) {
				return -1
			}
			return j
		}
		if !d.skippable(j) && !d.says(j, senseWeekday) {
			return -1
		}
	}
	return -1
}

// halfBehind reports the half of the day behind an hour, "10 PM", or an hour's
// sign.
func (d *reader) halfBehind(i int) bool {
	return d.says(i, senseAM) || d.says(i, sensePM) || d.says(i, senseHour) && !d.tokens[i].gap
}

// yearBeside is the index of the year of the month at i: the first figure
// behind the date that can be one, else four figures anywhere; -1 when there is
// none.
func (d *reader) yearBeside(i, day int) int {
	last := max(i, day)
	for j := last + 1; j < len(d.tokens); j++ {
		if d.isYear(j) {
			return j
		}
		if d.twoFigureYear(j, i, day) {
			return j
		}
		month, same := d.means(j, senseMonth)
		own, _ := d.means(i, senseMonth)
		if !d.skippable(j) && !d.says(j, senseWeekday) && !(same && month == own) {
			break
		}
	}
	first := i
	if day >= 0 {
		first = min(i, day)
	}
	for j := first - 1; j >= 0; j-- {
		if d.isYear(j) && !d.clocked(j) {
			return j
		}
	}
	for j := last + 1; j < len(d.tokens); j++ {
		if d.isYear(j) && !d.clocked(j) {
			return j
		}
	}
	return -1
}

// isYear reports four figures that may be a year of any calendar.
func (d *reader) isYear(j int) bool {
	n, is := d.figure(j, 3, 4)
	if is && d.tokens[j].digits == 3 {
		return n >= 100 && n < 200 && j+1 < len(d.tokens) && d.tokens[j+1].clock
	}
	return is && (n >= 1300 && n < 1500 || n >= 1800 && n < 2200 || n >= 2400 && n < 2700 || n == 1)
}

// twoFigureYear reports two figures behind a day and its month, or with an
// apostrophe: 10 Nov 22, Nov 10 '22.
func (d *reader) twoFigureYear(j, month, day int) bool {
	if _, is := d.figure(j, 2, 2); !is || d.halfBehind(j+1) || d.atHour(j) || day < 0 {
		return false
	}
	if d.own(j+1, senseHour) && !d.own(j+1, senseSmall) { // 18 Uhr
		return false
	}
	if _, minutes := d.figure(j+2, 2, 2); minutes && d.mark(j+1, ".") && !d.tokens[j+2].gap { // kl. 10.46
		return false
	}
	return day < month && j <= month+3 || d.mark(j-1, "'")
}

// clocked reports a four-figure time such as the 2014 of "2014 GMT".
func (d *reader) clocked(j int) bool {
	n := d.tokens[j].number
	return d.says(j+1, senseZone) && n%100 < 60 && n < 2400 && !d.showsClock()
}

// beside reports a year close to its month, with nothing of weight between.
func (d *reader) beside(month, year int) bool {
	for j := min(month, year) + 1; j < max(month, year); j++ {
		if !d.skippable(j) {
			return false
		}
	}
	return true
}
