package parse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/cespare/xxhash/v2"
	gofeedjson "github.com/mmcdole/gofeed/json"
)

// mendedJSON reads a JSON Feed that breaks off, is damaged, or has values of other
// types than the format has: what can be read as what was meant is kept, and the
// rest left out. Damage that leaves no item is what is wrong with it.
func mendedJSON(data []byte, damage error) (f *gofeedjson.Feed, hubs json.RawMessage, end torn, err error) {
	members, end := looseFeed(data)
	if items, _ := members["items"].([]any); len(items) == 0 && !json.Valid(data) {
		return nil, nil, end, damage
	}
	whole, err := json.Marshal(shaped(members, feedShape))
	if err != nil {
		return nil, nil, end, fmt.Errorf("write the mended document: %w", err)
	}
	if hubs, err = json.Marshal(members["hubs"]); err != nil {
		return nil, nil, end, fmt.Errorf("write the mended document: %w", err)
	}
	f, err = (&gofeedjson.Parser{}).Parse(bytes.NewReader(whole))
	return f, hubs, end, err
}

// A torn tells how a document ends that breaks off.
type torn struct {
	hash uint64 // of what stands behind the last item that ends; 0 where the document is whole
	kept bool   // the last item is the one that it breaks off in
}

// looseFeed are the members of a feed as far as they can be read. Of its items an
// incomplete last one is kept where it is named, and has its title unless it is alone.
func looseFeed(data []byte) (members map[string]any, end torn) {
	r := looseReader{data: data}
	r.next()
	var last any
	items := func() (any, bool) {
		if r.next() != '[' {
			return r.value()
		}
		list, part, whole := r.list()
		last = part
		if end.kept = names(part) && (len(list) == 0 || says(part, "title")); end.kept {
			list = append(list, part)
		}
		return list, whole
	}
	members, whole := r.object(map[string]func() (any, bool){"items": items})
	if !whole {
		end.hash = xxhash.Sum64String(fmt.Sprint(last)) | 1
	}
	return members, end
}

// names reports an item that says what it is known by.
func names(item any) bool { return says(item, "id", "url", "external_url") }

// says reports an item that has a text in one of these members.
func says(item any, names ...string) bool {
	members, _ := item.(map[string]any)
	return slices.ContainsFunc(names, func(name string) bool {
		text, _ := scalar(members[name])
		return text != ""
	})
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
