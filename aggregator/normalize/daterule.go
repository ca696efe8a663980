package normalize

import (
	"fmt"
	"slices"
	"strings"

	"copydesk/aggregator/news"
	"copydesk/aggregator/parse"
)

func (c Account) published(s side) string { return c.date(s, c.Article.Published, "published") }
func (c Account) modified(s side) string  { return c.date(s, c.Article.Modified, "modified") }

// date tells how a moment was read, and from what.
func (c Account) date(s side, m news.Moment, name string) string {
	field, flags, _ := strings.Cut(s.Witnesses.Of(name), " ")
	if s.page != nil {
		field = s.witness(name)
	}
	switch {
	case m.Basis == news.FirstSeen && m.Raw == "":
		return string(m.Basis) + ": it came without a date"
	case m.Basis == news.FirstSeen && c.ahead(m):
		return fmt.Sprintf("%s: its date %q lay more than %.0f hours ahead", m.Basis, m.Raw, tolerance.Hours())
	case m.Basis == news.FirstSeen:
		return fmt.Sprintf("%s: %q cannot be read as a date", m.Basis, m.Raw)
	}
	rule := fmt.Sprintf("%s: read from %q", m.Basis, m.Raw)
	switch field {
	case "", fromItem:
	case fromLink:
		_, _, by, _ := dayInPath(c.Article.URL)
		return joined(rule+" in the link, for it came without a date", byRules(by))
	default:
		rule += " in " + field
	}
	return rule + ", " + c.howRead(m, flags)
}

// howRead tells in which zone and order a date was read, or counted from what, and
// the rules that read it.
func (c Account) howRead(m news.Moment, flags string) string {
	held := ""
	if stated, _ := read(m.Raw, c.reading()); !m.At.Before(c.Article.FirstSeen) && stated.At.After(m.At) { // Hold
		m.At, held = stated.At, "held at when it was first seen, for it lay ahead"
	}
	by, same := c.rules(m)
	return joined(c.zone(m, by, same, strings.Contains(flags, "shown")), guess(m, by), ordered(by, strings.Contains(flags, "order")), held, by.told())
}

// readAs adds to the claims of a page that won a date how that was read.
func (c Account) readAs(claims []parse.Claim) {
	moments := map[string]news.Moment{"published": c.Article.Published, "modified": c.Article.Modified}
	for i := range claims {
		claim := &claims[i]
		m := moments[claim.Field]
		if claim.Won && m.Raw != "" && m.Raw == claim.Value && m.Basis != news.FirstSeen {
			_, flags, _ := strings.Cut(c.sides().of(claim.Field).Witnesses.Of(claim.Field), " ")
			claim.Rule += "; " + c.howRead(m, flags)
		}
	}
}

// told names the rules that read a date.
func (by dateRules) told() string {
	if by.zone == by.day { // a format says both
		by.zone = ""
	}
	return byRules(by.day, by.calendar, by.clock, by.zone)
}

func byRules(names ...string) string {
	if names := joined(names...); names != "" {
		return "by the rules for " + names
	}
	return ""
}

// joined are the parts of a sentence that are not empty.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// reading is what the dates of the article are read with, but for the order of
// figures.
func (c Account) reading() Reading {
	return Reading{
		Zone: c.Source.Zone(), At: c.Article.FirstSeen, Language: regional(c.Source, &parse.Feed{}, &c.Article),
		Country: countryOf(c.Source.HomePage, c.Source.URL),
	}
}

// orderings are how a date can be read: by itself, and with either order of its
// figures.
var orderings = [...]Order{OrderUnknown, DayFirst, MonthFirst}

// rules are those that read a moment. They are the same when they give that very
// moment today: the zone of its source may have been another.
func (c Account) rules(m news.Moment) (by dateRules, same bool) {
	r := c.reading()
	for _, r.Order = range orderings {
		got, by := read(m.Raw, r)
		if got.At.IsZero() {
			got, _ = yearAlone(m.Raw, r)
			by.day = "a year alone"
		}
		if got.At.Equal(m.At) {
			return by, true
		}
	}
	_, by = read(m.Raw, c.reading())
	return by, false
}

func (c Account) ahead(m news.Moment) bool {
	r := c.reading()
	got, _ := read(m.Raw, r)
	return r.ahead(got)
}

// zone tells which zone a date was read in: its own, or that of its source, in
// which letters such as CST mean what they do there.
func (c Account) zone(m news.Moment, by dateRules, same, shown bool) string {
	here, rule := c.reading().Zone, ""
	if m.Basis == news.DateOnly {
		rule = "without a time of day, so at its start "
	}
	switch {
	case m.Basis == news.Inferred:
		return ""
	case by.day == sinceEpoch:
		return "which counts from 1970"
	case by.agreed:
		return fmt.Sprintf("by its letters for a zone as the time_zone of its source, %s, has them", here)
	case by.zone != "":
		return rule + "in the zone that it states"
	case shown:
		return rule + "in the zone that the page's other dates show"
	case same:
		return fmt.Sprintf("%sin the time_zone of its source, %s", rule, here)
	}
	return rule + "in the time_zone that its source had then"
}

// guess tells what an inferred date was counted from.
func guess(m news.Moment, by dateRules) string {
	switch {
	case m.Basis != news.Inferred:
		return ""
	case by.yearless:
		return "in the newest year in which that day had come, for it states none"
	}
	return "counted from when it was pulled"
}

// ordered tells how 11/10/2022 was read.
func ordered(by dateRules, others bool) string {
	rule := ""
	switch by.order {
	case OrderUnknown:
		return ""
	case DayFirst:
		rule = "the day before the month"
	case MonthFirst:
		rule = "the month before the day"
	}
	if others {
		return rule + " as other dates of its source show"
	}
	return rule + " as its language, country or zone has it"
}
