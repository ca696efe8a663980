package push

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"copydesk/aggregator/news"
)

// Words tell an operator how a source's being pushed goes, and what happens
// next; empty of one that does not offer it.
func Words(p news.Push, lastPull, now time.Time) string {
	switch {
	case p.InForce(now):
		return agreed(p, lastPull, now) + renewing(p)
	case p.Fault != "" && p.AttendAt.IsZero():
		return "not pushed: " + p.Fault
	case p.Fault != "":
		return fmt.Sprintf("not pushed: %s; asked again at %s", p.Fault, day(p.AttendAt))
	case !p.AttendAt.IsZero():
		return "a hub is being asked to push"
	}
	return ""
}

func agreed(p news.Push, lastPull, now time.Time) string {
	hub := p.Hub
	if u, err := url.Parse(hub); err == nil {
		hub = u.Host
	}
	pushed := fmt.Sprintf("pushed by %s until %s", hub, day(p.Until))
	switch {
	case p.Reliable(now, lastPull) && p.Misses > 0:
		return fmt.Sprintf("%s; pulled every %s to check, as some news has not been pushed", pushed, pause(p.Misses))
	case p.Reliable(now, lastPull):
		return pushed + "; pulled daily to check"
	case p.LastPush.IsZero():
		return pushed + "; pulled as ever until something is"
	case p.MissedAt.IsZero() || p.LastPush.After(p.MissedAt):
		return pushed + "; pulled once more for what came before"
	}
	return fmt.Sprintf("%s, but what was found at %s had not been; pulled as ever until it pushes again", pushed, day(p.MissedAt))
}

func renewing(p news.Push) string {
	switch {
	case p.Fault == "":
		return ""
	case p.AttendAt.IsZero():
		return "; not renewed: " + p.Fault
	}
	return fmt.Sprintf("; not yet renewed: %s", p.Fault)
}

// pause is about how long a source rests between checks.
func pause(misses int) string {
	text := (24 * time.Hour >> min(misses, 10)).Round(time.Minute).String()
	return strings.ReplaceAll(strings.ReplaceAll(text, "m0s", "m"), "h0m", "h")
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
