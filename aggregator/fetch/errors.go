package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
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
	return fmt.Sprintf("the answer is larger than %d bytes (no feed is; check the address, or raise fetch.max_body)", e.Limit)
}

// explain puts a failed request into words for an operator.
func explain(address string, timeout time.Duration, err error) error {
	var (
		guarded *GuardError
		large   *TooLargeError
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		host    x509.HostnameError
		timed   net.Error
	)
	switch {
	case errors.As(err, &guarded):
		return guarded
	case errors.As(err, &large):
		return large
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("fetch %s: %w", address, err)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("no such host: %s (a typing error, or the site is gone): %w", dns.Name, err)
	case errors.As(err, &host), errors.As(err, &cert):
		return fmt.Errorf("the server's certificate is not valid for it: %w", err)
	case errors.As(err, &timed) && timed.Timeout():
		return fmt.Errorf("no complete answer within %v (the server is slow or away): %w", timeout, err)
	}
	return fmt.Errorf("fetch %s: %w", address, err)
}
