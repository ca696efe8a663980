package main

import (
	"net"
	"os"
	"sync"
	"time"
)

// A timed connection tells the runtime of a deadline only when somebody is about
// to wait by it. net/http moves its deadlines nine times for each request, and
// reads or writes under three of them; each move takes a lock and a timer, all
// together a tenth of what a poll costs.
//
// It embeds no more than a net.Conn: what else a TCP connection can do would go
// past the deadlines.
type timed struct {
	net.Conn
	tcp         *net.TCPConn // the same
	read, write deadline
}

// tune makes the connections of a listener cheap to answer on.
func tune(l net.Listener) net.Listener {
	if tcp, ok := l.(*net.TCPListener); ok {
		return tuned{tcp}
	}
	return l
}

type tuned struct{ *net.TCPListener }

func (l tuned) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	return cork(newTimed(c)), nil
}

func newTimed(c *net.TCPConn) *timed {
	return &timed{Conn: c, tcp: c, read: deadline{tell: c.SetReadDeadline}, write: deadline{tell: c.SetWriteDeadline}}
}

func (c *timed) Read(p []byte) (int, error) {
	if err := c.read.begin(); err != nil {
		return 0, err
	}
	defer c.read.end()
	return c.Conn.Read(p)
}

func (c *timed) Write(p []byte) (int, error) {
	if err := c.write.begin(); err != nil {
		return 0, err
	}
	defer c.write.end()
	return c.Conn.Write(p)
}

func (c *timed) SetReadDeadline(t time.Time) error  { return c.read.move(t) }
func (c *timed) SetWriteDeadline(t time.Time) error { return c.write.move(t) }

func (c *timed) SetDeadline(t time.Time) error {
	if err := c.read.move(t); err != nil {
		return err
	}
	return c.write.move(t)
}

// CloseWrite is what net/http looks for when it lets go of a client that is
// still sending.
func (c *timed) CloseWrite() error { return c.tcp.CloseWrite() }

// A deadline is that of one direction of a connection.
type deadline struct {
	tell func(time.Time) error // the runtime

	mu      sync.Mutex // guards those below
	asked   time.Time  // zero: none
	told    time.Time
	waiting int // who waits by it now
}

// grain is what deadlines are rounded up to: most of those that are asked for
// within a second are one, and are told once.
const grain = time.Second

// move is told at once only if somebody waits.
func (d *deadline) move(t time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = t
	if d.waiting == 0 {
		return nil
	}
	return d.set()
}

// begin is called before something that may wait.
func (d *deadline) begin() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.set(); err != nil {
		return err
	}
	d.waiting++
	return nil
}

func (d *deadline) end() {
	d.mu.Lock()
	d.waiting--
	d.mu.Unlock()
}

// longPast is behind every deadline that is one, and ahead of those that only
// end what waits: net/http and our listeners take a moment of 1970 for that.
var longPast = time.Unix(1<<30, 0)

// set tells the runtime what was asked for last, if it does not know. The caller
// holds mu.
func (d *deadline) set() error {
	at := d.asked
	switch {
	case at.IsZero():
	case at.Before(longPast) && d.waiting == 0:
		return os.ErrDeadlineExceeded // nobody need be woken
	default:
		at = at.Truncate(grain).Add(grain)
	}
	if at.Equal(d.told) {
		return nil
	}
	d.told = at
	return d.tell(at)
}
