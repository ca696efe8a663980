package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Whoever asks with the tag of an old edition gets what is new to him, and no
// more, in whatever coding: by the same program, after its config has changed
// elsewhere, by the next program, and by the one after a kill.
func TestDeltasOutliveTheProgram(t *testing.T) {
	t.Parallel()
	town := newHubTown(t, "")
	path := "/channels/all/feed.json"
	told := func(header ...string) (status int, titles []string, tag string) {
		t.Helper()
		res, err := town.program.get(path, header...)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == http.StatusOK || res.StatusCode == http.StatusIMUsed {
			titles = titlesOf(body)
		}
		return res.StatusCode, titles, res.Header.Get("ETag")
	}
	publish := func(title string) {
		t.Helper()
		town.publish(title)
		for end := lastMoment(t); ; {
			if _, titles, _ := told(); slices.Contains(titles, title) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%s was not published\n%s", title, town.program.log)
			}
		}
	}
	_, _, first := told()
	publish("second")
	_, _, second := told()
	publish("third")
	check := func(when string) {
		t.Helper()
		for tag, want := range map[string][]string{first: {"third", "second"}, second: {"third"}, "W/" + second: {"third"}} {
			status, titles, now := told("A-IM: feed", "If-None-Match: "+tag, "Accept-Encoding: identity")
			if status != http.StatusIMUsed || !slices.Equal(titles, want) {
				t.Errorf("%s: got %d with %v, want 226 with %v", when, status, titles, want)
			}
			if status, _, _ := told("A-IM: feed", "If-None-Match: "+now, "Accept-Encoding: identity"); status != http.StatusNotModified {
				t.Errorf("%s: who has all is answered %d, want 304", when, status)
			}
		}
	}
	check("by the same program")

	file := filepath.Join(town.dir, "copydesk.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	next := strings.Replace(string(text), "channels: [", "channels: [{slug: more, title: More}, ", 1)
	if err := os.WriteFile(file, []byte(next), 0o600); err != nil {
		t.Fatal(err)
	}
	for end := lastMoment(t); !strings.Contains(town.program.log.String(), "a new config is in force"); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("the config is not read\n%s", town.program.log)
		}
	}
	check("after its config has changed elsewhere")
	town.program.terminate(t)
	town.start()
	check("by the next program")
	if err := town.program.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	town.program.wait()
	town.start()
	check("after a kill")
	town.program.terminate(t)
}
