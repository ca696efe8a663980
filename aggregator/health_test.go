package aggregator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"copydesk/aggregator/news"
)

// A paper is an outlet whose next issue a test writes.
type paper struct {
	status int
	items  []string
	n      int
}

func (p *paper) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if p.status != 0 {
		w.WriteHeader(p.status)
		return
	}
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Paper</title>%s</channel></rss>`, strings.Join(p.items, ""))
}

// print adds stories, each on a page of host and in that language.
func (p *paper) print(host, language string, when time.Time, many int) {
	text := map[string]string{"en": "The council has decided that the bridge over the river will be repaired before the winter comes", "id": "Situs judi terpercaya dengan bonus besar untuk semua anggota baru yang mendaftar hari ini juga"}[language]
	for range many {
		p.n++
		p.items = append([]string{fmt.Sprintf(`<item><guid isPermaLink="false">%d</guid><title>%s %d</title><link>https://%s/%d</link><description>%s</description><pubDate>%s</pubDate></item>`,
			p.n, text, p.n, host, p.n, text, when.Format(time.RFC1123Z))}, p.items...)
	}
	p.items = p.items[:min(len(p.items), 12)]
}

func (r *rig) health() news.Health {
	r.t.Helper()
	list, err := r.store.Statuses(r.t.Context())
	if err != nil || len(list) == 0 {
		r.t.Fatalf("no status: %v", err)
	}
	return list[0].Health
}

// alerts are the kinds that stand, with their words.
func (r *rig) alerts() map[news.AlertKind]string {
	out := map[news.AlertKind]string{}
	for _, a := range r.health().Alerts {
		out[a.Kind] = a.Text
	}
	return out
}

// weeks lets a paper print two stories each day but on weekends.
func (r *rig) weeks(p *paper, n int) {
	r.t.Helper()
	for range n * 7 {
		if d := r.now.Weekday(); d != time.Saturday && d != time.Sunday {
			p.print("www.paper.example", "en", r.now.Add(-time.Hour), 2)
		}
		r.later(24 * time.Hour)
	}
}

func TestHealthCounts(t *testing.T) {
	p := &paper{}
	r := newRig(t, "@every 1h", p)
	r.weeks(p, 2)
	h := r.health()
	if got := h.PerDay(); got < 1.2 || got > 1.7 {
		t.Errorf("%.2f articles a day, want 10 in a week", got)
	}
	if h.Dates[news.Explicit] != 20 || h.Hosts["paper.example"] != 20 || h.Languages["en"] != 20 {
		t.Errorf("dates %v, hosts %v, languages %v; want 20 each", h.Dates, h.Hosts, h.Languages)
	}
	if len(h.Alerts) > 0 {
		t.Errorf("a paper that rests on Sundays has alerts: %v", h.Alerts)
	}
}

// Articles whose dates lie ahead are counted, and told apart from those without a date.
func TestHealthOfDatesAhead(t *testing.T) {
	p := &paper{}
	r := newRig(t, "@every 1h", p)
	p.print("paper.example", "en", r.now.AddDate(0, 0, 9), 5)
	p.print("paper.example", "en", r.now.Add(5*time.Hour), 1)
	p.items = append(p.items, `<item><guid>undated</guid><title>Without a date</title></item>`, `<item><guid>unread</guid><title>With another</title><pubDate>soon</pubDate></item>`)
	r.later(0)
	h := r.health()
	if h.Dates[news.FirstSeen] != 7 || h.Ahead != 6 || h.Far != 5 {
		t.Errorf("%d articles have no date that counts, %d are dated ahead, %d too far; want 7, 6 and 5", h.Dates[news.FirstSeen], h.Ahead, h.Far)
	}
	notes := strings.Join(h.Notes(r.now), "; ")
	for _, want := range []string{"75 % of its articles are dated later than they came", "25 % of its articles carry no date that can be read"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes are %q, want %q", notes, want)
		}
	}
}

// Ids that stand twice, or change while the story stays, are noticed.
func TestHealthOfIDs(t *testing.T) {
	p := &paper{}
	r := newRig(t, "@every 1h", p)
	p.print("paper.example", "en", r.now, 4)
	r.later(time.Hour)
	if h := r.health(); h.Renamed > 0 || h.Doubled > 0 {
		t.Fatalf("of sound ids %d are changed, %d doubled", h.Renamed, h.Doubled)
	}
	for i := range p.items {
		p.items[i] = strings.ReplaceAll(p.items[i], `isPermaLink="false">`, `isPermaLink="false">session-7-`)
	}
	p.items = append(p.items, p.items[0])
	r.later(time.Hour)
	if h := r.health(); h.Renamed != 4 || h.Doubled != 1 {
		t.Errorf("%d ids are changed and %d doubled, want 4 and 1", h.Renamed, h.Doubled)
	}
}

// A source that breaks raises one alert, not one for each pull; success ends it.
func TestBroken(t *testing.T) {
	p := &paper{}
	r := newRig(t, "@every 1h", p)
	p.print("paper.example", "en", r.now, 1)
	r.later(time.Hour)
	p.status = http.StatusInternalServerError
	for i := range 6 {
		r.now = r.now.Add(24 * time.Hour)
		if _, err := r.pull(); err == nil {
			t.Fatal("the pull did not fail")
		}
		text, stands := r.alerts()[news.AlertBroken]
		if stands != (i >= 2) {
			t.Errorf("after %d failures the alert stands: %v", i+1, stands)
		}
		if stands && (!strings.Contains(text, "3 pulls in a row") || !strings.Contains(text, "500")) {
			t.Errorf("the alert says %q", text)
		}
	}
	if got := r.told(); got["wire/broken"] != 1 {
		t.Errorf("told %v, want the alert once", got)
	}
	p.status = 0
	r.later(24 * time.Hour)
	if a := r.alerts(); len(a) > 0 {
		t.Errorf("it works again, and %v stand", a)
	}
}

func TestSilent(t *testing.T) {
	p := &paper{}
	r := newRig(t, "@every 1h", p)
	r.weeks(p, 4)
	days := 0
	for ; len(r.alerts()) == 0 && days < 20; days++ {
		r.later(24 * time.Hour)
	}
	if days < 3 || days > 7 {
		t.Errorf("after %d silent days the alert %v came; want more than two weekends' length, and within a week", days, r.alerts())
	}
	for range 5 {
		r.later(24 * time.Hour)
	}
	if got := r.told(); got["wire/silent"] != 1 {
		t.Errorf("told %v, want the alert once", got)
	}
	p.print("paper.example", "en", r.now, 1)
	r.later(time.Hour)
	if a := r.alerts(); len(a) > 0 {
		t.Errorf("it speaks again, and %v stand", a)
	}
}

// A lapsed domain that was taken over, or a feed that suddenly leads elsewhere,
// is noticed; one that moved for good becomes what it is known by.
func TestHijacked(t *testing.T) {
	p := &paper{}
	r := newRig(t, "@every 1h", p)
	for range 6 {
		p.print("www.paper.example", "en", r.now, 2)
		r.later(time.Hour)
	}
	p.print("casino.example", "id", r.now, 3)
	r.later(time.Hour)
	text := r.alerts()[news.AlertHijacked]
	for _, want := range []string{"casino.example", "paper.example", `"id"`, `"en"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the alert says %q, and nothing of %s", text, want)
		}
	}
	p.print("casino.example", "id", r.now, 3)
	r.later(time.Hour)
	if got := r.told(); got["wire/hijacked"] != 1 {
		t.Errorf("told %v, want the alert once", got)
	}
	p.print("www.paper.example", "en", r.now, 1)
	r.later(time.Hour)
	if a := r.alerts(); len(a) > 0 {
		t.Errorf("the paper is back, and %v stand", a)
	}
	for range 8 {
		p.print("paper2.example", "en", r.now, 3)
		r.later(time.Hour)
	}
	if a := r.alerts(); len(a) > 0 {
		t.Errorf("the paper has moved for good, and %v stand", a)
	}
}

// A planet that links everywhere, and a new source, are not known by anything.
func TestNotHijacked(t *testing.T) {
	p := &paper{}
	r := newRig(t, "@every 1h", p)
	p.print("paper.example", "en", r.now, 3)
	r.later(time.Hour)
	p.print("other.example", "id", r.now, 3)
	r.later(time.Hour)
	for i := range 10 {
		p.print(fmt.Sprintf("blog%d.example", i), "en", r.now, 3)
		r.later(time.Hour)
	}
	if a := r.alerts(); len(a) > 0 {
		t.Errorf("%v stand", a)
	}
}
