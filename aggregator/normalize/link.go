package normalize

import (
	_ "embed"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

//go:embed data/tracking.tsv
var trackingTable string

// tracking are query parameters that only watch the reader: whole names, and
// prefixes where the table ends a name with a star.
var trackingNames, trackingPrefixes = func() (map[string]bool, []string) {
	names, prefixes := map[string]bool{}, []string(nil)
	for _, row := range table(trackingTable) {
		if p, ok := strings.CutSuffix(row[0], "*"); ok {
			prefixes = append(prefixes, p)
		} else {
			names[row[0]] = true
		}
	}
	return names, prefixes
}()

// table reads a data file: tab-separated columns, # begins a comment.
func table(text string) [][]string {
	var out [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		out = append(out, strings.Split(line, "\t"))
	}
	return out
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
	u := parseLink(raw, base)
	if u == nil {
		return ""
	}
	if inner := unwrap(u); inner != nil {
		u = inner
	}
	u.RawQuery = withoutTracking(u.RawQuery)
	if strings.Contains(u.Fragment, "=") {
		u.Fragment, u.RawFragment = withoutTracking(u.Fragment), ""
	}
	return canonical(u)
}

// resolve is Link without taking anything away.
func resolve(raw string, base []string) string {
	u := parseLink(raw, base)
	if u == nil {
		return ""
	}
	return canonical(u)
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
	raw = strings.ReplaceAll(raw, "&amp;", "&")
	u, err := url.Parse(strings.ReplaceAll(raw, " ", "%20"))
	if err != nil {
		if u, err = url.Parse(lenient(raw)); err != nil {
			return nil
		}
	}
	for i := len(base) - 1; i >= 0 && !u.IsAbs(); i-- {
		// Resolve the chain from the outside in: each base may be relative to the next.
		if b := absolute(base[:i+1], base[i+1:]); b != nil {
			u = b.ResolveReference(u)
		}
	}
	if !u.IsAbs() || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
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

// unwrap takes the target out of a redirector that carries it in the open:
// …/*http://target.
func unwrap(u *url.URL) *url.URL {
	whole := u.String()
	i := strings.Index(whole, "*http")
	if i < 0 {
		return nil
	}
	inner, err := url.Parse(whole[i+1:])
	if err != nil || inner.Host == "" || inner.Scheme != "http" && inner.Scheme != "https" {
		return nil
	}
	return inner
}

func withoutTracking(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if part == "" || isTracking(strings.ToLower(name), value) {
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, "&")
}

func isTracking(name, value string) bool {
	if trackingNames[name] || trackingNames[name+"="+strings.ToLower(value)] {
		return true
	}
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(name, p) {
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
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	out := u.Scheme + "://" + host + escape(orSlash(u.EscapedPath()))
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
