package parse

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Paths say where a JSON listing keeps what is read from it. A path is names
// between dots, "data.articles"; a number is a place in a list, "data.0.list" or
// "data[0].list"; a list on the way without one means each of its members,
// "authors.name". Link may instead be an address with paths in braces,
// "https://example.org/news/{id}". Items leads from the document's root to the
// list, and is empty where the root is it; the others lead from an item.
type Paths struct {
	Items      string
	ID         string // the link, where it is empty
	Link       string
	Title      string
	Summary    string
	Content    string
	Date       string
	Modified   string
	Authors    string
	Categories string
	Image      string
}

const (
	maxJSONDepth = 100      // of objects and lists
	maxJSON      = 32 << 20 // bytes; as a tree it costs several times that
)

var (
	errJSONDeep  = errors.New("the JSON nests its values too deeply to be a listing")
	errJSONLarge = errors.New("the JSON is larger than 32 MB (ask the server for fewer items at a time)")
)

// CheckPath reports what is wrong with a path, or with an address that has
// paths in it.
func CheckPath(path string) error {
	if !strings.Contains(path, "{") {
		_, err := steps(path)
		return err
	}
	_, err := filled(path, func(inner string) (string, error) { _, err := steps(inner); return "", err })
	return err
}

// steps takes a path apart.
func steps(path string) ([]string, error) {
	plain := strings.NewReplacer("[*]", "", "[]", "").Replace(strings.TrimPrefix(strings.TrimSpace(path), "$"))
	even := strings.Count(plain, "[") == strings.Count(plain, "]")
	plain = strings.TrimPrefix(strings.NewReplacer("[", ".", "]", "").Replace(plain), ".")
	if plain == "" && even {
		return nil, nil
	}
	out := strings.Split(plain, ".")
	if slices.Contains(out, "") || strings.ContainsAny(plain, "{}*") || !even {
		return nil, fmt.Errorf("%q is no path into JSON", path)
	}
	return out, nil
}

// filled puts values in the place of what stands in braces.
func filled(template string, value func(path string) (string, error)) (string, error) {
	var b strings.Builder
	for rest := template; rest != ""; {
		before, after, open := strings.Cut(rest, "{")
		b.WriteString(before)
		if !open {
			break
		}
		path, more, closed := strings.Cut(after, "}")
		if !closed || path == "" {
			return "", fmt.Errorf("%q has a brace without a path and its end", template)
		}
		s, err := value(path)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
		rest = more
	}
	return b.String(), nil
}

// OpenJSON reads a JSON listing by its paths.
func OpenJSON(body []byte, opt Options, p Paths) (*List, error) {
	data, err := inflate(body)
	if err != nil {
		return nil, err
	}
	data, _ = toUTF8(data, opt)
	root, err := jsonTree(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	found := jsonMembers(root, p.Items)
	if len(found) == 0 && !leads(root, p.Items) {
		return nil, fmt.Errorf("the JSON has no list at %q (it has %s; change json.items)", p.Items, keysOf(root))
	}
	f := &Feed{Format: "json"}
	lost := 0
	for _, v := range found {
		it := jsonListItem(v, p)
		if it.Link == "" && it.ID == "" {
			lost++
			continue
		}
		if f.Items = append(f.Items, it); len(f.Items) == maxItems {
			f.Warnings = append(f.Warnings, tooMany)
			break
		}
	}
	if lost > 0 && lost == len(found) {
		return nil, fmt.Errorf("none of the %d items has anything at %q (an item has %s; change json.link)", lost, p.Link, keysOf(found[0]))
	}
	if lost > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d items have no link and were left out", lost))
	}
	return NewList(f), nil
}

// jsonTree decodes data, after a look at what that would cost.
func jsonTree(data []byte) (any, error) {
	switch {
	case len(data) > maxJSON:
		return nil, errJSONLarge
	case deeperThan(data, maxJSONDepth):
		return nil, errJSONDeep
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var root any
	if err := dec.Decode(&root); err != nil {
		start := strings.Join(strings.Fields(string(data[:min(len(data), 80)])), " ")
		return nil, fmt.Errorf("the JSON that begins %q cannot be read: %w", start, err)
	}
	return root, nil
}

// deeperThan counts brackets outside strings.
func deeperThan(data []byte, most int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > most {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// jsonMembers are the items: of a list its members, of an object, which some
// servers write in place of a list, its values in the order of their names.
func jsonMembers(root any, path string) []any {
	var out []any
	for _, v := range jsonValues(root, path) {
		object, ok := v.(map[string]any)
		if ok && len(object) > 0 && allObjects(object) {
			for _, name := range slices.Sorted(maps.Keys(object)) {
				out = append(out, object[name])
			}
			continue
		}
		if ok {
			out = append(out, v)
		}
	}
	return out
}

func allObjects(object map[string]any) bool {
	for _, v := range object {
		if _, ok := v.(map[string]any); !ok {
			return false
		}
	}
	return true
}

// leads reports a path that ends in a list or an object, though an empty one.
func leads(root any, path string) bool {
	at, err := steps(path)
	if err != nil {
		return false
	}
	for _, step := range at {
		object, ok := root.(map[string]any)
		if !ok {
			return false
		}
		root = object[step]
	}
	list, ok := root.([]any)
	return ok && len(list) == 0
}

// jsonValues are what a path leads to; lists at its end are their members.
func jsonValues(v any, path string) []any {
	at, err := steps(path)
	if err != nil { // the config was checked; what is no path leads nowhere
		return nil
	}
	return walked(v, at)
}

func walked(v any, at []string) []any {
	switch v := v.(type) {
	case []any:
		if len(at) > 0 {
			if n, err := strconv.Atoi(at[0]); err == nil {
				if n < 0 || n >= len(v) {
					return nil
				}
				return walked(v[n], at[1:])
			}
		}
		var out []any
		for _, member := range v {
			out = append(out, walked(member, at)...)
		}
		return out
	case map[string]any:
		if len(at) > 0 {
			return walked(v[at[0]], at[1:])
		}
		return []any{v}
	case nil:
		return nil
	}
	if len(at) > 0 {
		return nil
	}
	return []any{v}
}

// jsonTexts are the texts and numbers that a path leads to.
func jsonTexts(v any, path string) []string {
	if path == "" {
		return nil
	}
	var out []string
	for _, found := range jsonValues(v, path) {
		switch found := found.(type) {
		case string:
			if found = strings.TrimSpace(found); found != "" {
				out = append(out, found)
			}
		case json.Number:
			out = append(out, found.String())
		}
	}
	return out
}

func jsonText(v any, path string) string {
	if list := jsonTexts(v, path); len(list) > 0 {
		return list[0]
	}
	return ""
}

func jsonListItem(v any, p Paths) Item {
	it := Item{
		Link:       jsonLink(v, p.Link),
		Title:      Text{Body: jsonText(v, p.Title), Field: p.Title},
		Summary:    Text{Body: jsonText(v, p.Summary), Field: p.Summary},
		Content:    Text{Body: jsonText(v, p.Content), Field: p.Content},
		Categories: jsonTexts(v, p.Categories),
		Image:      jsonText(v, p.Image),
	}
	it.ID = cmp.Or(jsonText(v, p.ID), it.Link)
	it.IDIsLink = it.ID == it.Link
	it.Dates = dated(it.Dates, "json:date_published", jsonText(v, p.Date))
	it.Dates = dated(it.Dates, "json:date_modified", jsonText(v, p.Modified))
	for _, name := range jsonTexts(v, p.Authors) {
		it.People = append(it.People, Person{Name: name, Field: "author"})
	}
	return it
}

// jsonLink is an item's address; one that is made of parts needs all of them.
func jsonLink(v any, path string) string {
	if !strings.Contains(path, "{") {
		return jsonText(v, path)
	}
	address, err := filled(path, func(inner string) (string, error) {
		if s := jsonText(v, inner); s != "" {
			return s, nil
		}
		return "", errors.New("the item lacks a part of its address")
	})
	if err != nil {
		return ""
	}
	return address
}

// keysOf tells an operator what can be chosen from.
func keysOf(v any) string {
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		return strings.Join(names[:min(len(names), 20)], ", ")
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	}
	return "no members"
}
