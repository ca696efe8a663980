package schedule

import "time"

// rereads are the ages at which the page of an article is read again: most
// corrections come soon, and an article of last week is seldom touched.
var rereads = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour}

// tooSoon is how long a page that was just read is left alone.
const tooSoon = 30 * time.Minute

// Reread is when a page that was read at now is to be read again, for
// corrections; the zero time when its article is too old for that.
func Reread(published, now time.Time) time.Time {
	for _, age := range rereads {
		if at := published.Add(age); at.After(now.Add(tooSoon)) {
			return at
		}
	}
	return time.Time{}
}

// longestWait is how long a correction waits at most for a page that was just read.
const longestWait = 24 * time.Hour

// Corrected is when the page of an article is to be read again whose feed corrects it at
// now: at once, unless it was read a short while ago, for the age that the article had
// then. A feed that corrects an article at each pull costs its site a reading a day.
func Corrected(published, read, now time.Time) time.Time {
	at := read.Add(min(max(read.Sub(published)/4, tooSoon), longestWait))
	if at.After(now) {
		return at
	}
	return now
}

// retries are the waits after the first, second, … reading of a page that
// failed: two days and a half in all.
var retries = []time.Duration{
	5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 8 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// Retry is when a page that could not be read for the nth time, at now, is to
// be tried again, not before the moment that its server named; the zero time
// when it is given up.
func Retry(n int, now, notBefore time.Time) time.Time {
	if n < 1 || n > len(retries) {
		return time.Time{}
	}
	at := now.Add(retries[n-1])
	if notBefore.After(at) {
		return notBefore
	}
	return at
}
