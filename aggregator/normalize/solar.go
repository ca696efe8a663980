package normalize

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// solarMonths are those of the Persian calendar (Solar Hijri), in order.
var solarMonths = strings.Fields("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند")

var solarPattern = regexp.MustCompile(`(\d{1,2})\s+(` + strings.Join(solarMonths, "|") + `)(?:\s*ماه)?(?:\s*،)?\s+(1[34]\d\d)`)

// solarDay reads "۱۹ آبان ۱۴۰۵", with its digits written as ours.
func solarDay(s string) (written, string, bool) {
	m := solarPattern.FindStringSubmatch(s)
	if m == nil {
		return written{}, "", false
	}
	day, _ := strconv.Atoi(m[1]) // the pattern holds digits only
	year, _ := strconv.Atoi(m[3])
	month := 1
	for i, name := range solarMonths {
		if name == m[2] {
			month = i + 1
		}
	}
	length := 31
	if month > 6 {
		length = 30
	}
	if day < 1 || day > length {
		return written{}, "", false
	}
	t := solarNewYear(year).AddDate(0, 0, day-1+31*min(month-1, 6)+30*max(month-7, 0))
	return written{year: t.Year(), month: int(t.Month()), day: t.Day()}, strings.Replace(s, m[0], " ", 1), true
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
