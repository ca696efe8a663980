package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
)

// What a corked connection is given arrives whole, on every side of the size of
// net/http's buffer and one answer after the other.
func TestCorkedAnswersArrive(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	text := bytes.Repeat([]byte("The ferry left. "), 1<<16)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Path[1:])
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Length", strconv.Itoa(n))
		if _, err := w.Write(text[:n]); err != nil {
			t.Error(err)
		}
	})}
	go func() { _ = server.Serve(tune(l)) }() // it ends with an error when it is closed
	defer server.Close()

	for _, n := range []int{0, 1, 3900, 3970, 3980, 3990, 4000, 4095, 4096, 4097, 8192, 127000, len(text)} {
		resp, err := client.Get("http://" + l.Addr().String() + "/" + strconv.Itoa(n))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if err != nil || !bytes.Equal(got, text[:n]) {
			t.Errorf("of %d bytes came %d: %v", n, len(got), err)
		}
		resp.Body.Close()
	}
}

// A full buffer that nothing follows is not held back for ever.
func TestCorkedBufferArrivesAlone(t *testing.T) {
	client, c := connected(t)
	want := bytes.Repeat([]byte{'x'}, 4<<10)
	if n, err := c.Write(want); n != len(want) || err != nil {
		t.Fatalf("wrote %d: %v", n, err)
	}
	got := make([]byte, len(want))
	if _, err := io.ReadFull(client, got); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("read %v", err)
	}
	client.Close()
	for range 1000 { // until the kernel knows that nobody is there
		if _, err := c.Write(want); err != nil {
			return
		}
	}
	t.Error("writing to nobody never fails")
}
