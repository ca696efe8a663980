package websub

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	atOnce  = 256 // requests under way in all
	perHost = 8   // and to one host

	batch    = 512              // of what is claimed together
	claimed  = 4 * batch        // at most, and not yet done: who hangs keeps few others waiting
	starting = 30 * time.Second // of a batch: who has not been asked by then is put back
	claim    = 60 * time.Second // longer than starting and a request's own time

	// ill is how many requests to a host in a row stay without an answer before
	// it is left alone.
	ill = 3
)

// A task is one request to one host. That it stayed without an answer, run tells
// by an error; putOff takes its place when the host is ill, or time is up.
type task struct {
	host   string
	run    func(ctx context.Context) error
	putOff func(hostIsIll bool)
}

// A host is what is known of one while requests go there.
type host struct {
	lanes  chan struct{} // one for each request that may be under way
	silent atomic.Int64  // requests without an answer, in a row
	users  int           // guarded by the hub's mutex
}

// enter is the host of that name, which stays known until leave.
func (h *Hub) enter(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hosts[name] == nil {
		h.hosts[name] = &host{lanes: make(chan struct{}, perHost)}
	}
	h.hosts[name].users++
	return h.hosts[name]
}

func (h *Hub) leave(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hosts[name].users--; h.hosts[name].users == 0 {
		delete(h.hosts, name)
	}
}

// work claims tasks and works them until there are none, and stores what they
// note.
func work[T any](ctx context.Context, h *Hub, store func(context.Context, []T) error, claim func(l *ledger[T]) ([]task, error)) error {
	l := newLedger(ctx, store)
	err := h.pipe(ctx, func() ([]task, error) { return claim(l) })
	return errors.Join(err, l.close())
}

// pipe claims more while there is room, so that nobody waits for the slowest of
// a batch.
func (h *Hub) pipe(ctx context.Context, claim func() ([]task, error)) error {
	room := semaphore.NewWeighted(claimed)
	var all sync.WaitGroup
	defer all.Wait()
	for settled := false; ; {
		if err := room.Acquire(ctx, batch); err != nil {
			return err
		}
		tasks, err := claim()
		room.Release(batch - int64(len(tasks)))
		switch {
		case err != nil:
			return err
		case len(tasks) > 0:
			settled = false
			all.Go(func() { h.inLanes(ctx, tasks, room) })
		case settled:
			return nil
		default: // some may be put back
			all.Wait()
			settled = true
		}
	}
}

// inLanes works a batch, a few at a time for each host, and returns when each is
// done or put off.
func (h *Hub) inLanes(ctx context.Context, tasks []task, room *semaphore.Weighted) {
	ends := h.opt.Now().Add(starting)
	byHost := map[string][]task{}
	for _, t := range tasks {
		byHost[t.host] = append(byHost[t.host], t)
	}
	var all sync.WaitGroup
	for name, list := range byHost {
		to := h.enter(name)
		defer h.leave(name)
		var next atomic.Int64
		for range min(perHost, len(list)) {
			all.Go(func() {
				for i := next.Add(1); i <= int64(len(list)); i = next.Add(1) {
					h.perform(ctx, list[i-1], to, ends)
					room.Release(1)
				}
			})
		}
	}
	all.Wait()
}

// perform works one task, or puts it off.
func (h *Hub) perform(ctx context.Context, t task, to *host, ends time.Time) {
	for _, slots := range []chan struct{}{to.lanes, h.slots} {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-ctx.Done():
			t.putOff(false)
			return
		}
	}
	switch {
	case to.silent.Load() >= ill:
		t.putOff(true)
	case h.opt.Now().After(ends):
		t.putOff(false)
	case t.run(ctx) != nil:
		to.silent.Add(1)
	default:
		to.silent.Store(0)
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
			l.store(ctx, l.group(first), store)
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

func (l *ledger[T]) store(ctx context.Context, group []entry[T], store func(context.Context, []T) error) {
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
