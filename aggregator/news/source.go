package news

import "time"

// A Source is a feed or a listing page that we pull.
type Source struct {
	Slug       Slug
	Name       string // as readers see it
	URL        string // what is fetched
	Kind       Kind
	HomePage   string         // of the outlet; empty when unknown
	TimeZone   *time.Location // of dates that carry none; nil means UTC
	Language   string         // BCP 47, of text that does not say; empty when unknown
	Schedule   string         // cron spec or "@every 10m"; empty means adaptive
	Paused     bool           // kept, but not pulled
	Aliases    []string       // other names of the same outlet
	Categories []string       // added to every article
	Follow     bool           // read each article's page for credits and full text
	Republish  Republish
	Rights     string
	Weight     float64 // in ranked channels; 1 is usual
	Page       PageHints
}

// PageHints say where a source's article pages keep what is read from them, as
// CSS selectors; the zero value leaves all to be found.
type PageHints struct {
	Body   string
	Remove []string // from the body
	Byline string
	Date   string
	Title  string
}

// Zone is the time zone of the source's dates that carry none, never nil.
func (s Source) Zone() *time.Location {
	if s.TimeZone == nil {
		return time.UTC
	}
	return s.TimeZone
}

// A Kind says what a source's address leads to.
type Kind string

const (
	KindFeed Kind = "feed" // RSS, Atom or JSON Feed
	KindPage Kind = "page" // a listing page
)

// Republish says how much of a source's articles may leave the house.
type Republish string

const (
	RepublishFull     Republish = "full"     // title, summary and text
	RepublishExcerpt  Republish = "excerpt"  // title and summary
	RepublishHeadline Republish = "headline" // title only
)

// A Feed is what a source's feed says of itself, kept for crediting it.
type Feed struct {
	ID       string // atom:id, character for character; empty when it has none
	Title    string
	HomePage string
	Language string
	Rights   string
	Image    string
}

// Validators are what a server gave us to ask again cheaply. They are opaque
// (RFC 9110 §8.8) and sent back unread.
type Validators struct {
	ETag         string
	LastModified string
	BodyHash     uint64 // of the bytes last parsed; 0 when there are none
}

// Manners are what a source has asked of those who pull it, and how its
// answers behave, remembered from pull to pull. The zero value is a source
// that asks for nothing.
type Manners struct {
	Every     time.Duration `json:",omitempty"` // no more often, says the feed (ttl, sy:updatePeriod)
	SkipHours uint32        `json:",omitempty"` // bit n: not between n and n+1 o'clock UTC (RSS 2.0 skipHours)
	SkipDays  uint8         `json:",omitempty"` // bit n: not on that time.Weekday, UTC (RSS 2.0 skipDays)
	Address   string        `json:",omitempty"` // where it has moved for good; empty: still where the config says
	Moving    Move          `json:",omitzero"`  // a permanent redirect that has yet to prove itself
	Moves     []Move        `json:",omitempty"` // those that have, oldest first
	Misses    int           `json:",omitempty"` // answers in a row that were the same bytes again although we had asked for changes
}

// A Move is a permanent redirect that pulls have met.
type Move struct {
	To    string
	Since time.Time
	Pulls int // that met it
}

// A Due is a source that the store has claimed for one pull, with what is
// remembered of earlier pulls.
type Due struct {
	Slug       Slug
	Validators Validators
	ItemHashes []uint64    // raw items of the last document; nil when unknown
	Failures   int         // pulls that failed since the last good one
	Recent     []time.Time // publication times of its newest articles, newest first: its rhythm
	LastPull   time.Time   // zero before the first
	DueAt      time.Time   // when it was to be pulled
	Manners    Manners
}

// An Outcome says how a pull ended.
type Outcome string

const (
	OutcomeChanged   Outcome = "changed"   // new bytes were parsed
	OutcomeUnchanged Outcome = "unchanged" // 304, or the same bytes again
	OutcomeFailed    Outcome = "failed"
)

// A Pull is the result of one attempt on a source, as the store keeps it.
type Pull struct {
	Source     Slug
	At         time.Time // when the answer came
	Took       time.Duration
	Outcome    Outcome
	Fault      string // in words for an operator; empty unless failed
	Warnings   []string
	Validators Validators // kept as they were when the pull failed
	ItemHashes []uint64
	NextDue    time.Time
	Manners    Manners   // kept as they were when nothing new was said
	Gone       bool      // it says that it will not come back, and is not asked again
	Feed       *Feed     // nil when nothing was parsed
	Articles   []Article // normalized; those that did not change are welcome

	// Place names the channels that take an article. It is called inside the
	// transaction, once for each article that is new or changed.
	Place func(*Article) []Placement
}

// Saved says what a pull changed in the store.
type Saved struct {
	New, Changed int
	Revision     Revision // the newest one taken; 0 when nothing visible changed
}
