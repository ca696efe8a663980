package normalize

import (
	"slices"
	"strings"
)

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

// unglossed leaves out brackets between a year and its month that tell the year
// once more: 2026年（令和8年）11月10日, 令和8(2026)年11月10日.
func unglossed(list []token) []token {
	for i := 1; i < len(list); i++ {
		end := i + 1
		for end < len(list) && list[end].mark == 0 {
			end++
		}
		if list[i].mark == '(' && end < len(list) && list[end].mark == ')' &&
			endsInYear(list[:i]) && slices.ContainsFunc(list[i:end], ofYear) && beginsWithMonth(list[end+1:]) {
			if list[i-1].digits > 0 && list[end-1].says(senseYear) { // one sign for both
				list[end] = list[end-1]
				end--
			}
			return slices.Concat(list[:i], list[end+1:])
		}
	}
	return list
}

// ofYear reports a year of four figures, the sign of a year, and the name of an era.
func ofYear(t token) bool { return t.digits == 4 || t.says(senseYear) || t.says(senseEra) }

// endsInYear reports a year at the end, in figures, with its sign or of an era.
func endsInYear(list []token) bool {
	last := list[len(list)-1]
	return ofYear(last) && !last.says(senseEra) || last.digits > 0 && len(list) > 1 && list[len(list)-2].says(senseEra)
}

// beginsWithMonth reports the figure of a month, maybe behind the sign of the year or
// a mark.
func beginsWithMonth(list []token) bool {
	if len(list) > 1 && (list[0].says(senseYear) || strings.IndexByte("-/.", list[0].mark) >= 0) {
		list = list[1:]
	}
	return len(list) > 0 && (list[0].digits == 1 || list[0].digits == 2)
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
