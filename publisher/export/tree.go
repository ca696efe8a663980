package export

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"time"
)

// A tree is the folder that is written. All names are below it; os.Root sees to
// it that no link leads out.
type tree struct {
	root    *os.Root
	force   bool
	ours    map[string]bool // files that exports wrote
	kept    map[string]bool // of them and the new ones: those that stay
	journal *os.File        // nil until something new is written
	temp    string          // what is written before it takes its place

	written, removed int
}

// open opens the folder of an export, makes it where there is none, and tells
// what the last export left in it.
func open(dir string, force bool) (*tree, map[string]Document, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, err
	}
	t := &tree{root: root, force: force, ours: map[string]bool{}, kept: map[string]bool{}, temp: tempPrefix + rand.Text()}
	before, err := t.recall()
	if err != nil {
		return nil, nil, errors.Join(err, root.Close())
	}
	return t, before, nil
}

// recall reads what earlier exports wrote, the last of which may have been cut
// short.
func (t *tree) recall() (map[string]Document, error) {
	m, complete, err := t.readManifest()
	if err != nil {
		return nil, err
	}
	journal, err := t.root.ReadFile(journalName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	entries, err := fs.ReadDir(t.root.FS(), ".")
	if err != nil {
		return nil, err
	}
	if begun := journal != nil; !complete && !begun && !t.force && len(entries) > 0 {
		return nil, errors.New("the folder is not empty, and no export made it (name an empty one, or give --force to write among its files)")
	}
	for _, name := range slices.Concat(m.Files, strings.Split(string(journal), "\n")) {
		if fs.ValidPath(name) && name != "." {
			t.ours[name] = true
		}
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), tempPrefix) { // of one that was cut short
			t.ours[entry.Name()] = true
		}
	}
	before := make(map[string]Document, len(m.Documents))
	for _, d := range m.Documents {
		before[d.Path] = d
	}
	return before, nil
}

func (t *tree) Close() error {
	if t.journal != nil {
		t.journal.Close()
	}
	return t.root.Close()
}

// put gives a file its bytes and tells whether they are new. A document's file
// gets its time, and always a later second than other bytes had: hosts make
// their validators of it.
func (t *tree) put(name string, body []byte, modified time.Time) (changed bool, err error) {
	t.kept[name] = true
	old, err := t.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return false, err
	case t.same(name, old, body):
		return false, nil
	case !t.ours[name] && !t.force:
		return false, fmt.Errorf("%s is there already, and no export wrote it (move it away, or give --force to replace it)", name)
	}
	if old != nil && !modified.IsZero() {
		if next := old.ModTime().Truncate(time.Second).Add(time.Second); modified.Before(next) {
			modified = next
		}
	}
	if err := t.adopt(name); err != nil {
		return false, err
	}
	if dir := path.Dir(name); dir != "." {
		if err := t.root.MkdirAll(dir, 0o755); err != nil {
			return false, err
		}
	}
	if err := t.write(body, modified); err != nil {
		return false, err
	}
	t.written++
	return true, t.root.Rename(t.temp, name)
}

// same reports that a file has these bytes already. What is no plain file has
// none.
func (t *tree) same(name string, info fs.FileInfo, body []byte) bool {
	if !info.Mode().IsRegular() || info.Size() != int64(len(body)) {
		return false
	}
	there, err := t.root.ReadFile(name)
	return err == nil && bytes.Equal(there, body)
}

// write writes the file that is going to take a place, to the disk.
func (t *tree) write(body []byte, modified time.Time) error {
	f, err := t.root.OpenFile(t.temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if modified.IsZero() {
		return nil
	}
	return t.root.Chtimes(t.temp, modified, modified)
}

// adopt notes that a file is an export's, before it is written: an export that
// is cut short leaves nothing that the next one would take for another's.
func (t *tree) adopt(name string) error {
	if t.ours[name] {
		return nil
	}
	if t.journal == nil {
		var err error
		if t.journal, err = t.root.OpenFile(journalName, os.O_WRONLY|os.O_CREATE|os.O_APPEND|os.O_SYNC, 0o644); err != nil {
			return err
		}
	}
	if _, err := io.WriteString(t.journal, name+"\n"); err != nil {
		return err
	}
	t.ours[name] = true
	return nil
}

// keep lets the files of a document be as they are.
func (t *tree) keep(d Document) {
	t.kept[d.File] = true
	for _, name := range d.Codings {
		t.kept[name] = true
	}
}

// sweep removes what exports wrote and this one did not.
func (t *tree) sweep() error {
	for _, name := range slices.Sorted(maps.Keys(t.ours)) {
		if t.kept[name] {
			continue
		}
		info, err := t.root.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !info.Mode().IsRegular(): // somebody has put something else there
		default:
			if err := t.root.Remove(name); err != nil {
				return err
			}
			t.removed++
		}
		delete(t.ours, name)
		for dir := path.Dir(name); dir != "." && t.root.Remove(dir) == nil; dir = path.Dir(dir) { // until one is not empty
		}
	}
	return nil
}

// conclude writes the manifest, if it says something new, and ends the journal.
func (t *tree) conclude(documents []Document) error {
	m := manifest{Version: manifestVersion, Documents: documents, Files: slices.Sorted(maps.Keys(t.ours))}
	text, err := m.print()
	if err != nil {
		return err
	}
	if there, err := t.root.ReadFile(manifestName); err != nil || !bytes.Equal(there, text) {
		if err := t.write(text, time.Time{}); err != nil {
			return err
		}
		if err := t.root.Rename(t.temp, manifestName); err != nil {
			return err
		}
	}
	if err := t.root.Remove(journalName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
