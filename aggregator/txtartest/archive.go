// Package txtartest has tests whose cases are txtar archives below testdata: what is
// given, and what is wanted of it, in files that an editor shows as they are.
//
// COPYDESK_TEST_UPDATE=1 puts what comes out in the place of what was wanted, to be
// read in review.
package txtartest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// An Archive is the cases of a file.
type Archive struct {
	*txtar.Archive
	Name string // of the file, without its ending
	path string
}

// Open reads the archives that a pattern names, of which there are so many at least.
func Open(t testing.TB, pattern string, least int) []*Archive {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) < max(least, 1) {
		t.Fatalf("%s: %d fixtures (%v), want %d", pattern, len(paths), err, max(least, 1))
	}
	var out []*Archive
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, &Archive{archive, strings.TrimSuffix(filepath.Base(path), ".txtar"), path})
	}
	return out
}

// Each has a test for each archive that a pattern names, and returns them.
func Each(t *testing.T, pattern string, least int, test func(*testing.T, *Archive)) []*Archive {
	t.Helper()
	list := Open(t, pattern, least)
	for _, a := range list {
		t.Run(a.Name, func(t *testing.T) {
			test(t, a)
			if updating() {
				a.write(t)
			}
		})
	}
	return list
}

func updating() bool { return os.Getenv("COPYDESK_TEST_UPDATE") != "" }

func (a *Archive) write(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(a.path, txtar.Format(a.Archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Parts are the texts of the files by their names.
func (a *Archive) Parts() map[string]string {
	out := map[string]string{}
	for _, f := range a.Files {
		out[f.Name] = string(f.Data)
	}
	return out
}

// Want compares what came out with the file "want".
func (a *Archive) Want(t *testing.T, got string) {
	t.Helper()
	a.WantIn(t, "want", got)
}

// WantIn compares what came out with the file of a name.
func (a *Archive) WantIn(t *testing.T, name, got string) {
	t.Helper()
	for i, f := range a.Files {
		if f.Name == name {
			a.WantAt(t, i, got)
			return
		}
	}
	t.Errorf("there is no file %s, which wants\n%s", name, got)
}

// WantAt compares what came out with the i-th file.
func (a *Archive) WantAt(t *testing.T, i int, got string) {
	t.Helper()
	f := &a.Files[i]
	if updating() {
		f.Data = []byte(got)
		return
	}
	if diff := cmp.Diff(string(f.Data), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", f.Name, diff)
	}
}
