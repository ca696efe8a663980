package parse

import (
	"bytes"
	"errors"
	"html"
	"regexp"
	"slices"
	"strings"
)

// What an internal subset may define. Feeds that have one define a name or two,
// some of them by others.
const (
	maxEntities = 100
	maxValue    = 64 << 10 // bytes that one may stand for
	maxGrowth   = 1 << 20  // and that writing all of them out may add
)

// errBombs refuses what would grow to gigabytes out of a few lines.
var errBombs = errors.New("the document defines entities that grow out of all proportion (no feed needs that)")

var (
	definition = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>`)
	named      = regexp.MustCompile(`&([A-Za-z_][\w.-]*);`)
)

// writeOut puts the values of entities that the document defines itself in
// their places and drops its declaration; ok is false when there is none.
func writeOut(data []byte) (out []byte, ok bool, err error) {
	if !bytes.Contains(data[:min(len(data), 4096)], []byte("<!DOCTYPE")) {
		return data, false, nil
	}
	from, to, subset := doctype(data)
	if subset == nil {
		return data, false, nil
	}
	values := entities{defined: map[string]string{}, whole: map[string]string{}, open: map[string]bool{}}
	for _, def := range definition.FindAllSubmatch(withoutComments(subset), maxEntities) {
		name := string(def[1])
		if _, twice := values.defined[name]; !twice && !xmlEntities[name] { // the first counts (XML 1.0 §4.2)
			values.defined[name] = string(def[2]) + string(def[3])
		}
	}
	// A value is read as XML where it stands: markup in it is markup, and its own
	// references have been read once already.
	body, err := values.in(string(data[to:]), len(data)+maxGrowth, func(s string) string { return s })
	if err != nil {
		return nil, false, err
	}
	return append(data[:from:from], body...), true, nil
}

// doctype is where a document type stands and what its internal subset
// declares; nil when it has none.
func doctype(data []byte) (from, to int, subset []byte) {
	from = bytes.Index(data, []byte("<!DOCTYPE"))
	n := directiveLength(data[from:])
	if n < 0 {
		return 0, 0, nil
	}
	_, subset, ok := bytes.Cut(data[from:from+n], []byte("["))
	end := bytes.LastIndexByte(subset, ']')
	if !ok || end < 0 {
		return 0, 0, nil
	}
	return from, from + n, subset[:end]
}

// endedDoctype is a document whose type swallows its root, for want of a quote
// or a bracket, with a type that ends before it and has the entities that are
// whole; ok is false when there is nothing to mend.
func endedDoctype(data []byte) (out []byte, ok bool) {
	from := bytes.Index(data[:min(len(data), nearFront)], []byte("<!DOCTYPE"))
	if from < 0 || looksHTML(data) || firstRoot(data[:from]) >= 0 {
		return data, false
	}
	kind := data[from:]
	n := directiveLength(kind)
	root := firstRoot(kind)
	if root < 0 || n >= 0 && (n <= root || firstRoot(kind[n:]) >= 0) {
		return data, false
	}
	defined := bytes.Join(definition.FindAll(kind[:root], maxEntities), nil)
	return slices.Concat(data[:from], []byte("<!DOCTYPE feed ["), defined, []byte("]>"), kind[root:]), true
}

// entities are those that a document defines.
type entities struct {
	defined map[string]string // as written
	whole   map[string]string // with all that they refer to in its place
	open    map[string]bool   // of which that is being done
}

// in puts values in the places of their names in a text; what stands between
// them is written with as. What grows beyond a size is refused.
func (e entities) in(text string, most int, as func(string) string) (string, error) {
	var b strings.Builder
	for {
		at := named.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		value, known, err := e.value(text[at[2]:at[3]])
		switch {
		case err != nil:
			return "", err
		case known:
			b.WriteString(as(text[:at[0]]) + value)
		default:
			b.WriteString(as(text[:at[1]]))
		}
		if b.Len() > most {
			return "", errBombs
		}
		text = text[at[1]:]
	}
	b.WriteString(as(text))
	return b.String(), nil
}

// value is what an entity stands for; known is false where the document does
// not define it.
func (e entities) value(name string) (value string, known bool, err error) {
	written, known := e.defined[name]
	switch value, done := e.whole[name]; {
	case !known || done:
		return value, done, nil
	case e.open[name]: // it holds itself: XML 1.0 §4.1 forbids it, and it stands for nothing more
		return "", true, nil
	}
	e.open[name] = true
	value, err = e.in(written, maxValue, onceRead)
	e.whole[name] = value
	return value, true, err
}

// onceRead is an entity's value as the place where it stands needs it: numbers
// of characters have become characters, and those that are markup stay escaped.
func onceRead(value string) string {
	text := html.UnescapeString(value)
	if text == value {
		return text
	}
	return html.EscapeString(text)
}
