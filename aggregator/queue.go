package aggregator

import (
	"sync"
	"time"
)

// A Queue lets few wait for each host at a time, so that a host with many pages
// to read keeps nobody from reading those of others. Who finds a host's place
// taken is told when to come again, one behind the other. The zero value is not
// of use; make one with NewQueue.
type Queue struct {
	gap time.Duration // between two turns of a host

	mu    sync.Mutex // guards lines
	lines map[string]*line
}

// A line is who waits for one host.
type line struct {
	inside int
	last   time.Time // when the last of those who were sent away is to come again
}

// mostInside is how many wait for one host at a time: as many as keep it busy.
const mostInside = 4

// NewQueue makes a queue for hosts that have a turn in each gap.
func NewQueue(gap time.Duration) *Queue {
	return &Queue{gap: max(gap, 100*time.Millisecond), lines: map[string]*line{}}
}

// enter takes a place at a host, which leave gives back; a *NotYet says when to
// come again.
func (q *Queue) enter(host string, now time.Time) (leave func(), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l, ok := q.lines[host]
	if !ok {
		l = &line{}
		q.lines[host] = l
	}
	if l.inside == mostInside {
		l.last = later(l.last, now.Add(mostInside*q.gap)).Add(q.gap)
		return nil, &NotYet{l.last.Sub(now)}
	}
	l.inside++
	return func() { q.leave(host) }, nil
}

func (q *Queue) leave(host string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lines[host]
	if l.inside--; l.inside == 0 {
		delete(q.lines, host) // the place is free: those who come again need no order
	}
}
