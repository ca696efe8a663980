package fetch

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// usualPorts are those that sources may be fetched from unless the operator
// names others.
var usualPorts = []int{80, 443, 8080, 8443}

// mostDialling bounds how long a server is waited for, its name and all. It is
// less than a request may take, so that we know what has taken the time.
const mostDialling = 10 * time.Second

// newTransport makes the one way out of this house. Whatever is sent, to
// whomever, goes through its guard.
func newTransport(opt Options, g *guard) *http.Transport {
	dialer := &net.Dialer{Timeout: min(mostDialling, opt.Timeout*3/4), KeepAlive: 30 * time.Second, Resolver: opt.Resolver, Control: g.control}
	return &http.Transport{
		Proxy:                  nil, // not even of the environment
		DialContext:            dialer.DialContext,
		MaxIdleConns:           2 * opt.MaxIdle,
		MaxIdleConnsPerHost:    opt.MaxIdle,
		IdleConnTimeout:        60 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		MaxResponseHeaderBytes: 256 << 10,
		DisableCompression:     true, // decoded here, under the cap
		ForceAttemptHTTP2:      true,
	}
}
