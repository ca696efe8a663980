package parse

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A looseReader reads JSON that is damaged or breaks off, as far as it can be told
// what was meant: commas that are missing or too many, quotes and line ends that
// stand bare in strings, escapes and words that JSON does not have, comments, and
// brackets of the wrong kind. It never fails: what cannot be read is left out.
type looseReader struct {
	data  []byte
	at    int
	depth int
}

// value reads a value; whole is false where the document breaks off in it. Of lists
// and objects that do, what is whole is kept; of texts and numbers, nothing.
func (r *looseReader) value() (v any, whole bool) {
	switch c := r.next(); c {
	case 0:
		return nil, false
	case '{':
		return r.object(nil)
	case '[':
		out, torn, whole := r.list()
		if torn != nil {
			out = append(out, torn)
		}
		return out, whole
	case '"':
		if text, whole := r.text(); whole {
			return text, true
		}
		return nil, false
	default:
		return r.word()
	}
}

// next passes over what says nothing, and gives the byte that a value begins with; 0
// at the end.
func (r *looseReader) next() byte {
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c <= ' ' || c == ',':
			r.at++
		case bytes.HasPrefix(r.data[r.at:], []byte("//")):
			r.at += len(upTo(r.data[r.at:], '\n'))
		case bytes.HasPrefix(r.data[r.at:], []byte("/*")):
			_, rest, _ := bytes.Cut(r.data[r.at:], []byte("*/"))
			r.at = len(r.data) - len(rest)
		default:
			return c
		}
	}
	return 0
}

// enter passes over an opening bracket, and over all else where it is one level too
// many.
func (r *looseReader) enter() {
	r.at++
	if r.depth++; r.depth > maxJSONDepth {
		r.at = len(r.data)
	}
}

// object reads members; the value of one that own names is read by it.
func (r *looseReader) object(own map[string]func() (any, bool)) (out map[string]any, whole bool) {
	r.enter()
	defer func() { r.depth-- }()
	out = map[string]any{}
	for {
		switch c := r.next(); c {
		case 0:
			return out, false
		case '}':
			r.at++
			return out, true
		case ']': // its end is missing
			return out, true
		case '"':
		default:
			r.at++
			continue
		}
		name, _ := r.text()
		if r.next() != ':' {
			continue
		}
		r.at++
		read := own[name]
		if read == nil {
			read = r.value
		}
		value, whole := read()
		if value != nil {
			out[name] = value
		}
		if !whole {
			return out, false
		}
	}
}

// list reads members, and apart from them the one that the document breaks off in.
func (r *looseReader) list() (out []any, torn any, whole bool) {
	r.enter()
	defer func() { r.depth-- }()
	for {
		switch r.next() {
		case 0:
			return out, nil, false
		case ']':
			r.at++
			return out, nil, true
		case '}': // its end is missing
			return out, nil, true
		}
		value, whole := r.value()
		switch {
		case !whole:
			return out, value, false
		case value != nil:
			out = append(out, value)
		}
	}
}

// text reads a string; one that breaks off is nothing.
func (r *looseReader) text() (text string, whole bool) {
	r.at++
	from, escaped := r.at, false
	for ; r.at < len(r.data); r.at++ {
		switch c := r.data[r.at]; {
		case c == '\\':
			escaped = true
			r.at++
		case c == '"' && endsText(r.data[r.at+1:]):
			raw := string(r.data[from:r.at])
			r.at++
			if escaped {
				raw = unescaped(raw)
			}
			return raw, true
		}
	}
	r.at = len(r.data)
	return "", false
}

// endsText reports what may follow a string; a quote before anything else was
// not escaped.
func endsText(after []byte) bool {
	after = bytes.TrimLeft(after, " \t\r\n")
	return len(after) == 0 || strings.IndexByte(`,:}]"/`, after[0]) >= 0
}

// word reads what stands bare: numbers, true and false; any other is nothing.
func (r *looseReader) word() (any, bool) {
	from := r.at
	for r.at < len(r.data) && strings.IndexByte(" \t\r\n,:\"[]{}", r.data[r.at]) < 0 {
		r.at++
	}
	if r.at == from {
		r.at++
	}
	word := string(r.data[from:r.at])
	_, err := strconv.ParseFloat(word, 64)
	switch {
	case r.at == len(r.data):
		return nil, false
	case word == "true", word == "false":
		return word == "true", true
	case err == nil && json.Valid([]byte(word)):
		return json.Number(word), true
	}
	return nil, true
}

// unescaped is a string's text (RFC 8259 §7); of an escape that JSON does not have,
// the letter stays.
func unescaped(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			break
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		if r, n := escapedUnit(s); n > 0 {
			if low, m := escapedUnit(strings.TrimPrefix(s[n:], `\`)); utf16.IsSurrogate(r) && m > 0 && s[n] == '\\' {
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					r, n = pair, n+1+m
				}
			}
			b.WriteRune(r)
			s = s[n:]
			continue
		}
		if c := strings.IndexByte("bfnrt", s[0]); c >= 0 {
			b.WriteByte("\b\f\n\r\t"[c])
		} else {
			b.WriteByte(s[0])
		}
		s = s[1:]
	}
	b.WriteString(s)
	return b.String()
}

// escapedUnit reads the "u00e9" of an escape, and how long it is; 0 when it is none.
func escapedUnit(s string) (rune, int) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, 0
	}
	n, err := strconv.ParseUint(s[1:5], 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(n), 5
}
