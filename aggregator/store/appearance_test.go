package store_test

import (
	"testing"
	"time"

	"copydesk/aggregator/store"
)

// What is published looks as it does since a time that stays over a restart, and
// moves on, in whole seconds, whenever it is told something else.
func TestAppearance(t *testing.T) {
	onEach(t, func(t *testing.T, open func(store.Options) *store.Store) {
		s := open(store.Options{})
		expect := func(settings string, at, want time.Time) {
			t.Helper()
			got, err := s.Appearance(t.Context(), at, settings)
			if err != nil || !got.Equal(want) {
				t.Fatalf("%s at %s: since %s, %v; want %s", settings, at, got, err, want)
			}
		}
		begun := noon.Add(300 * time.Millisecond)
		expect("a", begun, begun)
		s = open(store.Options{})
		expect("a", noon.Add(time.Hour), begun)
		expect("b", noon.Add(700*time.Millisecond), noon.Add(time.Second)) // another second than before
		expect("c", noon.Add(800*time.Millisecond), noon.Add(2*time.Second))
		expect("d", noon.Add(-time.Hour), noon.Add(3*time.Second)) // by a clock that goes back
		expect("d", noon.Add(time.Hour), noon.Add(3*time.Second))
		expect("e", noon.Add(time.Hour), noon.Add(time.Hour+time.Second))
		for _, late := range []time.Time{noon.Add(2 * time.Hour), noon} { // the second is known to have been
			if err := s.AppearsLate(t.Context(), late); err != nil {
				t.Fatal(err)
			}
			expect("e", noon.Add(3*time.Hour), noon.Add(2*time.Hour))
		}
	})
}
