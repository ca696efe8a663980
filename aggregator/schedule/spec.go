package schedule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// What @every may ask for.
const (
	shortestEvery = time.Second
	longestEvery  = 366 * 24 * time.Hour
)

// A SpecError is a spec that cannot be meant so.
type SpecError struct {
	problem string
	hint    string
}

func (e *SpecError) Error() string { return e.problem }

// Hint is what to write instead.
func (e *SpecError) Hint() string { return e.hint }

const usualSpecs = `write "@every 10m", "@hourly", five fields such as "*/15 * * * *", or leave the key out for the source's own rhythm`

// Parse reads a cron spec of five fields, a descriptor such as @hourly, or
// "@every 10m". The empty spec is adaptive. Its error is a *SpecError.
func Parse(spec string) (Schedule, error) {
	zone, rest, err := cutZone(strings.TrimSpace(spec))
	if err != nil {
		return Schedule{}, err
	}
	if span, ok := strings.CutPrefix(rest, "@every"); ok {
		return parseEvery(rest, strings.TrimSpace(span))
	}
	words := strings.Fields(rest)
	if len(words) == 0 && zone == "" {
		return Schedule{}, nil
	}
	if len(words) == 0 {
		return Schedule{}, &SpecError{fmt.Sprintf("%q has a zone and nothing after it", spec), `write five fields after it, as in "CRON_TZ=Asia/Shanghai 0 6 * * *"`}
	}
	if err := checkFields(rest, words); err != nil {
		return Schedule{}, err
	}
	parsed, cause := cron.ParseStandard(zone + strings.Join(words, " "))
	if cause != nil {
		return Schedule{}, &SpecError{fmt.Sprintf("%q is no schedule", spec), usualSpecs}
	}
	if parsed.Next(time.Unix(0, 0)).IsZero() {
		return Schedule{}, &SpecError{fmt.Sprintf("%q never comes, for no month has such a day", spec), "write a day that exists; a day of the month is 1 to 31, of February 1 to 29"}
	}
	return Schedule{cron: parsed}, nil
}

// cutZone takes "CRON_TZ=Asia/Shanghai " off the front.
func cutZone(spec string) (zone, rest string, err error) {
	name, ok := strings.CutPrefix(spec, "CRON_TZ=")
	if !ok {
		if name, ok = strings.CutPrefix(spec, "TZ="); !ok {
			return "", spec, nil
		}
	}
	name, rest, _ = strings.Cut(name, " ")
	if _, cause := time.LoadLocation(name); cause != nil || name == "" || name == "Local" {
		return "", "", &SpecError{fmt.Sprintf("there is no time zone %q", name), `write an IANA name, as in "CRON_TZ=Asia/Shanghai 0 6 * * *"`}
	}
	return "CRON_TZ=" + name + " ", strings.TrimSpace(rest), nil
}

func parseEvery(spec, span string) (Schedule, error) {
	every, ok := parseSpan(span)
	switch {
	case !ok:
		hint := `write a number with a unit, such as "@every 10m" or "@every 1h30m"`
		if better := looseSpan(span); better != "" {
			hint = fmt.Sprintf("did you mean %q?", better)
		}
		return Schedule{}, &SpecError{fmt.Sprintf("%q has no span of time after @every", spec), hint}
	case every < shortestEvery:
		return Schedule{}, &SpecError{fmt.Sprintf("%q asks more often than once a second, which no server suffers", spec), `write "@every 1s" at the least; "@every 10m" is usual`}
	case every > longestEvery:
		return Schedule{}, &SpecError{fmt.Sprintf("%q is longer than a year", spec), `write "@every 366d" at the most, or paused: true for a source that is not to be pulled`}
	}
	return Schedule{every: every}, nil
}

// parseSpan reads 90s, 10m, 1h30m, and days, which time.ParseDuration does not
// know.
func parseSpan(s string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err == nil
	}
	d, err := time.ParseDuration(s)
	return d, err == nil
}

var loose = regexp.MustCompile(`(?i)^(?:every\s+)?(\d{0,4})\s*(s|sec|second|m|min|minute|h|hr|hour|d|day)s?\.?$`)

// looseSpan is the spec that "every 10 minutes" or "10 min" was meant to be.
func looseSpan(s string) string {
	m := loose.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	number := m[1]
	if number == "" {
		number = "1"
	}
	return "@every " + number + strings.ToLower(m[2][:1])
}

// A field is one of the five of a cron spec.
type field struct {
	name      string
	low, high int
	words     string // what may stand instead of numbers
	longer    string // than the field holds: the spec for steps of so many
}

var fields = [...]field{
	{"minute", 0, 59, "", `"@every %dm"`},
	{"hour", 0, 23, "", `"@every %dh"`},
	{"day of the month", 1, 31, "", `"@every %dd"`},
	{"month", 1, 12, ", jan to dec", `"@yearly"`},
	{"day of the week", 0, 6, " (0 is Sunday), sun to sat", `"@weekly"`},
}

func checkFields(spec string, words []string) error {
	if len(words) == 1 && strings.HasPrefix(words[0], "@") {
		if _, err := cron.ParseStandard(words[0]); err != nil {
			return &SpecError{fmt.Sprintf("%q is no schedule", spec), `write "@hourly", "@daily", "@weekly", "@monthly", "@yearly" or "@every 10m"`}
		}
		return nil
	}
	if len(words) != len(fields) {
		return wrongCount(spec, words)
	}
	for i, f := range fields {
		if err := f.check(i, words[i]); err != nil {
			return err
		}
	}
	return nil
}

// check tries a field alone, so that the fault can be named by it.
func (f field) check(i int, word string) error {
	alone := strings.Split("* * * * *", " ")
	alone[i] = word
	if _, err := cron.ParseStandard(strings.Join(alone, " ")); err != nil {
		return &SpecError{fmt.Sprintf("%q is no %s", word, f.name),
			fmt.Sprintf("write %d to %d%s, a list such as 1,5, a range such as 1-5, a step such as */2, or * for every %s", f.low, f.high, f.words, f.name)}
	}
	for part := range strings.SplitSeq(word, ",") {
		if step, idle := f.idleStep(part); idle {
			hint := "write the one value alone, or " + f.longer
			if strings.Contains(f.longer, "%") {
				hint = fmt.Sprintf(hint, step)
			}
			return &SpecError{fmt.Sprintf("%q steps over every %s but the first", part, f.name), hint}
		}
	}
	return nil
}

// idleStep tells whether a step is so long that its range ends before it: the
// library takes "*/99" in the minutes for the full hour, which nobody means.
func (f field) idleStep(part string) (step int, idle bool) {
	span, after, ok := strings.Cut(part, "/")
	step, err := strconv.Atoi(after)
	if !ok || err != nil {
		return 0, false
	}
	low, high := f.low, f.high
	from, to, ranged := strings.Cut(span, "-")
	if n, err := strconv.Atoi(from); err == nil {
		low = n
	}
	if n, err := strconv.Atoi(to); ranged && err == nil {
		high = n
	}
	return step, step > high-low
}

var clock = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

// wrongCount is the fault of a spec that has not five fields.
func wrongCount(spec string, words []string) error {
	hint := usualSpecs
	named := "@" + strings.ToLower(spec)
	if _, err := cron.ParseStandard(named); err == nil {
		hint = fmt.Sprintf("did you mean %q?", named)
	} else if better := looseSpan(spec); better != "" {
		hint = fmt.Sprintf("did you mean %q?", better)
	} else if m := clock.FindStringSubmatch(spec); m != nil {
		hint = fmt.Sprintf("did you mean %q, that is, at this time of each day in UTC?", trimZero(m[2])+" "+trimZero(m[1])+" * * *")
	} else if len(words) == 6 && checkFields("", words[1:]) == nil {
		hint = fmt.Sprintf("did you mean %q? the first field is the minute; there are no seconds", strings.Join(words[1:], " "))
	} else if n := len(words); n > 1 {
		return &SpecError{fmt.Sprintf("%q has %d fields instead of five: minute, hour, day of the month, month, day of the week", spec, n), hint}
	}
	return &SpecError{fmt.Sprintf("%q is no schedule", spec), hint}
}

func trimZero(number string) string {
	n, _ := strconv.Atoi(number)
	return strconv.Itoa(n)
}
