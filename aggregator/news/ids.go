package news

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
)

// A Slug names a source or a channel in the config and in URLs: lower-case
// ASCII letters, digits and single hyphens between them, at most 64 bytes.
type Slug string

// ParseSlug checks s against the form of a [Slug].
func ParseSlug(s string) (Slug, error) {
	switch {
	case s == "":
		return "", errors.New("a slug is missing")
	case len(s) > 64:
		return "", fmt.Errorf("slug %q is longer than 64 characters", s)
	case strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return "", fmt.Errorf("slug %q may hold only a-z, 0-9 and hyphens", s)
	case strings.HasPrefix(s, "-"), strings.HasSuffix(s, "-"), strings.Contains(s, "--"):
		return "", fmt.Errorf("slug %q has a hyphen at an end or two in a row", s)
	}
	return Slug(s), nil
}

// A Key is the stable name of an article in our URLs and ids: 16 characters of
// lower-case base32. It never changes and is never given to another article.
type Key string

// keyEncoding leaves out nothing that a person could not type or a file name
// could not hold.
var keyEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewKey derives the key of the article that source knows as originalID. The
// source is part of it, so no source can overwrite another's article; nothing
// else is, so a database rebuilt from its sources has the same keys.
func NewKey(source Slug, originalID string) Key {
	sum := sha256.Sum256([]byte(string(source) + "\x00" + originalID))
	return Key(keyEncoding.EncodeToString(sum[:10]))
}

// A Revision is the growing number that every visible change takes. It is the
// only clock between the aggregator and the publisher. Zero is before all
// changes.
type Revision int64
