package normalize

// eraDay reads years counted from an emperor or a republic: 令和4年11月10日,
// R4.11.10, 民國111年11月10日.
func (d *reader) eraDay() outcome {
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
		return d.took(stamp{year: before + year, month: month, day: day}, i, i+1, j, k)
	}
	return pass
}

// minguo reads 111/11/10 and 111年11月10日 of a source in Taiwan.
func (d *reader) minguo() outcome {
	if d.language != "zh" {
		return pass
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
			return d.took(stamp{year: 1911 + year, month: month, day: day}, i, j, k)
		}
	}
	return pass
}

// The years that only other calendars count today.
const (
	solarFrom, solarTo       = 1300, 1500 // Persian
	buddhistFrom, buddhistTo = 2400, 2700
	buddhistAhead            = 543
)

// A calendarRule turns a date of another calendar into one of ours. It is done
// with a day that its calendar does not have.
type calendarRule = rule[func(*reader, *stamp) outcome]

func calendarRules(yield func(calendarRule) bool) {
	each(yield, []calendarRule{
		{"a month of the Persian calendar", "19 آبان 1405", (*reader).solarMonth},
		{"a year of the Persian calendar", "1405/08/19", (*reader).solarFigures},
		{"a Buddhist year", "10 พฤศจิกายน 2569", (*reader).buddhist},
	})
}

// inCalendar is the outcome of a rule that read a day of whatever calendar.
func (d *reader) inCalendar(w stamp) outcome {
	for r := range calendarRules {
		switch r.read(d, &w) {
		case done:
			return done
		case took:
			d.by.calendar = r.name
			return d.took(w)
		}
	}
	return d.took(w)
}

func (d *reader) solarMonth(w *stamp) outcome {
	if w.month <= solarMonth {
		return pass
	}
	return d.fromSolar(w, w.month-solarMonth)
}

func (d *reader) solarFigures(w *stamp) outcome {
	if w.year < solarFrom || w.year >= solarTo || d.language != "fa" && d.language != "ps" && d.language != "" {
		return pass
	}
	return d.fromSolar(w, w.month)
}

func (d *reader) buddhist(w *stamp) outcome {
	if w.year < buddhistFrom || w.year >= buddhistTo {
		return pass
	}
	w.year -= buddhistAhead
	return took
}

func (d *reader) fromSolar(w *stamp, month int) outcome {
	if w.yearless {
		w.year = solarYear(d.reading.At)
		w.yearless = false
		w.guessed = true
	}
	t, ok := solarDate(w.year, month, w.day)
	if !ok {
		return done
	}
	if w.guessed && t.After(d.reading.At.Add(tolerance)) {
		t, ok = solarDate(w.year-1, month, w.day)
	}
	if !ok {
		return done
	}
	w.year, w.month, w.day = t.Year(), int(t.Month()), t.Day()
	return took
}
