package main

import "time"

// clock is the only place where the program learns the time. COPYDESK_NOW
// (RFC 3339) holds it still, so that a run can be repeated to the byte.
func clock(env func(string) (string, bool)) func() time.Time {
	if value, ok := env("COPYDESK_NOW"); ok {
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return func() time.Time { return t.UTC() }
		}
	}
	return func() time.Time { return time.Now().UTC() }
}
