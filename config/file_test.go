package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"copydesk/config"
)

const oneSource = house + "sources: [{slug: a, name: A, url: https://a.example/}]\n"

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copydesk.yaml")
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEditFileKeepsModeAndLink(t *testing.T) {
	path := writeConfig(t, oneSource)
	link := filepath.Join(t.TempDir(), "link.yaml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := config.EditFile(link, options, func(d *config.Draft) error { return d.Pause(true, "a") }); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is no longer one (%v)", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("got mode %v, want 0640 (%v)", info.Mode(), err)
	}
	if text, err := os.ReadFile(path); err != nil || !strings.Contains(string(text), "paused: true") {
		t.Errorf("got %s (%v)", text, err)
	}
	onlyFile(t, path)
}

func TestEditFileRefusesWhatChangedMeanwhile(t *testing.T) {
	path := writeConfig(t, oneSource)
	theirs := oneSource + "# a word of mine\n"
	err := config.EditFile(path, options, func(d *config.Draft) error {
		if err := os.WriteFile(path, []byte(theirs), 0o640); err != nil {
			return err
		}
		return d.Pause(true, "a")
	})
	if err == nil || !strings.Contains(err.Error(), "somebody else has changed") {
		t.Errorf("got %v, want a refusal", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != theirs {
		t.Errorf("got %s, want what the other one wrote (%v)", text, err)
	}
	onlyFile(t, path)
}

// onlyFile fails when something was left beside path.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v beside the config, want nothing (%v)", entries, err)
	}
}
