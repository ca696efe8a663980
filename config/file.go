package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// EditFile changes the file at path: change edits a draft of it, and when
// that went well the file is replaced in one step, so that nobody ever reads
// half of it. A link is followed and the file's mode kept. A file that somebody
// else has changed in the meantime is left as it is.
func EditFile(path string, opt Options, change func(*Draft) error) error {
	if _, err := Load(path, opt); err != nil { // tells what is wrong with the file itself
		return err
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read config: %w", err)
	}
	d, err := NewDraft(path, old, opt)
	if err != nil {
		return err
	}
	if err := change(d); err != nil {
		return err
	}
	if bytes.Equal(d.Bytes(), old) {
		return nil
	}
	if err := replace(path, old, d.Bytes()); err != nil {
		return fmt.Errorf("write config: %w", err)
	}
	return nil
}

// replace puts text in the place of a file that still holds old.
func replace(path string, old, text []byte) (err error) {
	if len(text) > maxFile {
		return fmt.Errorf("%s would be larger than %d MB", path, maxFile>>20)
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(draft.Name()))
		}
	}()
	_, err = draft.Write(text)
	if err = errors.Join(err, draft.Chmod(info.Mode().Perm()), draft.Sync(), draft.Close()); err != nil {
		return err
	}
	now, err := os.ReadFile(target)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, old) {
		return fmt.Errorf("somebody else has changed %s in the meantime (nothing was changed; try again)", path)
	}
	return os.Rename(draft.Name(), target)
}
