package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"copydesk/aggregator/waittest"
)

// hanging starts the program on a source that never answers, and returns when
// it has been asked.
func hanging(t *testing.T) *program {
	t.Helper()
	asked := make(chan struct{}, 100)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	dir := t.TempDir()
	writeConfig(t, dir, anyPort, fmt.Sprintf("fetch: {allow_private: true, timeout: 5m}\nsources: [{slug: slow, name: Slow, url: '%s'}]\nchannels: [{slug: all, title: All}]\n", server.URL))
	p := startProgram(t, dir)
	waittest.Receive(t, asked, p.log)
	return p
}

// SIGTERM gives running pulls their grace and ends the program then: it does not
// wait until a source that never answers has had its time.
func TestTerminateDrains(t *testing.T) {
	t.Parallel()
	p := hanging(t)
	p.terminate(t)
	if text := p.log.String(); strings.Contains(text, "pull failed") || !strings.Contains(text, "copydesk is down") {
		t.Errorf("it ended when the pull did:\n%s", text)
	}
}

// A second signal ends it at once.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	p := hanging(t)
	if !eventually(func() bool {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.ended:
			return true
		default:
			return false
		}
	}) {
		t.Fatal("it does not end")
	}
	if !p.endedBy(syscall.SIGTERM) {
		t.Errorf("it ended with %v, want by the signal itself", p.err)
	}
}
