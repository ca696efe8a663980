package parse

import (
	"bytes"
	"html"
	"strings"
)

// longestBase bounds, in bytes, what a base within markup may be: it is written
// before each address.
const longestBase = 1 << 10

// rebased is markup whose elements have an xml:base of their own, with the
// addresses in them made relative to what is in force around it: HTML, which it
// becomes, has no such attribute.
func rebased(inner []byte) []byte {
	if !bytes.Contains(inner, []byte("xml:base")) {
		return inner
	}
	type scope struct{ name, base string }
	var open []scope
	out := make([]byte, 0, len(inner)+64)
	for i := 0; i < len(inner); {
		j := bytes.IndexByte(inner[i:], '<')
		if j < 0 || i+j+1 >= len(inner) {
			return append(out, inner[i:]...)
		}
		out = append(out, inner[i:i+j]...)
		i += j
		if len(out) > 2*len(inner)+maxGrowth {
			return append(out, inner[i:]...)
		}
		n, t := tagAt(inner[i:])
		raw := inner[i : i+n]
		i += n
		switch {
		case t.name == "":
		case t.closing:
			for k := len(open) - 1; k >= 0; k-- {
				if strings.EqualFold(open[k].name, t.name) {
					open = open[:k]
					break
				}
			}
		default:
			base := attribute(raw, "xml:base")
			if len(open) > 0 {
				base = joined(open[len(open)-1].base, base)
			}
			if len(base) > longestBase {
				base = ""
			}
			if base != "" {
				raw = against(t, base)
			}
			if !t.empty && !void(t.name) {
				open = append(open, scope{t.name, base})
			}
		}
		out = append(out, raw...)
	}
	return out
}

// against writes a start tag with its addresses resolved. A footnote's is within
// the text, whatever the base is.
func against(t tag, base string) []byte {
	out := []byte("<" + t.name)
	for key, value := range attributes(t.raw) {
		value = decoded(value)
		switch strings.ToLower(key) {
		case "xml:base":
			continue
		case "href", "src", "cite", "poster":
			if !strings.HasPrefix(value, "#") {
				value = resolved(value, base)
			}
		}
		out = append(out, " "+key+`="`+html.EscapeString(value)+`"`...)
	}
	if t.empty {
		out = append(out, '/')
	}
	return append(out, '>')
}
