package export

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

const htmlType = "text/html; charset=utf-8"

// goneSuffix marks the page of what has been withdrawn.
const goneSuffix = ".410.html"

// fileOf is the file of a document at an address.
func fileOf(address, contentType string, status int) (string, error) {
	name, ok := strings.CutPrefix(address, "/")
	if name == "" {
		name = "index.html"
	}
	if !ok || !fs.ValidPath(name) || strings.HasPrefix(name, "_") || strings.ContainsAny(name, "\x00\\\n\r") {
		return "", fmt.Errorf("no file can have the address %q", address)
	}
	switch {
	case status == http.StatusGone:
		name += goneSuffix
	case strings.HasPrefix(contentType, "text/html") && path.Ext(name) != ".html":
		name += ".html"
	}
	return name, nil
}
