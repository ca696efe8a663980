package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	gofeedjson "github.com/mmcdole/gofeed/json"
)

// mendedJSON reads a JSON Feed that breaks off, has a comma too many, or values
// of other types than the format has: what can be read as what was meant is
// kept, and the rest left out.
func mendedJSON(data []byte) (*gofeedjson.Feed, error) {
	members, err := membersOf(plainJSON(data))
	if items, _ := members["items"].([]any); err != nil && len(items) == 0 {
		return nil, err
	}
	whole, err := json.Marshal(shaped(members, feedShape))
	if err != nil {
		return nil, fmt.Errorf("write the mended document: %w", err)
	}
	return (&gofeedjson.Parser{}).Parse(bytes.NewReader(whole))
}

// plainJSON leaves out commas that nothing follows, and escapes the line ends
// that stand bare in strings (RFC 8259 §7).
func plainJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	quoted := false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\' && i+1 < len(data):
			out = append(out, c)
			i++
		case c == '"':
			quoted = !quoted
		case quoted && c < ' ':
			out = append(out, "\\n"...)
			continue
		case c == ',' && !quoted:
			if rest := bytes.TrimLeft(data[i+1:min(len(data), i+256)], " \t\r\n"); len(rest) > 0 && (rest[0] == ']' || rest[0] == '}') {
				continue
			}
		}
		out = append(out, data[i])
	}
	return out
}

// membersOf are the members of an object as far as they can be read; of its
// items, those that are whole.
func membersOf(data []byte) (map[string]any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.Join(err, errors.New("the document is no JSON object"))
	}
	out := map[string]any{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return out, err
		}
		name, _ := key.(string) // a key is a string, or the token was an error
		if name == "items" {
			list, err := itemsOf(dec)
			out[name] = list
			if err != nil {
				return out, err
			}
			continue
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return out, err
		}
		out[name] = value
	}
	return out, nil
}

func itemsOf(dec *json.Decoder) ([]any, error) {
	t, err := dec.Token()
	if err != nil || t != json.Delim('[') {
		return nil, errors.Join(err, errors.New("the items are no list"))
	}
	var out []any
	for dec.More() {
		var value any
		if err := dec.Decode(&value); err != nil {
			return out, err
		}
		out = append(out, value)
	}
	_, err = dec.Token()
	return out, err
}

// A shape says what the members of an object are: text, a list of texts, or a
// list of objects of a shape of their own. What it does not name is left out.
type shape map[string]any

type textList struct{}

var (
	personShape     = shape{"name": "", "url": "", "avatar": ""}
	attachmentShape = shape{"url": "", "mime_type": "", "title": "", "size_in_bytes": 0, "duration_in_seconds": 0}
	itemShape       = shape{
		"id": "", "url": "", "external_url": "", "title": "", "summary": "", "content_html": "", "content_text": "", "image": "", "banner_image": "",
		"date_published": "", "date_modified": "", "language": "", "tags": textList{}, "authors": personShape, "author": personShape, "attachments": attachmentShape,
	}
	feedShape = shape{
		"version": "", "title": "", "home_page_url": "", "feed_url": "", "description": "", "language": "", "icon": "", "favicon": "",
		"authors": personShape, "author": personShape, "items": itemShape,
	}
)

func shaped(members map[string]any, s shape) map[string]any {
	out := map[string]any{}
	for name, kind := range s {
		value := members[name]
		if value == nil {
			continue
		}
		switch kind := kind.(type) {
		case string:
			if text, ok := scalar(value); ok {
				out[name] = text
			}
		case int:
			if text, ok := scalar(value); ok {
				if n, err := strconv.ParseFloat(text, 64); err == nil {
					out[name] = int64(n)
				}
			}
		case textList:
			out[name] = textsOf(value)
		case shape:
			list := objectsOf(value, kind)
			if name != "author" {
				out[name] = list
			} else if len(list) > 0 {
				out[name] = list[0]
			}
		}
	}
	return out
}

// scalar is a value that is text, or can be written as one.
func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// listOf is a value that should have been a list.
func listOf(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}

func textsOf(value any) []string {
	var out []string
	for _, v := range listOf(value) {
		if text, ok := scalar(v); ok {
			out = append(out, text)
		}
	}
	return out
}

// objectsOf are the objects in a list; a person may be a name alone, and a file
// its address.
func objectsOf(value any, s shape) []any {
	var out []any
	for _, v := range listOf(value) {
		if text, ok := v.(string); ok {
			if _, person := s["name"]; person {
				v = map[string]any{"name": text}
			} else if _, file := s["mime_type"]; file {
				v = map[string]any{"url": text}
			}
		}
		if members, ok := v.(map[string]any); ok {
			out = append(out, shaped(members, s))
		}
	}
	return out
}
