// Package waittest has tests wait for what must come, and not for ever: what
// never comes fails the test that waits for it, by its name, and not the whole run.
package waittest

import (
	"fmt"
	"testing"
	"time"
)

// Longest is how long a test waits. It is the verdict on what never comes, so it
// is generous: a machine may be slow.
const Longest = 2 * time.Minute

// Receive is what comes out of a channel, or the zero value once that is closed.
// Where nothing comes, it tells what was said by those who should have sent.
func Receive[T any](t testing.TB, from <-chan T, said ...fmt.Stringer) (got T) {
	t.Helper()
	select {
	case got = <-from:
	case <-time.After(Longest):
		for _, log := range said {
			t.Log(log)
		}
		t.Fatal("waited in vain")
	}
	return got
}
