package main

import (
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// cork makes the connections of l send an answer in one go. net/http hands an
// answer of any size to the kernel in two pieces: its buffer, as soon as that is
// full, and then the rest. Sent by itself, the first piece costs a packet, a
// wake-up of the reader and an acknowledgement, an eighth of what a poll costs.
func cork(l net.Listener) net.Listener {
	if tcp, ok := l.(*net.TCPListener); ok {
		return corkedListener{tcp}
	}
	return l
}

type corkedListener struct{ *net.TCPListener }

func (l corkedListener) Accept() (net.Conn, error) {
	c, err := l.AcceptTCP()
	if err != nil {
		return nil, err
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return c, nil // as it is, then
	}
	return &corked{TCPConn: c, raw: raw}, nil
}

// httpBuffer is the size of net/http's write buffer: a write of this size is one
// that filled it, so that more follows.
const httpBuffer = 4 << 10

type corked struct {
	*net.TCPConn
	raw  syscall.RawConn
	more atomic.Bool // the kernel waits for what follows
}

// Write tells the kernel that more comes after a full buffer (MSG_MORE, send(2)).
func (c *corked) Write(p []byte) (int, error) {
	if len(p) != httpBuffer {
		c.more.Store(false)
		return c.TCPConn.Write(p)
	}
	var sent int
	err := c.raw.Write(func(fd uintptr) bool {
		sent, _ = syscall.SendmsgN(int(fd), p, nil, nil, syscall.MSG_MORE)
		return true
	})
	c.more.Store(err == nil && sent == len(p))
	if err != nil || sent == len(p) {
		return sent, err
	}
	n, err := c.TCPConn.Write(p[sent:]) // what the kernel did not take, or its error again
	return sent + n, err
}

// SetReadDeadline is what net/http does behind each answer: one that ends with a
// full buffer goes out then. Else it would 200 ms later. Setting TCP_NODELAY
// again sends what waits (tcp(7)).
func (c *corked) SetReadDeadline(t time.Time) error {
	if c.more.Swap(false) {
		_ = c.SetNoDelay(true) // the deadline, or the next write, meets the same error
	}
	return c.TCPConn.SetReadDeadline(t)
}
