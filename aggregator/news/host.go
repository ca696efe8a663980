package news

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Host names the machine whose patience a request to address costs: the host in
// small letters and in ASCII, without scheme, port, credentials and the dot of
// the root, so that one server is one host however it is written. Empty when
// address names none.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(asciiHost(strings.ToLower(u.Hostname())), ".")
}

// Bare is an address without credentials, as its operator may be told it.
func Bare(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	u.User = nil
	return u.String()
}

// Public is an address as strangers may see it: without credentials, and without
// query parameters that by their names hold a reader's own key. What is left
// still says which feed is meant.
func Public(address string) string {
	address = Bare(address)
	u, err := url.Parse(address)
	if err != nil || u.RawQuery == "" {
		return address
	}
	all := strings.Split(u.RawQuery, "&")
	open := slices.DeleteFunc(slices.Clone(all), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return isSecret(name)
	})
	if len(open) == len(all) {
		return address
	}
	u.RawQuery = strings.Join(open, "&")
	return u.String()
}

// secrets are words of parameters that let their owner in; secretEnds what such
// words end with: apikey, access_token, feedToken.
var (
	secrets    = []string{"auth", "authorization", "credential", "credentials", "email", "jwt", "pass", "pwd", "session", "sessionid", "sid", "sig", "signature"}
	secretEnds = []string{"key", "passwd", "password", "secret", "token"}
)

func isSecret(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains(secrets, word) || slices.ContainsFunc(secretEnds, func(end string) bool { return strings.HasSuffix(word, end) })
	})
}
