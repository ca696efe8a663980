package parse

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// repaired has written a document anew of which the scan has seen that it is damaged,
// with whole tokens and whole items. Of what stands within an element it mends only
// what would swallow more than it: the rest is the business of the item (mend,
// balance). Elements that are nested too deeply are left out, and what they hold is
// kept.
//
// The scan does not come here for a sound document.
func repaired(data []byte, format string) *repairer {
	r := &repairer{s: scanner{data: data, format: format}, out: make([]byte, 0, len(data)+256), item: -1, gap: -1, name: "item"}
	if format == "atom" {
		r.name = "entry"
	}
	for i := 0; i < len(data); {
		j := bytes.IndexByte(data[i:], '<')
		if j < 0 {
			r.out = append(r.out, data[i:]...)
			break
		}
		r.out = append(r.out, data[i:i+j]...)
		i += j
		i += r.token(i)
	}
	return r
}

// A repairer writes a document anew, token by token.
type repairer struct {
	s             scanner // knows the names of items
	out           []byte
	nest[unended]        // an item counts its levels from its own
	item          int    // where in what is open the item is; -1 outside of one
	start         [2]int // where in out its start tag stands
	gap           int    // where in out the last item ended; -1 before that
	name          string // of the items
	noCDATA       bool   // ends any more
	noComment     bool
	searches      int // for an end that may be far away
	changed       bool
	deep          bool // something was left out that is nested too deeply
}

// An unended element has begun, and has not ended yet.
type unended struct {
	name  string
	at    int  // where in out its start tag ends
	wrong int  // where in out an end tag stood that was none's, perhaps its own mistyped; 0 when none did
	holds bool // perhaps, entries
}

func (u unended) called() string { return u.name }

// maxSearches bounds how often an end is looked for that may be far away, and
// maxReach how many open elements a torn or mistyped end tag may be meant for.
const (
	maxSearches = 50
	maxReach    = 100
)

// token writes what begins with '<' at i and gives its length.
func (r *repairer) token(i int) int {
	rest := r.s.data[i:]
	if len(rest) < 2 {
		return r.keep(len(rest), rest)
	}
	switch c := rest[1]; {
	case bytes.HasPrefix(rest, cdataStart):
		return r.cdata(rest)
	case bytes.HasPrefix(rest, commentStart):
		return r.comment(rest)
	case c == '?':
		return r.instruction(rest)
	case c == '!':
		return r.declaration(rest)
	case c == '/':
		return r.endTag(i, rest)
	case nameStart(c):
		return r.startTag(i, rest)
	}
	return r.keep(1, rest)
}

func (r *repairer) keep(n int, rest []byte) int {
	r.out = append(r.out, rest[:n]...)
	return n
}

// write puts text in the place of n bytes.
func (r *repairer) write(n int, parts ...string) int {
	for _, p := range parts {
		r.out = append(r.out, p...)
	}
	r.changed = true
	return n
}

// cdata ends a section that swallowed the end of its item, or of the document,
// where the element ends that it stands in.
func (r *repairer) cdata(rest []byte) int {
	n, whole := r.literal(rest, &r.noCDATA)
	if len(r.open) == 0 || whole && !holdsStart(rest[:n], cdataStart) {
		return r.keep(n, rest)
	}
	end := bytes.Index(rest[:n], []byte("</"+r.open[len(r.open)-1].name))
	if end < 0 || whole && !r.endsItem(rest[end:n]) {
		return r.keep(n, rest)
	}
	return r.write(end, string(bytes.TrimSuffix(rest[:end], []byte("]]"))), "]]>")
}

// literal is the extent of a section or a comment; it remembers that none ends
// any more.
func (r *repairer) literal(rest []byte, none *bool) (n int, whole bool) {
	if *none {
		return len(rest), false
	}
	n, whole = literal(rest)
	*none = !whole
	return n, whole
}

// endsItem reports the end of the item, or the start of the first, within what should
// have neither.
func (r *repairer) endsItem(data []byte) bool {
	mark := "<" + r.name
	if r.item >= 0 {
		mark = "</" + r.open[r.item].name
	}
	if r.item < 0 && !r.inHead() || r.searches == maxSearches {
		return false
	}
	r.searches++
	return bytes.Contains(data, []byte(mark))
}

// holdsStart reports a literal in which another of its kind begins.
func holdsStart(literal, start []byte) bool {
	for at := len(start); ; {
		i := bytes.IndexByte(literal[at:], '!') // rarer in markup than '<'
		if i < 0 {
			return false
		}
		at += i
		if bytes.HasPrefix(literal[at-1:], start) {
			return true
		}
		at++
	}
}

// comment ends one that has no end, or the next one's, behind its hyphens.
func (r *repairer) comment(rest []byte) int {
	n, whole := r.literal(rest, &r.noComment)
	if whole && !holdsStart(rest[:n], commentStart) {
		return r.keep(n, rest)
	}
	inner := upTo(rest[len(commentStart):n], '<')
	if i := bytes.Index(inner, []byte("--")); i >= 0 {
		return r.write(len(commentStart) + i + len("--"))
	}
	if whole {
		return r.keep(n, rest)
	}
	return r.bogus(rest)
}

// upTo is what stands before the first c.
func upTo(data []byte, c byte) []byte {
	if i := bytes.IndexByte(data, c); i >= 0 {
		return data[:i]
	}
	return data
}

// instruction keeps what is one. A sign that begins none would have swallowed all
// up to the next.
func (r *repairer) instruction(rest []byte) int {
	if len(rest) == 2 {
		return r.keep(2, rest)
	}
	near := rest
	if i := bytes.Index(rest[2:], []byte("<?")); i >= 0 {
		near = rest[:i+2]
	}
	n, whole := literal(near)
	if whole && nameStart(rest[2]) && !r.endsItem(rest[:n]) {
		return r.keep(n, rest)
	}
	return r.bogus(rest)
}

// declaration keeps those before the root; within it XML has none.
func (r *repairer) declaration(rest []byte) int {
	if len(r.open) > 0 {
		return r.bogus(rest)
	}
	n := directiveLength(rest)
	if n < 0 {
		n = len(rest)
	}
	return r.keep(n, rest)
}

// bogus leaves out what HTML takes for a comment, to the next '>' (HTML
// §13.2.5.41). Where another '<' comes first it is a sign in a text.
func (r *repairer) bogus(rest []byte) int {
	near := upTo(rest[1:], '<')
	if i := bytes.IndexByte(near, '>'); i >= 0 {
		return r.write(i + 2)
	}
	if len(near) == len(rest)-1 { // the document breaks off
		return r.keep(len(rest), rest)
	}
	return r.write(1, "&lt;")
}

// endTag writes an end tag as XML 1.0 §3.1 has it.
func (r *repairer) endTag(i int, rest []byte) int {
	near := rest[:1+len(upTo(rest[1:], '<'))]
	gt := bytes.IndexByte(near, '>')
	if gt < 0 && len(near) == len(rest) {
		return r.keep(len(rest), rest)
	}
	blank := len(near) - 2 - len(bytes.TrimLeft(near[2:], " \t\r\n"))
	name, _ := tagName(near[1+blank:])
	if gt < 0 {
		at := r.begun(string(name))
		if at < 0 {
			return r.write(1, "&lt;")
		}
		r.end(i, r.open[at].name)
		return r.write(2 + blank + len(name))
	}
	if len(name) == 0 || blank > 0 && r.find(string(name)) < 0 {
		return r.write(gt + 1)
	}
	r.changed = r.changed || blank > 0 || len(bytes.TrimSpace(near[2+len(name):gt])) > 0
	r.end(i, string(name))
	return gt + 1
}

// begun finds the innermost open element of a name, or of one that begins so.
func (r *repairer) begun(name string) int {
	for at := len(r.open) - 1; at >= max(0, len(r.open)-maxReach) && name != ""; at-- {
		if open := r.open[at].name; len(open) >= len(name) && strings.EqualFold(open[:len(name)], name) {
			return at
		}
	}
	return -1
}

// end writes the end tag of an element. That of an item which did not begin
// begins one behind the last; that of what an item stands in ends the item first.
func (r *repairer) end(i int, name string) {
	if r.leftOut(name) {
		return
	}
	at := r.find(name)
	if at >= r.item && at >= 0 && name != r.open[at].name { // in other letters
		name, r.changed = r.open[at].name, true
	}
	tag := "</" + name + ">"
	switch {
	case at < 0 && r.item < 0 && r.s.isItem([]byte(name), i):
		r.beginLate(name)
		return
	case at < 0 && r.inHead() && !frames(name):
		r.passOver()
		return
	case at >= 0 && at < r.item:
		r.endItem()
	case at >= 0 && at == r.item:
		r.leaveItem()
	}
	if at >= 0 {
		r.closeFrom(at)
	}
	r.out = append(r.out, tag...)
	if at >= 0 && r.item < 0 && r.s.isItem([]byte(name), i) {
		r.gap = len(r.out)
	}
}

// inHead reports a place before the first item.
func (r *repairer) inHead() bool { return r.item < 0 && r.gap < 0 }

// passOver leaves out an end tag of the head that ends nothing, and notes that
// it may have been meant for the innermost element of which it can be.
func (r *repairer) passOver() {
	r.changed = true
	for at := len(r.open) - 1; at >= max(0, len(r.open)-maxReach) && !frames(r.open[at].name); at-- {
		if r.open[at].wrong == 0 {
			r.open[at].wrong = len(r.out)
			return
		}
	}
}

// endItem ends the item that is open.
func (r *repairer) endItem() {
	r.write(0, "</", r.open[r.item].name, ">")
	r.closeFrom(r.item)
	r.leaveItem()
	r.gap = len(r.out)
}

func (r *repairer) enterItem() { r.item, r.base = len(r.open), len(r.open) }

func (r *repairer) leaveItem() { r.item, r.base = -1, 0 }

// beginLate makes an item of what stands since the last one ended, where an end
// tag says that it was one; an end that was written twice is left out.
func (r *repairer) beginLate(name string) {
	r.changed = true
	if r.gap < 0 || len(bytes.TrimSpace(r.out[r.gap:])) == 0 {
		return
	}
	r.out = slices.Insert(r.out, r.gap, []byte("<"+name+">")...)
	r.write(0, "</", name, ">")
	r.gap = len(r.out)
}

// startTag writes a start tag, with an end where it has none.
func (r *repairer) startTag(i int, rest []byte) int {
	n, whole := startLength(rest)
	if !whole {
		return r.tornTag(i, rest[:n], rest[n:])
	}
	name, _ := tagName(rest[:n])
	if len(name) == 0 {
		return r.keep(n, rest)
	}
	if r.cutShort(name) {
		r.begin(i, r.name, []byte("<"+r.name+">"), rest[n:])
		return r.write(n)
	}
	raw := rest[:n]
	if bytes.IndexByte(raw[1:], '<') >= 0 {
		raw = append([]byte{'<'}, bytes.ReplaceAll(raw[1:], []byte("<"), []byte("&lt;"))...)
		r.changed = true
	}
	r.begin(i, string(name), raw, rest[n:])
	return n
}

// startLength is the length of a start tag, up to the next '<' where it has no
// end. Within a value either is text, if the value ends as one does: a quote
// that was never closed must not swallow the document.
func startLength(rest []byte) (n int, whole bool) {
	rest = rest[:min(len(rest), longestTag)]
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; c {
		case '>':
			return i + 1, true
		case '<':
			return i, false
		case '"', '\'':
			if rest[i-1] == '=' || bytes.HasSuffix(bytes.TrimRight(rest[:i], " \t\r\n"), []byte("=")) {
				i += valueLength(rest[i:])
			}
		}
	}
	return len(rest), false
}

// longestValue bounds, in bytes, a value with signs of tags in it.
const longestValue = 2 << 10

// valueLength is how far behind its first quote a value ends; 0 when that is no
// value's.
func valueLength(rest []byte) int {
	end := 1 + bytes.IndexByte(rest[1:], rest[0])
	if end == 0 {
		return 0
	}
	if bytes.ContainsAny(rest[:end], "<>") && (end+1 == len(rest) || end > longestValue || strings.IndexByte(" \t\r\n/>?", rest[end+1]) < 0) {
		return 0
	}
	return end
}

// tornTag writes a start tag that has no end. If an end tag follows, that says
// how much of it is the name; if its own end tag follows somewhere, or it ends
// as an empty element does, it lost no more than its '>'. Else it is a sign in a
// text.
func (r *repairer) tornTag(i int, raw, after []byte) int {
	if len(after) == 0 { // the document breaks off
		return r.keep(len(raw), raw)
	}
	name, _ := tagName(raw)
	ended, closing := tagName(after[:min(len(after), longestName)])
	if n := 1 + len(ended); closing && n > 1 && n <= len(raw) && bytes.EqualFold(raw[1:n], ended) {
		n += attributesLength(raw[n:])
		r.begin(i, string(ended), append(raw[:n:n], '>'), after)
		return r.write(len(raw), string(raw[n:]))
	}
	whole := append(raw[:len(raw):len(raw)], '>')
	switch {
	case len(name) == 0:
		return r.write(1, "&lt;")
	case r.s.isItem(name, i), raw[len(raw)-1] == '/', r.endsLater(string(name), after):
		r.begin(i, string(name), whole, after)
	case r.cutShort(name):
		r.begin(i, r.name, []byte("<"+r.name+">"), after)
	default:
		return r.write(1, "&lt;")
	}
	return r.write(len(raw))
}

// cutShort reports what is left of the name of an item, where one may begin.
func (r *repairer) cutShort(name []byte) bool {
	return r.item < 0 && len(name) > 1 && len(name) < len(r.name) && strings.EqualFold(r.name[:len(name)], string(name)) &&
		len(r.open) > 0 && frames(r.open[len(r.open)-1].name)
}

// attributesLength is how much of what follows a name are attributes.
func attributesLength(data []byte) int {
	at := 0
	for {
		rest := bytes.TrimLeft(data[at:], " \t\r\n")
		name, _ := tagName(append([]byte{'<'}, rest[:min(len(rest), longestName)]...))
		value, ok := bytes.CutPrefix(rest[len(name):], []byte("="))
		if len(name) == 0 || !ok || len(value) == 0 || value[0] != '"' && value[0] != '\'' {
			return at
		}
		end := bytes.IndexByte(value[1:], value[0])
		if end < 0 {
			return at
		}
		at = len(data) - len(value) + end + 2
	}
}

// endsLater reports whether the end of an element follows before the item's.
func (r *repairer) endsLater(name string, after []byte) bool {
	if r.searches == maxSearches {
		return false
	}
	r.searches++
	if i := bytes.Index(after, []byte("</"+r.name)); i >= 0 && r.item >= 0 {
		after = after[:i]
	}
	return bytes.Contains(after, []byte("</"+name+">"))
}

// begin writes a start tag and notes what is open. No item holds another: the
// end of the first is missing, or it was begun twice.
func (r *repairer) begin(i int, name string, raw, after []byte) {
	isItem := r.s.isItem([]byte(name), i) && !r.within(name)
	if isItem {
		r.clear(i, name)
	}
	empty := raw[len(raw)-2] == '/'
	opens := !empty && (isItem || r.inHead() || !unclosable([]byte(name)))
	if opens && !isItem && r.full() && !r.endsAtOnce(name, after) {
		r.leaveOut(name)
		r.deep = true
		return
	}
	at := len(r.out)
	r.out = append(r.out, raw...)
	switch {
	case empty && isItem:
		r.gap = len(r.out)
	case opens && isItem:
		r.enterItem()
		r.start = [2]int{at, len(r.out)}
	}
	if opens {
		r.push(unended{name: name, at: len(r.out), holds: mayHold(name, raw)})
	}
}

// endsAtOnce reports an element that holds no other, such as a title or a link has:
// its level is over before it could count.
func (r *repairer) endsAtOnce(name string, after []byte) bool {
	after = after[len(upTo(after, '<')):]
	for bytes.HasPrefix(after, cdataStart) {
		n, whole := r.literal(after, &r.noCDATA)
		if !whole {
			return false
		}
		after = after[n:]
		after = after[len(upTo(after, '<')):]
	}
	ended, closing := tagName(after[:min(len(after), longestName)])
	return closing && strings.EqualFold(string(ended), name)
}

// clear ends what an item that begins at i cannot stand in.
func (r *repairer) clear(i int, name string) {
	switch {
	case r.item >= 0 && len(bytes.TrimSpace(r.out[r.start[1]:])) == 0:
		r.out, r.changed = r.out[:r.start[0]], true
		r.closeFrom(r.item)
		r.leaveItem()
	case r.item >= 0:
		r.endItem()
	case r.gap < 0:
		r.name = name
		r.endHead(i)
	}
}

// within reports an item that stands where one may, in an element of another's
// that holds such.
func (r *repairer) within(name string) bool {
	return r.item >= 0 && !strings.HasSuffix(strings.ToLower(name), "item") && len(r.open) > r.item+1 && r.open[r.item+1].holds
}

// mayHold reports an element of an entry that may hold entries: one of another
// format, or content that says it is XML.
func mayHold(name string, tag []byte) bool {
	_, local, prefixed := strings.Cut(name, ":")
	if local != "content" && name != "content" {
		return prefixed
	}
	kind := attribute(tag, "type")
	return strings.HasSuffix(kind, "xml") && kind != "xhtml"
}

// endHead ends what is open before the first item at i and holds none, at its
// mistyped end or behind its text: neither does it frame them by its name, nor
// does it end behind the last of them.
func (r *repairer) endHead(i int) {
	behind := endsAlone(r.s.data[max(i, bytes.LastIndex(r.s.data, []byte("</"+r.name+">"))):])
	var ended []unended
	r.open = slices.DeleteFunc(r.open, func(e unended) bool {
		if frames(e.name) || behind[folded(e.name)] {
			return false
		}
		ended = append(ended, e)
		return true
	})
	r.names = nil
	slices.Reverse(ended) // the innermost first, where several end at one place
	for k, e := range ended {
		ended[k].at = r.headEnd(e)
	}
	slices.SortStableFunc(ended, func(a, b unended) int { return cmp.Compare(a.at, b.at) })
	head, from := r.out, 0
	r.out = make([]byte, 0, cap(head)+16*len(ended))
	for _, e := range ended {
		r.out = append(r.out, head[from:e.at]...)
		from = r.write(e.at, "</", e.name, ">")
	}
	r.out = append(r.out, head[from:]...)
}

// headEnd is where in out an element of the head ends that has no end.
func (r *repairer) headEnd(e unended) int {
	if e.wrong > 0 {
		return e.wrong
	}
	if bytes.HasPrefix(r.out[e.at:], cdataStart) {
		end, _ := literal(r.out[e.at:])
		return e.at + end
	}
	end, _ := textExtent(r.out[e.at:])
	return e.at + end
}

// endsAlone are the names of end tags in data that have no start there.
func endsAlone(data []byte) map[string]bool {
	out := map[string]bool{}
	var within nest[tag]
	for t := range tags(data) {
		switch {
		case t.closing:
			if _, ok := within.end(t.name); !ok {
				out[folded(t.name)] = true
			}
		case !t.empty:
			within.begin(t)
		}
	}
	return out
}

// frames reports an element that items stand in.
func frames(name string) bool {
	switch local(name) {
	case "rss", "rdf", "channel", "feed":
		return true
	}
	return false
}
