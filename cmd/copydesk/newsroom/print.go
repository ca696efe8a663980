package newsroom

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// feed prints an outlet's newest pieces in its own form.
func (o *outlet) feed(base string) ([]byte, string) {
	list := o.pieces[:min(len(o.pieces), onShow)]
	switch o.format {
	case "atom":
		return o.atom(base, list), "application/atom+xml"
	case "json":
		return o.json(base, list), "application/feed+json"
	case "rdf":
		return o.rdf(base, list), "application/rdf+xml"
	case "gb2312":
		return o.gb2312(base, list), "text/xml; charset=gb2312"
	case "damaged":
		return o.damaged(base, list), "application/rss+xml"
	}
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + o.rss(base, list)), "application/rss+xml"
}

func (p *piece) html(base string) string {
	var b strings.Builder
	if p.story.photo != "" {
		fmt.Fprintf(&b, `<figure><img src="%s/photo/%d.png" alt=""><figcaption>%s</figcaption></figure>`, base, p.id, html.EscapeString(p.story.photo))
	}
	for i, par := range p.story.body {
		if i == 0 && p.story.dateline != "" {
			par = p.story.dateline + ", " + p.published.Format("Jan. 2") + " (" + p.credit + ") -- " + par
		}
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(par))
	}
	return b.String()
}

func (p *piece) link(base string) string { return fmt.Sprintf("%s/story/%d", base, p.id) }

// date is how the outlet writes a time: without a zone where it is the kind of
// outlet that does.
func (o *outlet) date(t time.Time) string {
	t = t.In(o.zone)
	switch o.format {
	case "rss-local", "gb2312":
		return t.Format("2006-01-02 15:04:05")
	case "atom", "json", "rdf":
		return t.Format(time.RFC3339)
	}
	return t.Format(time.RFC1123Z)
}

func (o *outlet) rss(base string, list []*piece) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>%s</title><link>%s/</link><description>%s</description><language>%s</language>`,
		html.EscapeString(o.name), base, html.EscapeString(o.name), o.language)
	for _, p := range list {
		fmt.Fprintf(&b, "\n<item><title>%s</title><link>%s?utm_source=rss</link><guid isPermaLink=\"false\">%s-%d</guid><pubDate>%s</pubDate><category>%s</category>",
			html.EscapeString(p.story.title), p.link(base), o.slug, p.id, o.date(p.published), html.EscapeString(p.story.category))
		if o.teaser {
			fmt.Fprintf(&b, "<description>%s</description></item>", html.EscapeString(p.story.body[0]))
			continue
		}
		fmt.Fprintf(&b, "<dc:creator>%s</dc:creator>", html.EscapeString(p.byline))
		fmt.Fprintf(&b, "<description>%s</description><content:encoded><![CDATA[%s]]></content:encoded></item>", html.EscapeString(p.story.body[0]), p.html(base))
	}
	b.WriteString("\n</channel></rss>\n")
	return b.String()
}

func (o *outlet) gb2312(base string, list []*piece) []byte {
	text := `<?xml version="1.0" encoding="gb2312"?>` + "\n" + o.rss(base, list)
	out, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(text))
	if err != nil { // a character that the charset lacks: the stock has none
		return []byte(text)
	}
	return out
}

// damaged is a feed as damaged ones are: junk in front, an undeclared entity,
// a control character, an ampersand, and its end torn off.
func (o *outlet) damaged(base string, list []*piece) []byte {
	text := o.rss(base, list)
	text = strings.Replace(text, "<description>", "<description>Caf&eacute; &amp; bar R&D \x07 ", 1)
	return []byte("\n\n" + strings.TrimSuffix(text, "\n</channel></rss>\n"))
}

func (o *outlet) atom(base string, list []*piece) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="%s"><title>%s</title><id>tag:%s.example,2020:feed</id><link rel="self" href="%s/feed"/><link rel="hub" href="%s"/><link href="%s/"/><updated>%s</updated>`,
		o.language, html.EscapeString(o.name), o.slug, base, hubOf(base), base, list[0].updated.UTC().Format(time.RFC3339))
	for _, p := range list {
		fmt.Fprintf(&b, "\n<entry><title>%s</title><id>tag:%s.example,2020:%d</id><link href=\"%s\"/><published>%s</published><updated>%s</updated><author><name>%s</name></author><category term=\"%s\"/><content type=\"html\">%s</content></entry>",
			html.EscapeString(p.story.title), o.slug, p.id, p.link(base), o.date(p.published), o.date(p.updated), html.EscapeString(p.byline), html.EscapeString(p.story.category), html.EscapeString(p.html(base)))
	}
	b.WriteString("\n</feed>\n")
	return []byte(b.String())
}

func (o *outlet) rdf(base string, list []*piece) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="%s/"><title>%s</title><link>%s/</link><description>%s</description></channel>`,
		base, html.EscapeString(o.name), base, html.EscapeString(o.name))
	for _, p := range list {
		fmt.Fprintf(&b, "\n<item rdf:about=\"%s\"><title>%s</title><link>%s</link><dc:creator>%s</dc:creator><dc:date>%s</dc:date><dc:subject>%s</dc:subject><description>%s</description></item>",
			p.link(base), html.EscapeString(p.story.title), p.link(base), html.EscapeString(p.byline), o.date(p.published), html.EscapeString(p.story.category), html.EscapeString(strings.Join(p.story.body, " ")))
	}
	b.WriteString("\n</rdf:RDF>\n")
	return []byte(b.String())
}

func (o *outlet) json(base string, list []*piece) []byte {
	type m map[string]any
	items := []m{}
	for _, p := range list {
		items = append(items, m{
			"id": fmt.Sprint(p.id), "url": p.link(base), "title": p.story.title, "content_html": p.html(base), "tags": []string{p.story.category},
			"date_published": o.date(p.published), "date_modified": o.date(p.updated), "authors": []m{{"name": p.byline}},
		})
	}
	out, err := json.Marshal(m{"version": "https://jsonfeed.org/version/1.1", "title": o.name, "home_page_url": base + "/", "language": o.language, "items": items})
	if err != nil {
		return nil
	}
	return out
}

// page is an article's page, in the shape of the founding document.
func (o *outlet) page(p *piece, base string) string {
	var top strings.Builder
	for _, other := range o.pieces[:min(len(o.pieces), 3)] {
		fmt.Fprintf(&top, `<li><a href="%s">%s</a><p>%s</p></li>`, other.link(base), html.EscapeString(other.story.title), html.EscapeString(other.story.body[0]))
	}
	return fmt.Sprintf(`<!doctype html><html lang="%s"><head><meta charset="utf-8"><title>%s-%s</title></head><body>
<div class="nav"><a href="/">Home</a></div>
<div class="location">position: EnglishChannel &gt; %s &gt; Article</div>
<h1>%s</h1>
<div class="info">Source: %s | %s | Author: %s</div>
<div class="content">%s<p>Edited by %s</p><p>Editor: 王晓夏</p></div>
<div class="side"><h3>Top News</h3><ul>%s</ul></div>
</body></html>`, o.language, html.EscapeString(p.story.title), html.EscapeString(o.name), html.EscapeString(p.story.category), html.EscapeString(p.story.title),
		html.EscapeString(o.name), p.published.In(o.zone).Format("2006-01-02 15:04:05"), html.EscapeString(p.byline), p.html(base), html.EscapeString(strings.TrimPrefix(p.byline, "By ")), top.String())
}

// servePhoto draws a picture from its name, the same each time.
func servePhoto(w http.ResponseWriter, r *http.Request) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(r.PathValue("name")))
	seed := h.Sum32()
	img := image.NewRGBA(image.Rect(0, 0, 640, 360))
	for y := range 360 {
		for x := range 640 {
			horizon := 180 + int(seed%60) + (x*int(seed>>8%7+1)/40+int(seed>>16))%23
			c := color.RGBA{uint8(120 + y/3), uint8(150 + y/4), uint8(190 + int(seed>>24)%40), 255}
			if y > horizon {
				c = color.RGBA{uint8(30 + seed%50), uint8(60 + (seed>>8)%60), uint8(70 + y/8), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_ = png.Encode(w, img)
}
