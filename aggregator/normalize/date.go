package normalize

import (
	"errors"
	"html"
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
// the fetch, in which case the moment tells when (rulings 11 to 15).
func Date(raw string, r Reading) (news.Moment, bool) {
	m, _ := read(raw, r)
	return m, !m.At.IsZero() && !r.ahead(m)
}

// ahead reports a moment too far after the fetch to be true.
func (r Reading) ahead(m news.Moment) bool { return m.At.After(r.At.Add(tolerance)) }

// dateRules are those that read a date, by name: empty where none was needed.
type dateRules struct {
	day, calendar, clock, zone string

	offset   int   // that it states, in seconds east
	order    Order // of its figures, where they could be read in either
	yearless bool  // the year was taken from the fetch
	agreed   bool  // its letters for a zone mean that only beside the source's
}

// read reads a date, and tells the rules that did. The moment is zero where there
// is none.
func read(raw string, r Reading) (m news.Moment, by dateRules) {
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	s := strings.TrimSpace(raw)
	if strings.Contains(s, "&") { // escaped once more than its document is
		s = html.UnescapeString(html.UnescapeString(s))
	}
	if s == "" || len(s) > longestDate {
		return m, by
	}
	if t, format := machine(s); format != "" {
		m.At, m.Basis, m.Precision = t, news.Explicit, news.Second
		by.day, by.zone = format, format
	} else {
		m, by = written(strings.TrimSpace(foldDate(s)), r)
	}
	if m.At.IsZero() || marker(m.At) {
		return news.Moment{}, by
	}
	if m.Basis == news.Explicit && by.day != sinceEpoch {
		_, by.offset = m.At.Zone()
	}
	m.At, m.Raw = m.At.UTC(), raw
	return m, by
}

// A formatRule reads what programs write as the formats ask. The offsets of these
// are figures, so nothing is left to read into them.
type formatRule = rule[func(string) (time.Time, error)]

func formatRules(yield func(formatRule) bool) {
	each(yield, []formatRule{
		{"RFC 822 in GMT", "Tue, 10 Nov 2026 10:46:16 GMT", inGMT},
		{"RFC 822 with an offset", "Tue, 10 Nov 2026 10:46:16 +0800", withOffset},
		{"RFC 3339", "2026-11-10T10:46:16+08:00", rfc3339},
	})
}

// machine asks the rules for formats of one text, and names the one that read it.
func machine(s string) (t time.Time, format string) {
	if len(s) < 20 || len(s) > 35 || s[3] != ',' && s[10] != 'T' {
		return time.Time{}, ""
	}
	for r := range formatRules {
		if t, err := r.read(s); err == nil && possibleOffset(s) {
			return t, r.name
		}
	}
	return time.Time{}, ""
}

// possibleOffset reports a text whose end is no offset that cannot be, such as
// +0860, of which package time makes nine hours.
func possibleOffset(s string) bool {
	i := strings.LastIndexAny(s, "+-")
	if i < len(s)-len("+08:00") {
		return true
	}
	figures := strings.ReplaceAll(s[i+1:], ":", "")
	return len(figures) != 4 || isOffset(twoAt(figures, 0), twoAt(figures, 2))
}

var errFormat = errors.New("not in this format")

func inGMT(s string) (time.Time, error) {
	if s[3] != ',' || !strings.HasSuffix(s, " GMT") {
		return time.Time{}, errFormat
	}
	return time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", s)
}

func withOffset(s string) (time.Time, error) {
	if s[3] != ',' || strings.HasSuffix(s, " GMT") {
		return time.Time{}, errFormat
	}
	return time.Parse(time.RFC1123Z, s)
}

func rfc3339(s string) (time.Time, error) {
	if s[4] != '-' || s[10] != 'T' {
		return time.Time{}, errFormat
	}
	return time.Parse(time.RFC3339, s)
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

// sinceEpoch is the name of the rule for counts, whose zone nobody need ask for.
const sinceEpoch = "a count from 1970"

// epoch reads seconds since 1970 and thousandths, millionths and billionths of
// them, as they are or as Microsoft's JSON has them: /Date(1668048376000)/.
func (d *reader) epoch() outcome {
	s := strings.Trim(d.text, `"'`)
	if inner, ok := strings.CutPrefix(s, "/Date("); ok {
		s, _, _ = strings.Cut(inner, ")")
		s, _, _ = strings.Cut(s, "+")
	}
	s, fraction, _ := strings.Cut(strings.TrimPrefix(s, "@"), ".")
	if len(s) < 9 || strings.Trim(s, "0123456789") != "" || strings.Trim(fraction, "0123456789") != "" {
		return pass
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return pass
	}
	at := time.Time{}
	switch {
	case len(s) <= 10:
		at = time.Unix(n, nanos(fraction))
	case len(s) == 13:
		at = time.UnixMilli(n)
	case len(s) == 16:
		at = time.UnixMicro(n)
	case len(s) == 19:
		at = time.Unix(0, n)
	default:
		return pass
	}
	d.m = news.Moment{At: at, Basis: news.Explicit, Precision: news.Second}
	return done
}

// nanos is the fraction of a second that figures behind a point mean.
func nanos(figures string) int64 {
	n, err := strconv.ParseInt((figures + "000000000")[:9], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
