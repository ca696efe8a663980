package fetch

import (
	"crypto/x509"
	"net/http"
	"net/netip"
	"net/url"
)

// TakeForPublic lets a test's own address stand for one of the open Internet.
func (c *Client) TakeForPublic(ip string) {
	public, others := netip.MustParseAddr(ip), c.guard.refused
	c.guard.refused = func(ip netip.Addr) string {
		if ip == public {
			return ""
		}
		return others(ip)
	}
}

// TakeForAuthority makes a test's certificate one of those that sign others.
func (c *Client) TakeForAuthority(cert *x509.Certificate) {
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	c.http.Transport.(*http.Transport).TLSClientConfig.RootCAs = pool
}

// Refused is why an address may not be dialled.
func Refused(ip string) string { return refused(netip.MustParseAddr(ip)) }

// Trusts reports whether credentials for one address may go to another.
func Trusts(from, to *url.URL) bool { return trusts(from, to) }

// RobotsAllow reports whether a robots.txt lets us read a path.
func RobotsAllow(file, path string) bool {
	allowed, _ := parseRobots([]byte(file)).allows(path)
	return allowed
}

// RememberSite gives an origin an entry among the remembered ones.
func (c *Client) RememberSite(origin string) { c.robots.site(origin) }

// RememberedSites is how many there are.
func (c *Client) RememberedSites() int { return c.robots.used.Len() }
