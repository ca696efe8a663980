package parse

import (
	"bytes"
	_ "embed"
	"maps"
	"strings"
	"sync"

	"copydesk/aggregator/wordtable"
)

//go:embed data/namespaces.tsv
var namespaceTable string

// namespaces give the prefix that a namespace is known by, for its address in
// any of the ways in which feeds write it.
var namespaces = func() map[string]string {
	out := map[string]string{}
	for _, row := range wordtable.Rows(namespaceTable) {
		out[foldedAddress(row[1])] = row[0]
	}
	return out
}()

// addressOf gives the address by which the parser knows a namespace.
var addressOf = map[string]string{
	"atom": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
	"content": "http://purl.org/rss/1.0/modules/content/", "media": "http://search.yahoo.com/mrss/",
	"itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd", "xhtml": "http://www.w3.org/1999/xhtml",
	"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "sy": "http://purl.org/rss/1.0/modules/syndication/",
}

// foldedAddress is an address without what writers of feeds get wrong in it.
func foldedAddress(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
	s, _, _ = strings.Cut(s, "#draft-") // of Atom, numbered
	return strings.TrimRight(strings.TrimPrefix(s, "www."), "/#")
}

// spaces give, for each prefix in force, the one that its namespace is known
// by; "" where that is the format's own.
type spaces map[string]string

// with are the spaces in force within a start tag.
func (s spaces) with(tag []byte, format string) spaces {
	if !bytes.Contains(tag, []byte("xmlns")) {
		return s
	}
	out := maps.Clone(s)
	if out == nil {
		out = spaces{}
	}
	taken := sync.OnceValue(func() map[string]bool { return knownOtherwise(tag) })
	for key, address := range attributes(tag) {
		prefix, ok := strings.CutPrefix(key, "xmlns")
		if !ok {
			continue
		}
		known, named := namespaces[foldedAddress(address)]
		prefix = strings.TrimPrefix(prefix, ":")
		switch {
		case !named && prefix != "" && taken()[prefix]:
			out[prefix] = "not-" + prefix
		case !named && prefix != "":
			delete(out, prefix) // stands for itself
		case prefix == "" && isFrame(tag):
			out[prefix] = ""
		case !named || known == format || known == "rss":
			out[prefix] = ""
		default:
			out[prefix] = known
		}
	}
	return out
}

// knownOtherwise are the prefixes whose usual namespace another prefix has in a
// tag. Then such a one is for something else; else its address is one of the many
// that are written wrongly.
func knownOtherwise(tag []byte) map[string]bool {
	out := map[string]bool{}
	for key, address := range attributes(tag) {
		usual, named := namespaces[foldedAddress(address)]
		if other, ok := strings.CutPrefix(key, "xmlns:"); ok && named && other != usual {
			out[usual] = true
		}
	}
	return out
}

// isFrame reports a tag of RSS around its texts. Whatever namespace it takes for
// the default, those are its own.
func isFrame(tag []byte) bool {
	name, _ := tagName(tag)
	switch strings.ToLower(string(name)) {
	case "rss", "channel", "item":
		return true
	}
	return false
}

// name is a tag's name as it is usually written, in lower case.
func (s spaces) name(t tag) string {
	prefix, local, prefixed := strings.Cut(t.name, ":")
	if !prefixed {
		prefix, local = "", t.name
	}
	if bytes.Contains(t.raw, []byte("xmlns")) {
		s = s.with(t.raw, s["format"])
	}
	space, ok := s[prefix]
	if !ok {
		space = strings.ToLower(prefix)
	}
	local = strings.ToLower(local)
	switch {
	case space == "" || space == s["format"]:
		return local
	case space == "dcterms" && coreElements[local]:
		return "dc:" + local
	case space == prefix && len(local)+len(space)+1 == len(t.name):
		return strings.ToLower(t.name)
	}
	return space + ":" + local
}

// coreElements are those of Dublin Core, which its terms have once more (DCMI Metadata
// Terms §3): they are one here.
var coreElements = map[string]bool{
	"contributor": true, "coverage": true, "creator": true, "date": true, "description": true, "format": true, "identifier": true, "language": true,
	"publisher": true, "relation": true, "rights": true, "source": true, "subject": true, "title": true, "type": true,
}

// spacesOf are the spaces that the tags which a frame leaves open declare.
func spacesOf(format string, frame []byte) spaces {
	s := spaces{"format": format}
	for t := range tags(frame) {
		s = s.with(t.raw, format)
	}
	return s
}

// plainNames writes the addresses of namespaces in the way that the parser
// knows, and makes the format's own namespace of what stands in its place.
func plainNames(format string, tag []byte) []byte {
	for key, address := range attributes(tag) {
		if !strings.HasPrefix(key, "xmlns") {
			continue
		}
		known := namespaces[foldedAddress(address)]
		to, ok := addressOf[known]
		switch {
		case key == "xmlns" && isFrame(tag):
			to, ok = "", true
		case known == "rss" || !ok && key == "xmlns" && format == "atom":
			to, ok = addressOf[format], format == "atom"
		}
		if ok && address != to && address != "http://purl.org/atom/ns#" {
			tag = bytes.Replace(tag, []byte(address), []byte(to), 1)
		}
	}
	return tag
}
