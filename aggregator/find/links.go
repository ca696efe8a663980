package find

import (
	"bytes"
	"mime"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"copydesk/aggregator/normalize"
)

// A link is an address on a page that may be that of a feed.
type link struct {
	url      string
	title    string
	declared bool // by the page, in its head
}

// mostLinks bounds what is read of a page.
const mostLinks = 200

// linksOf are the links of a page that a feed may be behind, in document order.
func linksOf(p Page) []link {
	r, err := charset.NewReader(bytes.NewReader(p.Body), p.ContentType)
	if err != nil {
		r = bytes.NewReader(p.Body)
	}
	var (
		out  []link
		base = p.URL
	)
	for z := html.NewTokenizer(r); len(out) < mostLinks; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		t := z.Token()
		switch t.DataAtom {
		case atom.Base:
			if href := attribute(t, "href"); href != "" && base == p.URL { // the first counts (HTML §4.2.3)
				base = resolve(href, p.URL)
			}
		case atom.Link, atom.A:
			if l, ok := feedLink(t, base); ok {
				out = append(out, l)
			}
		}
	}
	return out
}

// feedLink reads a link or an a element.
func feedLink(t html.Token, base string) (link, bool) {
	kind, href := attribute(t, "type"), withoutFeedScheme(attribute(t, "href"))
	l := link{url: resolve(href, base), title: attribute(t, "title")}
	if href == "" || l.url == "" {
		return link{}, false
	}
	rel := strings.Fields(strings.ToLower(attribute(t, "rel")))
	if t.DataAtom == atom.Link {
		l.declared = isFeedRel(rel, kind)
		return l, l.declared
	}
	return l, isFeedType(kind) || feedName.MatchString(pathOf(l.url)) && !notFeed.MatchString(pathOf(l.url))
}

// isFeedRel reports a link that autodiscovery takes for a feed: rel=alternate
// with the type of one, or rel=feed. Without a type, "alternate" is another form
// of the page.
func isFeedRel(rel []string, kind string) bool {
	for _, r := range rel {
		if r == "feed" && (kind == "" || isFeedType(kind)) || r == "alternate" && isFeedType(kind) {
			return true
		}
	}
	return false
}

// isFeedType reports a media type of feeds. application/json is the type of
// JSON Feed 1.0; what is no feed behind it is found out.
func isFeedType(kind string) bool {
	media, _, err := mime.ParseMediaType(kind)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(kind), ";")
		media = strings.TrimSpace(media)
	}
	switch media {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
		"application/xml", "text/xml", "application/rss", "application/atom", "text/rss", "text/rss+xml", "text/atom", "application/x-rss+xml", "application/x.atom+xml":
		return true
	}
	return false
}

// feedName are the words in the path or query of an address that name feeds.
var feedName = regexp.MustCompile(`(?i)(?:^|[/._=?&-])(?:rss2?|rssfeeds?|feeds?|atom|rdf|xml)(?:[/._=?&-]|$)`)

// notFeed are names that hold such words and are none.
var notFeed = regexp.MustCompile(`(?i)sitemap|opensearch|wlwmanifest|xmlrpc|oembed|/feedback|\.(?:png|gif|jpe?g|svg|css|js|pdf|mp3|zip)(?:\?|$)`)

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// resolve makes href absolute; "" when it leads to nothing that is fetched.
func resolve(href, base string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ""
	}
	u, err := b.Parse(strings.ReplaceAll(href, " ", "%20"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// Key is what two addresses of one feed have in common: neither the scheme, nor
// www, nor a slash at the end, nor what only watches the reader tells feeds
// apart. It is empty for what is no address.
func Key(address string) string {
	clean := normalize.Link(withoutFeedScheme(strings.TrimSpace(address)))
	_, rest, ok := strings.Cut(clean, "://")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "#")
	return strings.TrimRight(strings.TrimPrefix(rest, "www."), "/")
}
