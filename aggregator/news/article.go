package news

import (
	"crypto/sha256"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// An Article is what we stand behind: normalized, clean, with a stable key.
// Text fields are plain text in NFC without control characters; addresses are
// absolute; times are UTC.
type Article struct {
	Key        Key
	ID         string // what feeds publish as its id; minted by the store, never changes
	Source     Slug
	OriginalID string // the item's own id, character for character, or its link; empty when it came with neither

	// Finer are the keys of an item without an id where another article stands under
	// its Key, the least fine first: of its link and title, where that is of its link.
	Finer []Key `json:"-"`

	// Item is which one it is of the document that it was read in, from 0.
	Item int `json:"-"`

	// Torn tells of an item that its document breaks off in. It may be new, but changes
	// nothing that stands.
	Torn bool `json:"-"`

	URL         string // canonical; empty when the item has none
	OriginalURL string // as the source gave it, resolved
	Title       string // empty when the item has none
	Summary     string // plain text
	ContentHTML string // clean (normalize/html.go); empty when the item has only a summary
	Words       int    // of the content; CJK characters count as one each
	Language    string // BCP 47 with an ISO 639 primary tag; empty when unknown

	Byline     Byline
	Credit     Credit
	Dateline   Dateline
	Section    string
	Breadcrumb []string
	Categories []string
	Rights     string

	Image       *Image
	Attachments []Attachment

	Published Moment    // fixed once stored
	Modified  Moment    // what the source says; zero when it says nothing
	FirstSeen time.Time // when we first saw it
	Updated   time.Time // moves only for a substantive change; ≥ Published.At
	Revision  Revision  // of its last visible change
	Changed   time.Time `json:",omitzero"` // when that was; zero of one that was stored before it was noted
	Withdrawn bool      // gone, with a tombstone in its place

	Withdrawal Withdrawal `json:",omitzero"` // zero while it stands

	Witnesses Witnesses `json:",omitempty"` // for explaining: no part of what it says
}

// A Withdrawal is why an article was taken back.
type Withdrawal struct {
	At     time.Time
	Reason string // as readers are told
	By     string // who took it back: a person, or what its source answered
}

// A Version is an article as it stood until another version took its place.
type Version struct {
	Article
	Replaced time.Time // zero of the one that stands
}

// A Moment is a point in time with how we know it.
type Moment struct {
	At        time.Time // UTC; zero when unknown
	Basis     Basis     // empty when At is zero
	Precision Precision `json:",omitempty"` // empty when first seen
	Raw       string    // the text it came from; when first seen, what could not be read as a date
}

// Printed reports a moment whose day its source has printed: it was not counted from
// when it was read.
func (m Moment) Printed() bool {
	return m.Basis == Explicit || m.Basis == AssumedZone || m.Basis == DateOnly
}

// A Precision says how exactly a Moment is known. What is finer is zero.
type Precision string

const (
	Second Precision = "second"
	Minute Precision = "minute"
	Day    Precision = "day"
	Month  Precision = "month"
	Year   Precision = "year"
)

// Finer reports that p is more exact than other.
func (p Precision) Finer(other Precision) bool {
	grades := []Precision{Second, Minute, Day, Month, Year}
	return slices.Index(grades, p) < slices.Index(grades, other)
}

// A Basis says how a Moment became a point in time (rulings.md 15).
type Basis string

const (
	Explicit    Basis = "explicit"     // zone or offset known from the text, or an epoch
	AssumedZone Basis = "assumed_zone" // local time read in the source's zone
	DateOnly    Basis = "date_only"    // no time of day
	Inferred    Basis = "inferred"     // counted from the fetch, or the year was
	FirstSeen   Basis = "first_seen"   // no date at all: when we first saw it
)

// A Byline is who made an article. People keeps the printed order; Printed is
// the line as the source showed it, empty where there was none.
type Byline struct {
	People  []Person
	Printed string
}

// A Person is someone, or a body (Organization true), credited with one role.
type Person struct {
	Name         string
	Role         Role
	Organization bool   // a desk, agency or company rather than a person
	Affiliation  string // the body or beat printed with the name
	Email        string
	URL          string
}

// A Role is what somebody did for an article.
type Role string

const (
	Author       Role = "author"
	Editor       Role = "editor"
	Photographer Role = "photographer"
	Illustrator  Role = "illustrator"
	Translator   Role = "translator"
	Contributor  Role = "contributor"
)

// With returns the people who hold role, in printed order.
func (b Byline) With(role Role) []Person {
	var out []Person
	for _, p := range b.People {
		if p.Role == role {
			out = append(out, p)
		}
	}
	return out
}

// A Credit is the origin of the copy: the agency or outlet named in it, apart
// from the source that carried it.
type Credit struct {
	Name string // as printed (rulings.md 8); empty when none is named
	URL  string
}

// A Dateline is the place and date that open agency copy.
type Dateline struct {
	Place string
	Date  string // as printed
}

// An Image is an article's main picture.
type Image struct {
	URL           string
	Alt           string
	Caption       string
	Credit        string
	Width, Height int // pixels; 0 when unknown
}

// An Attachment is a file that comes with an article.
type Attachment struct {
	URL      string
	MIMEType string
	Title    string
	Size     int64         // bytes; 0 when unknown
	Duration time.Duration // 0 when unknown
}

// Substance is a hash of what is read in an article: its words, its people, its
// credit, its pictures and files. What else changes is shown, but is no update: an
// address, a category, its language and rights, and of addresses in it the scheme, and
// what a signature, a width or a tracker adds to them (see [passing]).
func (a *Article) Substance() [16]byte {
	b := make([]byte, 0, len(a.ContentHTML)+len(a.Summary)+1024)
	for _, text := range []string{a.Title, a.Summary, unasked(a.ContentHTML)} {
		b = append(squeezed(b, text), 0)
	}
	b = field(b, a.Credit.Name)
	for _, p := range a.Byline.People {
		b = field(b, p.Name, string(p.Role))
	}
	if a.Image != nil {
		b = field(b, bare(a.Image.URL), a.Image.Caption, a.Image.Credit)
	}
	for _, at := range a.Attachments {
		b = field(b, bare(at.URL))
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

// passing are parameters of addresses that change while what is at the address stays:
// of signatures, of the size in which a picture is wanted, of trackers, and times.
var passing = regexp.MustCompile(`(?i)^(?:(?:w|h|width|height|size|resize|fit|crop|quality|format|fm|auto|dpr|token|sig|signature|expires?|exp|key-pair-id|policy|hdnts|x-(?:amz|goog)-[a-z-]+|utm_[a-z]+|fbclid|gclid)=.*|(?:q|t|ts|v|ver|_)=\d*)$`)

// lasting is a query without what passes, and without its question mark.
func lasting(query string) string {
	var out []string
	for part := range strings.SplitSeq(strings.ReplaceAll(query, "&amp;", "&"), "&") {
		if !passing.MatchString(part) {
			out = append(out, part)
		}
	}
	return strings.Join(out, "&")
}

// bare is an address without its scheme and what passes in its query.
func bare(address string) string {
	address, query, _ := strings.Cut(address, "?")
	return strings.Replace(address, "http://", "https://", 1) + "?" + lasting(query)
}

// unasked is HTML whose addresses are of one scheme and, in its tags, without what
// passes in their queries.
func unasked(html string) string {
	html = strings.ReplaceAll(html, "http://", "https://")
	var b strings.Builder
	for html != "" {
		text, rest, _ := strings.Cut(html, "<")
		tag, after, _ := strings.Cut(rest, ">")
		b.WriteString(text)
		b.WriteByte('<')
		for tag != "" {
			before, query, asked := strings.Cut(tag, "?")
			b.WriteString(before)
			if tag = ""; asked {
				end := strings.IndexAny(query, "\" ")
				if end < 0 {
					end = len(query)
				}
				b.WriteByte('?')
				b.WriteString(lasting(query[:end]))
				tag = query[end:]
			}
		}
		html = after
	}
	return b.String()
}

// Fingerprint is a hash of everything that is seen of an article. A moved date
// alone, or white space, is no change, and neither is anything that only we decide
// (key, revision, times of ours).
func (a *Article) Fingerprint() [16]byte {
	b := make([]byte, 0, len(a.ContentHTML)+len(a.Summary)+1024)
	for _, text := range []string{a.Title, a.Summary, a.ContentHTML} {
		b = append(squeezed(b, text), 0)
	}
	b = field(b, a.URL, a.Language, a.Credit.Name, a.Dateline.Place, a.Section, a.Rights)
	for _, p := range a.Byline.People {
		b = field(b, p.Name, string(p.Role), p.Affiliation, p.URL)
	}
	b = field(b, a.Categories...)
	if a.Image != nil {
		b = field(b, a.Image.URL, a.Image.Caption, a.Image.Credit)
	}
	for _, at := range a.Attachments {
		b = field(b, at.URL, at.MIMEType)
	}
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}

// squeezed appends text to b with each run of white space as one blank, and
// none around it. Text holds no zero byte, so one may follow it as its end.
func squeezed(b []byte, text string) []byte {
	blank := false
	start := len(b)
	for _, r := range text {
		if unicode.IsSpace(r) {
			blank = true
			continue
		}
		if blank && len(b) > start {
			b = append(b, ' ')
		}
		blank = false
		b = utf8.AppendRune(b, r)
	}
	return b
}

// field appends each part with its length before it, so that no two different
// articles give the same bytes.
func field(b []byte, parts ...string) []byte {
	b = binary.AppendUvarint(b, uint64(len(parts)))
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}
