package main

import (
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// cork makes a connection send an answer in one go. net/http hands an answer of
// any size to the kernel in two pieces: its buffer, as soon as that is full, and
// then the rest. Sent by itself, the first piece costs a packet, a wake-up of the
// reader and an acknowledgement, an eighth of what a poll costs.
func cork(c *timed) net.Conn {
	raw, err := c.tcp.SyscallConn()
	if err != nil {
		return c // as it is, then
	}
	k := &corked{timed: c, raw: raw}
	k.send = k.sendPiece
	return k
}

// httpBuffer is the size of net/http's write buffer: a write of this size is one
// that filled it, so that more follows.
const httpBuffer = 4 << 10

type corked struct {
	*timed
	raw  syscall.RawConn
	send func(fd uintptr) bool // sendPiece, made once
	more atomic.Bool           // the kernel waits for what follows

	piece []byte // that is being sent; net/http writes one at a time
	sent  int    // of it
}

// Write tells the kernel that more comes after a full buffer (MSG_MORE, send(2)).
func (c *corked) Write(p []byte) (int, error) {
	if len(p) != httpBuffer {
		c.more.Store(false)
		return c.timed.Write(p)
	}
	sent, err := c.writeMore(p)
	c.more.Store(err == nil && sent == len(p))
	if err != nil || sent == len(p) {
		return sent, err
	}
	n, err := c.timed.Write(p[sent:]) // what the kernel did not take, or its error again
	return sent + n, err
}

func (c *corked) writeMore(p []byte) (int, error) {
	if err := c.write.begin(); err != nil {
		return 0, err
	}
	defer c.write.end()
	c.piece, c.sent = p, 0
	err := c.raw.Write(c.send)
	c.piece = nil
	return c.sent, err
}

func (c *corked) sendPiece(fd uintptr) bool {
	c.sent, _ = syscall.SendmsgN(int(fd), c.piece, nil, nil, syscall.MSG_MORE)
	return true
}

// SetReadDeadline is what net/http does behind each answer: one that ends with a
// full buffer goes out then. Else it would 200 ms later. Setting TCP_NODELAY
// again sends what waits (tcp(7)).
func (c *corked) SetReadDeadline(t time.Time) error {
	if c.more.Swap(false) {
		_ = c.tcp.SetNoDelay(true) // the deadline, or the next write, meets the same error
	}
	return c.timed.SetReadDeadline(t)
}
