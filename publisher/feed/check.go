package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Check reads a printed feed as a strict validator would, and says what is
// wrong with it: every rule of output-rules that a document alone can be held
// to. Printing holds each new entry and every head to the same rules, so what
// fails them is never published.
func Check(format string, doc []byte) error {
	f, err := formatOf(format)
	if err != nil {
		return err
	}
	return f.check(doc)
}

// A Fault is all that a check found.
type Fault []string

func (f Fault) Error() string {
	shown := f[:min(len(f), 5)]
	if more := len(f) - len(shown); more > 0 {
		return fmt.Sprintf("%s; and %d more", strings.Join(shown, "; "), more)
	}
	return strings.Join(shown, "; ")
}

// faults collects what is wrong.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return Fault(f)
}

// An element is a part of an XML document as it was written: names keep their
// prefix.
type element struct {
	name     string
	attrs    []xml.Attr
	text     string
	children []*element
}

func qualified(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// readXML parses a document or a piece of one. The elements at its top are the
// children of the one it returns.
func readXML(doc []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	top := &element{}
	stack := []*element{top}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if len(stack) > 1 {
				return nil, fmt.Errorf("the document is not well-formed: <%s> has no end", stack[len(stack)-1].name)
			}
			return top, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the document is not well-formed: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			el := &element{name: qualified(t.Name), attrs: slices.Clone(t.Attr)}
			parent := stack[len(stack)-1]
			parent.children = append(parent.children, el)
			stack = append(stack, el)
		case xml.EndElement:
			if name := qualified(t.Name); name != stack[len(stack)-1].name {
				return nil, fmt.Errorf("the document is not well-formed: <%s> ends as %s", stack[len(stack)-1].name, name)
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			stack[len(stack)-1].text += string(t)
		}
	}
}

// all are the children of a name.
func (el *element) all(name string) []*element {
	var out []*element
	for _, c := range el.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

// one is the text of the first child of a name, and whether there is one.
func (el *element) one(name string) (string, bool) {
	for _, c := range el.children {
		if c.name == name {
			return strings.TrimSpace(c.text), true
		}
	}
	return "", false
}

func (el *element) attr(name string) string {
	for _, a := range el.attrs {
		if qualified(a.Name) == name {
			return a.Value
		}
	}
	return ""
}

// walk visits an element and all below it.
func (el *element) walk(visit func(*element)) {
	visit(el)
	for _, c := range el.children {
		c.walk(visit)
	}
}

// knownPrefixes are the namespaces that validators take without a warning, and
// that of tombstones.
var knownPrefixes = []string{"", "atom", "dc", "dcterms", "content", "media", "fh", "thr", "sy", "xml", "xmlns", "at"}

// relations are those that validators know (output-rules §3).
var relations = []string{
	"self", "alternate", "hub", "first", "last", "next", "previous", "current", "prev-archive", "next-archive", "via", "related", "replies",
	"enclosure", "license", "payment", "search", "up", "service", "edit", "edit-media", "describedby",
}

// checkTree holds what all of a document must keep: namespaces, addresses,
// relations, languages, and characters.
func checkTree(f *faults, el *element) {
	el.walk(func(e *element) {
		if prefix, _, ok := strings.Cut(e.name, ":"); ok && !slices.Contains(knownPrefixes, prefix) {
			f.add("<%s> is of a namespace that validators do not know", e.name)
		}
		if strings.ContainsFunc(e.text, forbidden) {
			f.add("<%s> has characters that may not leave the house", e.name)
		}
		seen := map[string]bool{}
		for _, a := range e.attrs {
			name := qualified(a.Name)
			if seen[name] {
				f.add("<%s> has %s twice", e.name, name)
			}
			seen[name] = true
			checkAttribute(f, e, name, a.Value)
		}
	})
}

func checkAttribute(f *faults, e *element, name, value string) {
	switch name {
	case "href", "url", "uri":
		if !soundAddress(value) {
			f.add("<%s> has the address %q, which is not absolute ASCII", e.name, value)
		}
	case "rel":
		if !slices.Contains(relations, value) {
			f.add("<%s> has the relation %q, which validators do not know", e.name, value)
		}
	case "xml:lang":
		if languageTag(value) == "" {
			f.add("<%s> has the language %q", e.name, value)
		}
	case "type":
		if e.name != "title" && e.name != "summary" && e.name != "content" && mimeType(value) == "" {
			f.add("<%s> has the type %q", e.name, value)
		}
	case "length", "fileSize":
		if value == "" || strings.Trim(value, "0123456789") != "" {
			f.add("<%s> has the length %q", e.name, value)
		}
	}
}

// required says so when a child is missing or blank, or there more than once.
func required(f *faults, el *element, names ...string) {
	for _, name := range names {
		switch list := el.all(name); {
		case len(list) == 0:
			f.add("<%s> has no <%s>", el.name, name)
		case len(list) > 1:
			f.add("<%s> has %d <%s>", el.name, len(list), name)
		case strings.TrimSpace(list[0].text) == "":
			f.add("<%s> has a blank <%s>", el.name, name)
		}
	}
}

// single says so when a child is there more than once, or blank.
func single(f *faults, el *element, names ...string) {
	for _, name := range names {
		if len(el.all(name)) > 0 {
			required(f, el, name)
		}
	}
}

// checkRelations holds a feed to one self and at most one of what may be there
// once (RFC 4287 §4.1.1, RFC 5005, WebSub §4).
func checkRelations(f *faults, links []*element) {
	count := map[string]int{}
	for _, l := range links {
		count[l.attr("rel")]++
	}
	if count["self"] != 1 {
		f.add("the feed has %d links to itself", count["self"])
	}
	for _, rel := range []string{"alternate", "hub", "current", "prev-archive", "next-archive", "next", "previous"} {
		if count[rel] > 1 {
			f.add("the feed has %d links of the relation %s", count[rel], rel)
		}
	}
}

func checkRFC3339(f *faults, where, value string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, value)
	if err != nil || !strings.HasSuffix(value, "Z") || t.Year() < 1000 {
		f.add("<%s> has the date %q, which is none of RFC 3339 in UTC", where, value)
	}
	return t
}

func checkRFC822(f *faults, where, value string) {
	if t, err := time.Parse("Mon, 02 Jan 2006 15:04:05 -0700", value); err != nil || t.Year() < 1000 {
		f.add("<%s> has the date %q, which is none of RFC 822 with a four-digit year", where, value)
	}
}

func checkHTML(f *faults, where, text string) {
	if fault := htmlFault(text); fault != "" {
		f.add("the HTML of <%s>: %s", where, fault)
	}
}

// checkApart holds entries to ids and changes of their own.
func checkApart(f *faults, facts []facts) {
	ids, updated := map[string]bool{}, map[string]bool{}
	for _, x := range facts {
		if ids[x.id] {
			f.add("two entries have the id %q", x.id)
		}
		if x.updated != "" && updated[x.updated] {
			f.add("two entries were updated at %s", x.updated)
		}
		ids[x.id], updated[x.updated] = true, true
	}
}

// checkSize refuses what readers would.
func checkSize(f *faults, n int) {
	if n > maxDocument {
		f.add("the document has %d bytes, more than the %d that readers take (lower the channel's limit)", n, maxDocument)
	}
}
