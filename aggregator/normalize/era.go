package normalize

// eraDay reads years counted from an emperor or a republic: 令和4年11月10日,
// R4.11.10, 民國111年11月10日.
func (d *reader) eraDay() (w stamp, ok, found bool) {
	for i := range d.tokens {
		before, is := d.means(i, senseEra)
		if !is {
			continue
		}
		letter := len(d.tokens[i].text) == 1
		year, is := d.figure(i+1, 1, 3)
		if !is || letter && d.tokens[i+1].gap {
			continue
		}
		j, first := d.part(i+2, senseYear)
		month, is := d.figure(j, 1, 2)
		if !is || letter && first == ' ' {
			continue
		}
		k, _ := d.part(j+1, senseMonthSign)
		day, is := d.figure(k, 1, 2)
		if !is {
			continue
		}
		d.use(i, i+1, j, k)
		return stamp{year: before + year, month: month, day: day}, true, true
	}
	return d.minguo()
}

// minguo reads 111/11/10 and 111年11月10日 of a source in Taiwan.
func (d *reader) minguo() (w stamp, ok, found bool) {
	if d.language != "zh" {
		return w, false, false
	}
	for i := range d.tokens {
		year, is := d.figure(i, 2, 3)
		if !is || year < 90 || year > 199 {
			continue
		}
		j, _ := d.part(i+1, senseYear)
		month, is := d.figure(j, 1, 2)
		k, _ := d.part(max(j, 0)+1, senseMonthSign)
		day, isDay := d.figure(k, 1, 2)
		if is && isDay {
			d.use(i, j, k)
			return stamp{year: 1911 + year, month: month, day: day}, true, true
		}
	}
	return w, false, false
}

// The years that only other calendars count today.
const (
	solarFrom, solarTo       = 1300, 1500 // Persian
	buddhistFrom, buddhistTo = 2400, 2700
	buddhistAhead            = 543
)

// ourCalendar turns a date of the Persian or the Thai calendar into one of
// ours. It is false for a day that their calendar does not have.
func (d *reader) ourCalendar(w *stamp) bool {
	switch {
	case w.month > solarMonth:
		return d.fromSolar(w, w.month-solarMonth)
	case w.year >= solarFrom && w.year < solarTo && (d.language == "fa" || d.language == "ps" || d.language == ""):
		return d.fromSolar(w, w.month)
	case w.year >= buddhistFrom && w.year < buddhistTo:
		w.year -= buddhistAhead
	}
	return true
}

func (d *reader) fromSolar(w *stamp, month int) bool {
	if w.yearless {
		w.year = solarYear(d.reading.At)
		w.yearless = false
		w.guessed = true
	}
	t, ok := solarDate(w.year, month, w.day)
	if !ok {
		return false
	}
	if w.guessed && t.After(d.reading.At.Add(tolerance)) {
		t, ok = solarDate(w.year-1, month, w.day)
	}
	w.year, w.month, w.day = t.Year(), int(t.Month()), t.Day()
	return ok
}
