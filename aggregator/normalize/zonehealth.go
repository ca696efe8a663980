package normalize

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/wordtable"
)

//go:embed data/places.tsv
var placeTable string

const (
	// enoughSightings is how many articles must have been seen to arrive before
	// a source's zone is judged.
	enoughSightings = 6

	// longestGap is the longest time, in minutes, between two pulls after which
	// an article's arrival still tells something.
	longestGap = 6 * 60

	// slack is how many minutes clocks may differ, and an article may take from
	// its date to the feed.
	slack = 10

	// farthest is the largest error of a zone, in minutes, and steps what zones
	// differ by.
	farthest, steps = 26 * 60, 15
)

// A Verdict says that a source's dates do not agree with when its articles
// arrived.
type Verdict struct {
	Shift  time.Duration // to be added to its dates; 0 when they only lie ahead
	Agree  int           // articles that say so
	Of     int           // articles seen to arrive
	Zone   string        // that would fit; empty when none does
	Reason string        // in words, for an operator
}

// ZoneHealth judges a source's zone by its articles' dates and when they were
// first seen. It is not ok when nothing is wrong, or too little is known.
//
// An article that a pull was the first to see came between that pull and the
// one before. So its date is wrong by no more than the time since it, and by no
// less than that less the time between the pulls. The error of a zone is what
// most articles agree on.
func ZoneHealth(src news.Source, seen []news.Sighting, at time.Time) (Verdict, bool) {
	var list []news.Sighting
	for _, s := range seen {
		if s.Gap <= longestGap && s.Lag <= farthest {
			list = append(list, s)
		}
	}
	v := Verdict{Of: len(list)}
	if v.Of < enoughSightings || 2*agreeing(list, 0) >= v.Of {
		return v, false
	}
	shift, agree := likeliest(list)
	switch {
	case 4*agree >= 3*v.Of:
		v.Shift, v.Agree = time.Duration(shift)*time.Minute, agree
		v.explain(src, list, at)
		return v, true
	case 2*ahead(list) > v.Of:
		v.Agree = ahead(list)
		v.Reason = fmt.Sprintf("%d of %d articles are dated later than they were first seen; their order is held at when that was", v.Agree, v.Of)
		return v, true
	}
	return v, false
}

// agreeing counts the articles whose dates would be right by a shift.
func agreeing(list []news.Sighting, shift int) int {
	n := 0
	for _, s := range list {
		if lag := s.Lag - shift; lag >= -slack && lag <= s.Gap+slack {
			n++
		}
	}
	return n
}

// likeliest is the shift, in minutes, that most articles agree on: of equals
// one of whole hours, else of half ones, and the least.
func likeliest(list []news.Sighting) (shift, agree int) {
	better := func(s, n int) bool {
		if n != agree {
			return n > agree
		}
		if o := odd(s) - odd(shift); o != 0 {
			return o < 0
		}
		return abs(s) < abs(shift)
	}
	for s := -farthest; s <= farthest; s += steps {
		if n := agreeing(list, s); s != 0 && better(s, n) {
			shift, agree = s, n
		}
	}
	return shift, agree
}

// odd is how few zones differ by such a shift.
func odd(shift int) int {
	switch {
	case shift%60 == 0:
		return 0
	case shift%30 == 0:
		return 1
	}
	return 2
}

func ahead(list []news.Sighting) int {
	n := 0
	for _, s := range list {
		if s.Lag < -slack {
			n++
		}
	}
	return n
}

// explain puts a verdict in words, with the zone that would fit. The source's zone
// in the config helps only where dates carry none.
func (v *Verdict) explain(src news.Source, list []news.Sighting, at time.Time) {
	how := "behind"
	if v.Shift < 0 {
		how = "ahead of"
	}
	v.Reason = fmt.Sprintf("its dates run %s %s when its articles are first seen (%d of %d)", hours(v.Shift.Abs()), how, v.Agree, v.Of)
	offset, stated := statedOffset(list)
	if !stated {
		_, offset = at.In(src.Zone()).Zone()
	}
	v.Zone = placeFor(offset-int(v.Shift/time.Second), src, at)
	switch {
	case stated && v.Zone != "":
		v.Reason += fmt.Sprintf("; the offset that it writes is wrong: its times are those of %s (time_zone does not overrule an offset that is written)", v.Zone)
	case stated:
		v.Reason += "; the offset that it writes is wrong"
	case v.Zone != "":
		v.Reason += "; time_zone: " + v.Zone + " would fit"
	}
}

// statedOffset is the offset, in seconds, that most dates write. It is not ok
// where most write none.
func statedOffset(list []news.Sighting) (seconds int, ok bool) {
	count, stated := map[int]int{}, 0
	for _, s := range list {
		if !s.Stated {
			continue
		}
		stated++
		if count[s.Offset]++; count[s.Offset] > count[seconds/60] {
			seconds = 60 * s.Offset
		}
	}
	return seconds, 2*stated > len(list)
}

// hours writes 8h, 5h30m.
func hours(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "h0m") + map[bool]string{true: "h"}[d%time.Hour == 0]
}

// placeFor is a zone with an offset: one of the source's country, else of its
// language, else the first.
func placeFor(offset int, src news.Source, at time.Time) string {
	country, language := countryOf(src.HomePage, src.URL), primary(src.Language)
	found, best := "", -1
	for _, row := range wordtable.Rows(placeTable) {
		zone, err := time.LoadLocation(row[0])
		if err != nil {
			continue
		}
		if _, off := at.In(zone).Zone(); off != offset {
			continue
		}
		fit := 0
		if slices.Contains(strings.Fields(row[1]), language) {
			fit++
		}
		if country != "" && slices.Contains(strings.Fields(row[2]), country) {
			fit += 2
		}
		if fit > best {
			found, best = row[0], fit
		}
	}
	return found
}

// Sightings are what new articles tell of a source's zone: those with a time of
// day, seen at a moment and not at the pull a gap earlier.
func Sightings(src news.Source, list []news.Article, at time.Time, gap time.Duration) []news.Sighting {
	var out []news.Sighting
	for _, a := range list {
		p := a.Published
		if ahead, is := DatedAhead(src, &a, at); is {
			p = ahead
		}
		timed := p.Precision == news.Second || p.Precision == news.Minute
		if !timed || p.Basis != news.Explicit && p.Basis != news.AssumedZone {
			continue
		}
		out = append(out, news.Sighting{
			Lag:    int(at.Sub(p.At).Round(time.Minute) / time.Minute),
			Gap:    int(gap.Round(time.Minute) / time.Minute),
			Stated: p.Basis == news.Explicit,
			Offset: offsetIn(p, src, at),
		})
	}
	return out
}

// DatedAhead is the date of an article that lay too far after the fetch to count
// as one. It is not ok where there is none.
func DatedAhead(src news.Source, a *news.Article, at time.Time) (news.Moment, bool) {
	if a.Published.Basis != news.FirstSeen || a.Published.Raw == "" {
		return news.Moment{}, false
	}
	m, ok := Date(a.Published.Raw, Reading{Zone: src.Zone(), Language: src.Language, At: at})
	return m, !ok && !m.At.IsZero()
}

// offsetIn is the offset, in minutes east, that a date states; 0 for none.
func offsetIn(m news.Moment, src news.Source, at time.Time) int {
	if m.Basis != news.Explicit {
		return 0
	}
	_, by := read(m.Raw, Reading{Zone: src.Zone(), Language: src.Language, At: at})
	return by.offset / 60
}

// Hold keeps articles that are dated later than the fetch from standing before
// those to come: their order is that of the fetch. The text of the date stays.
func Hold(list []news.Article, at time.Time) {
	for i := range list {
		if p := &list[i].Published; p.At.After(at) {
			p.At = at
		}
	}
}
