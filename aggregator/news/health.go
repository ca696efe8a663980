package news

import "time"

// Health is how a source has done lately, remembered from pull to pull. The
// zero value is a source of which nothing is known.
type Health struct {
	Day       int64          `json:"day,omitempty"`       // of the last entry of Daily, in days since 1970 UTC
	Daily     []int          `json:"daily,omitempty"`     // new articles of each of the last days, oldest first
	Newest    time.Time      `json:"newest,omitzero"`     // when a new article last came
	Dates     map[Basis]int  `json:"dates,omitempty"`     // how the dates of its newest articles were read
	Hosts     map[string]int `json:"hosts,omitempty"`     // domains to which its newest articles link
	Languages map[string]int `json:"languages,omitempty"` // of its newest articles, by primary subtag
	Doubled   int            `json:"doubled,omitempty"`   // items of the last document that shared the id of another
	Renamed   int            `json:"renamed,omitempty"`   // of its newest articles, those that had come before under another id
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
	if len(h.Daily) == 0 || h.Day != Day(now) {
		return 0
	}
	return h.Daily[len(h.Daily)-1]
}

// Day numbers days since 1970 UTC.
func Day(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }
