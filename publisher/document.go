package publisher

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A document is one printed thing, with the codings it is sent in. Each is
// made at most once, when it is first asked for: many channels are never asked
// for in some of them.
type document struct {
	contentType string
	modified    time.Time
	body        []byte
	sum         string // of the body; every tag begins with it
	coded       [len(codings)]func() []byte
}

// A coded is a document in one content coding.
type coded struct {
	body     []byte
	encoding string // empty for identity
}

// codings in the order of our preference.
var codings = [...]struct {
	name     string
	compress func([]byte) []byte
}{
	{"br", brotlied},
	{"zstd", zstded},
	{"gzip", gzipped},
}

func newDocument(contentType string, body []byte, modified time.Time) *document {
	sum := sha256.Sum256(body)
	d := &document{contentType: contentType, modified: modified.UTC().Truncate(time.Second), body: body, sum: hex.EncodeToString(sum[:12])}
	for i, c := range codings {
		d.coded[i] = sync.OnceValue(func() []byte { return c.compress(body) })
	}
	return d
}

// as is the same document under another content type.
func (d *document) as(contentType string) *document {
	other := *d
	other.contentType = contentType
	return &other
}

// tag is the strong ETag of the document in a coding: each has its own
// (RFC 9110 §8.8.3.3).
func (d *document) tag(choice int) string {
	if choice == identity {
		return `"` + d.sum + `"`
	}
	return `"` + d.sum + "-" + codings[choice].name + `"`
}

// in is the document in a coding.
func (d *document) in(choice int) coded {
	if choice == identity {
		return coded{body: d.body}
	}
	return coded{body: d.coded[choice](), encoding: codings[choice].name}
}

func gzipped(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, 6)
	if err != nil {
		panic(err) // the level is ours
	}
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func brotlied(body []byte) []byte {
	var b bytes.Buffer
	z := brotli.NewWriterLevel(&b, 5)
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Bytes()
}

func zstded(body []byte) []byte {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		panic(err) // the options are ours
	}
	defer z.Close()
	return z.EncodeAll(body, nil)
}
