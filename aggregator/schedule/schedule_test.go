package schedule_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"copydesk/aggregator/schedule"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func itoa(n int) string { return strconv.Itoa(n) }

// ago are the publication times of articles, so long before noon.
func ago(spans ...time.Duration) []time.Time {
	out := make([]time.Time, len(spans))
	for i, s := range spans {
		out[i] = noon.Add(-s)
	}
	return out
}

// every are n articles, one each span, the newest at noon.
func every(span time.Duration, n int) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		out[i] = noon.Add(-time.Duration(i) * span)
	}
	return out
}

// After adds a jitter of a tenth, of a minute at most; so each case has an
// interval that the answer may not be below and hardly above.
func TestAfter(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		spec string
		h    schedule.History
		want time.Duration
	}{
		"cron waits for its minute":           {"*/15 * * * *", schedule.History{}, 15 * time.Minute},
		"every counts from the pull":          {"@every 10m", schedule.History{}, 10 * time.Minute},
		"a schedule ignores the rhythm":       {"@every 10m", schedule.History{Recent: every(time.Second, 9)}, 10 * time.Minute},
		"adaptive with no history":            {"", schedule.History{}, time.Hour},
		"one article makes no rhythm":         {"", schedule.History{Recent: ago(0)}, time.Hour},
		"adaptive halves the rhythm":          {"", schedule.History{Recent: every(time.Hour, 8)}, 30 * time.Minute},
		"the order of articles does not tell": {"", schedule.History{Recent: ago(2*time.Hour, 0, 3*time.Hour, time.Hour)}, 30 * time.Minute},
		"one long gap does not tell":          {"", schedule.History{Recent: ago(0, time.Hour, 2*time.Hour, 90*day)}, 30 * time.Minute},
		"a wire in full flow":                 {"", schedule.History{Recent: every(10*time.Second, 50)}, 5 * time.Minute},
		"a batch in one second":               {"", schedule.History{Recent: every(0, 50)}, 5 * time.Minute},
		"dates in the future":                 {"", schedule.History{Recent: ago(-300*day, -301*day, -302*day)}, 12 * time.Hour},
		"adaptive slows in silence":           {"", schedule.History{Recent: ago(50*time.Hour, 51*time.Hour)}, 5 * time.Hour},
		"a source that died long ago":         {"", schedule.History{Recent: ago(900*day, 901*day)}, day},
		"a yearly review":                     {"", schedule.History{Recent: every(365*day, 5)}, day},

		"a first failure waits its turn":        {"@every 10m", schedule.History{Failures: 1}, 10 * time.Minute},
		"failures double":                       {"@every 10m", schedule.History{Failures: 3}, 40 * time.Minute},
		"failures end at a day":                 {"@every 10m", schedule.History{Failures: 40}, day},
		"failures without end":                  {"@every 10m", schedule.History{Failures: 1 << 40}, day},
		"failures of a cron spec":               {"*/15 * * * *", schedule.History{Failures: 2}, 30 * time.Minute},
		"failures of an adaptive source":        {"", schedule.History{Failures: 2, Recent: every(time.Hour, 8)}, time.Hour},
		"failing pulls do not speed up a month": {"0 12 24 * *", schedule.History{Failures: 9}, 30 * day},
		"a schedule of seconds stays fast":      {"@every 3s", schedule.History{Failures: 2}, 6 * time.Second},
		"half a minute becomes a whole one":     {"@every 30s", schedule.History{Failures: 1}, time.Minute},

		"a feed that asks for an hour":            {"@every 10m", schedule.History{Every: time.Hour}, time.Hour},
		"a feed that asks for less than we do":    {"@every 10m", schedule.History{Every: time.Minute}, 10 * time.Minute},
		"a feed that asks for a month gets a day": {"@every 10m", schedule.History{Every: 30 * day}, day},
		"a cron spec keeps its minutes":           {"*/15 * * * *", schedule.History{Every: 20 * time.Minute}, 30 * time.Minute},
		"a wish on the very minute":               {"*/15 * * * *", schedule.History{Every: 30 * time.Minute}, 30 * time.Minute},
		"a server that says when":                 {"@every 10m", schedule.History{Failures: 1, NotBefore: noon.Add(3 * time.Hour)}, 3 * time.Hour},
		"a server that said when, long ago":       {"@every 10m", schedule.History{Failures: 1, NotBefore: noon.Add(-time.Hour)}, 10 * time.Minute},
		"a server that says next year":            {"@every 10m", schedule.History{Failures: 1, NotBefore: noon.Add(365 * day)}, 7 * day},
		"hours of sleep":                          {"@every 1h", schedule.History{SkipHours: 1<<13 | 1<<14}, 3 * time.Hour},
		"days of sleep":                           {"@every 1h", schedule.History{SkipDays: 1<<time.Tuesday | 1<<time.Wednesday}, 36 * time.Hour},
		"a feed that never wakes":                 {"@every 1h", schedule.History{SkipHours: 1<<24 - 1}, time.Hour},
		"a week without a day":                    {"@every 1h", schedule.History{SkipDays: 1<<7 - 1}, time.Hour},
	} {
		s, err := schedule.Parse(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		c.h.Name, c.h.Now = "a-source", noon
		at, _ := s.After(c.h)
		got := at.Sub(noon)
		if most := c.want + min(c.want/10, time.Minute); got < c.want || got > most {
			t.Errorf("%s: due after %v, want %v to %v", name, got, c.want, most)
		}
	}
}

// What made a source late is known, so that an operator can be told.
func TestReasons(t *testing.T) {
	for name, c := range map[string]struct {
		h    schedule.History
		want schedule.Reason
	}{
		"nothing else":              {schedule.History{}, schedule.BySchedule},
		"a wish that is met":        {schedule.History{Every: time.Minute}, schedule.BySchedule},
		"a wish":                    {schedule.History{Every: time.Hour}, schedule.ByWish},
		"a first failure":           {schedule.History{Failures: 1}, schedule.BySchedule},
		"failures":                  {schedule.History{Failures: 3}, schedule.ByFailures},
		"failures and a wish":       {schedule.History{Failures: 2, Every: time.Hour}, schedule.ByFailures},
		"a refusal":                 {schedule.History{Failures: 3, NotBefore: noon.Add(2 * time.Hour)}, schedule.ByRefusal},
		"a refusal that is shorter": {schedule.History{Failures: 3, NotBefore: noon.Add(time.Minute)}, schedule.ByFailures},
		"the night":                 {schedule.History{SkipHours: 1 << 12}, schedule.ByNight},
	} {
		s, err := schedule.Parse("@every 10m")
		if err != nil {
			t.Fatal(err)
		}
		c.h.Name, c.h.Now = "a-source", noon
		if at, got := s.After(c.h); got != c.want {
			t.Errorf("%s: due at %v by reason %v, want %v", name, at, got, c.want)
		}
	}
}

func TestBackoffNeverShortens(t *testing.T) {
	for _, spec := range []string{"", "@every 1s", "@every 40s", "*/5 * * * *", "@daily", "@monthly"} {
		s, err := schedule.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		last := time.Duration(0)
		for failures := range 40 {
			at, _ := s.After(schedule.History{Name: "a", Now: noon, Failures: failures})
			got := at.Sub(noon)
			if got+time.Minute < last {
				t.Errorf("%q: failure %d waits %v, want no less than the %v before", spec, failures, got, last)
			}
			last = got
		}
	}
}

// Ten thousand sources of one spec must not all knock at once, nor after a
// common failure, a common refusal or a common night.
func TestJitterSpreads(t *testing.T) {
	s, err := schedule.Parse("*/15 * * * *")
	if err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]schedule.History{
		"by schedule":                  {},
		"after the first failure":      {Failures: 1},
		"after a failure at its limit": {Failures: 30},
		"after a refusal":              {Failures: 1, NotBefore: noon.Add(2 * time.Hour)},
		"as the feed wishes":           {Every: time.Hour},
		"after a night":                {SkipHours: 1<<12 | 1<<13},
	} {
		seconds := map[int]int{}
		for i := range 10_000 {
			h.Name, h.Now = fmt.Sprintf("source-%d", i), noon
			at, _ := s.After(h)
			seconds[int(at.Sub(noon).Seconds())]++
		}
		for second, n := range seconds {
			if n > 300 {
				t.Errorf("%s: second %d: got %d pulls, want about 10000/60", name, second, n)
			}
		}
		if len(seconds) != 60 {
			t.Errorf("%s: got pulls in %d seconds, want 60", name, len(seconds))
		}
	}
}

func drawHistory(t *rapid.T) schedule.History {
	h := schedule.History{
		Name:      rapid.String().Draw(t, "name"),
		Now:       noon.Add(time.Duration(rapid.Int64Range(-1e17, 1e17).Draw(t, "now"))),
		Failures:  rapid.IntRange(0, 1000).Draw(t, "failures"),
		Every:     time.Duration(rapid.Int64().Draw(t, "every")),
		SkipHours: rapid.Uint32().Draw(t, "hours"),
		SkipDays:  rapid.Uint8().Draw(t, "days"),
	}
	if rapid.Bool().Draw(t, "refused") {
		h.NotBefore = h.Now.Add(time.Duration(rapid.Int64().Draw(t, "not before")))
	}
	for _, offset := range rapid.SliceOf(rapid.Int64()).Draw(t, "recent") {
		h.Recent = append(h.Recent, h.Now.Add(time.Duration(offset)))
	}
	return h
}

// Whatever a source, its feed and its server say, the next pull is later, and
// the same answer comes again, in every zone.
func TestAfterIsLaterAndTheSame(t *testing.T) {
	berlin := time.FixedZone("Berlin", 3600)
	rapid.Check(t, func(t *rapid.T) {
		spec := soundSpecs().Draw(t, "spec")
		s, err := schedule.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		h := drawHistory(t)
		got, why := s.After(h)
		if !got.After(h.Now) {
			t.Fatalf("%q: due at %v, want later than %v", spec, got, h.Now)
		}
		h.Now = h.Now.In(berlin)
		if again, because := s.After(h); !again.Equal(got) || because != why {
			t.Fatalf("%q: due at %v (%v), then at %v (%v)", spec, got, why, again, because)
		}
	})
}

// Left to itself, a source is pulled between every 5 minutes and once a day.
func TestAdaptiveStaysWithinItsBounds(t *testing.T) {
	s, err := schedule.Parse("")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		h.NotBefore, h.SkipHours, h.SkipDays = time.Time{}, 0, 0
		at, _ := s.After(h)
		if got := at.Sub(h.Now); got < 5*time.Minute || got > 24*time.Hour+time.Minute {
			t.Fatalf("due after %v, want 5m to 24h and a minute", got)
		}
	})
}

func TestRecentIsLeftAlone(t *testing.T) {
	var s schedule.Schedule
	recent := ago(3*time.Hour, time.Hour, 2*time.Hour)
	s.After(schedule.History{Name: "a", Now: noon, Recent: recent})
	if want := ago(3*time.Hour, time.Hour, 2*time.Hour); fmt.Sprint(recent) != fmt.Sprint(want) {
		t.Errorf("the caller's articles: got %v, want %v", recent, want)
	}
}

// A source that is pushed is checked daily, more often when that was needed, and
// by the end of its lease.
func TestCheck(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	far := at.Add(1000 * time.Hour)
	for _, tt := range []struct {
		name   string
		misses int
		end    time.Time
		want   time.Duration
	}{
		{"it works", 0, far, 24 * time.Hour},
		{"it has failed once", 1, far, 12 * time.Hour},
		{"it has failed three times", 3, far, 3 * time.Hour},
		{"it fails always", 1000, far, 5 * time.Minute},
		{"the lease ends before", 0, at.Add(2 * time.Hour), 2 * time.Hour},
	} {
		got := schedule.Check(schedule.History{Name: "wire", Now: at}, tt.misses, tt.end).Sub(at)
		if got > tt.want || got < tt.want-time.Minute {
			t.Errorf("%s: %v, want %v or up to a minute less", tt.name, got, tt.want)
		}
	}
	one, other := schedule.History{Name: "a", Now: at}, schedule.History{Name: "b", Now: at}
	if schedule.Check(one, 0, far).Equal(schedule.Check(other, 0, far)) {
		t.Error("two sources are checked in the same moment")
	}
	one.SkipHours = 1<<8 | 1<<9 | 1<<10
	if got := schedule.Check(one, 0, far); got.Hour() != 11 {
		t.Errorf("a feed that sleeps until 11 is checked at %v", got)
	}
}
