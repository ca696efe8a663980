package push

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"copydesk/aggregator/news"
)

// mostHubs bounds how many hubs of a document are considered.
const mostHubs = 5

// Links are what a document says of itself: its own address, and hubs.
type Links struct {
	Self string
	Hubs []string
}

// Discover finds what a document that was read at address offers: Link headers
// first, and only in their absence what the document itself says (WebSub §4).
// A document that names no address of its own is taken at that where it was
// read, as many that have a hub are written so. Asked are the addresses that
// were asked for it.
func Discover(header http.Header, inside Links, address string, asked ...string) news.Offer {
	found := ofHeaders(header)
	switch {
	case len(found.Hubs) == 0:
		found = Links{Self: cmp.Or(inside.Self, found.Self), Hubs: inside.Hubs}
	case found.Self == "":
		found.Self = inside.Self
	}
	base, err := url.Parse(address)
	if err != nil || len(found.Hubs) == 0 {
		return news.Offer{}
	}
	offer := news.Offer{Topic: address}
	if found.Self != "" {
		offer.Topic = absolute(base, found.Self)
	}
	for _, hub := range found.Hubs {
		if hub = absolute(base, hub); hub != "" && !slices.Contains(offer.Hubs, hub) && len(offer.Hubs) < mostHubs {
			offer.Hubs = append(offer.Hubs, hub)
		}
	}
	if offer.Topic == "" || len(offer.Hubs) == 0 {
		return news.Offer{}
	}
	offer.Vouched = offer.Topic == address || slices.Contains(asked, offer.Topic)
	return offer
}

// absolute resolves an address of a document; empty when it is none of the web,
// or carries a name and password.
func absolute(base *url.URL, address string) string {
	u, err := base.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// ofHeaders reads Link headers (RFC 8288 §3).
func ofHeaders(header http.Header) Links {
	var out Links
	for _, value := range header.Values("Link") {
		for target, rels := range links(value) {
			for _, rel := range rels {
				switch {
				case strings.EqualFold(rel, "hub"):
					out.Hubs = append(out.Hubs, target)
				case strings.EqualFold(rel, "self") && out.Self == "":
					out.Self = target
				}
			}
		}
	}
	return out
}

// links yields each target of a Link header's value, with its relations. A link
// about another document than the one that carries it (anchor, RFC 8288 §3.2)
// is left out.
func links(value string) func(yield func(string, []string) bool) {
	return func(yield func(string, []string) bool) {
		for {
			start := strings.IndexByte(value, '<')
			if start < 0 {
				return
			}
			target, rest, ok := strings.Cut(value[start+1:], ">")
			if !ok {
				return
			}
			var params map[string]string
			params, value = parameters(rest)
			if _, other := params["anchor"]; !other && !yield(strings.TrimSpace(target), strings.Fields(params["rel"])) {
				return
			}
		}
	}
}

// parameters reads those of one link, and gives what stands after them. Of a
// name that stands twice the first counts.
func parameters(text string) (params map[string]string, rest string) {
	params = map[string]string{}
	for {
		text = strings.TrimLeft(text, " \t;")
		if text == "" || text[0] == ',' {
			return params, text
		}
		end := strings.IndexAny(text, "=;,")
		if end < 0 {
			return params, ""
		}
		name, value := strings.ToLower(strings.TrimSpace(text[:end])), ""
		if text[end] != '=' {
			text = text[end:]
		} else {
			value, text = parameter(strings.TrimLeft(text[end+1:], " \t"))
		}
		if _, twice := params[name]; !twice {
			params[name] = value
		}
	}
}

// parameter reads a token or a quoted string.
func parameter(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, ";,")
		if end < 0 {
			end = len(text)
		}
		return strings.TrimSpace(text[:end]), text[end:]
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '"':
			return b.String(), text[i+1:]
		case text[i] == '\\' && i+1 < len(text):
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String(), ""
}

// SameSite reports whether two addresses are of one owner, as far as their
// names tell: the same domain under a public suffix. Machines without such a
// name are the same only with their port.
func SameSite(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	if errA != nil || errB != nil {
		return false
	}
	return site(ua) == site(ub)
}

func site(u *url.URL) string {
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if _, err := netip.ParseAddr(name); err != nil {
		if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
			return domain
		}
	}
	return net.JoinHostPort(name, u.Port())
}

// Reachable says why hubs could not reach a callback at base; empty when they
// can, as far as its name tells. What is on this machine or in a private network
// is reached only by what is there too.
func Reachable(base string, private bool) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "it is no http or https address"
	}
	name := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(name)
	switch {
	case private:
		return ""
	case err == nil && (!ip.IsGlobalUnicast() || ip.IsPrivate()):
		return "it is not a public address"
	case err != nil && (!strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost") || strings.HasSuffix(name, ".local")):
		return "it is a name of a private network"
	}
	return ""
}
