package feed

import (
	"cmp"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/idna"
	"golang.org/x/text/language"

	"copydesk/aggregator/news"
	"copydesk/aggregator/srcset"
)

// What comes from the store is normalized. Here it is made to keep the rules
// of the formats once more, so that a row of an older version, or a correction
// by hand, costs a reader one field and never the document.

// address is an absolute ASCII address of the web; empty when s is none.
func address(s string) string {
	if soundAddress(s) {
		return s
	}
	u, err := url.Parse(strings.TrimSpace(plain(s)))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return ""
	}
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil {
		return ""
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	u.Host = host
	if s = strings.NewReplacer("[", "%5B", "]", "%5D").Replace(u.String()); soundAddress(s) {
		return s
	}
	return ""
}

// soundAddress reports that an address may stand in a document as it is:
// http(s), a host, only characters of RFC 2396.
func soundAddress(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "http://"); !ok {
			return false
		}
	}
	if strings.ContainsFunc(rest, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Hostname() != "" && soundPort(u.Port()) && !strings.ContainsAny(u.EscapedPath()+u.RawQuery+u.EscapedFragment(), "[]")
}

func soundPort(port string) bool {
	if port == "" {
		return true
	}
	_, err := strconv.ParseUint(port, 10, 16)
	return err == nil
}

// offered are the srcset among attributes, and the sizes that its widths want, as
// they may stand in a document: of sound addresses only, and more than what is
// shown anyway. Empty where there is no such set.
func offered(attrs []html.Attribute) (set, sizes string) {
	given := map[string]string{}
	for _, a := range attrs {
		given[a.Key] = a.Val
	}
	list := srcset.OneKind(srcset.Parse(given["srcset"]))
	if len(list) == 0 || len(list) == 1 && list[0].Address == given["src"] ||
		slices.ContainsFunc(list, func(c srcset.Candidate) bool { return !soundAddress(c.Address) }) {
		return "", ""
	}
	if srcset.ByWidth(list) {
		sizes = cmp.Or(srcset.Sizes(given["sizes"]), srcset.Everywhere)
	}
	return srcset.Format(list), sizes
}

// uri reports that s is an absolute URI, or IRI, fit to be an id as it stands
// (RFC 4287 §4.2.6: character for character).
func uri(s string) bool {
	if s != plain(s) || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || strings.ContainsRune("\"<>\\^`{|}", r) }) {
		return false
	}
	if badEscape.MatchString(s) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && schemeOf.MatchString(s) && (u.Opaque != "" || u.Host != "" || len(u.Path) > 1)
}

var badEscape = regexp.MustCompile(`%(?:$|.$|[^0-9A-Fa-f]|.[^0-9A-Fa-f])`)

var schemeOf = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*:`)

// languageTag is a tag of a language that ISO 639 knows; empty when s is none.
func languageTag(s string) string {
	if s == "" || !tagForm.MatchString(s) {
		return ""
	}
	primary, _, _ := strings.Cut(s, "-")
	if _, err := language.ParseBase(primary); err != nil {
		return ""
	}
	return s
}

var tagForm = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?(-([a-zA-Z0-9]{5,8}|[0-9][a-zA-Z0-9]{3}))*$`)

// mimeType is a media type without parameters; empty when s is none.
func mimeType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	if s = strings.TrimSpace(s); mimeForm.MatchString(s) {
		return s
	}
	return ""
}

var mimeForm = regexp.MustCompile(`^[a-zA-Z0-9!#$&^_.+-]+/[a-zA-Z0-9!#$&^_.+-]+$`)

// mailbox is a bare e-mail address; empty when s is none.
func mailbox(s string) string {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return s
}

// moments are an article's times as readers may be told them: not before
// there was a web of news unless the source says so, never later than when we
// first saw it, changed no earlier than published.
func moments(a *news.Article) (published, updated time.Time) {
	published, updated = a.Published.At, a.Updated
	if y := published.Year(); y < 1000 || y > 9999 || y < 1990 && a.Published.Raw == "" { // no source says so
		published = a.FirstSeen
	}
	if !a.FirstSeen.IsZero() && published.After(a.FirstSeen) { // a clock that is wrong, or an embargo
		if updated.Equal(published) {
			updated = a.FirstSeen
		}
		published = a.FirstSeen
	}
	if published.Year() < 1000 || published.Year() > 9999 {
		published = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if updated.Before(published) || updated.Year() > 9999 {
		updated = published
	}
	return published, updated
}

// cleaned is an article whose every field may stand in a document.
func cleaned(a *news.Article) news.Article {
	c := *a
	c.Published.At, c.Updated = moments(a)
	c.URL, c.OriginalURL, c.Language = address(a.URL), address(a.OriginalURL), languageTag(a.Language)
	c.Title, c.Summary, c.ContentHTML = line(a.Title), strings.TrimSpace(plain(a.Summary)), markup(plain(a.ContentHTML))
	c.Rights, c.Section, c.Credit.Name = line(a.Rights), line(a.Section), line(a.Credit.Name)
	c.Categories = distinct(a.Categories)
	c.Byline.People = nil
	for _, p := range a.Byline.People {
		p.Name, p.URL, p.Email = personName(p.Name), address(p.URL), mailbox(p.Email)
		if p.Name != "" {
			c.Byline.People = append(c.Byline.People, p)
		}
	}
	if a.Image != nil {
		image := *a.Image
		image.URL, image.Caption, image.Credit = address(image.URL), line(image.Caption), line(image.Credit)
		c.Image = &image
		if image.URL == "" {
			c.Image = nil
		}
	}
	c.Attachments = nil
	for _, at := range a.Attachments {
		at.URL, at.MIMEType, at.Title = address(at.URL), mimeType(at.MIMEType), line(at.Title)
		at.Size, at.Duration = max(at.Size, 0), max(at.Duration, 0)
		if at.URL != "" && strings.Contains(hostOf(at.URL), ".") { // validators refuse hosts without a dot
			c.Attachments = append(c.Attachments, at)
		}
	}
	return c
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// line is text on one line, without blanks around it.
func line(s string) string {
	s = plain(s)
	if strings.ContainsAny(s, "\t\n") {
		s = strings.Join(strings.Fields(s), " ")
	}
	return strings.TrimSpace(s)
}

// personName is a name without markup.
func personName(s string) string {
	return line(strings.NewReplacer("<", "", ">", "").Replace(s))
}

// distinct are the names that are not blank, each once.
func distinct(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if s = line(s); s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// markup is HTML that a parser takes without repairing it. What it would
// repair is written as it reads it, without what could run.
func markup(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	if htmlFault(s) == "" {
		return s
	}
	for range 3 { // unwrapping can bring together what may not nest
		s = strings.TrimSpace(rewritten(s))
		if s == "" || htmlFault(s) == "" {
			return s
		}
	}
	if s = strings.Join(strings.Fields(textOf(s)), " "); s == "" {
		return ""
	}
	return "<p>" + html.EscapeString(s) + "</p>"
}

func rewritten(s string) string {
	var b strings.Builder
	for _, n := range fragment(s) {
		strip(n)
		if !unfit(n) {
			_ = html.Render(&b, n) // a builder takes everything
		}
	}
	return plain(strings.ReplaceAll(b.String(), "/>", ">")) // which closes void elements in XML's way, and stands nowhere else unescaped
}

func fragment(s string) []*html.Node {
	list, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // a string reader gives none
		return nil
	}
	return list
}

// strip takes out of a tree what must not leave the house (output-rules §5).
func strip(n *html.Node) {
	n.Attr = keptAttributes(n)
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if unfit(c) {
			n.RemoveChild(c)
		} else {
			strip(c)
		}
		c = next
	}
}

// unfit nodes go with all that is in them.
func unfit(n *html.Node) bool {
	switch n.Type {
	case html.TextNode:
		return false
	case html.ElementNode:
		return n.Namespace != "" || unfitElements[n.DataAtom]
	}
	return true
}

var unfitElements = map[atom.Atom]bool{
	0: true, atom.Script: true, atom.Style: true, atom.Iframe: true, atom.Object: true, atom.Embed: true, atom.Svg: true, atom.Math: true,
	atom.Template: true, atom.Noscript: true, atom.Textarea: true, atom.Select: true, atom.Form: true, atom.Title: true, atom.Head: true,
	atom.Plaintext: true, atom.Xmp: true, atom.Noembed: true, atom.Noframes: true, atom.Frameset: true, atom.Button: true, atom.Input: true,
	atom.Link: true, atom.Meta: true, atom.Base: true, atom.Listing: true, atom.Image: true, atom.Applet: true, atom.Marquee: true,
}

func keptAttributes(n *html.Node) []html.Attribute {
	var out []html.Attribute
	for _, a := range n.Attr {
		if a.Namespace != "" || !allowedAttributes[a.Key] {
			continue
		}
		if addresses[a.Key] {
			if a.Val = address(a.Val); a.Val == "" {
				continue
			}
		}
		out = append(out, a)
	}
	set, sizes := offered(n.Attr) // the two make sense together only
	for _, a := range []html.Attribute{{Key: "srcset", Val: set}, {Key: "sizes", Val: sizes}} {
		if a.Val != "" {
			out = append(out, a)
		}
	}
	return out
}

// allowedAttributes say nothing that runs; those of addresses hold one.
var (
	allowedAttributes = map[string]bool{
		"href": true, "src": true, "cite": true, "poster": true, "alt": true, "title": true, "width": true, "height": true, "lang": true, "dir": true,
		"colspan": true, "rowspan": true, "start": true, "datetime": true, "controls": true, "type": true,
	}
	addresses = map[string]bool{"href": true, "src": true, "cite": true, "poster": true}
)

// textOf is the text of markup.
func textOf(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(string(z.Text()) + " ")
		}
	}
}
