package opml

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A List is what an OPML document lists.
type List struct {
	Title  string
	Feeds  []Feed
	Faults []Fault // in the order of the lines
}

// A Feed is an outline that names a feed.
type Feed struct {
	Line       int    // of the outline; 0 when it was not read
	Name       string // never empty
	URL        string // absolute, http or https
	HomePage   string // as written
	Language   string // BCP 47; empty when unknown
	Categories []string
}

// A Fault is something that could not be read as it is, or was left out.
type Fault struct {
	Line    int
	Problem string
}

// ErrNoOPML is text without a single outline.
var ErrNoOPML = errors.New("no OPML: there is no <outline> in it")

// Read reads a list. Its error is ErrNoOPML.
func Read(data []byte) (*List, error) {
	r := &reader{list: &List{}, line: 1}
	text, problem := toUTF8(data)
	r.text = text
	if problem != "" {
		r.tell(0, "%s", problem)
	}
	for r.next() {
	}
	r.end()
	if r.outlines == 0 {
		return nil, ErrNoOPML
	}
	r.list.sort()
	return r.list, nil
}

func (l *List) sort() {
	slices.SortStableFunc(l.Faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
}

// Once keeps of several outlines with one key the first, and gives it the
// categories of the others: readers show a feed in each of its folders. Each
// that goes is told.
func (l *List) Once(key func(address string) string) {
	at := map[string]int{}
	var kept []Feed
	for _, f := range l.Feeds {
		k := cmp.Or(key(f.URL), f.URL)
		i, twice := at[k]
		if !twice {
			at[k] = len(kept)
			kept = append(kept, f)
			continue
		}
		l.Faults = append(l.Faults, Fault{f.Line, fmt.Sprintf("%s is there already, on line %d; they are one", f.URL, kept[i].Line)})
		for _, c := range f.Categories {
			kept[i].Categories = withWord(kept[i].Categories, c)
		}
	}
	l.Feeds = kept
	l.sort()
}

// A reader walks through the text once, tag by tag.
type reader struct {
	list     *List
	text     string
	at       int // how far it has come
	line     int // of the offset counted
	counted  int
	open     []folder
	outlines int
	inHead   bool
	ended    bool // past </opml>
	junk     bool // what stands after the end was told
}

// A folder is an outline that is open.
type folder struct {
	name     string // empty for that of a feed
	line     int
	feed     bool
	children int
	wanted   bool // it calls itself a feed, and has no address
}

// lineAt is the line of an offset, which never goes back by more than a tag.
func (r *reader) lineAt(offset int) int {
	if offset < r.counted {
		return r.line - strings.Count(r.text[offset:r.counted], "\n")
	}
	r.line += strings.Count(r.text[r.counted:offset], "\n")
	r.counted = offset
	return r.line
}

// tell notes a fault; the same one is told once a line.
func (r *reader) tell(offset int, format string, args ...any) {
	f := Fault{r.lineAt(offset), fmt.Sprintf(format, args...)}
	if n := len(r.list.Faults); n == 0 || r.list.Faults[n-1] != f {
		r.list.Faults = append(r.list.Faults, f)
	}
}

// next reads up to the end of the next tag.
func (r *reader) next() bool {
	from := r.at
	i := strings.IndexByte(r.text[from:], '<')
	if i < 0 {
		r.between(from, len(r.text))
		return false
	}
	r.at = from + i
	r.between(from, r.at)
	rest := r.text[r.at:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		r.skip("-->")
	case strings.HasPrefix(rest, "<![CDATA["):
		r.skip("]]>")
	case strings.HasPrefix(rest, "<?"):
		r.skip("?>")
	case strings.HasPrefix(rest, "<!"):
		r.skip(">")
	case strings.HasPrefix(rest, "<<<<<<<"):
		r.between(r.at, r.at+lineLength(rest))
		r.at += lineLength(rest)
	case strings.HasPrefix(rest, "</"):
		name := tagName.FindString(rest[2:])
		r.skip(">")
		r.closeTag(strings.ToLower(name))
	case tagName.MatchString(rest[1:]):
		r.openTag(r.readTag())
	default:
		r.tell(r.at, "a < stands alone")
		r.at++
	}
	return r.at < len(r.text)
}

var tagName = regexp.MustCompile(`^[A-Za-z_][\w:.-]*`)

func lineLength(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

// skip goes behind the next end, or to the end of the text where there is none.
func (r *reader) skip(end string) {
	i := strings.Index(r.text[r.at:], end)
	if i < 0 {
		r.tell(r.at, "%s is missing; the rest of the file is not read", end)
		r.at = len(r.text)
		return
	}
	r.at += i + len(end)
}

// between looks at text outside tags: outside the head there should be none.
func (r *reader) between(from, to int) {
	if r.inHead {
		return
	}
	for offset := from; offset < to; {
		line := r.text[offset : offset+min(lineLength(r.text[offset:]), to-offset)]
		switch {
		case conflict.MatchString(line):
			r.tell(offset, "a merge conflict was left in the list; both sides are read")
		case strings.Trim(line, " \t\r\n\ufeff") != "":
			r.stray(offset, "text")
		}
		offset += len(line) + 1
	}
}

var conflict = regexp.MustCompile(`^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)`)

// stray tells what should not be there, once after the end.
func (r *reader) stray(offset int, what string) {
	switch {
	case !r.ended:
		r.tell(offset, "%s stands between the outlines; it is not read", what)
	case !r.junk:
		r.junk = true
		r.tell(offset, "%s stands after the end of the list; it is not read", what)
	}
}

func (r *reader) openTag(t tag) {
	switch t.name {
	case "head":
		r.inHead = !t.empty
	case "body":
		r.inHead = false
	case "title":
		if r.inHead {
			r.list.Title = oneLine(unescape(r.text[r.at : r.at+max(strings.IndexByte(r.text[r.at:], '<'), 0)]))
		}
	case "outline":
		r.inHead = false
		r.outline(t)
	case "", "opml", "filter", "xml":
	default:
		if !r.inHead && !strings.Contains(t.name, ":") {
			r.stray(t.at, "<"+t.name+">")
		}
	}
}

func (r *reader) closeTag(name string) {
	switch name {
	case "head":
		r.inHead = false
	case "outline":
		if len(r.open) == 0 {
			r.tell(r.at-1, "</outline> closes nothing")
			return
		}
		r.closeFolder()
	case "body", "opml":
		r.end()
		r.ended = r.ended || name == "opml"
	}
}

func (r *reader) closeFolder() {
	f := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if f.wanted && f.children == 0 {
		r.list.Faults = append(r.list.Faults, Fault{f.line, "an outline of a feed has no xmlUrl; it is left out"})
	}
}

// end closes what is open still.
func (r *reader) end() {
	for len(r.open) > 0 {
		f := r.open[len(r.open)-1]
		r.list.Faults = append(r.list.Faults, Fault{f.line, "an outline is not closed"})
		r.closeFolder()
	}
}

// outline reads a feed, a folder, or what is neither.
func (r *reader) outline(t tag) {
	r.outlines++
	if n := len(r.open); n > 0 {
		r.open[n-1].children++
	}
	if r.ended {
		r.tell(t.at, "an outline stands after the end of the list; it is read all the same")
	}
	name := oneLine(firstOf(t.attributes["text"], t.attributes["title"]))
	kind := strings.ToLower(strings.TrimSpace(t.attributes["type"]))
	raw := firstOf(t.attributes["xmlurl"], t.attributes["url"])
	f := folder{name: name, line: r.lineAt(t.at)}
	switch {
	case kind == "include":
		r.tell(t.at, "%q is another list, which is not fetched", firstOf(raw, name))
	case kind == "link" || t.attributes["xmlurl"] == "" && raw != "" && !feedKinds[kind]:
		r.tell(t.at, "%q is a link and no feed; it is left out", firstOf(raw, name))
	case raw != "":
		f.feed = true
		r.feed(t, name, raw)
	case t.empty && (feedKinds[kind] || t.attributes["htmlurl"] != ""):
		r.tell(t.at, "%q has no xmlUrl; it is left out", name)
	case t.empty:
		r.tell(t.at, "%q has nothing in it", name)
	default:
		f.wanted = feedKinds[kind]
		if name == "" {
			r.tell(t.at, "a folder has no name; what is in it gets no category from it")
		}
	}
	if !t.empty {
		if f.feed {
			f.name = ""
		}
		r.open = append(r.open, f)
	}
}

// feedKinds are the types that are given to feeds.
var feedKinds = map[string]bool{"rss": true, "atom": true, "rdf": true, "feed": true, "json": true, "pie": true}

func (r *reader) feed(t tag, name, raw string) {
	address, problem := cleanAddress(raw)
	if problem != "" {
		r.tell(t.at, "%s", problem)
	}
	if address == "" {
		return
	}
	f := Feed{Line: r.lineAt(t.at), Name: name, URL: address, HomePage: strings.TrimSpace(t.attributes["htmlurl"])}
	for _, from := range []string{f.HomePage, address} {
		if u, err := url.Parse(from); f.Name == "" && err == nil {
			f.Name = strings.TrimPrefix(u.Hostname(), "www.")
		}
	}
	if tag := strings.TrimSpace(t.attributes["language"]); languageTag.MatchString(tag) {
		f.Language = tag
	}
	for _, folder := range r.open {
		f.Categories = withWord(f.Categories, folder.name)
	}
	for path := range strings.SplitSeq(t.attributes["category"], ",") { // OPML 2.0: slash-delimited, split by commas
		for word := range strings.SplitSeq(path, "/") {
			f.Categories = withWord(f.Categories, oneLine(word))
		}
	}
	r.list.Feeds = append(r.list.Feeds, f)
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$`)

// withWord adds a category that is not there yet.
func withWord(list []string, word string) []string {
	if word == "" {
		return list
	}
	for _, have := range list {
		if strings.EqualFold(have, word) {
			return list
		}
	}
	return append(list, word)
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cleanAddress is an address as it can be fetched. It is empty, with the reason,
// for what is none.
func cleanAddress(raw string) (address, problem string) {
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1 // a line that was wrapped
		}
		return r
	}, strings.TrimSpace(raw))
	if rest, ok := strings.CutPrefix(s, "feed:"); ok {
		if s = rest; strings.HasPrefix(rest, "//") {
			s = "http:" + rest
		}
	}
	if !strings.Contains(s, ":") || hostFirst.MatchString(s) {
		s, problem = "http://"+strings.TrimPrefix(s, "//"), fmt.Sprintf("%q has no scheme; it is read as http", raw)
	}
	s = strings.NewReplacer(" ", "%20", "\u00a0", "%C2%A0").Replace(s)
	u, err := url.Parse(s)
	switch {
	case err == nil && u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Sprintf("%q is not fetched over http; it is left out", raw)
	case err != nil, u.Scheme == "", u.Hostname() == "", strings.ContainsAny(u.Host, " \"<>\\^`{|}"):
		return "", fmt.Sprintf("%q is no address; it is left out", raw)
	}
	return s, problem
}

// hostFirst is an address without a scheme, with a port.
var hostFirst = regexp.MustCompile(`^(?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|$)`)
