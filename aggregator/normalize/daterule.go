package normalize

import (
	"fmt"
	"strings"
	"time"

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
		return rule + " in the link, for it came without a date"
	default:
		rule += " in " + field
	}
	held := ""
	if stated, ok := dateOf(m.Raw, c.reading()); ok && m.At.Equal(c.Article.FirstSeen) && stated.At.After(m.At) { // Hold
		m.At, held = stated.At, "held at when it was first seen, for it lay ahead"
	}
	for _, words := range []string{c.zone(m, strings.Contains(flags, "shown")), c.guess(m), c.figures(m, strings.Contains(flags, "order")), held} {
		if words != "" {
			rule += ", " + words
		}
	}
	return rule
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

// reads reports a reading that gives the very moment.
func reads(m news.Moment, r Reading) bool {
	for _, r.Order = range orderings {
		if got, ok := dateOf(m.Raw, r); ok && got.At.Equal(m.At) {
			return true
		}
	}
	return false
}

func (c Account) ahead(m news.Moment) bool {
	got, ok := dateOf(m.Raw, c.reading())
	return ok && got.At.After(c.Article.FirstSeen.Add(tolerance))
}

// zone tells which zone a date was read in: its own, which shows when it means
// the same in another, or that of its source, in which letters such as CST mean
// what they do there.
func (c Account) zone(m news.Moment, shown bool) string {
	here, elsewhere := c.reading(), c.reading()
	elsewhere.Zone = time.FixedZone("", -11*60*60)
	rule := ""
	if m.Basis == news.DateOnly {
		rule = "without a time of day, so at its start "
	}
	switch _, counted := epoch(strings.TrimSpace(m.Raw)); {
	case m.Basis == news.Inferred:
		return ""
	case counted:
		return "which counts from 1970"
	case reads(m, elsewhere):
		return rule + "in the zone that it states"
	case m.Basis == news.Explicit:
		return fmt.Sprintf("by its letters for a zone as the time_zone of its source, %s, has them", here.Zone)
	case shown:
		return rule + "in the zone that the page's other dates show"
	case reads(m, here):
		return fmt.Sprintf("%sin the time_zone of its source, %s", rule, here.Zone)
	}
	return rule + "in the time_zone that its source had then"
}

// guess tells what an inferred date was counted from: one that moves with the
// fetch was counted from it, else the year was not stated.
func (c Account) guess(m news.Moment) string {
	if m.Basis != news.Inferred {
		return ""
	}
	r := c.reading()
	here, ok := dateOf(m.Raw, r)
	r.At = r.At.Add(24 * time.Hour)
	later, stays := dateOf(m.Raw, r)
	switch moved := later.At.Sub(here.At); {
	case !ok || !stays:
		return ""
	case moved > 0 && moved <= 48*time.Hour:
		return "counted from when it was pulled"
	}
	return "in the newest year in which that day had come, for it states none"
}

// figures tells how 11/10/2022 was read.
func (c Account) figures(m news.Moment, others bool) string {
	r := c.reading()
	r.Order = DayFirst
	day, okDay := dateOf(m.Raw, r)
	r.Order = MonthFirst
	month, okMonth := dateOf(m.Raw, r)
	if !okDay || !okMonth || day.At.Equal(month.At) {
		return ""
	}
	rule := "the day before the month"
	if month.At.Equal(m.At) {
		rule = "the month before the day"
	}
	if others {
		return rule + " as other dates of its source show"
	}
	return rule + " as its language, country or zone has it"
}
