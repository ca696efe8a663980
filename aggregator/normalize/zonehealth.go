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
// most articles agree on. Where nobody had looked before, those dated ahead still say
// how wrong it is at least.
func ZoneHealth(src news.Source, seen []news.Sighting, at time.Time) (Verdict, bool) {
	var list []news.Sighting
	for _, s := range seen {
		if s.Lag <= farthest {
			list = append(list, s)
		}
	}
	v := Verdict{Of: len(list)}
	if v.Of < enoughSightings || 2*agreeing(list, 0) >= v.Of {
		return v, false
	}
	shift, agree := likeliest(list)
	if 4*agree >= 3*v.Of {
		v.Shift, v.Agree = time.Duration(shift)*time.Minute, agree
		v.explain(src, list, at)
		if v.Zone != "" || !MostlyAhead(list) {
			return v, true
		}
	}
	if !MostlyAhead(list) {
		return Verdict{}, false
	}
	v = Verdict{Agree: ahead(list), Of: len(list)}
	v.Reason = fmt.Sprintf("%d of %d articles are dated later than they were first seen; their order is held at when that was", v.Agree, v.Of)
	return v, true
}

// MostlyAhead reports that most of what was seen, old articles left out, is dated
// later than it was seen.
func MostlyAhead(list []news.Sighting) bool {
	recent := 0
	for _, s := range list {
		if s.Lag <= farthest {
			recent++
		}
	}
	return 2*ahead(list) > recent
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
// day, seen at a moment and not at the pull a gap earlier; the newest last.
func Sightings(src news.Source, list []news.Article, at time.Time, gap time.Duration) []news.Sighting {
	var out []news.Sighting
	for _, a := range list {
		p := a.Published
		if ahead, is := DatedAhead(src, &a); is {
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
			Offset: offsetIn(src, &a),
		})
	}
	slices.SortStableFunc(out, func(a, b news.Sighting) int { return b.Lag - a.Lag })
	return out
}

// DatedAhead is the date of an article that lies after it was first seen, by more
// than clocks may differ. It is not ok where the date does not.
func DatedAhead(src news.Source, a *news.Article) (news.Moment, bool) {
	if a.Published.Raw == "" || a.Published.At.Before(a.FirstSeen) {
		return news.Moment{}, false
	}
	m, _ := read(a.Published.Raw, Account{Article: *a, Source: src}.reading())
	return m, m.At.Sub(a.FirstSeen) > slack*time.Minute
}

// offsetIn is the offset, in minutes east, that the date of an article states; 0
// for none.
func offsetIn(src news.Source, a *news.Article) int {
	m, by := read(a.Published.Raw, Account{Article: *a, Source: src}.reading())
	if m.Basis != news.Explicit {
		return 0
	}
	return by.offset / 60
}

// Hold keeps articles that are dated later than the fetch from standing before
// those to come: they stand at the fetch, the text of their dates stays. Among
// themselves, and those without a date, they are a microsecond apart, in the order of
// their dates or else of the document, whose first is the newest.
func Hold(list []news.Article, at time.Time) {
	var held []*news.Article
	for i := range slices.Backward(list) {
		if !list[i].Published.At.Before(at) {
			held = append(held, &list[i])
		}
	}
	slices.SortStableFunc(held, func(a, b *news.Article) int { return a.Published.At.Compare(b.Published.At) })
	for i, a := range held {
		a.Published.At = at.Add(time.Duration(i) * time.Microsecond)
	}
}
