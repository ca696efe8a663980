package normalize

import "time"

// solarDate is a day of the Persian calendar (Solar Hijri) in ours. It is not
// ok when there is no such day.
func solarDate(year, month, day int) (time.Time, bool) {
	length := 31
	if month > 6 {
		length = 30
	}
	if month < 1 || month > 12 || day < 1 || day > length || year < solarFrom || year >= solarTo {
		return time.Time{}, false
	}
	t := solarNewYear(year).AddDate(0, 0, day-1+31*min(month-1, 6)+30*max(month-7, 0))
	return t, t.Before(solarNewYear(year + 1))
}

// solarYear is the Persian year of a moment.
func solarYear(at time.Time) int {
	year := at.Year() - 621
	if at.Before(solarNewYear(year)) {
		year--
	}
	return year
}

// solarNewYear is 1 Farvardin: the cycle of 33 years with 8 leap years holds
// from 1178 to 1633.
func solarNewYear(year int) time.Time {
	leaps := 0 // between 1403, whose new year was 20 March 2024, and year
	step, from, to := 1, 1403, year
	if to < from {
		step, from, to = -1, to, from
	}
	for y := from; y < to; y++ {
		switch y % 33 {
		case 1, 5, 9, 13, 17, 22, 26, 30:
			leaps++
		}
	}
	return time.Date(2024, 3, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, step*(365*(to-from)+leaps))
}
