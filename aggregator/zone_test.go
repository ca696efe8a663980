package aggregator_test

import (
	"fmt"
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/normalize"
)

// The order of figures that a source's dates have once shown holds for those
// that show none.
func TestOrderOfFiguresIsRemembered(t *testing.T) {
	item := func(id, date string) string {
		return `<item><guid>` + id + `</guid><title>Story</title><pubDate>` + date + `</pubDate></item>`
	}
	page := playing(says(rss(item("1", "10/25/2026"))))
	r := newRig(t, "@every 15m", page)
	r.later(0)
	page.play(says(rss(item("2", "11/10/2026"), item("1", "10/25/2026"))))
	r.later(15 * time.Minute)
	want := time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC)
	if got := r.articles("wire")[0].Published; !got.At.Equal(want) || got.Basis != news.DateOnly {
		t.Errorf("got %v (%s), want %v", got.At, got.Basis, want)
	}
}

// A source of Shanghai that is read as UTC is found out by its own articles:
// each is dated eight hours after it was first seen.
func TestWrongZoneIsFoundOut(t *testing.T) {
	shanghai := time.FixedZone("", 8*60*60)
	stories := []string{}
	story := func(at time.Time) {
		stories = append(stories, fmt.Sprintf(`<item><guid>%d</guid><title>Story</title><pubDate>%s</pubDate></item>`, at.Unix(), at.In(shanghai).Format("2006-01-02 15:04:05")))
	}
	page := playing(says(rss()))
	r := newRig(t, "@every 15m", page)
	story(r.now)
	page.play(says(rss(stories...)))
	r.later(0)
	if got := r.status().Manners.Sightings; len(got) != 1 || got[0].Lag != -8*60 {
		t.Errorf("the first pull tells %v of the zone, want one article that is dated 8 hours ahead", got)
	}
	for range 6 {
		story(r.now.Add(10 * time.Minute))
		page.play(says(rss(stories...)))
		r.later(15 * time.Minute)
	}
	m := r.status().Manners
	v, ok := normalize.ZoneHealth(r.source.Source, m.Sightings, r.now)
	if !ok || v.Shift != -8*time.Hour || v.Agree != 7 {
		t.Errorf("got %+v (%v) of %v, want a shift of 8 hours that 7 articles agree on", v, ok, m.Sightings)
	}
	for _, a := range r.articles("wire") {
		if !a.Published.At.Equal(a.FirstSeen) {
			t.Errorf("%s is ordered by %v, and was first seen at %v", a.Published.Raw, a.Published.At, a.FirstSeen)
		}
	}

	r.source.TimeZone = shanghai
	story(r.now.Add(10 * time.Minute))
	page.play(says(rss(stories...)))
	r.later(15 * time.Minute)
	if got := r.status().Manners.Sightings; len(got) != 1 || got[0].Lag != 5 {
		t.Errorf("after the zone was changed: %v, want one article that is 5 minutes old", got)
	}
}

// A first pull whose articles lie ahead says so, and keeps them in the order of their
// dates; one that brings old articles says nothing.
func TestFirstPullTellsOfTheZone(t *testing.T) {
	shanghai := time.FixedZone("", 8*60*60)
	for name, c := range map[string]struct {
		newest time.Duration // before the pull
		want   string
	}{
		"dates ahead": {12 * time.Minute, "Asia/Shanghai"},
		"old dates":   {30 * time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			page := playing(says(rss()))
			r := newRig(t, "@every 15m", page)
			r.source.Language = "zh"
			stories := []string{}
			for i := range 30 {
				at := r.now.Add(-c.newest - time.Duration(i)*11*time.Minute)
				stories = append(stories, fmt.Sprintf(`<item><guid>%d</guid><title>%d</title><pubDate>%s</pubDate></item>`, i, i, at.In(shanghai).Format("2006-01-02 15:04:05")))
			}
			page.play(says(rss(stories...)))
			r.later(0)
			v, wrong := normalize.ZoneHealth(r.source.Source, r.status().Manners.Sightings, r.now)
			if wrong != (c.want != "") || v.Zone != c.want {
				t.Errorf("got %+v (%v), want the zone %q", v, wrong, c.want)
			}
			for i, a := range r.articles("wire") {
				if a.Title != fmt.Sprint(i) {
					t.Errorf("at place %d stands %s", i, a.Title)
				}
				if late := a.Published.At.Sub(a.FirstSeen); late >= time.Millisecond {
					t.Errorf("%s stands %v after it was first seen", a.Title, late)
				}
			}
		})
	}
}

// Articles without a date stand in the order of their document.
func TestUndatedKeepTheirOrder(t *testing.T) {
	var stories []string
	for i := range 12 {
		stories = append(stories, fmt.Sprintf(`<item><guid>%d</guid><title>%d</title></item>`, i, i))
	}
	r := newRig(t, "@every 15m", playing(says(rss(stories...))))
	r.later(0)
	for i, a := range r.articles("wire") {
		if a.Title != fmt.Sprint(i) {
			t.Errorf("at place %d stands %s", i, a.Title)
		}
	}
}

// A source that writes local time with the offset of elsewhere is told which zone
// that is.
func TestWrongOffsetIsFoundOut(t *testing.T) {
	tokyo := time.FixedZone("", 9*60*60)
	for label, want := range map[string]time.Duration{"GMT": -9 * time.Hour, "+0100": -8 * time.Hour} {
		t.Run(label, func(t *testing.T) {
			stories := []string{}
			page := playing(says(rss()))
			r := newRig(t, "@every 15m", page)
			r.source.Language = "ja"
			for range 8 {
				at := r.now.Add(10 * time.Minute)
				stories = append(stories, fmt.Sprintf(`<item><guid>%d</guid><title>Story</title><pubDate>%s %s</pubDate></item>`, at.Unix(), at.In(tokyo).Format("Mon, 02 Jan 2006 15:04:05"), label))
				page.play(says(rss(stories...)))
				r.later(15 * time.Minute)
			}
			v, ok := normalize.ZoneHealth(r.source.Source, r.status().Manners.Sightings, r.now)
			if !ok || v.Shift != want || v.Zone != "Asia/Tokyo" {
				t.Errorf("got %+v (%v), want a shift of %v, and Asia/Tokyo", v, ok, want)
			}
		})
	}
}
