package news

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Health is how a source has done lately, remembered from pull to pull. The
// zero value is a source of which nothing is known.
type Health struct {
	Day       int64          `json:"day,omitempty"`       // of the last entry of Daily, in days since 1970 UTC
	Daily     []int          `json:"daily,omitempty"`     // new articles of each of the last days, oldest first
	Newest    time.Time      `json:"newest,omitzero"`     // when a new article last came
	Dates     map[Basis]int  `json:"dates,omitempty"`     // how the dates of its newest articles were read
	Ahead     int            `json:"ahead,omitempty"`     // of its newest articles, those dated later than they came
	Far       int            `json:"far,omitempty"`       // of these, those dated too far ahead to count as dated
	Hosts     map[string]int `json:"hosts,omitempty"`     // domains to which its newest articles link
	Languages map[string]int `json:"languages,omitempty"` // of its newest articles, by primary subtag
	Doubled   int            `json:"doubled,omitempty"`   // items of the last document that had the id of another and were the same story
	Renamed   int            `json:"renamed,omitempty"`   // items of it that came under another id than before
	Alerts    []Alert        `json:"alerts,omitempty"`    // that stand
}

// An Alert tells an operator once that a source needs a look. It stands until
// what it tells of is over.
type Alert struct {
	Kind  AlertKind `json:"kind"`
	Since time.Time `json:"since"`
	Text  string    `json:"text"` // in words
}

// An AlertKind is what an alert is about. A source has at most one of each.
type AlertKind string

const (
	AlertBroken   AlertKind = "broken"   // it cannot be pulled
	AlertSilent   AlertKind = "silent"   // nothing new, against its rhythm
	AlertHijacked AlertKind = "hijacked" // its articles lead elsewhere, or speak another language: a lapsed domain may have been taken over
)

// Alert returns the alert of a kind that stands.
func (h Health) Alert(kind AlertKind) (Alert, bool) {
	for _, a := range h.Alerts {
		if a.Kind == kind {
			return a, true
		}
	}
	return Alert{}, false
}

// Language is the one that most of its newest articles are in; empty when none is
// known.
func (h Health) Language() string {
	best := ""
	for _, language := range slices.Sorted(maps.Keys(h.Languages)) {
		if h.Languages[language] > h.Languages[best] {
			best = language
		}
	}
	return best
}

// PerDay is how many new articles came on an average day, today left out; 0
// before the first whole day.
func (h Health) PerDay() float64 {
	if len(h.Daily) < 2 {
		return 0
	}
	sum := 0
	for _, n := range h.Daily[:len(h.Daily)-1] {
		sum += n
	}
	return float64(sum) / float64(len(h.Daily)-1)
}

// Today is how many new articles came on the day of now, UTC.
func (h Health) Today(now time.Time) int {
	if len(h.Daily) == 0 || h.Day != DayOf(now) {
		return 0
	}
	return h.Daily[len(h.Daily)-1]
}

// noticedDates is from which share dates without a zone are worth a word.
const noticedDates = 0.1

// Notes say in words what an operator should know of how a source does.
func (h Health) Notes(now time.Time) []string {
	out := []string{}
	dated := 0
	for _, n := range h.Dates {
		dated += n
	}
	if per := h.PerDay(); len(h.Daily) > 1 {
		out = append(out, fmt.Sprintf("%.1f articles on an average day, %d today", per, h.Today(now)))
	}
	for _, b := range []struct {
		count int
		words string
	}{
		{h.Dates[AssumedZone], "%.0f %% of its dates carry no zone and are read in the source's (time_zone)"},
		{h.Dates[DateOnly], "%.0f %% of its dates name only the day"},
		{h.Dates[Inferred], "%.0f %% of its dates are inferred"},
		{h.Ahead, "%.0f %% of its articles are dated later than they came, and stand at when they were first seen"},
		{h.Dates[FirstSeen] - h.Far, "%.0f %% of its articles carry no date that can be read"},
	} {
		if s := float64(b.count) / float64(max(dated, 1)); s >= noticedDates {
			out = append(out, fmt.Sprintf(b.words, 100*s))
		}
	}
	if h.Renamed > 0 {
		out = append(out, fmt.Sprintf("its ids change: %d items of its last document came under another than before, and were joined with the articles that stand", h.Renamed))
	}
	if h.Doubled > 0 {
		out = append(out, fmt.Sprintf("%d items of its last document had the id of another and told the same, and only the newest of each stands", h.Doubled))
	}
	return out
}

// DayOf numbers days since 1970 UTC.
func DayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }
