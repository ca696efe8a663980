package config_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"copydesk/aggregator/waittest"
	"copydesk/config"
)

const smallest = "publisher: {title: T, url: https://news.example.org, authority: 'news.example.org,2026'}\n"

// A change is heard however it is made: in place, by another file put in its
// place, through a link that is turned, after the file was away, and before
// anybody watched. One that changes no byte is none.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "copydesk.yaml")
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	move := func(from, to string) {
		t.Helper()
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	put("copydesk.yaml", smallest)
	cfg, err := config.Load(path, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	put("copydesk.yaml", smallest+"# before anybody watched\n")

	ctx, cancel := context.WithCancel(t.Context())
	heard := make(chan string, 10)
	done := make(chan error, 1)
	go func() {
		done <- config.Watch(ctx, path, cfg, func() {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			heard <- string(data)
		})
	}()
	want := func(text string) {
		t.Helper()
		if got := waittest.Receive(t, heard); got != text {
			t.Errorf("heard %q, want %q", got, text)
		}
	}
	want(smallest + "# before anybody watched\n")
	put("copydesk.yaml", smallest+"# in place\n")
	want(smallest + "# in place\n")
	put("copydesk.yaml", smallest+"# in place\n") // no byte is another
	put("new", smallest+"# put in its place\n")
	move("new", "copydesk.yaml")
	want(smallest + "# put in its place\n")

	if err := os.Mkdir(filepath.Join(dir, "elsewhere"), 0o700); err != nil {
		t.Fatal(err)
	}
	put("elsewhere/a.yaml", smallest+"# through a link\n")
	put("elsewhere/b.yaml", smallest+"# through a link that turned\n")
	link("elsewhere/a.yaml", "link")
	move("link", "copydesk.yaml")
	want(smallest + "# through a link\n")
	put("elsewhere/a.yaml", smallest+"# where the link leads\n")
	want(smallest + "# where the link leads\n")
	link("elsewhere/b.yaml", "link")
	move("link", "copydesk.yaml")
	want(smallest + "# through a link that turned\n")
	move("copydesk.yaml", "away")
	put("copydesk.yaml", smallest+"# back again\n")
	want(smallest + "# back again\n")

	cancel()
	if err := waittest.Receive(t, done); err != nil {
		t.Errorf("watching ended with %v", err)
	}
	if len(heard) > 0 {
		t.Errorf("heard once more: %q", <-heard)
	}
}

func TestWatchWhereNothingIs(t *testing.T) {
	err := config.Watch(t.Context(), filepath.Join(t.TempDir(), "no", "copydesk.yaml"), &config.Config{}, func() {})
	if err == nil {
		t.Error("a folder that does not exist is watched")
	}
}

// A database lies beside the config by default, and is written to all the time:
// that must not keep a change from being heard.
func TestWatchInABusyFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "copydesk.yaml")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
	write("copydesk.yaml", smallest)
	write("copydesk.db-wal", "")
	cfg, err := config.Load(path, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	defer parts.Wait()
	defer cancel()
	heard := make(chan struct{}, 10)
	parts.Go(func() {
		if err := config.Watch(ctx, path, cfg, func() { heard <- struct{}{} }); err != nil {
			t.Error(err)
		}
	})
	parts.Go(func() {
		wal, err := os.OpenFile(filepath.Join(dir, "copydesk.db-wal"), os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer wal.Close()
		for tick := time.NewTicker(20 * time.Millisecond); ctx.Err() == nil; <-tick.C {
			if _, err := wal.WriteAt([]byte("page"), 0); err != nil {
				t.Error(err)
			}
		}
	})
	write("copydesk.yaml", smallest+"# changed\n")
	waittest.Receive(t, heard) // though another file of the folder is written to
}

// A file that cannot be read, or is gone for good, is a change to be told; when
// it is back as it was, that is another.
func TestWatchTellsOfAFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "copydesk.yaml")
	if err := os.WriteFile(path, []byte(smallest), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(path, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	heard, done := make(chan struct{}, 10), make(chan error, 1)
	go func() { done <- config.Watch(ctx, path, cfg, func() { heard <- struct{}{} }) }()
	step := func(what string, change ...func() error) {
		t.Helper()
		for _, c := range change {
			if err := c(); err != nil {
				t.Fatal(err)
			}
		}
		t.Log(what)
		waittest.Receive(t, heard)
	}
	aside := filepath.Join(dir, "aside")
	step("the file is gone", func() error { return os.Rename(path, aside) })
	step("it is a folder", func() error { return os.Mkdir(path, 0o700) })
	step("it is back", func() error { return os.Remove(path) }, func() error { return os.Rename(aside, path) })
	cancel()
	if err := waittest.Receive(t, done); err != nil {
		t.Error(err)
	}
}
