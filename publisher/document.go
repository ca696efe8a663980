package publisher

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A document is one printed thing, with the codings it is sent in. Each is
// made at most once, when it is first asked for: many channels are never asked
// for in some of them. Header values are made once too, and only read after.
type document struct {
	body         []byte // nil of a document that has left memory
	sum          string // of the body; every tag begins with it
	edition      string // follows it in the tags of a feed; see deltas
	modified     time.Time
	come         *atomic.Bool // modified has been told
	contentType  []string
	lastModified []string
	link         []string // nil when the document has no address to name
	deltas       *deltas  // of a feed; nil of all else
	forms        [len(codings) + 1]form

	// shown is this document as a browser is to show it; nil when there is no
	// difference.
	shown *document
}

// A form is a document in one content coding.
type form struct {
	tag     []string     // its strong ETag
	former  string       // how it was tagged before a proxy's mark could be told from ours
	printed func() coded // makes it, once
	read    *atomic.Bool // somebody has asked for it
}

// A coded is what is sent.
type coded struct {
	body     []byte
	length   []string
	encoding []string // nil for identity
}

// codings in the order of our preference. The last form of a document is that
// without any.
var codings = [...]struct {
	name     string
	compress func([]byte) []byte
}{
	{"br", brotlied},
	{"zstd", zstded},
	{"gzip", gzipped},
}

const identity = len(codings)

func newDocument(contentType string, body []byte, modified time.Time) *document {
	d := &document{body: body, sum: sumOf(body), come: new(atomic.Bool), contentType: []string{contentType}}
	for i, c := range codings {
		d.forms[i] = form{read: new(atomic.Bool), printed: sync.OnceValue(func() coded { return codedAs(c.compress(body), c.name) })}
	}
	whole := codedAs(body, "")
	d.forms[identity] = form{read: new(atomic.Bool), printed: func() coded { return whole }}
	d.name("")
	return d.asOf(modified)
}

// asOf is the same document, since a time.
func (d *document) asOf(modified time.Time) *document {
	modified = modified.UTC().Truncate(time.Second)
	if d.modified.Equal(modified) {
		return d
	}
	other := *d
	other.modified, other.lastModified, other.come = modified, nil, new(atomic.Bool)
	if modified.Unix() > 0 {
		other.lastModified = []string{modified.Format(http.TimeFormat)}
	}
	if d.shown != nil {
		other.shown = d.shown.asOf(modified)
	}
	return &other
}

// dated is the Last-Modified of an answer, given by whoever looked for changes at
// a time: nil before the document's own has come by then, for what he has not seen
// may take it over, and a time to come is none (RFC 9110 §8.8.2.1).
func (d *document) dated(looked func() time.Time) []string {
	if !d.come.Load() {
		if looked().Before(d.modified) {
			return nil
		}
		d.come.Store(true)
	}
	return d.lastModified
}

// told is the latest Last-Modified that anybody can have been given of this document
// or those before.
func (d *document) told(looked time.Time) time.Time {
	if !d.come.Load() && looked.Before(d.modified) {
		return looked
	}
	return d.modified
}

// sumLength is how long a sum is.
const sumLength = 24

func sumOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:sumLength/2])
}

func codedAs(body []byte, encoding string) coded {
	c := coded{body: body, length: []string{strconv.Itoa(len(body))}}
	if encoding != "" {
		c.encoding = []string{encoding}
	}
	return c
}

// name gives each form a tag of its own (RFC 9110 §8.8.3.3). A coding of ours is
// marked with a plus, since proxies that compress put a hyphen before theirs.
func (d *document) name(variant string) {
	bare := `"` + d.sum + d.edition + variant
	for i, c := range codings {
		d.forms[i].tag, d.forms[i].former = []string{bare + "+" + c.name + `"`}, bare+"-"+c.name+`"`
	}
	d.forms[identity].tag, d.forms[identity].former = []string{bare + `"`}, bare+`"`
}

// as is the same document under another content type, with tags of its own:
// a cache that holds both must be able to tell which one is still good.
func (d *document) as(contentType, variant string) *document {
	other := *d
	other.contentType = []string{contentType}
	other.name(variant)
	return &other
}

// in is the document in a coding.
func (d *document) in(coding int) coded {
	f := &d.forms[coding]
	if !f.read.Load() { // written once, so that readers do not fight for its cache line
		f.read.Store(true)
	}
	return f.printed()
}

// prepare makes the codings in which readers took the document before this
// one, so that none of them waits.
func (d *document) prepare(before *document) {
	for i := range d.forms {
		if read := before.forms[i].read; read != nil && read.Load() {
			d.forms[i].printed()
		}
	}
}

// with is a feed's document with its deltas, which put the name of its edition
// into its tags.
func (d *document) with(ds *deltas) *document {
	d.deltas, d.edition = ds, ds.edition()
	d.name("")
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

func unzstd(packed []byte) ([]byte, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return z.DecodeAll(packed, nil)
}
