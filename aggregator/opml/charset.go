package opml

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// declaration is the encoding that an XML declaration names.
var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']`)

// toUTF8 decodes data: by its byte order mark; as UTF-8 where it is, whatever is
// declared; else as declared; else as windows-1252, in which no byte is wrong.
func toUTF8(data []byte) (text, problem string) {
	label := "windows-1252"
	switch m := declaration.FindSubmatch(data[:min(len(data), 512)]); {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}), bytes.HasPrefix(data, []byte("<\x00")):
		label = "utf-16le"
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}), bytes.HasPrefix(data, []byte("\x00<")):
		label = "utf-16be"
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), "\ufeff"), ""
	case m != nil && !strings.EqualFold(string(m[1]), "utf-8"):
		if e, _ := charset.Lookup(string(m[1])); e != nil {
			label = string(m[1])
			break
		}
		problem = "the charset " + string(m[1]) + " is not known; it is read as windows-1252"
	default:
		problem = "the list is not in UTF-8 as it claims; it is read as windows-1252"
	}
	e, _ := charset.Lookup(label)
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		out, problem = bytes.ToValidUTF8(data, nil), "bytes of an unknown charset were left out"
	}
	return strings.TrimPrefix(string(out), "\ufeff"), problem
}
