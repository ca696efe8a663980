package schedule_test

import (
	"slices"
	"testing"
	"time"

	"copydesk/aggregator/schedule"
)

// A page is read again after 1, 6 and 24 hours and 3 days of its article's age,
// whenever it was read first, and never twice in half an hour.
func TestReread(t *testing.T) {
	published := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name  string
		first time.Duration // age at the first reading
		want  []time.Duration
	}{
		{"at once", 0, []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour}},
		{"shortly before the hour", 50 * time.Minute, []time.Duration{6 * time.Hour, 24 * time.Hour, 72 * time.Hour}},
		{"two days late", 48 * time.Hour, []time.Duration{72 * time.Hour}},
		{"an article of last week", 7 * 24 * time.Hour, nil},
	} {
		var got []time.Duration
		for at := schedule.Reread(published, published.Add(tt.first)); !at.IsZero(); at = schedule.Reread(published, at) {
			got = append(got, at.Sub(published))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: read again at %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A page is read at once for a correction, but for some time after it was read: longer,
// the older its article is, and up to a day.
func TestCorrected(t *testing.T) {
	published := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name            string
		read, now, want time.Duration // after the publication; read below 0 is never
	}{
		{"never read", -1, time.Hour, time.Hour},
		{"just read", 20 * time.Minute, 21 * time.Minute, 50 * time.Minute},
		{"read long ago", 72 * time.Hour, 200 * time.Hour, 200 * time.Hour},
		{"read an hour ago, at three days", 72 * time.Hour, 73 * time.Hour, 90 * time.Hour},
		{"read an hour ago, at a year", 365 * 24 * time.Hour, 365*24*time.Hour + time.Hour, 366 * 24 * time.Hour},
		{"dated ahead", -30 * time.Minute, 10 * time.Minute, 10 * time.Minute},
	} {
		read := published.Add(tt.read)
		if tt.read == -1 {
			read = time.Time{}
		}
		if got := schedule.Corrected(published, read, published.Add(tt.now)).Sub(published); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Trying ends after two days or so, and heeds what the server asks.
func TestRetry(t *testing.T) {
	start := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	at, n := start, 1
	for next := schedule.Retry(n, at, time.Time{}); !next.IsZero(); next = schedule.Retry(n, at, time.Time{}) {
		if !next.After(at) {
			t.Fatalf("try %d at %v is not after %v", n, next, at)
		}
		at, n = next, n+1
	}
	if took := at.Sub(start); n != 8 || took < 48*time.Hour || took > 72*time.Hour {
		t.Errorf("given up after %d tries and %v, want 8 tries over 2 to 3 days", n, took)
	}
	asked := start.Add(2 * time.Hour)
	if got := schedule.Retry(1, start, asked); !got.Equal(asked) {
		t.Errorf("got %v, want the moment that the server named, %v", got, asked)
	}
}
