package news

import (
	"slices"
	"time"
)

// ArchivePage is how many places of a channel's archive one document has. The
// addresses of all archives count in it, so it never changes.
const ArchivePage = 50

// An ArchiveAddress is that of one document of a channel's archive.
type ArchiveAddress struct {
	Channel Slug
	Page    int    // from 1
	Format  string // "rss", "atom" or "json"
	Base    string // public base of its links: under another it is another document
}

// An ArchiveDocument is what stands at an address for ever, but for what must
// leave it.
type ArchiveDocument struct {
	ArchiveAddress
	Body     []byte             // compressed, as whoever printed it did; nil where it is to be printed, or printed anew
	Modified time.Time          // in whole seconds; of one that is to be printed anew that of the one before, zero where there was none
	Shown    map[Slug]Republish // how much it shows of each of its sources at most
}

// An Edition is what the log of a shelf's editions keeps of one.
type Edition struct {
	Name     string
	Revision Revision // at which it was printed
	Contents []byte   // what stood in it, as whoever printed it wrote that down
	Shows    string   // how much of the shelf, and in which order: another after an edit of that
	Told     []Told   // of its articles, what may not have been told before; nil on a shelf that tells nobody
}

// A Told is what a shelf has told of an article: that it is there, as it was updated
// last. It is news to whoever has heard all up to an earlier revision.
type Told struct {
	Article  Key
	Updated  time.Time
	Revision Revision // since which it is news, when it was first told so
	Stood    Revision // since which it stands on the shelf so: earlier than it is news where an order has brought it up
	First    Revision // since which it stood there when it was told for the first time
}

// Within reports that r lets nothing leave the house that other keeps in.
func (r Republish) Within(other Republish) bool {
	order := []Republish{RepublishHeadline, RepublishExcerpt, RepublishFull}
	return slices.Index(order, r) <= slices.Index(order, other)
}
