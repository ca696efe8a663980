package config

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settled is how long a file must have been left alone to be read: editors
	// write in several steps.
	settled = 200 * time.Millisecond

	// missed is how long a file may be away before that is told: some programs
	// take it away and then write another.
	missed = 5 * time.Second
)

// Watch calls changed each time the bytes of the file at path have become
// others than those of since, or than at its last call; a file that cannot be
// read is one of other bytes, and so is one that stays away. It returns when ctx
// ends, or at once when the system lets nothing be watched.
func Watch(ctx context.Context, path string, since *Config, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", path, err)
	}
	defer w.Close()
	names, err := watchFolders(w, path)
	if err != nil {
		return fmt.Errorf("watch %s: %w", path, err)
	}
	known, away := since.digest, false
	quiet := time.NewTimer(settled) // once at the beginning: it may have changed since it was read
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-w.Events:
			if concerns(e, names) {
				away = false
				quiet.Reset(settled)
			}
		case <-w.Errors: // events were lost, perhaps ours
			quiet.Reset(settled)
		case <-quiet.C:
			names, _ = watchFolders(w, path) // a link may lead elsewhere now
			now, err := digest(path)
			if errors.Is(err, os.ErrNotExist) && !away {
				away = true
				quiet.Reset(missed)
				continue
			}
			if now != known {
				known = now
				changed()
			}
		}
	}
}

// digest is that of a file's bytes, or of what keeps us from reading them.
func digest(path string) ([sha256.Size]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		data = []byte(err.Error())
	}
	return sha256.Sum256(data), err
}

// concerns reports an event that may be about the file: one of its names, or one
// that may turn a link on the way to it. What is written into other files is
// not, or a database beside the config would never let it settle.
func concerns(e fsnotify.Event, names []string) bool {
	turned := e.Has(fsnotify.Create) || e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename)
	return turned || slices.Contains(names, filepath.Base(e.Name))
}

// watchFolders watches the folder of path and that to which it leads, and not
// the file: what takes a file's place is another one. It returns the names that
// the file has there.
func watchFolders(w *fsnotify.Watcher, path string) (names []string, err error) {
	names = []string{filepath.Base(path)}
	if err := w.Add(filepath.Dir(path)); err != nil {
		return names, err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return names, nil //nolint:nilerr // a link that leads nowhere yet
	}
	return append(names, filepath.Base(real)), w.Add(filepath.Dir(real))
}
