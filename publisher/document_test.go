package publisher

import (
	"net/http"
	"testing"
	"time"
)

// The codings that readers took of the last edition are made before the next
// takes its place, so that no reader waits for one; others are not made.
func TestCodingsAreReady(t *testing.T) {
	made := map[string]int{}
	for i, c := range codings {
		codings[i].compress = func([]byte) []byte { made[c.name]++; return nil }
		t.Cleanup(func() { codings[i].compress = c.compress })
	}
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	d := newDocument("text/plain", []byte("first"), at)
	for i, c := range codings {
		if c.name == "gzip" {
			d.in(i)
			d.in(i)
		}
	}
	if made["gzip"] != 1 || made["br"] != 0 {
		t.Fatalf("two readers: got %v, want gzip once", made)
	}
	p := &Press{opt: Options{Now: func() time.Time { return at }}}
	d = p.renew(d, "text/plain", []byte("second"), at)
	if made["gzip"] != 2 || made["br"] != 0 {
		t.Errorf("the next edition: got %v, want gzip once more and no br", made)
	}
	p.renew(d, "text/plain", []byte("third"), at) // of the second there was no reader
	if made["gzip"] != 2 {
		t.Errorf("an edition after one that nobody read: got %v, want gzip no more", made)
	}
}

// What no ledger dates is dated by its change, and by now where that might be a time
// at which somebody was told of the document before.
func TestRenew(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	settled := at.Add(4 * time.Second) // what changed at noon is told to be of then
	now := at.Add(time.Minute)
	for _, tt := range []struct {
		name          string
		first         bool // there is no old document
		body          string
		looked        time.Duration // after noon
		changed, want time.Time
		same          bool
	}{
		{name: "the first", first: true, body: "one", looked: 10, changed: at, want: settled},
		{name: "the same bytes", body: "one", looked: 10, changed: at.Add(time.Hour), want: settled, same: true},
		{name: "other bytes, later", body: "two", looked: 10, changed: at.Add(time.Hour), want: settled.Add(time.Hour)},
		{name: "other bytes in the same second, before it is told", body: "two", looked: 2, changed: at.Add(time.Millisecond), want: settled},
		{name: "other bytes in the same second, when it has been told", body: "two", looked: 10, changed: at.Add(time.Millisecond), want: now.Add(4 * time.Second)},
		{name: "other bytes, earlier", body: "two", looked: 2, changed: at.Add(-time.Hour), want: now.Add(4 * time.Second)},
	} {
		p := &Press{opt: Options{Now: func() time.Time { return now }}}
		old := newDocument("text/plain", []byte("one"), settled)
		looked := at.Add(tt.looked * time.Second)
		p.looked.Store(looked.UnixMicro())
		if got := old.dated(p.lookedAt); (got != nil) == looked.Before(settled) || got != nil && got[0] != settled.Format(http.TimeFormat) {
			t.Errorf("%s: the old one is told to be of %s", tt.name, got)
		}
		if tt.first {
			old = nil
		}
		got := p.renew(old, "text/plain", []byte(tt.body), tt.changed)
		if !got.modified.Equal(tt.want) || (got == old) != tt.same || string(got.body) != tt.body {
			t.Errorf("%s: got %q of %v (the old one: %v), want %q of %v", tt.name, got.body, got.modified, got == old, tt.body, tt.want)
		}
	}
}
