package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"copydesk/aggregator/waittest"
)

// The runtime hears of a deadline when somebody is about to wait by it, or waits
// already, and of the same one once.
func TestDeadlinesAreToldToWhoWaits(t *testing.T) {
	at := func(s float64) time.Time {
		return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC).Add(time.Duration(s * float64(time.Second)))
	}
	var none time.Time
	past := time.Unix(1, 0)
	for _, tt := range []struct {
		name  string
		steps func(d *deadline) error
		want  []time.Time
		err   error
	}{
		{"nobody waits", func(d *deadline) error { return errors.Join(d.move(at(5)), d.move(at(9)), d.move(none)) }, nil, nil},
		{"the last one counts", func(d *deadline) error { return errors.Join(d.move(at(5)), d.move(at(9)), d.begin()) }, []time.Time{at(10)}, nil},
		{"none was ever asked for", func(d *deadline) error { return errors.Join(d.move(none), d.begin()) }, nil, nil},
		{"within a second", func(d *deadline) error {
			err := errors.Join(d.move(at(5)), d.begin())
			d.end()
			return errors.Join(err, d.move(at(5.9)), d.begin())
		}, []time.Time{at(6)}, nil},
		{"moved under who waits", func(d *deadline) error {
			return errors.Join(d.move(at(5)), d.begin(), d.move(at(3)), d.move(none))
		}, []time.Time{at(6), at(4), none}, nil},
		{"ended under who waits", func(d *deadline) error { return errors.Join(d.begin(), d.move(past)) }, []time.Time{past.Add(time.Second)}, nil},
		{"ended before anybody waits", func(d *deadline) error { return errors.Join(d.move(past), d.begin()) }, nil, os.ErrDeadlineExceeded},
		{"taken away again", func(d *deadline) error {
			err := errors.Join(d.move(at(5)), d.begin())
			d.end()
			return errors.Join(err, d.move(past), d.move(none), d.begin())
		}, []time.Time{at(6), none}, nil},
		{"as net/http moves them, for two requests", func(d *deadline) error {
			for _, s := range []float64{0.1, 0.2} {
				_ = errors.Join(d.move(at(s+30)), d.move(at(s+30)), d.move(none), d.move(past), d.begin()) // ended before it waits
				if err := errors.Join(d.move(none), d.move(at(s+120)), d.begin()); err != nil {
					return err
				}
				d.end()
			}
			return nil
		}, []time.Time{at(121)}, nil},
	} {
		var told []time.Time
		d := deadline{tell: func(t time.Time) error { told = append(told, t); return nil }}
		err := tt.steps(&d)
		if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.err)
		}
		if !slices.EqualFunc(told, tt.want, time.Time.Equal) {
			t.Errorf("%s: told %v, want %v", tt.name, told, tt.want)
		}
	}
}

// A deadline that is moved ends what waits by it, in each direction.
func TestDeadlinesEndWhatWaits(t *testing.T) {
	client, server := connected(t)
	past := time.Unix(1, 0)
	for _, tt := range []struct {
		name string
		set  func(time.Time) error
		wait func() error
	}{
		{"reading", server.SetReadDeadline, func() error { _, err := server.Read(make([]byte, 1)); return err }},
		{"writing", server.SetWriteDeadline, func() error { _, err := server.Write(make([]byte, 64<<20)); return err }},
		{"both", server.SetDeadline, func() error { _, err := server.Read(make([]byte, 1)); return err }},
	} {
		if err := tt.set(time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- tt.wait() }()
		if err := tt.set(past); err != nil {
			t.Fatal(err)
		}
		if err := waittest.Receive(t, ended); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: ended with %v", tt.name, err)
		}
		if err := tt.set(time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(server, make([]byte, 1)); err != nil {
		t.Errorf("afterwards nothing can be read: %v", err)
	}
}

// A client that does not end its request, and one that asks nothing more, are
// let go when their time is over.
func TestSlowClientsAreLetGo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		Handler:     http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }),
		ReadTimeout: time.Millisecond, IdleTimeout: time.Millisecond,
	}
	go func() { _ = server.Serve(tune(l)) }() // it ends with an error when it is closed
	defer server.Close()
	for _, request := range []string{"", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"} {
		client := dial(t, l)
		if _, err := client.Write([]byte(request)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(client); err != nil { // until the server closes it
			t.Errorf("%q: %v", request, err)
		}
	}
}

// connected are the two ends of a connection, the second as we serve on it.
func connected(t *testing.T) (client, server net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l = tune(l)
	defer l.Close()
	client = dial(t, l)
	if server, err = l.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return client, server
}

// dial is a connection to a listener; who waits on it gives up in the end.
func dial(t *testing.T, l net.Listener) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(longest)); err != nil {
		t.Fatal(err)
	}
	return c
}
