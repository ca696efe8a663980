package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Duration is a span such as 30s, 10m, 12h, 90d or 2w.
type Duration time.Duration

func (d *Duration) parse(s string) error {
	total := time.Duration(0)
	rest := strings.TrimSpace(s)
	for unit, span := range map[string]time.Duration{"w": 7 * 24 * time.Hour, "d": 24 * time.Hour} {
		if number, ok := strings.CutSuffix(rest, unit); ok {
			n, err := strconv.ParseFloat(number, 64)
			if err != nil || n < 0 || n > 100_000 {
				return fmt.Errorf("%q is no span of time", s)
			}
			*d = Duration(n * float64(span))
			return nil
		}
	}
	total, err := time.ParseDuration(rest)
	if err != nil || total < 0 {
		return fmt.Errorf("%q is no span of time", s)
	}
	*d = Duration(total)
	return nil
}

const durationHint = "write a number with a unit, such as 30s, 10m, 12h, 90d or 2w"

// A Size is a number of bytes, written as 15MB, 512KB, 1GiB or 1000.
type Size int64

var sizeUnits = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}, {"", 1},
}

func (z *Size) parse(s string) error {
	text := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), " ", ""))
	for _, u := range sizeUnits {
		number, ok := strings.CutSuffix(text, strings.ToLower(u.name))
		if !ok {
			continue
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || n <= 0 || n*u.bytes > math.MaxInt32 {
			break
		}
		*z = Size(n * u.bytes)
		return nil
	}
	return fmt.Errorf("%q is no size", s)
}

const sizeHint = "write a number with a unit, up to 2GB, such as 15MB or 512KB"

// A Zone is a time zone by its IANA name.
type Zone struct{ loc *time.Location }

// Location is the zone, UTC when none is set.
func (z Zone) Location() *time.Location {
	if z.loc == nil {
		return time.UTC
	}
	return z.loc
}

// ParseZone is the zone of an IANA name.
func ParseZone(name string) (Zone, error) {
	var z Zone
	err := z.parse(name)
	return z, err
}

func (z *Zone) parse(s string) error {
	loc, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		return fmt.Errorf("there is no time zone %q", s)
	}
	z.loc = loc
	return nil
}

// commonZones are what operators usually mean, for "did you mean".
var commonZones = strings.Fields(`UTC Europe/London Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome Europe/Moscow Europe/Kyiv
	Europe/Vienna Europe/Zurich Europe/Amsterdam Europe/Brussels Europe/Stockholm Europe/Oslo Europe/Copenhagen Europe/Helsinki
	Europe/Warsaw Europe/Prague Europe/Budapest Europe/Athens Europe/Istanbul Europe/Lisbon Europe/Dublin Africa/Cairo Africa/Lagos
	Africa/Johannesburg Africa/Nairobi Asia/Shanghai Asia/Hong_Kong Asia/Taipei Asia/Tokyo Asia/Seoul Asia/Singapore Asia/Bangkok
	Asia/Jakarta Asia/Manila Asia/Kolkata Asia/Karachi Asia/Dhaka Asia/Dubai Asia/Tehran Asia/Jerusalem Asia/Riyadh Asia/Kathmandu
	Australia/Sydney Australia/Melbourne Australia/Perth Pacific/Auckland America/New_York America/Chicago America/Denver
	America/Los_Angeles America/Toronto America/Vancouver America/Mexico_City America/Bogota America/Lima America/Santiago
	America/Argentina/Buenos_Aires America/Sao_Paulo America/Halifax Pacific/Honolulu`)
