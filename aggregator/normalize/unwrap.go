package normalize

import (
	_ "embed"
	"net/url"
	"strings"

	"copydesk/aggregator/wordtable"
)

//go:embed data/redirectors.tsv
var redirectorTable string

// A redirector is an address that carries another in the open.
type redirector struct {
	host, path, parameter string
}

// redirectors are in the order of the table.
var redirectors = func() []redirector {
	var out []redirector
	for _, row := range wordtable.Rows(redirectorTable) {
		out = append(out, redirector{row[0], row[1], row[2]})
	}
	return out
}()

// wrappings is how many redirectors may lead to one another.
const wrappings = 4

// unwrapped takes the target out of redirectors: the parameter or the end of
// the path that holds it, and what stands behind a star: …/*http://target.
func unwrapped(u *url.URL) *url.URL {
	for range wrappings {
		if !strings.Contains(u.Path, "http") && !strings.Contains(u.RawQuery, "http") { // most addresses carry no other
			return u
		}
		inner := starred(u)
		if inner == nil {
			inner = redirected(u)
		}
		if inner == nil {
			return u
		}
		u = inner
	}
	return u
}

func starred(u *url.URL) *url.URL {
	whole := u.String()
	i := strings.Index(whole, "*http")
	if i < 0 {
		return nil
	}
	return target(whole[i+1:])
}

func redirected(u *url.URL) *url.URL {
	host := strings.ToLower(u.Hostname())
	for _, r := range redirectors {
		if !hostMatches(host, r.host) || !strings.HasPrefix(orSlash(u.Path), r.path) {
			continue
		}
		end, within := strings.CutPrefix(r.parameter, "-")
		if !within {
			if inner := target(parameter(u.RawQuery, r.parameter)); inner != nil {
				return inner
			}
			continue
		}
		rest := strings.TrimPrefix(u.RequestURI(), "/")
		i := strings.Index(rest, "http")
		if i < 0 {
			continue
		}
		if rest = rest[i:]; end != "" {
			rest, _, _ = strings.Cut(rest, end)
		}
		return target(rest)
	}
	return nil
}

// hostMatches compares a host with a pattern: "*.a.example" is any host below
// a.example and itself, "google.*" any ending.
func hostMatches(host, pattern string) bool {
	if rest, ok := strings.CutPrefix(pattern, "*."); ok {
		if base, open := strings.CutSuffix(rest, ".*"); open {
			return strings.Contains("."+host, "."+base+".")
		}
		return host == rest || strings.HasSuffix(host, "."+rest)
	}
	if base, open := strings.CutSuffix(pattern, ".*"); open {
		return strings.HasPrefix(host, base+".")
	}
	return host == pattern
}

// parameter is a query's value, whatever the case of its name.
func parameter(query, name string) string {
	for part := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(part, "=")
		if strings.EqualFold(key, name) {
			if plain, err := url.QueryUnescape(value); err == nil {
				return plain
			}
		}
	}
	return ""
}

// target is an absolute address of the web, written out or escaped; nil when
// there is none.
func target(address string) *url.URL {
	if strings.HasPrefix(address, "http%3A") || strings.HasPrefix(address, "https%3A") || strings.HasPrefix(address, "http%3a") || strings.HasPrefix(address, "https%3a") {
		if plain, err := url.QueryUnescape(address); err == nil {
			address = plain
		}
	}
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

//go:embed data/amphosts.tsv
var ampHostTable string

// ampHosts are the hosts of pages, by those of their copies for mobile readers.
var ampHosts = func() map[string]string {
	out := map[string]string{}
	for _, row := range wordtable.Rows(ampHostTable) {
		out[row[0]] = row[1]
	}
	return out
}()

// ampCache ends the hosts that keep copies of pages for mobile readers.
const ampCache = ".cdn.ampproject.org"

// withoutAMP is the address of the page itself where u is that of its copy for
// mobile readers: a cache's, or one that says so in its host, path or query.
func withoutAMP(u *url.URL) *url.URL {
	host := strings.ToLower(u.Hostname())
	switch {
	case strings.HasSuffix(host, ampCache):
		if inner := cached(strings.TrimPrefix(u.EscapedPath(), "/"), u.RawQuery); inner != nil {
			u = inner
		}
	case hostMatches(host, "*.google.*") && strings.HasPrefix(u.Path, "/amp/"):
		if inner := cached(u.EscapedPath()[1:], ""); inner != nil {
			u = inner
		}
	}
	out := *u
	if page := ampHosts[strings.ToLower(u.Host)]; page != "" {
		out.Host = page
	}
	out.RawQuery = withoutAMPQuery(u.RawQuery)
	path := out.EscapedPath()
	for _, end := range []string{"/amp/", "/amp", "/amp.html", ".amp"} {
		if rest, ok := strings.CutSuffix(path, end); ok && rest != "" {
			path = rest
			if end == "/amp/" {
				path += "/"
			}
			break
		}
	}
	if rest, ok := strings.CutSuffix(path, ".amp.html"); ok {
		path = rest + ".html"
	}
	if rest, ok := strings.CutPrefix(path, "/amp/"); ok && strings.Count(rest, "/") > 0 {
		path = "/" + rest
	}
	setPath(&out, path)
	return &out
}

// cached is the page that a cache's path names: c/s/a.example/1 is
// https://a.example/1, and without the s it is http.
func cached(path, query string) *url.URL {
	_, rest, ok := strings.Cut(path, "/") // c, v or amp
	if !ok {
		return nil
	}
	scheme := "http://"
	if secure, ok := strings.CutPrefix(rest, "s/"); ok {
		scheme, rest = "https://", secure
	}
	if host, _, _ := strings.Cut(rest, "/"); !strings.Contains(host, ".") {
		return nil
	}
	if query != "" {
		rest += "?" + query
	}
	return target(scheme + rest)
}

func withoutAMPQuery(query string) string {
	if !strings.Contains(strings.ToLower(query), "amp") && !strings.Contains(query, "usqp") {
		return query
	}
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(strings.ToLower(part), "=")
		switch {
		case name == "amp" || name == "_amp" || name == "isamp" || name == "usqp":
		case strings.HasPrefix(name, "amp_"), value == "amp" && (name == "outputtype" || name == "output" || name == "view" || name == "type"):
		default:
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "&")
}
