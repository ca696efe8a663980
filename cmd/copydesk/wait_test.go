package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/waittest"
)

const (
	// longest is how long a test waits for what must come.
	longest = waittest.Longest

	// askEvery is how often a test asks another process at most: seldom enough to
	// leave the processor to it.
	askEvery = 20 * time.Millisecond
)

// eventually asks until the answer is yes; false when the longest wait is over. An
// answer that takes long is asked for more seldom: half of the time is left to those
// who bring about what is waited for.
func eventually(ok func() bool) bool {
	for end := time.Now().Add(longest); ; {
		asked := time.Now()
		if ok() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
		<-time.After(max(askEvery, time.Since(asked)))
	}
}

// A lockedLog collects what a process says.
type lockedLog struct {
	mu   sync.Mutex // guards all below
	text strings.Builder
	more chan struct{} // closed when more is said; nil while nobody waits
	over bool          // nothing more will be said
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell()
	return l.text.Write(p)
}

// end tells those who wait that nothing more will be said.
func (l *lockedLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	l.tell()
}

// tell wakes those who wait for more; mu is held.
func (l *lockedLog) tell() {
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// count is how often a text was said, in lines that are whole, and what is closed
// when more is; nil when nothing will be.
func (l *lockedLog) count(text string) (n int, more <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more == nil && !l.over {
		l.more = make(chan struct{})
	}
	said := l.text.String()
	if !l.over {
		said = said[:strings.LastIndexByte(said, '\n')+1]
	}
	return strings.Count(said, text), l.more
}

// says waits until a text was said so many times; false when the longest wait is
// over, or the process.
func (l *lockedLog) says(text string, times int) bool {
	end := time.After(longest)
	for {
		n, more := l.count(text)
		if n >= times || more == nil {
			return n >= times
		}
		select {
		case <-more:
		case <-end:
			return false
		}
	}
}

// await waits until a text was said.
func (l *lockedLog) await(t testing.TB, text string) {
	t.Helper()
	if !l.says(text, 1) {
		t.Fatalf("the log does not say %q:\n%s", text, l)
	}
}
