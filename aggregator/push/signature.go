package push

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
)

// methods are those of WebSub §7.1.1.
var methods = map[string]func() hash.Hash{
	"sha1":   sha1.New, // what most hubs sign with; as a MAC it still holds
	"sha256": sha256.New,
	"sha384": sha512.New384,
	"sha512": sha512.New,
}

// Signed reports whether an X-Hub-Signature header is that of body under
// secret. It compares in constant time.
func Signed(signature, secret string, body []byte) bool {
	method, digits, ok := strings.Cut(strings.TrimSpace(signature), "=")
	make, known := methods[strings.ToLower(method)]
	if !ok || !known || secret == "" {
		return false
	}
	theirs, err := hex.DecodeString(digits)
	if err != nil {
		return false
	}
	mac := hmac.New(make, []byte(secret))
	_, _ = mac.Write(body) // a hash takes everything
	return hmac.Equal(theirs, mac.Sum(nil))
}
