package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
)

//go:embed static
var static embed.FS

// A File is one static file. Its version names its content: pages ask for
// /static/NAME?v=VERSION, which may be kept for ever.
type File struct {
	ContentType string
	Version     string
	Body        []byte
}

// Static are the files under /static/, by name.
func Static() (map[string]File, error) {
	out := map[string]File{}
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := static.ReadFile(name)
		sum := sha256.Sum256(body)
		out[path.Base(name)] = File{contentTypes[path.Ext(name)], hex.EncodeToString(sum[:6]), body}
		return err
	})
	return out, err
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}
