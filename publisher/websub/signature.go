package websub

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
)

// methods are those of §7.1.1.
var methods = map[string]func() hash.Hash{
	"sha1":   sha1.New, // for subscribers who know no other; as a MAC it still holds
	"sha256": sha256.New,
	"sha384": sha512.New384,
	"sha512": sha512.New,
}

// Sign is the X-Hub-Signature of body under secret. A method that is none of
// the Recommendation's means sha256.
func Sign(method, secret string, body []byte) string {
	sum, ok := methods[method]
	if !ok {
		method, sum = "sha256", sha256.New
	}
	mac := hmac.New(sum, []byte(secret))
	_, _ = mac.Write(body) // a hash takes everything
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}
