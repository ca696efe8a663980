package parse

// A Feed is what a document says of itself, and its items in document order.
type Feed struct {
	Format      string // "rss", "atom" or "json"
	Version     string // "2.0", "1.0", "1.1", …
	ID          string // atom:id, character for character
	Title       Text
	Description Text
	HomePage    string // link rel=alternate, as written
	Self        string // link rel=self, as written
	Hubs        []string
	Language    string
	Rights      string
	Image       string
	Base        string // xml:base of the root, as written
	Authors     []Person
	Updated     []Date
	Pace        Pace
	Items       []Item
	Warnings    []string // what was repaired or skipped, in words for an operator

	// Torn is a hash of what stands behind the last item that ends, where the document
	// breaks off; 0 where it is whole. One that is written so has it again and again.
	Torn uint64
}

// A Pace is what a feed says of how often it wants to be pulled, as written.
type Pace struct {
	TTL             string   // minutes (RSS 2.0)
	SkipHours       []string // of the day, UTC (RSS 2.0)
	SkipDays        []string // in English (RSS 2.0)
	UpdatePeriod    string   // hourly, daily, weekly, monthly or yearly (RSS 1.0 syndication module)
	UpdateFrequency string   // times in a period
}

// An Item is what was seen of one article, in a feed or on its page.
type Item struct {
	ID           string // guid, atom:id or rdf:about, character for character
	IDIsLink     bool   // a guid that is a permalink
	Link         string // as written, not resolved
	Reader       string // where a service that counts readers leads, which stood in Link's place
	External     string // what an item that points elsewhere is about, beside its own link if it has one (JSON Feed)
	Base         string // xml:base in force, as written
	Title        Text
	Summary      Text
	Content      Text
	People       []Person // authors, contributors and credits, in document order
	Dates        []Date   // in document order
	Categories   []string
	Language     string
	Rights       string
	Origin       Origin // atom:source, RSS <source>, dc:source, dc:publisher
	Image        string // media:thumbnail, itunes:image, JSON image, og:image
	imageWidth   int    // of Image in pixels; 0 when unknown. The widest of several is taken
	ImageCaption string
	ImageCredit  string
	Enclosures   []Enclosure
	Fields       Fields
	Torn         bool `json:",omitempty"` // the document breaks off in it: of what it says the end is missing

	// What only an article page shows.
	CreditLines []string // "Source: … | 2022-11-10 10:46:16 | Author: …", "Editor: …", in page order
	Breadcrumb  []string
	Section     string
	Canonical   string
	Next        string  // the page that the article goes on at; empty on its last
	Claims      []Claim // what the page's witnesses say, for explaining
	Barrier     Barrier // what keeps the page from showing it; empty when nothing does
	BarrierSign string  // what tells of that
}

// Fields are the elements that facts of an item stood in, by the names that they
// usually have; empty where nobody noted it.
type Fields struct {
	Language string // "xml:lang", "dc:language", …
	Rights   string
	Section  string
	Image    string
}

// A Barrier is why a page does not show its article, or not all of it.
type Barrier string

const (
	Paywall     Barrier = "paywall"   // its text is not free to read
	ConsentWall Barrier = "consent"   // readers must agree to be watched first
	NotFound    Barrier = "not found" // there is no such article, though the server says 200
	Listing     Barrier = "listing"   // it lists articles and is none itself
)

// A Claim is what one witness on a page says of one field. Of each field the
// claims stand in the order in which they are believed.
type Claim struct {
	Field   string // "title", "author", "published", "content", …
	Witness string // "json-ld", "meta og:title", "heading", …
	Value   string // as written, cut short where it is long
	Won     bool
	Rule    string // why it won; empty where it did not
}

// A Text is a text construct: RFC 4287 §3.1, and the same idea in RSS and JSON.
type Text struct {
	Body string
	Type TextType
	Lang string // xml:lang in force; empty when none
	Base string // xml:base of its own element, as written

	Field string // the element it stood in: "title", "content:encoded", …; empty where nobody noted it
}

// A TextType says what the body of a Text is.
type TextType string

const (
	Unstated TextType = ""     // RSS: HTML or plain text, nobody said
	Plain    TextType = "text" // no markup
	HTML     TextType = "html" // markup, unescaped once: ready for an HTML parser
)

// A Person is a name as written, with the field it stood in.
type Person struct {
	Name  string // may hold several people, roles, addresses: normalize takes it apart
	Email string
	URL   string
	Field string // "author", "dc:creator", "contributor", "media:credit", "itunes:author", "managingEditor", "byline", …
	Role  string // where the field states one: media:credit's role attribute
}

// InfoLine is the field of a line above a page's text that may name nobody.
const InfoLine = "info line"

// A Date is a date as written, with the field it stood in.
type Date struct {
	Raw   string
	Field string // "pubDate", "published", "updated", "dc:date", "dcterms:modified", "a10:updated", "json:date_published", …
}

// Unlabelled is the field of a date without a word for what it is of that stands where
// pages show the day of the visit, too: at their top, or below the text.
const Unlabelled = "unlabelled"

// Modified reports whether the field says when an item was changed rather than
// when it appeared.
func (d Date) Modified() bool {
	switch d.Field {
	case "updated", "modified", "a10:updated", "dcterms:modified", "json:date_modified", "article:modified_time", "dateModified":
		return true
	}
	return false
}

// An Origin is where an item says that it comes from.
type Origin struct {
	Name string
	URL  string // of its feed or home page, as written
	ID   string // atom:source's id

	Field string // the element that Name stood in: "dc:source", "source", …
}

// An Enclosure is a file that comes with an item.
type Enclosure struct {
	URL      string
	Type     string
	Title    string
	Credit   string
	Length   string // bytes, as written
	Duration string // seconds or h:mm:ss, as written
}
