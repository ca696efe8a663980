package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// A StatusError is an answer that is neither a document nor word that the last
// one still holds.
type StatusError struct {
	URL     string
	Code    int
	RetryAt time.Time // when the server wants to be asked again; zero when it did not say
}

func (e *StatusError) Error() string {
	text := fmt.Sprintf("the server answered %d %s", e.Code, http.StatusText(e.Code))
	if hint := statusHints[e.Code]; hint != "" {
		return text + " (" + hint + ")"
	}
	if e.Code >= 500 {
		return text + " (the server is ill; it will be asked again)"
	}
	return text
}

var statusHints = map[int]string{
	304: "it holds on to a document that we have not said to know; the server, or a cache before it, is set up wrongly",
	401: "the feed wants a password; put it into the address as user:password@",
	402: "the feed has to be paid for",
	403: "the server refuses us; ask its operator, or change fetch.user_agent",
	404: "the feed has moved or gone; look for its address on the site",
	410: "the feed is gone for good and is no longer asked; remove the source, or give it another address",
	429: "we ask too often; give the source a slower schedule",
	451: "the feed is blocked for legal reasons where this machine stands",
}

// A TooLargeError is a body over the cap.
type TooLargeError struct{ Limit int64 }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the answer is larger than %d bytes (no feed or page is; check the address, or raise fetch.max_body)", e.Limit)
}

// A TimeoutError is a server that did not answer completely in time.
type TimeoutError struct{ After time.Duration }

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("no complete answer within %v (the server is slow or away)", e.After)
}

// Timeout makes it a net.Error's like.
func (e *TimeoutError) Timeout() bool { return true }

// A BusyError is a host that we ask so much that this question did not get its
// turn. Neither side is at fault.
type BusyError struct {
	Host  string
	Until time.Time // when its turn would have been
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("%s is asked by so many sources that this one did not get its turn (fetch.per_host_gap decides how often we ask)", e.Host)
}

// Unreached reports a failure to find a server or to reach it, which may be our
// own network's as well as its. What we refused to reach is none.
func Unreached(err error) bool {
	var op *net.OpError
	switch {
	case errors.As(err, new(*GuardError)):
		return false
	case errors.As(err, new(*net.DNSError)):
		return true
	}
	return errors.As(err, &op) && op.Op == "dial"
}

// explain puts a failed request into words for an operator.
func explain(u *url.URL, err error) error {
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) && !errors.Is(err, context.Canceled) {
		err = wrapped.Err // the rest is said here
	}
	for _, known := range []func(error) string{explainOurs, explainName, explainTLS, explainConnection} {
		switch words := known(err); words {
		case "":
		case err.Error():
			return err
		default:
			return fmt.Errorf("%s: %w", words, err)
		}
	}
	return fmt.Errorf("fetch %s: %w", u.Redacted(), err)
}

// explainOurs lets through what was said here.
func explainOurs(err error) string {
	for _, target := range []any{new(*GuardError), new(*TooLargeError), new(*TimeoutError), new(*BusyError), new(*RobotsError)} {
		if errors.As(err, target) {
			return err.Error()
		}
	}
	if errors.Is(err, errRedirects) {
		return err.Error()
	}
	return ""
}

func explainName(err error) string {
	var dns *net.DNSError
	switch {
	case !errors.As(err, &dns):
		return ""
	case dns.IsNotFound:
		return fmt.Sprintf("no such host: %s (a typing error, or the site is gone)", dns.Name)
	}
	return fmt.Sprintf("the host %s could not be looked up (the name server is ill, ours or theirs)", dns.Name)
}

func explainTLS(err error) string {
	var (
		name    x509.HostnameError
		signer  x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &name):
		return "the server's certificate is not valid for its name (a wrong address, or a server set up wrongly)"
	case errors.As(err, &signer):
		return "the server's certificate is signed by nobody we know (it signed it itself, or does not send the chain)"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the server's certificate is out of date (its operator has to renew it; or our clock is wrong)"
	case errors.As(err, &invalid), errors.As(err, &cert):
		return "the server's certificate is not valid"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return "the server does not speak https there (the address may have to begin with http://)"
	case strings.Contains(err.Error(), "protocol version"): // an alert has no type of its own outside crypto/tls
		return "the server speaks only versions of TLS that are no longer safe (we want 1.2 or newer)"
	}
	return ""
}

func explainConnection(err error) string {
	var timed net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return ""
	case errors.As(err, &timed) && timed.Timeout():
		return "the server does not answer in time (it is slow or away)"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the server takes no connections there (it is down, or the port is wrong)"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "the server hung up before its answer was complete"
	}
	return ""
}

// redacted is an address as it may be told: without a password, even where it
// cannot be read.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err == nil {
		return u.Redacted()
	}
	scheme, rest, _ := strings.Cut(address, "://")
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
		return scheme + "://xxxxx" + rest[at:]
	}
	return address
}
