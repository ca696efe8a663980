package parse

import (
	"bytes"
	"html"
	"regexp"
)

// What an internal subset may define. Feeds that have one define a name or two.
const (
	maxEntities = 100
	maxGrowth   = 1 << 20 // bytes that writing entities out may add
)

var (
	doctype    = regexp.MustCompile(`(?s)^(.*?)<!DOCTYPE[^\[>]*\[(.*?)\]\s*>`)
	definition = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>`)
)

// writeOut puts the values of entities that the document defines itself in
// their places and drops its declaration; ok is false when there is none, or
// when it would grow out of proportion. What the values refer to is known to be
// no other entity of the document (nestedEntities).
func writeOut(data []byte) (out []byte, ok bool) {
	if !bytes.Contains(data[:min(len(data), 4096)], []byte("<!DOCTYPE")) {
		return data, false
	}
	m := doctype.FindSubmatchIndex(data)
	if m == nil {
		return data, false
	}
	body := bytes.Clone(data[m[1]:])
	growth := 0
	for _, def := range definition.FindAllSubmatch(data[m[4]:m[5]], maxEntities) {
		name := []byte("&" + string(def[1]) + ";")
		value := append(def[2], def[3]...)
		if xmlEntities[string(def[1])] {
			continue
		}
		growth += bytes.Count(body, name) * len(value)
		if growth > maxGrowth {
			return data, false
		}
		// The value is read as XML where it stands: markup in it is markup, and
		// its own references have been read once already.
		body = bytes.ReplaceAll(body, name, []byte(onceRead(value)))
	}
	return append(data[:m[3]:m[3]], body...), true
}

// onceRead is an entity's value as the place where it stands needs it: numbers
// of characters have become characters, and those that are markup stay escaped.
func onceRead(value []byte) string {
	text := html.UnescapeString(string(value))
	if text == string(value) {
		return text
	}
	return html.EscapeString(text)
}
