package normalize

import (
	_ "embed"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"copydesk/aggregator/wordtable"

	"golang.org/x/net/idna"
)

//go:embed data/tracking.tsv
var trackingTable string

// A watch is a list of parameters: whole names or name=value, and beginnings
// of either where the table ends them with a star; and those that watch on some
// hosts only.
type watch struct {
	names    map[string]bool
	prefixes []string
	hosts    []hostWatch
}

// A hostWatch is a parameter of the hosts that a pattern names.
type hostWatch struct{ name, host string }

// tracking are query parameters that only watch the reader; trackingFragments
// stand behind a #.
var tracking, trackingFragments = func() (watch, watch) {
	query, fragment := watch{names: map[string]bool{}}, watch{names: map[string]bool{}}
	for _, row := range wordtable.Rows(trackingTable) {
		switch {
		case len(row) < 2:
			query.add(row[0])
			fragment.add(row[0])
		case row[1] == "fragment":
			fragment.add(row[0])
		default:
			query.hosts = append(query.hosts, hostWatch{row[0], row[1]})
		}
	}
	return query, fragment
}()

func (w *watch) add(name string) {
	name = strings.ToLower(name)
	if p, ok := strings.CutSuffix(name, "*"); ok {
		w.prefixes = append(w.prefixes, p)
	} else {
		w.names[name] = true
	}
}

// bases drops what is blank; addresses resolve against the first that helps.
func bases(list ...string) []string {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Link makes raw absolute against the bases, takes tracking away and brings it
// into the form that every reader accepts: ASCII, IDNA host, percent-encoded,
// no default port. What is not http or https gives "".
func Link(raw string, base ...string) string {
	return settled(raw, base, func(u *url.URL) *url.URL { return plainLink(unwrapped(u)) })
}

// articleLink is Link for the page of an article: the page itself and not its
// copy for mobile readers.
func articleLink(raw string, base ...string) string {
	return settled(raw, base, func(u *url.URL) *url.URL { return plainLink(withoutAMP(unwrapped(u))) })
}

// resolve is Link without taking anything away.
func resolve(raw string, base []string) string {
	return settled(raw, base, func(u *url.URL) *url.URL { return u })
}

// layers is how many covers of an address are taken away: what stands below one
// (/.;jsessionid=1, /amp;utm_source=x) may be one itself.
const layers = 6

// settled is the address that reading it once more does not change, so that
// what was cleaned before compares equal to what was not.
func settled(raw string, base []string, mend func(*url.URL) *url.URL) string {
	for range layers {
		u := parseLink(raw, base)
		if u == nil {
			return ""
		}
		out := canonical(mend(u))
		if out == raw {
			break
		}
		raw = out
	}
	return raw
}

// canonicalLink is what a page says its address is, unless that is the front of
// the site or of another, which pages say by mistake.
func canonicalLink(said, link string, base []string) string {
	out := articleLink(said, base...)
	u, err := url.Parse(out)
	if err != nil || orSlash(u.Path) == "/" && u.RawQuery == "" && link != "" {
		return ""
	}
	return out
}

// plainLink is an address without what watches the reader. A fragment stays
// where it says more than which words to mark.
func plainLink(u *url.URL) *url.URL {
	if u.RawQuery != "" {
		u.RawQuery = tracking.at(u.Hostname()).without(u.RawQuery)
	}
	if strings.Contains(u.Path, ";") {
		setPath(u, tracking.outOfPath(u.EscapedPath()))
	}
	if text, _, marked := strings.Cut(u.Fragment, ":~:"); marked { // WICG text fragments
		u.Fragment, u.RawFragment = text, ""
	}
	if kept := keptFragment(u.Fragment); kept != u.Fragment {
		u.Fragment, u.RawFragment = kept, ""
	}
	return u
}

// setPath gives u an escaped path; what is no such path changes nothing.
func setPath(u *url.URL, escaped string) {
	if path, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = path, escaped
	}
}

// keptFragment is a fragment without what watches the reader; routes of a page
// with one address (#!/news/7) stay as they are.
func keptFragment(f string) string {
	for f != "" && f[0] != '!' && f[0] != '/' {
		kept := trackingFragments.without(strings.TrimLeft(f, "?&"))
		if kept == f {
			break
		}
		f = kept
	}
	return f
}

func parseLink(raw string, base []string) *url.URL {
	raw = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, strings.TrimSpace(raw))
	if raw == "" {
		return nil
	}
	raw = schemed(strings.ReplaceAll(raw, "&amp;", "&"))
	u, err := url.Parse(strings.ReplaceAll(raw, " ", "%20"))
	if err != nil {
		if u, err = url.Parse(lenient(raw)); err != nil {
			return nil
		}
	}
	if !u.IsAbs() && len(u.Path) > 4 && strings.EqualFold(u.Path[:4], "www.") { // a host, whatever the base is
		if u, err = url.Parse("http://" + lenient(raw)); err != nil {
			return nil
		}
	}
	for i := len(base) - 1; i >= 0 && !u.IsAbs(); i-- {
		// Resolve the chain from the outside in: each base may be relative to the next.
		if b := absolute(base[:i+1], base[i+1:]); b != nil {
			u = b.ResolveReference(u)
		}
	}
	if strings.Contains(u.Path, "/.") && u.IsAbs() {
		u = u.ResolveReference(u) // takes the dots out
	}
	if !u.IsAbs() || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

// schemed mends an address as browsers do (WHATWG URL §4.4), and what they do not:
// backslashes for slashes, one slash or three behind the scheme, no colon there,
// and a scheme before the scheme.
func schemed(raw string) string {
	end := strings.IndexAny(raw, "?#")
	if end < 0 {
		end = len(raw)
	}
	if strings.Contains(raw[:end], `\`) {
		raw = strings.ReplaceAll(raw[:end], `\`, "/") + raw[end:]
	}
	for _, scheme := range [...]string{"https", "http"} {
		if len(raw) <= len(scheme) || !strings.EqualFold(raw[:len(scheme)], scheme) {
			continue
		}
		rest, colon := strings.CutPrefix(raw[len(scheme):], ":")
		bare := strings.TrimLeft(rest, "/")
		host, _, _ := strings.Cut(bare, "/")
		switch slashes := len(rest) - len(bare); {
		case colon && slashes == 2 && (strings.EqualFold(host, "http:") || strings.EqualFold(host, "https:")):
			return schemed(bare)
		case colon && slashes > 0 && slashes != 2 && strings.Contains(host, "."), !colon && slashes == 2 && strings.Contains(host, "."):
			return scheme + "://" + bare
		}
	}
	return raw
}

// absolute is the innermost base, made absolute by the outer ones.
func absolute(inner, outer []string) *url.URL {
	all := append(append([]string{}, inner...), outer...)
	var u *url.URL
	for i := len(all) - 1; i >= 0; i-- {
		b, err := url.Parse(all[i])
		if err != nil {
			continue
		}
		switch {
		case b.IsAbs() && b.Host != "":
			u = b
		case u != nil:
			u = u.ResolveReference(b)
		}
	}
	return u
}

// lenient escapes what url.Parse refuses.
func lenient(raw string) string {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '%' && (i+2 >= len(raw) || !isHex(raw[i+1]) || !isHex(raw[i+2])) {
			b.WriteString("%25")
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// at is the list with what watches on a host alone.
func (w *watch) at(host string) *watch {
	out := w
	for _, h := range w.hosts {
		if !hostMatches(strings.ToLower(host), h.host) {
			continue
		}
		if out == w {
			out = &watch{names: maps.Clone(w.names), prefixes: w.prefixes}
		}
		out.names[h.name] = true
	}
	return out
}

// without is a query less what is watched for. Some sites part its parameters
// by semicolons.
func (w *watch) without(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if strings.Contains(part, ";") {
			part = w.withoutParts(part)
		}
		if part != "" && !w.has(strings.ToLower(part)) {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}

// withoutParts is a list parted by semicolons less what is watched for.
func (w *watch) withoutParts(list string) string {
	parts := strings.Split(list, ";")
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return w.has(strings.ToLower(part)) }), ";")
}

// outOfPath is a path less the parameters of its last part that are watched for
// (RFC 3986 §3.3): /news/7;jsessionid=1A.
func (w *watch) outOfPath(path string) string {
	at := strings.LastIndexByte(path, '/') + 1
	name, parameters, ok := strings.Cut(path[at:], ";")
	if !ok {
		return path
	}
	if parameters = w.withoutParts(parameters); parameters != "" {
		name += ";" + parameters
	}
	return path[:at] + name
}

func (w *watch) has(part string) bool {
	name, _, _ := strings.Cut(part, "=")
	if w.names[name] || w.names[part] {
		return true
	}
	for _, p := range w.prefixes {
		if strings.HasPrefix(part, p) {
			return true
		}
	}
	return false
}

// canonical writes an address by output-rules: lower-case scheme and ASCII
// host, no default port, everything outside RFC 2396 percent-encoded.
func canonical(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	} else if strings.ContainsFunc(host, func(r rune) bool { return r > '~' }) {
		return ""
	}
	if host == "" || strings.ContainsAny(host, " \"<>\\^`{|}[]%'") {
		return ""
	}
	if strings.Contains(host, ":") {
		if _, err := netip.ParseAddr(host); err != nil {
			return ""
		}
		host = "[" + host + "]"
	}
	scheme, port := u.Scheme, u.Port()
	if port == "443" {
		scheme = "https" // what answers there speaks nothing else
	}
	if port != "" && !(scheme == "http" && port == "80") && !(scheme == "https" && port == "443") {
		host += ":" + port
	}
	out := scheme + "://" + host + escape(orSlash(u.EscapedPath()))
	if u.RawQuery != "" {
		out += "?" + escape(u.RawQuery)
	}
	if f := u.EscapedFragment(); f != "" {
		out += "#" + escape(f)
	}
	return out
}

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// escape percent-encodes bytes that may not stand in an address, and stray
// percent signs.
func escape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c <= ' ', c > '~', strings.IndexByte("\"<>\\^`{|}[]", c) >= 0,
			c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])):
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
