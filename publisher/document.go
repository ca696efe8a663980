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
	plain       coded
	coded       [len(codings)]func() coded
}

// A coded is a document in one content coding, with a strong ETag of its own
// (RFC 9110 §8.8.3.3).
type coded struct {
	body     []byte
	etag     string
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
	tag := hex.EncodeToString(sum[:12])
	d := &document{contentType: contentType, modified: modified.UTC().Truncate(time.Second), plain: coded{body: body, etag: `"` + tag + `"`}}
	for i, c := range codings {
		d.coded[i] = sync.OnceValue(func() coded {
			return coded{body: c.compress(body), etag: `"` + tag + "-" + c.name + `"`, encoding: c.name}
		})
	}
	return d
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
