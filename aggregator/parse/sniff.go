package parse

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// A NotFeedError is a body that is no feed, with what it is instead.
type NotFeedError struct {
	What string
	Hint string
}

func (e *NotFeedError) Error() string {
	if e.Hint == "" {
		return "no feed, but " + e.What
	}
	return "no feed, but " + e.What + " (" + e.Hint + ")"
}

// Sniff tells what a body is: "rss", "atom", "json", "html", "sitemap", or ""
// when it is none of these.
func Sniff(body []byte, contentType string) string {
	data, err := inflate(body)
	if err != nil {
		return ""
	}
	data, _ = toUTF8(data[:min(len(data), 64<<10)], Options{ContentType: contentType})
	data, _ = trimFront(data)
	return sniff(data)
}

// sniff looks at the root element, past declarations and comments.
func sniff(data []byte) string {
	data = bytes.TrimLeft(data, " \t\r\n")
	if bytes.HasPrefix(data, []byte("{")) {
		return "json"
	}
	for t := range tags(data[:min(len(data), 64<<10)]) {
		switch local(t.name) {
		case "rss", "rdf", "channel", "item":
			return "rss"
		case "feed", "entry":
			return "atom"
		case "urlset", "sitemapindex":
			return "sitemap"
		case "html", "head", "body", "div", "p", "title", "meta", "script":
			return "html"
		}
		break
	}
	if looksHTML(data) {
		return "html"
	}
	return ""
}

// rooted puts the root around a channel, an item or an entry that stands alone
// (RFC 4287 §2 has entry documents).
func rooted(data []byte) []byte {
	root, _ := opened(data)
	name, _ := tagName(root)
	before, after := "", ""
	switch strings.ToLower(string(name)) {
	case "channel":
		data = withoutLists(data)
		root, _ = opened(data)
		before, after = `<rss version="2.0">`, "</rss>"
	case "item":
		before, after = `<rss version="2.0"><channel>`, "</channel></rss>"
	case "entry":
		before, after = `<feed xmlns="http://www.w3.org/2005/Atom">`, "</feed>"
	default:
		return data
	}
	at := offset(data, root)
	return slices.Concat(data[:at], []byte(before), data[at:], []byte(after))
}

// withoutLists takes away the lists that RSS 1.1 puts around its items.
func withoutLists(data []byte) []byte {
	if !bytes.Contains(data, []byte("http://purl.org/net/rss1.1#")) {
		return data
	}
	var out []byte
	at := 0
	for t := range tags(data) {
		if t.name == "items" {
			from := offset(data, t.raw)
			out = append(out, data[at:from]...)
			at = from + len(t.raw)
		}
	}
	return append(out, data[at:]...)
}

func looksHTML(data []byte) bool {
	start := bytes.ToLower(data[:min(len(data), 1024)])
	return bytes.Contains(start, []byte("<!doctype html")) || bytes.Contains(start, []byte("<html"))
}

// trimFront drops what stands before the root: blanks, junk, the XML declaration,
// whose encoding is no longer true, and what is as little of the feed. A lost first
// '<' is put back.
func trimFront(data []byte) ([]byte, string) {
	warning := ""
	trimmed := bytes.TrimLeft(data, " \t\r\n\x00\ufeff")
	switch at := jsonStart(trimmed); {
	case at == 0:
		return trimmed, ""
	case at > 0:
		return trimmed[at:], textBefore
	}
	for _, torn := range []string{"rss ", "?xml ", "feed ", "rdf:RDF "} {
		if bytes.HasPrefix(trimmed, []byte(torn)) {
			trimmed = append([]byte("<"), trimmed...)
			warning = "the first character was lost and put back"
		}
	}
	if i := junk(trimmed); i > 0 {
		trimmed = trimmed[i:]
		warning = textBefore
	}
	trimmed = withoutProlog(trimmed)
	if mended, ok := endedDoctype(trimmed); ok {
		return mended, "the document type has no end and was mended"
	}
	return trimmed, warning
}

// withoutProlog drops instructions and comments.
func withoutProlog(data []byte) []byte {
	for {
		n := 0
		switch {
		case bytes.HasPrefix(data, []byte("<?")):
			n = instructionLength(data)
		case bytes.HasPrefix(data, commentStart):
			n, _ = literal(data)
		default:
			return data
		}
		data = bytes.TrimLeft(data[n:], " \t\r\n")
	}
}

// instructionLength is the length of an instruction before the root. One whose end
// would be behind that was ended as a tag is, or not at all.
func instructionLength(data []byte) int {
	n, whole := literal(data)
	near := 2 + len(upTo(data[2:], '<'))
	if whole && (n <= near || sniff(data[near:]) == "") {
		return n
	}
	if i := bytes.IndexByte(data[:near], '>'); i >= 0 {
		return i + 1
	}
	return near
}

const textBefore = "text before the document was left out"

// jsonStart is where a document begins that is JSON, -1 when it is none. Behind junk,
// a JSON Feed has to name itself.
func jsonStart(data []byte) int {
	at := bytes.IndexByte(data[:min(len(data), nearFront)], '{')
	if at <= 0 {
		return at
	}
	if !bytes.Contains(data[at:min(len(data), farFront)], []byte("jsonfeed.org/version/")) || sniff(data) != "" || firstStart(data) >= 0 {
		return -1
	}
	for at < len(data) && !bytes.HasPrefix(bytes.TrimLeft(data[at+1:], " \t\r\n"), []byte{'"'}) {
		next := bytes.IndexByte(data[at+1:min(len(data), nearFront)], '{')
		if next < 0 {
			return -1
		}
		at += 1 + next
	}
	return at
}

// junk is how much stands before a feed's beginning: a program's warnings,
// mostly.
func junk(data []byte) int {
	if kind := sniff(data); len(data) > 0 && data[0] == '<' && (kind == "rss" || kind == "atom") {
		return 0
	}
	at := firstStart(data[:min(len(data), nearFront)])
	if at > 0 && bytes.HasPrefix(data, []byte("<!")) { // a comment or a document type is no junk
		return 0
	}
	if at < 0 && !looksHTML(data) { // so far behind, a mark alone is not enough
		at = firstStart(data[:min(len(data), farFront)])
		if kind := sniff(data[max(at, 0):]); kind != "rss" && kind != "atom" {
			return 0
		}
	}
	return max(at, 0)
}

// How far, in bytes, a feed may begin behind its document's beginning.
const (
	nearFront = 4 << 10
	farFront  = 64 << 10
)

// firstStart is where a feed seems to begin, -1 when none does.
func firstStart(data []byte) int {
	at, root := bytes.Index(data, []byte("<?xml")), firstRoot(data)
	if at < 0 || root >= 0 && root < at {
		return root
	}
	return at
}

// firstRoot is where the root of a feed seems to begin, -1 when none does.
func firstRoot(data []byte) int {
	data = data[:min(len(data), farFront)]
	at := -1
	for _, mark := range []string{"<rss", "<feed", "<rdf:RDF"} {
		if i := bytes.Index(data, []byte(mark)); i >= 0 && (at < 0 || i < at) {
			at = i
		}
	}
	return at
}

// notFeed says what a body is instead of a feed.
func notFeed(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0:
		return &NotFeedError{What: "nothing: the answer is blank"}
	case sniff(data) == "html":
		return &NotFeedError{What: "an HTML page" + titled(data), Hint: "open the address in a browser; the feed may have moved"}
	case sniff(data) == "sitemap":
		return &NotFeedError{What: "a sitemap", Hint: "kind: sitemap reads it"}
	}
	start := strings.Join(strings.Fields(string(data[:min(len(data), 80)])), " ")
	if data[0] == '<' {
		return &NotFeedError{What: fmt.Sprintf("other XML that begins %q", start), Hint: "look for the feed's address on the site"}
	}
	return &NotFeedError{What: fmt.Sprintf("text that begins %q", start), Hint: "the server may be ill; look for the feed's address on the site"}
}

// titled quotes a page's title.
func titled(data []byte) string {
	lower := bytes.ToLower(data[:min(len(data), 16<<10)])
	start := bytes.Index(lower, []byte("<title"))
	if start < 0 {
		return ""
	}
	rest := data[start:]
	open := bytes.IndexByte(rest, '>')
	end := bytes.Index(bytes.ToLower(rest[:min(len(rest), 1024)]), []byte("</title"))
	if open < 0 || end < open {
		return ""
	}
	return fmt.Sprintf(" titled %q", strings.Join(strings.Fields(string(rest[open+1:end])), " "))
}
