package config

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settled is how long a file must have been left alone to be read: editors
// write in several steps.
const settled = 200 * time.Millisecond

// Watch calls changed each time the bytes of the file at path have become
// others than those of since, or than at its last call. It returns when ctx
// ends, or at once when the system lets nothing be watched. A file that is away
// for a moment is waited for.
func Watch(ctx context.Context, path string, since *Config, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", path, err)
	}
	defer w.Close()
	if err := watchFolders(w, path); err != nil {
		return fmt.Errorf("watch %s: %w", path, err)
	}
	known := since.digest
	quiet := time.NewTimer(settled) // once at the beginning: it may have changed since it was read
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.Events:
			quiet.Reset(settled)
		case <-w.Errors: // events were lost, perhaps ours
			quiet.Reset(settled)
		case <-quiet.C:
			_ = watchFolders(w, path) // a link may lead elsewhere now
			data, err := os.ReadFile(path)
			if err != nil {
				continue // whoever puts it back is heard
			}
			if now := sha256.Sum256(data); now != known {
				known = now
				changed()
			}
		}
	}
}

// watchFolders watches the folder of path and that to which it leads, and not
// the file: what takes a file's place is another one.
func watchFolders(w *fsnotify.Watcher, path string) error {
	if err := w.Add(filepath.Dir(path)); err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil //nolint:nilerr // a link that leads nowhere yet
	}
	return w.Add(filepath.Dir(real))
}
