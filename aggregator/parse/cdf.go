package parse

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"strings"
)

// fromCDF rewrites a channel in the Channel Definition Format of 1997, whose
// addresses and dates stand in attributes, as the RSS that it stands for; nil
// when data is no such thing.
func fromCDF(data []byte) []byte {
	root, _ := opened(data)
	if name, _ := tagName(root); !bytes.EqualFold(name, []byte("channel")) || !bytes.Contains(bytes.ToLower(data), []byte("href=")) {
		return nil
	}
	root, inner := opened(balance(repaired(data, "rss").out))
	var b strings.Builder
	b.WriteString(`<rss version="0.9"`)
	if base := attribute(root, "base"); base != "" {
		b.WriteString(` xml:base="`)
		_ = xml.EscapeText(&b, []byte(base)) // a builder takes everything
		b.WriteByte('"')
	}
	b.WriteString("><channel>")
	channel := element{tag: root, inner: inner}
	cdfElements(&b, channel)
	cdfItems(&b, channel, maxChannels)
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

// maxChannels is how deep channels may stand in one another.
const maxChannels = 8

// cdfItems writes the items of a channel. Those of a channel within it are its
// own, too: RSS has one level.
func cdfItems(b *strings.Builder, channel element, levels int) {
	for part := range children(channel.inner, nil) {
		switch {
		case part.name == "item":
			b.WriteString("<item>")
			cdfElements(b, part)
			b.WriteString("</item>")
		case part.name == "channel" && levels > 0:
			cdfItems(b, part, levels-1)
		}
	}
}

// cdfElements writes what a channel or an item says of itself.
func cdfElements(b *strings.Builder, e element) {
	write := func(name, text string) {
		if name == "" || text == "" {
			return
		}
		b.WriteString("<" + name + ">")
		_ = xml.EscapeText(b, []byte(text)) // a builder takes everything
		b.WriteString("</" + name + ">")
	}
	link, changed := e.attr("href"), e.attr("lastmod")
	for part := range children(e.inner, nil) {
		value := cmp.Or(part.text(), part.attr("value"))
		write(cdfNames[part.name], value)
		switch part.name {
		case "lastmod":
			changed = cmp.Or(value, changed)
		case "a":
			link = cmp.Or(link, part.attr("href"))
		case "logo":
			b.WriteString("<image>")
			write("url", part.attr("href"))
			b.WriteString("</image>")
		}
	}
	write("link", link)
	write("modified", changed)
}

// cdfNames are the names that RSS has for what CDF says in words or in values.
var cdfNames = map[string]string{
	"title": "title", "abstract": "description", "author": "author", "publicationdate": "pubDate", "keywords": "keywords", "category": "category",
}
