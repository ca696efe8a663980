package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"

	"copydesk/aggregator/waittest"
)

// An answer that ends with a full buffer goes out as it ends, and does not wait
// for the kernel's patience: nothing is held back once a reader has it all.
func TestCorkedAnswersAreNotHeldBack(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan *corked, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Path[1:])
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Length", strconv.Itoa(n))
		if _, err := w.Write(bytes.Repeat([]byte{'x'}, n)); err != nil {
			t.Error(err)
		}
	})}
	go func() { _ = server.Serve(spied{tune(l), seen}) }() // it ends with an error when it is closed
	defer server.Close()

	client := dial(t, l)
	in := bufio.NewReader(client)
	ask := func(n int) (size int) {
		fmt.Fprintf(client, "GET /%d HTTP/1.1\r\nHost: x\r\n\r\n", n)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if size += len(line); line == "\r\n" {
				break
			}
		}
		if _, err := io.CopyN(io.Discard, in, int64(n)); err != nil {
			t.Fatal(err)
		}
		return size + n
	}
	head := ask(3000) - 3000 // of every answer of four digits
	c := waittest.Receive(t, seen)
	for _, size := range []int{httpBuffer, 2 * httpBuffer} {
		for n := size - head - 1; n <= size-head+1; n++ {
			if got := ask(n); got != head+n {
				t.Fatalf("the head has %d bytes, not %d", got-n, head)
			}
			if c.more.Load() {
				t.Errorf("of an answer of %d bytes the end is held back", head+n)
			}
		}
	}
}

// spied tells of the first connection that it accepts.
type spied struct {
	net.Listener
	seen chan *corked
}

func (s spied) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if own, ok := c.(*corked); ok {
		select {
		case s.seen <- own:
		default:
		}
	}
	return c, err
}
