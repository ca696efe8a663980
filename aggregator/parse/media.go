package parse

import (
	"cmp"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// media reads Media RSS: pictures, files and who made them, within groups and
// without.
func media(out *Item, e ext.Extensions) {
	m := e["media"]
	if len(m) == 0 {
		return
	}
	mediaLevel(out, m)
	for _, g := range m["group"] {
		mediaLevel(out, g.Children)
	}
}

func mediaLevel(out *Item, m map[string][]ext.Extension) {
	for _, c := range m["content"] {
		mediaContent(out, c)
		mediaLevel(out, c.Children)
	}
	for _, c := range m["thumbnail"] {
		out.picture(c.Attrs["url"], "media:thumbnail")
	}
	for _, c := range m["credit"] {
		if strings.TrimSpace(c.Value) != "" {
			out.People = append(out.People, Person{Name: c.Value, Field: "media:credit", Role: c.Attrs["role"]})
			out.ImageCredit = cmp.Or(out.ImageCredit, strings.TrimSpace(c.Value))
		}
	}
	for _, c := range m["category"] {
		if name := cmp.Or(c.Value, c.Attrs["label"]); name != "" {
			out.Categories = append(out.Categories, name)
		}
	}
	out.Categories = append(out.Categories, keywords(firstValue(m["keywords"]))...)
	for _, name := range []string{"text", "description"} {
		for _, c := range m[name] {
			out.ImageCaption = cmp.Or(out.ImageCaption, strings.TrimSpace(c.Value))
		}
	}
	if rights := firstValue(m["copyright"]); out.Rights == "" && rights != "" {
		out.Rights, out.Fields.Rights = rights, "media:copyright"
	}
	if out.Title.Body == "" {
		out.Title.Body, out.Title.Field = firstValue(m["title"]), "media:title"
	}
	if out.Summary.Body == "" {
		out.Summary.Body, out.Summary.Field = firstValue(m["description"]), "media:description"
	}
}

// mediaContent is a picture, or a file that is an enclosure by another name.
func mediaContent(out *Item, c ext.Extension) {
	address := c.Attrs["url"]
	kind := cmp.Or(c.Attrs["type"], c.Attrs["medium"])
	switch {
	case address == "":
	case strings.HasPrefix(kind, "image"), kind == "" && looksImage(address):
		width, _ := strconv.Atoi(c.Attrs["width"]) // unknown is 0
		if out.Image == "" || width > out.imageWidth {
			out.Image, out.Fields.Image, out.imageWidth = address, "media:content", width
		}
	case kind == "document", kind == "text/html":
	default:
		out.enclose(Enclosure{
			URL: address, Type: c.Attrs["type"], Length: c.Attrs["fileSize"], Duration: c.Attrs["duration"], Title: firstValue(c.Children["title"]),
		})
	}
}

func looksImage(address string) bool {
	address, _, _ = strings.Cut(strings.ToLower(address), "?")
	for _, end := range []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"} {
		if strings.HasSuffix(address, end) {
			return true
		}
	}
	return false
}

func first(e ext.Extensions, space, name string) string { return firstValue(e[space][name]) }

func firstValue(list []ext.Extension) string {
	for _, v := range list {
		if s := strings.TrimSpace(v.Value); s != "" {
			return s
		}
	}
	return ""
}
