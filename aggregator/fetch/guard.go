package fetch

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// A GuardError is an address that we refuse to reach.
type GuardError struct {
	Address string
	Reason  string
	Hint    string // what would let it be reached; empty when nothing would
}

func (e *GuardError) Error() string {
	text := fmt.Sprintf("%s is refused: %s", e.Address, e.Reason)
	if e.Hint == "" {
		return text
	}
	return text + " (" + e.Hint + ")"
}

// A guard decides what may be dialled.
type guard struct {
	private bool                       // private addresses may be, at any port
	ports   []int                      // of public addresses; nil means any
	refused func(ip netip.Addr) string // why an address is not public; empty when it is
}

// control is asked by the dialer for each address after DNS, so a name that
// answers with another address the second time gains nothing.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &GuardError{Address: address, Reason: "it cannot be read"}
	}
	reason := g.refused(ap.Addr())
	switch {
	case reason != "" && !g.private:
		return &GuardError{ap.Addr().String(), reason, "set fetch.allow_private if it is yours and meant"}
	case reason == "" && g.ports != nil && !slices.Contains(g.ports, int(ap.Port())):
		return &GuardError{ap.String(), fmt.Sprintf("port %d is not asked", ap.Port()), "add it to fetch.ports if it is meant"}
	}
	return nil
}

// Permit says why an address would not be reached, as far as its text tells; nil
// when it may be. Where a name leads is seen when it is dialled.
func (c *Client) Permit(address string) error {
	u, err := webAddress(address)
	if err != nil {
		return err
	}
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	port, err := strconv.Atoi(portOf(u))
	_, numeric := netip.ParseAddr(name)
	switch {
	case err != nil:
		return &GuardError{Address: address, Reason: "its port is no number"}
	case numeric == nil:
		return c.guard.control("", net.JoinHostPort(name, portOf(u)), nil)
	case c.guard.private:
		return nil
	case name == "localhost" || strings.HasSuffix(name, ".localhost"): // RFC 6761 §6.3
		return &GuardError{name, "it is this machine", "set fetch.allow_private if it is yours and meant"}
	case c.guard.ports != nil && !slices.Contains(c.guard.ports, port):
		return &GuardError{name, fmt.Sprintf("port %d is not asked", port), "add it to fetch.ports if it is meant"}
	}
	return nil
}

// special are ranges that lead to no public server (IANA special-purpose
// address registries), beyond those that netip knows by name.
var special = []struct {
	prefix netip.Prefix
	reason string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "it is this network"},
	{netip.MustParsePrefix("100.64.0.0/10"), "it is a carrier's private address"},
	{netip.MustParsePrefix("192.0.0.0/24"), "it is reserved for protocols"},
	{netip.MustParsePrefix("192.0.2.0/24"), "it is for documentation"},
	{netip.MustParsePrefix("198.18.0.0/15"), "it is for benchmarks"},
	{netip.MustParsePrefix("198.51.100.0/24"), "it is for documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "it is for documentation"},
	{netip.MustParsePrefix("240.0.0.0/4"), "it is reserved"},
	{netip.MustParsePrefix("2001:db8::/32"), "it is for documentation"},
	{netip.MustParsePrefix("fec0::/10"), "it is a site-local address"},
	{netip.MustParsePrefix("100::/64"), "it leads nowhere"},
}

// embedded are IPv6 ranges that carry an IPv4 address, with the byte at which
// it begins. An address is as private as the one it carries.
var embedded = []struct {
	prefix netip.Prefix
	at     int
}{
	{netip.MustParsePrefix("64:ff9b::/96"), 12},   // NAT64, RFC 6052
	{netip.MustParsePrefix("64:ff9b:1::/48"), 12}, // local-use NAT64, RFC 8215
	{netip.MustParsePrefix("2002::/16"), 2},       // 6to4, RFC 3056
	{netip.MustParsePrefix("::/96"), 12},          // IPv4-compatible, RFC 4291
}

// refused says why an address may not be dialled; empty when it may.
func refused(ip netip.Addr) string {
	ip = ip.WithZone("").Unmap()
	switch {
	case ip.IsLoopback():
		return "it is this machine"
	case ip.IsPrivate():
		return "it is a private address"
	case ip.IsLinkLocalUnicast():
		return "it is link-local, where clouds keep their metadata"
	case ip.IsMulticast(), ip.IsUnspecified():
		return "it is no single machine's address"
	}
	for _, s := range special {
		if s.prefix.Contains(ip) {
			return s.reason
		}
	}
	if teredo.Contains(ip) {
		return "it is a tunnel's address"
	}
	for _, e := range embedded {
		if e.prefix.Contains(ip) {
			b := ip.As16()
			return refused(netip.AddrFrom4([4]byte(b[e.at : e.at+4])))
		}
	}
	return ""
}

// teredo hides its IPv4 address by flipping its bits (RFC 4380 §4); no public
// feed is served from there.
var teredo = netip.MustParsePrefix("2001::/32")
