package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
)

// Names of what stands beside the documents.
const (
	manifestName = "_manifest.json"
	journalName  = "_journal" // names of files that are new since the manifest; there while an export runs
	tempPrefix   = "_tmp-"
)

// A Document is one address, as a host must answer it.
type Document struct {
	Path         string            `json:"path"`
	File         string            `json:"file"`
	Status       int               `json:"status"`
	Location     string            `json:"location,omitempty"`
	ContentType  string            `json:"content_type"`
	ETag         string            `json:"etag,omitempty"`
	LastModified string            `json:"last_modified,omitempty"`
	CacheControl string            `json:"cache_control,omitempty"`
	Codings      map[string]string `json:"codings,omitempty"` // files of the same document in another coding

	header http.Header // all of them; nil of one that was read from a manifest
}

// A manifest is what an export leaves behind for hosts, and for the next one.
type manifest struct {
	Version   int        `json:"version"`
	Documents []Document `json:"documents"`
	Files     []string   `json:"files"` // all that exports wrote and that is still there
}

const manifestVersion = 1

// readManifest reads what the last export left. ok is false where none was
// completed.
func (t *tree) readManifest() (m manifest, ok bool, err error) {
	text, err := t.root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, false, fmt.Errorf("%s: %w (remove it, and give --force for one export)", manifestName, err)
	}
	if m.Version != manifestVersion {
		return m, false, fmt.Errorf("%s is of version %d, and this program knows %d (use the program that wrote it, or another folder)", manifestName, m.Version, manifestVersion)
	}
	return m, true, nil
}

func (m *manifest) print() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(m)
	return b.Bytes(), err
}
