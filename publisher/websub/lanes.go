package websub

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	atOnce  = 64 // requests under way in all
	perHost = 8  // and to one host

	batch    = 512              // of what is claimed together
	starting = 30 * time.Second // of a batch: who has not been asked by then is put back
	claim    = 90 * time.Second // longer than starting and a request's own time

	// ill is how many requests to a host in a row stay without an answer before
	// the rest of the batch leaves it alone.
	ill = 3
)

// A task is one request to one host. Its run is told without an answer by an
// error; putOff takes its place when the host is ill, or time is up.
type task struct {
	host   string
	run    func(ctx context.Context) error
	putOff func(hostIsIll bool)
}

// A lane is the way to one host.
type lane struct {
	tasks  []task
	next   atomic.Int64
	silent atomic.Int64 // requests without an answer, in a row
}

// inLanes works tasks, a few at a time for each host, and returns when each is
// done or put off.
func (h *Hub) inLanes(ctx context.Context, tasks []task) {
	ends := h.opt.Now().Add(starting)
	lanes := map[string]*lane{}
	for _, t := range tasks {
		if lanes[t.host] == nil {
			lanes[t.host] = &lane{}
		}
		lanes[t.host].tasks = append(lanes[t.host].tasks, t)
	}
	var all sync.WaitGroup
	for _, l := range lanes {
		for range min(perHost, len(l.tasks)) {
			all.Go(func() { h.follow(ctx, l, ends) })
		}
	}
	all.Wait()
}

func (h *Hub) follow(ctx context.Context, l *lane, ends time.Time) {
	for {
		i := int(l.next.Add(1)) - 1
		if i >= len(l.tasks) {
			return
		}
		t := l.tasks[i]
		if l.silent.Load() >= ill {
			t.putOff(true)
			continue
		}
		select {
		case h.slots <- struct{}{}:
		case <-ctx.Done():
			t.putOff(false)
			continue
		}
		if h.opt.Now().After(ends) {
			t.putOff(false)
		} else if t.run(ctx) != nil {
			l.silent.Add(1)
		} else {
			l.silent.Store(0)
		}
		<-h.slots
	}
}

// A ledger stores results together that come at the same time. Whoever notes
// one goes on when it is stored.
type ledger[T any] struct {
	in    chan entry[T]
	done  chan struct{}
	fault error
}

type entry[T any] struct {
	result T
	stored chan struct{}
}

func newLedger[T any](ctx context.Context, store func(context.Context, []T) error) *ledger[T] {
	l := &ledger[T]{in: make(chan entry[T], atOnce), done: make(chan struct{})}
	ctx = context.WithoutCancel(ctx) // what was answered is stored
	go func() {
		defer close(l.done)
		for first := range l.in {
			group := l.group(first)
			results := make([]T, len(group))
			for i, e := range group {
				results[i] = e.result
			}
			if err := store(ctx, results); err != nil {
				l.fault = err
			}
			for _, e := range group {
				close(e.stored)
			}
		}
	}()
	return l
}

func (l *ledger[T]) group(first entry[T]) []entry[T] {
	group := []entry[T]{first}
	for len(group) < batch {
		select {
		case e, open := <-l.in:
			if !open {
				return group
			}
			group = append(group, e)
		default:
			return group
		}
	}
	return group
}

func (l *ledger[T]) note(result T) {
	e := entry[T]{result, make(chan struct{})}
	l.in <- e
	<-e.stored
}

// close waits for what is being stored, and tells whether all was.
func (l *ledger[T]) close() error {
	close(l.in)
	<-l.done
	return l.fault
}
