package parse

import (
	"bytes"
	"cmp"
	"strings"
)

// basesOf are the values of xml:base on the tags of a frame, outermost first.
func basesOf(frame []byte) []string {
	var out []string
	for t := range tags(frame) {
		if base := attribute(t.raw, "xml:base"); base != "" {
			out = append(out, base)
		}
	}
	return out
}

// dressedHead is a head as the parser should see it: namespaces by the
// addresses that it knows, and bare markup as text.
func dressedHead(format string, head []byte) []byte {
	out := make([]byte, 0, len(head)+64)
	rooted := false
	for i := 0; i < len(head); {
		j := bytes.IndexByte(head[i:], '<')
		if j < 0 || i+j+1 >= len(head) {
			out = append(out, head[i:]...)
			break
		}
		out = append(out, head[i:i+j]...)
		i += j
		n, t := tagAt(head[i:])
		raw := head[i : i+n]
		if t.name != "" && !t.closing && bytes.Contains(raw, []byte("xml")) {
			raw = plainNames(format, bytes.ReplaceAll(raw, []byte("xml:base"), []byte("our-base")))
		}
		if t.name != "" && !rooted {
			rooted = true
			raw = declared(format, t.name, raw)
		}
		if !bytes.HasPrefix(raw, commentStart) {
			out = append(out, raw...)
		}
		i += n
	}
	for _, name := range []string{"title", "description", "subtitle", "tagline", "info", "copyright", "rights"} {
		out = wrap(out, name)
	}
	return withoutWindows(out)
}

// declared gives the root's own prefix, and the one that the format is known
// by, an address where nobody did.
func declared(format, name string, root []byte) []byte {
	own, _, prefixed := strings.Cut(name, ":")
	address := cmp.Or(addressOf[format], "http://purl.org/rss/1.0/")
	for _, prefix := range []string{own, format} {
		if prefix == own && (!prefixed || strings.EqualFold(own, "rdf")) || bytes.Contains(root, []byte("xmlns:"+prefix)) {
			continue
		}
		end := len(root) - 1
		root = []byte(string(root[:end]) + " xmlns:" + prefix + `="` + address + `"` + string(root[end:]))
	}
	return root
}

// wrap puts bare markup inside the first <name> into CDATA, as it was meant.
func wrap(data []byte, name string) []byte {
	for t := range tags(data) {
		if t.closing || t.empty || t.name != name {
			continue
		}
		from := offset(data, t.raw) + len(t.raw)
		size, end := extent(data[from:], name)
		if size == end || !bareMarkup(data[from:from+size]) {
			return data
		}
		out := make([]byte, 0, len(data)+12)
		out = append(out, data[:from]...)
		out = append(out, cdataStart...)
		out = append(out, data[from:from+size]...)
		out = append(out, cdataEnd...)
		return append(out, data[from+size:]...)
	}
	return data
}

// restoreHead puts back what the library does not hand on of what a document
// says of itself.
func (f *Feed) restoreHead(format string, head []byte, ns spaces) {
	root, inner := opened(head)
	o := original{raw: head, tag: root, base: nil}
	o.read(inner, ns)
	if format == "atom" {
		f.Base = attribute(root, "xml:base")
		f.restoreAtom(&o, ns)
		return
	}
	for _, e := range o.kids {
		if e.name != "channel" {
			continue
		}
		channel := original{raw: e.whole, tag: e.tag, base: []string{attribute(root, "xml:base")}}
		channel.read(channelOf(head, e), ns)
		for _, beside := range o.kids { // RDF has the picture beside the channel
			if beside.name == "image" {
				channel.kids = append(channel.kids, beside)
			}
		}
		f.Base = joined(attribute(root, "xml:base"), attribute(e.tag, "xml:base"))
		f.restoreRSS(&channel, ns)
		if f.Language == "" {
			f.Language = attribute(root, "xml:lang")
		}
		return
	}
	f.restoreRSS(&o, ns)
	f.Base = attribute(root, "xml:base")
}

// opened is the root's start tag, and what stands behind it.
func opened(head []byte) (root, inner []byte) {
	for t := range tags(head) {
		if !t.closing {
			return t.raw, head[offset(head, t.raw)+len(t.raw):]
		}
	}
	return nil, nil
}

// channelOf is what a channel holds: all that stands behind its start tag,
// where its end stands behind the items, which are not in the head.
func channelOf(head []byte, channel element) []byte {
	if len(channel.whole) > len(channel.tag)+len(channel.inner) {
		return channel.inner
	}
	return head[offset(head, channel.tag)+len(channel.tag):]
}
