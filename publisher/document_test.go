package publisher

import (
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
	d = renew(d, "text/plain", []byte("second"), at)
	if made["gzip"] != 2 || made["br"] != 0 {
		t.Errorf("the next edition: got %v, want gzip once more and no br", made)
	}
	renew(d, "text/plain", []byte("third"), at) // of the second there was no reader
	renew(d.stamp(), "text/plain", []byte("fourth"), at)
	if made["gzip"] != 2 {
		t.Errorf("an edition after one that nobody read: got %v, want gzip no more", made)
	}
}

func TestRenew(t *testing.T) {
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	old := newDocument("text/plain", []byte("one"), at)
	for _, tt := range []struct {
		name     string
		old      *document
		body     string
		modified time.Time
		want     time.Time
		same     bool
	}{
		{"the first", nil, "one", at, at, false},
		{"the same bytes", old, "one", at.Add(time.Hour), at, true},
		{"the same bytes as one that left memory", old.stamp(), "one", at.Add(time.Hour), at, false},
		{"other bytes, later", old, "two", at.Add(time.Hour), at.Add(time.Hour), false},
		{"other bytes in the same second", old, "two", at.Add(time.Millisecond), at.Add(time.Second), false},
		{"other bytes, earlier", old, "two", at.Add(-time.Hour), at.Add(time.Second), false},
		{"other bytes than one that left memory", old.stamp(), "two", at, at.Add(time.Second), false},
	} {
		got := renew(tt.old, "text/plain", []byte(tt.body), tt.modified)
		if !got.modified.Equal(tt.want) || (got == tt.old) != tt.same || string(got.body) != tt.body {
			t.Errorf("%s: got %q of %v (the old one: %v), want %q of %v", tt.name, got.body, got.modified, got == tt.old, tt.body, tt.want)
		}
	}
}
