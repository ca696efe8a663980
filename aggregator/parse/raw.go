package parse

import (
	"bytes"
	"cmp"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// An original is an item or a head as it was written, which is asked for what
// the library drops or changes.
type original struct {
	raw  []byte
	tag  []byte    // its own start tag
	kids []element // in document order
	base []string  // xml:base of what it stands in, outermost first
	torn bool      // the document breaks off in it
}

// originalOf reads the elements of an item.
func originalOf(raw []byte, ns spaces, base []string) original {
	n, t := tagAt(raw)
	o := original{raw: raw, tag: t.raw, base: base}
	inner := raw[n:]
	if i := bytes.LastIndex(inner, []byte("</")); i >= 0 {
		inner = inner[:i]
	}
	o.read(inner, ns.with(t.raw, ns["format"]))
	return o
}

// restoreFrame notes the base and the languages in force.
func (it *Item) restoreFrame(o *original) {
	it.Base, it.Torn = attribute(o.tag, "xml:base"), o.torn
	if own := attribute(o.tag, "xml:lang"); it.Language == "" && own != "" {
		it.Language, it.Fields.Language = own, "xml:lang"
	}
	if it.Language == "" && unsets(o.tag, "xml:lang") {
		it.Language = "und"
	}
}

// unsets reports an attribute that is there and empty: what is in force around
// its element does not hold within (XML 1.0 §2.12).
func unsets(tag []byte, name string) bool {
	if !bytes.Contains(tag, []byte(name)) {
		return false
	}
	for key, value := range attributes(tag) {
		if key == name && strings.TrimSpace(value) == "" {
			return true
		}
	}
	return false
}

func (o *original) read(inner []byte, ns spaces) {
	for e := range children(inner, ns) {
		if o.kids = append(o.kids, e); len(o.kids) == maxKids {
			return
		}
	}
}

// first is the first element of the first of these names that says something.
func (o *original) first(names ...string) (element, bool) {
	for _, name := range names {
		for _, e := range o.kids {
			if e.name == name && len(bytes.TrimSpace(e.inner)) > 0 {
				return e, true
			}
		}
	}
	return element{}, false
}

// text is what the first of these elements says in words.
func (o *original) text(names ...string) string {
	for _, name := range names {
		for _, e := range o.kids {
			if e.name != name {
				continue
			}
			if s := e.text(); s != "" {
				return s
			}
		}
	}
	return ""
}

// take puts into fact what the first of these elements says in words, and into
// field its name, where one says anything.
func (o *original) take(fact, field *string, names ...string) {
	for _, name := range names {
		if s := o.text(name); s != "" {
			*fact, *field = s, name
			return
		}
	}
}

// each is an element, or those in its place where it is a container of RDF with
// several (RDF/XML §2.15).
func each(e element, ns spaces) []element {
	if bytes.IndexByte(e.inner, '<') < 0 || !bytes.Contains(e.inner, []byte(":li")) {
		return []element{e}
	}
	for container := range children(e.inner, ns) {
		switch container.name {
		case "rdf:bag", "rdf:seq", "rdf:alt":
		default:
			continue
		}
		var out []element
		for member := range children(container.inner, ns) {
			if member.name == "rdf:li" {
				member.name = e.name
				out = append(out, member)
			}
		}
		return out
	}
	return []element{e}
}

// address is an address in an element, made relative to that element's own
// base; what it stands in has bases of its own, which are known outside.
func (o *original) address(e element, ref string) string {
	if e.attr("xml:base") == "" {
		return strings.TrimSpace(ref)
	}
	return resolved(ref, o.bases(e)...)
}

// bases are all that the document gives for an element, outermost first.
func (o *original) bases(e element) []string {
	return append(o.base[:len(o.base):len(o.base)], attribute(o.tag, "xml:base"), e.attr("xml:base"))
}

// nowhere stands for the address of a document, which is not known here:
// what is resolved against it alone stays relative, to the document or, behind
// a slash, to its host.
const (
	nowhere     = nowhereRoot + "/here/"
	nowhereRoot = "http://nowhere.invalid"
)

// resolved makes ref relative to bases, outermost first.
func resolved(ref string, bases ...string) string {
	ref = strings.TrimSpace(ref)
	at, err := url.Parse(nowhere)
	u, bad := url.Parse(ref)
	if err != nil || bad != nil || u.IsAbs() || ref == "" || joinedBlank(bases) {
		return ref
	}
	for _, b := range bases {
		if next, err := url.Parse(strings.TrimSpace(b)); err == nil && b != "" {
			at = at.ResolveReference(next)
		}
	}
	return strings.TrimPrefix(strings.TrimPrefix(at.ResolveReference(u).String(), nowhere), nowhereRoot)
}

func joinedBlank(bases []string) bool { return strings.TrimSpace(strings.Join(bases, "")) == "" }

// joined is one base for several, outermost first.
func joined(bases ...string) string {
	out := ""
	for _, b := range bases {
		if b = strings.TrimSpace(b); b != "" {
			out = resolved(b, out)
		}
	}
	return out
}

// person reads an author or a contributor: by parts, or in one line.
func (o *original) person(e element, ns spaces, field string) (Person, bool) {
	p := Person{Field: field}
	for part := range children(e.inner, ns) {
		text := part.text()
		switch part.name[strings.IndexByte(part.name, ':')+1:] {
		case "name":
			p.Name = text
		case "email":
			p.Email = strings.TrimPrefix(text, "mailto:")
		case "uri", "url", "homepage":
			if text == "" {
				text = part.attr("resource")
			}
			p.URL = resolved(text, append(o.bases(e), part.attr("xml:base"))...)
		case "person": // foaf:maker
			p.Name = part.attr("name")
			for fact := range children(part.inner, ns) {
				switch fact.name {
				case "foaf:name":
					p.Name = cmp.Or(p.Name, fact.text())
				case "foaf:homepage":
					p.URL = fact.attr("resource")
				}
			}
		}
	}
	if href := e.attr("href"); href != "" { // of podcast:person
		p.URL = cmp.Or(p.URL, resolved(href, o.bases(e)...))
	}
	if p.Name == "" {
		p.Name = strings.ReplaceAll(looseText(e.inner), "mailto:", "")
		if m := bracketed.FindStringSubmatch(p.Name); m != nil && p.Email == "" {
			p.Name, p.Email = m[1], m[2]
		}
	}
	if p == (Person{Field: field}) {
		p.Name = e.text() // in markup that means nothing here
	}
	if m := anchored.FindAllStringSubmatch(p.Name, 2); len(m) == 1 && p.URL == "" {
		p.URL = resolved(html.UnescapeString(m[0][1]), o.bases(e)...)
	}
	return p, p.Name != "" || p.Email != ""
}

// anchored is the address of a page in a name that is HTML, as some feeds have
// them. Of several none is that of all whom the field names.
var anchored = regexp.MustCompile(`(?i)<a\s(?:[^<>]*\s)?href\s*=\s*["']?([^"'<>@\s]+)["'\s>]`)

// bracketed is an address behind a name as mail has it (RFC 5322 §3.4), which
// must not be taken for a tag.
var bracketed = regexp.MustCompile(`^"?([^<>"]+?)"?\s*<\s*(?:mailto:)?([^<>@\s]+@[^<>@\s]+)\s*>$`)

// looseText is the text directly within data, in no element of its own.
func looseText(data []byte) string {
	var b strings.Builder
	at := 0
	for e := range children(data, nil) {
		from := offset(data, e.whole)
		b.WriteString(characters(data[at:from]) + " ")
		at = from + len(e.whole)
	}
	b.WriteString(characters(data[at:]))
	return strings.TrimSpace(b.String())
}

// unstated reads a text of which the format does not say what it is.
func unstated(e element) Text {
	if bareMarkup(e.inner) {
		return Text{Body: markup(e.inner), Type: HTML, Lang: e.attr("xml:lang"), Base: e.attr("xml:base"), Field: e.name}
	}
	t := Text{Body: e.body(), Lang: e.attr("xml:lang"), Base: e.attr("xml:base"), Field: e.name}
	if strings.IndexByte(t.Body, '<') >= 0 && !looksMarkedUp(t.Body) {
		t.Type = Plain
	}
	return t
}

// windowsReference is a character by its number in windows-1252, as old
// programs wrote quotes and dashes; XML has control characters there.
var windowsReference = regexp.MustCompile(`&#(?:1[2-5]\d|[xX][89][0-9a-fA-F]);`)

func withoutWindows(data []byte) []byte {
	if !bytes.Contains(data, []byte("&#1")) && !bytes.Contains(data, []byte("&#x")) && !bytes.Contains(data, []byte("&#X")) {
		return data
	}
	return windowsReference.ReplaceAllFunc(data, func(ref []byte) []byte { return []byte(html.UnescapeString(string(ref))) })
}
