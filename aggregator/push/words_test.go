package push_test

import (
	"testing"
	"time"

	"copydesk/aggregator/news"
	"copydesk/aggregator/push"
)

func TestWords(t *testing.T) {
	before, until := noon.Add(-time.Hour), noon.Add(240*time.Hour)
	good := news.Push{Hub: "https://hub.example/x", Since: before.Add(-time.Hour), Until: until, LastPush: before, AttendAt: until.Add(-48 * time.Hour)}
	with := func(change func(*news.Push)) news.Push {
		p := good
		change(&p)
		return p
	}
	for _, tt := range []struct {
		push news.Push
		want string
	}{
		{news.Push{}, ""},
		{news.Push{AttendAt: noon}, "a hub is being asked to push"},
		{news.Push{AttendAt: noon.Add(time.Hour), Fault: "no such host"}, "not pushed: no such host; asked again at 2026-11-24 13:00"},
		{news.Push{Fault: "the hub refuses to push: go away"}, "not pushed: the hub refuses to push: go away"},
		{good, "pushed by hub.example until 2026-12-04 12:00; pulled daily to check"},
		{with(func(p *news.Push) { p.Misses = 2 }), "pushed by hub.example until 2026-12-04 12:00; pulled every 6h to check, as some news has not been pushed"},
		{with(func(p *news.Push) { p.LastPush = time.Time{} }), "pushed by hub.example until 2026-12-04 12:00; pulled as ever until something is"},
		{with(func(p *news.Push) { p.Since = noon }), "pushed by hub.example until 2026-12-04 12:00; pulled once more for what came before"},
		{with(func(p *news.Push) { p.MissedAt = noon }), "pushed by hub.example until 2026-12-04 12:00, but what was found at 2026-11-24 12:00 had not been; pulled as ever until it pushes again"},
		{with(func(p *news.Push) { p.Fault = "no such host" }), "pushed by hub.example until 2026-12-04 12:00; pulled daily to check; not yet renewed: no such host"},
		{with(func(p *news.Push) { p.Fault, p.AttendAt = "it refuses", time.Time{} }), "pushed by hub.example until 2026-12-04 12:00; pulled daily to check; not renewed: it refuses"},
		{with(func(p *news.Push) { p.Until = noon }), "a hub is being asked to push"},
	} {
		if got := push.Words(tt.push, noon, noon); got != tt.want {
			t.Errorf("got  %q\nwant %q\nfor %+v", got, tt.want, tt.push)
		}
	}
}
