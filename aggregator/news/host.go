package news

import (
	"net/url"
	"strings"
)

// Host names the machine whose patience a request to address costs: the host in
// small letters, without scheme, port, credentials and the dot of the root, so
// that one server is one host however it is written. Empty when address names
// none.
func Host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}
