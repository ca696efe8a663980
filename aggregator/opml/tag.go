package opml

import (
	"html"
	"regexp"
	"strings"
)

// A tag is a start tag.
type tag struct {
	name       string // in lower case
	at         int    // where it begins
	attributes map[string]string
	empty      bool // <name/>
}

// readTag reads the tag that begins where the reader stands, and goes behind
// it.
func (r *reader) readTag() tag {
	t := tag{at: r.at, attributes: map[string]string{}}
	name := tagName.FindString(r.text[r.at+1:])
	t.name = strings.ToLower(name)
	r.at += 1 + len(name)
	for r.at < len(r.text) {
		r.at += len(r.text[r.at:]) - len(strings.TrimLeft(r.text[r.at:], " \t\r\n"))
		rest := r.text[r.at:]
		switch {
		case strings.HasPrefix(rest, "/>"):
			r.at += 2
			t.empty = true
			return t
		case strings.HasPrefix(rest, ">"):
			r.at++
			return t
		case strings.HasPrefix(rest, "<"):
			r.tell(t.at, "the tag is not closed")
			t.empty = t.attributes["xmlurl"] != ""
			return t
		case tagName.MatchString(rest):
			r.attribute(&t)
		case rest != "":
			if rest[0] != '/' {
				r.tell(r.at, "a %q stands between the attributes", firstRune(rest))
			}
			r.at += len(firstRune(rest))
		}
	}
	r.tell(t.at, "the file ends within a tag, which is left out")
	return tag{}
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

// attribute reads name="value", and what people write in its place.
func (r *reader) attribute(t *tag) {
	name := tagName.FindString(r.text[r.at:])
	r.at += len(name)
	rest := strings.TrimLeft(r.text[r.at:], " \t\r\n")
	if !strings.HasPrefix(rest, "=") {
		return // one without a value says nothing
	}
	rest = strings.TrimLeft(rest[1:], " \t\r\n")
	r.at = len(r.text) - len(rest)
	value := ""
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		r.at++
		value = r.quoted(rest[0])
	} else {
		r.tell(r.at, "a value stands without quotes")
		value = bare(rest)
		r.at += len(value)
	}
	r.check(t.at, value)
	if key := strings.ToLower(name); t.attributes[key] == "" {
		t.attributes[key] = unescape(value)
	}
}

// bare is the value that s begins with: up to a blank or the end of the tag.
func bare(s string) string {
	end := strings.IndexAny(s, " \t\r\n<>")
	if end < 0 {
		return s
	}
	if s[end] == '>' {
		return strings.TrimSuffix(s[:end], "/")
	}
	return s[:end]
}

// known are the attributes that lists use, for telling where one begins.
const known = `(?i:xmlUrl|htmlUrl|type|text|title|description|version|language|category)`

// closing is what follows a quote that ends a value; any other quote is part of
// the value, though it should have been escaped.
var closing = regexp.MustCompile(`^\s*(?:/?>|[A-Za-z_][\w:.-]*\s*=\s*["']|` + known + `\s*=|</?(?:outline|body|opml)\b|$)`)

// lost is where a value has run on, since the quote at its end is missing.
var lost = regexp.MustCompile(`\s` + known + `\s*=\s*["']|/?>\s*</?(?:outline|body|opml)\b`)

// longest is how far the end of a value is looked for, in bytes.
const longest = 16 << 10

// quoted reads a value up to the quote that ends it, and goes behind that.
func (r *reader) quoted(quote byte) string {
	rest := r.text[r.at:min(len(r.text), r.at+longest)]
	end, inner := 0, false
	for {
		i := strings.IndexByte(rest[end:], quote)
		if i < 0 {
			end = len(rest)
			break
		}
		end += i
		if closing.MatchString(rest[end+1 : min(len(rest), end+200)]) {
			break
		}
		inner = true
		end++
	}
	if at := lost.FindStringIndex(rest[:end]); at != nil {
		r.tell(r.at, "the quote at the end of a value is missing")
		r.at += at[0]
		return rest[:at[0]]
	}
	if inner {
		r.tell(r.at, "a quote within a value is not escaped")
	}
	r.at = min(r.at+end+1, len(r.text))
	return rest[:end]
}

// check tells what should have been escaped.
func (r *reader) check(offset int, value string) {
	if strings.Contains(value, "<") {
		r.tell(offset, "a < within a value is not escaped")
	}
	for _, m := range entity.FindAllString(value, -1) {
		if m == "&" {
			r.tell(offset, "an & within a value is not escaped")
			return
		}
	}
}

// entity is a reference, or an & that begins none.
var entity = regexp.MustCompile(`&(?:#[0-9]+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?`)

// unescape undoes references; an & that begins none is itself.
func unescape(s string) string {
	return entity.ReplaceAllStringFunc(s, func(m string) string {
		if m == "&" {
			return m
		}
		return html.UnescapeString(m)
	})
}
