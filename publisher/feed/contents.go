package feed

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"time"

	"copydesk/aggregator/news"
	"copydesk/publisher/edition"
)

// Contents are what stands in a document, in whatever order and format: the stamp of
// each entry and of each tombstone, in ascending order. A stamp is of all that the
// bytes are made of, so that the same entry has the same one on any node and after any
// restart, and one that has changed in any way has another.
type Contents []uint64

func contentsOf(pieces []piece, gone []tombstone) Contents {
	c := make(Contents, 0, len(pieces)+len(gone))
	for _, p := range pieces {
		c = append(c, p.stamp)
	}
	for _, t := range gone {
		c = append(c, t.stamp())
	}
	slices.Sort(c)
	return slices.Compact(c)
}

// ReadContents reads what [Contents.Bytes] wrote.
func ReadContents(b []byte) (Contents, error) {
	c := make(Contents, len(b)/8)
	if _, err := binary.Decode(b, binary.BigEndian, c); err != nil || len(b)%8 != 0 || !slices.IsSorted(c) {
		return nil, fmt.Errorf("%d bytes are no contents of a document", len(b))
	}
	return c, nil
}

// Bytes are the contents to be stored.
func (c Contents) Bytes() []byte {
	b := make([]byte, 0, 8*len(c))
	for _, stamp := range c {
		b = binary.BigEndian.AppendUint64(b, stamp)
	}
	return b
}

// Name is short, and no other contents have it.
func (c Contents) Name() string { return strconv.FormatUint(digest(c.Bytes()), 36) }

func (c Contents) hold(stamp uint64) bool {
	_, ok := slices.BinarySearch(c, stamp)
	return ok
}

// stampOf is of all that an entry's bytes are made of, in any format: the article
// at its revision, as far as its rights and the size of the document let it out,
// and what stands around it. Where the text is shortened its length tells so.
func stampOf(e *edition.Edition, a *news.Article, id string, updated time.Time) uint64 {
	src := source(e, a)
	b := make([]byte, 0, 1024)
	for _, s := range []string{
		string(a.Key), id, src.Name, src.URL, src.HomePage, src.Rights, string(src.Republish), src.Feed.ID, src.Feed.Title, src.Feed.HomePage, src.Feed.Rights,
		e.House.URL, e.House.Authority, a.Title, a.Summary,
	} {
		b = append(append(b, s...), 0)
	}
	for _, n := range []int64{int64(a.Revision), updated.UnixMicro(), a.Updated.UnixMicro(), int64(len(a.ContentHTML))} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return digest(b)
}

// stamp is of all that a tombstone says.
func (t *tombstone) stamp() uint64 {
	return digest([]byte("gone\x00" + t.ref + "\x00" + t.when + "\x00" + t.reason))
}

// digest is short enough to be kept by the thousand, and too long for whoever writes
// articles to make one that has the digest of another's.
func digest(b []byte) uint64 {
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:])
}
