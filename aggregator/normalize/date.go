package normalize

import (
	"strconv"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// A Reading is what a date is read with.
type Reading struct {
	Zone     *time.Location // of dates that carry none
	Language string         // decides 11/10/2022; with a region where known
	Country  string         // ISO 3166, lower case, where the language names none; empty when unknown
	Order    Order          // what the feed's other dates show; it comes before the language
	At       time.Time      // of the fetch
}

// longestDate is the longest text, in bytes, that is read as a date.
const longestDate = 300

// tolerance is how far ahead of the fetch a date may lie (ruling 14).
const tolerance = 48 * time.Hour

// Date reads a written date. It is not ok when there is none, when it is
// ambiguous, impossible or a marker, and when it lies more than 48 hours after
// the fetch (rulings 11 to 15).
func Date(raw string, r Reading) (news.Moment, bool) {
	m, ok := dateOf(raw, r)
	if !ok || m.At.After(r.At.Add(tolerance)) {
		return news.Moment{}, false
	}
	return m, true
}

// dateOf is Date for the future too.
func dateOf(raw string, r Reading) (news.Moment, bool) {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	s := strings.TrimSpace(raw)
	if s == "" || len(s) > longestDate {
		return news.Moment{}, false
	}
	m, ok := machine(s)
	if !ok {
		s = strings.TrimSpace(foldDate(s))
		if m, ok = epoch(s); !ok {
			m, ok = written(s, r)
		}
	}
	if !ok || marker(m.At) {
		return news.Moment{}, false
	}
	m.At, m.Raw = m.At.UTC(), raw
	return m, true
}

// machine reads what programs write as the formats ask: RFC 822 with four
// figures of the year, and RFC 3339. Their offsets are numbers, so nothing is
// left to read into them.
func machine(s string) (news.Moment, bool) {
	form := time.RFC3339
	switch {
	case len(s) < 20 || len(s) > 35:
		return news.Moment{}, false
	case s[3] == ',' && strings.HasSuffix(s, " GMT"):
		form = "Mon, 02 Jan 2006 15:04:05 GMT"
	case s[3] == ',':
		form = time.RFC1123Z
	case s[4] != '-' || s[10] != 'T':
		return news.Moment{}, false
	}
	t, err := time.Parse(form, s)
	if err != nil {
		return news.Moment{}, false
	}
	return news.Moment{At: t, Basis: news.Explicit, Precision: news.Second}, true
}

// yearAlone reads the shortest form of W3C's note on dates, 2022, which is a
// date only where the field asks for that form.
func yearAlone(raw string, r Reading) (news.Moment, bool) {
	year, err := strconv.Atoi(strings.TrimSpace(raw))
	if err != nil || year <= 1900 || year > r.At.Year() {
		return news.Moment{}, false
	}
	w := stamp{year: year, month: 1, day: 1}
	return news.Moment{At: w.in(r.Zone).UTC(), Basis: news.DateOnly, Precision: news.Year, Raw: raw}, true
}

// marker reports the moments that programs write for "no date": year 1, the
// beginning of 1900, and second zero in whatever zone.
func marker(t time.Time) bool {
	return t.Year() < 1900 || t.Year() == 1900 && t.YearDay() == 1 || t.Unix() >= -24*60*60 && t.Unix() <= 24*60*60
}

// epoch reads seconds since 1970 and thousandths, millionths and billionths of
// them, as they are or as Microsoft's JSON has them: /Date(1668048376000)/.
func epoch(s string) (news.Moment, bool) {
	if inner, ok := strings.CutPrefix(s, "/Date("); ok {
		s, _, _ = strings.Cut(inner, ")")
		s, _, _ = strings.Cut(s, "+")
	}
	s, fraction, _ := strings.Cut(strings.TrimPrefix(s, "@"), ".")
	if len(s) < 9 || strings.Trim(s, "0123456789") != "" || strings.Trim(fraction, "0123456789") != "" {
		return news.Moment{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return news.Moment{}, false
	}
	m := news.Moment{Basis: news.Explicit, Precision: news.Second}
	switch {
	case len(s) <= 10:
		m.At = time.Unix(n, nanos(fraction))
	case len(s) == 13:
		m.At = time.UnixMilli(n)
	case len(s) == 16:
		m.At = time.UnixMicro(n)
	case len(s) == 19:
		m.At = time.Unix(0, n)
	default:
		return news.Moment{}, false
	}
	return m, true
}

// nanos is the fraction of a second that figures behind a point mean.
func nanos(figures string) int64 {
	n, err := strconv.ParseInt((figures + "000000000")[:9], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
