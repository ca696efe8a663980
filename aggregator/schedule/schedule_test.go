package schedule_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"copydesk/aggregator/schedule"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestParseRefuses(t *testing.T) {
	for spec, want := range map[string]string{
		"sometimes":     "no schedule",
		"* * * *":       "no schedule",
		"61 * * * *":    "no schedule",
		"0 0 31 2 *":    "never comes",
		"@every":        "no duration",
		"@every 10":     "no duration",
		"@every 1ms":    "not between",
		"@every 99999h": "not between",
		"TZ=0":          "no schedule",
	} {
		if _, err := schedule.Parse(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) = %v, want an error with %q", spec, err, want)
		}
	}
}

func TestAfter(t *testing.T) {
	hourly := make([]time.Time, 8)
	for i := range hourly {
		hourly[i] = noon.Add(-time.Duration(i) * time.Hour)
	}
	silent := []time.Time{noon.Add(-50 * time.Hour), noon.Add(-51 * time.Hour)}
	for name, c := range map[string]struct {
		spec     string
		failures int
		recent   []time.Time
		from, to time.Duration
	}{
		"cron waits for its minute":        {"*/15 * * * *", 0, nil, 15 * time.Minute, 16 * time.Minute},
		"every counts from the pull":       {"@every 10m", 0, nil, 10 * time.Minute, 11 * time.Minute},
		"adaptive with no history":         {"", 0, nil, time.Hour, 61 * time.Minute},
		"adaptive halves the rhythm":       {"", 0, hourly, 30 * time.Minute, 31 * time.Minute},
		"adaptive slows in silence":        {"", 0, silent, 5 * time.Hour, 5*time.Hour + time.Minute},
		"a first failure waits its turn":   {"@every 10m", 1, nil, 10 * time.Minute, 11 * time.Minute},
		"failures double":                  {"@every 10m", 3, nil, 40 * time.Minute, 41 * time.Minute},
		"failures end at a day":            {"@every 10m", 40, nil, 24 * time.Hour, 24*time.Hour + time.Minute},
		"a schedule of seconds stays fast": {"@every 3s", 2, nil, 6 * time.Second, 7 * time.Second},
	} {
		s, err := schedule.Parse(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		got := s.After(schedule.History{Name: "a-source", Now: noon, Failures: c.failures, Recent: c.recent}).Sub(noon)
		if got < c.from || got > c.to {
			t.Errorf("%s: due after %v, want %v to %v", name, got, c.from, c.to)
		}
	}
}

func TestAfterIsLaterAndBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := rapid.SampledFrom([]string{"", "@every 7m", "@hourly", "3 4 * * *"}).Draw(t, "spec")
		s, err := schedule.Parse(spec)
		if err != nil {
			t.Fatal(err)
		}
		h := schedule.History{
			Name:     rapid.String().Draw(t, "name"),
			Now:      noon.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "now"))),
			Failures: rapid.IntRange(0, 1000).Draw(t, "failures"),
		}
		for _, offset := range rapid.SliceOf(rapid.Int64Range(-1e16, 1e16)).Draw(t, "recent") {
			h.Recent = append(h.Recent, h.Now.Add(time.Duration(offset)))
		}
		got := s.After(h)
		if !got.After(h.Now) || got.Sub(h.Now) > 24*time.Hour+time.Minute {
			t.Fatalf("due after %v", got.Sub(h.Now))
		}
		if again := s.After(h); !again.Equal(got) {
			t.Fatalf("due at %v, then at %v", got, again)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"*/15 * * * *", "@every 1h", "@hourly", "CRON_TZ=Asia/Tokyo 0 6 * * *", "TZ= * * * * *"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		if s, err := schedule.Parse(spec); err == nil && !s.Next(noon).After(noon) {
			t.Errorf("Parse(%q) gives a schedule that never comes", spec)
		}
	})
}
