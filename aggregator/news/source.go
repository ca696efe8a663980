package news

import "time"

// A Source is a feed, or a listing of another kind, that we pull.
type Source struct {
	Slug         Slug
	Name         string // as readers see it
	URL          string // what is fetched
	Kind         Kind
	HomePage     string         // of the outlet; empty when unknown
	TimeZone     *time.Location // of dates that carry none; nil means UTC
	Language     string         // BCP 47, of text that does not say; empty when unknown
	Schedule     string         // cron spec or "@every 10m"; empty means adaptive
	Pace         Pace           // empty means as the feed wishes
	Paused       bool           // kept, but not pulled
	Aliases      []string       // other names of the same outlet
	Categories   []string       // added to every article
	Follow       bool           // read each article's page for credits and full text
	Republish    Republish
	WithdrawGone bool // an article whose own page is gone for good is withdrawn
	Rights       string
	Weight       float64 // in ranked channels; 1 is usual
	Push         bool    // be pushed by its hub, where it names one
	Byline       BylineRules
	Page         PageHints
	List         ListHints // of a listing page
	JSON         JSONPaths // of a JSON listing
}

// BylineRules are what an operator teaches about the bylines of a source. The
// zero value is house style and nothing else.
type BylineRules struct {
	AsPrinted bool              // names keep their capitals
	Ignore    []string          // names and lines that are nobody's
	Alias     map[string]string // a name as printed, and whom to credit
}

// Teaches reports that there are names to ignore or to credit otherwise.
func (r BylineRules) Teaches() bool { return len(r.Ignore)+len(r.Alias) > 0 }

// PageHints say where a source's article pages keep what is read from them, as
// CSS selectors; the zero value leaves all to be found.
type PageHints struct {
	Body   string
	Remove []string // from the body
	Byline string
	Date   string
	Title  string
}

// ListHints say where a listing page keeps what is read from it, as CSS
// selectors; Items leads to what holds one article each, and all but Next lead
// from there. The zero value leaves all to be found.
type ListHints struct {
	Items   string
	Link    string
	Title   string
	Date    string
	Summary string
	Image   string
	Next    string // to the page on which the list goes on
}

// JSONPaths say where a JSON listing keeps what is read from it, as names
// between dots: Items from the root, the others from an item.
type JSONPaths struct {
	Items      string
	ID         string
	Link       string
	Title      string
	Summary    string
	Content    string
	Date       string
	Modified   string
	Authors    string
	Categories string
	Image      string
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
	KindFeed    Kind = "feed"    // RSS, Atom or JSON Feed
	KindPage    Kind = "page"    // a listing page
	KindJSON    Kind = "json"    // a JSON listing
	KindSitemap Kind = "sitemap" // a sitemap, or an index of sitemaps
)

// A Pace says whose wish decides how long a source is left in peace.
type Pace string

const (
	PaceFeed     Pace = "feed"     // the schedule's, lengthened by what the feed and its server ask for
	PaceSchedule Pace = "schedule" // the schedule's alone
)

// Republish says how much of a source's articles may leave the house.
type Republish string

const (
	RepublishFull     Republish = "full"     // title, summary and text
	RepublishExcerpt  Republish = "excerpt"  // title and summary
	RepublishHeadline Republish = "headline" // title only
)

// An Origin is what is known of a source whose articles stand: how the config has
// it, or had it last, as far as readers see it, and what its feed says of itself.
type Origin struct {
	Source
	Feed Feed
}

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
	Drifts    int           `json:",omitempty"` // of those, answers in a row whose ETag was another nevertheless
	Because   Cause         `json:",omitempty"` // why it is due when it is
	Sightings []Sighting    `json:",omitempty"` // of its newest articles, newest last: they tell whether its zone is right
	SightedIn string        `json:",omitempty"` // the zone that their dates were read in
	MonthDay  bool          `json:",omitempty"` // its dates have shown that 11/10 is 10 November
	DayMonth  bool          `json:",omitempty"` // or 11 October
	Torn      uint64        `json:",omitempty"` // hash of how its last document broke off; 0 when it was whole
}

// A Sighting compares the date of an article with when it was first seen.
type Sighting struct {
	Lag    int  `json:"l"`           // minutes from its date until it was seen; below 0 for a date ahead
	Gap    int  `json:"g"`           // minutes between the pull that saw it and the one before
	Stated bool `json:"s,omitempty"` // the date carries its own zone
	Offset int  `json:"o,omitempty"` // which is that many minutes east of UTC
}

// A Cause is what made a source be asked at another time than its schedule says;
// empty when nothing did.
type Cause string

const (
	CauseFeed    Cause = "feed"    // it asks for that (ttl, sy:updatePeriod)
	CauseServer  Cause = "server"  // it says that nothing changes before (Cache-Control, Expires)
	CauseAsleep  Cause = "asleep"  // the feed is not made at these hours (skipHours, skipDays)
	CauseFailure Cause = "failure" // each failure doubles the wait
	CauseRefusal Cause = "refusal" // its server named the moment (Retry-After)
	CauseOurs    Cause = "ours"    // we could not ask it, by no fault of its own
)

// A Move is a permanent redirect that pulls have met.
type Move struct {
	To    string
	Since time.Time
	Pulls int       // that met it
	Done  time.Time `json:",omitzero"` // when it was believed
}

// A Call asks for sources that are due.
type Call struct {
	Now      time.Time
	Lease    time.Duration // claims that are not finished by then are void
	Gap      time.Duration // between two pulls of one host
	Most     int           // sources, of which
	Doubtful int           // may be such that did not answer well the last time
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
	Proven     bool        // its last pull was good
	Reading    string      // fingerprint of the settings by which its items are read
	Manners    Manners
	Health     Health
	Push       Push
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
	Reading    string    // of the Due; a source whose settings have changed since takes no result
	At         time.Time // when the answer came
	Took       time.Duration
	Outcome    Outcome
	Fault      string // in words for an operator; empty unless failed
	Spared     bool   // it failed by our own fault, which is not counted against the source
	Warnings   []string
	Validators Validators // kept as they were when the pull failed
	ItemHashes []uint64
	NextDue    time.Time
	Rest       time.Time // due then instead, if all that is new had been pushed; zero where push is not relied on
	Manners    Manners   // kept as they were when nothing new was said
	Gone       bool      // it says that it will not come back, and is not asked again
	Feed       *Feed     // nil when nothing was parsed
	Doubled    int       // items of the document that had the id of another and were the same story
	Articles   []Article // normalized; those that did not change are welcome

	// Reread tells that all items were read anew, since the config has changed how
	// they are: what differs in them besides their words is no update.
	Reread bool

	// Standing names the items of the document that were not read, for they were
	// known already. It is called inside the transaction, where an article seems to
	// stand under another key. Nil when all were read.
	Standing func() []Key

	Offer *Offer // of being pushed, where it is not the one that is known; nil otherwise

	// Of content that was pushed, only its articles and hashes are stored, and
	// NextDue only where the source is still due when it was Marked to be.
	Pushed bool
	Marked time.Time

	// Place names the channels that take an article. It is called inside the
	// transaction, once for each article that is new or changed.
	Place func(*Article) []Placement

	// Merge makes an article of what its feed and its page say, where the pages of
	// new articles are to be read; nil where they are not. It is called inside the
	// transaction, for each article whose page has been read.
	Merge func(feed Article, page Page) Article

	// Again is when the page of an article is to be read again that its feed corrects.
	// It is there where Merge is.
	Again func(published, read time.Time) time.Time

	// Examine says how the source is after the pull. It is called once inside the
	// transaction, with the articles that were new and how many others came under
	// another id than before. Nil when all is as it was.
	Examine func(fresh []*Article, renamed int) Health
}

// Saved says what a pull changed in the store.
type Saved struct {
	New, Changed int
	Revision     Revision // the newest one taken; 0 when nothing visible changed
}
