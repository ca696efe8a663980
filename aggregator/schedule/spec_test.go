package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"copydesk/aggregator/schedule"
)

// Each spec is one that an operator has in mind; the hint says how to write it.
func TestParseRefuses(t *testing.T) {
	for spec, want := range map[string]struct{ problem, hint string }{
		"sometimes":                  {`"sometimes" is no schedule`, `"@every 10m"`},
		"every day at six":           {"4 fields instead of five", `"*/15 * * * *"`},
		"* * * *":                    {"4 fields instead of five", `"*/15 * * * *"`},
		"every 10 minutes":           {"is no schedule", `did you mean "@every 10m"?`},
		"every hour":                 {"is no schedule", `did you mean "@every 1h"?`},
		"15 min":                     {"is no schedule", `did you mean "@every 15m"?`},
		"Hourly":                     {"is no schedule", `did you mean "@hourly"?`},
		"06:30":                      {"is no schedule", `did you mean "30 6 * * *"`},
		"0 */15 * * * *":             {"is no schedule", `did you mean "*/15 * * * *"?`},
		"@reboot":                    {`"@reboot" is no schedule`, `"@daily"`},
		"61 * * * *":                 {`"61" is no minute`, "0 to 59"},
		"0 24 * * *":                 {`"24" is no hour`, "0 to 23"},
		"0 0 0 * *":                  {`"0" is no day of the month`, "1 to 31"},
		"0 0 1 13 *":                 {`"13" is no month`, "jan to dec"},
		"0 0 * * 7":                  {`"7" is no day of the week`, "0 is Sunday"},
		"*/0 * * * *":                {`"*/0" is no minute`, "a step such as */2"},
		"30-10 * * * *":              {`"30-10" is no minute`, "a range such as 1-5"},
		"*/99 * * * *":               {`"*/99" steps over every minute but the first`, `"@every 99m"`},
		"*/60 * * * *":               {`"*/60" steps over`, `"@every 60m"`},
		"5,10-20/15 * * * *":         {`"10-20/15" steps over`, `"@every 15m"`},
		"50/10 * * * *":              {`"50/10" steps over`, `"@every 10m"`},
		"0 */24 * * *":               {`"*/24" steps over every hour`, `"@every 24h"`},
		"0 0 */31 * *":               {`"*/31" steps over every day of the month`, `"@every 31d"`},
		"0 0 1 */12 *":               {`"*/12" steps over every month`, `"@yearly"`},
		"0 0 * * */7":                {`"*/7" steps over every day of the week`, `"@weekly"`},
		"0 0 31 2 *":                 {"never comes", "a day that exists"},
		"@every":                     {"no span of time", `"@every 10m"`},
		"@every 10":                  {"no span of time", `"@every 10m"`},
		"@every 10 minutes":          {"no span of time", `did you mean "@every 10m"?`},
		"@every 999ms":               {"more often than once a second", `"@every 1s" at the least`},
		"@every 0s":                  {"more often than once a second", `"@every 1s" at the least`},
		"@every -5m":                 {"more often than once a second", `"@every 1s" at the least`},
		"@every 99999h":              {"longer than a year", "paused: true"},
		"@every 367d":                {"longer than a year", "paused: true"},
		"TZ=0":                       {`no time zone "0"`, "CRON_TZ=Asia/Shanghai"},
		"CRON_TZ= 0 6 * * *":         {`no time zone ""`, "CRON_TZ=Asia/Shanghai"},
		"CRON_TZ=Local 0 6 * * *":    {`no time zone "Local"`, "CRON_TZ=Asia/Shanghai"},
		"CRON_TZ=Asia/Tokyo":         {"nothing after it", "five fields after it"},
		"CRON_TZ=UTC TZ=UTC * * * *": {`"TZ=UTC" is no minute`, "0 to 59"},
	} {
		_, err := schedule.Parse(spec)
		var wrong *schedule.SpecError
		if !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), want.problem) || !strings.Contains(wrong.Hint(), want.hint) {
			t.Errorf("Parse(%q): got %v (%s), want %v", spec, err, hintOf(wrong), want)
		}
	}
}

func hintOf(e *schedule.SpecError) string {
	if e == nil {
		return ""
	}
	return e.Hint()
}

// What a hint proposes must itself be a schedule.
func TestHintsAreSchedules(t *testing.T) {
	for _, spec := range []string{"every 3 hours", "90 seconds", "2 days", "weekly", "23:05", "0 0 6 * * 1", "@every 2 days", "*/90 * * * *", "0 */48 * * *", "0 0 */40 * *"} {
		_, err := schedule.Parse(spec)
		var wrong *schedule.SpecError
		if !errors.As(err, &wrong) {
			t.Errorf("Parse(%q): got %v, want a fault", spec, err)
			continue
		}
		quoted := strings.Split(wrong.Hint(), `"`)
		if len(quoted) < 2 {
			t.Errorf("Parse(%q): got hint %q, want one with a spec", spec, wrong.Hint())
		} else if _, err := schedule.Parse(quoted[1]); err != nil {
			t.Errorf("Parse(%q) proposes %q: %v", spec, quoted[1], err)
		}
	}
}

func TestNext(t *testing.T) {
	for name, c := range map[string]struct{ spec, at, want string }{
		"a minute of its own is over":      {"*/15 * * * *", "2026-11-24T12:00:00Z", "2026-11-24T12:15:00Z"},
		"a moment before is enough":        {"*/15 * * * *", "2026-11-24T11:59:59.999Z", "2026-11-24T12:00:00Z"},
		"names of days and months":         {"0 6 * jan mon-fri", "2026-11-24T12:00:00Z", "2027-01-01T06:00:00Z"},
		"a leap day may be far":            {"0 0 29 2 *", "2026-11-24T12:00:00Z", "2028-02-29T00:00:00Z"},
		"hours are those of UTC":           {"0 6 * * *", "2026-11-24T12:00:00+09:00", "2026-11-24T06:00:00Z"},
		"unless the spec names a zone":     {"CRON_TZ=Asia/Shanghai 0 6 * * *", "2026-11-24T12:00:00Z", "2026-11-24T22:00:00Z"},
		"TZ is another word for it":        {"TZ=Asia/Shanghai 0 6 * * *", "2026-11-24T12:00:00Z", "2026-11-24T22:00:00Z"},
		"descriptors take a zone too":      {"CRON_TZ=Asia/Kolkata @daily", "2026-11-24T12:00:00Z", "2026-11-24T18:30:00Z"},
		"every knows days":                 {"@every 2d", "2026-11-24T12:00:00Z", "2026-11-26T12:00:00Z"},
		"every has no zone":                {"CRON_TZ=Asia/Tokyo @every 90m", "2026-11-24T12:00:00Z", "2026-11-24T13:30:00Z"},
		"six in the morning before spring": {"CRON_TZ=Europe/Berlin 0 6 * * *", "2026-03-28T00:00:00Z", "2026-03-28T05:00:00Z"},
		"six in the morning after spring":  {"CRON_TZ=Europe/Berlin 0 6 * * *", "2026-03-28T12:00:00Z", "2026-03-29T04:00:00Z"},
		"a time that spring skips":         {"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z"},
		"a time that comes twice":          {"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"},
		"and comes again":                  {"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
		"but not a third time":             {"CRON_TZ=Europe/Berlin 30 2 * * *", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"},
		"a midnight that never was":        {"CRON_TZ=Africa/Cairo 0 0 * * *", "2026-04-23T12:00:00Z", "2026-04-24T21:00:00Z"},
	} {
		s, err := schedule.Parse(c.spec)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := s.Next(moment(t, c.at)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: next of %q after %s: got %s, want %s", name, c.spec, c.at, got, c.want)
		}
	}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Where clocks change, a spec of minutes neither pauses nor hurries.
func TestMinutesFlowThroughTheChangeOfClocks(t *testing.T) {
	for _, c := range []struct{ zone, from string }{
		{"Europe/Berlin", "2026-03-28T22:00:00Z"}, {"Europe/Berlin", "2026-10-24T22:00:00Z"},
		{"America/New_York", "2026-03-08T04:00:00Z"}, {"America/New_York", "2026-11-01T03:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T12:00:00Z"}, {"Australia/Lord_Howe", "2026-10-03T12:00:00Z"}, // half an hour
		{"Africa/Cairo", "2026-04-23T20:00:00Z"},
	} {
		s, err := schedule.Parse("CRON_TZ=" + c.zone + " */10 * * * *")
		if err != nil {
			t.Fatal(err)
		}
		at := moment(t, c.from)
		for range 48 {
			next := s.Next(at)
			if got := next.Sub(at); got != 10*time.Minute {
				t.Errorf("%s: from %v to %v: got %v, want 10m", c.zone, at, next, got)
			}
			at = next
		}
	}
}

// soundSpecs draws specs that an operator could write.
func soundSpecs() *rapid.Generator[string] {
	number := func(low, high int) *rapid.Generator[string] {
		return rapid.Custom(func(t *rapid.T) string {
			n := rapid.IntRange(low, high).Draw(t, "n")
			switch rapid.IntRange(0, 2).Draw(t, "form") {
			case 0:
				return "*"
			case 1:
				return "*/" + itoa(rapid.IntRange(1, (high-low)/2).Draw(t, "step"))
			}
			return itoa(n) + "," + itoa(rapid.IntRange(low, high).Draw(t, "m"))
		})
	}
	return rapid.Custom(func(t *rapid.T) string {
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return ""
		case 1:
			return "@every " + (time.Duration(rapid.Int64Range(1, 366*24*3600).Draw(t, "every")) * time.Second).String()
		case 2:
			return rapid.SampledFrom([]string{"@hourly", "@daily", "@weekly", "@monthly", "@yearly"}).Draw(t, "name")
		}
		zone := rapid.SampledFrom([]string{"", "CRON_TZ=Europe/Berlin ", "CRON_TZ=Australia/Lord_Howe ", "TZ=Africa/Cairo "}).Draw(t, "zone")
		return zone + strings.Join([]string{number(0, 59).Draw(t, "minute"), number(0, 23).Draw(t, "hour"), number(1, 28).Draw(t, "day"), number(1, 12).Draw(t, "month"), number(0, 6).Draw(t, "weekday")}, " ")
	})
}

func TestNextIsLaterEverywhereAlike(t *testing.T) {
	tokyo := time.FixedZone("Tokyo", 9*3600)
	rapid.Check(t, func(t *rapid.T) {
		spec := soundSpecs().Draw(t, "spec")
		s, err := schedule.Parse(spec)
		if err != nil {
			t.Fatalf("Parse(%q): %v", spec, err)
		}
		at := noon.Add(time.Duration(rapid.Int64Range(-1e17, 1e17).Draw(t, "at")))
		got := s.Next(at)
		if !got.After(at) {
			t.Fatalf("%q: next of %v: got %v, want a later moment", spec, at, got)
		}
		if there := s.Next(at.In(tokyo)); !there.Equal(got) {
			t.Fatalf("%q: next of %v: got %v in Tokyo, want %v", spec, at, there, got)
		}
		if between := at.Add(got.Sub(at) / 2); spec != "" && !strings.Contains(spec, "@every") && !s.Next(between).Equal(got) {
			t.Fatalf("%q: next of %v: got %v, want %v, for nothing lies between", spec, between, s.Next(between), got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"*/15 * * * *", "@every 1h", "@hourly", "CRON_TZ=Asia/Tokyo 0 6 * * *", "TZ= * * * * *", "TZ=0", "@every 1d", "10-20/15 * * * *", "06:30", "CRON_TZ=UTC @every 1s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		s, err := schedule.Parse(spec)
		var wrong *schedule.SpecError
		switch {
		case err == nil && !s.Next(noon).After(noon):
			t.Errorf("Parse(%q) gives a schedule that never comes", spec)
		case err != nil && (!errors.As(err, &wrong) || wrong.Error() == "" || wrong.Hint() == ""):
			t.Errorf("Parse(%q): got %v, want a fault with a hint", spec, err)
		}
	})
}
